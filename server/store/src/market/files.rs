//! Pictures and papers: what is known of them. What they hold is kept elsewhere, under their ids.

use linli_domain::id::{FileId, OrderId, PersonId, WorkerId};
use linli_domain::time::Instant;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A picture of an order: those on it see it.
    Picture,
    /// A paper of a worker: they and whoever decides see it.
    Paper,
}

impl Purpose {
    const fn key(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Paper => "paper",
        }
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Which.
    pub id: FileId,
    /// Who sent it.
    pub owner: PersonId,
    /// What it is for.
    pub purpose: Purpose,
    /// Its type.
    pub content_type: String,
    /// How large it is.
    pub bytes: u32,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The hash of what it holds.
    pub sha256: String,
    /// When it was sent.
    pub created_at: Instant,
}

/// Writes a new one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(tx: &Tx, file: &File) -> Result<()> {
    Rows::new()
        .int("id", [file.id.0])
        .int("owner", [file.owner.0])
        .text("purpose", [file.purpose.key()])
        .text("content_type", [file.content_type.as_str()])
        .int("bytes", [i64::from(file.bytes)])
        .int("width", [i64::from(file.width)])
        .int("height", [i64::from(file.height)])
        .text("sha256", [file.sha256.as_str()])
        .int("created_at", [file.created_at.0])
        .insert(tx, "files", "")
        .await?;
    Ok(())
}

/// Reads one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, id: FileId) -> Result<Option<File>> {
    ask(db, "SELECT * FROM files WHERE id = $1", [id.0.into()]).await?.first().map(file).transpose()
}

/// Those of some files that somebody sent as pictures, in the order of their ids. Whoever attaches pictures to an order
/// asks this first: what is left out is somebody else's, a paper, or not there.
///
/// # Errors
/// Any [`StoreError`].
pub async fn pictures_of(db: &impl Reads, owner: PersonId, ids: &[FileId]) -> Result<Vec<File>> {
    let tail = format!("AS v ON f.id = v.id WHERE f.owner = {} AND f.purpose = 'picture' ORDER BY f.id", owner.0);
    let rows =
        Rows::new().int("id", ids.iter().map(|id| id.0)).query(db, "SELECT f.* FROM files f JOIN", &tail).await?;
    rows.iter().map(file).collect()
}

/// Everything somebody sent, the newest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_owner(db: &impl Reads, owner: PersonId) -> Result<Vec<File>> {
    let rows = ask(db, "SELECT * FROM files WHERE owner = $1 ORDER BY id DESC", [owner.0.into()]).await?;
    rows.iter().map(file).collect()
}

/// Makes a file a paper, if its owner sent it and it belongs to no order and to no other paper. Answers whether it could.
///
/// # Errors
/// Any [`StoreError`].
pub async fn make_paper(tx: &Tx, owner: PersonId, id: FileId) -> Result<bool> {
    let sql = "UPDATE files SET purpose = 'paper' WHERE id = $1 AND owner = $2 \
               AND NOT EXISTS (SELECT 1 FROM order_pictures p WHERE p.file_id = files.id) \
               AND NOT EXISTS (SELECT 1 FROM matter_pictures p WHERE p.file_id = files.id) \
               AND NOT EXISTS (SELECT 1 FROM worker_documents d WHERE d.file_id = files.id) RETURNING id";
    Ok(!ask(tx, sql, [id.0.into(), owner.0.into()]).await?.is_empty())
}

/// To what a file belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Belonging {
    /// Orders, each with the person of the worker who has or had it.
    pub orders: Vec<(OrderId, Option<PersonId>)>,
    /// The worker whose paper it is.
    pub paper_of: Option<WorkerId>,
}

/// To what a file belongs. Pictures of a rating belong to its order while the rating can be read and is not hidden.
///
/// # Errors
/// Any [`StoreError`].
pub async fn belonging(db: &impl Reads, id: FileId, now: Instant) -> Result<Belonging> {
    let sql = "SELECT p.order_id, w.person_id FROM order_pictures p LEFT JOIN visits t ON t.order_id = p.order_id \
               LEFT JOIN workers w ON w.id = t.worker_id WHERE p.file_id = $1 AND (p.moment <> 'rating' OR EXISTS \
               (SELECT 1 FROM ratings r WHERE r.order_id = p.order_id AND r.side = 'resident' \
               AND r.hidden_reason IS NULL AND r.shown_from <= $2)) ORDER BY p.order_id LIMIT 20";
    let mut orders = Vec::new();
    for row in ask(db, sql, [id.0.into(), now.0.into()]).await? {
        let person: Option<i64> = row.try_get("", "person_id")?;
        orders.push((OrderId(row.try_get("", "order_id")?), person.map(PersonId)));
    }
    let papers = ask(db, "SELECT worker_id FROM worker_documents WHERE file_id = $1", [id.0.into()]).await?;
    let paper_of =
        papers.first().map(|row| Ok::<_, StoreError>(WorkerId(row.try_get("", "worker_id")?))).transpose()?;
    Ok(Belonging { orders, paper_of })
}

/// Forgets files that belong to nothing and were sent before an instant, at most `limit`. Answers which: what they hold
/// is to be deleted.
///
/// # Errors
/// Any [`StoreError`].
pub async fn take_orphans(tx: &Tx, before: Instant, limit: u32) -> Result<Vec<FileId>> {
    let sql = "DELETE FROM files WHERE id IN (SELECT f.id FROM files f WHERE f.created_at < $1 \
               AND NOT EXISTS (SELECT 1 FROM order_pictures p WHERE p.file_id = f.id) \
               AND NOT EXISTS (SELECT 1 FROM matter_pictures p WHERE p.file_id = f.id) \
               AND NOT EXISTS (SELECT 1 FROM worker_documents d WHERE d.file_id = f.id) \
               ORDER BY f.created_at LIMIT $2) RETURNING id";
    ids(&ask(tx, sql, [before.0.into(), i64::from(limit).into()]).await?)
}

/// Forgets everything somebody sent, also where it belongs to orders. Answers which: what they hold is to be deleted.
///
/// # Errors
/// Any [`StoreError`].
pub async fn take_all(tx: &Tx, owner: PersonId) -> Result<Vec<FileId>> {
    let loose = "UPDATE worker_documents SET file_id = NULL WHERE file_id IN (SELECT id FROM files WHERE owner = $1) \
                 RETURNING id";
    ask(tx, loose, [owner.0.into()]).await?;
    let pictures =
        "DELETE FROM order_pictures WHERE file_id IN (SELECT id FROM files WHERE owner = $1) RETURNING file_id";
    ask(tx, pictures, [owner.0.into()]).await?;
    let of_matters =
        "DELETE FROM matter_pictures WHERE file_id IN (SELECT id FROM files WHERE owner = $1) RETURNING file_id";
    ask(tx, of_matters, [owner.0.into()]).await?;
    ids(&ask(tx, "DELETE FROM files WHERE owner = $1 RETURNING id", [owner.0.into()]).await?)
}

fn ids(rows: &[QueryResult]) -> Result<Vec<FileId>> {
    rows.iter().map(|row| Ok(FileId(row.try_get("", "id")?))).collect()
}

fn file(row: &QueryResult) -> Result<File> {
    let bad = |column: &str| StoreError::Row(format!("files.{column} cannot be read"));
    let number = |name: &str| -> Result<u32> {
        let value: Option<i32> = row.try_get("", name)?;
        u32::try_from(value.unwrap_or(0)).map_err(|_| bad(name))
    };
    let purpose: String = row.try_get("", "purpose")?;
    Ok(File {
        id: FileId(row.try_get("", "id")?),
        owner: PersonId(row.try_get("", "owner")?),
        purpose: if purpose == "paper" { Purpose::Paper } else { Purpose::Picture },
        content_type: row.try_get("", "content_type")?,
        bytes: number("bytes")?,
        width: number("width")?,
        height: number("height")?,
        sha256: row.try_get("", "sha256")?,
        created_at: Instant(row.try_get("", "created_at")?),
    })
}
