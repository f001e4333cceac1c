//! Workers who call for help.

use linli_domain::area::{AreaCode, AreaLevel};
use linli_domain::geo::Wgs84;
use linli_domain::id::{AccountId, HelpCallId, OrderId, OrganisationId, PersonId, WorkerId};
use linli_domain::role::Role;
use linli_domain::time::Instant;
use sea_orm::{QueryResult, Value};

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// A call for help.
#[derive(Debug, Clone, PartialEq)]
pub struct HelpCall {
    /// Which.
    pub id: HelpCallId,
    /// On which job.
    pub order: Option<OrderId>,
    /// Who calls.
    pub worker: WorkerId,
    /// Where: of the job, or where they live.
    pub area: AreaCode,
    /// Where exactly, where their phone says.
    pub point: Option<Wgs84>,
    /// What they say.
    pub words: String,
    /// Since when.
    pub at: Instant,
    /// Who is on it, and since when.
    pub taken: Option<(AccountId, Instant)>,
    /// What came of it, and when it was closed.
    pub closed: Option<(String, Instant)>,
}

/// A worker as a call for help names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Which.
    pub worker: WorkerId,
    /// Who they are.
    pub person: PersonId,
    /// As residents read it.
    pub name: String,
    /// Whom they work for.
    pub organisation: Option<OrganisationId>,
    /// Where they live.
    pub area: Option<AreaCode>,
}

/// The worker somebody is.
///
/// # Errors
/// Any [`StoreError`].
pub async fn caller(db: &impl Reads, person: PersonId) -> Result<Option<Caller>> {
    let sql = "SELECT id, person_id, name, organisation_id, home_area FROM workers WHERE person_id = $1";
    ask(db, sql, [person.0.into()]).await?.first().map(named).transpose()
}

/// Workers by their ids.
///
/// # Errors
/// Any [`StoreError`].
pub async fn callers(db: &impl Reads, workers: &[WorkerId]) -> Result<Vec<Caller>> {
    let head = "SELECT w.id, w.person_id, w.name, w.organisation_id, w.home_area FROM workers w JOIN";
    let rows = Rows::new().int("id", workers.iter().map(|id| id.0)).query(db, head, "AS v ON v.id = w.id").await?;
    rows.iter().map(named).collect()
}

fn named(row: &QueryResult) -> Result<Caller> {
    let organisation: Option<i64> = row.try_get("", "organisation_id")?;
    let area: Option<String> = row.try_get("", "home_area")?;
    Ok(Caller {
        worker: WorkerId(row.try_get("", "id")?),
        person: PersonId(row.try_get("", "person_id")?),
        name: row.try_get("", "name")?,
        organisation: organisation.map(OrganisationId),
        area: area.and_then(|code| code.parse().ok()),
    })
}

/// Staff of an area, of those above it and of an organisation: people with an account, each once.
///
/// # Errors
/// Any [`StoreError`].
pub async fn staff(
    db: &impl Reads,
    area: &AreaCode,
    organisation: Option<OrganisationId>,
    now: Instant,
) -> Result<Vec<PersonId>> {
    let sql = "SELECT DISTINCT a.person_id FROM role_grants g JOIN accounts a ON a.id = g.account_id \
               WHERE g.valid_from <= $1 AND (g.valid_until IS NULL OR g.valid_until > $1) AND a.closed_at IS NULL \
               AND (g.area_code IN ($2, $3, $4) OR (g.organisation_id = $5 AND g.role <> $6)) ORDER BY a.person_id";
    let code = |level| area.up_to(level).map(|code| code.as_str().to_owned()).unwrap_or_default();
    let values: [Value; 6] = [
        now.0.into(),
        code(AreaLevel::Community).into(),
        code(AreaLevel::Street).into(),
        code(AreaLevel::District).into(),
        organisation.map_or(0, |id| id.0).into(),
        Role::CaseWorker.key().into(),
    ];
    let rows = ask(db, sql, values).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get("", "person_id")?))).collect()
}

/// Writes a call for help.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(tx: &Tx, call: &HelpCall) -> Result<()> {
    let sql = "INSERT INTO help_calls (id, order_id, worker_id, area_code, latitude, longitude, words, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
    let values: [Value; 8] = [
        call.id.0.into(),
        call.order.map(|id| id.0).into(),
        call.worker.0.into(),
        call.area.as_str().into(),
        call.point.map(|point| point.latitude).into(),
        call.point.map(|point| point.longitude).into(),
        call.words.as_str().into(),
        call.at.0.into(),
    ];
    ask(tx, sql, values).await?;
    Ok(())
}

/// Reads one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, id: HelpCallId) -> Result<Option<HelpCall>> {
    ask(db, "SELECT * FROM help_calls WHERE id = $1", [id.0.into()]).await?.first().map(help_call).transpose()
}

/// The open one of a worker, the newest where there are several.
///
/// # Errors
/// Any [`StoreError`].
pub async fn open_of(db: &impl Reads, worker: WorkerId) -> Result<Option<HelpCall>> {
    let sql = "SELECT * FROM help_calls WHERE worker_id = $1 AND closed_at IS NULL ORDER BY id DESC LIMIT 1";
    ask(db, sql, [worker.0.into()]).await?.first().map(help_call).transpose()
}

/// Open ones of the areas whose codes begin with one of the prefixes and of some organisations' workers, oldest first,
/// after a cursor.
///
/// # Errors
/// Any [`StoreError`].
pub async fn open(
    db: &impl Reads,
    prefixes: &[String],
    organisations: &[OrganisationId],
    after: Option<HelpCallId>,
    limit: u32,
) -> Result<Vec<HelpCall>> {
    let ids: Vec<String> = organisations.iter().map(|id| id.0.to_string()).collect();
    let own = if ids.is_empty() { "0".to_owned() } else { ids.join(", ") };
    // Prefixes are digits of area codes, never a pattern character. Nobody has the empty one for nothing.
    let tail = format!(
        "AS v WHERE h.area_code LIKE v.prefix || '%') OR EXISTS (SELECT 1 FROM workers w WHERE w.id = h.worker_id \
         AND w.organisation_id IN ({own}))) AND h.id > {} ORDER BY h.id LIMIT {limit}",
        after.map_or(0, |id| id.0)
    );
    let head = "SELECT h.* FROM help_calls h WHERE h.closed_at IS NULL AND (EXISTS (SELECT 1 FROM";
    // A list of none is not asked for at all: one that matches nothing stands in.
    let none = ["-".to_owned()];
    let prefixes = if prefixes.is_empty() { &none[..] } else { prefixes };
    let rows = Rows::new().text("prefix", prefixes.iter().map(String::as_str)).query(db, head, &tail).await?;
    rows.iter().map(help_call).collect()
}

/// Takes one on, unless somebody else has it or it is closed. Answers whether it is theirs.
///
/// # Errors
/// Any [`StoreError`].
pub async fn take(tx: &Tx, id: HelpCallId, by: AccountId, now: Instant) -> Result<bool> {
    let sql = "UPDATE help_calls SET taken_by = $2, taken_at = COALESCE(taken_at, $3) WHERE id = $1 \
               AND closed_at IS NULL AND (taken_by IS NULL OR taken_by = $2) RETURNING id";
    Ok(!ask(tx, sql, [id.0.into(), by.0.into(), now.0.into()]).await?.is_empty())
}

/// Closes one with what came of it. Answers whether it was open.
///
/// # Errors
/// Any [`StoreError`].
pub async fn close(tx: &Tx, id: HelpCallId, by: AccountId, outcome: &str, now: Instant) -> Result<bool> {
    let sql = "UPDATE help_calls SET closed_at = $3, outcome = $4, taken_by = COALESCE(taken_by, $2), \
               taken_at = COALESCE(taken_at, $3) WHERE id = $1 AND closed_at IS NULL RETURNING id";
    Ok(!ask(tx, sql, [id.0.into(), by.0.into(), now.0.into(), outcome.into()]).await?.is_empty())
}

fn help_call(row: &QueryResult) -> Result<HelpCall> {
    let bad = |column: &str| StoreError::Row(format!("help_calls.{column} cannot be read"));
    let int = |name: &str| -> Result<Option<i64>> { Ok(row.try_get("", name)?) };
    let area: String = row.try_get("", "area_code")?;
    let (latitude, longitude): (Option<f64>, Option<f64>) =
        (row.try_get("", "latitude")?, row.try_get("", "longitude")?);
    let outcome: Option<String> = row.try_get("", "outcome")?;
    Ok(HelpCall {
        id: HelpCallId(row.try_get("", "id")?),
        order: int("order_id")?.map(OrderId),
        worker: WorkerId(row.try_get("", "worker_id")?),
        area: area.parse().map_err(|_| bad("area_code"))?,
        point: latitude.zip(longitude).and_then(|(latitude, longitude)| Wgs84::new(latitude, longitude)),
        words: row.try_get("", "words")?,
        at: Instant(row.try_get("", "at")?),
        taken: int("taken_by")?.map(AccountId).zip(int("taken_at")?.map(Instant)),
        closed: outcome.zip(int("closed_at")?.map(Instant)),
    })
}
