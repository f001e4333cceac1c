//! Work to be done: rows written in the transaction that wants it, taken by a worker later.
//!
//! A job is taken under a lease. A worker that dies between taking and finishing leaves a lease that runs out, and
//! [`revive`] gives the job back; so a job may run twice, and its handler must bear that. The number of the attempt
//! tells the present holder from an earlier one: what a holder does late, after its lease was given away, changes
//! nothing.

use linli_domain::id::JobId;
use linli_domain::time::{Instant, Span};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value as Bound};
use serde_json::{Value, json};

use crate::connect::{Backend, Reads, Tx};
use crate::error::{Result, StoreError};

/// How often a job is tried before it is left for a person to look at.
pub const MOST_ATTEMPTS: i32 = 12;

/// The longest text kept of why an attempt failed, in characters.
const LONGEST_ERROR: usize = 500;

/// Work that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What is to be done: the handler's name.
    pub kind: String,
    /// With what. No personal data beyond ids.
    pub payload: Value,
    /// Work with the same key is there once, also after it was done, until [`purge`] removes it.
    pub unique_key: Option<String>,
    /// Not before.
    pub run_at: Instant,
    /// The present instant.
    pub created_at: Instant,
}

/// Work that was taken and must be finished, retried or given up by its holder.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The handler's name.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// When it became due.
    pub run_at: Instant,
}

/// What lies in the table at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Ready and due.
    pub due: i64,
    /// How long the oldest of these has been due.
    pub oldest: Option<Span>,
    /// Held by a worker.
    pub running: i64,
    /// Given up.
    pub dead: i64,
}

/// Writes jobs down, all in one statement. One whose unique key is taken is left out. Answers how many were new.
///
/// # Errors
/// Any [`StoreError`].
pub async fn enqueue(tx: &Tx, jobs: &[NewJob]) -> Result<u64> {
    if jobs.is_empty() {
        return Ok(0);
    }
    let rows: Vec<Value> = jobs
        .iter()
        .map(|job| {
            json!({
                "id": job.id.0,
                "kind": job.kind,
                "payload": job.payload.to_string(),
                "unique_key": job.unique_key,
                "run_at": job.run_at.0,
                "created_at": job.created_at.0,
            })
        })
        .collect();
    let sql = match tx.backend() {
        Backend::Postgres => {
            "INSERT INTO jobs (id, kind, payload, unique_key, run_at, state, created_at) \
             SELECT id, kind, payload, unique_key, run_at, 'ready', created_at \
             FROM json_to_recordset($1::json) AS new \
               (id BIGINT, kind TEXT, payload TEXT, unique_key TEXT, run_at BIGINT, created_at BIGINT) \
             ON CONFLICT (unique_key) DO NOTHING"
        }
        Backend::Sqlite => {
            "INSERT INTO jobs (id, kind, payload, unique_key, run_at, state, created_at) \
             SELECT value ->> 'id', value ->> 'kind', value ->> 'payload', value ->> 'unique_key', value ->> 'run_at', \
               'ready', value ->> 'created_at' \
             FROM json_each($1) WHERE TRUE \
             ON CONFLICT (unique_key) DO NOTHING"
        }
    };
    change(tx, sql, [Value::from(rows).to_string().into()]).await
}

/// Whether there is a job to take or to give back: spares an idle worker a transaction at every look.
///
/// # Errors
/// Any [`StoreError`].
pub async fn anything_due(reads: &impl Reads, now: Instant) -> Result<bool> {
    let sql = "SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM jobs WHERE state = 'ready' AND run_at <= $1) \
               OR EXISTS (SELECT 1 FROM jobs WHERE state = 'running' AND lease_until <= $1)";
    Ok(reads.connection().query_one_raw(statement(reads, sql, [now.0.into()])).await?.is_some())
}

/// Takes up to `limit` jobs that are due, the longest due first, for the length of `lease`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn take_due(tx: &Tx, now: Instant, lease: Span, limit: u32) -> Result<Vec<Job>> {
    let sql = format!(
        "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_until = $2 \
         WHERE id IN (SELECT id FROM jobs WHERE state = 'ready' AND run_at <= $1 ORDER BY run_at, id LIMIT $3{}) \
         RETURNING id, kind, payload, attempts, run_at",
        skip_locked(tx)
    );
    let values = [now.0.into(), (now + lease).0.into(), i64::from(limit).into()];
    let rows = tx.connection().query_all_raw(statement(tx, &sql, values)).await?;
    let mut jobs = rows.iter().map(job).collect::<Result<Vec<_>>>()?;
    jobs.sort_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}

/// Gives back the jobs whose lease ran out, since whoever took them is gone. One that was tried often enough is given
/// up: it may be what kills its workers. Answers how many leases had run out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn revive(tx: &Tx, now: Instant) -> Result<u64> {
    let sql = format!(
        "UPDATE jobs SET state = CASE WHEN attempts < $2 THEN 'ready' ELSE 'dead' END, lease_until = NULL, \
           last_error = 'the lease ran out', finished_at = CASE WHEN attempts < $2 THEN NULL ELSE $1 END \
         WHERE id IN (SELECT id FROM jobs WHERE state = 'running' AND lease_until <= $1 ORDER BY id{})",
        skip_locked(tx)
    );
    change(tx, &sql, [now.0.into(), MOST_ATTEMPTS.into()]).await
}

/// Holds a job longer. Answers whether it is still held by this attempt.
///
/// # Errors
/// Any [`StoreError`].
pub async fn renew(tx: &Tx, job: &Job, until: Instant) -> Result<bool> {
    held(
        tx,
        "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND attempts = $2 AND state = 'running'",
        job,
        [until.0.into()],
    )
    .await
}

/// Marks a job as done. Answers whether it was still held by this attempt.
///
/// # Errors
/// Any [`StoreError`].
pub async fn finish(tx: &Tx, job: &Job, now: Instant) -> Result<bool> {
    let sql = "UPDATE jobs SET state = 'done', lease_until = NULL, last_error = NULL, finished_at = $3 \
               WHERE id = $1 AND attempts = $2 AND state = 'running'";
    held(tx, sql, job, [now.0.into()]).await
}

/// Puts a job back to be tried again at `run_at`. The text is for an operator and carries no personal data. Answers
/// whether it was still held by this attempt.
///
/// # Errors
/// Any [`StoreError`].
pub async fn retry(tx: &Tx, job: &Job, run_at: Instant, error: &str) -> Result<bool> {
    let sql = "UPDATE jobs SET state = 'ready', lease_until = NULL, run_at = $3, last_error = $4 \
               WHERE id = $1 AND attempts = $2 AND state = 'running'";
    held(tx, sql, job, [run_at.0.into(), shorten(error).into()]).await
}

/// Gives a job up. It stays in the table until somebody has looked. Answers whether it was still held by this attempt.
///
/// # Errors
/// Any [`StoreError`].
pub async fn give_up(tx: &Tx, job: &Job, now: Instant, error: &str) -> Result<bool> {
    let sql = "UPDATE jobs SET state = 'dead', lease_until = NULL, finished_at = $3, last_error = $4 \
               WHERE id = $1 AND attempts = $2 AND state = 'running'";
    held(tx, sql, job, [now.0.into(), shorten(error).into()]).await
}

/// Removes jobs that were done before an instant. The unique keys they kept are free again.
///
/// # Errors
/// Any [`StoreError`].
pub async fn purge(tx: &Tx, before: Instant) -> Result<u64> {
    change(tx, "DELETE FROM jobs WHERE state = 'done' AND finished_at < $1", [before.0.into()]).await
}

/// Counts what lies in the table.
///
/// # Errors
/// Any [`StoreError`].
pub async fn backlog(reads: &impl Reads, now: Instant) -> Result<Backlog> {
    let sql = "SELECT \
               (SELECT COUNT(*) FROM jobs WHERE state = 'ready' AND run_at <= $1) AS due, \
               (SELECT MIN(run_at) FROM jobs WHERE state = 'ready' AND run_at <= $1) AS since, \
               (SELECT COUNT(*) FROM jobs WHERE state = 'running') AS running, \
               (SELECT COUNT(*) FROM jobs WHERE state = 'dead') AS dead";
    let row = reads.connection().query_one_raw(statement(reads, sql, [now.0.into()])).await?;
    let row = row.ok_or_else(|| StoreError::Row("a query without FROM gives one row".into()))?;
    let since: Option<i64> = row.try_get("", "since")?;
    Ok(Backlog {
        due: row.try_get("", "due")?,
        oldest: since.map(|since| now - Instant(since)),
        running: row.try_get("", "running")?,
        dead: row.try_get("", "dead")?,
    })
}

fn job(row: &QueryResult) -> Result<Job> {
    let id = JobId(row.try_get("", "id")?);
    let payload: String = row.try_get("", "payload")?;
    Ok(Job {
        id,
        kind: row.try_get("", "kind")?,
        payload: serde_json::from_str(&payload).map_err(|_| StoreError::Row(format!("job {id}: no JSON")))?,
        attempt: row.try_get("", "attempts")?,
        run_at: Instant(row.try_get("", "run_at")?),
    })
}

/// Other workers' rows are passed over instead of waited for. SQLite has one writer, so nobody else is there.
fn skip_locked(tx: &Tx) -> &'static str {
    match tx.backend() {
        Backend::Postgres => " FOR UPDATE SKIP LOCKED",
        Backend::Sqlite => "",
    }
}

async fn held<const N: usize>(tx: &Tx, sql: &str, job: &Job, more: [Bound; N]) -> Result<bool> {
    let values = [job.id.0.into(), job.attempt.into()].into_iter().chain(more);
    Ok(change(tx, sql, values).await? > 0)
}

async fn change(tx: &Tx, sql: &str, values: impl IntoIterator<Item = Bound>) -> Result<u64> {
    Ok(tx.connection().execute_raw(statement(tx, sql, values)).await?.rows_affected())
}

fn statement(reads: &impl Reads, sql: &str, values: impl IntoIterator<Item = Bound>) -> Statement {
    Statement::from_sql_and_values(reads.connection().get_database_backend(), sql, values)
}

fn shorten(error: &str) -> String {
    error.chars().take(LONGEST_ERROR).collect()
}
