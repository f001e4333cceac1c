//! From the yes to the agreement; positions; what is told later.

use linli_domain::time::Span;
use reqwest::StatusCode;
use serde_json::json;

use super::{CLEANER, accepted, calls, paid};
use crate::harness::books::count;
use crate::harness::on_both;

on_both! {
    async fn a_cleaner_by_ranked_offer(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        assert_eq!(job.whereabouts().await["words"]["en"], "They have accepted and have not set out yet.");
        job.step("position", json!({ "point": { "lat": 38.3246, "lon": 116.8479 } })).await.refused(409, "not_on_the_way");

        let job_view = job.step("on-the-way", json!({})).await.ok();
        assert_eq!(job_view["state"], "on_the_way");
        let before = job.whereabouts().await;
        assert_eq!((&before["estimated"], &before["point"]), (&json!(true), &json!(null)), "{before}");

        // From a kilometre away, nearer each minute.
        for (n, lat) in [38.333, 38.330, 38.327].into_iter().enumerate() {
            let kept = job.step("position", json!({ "point": { "lat": lat, "lon": 116.8479 }, "accuracy": 12 })).await.ok();
            assert_eq!(kept["kept"], true, "{n}: {kept}");
            let seen = job.whereabouts().await;
            assert_eq!((&seen["point"]["lat"], &seen["age_seconds"]), (&json!(lat), &json!(0)));
            assert_eq!(seen["estimated"], false);
            world.advance(Span::seconds(60)).await;
        }
        assert_eq!(job.whereabouts().await["age_seconds"], 60);
        // Ninety seconds later it is an estimate, and says so.
        world.advance(Span::seconds(31)).await;
        let old = job.whereabouts().await;
        assert_eq!((&old["estimated"], &old["age_seconds"]), (&json!(true), &json!(91)), "{old}");
        assert_eq!(old["point"]["lat"], 38.327, "the last one, with its age");

        job.step("arrived", json!({})).await.ok();
        assert_eq!(count(&world.app, "SELECT 1 FROM positions").await, 0, "nothing is kept of the way");
        assert_eq!(job.whereabouts().await["point"], json!(null));
        let code = job.code().await;
        let working = job.step("start", json!({ "code": code })).await.ok();
        assert_eq!(working["state"], "working");
        assert_eq!(job.seen().await["state"], "underway");

        let picture = job.worker.picture().await;
        job.step("pictures", json!({ "file_id": picture, "moment": "before" })).await.expect(StatusCode::NO_CONTENT);
        let others = job.resident.picture().await;
        job.step("pictures", json!({ "file_id": others, "moment": "after" })).await.refused(422, "file_unknown");

        // Two hours were estimated; two hours and five minutes are three begun, which is half as much again.
        world.advance(Span::minutes(125)).await;
        job.step("done", json!({ "minutes_worked": 400 })).await.refused(422, "value_invalid");
        let done = job.step("done", json!({})).await.ok();
        assert_eq!(done["state"], "done");
        assert_eq!((paid(world, job.order).await, job.seen().await["price_fen"].as_i64()), (12_000, Some(12_000)));
        let version = job.seen().await["version"].clone();
        let agreed = job.resident.post(&format!("/api/orders/{}/agree", job.order), json!({ "version": version })).await.ok();
        assert_eq!(agreed["state"], "closed");
        let events = job.events(world).await;
        let told = ["requested", "assigned", "on_the_way", "arrived", "started", "picture_added", "fulfilled", "agreed"];
        assert_eq!(events, told);
        assert!(calls(world, job.order).await.is_empty());
        // Everybody was told, and their phones knew at once.
        world.work().await;
        let topics: Vec<String> = job.resident.get("/api/notices?limit=100").await.ok()["items"].as_array().unwrap().iter()
            .map(|one| one["topic"].as_str().unwrap().to_owned()).collect();
        for topic in ["order.on_the_way", "order.arrived", "order.started", "order.fulfilled"] {
            assert!(topics.iter().any(|told| told == topic), "{topic} in {topics:?}");
        }
        let live = job.resident.get("/api/live/events?after=0").await.ok();
        let states: Vec<&str> = live["items"].as_array().unwrap().iter().filter(|one| one["event"] == "visit.changed")
            .filter_map(|one| one["payload"]["state"].as_str()).collect();
        for state in ["accepted", "on_the_way", "arrived", "working", "done"] {
            assert!(states.contains(&state), "{state} in {states:?}");
        }
    }

    async fn positions_that_make_no_sense_are_ignored(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.step("on-the-way", json!({})).await.ok();
        world.advance(Span::seconds(60)).await;
        let at = |lat: f64| json!({ "lat": lat, "lon": 116.8479 });
        let now = world.app.now();
        assert_eq!(job.step("position", json!({ "point": at(38.327) })).await.ok()["kept"], true);
        for (body, why) in [
            (json!({ "point": at(38.327) }), "old"),
            (json!({ "point": at(38.327), "at": (now - Span::minutes(5)).to_string() }), "old"),
            (json!({ "point": at(38.327), "at": (now + Span::minutes(3)).to_string() }), "future"),
            (json!({ "point": at(38.327), "at": (now + Span::seconds(2)).to_string() }), "too_soon"),
            (json!({ "point": at(38.327), "accuracy": 501, "at": (now + Span::seconds(20)).to_string() }), "inaccurate"),
            (json!({ "point": at(39.327), "at": (now + Span::seconds(20)).to_string() }), "jump"),
        ] {
            let answer = job.step("position", body.clone()).await.ok();
            assert_eq!((&answer["kept"], &answer["why"]), (&json!(false), &json!(why)), "{body}");
            assert!(answer["words"]["zh"].is_string());
        }
        job.step("position", json!({ "point": { "lat": 91.0, "lon": 0.0 } })).await.refused(400, "malformed");
        assert_eq!(job.whereabouts().await["point"]["lat"], 38.327, "the one that made sense is still there");
        // Nobody else sees it, and nobody else may say where somebody is.
        let other = world.client_of(&world.resident().await).await;
        other.get(&format!("/api/orders/{}/position", job.order)).await.refused(404, "not_found");
        other.post(&job.path("position"), json!({ "point": at(38.327) })).await.refused(404, "not_found");
    }

    async fn what_was_done_without_signal_is_told_later_and_once(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        let start = world.app.now();
        let minutes = |n: i64| (start + Span::minutes(n)).to_string();
        world.advance(Span::minutes(14)).await;
        job.worker.post_with_key(&job.path("on-the-way"), "w-1", json!({ "at": minutes(2) })).await.ok();
        // The clock has gone on for hours when there is a signal again.
        world.advance(Span::minutes(186)).await;
        job.step("arrived", json!({ "at": minutes(-10) })).await.refused(422, "step_time_invalid");
        job.step("arrived", json!({ "at": minutes(205) })).await.refused(422, "step_time_invalid");
        for _ in 0..2 {
            job.worker.post_with_key(&job.path("on-the-way"), "w-1", json!({ "at": minutes(2) })).await.ok();
            job.worker.post_with_key(&job.path("arrived"), "w-2", json!({ "at": minutes(20) })).await.ok();
            job.worker.post_with_key(&job.path("start"), "w-3", json!({ "reason": "没有信号", "at": minutes(25) })).await.ok();
            job.worker.post_with_key(&job.path("done"), "w-4", json!({ "at": minutes(145) })).await.ok();
        }
        job.worker.post_with_key(&job.path("done"), "w-4", json!({ "at": minutes(146) })).await
            .refused(422, "idempotency_key_reused");
        let at = |n: i64| Some((start + Span::minutes(n)).0);
        assert_eq!(job.visit(world, "on_way_at").await, at(2));
        assert_eq!(job.visit(world, "arrived_at").await, at(20));
        assert_eq!(job.visit(world, "started_at").await, at(25));
        assert_eq!(job.visit(world, "done_at").await, at(145));
        assert_eq!(paid(world, job.order).await, 8_000, "two hours, whenever they were told");
        let events = job.events(world).await;
        assert_eq!(events, ["requested", "assigned", "on_the_way", "arrived", "started", "fulfilled"], "each once");
        // Both times are on record: when it was told, and when it was.
        let sql = format!("SELECT 1 FROM order_events WHERE order_id = {} AND event = 'arrived' AND at = {} AND detail LIKE '%{}%'",
            job.order.0, world.app.now().0, minutes(20));
        assert_eq!(count(&world.app, &sql).await, 1);
    }
}
