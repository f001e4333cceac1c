//! Two alarms, and an alarm nobody heard.

use linli_application::work::TICKS;
use linli_domain::time::Span;
use linli_worker::alarm;

use crate::harness::books::count;
use crate::harness::{on_both, on_postgres};

on_postgres! {
    async fn two_processes_write_each_tick_once(world) {
        let other = world.another().await;
        for _ in 0..3 {
            let rings = (0..6).map(|n| {
                let app = if n % 2 == 0 { world.app.clone() } else { other.app.clone() };
                tokio::spawn(async move { alarm::ring(&app).await.unwrap() })
            });
            let written: u64 = futures::future::join_all(rings).await.into_iter().map(Result::unwrap).sum();
            let sweeps = count(&world.app, "SELECT 1 FROM jobs WHERE kind = 'orders.sweep'").await;
            assert!(written >= 1, "somebody wrote it");
            let keys = "SELECT unique_key FROM jobs WHERE kind = 'orders.sweep' GROUP BY unique_key";
            assert_eq!(sweeps, count(&world.app, keys).await, "one job per tick");
            world.advance(Span::minutes(1)).await;
        }
        assert_eq!(count(&world.app, "SELECT 1 FROM jobs WHERE kind = 'orders.sweep'").await, 3);
        other.end().await;
    }
}

on_both! {
    async fn a_tick_nobody_was_there_for_is_caught_up(world) {
        world.work().await;
        // Everybody is away over a long weekend; the first to come back does what was due, once.
        world.advance(Span::days(4)).await;
        let missed = count(&world.app, "SELECT 1 FROM jobs WHERE state = 'ready' AND kind = 'orders.sweep'").await;
        assert_eq!(missed, 0);
        assert_eq!(alarm::ring(&world.app).await.unwrap(), TICKS.len() as u64);
        assert_eq!(alarm::ring(&world.app).await.unwrap(), 0);
    }
}
