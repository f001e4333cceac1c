//! Nobody who comes new passes the line.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;
use linli_application::orders::act::{Ask, Side};
use linli_application::{App, Failure};
use linli_domain::claim::PoolKey;
use linli_domain::id::{OfferingId, OrderId};
use linli_domain::order::State;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use linli_store::booking::orders;
use tokio::sync::Barrier;

use crate::harness::books::{balance, pool};
use crate::harness::{Offer, World, on_both, on_postgres, wait, wish};

const PLACES: u32 = 8;
const IN_LINE: usize = 12;
const NEW: usize = 40;

struct Line {
    offering: OfferingId,
    start: Instant,
    inside: Vec<(Actor, OrderId)>,
    waiting: Vec<(Actor, OrderId)>,
}

/// A full time with people waiting for it.
async fn full(world: &World, places: u32, in_line: usize) -> Line {
    let offering = world.offer(Offer { capacity: places, ..Offer::default() }, |rules| rules.max_line = 100).await;
    let start = world.at(1, "09:30");
    let mut people = world.residents(places as usize + in_line).await;
    let mut placed = Vec::new();
    for actor in people.drain(..) {
        let (order, _) = world.app.place(&actor, wait(offering, start), "in").await.unwrap();
        placed.push((actor, order));
    }
    let waiting = placed.split_off(places as usize);
    Line { offering, start, inside: placed, waiting }
}

async fn state(app: &App, order: OrderId) -> State {
    orders::one(app.store.reads(), order).await.unwrap().unwrap().state
}

/// Those inside give up, newcomers ask and some of the line leave, all at once and at several doors. Every place that
/// comes free must go to the line, in its order.
async fn storm(world: &World, doors: &[&App]) {
    let line = full(world, PLACES, IN_LINE).await;
    let newcomers = world.residents(NEW).await;
    let start_line = Arc::new(Barrier::new(line.inside.len() + NEW + 2));
    let mut tasks = Vec::new();
    for (n, (actor, order)) in line.inside.iter().cloned().enumerate() {
        let (app, gate) = (doors[n % doors.len()].clone(), start_line.clone());
        tasks.push(tokio::spawn(async move {
            gate.wait().await;
            app.ask(&actor, order, 1, Ask::Cancel { reason: None }, Side::Resident, "out").await.map(drop)
        }));
    }
    // The first and the fourth in line give up as well: those behind them move on.
    for n in [0, 3] {
        let (actor, order) = line.waiting[n].clone();
        let (app, gate) = (doors[n % doors.len()].clone(), start_line.clone());
        tasks.push(tokio::spawn(async move {
            gate.wait().await;
            let version = orders::one(app.store.reads(), order).await?.unwrap().version;
            match app.ask(&actor, order, version, Ask::Cancel { reason: None }, Side::Resident, "out").await {
                // Handed a place in the same moment: they let it go, and it goes on down the line.
                Err(Failure::Refused(refusal)) if refusal.code == Code::StaleVersion => {
                    app.ask(&actor, order, version + 1, Ask::Decline, Side::Resident, "decline").await.map(drop)
                }
                other => other.map(drop),
            }
        }));
    }
    let mut overtook = Vec::new();
    for (n, actor) in newcomers.iter().cloned().enumerate() {
        let (app, gate) = (doors[n % doors.len()].clone(), start_line.clone());
        let (offering, at) = (line.offering, line.start);
        overtook.push(tokio::spawn(async move {
            gate.wait().await;
            app.place(&actor, wish(offering, at), "new").await
        }));
    }
    for task in join_all(tasks).await {
        task.unwrap().unwrap();
    }
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for task in join_all(overtook).await {
        match task.unwrap() {
            Ok((order, _)) => panic!("a newcomer passed the line with order {order}"),
            Err(failure) => *codes.entry(failure.refusal().code.key()).or_default() += 1,
        }
    }
    assert!(codes.keys().all(|code| matches!(*code, "slot_full" | "slot_has_line")), "{codes:?}");

    // Places nobody could be found for in the same moment are handed on by the sweep.
    while linli_application::orders::sweep::sweep(&world.app).await.unwrap().handed_on > 0 {}
    let key = PoolKey::slot(line.offering, line.start);
    let pool = pool(&world.app, &key).await;
    let mut held = Vec::new();
    for (n, (_, order)) in line.waiting.iter().enumerate() {
        if state(&world.app, *order).await == State::Held {
            held.push(n);
        }
    }
    let expected: Vec<usize> = (0..IN_LINE).filter(|n| ![0, 3].contains(n)).take(PLACES as usize).collect();
    assert_eq!(held, expected, "the first eight of those who still wait");
    assert_eq!((pool.taken, pool.waiting), (PLACES, 2));
    balance(&world.app).await;
}

on_both! {
    async fn every_freed_place_goes_to_the_line_in_order(world) {
        storm(world, &[&world.app]).await;
    }

    async fn places_are_handed_on_one_by_one_in_order(world) {
        let line = full(world, 2, 3).await;
        for (n, (actor, order)) in line.inside.iter().enumerate() {
            world.app.ask(actor, *order, 1, Ask::Cancel { reason: None }, Side::Resident, "out").await.unwrap();
            assert_eq!(state(&world.app, line.waiting[n].1).await, State::Held);
            assert_eq!(state(&world.app, line.waiting[n + 1].1).await, State::Waiting);
        }
        // Full, and one in line: a newcomer is told of the full time; one who would wait comes after.
        let newcomer = world.resident().await;
        let no = world.app.place(&newcomer, wish(line.offering, line.start), "a").await.unwrap_err();
        assert_eq!(no.refusal().code, Code::SlotFull);
        let (last, _) = world.app.place(&newcomer, wait(line.offering, line.start), "b").await.unwrap();
        // A held place that is let go passes to the next, not to the newest.
        let (first, held) = &line.waiting[0];
        world.app.ask(first, *held, 2, Ask::Decline, Side::Resident, "no").await.unwrap();
        assert_eq!(state(&world.app, line.waiting[2].1).await, State::Held);
        assert_eq!(state(&world.app, last).await, State::Waiting);
        balance(&world.app).await;
    }

    async fn while_people_wait_a_free_place_is_not_for_newcomers(world) {
        // Whoever is first has no time: the place stays free for the line, not for those who come new.
        let line = full(world, 1, 1).await;
        let (first, _) = line.waiting[0].clone();
        let elsewhere = world
            .offer(Offer { kind: "medical.general_practice", beside: "dahua_gp", ..Offer::default() }, |_| {})
            .await;
        world.app.place(&first, wish(elsewhere, line.start), "busy").await.unwrap();
        let (actor, order) = &line.inside[0];
        world.app.ask(actor, *order, 1, Ask::Cancel { reason: None }, Side::Resident, "out").await.unwrap();
        let pool = pool(&world.app, &PoolKey::slot(line.offering, line.start)).await;
        assert_eq!((pool.taken, pool.waiting), (0, 1));
        let newcomer = world.resident().await;
        let no = world.app.place(&newcomer, wish(line.offering, line.start), "new").await.unwrap_err();
        assert_eq!(no.refusal().code, Code::SlotHasLine);
        // They may wait behind; the sweep then finds the one who has time.
        let (behind, _) = world.app.place(&newcomer, wait(line.offering, line.start), "wait").await.unwrap();
        assert_eq!(state(&world.app, behind).await, State::Waiting);
        linli_application::orders::sweep::sweep(&world.app).await.unwrap();
        assert_eq!(state(&world.app, behind).await, State::Held);
        balance(&world.app).await;
    }
}

on_postgres! {
    async fn two_processes_hand_on_in_order(world) {
        let other = world.another().await;
        storm(world, &[&world.app, &other.app]).await;
        other.end().await;
    }
}
