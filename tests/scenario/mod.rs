//! Stories: what happens to people, from beginning to end.

mod accepting;
mod announcements;
mod calendar;
mod cards;
mod care_file;
mod channels;
mod clinic;
mod day_care;
mod day_off;
mod desk;
mod family_doctor;
mod feedback;
mod finding;
mod guardian;
mod hazards;
mod imports;
mod ledger;
mod line;
mod off_the_map;
mod on_the_way;
mod on_their_word;
mod organisation;
mod overview;
mod platforms;
mod privacy;
mod programme;
mod reminders;
mod revisit;
mod rooms;
mod seats;
mod term;
mod troupe;
mod vaccination;
mod visits;
mod workers;

use linli_domain::id::OfferingId;
use linli_domain::phone::Phone;
use linli_domain::time::Instant;
use linli_edge::SmsTemplate;
use serde_json::{Value, json};

use crate::harness::{Client, World};

fn booking(offering: OfferingId, start: Instant, if_full: &str) -> Value {
    json!({ "offering_id": offering.to_string(), "start": start.to_string(), "if_full": if_full })
}

async fn book(client: &Client, offering: OfferingId, start: Instant) -> Value {
    client.post("/api/orders", booking(offering, start, "refuse")).await.ok()
}

async fn book_or_wait(client: &Client, offering: OfferingId, start: Instant) -> Value {
    client.post("/api/orders", booking(offering, start, "wait")).await.ok()
}

fn id(order: &Value) -> &str {
    order["id"].as_str().expect("an order has an id")
}

/// An order as its owner sees it now.
async fn look(client: &Client, order: &Value) -> Value {
    client.get(&format!("/api/orders/{}", id(order))).await.ok()
}

/// A step of an order as it stands now: `accept`, `cancel` …
async fn step(client: &Client, order: &Value, step: &str) -> Value {
    let version = look(client, order).await["version"].clone();
    client.post(&format!("/api/orders/{}/{step}", id(order)), json!({ "version": version })).await.ok()
}

/// A step at the desk of an order as it stands now: `check-in`, `done` …
async fn at_desk(desk: &Client, order: &Value, step: &str) -> Value {
    let version = look(desk, order).await["version"].clone();
    desk.post(&format!("/api/desk/orders/{}/{step}", id(order)), json!({ "version": version })).await.ok()
}

/// The topics of somebody's messages, newest first.
async fn inbox(client: &Client) -> Vec<String> {
    let items = client.get("/api/notices?limit=100").await.ok()["items"].clone();
    items.as_array().unwrap().iter().map(|notice| notice["topic"].as_str().unwrap().to_owned()).collect()
}

impl World {
    /// The names of the templates texted to a phone, oldest first; login codes are left out.
    fn texted(&self, phone: &Phone) -> Vec<String> {
        let to_them = self.sms.sent().into_iter().filter(|message| message.phone == *phone);
        to_them
            .filter_map(|message| match message.template {
                SmsTemplate::Notice(name) => Some(name),
                _ => None,
            })
            .collect()
    }
}
