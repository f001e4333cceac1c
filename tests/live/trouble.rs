//! Trouble: Redis goes, a process stops, a phone does not listen.

use std::sync::Arc;

use futures::FutureExt;
use linli_application::live::{self, Tell};
use linli_edge::{Redis, RedisConfig, RedisHub};
use secrecy::ExposeSecret;
use serde_json::json;

use super::socket::Socket;
use super::{somebody, tell};
use crate::chaos::until;
use crate::harness::people::LIN;
use crate::harness::{Database, Wire, on_postgres, run};

on_postgres! {
    async fn without_redis_everything_is_heard_a_little_later(world) {
        let config = world.redis().unwrap();
        let (wire, url) = Wire::in_place_of(config.url.expose_secret()).await;
        let redis = Redis::new(&RedisConfig { url: url.into(), timeout_ms: 300, ..config }).unwrap();
        let mut hub = None;
        let mut process = world
            .another_with(&world.options(), |parts| {
                let through_the_wire = Arc::new(RedisHub::start(redis.clone(), &*parts.random));
                hub = Some(through_the_wire.clone());
                parts.hub = through_the_wire;
            })
            .await;
        let hub = hub.unwrap();
        let (lin, person) = somebody(world, LIN).await;
        let door = process.serve(linli_api::Options::default()).await.with_token(lin.token());
        let listening = async || *hub.listening().borrow();
        until("hints arrive", listening).await;
        let (mut socket, _) = Socket::open(&door, "").await;
        tell(&world.app, &[person], false).await.unwrap();
        assert_eq!(socket.numbers(1).await, [1]);

        wire.cut();
        until("hints are lost", async || !listening().await).await;
        tell(&world.app, &[person, person], false).await.unwrap();
        assert_eq!(socket.numbers(2).await, [2, 3], "found by looking");
        // What is told in the same process needs no Redis.
        tell(&process.app, &[person], false).await.unwrap();
        assert_eq!(socket.numbers(1).await, [4]);

        wire.mend();
        until("hints arrive again", listening).await;
        live::pass_on(&world.app, &[person], "position", &json!({})).await;
        assert_eq!(socket.news().await["event"], "position");
        process.end().await;
    }

    async fn a_process_that_stops_sends_its_listeners_elsewhere(world) {
        let mut process = world.another().await;
        let (lin, person) = somebody(world, LIN).await;
        let door = process.serve(linli_api::Options::default()).await.with_token(lin.token());
        let (mut socket, _) = Socket::open(&door, "").await;
        let (process, code) = tokio::join!(process.end(), socket.ended());
        assert_eq!((process, code), ((), Some(1012)));
        tell(&world.app, &[person], false).await.unwrap();
        let (mut socket, _) = Socket::open(&lin, "?after=0").await;
        assert_eq!(socket.numbers(1).await, [1]);
    }
}

/// What a client does not receive waits in the database, not in memory; and it is closed, since it may never come back.
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_does_not_listen_is_closed_and_misses_nothing() {
    run(Database::Sqlite, |world| {
        Box::pin(async move {
            const COUNT: usize = 120;
            let (lin, person) = somebody(world, LIN).await;
            let (mut socket, _) = Socket::open(&lin, "").await;
            let closed = async || {
                let metrics = world.client().get("/metrics").await.ok();
                let slow = |line: &&str| line.starts_with("linli_live_ended_total") && line.contains("\"slow\"");
                metrics.as_str().unwrap_or_default().lines().find(slow).map(str::to_owned)
            };
            let before = closed().await;
            let app = world.app.clone();
            // More than any socket on the way holds.
            let long = "邻".repeat(40_000);
            let tells: Vec<Tell> = (0..COUNT)
                .map(|n| Tell { person, event: "notice", payload: json!({ "n": n, "long": long }) })
                .collect();
            let told =
                world.app.store.write(move |tx| async move { live::tell(&app, tx, app.now(), tells).await }.boxed());
            told.await.unwrap();
            // The server gives up after ten seconds.
            until("it is closed", async || closed().await != before).await;
            let (heard, code) = socket.until_the_end().await;
            assert!(heard.len() < COUNT, "it was cut off");
            assert!(matches!(code, Some(4008) | None), "{code:?}");
            let last = heard.iter().filter_map(|one| one["number"].as_i64()).max().unwrap_or(0);
            let (mut socket, _) = Socket::open(&lin, &format!("?after={last}")).await;
            let rest = socket.numbers(COUNT - last as usize).await;
            assert_eq!(rest, (last + 1..=COUNT as i64).collect::<Vec<_>>());
        })
    })
    .await;
}
