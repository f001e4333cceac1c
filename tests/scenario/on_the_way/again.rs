//! It was not right: whoever came comes again, or somebody else does.

use linli_domain::time::Span;
use serde_json::{Value, json};

use super::{CLEANER, Job, accepted, calls, neighbour, paid};
use crate::harness::books::{balance, count, rows};
use crate::harness::{Client, World, on_both};

async fn times(client: &Client, topic: &str) -> usize {
    let inbox: Value = client.get("/api/notices?limit=100").await.ok();
    inbox["items"].as_array().unwrap().iter().filter(|one| one["topic"] == topic).count()
}

impl Job {
    /// Done, and the resident asks for it to be put right.
    pub(super) async fn reopened(&self, world: &World) {
        self.begun().await;
        world.advance(Span::minutes(60)).await;
        self.step("done", json!({})).await.ok();
        let body = json!({ "version": self.seen().await["version"], "reason": "窗户没有擦干净" });
        let seen = self.resident.post(&format!("/api/orders/{}/reopen", self.order), body).await.ok();
        assert_eq!((&seen["state"], &seen["visit"]["state"]), (&json!("reopened"), &json!("accepted")));
        world.work().await;
    }
}

/// Who is asked about an order now.
async fn asked(world: &World, job: &Job) -> Vec<i64> {
    let sql = format!("SELECT worker_id FROM offers WHERE order_id = {} AND state = 'open'", job.order.0);
    rows(&world.app, &sql).await.iter().map(|row| row.try_get("", "worker_id").unwrap()).collect()
}

on_both! {
    async fn whoever_is_to_come_again_has_a_day_and_is_replaced_when_they_vanish(world) {
        let other = neighbour(world).await;
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.reopened(world).await;
        assert_eq!(times(&job.worker, "visit.again").await, 1, "they hear of it by message");
        let fen = paid(world, job.order).await;
        assert!(fen > 0);
        // Its first time is long past, and that is no lateness.
        for _ in 0..4 {
            world.advance(Span::minutes(20)).await;
            world.work().await;
        }
        assert_eq!((times(&job.resident, "order.late").await, times(&job.worker, "visit.ping").await), (0, 0));
        let promised: i64 = rows(&world.app, &format!("SELECT starts_at FROM orders WHERE id = {}", job.order.0)).await[0]
            .try_get("", "starts_at").unwrap();
        let leave = linli_domain::time::Instant(promised) - job.way(world).await;
        world.clock.set(leave + Span::minutes(5));
        world.work().await;
        assert_eq!(times(&job.worker, "visit.ping").await, 1);
        assert_eq!(job.seen().await["visit"]["state"], "accepted");
        world.clock.set(leave + Span::minutes(15));
        world.work().await;
        world.work().await;

        let seen = job.seen().await;
        assert_eq!(seen["visit"]["worker"], json!(null));
        assert_eq!(seen["state"], "requested");
        assert_eq!(times(&job.resident, "order.unassigned").await, 1, "the resident is told");
        assert_eq!(times(&job.worker, "visit.taken_back").await, 1);
        assert!(calls(world, job.order).await.iter().any(|source| source.starts_with("visit.taken_back/")));
        let mine = rows(&world.app, &format!("SELECT worker_id FROM offers WHERE order_id = {} AND state = 'accepted'", job.order.0)).await;
        let mine: i64 = mine[0].try_get("", "worker_id").unwrap();
        let others = asked(world, &job).await;
        assert!(!others.is_empty() && !others.contains(&mine), "others are asked: {others:?}");
        balance(&world.app).await;

        // Somebody else puts it right, and it costs nothing more.
        let offers = other.get("/api/work/offers").await.ok();
        let offer = offers["items"].as_array().unwrap().iter().find(|one| one["order_id"] == job.order.to_string());
        let path = format!("/api/work/offers/{}/accept", offer.unwrap_or_else(|| panic!("{offers}"))["id"].as_str().unwrap());
        other.post(&path, json!({})).await.ok();
        let job = Job { worker: other, ..job };
        job.begun().await;
        world.advance(Span::minutes(30)).await;
        job.step("done", json!({})).await.ok();
        let seen = job.seen().await;
        assert_eq!((&seen["state"], &seen["visit"]["state"]), (&json!("fulfilled"), &json!("done")));
        assert_eq!(paid(world, job.order).await, fen);
        balance(&world.app).await;
    }

    async fn nobody_else_can_come_and_staff_see_it(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.reopened(world).await;
        rows(&world.app, "UPDATE workers SET duty = 'off' RETURNING id").await;
        job.step("give-back", json!({ "reason": "家里有急事" })).await.ok();
        assert_eq!(job.seen().await["state"], "requested");
        world.work().await;
        assert_eq!(asked(world, &job).await.len(), 0);
        let desk = world.client_of(&world.staff(crate::harness::people::DISTRICT).await).await;
        let listed = async || {
            let list = desk.get("/api/desk/visits?scope=unmatched").await.ok();
            list.to_string().contains(&job.order.to_string())
        };
        assert!(!listed().await, "it is still looked for");
        for _ in 0..30 {
            world.advance(Span::minutes(2)).await;
            world.work().await;
        }
        assert!(listed().await);
        assert_eq!(times(&job.resident, "visit.nobody_found").await, 1, "the resident is told");
        assert_eq!(job.seen().await["state"], "requested", "and it is not over");
    }

    async fn whoever_works_no_more_is_not_waited_for(world) {
        neighbour(world).await;
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.begun().await;
        world.advance(Span::minutes(60)).await;
        job.step("done", json!({})).await.ok();
        rows(&world.app, "UPDATE workers SET state = 'suspended', duty = 'off' WHERE id = (SELECT worker_id FROM visits LIMIT 1) RETURNING id").await;
        let body = json!({ "version": job.seen().await["version"], "reason": "窗户没有擦干净" });
        job.resident.post(&format!("/api/orders/{}/reopen", job.order), body).await.ok();
        world.work().await;
        let seen = job.seen().await;
        assert_eq!((&seen["state"], &seen["visit"]["worker"]), (&json!("requested"), &json!(null)));
        assert!(!asked(world, &job).await.is_empty(), "somebody else is asked at once");
        assert_eq!(count(&world.app, "SELECT 1 FROM claims WHERE pool_key LIKE 'job/%'").await, 0);
    }
}
