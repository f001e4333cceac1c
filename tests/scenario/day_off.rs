//! A doctor's day off (停诊).

use futures::FutureExt;
use linli_domain::id::{ExceptionId, JobId};
use linli_domain::phone::Phone;
use linli_domain::slot::Exception;
use linli_domain::time::Span;
use linli_store::catalogue::{self as tables, Authored};
use linli_store::jobs::{self, NewJob};
use linli_store::people::persons;
use serde_json::json;

use super::{book, book_or_wait, booking, inbox, look, step};
use crate::harness::books::{balance, count};
use crate::harness::people::DISTRICT;
use crate::harness::{Client, Offer, World, clock, on_both};

async fn people(world: &World, count: usize) -> Vec<(Client, Phone)> {
    let mut clients = Vec::new();
    for actor in world.residents(count).await {
        let phone = persons::phone(world.app.store.reads(), actor.person).await.unwrap().unwrap();
        clients.push((world.client_of(&actor).await, phone));
    }
    clients
}

on_both! {
    async fn everybody_hit_is_offered_the_next_place_before_others_or_told_that_there_is_none(world) {
        // Two places at each of two times; the offering lasts for two more days, and tomorrow alone is open.
        let offer = Offer { capacity: 2, hours: ("09:00", "10:00"), days: Some(2), ..Offer::default() };
        let offering = world.offer(offer, |rules| rules.opens_days_before = 1).await;
        let people = people(world, 8).await;
        let mut hit = Vec::new();
        for (n, (client, _)) in people[..4].iter().enumerate() {
            hit.push(book(client, offering, world.at(1, ["09:00", "09:30"][n / 2])).await);
        }
        let waiting = book_or_wait(&people[4].0, offering, world.at(1, "09:00")).await;
        let desk = world.log_in(DISTRICT).await;
        people[5].0.post("/api/orders", booking(offering, world.at(2, "09:00"), "refuse")).await.refused(409, "slot_not_open");

        let ask = format!("/api/desk/closures/preview?offering={offering}&day={}", world.day(1));
        assert_eq!(desk.get(&ask).await.ok(), json!({ "orders": 4, "movable": 4 }));
        let closure = json!({ "offering_id": offering.to_string(), "day": world.day(1).to_string(), "reason": "医生外出进修" });
        let done = desk.post_with_key("/api/desk/closures", "off", closure.clone()).await.ok();
        assert_eq!((&done["moved"], &done["cancelled"]), (&json!(4), &json!(1)));
        let again = desk.post_with_key("/api/desk/closures", "off", closure).await.ok();
        assert_eq!(again["exception_id"], done["exception_id"], "once, however often it is sent");
        assert_eq!((&again["moved"], &again["cancelled"]), (&json!(0), &json!(0)));

        // The next day's places are held for them, in the order in which they had booked: nobody else can book it yet.
        for (n, order) in hit.iter().enumerate() {
            let held = look(&people[n].0, order).await;
            assert_eq!((&held["state"], held["start"].as_str()), (&json!("held"), Some(["2026-11-25T09:00:00+08:00", "2026-11-25T09:30:00+08:00"][n / 2])));
            assert_eq!(held["held_until"], "2026-11-24T09:00:00+08:00", "a day to answer");
        }
        people[5].0.post("/api/orders", booking(offering, world.at(2, "09:00"), "refuse")).await.refused(409, "slot_not_open");
        assert_eq!(look(&people[4].0, &waiting).await["state"], "cancelled");

        // Everybody hears of it by more than the inbox.
        world.work().await;
        for (n, (client, phone)) in people[..5].iter().enumerate() {
            let topic = if n < 4 { "displaced" } else { "cancelled" };
            assert_eq!(inbox(client).await[0], format!("order.{topic}"), "person {n}");
            assert_eq!(world.texted(phone), [format!("order_{topic}")], "person {n}");
        }
        let notice = people[0].0.get("/api/notices?limit=1").await.ok()["items"][0].clone();
        let body = notice["body"]["en"].as_str().unwrap();
        assert!(body.contains("Tue 24 Nov, 9:00 am") && body.contains("Wed 25 Nov, 9:00 am"), "{body}");

        // One accepts, one lets it go, two are silent.
        assert_eq!(step(&people[0].0, &hit[0], "accept").await["state"], "confirmed");
        assert_eq!(step(&people[1].0, &hit[1], "decline").await["state"], "cancelled");
        world.advance(Span::hours(24)).await;
        world.work().await;
        assert_eq!(look(&people[2].0, &hit[2]).await["state"], "expired");
        assert_eq!(world.texted(&people[2].1), ["order_displaced", "order_expired"]);
        balance(&world.app).await;
    }

    async fn where_none_is_left_orders_are_cancelled_and_people_told(world) {
        let offer = Offer { capacity: 1, hours: ("09:00", "10:00"), days: Some(2), ..Offer::default() };
        let offering = world.offer(offer, |_| {}).await;
        let people = people(world, 4).await;
        let (first, second) = (book(&people[0].0, offering, world.at(1, "09:00")).await, book(&people[1].0, offering, world.at(1, "09:30")).await);
        // Of the two places of the next day one is taken.
        book(&people[2].0, offering, world.at(2, "09:00")).await;
        let desk = world.log_in(DISTRICT).await;
        let ask = format!("/api/desk/closures/preview?offering={offering}&day={}", world.day(1));
        assert_eq!(desk.get(&ask).await.ok(), json!({ "orders": 2, "movable": 1 }));
        let closure = json!({ "offering_id": offering.to_string(), "day": world.day(1).to_string(), "reason": "停电" });
        let done = desk.post("/api/desk/closures", closure).await.ok();
        assert_eq!((&done["moved"], &done["cancelled"]), (&json!(1), &json!(1)));
        assert_eq!(look(&people[0].0, &first).await["start"], "2026-11-25T09:30:00+08:00");
        let gone = look(&people[1].0, &second).await;
        assert_eq!((&gone["state"], &gone["timeline"][1]["by"]["zh"]), (&json!("cancelled"), &json!("服务机构")));
        world.work().await;
        assert_eq!(world.texted(&people[1].1), ["order_cancelled"]);
        balance(&world.app).await;
    }

    async fn a_time_that_has_begun_is_cancelled_and_nobody_is_blamed(world) {
        // The doctor is called away at ten past nine, and there is nothing else this week.
        let offer = Offer { capacity: 2, hours: ("09:00", "10:00"), days: Some(1), ..Offer::default() };
        let offering = world.offer(offer, |_| {}).await;
        let people = people(world, 2).await;
        let (begun, later) = (book(&people[0].0, offering, world.at(1, "09:00")).await, book(&people[1].0, offering, world.at(1, "09:30")).await);
        world.clock.set(world.at(1, "09:10"));
        let desk = world.log_in(DISTRICT).await;
        let closure = json!({ "offering_id": offering.to_string(), "day": world.day(0).to_string(), "reason": "急诊" });
        let done = desk.post("/api/desk/closures", closure).await.ok();
        assert_eq!((&done["moved"], &done["cancelled"]), (&json!(0), &json!(2)));
        world.clock.set(world.at(0, "12:00"));
        world.work().await;
        for (n, order) in [begun, later].iter().enumerate() {
            assert_eq!(look(&people[n].0, order).await["state"], "cancelled");
            assert_eq!(world.texted(&people[n].1), ["order_cancelled"]);
        }
        assert_eq!(count(&world.app, "SELECT 1 FROM strikes").await, 0);
        balance(&world.app).await;
    }

    async fn part_of_a_day_leaves_the_rest(world) {
        let offering = world.offer(Offer::default(), |_| {}).await;
        let people = people(world, 2).await;
        let early = book(&people[0].0, offering, world.at(1, "09:30")).await;
        let late = book(&people[1].0, offering, world.at(1, "11:00")).await;
        let desk = world.log_in(DISTRICT).await;
        let closure = json!({ "offering_id": offering.to_string(), "day": world.day(1).to_string(), "from": "09:00", "to": "10:00", "reason": "开会" });
        desk.post("/api/desk/closures", closure).await.ok();
        let moved = look(&people[0].0, &early).await;
        assert_eq!((&moved["state"], &moved["start"]), (&json!("held"), &json!("2026-11-24T10:00:00+08:00")), "the same morning");
        assert_eq!(look(&people[1].0, &late).await["version"], 1);
        balance(&world.app).await;
    }

    async fn a_process_that_stops_half_way_is_made_good_by_the_job(world) {
        // The closure is written down, and the process is gone before anybody was looked after.
        let offering = world.offer(Offer::default(), |_| {}).await;
        let people = people(world, 1).await;
        let order = book(&people[0].0, offering, world.at(1, "09:30")).await;
        let (day, now, author) = (world.day(1), world.app.now(), world.staff(DISTRICT).await.account);
        let exception = Exception { day, from: clock("00:00"), to: clock("24:00"), extra: None };
        let authored = Authored { author, at: now, reason: "停诊".into() };
        let (id, job) = (ExceptionId(world.app.next_id()), JobId(world.app.next_id()));
        let rest = NewJob {
            id: job,
            kind: "closure.finish".into(),
            payload: json!({ "offering": offering, "day": day }),
            unique_key: None,
            run_at: now + Span::minutes(1),
            created_at: now,
        };
        let written = world.app.store.write(move |tx| {
            async move {
                tables::insert_exception(tx, id, offering, &exception, &authored).await?;
                tables::touch(tx).await?;
                jobs::enqueue(tx, &[rest]).await
            }
            .boxed()
        });
        assert_eq!(written.await.unwrap(), 1);
        world.advance(Span::minutes(2)).await;
        world.work().await;
        let held = look(&people[0].0, &order).await;
        assert_eq!((&held["state"], &held["start"]), (&json!("held"), &json!("2026-11-25T09:00:00+08:00")));
        balance(&world.app).await;
    }
}
