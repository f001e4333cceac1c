//! Behind the desk.

use linli_domain::time::Span;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{at_desk, book, booking, id, inbox, look};
use crate::harness::books::balance;
use crate::harness::people::{CLINIC_DESK, COMMUNITY, DISTRICT, HE, LIN, STREET};
use crate::harness::{Client, Offer, World, on_both};

async fn registered(desk: &Client, name: &str) -> Value {
    desk.post("/api/desk/people", json!({ "name": name })).await.expect(StatusCode::CREATED)
}

fn desk_booking(
    offering: linli_domain::id::OfferingId,
    start: linli_domain::time::Instant,
    person: &Value,
    walk_in: bool,
) -> Value {
    let mut body = booking(offering, start, "refuse");
    body["person_id"] = person["id"].clone();
    body["walk_in"] = json!(walk_in);
    body
}

async fn numbers(world: &World, desk: &Client, offering: linli_domain::id::OfferingId) -> Vec<(i64, String)> {
    let day = desk.get(&format!("/api/desk/day?offering={offering}&day={}", world.day(0))).await.ok();
    let mut numbers: Vec<_> = day["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|order| {
            let ticket = order.get("ticket")?;
            Some((ticket["number"].as_i64()?, ticket["state"].as_str()?.to_owned()))
        })
        .collect();
    numbers.sort();
    numbers
}

on_both! {
    async fn walk_ins_take_from_the_same_places(world) {
        let offering = world.offer(Offer { capacity: 2, ..Offer::default() }, |_| {}).await;
        let desk = world.log_in(DISTRICT).await;
        let (lin, start) = (world.log_in(LIN).await, world.at(0, "09:30"));
        // Online booking of this time ended an hour before it; at the desk it goes on.
        lin.post("/api/orders", booking(offering, start, "refuse")).await.refused(409, "slot_booking_closed");
        let guest = registered(&desk, "演示访客甲").await;
        let seated = desk.post("/api/desk/orders", desk_booking(offering, start, &guest, true)).await.expect(StatusCode::CREATED);
        assert_eq!((&seated["state"], &seated["queue"]["number"]), (&json!("underway"), &json!(1)));
        assert_eq!(seated["placed_by"]["authority"], "staff");
        assert_eq!(seated["by_for"]["zh"], "工作人员演示工作人员·区级五为演示访客甲预约");
        let second = registered(&desk, "演示访客乙").await;
        desk.post("/api/desk/orders", desk_booking(offering, start, &second, true)).await.expect(StatusCode::CREATED);
        let third = registered(&desk, "演示访客丙").await;
        desk.post("/api/desk/orders", desk_booking(offering, start, &third, true)).await.refused(409, "slot_full");
        balance(&world.app).await;

        // The same tap twice seats nobody twice.
        let later = world.at(0, "10:00");
        world.advance(Span::minutes(31)).await;
        let body = desk_booking(offering, later, &third, true);
        let once = desk.post_with_key("/api/desk/orders", "tap", body.clone()).await.expect(StatusCode::CREATED);
        let twice = desk.post_with_key("/api/desk/orders", "tap", body).await.expect(StatusCode::CREATED);
        assert_eq!((&once["id"], &twice["queue"]["number"]), (&twice["id"], &json!(3)));
        balance(&world.app).await;
    }

    async fn a_walk_in_too_early_to_check_in_leaves_nothing_behind(world) {
        let offering = world.offer(Offer { capacity: 2, ..Offer::default() }, |_| {}).await;
        let desk = world.log_in(DISTRICT).await;
        let guest = registered(&desk, "演示访客甲").await;
        let body = desk_booking(offering, world.at(0, "11:30"), &guest, true);
        desk.post("/api/desk/orders", body).await.refused(409, "check_in_too_early");
        assert_eq!(crate::harness::books::count(&world.app, "SELECT 1 FROM orders").await, 0);
    }

    async fn staff_book_for_somebody_without_a_phone_and_call_them(world) {
        let offering = world.offering("property_advice").await;
        let desk = world.log_in(DISTRICT).await;
        let grandma = registered(&desk, "演示老人·无机").await;
        let start = world.at(2, "09:30");
        let order = desk.post("/api/desk/orders", desk_booking(offering, start, &grandma, false)).await.expect(StatusCode::CREATED);
        assert_eq!((&order["state"], &order["placed_by"]["authority"]), (&json!("confirmed"), &json!("staff")));
        world.work().await;
        // Nothing reaches her but a voice: the staff of her area find her on their list.
        let street = world.log_in(STREET).await;
        let calls = street.get("/api/desk/calls").await.ok();
        let call = &calls["items"][0];
        assert_eq!((&call["person"]["name"], &call["order_id"], &call["person"]["phone"]), (&json!("演示老人·无机"), &order["id"], &Value::Null));
        assert!(call["reason"]["en"].as_str().unwrap().contains("Wed 25 Nov, 9:30 am"), "{call}");
        let done = format!("/api/desk/calls/{}/done", call["id"].as_str().unwrap());
        street.post(&done, json!({ "outcome": "已告知" })).await.expect(StatusCode::NO_CONTENT);
        street.post(&done, json!({ "outcome": "已告知" })).await.refused(404, "not_found");
        assert_eq!(street.get("/api/desk/calls").await.ok()["items"], json!([]));
        assert!(world.sms.sent().iter().all(|message| message.phone.digits().starts_with("199000000")), "only login codes were sent");
    }

    async fn somebody_with_only_a_noted_phone_is_texted(world) {
        let offering = world.offering("property_advice").await;
        let desk = world.log_in(DISTRICT).await;
        let guest = desk.post("/api/desk/people", json!({ "name": "演示老人·有机", "phone": "19900006666" })).await.ok();
        desk.post("/api/desk/orders", desk_booking(offering, world.at(2, "09:30"), &guest, false)).await.expect(StatusCode::CREATED);
        world.work().await;
        assert_eq!(world.texted(&"19900006666".parse().unwrap()), ["order_placed"]);
        assert_eq!(desk.get("/api/desk/calls").await.ok()["items"], json!([]));
    }

    async fn three_missed_visits_pause_online_booking_and_nothing_else(world) {
        let offer = Offer { kind: "medical.general_practice", beside: "dahua_gp", ..Offer::default() };
        let offering = world.offer(offer, |_| {}).await;
        let actor = world.resident().await;
        let resident = world.client_of(&actor).await;
        let mut visits = Vec::new();
        for day in [1, 2, 3] {
            visits.push(book(&resident, offering, world.at(day, "09:30")).await);
        }
        // The first is noted by the desk, the others by the clock.
        let desk = world.log_in(CLINIC_DESK).await;
        world.clock.set(world.at(1, "10:00"));
        assert_eq!(at_desk(&desk, &visits[0], "no-show").await["state"], "no_show");
        for _ in 0..2 {
            world.clock.set(world.at(1, "10:01"));
            world.work().await;
        }
        for visit in &visits {
            assert_eq!(look(&resident, visit).await["state"], "no_show");
        }
        assert!(inbox(&resident).await.contains(&"order.missed".to_owned()));
        // Next week, when the week's three are no matter.
        let start = world.at(4, "09:30");
        let no = resident.post("/api/orders", booking(offering, start, "refuse")).await.refused(409, "blocked_no_show");
        assert!(no["detail"].as_str().unwrap().contains("26 Dec"), "{no}");
        let shown = resident.post("/api/orders/preview", json!({ "offering_id": offering.to_string(), "start": start.to_string() })).await.ok();
        assert_eq!(shown["refusal"]["code"], "blocked_no_show");
        // Another kind is not concerned, and whoever comes to the desk is served.
        let advice = world.offering("property_advice").await;
        book(&resident, advice, world.at(2, "09:30")).await;
        let person = json!({ "id": actor.person.to_string() });
        desk.post("/api/desk/orders", desk_booking(offering, start, &person, false)).await.expect(StatusCode::CREATED);
        world.clock.set(world.at(30, "12:00"));
        let resident = world.client_of(&actor).await;
        book(&resident, offering, world.at(1, "09:30")).await;
        balance(&world.app).await;
    }

    async fn the_queue_calls_in_order_misses_and_calls_again(world) {
        let offering = world.offer(Offer { capacity: 3, hours: ("09:00", "10:00"), ..Offer::default() }, |_| {}).await;
        let desk = world.log_in(DISTRICT).await;
        let mut orders = Vec::new();
        for name in ["演示访客甲", "演示访客乙", "演示访客丙"] {
            let guest = registered(&desk, name).await;
            orders.push(desk.post("/api/desk/orders", desk_booking(offering, world.at(0, "09:30"), &guest, true)).await.ok());
        }
        let state = |number: i64, state: &str| (number, state.to_owned());
        assert_eq!(numbers(world, &desk, offering).await, [state(1, "waiting"), state(2, "waiting"), state(3, "waiting")]);
        let next = format!("/api/desk/queues/{offering}/next?day={}", world.day(0));
        let first = desk.post_with_key(&next, "next-1", json!({})).await.ok();
        let again = desk.post_with_key(&next, "next-1", json!({})).await.ok();
        assert_eq!((&first["id"], &again["id"]), (&orders[0]["id"], &orders[0]["id"]), "a second tap calls nobody else");
        assert_eq!(at_desk(&desk, &orders[0], "missed").await["ticket"]["state"], "missed");
        assert_eq!(desk.post(&next, json!({})).await.ok()["id"], orders[1]["id"]);
        // The first is back, and called out of turn.
        assert_eq!(at_desk(&desk, &orders[0], "recall").await["ticket"]["state"], "waiting");
        assert_eq!(desk.post(&next, json!({})).await.ok()["ticket"]["number"], 1);
        assert_eq!(at_desk(&desk, &orders[2], "call").await["ticket"]["state"], "called");
        for order in &orders {
            at_desk(&desk, order, "done").await;
        }
        assert_eq!(numbers(world, &desk, offering).await, [state(1, "done"), state(2, "done"), state(3, "done")]);
        desk.post(&next, json!({})).await.refused(409, "queue_empty");
        balance(&world.app).await;
    }

    async fn the_next_number_is_called_once_however_often_it_is_tapped(world) {
        let offering = world.offer(Offer { capacity: 6, ..Offer::default() }, |_| {}).await;
        let desk = world.log_in(DISTRICT).await;
        for name in ["演示访客甲", "演示访客乙", "演示访客丙", "演示访客丁"] {
            let guest = registered(&desk, name).await;
            desk.post("/api/desk/orders", desk_booking(offering, world.at(0, "09:30"), &guest, true)).await.ok();
        }
        let next = format!("/api/desk/queues/{offering}/next?day={}", world.day(0));
        let taps = futures::future::join_all((0..10).map(|_| desk.post_with_key(&next, "tapped", json!({})))).await;
        let called: Vec<Value> = taps.into_iter().map(|answer| answer.ok()["ticket"]["number"].clone()).collect();
        assert_eq!(called, vec![json!(1); 10]);
        let waiting = numbers(world, &desk, offering).await.into_iter().filter(|(_, state)| state == "waiting").count();
        assert_eq!(waiting, 3);
    }

    async fn a_time_taken_away_twice_at_once_is_taken_away_once(world) {
        let offering = world.offer(Offer::default(), |_| {}).await;
        let desk = world.log_in(DISTRICT).await;
        let closure = json!({ "offering_id": offering.to_string(), "day": world.day(1).to_string(), "reason": "停电" });
        let taps = futures::future::join_all((0..6).map(|_| desk.post_with_key("/api/desk/closures", "tapped", closure.clone()))).await;
        let made: Vec<Value> = taps.into_iter().map(|answer| answer.ok()["exception_id"].clone()).collect();
        assert!(made.iter().all(|one| *one == made[0]));
        assert_eq!(crate::harness::books::count(&world.app, "SELECT 1 FROM schedule_exceptions").await, 1);
    }

    async fn everybody_looked_up_can_read_that_they_were(world) {
        let (desk, he) = (world.log_in(CLINIC_DESK).await, world.log_in(HE).await);
        let found = desk.get(&format!("/api/desk/people?phone={HE}")).await.ok();
        assert_eq!((&found["items"][0]["name"], &found["items"][0]["phone_masked"]), (&json!("演示老人·何老"), &json!("199****0002")));
        let by_number = desk.get("/api/desk/people?identity=990101194803150096").await.ok();
        assert_eq!(by_number["items"][0]["id"], found["items"][0]["id"]);
        let record = he.get("/api/me/audit").await.ok();
        let looked = record["items"].as_array().unwrap().iter().filter(|line| line["action"] == "person.looked_up").count();
        assert_eq!(looked, 2);
    }

    async fn staff_cancel_with_a_reason_that_is_told(world) {
        let (lin, desk) = (world.log_in(LIN).await, world.log_in(CLINIC_DESK).await);
        let order = book(&lin, world.offering("shuiyuesi_gp_chen").await, world.at(1, "09:30")).await;
        world.clock.set(world.at(1, "09:00"));
        let path = format!("/api/desk/orders/{}/cancel", id(&order));
        let gone = desk.post(&path, json!({ "version": 1, "reason": "设备故障" })).await.ok();
        assert_eq!(gone["state"], "cancelled");
        world.work().await;
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_cancelled"]);
        let notice = lin.get("/api/notices?limit=1").await.ok()["items"][0].clone();
        assert!(notice["body"]["zh"].as_str().unwrap().contains("设备故障"), "{notice}");
    }

    async fn residents_are_told_on_which_number_their_community_is_reached(world) {
        const DAHUA: &str = "130903001007";
        let (lin, staff) = (world.log_in(LIN).await, world.log_in(COMMUNITY).await);
        let path = format!("/api/desk/areas/{DAHUA}/phone");
        assert_eq!(lin.get("/api/me").await.ok()["person"]["community"]["phone"], "0317-0001007");

        let said = staff.put(&path, json!({ "phone": " 0317-0009 999 " })).await.ok();
        assert_eq!((&said["code"], &said["phone"]), (&json!(DAHUA), &json!("0317-0009 999")));
        assert_eq!(lin.get("/api/me").await.ok()["person"]["community"]["phone"], "0317-0009 999");
        let street = world.client().get("/api/areas?parent=130903001000").await.ok();
        let listed = street["children"].as_array().unwrap().iter().find(|area| area["code"] == DAHUA).unwrap();
        assert_eq!(listed["phone"], "0317-0009 999");

        staff.put(&path, json!({ "phone": "tel:0317" })).await.refused(422, "value_invalid");
        staff.put("/api/desk/areas/130903001010/phone", json!({ "phone": "12345" })).await.refused(403, "role_missing");
        lin.put(&path, json!({ "phone": "12345" })).await.refused(403, "role_missing");
        let street = world.log_in(STREET).await;
        street.put("/api/desk/areas/130903001999/phone", json!({ "phone": "12345" })).await.refused(404, "not_found");
        assert!(street.put(&path, json!({})).await.ok()["phone"].is_null());
        assert!(lin.get("/api/me").await.ok()["person"]["community"]["phone"].is_null());
    }
}
