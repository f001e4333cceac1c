//! Three doses of a vaccine: each at its time, here or elsewhere.

use linli_domain::id::OfferingId;
use linli_domain::time::{Instant, Span};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{at_desk, booking, id, inbox, look, step};
use crate::harness::people::{CLINIC_DESK, HE, LIN};
use crate::harness::{Client, Offer, START, World, clock, on_both};

/// Three doses: the second 28 to 60 days after the first, the third 120 to 210 days after the second.
const COURSE: &str = "medical.vaccination/hepatitis_b";

/// A clinic that vaccinates every day and takes bookings three months ahead.
async fn clinic(world: &World) -> OfferingId {
    let offer = Offer {
        kind: "medical.vaccination",
        beside: "shuiyuesi_vaccination",
        hours: ("08:00", "11:30"),
        capacity: 3,
        ..Offer::default()
    };
    world.offer(offer, |rules| rules.opens_days_before = 90).await
}

/// So many days after the beginning of every test, at a time.
fn on(days: i32, time: &str) -> Instant {
    START.day().plus(days).at(clock(time))
}

fn dose(offering: OfferingId, start: Instant) -> Value {
    let mut wish = booking(offering, start, "refuse");
    wish["course"] = json!(COURSE);
    wish
}

async fn book_dose(client: &Client, offering: OfferingId, start: Instant) -> Value {
    client.post("/api/orders", dose(offering, start)).await.expect(StatusCode::CREATED)
}

/// It is the day of a booking: they come and are served.
async fn have(world: &World, order: &Value) {
    let start: Instant = order["start"].as_str().unwrap().parse().unwrap();
    world.clock.set(start - Span::minutes(10));
    let desk = world.client_of(&world.staff(CLINIC_DESK).await).await;
    at_desk(&desk, order, "check-in").await;
    at_desk(&desk, order, "done").await;
    world.work().await;
}

/// The newest course of somebody.
async fn course(client: &Client) -> Value {
    client.get("/api/courses").await.ok()["items"][0].clone()
}

fn states(course: &Value) -> Vec<&str> {
    course["visits"].as_array().unwrap().iter().map(|visit| visit["state"].as_str().unwrap()).collect()
}

on_both! {
    async fn three_doses_each_in_its_window(world) {
        let offering = clinic(world).await;
        let actor = world.staff(LIN).await;
        let lin = world.client_of(&actor).await;

        // With the first dose she joins the course.
        let first = book_dose(&lin, offering, on(1, "08:00")).await;
        assert_eq!((&first["course"]["visit"], &first["course"]["visits"], &first["course"]["key"]), (&json!(1), &json!(3), &json!(COURSE)));
        assert_eq!(first["title"]["en"], "Hepatitis B, adults, visit 1");
        assert_eq!(states(&course(&lin).await), ["booked", "later", "later"]);
        let no = lin.post("/api/orders", dose(offering, on(2, "08:00"))).await.refused(409, "course_visit_booked");
        assert!(no["detail"].as_str().unwrap().contains("Tue 24 Nov"), "{no}");

        // Had on Tuesday 24 November: the second may be from 22 December to 23 January, and is proposed.
        have(world, &first).await;
        let now = course(&lin).await;
        assert_eq!(states(&now), ["done", "due", "later"]);
        assert_eq!((&now["next"]["earliest"], &now["next"]["latest"]), (&json!("2026-12-22"), &json!("2027-01-23")));
        assert_eq!(now["next"]["proposed"]["offering_id"], offering.to_string());
        assert_eq!(now["next"]["proposed"]["start"], "2026-12-22T08:00:00+08:00");
        assert!(inbox(&lin).await.contains(&"course.next".to_owned()));
        let told = lin.get("/api/notices?limit=100").await.ok();
        let told = told["items"].as_array().unwrap().iter().find(|notice| notice["topic"] == "course.next").unwrap().clone();
        assert!(told["body"]["zh"].as_str().unwrap().contains("第2次可在12月22日 周二至1月23日 周六之间预约"), "{told}");

        // Too early is refused to everybody, too late only to herself.
        let early = lin.post("/api/orders", dose(offering, on(28, "08:00"))).await.refused(409, "course_too_early");
        assert!(early["detail"].as_str().unwrap().contains("Tue 22 Dec"), "{early}");
        let late = lin.post("/api/orders", dose(offering, on(62, "08:00"))).await.refused(409, "course_too_late");
        assert!(late["detail"].as_str().unwrap().contains("0317-000"), "whom to call: {late}");
        let shown = lin.post("/api/orders/preview", json!({ "offering_id": offering.to_string(), "start": on(28, "08:00").to_string(), "course": COURSE })).await.ok();
        assert_eq!(shown["refusal"]["code"], "course_too_early");
        let desk = world.client_of(&world.staff(CLINIC_DESK).await).await;
        let at_the_desk = |days: i32| {
            let mut wish = dose(offering, on(days, "08:00"));
            wish["person_id"] = json!(actor.person.to_string());
            wish
        };
        desk.post("/api/desk/orders", at_the_desk(28)).await.refused(409, "course_too_early");
        let late = desk.post("/api/desk/orders", at_the_desk(62)).await.expect(StatusCode::CREATED);
        step(&lin, &late, "cancel").await;

        // What is booked is moved within the window, and is the same visit.
        let second = book_dose(&lin, offering, on(29, "08:00")).await;
        let to = |order: &Value, days: i32| json!({ "version": order["version"], "start": on(days, "08:30").to_string() });
        lin.post(&format!("/api/orders/{}/move", id(&second)), to(&second, 28)).await.refused(409, "course_too_early");
        lin.post(&format!("/api/orders/{}/move", id(&second)), to(&second, 62)).await.refused(409, "course_too_late");
        let second = lin.post(&format!("/api/orders/{}/move", id(&second)), to(&second, 30)).await.ok();
        assert_eq!(second["course"]["visit"], 2);
        lin.post("/api/orders", dose(offering, on(31, "08:00"))).await.refused(409, "course_visit_booked");
        crate::harness::books::balance(&world.app).await;

        // Given up and booked again, missed and booked again.
        step(&lin, &second, "cancel").await;
        assert_eq!(states(&course(&lin).await), ["done", "due", "later"]);
        let second = book_dose(&lin, offering, on(30, "08:00")).await;
        world.clock.set(on(30, "11:00"));
        let (desk, lin) = (world.client_of(&world.staff(CLINIC_DESK).await).await, world.client_of(&actor).await);
        at_desk(&desk, &second, "no-show").await;
        assert_eq!(states(&course(&lin).await), ["done", "due", "later"]);
        let second = book_dose(&lin, offering, on(31, "08:00")).await;
        have(world, &second).await;
        assert_eq!(course(&lin).await["next"]["earliest"], "2027-04-23");

        // The third one she had elsewhere; the desk writes it down.
        let person = format!("/api/desk/people/{}/courses", actor.person);
        let elsewhere = |visit: u32, day: &str| json!({ "key": COURSE, "visit": visit, "day": day, "note": "外地接种，见接种证" });
        desk.post(&person, elsewhere(3, "2026-12-24")).await.refused(409, "course_too_early");
        desk.post(&person, elsewhere(2, "2026-12-24")).await.refused(409, "course_visit_not_next");
        desk.post(&person, elsewhere(3, "2027-04-23")).await.refused(422, "date_invalid");
        world.clock.set(on(160, "09:00"));
        let (desk, lin) = (world.client_of(&world.staff(CLINIC_DESK).await).await, world.client_of(&actor).await);
        let done = desk.post(&person, elsewhere(3, "2027-04-23")).await.expect(StatusCode::CREATED);
        assert_eq!((&done["state"], &done["visits"][2]["elsewhere"]), (&json!("done"), &json!(true)));
        world.work().await;
        assert!(inbox(&lin).await.contains(&"course.done".to_owned()));
        let export = lin.get("/api/me/export").await.ok();
        assert_eq!((&export["courses"][0]["state"], &export["courses"][0]["visits"][2]["day"]), (&json!("done"), &json!("2027-04-23")));
        let over = course(&lin).await;
        assert!(over["next"].is_null(), "{over}");
        assert_eq!(desk.get(&person).await.ok()["items"].as_array().unwrap().len(), 1);
        crate::harness::books::balance(&world.app).await;
    }

    async fn whoever_books_nothing_is_reminded_once_and_once_more(world) {
        let offering = clinic(world).await;
        let actor = world.staff(LIN).await;
        let lin = world.client_of(&actor).await;
        let first = book_dose(&lin, offering, on(1, "08:00")).await;
        have(world, &first).await;
        let reminders = async || {
            let lin = world.client_of(&actor).await;
            let told = inbox(&lin).await;
            told.into_iter().filter(|topic| matches!(topic.as_str(), "course.due" | "course.ends_soon")).collect::<Vec<_>>()
        };
        world.clock.set(on(29, "08:59"));
        world.work().await;
        assert!(reminders().await.is_empty());
        world.clock.set(on(29, "09:00"));
        world.work().await;
        world.work().await;
        assert_eq!(reminders().await, ["course.due"]);
        linli_application::work::run(&world.app, "course.remind", &json!({ "course": course(&world.client_of(&actor).await).await["id"], "visit": 2, "what": "opens" })).await.unwrap();
        assert_eq!(reminders().await, ["course.due"], "a job may run twice");
        world.clock.set(on(58, "09:00"));
        world.work().await;
        assert_eq!(reminders().await, ["course.ends_soon", "course.due"]);
    }

    async fn whoever_has_booked_is_left_in_peace(world) {
        let offering = clinic(world).await;
        let actor = world.staff(LIN).await;
        let lin = world.client_of(&actor).await;
        let first = book_dose(&lin, offering, on(1, "08:00")).await;
        have(world, &first).await;
        book_dose(&lin, offering, on(61, "08:00")).await;
        world.clock.set(on(58, "09:00"));
        world.work().await;
        let told = inbox(&world.client_of(&actor).await).await;
        assert!(!told.iter().any(|topic| matches!(topic.as_str(), "course.due" | "course.ends_soon")), "{told:?}");
    }

    async fn a_childs_course_is_its_guardians_matter_and_nobody_elses(world) {
        let offering = clinic(world).await;
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let child = lin.get("/api/me").await.ok()["household"][0]["id"].clone();
        let mut wish = dose(offering, on(1, "08:00"));
        wish["subject_id"] = child.clone();
        let order = lin.post("/api/orders", wish).await.expect(StatusCode::CREATED);
        let mine = lin.get(&format!("/api/courses?subject={}", child.as_str().unwrap())).await.ok();
        let path = format!("/api/courses/{}", mine["items"][0]["id"].as_str().unwrap());
        assert_eq!(mine["items"][0]["subject"]["id"], child);
        assert_eq!(lin.get(&path).await.ok()["state"], "active");
        he.get(&path).await.refused(404, "not_found");
        he.post(&format!("{path}/leave"), json!({})).await.refused(404, "not_found");
        he.get(&format!("/api/courses?subject={}", child.as_str().unwrap())).await.refused(422, "person_unknown");
        assert_eq!(he.get("/api/courses").await.ok()["items"], json!([]));

        // One leaves a course with nothing booked of it.
        lin.post(&format!("{path}/leave"), json!({})).await.refused(409, "has_open_orders");
        step(&lin, &order, "cancel").await;
        assert_eq!(lin.post(&format!("{path}/leave"), json!({})).await.ok()["state"], "left");
        lin.post(&format!("{path}/leave"), json!({})).await.refused(409, "course_over");
        assert_eq!(look(&lin, &order).await["state"], "cancelled");
    }

    async fn a_closed_morning_never_brings_a_dose_forward(world) {
        let offering = clinic(world).await;
        let actor = world.staff(LIN).await;
        let lin = world.client_of(&actor).await;
        let first = book_dose(&lin, offering, on(1, "08:00")).await;
        have(world, &first).await;
        let second = book_dose(&lin, offering, on(29, "08:00")).await;
        let desk = world.client_of(&world.staff(CLINIC_DESK).await).await;
        let closure = json!({ "offering_id": offering.to_string(), "day": START.day().plus(29).to_string(), "reason": "停电" });
        desk.post("/api/desk/closures", closure).await.expect(StatusCode::CREATED);
        world.work().await;
        let held = look(&lin, &second).await;
        assert_eq!((&held["state"], &held["start"], &held["course"]["visit"]), (&json!("held"), &json!("2026-12-23T08:00:00+08:00"), &json!(2)));
        lin.post("/api/orders", dose(offering, on(40, "08:00"))).await.refused(409, "course_visit_booked");
        crate::harness::books::balance(&world.app).await;
    }

    async fn courses_there_are_not(world) {
        let offering = clinic(world).await;
        let lin = world.log_in(LIN).await;
        let asked = async |offering: OfferingId, key: &str| {
            let mut wish = booking(offering, on(1, "09:30"), "refuse");
            wish["course"] = json!(key);
            lin.post("/api/orders", wish).await.refused(422, "course_unknown")
        };
        // No course of that name, one of another kind, no key at all, a kind without courses.
        asked(offering, "medical.vaccination/nothing").await;
        let no = asked(offering, "medical.chinese_medicine/therapy").await;
        assert_eq!(no["field"], "course");
        asked(offering, "hepatitis_b").await;
        asked(world.offering("shuiyuesi_gp_chen").await, "medical.general_practice/checks").await;
        // A seat is no visit of a course.
        let catalogue = world.app.catalogue().await.unwrap();
        let session = catalogue.sessions.values().find(|session| catalogue.session(session.id).is_ok()).expect("the demo has sessions");
        let wish = json!({ "offering_id": session.offering.to_string(), "session_id": session.id.to_string(), "if_full": "refuse", "course": COURSE });
        lin.post("/api/orders", wish).await.refused(422, "course_unknown");
        // The desk of another clinic's kind writes nothing down.
        let desk = world.log_in(CLINIC_DESK).await;
        let person = world.staff(LIN).await.person;
        let elsewhere = json!({ "key": "medical.vaccination/nothing", "visit": 1, "day": "2026-11-20", "note": "x" });
        desk.post(&format!("/api/desk/people/{person}/courses"), elsewhere).await.refused(422, "course_unknown");
    }
}
