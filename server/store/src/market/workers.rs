//! Workers: their files, when they work, and who does not want to meet whom again.

use std::collections::{BTreeMap, BTreeSet};

use linli_domain::area::AreaCode;
use linli_domain::demo::Gender;
use linli_domain::geo::{Travel, Wgs84};
use linli_domain::id::{AccountId, OrganisationId, PersonId, WorkerId};
use linli_domain::time::{Day, Instant};
use linli_domain::worker::{Duty, Hours, WorkerState};
use sea_orm::{QueryResult, Value};

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// A worker as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Worker {
    /// Which.
    pub id: WorkerId,
    /// Raised with every change of the file; going on and off duty is none.
    pub version: i32,
    /// Who they are.
    pub person: PersonId,
    /// Their account.
    pub account: AccountId,
    /// Whom they work for; none: themselves.
    pub organisation: Option<OrganisationId>,
    /// Where the file stands.
    pub state: WorkerState,
    /// As residents read it.
    pub name: String,
    /// The gender they are listed with.
    pub gender: Gender,
    /// Keys of languages.
    pub languages: Vec<String>,
    /// What they say about themselves.
    pub about: String,
    /// How they travel.
    pub travel: Travel,
    /// Where they start from, in words.
    pub home_text: String,
    /// The community that lies in.
    pub home_area: Option<AreaCode>,
    /// Where they start from.
    pub home: Option<Wgs84>,
    /// Areas they go to; empty is everywhere.
    pub areas: Vec<AreaCode>,
    /// The hours of their week.
    pub hours: Hours,
    /// The most jobs they take at once.
    pub max_open: u32,
    /// On duty, off, or resting.
    pub duty: Duty,
    /// Why the file was refused or suspended.
    pub reason: String,
    /// When it was handed in.
    pub submitted_at: Option<Instant>,
    /// When staff last decided.
    pub decided_at: Option<Instant>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was last changed.
    pub changed_at: Instant,
}

const COLUMNS: [&str; 24] = [
    "id",
    "version",
    "person_id",
    "account_id",
    "organisation_id",
    "state",
    "name",
    "gender",
    "languages",
    "about",
    "travel",
    "home_text",
    "home_area",
    "latitude",
    "longitude",
    "areas",
    "hours",
    "max_open",
    "reason",
    "submitted_at",
    "decided_at",
    "decided_by",
    "created_at",
    "changed_at",
];

fn values(worker: &Worker) -> [Value; COLUMNS.len()] {
    let json = |value: serde_json::Value| Value::from(value.to_string());
    let at = |at: Option<Instant>| Value::from(at.map(|at| at.0));
    [
        worker.id.0.into(),
        worker.version.into(),
        worker.person.0.into(),
        worker.account.0.into(),
        worker.organisation.map(|id| id.0).into(),
        worker.state.key().into(),
        worker.name.as_str().into(),
        worker.gender.key().into(),
        json(worker.languages.clone().into()),
        worker.about.as_str().into(),
        worker.travel.key().into(),
        worker.home_text.as_str().into(),
        worker.home_area.as_ref().map(|area| area.as_str().to_owned()).into(),
        worker.home.map(|home| home.latitude).into(),
        worker.home.map(|home| home.longitude).into(),
        json(worker.areas.iter().map(AreaCode::as_str).collect::<Vec<_>>().into()),
        json(serde_json::to_value(&worker.hours).expect("hours are plain data")),
        i32::try_from(worker.max_open).unwrap_or(1).into(),
        worker.reason.as_str().into(),
        at(worker.submitted_at),
        at(worker.decided_at),
        worker.decided_by.map(|id| id.0).into(),
        worker.created_at.0.into(),
        worker.changed_at.0.into(),
    ]
}

/// Writes a new one, off duty. Answers whether the person had none before.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(tx: &Tx, worker: &Worker) -> Result<bool> {
    let places: Vec<String> = (1..=COLUMNS.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "INSERT INTO workers ({}) VALUES ({}) ON CONFLICT (person_id) DO NOTHING RETURNING id",
        COLUMNS.join(", "),
        places.join(", ")
    );
    Ok(!ask(tx, &sql, values(worker)).await?.is_empty())
}

/// Writes what is in the file; not whether they are on duty. The row was locked by [`lock`] in this transaction.
///
/// # Errors
/// Any [`StoreError`]; [`StoreError::Row`] when the version is not the next one.
pub async fn update(tx: &Tx, worker: &Worker) -> Result<()> {
    let sets: Vec<String> = COLUMNS.iter().enumerate().map(|(n, name)| format!("{name} = ${}", n + 1)).collect();
    let sql = format!("UPDATE workers SET {} WHERE id = $1 AND version = $2 - 1 RETURNING id", sets[1..].join(", "));
    match ask(tx, &sql, values(worker)).await?.is_empty() {
        false => Ok(()),
        true => Err(StoreError::Row("a worker was not locked".into())),
    }
}

/// Puts a worker on duty, off, or to rest.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set_duty(tx: &Tx, id: WorkerId, duty: Duty, now: Instant) -> Result<()> {
    let until = if let Duty::Paused(until) = duty { Some(until.0) } else { None };
    let sql = "UPDATE workers SET duty = $2, paused_until = $3, \
               duty_since = CASE WHEN duty = $2 THEN duty_since ELSE $4 END WHERE id = $1 RETURNING id";
    ask(tx, sql, [id.0.into(), duty.key().into(), until.into(), now.0.into()]).await?;
    Ok(())
}

/// Ends the pauses that are over. Answers how many.
///
/// # Errors
/// Any [`StoreError`].
pub async fn wake(tx: &Tx, now: Instant) -> Result<usize> {
    let sql = "UPDATE workers SET duty = 'on', paused_until = NULL, duty_since = $1 \
               WHERE duty = 'paused' AND paused_until <= $1 RETURNING id";
    Ok(ask(tx, sql, [now.0.into()]).await?.len())
}

/// Reads one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, id: WorkerId) -> Result<Option<Worker>> {
    ask(db, "SELECT * FROM workers WHERE id = $1", [id.0.into()]).await?.first().map(worker).transpose()
}

/// Reads some, in the order of their ids. Unknown ids are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn many(db: &impl Reads, ids: &[WorkerId]) -> Result<Vec<Worker>> {
    let rows = Rows::new()
        .int("id", ids.iter().map(|id| id.0))
        .query(db, "SELECT w.* FROM workers w JOIN", "AS v ON w.id = v.id ORDER BY w.id")
        .await?;
    rows.iter().map(worker).collect()
}

/// The file of a person, unless it is closed.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_person(db: &impl Reads, person: PersonId) -> Result<Option<Worker>> {
    let sql = "SELECT * FROM workers WHERE person_id = $1 AND state <> 'closed'";
    ask(db, sql, [person.0.into()]).await?.first().map(worker).transpose()
}

/// The id and state of a person's file: all that deciding who may call an operation needs.
///
/// # Errors
/// Any [`StoreError`].
pub async fn state_of(db: &impl Reads, person: PersonId) -> Result<Option<(WorkerId, WorkerState)>> {
    let rows = ask(db, "SELECT id, state FROM workers WHERE person_id = $1", [person.0.into()]).await?;
    rows.first().map(|row| Ok((WorkerId(row.try_get("", "id")?), state(row)?))).transpose()
}

/// Locks one and reads it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock(tx: &Tx, id: WorkerId) -> Result<Option<Worker>> {
    let sql = format!("SELECT w.* FROM workers w WHERE w.id = $1 {}", tx.locking("w"));
    ask(tx, &sql, [id.0.into()]).await?.first().map(worker).transpose()
}

/// Locks the file of a person and reads it, unless it is closed.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock_of_person(tx: &Tx, person: PersonId) -> Result<Option<Worker>> {
    let sql = format!("SELECT w.* FROM workers w WHERE w.person_id = $1 AND w.state <> 'closed' {}", tx.locking("w"));
    ask(tx, &sql, [person.0.into()]).await?.first().map(worker).transpose()
}

/// Which files a desk looks at.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// In this state. None: every one that was handed in.
    pub state: Option<WorkerState>,
    /// Handed in, or with something added since that nobody has looked at.
    pub waiting: bool,
    /// Whose home lies in an area whose code begins so.
    pub area: Option<&'a str>,
    /// Who work for this organisation.
    pub organisation: Option<OrganisationId>,
    /// Part of the name.
    pub name: Option<&'a str>,
}

/// The files that some desks may see, newest first, older than `before`, at most `limit`: of homes in areas whose codes
/// begin with one of the prefixes, and of these organisations.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_desk(
    db: &impl Reads,
    prefixes: &[String],
    organisations: &[OrganisationId],
    wanted: &Wanted<'_>,
    before: Option<WorkerId>,
    limit: u32,
) -> Result<Vec<Worker>> {
    // Prefixes are digits of area codes, never a pattern character; numbers are numbers.
    let areas: Vec<String> = prefixes.iter().map(|prefix| format!("w.home_area LIKE '{}%'", digits(prefix))).collect();
    let own: Vec<String> = organisations.iter().map(|id| id.0.to_string()).collect();
    let own = if own.is_empty() { Vec::new() } else { vec![format!("w.organisation_id IN ({}) ", own.join(", "))] };
    let visible = [areas, own].concat();
    if visible.is_empty() {
        return Ok(Vec::new());
    }
    let waiting = if wanted.waiting {
        "AND (w.state = 'submitted' OR (w.state = 'verified' AND (\
         EXISTS (SELECT 1 FROM worker_services s WHERE s.worker_id = w.id AND s.state = 'asked') OR \
         EXISTS (SELECT 1 FROM worker_documents d WHERE d.worker_id = w.id AND d.state = 'asked'))))"
    } else {
        ""
    };
    let sql = format!(
        "SELECT w.* FROM workers w WHERE ({}) AND w.state NOT IN ('draft', 'closed') AND w.id < $1 \
         AND ($2 = '' OR w.state = $2) AND ($3 = '' OR w.home_area LIKE $3 || '%') \
         AND ($4 = 0 OR w.organisation_id = $4) AND ($5 = '' OR w.name LIKE '%' || $5 || '%' ESCAPE '!') {waiting} \
         ORDER BY w.id DESC LIMIT $6",
        visible.join(" OR ")
    );
    let name = wanted.name.unwrap_or_default().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let values = [
        before.map_or(i64::MAX, |id| id.0).into(),
        wanted.state.map_or("", WorkerState::key).into(),
        wanted.area.map(digits).unwrap_or_default().into(),
        wanted.organisation.map_or(0, |id| id.0).into(),
        name.into(),
        i64::from(limit).into(),
    ];
    ask(db, &sql, values).await?.iter().map(worker).collect()
}

fn digits(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

/// The days off of some workers from a day on, with their reasons, in order.
///
/// # Errors
/// Any [`StoreError`].
pub async fn days_off(
    db: &impl Reads,
    workers: &[WorkerId],
    from: Day,
) -> Result<BTreeMap<WorkerId, BTreeMap<Day, String>>> {
    let rows = Rows::new()
        .int("id", workers.iter().map(|id| id.0))
        .query(
            db,
            "SELECT d.* FROM worker_days_off d JOIN",
            &format!("AS v ON d.worker_id = v.id WHERE d.day >= {} ORDER BY d.worker_id, d.day", from.0),
        )
        .await?;
    let mut found: BTreeMap<WorkerId, BTreeMap<Day, String>> = BTreeMap::new();
    for row in &rows {
        let day = Day(row.try_get("", "day")?);
        found.entry(WorkerId(row.try_get("", "worker_id")?)).or_default().insert(day, row.try_get("", "reason")?);
    }
    Ok(found)
}

/// Writes a worker's days off from a day on, in place of those that were.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set_days_off(tx: &Tx, id: WorkerId, from: Day, days: &BTreeMap<Day, String>) -> Result<()> {
    let sql = "DELETE FROM worker_days_off WHERE worker_id = $1 AND day >= $2 RETURNING day";
    ask(tx, sql, [id.0.into(), from.0.into()]).await?;
    Rows::new()
        .int("worker_id", days.iter().map(|_| id.0))
        .int("day", days.keys().map(|day| i64::from(day.0)))
        .text("reason", days.values().map(String::as_str))
        .insert(tx, "worker_days_off", "")
        .await?;
    Ok(())
}

/// Forgets everything about a worker who goes away. The row stays, about nobody, since visits name it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget(tx: &Tx, id: WorkerId, now: Instant) -> Result<()> {
    for table in ["worker_days_off", "worker_services", "worker_documents", "refused_pairs"] {
        ask(tx, &format!("DELETE FROM {table} WHERE worker_id = $1 RETURNING 1 AS gone"), [id.0.into()]).await?;
    }
    let sql = "UPDATE workers SET version = version + 1, state = 'closed', name = '', gender = 'unsaid', \
               languages = '[]', about = '', home_text = '', latitude = NULL, longitude = NULL, areas = '[]', \
               hours = '{}', duty = 'off', duty_since = NULL, paused_until = NULL, reason = '', changed_at = $2 \
               WHERE id = $1 RETURNING id";
    ask(tx, sql, [id.0.into(), now.0.into()]).await?;
    Ok(())
}

fn state(row: &QueryResult) -> Result<WorkerState> {
    let key: String = row.try_get("", "state")?;
    WorkerState::from_key(&key).ok_or_else(|| odd("state"))
}

fn odd(column: &str) -> StoreError {
    StoreError::Row(format!("workers.{column} cannot be read"))
}

fn worker(row: &QueryResult) -> Result<Worker> {
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let at = |name: &str| -> Result<Option<Instant>> {
        let micros: Option<i64> = row.try_get("", name)?;
        Ok(micros.map(Instant))
    };
    let id = |name: &str| -> Result<Option<i64>> { Ok(row.try_get("", name)?) };
    let (latitude, longitude): (Option<f64>, Option<f64>) =
        (row.try_get("", "latitude")?, row.try_get("", "longitude")?);
    let max_open: i32 = row.try_get("", "max_open")?;
    let duty = match text("duty")?.as_str() {
        "on" => Duty::On,
        "paused" => Duty::Paused(at("paused_until")?.ok_or_else(|| odd("paused_until"))?),
        _ => Duty::Off,
    };
    let home_area: Option<String> = row.try_get("", "home_area")?;
    let gender = text("gender")?;
    let areas: BTreeSet<AreaCode> = serde_json::from_str(&text("areas")?).map_err(|_| odd("areas"))?;
    Ok(Worker {
        id: WorkerId(row.try_get("", "id")?),
        version: row.try_get("", "version")?,
        person: PersonId(row.try_get("", "person_id")?),
        account: AccountId(row.try_get("", "account_id")?),
        organisation: id("organisation_id")?.map(OrganisationId),
        state: state(row)?,
        name: text("name")?,
        gender: Gender::ALL.into_iter().find(|one| one.key() == gender).ok_or_else(|| odd("gender"))?,
        languages: serde_json::from_str(&text("languages")?).map_err(|_| odd("languages"))?,
        about: text("about")?,
        travel: text("travel")?.parse().map_err(|_| odd("travel"))?,
        home_text: text("home_text")?,
        home_area: home_area.map(|code| code.parse().map_err(|_| odd("home_area"))).transpose()?,
        home: latitude.zip(longitude).and_then(|(latitude, longitude)| Wgs84::new(latitude, longitude)),
        areas: areas.into_iter().collect(),
        hours: serde_json::from_str(&text("hours")?).map_err(|_| odd("hours"))?,
        max_open: u32::try_from(max_open).map_err(|_| odd("max_open"))?,
        duty,
        reason: text("reason")?,
        submitted_at: at("submitted_at")?,
        decided_at: at("decided_at")?,
        decided_by: id("decided_by")?.map(AccountId),
        created_at: Instant(row.try_get("", "created_at")?),
        changed_at: Instant(row.try_get("", "changed_at")?),
    })
}
