//! Work that does not end.

use linli_domain::time::Span;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{CLEANER, accepted, calls, paid, wish};
use crate::harness::books::balance;
use crate::harness::people::{COMMUNITY, DISTRICT, HE};
use crate::harness::{Client, on_both};

async fn times(client: &Client, topic: &str) -> usize {
    let inbox: Value = client.get("/api/notices?limit=100").await.ok();
    inbox["items"].as_array().unwrap().iter().filter(|one| one["topic"] == topic).count()
}

on_both! {
    async fn staff_hear_once_of_work_that_does_not_end_and_end_it(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.begun().await;
        let (community, district) = (world.client_of(&world.staff(COMMUNITY).await).await, world.client_of(&world.staff(DISTRICT).await).await);
        let late = async || district.get("/api/desk/visits?scope=late").await.ok().to_string().contains(&job.order.to_string());
        world.advance(Span(Span::days(1).0 - 1)).await;
        world.work().await;
        assert!(calls(world, job.order).await.is_empty() && !late().await, "for a day nothing is wrong");
        world.advance(Span::minutes(1)).await;
        for _ in 0..3 {
            world.work().await;
            world.advance(Span::minutes(1)).await;
        }
        let asked = calls(world, job.order).await;
        assert_eq!(asked.iter().filter(|source| source.starts_with("visit.stuck/")).count(), 1, "{asked:?}");
        assert_eq!(times(&community, "visit.stuck").await, 1, "staff hear of it, once");
        assert_eq!(times(&job.worker, "visit.unfinished").await, 1, "and whoever is there");
        assert!(late().await);
        world.advance(Span::days(3)).await;
        world.work().await;
        let seen = job.seen().await;
        assert_eq!((&seen["state"], &seen["visit"]["state"]), (&json!("underway"), &json!("working")), "nothing says by itself that it is done");
        assert_eq!(paid(world, job.order).await, 0);
        assert_eq!(calls(world, job.order).await.len(), asked.len());

        // Whoever forgot is called, and staff end it for them.
        let path = format!("/api/desk/orders/{}/done", job.order);
        district.post(&path, json!({ "version": seen["version"] })).await.ok();
        let seen = job.seen().await;
        assert_eq!((&seen["state"], &seen["visit"]["state"]), (&json!("fulfilled"), &json!("done")));
        assert_eq!(paid(world, job.order).await, 8_000, "what was agreed to");
        world.work().await;
        assert_eq!(times(&job.worker, "visit.finished").await, 1);
        assert!(!late().await);
        balance(&world.app).await;
    }

    async fn nor_does_waiting_at_the_door(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.step("arrived", json!({})).await.ok();
        world.advance(Span::days(1)).await;
        world.work().await;
        assert!(calls(world, job.order).await.iter().any(|source| source.starts_with("visit.stuck/")));
        let district = world.client_of(&world.staff(DISTRICT).await).await;
        assert!(district.get("/api/desk/visits?scope=late").await.ok().to_string().contains(&job.order.to_string()));
    }

    async fn a_desk_does_nothing_for_those_who_come(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        let district = world.client_of(&world.staff(DISTRICT).await).await;
        let seen = job.seen().await;
        world.advance(Span::hours(3)).await;
        for step in ["check-in", "no-show", "done"] {
            let path = format!("/api/desk/orders/{}/{step}", job.order);
            district.post(&path, json!({ "version": seen["version"] })).await.refused(409, "not_possible_now");
        }
        assert_eq!(job.seen().await["version"], seen["version"]);
        // Nor does it say yes for those who are still asked: the request is not among what waits for its yes.
        let he = world.client_of(&world.staff(HE).await).await;
        let sought = he.post("/api/visits", wish("housekeeping.cleaning")).await.expect(StatusCode::CREATED);
        let id = sought["id"].as_str().unwrap();
        assert!(!district.get("/api/desk/requests").await.ok().to_string().contains(id));
        let version = json!({ "version": sought["version"] });
        district.post(&format!("/api/desk/orders/{id}/approve"), version).await.refused(409, "not_possible_now");
        balance(&world.app).await;
    }
}
