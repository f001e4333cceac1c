//! A morning at the clinic.

use linli_domain::time::Span;
use serde_json::json;

use super::{at_desk, book, book_or_wait, booking, id, inbox, look, step};
use crate::harness::on_both;
use crate::harness::people::{CLINIC_DESK, HE, LIN};

on_both! {
    async fn a_resident_books_moves_waits_is_handed_a_place_and_is_seen(world) {
        let (lin, he, desk) = (world.log_in(LIN).await, world.log_in(HE).await, world.log_in(CLINIC_DESK).await);

        // She finds the clinic by platform and kind, and a day with places.
        let found = lin.get("/api/offerings?platform=medical&kind=medical.general_practice&area=130903001000").await.ok();
        let chen = world.offering("shuiyuesi_gp_chen").await;
        assert!(found["items"].as_array().unwrap().iter().any(|one| one["id"] == chen.to_string()));
        let days = lin.get(&format!("/api/offerings/{chen}/days?days=10")).await.ok();
        let left: Vec<&str> = days["items"].as_array().unwrap().iter().map(|day| day["left"].as_str().unwrap()).collect();
        assert_eq!(left, ["many", "many", "many", "many", "many", "closed", "closed", "many", "not_open", "not_open"]);

        // She books, looks at it, and moves it by half an hour: the old place is free again, the new one is hers.
        let visit = book(&lin, chen, world.at(1, "09:30")).await;
        assert_eq!((&visit["state"], &visit["price_fen"], &visit["placed_by"]["authority"]), (&json!("confirmed"), &json!(0), &json!("self")));
        let places = async |time: &str| {
            let slots = lin.get(&format!("/api/offerings/{chen}/slots?day={}", world.day(1))).await.ok();
            let found = slots["items"].as_array().unwrap().iter().find(|slot| slot["start"].as_str().unwrap().contains(time)).cloned();
            found.unwrap()["free"].as_i64().unwrap()
        };
        assert_eq!((places("T09:30").await, places("T10:00").await), (5, 6));
        let moved = json!({ "version": 1, "start": world.at(1, "10:00").to_string() });
        let visit = lin.post(&format!("/api/orders/{}/move", id(&visit)), moved).await.ok();
        assert_eq!((places("T09:30").await, places("T10:00").await), (6, 5));
        assert_eq!(visit["start"], "2026-11-24T10:00:00+08:00");
        step(&lin, &visit, "cancel").await;
        assert_eq!(places("T10:00").await, 6);

        // The doctor of Chinese medicine has one place at nine; He has it. She joins the line.
        let zhao = world.offering("shuiyuesi_tcm_zhao").await;
        let taken = book(&he, zhao, world.at(1, "09:00")).await;
        assert_eq!(taken["price_fen"], 1500);
        let shown = lin.post("/api/orders/preview", json!({ "offering_id": zhao.to_string(), "start": world.at(1, "09:00").to_string() })).await.ok();
        assert_eq!(shown["price_fen"], 1500);
        lin.post("/api/orders", booking(zhao, world.at(1, "09:00"), "refuse")).await.refused(409, "slot_full");
        let mine = book_or_wait(&lin, zhao, world.at(1, "09:00")).await;
        assert_eq!((&mine["state"], &mine["line"]["position"], &mine["actions"]), (&json!("waiting"), &json!(1), &json!(["leave_line", "complain"])));
        assert!(mine["check_in_code"].is_null(), "no code without a place");

        // He gives up; the place is held for her for half an hour, and she is told by text message.
        step(&he, &taken, "cancel").await;
        world.work().await;
        let held = look(&lin, &mine).await;
        assert_eq!((&held["state"], &held["held_until"]), (&json!("held"), &json!("2026-11-23T09:30:00+08:00")));
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_held"]);
        assert_eq!(inbox(&he).await, ["order.cancelled", "order.placed"]);
        world.advance(Span::minutes(29)).await;
        let mine = step(&lin, &mine, "accept").await;
        assert_eq!(mine["state"], "confirmed");
        world.work().await;
        assert_eq!(inbox(&lin).await[0], "order.accepted");

        // Tuesday: the desk finds her by the code, gives her number one, calls it, and is done.
        world.clock.set(world.at(1, "08:15"));
        let code = mine["check_in_code"].as_str().unwrap();
        let list = desk.get(&format!("/api/desk/bookings?code={code}&day={}", world.day(0))).await.ok();
        assert_eq!((&list["items"][0]["id"], &list["items"][0]["subject"]["name"]), (&mine["id"], &json!("演示居民·林一")));
        let there = at_desk(&desk, &mine, "check-in").await;
        assert_eq!((&there["state"], &there["ticket"]["number"], &there["ticket"]["state"]), (&json!("underway"), &json!(1), &json!("waiting")));
        assert_eq!(look(&lin, &mine).await["queue"], json!({ "number": 1, "state": "waiting", "ahead": 0 }));
        let called = desk.post(&format!("/api/desk/queues/{zhao}/next?day={}", world.day(0)), json!({})).await.ok();
        assert_eq!((&called["id"], &called["ticket"]["state"]), (&mine["id"], &json!("called")));
        let now = look(&lin, &mine).await;
        assert_eq!((&now["queue"]["state"], &now["queue"]["serving"]), (&json!("called"), &json!(1)));
        let day = desk.get(&format!("/api/desk/day?offering={zhao}&day={}", world.day(0))).await.ok();
        assert_eq!((&day["serving"], day["items"].as_array().unwrap().len()), (&json!(1), 1));
        at_desk(&desk, &mine, "done").await;
        let closed = step(&lin, &mine, "agree").await;
        assert_eq!(closed["state"], "closed");
        let events: Vec<&str> = closed["timeline"].as_array().unwrap().iter().map(|line| line["event"].as_str().unwrap()).collect();
        assert_eq!(events, ["joined_line", "held", "accepted", "checked_in", "fulfilled", "agreed"]);
        assert_eq!(closed["timeline"][1]["by"]["en"], "The system");
        assert_eq!(closed["timeline"][3]["by"]["zh"], "工作人员演示工作人员·导医一");
        let past = lin.get("/api/orders?scope=past").await.ok();
        assert_eq!(past["items"].as_array().unwrap().len(), 2);
        crate::harness::books::balance(&world.app).await;
    }

    async fn a_move_never_leaves_anybody_without_a_place(world) {
        let zhao = world.offering("shuiyuesi_tcm_zhao").await;
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let mine = book(&lin, zhao, world.at(1, "09:00")).await;
        book(&he, zhao, world.at(1, "09:30")).await;
        let to = |time: &str| json!({ "version": 1, "start": world.at(1, time).to_string() });
        lin.post(&format!("/api/orders/{}/move", id(&mine)), to("09:30")).await.refused(409, "slot_full");
        let still = look(&lin, &mine).await;
        assert_eq!((&still["state"], &still["start"], &still["version"]), (&json!("confirmed"), &mine["start"], &json!(1)));
        // To a place that is free, even on the same day with one place a day: the old counts no more.
        lin.post(&format!("/api/orders/{}/move", id(&mine)), to("10:00")).await.ok();
        crate::harness::books::balance(&world.app).await;
    }

    async fn pages_of_orders_have_no_gaps_and_no_doubles(world) {
        let lin = world.log_in(LIN).await;
        let advice = world.offering("property_advice").await;
        let mut made = Vec::new();
        for n in 0..7 {
            let order = book(&lin, advice, world.at(1 + n % 4, "09:00")).await;
            step(&lin, &order, "cancel").await;
            made.push(id(&order).to_owned());
        }
        let (mut seen, mut path) = (Vec::new(), "/api/orders?scope=past&limit=3".to_owned());
        loop {
            let page = lin.get(&path).await.ok();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 3);
            seen.extend(items.iter().map(|order| id(order).to_owned()));
            match page["next"].as_str() {
                Some(next) => path = format!("/api/orders?scope=past&limit=3&cursor={next}"),
                None => break,
            }
        }
        seen.sort();
        made.sort();
        assert_eq!(seen, made);
    }
}
