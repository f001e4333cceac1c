//! A plumber by contract: the company is late, it climbs, the pipe is mended, it leaks again, and the clock never stood.

use linli_domain::id::OrderId;
use linli_domain::time::Span;
use serde_json::{Value, json};

use super::super::inbox;
use super::super::on_the_way::{Job, calls, paid};
use super::listed;
use crate::harness::books::{balance, count};
use crate::harness::people::{COMMUNITY, DISTRICT, LIN, STREET};
use crate::harness::{Client, World, on_both};

/// The desk of the property company, and who repairs for it.
const COMPANY: &str = "19900000017";
const PLUMBER: &str = "19900000027";
/// The desk of another company.
const SANITATION: &str = "19900000018";

/// How often somebody has heard that a deadline was missed.
async fn climbed(world: &World, phone: &str) -> usize {
    inbox(&world.as_phone(phone).await).await.iter().filter(|topic| *topic == "visit.climbed").count()
}

async fn minutes(world: &World, minutes: i64) {
    world.advance(Span::minutes(minutes)).await;
    world.work().await;
}

async fn send(desk: &Client, order: OrderId, name: &str) {
    let candidates = desk.get(&format!("/api/desk/visits/{order}/candidates")).await.ok();
    let is_who = |one: &&Value| one["worker"]["name"].as_str().unwrap().contains(name);
    let who = candidates["items"].as_array().unwrap().iter().find(is_who).unwrap_or_else(|| panic!("{candidates}"));
    let body = json!({ "worker_id": who["worker"]["id"] });
    desk.post(&format!("/api/desk/visits/{order}/assign"), body).await.ok();
}

on_both! {
    async fn a_burst_pipe_climbs_is_mended_and_opened_again(world) {
        let lin = world.as_phone(LIN).await;
        let north = world.compound("dahua_north").await;
        let wish = json!({
            "kind": "property.burst", "when": { "now": true }, "form": { "fault": "厨房水管爆了" },
            "address": { "compound_id": north.to_string(), "detail": "3-1-502" },
        });
        let responsible = lin.post("/api/visits/preview", wish.clone()).await.ok();
        assert!(responsible["responsible"].is_object(), "{responsible}");
        let start = world.app.now();
        let (order, made) = lin.asks(wish).await;
        let at = |minutes: i64| json!((start + Span::minutes(minutes)).to_string());
        let clock = |order: &Value| (order["visit"]["accept_by"].clone(), order["visit"]["arrive_by"].clone());
        assert_eq!((&made["visit"]["way"], clock(&made)), (&json!("contract"), (at(10), at(30))));
        world.work().await;
        assert_eq!(count(&world.app, "SELECT 1 FROM offers").await, 0);
        let (company, stranger) = (world.as_phone(COMPANY).await, world.as_phone(SANITATION).await);
        assert!(listed(&company, "open", order).await && !listed(&stranger, "open", order).await);

        // Ten minutes without a yes: company and community hear of it, and somebody is to call; the street ten later.
        minutes(world, 10).await;
        assert_eq!(climbed(world, COMMUNITY).await, 0, "to the minute it is in time");
        minutes(world, 1).await;
        assert_eq!((climbed(world, COMPANY).await, climbed(world, COMMUNITY).await, climbed(world, STREET).await), (1, 1, 0));
        assert!(calls(world, order).await.iter().any(|source| source.starts_with("climb/")));
        assert!(listed(&company, "late", order).await);
        minutes(world, 10).await;
        assert_eq!((climbed(world, STREET).await, climbed(world, DISTRICT).await), (1, 0));
        stranger.get(&format!("/api/desk/visits/{order}/candidates")).await.refused(404, "not_found");
        send(&company, order, "郑七").await;

        // He comes, in time for the second deadline, and mends it.
        let job = Job { resident: lin, worker: world.as_phone(PLUMBER).await, order };
        let own = job.worker.get(&format!("/api/work/jobs/{order}")).await.ok();
        assert_eq!((&own["arrive_by"], &own["address"]["detail"]), (&at(30), &json!("3-1-502")));
        job.through(world, 25).await;
        world.work().await;
        let before = job.events(world).await;
        assert_eq!(before, ["requested", "climbed", "climbed", "assigned", "on_the_way", "arrived", "started", "fulfilled"]);
        assert_eq!((climbed(world, STREET).await, climbed(world, DISTRICT).await), (1, 0), "somebody came: it climbs no further");

        // It leaks again. The same man has it, everything that was said stands, and the clock is that of the first call.
        let version = job.seen().await["version"].clone();
        let again = json!({ "version": version, "reason": "又漏水了" });
        job.resident.post(&format!("/api/orders/{order}/reopen"), again).await.ok();
        let seen = job.seen().await;
        assert_eq!((&seen["state"], &seen["visit"]["state"]), (&json!("reopened"), &json!("accepted")));
        assert!(seen["visit"]["worker"]["name"].as_str().unwrap().contains("郑七"));
        assert_eq!(clock(&seen), (at(10), at(30)), "its clock never stood still");
        let told = job.events(world).await;
        assert_eq!((&told[..before.len()], told.last().map(String::as_str)), (&before[..], Some("reopened")));
        // Half an hour since the first call is over, and nobody is there: that climbs by itself.
        minutes(world, 1).await;
        assert_eq!((climbed(world, COMMUNITY).await, climbed(world, STREET).await), (2, 1));
        assert!(listed(&company, "late", order).await);
        job.through(world, 20).await;
        world.work().await;
        assert_eq!(climbed(world, COMMUNITY).await, 2);
        assert_eq!((job.agreed().await["state"].as_str(), paid(world, order).await), (Some("closed"), 0));
        let done = job.events(world).await.iter().filter(|event| *event == "fulfilled").count();
        assert_eq!(done, 2, "both are on record");
        balance(&world.app).await;
    }
}
