//! At the door: the code, the price, what cannot be done, and calling it off.

use linli_domain::time::Span;
use serde_json::json;

use super::{CLEANER, REPAIRER, accepted, calls, paid};
use crate::harness::books::count;
use crate::harness::on_both;
use crate::harness::people::DISTRICT;

on_both! {
    async fn five_wrong_codes_lock_it(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.step("on-the-way", json!({})).await.ok();
        job.step("arrived", json!({})).await.ok();
        job.step("start", json!({})).await.refused(422, "start_code_missing");
        let right = job.code().await;
        let wrong: Vec<String> = (0..6).map(|n| format!("{:04}", (right.parse::<u32>().unwrap() + 1 + n) % 10_000)).collect();
        for (n, code) in wrong.iter().take(4).enumerate() {
            // Sent twice since the answer was lost, it is one try.
            for _ in 0..2 {
                let refused = job.worker.post_with_key(&job.path("start"), &format!("try-{n}"), json!({ "code": code })).await
                    .refused(409, "start_code_wrong");
                assert!(refused["detail"].as_str().unwrap().starts_with(&format!("{} tries", 4 - n)), "{refused}");
            }
        }
        assert!(calls(world, job.order).await.is_empty());
        job.step("start", json!({ "code": wrong[4] })).await.refused(409, "start_code_locked");
        job.step("start", json!({ "code": right })).await.refused(409, "start_code_locked");
        job.step("start", json!({ "code": right, "reason": "就在门口" })).await.refused(409, "start_code_locked");
        assert_eq!(calls(world, job.order).await, [format!("code_locked/{}", job.order)], "staff call the resident, once");
        let started = job.step("start", json!({ "reason": "居民手机没电" })).await.ok();
        assert_eq!(started["state"], "working");
        assert_eq!(job.events(world).await.iter().filter(|event| *event == "code_locked").count(), 1);
        world.work().await;
        let told = job.resident.get("/api/notices?limit=100").await.ok().to_string();
        assert!(told.contains("居民手机没电"), "the resident reads why it began without the code");
    }

    async fn five_wrong_codes_at_once_are_five(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        let right: u32 = job.code().await.parse().unwrap();
        let tries = (1..=12_u32).map(|n| {
            let (worker, path) = (job.worker.clone(), job.path("start"));
            let code = format!("{:04}", (right + n) % 10_000);
            async move { worker.post(&path, json!({ "code": code })).await.body["code"].clone() }
        });
        let answers = futures::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|code| *code == "start_code_wrong").count(), 4, "{answers:?}");
        assert_eq!(answers.iter().filter(|code| *code == "start_code_locked").count(), 8, "{answers:?}");
        assert_eq!(job.visit(world, "CAST(code_tries AS BIGINT)").await, Some(5));
        assert_eq!(calls(world, job.order).await.len(), 1);
    }

    async fn a_price_needs_a_yes(world) {
        let job = accepted(world, "housekeeping.appliance_repair", REPAIRER).await;
        let quote = json!({ "fen": 12_000, "note": "更换压缩机" });
        let answer = format!("/api/visits/{}/quote", job.order);
        job.step("quote", quote.clone()).await.refused(409, "not_possible_now");
        job.begun().await;
        job.step("quote", json!({ "fen": -1, "note": "?" })).await.refused(422, "value_invalid");
        job.step("quote", json!({ "fen": 5, "note": "" })).await.refused(422, "text_empty");
        job.resident.post(&answer, json!({ "agree": true })).await.refused(409, "quote_gone");
        job.step("quote", quote).await.ok();
        job.step("done", json!({})).await.refused(409, "quote_open");
        let other = world.client_of(&world.resident().await).await;
        other.post(&answer, json!({ "agree": true })).await.refused(404, "not_found");
        job.worker.post(&answer, json!({ "agree": true })).await.refused(404, "not_found");
        // Raised between the look and the tap: nobody says yes to what they have not seen.
        job.step("quote", json!({ "fen": 90_000, "note": "更换压缩机" })).await.ok();
        job.resident.post(&answer, json!({ "agree": true, "fen": 12_000 })).await.refused(409, "quote_gone");
        job.step("quote", json!({ "fen": 12_000, "note": "更换压缩机" })).await.ok();
        job.resident.post(&answer, json!({ "agree": true, "fen": 12_000 })).await.ok();
        job.resident.post(&answer, json!({ "agree": false })).await.refused(409, "quote_gone");
        assert_eq!(job.seen().await["price_fen"], 15_000, "coming to look, and the quote");
        world.advance(Span::minutes(40)).await;
        job.step("done", json!({ "pay_received": 15_001 })).await.refused(422, "payment_too_much");
        job.step("done", json!({ "pay_received": 15_000 })).await.ok();
        assert_eq!(paid(world, job.order).await, 15_000);
    }

    async fn after_a_no_only_coming_is_paid(world) {
        let job = accepted(world, "housekeeping.appliance_repair", REPAIRER).await;
        job.begun().await;
        job.step("quote", json!({ "fen": 12_000, "note": "更换压缩机" })).await.ok();
        job.resident.post(&format!("/api/visits/{}/quote", job.order), json!({ "agree": false })).await.ok();
        job.step("fail", json!({ "reason": "other" })).await.refused(422, "text_empty");
        let failed = job.step("fail", json!({ "reason": "price_not_agreed" })).await.ok();
        assert_eq!(failed["state"], "failed");
        let seen = job.seen().await;
        assert_eq!((seen["state"].as_str(), seen["price_fen"].as_i64()), (Some("cancelled"), Some(3_000)));
        assert_eq!(paid(world, job.order).await, 3_000);
    }

    async fn nobody_at_home_costs_nothing(world) {
        let job = accepted(world, "housekeeping.appliance_repair", REPAIRER).await;
        job.step("arrived", json!({})).await.ok();
        job.step("fail", json!({ "reason": "nobody_home", "words": "敲门十分钟" })).await.ok();
        let seen = job.seen().await;
        assert_eq!((seen["state"].as_str(), seen["price_fen"].as_i64()), (Some("no_show"), Some(0)));
        assert_eq!(paid(world, job.order).await, 0);
        world.work().await;
        let told = job.resident.get("/api/notices?limit=100").await.ok().to_string();
        assert!(told.contains("Nobody was at home") && told.contains("敲门十分钟"), "{told}");
        // The worker is free for the next one.
        accepted(world, "housekeeping.appliance_repair", REPAIRER).await;
    }

    async fn by_the_hour_more_needs_a_yes(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.begun().await;
        job.step("quote", json!({ "fen": 20_000, "note": "加擦玻璃，最多五小时" })).await.ok();
        job.resident.post(&format!("/api/visits/{}/quote", job.order), json!({ "agree": true })).await.ok();
        world.advance(Span::minutes(239)).await;
        job.step("done", json!({})).await.ok();
        assert_eq!(paid(world, job.order).await, 16_000, "four hours begun: below the most that was agreed to");
    }

    async fn calling_it_off_on_the_way(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.step("on-the-way", json!({})).await.ok();
        job.step("position", json!({ "point": { "lat": 38.327, "lon": 116.8479 } })).await.ok();
        let version = job.seen().await["version"].clone();
        let cancel = format!("/api/orders/{}/cancel", job.order);
        job.resident.post(&cancel, json!({ "version": version })).await.refused(409, "visit_on_the_way");
        assert_eq!(job.seen().await["visit"]["state"], "on_the_way", "they call each other first");
        // Whoever is on the way gives it back, and leaves no trace of the way.
        job.step("give-back", json!({ "reason": "居民说不用来了" })).await.ok();
        assert_eq!(count(&world.app, "SELECT 1 FROM positions").await, 0);
        assert_eq!(job.seen().await["visit"]["state"], "seeking");
        job.step("arrived", json!({})).await.refused(404, "not_found");

        let job = accepted(world, "housekeeping.appliance_repair", REPAIRER).await;
        job.step("on-the-way", json!({})).await.ok();
        job.step("position", json!({ "point": { "lat": 38.312, "lon": 116.8596 } })).await.ok();
        let desk = world.client_of(&world.staff(DISTRICT).await).await;
        let version = job.seen().await["version"].clone();
        desk.post(&format!("/api/desk/orders/{}/cancel", job.order), json!({ "version": version, "reason": "居民来电取消" })).await.ok();
        assert_eq!(count(&world.app, "SELECT 1 FROM positions").await, 0);
        assert_eq!(job.seen().await["visit"]["state"], "over");
        job.step("arrived", json!({})).await.refused(409, "not_possible_now");
    }
}
