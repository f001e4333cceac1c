//! Coming back soon costs less.

use linli_domain::id::OfferingId;
use linli_domain::time::{Instant, Span};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{at_desk, book, id, step};
use crate::harness::people::{CLINIC_DESK, LIN};
use crate::harness::{Offer, START, World, clock, on_both};

/// A doctor of Chinese medicine: ¥15, and ¥5 within a week.
async fn doctor(world: &World, beside: &str) -> OfferingId {
    let offer = Offer { kind: "medical.chinese_medicine", beside, capacity: 5, ..Offer::default() };
    let rules = |rules: &mut linli_domain::platform::Rules| {
        rules.opens_days_before = 30;
        (rules.price_fen, rules.revisit_days, rules.revisit_price_fen) = (1500, 7, 500);
    };
    world.offer(offer, rules).await
}

fn on(days: i32, time: &str) -> Instant {
    START.day().plus(days).at(clock(time))
}

async fn served(world: &World, order: &Value) {
    let start: Instant = order["start"].as_str().unwrap().parse().unwrap();
    world.clock.set(start - Span::minutes(10));
    let desk = world.client_of(&world.staff(CLINIC_DESK).await).await;
    at_desk(&desk, order, "check-in").await;
    at_desk(&desk, order, "done").await;
}

on_both! {
    async fn within_a_week_of_a_visit_at_full_price(world) {
        let zhao = doctor(world, "shuiyuesi_tcm_zhao").await;
        let elsewhere = doctor(world, "nanhu_tcm").await;
        let lin = world.client_of(&world.staff(LIN).await).await;
        let price = async |offering: OfferingId, days: i32| {
            let wish = json!({ "offering_id": offering.to_string(), "start": on(days, "10:00").to_string() });
            let shown = lin.post("/api/orders/preview", wish).await.ok();
            assert_eq!(shown["shares"][0]["amount_fen"], shown["price_fen"]);
            shown["price_fen"].as_i64().unwrap()
        };

        // Booked is not served: until she was there, everything costs the full price.
        let first = book(&lin, zhao, on(1, "09:00")).await;
        assert_eq!((&first["price_fen"], price(zhao, 3).await), (&json!(1500), 1500));
        served(world, &first).await;

        // Seven days from the visit, and only with those she was with.
        assert_eq!((price(zhao, 3).await, price(zhao, 8).await, price(zhao, 9).await), (500, 500, 1500));
        assert_eq!(price(elsewhere, 3).await, 1500);
        let again = book(&lin, zhao, on(3, "09:00")).await;
        assert_eq!((&again["price_fen"], &again["shares"][0]["amount_fen"]), (&json!(500), &json!(500)));
        assert_eq!(again["shares"][0]["payer"]["en"], "Paid by the resident (price of a revisit after Tue 24 Nov)");

        // A revisit opens no week of its own.
        served(world, &again).await;
        step(&lin, &again, "agree").await;
        assert_eq!((price(zhao, 8).await, price(zhao, 9).await), (500, 1500));

        // Moved beyond the week, it is a visit at full price, and the one who pays pays that.
        let third = book(&lin, zhao, on(8, "09:00")).await;
        assert_eq!(third["price_fen"], 500);
        let to = json!({ "version": third["version"], "start": on(9, "09:00").to_string() });
        let third = lin.post(&format!("/api/orders/{}/move", id(&third)), to).await.expect(StatusCode::OK);
        assert_eq!((&third["price_fen"], &third["shares"][0]["amount_fen"]), (&json!(1500), &json!(1500)));
        assert_eq!(third["shares"][0]["payer"]["en"], "Paid by the resident");
        crate::harness::books::balance(&world.app).await;
    }
}
