//! A day of an area on one page.

use linli_domain::id::OfferingId;
use serde_json::{Value, json};

use super::{at_desk, book, booking, step};
use crate::harness::crew::{DOOR, at_once};
use crate::harness::people::{COMMUNITY, DISTRICT, HE, LIN};
use crate::harness::{Client, Offer, Room, Seats, World, on_both};

async fn day_of(world: &World, client: &Client, day: i32) -> Value {
    client.get(&format!("/api/desk/overview?area=130903000000&day={}", world.day(day))).await.ok()
}

fn using(world: &World, offering: OfferingId, from: &str, to: &str) -> Value {
    let mut body = booking(offering, world.at(1, from), "refuse");
    body["end"] = json!(world.at(1, to).to_string());
    body["form"] = json!({ "purpose": "合唱排练", "people": "15" });
    body
}

on_both! {
    async fn a_day_of_an_area_stands_on_one_page(world) {
        let community = world.log_in(COMMUNITY).await;
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let dahua = world.offer(Offer { beside: "dahua_gp", ..Offer::default() }, |_| {}).await;
        let overview = async |client: &Client, area: &str| {
            client.get(&format!("/api/desk/overview?area={area}&day={}", world.day(1))).await
        };
        let empty = overview(&community, "130903001007").await.ok();
        assert_eq!((&empty["totals"]["booked"], &empty["offerings"]), (&json!(0), &json!([])));
        book(&lin, dahua, world.at(1, "09:00")).await;
        let given_up = book(&he, dahua, world.at(1, "09:30")).await;
        step(&he, &given_up, "cancel").await;
        book(&he, dahua, world.at(1, "10:00")).await;
        let day = overview(&community, "130903001007").await.ok();
        assert_eq!(day["totals"], json!({ "booked": 2, "there": 0, "done": 0, "missed": 0, "waiting": 0, "requests": 0, "calls": 0 }));
        assert_eq!((day["offerings"].as_array().unwrap().len(), &day["offerings"][0]["offering"]["id"]), (1, &json!(dahua.to_string())));
        assert_eq!(day["offerings"][0]["counts"]["booked"], 2);

        // Other areas are nobody's business, and a day that does not exist is told.
        overview(&community, "130903001000").await.refused(404, "not_found");
        overview(&community, "130903002000").await.refused(404, "not_found");
        overview(&community, "130999999999").await.refused(404, "not_found");
        community.get("/api/desk/overview?area=130903001007&day=2026-02-30").await.refused(400, "malformed");
        let district = world.log_in(DISTRICT).await;
        assert_eq!(overview(&district, "130903000000").await.ok()["totals"]["booked"], 2);
        // Somebody of the area waits for a call.
        let grandma = district.post("/api/desk/people", json!({ "name": "演示老人·无机" })).await.ok();
        let booking = json!({
            "offering_id": dahua.to_string(), "start": world.at(1, "10:30").to_string(), "if_full": "refuse",
            "person_id": grandma["id"],
        });
        district.post("/api/desk/orders", booking).await.ok();
        world.work().await;
        let day = overview(&community, "130903001007").await.ok();
        assert_eq!((&day["totals"]["calls"], &day["calls"][0]["person"]["name"]), (&json!(1), &json!("演示老人·无机")));
    }

    async fn meetings_rooms_and_requests_stand_on_it_too(world) {
        let (lin, he, staff) = (world.log_in(LIN).await, world.log_in(HE).await, world.log_in(DISTRICT).await);
        let before = day_of(world, &staff, 1).await;
        let (rooms, _) = world.room(Room { units: &["一号室", "二号室"], ..Room::default() }, |_| {}).await;
        let (asked_for, _) = world.room(Room::default(), |rules| rules.approval = true).await;
        let late = lin.post("/api/orders", using(world, rooms, "15:00", "16:00")).await.ok();
        he.post("/api/orders", using(world, rooms, "09:00", "10:00")).await.ok();
        let fourth = world.client_of(&world.resident().await).await;
        let gone = fourth.post("/api/orders", using(world, rooms, "18:00", "19:00")).await.ok();
        step(&fourth, &gone, "cancel").await;
        let third = world.client_of(&world.resident().await).await;
        let asked = third.post("/api/orders", using(world, asked_for, "11:00", "12:00")).await.ok();
        let meetings = &[(1, "19:00"), (8, "19:00")];
        let (class, session) = world.session(Seats { seats: 1, meetings, ..Seats::default() }, |_| {}).await;
        let seat = |if_full: &str| json!({ "offering_id": class.to_string(), "session_id": session.to_string(), "if_full": if_full });
        lin.post("/api/orders", seat("refuse")).await.ok();
        he.post("/api/orders", seat("wait")).await.ok();

        let day = day_of(world, &staff, 1).await;
        let more = |name: &str| day["totals"][name].as_i64().unwrap() - before["totals"][name].as_i64().unwrap();
        assert_eq!((more("booked"), more("waiting"), more("requests"), more("there")), (3, 1, 1, 0), "{}", day["totals"]);
        let of = |list: &str, what: OfferingId| {
            day[list].as_array().unwrap().iter().find(|one| one["offering"]["id"] == what.to_string()).cloned()
        };
        assert_eq!(of("rooms", rooms).unwrap()["items"], json!([
            { "start": world.at(1, "09:00").to_string(), "end": world.at(1, "10:00").to_string(),
              "unit": { "zh": "一号室", "en": "一号室" }, "subject_name": "演示老人·何老" },
            { "start": late["start"], "end": late["end"], "unit": late["unit"]["name"], "subject_name": "演示居民·林一" },
        ]));
        assert_eq!(of("offerings", rooms).unwrap()["counts"]["booked"], 2);
        assert_eq!(of("offerings", asked_for).unwrap()["counts"]["requests"], 1);
        assert!(of("offerings", class).is_none(), "seats stand with their meetings");
        let meeting = day["meetings"].as_array().unwrap().iter().find(|one| one["session_id"] == session.to_string()).unwrap();
        assert_eq!((&meeting["title"]["zh"], &meeting["booked"], &meeting["present"]), (&json!("演示班"), &json!(1), &json!(0)));
        assert_eq!(meeting["start"], world.at(1, "19:00").to_string());
        let waiting: Vec<&Value> = day["requests"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(waiting, [&asked["id"]]);
        at_desk(&staff, &asked, "approve").await;

        // Another day has the second date of the class, with the same seats, and no rooms.
        let later = day_of(world, &staff, 8).await;
        let meeting = later["meetings"].as_array().unwrap().iter().find(|one| one["session_id"] == session.to_string()).unwrap();
        assert_eq!((&meeting["booked"], &later["rooms"], &later["requests"]), (&json!(1), &json!([]), &json!([])));
        let marked = "INSERT INTO attendances (order_id, meeting_id, mark, marked_by, marked_at) \
                      SELECT o.id, m.id, 'present', o.placed_by, 0 FROM orders o JOIN meetings m ON m.session_id = o.session_id \
                      WHERE o.state = 'confirmed' AND m.number = 2";
        crate::harness::books::rows(&world.app, &format!("{marked} RETURNING order_id")).await;
        let marked = day_of(world, &staff, 8).await;
        let meeting = marked["meetings"].as_array().unwrap().iter().find(|one| one["session_id"] == session.to_string()).unwrap();
        assert_eq!((&meeting["booked"], &meeting["present"]), (&json!(1), &json!(1)));
        assert_eq!(marked["totals"]["there"].as_i64().unwrap() - later["totals"]["there"].as_i64().unwrap(), 1);
        assert_eq!(marked["totals"]["booked"].as_i64().unwrap() - later["totals"]["booked"].as_i64().unwrap(), -1);
    }

    async fn who_is_looked_for_to_come_waits_for_no_answer_of_the_place(world) {
        let (lin, staff) = (world.log_in(LIN).await, world.log_in(DISTRICT).await);
        let before = day_of(world, &staff, 0).await;
        lin.asks(at_once("housekeeping.cleaning", DOOR, json!({}))).await;
        let after = day_of(world, &staff, 0).await;
        assert_eq!((&after["totals"], &after["requests"]), (&before["totals"], &before["requests"]));
        assert_eq!(after["offerings"], before["offerings"]);
    }
}
