//! One story for each platform whose services are booked here, from finding to the end. The clinic has a file of its
//! own; what comes to the door and what is confidential is not booked here.

use linli_domain::time::Span;
use serde_json::{Value, json};

use super::{at_desk, id, look, step};
use crate::harness::people::{DISTRICT, HE, LIN};
use crate::harness::{Client, World, on_both};

/// The offering of a kind as somebody finds it who taps platform and kind.
async fn find(client: &Client, kind: &str, note: &str) -> Value {
    let found = client.get(&format!("/api/offerings?kind={kind}")).await.ok();
    let wanted = |one: &&Value| note.is_empty() || one["note"]["zh"].as_str().is_some_and(|zh| zh.contains(note));
    found["items"].as_array().unwrap().iter().find(wanted).unwrap_or_else(|| panic!("no {kind} {note}")).clone()
}

/// The session with a title, with the offering it belongs to.
async fn session(world: &World, title: &str) -> Value {
    let catalogue = world.app.catalogue().await.unwrap();
    let now = world.app.now();
    let found = catalogue.sessions.values().filter(|one| one.title.zh == title);
    let next = found.filter(|one| one.span().is_some_and(|(first, _)| first > now)).min_by_key(|one| one.span());
    let next = next.unwrap_or_else(|| panic!("the demo has no {title}"));
    json!({ "offering_id": next.offering.to_string(), "session_id": next.id.to_string(), "if_full": "refuse" })
}

on_both! {
    async fn eldercare_lunch_at_the_canteen(world) {
        let (he, staff) = (world.log_in(HE).await, world.log_in(DISTRICT).await);
        let canteen = find(&he, "eldercare.canteen_meal", "午餐").await;
        let wish = json!({ "offering_id": canteen["id"], "start": world.at(1, "11:00").to_string(), "if_full": "refuse" });
        let lunch = he.post("/api/orders", wish).await.ok();
        assert_eq!((&lunch["state"], &lunch["kind"]), (&json!("confirmed"), &json!("eldercare.canteen_meal")));
        world.clock.set(world.at(1, "10:55"));
        at_desk(&staff, &lunch, "check-in").await;
        at_desk(&staff, &lunch, "done").await;
        assert_eq!(step(&he, &lunch, "agree").await["state"], "closed");
        crate::harness::books::balance(&world.app).await;
    }

    async fn education_a_child_in_a_painting_term(world) {
        let lin = world.log_in(LIN).await;
        let child = lin.get("/api/me").await.ok()["household"][0].clone();
        let mut wish = session(world, "儿童画（6–12岁）").await;
        // It is for children: her mother may not have a seat of her own.
        lin.post("/api/orders", wish.clone()).await.refused(422, "too_old_on_a_day");
        wish["subject_id"] = child["id"].clone();
        let term = lin.post("/api/orders", wish).await.ok();
        assert_eq!((&term["state"], &term["subject"]["name"]), (&json!("confirmed"), &child["name"]));
        assert_eq!(term["session"]["meetings"].as_array().unwrap().len(), 10);
        assert!(term["by_for"]["zh"].as_str().unwrap().contains("林一"), "{}", term["by_for"]);
        assert_eq!(step(&lin, &term, "cancel").await["state"], "cancelled");
        crate::harness::books::balance(&world.app).await;
    }

    async fn security_an_hour_with_the_officer(world) {
        let (lin, staff) = (world.log_in(LIN).await, world.log_in(DISTRICT).await);
        let room = find(&lin, "security.police_room", "").await;
        let days = lin.get(&format!("/api/offerings/{}/days?days=7", room["id"].as_str().unwrap())).await.ok();
        let day = days["items"].as_array().unwrap().iter().find(|day| day["left"] == "many").unwrap()["day"].clone();
        let slots = lin.get(&format!("/api/offerings/{}/slots?day={}", room["id"].as_str().unwrap(), day.as_str().unwrap())).await.ok();
        let start = slots["items"].as_array().unwrap().iter().find(|slot| slot["bookable"] == true).unwrap()["start"].clone();
        let wish = json!({ "offering_id": room["id"], "start": start, "if_full": "refuse", "form": { "matter": "楼道堆物" } });
        let visit = lin.post("/api/orders", wish).await.ok();
        assert_eq!(visit["form"][0]["value"], "楼道堆物");
        // The desk gives it up for her on the phone, and says so.
        let gone = json!({ "version": 1, "reason": "民警出警" });
        staff.post(&format!("/api/desk/orders/{}/cancel", id(&visit)), gone).await.ok();
        assert_eq!(look(&lin, &visit).await["state"], "cancelled");
    }

    async fn mediation_a_room_to_talk(world) {
        let (lin, staff) = (world.log_in(LIN).await, world.log_in(DISTRICT).await);
        let room = find(&lin, "mediation.mediation_room", "").await;
        assert_eq!((&room["shape"], &room["resource"]["approval"], &room["resource"]["gap_minutes"]), (&json!("resource"), &json!(true), &json!(15)));
        let wish = json!({
            "offering_id": room["id"], "start": world.at(1, "14:00").to_string(), "end": world.at(1, "15:30").to_string(),
            "if_full": "refuse", "form": { "people": "4" },
        });
        let asked = lin.post("/api/orders", wish).await.ok();
        assert_eq!(asked["state"], "requested");
        at_desk(&staff, &asked, "approve").await;
        assert_eq!(look(&lin, &asked).await["state"], "confirmed");
        crate::harness::books::balance(&world.app).await;
    }

    async fn culture_one_seat_and_a_line(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let mut wish = session(world, "剪纸一对一").await;
        let taken = lin.post("/api/orders", wish.clone()).await.ok();
        he.post("/api/orders", wish.clone()).await.refused(409, "slot_full");
        wish["if_full"] = json!("wait");
        let waiting = he.post("/api/orders", wish).await.ok();
        assert_eq!((&waiting["state"], &waiting["title"]["zh"]), (&json!("waiting"), &json!("剪纸一对一")));
        step(&lin, &taken, "cancel").await;
        assert_eq!(look(&he, &waiting).await["state"], "held");
        assert_eq!(step(&he, &waiting, "accept").await["state"], "confirmed");
        crate::harness::books::balance(&world.app).await;
    }

    async fn property_advice_moved_to_another_day(world) {
        let lin = world.log_in(LIN).await;
        let office = find(&lin, "property.advice", "").await;
        let wish = json!({ "offering_id": office["id"], "start": world.at(1, "09:00").to_string(), "if_full": "refuse" });
        let visit = lin.post("/api/orders", wish).await.ok();
        let moved = json!({ "version": 1, "start": world.at(2, "09:00").to_string() });
        let visit = lin.post(&format!("/api/orders/{}/move", id(&visit)), moved).await.ok();
        assert_eq!(visit["start"], world.at(2, "09:00").to_string());
        world.clock.set(world.at(2, "12:00"));
        world.advance(Span::minutes(1)).await;
        world.work().await;
        assert_eq!(look(&lin, &visit).await["state"], "no_show");
    }
}
