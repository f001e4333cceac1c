//! Clients that hang up in the middle.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use linli_domain::context::Random;
use linli_domain::id::OrderId;
use reqwest::StatusCode;
use serde_json::json;
use tokio::time::timeout;

use super::until;
use crate::harness::books::{balance, count, rows};
use crate::harness::{Client, Database, Offer, on_both};

const PEOPLE: usize = 80;
const ROUNDS: i32 = 3;

/// What a client was told before it hung up, if it heard anything.
#[derive(Default)]
struct Heard {
    orders: Vec<OrderId>,
    names: Vec<(usize, String)>,
}

on_both! {
    async fn nothing_acknowledged_is_lost_and_no_connection_is_left_in_a_transaction(world) {
        let offering = world.offer(Offer { kind: "medical.general_practice", beside: "dahua_gp", capacity: 60, ..Offer::default() }, |_| {}).await;
        let people = world.residents(PEOPLE).await;
        let mut clients: Vec<Client> = Vec::new();
        for person in &people {
            clients.push(world.client_of(person).await);
        }
        let mut heard = Heard::default();
        for round in 0..ROUNDS {
            let storm = clients.iter().enumerate().map(|(n, client)| {
                // From hanging up before the request is read to staying until the end.
                let patience = Duration::from_micros(world.app.random.below(30_000));
                let start = world.at(1 + round, ["09:00", "09:30", "10:00"][n % 3]);
                let body = json!({ "offering_id": offering.to_string(), "start": start.to_string(), "if_full": "refuse" });
                async move {
                    // A request that is dropped closes its connection.
                    let order = timeout(patience, client.post_with_key("/api/orders", &format!("r{round}"), body)).await.ok();
                    let name = format!("演示{round}号{n}");
                    let change = timeout(patience, client.patch("/api/me", json!({ "version": 1 + round, "name": name }))).await.ok();
                    (n, name, order, change)
                }
            });
            for (n, name, order, change) in join_all(storm).await {
                if let Some(order) = order.filter(|answer| answer.status == StatusCode::CREATED) {
                    heard.orders.push(order.body["id"].as_str().unwrap().parse().unwrap());
                }
                if let Some(change) = change.filter(|answer| answer.status == StatusCode::OK) {
                    assert_eq!(change.body["person"]["name"], name);
                    heard.names.push((n, name));
                }
            }
        }
        // What is still under way after its client has gone comes to its end; then writes go on as always.
        let last = world.client_of(&people[0]).await;
        let me = last.get("/api/me").await.ok();
        last.patch("/api/me", json!({ "version": me["person"]["version"], "large_type": true })).await.ok();
        if world.database == Database::Postgres {
            until("no connection is left in a transaction", async || {
                let open = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
                count(&world.app, open).await == 0
            })
            .await;
        }
        // A second look through connections of their own: what the first might only see inside a transaction.
        let other = world.another().await;
        let stand: BTreeSet<OrderId> = rows(&other.app, "SELECT id FROM orders WHERE state = 'confirmed'")
            .await
            .iter()
            .map(|row| OrderId(row.try_get("", "id").unwrap()))
            .collect();
        let lost: Vec<_> = heard.orders.iter().filter(|order| !stand.contains(order)).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        assert!(!heard.orders.is_empty() && heard.orders.len() < PEOPLE * ROUNDS as usize, "{} were heard of: no storm", heard.orders.len());
        for (n, name) in heard.names.iter().rev() {
            let now = rows(&other.app, &format!("SELECT version FROM persons WHERE id = {}", people[*n].person.0)).await;
            let version: i32 = now[0].try_get("", "version").unwrap();
            assert!(version > 1, "{name} was acknowledged and lost");
        }
        balance(&other.app).await;
        // Whoever heard nothing asks again and is told what became of it.
        let start = world.at(1, "09:00");
        let body = json!({ "offering_id": offering.to_string(), "start": start.to_string(), "if_full": "refuse" });
        let again = clients[0].post_with_key("/api/orders", "r0", body).await.expect(StatusCode::CREATED);
        assert!(again["id"].is_string());
        other.end().await;
    }
}
