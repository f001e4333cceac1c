//! Seats in events, terms and groups.

use linli_domain::id::{OfferingId, SessionId};
use linli_domain::platform::AgeRange;
use linli_domain::session::Form;
use linli_domain::time::Span;
use serde_json::{Value, json};

use super::{book, booking, id, look, step};
use crate::harness::people::{HE, LIN};
use crate::harness::{Offer, Seats, on_both};

fn seat((offering, session): (OfferingId, SessionId), if_full: &str) -> Value {
    json!({ "offering_id": offering.to_string(), "session_id": session.to_string(), "if_full": if_full })
}

on_both! {
    async fn a_term_takes_every_date_of_it(world) {
        let lin = world.log_in(LIN).await;
        let class = world.session(Seats::default(), |_| {}).await;
        let mine = lin.post("/api/orders", seat(class, "refuse")).await.ok();
        assert_eq!((&mine["state"], &mine["title"]["zh"], &mine["session"]["form"]), (&json!("confirmed"), &json!("演示班"), &json!("term")));
        assert_eq!(mine["session"]["meetings"].as_array().unwrap().len(), 3);
        assert_eq!((&mine["start"], &mine["end"]), (&json!(world.at(3, "14:00").to_string()), &json!(world.at(17, "15:30").to_string())));
        lin.post("/api/orders", seat(class, "refuse")).await.refused(409, "already_in");
        // On the second date she is busy, on a day between she is not.
        let advice = world.offer(Offer { hours: ("13:00", "17:00"), days: Some(20), ..Offer::default() }, |rules| rules.opens_days_before = 30).await;
        let no = lin.post("/api/orders", booking(advice, world.at(10, "14:30"), "refuse")).await.refused(409, "person_busy");
        assert!(no["detail"].as_str().unwrap().contains("Demo class"), "{no}");
        book(&lin, advice, world.at(11, "14:30")).await;
        step(&lin, &mine, "cancel").await;
        book(&lin, advice, world.at(10, "14:30")).await;
        // And now the term collides on one of its dates, which is named.
        let no = lin.post("/api/orders", seat(class, "refuse")).await.refused(409, "person_busy");
        assert!(no["detail"].as_str().unwrap().contains("3 Dec"), "{no}");
        crate::harness::books::balance(&world.app).await;
    }

    async fn a_full_class_has_a_line_and_hands_its_seats_on(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let class = world.session(Seats { seats: 1, ..Seats::default() }, |_| {}).await;
        let taken = he.post("/api/orders", seat(class, "refuse")).await.ok();
        lin.post("/api/orders", seat(class, "refuse")).await.refused(409, "slot_full");
        let mine = lin.post("/api/orders", seat(class, "wait")).await.ok();
        assert_eq!((&mine["state"], &mine["line"]["position"]), (&json!("waiting"), &json!(1)));
        step(&he, &taken, "cancel").await;
        let held = look(&lin, &mine).await;
        assert_eq!((&held["state"], &held["held_until"]), (&json!("held"), &json!(world.at(0, "10:00").to_string())));
        he.post("/api/orders", seat(class, "refuse")).await.refused(409, "slot_full");
        let mine = step(&lin, &mine, "accept").await;
        assert_eq!(mine["state"], "confirmed");
        // A seat is given up and another one taken; it is not moved.
        let moved = json!({ "version": mine["version"], "start": world.at(3, "14:00").to_string() });
        lin.post(&format!("/api/orders/{}/move", id(&mine)), moved).await.refused(409, "not_possible_now");
        // It ends by itself, and nobody is blamed where no list was kept.
        world.clock.set(world.at(17, "15:30"));
        world.advance(Span::hours(13)).await;
        world.work().await;
        assert_eq!(look(&lin, &mine).await["state"], "fulfilled");
        crate::harness::books::balance(&world.app).await;
    }

    async fn age_counts_on_every_date(world) {
        let lin = world.log_in(LIN).await;
        let born = world.day(10).to_string().replacen("2026", "2016", 1);
        let child = json!({ "name": "演示孩子", "birth_date": born, "relation": "mother", "consent_under_14": true });
        let child = lin.post("/api/me/household", child).await.ok()["id"].clone();
        // Ten on the second date, nine on the first.
        let ten = AgeRange { min: Some(10), max: Some(12) };
        let class = world.session(Seats { age: Some(ten), ..Seats::default() }, |_| {}).await;
        let mut asked = seat(class, "refuse");
        asked["subject_id"] = child;
        let no = lin.post("/api/orders", asked).await.refused(422, "too_young_on_a_day");
        assert!(no["detail"].as_str().unwrap().contains("26 Nov"), "{no}");
        lin.post("/api/orders", seat(class, "refuse")).await.refused(422, "too_old_on_a_day");
    }

    async fn a_group_is_joined_and_left_at_any_time(world) {
        let lin = world.log_in(LIN).await;
        let troupe = world.session(Seats { kind: "culture.dance_troupe", form: Form::Group, meetings: &[(-7, "19:00"), (2, "19:00"), (9, "19:00")], ..Seats::default() }, |_| {}).await;
        let mine = lin.post("/api/orders", seat(troupe, "refuse")).await.ok();
        assert_eq!((&mine["state"], &mine["start"]), (&json!("confirmed"), &json!(world.at(2, "19:00").to_string())));
        world.clock.set(world.at(20, "09:00"));
        world.advance(Span::minutes(1)).await;
        world.work().await;
        let still = look(&lin, &mine).await;
        assert_eq!((&still["state"], &still["actions"]), (&json!("confirmed"), &json!(["cancel", "complain"])));
        step(&lin, &mine, "cancel").await;
        crate::harness::books::balance(&world.app).await;
    }
}
