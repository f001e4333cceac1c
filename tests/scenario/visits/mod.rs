//! Somebody is asked for, found, comes and is thanked: a story for each way of finding somebody.

mod asked_in_turn;
mod cleaner;
mod declining;
mod errand;
mod lift;
mod nobody;
mod patrol;
mod plumber;
mod postponed;
mod volunteer;

use linli_domain::id::OrderId;
use linli_domain::time::Span;
use serde_json::{Value, json};

use super::on_the_way::Job;
use crate::harness::{Client, World};

impl World {
    /// Somebody of the demo by their phone, without the way through a login code.
    async fn as_phone(&self, phone: &str) -> Client {
        self.client_of(&self.staff(phone).await).await
    }
}

/// Whether an order is among the visits a desk lists.
async fn listed(desk: &Client, scope: &str, order: OrderId) -> bool {
    let list = desk.get(&format!("/api/desk/visits?scope={scope}")).await.ok();
    let order = order.to_string();
    list["items"].as_array().unwrap().iter().any(|one| one["job"]["order_id"] == order.as_str())
}

/// Whether a job hangs on somebody's board.
async fn on_board(worker: &Client, order: OrderId) -> bool {
    let board = worker.get("/api/work/board").await.ok();
    let order = order.to_string();
    board["items"].as_array().unwrap().iter().any(|one| one["order_id"] == order.as_str())
}

/// Accepts the offer of an order.
async fn accept(worker: &Client, order: OrderId) -> Value {
    let offer = worker.offer_of(order).await.unwrap_or_else(|| panic!("an offer of {order}"));
    worker.post(&format!("/api/work/offers/{}/accept", offer["id"].as_str().unwrap()), json!({})).await.ok()
}

/// Declines the offer of an order, with these words or none.
async fn decline(worker: &Client, order: OrderId, reason: Option<&str>) {
    let offer = worker.offer_of(order).await.unwrap_or_else(|| panic!("an offer of {order}"));
    let said = reason.map_or_else(|| json!({}), |reason| json!({ "reason": reason }));
    worker.post(&format!("/api/work/offers/{}/decline", offer["id"].as_str().unwrap()), said).await.ok();
}

impl Job {
    /// Sets out, arrives, begins, works for some minutes and is done.
    async fn through(&self, world: &World, minutes: i64) {
        self.step("on-the-way", json!({})).await.ok();
        self.step("arrived", json!({})).await.ok();
        let begin = match self.seen().await["visit"]["code"].as_str() {
            Some(code) => json!({ "code": code }),
            None => json!({}),
        };
        self.step("start", begin).await.ok();
        world.advance(Span::minutes(minutes)).await;
        self.step("done", json!({})).await.ok();
    }

    /// The resident agrees that it is done.
    async fn agreed(&self) -> Value {
        let version = self.seen().await["version"].clone();
        self.resident.post(&format!("/api/orders/{}/agree", self.order), json!({ "version": version })).await.ok()
    }
}
