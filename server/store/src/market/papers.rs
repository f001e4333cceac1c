//! What workers do, and the papers it stands on.

use std::collections::BTreeMap;

use linli_domain::id::{AccountId, DocumentId, FileId, WorkerId};
use linli_domain::platform::KindKey;
use linli_domain::time::{Day, Instant};
use linli_domain::worker::{Document, Paper, PaperState, ServiceState};
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// A service of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Of what kind.
    pub kind: KindKey,
    /// Their own price in fen; none: that of the kind.
    pub price_fen: Option<i64>,
    /// Keys of skills.
    pub skills: Vec<String>,
    /// Whether staff have looked at it.
    pub state: ServiceState,
    /// Why not.
    pub reason: String,
    /// A paper it needs has run out.
    pub off_offer: bool,
}

/// A paper of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperRow {
    /// Whose.
    pub worker: WorkerId,
    /// What decides.
    pub paper: Paper,
    /// The picture of it.
    pub file: Option<FileId>,
    /// Why it was refused.
    pub reason: String,
    /// Who looked at it.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// When its owner was warned of its end.
    pub warned_at: Option<Instant>,
    /// When it was handed in.
    pub created_at: Instant,
}

/// The services of some workers, each worker's in the order of their keys.
///
/// # Errors
/// Any [`StoreError`].
pub async fn services(db: &impl Reads, workers: &[WorkerId]) -> Result<BTreeMap<WorkerId, Vec<Service>>> {
    let rows = Rows::new()
        .int("id", workers.iter().map(|id| id.0))
        .query(db, "SELECT s.* FROM worker_services s JOIN", "AS v ON s.worker_id = v.id ORDER BY s.worker_id, s.kind")
        .await?;
    let mut found: BTreeMap<WorkerId, Vec<Service>> = BTreeMap::new();
    for row in &rows {
        found.entry(WorkerId(row.try_get("", "worker_id")?)).or_default().push(service(row)?);
    }
    Ok(found)
}

/// Writes what a worker does, in place of what stood there. The worker's row is locked.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set_services(tx: &Tx, worker: WorkerId, services: &[Service]) -> Result<()> {
    ask(tx, "DELETE FROM worker_services WHERE worker_id = $1 RETURNING kind", [worker.0.into()]).await?;
    Rows::new()
        .int("worker_id", services.iter().map(|_| worker.0))
        .text("kind", services.iter().map(|one| one.kind.as_str()))
        .int_or_null("price_fen", services.iter().map(|one| one.price_fen))
        .text("skills", services.iter().map(|one| serde_json::Value::from(one.skills.clone()).to_string()))
        .text("state", services.iter().map(|one| one.state.key()))
        .text("reason", services.iter().map(|one| one.reason.as_str()))
        .bool("off_offer", services.iter().map(|one| one.off_offer))
        .insert(tx, "worker_services", "")
        .await?;
    Ok(())
}

/// The papers of some workers, each worker's newest first; those that were replaced are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn papers(db: &impl Reads, workers: &[WorkerId]) -> Result<BTreeMap<WorkerId, Vec<PaperRow>>> {
    let rows = Rows::new()
        .int("id", workers.iter().map(|id| id.0))
        .query(
            db,
            "SELECT d.* FROM worker_documents d JOIN",
            "AS v ON d.worker_id = v.id WHERE d.state <> 'replaced' ORDER BY d.worker_id, d.id DESC",
        )
        .await?;
    let mut found: BTreeMap<WorkerId, Vec<PaperRow>> = BTreeMap::new();
    for row in &rows {
        let paper = paper(row)?;
        found.entry(paper.worker).or_default().push(paper);
    }
    Ok(found)
}

/// Adds papers.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(tx: &Tx, papers: &[PaperRow]) -> Result<()> {
    Rows::new()
        .int("id", papers.iter().map(|one| one.paper.id.0))
        .int("worker_id", papers.iter().map(|one| one.worker.0))
        .text("document", papers.iter().map(|one| one.paper.document.key()))
        .int_or_null("file_id", papers.iter().map(|one| one.file.map(|id| id.0)))
        .int_or_null("valid_until", papers.iter().map(|one| one.paper.valid_until.map(|day| day.0.into())))
        .text("state", papers.iter().map(|one| one.paper.state.key()))
        .text("reason", papers.iter().map(|one| one.reason.as_str()))
        .int_or_null("decided_by", papers.iter().map(|one| one.decided_by.map(|id| id.0)))
        .int_or_null("decided_at", papers.iter().map(|one| one.decided_at.map(|at| at.0)))
        .int_or_null("warned_at", papers.iter().map(|one| one.warned_at.map(|at| at.0)))
        .int("created_at", papers.iter().map(|one| one.created_at.0))
        .insert(tx, "worker_documents", "")
        .await?;
    Ok(())
}

/// Writes what can change of papers. The rows of their workers are locked.
///
/// # Errors
/// Any [`StoreError`].
pub async fn update(tx: &Tx, papers: &[PaperRow]) -> Result<()> {
    Rows::new()
        .int("id", papers.iter().map(|one| one.paper.id.0))
        .int_or_null("file_id", papers.iter().map(|one| one.file.map(|id| id.0)))
        .int_or_null("valid_until", papers.iter().map(|one| one.paper.valid_until.map(|day| day.0.into())))
        .text("state", papers.iter().map(|one| one.paper.state.key()))
        .text("reason", papers.iter().map(|one| one.reason.as_str()))
        .int_or_null("decided_by", papers.iter().map(|one| one.decided_by.map(|id| id.0)))
        .int_or_null("decided_at", papers.iter().map(|one| one.decided_at.map(|at| at.0)))
        .int_or_null("warned_at", papers.iter().map(|one| one.warned_at.map(|at| at.0)))
        .execute(
            tx,
            "UPDATE worker_documents SET file_id = v.file_id, valid_until = v.valid_until, state = v.state, \
             reason = v.reason, decided_by = v.decided_by, decided_at = v.decided_at, warned_at = v.warned_at FROM",
            "AS v WHERE worker_documents.id = v.id",
        )
        .await?;
    Ok(())
}

/// Workers with a verified paper that has run out by a day, or whose end is near and of which they were not told yet: at
/// most `limit`, in the order of their ids.
///
/// # Errors
/// Any [`StoreError`].
pub async fn ending(db: &impl Reads, today: Day, warn_until: Day, limit: u32) -> Result<Vec<WorkerId>> {
    let sql = "SELECT DISTINCT d.worker_id FROM worker_documents d JOIN workers w ON w.id = d.worker_id \
               WHERE d.state = 'verified' AND w.state <> 'closed' AND d.valid_until IS NOT NULL \
               AND (d.valid_until < $1 OR (d.valid_until <= $2 AND d.warned_at IS NULL)) \
               ORDER BY d.worker_id LIMIT $3";
    let rows = ask(db, sql, [today.0.into(), warn_until.0.into(), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(WorkerId(row.try_get("", "worker_id")?))).collect()
}

fn service(row: &QueryResult) -> Result<Service> {
    let bad = |column: &str| StoreError::Row(format!("worker_services.{column} cannot be read"));
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    Ok(Service {
        kind: text("kind")?.parse().map_err(|_| bad("kind"))?,
        price_fen: row.try_get("", "price_fen")?,
        skills: serde_json::from_str(&text("skills")?).map_err(|_| bad("skills"))?,
        state: ServiceState::from_key(&text("state")?).ok_or_else(|| bad("state"))?,
        reason: text("reason")?,
        off_offer: row.try_get("", "off_offer")?,
    })
}

fn paper(row: &QueryResult) -> Result<PaperRow> {
    let bad = |column: &str| StoreError::Row(format!("worker_documents.{column} cannot be read"));
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let of = |name: &str| -> Result<Option<i64>> { Ok(row.try_get("", name)?) };
    let valid_until: Option<i32> = row.try_get("", "valid_until")?;
    Ok(PaperRow {
        worker: WorkerId(row.try_get("", "worker_id")?),
        paper: Paper {
            id: DocumentId(row.try_get("", "id")?),
            document: Document::from_key(&text("document")?).ok_or_else(|| bad("document"))?,
            state: PaperState::from_key(&text("state")?).ok_or_else(|| bad("state"))?,
            valid_until: valid_until.map(Day),
        },
        file: of("file_id")?.map(FileId),
        reason: text("reason")?,
        decided_by: of("decided_by")?.map(AccountId),
        decided_at: of("decided_at")?.map(Instant),
        warned_at: of("warned_at")?.map(Instant),
        created_at: Instant(row.try_get("", "created_at")?),
    })
}
