//! The database goes away and comes back.

use std::time::Duration;

use futures::future::join_all;
use linli_store::Options;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::until;
use crate::harness::books::{balance, count, rows};
use crate::harness::{Answer, Client, Offer, Wire, on_postgres};

/// Whether it is said that the database is away, and when to come back.
#[track_caller]
fn away(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}: {}", answer.asked, answer.body);
    assert!(
        matches!(answer.body["code"].as_str(), Some("database_gone" | "database_busy")),
        "{}: {}",
        answer.asked,
        answer.body
    );
    assert!(answer.body["retry_after"].as_i64().is_some_and(|seconds| seconds > 0), "{}", answer.body);
    assert!(answer.headers.contains_key("retry-after"));
    assert!(!answer.body.to_string().contains("127.0.0.1"), "nothing of the inside is told: {}", answer.body);
}

fn wanted(offering: linli_domain::id::OfferingId, start: linli_domain::time::Instant) -> Value {
    json!({ "offering_id": offering.to_string(), "start": start.to_string(), "if_full": "refuse" })
}

on_postgres! {
    async fn while_it_is_gone_everybody_is_told_and_afterwards_work_resumes(world) {
        let offering = world.offer(Offer { capacity: 40, ..Offer::default() }, |_| {}).await;
        let start = world.at(1, "09:30");
        let people = world.residents(3).await;
        let (wire, url) = Wire::in_place_of(&world.options().url).await;
        let options = Options { url, acquire_timeout: Duration::from_millis(500), ..world.options() };
        let mut process = world.another_with(&options, |_| {}).await;
        let client = process.serve(linli_api::Options::default()).await;
        let stop = CancellationToken::new();
        let worker = tokio::spawn(linli_worker::run(process.app.clone(), linli_worker::Settings::default(), stop.clone()));
        let mut clients: Vec<Client> = Vec::new();
        for person in &people {
            clients.push(client.clone().with_token(world.token_of(person).await));
        }
        clients[0].post("/api/orders", wanted(offering, start)).await.expect(StatusCode::CREATED);
        client.get("/readyz").await.expect(StatusCode::OK);

        wire.cut();
        // Whoever is remembered and whoever is not, reading and writing, the desk and all others.
        away(&clients[0].get("/api/orders?scope=open").await);
        away(&clients[1].get("/api/me").await);
        away(&clients[0].post_with_key("/api/orders", "during", wanted(offering, world.at(2, "09:30"))).await);
        away(&clients[0].patch("/api/me", json!({ "version": 1, "large_type": true })).await);
        away(&client.post("/api/login/code", json!({ "phone": "19900007777" })).await);
        let ready = client.get("/readyz").await;
        away(&ready);
        assert_eq!(client.get("/healthz").await.expect(StatusCode::OK), "alive", "the process itself lives");

        wire.mend();
        until("ready again", async || client.get("/readyz").await.status == StatusCode::OK).await;
        let made = clients[0].post_with_key("/api/orders", "during", wanted(offering, world.at(2, "09:30"))).await.expect(StatusCode::CREATED);
        let again = clients[0].post_with_key("/api/orders", "during", wanted(offering, world.at(2, "09:30"))).await.expect(StatusCode::CREATED);
        assert_eq!(made["id"], again["id"]);
        clients[2].post("/api/orders", wanted(offering, start)).await.expect(StatusCode::CREATED);
        clients[1].get("/api/me").await.ok();
        until("the worker works again", async || clients[2].get("/api/me").await.ok()["unread"] == 1).await;
        assert_eq!(count(&world.app, "SELECT 1 FROM orders").await, 3);
        balance(&world.app).await;
        stop.cancel();
        worker.await.unwrap().unwrap();
        process.end().await;
    }

    async fn when_it_is_restarted_in_the_middle_everybody_can_ask_again(world) {
        let offering = world.offer(Offer { capacity: 60, ..Offer::default() }, |_| {}).await;
        let start = world.at(1, "09:30");
        let people = world.residents(60).await;
        let (wire, url) = Wire::in_place_of(&world.options().url).await;
        let options = Options { url, acquire_timeout: Duration::from_millis(500), ..world.options() };
        let process = world.another_with(&options, |_| {}).await;
        let place = |n: usize| {
            let (app, actor) = (process.app.clone(), people[n].clone());
            async move { app.place(&actor, crate::harness::wish(offering, start), "once").await }
        };
        // The wire is cut while orders are being written: some are acknowledged, some are not, and of those some stand.
        let cut = async {
            until("the first orders stand", async || count(&world.app, "SELECT 1 FROM orders").await > 0).await;
            wire.cut();
        };
        let (first, ()) = tokio::join!(join_all((0..people.len()).map(&place)), cut);
        for failure in first.iter().filter_map(|outcome| outcome.as_ref().err()) {
            let code = failure.refusal().code.key();
            assert!(matches!(code, "database_gone" | "database_busy"), "{failure}");
        }
        wire.mend();
        // Everybody asks again with the same key until they are answered.
        for n in 0..people.len() {
            until("an answer", async || place(n).await.is_ok()).await;
        }
        assert_eq!(count(&world.app, "SELECT 1 FROM orders WHERE state = 'confirmed'").await, people.len(), "one each");
        for (n, outcome) in first.iter().enumerate() {
            if let Ok((order, _)) = outcome {
                assert_eq!(place(n).await.unwrap().0, *order, "what was acknowledged stands");
            }
        }
        balance(&world.app).await;
        process.end().await;
    }

    async fn connections_ended_by_the_server_are_replaced(world) {
        let offering = world.offer(Offer { capacity: 40, ..Offer::default() }, |_| {}).await;
        let mut process = world.another().await;
        let client = process.serve(linli_api::Options::default()).await;
        let people = world.residents(4).await;
        for (n, person) in people.iter().enumerate() {
            let client = client.clone().with_token(world.token_of(person).await);
            client.get("/api/me").await.ok();
            // As `pg_ctl restart` does it: every session gets 57P01.
            let end = "SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            rows(&world.app, end).await;
            let start = world.at(1 + i32::try_from(n).unwrap(), "09:30");
            until("an answer", async || {
                let answer = client.post_with_key("/api/orders", "once", wanted(offering, start)).await;
                if answer.status != StatusCode::CREATED {
                    away(&answer);
                }
                answer.status == StatusCode::CREATED
            })
            .await;
        }
        until("the world's own connections are back", async || world.app.store.ping().await.is_ok()).await;
        assert_eq!(count(&world.app, "SELECT 1 FROM orders").await, people.len());
        balance(&world.app).await;
        process.end().await;
    }
}
