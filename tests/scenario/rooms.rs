//! Rooms, tables and the gym: from–to, week after week, with a yes of the place, given back when nobody comes.

use linli_domain::id::OfferingId;
use linli_domain::time::Span;
use serde_json::{Value, json};

use super::{at_desk, id, inbox, look, step};
use crate::harness::people::{DISTRICT, HE, LIN};
use crate::harness::{Room, World, on_both};

fn purpose() -> Value {
    json!({ "purpose": "合唱排练", "people": "15" })
}

fn using(world: &World, offering: OfferingId, day: i32, from: &str, to: &str) -> Value {
    json!({
        "offering_id": offering.to_string(), "if_full": "refuse",
        "start": world.at(day, from).to_string(), "end": world.at(day, to).to_string(), "form": purpose(),
    })
}

fn weekly(world: &World, offering: OfferingId, rest_is_fine: bool) -> Value {
    json!({
        "offering_id": offering.to_string(), "weekdays": [2], "from": "19:00", "to": "21:00",
        "first_day": world.day(1).to_string(), "last_day": world.day(25).to_string(), "rest_is_fine": rest_is_fine,
        "form": purpose(),
    })
}

on_both! {
    async fn two_share_the_rooms_and_the_gap_is_kept(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let (rooms, _) = world.room(Room { units: &["一号室", "二号室"], ..Room::default() }, |rules| rules.gap_minutes = 15).await;
        let mine = lin.post("/api/orders", using(world, rooms, 1, "09:00", "10:00")).await.ok();
        assert_eq!((&mine["state"], &mine["unit"]["name"]["zh"], &mine["shape"]), (&json!("confirmed"), &json!("一号室"), &json!("resource")));
        // The first room is aired until a quarter past ten; the second is free.
        let next = he.post("/api/orders", using(world, rooms, 1, "10:00", "11:00")).await.ok();
        assert_eq!(next["unit"]["name"]["zh"], "二号室");
        let free = he.get(&format!("/api/offerings/{rooms}/free?day={}", world.day(1))).await.ok();
        assert_eq!(free["open"], json!([{ "from": "09:00", "to": "21:00" }]));
        assert_eq!(free["units"][0]["busy"][0]["end"], world.at(1, "10:15").to_string());
        // A third at that time is refused, in words; half an hour later it goes.
        let third = world.client_of(&world.resident().await).await;
        third.post("/api/orders", using(world, rooms, 1, "10:00", "10:30")).await.refused(409, "unit_busy");
        third.post("/api/orders", using(world, rooms, 1, "09:15", "10:00")).await.refused(422, "span_invalid");
        third.post("/api/orders", using(world, rooms, 1, "10:30", "11:30")).await.ok();
        // Moving an hour later needs no call, and its own old time is not in the way.
        let moved = json!({ "version": 1, "start": world.at(1, "09:30").to_string(), "end": world.at(1, "10:30").to_string() });
        let moved = he.post(&format!("/api/orders/{}/move", id(&next)), moved).await.ok();
        assert_eq!((&moved["unit"]["name"]["zh"], &moved["start"]), (&json!("二号室"), &json!(world.at(1, "09:30").to_string())));
        crate::harness::books::balance(&world.app).await;
    }

    async fn the_place_says_yes_or_no(world) {
        let (lin, he, staff) = (world.log_in(LIN).await, world.log_in(HE).await, world.log_in(DISTRICT).await);
        let (room, _) = world.room(Room::default(), |rules| rules.approval = true).await;
        let asked = lin.post("/api/orders", using(world, room, 1, "09:00", "10:00")).await.ok();
        assert_eq!((&asked["state"], &asked["actions"]), (&json!("requested"), &json!(["cancel", "complain"])));
        he.post("/api/orders", using(world, room, 1, "09:30", "10:30")).await.refused(409, "unit_busy");
        let later = he.post("/api/orders", using(world, room, 1, "15:00", "16:00")).await.ok();
        let list = staff.get("/api/desk/requests").await.ok();
        let waiting: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
        assert_eq!(waiting, [&asked["id"], &later["id"]]);
        at_desk(&staff, &asked, "approve").await;
        let reason = json!({ "version": 1, "reason": "当天检修" });
        staff.post(&format!("/api/desk/orders/{}/reject", id(&later)), reason).await.ok();
        world.work().await;
        assert_eq!((look(&lin, &asked).await["state"].clone(), look(&he, &later).await["state"].clone()), (json!("confirmed"), json!("rejected")));
        assert_eq!((&inbox(&lin).await[0], &inbox(&he).await[0]), (&"order.approved".to_owned(), &"order.rejected".to_owned()));
        assert_eq!(world.texted(&HE.parse().unwrap()), ["order_rejected"]);
        // Moved, it has to be asked for anew; nobody answers, and the time has come.
        let moved = json!({ "version": 2, "start": world.at(2, "09:00").to_string(), "end": world.at(2, "10:00").to_string() });
        let moved = lin.post(&format!("/api/orders/{}/move", id(&asked)), moved).await.ok();
        assert_eq!(moved["state"], "requested");
        world.clock.set(world.at(2, "09:00"));
        world.advance(Span::minutes(1)).await;
        world.work().await;
        assert_eq!(look(&lin, &asked).await["state"], "expired");
        crate::harness::books::balance(&world.app).await;
    }

    async fn the_same_every_week_says_which_dates_fail(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let (room, _) = world.room(Room::default(), |_| {}).await;
        he.post("/api/orders", using(world, room, 8, "20:00", "21:00")).await.ok();
        let shown = lin.post("/api/orders/series/preview", weekly(world, room, false)).await.ok();
        assert_eq!((&shown["good"], &shown["bad"]), (&json!(3), &json!(1)));
        assert_eq!((&shown["dates"][1]["ok"], &shown["dates"][1]["problem"]["code"]), (&json!(false), &json!("unit_busy")));
        // Without a yes nothing is booked; with it, the rest; and the same tap again books nothing new.
        let no = lin.post("/api/orders/series", weekly(world, room, false)).await.refused(409, "series_partly_taken");
        assert!(no["detail"].as_str().unwrap().contains("1 Dec"), "{no}");
        assert!(lin.get("/api/orders?scope=open").await.ok()["items"].as_array().unwrap().is_empty());
        let made = lin.post_with_key("/api/orders/series", "weekly", weekly(world, room, true)).await.ok();
        let again = lin.post_with_key("/api/orders/series", "weekly", weekly(world, room, true)).await.ok();
        assert_eq!((made["made"].as_array().unwrap().len(), &made["failed"][0]["day"]), (3, &json!(world.day(8).to_string())));
        assert_eq!((&again["series_id"], again["made"].as_array().unwrap().len()), (&made["series_id"], 3));
        assert_eq!(made["made"][0]["series"]["count"], 3);
        let cancelled = lin.post(&format!("/api/orders/series/{}/cancel", made["series_id"].as_str().unwrap()), json!({})).await.ok();
        assert_eq!(cancelled["cancelled"], 3);
        he.post(&format!("/api/orders/series/{}/cancel", made["series_id"].as_str().unwrap()), json!({})).await.refused(404, "not_found");
        crate::harness::books::balance(&world.app).await;
    }

    async fn what_nobody_comes_to_is_given_back(world) {
        let (lin, he, staff) = (world.log_in(LIN).await, world.log_in(HE).await, world.log_in(DISTRICT).await);
        let (room, _) = world.room(Room::default(), |rules| rules.release_minutes = 20).await;
        let missed = lin.post("/api/orders", using(world, room, 0, "10:00", "12:00")).await.ok();
        let came = he.post("/api/orders", using(world, room, 0, "14:00", "15:00")).await.ok();
        world.work().await;
        world.clock.set(world.at(0, "10:19"));
        world.advance(Span::seconds(30)).await;
        world.work().await;
        assert_eq!(look(&lin, &missed).await["state"], "confirmed");
        world.advance(Span::minutes(1)).await;
        world.work().await;
        assert_eq!(look(&lin, &missed).await["state"], "no_show");
        let third = world.client_of(&world.resident().await).await;
        third.post("/api/orders", using(world, room, 0, "10:30", "11:30")).await.ok();
        // Whoever has come keeps it, without a number; it ends by the clock.
        world.clock.set(world.at(0, "13:45"));
        let there = at_desk(&staff, &came, "check-in").await;
        assert_eq!((&there["state"], there.get("ticket"), &there["actions"]), (&json!("underway"), None, &json!(["done"])));
        world.clock.set(world.at(0, "15:00"));
        world.advance(Span::minutes(1)).await;
        world.work().await;
        assert_eq!(look(&he, &came).await["state"], "fulfilled");
        crate::harness::books::balance(&world.app).await;
    }

    async fn a_place_in_the_gym_is_counted_and_the_week_has_so_many_hours(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let (gym, _) = world.room(Room { units: &[], ..Room::default() }, |_| {}).await;
        lin.post("/api/orders", using(world, gym, 1, "09:00", "10:00")).await.ok();
        he.post("/api/orders", using(world, gym, 1, "09:30", "10:30")).await.refused(409, "slot_full");
        let mine = he.post("/api/orders", using(world, gym, 1, "10:00", "11:00")).await.ok();
        let free = he.get(&format!("/api/offerings/{gym}/free?day={}", world.day(1))).await.ok();
        let left: Vec<i64> = free["steps"].as_array().unwrap().iter().take(5).map(|step| step["free"].as_i64().unwrap()).collect();
        assert_eq!(left, [0, 0, 0, 0, 1]);
        // A day taken away cancels what stands on it, and nothing more is given out.
        let staff = world.log_in(DISTRICT).await;
        let closed = json!({ "offering_id": gym.to_string(), "day": world.day(1).to_string(), "reason": "器材检修" });
        let report = staff.post("/api/desk/closures", closed).await.ok();
        assert_eq!(report["cancelled"], 2);
        assert_eq!(look(&he, &mine).await["state"], "cancelled");
        he.post("/api/orders", using(world, gym, 1, "15:00", "16:00")).await.refused(409, "slot_closed");
        // Eight hours a week: what is left of them is less than what is asked; the next week begins anew.
        he.post("/api/orders", using(world, gym, 2, "09:00", "13:00")).await.ok();
        he.post("/api/orders", using(world, gym, 3, "09:00", "12:00")).await.ok();
        let no = he.post("/api/orders", using(world, gym, 4, "09:00", "11:00")).await.refused(409, "limit_hours");
        assert!(no["detail"].as_str().unwrap().contains('8'), "{no}");
        let next = he.post("/api/orders", using(world, gym, 7, "09:00", "11:00")).await.ok();
        step(&he, &next, "cancel").await;
        he.post("/api/orders", using(world, gym, 4, "09:00", "10:00")).await.ok();
        crate::harness::books::balance(&world.app).await;
    }
}
