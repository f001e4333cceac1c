//! The ledger of consents to WeChat one-time messages: one consent, one message.
//!
//! WeChat offers no way to ask what somebody has agreed to, so every yes is counted and every message sent takes one
//! off. What is kept stands in one row per person and kind of message, which is locked for every change; each change
//! leaves an event with a source, and a source changes nothing twice.

use linli_domain::channel::Template;
use linli_domain::id::PersonId;
use linli_domain::time::Instant;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::Result;

/// Consents kept at most of one kind; whoever agrees more often is not counted further.
pub const MOST_KEPT: i32 = 100;

/// One line to be written: whose consent to what, by which source, when.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// A fresh id.
    pub id: i64,
    /// Whose.
    pub person: PersonId,
    /// To which kind of message.
    pub template: Template,
    /// What it is for. A source changes nothing twice.
    pub source: &'a str,
    /// The present instant.
    pub at: Instant,
}

/// What came of asking for a consent to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// There was one, and it is used up: send. An attempt that is made again finds what the first has taken.
    Taken {
        /// When it was taken.
        at: Instant,
    },
    /// None is left, or this source has given its own back.
    None,
}

/// Counts a yes. Answers how many are kept now.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn accept(tx: &Tx, entry: Entry<'_>) -> Result<i32> {
    let kept = locked(tx, entry).await?;
    if said_at(tx, entry.source).await?.is_some() {
        return Ok(kept);
    }
    change(tx, entry, "accepted", kept, i32::from(kept < MOST_KEPT)).await
}

/// Notes a no, which changes nothing. Answers how many are kept.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn refuse(tx: &Tx, entry: Entry<'_>) -> Result<i32> {
    let kept = locked(tx, entry).await?;
    if said_at(tx, entry.source).await?.is_some() {
        return Ok(kept);
    }
    change(tx, entry, "refused", kept, 0).await
}

/// Takes one consent for one message, once per source.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn take(tx: &Tx, entry: Entry<'_>) -> Result<Use> {
    let kept = locked(tx, entry).await?;
    if said_at(tx, &ended(entry.source)).await?.is_some() {
        return Ok(Use::None);
    }
    if let Some(at) = said_at(tx, entry.source).await? {
        return Ok(Use::Taken { at });
    }
    if kept == 0 {
        return Ok(Use::None);
    }
    change(tx, entry, "used", kept, -1).await?;
    Ok(Use::Taken { at: entry.at })
}

/// Gives back what a source has taken, since nothing was sent with it.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn give_back(tx: &Tx, entry: Entry<'_>) -> Result<()> {
    let kept = locked(tx, entry).await?;
    let source = ended(entry.source);
    if said_at(tx, entry.source).await?.is_some() && said_at(tx, &source).await?.is_none() {
        change(tx, Entry { source: &source, ..entry }, "returned", kept, i32::from(kept < MOST_KEPT)).await?;
    }
    Ok(())
}

/// Strikes all that is kept, since WeChat says that the person refused or that nothing is left.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn strike(tx: &Tx, entry: Entry<'_>) -> Result<()> {
    let kept = locked(tx, entry).await?;
    let source = ended(entry.source);
    if said_at(tx, &source).await?.is_none() {
        change(tx, Entry { source: &source, ..entry }, "struck", kept, -kept).await?;
    }
    Ok(())
}

/// How many messages of each kind may still be sent to somebody; kinds never agreed to are left out.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn kept(db: &impl Reads, person: PersonId) -> Result<Vec<(Template, i32)>> {
    let rows = ask(db, "SELECT template, kept FROM wechat_consents WHERE person_id = $1", [person.0.into()]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let (template, kept): (String, i32) = (row.try_get("", "template")?, row.try_get("", "kept")?);
        found.extend(Template::from_key(&template).map(|template| (template, kept)));
    }
    Ok(found)
}

/// The source of what ends a use: given back or struck, not both.
fn ended(source: &str) -> String {
    format!("{source}/ended")
}

/// What is kept, in a row made on first use and locked until the transaction ends.
async fn locked(tx: &Tx, entry: Entry<'_>) -> Result<i32> {
    let sql = "INSERT INTO wechat_consents (person_id, template, kept) VALUES ($1, $2, 0) \
               ON CONFLICT (person_id, template) DO NOTHING RETURNING kept";
    ask(tx, sql, [entry.person.0.into(), entry.template.key().into()]).await?;
    let lock = tx.locking("w");
    let sql = format!("SELECT w.kept FROM wechat_consents w WHERE w.person_id = $1 AND w.template = $2 {lock}");
    let rows = ask(tx, &sql, [entry.person.0.into(), entry.template.key().into()]).await?;
    rows.first().map_or(Ok(0), |row| Ok(row.try_get("", "kept")?))
}

async fn said_at(tx: &Tx, source: &str) -> Result<Option<Instant>> {
    let rows = ask(tx, "SELECT at FROM wechat_consent_events WHERE source = $1", [source.into()]).await?;
    rows.first().map(|row| Ok(Instant(row.try_get("", "at")?))).transpose()
}

async fn change(tx: &Tx, entry: Entry<'_>, event: &str, kept: i32, by: i32) -> Result<i32> {
    let now_kept = kept + by;
    let sql = "UPDATE wechat_consents SET kept = $3 WHERE person_id = $1 AND template = $2 RETURNING kept";
    ask(tx, sql, [entry.person.0.into(), entry.template.key().into(), now_kept.into()]).await?;
    let sql = "INSERT INTO wechat_consent_events (id, person_id, template, event, change, kept, source, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
    let values = [
        entry.id.into(),
        entry.person.0.into(),
        entry.template.key().into(),
        event.into(),
        by.into(),
        now_kept.into(),
        entry.source.into(),
        entry.at.0.into(),
    ];
    ask(tx, sql, values).await?;
    Ok(now_kept)
}
