//! Trouble while somebody is being asked: offers reach their people and end all the same.

use std::sync::Arc;

use linli_domain::time::Span;
use linli_edge::{Redis, RedisConfig, RedisHub};
use reqwest::StatusCode;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::until;
use super::worker::{LEASE, taken};
use crate::harness::books::{count, rows};
use crate::harness::people::LIN;
use crate::harness::{Client, Wire, World, on_both, on_postgres};

const CLEANERS: [&str; 2] = ["19900000021", "19900000022"];
const OFFER: Span = Span::seconds(180);

async fn ask(client: &Client) -> Value {
    let body = json!({
        "kind": "housekeeping.cleaning", "when": { "now": true }, "pay_by": "cash", "wider": true,
        "address": { "text": "演示小区", "detail": "101", "point": { "lat": 38.3246, "lon": 116.8479 } },
    });
    client.post("/api/visits", body).await.expect(StatusCode::CREATED)
}

async fn offers(world: &World, state: &str) -> usize {
    count(&world.app, &format!("SELECT 1 FROM offers WHERE state = '{state}'")).await
}

on_both! {
    async fn a_worker_killed_mid_offer_is_replaced(world) {
        let lin = world.client_of(&world.staff(LIN).await).await;
        ask(&lin).await;
        // Killed with the look in hand, then with the pushes, then with the ends: each time another one goes on.
        assert!(!taken(world).await.is_empty());
        world.advance(LEASE).await;
        world.work().await;
        let made = offers(world, "open").await;
        assert!(made > 0, "somebody is asked");
        taken(world).await;
        world.advance(LEASE).await;
        world.work().await;
        let pushed = rows(&world.app, "SELECT pushed_at, expires_at FROM offers WHERE state = 'open'").await;
        assert!(!pushed.is_empty());
        for row in &pushed {
            let (at, end): (Option<i64>, Option<i64>) = (row.try_get("", "pushed_at").unwrap(), row.try_get("", "expires_at").unwrap());
            assert_eq!(at.zip(end).map(|(at, end)| end - at), Some(OFFER.0), "its time runs from the push that was made");
        }
        world.advance(OFFER).await;
        taken(world).await;
        world.advance(LEASE).await;
        world.work().await;
        assert!(offers(world, "expired").await >= pushed.len(), "they ended");
        let mut told = 0;
        for phone in CLEANERS {
            let cleaner = world.client_of(&world.staff(phone).await).await;
            let inbox = cleaner.get("/api/notices?limit=100").await.ok();
            let asked = inbox["items"].as_array().unwrap().iter().filter(|one| one["topic"] == "offer.made").count();
            assert!(asked <= 1, "nobody is asked twice for one wave");
            told += asked;
        }
        assert!(told > 0, "people were reached");
    }
}

on_postgres! {
    async fn without_redis_offers_reach_their_people_and_end(world) {
        let config = world.redis().unwrap();
        let (wire, url) = Wire::in_place_of(config.url.expose_secret()).await;
        let redis = Redis::new(&RedisConfig { url: url.into(), timeout_ms: 300, ..config }).unwrap();
        let process = world
            .another_with(&world.options(), |parts| parts.hub = Arc::new(RedisHub::start(redis.clone(), &*parts.random)))
            .await;
        let stop = CancellationToken::new();
        let worker = tokio::spawn(linli_worker::run(process.app.clone(), linli_worker::Settings::default(), stop.clone()));
        let lin = world.client_of(&world.staff(LIN).await).await;
        wire.cut();
        ask(&lin).await;
        until("somebody is asked", async || {
            count(&world.app, "SELECT 1 FROM offers WHERE state = 'open' AND pushed_at IS NOT NULL").await > 0
        })
        .await;
        let asked = rows(&world.app, "SELECT w.person_id FROM offers o JOIN workers w ON w.id = o.worker_id WHERE o.pushed_at IS NOT NULL").await;
        let person: i64 = asked[0].try_get("", "person_id").unwrap();
        until("it is in their inbox, and with their page", async || {
            let told = format!("SELECT 1 FROM notices WHERE person_id = {person} AND topic = 'offer.made'");
            let live = format!("SELECT 1 FROM live_events WHERE person_id = {person} AND event = 'offer.made'");
            count(&world.app, &told).await == 1 && count(&world.app, &live).await >= 1
        })
        .await;
        world.advance(OFFER).await;
        until("it ends", async || offers(world, "expired").await > 0).await;
        wire.mend();
        stop.cancel();
        worker.await.unwrap().unwrap();
        process.end().await;
    }
}
