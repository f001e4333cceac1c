//! One test for each kind of bad input: its stable code, and nothing changed.

use linli_domain::id::OfferingId;
use linli_domain::time::{Instant, Span};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{NOTHING, order, order_or_wait, seen, step};
use crate::harness::books::{balance, count};
use crate::harness::people::{CLINIC_DESK, COMMUNITY, DISTRICT, HE, LIN, NEWCOMER};
use crate::harness::{Client, Offer, World, on_both};

impl World {
    /// Somebody who books a place tomorrow at 9:30 with the demo's first doctor.
    async fn booked(&self, client: &Client) -> Value {
        let offering = self.offering("shuiyuesi_gp_chen").await;
        client.post("/api/orders", order(offering, self.at(1, "09:30"))).await.expect(StatusCode::CREATED)
    }
}

/// Whether a booking is refused with a code, in words of both languages, and leaves nothing behind.
async fn refused(
    world: &World,
    client: &Client,
    offering: OfferingId,
    start: Instant,
    status: u16,
    code: &str,
) -> Value {
    let before = count(&world.app, "SELECT 1 FROM orders").await;
    let no = client.post("/api/orders", order(offering, start)).await.refused(status, code);
    let chinese = client.clone().speaking("zh").post("/api/orders", order(offering, start)).await.refused(status, code);
    assert_ne!(no["detail"], chinese["detail"], "{code}");
    assert!(
        !no["detail"].as_str().unwrap().contains('{') && !chinese["detail"].as_str().unwrap().contains('{'),
        "{no} {chinese}"
    );
    assert_eq!(count(&world.app, "SELECT 1 FROM orders").await, before);
    balance(&world.app).await;
    no
}

on_both! {
    async fn unknown_ids(world) {
        let lin = world.log_in(LIN).await;
        for path in ["orders", "offerings"] {
            lin.get(&format!("/api/{path}/{NOTHING}")).await.refused(404, "not_found");
        }
        for path in ["me/logins", "me/household", "me/consents"] {
            lin.delete(&format!("/api/{path}/{NOTHING}")).await.refused(404, "not_found");
        }
        lin.post(&format!("/api/notices/{NOTHING}/read"), json!({})).await.refused(404, "not_found");
        lin.post("/api/orders", order(OfferingId(0), world.at(1, "09:00"))).await.refused(404, "not_found");
        let offering = world.offering("dahua_gp").await;
        let mut for_nobody = order(offering, world.at(1, "09:00"));
        for_nobody["subject_id"] = json!(NOTHING);
        let no = lin.post("/api/orders", for_nobody.clone()).await.refused(422, "person_unknown");
        assert_eq!(no["field"], "subject_id");
        for_nobody["offering_id"] = json!(NOTHING);
        lin.post("/api/orders/preview", json!({ "offering_id": NOTHING, "start": world.at(1, "09:00").to_string() })).await.refused(404, "not_found");
        for asked in ["cancel", "accept", "decline", "agree"] {
            lin.post(&format!("/api/orders/{NOTHING}/{asked}"), json!({ "version": 1 })).await.refused(404, "not_found");
        }
        let staff = world.log_in(DISTRICT).await;
        staff.post(&format!("/api/desk/orders/{NOTHING}/check-in"), json!({ "version": 1 })).await.refused(404, "not_found");
        staff.post(&format!("/api/desk/calls/{NOTHING}/done"), json!({ "outcome": "x" })).await.refused(404, "not_found");
        staff.delete(&format!("/api/desk/verifications/{NOTHING}")).await.refused(404, "not_found");
        staff.delete(&format!("/api/staff/roles/{NOTHING}")).await.refused(404, "not_found");
        let seen = json!({ "fact": "identity", "document": "居民身份证" });
        staff.post(&format!("/api/desk/people/{NOTHING}/verifications"), seen).await.refused(422, "person_unknown");
    }

    async fn what_belongs_to_others_does_not_exist(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let mine = world.booked(&lin).await;
        world.work().await;
        let id = mine["id"].as_str().unwrap();
        he.get(&format!("/api/orders/{id}")).await.refused(404, "not_found");
        for asked in ["cancel", "accept", "decline", "agree"] {
            he.post(&step(&mine, asked), seen(&mine)).await.refused(404, "not_found");
        }
        let reopened = json!({ "version": 1, "reason": "x" });
        he.post(&step(&mine, "reopen"), reopened).await.refused(404, "not_found");
        let moved = json!({ "version": 1, "start": world.at(1, "10:00").to_string() });
        he.post(&step(&mine, "move"), moved).await.refused(404, "not_found");
        let notice = lin.get("/api/notices").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        he.post(&format!("/api/notices/{notice}/read"), json!({})).await.refused(404, "not_found");
        let login = lin.get("/api/me/logins").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        he.delete(&format!("/api/me/logins/{login}")).await.refused(404, "not_found");
        let consent = lin.get("/api/me/consents").await.ok()["items"].as_array().unwrap().iter().find_map(|one| one["id"].as_str().map(str::to_owned)).unwrap();
        he.delete(&format!("/api/me/consents/{consent}")).await.refused(404, "not_found");
        let child = lin.get("/api/me").await.ok()["household"][0]["id"].as_str().unwrap().to_owned();
        he.delete(&format!("/api/me/household/{child}")).await.refused(404, "not_found");
        he.patch(&format!("/api/me/household/{child}"), json!({ "version": 1 })).await.refused(404, "not_found");
        let mut for_child = order(world.offering("dahua_gp").await, world.at(1, "09:00"));
        for_child["subject_id"] = json!(child);
        he.post("/api/orders", for_child).await.refused(422, "person_unknown");
        assert!(he.get("/api/orders?scope=open").await.ok()["items"].as_array().unwrap().is_empty());
        assert_eq!(lin.get(&format!("/api/orders/{id}")).await.ok()["version"], 1, "nothing happened to it");
    }

    async fn texts_that_are_empty_too_long_or_not_text(world) {
        let lin = world.log_in(LIN).await;
        let version = lin.get("/api/me").await.ok()["person"]["version"].clone();
        let long = |n: usize| "长".repeat(n);
        for (field, text, code) in [
            ("name", long(31), "name_invalid"),
            ("name", "  ".into(), "name_invalid"),
            ("name", "林\u{0}一".into(), "text_control"),
            ("name", "林\u{202e}一".into(), "text_control"),
            ("address", long(101), "text_too_long"),
            ("address", "路\u{7}".into(), "text_control"),
        ] {
            let no = lin.patch("/api/me", json!({ "version": version, field: text })).await.refused(422, code);
            assert_eq!(no["field"], field);
            assert!(!no.to_string().contains("长长"), "what was sent is repeated");
        }
        let mine = world.booked(&lin).await;
        for (reason, code) in [(long(201), "text_too_long"), (String::new(), "text_empty"), ("a\u{1b}[0m".into(), "text_control")] {
            let no = lin.post(&step(&mine, "cancel"), json!({ "version": 1, "reason": reason })).await.refused(422, code);
            assert_eq!(no["field"], "reason");
        }
        let advice = world.offering("property_advice").await;
        for (form, code) in [
            (json!({ "matter": long(101) }), "form_invalid"),
            (json!({ "matter": "\u{8}" }), "form_invalid"),
            (json!({ "colour": "blue" }), "value_invalid"),
        ] {
            let mut asked = order(advice, world.at(2, "09:00"));
            asked["form"] = form;
            assert_eq!(lin.post("/api/orders", asked).await.refused(422, code)["field"], "form");
        }
        // A required question without an answer.
        let care = world.offering("day_care").await;
        let he = world.log_in(HE).await;
        let no = he.post("/api/orders", order(care, world.at(2, "08:00"))).await.refused(422, "form_invalid");
        assert!(no["title"].as_str().unwrap().contains("How to reach your family"), "{no}");
        let login = json!({ "phone": LIN, "code": "1", "device": long(61) });
        world.client().post("/api/login", login).await.refused(422, "text_too_long");
        // Three bytes a letter: the limits count characters, and what fits is kept as it is.
        let kept = lin.patch("/api/me", json!({ "version": version, "name": long(30) })).await.ok();
        assert_eq!(kept["person"]["name"], long(30));
    }

    async fn dates_that_cannot_be(world) {
        let lin = world.log_in(LIN).await;
        let newcomer = world.log_in(NEWCOMER).await;
        for day in ["2026-11-24", "2126-01-01", "1899-12-31"] {
            let no = newcomer.patch("/api/me", json!({ "version": 1, "birth_date": day })).await;
            assert!(matches!(no.body["code"].as_str(), Some("birth_date_invalid" | "malformed")), "{day}: {}", no.body);
        }
        newcomer.patch("/api/me", json!({ "version": 1, "birth_date": "2026-11-24" })).await.refused(422, "birth_date_invalid");
        lin.patch("/api/me", json!({ "version": 1, "birth_date": "1991-06-18" })).await.refused(409, "birth_date_locked");
        let offering = world.offering("shuiyuesi_gp_chen").await;
        for start in ["2026-02-30T09:00:00+08:00", "2026-11-24T09:00:00", "2026-11-24", "tomorrow", "2026-11-24T25:00:00+08:00"] {
            let mut asked = order(offering, world.at(1, "09:00"));
            asked["start"] = json!(start);
            lin.post("/api/orders", asked).await.refused(400, "malformed");
        }
        let desk = world.log_in(CLINIC_DESK).await;
        for (day, from, to) in [(1, "10:00", "10:00"), (1, "11:00", "10:00"), (-1, "08:00", "12:00"), (0, "08:00", "08:30"), (400, "08:00", "12:00")] {
            let closure = json!({
                "offering_id": offering.to_string(), "day": world.day(day).to_string(), "from": from, "to": to, "reason": "医生外出",
            });
            desk.post("/api/desk/closures", closure).await.refused(422, "date_invalid");
        }
        // The same instant in another zone is the same instant.
        let mut utc = order(offering, world.at(1, "09:30"));
        utc["start"] = json!("2026-11-24T01:30:00Z");
        assert_eq!(lin.post("/api/orders", utc).await.ok()["start"], "2026-11-24T09:30:00+08:00");
    }

    async fn times_that_are_over_not_there_not_yet_open(world) {
        let lin = world.log_in(LIN).await;
        let chen = world.offering("shuiyuesi_gp_chen").await;
        refused(world, &lin, chen, world.at(0, "08:00"), 409, "slot_past").await;
        refused(world, &lin, chen, world.at(0, "09:00"), 409, "slot_past").await;
        refused(world, &lin, chen, world.at(0, "09:30"), 409, "slot_booking_closed").await;
        refused(world, &lin, chen, world.at(1, "09:10"), 422, "slot_unknown").await;
        refused(world, &lin, chen, world.at(5, "09:00"), 422, "slot_unknown").await;
        refused(world, &lin, chen, world.at(-400, "09:00"), 409, "offering_closed").await;
        // Tuesday in eight days opens tomorrow at seven.
        let no = refused(world, &lin, chen, world.at(8, "09:00"), 409, "slot_not_open").await;
        assert_eq!(no["retry_after"], 22 * 3600);
        assert!(no["detail"].as_str().unwrap().contains("Tue 24 Nov, 7:00 am"), "{no}");
        world.advance(Span::hours(22)).await;
        lin.post("/api/orders", order(chen, world.at(7, "09:00"))).await.expect(StatusCode::CREATED);
    }

    async fn a_holiday_has_no_times(world) {
        let lin = world.log_in(LIN).await;
        let chen = world.offering("shuiyuesi_gp_chen").await;
        // New Year's Day 2027, if its list is known; otherwise the page says that it is not.
        let days = lin.get(&format!("/api/offerings/{chen}/days?from=2026-10-01&days=1")).await.ok();
        assert_eq!(days["items"][0]["left"], "past");
        let late = lin.get(&format!("/api/offerings/{chen}/days?from=2030-01-07&days=1")).await.ok();
        assert_eq!(late["items"][0]["calendar_unknown"], true, "an unknown year is flagged, never guessed");
    }

    async fn after_the_deadline(world) {
        let lin = world.log_in(LIN).await;
        let mine = world.booked(&lin).await;
        assert_eq!(mine["changes_until"], "2026-11-23T17:00:00+08:00");
        world.advance(Span::hours(8)).await;
        let still = lin.get(&format!("/api/orders/{}", mine["id"].as_str().unwrap())).await.ok();
        assert!(still["actions"].as_array().unwrap().contains(&json!("cancel")), "to the very minute");
        world.advance(Span::seconds(1)).await;
        let no = lin.post(&step(&mine, "cancel"), seen(&mine)).await.refused(409, "deadline_passed");
        let detail = no["detail"].as_str().unwrap();
        assert!(detail.contains("Mon 23 Nov, 5:00 pm") && !detail.contains('{'), "the words say whom to call: {detail}");
        let moved = json!({ "version": 1, "start": world.at(2, "10:00").to_string() });
        lin.post(&step(&mine, "move"), moved).await.refused(409, "deadline_passed");
        let late = lin.get(&format!("/api/orders/{}", mine["id"].as_str().unwrap())).await.ok();
        assert_eq!(late["actions"], json!(["complain"]));
    }

    async fn the_wrong_age(world) {
        let (lin, he, newcomer) = (world.log_in(LIN).await, world.log_in(HE).await, world.log_in(NEWCOMER).await);
        let lunch = world.offering("canteen_lunch").await;
        let no = refused(world, &lin, lunch, world.at(1, "11:00"), 422, "too_young").await;
        assert!(no["detail"].as_str().unwrap().contains("60"));
        refused(world, &he, world.offering("shuiyuesi_child").await, world.at(1, "14:00"), 422, "too_old").await;
        refused(world, &newcomer, lunch, world.at(1, "11:00"), 422, "birth_date_needed").await;
    }

    async fn not_verified_and_not_of_that_community(world) {
        let newcomer = world.log_in(NEWCOMER).await;
        let no = refused(world, &newcomer, world.offering("shuiyuesi_chronic_chen").await, world.at(1, "14:00"), 422, "identity_not_verified").await;
        assert!(no["detail"].as_str().unwrap().contains("identity card"), "it says how: {no}");
        let resident = world.client_of(&world.resident().await).await;
        let watch = world.offering("contract_watch").await;
        refused(world, &resident, watch, world.at(4, "15:00"), 422, "residence_not_verified").await;
        // Verified, and living elsewhere.
        let no = refused(world, &world.log_in(LIN).await, watch, world.at(4, "15:00"), 422, "wrong_community").await;
        assert!(!no["title"].as_str().unwrap().contains('{'), "{no}");
        refused(world, &resident, world.offering("day_care").await, world.at(1, "08:00"), 422, "birth_date_not_verified").await;
    }

    async fn a_verification_that_ended_counts_no_more(world) {
        let lin = world.log_in(LIN).await;
        let staff = world.log_in(COMMUNITY).await;
        let person = lin.get("/api/me").await.ok()["person"]["id"].as_str().unwrap().to_owned();
        let seen = json!({ "fact": "identity", "document": "临时身份证", "expires_at": world.day(1).to_string() });
        staff.post(&format!("/api/desk/people/{person}/verifications"), seen).await.expect(StatusCode::CREATED);
        let follow_up = world.offering("shuiyuesi_chronic_chen").await;
        lin.post("/api/orders/preview", json!({ "offering_id": follow_up.to_string(), "start": world.at(3, "14:00").to_string() })).await.ok();
        world.advance(Span::days(2)).await;
        refused(world, &lin, follow_up, world.at(1, "14:30"), 422, "identity_not_verified").await;
    }

    async fn full_and_the_line_full(world) {
        let offering = world.offer(Offer { capacity: 1, ..Offer::default() }, |rules| rules.max_line = 1).await;
        let start = world.at(1, "09:30");
        let people = world.residents(4).await;
        let mut clients = Vec::new();
        for person in &people {
            clients.push(world.client_of(person).await);
        }
        clients[0].post("/api/orders", order(offering, start)).await.expect(StatusCode::CREATED);
        refused(world, &clients[1], offering, start, 409, "slot_full").await;
        let waiting = clients[1].post("/api/orders", order_or_wait(offering, start)).await.ok();
        assert_eq!((&waiting["state"], &waiting["line"]), (&json!("waiting"), &json!({ "position": 1, "waiting": 1 })));
        clients[2].post("/api/orders", order_or_wait(offering, start)).await.refused(409, "line_full");
        // Without a line a wish to wait is answered like any other.
        let no_line = world.offer(Offer { capacity: 1, ..Offer::default() }, |rules| (rules.line, rules.max_line) = (false, 0)).await;
        clients[2].post("/api/orders", order(no_line, start)).await.expect(StatusCode::CREATED);
        clients[3].post("/api/orders", order_or_wait(no_line, start)).await.refused(409, "slot_full");
        balance(&world.app).await;
    }

    async fn closed(world) {
        let (lin, desk) = (world.log_in(LIN).await, world.log_in(CLINIC_DESK).await);
        let chen = world.offering("shuiyuesi_gp_chen").await;
        let closure = json!({ "offering_id": chen.to_string(), "day": world.day(1).to_string(), "from": "09:00", "to": "10:00", "reason": "医生外出" });
        desk.post("/api/desk/closures", closure).await.expect(StatusCode::CREATED);
        refused(world, &lin, chen, world.at(1, "09:30"), 409, "slot_closed").await;
        lin.post("/api/orders", order(chen, world.at(1, "10:00"))).await.expect(StatusCode::CREATED);
    }

    async fn overlapping(world) {
        let lin = world.log_in(LIN).await;
        world.booked(&lin).await;
        let advice = world.offering("property_advice").await;
        let no = refused(world, &lin, advice, world.at(1, "09:30"), 409, "person_busy").await;
        let detail = no["detail"].as_str().unwrap();
        assert!(detail.contains("General practice") && detail.contains("9:30 am"), "the other order is named: {detail}");
        // What ends when the other begins does not overlap.
        lin.post("/api/orders", order(advice, world.at(1, "10:00"))).await.expect(StatusCode::CREATED);
    }

    async fn limits_per_day_week_and_open(world) {
        let client = world.client_of(&world.resident().await).await;
        let doctor = |capacity| Offer { kind: "medical.general_practice", beside: "dahua_gp", capacity, ..Offer::default() };
        let offering = world.offer(doctor(5), |rules| rules.opens_days_before = 28).await;
        client.post("/api/orders", order(offering, world.at(1, "09:00"))).await.expect(StatusCode::CREATED);
        let no = refused(world, &client, offering, world.at(1, "11:00"), 409, "limit_per_day").await;
        assert!(no["detail"].as_str().unwrap().contains("At most 1 "), "{no}");
        for day in [2, 3] {
            client.post("/api/orders", order(offering, world.at(day, "09:00"))).await.expect(StatusCode::CREATED);
        }
        // Three in the week, and three open: the week is looked at before the open ones, since its pool sorts later.
        let no = client.post("/api/orders", order(offering, world.at(4, "09:00"))).await;
        assert!(matches!(no.body["code"].as_str(), Some("limit_per_week" | "limit_open")), "{}", no.body);
        refused(world, &client, offering, world.at(8, "09:00"), 409, "limit_open").await;
    }

    async fn the_limit_of_a_week(world) {
        let client = world.client_of(&world.resident().await).await;
        let offer = Offer { kind: "medical.general_practice", beside: "dahua_gp", capacity: 5, ..Offer::default() };
        let offering = world.offer(offer, |_| {}).await;
        let desk = world.log_in(DISTRICT).await;
        for day in [1, 2, 3] {
            client.post("/api/orders", order(offering, world.at(day, "09:00"))).await.expect(StatusCode::CREATED);
        }
        // Seen and done, so that only the week still counts.
        for made in client.get("/api/orders?scope=open").await.ok()["items"].as_array().unwrap() {
            let start: Instant = made["start"].as_str().unwrap().parse().unwrap();
            world.clock.set(start - Span::minutes(10));
            let path = format!("/api/desk/orders/{}", made["id"].as_str().unwrap());
            let there = desk.post(&format!("{path}/check-in"), seen(made)).await.ok();
            assert_eq!(desk.post(&format!("{path}/done"), seen(&there)).await.ok()["state"], "fulfilled");
        }
        let friday = crate::harness::START.day().plus(4).at(crate::harness::clock("09:00"));
        let no = refused(world, &client, offering, friday, 409, "limit_per_week").await;
        assert!(no["detail"].as_str().unwrap().contains("At most 3 "), "{no}");
        client.post("/api/orders", order(offering, friday + Span::days(3))).await.expect(StatusCode::CREATED);
    }

    async fn a_version_that_is_no_longer(world) {
        let lin = world.log_in(LIN).await;
        let mine = world.booked(&lin).await;
        let moved = json!({ "version": 1, "start": world.at(1, "10:00").to_string() });
        let now = lin.post(&step(&mine, "move"), moved).await.ok();
        assert_eq!(now["version"], 2);
        lin.post(&step(&mine, "cancel"), seen(&mine)).await.refused(409, "stale_version");
        lin.post(&step(&mine, "cancel"), json!({ "version": 3 })).await.refused(409, "stale_version");
        lin.post(&step(&mine, "cancel"), seen(&now)).await.ok();
        let person = lin.get("/api/me").await.ok()["person"]["version"].as_i64().unwrap();
        lin.patch("/api/me", json!({ "version": person, "large_type": true })).await.ok();
        lin.patch("/api/me", json!({ "version": person, "large_type": false })).await.refused(409, "stale_version");
    }

    async fn steps_an_order_cannot_make(world) {
        let lin = world.log_in(LIN).await;
        let mine = world.booked(&lin).await;
        for asked in ["accept", "decline", "agree"] {
            let no = lin.post(&step(&mine, asked), seen(&mine)).await.refused(409, "not_possible_now");
            assert!(no["detail"].as_str().unwrap().contains("Booked"), "{no}");
        }
        let same = json!({ "version": 1, "start": mine["start"] });
        lin.post(&step(&mine, "move"), same).await.refused(422, "move_same_time");
        let other_kind = json!({
            "version": 1, "start": world.at(1, "10:00").to_string(),
            "offering_id": world.offering("property_advice").await.to_string(),
        });
        lin.post(&step(&mine, "move"), other_kind).await.refused(422, "slot_unknown");
        let gone = lin.post(&step(&mine, "cancel"), seen(&mine)).await.ok();
        lin.post(&step(&mine, "cancel"), seen(&gone)).await.refused(409, "not_possible_now");
        let desk = world.log_in(CLINIC_DESK).await;
        let path = |asked: &str| format!("/api/desk/orders/{}/{asked}", mine["id"].as_str().unwrap());
        for asked in ["check-in", "call", "done", "missed", "recall", "no-show"] {
            desk.post(&path(asked), seen(&gone)).await.refused(409, "not_possible_now");
        }
        let chen = world.offering("shuiyuesi_gp_chen").await;
        desk.post(&format!("/api/desk/queues/{chen}/next?day={}", world.day(0)), json!({})).await.refused(409, "queue_empty");
    }

    async fn too_early_at_the_desk(world) {
        let (lin, desk) = (world.log_in(LIN).await, world.log_in(CLINIC_DESK).await);
        let mine = world.booked(&lin).await;
        let path = format!("/api/desk/orders/{}", mine["id"].as_str().unwrap());
        let no = desk.post(&format!("{path}/check-in"), seen(&mine)).await.refused(409, "check_in_too_early");
        assert!(no["detail"].as_str().unwrap().contains("8:30 am"), "{no}");
        desk.post(&format!("{path}/no-show"), seen(&mine)).await.refused(409, "not_possible_now");
        let day = world.day(1);
        desk.get(&format!("/api/desk/bookings?code=000000x&day={day}")).await.refused(422, "check_in_code_wrong");
        desk.get(&format!("/api/desk/bookings?code={}&day={}", mine["check_in_code"].as_str().unwrap(), world.day(2))).await.refused(422, "check_in_code_wrong");
    }

    async fn keys_that_are_missing_odd_or_used(world) {
        let lin = world.log_in(LIN).await;
        let body = order(world.offering("shuiyuesi_gp_chen").await, world.at(1, "09:30"));
        let without = lin.request(Method::POST, "/api/orders").json(&body);
        lin.send(without).await.refused(400, "idempotency_key_missing");
        let long = "k".repeat(65);
        for odd in ["", "a b", "a/b", long.as_str()] {
            lin.post_with_key("/api/orders", odd, body.clone()).await.refused(400, "idempotency_key_missing");
        }
        let mine = lin.post_with_key("/api/orders", "mine", body.clone()).await.ok();
        assert_eq!(lin.post_with_key("/api/orders", "mine", body.clone()).await.expect(StatusCode::CREATED)["id"], mine["id"]);
        let other = order(world.offering("dahua_gp").await, world.at(2, "09:00"));
        lin.post_with_key("/api/orders", "mine", other).await.refused(422, "idempotency_key_reused");
        let cancelled = lin.post_with_key(&step(&mine, "cancel"), "mine", seen(&mine)).await.ok();
        let again = lin.post_with_key(&step(&mine, "cancel"), "mine", seen(&mine)).await.ok();
        assert_eq!((&cancelled["version"], &again["version"]), (&json!(2), &json!(2)), "answered, not done again");
        // After a day the key is forgotten, and free.
        world.advance(Span::hours(25)).await;
        world.work().await;
        let fresh = order(world.offering("shuiyuesi_gp_chen").await, world.at(1, "10:00"));
        lin.post_with_key("/api/orders", "mine", fresh).await.expect(StatusCode::CREATED);
    }

    async fn a_refusal_is_not_kept_under_its_key(world) {
        let offering = world.offer(Offer { capacity: 1, ..Offer::default() }, |_| {}).await;
        let (first, second) = (world.client_of(&world.resident().await).await, world.client_of(&world.resident().await).await);
        let body = order(offering, world.at(1, "09:30"));
        let mine = first.post("/api/orders", body.clone()).await.ok();
        second.post_with_key("/api/orders", "again", body.clone()).await.refused(409, "slot_full");
        first.post(&step(&mine, "cancel"), seen(&mine)).await.ok();
        second.post_with_key("/api/orders", "again", body).await.expect(StatusCode::CREATED);
    }

    async fn what_is_confidential_or_not_built_cannot_be_ordered(world) {
        let (lin, desk) = (world.log_in(LIN).await, world.log_in(DISTRICT).await);
        let person = world.staff(LIN).await.person.to_string();
        for (kind, code) in [
            ("reintegration.work_introduction", "kind_confidential"),
            ("reintegration.helper", "kind_confidential"),
            ("eldercare.home_care_file", "kind_confidential"),
            ("eldercare.meal_delivery", "kind_not_open"),
        ] {
            // Even if somebody wrote such a row into the database.
            let offering = world.offer(Offer { kind, ..Offer::default() }, |rules| rules.opens_days_before = 30).await;
            let start = world.at(1, "09:30");
            let no = refused(world, &lin, offering, start, 409, code).await;
            assert!(code != "kind_confidential" || no["detail"].as_str().unwrap().contains("12"), "a number to call: {no}");
            let mut by_staff = order(offering, start);
            by_staff["person_id"] = json!(person);
            desk.post("/api/desk/orders", by_staff).await.refused(409, code);
            let shown = lin.post("/api/orders/preview", json!({ "offering_id": offering.to_string(), "start": start.to_string() })).await;
            assert!(shown.status == 409 || shown.body["refusal"]["code"] == code, "{}", shown.body);
        }
        let platforms = lin.get("/api/platforms").await.ok();
        let kinds = platforms["items"].as_array().unwrap().iter().flat_map(|platform| platform["kinds"].as_array().unwrap());
        for kind in kinds {
            assert!(kind["confidential"] == false || (kind["bookable"] == false && kind["phone"].is_string()), "{kind}");
            assert_eq!(kind["bookable"] == false, kind["not_bookable_why"].is_string(), "{kind}");
        }
    }

    async fn people_at_the_desk(world) {
        let desk = world.log_in(CLINIC_DESK).await;
        desk.get("/api/desk/people?phone=12345").await.refused(422, "phone_invalid");
        desk.get("/api/desk/people?identity=110105194912310021").await.refused(422, "identity_number_invalid");
        desk.post("/api/desk/people", json!({ "name": "" })).await.refused(422, "name_invalid");
        desk.post("/api/desk/people", json!({ "name": "演示访客", "birth_date": world.day(1).to_string() })).await.refused(422, "birth_date_invalid");
        desk.post("/api/desk/people", json!({ "name": "演示访客", "community_code": "999999999999" })).await.refused(422, "community_unknown");
        let nobody = json!({
            "offering_id": world.offering("dahua_gp").await.to_string(), "start": world.at(1, "09:00").to_string(),
            "person_id": NOTHING, "if_full": "refuse",
        });
        desk.post("/api/desk/orders", nobody).await.refused(422, "person_unknown");
    }

    async fn the_household(world) {
        let lin = world.log_in(LIN).await;
        let child = |born: &str| json!({ "name": "演示儿童", "birth_date": born, "relation": "mother" });
        lin.post("/api/me/household", child("2000-01-01")).await.refused(422, "not_a_minor");
        lin.post("/api/me/household", child("2020-01-01")).await.refused(422, "consent_missing");
        lin.post("/api/me/household", child("2027-01-01")).await.refused(422, "birth_date_invalid");
        let newcomer = world.log_in(NEWCOMER).await;
        newcomer.post("/api/me/household", child("2012-01-01")).await.refused(422, "guardian_too_young");
        let born = json!({ "name": "演示儿童", "birth_date": "2020-01-01", "relation": "mother", "consent_under_14": true });
        for _ in 1..10 {
            lin.post("/api/me/household", born.clone()).await.expect(StatusCode::CREATED);
        }
        lin.post("/api/me/household", born).await.refused(409, "household_full");
    }

    async fn identity_numbers(world) {
        let lin = world.log_in(LIN).await;
        for number in ["110105194912310021", "1", "11010519491331002X"] {
            let no = lin.put("/api/me/identity", json!({ "number": number })).await.refused(422, "identity_number_invalid");
            assert!(!no.to_string().contains("110105"), "{no}");
        }
        let newcomer = world.log_in(NEWCOMER).await;
        newcomer.put("/api/me/identity", json!({ "number": "990101199006180084" })).await.refused(409, "identity_number_taken");
        newcomer.patch("/api/me", json!({ "version": 1, "birth_date": "1990-01-01" })).await.ok();
        newcomer.put("/api/me/identity", json!({ "number": "11010519491231002X" })).await.refused(409, "identity_mismatch");
    }

    async fn roles(world) {
        let (district, street) = (world.log_in(DISTRICT).await, world.log_in("19900000014").await);
        let role = |phone: &str, role: &str, area: &str| json!({ "phone": phone, "role": role, "area_code": area });
        district.post("/api/staff/roles", role("19900009999", "community_staff", "130903001007")).await.refused(422, "person_unknown");
        district.post("/api/staff/roles", role("1", "community_staff", "130903001007")).await.refused(422, "phone_invalid");
        district.post("/api/staff/roles", role(HE, "community_staff", "130903001000")).await.refused(422, "role_unknown");
        district.post("/api/staff/roles", role(HE, "organisation_staff", "130903001007")).await.refused(422, "role_unknown");
        // A street office gives roles below it, and no higher ones.
        let no = street.post("/api/staff/roles", role(HE, "district_staff", "130903000000")).await;
        assert!(matches!(no.status.as_u16(), 403 | 404 | 422), "{}", no.body);
        let elsewhere = street.post("/api/staff/roles", role(HE, "community_staff", "130903002037")).await;
        assert!(matches!(elsewhere.status.as_u16(), 403 | 404 | 422), "{}", elsewhere.body);
        assert_eq!(count(&world.app, "SELECT 1 FROM role_grants").await, 8, "those of the demo");
    }
}
