//! Clients that hang up in the middle.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use linli_domain::id::OrderId;
use reqwest::StatusCode;
use serde_json::json;
use tokio::time::{Instant, timeout};

use super::until;
use crate::harness::books::{balance, count, rows};
use crate::harness::{Client, Database, Offer, on_both};

const PEOPLE: usize = 80;
/// One calm round, to see how long it takes, and two stormy ones.
const ROUNDS: i32 = 3;

/// What a client was told before it hung up, if it heard anything.
#[derive(Default)]
struct Heard {
    orders: Vec<OrderId>,
    /// How many changes of their profile each was told of.
    changes: Vec<i32>,
}

on_both! {
    async fn nothing_acknowledged_is_lost_and_no_connection_is_left_in_a_transaction(world) {
        let offer = Offer { kind: "medical.general_practice", beside: "dahua_gp", capacity: 60, ..Offer::default() };
        let offering = world.offer(offer, |_| {}).await;
        let people = world.residents(PEOPLE).await;
        let mut clients: Vec<Client> = Vec::new();
        for person in &people {
            clients.push(world.client_of(person).await);
        }
        let wanted = |round: i32, n: usize| {
            let start = world.at(1 + round, ["09:00", "09:30", "10:00"][n % 3]);
            json!({ "offering_id": offering.to_string(), "start": start.to_string(), "if_full": "refuse" })
        };
        let mut heard = Heard { changes: vec![0; PEOPLE], ..Heard::default() };
        // How long the whole rush takes when nobody hangs up.
        let mut longest = Duration::from_secs(60);
        for round in 0..ROUNDS {
            let begun = Instant::now();
            let storm = clients.iter().enumerate().map(|(n, client)| {
                // From hanging up before the request is read to staying until the end.
                let part = world.app.random.below(1_000) as f64 / 1_000.0;
                let patience = if round == 0 { longest } else { longest.mul_f64(part) };
                let body = wanted(round, n);
                async move {
                    // A request that is dropped closes its connection.
                    let key = format!("r{round}");
                    let order = timeout(patience, client.post_with_key("/api/orders", &key, body)).await.ok();
                    let change = json!({ "version": if round == 0 { 1 } else { 2 }, "large_type": round == 0 });
                    let change = timeout(patience, client.patch("/api/me", change)).await.ok();
                    (n, order, change)
                }
            });
            for (n, order, change) in join_all(storm).await {
                if let Some(order) = order.filter(|answer| answer.status == StatusCode::CREATED) {
                    heard.orders.push(order.body["id"].as_str().unwrap().parse().unwrap());
                }
                if change.is_some_and(|answer| answer.status == StatusCode::OK) {
                    heard.changes[n] += 1;
                }
            }
            if round == 0 {
                assert_eq!((heard.orders.len(), &heard.changes), (PEOPLE, &vec![1; PEOPLE]), "nobody hangs up in a calm");
                longest = begun.elapsed();
            }
        }
        let told = heard.orders.len();
        assert!(PEOPLE < told && told < PEOPLE * 3, "{told} were heard of: no storm");

        // What is still under way after its client has gone comes to its end; then writes go on as always.
        let last = &clients[0];
        let me = last.get("/api/me").await.ok();
        last.patch("/api/me", json!({ "version": me["person"]["version"], "language": "en" })).await.ok();
        if world.database == Database::Postgres {
            until("no connection is left in a transaction", async || {
                let open = "SELECT pid FROM pg_stat_activity \
                            WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
                count(&world.app, open).await == 0
            })
            .await;
        }
        // A second look through connections of their own: what the first might only see inside a transaction.
        let other = world.another().await;
        let confirmed = rows(&other.app, "SELECT id FROM orders WHERE state = 'confirmed'").await;
        let stand: BTreeSet<OrderId> = confirmed.iter().map(|row| OrderId(row.try_get("", "id").unwrap())).collect();
        let lost: Vec<_> = heard.orders.iter().filter(|order| !stand.contains(order)).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        assert!(heard.changes.iter().any(|told| *told > 1), "changes were heard of in the storm");
        for (person, told) in people.iter().zip(&heard.changes) {
            let found = rows(&other.app, &format!("SELECT version FROM persons WHERE id = {}", person.person.0)).await;
            assert!(found[0].try_get::<i32>("", "version").unwrap() > *told, "a change was acknowledged and lost");
        }
        balance(&other.app).await;
        // Whoever heard nothing asks again, and is told what became of it.
        for (n, client) in clients.iter().enumerate() {
            let again = client.post_with_key("/api/orders", "r2", wanted(2, n)).await;
            assert_eq!(again.status, StatusCode::CREATED, "{}", again.body);
        }
        balance(&other.app).await;
        other.end().await;
    }
}
