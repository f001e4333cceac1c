//! The alarm clock: at each tick one row in `jobs`, and nothing else.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use croner::Cron;
use croner::parser::{CronParser, Seconds};
use futures::FutureExt;
use linli_application::work::TICKS;
use linli_application::{App, Failure, Result};
use linli_domain::id::JobId;
use linli_domain::time::Instant;
use linli_store::jobs::{self, NewJob};
use serde_json::json;
use tokio_cron_scheduler::{Job as Tick, JobScheduler, JobSchedulerError};

use crate::runner::TOPIC;

/// Writes the job of the latest tick of every schedule, unless it is there already. Answers how many were missing.
///
/// At start this catches up what nobody was there for; the handlers look at everything that is due, so the latest of
/// several missed ticks does for all of them.
///
/// # Errors
/// A [`Failure`] of the database.
pub async fn ring(app: &App) -> Result<u64> {
    let mut written = 0;
    for (name, cron) in TICKS {
        written += ring_one(app, name, &parse(cron)?).await?;
    }
    Ok(written)
}

async fn ring_one(app: &App, name: &str, cron: &Cron) -> Result<u64> {
    let now = app.now();
    let tick = latest(cron, now)?;
    let job = NewJob {
        id: JobId(app.next_id()),
        kind: name.to_owned(),
        payload: json!({}),
        unique_key: Some(format!("tick:{name}:{}", tick.0 / 1_000_000)),
        run_at: now,
        created_at: now,
    };
    let written =
        app.store.write(move |tx| async move { Ok::<_, Failure>(jobs::enqueue(tx, &[job]).await?) }.boxed()).await?;
    if written > 0 {
        app.hub.publish(TOPIC, name).await;
    }
    Ok(written)
}

/// Starts the alarm. It rings until it is shut down.
///
/// # Errors
/// A [`Failure::Fault`] when a schedule cannot be read.
pub async fn start(app: &App) -> Result<JobScheduler> {
    let alarm = JobScheduler::new().await.map_err(fault)?;
    for (name, expression) in TICKS {
        let (app, name, cron) = (app.clone(), *name, Arc::new(parse(expression)?));
        let tick = Tick::new_async_tz(*expression, zone(), move |_, _| {
            let (app, cron) = (app.clone(), cron.clone());
            Box::pin(async move {
                if let Err(error) = ring_one(&app, name, &cron).await {
                    // The row is written when the worker starts again, or the next tick does for this one.
                    tracing::warn!(tick = name, %error, "a tick could not be written down");
                }
            })
        });
        alarm.add(tick.map_err(fault)?).await.map_err(fault)?;
    }
    alarm.start().await.map_err(fault)?;
    Ok(alarm)
}

/// The alarm's own reading of an expression: six fields, seconds first, district time; a day of the month and a day of
/// the week both count.
fn parse(expression: &str) -> Result<Cron> {
    let parser = CronParser::builder().seconds(Seconds::Required).dom_and_dow(true).build();
    parser.parse(expression).map_err(|error| Failure::Fault(format!("schedule `{expression}`: {error}")))
}

/// The latest instant at or before `now` at which the schedule rings.
fn latest(cron: &Cron, now: Instant) -> Result<Instant> {
    let local = DateTime::from_timestamp_micros(now.0)
        .ok_or_else(|| Failure::Fault("the clock stands outside of time".into()))?
        .with_timezone(&zone());
    let tick = cron
        .find_previous_occurrence(&local, true)
        .map_err(|error| Failure::Fault(format!("schedule `{}`: {error}", cron.pattern)))?;
    Ok(Instant(tick.timestamp() * 1_000_000))
}

/// China Standard Time, the same all year.
fn zone() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("a zone of eight hours")
}

fn fault(error: JobSchedulerError) -> Failure {
    Failure::Fault(format!("the alarm: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latest_of(expression: &str, now: &str) -> String {
        latest(&parse(expression).unwrap(), now.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn the_latest_tick_is_found_in_district_time() {
        let daily = "0 30 6 * * *";
        assert_eq!(latest_of(daily, "2026-11-23T06:29:59+08:00"), "2026-11-22T06:30:00+08:00");
        assert_eq!(latest_of(daily, "2026-11-23T06:30:00+08:00"), "2026-11-23T06:30:00+08:00");
        assert_eq!(latest_of(daily, "2026-11-22T22:30:00.4Z"), "2026-11-23T06:30:00+08:00");
        assert_eq!(latest_of("0 */5 * * * *", "2026-01-01T00:03:00+08:00"), "2026-01-01T00:00:00+08:00");
        assert_eq!(latest_of("0 0 0 1 1 *", "2026-12-31T00:00:00+08:00"), "2026-01-01T00:00:00+08:00");
    }

    #[test]
    fn every_schedule_can_be_read_and_has_its_own_name() {
        let mut names: Vec<_> = TICKS.iter().map(|(name, _)| name).collect();
        for (_, expression) in TICKS {
            parse(expression).unwrap();
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), TICKS.len());
        assert!(parse("every morning").is_err());
    }
}
