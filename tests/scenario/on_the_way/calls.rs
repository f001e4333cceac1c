//! The two sides call each other.

use linli_domain::time::Span;
use reqwest::StatusCode;
use serde_json::json;

use super::{CLEANER, accepted, wish};
use crate::harness::books::count;
use crate::harness::on_both;
use crate::harness::people::{HE, LIN};

on_both! {
    async fn numbers_are_shown_when_they_are_needed_and_noted(world) {
        let resident = world.client_of(&world.staff(LIN).await).await;
        let asked = resident.post("/api/visits", wish("housekeeping.cleaning")).await.expect(StatusCode::CREATED);
        let call = format!("/api/orders/{}/call", asked["id"].as_str().unwrap());
        resident.post(&call, json!({})).await.refused(409, "call_not_possible");
        world.client_of(&world.staff(CLEANER).await).await.post(&call, json!({})).await.refused(404, "not_found");

        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        let call = format!("/api/orders/{}/call", job.order);
        assert!(!job.seen().await.to_string().contains(CLEANER), "no number in the order");
        assert!(!job.worker.get("/api/work/jobs?scope=open").await.ok().to_string().contains(LIN), "nor in the jobs");
        let shown = job.resident.post(&call, json!({})).await.ok();
        assert_eq!((&shown["number"], &shown["relayed"]), (&json!(CLEANER), &json!(false)));
        assert_eq!(job.worker.post(&call, json!({})).await.ok()["number"], LIN);
        let other = world.client_of(&world.staff(HE).await).await;
        other.post(&call, json!({})).await.refused(404, "not_found");
        assert_eq!(count(&world.app, "SELECT 1 FROM number_reveals").await, 2, "who was shown whose");
        assert_eq!(count(&world.app, "SELECT 1 FROM audit WHERE action = 'number.shown'").await, 2);

        job.begun().await;
        world.advance(Span::minutes(30)).await;
        job.step("done", json!({})).await.ok();
        // Until a day after it was over, or was to be.
        world.advance(Span::hours(23)).await;
        job.worker.post(&call, json!({})).await.ok();
        world.advance(Span::hours(6)).await;
        job.worker.post(&call, json!({})).await.refused(409, "call_not_possible");
        job.resident.post(&call, json!({})).await.refused(409, "call_not_possible");
    }
}
