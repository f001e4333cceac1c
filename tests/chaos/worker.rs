//! Workers that are killed.

use futures::FutureExt;
use linli_application::{Failure, work};
use linli_domain::time::Span;
use linli_store::jobs::{self, Job};

use crate::harness::books::{balance, count};
use crate::harness::people::LIN;
use crate::harness::{Offer, World, on_both, wait, wish};
use linli_application::orders::act::{Ask, Side};

pub(super) const LEASE: Span = Span::seconds(60);

/// A worker takes everything that is due, and is never heard of again.
pub(super) async fn taken(world: &World) -> Vec<Job> {
    let now = world.app.now();
    let take = world
        .app
        .store
        .write(move |tx| async move { Ok::<_, Failure>(jobs::take_due(tx, now, LEASE, 1_000).await?) }.boxed());
    take.await.unwrap()
}

on_both! {
    async fn one_killed_before_its_work_is_replaced_when_its_lease_ends(world) {
        let lin = world.staff(LIN).await;
        let chen = world.offering("shuiyuesi_gp_chen").await;
        world.app.place(&lin, wish(chen, world.at(1, "09:30")), "k").await.unwrap();
        assert!(!taken(world).await.is_empty());
        assert_eq!(world.work().await, linli_application::work::TICKS.len(), "nothing but the clock's own");
        assert!(world.app.inbox(&lin, None, 10).await.unwrap().is_empty());
        world.advance(LEASE).await;
        world.work().await;
        assert_eq!(world.app.inbox(&lin, None, 10).await.unwrap().len(), 1);
    }

    async fn one_killed_after_its_work_tells_nobody_twice(world) {
        let offering = world.offer(Offer { capacity: 1, ..Offer::default() }, |_| {}).await;
        let people = world.residents(2).await;
        let start = world.at(1, "09:30");
        let (first, _) = world.app.place(&people[0], wish(offering, start), "k").await.unwrap();
        world.app.place(&people[1], wait(offering, start), "k").await.unwrap();
        world.app.ask(&people[0], first, 1, Ask::Cancel { reason: None }, Side::Resident, "c").await.unwrap();
        // Three steps of two orders to be told of, one of them urgently. The worker does it all and dies.
        for _ in 0..3 {
            for job in taken(world).await {
                work::run(&world.app, &job.kind, &job.payload).await.unwrap();
            }
            world.advance(LEASE).await;
            let now = world.app.now();
            world.app.store.write(move |tx| async move { Ok::<_, Failure>(jobs::revive(tx, now).await?) }.boxed()).await.unwrap();
        }
        world.work().await;
        assert_eq!(world.app.inbox(&people[0], None, 10).await.unwrap().len(), 2, "booked, cancelled");
        assert_eq!(world.app.inbox(&people[1], None, 10).await.unwrap().len(), 2, "in line, held");
        assert_eq!(count(&world.app, "SELECT 1 FROM jobs WHERE kind = 'sms.send'").await, 1, "one text message was asked for");
        assert_eq!(count(&world.app, "SELECT 1 FROM jobs WHERE state = 'dead'").await, 0);
        balance(&world.app).await;
    }

    async fn many_workers_on_the_same_jobs_tell_everybody_once(world) {
        let offering = world.offer(Offer { capacity: 30, ..Offer::default() }, |_| {}).await;
        let people = world.residents(30).await;
        for actor in &people {
            world.app.place(actor, wish(offering, world.at(1, "09:30")), "k").await.unwrap();
        }
        let other = world.another().await;
        let workers = (0..4).map(|n| {
            let app = if n % 2 == 0 { world.app.clone() } else { other.app.clone() };
            tokio::spawn(async move { linli_worker::run_due(&app).await.unwrap() })
        });
        for worker in futures::future::join_all(workers).await {
            worker.unwrap();
        }
        for actor in &people {
            assert_eq!(world.app.inbox(actor, None, 10).await.unwrap().len(), 1);
        }
        assert_eq!(count(&world.app, "SELECT 1 FROM jobs WHERE attempts > 1").await, 0);
        other.end().await;
    }
}
