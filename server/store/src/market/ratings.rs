//! Ratings, what was reported of them, and the sums they come to. Whoever writes a rating has locked its order.

use std::collections::HashMap;

use linli_domain::area::AreaCode;
use linli_domain::id::{AccountId, FileId, OrderId, OrganisationId, PersonId, RatingReportId, WorkerId};
use linli_domain::platform::KindKey;
use linli_domain::rating::{Level, Quality, Side};
use linli_domain::time::Instant;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// One side's word on an order, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// On which order.
    pub order: OrderId,
    /// Whose.
    pub side: Side,
    /// Raised with every change.
    pub version: i32,
    /// Who was served, or the worker as a person.
    pub person: PersonId,
    /// Who came, where somebody did.
    pub worker: Option<WorkerId>,
    /// Who served.
    pub organisation: OrganisationId,
    /// The community of the order.
    pub area: AreaCode,
    /// Of what.
    pub kind: KindKey,
    /// How it was.
    pub level: Level,
    /// Keys of tags.
    pub tags: Vec<String>,
    /// In their own words; empty when they said none.
    pub words: String,
    /// When it was given.
    pub at: Instant,
    /// When it was changed.
    pub edited_at: Option<Instant>,
    /// From when others read it.
    pub shown_from: Instant,
    /// What the provider answered.
    pub answer: Option<(String, Instant)>,
    /// Why words and pictures are hidden, and by whom they were.
    pub hidden: Option<(String, AccountId)>,
}

/// Writes a new rating.
///
/// # Errors
/// Any [`StoreError`]; [`StoreError::Unique`] when that side has spoken.
pub async fn insert(tx: &Tx, rating: &Rating) -> Result<()> {
    Rows::new()
        .int("order_id", [rating.order.0])
        .text("side", [rating.side.key()])
        .int("version", [i64::from(rating.version)])
        .int("person_id", [rating.person.0])
        .int_or_null("worker_id", [rating.worker.map(|id| id.0)])
        .int("organisation_id", [rating.organisation.0])
        .text("area_code", [rating.area.as_str()])
        .text("kind", [rating.kind.as_str()])
        .int("level", [i64::from(rating.level.number())])
        .text("tags", [json_of(&rating.tags)])
        .text("words", [rating.words.as_str()])
        .int("at", [rating.at.0])
        .int("shown_from", [rating.shown_from.0])
        .insert(tx, "ratings", "")
        .await?;
    Ok(())
}

/// Writes what can change.
///
/// # Errors
/// Any [`StoreError`]; [`StoreError::Row`] when the version is not the next one.
pub async fn update(tx: &Tx, rating: &Rating) -> Result<()> {
    let (answer, answered_at) = rating.answer.as_ref().map_or(("", None), |(words, at)| (words.as_str(), Some(at.0)));
    let hidden = rating.hidden.as_ref();
    let changed = Rows::new()
        .int("order_id", [rating.order.0])
        .text("side", [rating.side.key()])
        .int("version", [i64::from(rating.version)])
        .int("level", [i64::from(rating.level.number())])
        .text("tags", [json_of(&rating.tags)])
        .text("words", [rating.words.as_str()])
        .int_or_null("edited_at", [rating.edited_at.map(|at| at.0)])
        .text("answer", [answer])
        .int_or_null("answered_at", [answered_at])
        .text_or_null("hidden_reason", [hidden.map(|(reason, _)| reason.as_str())])
        .int_or_null("hidden_by", [hidden.map(|(_, by)| by.0)])
        .execute(
            tx,
            "UPDATE ratings SET version = v.version, level = v.level, tags = v.tags, words = v.words, \
             edited_at = v.edited_at, answer = v.answer, answered_at = v.answered_at, \
             hidden_reason = v.hidden_reason, hidden_by = v.hidden_by FROM",
            "AS v WHERE ratings.order_id = v.order_id AND ratings.side = v.side AND ratings.version = v.version - 1",
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Row(format!("order {} was not locked", rating.order))) }
}

/// Shows what is not shown yet of an order: both sides have spoken.
///
/// # Errors
/// Any [`StoreError`].
pub async fn show(tx: &Tx, order: OrderId, now: Instant) -> Result<()> {
    let sql = "UPDATE ratings SET shown_from = $2 WHERE order_id = $1 AND shown_from > $2 RETURNING side";
    ask(tx, sql, [order.0.into(), now.0.into()]).await?;
    Ok(())
}

/// What was said of an order: the resident's word first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_order(db: &impl Reads, order: OrderId) -> Result<Vec<Rating>> {
    of_orders(db, &[order]).await
}

/// What was said of orders, by order.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_orders(db: &impl Reads, orders: &[OrderId]) -> Result<Vec<Rating>> {
    let rows = Rows::new()
        .int("id", orders.iter().map(|id| id.0))
        .query(db, "SELECT r.* FROM ratings r JOIN", "AS v ON r.order_id = v.id ORDER BY r.order_id, r.side")
        .await?;
    rows.iter().map(rating).collect()
}

/// What somebody said, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_person(db: &impl Reads, person: PersonId) -> Result<Vec<Rating>> {
    let rows = ask(db, "SELECT * FROM ratings WHERE person_id = $1 ORDER BY at DESC", [person.0.into()]).await?;
    rows.iter().map(rating).collect()
}

/// Words residents wrote about a worker that everybody may read, newest first, at most `limit`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn reviews(db: &impl Reads, worker: WorkerId, now: Instant, limit: u32) -> Result<Vec<Rating>> {
    let sql = "SELECT * FROM ratings WHERE worker_id = $1 AND side = 'resident' AND shown_from <= $2 \
               AND hidden_reason IS NULL AND words <> '' ORDER BY at DESC LIMIT $3";
    let rows = ask(db, sql, [worker.0.into(), now.0.into(), i64::from(limit).into()]).await?;
    rows.iter().map(rating).collect()
}

/// What residents said of a worker and they may read, newest first, at most `limit`, after the cursor (when it was given,
/// and of which order).
///
/// # Errors
/// Any [`StoreError`].
pub async fn received(
    db: &impl Reads,
    worker: WorkerId,
    now: Instant,
    after: Option<(Instant, OrderId)>,
    limit: u32,
) -> Result<Vec<Rating>> {
    let sql = "SELECT * FROM ratings WHERE worker_id = $1 AND side = 'resident' AND shown_from <= $2 \
               AND (at < $3 OR (at = $3 AND order_id < $4)) ORDER BY at DESC, order_id DESC LIMIT $5";
    let (at, id) = after.unwrap_or((Instant(i64::MAX), OrderId(i64::MAX)));
    let values = [worker.0.into(), now.0.into(), at.0.into(), id.0.into(), i64::from(limit).into()];
    ask(db, sql, values).await?.iter().map(rating).collect()
}

/// Forgets what somebody wrote; levels still count.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget(tx: &Tx, person: PersonId) -> Result<()> {
    let sql = "UPDATE ratings SET words = '', tags = '[]', version = version + 1 WHERE person_id = $1 RETURNING side";
    ask(tx, sql, [person.0.into()]).await?;
    Ok(())
}

/// When an order was done: the last time it was said to be.
///
/// # Errors
/// Any [`StoreError`].
pub async fn done_at(db: &impl Reads, order: OrderId) -> Result<Option<Instant>> {
    Ok(all_done_at(db, &[order]).await?.remove(&order))
}

/// When orders were done: those that were.
///
/// # Errors
/// Any [`StoreError`].
pub async fn all_done_at(db: &impl Reads, orders: &[OrderId]) -> Result<HashMap<OrderId, Instant>> {
    let tail = "AS v ON e.order_id = v.id WHERE e.to_state = 'fulfilled' \
                AND (e.from_state IS NULL OR e.from_state <> 'fulfilled') GROUP BY e.order_id";
    let rows = Rows::new()
        .int("id", orders.iter().map(|id| id.0))
        .query(db, "SELECT e.order_id, MAX(e.at) AS at FROM order_events e JOIN", tail)
        .await?;
    rows.iter().map(|row| Ok((OrderId(row.try_get("", "order_id")?), Instant(row.try_get("", "at")?)))).collect()
}

/// Who comes, or came, for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Came {
    /// The worker.
    pub worker: WorkerId,
    /// Who they are.
    pub person: PersonId,
    /// Their account.
    pub account: AccountId,
}

/// Who comes, or came, for an order; none where nobody does.
///
/// # Errors
/// Any [`StoreError`].
pub async fn came(db: &impl Reads, order: OrderId) -> Result<Option<Came>> {
    let sql = "SELECT w.id, w.person_id, w.account_id FROM visits v JOIN workers w ON w.id = v.worker_id \
               WHERE v.order_id = $1";
    let rows = ask(db, sql, [order.0.into()]).await?;
    let came = |row: &QueryResult| -> Result<Came> {
        Ok(Came {
            worker: WorkerId(row.try_get("", "id")?),
            person: PersonId(row.try_get("", "person_id")?),
            account: AccountId(row.try_get("", "account_id")?),
        })
    };
    rows.first().map(came).transpose()
}

/// Puts pictures to a rating in place of those it had.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put_pictures(tx: &Tx, order: OrderId, person: PersonId, files: &[FileId], now: Instant) -> Result<()> {
    let sql = "DELETE FROM order_pictures WHERE order_id = $1 AND moment = 'rating' RETURNING file_id";
    ask(tx, sql, [order.0.into()]).await?;
    Rows::new()
        .int("order_id", files.iter().map(|_| order.0))
        .int("file_id", files.iter().map(|id| id.0))
        .text("moment", files.iter().map(|_| "rating"))
        .int("by_person", files.iter().map(|_| person.0))
        .int("at", files.iter().map(|_| now.0))
        .insert(tx, "order_pictures", "ON CONFLICT (order_id, file_id) DO NOTHING")
        .await?;
    Ok(())
}

/// The pictures of ratings, by order.
///
/// # Errors
/// Any [`StoreError`].
pub async fn pictures(db: &impl Reads, orders: &[OrderId]) -> Result<HashMap<OrderId, Vec<FileId>>> {
    let rows = Rows::new()
        .int("id", orders.iter().map(|id| id.0))
        .query(
            db,
            "SELECT p.order_id, p.file_id FROM order_pictures p JOIN",
            "AS v ON p.order_id = v.id WHERE p.moment = 'rating' ORDER BY p.file_id",
        )
        .await?;
    let mut found: HashMap<OrderId, Vec<FileId>> = HashMap::new();
    for row in &rows {
        found.entry(OrderId(row.try_get("", "order_id")?)).or_default().push(FileId(row.try_get("", "file_id")?));
    }
    Ok(found)
}

/// Adds a rating to a worker's sum.
///
/// # Errors
/// Any [`StoreError`].
pub async fn count(tx: &Tx, worker: WorkerId, level: Level) -> Result<()> {
    let sql = "INSERT INTO qualities (worker_id, count, sum) VALUES ($1, 1, $2) ON CONFLICT (worker_id) \
               DO UPDATE SET count = qualities.count + 1, sum = qualities.sum + excluded.sum RETURNING count";
    ask(tx, sql, [worker.0.into(), i32::from(level.number()).into()]).await?;
    Ok(())
}

/// Counts a rating of a worker as another level than before.
///
/// # Errors
/// Any [`StoreError`].
pub async fn recount(tx: &Tx, worker: WorkerId, before: Level, after: Level) -> Result<()> {
    let difference = i32::from(after.number()) - i32::from(before.number());
    let sql = "UPDATE qualities SET sum = sum + $2 WHERE worker_id = $1 RETURNING count";
    ask(tx, sql, [worker.0.into(), difference.into()]).await?;
    Ok(())
}

/// The ratings of these workers, those included that nobody reads yet: what the ranking goes by. Whoever has none is
/// left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn qualities_of(db: &impl Reads, workers: &[WorkerId]) -> Result<HashMap<WorkerId, Quality>> {
    let rows = Rows::new()
        .int("id", workers.iter().map(|id| id.0))
        .query(db, "SELECT DISTINCT q.* FROM qualities q JOIN", "AS v ON q.worker_id = v.id")
        .await?;
    rows.iter()
        .map(|row| {
            let number = |name: &str| -> Result<u32> {
                let number: i32 = row.try_get("", name)?;
                u32::try_from(number).map_err(|_| unreadable("a sum"))
            };
            Ok((WorkerId(row.try_get("", "worker_id")?), Quality { count: number("count")?, sum: number("sum")? }))
        })
        .collect()
}

/// The ratings of these workers that can be read: what people see. A sum that moved with a rating nobody may read yet
/// would tell it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn shown_of(db: &impl Reads, workers: &[WorkerId], now: Instant) -> Result<HashMap<WorkerId, Quality>> {
    let head = "SELECT r.worker_id, COUNT(*) AS count, SUM(r.level) AS sum FROM ratings r WHERE r.side = 'resident' \
                AND r.worker_id IN (SELECT v.id FROM";
    let tail = format!("AS v) AND r.shown_from <= {} GROUP BY r.worker_id", now.0);
    let rows = Rows::new().int("id", workers.iter().map(|id| id.0)).query(db, head, &tail).await?;
    rows.iter()
        .map(|row| {
            let number = |name: &str| -> Result<u32> {
                let number: i64 = row.try_get("", name)?;
                u32::try_from(number).map_err(|_| unreadable("a sum"))
            };
            Ok((WorkerId(row.try_get("", "worker_id")?), Quality { count: number("count")?, sum: number("sum")? }))
        })
        .collect()
}

/// A request to look at a rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Which.
    pub id: RatingReportId,
    /// Of which order.
    pub order: OrderId,
    /// Of whose word.
    pub side: Side,
    /// The community of the order.
    pub area: AreaCode,
    /// By whom.
    pub by: PersonId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
}

/// Writes a report down. Answers whether it is the first of this person on this rating.
///
/// # Errors
/// Any [`StoreError`].
pub async fn report(tx: &Tx, report: &Report) -> Result<bool> {
    let written = Rows::new()
        .int("id", [report.id.0])
        .int("order_id", [report.order.0])
        .text("side", [report.side.key()])
        .text("area_code", [report.area.as_str()])
        .int("by_person", [report.by.0])
        .text("reason", [report.reason.as_str()])
        .int("at", [report.at.0])
        .insert(tx, "rating_reports", "ON CONFLICT (order_id, side, by_person) DO NOTHING")
        .await?;
    Ok(written == 1)
}

/// Reports nobody has decided, of the areas whose codes begin with one of the prefixes, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn open_reports(
    db: &impl Reads,
    prefixes: &[String],
    after: Option<RatingReportId>,
    limit: u32,
) -> Result<Vec<Report>> {
    let head = "SELECT r.* FROM rating_reports r WHERE r.closed_at IS NULL AND EXISTS (SELECT 1 FROM";
    // Prefixes are digits of area codes, never a pattern character.
    let tail = format!(
        "AS v WHERE r.area_code LIKE v.prefix || '%') AND r.id > {} ORDER BY r.id LIMIT {limit}",
        after.map_or(0, |id| id.0)
    );
    let rows = Rows::new().text("prefix", prefixes.iter().map(String::as_str)).query(db, head, &tail).await?;
    rows.iter().map(report_of).collect()
}

/// One report nobody has decided.
///
/// # Errors
/// Any [`StoreError`].
pub async fn open_report(db: &impl Reads, id: RatingReportId) -> Result<Option<Report>> {
    let sql = "SELECT * FROM rating_reports WHERE id = $1 AND closed_at IS NULL";
    ask(db, sql, [id.0.into()]).await?.first().map(report_of).transpose()
}

/// Closes all open reports of a rating; answers who made them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn close_reports(
    tx: &Tx,
    (order, side): (OrderId, Side),
    by: AccountId,
    hidden: bool,
    now: Instant,
) -> Result<Vec<PersonId>> {
    let sql = "UPDATE rating_reports SET closed_at = $3, closed_by = $4, outcome = $5 \
               WHERE order_id = $1 AND side = $2 AND closed_at IS NULL RETURNING by_person";
    let outcome = if hidden { "hidden" } else { "kept" };
    let values = [order.0.into(), side.key().into(), now.0.into(), by.0.into(), outcome.into()];
    ask(tx, sql, values).await?.iter().map(|row| Ok(PersonId(row.try_get("", "by_person")?))).collect()
}

fn json_of(tags: &[String]) -> String {
    serde_json::Value::from(tags).to_string()
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Row(format!("ratings: {what} cannot be read"))
}

fn side_of(row: &QueryResult) -> Result<Side> {
    let side: String = row.try_get("", "side")?;
    Side::from_key(&side).ok_or_else(|| unreadable("side"))
}

fn area_of(row: &QueryResult) -> Result<AreaCode> {
    let area: String = row.try_get("", "area_code")?;
    area.parse().map_err(|_| unreadable("area_code"))
}

fn rating(row: &QueryResult) -> Result<Rating> {
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let maybe = |name: &str| -> Result<Option<i64>> { Ok(row.try_get("", name)?) };
    let level: i32 = row.try_get("", "level")?;
    let hidden: Option<String> = row.try_get("", "hidden_reason")?;
    Ok(Rating {
        order: OrderId(row.try_get("", "order_id")?),
        side: side_of(row)?,
        version: row.try_get("", "version")?,
        person: PersonId(row.try_get("", "person_id")?),
        worker: maybe("worker_id")?.map(WorkerId),
        organisation: OrganisationId(row.try_get("", "organisation_id")?),
        area: area_of(row)?,
        kind: text("kind")?.parse().map_err(|_| unreadable("kind"))?,
        level: Level::from_number(level.into()).ok_or_else(|| unreadable("level"))?,
        tags: serde_json::from_str(&text("tags")?).map_err(|_| unreadable("tags"))?,
        words: text("words")?,
        at: Instant(row.try_get("", "at")?),
        edited_at: maybe("edited_at")?.map(Instant),
        shown_from: Instant(row.try_get("", "shown_from")?),
        answer: maybe("answered_at")?.map(|at| Ok::<_, StoreError>((text("answer")?, Instant(at)))).transpose()?,
        hidden: hidden.zip(maybe("hidden_by")?.map(AccountId)),
    })
}

fn report_of(row: &QueryResult) -> Result<Report> {
    Ok(Report {
        id: RatingReportId(row.try_get("", "id")?),
        order: OrderId(row.try_get("", "order_id")?),
        side: side_of(row)?,
        area: area_of(row)?,
        by: PersonId(row.try_get("", "by_person")?),
        reason: row.try_get("", "reason")?,
        at: Instant(row.try_get("", "at")?),
    })
}
