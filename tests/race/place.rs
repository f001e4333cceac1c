//! Placing under pressure.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use linli_application::context::Parts;
use linli_application::{App, Failure};
use linli_domain::claim::PoolKey;
use linli_domain::id::{OfferingId, OrderId};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use serde_json::json;

use crate::harness::books::{balance, count, pool};
use crate::harness::{Offer, World, on_both, on_postgres, wish};

const PEOPLE: usize = 200;
const PLACES: u32 = 20;

/// What came of everybody's request: the winners, and the codes of the others.
struct Outcome {
    won: Vec<OrderId>,
    refused: BTreeMap<&'static str, usize>,
}

/// Everybody asks for the same time at the same moment, one after the other at these doors.
async fn rush(doors: &[&App], people: &[Actor], offering: OfferingId, start: Instant) -> Outcome {
    let asked = people.iter().enumerate().map(|(n, actor)| {
        let (app, actor) = (doors[n % doors.len()].clone(), actor.clone());
        tokio::spawn(async move { app.place(&actor, wish(offering, start), "only-once").await })
    });
    let mut outcome = Outcome { won: Vec::new(), refused: BTreeMap::new() };
    for answer in join_all(asked).await {
        match answer.unwrap() {
            Ok((order, made)) => {
                assert!(made);
                outcome.won.push(order);
            }
            Err(Failure::Refused(refusal)) => *outcome.refused.entry(refusal.code.key()).or_default() += 1,
            Err(fault) => panic!("{fault}"),
        }
    }
    outcome
}

async fn hot_slot(world: &World) -> (OfferingId, Instant, PoolKey) {
    let offering = world.offer(Offer { capacity: PLACES, ..Offer::default() }, |_| {}).await;
    let start = world.at(1, "09:30");
    (offering, start, PoolKey::slot(offering, start))
}

on_both! {
    async fn two_hundred_people_on_twenty_places(world) {
        let (offering, start, key) = hot_slot(world).await;
        let people = world.residents(PEOPLE).await;
        let outcome = rush(&[&world.app], &people, offering, start).await;
        assert_eq!(outcome.won.len(), PLACES as usize);
        assert_eq!(outcome.refused, BTreeMap::from([("slot_full", PEOPLE - PLACES as usize)]));
        let pool = pool(&world.app, &key).await;
        assert_eq!((pool.taken, pool.capacity), (PLACES, PLACES));
        assert_eq!(count(&world.app, &format!("SELECT 1 FROM claims WHERE pool_key = '{}'", key.0)).await, PLACES as usize);
        assert_eq!(count(&world.app, "SELECT 1 FROM orders WHERE state = 'confirmed'").await, PLACES as usize);
        balance(&world.app).await;
    }

    async fn the_same_key_fifty_times_at_once_makes_one_order(world) {
        let (offering, start, _) = hot_slot(world).await;
        let actor = world.resident().await;
        let asked = (0..50).map(|_| {
            let (app, actor) = (world.app.clone(), actor.clone());
            tokio::spawn(async move { app.place(&actor, wish(offering, start), "the-same").await.unwrap() })
        });
        let answers: Vec<_> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
        let orders: BTreeSet<OrderId> = answers.iter().map(|(order, _)| *order).collect();
        assert_eq!(orders.len(), 1, "all fifty are told of one order");
        assert_eq!(answers.iter().filter(|(_, made)| *made).count(), 1, "one request made it");
        assert_eq!(count(&world.app, "SELECT 1 FROM orders").await, 1);
        balance(&world.app).await;

        // The same key with another body is a mistake of the client, whenever it comes.
        let other = world.app.place(&actor, wish(offering, world.at(1, "10:30")), "the-same").await;
        assert_eq!(other.unwrap_err().refusal().code, Code::KeyReused);
        // Somebody else's key of the same name is another key.
        let neighbour = world.resident().await;
        assert!(world.app.place(&neighbour, wish(offering, start), "the-same").await.unwrap().1);
    }

    async fn different_bodies_with_one_key_at_once_make_one_order(world) {
        let (offering, _, _) = hot_slot(world).await;
        let actor = world.resident().await;
        let starts = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"];
        let asked = starts.iter().cycle().take(48).map(|time| {
            let (app, actor, start) = (world.app.clone(), actor.clone(), world.at(1, time));
            tokio::spawn(async move { app.place(&actor, wish(offering, start), "one-key").await })
        });
        let mut orders = BTreeSet::new();
        for answer in join_all(asked).await {
            match answer.unwrap() {
                Ok((order, _)) => {
                    orders.insert(order);
                }
                // Refused for the key by whoever came later with another body.
                Err(failure) => assert_eq!(failure.refusal().code, Code::KeyReused),
            }
        }
        assert_eq!(orders.len(), 1);
        balance(&world.app).await;
    }

    async fn the_same_key_over_http_is_answered_the_same(world) {
        let (offering, start, _) = hot_slot(world).await;
        let client = world.client_of(&world.resident().await).await;
        let body = json!({ "offering_id": offering.to_string(), "start": start.to_string(), "if_full": "refuse" });
        let asked = (0..20).map(|_| client.post_with_key("/api/orders", "tap-tap", body.clone()));
        let answers: Vec<_> = join_all(asked).await.into_iter().map(|answer| answer.expect(reqwest::StatusCode::CREATED)).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "word for word");
        let other = json!({ "offering_id": offering.to_string(), "start": start.to_string(), "if_full": "wait" });
        client.post_with_key("/api/orders", "tap-tap", other).await.refused(422, "idempotency_key_reused");
    }

    async fn one_person_in_two_places_at_once_gets_one(world) {
        // Two offerings of kinds without a common limit: only the person's own time forbids it.
        let advice = world.offer(Offer { capacity: 50, ..Offer::default() }, |_| {}).await;
        let doctor = world
            .offer(
                Offer { kind: "medical.general_practice", beside: "dahua_gp", capacity: 50, ..Offer::default() },
                |_| {},
            )
            .await;
        let people = world.residents(20).await;
        let asked = people.iter().flat_map(|actor| {
            [(advice, world.at(1, "09:30")), (doctor, world.at(1, "09:30"))].map(|(offering, start)| {
                let (app, actor) = (world.app.clone(), actor.clone());
                let key = format!("overlap-{offering}");
                tokio::spawn(async move { app.place(&actor, wish(offering, start), &key).await })
            })
        });
        let answers: Vec<_> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
        for both in answers.chunks(2) {
            let refused: Vec<Code> = both.iter().filter_map(|one| one.as_ref().err()).map(|no| no.refusal().code).collect();
            assert_eq!(refused, [Code::PersonBusy], "one of the two, and the other says why");
        }
        balance(&world.app).await;
    }

    async fn without_the_guard_the_race_oversells(world) {
        let (offering, start, key) = hot_slot(world).await;
        let people = world.residents(PEOPLE).await;
        let process = world.another_with(&world.options(), unguarded).await;
        let outcome = rush(&[&process.app], &people, offering, start).await;
        assert!(
            outcome.won.len() > PLACES as usize,
            "the guard is off and nothing was oversold: these races prove nothing ({} won)",
            outcome.won.len()
        );
        let wrong = crate::harness::books::faults(&world.app).await;
        assert!(wrong.iter().any(|fault| fault.starts_with(&key.0)), "and the books show it: {wrong:?}");
        process.end().await;
    }
}

// Several processes are safe only by the database's locks.
on_postgres! {
    async fn two_processes_share_the_places(world) {
        let (offering, start, key) = hot_slot(world).await;
        let people = world.residents(PEOPLE).await;
        let other = world.another().await;
        let outcome = rush(&[&world.app, &other.app], &people, offering, start).await;
        assert_eq!(outcome.won.len(), PLACES as usize);
        assert_eq!(outcome.refused, BTreeMap::from([("slot_full", PEOPLE - PLACES as usize)]));
        assert_eq!(pool(&world.app, &key).await.taken, PLACES);
        balance(&world.app).await;
        other.end().await;
    }

    async fn two_processes_share_the_keys(world) {
        let (offering, start, _) = hot_slot(world).await;
        let other = world.another().await;
        for actor in world.residents(4).await {
            let asked = (0..50).map(|n| {
                let (app, actor) = (if n % 2 == 0 { world.app.clone() } else { other.app.clone() }, actor.clone());
                tokio::spawn(async move { app.place(&actor, wish(offering, start), "the-same").await.unwrap() })
            });
            let answers: Vec<_> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
            assert!(answers.iter().all(|(order, _)| *order == answers[0].0), "both processes tell of one order");
            assert_eq!(answers.iter().filter(|(_, made)| *made).count(), 1);
        }
        assert_eq!(count(&world.app, "SELECT 1 FROM orders").await, 4);
        balance(&world.app).await;
        other.end().await;
    }

    async fn two_processes_never_lock_each_other_in_a_circle(world) {
        // Everybody wants three of many times at both doors, in different orders.
        let offering = world.offer(Offer { capacity: 5, ..Offer::default() }, |_| {}).await;
        let other = world.another().await;
        let people = world.residents(30).await;
        let wishes = (0..3).flat_map(|n| people.iter().enumerate().map(move |(who, actor)| (n, who, actor.clone())));
        let asked = wishes.map(|(n, who, actor)| {
            let app = if (who + n) % 2 == 0 { world.app.clone() } else { other.app.clone() };
            let day = 1 + i32::try_from((who * 7 + n * 5) % 3).unwrap();
            let time = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"][(who * 5 + n * 3) % 6];
            let start = world.at(day, time);
            tokio::spawn(async move { app.place(&actor, wish(offering, start), &format!("k{n}")).await })
        });
        for answer in join_all(asked.collect::<Vec<_>>()).await {
            if let Err(failure) = answer.unwrap() {
                assert!(!failure.is_fault(), "{failure}");
            }
        }
        balance(&world.app).await;
        other.end().await;
    }

    async fn two_processes_oversell_without_the_guard(world) {
        let (offering, start, _) = hot_slot(world).await;
        let people = world.residents(PEOPLE).await;
        let (one, two) = (world.another_with(&world.options(), unguarded).await, world.another_with(&world.options(), unguarded).await);
        let outcome = rush(&[&one.app, &two.app], &people, offering, start).await;
        assert!(outcome.won.len() > PLACES as usize, "nothing was oversold: {} won", outcome.won.len());
        one.end().await;
        two.end().await;
    }
}

fn unguarded(parts: &mut Parts) {
    parts.store = parts.store.clone().without_guard();
    parts.desk_store = parts.desk_store.clone().without_guard();
}
