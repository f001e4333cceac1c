//! Too many at once: nobody waits without end, everybody is told when to come back, and nothing is lost.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::join_all;
use linli_application::Failure;
use linli_domain::claim::PoolKey;
use linli_domain::id::OfferingId;
use linli_domain::time::Instant;
use linli_store::scarcity::{self, Needs};
use linli_store::{Options, Store};
use reqwest::StatusCode;
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::order;
use crate::harness::books::{balance, count};
use crate::harness::people::LIN;
use crate::harness::{Offer, on_both};

/// Keeps the row of a time locked until it is told to let go.
struct Grip {
    let_go: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Grip {
    async fn on(store: &Store, offering: OfferingId, start: Instant) -> Self {
        let (let_go, has_it) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (wait, tell, store) = (let_go.clone(), has_it.clone(), store.clone());
        let task = tokio::spawn(async move {
            store
                .write(move |tx| {
                    async move {
                        let mut needs = Needs::default();
                        needs.pool(&PoolKey::slot(offering, start), 2);
                        scarcity::settle(tx, &needs, |_| ((), Vec::new())).await?;
                        tell.notify_one();
                        wait.notified().await;
                        Ok::<_, Failure>(())
                    }
                    .boxed()
                })
                .await
                .unwrap();
        });
        has_it.notified().await;
        Self { let_go, task }
    }

    async fn let_go(self) {
        self.let_go.notify_one();
        self.task.await.unwrap();
    }
}

on_both! {
    async fn a_full_queue_says_so_at_once(world) {
        let offering = world.offer(Offer { capacity: 2, ..Offer::default() }, |_| {}).await;
        let start = world.at(1, "09:30");
        let mut process = world.another_with(&world.options(), |parts| parts.settings.desk_queue = 1).await;
        let client = process.serve(linli_api::Options::default()).await;
        let mut clients = Vec::new();
        for person in world.residents(12).await {
            clients.push(client.clone().with_token(world.token_of(&person).await));
        }
        let grip = Grip::on(&process.app.store, offering, start).await;
        // One is being written and one waits; the others are told to come back, while the first two still wait.
        let (told, mut hears) = tokio::sync::mpsc::unbounded_channel();
        let asked = clients.iter().map(|client| {
            let told = told.clone();
            async move {
                let answer = client.post_with_key("/api/orders", "rush", order(offering, start)).await;
                let _ = told.send(answer.status);
                answer
            }
        });
        let rush = join_all(asked);
        let release = async {
            for _ in 0..clients.len() - 2 {
                assert_eq!(hears.recv().await, Some(StatusCode::SERVICE_UNAVAILABLE));
            }
            grip.let_go().await;
        };
        let (answers, ()) = tokio::join!(rush, release);
        let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == StatusCode::CREATED);
        assert_eq!((made.len(), refused.len()), (2, 10));
        for answer in refused {
            assert_eq!(answer.headers["retry-after"], "2");
            assert_eq!(answer.refused(503, "queue_full")["retry_after"], 2);
        }
        assert_eq!(count(&world.app, "SELECT 1 FROM orders").await, 2);
        balance(&world.app).await;
        process.end().await;
    }

    async fn a_busy_database_says_so_at_once(world) {
        let options = Options { write_queue: 1, ..world.options() };
        let mut process = world.another_with(&options, |_| {}).await;
        let client = process.serve(linli_api::Options::default()).await;
        let lin = client.with_token(world.token_of(&world.staff(LIN).await).await);
        let version = lin.get("/api/me").await.ok()["person"]["version"].clone();
        let grip = Grip::on(&process.app.store, OfferingId(1), world.at(1, "09:30")).await;
        let large = json!({ "version": version, "large_type": true });
        let answer = lin.patch("/api/me", large.clone()).await;
        assert_eq!(answer.headers["retry-after"], "2");
        answer.refused(503, "database_busy");
        assert_eq!(lin.get("/api/me").await.ok()["person"]["large_type"], false, "reading goes on, and nothing was changed");
        grip.let_go().await;
        assert_eq!(lin.patch("/api/me", large).await.ok()["person"]["large_type"], true);
        process.end().await;
    }
}
