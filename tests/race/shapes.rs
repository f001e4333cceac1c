//! Rooms, seats and series under pressure.

use std::collections::BTreeMap;

use futures::future::join_all;
use linli_application::Failure;
use linli_application::orders::act::{Ask, Side};
use linli_application::orders::place::PlaceRequest;
use linli_application::orders::series::SeriesRequest;
use linli_application::orders::target::Wanted;
use linli_domain::id::{OfferingId, SessionId};
use linli_domain::time::Instant;
use linli_store::booking::orders;

use crate::harness::books::{balance, count, rows};
use crate::harness::{Room, Seats, clock, on_both};

fn request(offering: OfferingId, wanted: Wanted, wait: bool) -> PlaceRequest {
    let form = BTreeMap::from([("purpose".to_owned(), "排练".to_owned()), ("people".to_owned(), "9".to_owned())]);
    let form = if matches!(wanted, Wanted::Run { .. }) { form } else { BTreeMap::new() };
    PlaceRequest { offering, wanted, subject: None, course: None, wait, form }
}

fn run(start: Instant, end: Instant) -> Wanted {
    Wanted::Run { start, end, unit: None }
}

fn seat(id: SessionId) -> Wanted {
    Wanted::Session { id }
}

on_both! {
    async fn everybody_wants_the_two_rooms_at_overlapping_times(world) {
        let (rooms, _) = world.room(Room { units: &["一号室", "二号室"], ..Room::default() }, |rules| rules.gap_minutes = 15).await;
        let people = world.residents(60).await;
        let asked = people.iter().enumerate().map(|(n, actor)| {
            let from = 9 * 60 + 30 * (n as i32 % 8);
            let start = world.day(1).at(linli_domain::time::TimeOfDay(from as u16));
            let end = world.day(1).at(linli_domain::time::TimeOfDay(from as u16 + 60));
            let (app, actor) = (world.app.clone(), actor.clone());
            tokio::spawn(async move { app.place(&actor, request(rooms, run(start, end), false), "room").await })
        });
        let mut won = 0;
        for answer in join_all(asked).await {
            match answer.unwrap() {
                Ok(_) => won += 1,
                Err(Failure::Refused(refusal)) => assert_eq!(refusal.code.key(), "unit_busy"),
                Err(fault) => panic!("{fault}"),
            }
        }
        // Four and a half hours in two rooms, an hour and a quarter each: between four and eight uses.
        assert!((4..=8).contains(&won), "{won}");
        assert_eq!(count(&world.app, "SELECT 1 FROM orders WHERE state = 'confirmed'").await, won);
        let uses = rows(&world.app, "SELECT unit_id, starts_at, ends_at FROM orders ORDER BY unit_id, starts_at").await;
        let uses: Vec<(i64, i64, i64)> = uses.iter().map(|row| (row.try_get("", "unit_id").unwrap(), row.try_get("", "starts_at").unwrap(), row.try_get("", "ends_at").unwrap())).collect();
        for pair in uses.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            assert!(pair[0].2 + 15 * 60_000_000 <= pair[1].1, "the gap is kept: {pair:?}");
        }
        balance(&world.app).await;
    }

    async fn five_seats_thirty_people_and_some_change_their_mind(world) {
        let (class, id) = world.session(Seats { seats: 5, ..Seats::default() }, |rules| rules.max_line = 100).await;
        let people = world.residents(30).await;
        let asked = people.iter().map(|actor| {
            let (app, actor) = (world.app.clone(), actor.clone());
            tokio::spawn(async move { (app.place(&actor, request(class, seat(id), true), "seat").await.unwrap().0, actor) })
        });
        let placed: Vec<_> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
        let state = async |state: &str| count(&world.app, &format!("SELECT 1 FROM orders WHERE state = '{state}'")).await;
        assert_eq!((state("confirmed").await, state("waiting").await), (5, 25));
        // Everybody with a seat gives it up at once; five others are handed theirs.
        let left = placed.iter().map(|(order, actor)| {
            let (app, actor, order) = (world.app.clone(), actor.clone(), *order);
            tokio::spawn(async move {
                let now = orders::one(app.store.reads(), order).await.unwrap().unwrap();
                if now.line_number.is_none() {
                    app.ask(&actor, order, now.version, Ask::Cancel { reason: None }, Side::Resident, "leave").await.unwrap();
                }
            })
        });
        for done in join_all(left).await {
            done.unwrap();
        }
        world.work().await;
        assert_eq!((state("cancelled").await, state("held").await, state("waiting").await), (5, 5, 20));
        balance(&world.app).await;
    }

    async fn two_want_the_room_every_week(world) {
        let (room, _) = world.room(Room::default(), |_| {}).await;
        let people = world.residents(6).await;
        let (first, last) = (world.day(1), world.day(16));
        let asked = people.iter().map(|actor| {
            let (app, actor) = (world.app.clone(), actor.clone());
            let series = SeriesRequest {
                offering: room,
                unit: None,
                subject: None,
                weekdays: vec![2],
                from: clock("19:00"),
                to: Some(clock("21:00")),
                first_day: first,
                last_day: last,
                form: request(room, run(Instant(0), Instant(1)), false).form,
                rest_is_fine: false,
            };
            tokio::spawn(async move { app.place_series(&actor, series, "weekly").await })
        });
        let mut won = 0;
        for answer in join_all(asked).await {
            match answer.unwrap() {
                Ok(made) => {
                    assert_eq!((made.made.len(), made.failed.len()), (3, 0));
                    won += 1;
                }
                Err(failure) => assert_eq!(failure.refusal().code.key(), "series_partly_taken"),
            }
        }
        assert_eq!(won, 1, "all of it, or nothing of it");
        assert_eq!(count(&world.app, "SELECT 1 FROM orders").await, 3);
        balance(&world.app).await;
    }
}
