//! The record of who did what to whom. It is only ever added to.

use linli_domain::id::{AccountId, PersonId};
pub use linli_domain::order::ActingAs;
use linli_domain::time::Instant;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::audit::{Column, Entity, Model};
use crate::error::{Result, StoreError};
use crate::rows::Rows;
use crate::{Reads, Tx};

/// One line of the record, about to be written.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// A fresh id; lines are read in the order of their ids.
    pub id: i64,
    /// When.
    pub at: Instant,
    /// Who; nobody when the system acted.
    pub account: Option<AccountId>,
    /// In what part.
    pub acting_as: ActingAs,
    /// What, as a stable key such as `person.changed`.
    pub action: &'static str,
    /// The person it concerns, who may read the line.
    pub subject: Option<PersonId>,
    /// The id of the thing it was done to, when that is not the person.
    pub target: Option<i64>,
    /// Particulars as a JSON object: names of fields, codes, never secrets and no contents of sealed fields.
    pub detail: serde_json::Value,
}

impl AuditEntry {
    /// A line about nobody in particular yet.
    pub fn new(id: i64, at: Instant, account: Option<AccountId>, acting_as: ActingAs, action: &'static str) -> Self {
        let detail = serde_json::Value::Object(serde_json::Map::new());
        Self { id, at, account, acting_as, action, subject: None, target: None, detail }
    }

    /// Names the person it concerns, who may read the line.
    #[must_use]
    pub fn about(mut self, person: PersonId) -> Self {
        self.subject = Some(person);
        self
    }

    /// Names the thing it was done to.
    #[must_use]
    pub fn on(mut self, target: i64) -> Self {
        self.target = Some(target);
        self
    }

    /// Adds particulars.
    #[must_use]
    pub fn saying(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}

/// One line of the record, read.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditLine {
    /// Which; also the cursor for the next page.
    pub id: i64,
    /// When.
    pub at: Instant,
    /// Who.
    pub account: Option<AccountId>,
    /// In what part.
    pub acting_as: ActingAs,
    /// What.
    pub action: String,
    /// The person it concerns.
    pub subject: Option<PersonId>,
    /// The thing it was done to.
    pub target: Option<i64>,
    /// Particulars.
    pub detail: serde_json::Value,
}

/// Adds a line.
///
/// # Errors
/// Any [`StoreError`].
pub async fn record(tx: &Tx, entry: AuditEntry) -> Result<()> {
    record_all(tx, vec![entry]).await
}

/// Adds several lines in one statement.
///
/// # Errors
/// Any [`StoreError`].
pub async fn record_all(tx: &Tx, entries: Vec<AuditEntry>) -> Result<()> {
    Rows::new()
        .int("id", entries.iter().map(|entry| entry.id))
        .int("at", entries.iter().map(|entry| entry.at.0))
        .int_or_null("account", entries.iter().map(|entry| entry.account.map(|id| id.0)))
        .text("acting_as", entries.iter().map(|entry| entry.acting_as.key()))
        .text("action", entries.iter().map(|entry| entry.action))
        .int_or_null("subject", entries.iter().map(|entry| entry.subject.map(|id| id.0)))
        .int_or_null("target", entries.iter().map(|entry| entry.target))
        .text("detail", entries.iter().map(|entry| entry.detail.to_string()))
        .insert(tx, "audit", "")
        .await?;
    Ok(())
}

/// The lines that concern a person, newest first: at most `limit`, older than the line `before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_subject(
    reads: &impl Reads,
    person: PersonId,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<AuditLine>> {
    let mut query = Entity::find().filter(Column::Subject.eq(person.0));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(reads.connection()).await?;
    rows.into_iter().map(line).collect()
}

fn line(row: Model) -> Result<AuditLine> {
    let acting_as = ActingAs::from_key(&row.acting_as)
        .ok_or_else(|| StoreError::Row(format!("audit {}: acting_as {}", row.id, row.acting_as)))?;
    let detail = serde_json::from_str(&row.detail)
        .map_err(|error| StoreError::Row(format!("audit {}: detail: {error}", row.id)))?;
    Ok(AuditLine {
        id: row.id,
        at: Instant(row.at),
        account: row.account.map(AccountId),
        acting_as,
        action: row.action,
        subject: row.subject.map(PersonId),
        target: row.target,
        detail,
    })
}
