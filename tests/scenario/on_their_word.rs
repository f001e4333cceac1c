//! Somebody nobody knows books a doctor on their word; their card is looked at when they come.

use reqwest::StatusCode;
use serde_json::json;

use super::{book, booking};
use crate::harness::people::{DISTRICT, NEWCOMER};
use crate::harness::{Offer, on_both};

/// A number with a right check character, of a region that does not exist.
const NUMBER: &str = "990101198503150033";

on_both! {
    async fn one_booking_until_the_card_was_seen(world) {
        let offer = || Offer { kind: "medical.general_practice", beside: "shuiyuesi_gp_chen", ..Offer::default() };
        let (clinic, another) = (world.offer(offer(), |_| {}).await, world.offer(offer(), |_| {}).await);
        let newcomer = world.log_in(NEWCOMER).await;
        let no = newcomer.post("/api/orders", booking(clinic, world.at(1, "09:30"), "refuse")).await.refused(422, "identity_not_declared");
        assert!(no["detail"].as_str().unwrap().contains("identity card"), "it says what to bring: {no}");

        newcomer.put("/api/me/identity", json!({ "number": NUMBER })).await.ok();
        let first = book(&newcomer, clinic, world.at(1, "09:30")).await;
        assert_eq!(first["state"], "confirmed");
        let no = newcomer.post("/api/orders", booking(another, world.at(2, "09:30"), "refuse")).await.refused(409, "limit_until_verified");
        assert!(no["detail"].as_str().unwrap().contains("identity card"), "{no}");

        let staff = world.log_in(DISTRICT).await;
        let person = newcomer.get("/api/me").await.ok()["person"]["id"].as_str().unwrap().to_owned();
        let seen = json!({ "fact": "identity", "document": "居民身份证" });
        staff.post(&format!("/api/desk/people/{person}/verifications"), seen).await.expect(StatusCode::CREATED);
        let second = book(&newcomer, another, world.at(2, "09:30")).await;
        assert_eq!(second["state"], "confirmed", "now that it was seen");
    }
}
