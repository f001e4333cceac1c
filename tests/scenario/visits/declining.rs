//! A no counts against nobody, however it is said, and however often.

use std::collections::BTreeMap;

use linli_domain::id::{OrderId, WorkerId};
use linli_domain::time::Span;
use linli_store::market::candidates::{self, Among, Candidate};
use serde_json::json;

use super::{accept, decline};
use crate::harness::books::{balance, count, rows};
use crate::harness::crew::{Crew, DOOR, Hand, at_once};
use crate::harness::{World, on_both};

/// The demo's own cleaner behind the door.
const CLEANER: &str = "19900000021";
/// Homes at different distances from [`DOOR`], so that no two have the same score by accident.
const HOMES: [(f64, f64); 4] = [DOOR, (38.3239, 116.8484), (38.3224, 116.8507), (38.3201, 116.8531)];

/// How somebody does not take a job.
#[derive(Debug, Clone, Copy)]
enum No {
    Silently,
    InWords,
    ByWaiting,
    /// Takes it and gives it back.
    TooLate,
}

impl No {
    const ALL: [Self; 4] = [Self::Silently, Self::InWords, Self::ByWaiting, Self::TooLate];
}

/// The points and the reasons with which each was asked for an order.
async fn scores(world: &World, order: OrderId) -> BTreeMap<i64, (i64, String)> {
    let sql = format!("SELECT worker_id, points, reasons FROM offers WHERE order_id = {}", order.0);
    let of = |name: &str, row: &sea_orm::QueryResult| row.try_get::<i64>("", name).unwrap();
    let rows = rows(&world.app, &sql).await;
    rows.iter().map(|row| (of("worker_id", row), (of("points", row), row.try_get("", "reasons").unwrap()))).collect()
}

/// All that matching knows of somebody.
async fn known(world: &World, worker: WorkerId, order: OrderId) -> Candidate {
    let kind = "housekeeping.cleaning".parse().unwrap();
    let subject = rows(&world.app, &format!("SELECT subject_id FROM orders WHERE id = {}", order.0)).await;
    let subject = linli_domain::id::PersonId(subject[0].try_get("", "subject_id").unwrap());
    let found = candidates::of_kind(world.app.store.reads(), Among::One(worker), &kind, subject, world.day(0)).await;
    found.unwrap().remove(0)
}

/// Somebody new asks; everybody is asked in turn, and nobody comes. Answers how everybody was scored.
async fn nobody_comes(world: &World, crew: &[Hand], no: impl Fn(usize) -> No) -> BTreeMap<i64, (i64, String)> {
    let resident = world.client_of(&world.resident().await).await;
    let (order, _) = resident.asks(at_once("housekeeping.cleaning", DOOR, json!({}))).await;
    // Two are asked first, then the rest.
    for _ in 0..4 {
        world.work().await;
        let mut waited = false;
        for (n, hand) in crew.iter().enumerate() {
            let worker = world.client_of(&hand.actor).await;
            if worker.offer_of(order).await.is_none() {
                continue;
            }
            match no(n) {
                No::Silently => decline(&worker, order, None).await,
                No::InWords => decline(&worker, order, Some("不想去")).await,
                No::ByWaiting => waited = true,
                No::TooLate => {
                    accept(&worker, order).await;
                    let path = format!("/api/work/jobs/{order}/give-back");
                    worker.post(&path, json!({ "reason": "临时有事" })).await.ok();
                }
            }
        }
        if waited {
            world.advance(Span::minutes(3)).await;
        }
    }
    let scores = scores(world, order).await;
    let version = resident.get(&format!("/api/orders/{order}")).await.ok()["version"].clone();
    resident.post(&format!("/api/orders/{order}/cancel"), json!({ "version": version })).await.ok();
    scores
}

on_both! {
    async fn a_no_of_any_kind_changes_no_score(world) {
        world.off_duty(&[CLEANER]).await;
        let mut crew = Vec::new();
        for home in HOMES {
            crew.extend(world.crew(1, Crew { home, ..Crew::default() }).await);
        }
        let before = nobody_comes(world, &crew, |_| No::Silently).await;
        assert_eq!(before.len(), crew.len(), "everybody was asked: {before:?}");
        let order = rows(&world.app, "SELECT id FROM orders").await[0].try_get::<i64>("", "id").unwrap();
        let mut facts = Vec::new();
        for hand in &crew {
            facts.push(known(world, hand.worker, OrderId(order)).await);
        }
        // Everybody says no in every way, one after the other; whoever asks next finds them as they were.
        for round in 0..No::ALL.len() {
            let after = nobody_comes(world, &crew, |n| No::ALL[(n + round) % No::ALL.len()]).await;
            for (worker, score) in &after {
                assert_eq!(Some(score), before.get(worker), "round {round}");
            }
            assert!(after.len() >= 2, "round {round}: {after:?}");
        }
        for (hand, fact) in crew.iter().zip(facts) {
            assert_eq!(known(world, hand.worker, OrderId(order)).await, fact, "nothing is kept of it that matching reads");
        }
        assert!(count(&world.app, "SELECT 1 FROM offers WHERE state IN ('declined', 'expired')").await >= 3 * crew.len());
        assert_eq!(count(&world.app, "SELECT 1 FROM ledger_postings").await, 0);
        balance(&world.app).await;
    }
}
