//! Somebody says yes when they cannot have the job: each time the code that says why, and nothing has changed.

use linli_domain::id::OrderId;
use linli_domain::time::Span;
use serde_json::{Value, json};

use crate::harness::books::{balance, count, rows};
use crate::harness::crew::{DOOR, at_once};
use crate::harness::people::{HE, LIN};
use crate::harness::{Answer, Client, World, on_both};

const CLEANING: &str = "housekeeping.cleaning";

/// Somebody of one's own on duty, with the papers they need, while those of the demo are at home.
async fn on_duty(world: &World, kind: &str, papers: &[(&str, i32)]) -> Client {
    let (_, client, file) = world.worker(&[kind], papers).await;
    client.post("/api/work/duty", json!({ "duty": "on" })).await.ok();
    rows(&world.app, "UPDATE workers SET duty = 'off' WHERE name LIKE '%·%' RETURNING id").await;
    assert_eq!(file["state"], "verified");
    client
}

/// A request for a door near where those of a test start from.
fn request(kind: &str, when: Value) -> Value {
    let mut request = at_once(kind, DOOR, json!({}));
    (request["when"], request["pay_by"]) = (when, json!("cash"));
    request
}

fn now() -> Value {
    json!({ "now": true })
}

/// A job somebody asked for, before anybody has it.
struct Asked {
    resident: Client,
    order: OrderId,
}

/// A resident asks, and everybody who suits is asked.
async fn asked(world: &World, phone: &str, kind: &str, when: Value) -> Asked {
    let resident = world.client_of(&world.staff(phone).await).await;
    let (order, _) = resident.asks(request(kind, when)).await;
    world.work().await;
    Asked { resident, order }
}

/// The offer somebody has of an order.
async fn offer(client: &Client, order: OrderId) -> Option<String> {
    client.offer_of(order).await.map(|offer| offer["id"].as_str().unwrap().to_owned())
}

/// A cleaner, a job Lin asked for just now, and the offer of it.
async fn offered(world: &World) -> (Client, Asked, String) {
    let worker = on_duty(world, CLEANING, &[]).await;
    let asked = asked(world, LIN, CLEANING, now()).await;
    let offer = offer(&worker, asked.order).await.unwrap();
    (worker, asked, offer)
}

async fn accept(client: &Client, offer: &str) -> Answer {
    client.post(&format!("/api/work/offers/{offer}/accept"), json!({})).await
}

/// Nobody has it, and nothing is held for anybody.
async fn nobody_has(world: &World, order: OrderId) {
    let held = format!("SELECT 1 FROM visits WHERE order_id = {} AND worker_id IS NOT NULL", order.0);
    assert_eq!(count(&world.app, &held).await, 0);
    assert_eq!(count(&world.app, "SELECT 1 FROM claims WHERE pool_key LIKE 'job/%'").await, 0);
    balance(&world.app).await;
}

on_both! {
    async fn two_at_once_have_one_winner(world) {
        let (one, other) = (on_duty(world, CLEANING, &[]).await, on_duty(world, CLEANING, &[]).await);
        let order = asked(world, LIN, CLEANING, now()).await.order;
        let (first, second) = (offer(&one, order).await.unwrap(), offer(&other, order).await.unwrap());
        let (a, b) = tokio::join!(accept(&one, &first), accept(&other, &second));
        let (won, lost, too_late) =
            if a.status.is_success() { (a, b, (&other, &second)) } else { (b, a, (&one, &first)) };
        assert_eq!(won.ok()["state"], "accepted");
        let no = lost.refused(409, "visit_gone");
        assert!(no["detail"].as_str().unwrap().contains("other jobs"), "{no}");
        // Whoever was too late has nothing before them any more, and is told the same again.
        assert_eq!(offer(too_late.0, order).await, None);
        accept(too_late.0, too_late.1).await.refused(409, "visit_gone");
        assert_eq!(count(&world.app, "SELECT 1 FROM claims WHERE pool_key LIKE 'job/%'").await, 1);
        balance(&world.app).await;
    }

    async fn after_its_time(world) {
        let (worker, asked, offer) = offered(world).await;
        // To the second, whether a job has ended it by then or not.
        world.advance(Span::seconds(180)).await;
        accept(&worker, &offer).await.refused(409, "offer_ended");
        world.work().await;
        let no = accept(&worker, &offer).await.refused(409, "offer_ended");
        assert!(no["detail"].as_str().unwrap().contains("does not count against you"), "{no}");
        nobody_has(world, asked.order).await;
    }

    async fn after_the_resident_has_cancelled(world) {
        let (worker, Asked { resident: lin, order }, theirs) = offered(world).await;
        let path = format!("/api/orders/{order}");
        let version = lin.get(&path).await.ok()["version"].clone();
        lin.post(&format!("{path}/cancel"), json!({ "version": version })).await.ok();
        assert_eq!(offer(&worker, order).await, None, "it is gone from what they can answer");
        accept(&worker, &theirs).await.refused(409, "visit_over");
        assert_eq!(lin.get(&path).await.ok()["state"], "cancelled");
        nobody_has(world, order).await;
    }

    async fn cancelled_and_accepted_at_once_is_one_of_both(world) {
        let (worker, Asked { resident: lin, order }, theirs) = offered(world).await;
        let path = format!("/api/orders/{order}");
        let version = lin.get(&path).await.ok()["version"].clone();
        let body = json!({ "version": version });
        let (path_of, cancelling) = (format!("{path}/cancel"), body);
        let (yes, no) = tokio::join!(accept(&worker, &theirs), lin.post(&path_of, cancelling));
        let seen = lin.get(&path).await.ok();
        if yes.status.is_success() {
            // They saw it before somebody had accepted: they look again, and cancel what they see now.
            no.refused(409, "stale_version");
            assert_eq!((&seen["state"], &seen["visit"]["state"]), (&json!("confirmed"), &json!("accepted")));
        } else {
            yes.refused(409, "visit_over");
            assert_eq!((&seen["state"], &seen["visit"]["state"]), (&json!("cancelled"), &json!("over")));
        }
        balance(&world.app).await;
    }

    async fn off_duty(world) {
        let (worker, asked, offer) = offered(world).await;
        worker.post("/api/work/duty", json!({ "duty": "off" })).await.ok();
        accept(&worker, &offer).await.refused(409, "off_duty");
        worker.post("/api/work/duty", json!({ "duty": "paused", "minutes": 30 })).await.ok();
        accept(&worker, &offer).await.refused(409, "off_duty");
        nobody_has(world, asked.order).await;
        // Back on duty within its time it is theirs.
        worker.post("/api/work/duty", json!({ "duty": "on" })).await.ok();
        accept(&worker, &offer).await.ok();
    }

    async fn over_ones_limit(world) {
        let worker = on_duty(world, CLEANING, &[]).await;
        worker.put("/api/work/file", json!({ "max_open": 1 })).await.ok();
        let day = |days: i32| json!({ "from": world.at(days, "10:00").to_string(), "until": world.at(days, "14:00").to_string() });
        let (lin, he) = (asked(world, LIN, CLEANING, day(1)).await, asked(world, HE, CLEANING, day(2)).await);
        let (first, second) = (offer(&worker, lin.order).await.unwrap(), offer(&worker, he.order).await.unwrap());
        // Two taps at once, and one after the other: there is room for one.
        let (a, b) = tokio::join!(accept(&worker, &first), accept(&worker, &second));
        let (won, lost, left) = if a.status.is_success() { (a, b, &second) } else { (b, a, &first) };
        won.ok();
        let no = lost.refused(409, "too_many_jobs");
        assert!(no["detail"].as_str().unwrap().contains("at most 1 at once"), "{no}");
        accept(&worker, left).await.refused(409, "too_many_jobs");
        assert_eq!(count(&world.app, "SELECT 1 FROM visits WHERE worker_id IS NOT NULL").await, 1);
        balance(&world.app).await;
    }

    async fn without_the_service(world) {
        let (worker, asked, offer) = offered(world).await;
        worker.put("/api/work/file", json!({ "services": [{ "kind": "housekeeping.laundry" }] })).await.ok();
        let no = accept(&worker, &offer).await.refused(409, "service_not_yours");
        assert!(no["detail"].as_str().unwrap().contains("Cleaning"), "{no}");
        // Asked for again, it waits for staff.
        worker.put("/api/work/file", json!({ "services": [{ "kind": CLEANING }] })).await.ok();
        accept(&worker, &offer).await.refused(409, "service_not_yours");
        nobody_has(world, asked.order).await;
        // Whoever is no worker at all has no offers.
        let he = world.client_of(&world.staff(HE).await).await;
        accept(&he, &offer).await.refused(403, "worker_only");
        // And those of others are nobody's.
        let other = on_duty(world, CLEANING, &[]).await;
        accept(&other, &offer).await.refused(404, "not_found");
    }

    async fn with_a_paper_that_has_run_out(world) {
        let worker = on_duty(world, "housekeeping.carer", &[("health_certificate", 0)]).await;
        // Asked a few minutes after midnight, answered when its last day was seen to be over.
        world.clock.set(world.at(1, "00:02"));
        let when = json!({ "from": world.at(0, "09:00").to_string(), "until": world.at(0, "16:00").to_string() });
        let lin = world.client_of(&world.staff(LIN).await).await;
        let (order, _) = lin.asks(request("housekeeping.carer", when)).await;
        let pushed = async || { linli_worker::run_due(&world.app).await.unwrap(); };
        pushed().await;
        let offer = offer(&worker, order).await.unwrap();
        world.clock.set(world.at(0, "00:04"));
        world.work().await;
        let no = accept(&worker, &offer).await.refused(409, "paper_expired");
        let detail = no["detail"].as_str().unwrap();
        assert!(detail.contains("upload the new one") && detail.contains("health certificate"), "{no}");
        nobody_has(world, order).await;
    }
}
