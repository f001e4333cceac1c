//! A guardian acts for a child, until the child is of age.

use reqwest::StatusCode;
use serde_json::json;

use super::{book, booking, id, inbox, step};
use crate::harness::on_both;
use crate::harness::people::LIN;

on_both! {
    async fn a_mother_books_for_her_child(world) {
        let lin = world.log_in(LIN).await;
        let me = lin.get("/api/me").await.ok();
        let child = &me["household"][0];
        assert_eq!((&child["name"], &child["relation"]), (&json!("演示儿童·林小禾"), &json!("mother")));
        let vaccination = world.offering("shuiyuesi_vaccination").await;
        let mut wish = booking(vaccination, world.at(2, "08:30"), "refuse");
        wish["subject_id"] = child["id"].clone();
        let order = lin.post("/api/orders", wish).await.expect(StatusCode::CREATED);
        assert_eq!(order["placed_by"], json!({ "name": "演示居民·林一", "authority": "guardian" }));
        assert_eq!(order["by_for"]["en"], "Booked by 演示居民·林一 for 演示儿童·林小禾");
        assert_eq!(order["shares"][0]["payer"]["en"], "Paid by the guardian");
        assert_eq!(order["subject"]["id"], child["id"]);
        // Her own time is not the child's.
        book(&lin, world.offering("shuiyuesi_gp_chen").await, world.at(2, "08:30")).await;
        world.work().await;
        assert_eq!(inbox(&lin).await, ["order.placed", "order.placed"]);
        let listed = lin.get("/api/orders?scope=open").await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        assert_eq!(step(&lin, &order, "cancel").await["timeline"][1]["by"]["en"], "演示居民·林一 for 演示儿童·林小禾");
        lin.delete(&format!("/api/me/household/{}", child["id"].as_str().unwrap())).await.expect(StatusCode::NO_CONTENT);
    }

    async fn a_child_with_bookings_stays_in_the_household(world) {
        let lin = world.log_in(LIN).await;
        let child = lin.get("/api/me").await.ok()["household"][0]["id"].clone();
        let mut wish = booking(world.offering("shuiyuesi_vaccination").await, world.at(2, "08:30"), "refuse");
        wish["subject_id"] = child.clone();
        lin.post("/api/orders", wish).await.expect(StatusCode::CREATED);
        lin.delete(&format!("/api/me/household/{}", child.as_str().unwrap())).await.refused(409, "has_open_orders");
    }

    async fn the_eighteenth_birthday_ends_it(world) {
        let lin = world.log_in(LIN).await;
        // Eighteen on Wednesday.
        let child = json!({ "name": "演示少年", "birth_date": "2008-11-25", "relation": "mother" });
        let child = lin.post("/api/me/household", child).await.expect(StatusCode::CREATED);
        let advice = world.offering("property_advice").await;
        let wish = |day: i32| {
            let mut wish = booking(advice, world.at(day, "09:30"), "refuse");
            wish["subject_id"] = child["id"].clone();
            wish
        };
        let order = lin.post("/api/orders", wish(3)).await.expect(StatusCode::CREATED);
        world.clock.set(world.at(1, "23:59"));
        lin.get(&format!("/api/orders/{}", id(&order))).await.ok();
        world.clock.set(world.at(1, "00:00"));
        // From today the grown child's matters are their own.
        lin.post("/api/orders", wish(3)).await.refused(422, "person_unknown");
        lin.get(&format!("/api/orders/{}", id(&order))).await.refused(404, "not_found");
        let cancel = format!("/api/orders/{}/cancel", id(&order));
        lin.post(&cancel, json!({ "version": 1 })).await.refused(404, "not_found");
        assert_eq!(lin.get("/api/orders?scope=open").await.ok()["items"], json!([]));
        assert_eq!(lin.get("/api/me").await.ok()["household"].as_array().unwrap().len(), 1);
    }
}
