//! Waiting in line.

use linli_domain::time::Span;
use serde_json::json;

use super::{book, book_or_wait, id, inbox, look, step};
use crate::harness::books::balance;
use crate::harness::{Client, Offer, World, on_both};

async fn people(world: &World, count: usize) -> Vec<Client> {
    let mut clients = Vec::new();
    for actor in world.residents(count).await {
        clients.push(world.client_of(&actor).await);
    }
    clients
}

on_both! {
    async fn a_held_place_that_nobody_takes_goes_to_the_next(world) {
        let offering = world.offer(Offer { capacity: 1, ..Offer::default() }, |_| {}).await;
        let start = world.at(1, "09:30");
        let clients = people(world, 4).await;
        let first = book(&clients[0], offering, start).await;
        let mut waiting = Vec::new();
        for client in &clients[1..] {
            waiting.push(book_or_wait(client, offering, start).await);
        }
        let positions: Vec<_> = waiting.iter().map(|order| order["line"]["position"].as_i64().unwrap()).collect();
        assert_eq!(positions, [1, 2, 3]);
        step(&clients[0], &first, "cancel").await;
        let held = look(&clients[1], &waiting[0]).await;
        assert_eq!((&held["state"], &held["held_until"], &held["actions"]), (&json!("held"), &json!("2026-11-23T10:00:00+08:00"), &json!(["accept", "decline", "complain"])));
        assert_eq!(look(&clients[2], &waiting[1]).await["line"], json!({ "position": 1, "waiting": 2 }));

        // An hour later it is theirs no more, even before the worker has been there.
        world.advance(Span::hours(1)).await;
        let late = clients[1].post(&format!("/api/orders/{}/accept", id(&held)), json!({ "version": held["version"] })).await;
        late.refused(409, "hold_ended");
        world.work().await;
        assert_eq!(look(&clients[1], &held).await["state"], "expired");
        assert_eq!(inbox(&clients[1]).await[0], "order.expired");
        assert_eq!(look(&clients[2], &waiting[1]).await["state"], "held");

        // The second lets it go, the third takes it.
        assert_eq!(step(&clients[2], &waiting[1], "decline").await["state"], "cancelled");
        let third = step(&clients[3], &waiting[2], "accept").await;
        assert_eq!(third["state"], "confirmed");
        assert!(third["check_in_code"].is_string());
        // The one whose place ran out may join again.
        assert_eq!(book_or_wait(&clients[1], offering, start).await["line"]["position"], 1);
        balance(&world.app).await;
    }

    async fn a_line_ends_when_its_time_has_come(world) {
        let offering = world.offer(Offer { capacity: 1, ..Offer::default() }, |_| {}).await;
        let start = world.at(1, "09:30");
        let clients = people(world, 2).await;
        book(&clients[0], offering, start).await;
        let waiting = book_or_wait(&clients[1], offering, start).await;
        world.clock.set(start);
        world.work().await;
        assert_eq!(look(&clients[1], &waiting).await["state"], "expired");
        assert_eq!(inbox(&clients[1]).await[0], "order.expired");
        balance(&world.app).await;
    }

    async fn a_place_is_never_held_past_the_end_of_booking(world) {
        let offering = world.offer(Offer { capacity: 1, ..Offer::default() }, |_| {}).await;
        // Booking ends an hour before; a hold would last an hour.
        let start = world.at(1, "11:30");
        let clients = people(world, 3).await;
        let first = book(&clients[0], offering, start).await;
        let (second, third) = (book_or_wait(&clients[1], offering, start).await, book_or_wait(&clients[2], offering, start).await);
        world.clock.set(world.at(1, "10:10"));
        step(&clients[0], &first, "cancel").await;
        assert_eq!(look(&clients[1], &second).await["held_until"], "2026-11-24T10:30:00+08:00");
        world.clock.set(world.at(0, "10:31"));
        world.work().await;
        assert_eq!(look(&clients[1], &second).await["state"], "expired");
        assert_eq!(look(&clients[2], &third).await["state"], "waiting", "too late to be of use to the next");
        balance(&world.app).await;
    }

    async fn whoever_leaves_the_line_moves_the_others_up(world) {
        let offering = world.offer(Offer { capacity: 1, ..Offer::default() }, |_| {}).await;
        let start = world.at(1, "09:30");
        let clients = people(world, 4).await;
        book(&clients[0], offering, start).await;
        let (a, b, c) = (
            book_or_wait(&clients[1], offering, start).await,
            book_or_wait(&clients[2], offering, start).await,
            book_or_wait(&clients[3], offering, start).await,
        );
        step(&clients[2], &b, "cancel").await;
        assert_eq!(look(&clients[1], &a).await["line"], json!({ "position": 1, "waiting": 2 }));
        assert_eq!(look(&clients[3], &c).await["line"], json!({ "position": 2, "waiting": 2 }));
        balance(&world.app).await;
    }
}
