//! The next visit of a course and the last place of a panel, wanted by many at once.

use std::collections::BTreeMap;

use futures::future::join_all;
use linli_application::contracts::NewContract;
use linli_application::courses::Elsewhere;
use linli_application::orders::place::PlaceRequest;
use linli_application::{App, Failure};
use linli_domain::claim::PoolKey;
use linli_domain::course::{CourseKey, Had};
use linli_domain::role::Actor;

use crate::harness::books::{balance, count, pool};
use crate::harness::people::CLINIC_DESK;
use crate::harness::{Offer, World, on_both, on_postgres, wish};

const COURSE: &str = "medical.vaccination/hepatitis_b";

fn key() -> CourseKey {
    COURSE.parse().unwrap()
}

/// What came of everybody's request: how many had it, and the codes of the others.
fn outcome<T>(answers: Vec<Result<T, Failure>>) -> (usize, BTreeMap<&'static str, usize>) {
    let mut refused = BTreeMap::new();
    let mut won = 0;
    for answer in answers {
        match answer {
            Ok(_) => won += 1,
            Err(Failure::Refused(refusal)) => *refused.entry(refusal.code.key()).or_default() += 1,
            Err(fault) => panic!("{fault}"),
        }
    }
    (won, refused)
}

/// One person books the same visit at two clinics and many times at once.
async fn rush(world: &World, doors: &[&App], actor: &Actor) -> (usize, BTreeMap<&'static str, usize>) {
    let mut clinics = Vec::new();
    for beside in ["shuiyuesi_vaccination", "nanhuan_vaccination"] {
        let offer = Offer { kind: "medical.vaccination", beside, capacity: 50, ..Offer::default() };
        clinics.push(world.offer(offer, |_| {}).await);
    }
    let asked = (0..24).map(|n: usize| {
        let day = i32::try_from(1 + n % 6).unwrap();
        let request = PlaceRequest { course: Some(key()), ..wish(clinics[n % 2], world.at(day, "09:30")) };
        let (app, actor) = (doors[n % doors.len()].clone(), actor.clone());
        tokio::spawn(async move { app.place(&actor, request, &format!("dose-{n}")).await })
    });
    outcome(join_all(asked.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect())
}

async fn one_visit_is_booked(world: &World, (won, refused): (usize, BTreeMap<&'static str, usize>)) {
    assert_eq!(won, 1, "{refused:?}");
    assert_eq!(refused.values().sum::<usize>(), 23);
    let known = ["course_visit_booked", "limit_open", "limit_per_day", "person_busy", "limit_per_week"];
    assert!(refused.keys().all(|code| known.contains(code)), "{refused:?}");
    assert!(refused.contains_key("course_visit_booked"), "{refused:?}");
    assert_eq!(count(&world.app, "SELECT 1 FROM courses").await, 1, "and joined once");
    assert_eq!(count(&world.app, "SELECT 1 FROM orders WHERE course_visit = 1").await, 1);
    balance(&world.app).await;
}

/// Everybody wants to be on a small panel.
async fn crowd(world: &World, doors: &[&App]) {
    let offer =
        Offer { kind: "medical.family_doctor", beside: "shuiyuesi_family_doctor", capacity: 5, ..Offer::default() };
    let offering = world.offer(offer, |_| {}).await;
    let people = world.residents(40).await;
    // Each asks twice.
    let asked = people.iter().chain(&people).enumerate().map(|(n, actor)| {
        let (app, actor) = (doors[n % doors.len()].clone(), actor.clone());
        let new = NewContract { offering, person: actor.person, group: "general".into() };
        tokio::spawn(async move { app.ask_for_contract(&actor, new).await })
    });
    let answers = join_all(asked.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect();
    let (won, refused) = outcome(answers);
    assert_eq!(won, 5, "{refused:?}");
    assert!(refused.keys().all(|code| matches!(*code, "panel_full" | "contract_exists")), "{refused:?}");
    assert_eq!(pool(&world.app, &PoolKey::panel(offering)).await.taken, 5);
    assert_eq!(count(&world.app, "SELECT DISTINCT person_id FROM contracts").await, 5);
    balance(&world.app).await;
}

on_both! {
    async fn one_visit_wanted_many_times_is_booked_once(world) {
        let actor = world.resident().await;
        let outcome = rush(world, &[&world.app], &actor).await;
        one_visit_is_booked(world, outcome).await;
    }

    async fn a_visit_is_had_here_or_elsewhere_never_both(world) {
        let clinic = world.offer(Offer { kind: "medical.vaccination", beside: "shuiyuesi_vaccination", capacity: 50, ..Offer::default() }, |_| {}).await;
        let staff = world.staff(CLINIC_DESK).await;
        for actor in world.residents(8).await {
            let request = PlaceRequest { course: Some(key()), ..wish(clinic, world.at(1, "09:30")) };
            let elsewhere = Elsewhere { key: key(), had: Had { number: 1, day: world.day(0) }, note: "接种证".into() };
            let (placed, recorded) = futures::join!(
                world.app.place(&actor, request, "dose"),
                world.app.record_visit(&staff, actor.person, elsewhere),
            );
            let both = [placed.map(drop), recorded.map(drop)];
            let (won, refused) = outcome(both.into());
            assert_eq!(won, 1, "{refused:?}");
            assert!(refused.keys().all(|code| matches!(*code, "course_visit_booked" | "course_too_early" | "stale_version")), "{refused:?}");
        }
        let doubles = "SELECT 1 FROM course_visits v JOIN orders o ON o.course_id = v.course_id AND o.course_visit = v.number WHERE v.order_id IS NULL AND o.state = 'confirmed'";
        assert_eq!(count(&world.app, doubles).await, 0);
        balance(&world.app).await;
    }

    async fn the_last_places_of_a_panel(world) {
        crowd(world, &[&world.app]).await;
    }
}

// Several processes are safe only by the database's locks.
on_postgres! {
    async fn two_processes_book_one_visit(world) {
        let (actor, other) = (world.resident().await, world.another().await);
        let outcome = rush(world, &[&world.app, &other.app], &actor).await;
        one_visit_is_booked(world, outcome).await;
        other.end().await;
    }

    async fn two_processes_share_a_panel(world) {
        let other = world.another().await;
        crowd(world, &[&world.app, &other.app]).await;
        other.end().await;
    }
}
