//! A cleaner by ranked offers, from the request to what the rating does.

use linli_domain::time::Span;
use reqwest::StatusCode;
use serde_json::json;

use super::super::inbox;
use super::super::on_the_way::{Job, paid};
use super::{accept, decline};
use crate::harness::books::{balance, count, rows};
use crate::harness::crew::{Crew, DOOR, Hand, at_once};
use crate::harness::people::{HE, LIN};
use crate::harness::{World, on_both};
use linli_domain::id::OrderId;

/// A few hundred metres from [`DOOR`].
const FARTHER: (f64, f64) = (38.3224, 116.8507);
/// The demo's own cleaner behind the door.
const CLEANER: &str = "19900000021";

/// Who has been asked for an order so far.
async fn asked(world: &World, order: OrderId) -> Vec<i64> {
    let sql = format!("SELECT worker_id FROM offers WHERE order_id = {} ORDER BY id", order.0);
    rows(&world.app, &sql).await.iter().map(|row| row.try_get("", "worker_id").unwrap()).collect()
}

/// Somebody new asks for a haircut, and whoever is asked first does it and is rated.
async fn haircut(world: &World, crew: &[Hand], level: Option<u8>) -> usize {
    let resident = world.client_of(&world.resident().await).await;
    let (order, _) = resident.asks(at_once("housekeeping.haircut", DOOR, json!({}))).await;
    world.work().await;
    let first = asked(world, order).await;
    assert_eq!(first.len(), 1, "one at a time");
    let n = crew.iter().position(|hand| hand.worker.0 == first[0]).unwrap();
    let worker = world.client_of(&crew[n].actor).await;
    accept(&worker, order).await;
    let job = Job { resident, worker, order };
    job.through(world, 30).await;
    job.agreed().await;
    if let Some(level) = level {
        let said = json!({ "level": level, "words": "如实说" });
        job.resident.post(&format!("/api/orders/{order}/rating"), said).await.expect(StatusCode::CREATED);
    }
    // The next one asks on another day, when everybody is as free as everybody else.
    world.advance(Span::days(1)).await;
    n
}

on_both! {
    async fn whoever_is_done_early_comes_to_the_next_one_at_once(world) {
        world.off_duty(&[CLEANER]).await;
        let hand = world.crew(1, Crew::default()).await.remove(0);
        let worker = world.client_of(&hand.actor).await;
        let mut ends = Vec::new();
        for _ in 0..2 {
            let resident = world.client_of(&world.resident().await).await;
            let (order, _) = resident.asks(at_once("housekeeping.cleaning", DOOR, json!({}))).await;
            world.work().await;
            accept(&worker, order).await;
            let job = Job { resident, worker: worker.clone(), order };
            let seen = job.seen().await;
            ends.push((seen["start"].as_str().unwrap().to_owned(), seen["end"].as_str().unwrap().to_owned()));
            job.through(world, 15).await;
            balance(&world.app).await;
        }
        assert!(ends[1].0 < ends[0].1, "the second begins before the first was to end: {ends:?}");
    }

    async fn a_cleaner_is_offered_declined_accepted_done_and_rated(world) {
        world.off_duty(&[CLEANER]).await;
        let near = world.crew(2, Crew::default()).await;
        let third = world.crew(1, Crew { home: FARTHER, ..Crew::default() }).await.remove(0);
        let lin = world.as_phone(LIN).await;
        let wish = at_once("housekeeping.cleaning", DOOR, json!({}));
        let shown = lin.post("/api/visits/preview", wish.clone()).await.ok();
        assert_eq!((&shown["nearby"], &shown["price_fen"], &shown["price_form"]), (&json!(3), &json!(8_000), &json!("hourly")));
        let (order, made) = lin.asks(wish).await;
        assert_eq!((&made["state"], &made["visit"]["state"]), (&json!("requested"), &json!("seeking")));
        world.work().await;

        // The two nearest are asked, and read what they need to decide; not the door.
        let [first, second] = [world.client_of(&near[0].actor).await, world.client_of(&near[1].actor).await];
        let last = world.client_of(&third.actor).await;
        assert!(last.offer_of(order).await.is_none(), "nobody farther is asked before the nearer have answered");
        for worker in [&first, &second] {
            let offer = worker.offer_of(order).await.unwrap();
            assert_eq!((&offer["price_fen"], &offer["seconds_left"], &offer["is_now"]), (&json!(8_000), &json!(180), &json!(true)));
            assert!(!offer["reasons"].as_array().unwrap().is_empty(), "why them: {offer}");
            assert!(!offer.to_string().contains("101") && !offer.to_string().contains("演示居民"), "{offer}");
            worker.get(&format!("/api/work/jobs/{order}")).await.refused(404, "not_found");
        }

        // A no, without a reason and with one; only when nobody is being asked any more is somebody else asked, at once.
        decline(&first, order, None).await;
        world.work().await;
        assert!(last.offer_of(order).await.is_none());
        decline(&second, order, Some("今天太累了")).await;
        world.work().await;
        assert_eq!(asked(world, order).await.last(), Some(&third.worker.0));
        let has = accept(&last, order).await;
        assert_eq!((&has["state"], &has["address"]["detail"]), (&json!("accepted"), &json!("3号楼2单元101")));
        let seen = lin.get(&format!("/api/orders/{order}")).await.ok();
        assert_eq!((&seen["state"], &seen["visit"]["worker"]["id"]), (&json!("confirmed"), &json!(third.worker.to_string())));
        assert!(!seen["visit"]["reasons"].as_array().unwrap().is_empty(), "why them, for the resident: {seen}");
        assert!(!seen.to_string().contains("今天太累了"), "why others declined is theirs");
        assert!(first.offer_of(order).await.is_none());

        // The way, the door, the work.
        let job = Job { resident: lin, worker: last, order };
        job.step("on-the-way", json!({})).await.ok();
        world.advance(Span::minutes(5)).await;
        job.step("arrived", json!({})).await.ok();
        job.step("done", json!({})).await.refused(409, "not_possible_now");
        job.step("start", json!({ "code": job.code().await })).await.ok();
        for moment in ["before", "after"] {
            let picture = job.worker.picture().await;
            job.step("pictures", json!({ "file_id": picture, "moment": moment })).await.expect(StatusCode::NO_CONTENT);
        }
        world.advance(Span::minutes(100)).await;
        job.step("done", json!({})).await.ok();
        assert_eq!(paid(world, order).await, 8_000, "two hours begun");
        let seen = job.seen().await;
        let moments: Vec<&str> = seen["visit"]["pictures"].as_array().unwrap().iter().map(|one| one["moment"].as_str().unwrap()).collect();
        assert_eq!((seen["state"].as_str(), moments), (Some("fulfilled"), vec!["before", "after"]));
        assert_eq!(job.agreed().await["state"], "closed");
        let told = ["requested", "assigned", "on_the_way", "arrived", "started", "picture_added", "picture_added", "fulfilled", "agreed"];
        assert_eq!(job.events(world).await, told);
        world.work().await;
        let heard = inbox(&job.resident).await;
        for topic in ["order.assigned", "order.on_the_way", "order.arrived", "order.fulfilled"] {
            assert!(heard.iter().any(|told| told == topic), "{topic} in {heard:?}");
        }

        // Both speak; the mean is theirs from then on, and she is asked again before those who are nearer.
        job.resident.post(&format!("/api/orders/{order}/rating"), json!({ "level": 5, "tags": ["on_time"] })).await.expect(StatusCode::CREATED);
        job.worker.post(&format!("/api/work/jobs/{order}/rating"), json!({ "level": 5 })).await.expect(StatusCode::CREATED);
        assert_eq!(job.seen().await["visit"]["worker"]["rating"], json!({ "mean": 5.0, "count": 1 }));
        let (again, _) = job.resident.asks(at_once("housekeeping.cleaning", DOOR, json!({}))).await;
        world.work().await;
        assert_eq!(asked(world, again).await[0], third.worker.0, "whoever came last time comes first");
        let reasons = job.worker.offer_of(again).await.unwrap()["reasons"].to_string();
        assert!(reasons.contains("You came last time"), "{reasons}");
        assert_eq!(count(&world.app, "SELECT 1 FROM offers WHERE state = 'declined'").await, 2);
        balance(&world.app).await;
    }

    async fn ratings_move_who_is_asked_first(world) {
        let crew = world.crew(2, Crew { kind: "housekeeping.haircut", ..Crew::default() }).await;
        // Two like two peas. Whoever is rated poorly is asked second, and whoever is rated well stays first.
        let poor = haircut(world, &crew, Some(1)).await;
        let good = haircut(world, &crew, Some(5)).await;
        assert_ne!(poor, good, "a poor rating has moved the other one up");
        assert_eq!(haircut(world, &crew, None).await, good);
        balance(&world.app).await;
    }

    async fn who_came_is_rated_by_whom_they_came_to(world) {
        let crew = world.crew(1, Crew { kind: "housekeeping.haircut", ..Crew::default() }).await;
        haircut(world, &crew, Some(4)).await;
        let order = rows(&world.app, "SELECT order_id FROM ratings").await[0].try_get::<i64>("", "order_id").unwrap();
        let he = world.as_phone(HE).await;
        he.post(&format!("/api/orders/{}/rating", OrderId(order)), json!({ "level": 1 })).await.refused(404, "not_found");
        let own = world.client_of(&crew[0].actor).await;
        own.post(&format!("/api/orders/{}/rating", OrderId(order)), json!({ "level": 5 })).await.refused(404, "not_found");
        assert_eq!(count(&world.app, "SELECT 1 FROM ratings").await, 1);
    }
}
