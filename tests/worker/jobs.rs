use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use linli_application::work::TICKS;
use linli_domain::id::JobId;
use linli_domain::time::Span;
use linli_store::jobs::{self, Backlog, Job, MOST_ATTEMPTS, NewJob};
use linli_store::{Result, Tx};
use serde_json::json;

use crate::harness::{START, World, on_both};

const LEASE: Span = Span::seconds(60);
/// A kind without a handler: it fails whenever it is tried.
const UNHEARD_OF: &str = "unheard_of";

impl World {
    async fn jobs<T, F>(&self, work: F) -> T
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        self.app.store.write(work).await.unwrap()
    }

    fn job(&self, unique_key: Option<&str>) -> NewJob {
        NewJob {
            id: JobId(self.app.next_id()),
            kind: UNHEARD_OF.into(),
            payload: json!({ "words": "邻里 'quoted\" \\" }),
            unique_key: unique_key.map(Into::into),
            run_at: self.app.now(),
            created_at: self.app.now(),
        }
    }

    async fn enqueue(&self, new: Vec<NewJob>) -> u64 {
        self.jobs(move |tx| async move { jobs::enqueue(tx, &new).await }.boxed()).await
    }

    async fn take(&self, limit: u32) -> Vec<Job> {
        let now = self.app.now();
        self.jobs(move |tx| async move { jobs::take_due(tx, now, LEASE, limit).await }.boxed()).await
    }

    async fn revive(&self) -> u64 {
        let now = self.app.now();
        self.jobs(move |tx| async move { jobs::revive(tx, now).await }.boxed()).await
    }

    async fn finish(&self, job: &Job) -> bool {
        let (job, now) = (job.clone(), self.app.now());
        self.jobs(move |tx| async move { jobs::finish(tx, &job, now).await }.boxed()).await
    }

    async fn backlog(&self) -> Backlog {
        jobs::backlog(self.app.store.reads(), self.app.now()).await.unwrap()
    }

    /// Takes away what the demo district brought along.
    async fn clear(&self) {
        for job in self.take(10_000).await {
            self.finish(&job).await;
        }
    }
}

on_both! {
    async fn a_unique_key_is_taken_until_its_job_is_removed(world) {
        world.clear().await;
        assert_eq!(world.enqueue(vec![world.job(Some("a")), world.job(Some("a")), world.job(None)]).await, 2);
        assert_eq!(world.enqueue(vec![world.job(Some("a")), world.job(None)]).await, 1);
        for job in world.take(10).await {
            assert!(world.finish(&job).await);
        }
        assert_eq!(world.enqueue(vec![world.job(Some("a"))]).await, 0, "done, and still there");
        let before = world.app.now() + Span::seconds(1);
        world.jobs(move |tx| async move { jobs::purge(tx, before).await }.boxed()).await;
        assert_eq!(world.enqueue(vec![world.job(Some("a"))]).await, 1);
    }

    async fn jobs_are_taken_when_due_and_as_they_were_written(world) {
        world.clear().await;
        let mut later = world.job(None);
        later.run_at = START + Span::minutes(10);
        let now = world.job(None);
        world.enqueue(vec![later.clone(), now.clone()]).await;
        let taken = world.take(10).await;
        assert_eq!(taken, [Job { id: now.id, kind: now.kind, payload: now.payload, attempt: 1, run_at: now.run_at }]);
        world.advance(Span::minutes(10)).await;
        assert_eq!(world.take(10).await.iter().map(|job| job.id).collect::<Vec<_>>(), [later.id]);
    }

    async fn workers_that_take_at_the_same_time_share_the_jobs(world) {
        world.clear().await;
        world.enqueue((0..60).map(|_| world.job(None)).collect()).await;
        let taken: Vec<_> = join_all((0..20).map(|_| world.take(3))).await.into_iter().flatten().map(|job| job.id).collect();
        let mut different = taken.clone();
        different.sort();
        different.dedup();
        assert_eq!(taken.len(), different.len(), "a job was taken twice");
        let rest = world.take(100).await.len();
        assert_eq!(taken.len() + rest, 60, "a job was lost");
    }

    async fn a_worker_killed_before_it_finished_gives_the_job_back(world) {
        world.clear().await;
        world.enqueue(vec![world.job(None)]).await;
        let killed = world.take(1).await.remove(0);
        assert_eq!(world.revive().await, 0, "its lease still runs");
        world.advance(LEASE).await;
        assert_eq!(world.revive().await, 1);
        let again = world.take(1).await.remove(0);
        assert_eq!((again.id, again.attempt), (killed.id, 2));
        assert!(!world.finish(&killed).await, "a late worker has nothing to say");
        assert!(world.finish(&again).await);
        assert_eq!(world.take(1).await, []);
    }

    async fn a_lease_that_is_renewed_does_not_run_out(world) {
        world.clear().await;
        world.enqueue(vec![world.job(None)]).await;
        let job = world.take(1).await.remove(0);
        let (held, until) = (job.clone(), world.app.now() + Span::minutes(10));
        assert!(world.jobs(move |tx| async move { jobs::renew(tx, &held, until).await }.boxed()).await);
        world.advance(LEASE).await;
        assert_eq!(world.revive().await, 0);
        assert!(world.finish(&job).await);
    }

    async fn a_job_that_kills_its_workers_is_given_up(world) {
        world.clear().await;
        world.enqueue(vec![world.job(None)]).await;
        for attempt in 1..=MOST_ATTEMPTS {
            assert_eq!(world.take(1).await[0].attempt, attempt);
            world.advance(LEASE).await;
            assert_eq!(world.revive().await, 1);
        }
        assert_eq!(world.take(1).await, []);
        assert_eq!(world.backlog().await.dead, 1);
    }

    async fn a_job_that_fails_is_tried_again_later_and_at_last_given_up(world) {
        world.clear().await;
        world.enqueue(vec![world.job(None)]).await;
        for attempt in 1..=MOST_ATTEMPTS {
            assert_eq!(linli_worker::run_due(&world.app).await.unwrap(), 1, "attempt {attempt}");
            assert_eq!(linli_worker::run_due(&world.app).await.unwrap(), 0, "not before it has waited");
            world.advance(Span::hours(1)).await;
        }
        assert_eq!(linli_worker::run_due(&world.app).await.unwrap(), 0);
        assert_eq!(world.backlog().await, Backlog { due: 0, oldest: None, running: 0, dead: 1 });
    }

    async fn a_tick_is_written_once_by_however_many_alarms(world) {
        let rings = join_all((0..5).map(|_| linli_worker::alarm::ring(&world.app))).await;
        let written: u64 = rings.into_iter().map(|ring| ring.unwrap()).sum();
        assert_eq!(written, TICKS.len() as u64);
        world.advance(Span::days(400)).await;
        let caught_up = linli_worker::alarm::ring(&world.app).await.unwrap();
        assert_eq!(caught_up, TICKS.len() as u64, "the latest of each, not all that were missed");
    }
}
