//! Late, silent, vanished.

use linli_domain::time::Span;
use serde_json::{Value, json};

use super::{CLEANER, accepted, calls};
use crate::harness::{Client, on_both};

async fn topics(client: &Client) -> Vec<String> {
    let inbox: Value = client.get("/api/notices?limit=100").await.ok();
    inbox["items"].as_array().unwrap().iter().map(|one| one["topic"].as_str().unwrap().to_owned()).collect()
}

fn times(topics: &[String], topic: &str) -> usize {
    topics.iter().filter(|one| *one == topic).count()
}

on_both! {
    async fn whoever_vanishes_is_replaced(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        world.advance(Span::minutes(4)).await;
        world.work().await;
        assert_eq!(times(&topics(&job.worker).await, "visit.ping"), 0);
        world.advance(Span::minutes(1)).await;
        world.work().await;
        assert_eq!(times(&topics(&job.worker).await, "visit.ping"), 1, "asked five minutes after they should have left");
        // Silence: ten minutes to answer.
        world.advance(Span::minutes(9)).await;
        world.work().await;
        assert_eq!(job.seen().await["visit"]["state"], "accepted");
        world.advance(Span::minutes(1)).await;
        world.work().await;
        world.work().await;
        let seen = job.seen().await;
        assert!(["seeking", "offered"].contains(&seen["visit"]["state"].as_str().unwrap()), "{}", seen["visit"]["state"]);
        assert_eq!(seen["visit"]["worker"], json!(null));
        assert_eq!(times(&topics(&job.worker).await, "visit.taken_back"), 1);
        assert_eq!(times(&topics(&job.resident).await, "order.unassigned"), 1, "the resident is told");
        let calls = calls(world, job.order).await;
        assert!(calls.iter().any(|source| source.starts_with("visit.taken_back/")), "staff see it: {calls:?}");
        job.step("on-the-way", json!({})).await.refused(404, "not_found");
        assert_eq!(times(&topics(&job.worker).await, "visit.ping"), 1, "asked once");
    }

    async fn whoever_answers_keeps_the_job(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        world.advance(Span::minutes(6)).await;
        world.work().await;
        job.step("coming", json!({ "minutes": 61 })).await.refused(422, "value_invalid");
        job.step("coming", json!({ "minutes": 20 })).await.ok();
        for _ in 0..24 {
            world.advance(Span::minutes(1)).await;
            world.work().await;
        }
        assert_eq!(job.seen().await["visit"]["state"], "accepted");
        assert_eq!(times(&topics(&job.worker).await, "visit.ping"), 1);
        // Past their own word they are asked again, and replaced.
        for _ in 0..16 {
            world.advance(Span::minutes(1)).await;
            world.work().await;
        }
        assert_eq!(times(&topics(&job.worker).await, "visit.ping"), 2);
        assert_eq!(job.seen().await["visit"]["worker"], json!(null));
        // Both heard once that it would be late.
        assert_eq!(times(&topics(&job.worker).await, "visit.late"), 1);
        assert_eq!(times(&topics(&job.resident).await, "order.late"), 1);
    }

    async fn both_hear_once_that_it_is_late(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.step("on-the-way", json!({})).await.ok();
        world.work().await;
        assert_eq!(times(&topics(&job.resident).await, "order.late"), 0);
        let promised = job.way(world).await;
        // A quarter of an hour is nothing to speak of.
        world.advance(Span(promised.0 + Span::minutes(15).0)).await;
        world.work().await;
        assert_eq!(times(&topics(&job.resident).await, "order.late"), 0);
        world.advance(Span::minutes(1)).await;
        for _ in 0..3 {
            world.work().await;
            world.advance(Span::minutes(1)).await;
        }
        assert_eq!(times(&topics(&job.resident).await, "order.late"), 1);
        assert_eq!(times(&topics(&job.worker).await, "visit.late"), 1);
        assert_eq!(job.events(world).await.iter().filter(|event| *event == "late").count(), 1);
        assert_eq!(job.seen().await["visit"]["state"], "on_the_way", "late is not there");
    }

    async fn whoever_is_lost_is_called_and_never_replaced(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.step("on-the-way", json!({})).await.ok();
        world.advance(Span(job.way(world).await.0 + Span::minutes(29).0)).await;
        world.work().await;
        assert!(calls(world, job.order).await.is_empty());
        // A sign of life puts it off.
        job.step("position", json!({ "point": { "lat": 38.3246, "lon": 116.8479 } })).await.ok();
        world.advance(Span::minutes(29)).await;
        world.work().await;
        assert!(calls(world, job.order).await.is_empty());
        world.advance(Span::minutes(5)).await;
        world.work().await;
        world.advance(Span::minutes(1)).await;
        world.work().await;
        let calls = calls(world, job.order).await;
        assert_eq!(calls.iter().filter(|source| source.starts_with("visit.lost/")).count(), 1, "{calls:?}");
        assert_eq!(job.seen().await["visit"]["state"], "on_the_way", "nobody else is sent, and nobody has arrived");
        let words = job.whereabouts().await["words"]["en"].to_string();
        assert!(words.contains("not said that they have arrived"), "{words}");
    }
}
