//! Takes due jobs, runs them, and writes down how it went.

use std::time::{Duration, Instant as Stopwatch};

use futures::FutureExt;
use linli_application::{App, Failure, Result, work};
use linli_domain::time::Span;
use linli_store::jobs::{self, Job, MOST_ATTEMPTS};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::alarm;
use crate::backoff::delay;

/// The topic on which a new job is made known. Losing a message costs a second at most.
pub(crate) const TOPIC: &str = "jobs";

const LOOK_EVERY: Duration = Duration::from_secs(1);
const COUNT_EVERY: Duration = Duration::from_secs(15);
const PURGE_EVERY: Duration = Duration::from_secs(3600);
/// Done jobs, and with them their unique keys, are kept for so long.
const KEEP_DONE: Span = Span::days(7);

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Jobs at the same time.
    pub concurrency: usize,
    /// How long a job may go unheard of before another worker takes it; a living worker renews it at every third.
    pub lease: Span,
}

impl Default for Settings {
    fn default() -> Self {
        Self { concurrency: 4, lease: Span::seconds(60) }
    }
}

/// Works until `stop`, then finishes what it holds and returns.
///
/// # Errors
/// A [`Failure`] when the alarm cannot be set. A database that is away is waited for.
pub async fn run(app: App, settings: Settings, stop: CancellationToken) -> Result<()> {
    let mut clock = alarm::start(&app).await?;
    let keeping = tokio::spawn(keep_house(app.clone(), stop.clone()));
    tracing::info!(concurrency = settings.concurrency, "the worker works");
    take_and_run(&app, settings, &stop).await;
    if let Err(error) = clock.shutdown().await {
        tracing::warn!(%error, "the alarm did not stop by itself");
    }
    // It watches the same token.
    let _ = keeping.await;
    tracing::info!("the worker has stopped");
    Ok(())
}

/// Runs everything that is due now, one after the other, and what becomes due by it. Answers how many jobs ran.
///
/// # Errors
/// A [`Failure`] of the database.
pub async fn run_due(app: &App) -> Result<usize> {
    let settings = Settings { concurrency: 1, ..Settings::default() };
    let mut ran = 0;
    loop {
        let taken = take(app, settings, 1).await?;
        if taken.is_empty() {
            return Ok(ran);
        }
        for job in taken {
            run_one(app.clone(), job, settings.lease).await;
            ran += 1;
        }
    }
}

async fn take_and_run(app: &App, settings: Settings, stop: &CancellationToken) {
    let mut wakes = app.hub.subscribe(TOPIC).await;
    let mut running = JoinSet::new();
    let mut away = false;
    while !stop.is_cancelled() {
        let free = settings.concurrency.saturating_sub(running.len());
        if free > 0 {
            match take(app, settings, free).await {
                Ok(taken) => {
                    if std::mem::take(&mut away) {
                        tracing::info!("jobs can be taken again");
                    }
                    for job in taken {
                        running.spawn(run_one(app.clone(), job, settings.lease));
                    }
                }
                Err(error) => {
                    if !std::mem::replace(&mut away, true) {
                        tracing::warn!(%error, "no jobs can be taken at present");
                    }
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            // A place is free again.
            Some(_) = running.join_next() => {}
            Some(_) = wakes.next() => {}
            () = sleep(LOOK_EVERY) => {}
        }
    }
    while running.join_next().await.is_some() {}
}

async fn take(app: &App, settings: Settings, free: usize) -> Result<Vec<Job>> {
    let now = app.now();
    if !jobs::anything_due(app.store.reads(), now).await? {
        return Ok(Vec::new());
    }
    let limit = u32::try_from(free).unwrap_or(u32::MAX);
    app.store
        .write(move |tx| {
            async move {
                let lost = jobs::revive(tx, now).await?;
                if lost > 0 {
                    tracing::warn!(lost, "jobs came back from workers that are gone");
                }
                Ok(jobs::take_due(tx, now, settings.lease, limit).await?)
            }
            .boxed()
        })
        .await
}

async fn run_one(app: App, job: Job, lease: Span) {
    let watch = Stopwatch::now();
    let outcome = hold(&app, &job, lease).await;
    let (word, written) = match outcome {
        Ok(()) => ("done", write_down(&app, &job, End::Done).await),
        Err(error) if job.attempt >= MOST_ATTEMPTS => {
            tracing::error!(job = %job.id, kind = job.kind, error, "a job is given up");
            ("dead", write_down(&app, &job, End::GivenUp(error)).await)
        }
        Err(error) => {
            tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempt, error, "a job failed and is tried again");
            ("retried", write_down(&app, &job, End::Again(error)).await)
        }
    };
    let word = match written {
        Ok(true) => word,
        // Either another worker has the job by now, or will have it when the lease runs out.
        Ok(false) => "lost",
        Err(error) => {
            tracing::warn!(job = %job.id, kind = job.kind, %error, "how a job went could not be written down");
            "lost"
        }
    };
    metrics::counter!("linli_jobs_total", "kind" => job.kind.clone(), "outcome" => word).increment(1);
    metrics::histogram!("linli_job_seconds", "kind" => job.kind).record(watch.elapsed().as_secs_f64());
}

/// Runs the handler in a task of its own, which keeps a panic from ending the worker, and renews the lease meanwhile.
async fn hold(app: &App, job: &Job, lease: Span) -> std::result::Result<(), String> {
    let mut handler = {
        let (app, kind, payload) = (app.clone(), job.kind.clone(), job.payload.clone());
        tokio::spawn(async move { work::run(&app, &kind, &payload).await })
    };
    let third = Duration::from_micros(u64::try_from(lease.0 / 3).unwrap_or_default().max(1_000));
    let mut renewal = interval(third);
    renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
    renewal.tick().await;
    loop {
        tokio::select! {
            ended = &mut handler => return match ended {
                Ok(outcome) => outcome.map_err(|failure| failure.to_string()),
                Err(_) => Err("the handler panicked; see the log".to_owned()),
            },
            _ = renewal.tick() => {
                let (until, job) = (app.now() + lease, job.clone());
                let held = app
                    .store
                    .write(move |tx| async move { Ok::<_, Failure>(jobs::renew(tx, &job, until).await?) }.boxed())
                    .await;
                if !matches!(held, Ok(true)) {
                    tracing::warn!("a lease could not be renewed; the job may run twice");
                }
            }
        }
    }
}

enum End {
    Done,
    Again(String),
    GivenUp(String),
}

async fn write_down(app: &App, job: &Job, end: End) -> Result<bool> {
    let (now, job) = (app.now(), job.clone());
    let again_at = now + delay(job.attempt, &*app.random);
    app.store
        .write(move |tx| {
            async move {
                Ok(match end {
                    End::Done => jobs::finish(tx, &job, now).await?,
                    End::Again(error) => jobs::retry(tx, &job, again_at, &error).await?,
                    End::GivenUp(error) => jobs::give_up(tx, &job, now, &error).await?,
                })
            }
            .boxed()
        })
        .await
}

/// Counts the backlog for the metrics until `stop`: for a process that serves them without working.
pub async fn watch(app: App, stop: CancellationToken) {
    repeat(COUNT_EVERY, &stop, || count_backlog(&app)).await;
}

/// Writes the ticks nobody was there for, counts the backlog, and removes what is long done.
async fn keep_house(app: App, stop: CancellationToken) {
    tokio::join!(
        catch_up(&app, &stop),
        watch(app.clone(), stop.clone()),
        repeat(PURGE_EVERY, &stop, || remove_done(&app)),
    );
}

/// Waits for a database that is away.
async fn catch_up(app: &App, stop: &CancellationToken) {
    while let Err(error) = alarm::ring(app).await {
        tracing::debug!(%error, "missed ticks could not be written down yet");
        if stop.run_until_cancelled(sleep(COUNT_EVERY)).await.is_none() {
            return;
        }
    }
}

/// Does something at once and then again and again. What fails is done the next time.
async fn repeat<F>(every: Duration, stop: &CancellationToken, mut what: impl FnMut() -> F)
where
    F: Future<Output = Result<()>>,
{
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(error) = what().await {
            tracing::debug!(%error, "the jobs could not be looked through");
        }
    }
}

async fn count_backlog(app: &App) -> Result<()> {
    let backlog = jobs::backlog(app.store.reads(), app.now()).await?;
    let gauge = |name: &'static str, value: i64| {
        // Counts of rows are far below 2^52.
        #[allow(clippy::cast_precision_loss)]
        metrics::gauge!(name).set(value as f64);
    };
    gauge("linli_jobs_due", backlog.due);
    gauge("linli_jobs_running", backlog.running);
    gauge("linli_jobs_dead", backlog.dead);
    gauge("linli_jobs_oldest_seconds", backlog.oldest.map_or(0, |span| span.0 / 1_000_000));
    Ok(())
}

async fn remove_done(app: &App) -> Result<()> {
    let before = app.now() - KEEP_DONE;
    let removed =
        app.store.write(move |tx| async move { Ok::<_, Failure>(jobs::purge(tx, before).await?) }.boxed()).await?;
    tracing::debug!(removed, "old jobs are removed");
    Ok(())
}
