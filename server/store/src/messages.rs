//! Messages to people: the inbox, deliveries over other channels, and the list of people staff should call.

use std::collections::HashSet;

use linli_domain::area::AreaCode;
use linli_domain::id::{AccountId, AnnouncementId, CallId, NoticeId, OrderId, PersonId};
use linli_domain::time::Instant;
use linli_domain::words::Words;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// A message in somebody's inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Which.
    pub id: NoticeId,
    /// Whose inbox.
    pub person: PersonId,
    /// What it is about, as a stable key such as `order.held`.
    pub topic: String,
    /// The short words.
    pub title: Words,
    /// The longer words.
    pub body: Words,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// What it says once: a second message of one source is not written.
    pub source: String,
    /// When.
    pub at: Instant,
    /// When it was read.
    pub read_at: Option<Instant>,
}

/// Somebody staff should call, since no message reached them or they have no phone that receives any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which.
    pub id: CallId,
    /// Whom to call.
    pub person: PersonId,
    /// Whose staff should call.
    pub area: AreaCode,
    /// About which order.
    pub order: Option<OrderId>,
    /// Why.
    pub reason: Words,
    /// Since when.
    pub created_at: Instant,
}

/// Puts messages into inboxes, but for those whose source has spoken before; perhaps for an announcement that may be
/// taken back. Answers which ones are new.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(tx: &Tx, notices: &[Notice], announcement: Option<AnnouncementId>) -> Result<HashSet<NoticeId>> {
    let rows = Rows::new()
        .int("id", notices.iter().map(|n| n.id.0))
        .int("person_id", notices.iter().map(|n| n.person.0))
        .text("topic", notices.iter().map(|n| n.topic.as_str()))
        .text("title_zh", notices.iter().map(|n| n.title.zh.as_str()))
        .text("title_en", notices.iter().map(|n| n.title.en.as_str()))
        .text("body_zh", notices.iter().map(|n| n.body.zh.as_str()))
        .text("body_en", notices.iter().map(|n| n.body.en.as_str()))
        .int_or_null("order_id", notices.iter().map(|n| n.order.map(|id| id.0)))
        .text("source", notices.iter().map(|n| n.source.as_str()))
        .int("at", notices.iter().map(|n| n.at.0))
        .int_or_null("announcement_id", notices.iter().map(|_| announcement.map(|id| id.0)))
        .query(
            tx,
            "INSERT INTO notices (id, person_id, topic, title_zh, title_en, body_zh, body_en, order_id, source, at, \
             announcement_id) SELECT id, person_id, topic, title_zh, title_en, body_zh, body_en, order_id, source, at, \
             announcement_id FROM",
            "AS v WHERE true ON CONFLICT (source) DO NOTHING RETURNING id",
        )
        .await?;
    rows.iter().map(|row| Ok(NoticeId(row.try_get("", "id")?))).collect()
}

/// One message.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, id: NoticeId) -> Result<Option<Notice>> {
    ask(db, "SELECT * FROM notices WHERE id = $1", [id.0.into()]).await?.first().map(notice).transpose()
}

/// Somebody's inbox, newest first, at most `limit`, older than `before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn list(db: &impl Reads, person: PersonId, before: Option<NoticeId>, limit: u32) -> Result<Vec<Notice>> {
    let before = before.map_or(i64::MAX, |id| id.0);
    let sql = "SELECT * FROM notices WHERE person_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    let rows = ask(db, sql, [person.0.into(), before.into(), i64::from(limit).into()]).await?;
    rows.iter().map(notice).collect()
}

/// How many messages somebody has not read.
///
/// # Errors
/// Any [`StoreError`].
pub async fn unread(db: &impl Reads, person: PersonId) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS n FROM notices WHERE person_id = $1 AND read_at IS NULL";
    let rows = ask(db, sql, [person.0.into()]).await?;
    let n: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Marks one message of somebody, or all of them, as read. Answers whether there was one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn mark_read(tx: &Tx, person: PersonId, id: Option<NoticeId>, now: Instant) -> Result<bool> {
    let sql = "UPDATE notices SET read_at = COALESCE(read_at, $2) WHERE person_id = $1 AND ($3 = 0 OR id = $3) \
               RETURNING id";
    let id = id.map_or(0, |id| id.0);
    Ok(!ask(tx, sql, [person.0.into(), now.0.into(), id.into()]).await?.is_empty())
}

/// Puts somebody on the list of people to call, once per source.
///
/// # Errors
/// Any [`StoreError`].
pub async fn ask_to_call(tx: &Tx, call: &Call, source: &str) -> Result<()> {
    ask_to_call_all(tx, &[(call.clone(), source.to_owned())], None).await
}

/// Puts several people on the list, each once per source, perhaps for an announcement that may be taken back.
///
/// # Errors
/// Any [`StoreError`].
pub async fn ask_to_call_all(tx: &Tx, calls: &[(Call, String)], announcement: Option<AnnouncementId>) -> Result<()> {
    Rows::new()
        .int("id", calls.iter().map(|(call, _)| call.id.0))
        .int("person_id", calls.iter().map(|(call, _)| call.person.0))
        .text("area_code", calls.iter().map(|(call, _)| call.area.as_str()))
        .int_or_null("order_id", calls.iter().map(|(call, _)| call.order.map(|id| id.0)))
        .text("source", calls.iter().map(|(_, source)| source.as_str()))
        .text("reason_zh", calls.iter().map(|(call, _)| call.reason.zh.as_str()))
        .text("reason_en", calls.iter().map(|(call, _)| call.reason.en.as_str()))
        .int("created_at", calls.iter().map(|(call, _)| call.created_at.0))
        .int_or_null("announcement_id", calls.iter().map(|_| announcement.map(|id| id.0)))
        .insert(tx, "calls", "ON CONFLICT (source) DO NOTHING")
        .await?;
    Ok(())
}

/// Open calls of the areas whose codes begin with one of the prefixes, oldest first, after a cursor.
///
/// # Errors
/// Any [`StoreError`].
pub async fn open_calls(db: &impl Reads, prefixes: &[String], after: Option<CallId>, limit: u32) -> Result<Vec<Call>> {
    let head = "SELECT c.* FROM calls c WHERE c.done_at IS NULL AND EXISTS (SELECT 1 FROM";
    // Prefixes are digits of area codes, never a pattern character.
    let tail = format!(
        "AS v WHERE c.area_code LIKE v.prefix || '%') AND c.id > {} ORDER BY c.id LIMIT {limit}",
        after.map_or(0, |id| id.0)
    );
    let rows = Rows::new().text("prefix", prefixes.iter().map(String::as_str)).query(db, head, &tail).await?;
    rows.iter().map(call).collect()
}

/// One call that is still open.
///
/// # Errors
/// Any [`StoreError`].
pub async fn open_call(db: &impl Reads, id: CallId) -> Result<Option<Call>> {
    let sql = "SELECT * FROM calls WHERE id = $1 AND done_at IS NULL";
    ask(db, sql, [id.0.into()]).await?.first().map(call).transpose()
}

/// Takes somebody off the list. Answers whether they were on it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn finish_call(tx: &Tx, id: CallId, by: AccountId, outcome: &str, now: Instant) -> Result<bool> {
    let sql = "UPDATE calls SET done_at = $2, done_by = $3, outcome = $4 WHERE id = $1 AND done_at IS NULL \
               RETURNING id";
    Ok(!ask(tx, sql, [id.0.into(), now.0.into(), by.0.into(), outcome.into()]).await?.is_empty())
}

fn words(row: &QueryResult, name: &str) -> Result<Words> {
    let text = |language: &str| -> Result<String> { Ok(row.try_get("", &format!("{name}_{language}"))?) };
    Ok(Words { zh: text("zh")?, en: text("en")? })
}

fn notice(row: &QueryResult) -> Result<Notice> {
    let (order, read_at): (Option<i64>, Option<i64>) = (row.try_get("", "order_id")?, row.try_get("", "read_at")?);
    Ok(Notice {
        id: NoticeId(row.try_get("", "id")?),
        person: PersonId(row.try_get("", "person_id")?),
        topic: row.try_get("", "topic")?,
        title: words(row, "title")?,
        body: words(row, "body")?,
        order: order.map(OrderId),
        source: row.try_get("", "source")?,
        at: Instant(row.try_get("", "at")?),
        read_at: read_at.map(Instant),
    })
}

fn call(row: &QueryResult) -> Result<Call> {
    let (order, area): (Option<i64>, String) = (row.try_get("", "order_id")?, row.try_get("", "area_code")?);
    Ok(Call {
        id: CallId(row.try_get("", "id")?),
        person: PersonId(row.try_get("", "person_id")?),
        area: area.parse().map_err(|_| StoreError::Row("calls.area_code cannot be read".into()))?,
        order: order.map(OrderId),
        reason: words(row, "reason")?,
        created_at: Instant(row.try_get("", "created_at")?),
    })
}
