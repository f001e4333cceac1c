//! What time does by itself.

use linli_domain::time::Span;
use serde_json::json;

use super::{at_desk, book, id, inbox, look, step};
use crate::harness::on_both;
use crate::harness::people::{CLINIC_DESK, LIN};

on_both! {
    async fn a_reminder_rings_at_six_the_evening_before(world) {
        let lin = world.log_in(LIN).await;
        book(&lin, world.offering("shuiyuesi_gp_chen").await, world.at(1, "09:30")).await;
        world.work().await;
        world.clock.set(world.at(0, "17:59"));
        world.work().await;
        assert_eq!(inbox(&lin).await, ["order.placed"]);
        world.clock.set(world.at(0, "18:00"));
        world.work().await;
        assert_eq!(inbox(&lin).await, ["order.reminder", "order.placed"]);
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_reminder"]);
        world.clock.set(world.at(0, "18:30"));
        world.work().await;
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_reminder"], "once");
    }

    async fn what_is_booked_late_is_reminded_of_two_hours_before_or_not_at_all(world) {
        let lin = world.log_in(LIN).await;
        let chen = world.offering("shuiyuesi_gp_chen").await;
        let advice = world.offering("property_advice").await;
        book(&lin, chen, world.at(0, "14:00")).await;
        // Begins in an hour and a half: nobody needs to be told.
        book(&lin, advice, world.at(0, "10:30")).await;
        world.work().await;
        world.clock.set(world.at(0, "11:59"));
        world.work().await;
        assert!(!inbox(&lin).await.contains(&"order.reminder".to_owned()));
        world.clock.set(world.at(0, "12:00"));
        world.work().await;
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_reminder"]);
    }

    async fn the_reminder_of_a_moved_order_says_nothing(world) {
        let lin = world.log_in(LIN).await;
        let chen = world.offering("shuiyuesi_gp_chen").await;
        let order = book(&lin, chen, world.at(1, "09:30")).await;
        world.work().await;
        let moved = json!({ "version": 1, "start": world.at(3, "10:00").to_string() });
        lin.post(&format!("/api/orders/{}/move", id(&order)), moved).await.ok();
        world.work().await;
        world.clock.set(world.at(0, "18:00"));
        world.work().await;
        assert_eq!(inbox(&lin).await, ["order.moved", "order.placed"]);
        world.clock.set(world.at(2, "18:00"));
        world.work().await;
        assert_eq!(inbox(&lin).await[0], "order.reminder");
        let notice = lin.get("/api/notices?limit=1").await.ok()["items"][0].clone();
        assert!(notice["title"]["en"].as_str().unwrap().contains("Thu 26 Nov, 10:00 am"), "{notice}");
        // Cancelled: its reminder is silent too.
        let next = book(&lin, chen, world.at(5, "14:00")).await;
        world.work().await;
        step(&lin, &next, "cancel").await;
        world.clock.set(world.at(4, "18:00"));
        world.work().await;
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_reminder"]);
    }

    async fn silence_closes_what_is_done_and_it_can_be_reopened_for_a_while(world) {
        let (lin, desk) = (world.log_in(LIN).await, world.log_in(CLINIC_DESK).await);
        let chen = world.offering("shuiyuesi_gp_chen").await;
        let order = book(&lin, chen, world.at(1, "09:30")).await;
        world.clock.set(world.at(1, "09:20"));
        at_desk(&desk, &order, "check-in").await;
        at_desk(&desk, &order, "done").await;
        world.work().await;
        assert_eq!(inbox(&lin).await[0], "order.fulfilled");
        assert_eq!(look(&lin, &order).await["actions"], json!(["agree", "reopen", "rate", "complain"]));
        world.advance(Span::minutes(3 * 24 * 60 - 1)).await;
        world.work().await;
        assert_eq!(look(&lin, &order).await["state"], "fulfilled");
        world.advance(Span::minutes(1)).await;
        world.work().await;
        assert_eq!(look(&lin, &order).await["state"], "closed");
        let version = look(&lin, &order).await["version"].clone();
        let reopen = format!("/api/orders/{}/reopen", id(&order));
        let reopened = lin.post(&reopen, json!({ "version": version, "reason": "药还没有拿到" })).await.ok();
        assert_eq!(reopened["state"], "reopened");
    }

    async fn what_was_closed_long_ago_stays_closed(world) {
        let (lin, desk) = (world.log_in(LIN).await, world.log_in(CLINIC_DESK).await);
        let order = book(&lin, world.offering("shuiyuesi_gp_chen").await, world.at(1, "09:30")).await;
        world.clock.set(world.at(1, "09:20"));
        at_desk(&desk, &order, "check-in").await;
        at_desk(&desk, &order, "done").await;
        step(&lin, &order, "agree").await;
        world.advance(Span::seconds(3 * 24 * 3600 + 1)).await;
        let version = look(&lin, &order).await["version"].clone();
        let late = json!({ "version": version, "reason": "想再问问" });
        lin.post(&format!("/api/orders/{}/reopen", id(&order)), late).await.refused(409, "not_possible_now");
    }

    async fn messages_are_read_one_by_one_or_all(world) {
        let lin = world.log_in(LIN).await;
        let advice = world.offering("property_advice").await;
        for day in [1, 2] {
            book(&lin, advice, world.at(day, "09:30")).await;
        }
        world.work().await;
        assert_eq!(lin.get("/api/me").await.ok()["unread"], 2);
        let items = lin.get("/api/notices").await.ok()["items"].clone();
        lin.post(&format!("/api/notices/{}/read", items[0]["id"].as_str().unwrap()), json!({})).await;
        assert_eq!(lin.get("/api/me").await.ok()["unread"], 1);
        lin.post("/api/notices/read", json!({})).await;
        assert_eq!(lin.get("/api/me").await.ok()["unread"], 0);
        let page = lin.get("/api/notices?limit=1").await.ok();
        let rest = lin.get(&format!("/api/notices?limit=1&cursor={}", page["next"].as_str().unwrap())).await.ok();
        assert_eq!((&page["items"][0]["id"], &rest["items"][0]["id"]), (&items[0]["id"], &items[1]["id"]));
        assert!(rest["next"].is_null());
    }
}
