//! Redis comes and goes; the service goes on.

use std::sync::Arc;

use linli_domain::time::Span;
use linli_edge::{Redis, RedisConfig, RedisHub, RedisLimiter};
use reqwest::StatusCode;
use secrecy::ExposeSecret;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::until;
use crate::harness::books::balance;
use crate::harness::people::{HE, LIN};
use crate::harness::{Wire, on_postgres};

on_postgres! {
    async fn without_redis_the_service_goes_on(world) {
        let config = world.redis().unwrap();
        let (wire, url) = Wire::in_place_of(config.url.expose_secret()).await;
        let redis = Redis::new(&RedisConfig { url: url.into(), timeout_ms: 300, ..config }).unwrap();
        let clock = world.clock.clone();
        let mut process = world
            .another_with(&world.options(), |parts| {
                parts.hub = Arc::new(RedisHub::start(redis.clone(), &*parts.random));
                parts.limiter = Arc::new(RedisLimiter::new(redis.clone(), "tests".into(), clock, 1_000));
            })
            .await;
        let asked = redis.clone();
        let probe: linli_api::Probe = Arc::new(move || {
            let redis = asked.clone();
            Box::pin(async move { redis.ping().await.is_ok() })
        });
        let client = process.serve(linli_api::Options { redis: Some(probe), ..Default::default() }).await;
        let stop = CancellationToken::new();
        let worker = tokio::spawn(linli_worker::run(process.app.clone(), linli_worker::Settings::default(), stop.clone()));

        let ready = client.get("/readyz").await.expect(StatusCode::OK);
        assert_eq!((&ready["status"], &ready["redis"]), (&json!("ready"), &json!("up")));
        let lin = client.log_in(LIN).await;

        wire.cut();
        let ready = client.get("/readyz").await.expect(StatusCode::OK);
        assert_eq!((&ready["status"], &ready["redis"], &ready["database"]), (&json!("degraded"), &json!("down"), &json!("up")));
        // Logging in still works, and is still limited: inside the process now.
        let he = client.log_in(HE).await;
        client.post("/api/login/code", json!({ "phone": HE })).await.refused(429, "too_many_requests");
        // So do booking and the worker, which looks by itself where nobody calls it.
        let chen = world.offering("shuiyuesi_gp_chen").await;
        let body = json!({ "offering_id": chen.to_string(), "start": world.at(1, "09:30").to_string(), "if_full": "refuse" });
        he.post("/api/orders", body.clone()).await.expect(StatusCode::CREATED);
        lin.post("/api/orders", body).await.expect(StatusCode::CREATED);
        until("people are told", async || he.get("/api/me").await.ok()["unread"] == 1).await;
        // What is revoked here is revoked here at once.
        lin.post("/api/logout", json!({})).await.expect(StatusCode::NO_CONTENT);
        lin.get("/api/me").await.refused(401, "token_invalid");

        wire.mend();
        until("Redis is used again", async || client.get("/readyz").await.ok()["redis"] == "up").await;
        world.advance(Span::minutes(1)).await;
        client.log_in(HE).await;
        balance(&world.app).await;
        stop.cancel();
        worker.await.unwrap().unwrap();
        process.end().await;
    }
}
