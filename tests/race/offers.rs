//! One job and many who want it: one has it, everybody else reads why not, and nobody holds anything for nothing.

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt;
use futures::future::join_all;
use linli_application::context::Parts;
use linli_application::dispatch::request::{Requested, When};
use linli_application::dispatch::{Accept, VisitRequest};
use linli_application::{App, work};
use linli_domain::claim::PoolKey;
use linli_domain::geo::Travel;
use linli_domain::id::{OfferId, OrderId};
use linli_domain::platform::Way;
use linli_domain::role::Actor;
use linli_domain::time::Span;
use linli_domain::visit::VisitState;
use linli_store::StoreError;
use linli_store::market::offers::{self, Offer, OfferState};
use linli_store::market::visits;
use serde_json::json;

use crate::harness::books::{balance, count, faults, pool, rows};
use crate::harness::crew::{Crew, DOOR, Hand};
use crate::harness::people::COMMUNITY;
use crate::harness::reports::report;
use crate::harness::{Client, World, on_both, on_postgres};

const PROVIDERS: usize = 100;
/// Found on the board by whoever has a car.
const MOVING: Crew<'static> = Crew { kind: "housekeeping.moving", travel: Travel::Car, home: DOOR, max_open: 3 };

/// What came of it: who was told yes, and how often each refusal was given.
#[derive(Debug, Default)]
struct Outcome {
    won: Vec<usize>,
    refused: BTreeMap<(u16, String), usize>,
}

/// Everybody posts at the same moment, one after the other at these doors.
async fn rush(world: &World, doors: &[Client], tries: Vec<(Actor, String)>) -> Outcome {
    let mut posts = Vec::with_capacity(tries.len());
    for (n, (actor, path)) in tries.into_iter().enumerate() {
        let client = doors[n % doors.len()].clone().with_token(world.token_of(&actor).await);
        posts.push(async move { client.post(&path, json!({})).await });
    }
    let answers = join_all(posts.into_iter().map(tokio::spawn)).await;
    let mut outcome = Outcome::default();
    for (n, answer) in answers.into_iter().map(Result::unwrap).enumerate() {
        if answer.status.is_success() {
            outcome.won.push(n);
        } else {
            let code = answer.body["code"].as_str().unwrap_or_else(|| panic!("a code: {}", answer.body)).to_owned();
            *outcome.refused.entry((answer.status.as_u16(), code)).or_default() += 1;
        }
    }
    outcome
}

/// One yes, and this refusal for all others.
#[track_caller]
fn one_yes(outcome: &Outcome, tries: usize, code: &str) -> usize {
    assert_eq!(outcome.refused, BTreeMap::from([((409, code.to_owned()), tries - 1)]), "{outcome:?}");
    assert_eq!(outcome.won.len(), 1);
    outcome.won[0]
}

async fn asked(world: &World, request: VisitRequest) -> (Actor, OrderId) {
    let resident = world.resident().await;
    match world.app.request_visit(&resident, request, "k").await {
        Ok(Requested::Made(order)) => (resident, order),
        other => panic!("{other:?}"),
    }
}

fn moving(when: When) -> VisitRequest {
    VisitRequest { when, ..report(MOVING.kind, DOOR, &[("load", "一张床")]) }
}

/// As after a wave in which all of them were asked, and the pushes have just left.
async fn offers_to(world: &World, order: OrderId, crew: &[Hand]) -> Vec<OfferId> {
    let now = world.app.now();
    let made: Vec<Offer> = crew
        .iter()
        .map(|hand| Offer {
            id: OfferId(world.app.next_id()),
            order,
            worker: hand.worker,
            wave: 1,
            way: Way::Ranked,
            state: OfferState::Open,
            points: 0,
            reasons: json!([]),
            travel_seconds: 1,
            made_at: now,
            pushed_at: Some(now),
            expires_at: Some(now + Span::minutes(3)),
            answered_at: None,
            reason: String::new(),
        })
        .collect();
    let ids = made.iter().map(|offer| offer.id).collect();
    let written = world.app.store.write(move |tx| {
        async move {
            let mut visit = visits::lock(tx, order).await?.unwrap();
            visit.state = VisitState::Offered;
            visits::update(tx, &[&visit]).await?;
            offers::insert(tx, &made).await?;
            Ok::<_, StoreError>(())
        }
        .boxed()
    });
    written.await.unwrap();
    ids
}

/// Whose time and whose open jobs are claimed, among these workers.
async fn holders(world: &World, crew: &[Hand]) -> BTreeSet<usize> {
    let busy: BTreeSet<i64> = rows(&world.app, "SELECT DISTINCT owner FROM claims WHERE owner IS NOT NULL")
        .await
        .iter()
        .map(|row| row.try_get("", "owner").unwrap())
        .collect();
    let mut holders = BTreeSet::new();
    for (n, hand) in crew.iter().enumerate() {
        let open = pool(&world.app, &PoolKey::open_jobs(hand.worker)).await.taken;
        assert_eq!(open > 0, busy.contains(&hand.actor.person.0), "time and an open job go together: {n}");
        if open > 0 {
            holders.insert(n);
        }
    }
    holders
}

/// The job is this one's and nobody else's, whatever is looked at.
async fn is_theirs(world: &World, order: OrderId, crew: &[Hand], winner: usize) {
    let visit = visits::one(world.app.store.reads(), order).await.unwrap().unwrap();
    assert_eq!((visit.state, visit.worker), (VisitState::Accepted, Some(crew[winner].worker)));
    assert_eq!(holders(world, crew).await, BTreeSet::from([winner]));
    assert_eq!(pool(&world.app, &PoolKey::job(order)).await.taken, 1);
    assert_eq!(pool(&world.app, &PoolKey::open_jobs(crew[winner].worker)).await.taken, 1);
    let yes = format!("SELECT 1 FROM order_events WHERE order_id = {} AND event = 'assigned'", order.0);
    assert_eq!(count(&world.app, &yes).await, 1, "said once in the timeline");
    balance(&world.app).await;
}

/// A hundred were asked and say yes.
async fn by_offer(world: &World, doors: &[Client]) {
    let crew = world.crew(PROVIDERS, Crew::default()).await;
    let (_, order) = asked(world, report(Crew::default().kind, DOOR, &[])).await;
    let offers = offers_to(world, order, &crew).await;
    let path = |n: usize| format!("/api/work/offers/{}/accept", offers[n]);
    let tries = crew.iter().enumerate().map(|(n, hand)| (hand.actor.clone(), path(n))).collect();
    let outcome = rush(world, doors, tries).await;
    let winner = one_yes(&outcome, PROVIDERS, "visit_gone");
    is_theirs(world, order, &crew, winner).await;
    let ended = async |state: &str| count(&world.app, &format!("SELECT 1 FROM offers WHERE state = '{state}'")).await;
    assert_eq!((ended("accepted").await, ended("withdrawn").await), (1, PROVIDERS - 1));
    let told = "SELECT DISTINCT person_id FROM live_events WHERE event = 'offer.gone'";
    assert_eq!(count(&world.app, told).await, PROVIDERS - 1, "everybody else hears that they need not answer");
}

/// A hundred see it on the board and take it.
async fn from_the_board(world: &World, doors: &[Client]) {
    let crew = world.crew(PROVIDERS, MOVING).await;
    let (_, order) = asked(world, moving(When::Now)).await;
    let path = format!("/api/work/board/{order}/accept");
    let tries = crew.iter().map(|hand| (hand.actor.clone(), path.clone())).collect();
    let outcome = rush(world, doors, tries).await;
    let winner = one_yes(&outcome, PROVIDERS, "visit_gone");
    is_theirs(world, order, &crew, winner).await;
    // Whoever was late finds it gone, not offered.
    let late = world.client_of(&crew[(winner + 1) % PROVIDERS].actor).await;
    assert_eq!(late.get("/api/work/board").await.ok()["items"], json!([]));
}

/// Residents call jobs off in the moment in which several say yes to each.
async fn with_cancelling(world: &World, doors: &[Client]) {
    const JOBS: usize = 8;
    const EACH: usize = 3;
    let crew = world.crew(JOBS * EACH, MOVING).await;
    let mut jobs = Vec::new();
    for _ in 0..JOBS {
        jobs.push(asked(world, moving(When::Now)).await);
    }
    // In turn the resident is first, in the middle or last.
    let mut posts = Vec::new();
    for (job, (resident, order)) in jobs.iter().enumerate() {
        let mut tries: Vec<_> = crew[job * EACH..][..EACH]
            .iter()
            .map(|hand| (hand.actor.clone(), format!("/api/work/board/{order}/accept"), json!({})))
            .collect();
        let cancel = (resident.clone(), format!("/api/orders/{order}/cancel"), json!({ "version": 1 }));
        tries.insert(job % (EACH + 1), cancel);
        for (n, (actor, path, body)) in tries.into_iter().enumerate() {
            let client = doors[(job + n) % doors.len()].clone().with_token(world.token_of(&actor).await);
            posts.push(async move { (job, path.ends_with("cancel"), client.post(&path, body).await) });
        }
    }
    let mut won: Vec<Vec<&str>> = vec![Vec::new(); JOBS];
    for answer in join_all(posts.into_iter().map(tokio::spawn)).await {
        let (job, is_cancel, answer) = answer.unwrap();
        match (answer.status.as_u16(), answer.body["code"].as_str(), is_cancel) {
            (200, _, _) => won[job].push(if is_cancel { "cancelled" } else { "accepted" }),
            (409, Some("stale_version"), true) | (409, Some("visit_gone" | "visit_over"), false) => {}
            _ => panic!("{} {} {}", answer.asked, answer.status, answer.body),
        }
    }
    let holding = holders(world, &crew).await;
    for (job, (_, order)) in jobs.iter().enumerate() {
        let visit = visits::one(world.app.store.reads(), *order).await.unwrap().unwrap();
        let hold: Vec<&Hand> =
            (job * EACH..(job + 1) * EACH).filter(|n| holding.contains(n)).map(|n| &crew[n]).collect();
        let taken = pool(&world.app, &PoolKey::job(*order)).await.taken;
        match won[job][..] {
            ["accepted"] => {
                assert_eq!((visit.state, hold.len(), taken), (VisitState::Accepted, 1, 1));
                assert_eq!(visit.worker, Some(hold[0].worker));
            }
            ["cancelled"] => assert_eq!((visit.state, visit.worker, hold.len(), taken), (VisitState::Over, None, 0, 0)),
            _ => panic!("job {job}: one of the two happens, and once: {won:?}"),
        }
    }
    balance(&world.app).await;
}

/// Jobs on the board that one worker could do one after the other.
async fn one_after_the_other(world: &World, count: usize) -> Vec<OrderId> {
    let mut orders = Vec::new();
    for n in 0..count {
        let (day, [from, until]) = (1 + i32::try_from(n / 2).unwrap(), [["08:00", "12:00"], ["14:00", "18:00"]][n % 2]);
        let when = When::Window { from: world.at(day, from), until: world.at(day, until) };
        orders.push(asked(world, moving(when)).await.1);
    }
    orders
}

/// One worker takes everything at once, and may have so many.
async fn over_the_limit(world: &World, doors: &[Client], limit: u32) {
    const JOBS: usize = 8;
    let crew = world.crew(1, Crew { max_open: limit, ..MOVING }).await;
    let orders = one_after_the_other(world, JOBS).await;
    let path = |order| format!("/api/work/board/{order}/accept");
    let outcome = rush(world, doors, orders.iter().map(|order| (crew[0].actor.clone(), path(order))).collect()).await;
    assert_eq!(outcome.won.len(), limit as usize, "{outcome:?}");
    assert_eq!(outcome.refused, BTreeMap::from([((409, "too_many_jobs".to_owned()), JOBS - limit as usize)]));
    let open = pool(&world.app, &PoolKey::open_jobs(crew[0].worker)).await;
    assert_eq!((open.taken, open.capacity), (limit, limit));
    assert_eq!(count(&world.app, "SELECT 1 FROM visits WHERE state = 'accepted'").await, limit as usize);
    balance(&world.app).await;
}

/// One worker takes several jobs of the same hours, and has time for one.
async fn the_same_hours(world: &World, doors: &[Client]) {
    const JOBS: usize = 6;
    let crew = world.crew(1, Crew { max_open: 20, ..MOVING }).await;
    let mut tries = Vec::new();
    for _ in 0..JOBS {
        let when = When::Window { from: world.at(1, "08:00"), until: world.at(1, "12:00") };
        let (_, order) = asked(world, moving(when)).await;
        tries.push((crew[0].actor.clone(), format!("/api/work/board/{order}/accept")));
    }
    let outcome = rush(world, doors, tries).await;
    one_yes(&outcome, JOBS, "worker_busy");
    assert_eq!(holders(world, &crew).await, BTreeSet::from([0]));
    balance(&world.app).await;
}

/// The community sends one while the others take it from the board themselves.
async fn with_sending(world: &World, doors: &[Client]) {
    const TAKERS: usize = 7;
    let crew = world.crew(TAKERS + 1, MOVING).await;
    let (_, order) = asked(world, moving(When::Now)).await;
    let staff = doors[0].clone().with_token(world.token_of(&world.staff(COMMUNITY).await).await);
    let (sent, send) = (crew[TAKERS].worker, format!("/api/desk/visits/{order}/assign"));
    let path = format!("/api/work/board/{order}/accept");
    let tries = crew[..TAKERS].iter().map(|hand| (hand.actor.clone(), path.clone())).collect();
    let (by_staff, outcome) =
        tokio::join!(staff.post(&send, json!({ "worker_id": sent.to_string() })), rush(world, doors, tries));
    let winner = if by_staff.status.is_success() {
        assert!(outcome.won.is_empty(), "{outcome:?}");
        TAKERS
    } else {
        by_staff.refused(409, "visit_gone");
        one_yes(&outcome, TAKERS, "visit_gone")
    };
    is_theirs(world, order, &crew, winner).await;
}

/// Workers of the program that were handed the same job, which may happen, look for somebody at once.
async fn with_many_looking(world: &World, apps: &[&App]) {
    const LOOKS: usize = 12;
    world.crew(10, Crew::default()).await;
    let (_, order) = asked(world, report(Crew::default().kind, DOOR, &[])).await;
    let looks = (0..LOOKS).map(|n| {
        let (app, payload) = (apps[n % apps.len()].clone(), json!({ "order": order }));
        tokio::spawn(async move { work::run(&app, "visit.look", &payload).await })
    });
    for look in join_all(looks).await {
        look.unwrap().unwrap();
    }
    let made = offers::of_order(world.app.store.reads(), order).await.unwrap();
    assert_eq!(made.len(), 2, "the first wave, once");
    assert_ne!(made[0].worker, made[1].worker);
    // Pushed by several at once, each reaches its worker once and has one end.
    let pushes = (0..LOOKS).map(|n| {
        let (app, payload) = (apps[n % apps.len()].clone(), json!({ "offer": made[n % made.len()].id }));
        tokio::spawn(async move { work::run(&app, "offer.push", &payload).await })
    });
    for push in join_all(pushes).await {
        push.unwrap().unwrap();
    }
    assert_eq!(count(&world.app, "SELECT 1 FROM notices WHERE topic = 'offer.made'").await, 2);
    assert_eq!(count(&world.app, "SELECT 1 FROM live_events WHERE event = 'offer.made'").await, 2);
    assert_eq!(count(&world.app, "SELECT 1 FROM jobs WHERE kind = 'offer.expire'").await, 2);
}

on_both! {
    async fn staff_send_somebody_while_others_take_it(world) {
        with_sending(world, &[world.client()]).await;
    }

    async fn looked_for_by_many_at_once_is_one_wave(world) {
        with_many_looking(world, &[&world.app]).await;
    }

    async fn a_hundred_say_yes_to_their_offers(world) {
        by_offer(world, &[world.client()]).await;
    }

    async fn a_hundred_take_it_from_the_board(world) {
        from_the_board(world, &[world.client()]).await;
    }

    async fn it_is_called_off_while_somebody_says_yes(world) {
        with_cancelling(world, &[world.client()]).await;
    }

    async fn several_jobs_for_one_whose_limit_is_one(world) {
        over_the_limit(world, &[world.client()], 1).await;
    }

    async fn several_jobs_for_one_with_time_for_one(world) {
        the_same_hours(world, &[world.client()]).await;
    }

    async fn the_same_yes_sent_again_and_again_is_one(world) {
        let crew = world.crew(2, MOVING).await;
        let (_, order) = asked(world, moving(When::Now)).await;
        let path = format!("/api/work/board/{order}/accept");
        let [first, other] = [world.client_of(&crew[0].actor).await, world.client_of(&crew[1].actor).await];
        let answers = join_all((0..20).map(|_| first.post_with_key(&path, "tap-tap", json!({})))).await;
        for answer in answers {
            assert_eq!(answer.ok()["order_id"], order.to_string());
        }
        is_theirs(world, order, &crew, 0).await;
        other.post_with_key(&path, "tap-tap", json!({})).await.refused(409, "visit_gone");
        first.post_with_key(&path, "tap-tap", json!({})).await.ok();
        // Tapped anew: it is theirs, and nobody tells them that somebody else has it.
        assert_eq!(first.post(&path, json!({})).await.ok()["order_id"], order.to_string());
        balance(&world.app).await;
    }

    async fn given_back_and_taken_by_others_at_once(world) {
        let crew = world.crew(12, MOVING).await;
        let (_, order) = asked(world, moving(When::Now)).await;
        let path = format!("/api/work/board/{order}/accept");
        let mut has = 0;
        world.client_of(&crew[has].actor).await.post(&path, json!({})).await.ok();
        // While whoever has it gives it back, everybody else is after it: at most one of them has it then.
        for _ in 0..4 {
            let back = world.client_of(&crew[has].actor).await;
            let giving = format!("/api/work/jobs/{order}/give-back");
            let give = back.post(&giving, json!({ "reason": "临时有事" }));
            let others: Vec<usize> = (0..crew.len()).filter(|n| *n != has).collect();
            let tries = others.iter().map(|n| (crew[*n].actor.clone(), path.clone())).collect();
            let doors = [world.client()];
            let (given, outcome) = tokio::join!(give, rush(world, &doors, tries));
            given.ok();
            assert!(outcome.won.len() <= 1, "{outcome:?}");
            assert!(outcome.refused.keys().all(|(status, code)| (*status, code.as_str()) == (409, "visit_gone")), "{outcome:?}");
            has = match outcome.won.first() {
                Some(n) => others[*n],
                None => {
                    let next = others[0];
                    world.client_of(&crew[next].actor).await.post(&path, json!({})).await.ok();
                    next
                }
            };
            assert_eq!(holders(world, &crew).await, BTreeSet::from([has]));
            balance(&world.app).await;
        }
    }

    async fn without_the_guard_one_worker_has_too_many(world) {
        // What these races rest on, switched off: they would notice.
        let crew = world.crew(1, Crew { max_open: 1, ..MOVING }).await;
        let orders = one_after_the_other(world, 8).await;
        let process = world.another_with(&world.options(), unguarded).await;
        let tries = orders.iter().map(|order| {
            let (app, actor, order) = (process.app.clone(), crew[0].actor.clone(), *order);
            tokio::spawn(async move { app.accept_job(&actor, Accept::Board(order), &format!("k{order}")).await.is_ok() })
        });
        let won = join_all(tries).await.into_iter().filter(|won| *won.as_ref().unwrap()).count();
        assert!(won > 1, "the guard is off and the limit held: these races prove nothing ({won} won)");
        let key = PoolKey::open_jobs(crew[0].worker).0;
        let wrong = faults(&world.app).await;
        assert!(wrong.iter().any(|fault| fault.starts_with(&key)), "and the books show it: {wrong:?}");
        process.end().await;
    }
}

// Several processes are safe only by the database's locks: each serves half of the crowd at a port of its own.
on_postgres! {
    async fn a_hundred_say_yes_at_two_processes(world) {
        let mut other = world.another().await;
        let doors = [world.client(), other.serve(linli_api::Options::default()).await];
        by_offer(world, &doors).await;
        other.end().await;
    }

    async fn a_hundred_take_it_from_the_board_at_two_processes(world) {
        let mut other = world.another().await;
        let doors = [world.client(), other.serve(linli_api::Options::default()).await];
        from_the_board(world, &doors).await;
        other.end().await;
    }

    async fn it_is_called_off_at_one_process_and_taken_at_another(world) {
        let mut other = world.another().await;
        let doors = [world.client(), other.serve(linli_api::Options::default()).await];
        with_cancelling(world, &doors).await;
        other.end().await;
    }

    async fn staff_send_at_one_process_what_is_taken_at_another(world) {
        let mut other = world.another().await;
        let doors = [world.client(), other.serve(linli_api::Options::default()).await];
        with_sending(world, &doors).await;
        other.end().await;
    }

    async fn looked_for_by_two_processes_is_one_wave(world) {
        let other = world.another().await;
        with_many_looking(world, &[&world.app, &other.app]).await;
        other.end().await;
    }

    async fn limits_hold_across_two_processes(world) {
        let mut other = world.another().await;
        let doors = [world.client(), other.serve(linli_api::Options::default()).await];
        over_the_limit(world, &doors, 1).await;
        other.end().await;
    }

    async fn hours_are_given_once_across_two_processes(world) {
        let mut other = world.another().await;
        let doors = [world.client(), other.serve(linli_api::Options::default()).await];
        the_same_hours(world, &doors).await;
        other.end().await;
    }
}

fn unguarded(parts: &mut Parts) {
    parts.store = parts.store.clone().without_guard();
    parts.desk_store = parts.desk_store.clone().without_guard();
}
