//! How long somebody has to answer.

use linli_application::work;
use linli_domain::geo::Travel;
use linli_domain::id::OrderId;
use linli_domain::time::Span;
use serde_json::json;

use super::super::inbox;
use super::accept;
use crate::harness::books::rows;
use crate::harness::crew::{Crew, DOOR, at_once};
use crate::harness::{World, on_both};

/// One hairdresser behind the door.
const HAIRCUT: Crew<'static> = Crew { kind: "housekeeping.haircut", travel: Travel::EBike, home: DOOR, max_open: 3 };

/// Runs the jobs of one kind as a worker process would, and leaves all others undone.
async fn only(world: &World, kind: &str) -> usize {
    let sql = format!("SELECT payload FROM jobs WHERE kind = '{kind}' AND state <> 'done' ORDER BY id");
    let jobs = rows(&world.app, &sql).await;
    for job in &jobs {
        let payload = serde_json::from_str(&job.try_get::<String>("", "payload").unwrap()).unwrap();
        work::run(&world.app, kind, &payload).await.unwrap();
    }
    jobs.len()
}

/// When an offer was pushed and when it ends, in microseconds.
async fn times(world: &World, order: OrderId) -> (Option<i64>, Option<i64>) {
    let sql = format!("SELECT pushed_at, expires_at FROM offers WHERE order_id = {} ORDER BY id", order.0);
    let row = &rows(&world.app, &sql).await[0];
    (row.try_get("", "pushed_at").unwrap(), row.try_get("", "expires_at").unwrap())
}

on_both! {
    async fn the_time_of_an_offer_runs_from_its_first_push(world) {
        let hand = world.crew(1, HAIRCUT).await.remove(0);
        let worker = world.client_of(&hand.actor).await;
        let resident = world.client_of(&world.resident().await).await;
        let (order, _) = resident.asks(at_once(HAIRCUT.kind, DOOR, json!({}))).await;
        // The offer is written; whatever pushes it is late by four minutes.
        assert_eq!(only(world, "visit.look").await, 1);
        assert_eq!(times(world, order).await, (None, None));
        world.advance(Span::minutes(4)).await;
        assert_eq!(only(world, "offer.expire").await, 0, "nothing that has not begun ends");
        let waiting = worker.offer_of(order).await.unwrap();
        assert_eq!((waiting.get("expires_at"), waiting.get("seconds_left")), (None, None), "{waiting}");

        let pushed = world.app.now();
        assert_eq!(only(world, "offer.push").await, 1);
        assert_eq!(times(world, order).await, (Some(pushed.0), Some((pushed + Span::seconds(180)).0)));
        assert_eq!(worker.offer_of(order).await.unwrap()["seconds_left"], 180);
        // The same push again, since whoever made it died before saying so, gives no more time and tells nothing twice.
        world.advance(Span::seconds(60)).await;
        only(world, "offer.push").await;
        assert_eq!(times(world, order).await.0, Some(pushed.0));
        assert_eq!(worker.offer_of(order).await.unwrap()["seconds_left"], 120);
        assert_eq!(inbox(&worker).await.iter().filter(|topic| *topic == "offer.made").count(), 1);

        // To the last second it can be accepted; then it cannot, whether or not anything has ended it.
        world.advance(Span::seconds(119)).await;
        let offer = worker.offer_of(order).await.unwrap()["id"].as_str().unwrap().to_owned();
        world.advance(Span::seconds(1)).await;
        let no = worker.post(&format!("/api/work/offers/{offer}/accept"), json!({})).await.refused(409, "offer_ended");
        assert!(no["detail"].as_str().unwrap().contains("does not count against you"), "{no}");
        assert!(worker.offer_of(order).await.is_none());
        world.work().await;
        assert_eq!(resident.get(&format!("/api/orders/{order}")).await.ok()["visit"]["state"], "seeking");
        worker.post(&format!("/api/work/offers/{offer}/accept"), json!({})).await.refused(409, "offer_ended");
    }

    async fn in_the_last_second_it_is_theirs(world) {
        let hand = world.crew(1, HAIRCUT).await.remove(0);
        let worker = world.client_of(&hand.actor).await;
        let resident = world.client_of(&world.resident().await).await;
        let (order, _) = resident.asks(at_once(HAIRCUT.kind, DOOR, json!({}))).await;
        world.work().await;
        world.advance(Span::seconds(179)).await;
        accept(&worker, order).await;
        world.advance(Span::seconds(2)).await;
        world.work().await;
        assert_eq!(resident.get(&format!("/api/orders/{order}")).await.ok()["visit"]["state"], "accepted");
    }
}
