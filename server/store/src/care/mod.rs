//! Home-care files, their assessments, and who opened them. What is sealed stays sealed here.

use linli_domain::care_file::{Consent, Ground, Part};
use linli_domain::id::{AccountId, AssessmentId, CareOpeningId, PersonId};
use linli_domain::time::{Day, Instant};
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// A file as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareFile {
    /// Whose.
    pub person: PersonId,
    /// Raised with every change.
    pub version: i64,
    /// The part of contacts, sealed.
    pub contacts: String,
    /// The part of health, sealed.
    pub health: String,
    /// Since when.
    pub opened_at: Instant,
    /// Who opened it.
    pub opened_by: AccountId,
    /// How the elder agreed.
    pub consent: Consent,
    /// What was noted about that.
    pub consent_note: String,
    /// The day on which the next assessment falls due.
    pub due_on: Option<Day>,
    /// Whether that was told.
    pub told: bool,
}

/// An assessment as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Which.
    pub id: AssessmentId,
    /// Whose.
    pub person: PersonId,
    /// When.
    pub assessed_on: Day,
    /// The last day on which it counts.
    pub until: Day,
    /// What was found, sealed.
    pub sealed: String,
    /// Who wrote it down.
    pub written_by: AccountId,
    /// When.
    pub written_at: Instant,
}

/// That somebody opened a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Which.
    pub id: CareOpeningId,
    /// Whose file.
    pub person: PersonId,
    /// Who.
    pub account: AccountId,
    /// On whose authority.
    pub ground: Ground,
    /// Which part.
    pub part: Part,
    /// Why, in their words.
    pub reason: String,
    /// When.
    pub at: Instant,
}

/// A person's file.
///
/// # Errors
/// Any [`StoreError`].
pub async fn file(db: &impl Reads, person: PersonId) -> Result<Option<CareFile>> {
    let rows = ask(db, "SELECT * FROM care_files WHERE person_id = $1", [person.0.into()]).await?;
    rows.first().map(care_file).transpose()
}

/// Writes a file, new or changed. Whoever changes one has locked the person.
///
/// # Errors
/// Any [`StoreError`].
pub async fn save(tx: &Tx, file: &CareFile) -> Result<()> {
    Rows::new()
        .int("person_id", [file.person.0])
        .int("version", [file.version])
        .text("contacts", [file.contacts.as_str()])
        .text("health", [file.health.as_str()])
        .int("opened_at", [file.opened_at.0])
        .int("opened_by", [file.opened_by.0])
        .text("consent", [file.consent.key()])
        .text("consent_note", [file.consent_note.as_str()])
        .int_or_null("due_on", [file.due_on.map(|day| i64::from(day.0))])
        .bool("told", [file.told])
        .insert(
            tx,
            "care_files",
            "ON CONFLICT (person_id) DO UPDATE SET version = excluded.version, contacts = excluded.contacts, \
             health = excluded.health, due_on = excluded.due_on, told = excluded.told",
        )
        .await?;
    Ok(())
}

/// Deletes a file with its assessments. Answers whether there was one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn remove(tx: &Tx, person: PersonId) -> Result<bool> {
    ask(tx, "DELETE FROM care_assessments WHERE person_id = $1 RETURNING id", [person.0.into()]).await?;
    let gone = ask(tx, "DELETE FROM care_files WHERE person_id = $1 RETURNING person_id", [person.0.into()]).await?;
    Ok(!gone.is_empty())
}

/// Deletes a file and who opened it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget(tx: &Tx, person: PersonId) -> Result<()> {
    remove(tx, person).await?;
    ask(tx, "DELETE FROM care_openings WHERE person_id = $1 RETURNING id", [person.0.into()]).await?;
    Ok(())
}

/// Files whose next assessment is due and of which nobody was told yet, the longest due first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn due(db: &impl Reads, today: Day, most: u32) -> Result<Vec<PersonId>> {
    let sql =
        "SELECT person_id FROM care_files WHERE told = FALSE AND due_on <= $1 ORDER BY due_on, person_id LIMIT $2";
    let rows = ask(db, sql, [i64::from(today.0).into(), i64::from(most).into()]).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get("", "person_id")?))).collect()
}

/// Notes of these people that they were told. Answers of how many that is new.
///
/// # Errors
/// Any [`StoreError`].
pub async fn mark_told(tx: &Tx, people: &[PersonId]) -> Result<u64> {
    let tail = "AS v WHERE care_files.person_id = v.id AND care_files.told = FALSE";
    Rows::new()
        .int("id", people.iter().map(|person| person.0))
        .execute(tx, "UPDATE care_files SET told = TRUE FROM", tail)
        .await
}

/// Adds an assessment.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert_assessment(tx: &Tx, assessment: &Assessment) -> Result<()> {
    Rows::new()
        .int("id", [assessment.id.0])
        .int("person_id", [assessment.person.0])
        .int("assessed_on", [i64::from(assessment.assessed_on.0)])
        .int("until_day", [i64::from(assessment.until.0)])
        .text("sealed", [assessment.sealed.as_str()])
        .int("written_by", [assessment.written_by.0])
        .int("written_at", [assessment.written_at.0])
        .insert(tx, "care_assessments", "")
        .await?;
    Ok(())
}

/// The assessments of a person, the latest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn assessments(db: &impl Reads, person: PersonId, most: u32) -> Result<Vec<Assessment>> {
    let sql = "SELECT * FROM care_assessments WHERE person_id = $1 ORDER BY assessed_on DESC, id DESC LIMIT $2";
    let rows = ask(db, sql, [person.0.into(), i64::from(most).into()]).await?;
    rows.iter().map(assessment).collect()
}

/// The assessment that counts on a day: the latest made by then, if it still counts.
///
/// # Errors
/// Any [`StoreError`].
pub async fn assessment_on(db: &impl Reads, person: PersonId, on: Day) -> Result<Option<Assessment>> {
    let sql = "SELECT * FROM care_assessments WHERE person_id = $1 AND assessed_on <= $2 \
               ORDER BY assessed_on DESC, id DESC LIMIT 1";
    let rows = ask(db, sql, [person.0.into(), i64::from(on.0).into()]).await?;
    let latest = rows.first().map(assessment).transpose()?;
    Ok(latest.filter(|latest| on <= latest.until))
}

/// Writes down that a part was opened.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert_opening(tx: &Tx, opening: &Opening) -> Result<()> {
    Rows::new()
        .int("id", [opening.id.0])
        .int("person_id", [opening.person.0])
        .int("account_id", [opening.account.0])
        .text("ground", [opening.ground.key()])
        .text("part", [opening.part.key()])
        .text("reason", [opening.reason.as_str()])
        .int("at", [opening.at.0])
        .insert(tx, "care_openings", "")
        .await?;
    Ok(())
}

/// Who opened a person's file, the latest first: at most `limit`, before the one named.
///
/// # Errors
/// Any [`StoreError`].
pub async fn openings(
    db: &impl Reads,
    person: PersonId,
    before: Option<CareOpeningId>,
    limit: u64,
) -> Result<Vec<Opening>> {
    let sql = "SELECT * FROM care_openings WHERE person_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    let before = before.map_or(i64::MAX, |id| id.0);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = ask(db, sql, [person.0.into(), before.into(), limit.into()]).await?;
    rows.iter().map(opening).collect()
}

fn day(days: i64) -> Result<Day> {
    i32::try_from(days).map(Day).map_err(|_| odd("a day"))
}

fn odd(what: &str) -> StoreError {
    StoreError::Row(format!("home-care files: {what} cannot be read"))
}

fn key<T>(row: &QueryResult, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.try_get("", name)?;
    read(&text).ok_or_else(|| odd(name))
}

fn care_file(row: &QueryResult) -> Result<CareFile> {
    let due: Option<i64> = row.try_get("", "due_on")?;
    Ok(CareFile {
        person: PersonId(row.try_get("", "person_id")?),
        version: row.try_get("", "version")?,
        contacts: row.try_get("", "contacts")?,
        health: row.try_get("", "health")?,
        opened_at: Instant(row.try_get("", "opened_at")?),
        opened_by: AccountId(row.try_get("", "opened_by")?),
        consent: key(row, "consent", Consent::from_key)?,
        consent_note: row.try_get("", "consent_note")?,
        due_on: due.map(day).transpose()?,
        told: row.try_get("", "told")?,
    })
}

fn assessment(row: &QueryResult) -> Result<Assessment> {
    Ok(Assessment {
        id: AssessmentId(row.try_get("", "id")?),
        person: PersonId(row.try_get("", "person_id")?),
        assessed_on: day(row.try_get("", "assessed_on")?)?,
        until: day(row.try_get("", "until_day")?)?,
        sealed: row.try_get("", "sealed")?,
        written_by: AccountId(row.try_get("", "written_by")?),
        written_at: Instant(row.try_get("", "written_at")?),
    })
}

fn opening(row: &QueryResult) -> Result<Opening> {
    Ok(Opening {
        id: CareOpeningId(row.try_get("", "id")?),
        person: PersonId(row.try_get("", "person_id")?),
        account: AccountId(row.try_get("", "account_id")?),
        ground: key(row, "ground", Ground::from_key)?,
        part: key(row, "part", Part::from_key)?,
        reason: row.try_get("", "reason")?,
        at: Instant(row.try_get("", "at")?),
    })
}
