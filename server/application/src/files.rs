//! Pictures and papers: taken in, shown to those they are for, and deleted when nobody needs them.
//!
//! Whatever is sent becomes a plain picture first ([`linli_edge::files::picture`]), is sealed with the key that seals
//! identity numbers, and only then kept. The row is written before and the bytes after it: what is lost in between is a
//! row nothing names, which [`sweep`] removes.

use std::time::Duration;

use futures::FutureExt;
use linli_domain::id::{FileId, JobId, PersonId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Span;
use linli_edge::Quota;
use linli_edge::files::picture::{self, MOST_PIXELS, NotKept};
use linli_store::Tx;
use linli_store::booking::orders;
use linli_store::jobs::{self, NewJob};
pub use linli_store::market::files::File;
use linli_store::market::files::{self as rows, Belonging, Purpose};
use linli_store::market::workers;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::people::login::allowed;
use crate::{App, Failure, Result};

/// The largest picture that is taken, in bytes.
pub const MOST_BYTES: usize = picture::MOST_BYTES;
/// Pictures one person may send.
const SENT: Quota = Quota::new(60, Duration::from_secs(3_600));
/// How long a file may belong to nothing: whoever is still writing attaches it by then.
const LOOSE_FOR: Span = Span::days(1);
/// Files that are forgotten in one transaction.
const AT_ONCE: u32 = 200;

/// What is said of a picture that is too large.
pub fn too_large() -> Refusal {
    Refusal::new(Code::PictureTooLarge)
        .with("megabytes", MOST_BYTES / 1024 / 1024)
        .with("megapixels", MOST_PIXELS / 1_000_000)
}

impl App {
    /// Takes in a picture. Until it is attached to something, nobody but its owner sees it, and after a day it is gone.
    ///
    /// # Errors
    /// [`Code::PictureInvalid`], [`Code::PictureTooLarge`], [`Code::TooManyRequests`], [`Code::FilesUnavailable`].
    pub async fn keep_picture(&self, actor: &Actor, bytes: Vec<u8>) -> Result<File> {
        allowed(self.limiter.hit(&format!("pictures:{}", actor.account), SENT).await)?;
        let picture = picture::taken(bytes).await.map_err(|why| match why {
            NotKept::NotAPicture => Refusal::new(Code::PictureInvalid),
            NotKept::TooLarge => too_large(),
        })?;
        let file = File {
            id: FileId(self.next_id()),
            owner: actor.person,
            purpose: Purpose::Picture,
            content_type: "image/jpeg".to_owned(),
            bytes: u32::try_from(picture.jpeg.len()).map_err(|_| too_large())?,
            width: picture.width,
            height: picture.height,
            sha256: hex::encode(Sha256::digest(&picture.jpeg)),
            created_at: self.now(),
        };
        let row = file.clone();
        self.store.write(move |tx| async move { rows::insert(tx, &row).await.map_err(Failure::from) }.boxed()).await?;
        let sealed = self.keys.seal_bytes(&purpose(file.id), &picture.jpeg, &*self.random);
        self.files.put(&file.id.to_string(), sealed).await.map_err(|_| Code::FilesUnavailable)?;
        Ok(file)
    }

    /// What a picture or a paper shows, and what is known of it.
    ///
    /// # Errors
    /// [`Code::NotFound`] for everybody it is not for; [`Code::FilesUnavailable`].
    pub async fn picture(&self, actor: &Actor, id: FileId) -> Result<(File, Vec<u8>)> {
        let file = rows::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        if !self.may_see(actor, &file).await? {
            return Err(Code::NotFound.into());
        }
        Ok((file, self.opened(id).await?))
    }

    /// What a file holds. Who may see it was decided before.
    pub(crate) async fn opened(&self, id: FileId) -> Result<Vec<u8>> {
        let sealed = self.files.get(&id.to_string()).await.map_err(|_| Code::FilesUnavailable)?;
        let bytes = self.keys.open_bytes(&purpose(id), &sealed.ok_or(Code::NotFound)?);
        bytes.map_err(|error| Failure::Fault(format!("file {id}: {error}")))
    }

    /// Pictures that somebody wants to attach to something of theirs, all of them or none: theirs, and no papers.
    ///
    /// # Errors
    /// [`Code::FileUnknown`] with the field.
    pub async fn own_pictures(&self, owner: PersonId, ids: &[FileId], field: &'static str) -> Result<Vec<File>> {
        let mut wanted = ids.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let found = rows::pictures_of(self.store.reads(), owner, &wanted).await?;
        if found.len() == wanted.len() { Ok(found) } else { Err(Refusal::new(Code::FileUnknown).field(field).into()) }
    }

    /// Its owner; of a picture those on the order: the subject, their guardian, the one who comes, staff who serve it; of
    /// a paper those who decide about the worker; of what a complaint or a poor rating shows those who see to it.
    async fn may_see(&self, actor: &Actor, file: &File) -> Result<bool> {
        if file.owner == actor.person {
            return Ok(true);
        }
        let reads = self.store.reads();
        let Belonging { orders: on, paper_of } = rows::belonging(reads, file.id, self.now()).await?;
        if file.purpose == Purpose::Paper {
            let Some(worker) = paper_of else { return Ok(false) };
            let worker = workers::one(reads, worker).await?;
            let catalogue = self.catalogue().await?;
            return Ok(worker.is_some_and(|worker| crate::workers::decides(&catalogue, actor, &worker)));
        }
        if on.iter().any(|(_, worker)| *worker == Some(actor.person)) {
            return Ok(true);
        }
        let ids: Vec<_> = on.iter().map(|(order, _)| *order).collect();
        for order in orders::many(reads, &ids).await? {
            if actor.serves(order.organisation, &order.area) || self.capacity_for(actor, order.subject).await?.is_some()
            {
                return Ok(true);
            }
        }
        self.sees_picture(actor, file.id).await
    }
}

/// A sealed file opens under its own id alone.
fn purpose(id: FileId) -> String {
    format!("file/{id}")
}

/// Deletes what a file held. Its row is gone already.
///
/// # Errors
/// When it cannot be deleted for the moment; the job is tried again.
pub(crate) async fn delete(app: &App, id: FileId) -> Result<()> {
    app.files.delete(&id.to_string()).await.map_err(|down| Failure::Fault(down.to_string()))
}

/// Forgets files that belong to nothing. Answers how many.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn sweep(app: &App) -> Result<usize> {
    let mut gone = 0;
    loop {
        let (this, before) = (app.clone(), app.now() - LOOSE_FOR);
        let some = app
            .store
            .write(move |tx| {
                async move {
                    let orphans = rows::take_orphans(tx, before, AT_ONCE).await?;
                    this.delete_later(tx, &orphans).await?;
                    Ok::<_, Failure>(orphans.len())
                }
                .boxed()
            })
            .await?;
        if some == 0 {
            return Ok(gone);
        }
        gone += some;
    }
}

impl App {
    /// Lets a job delete what files held whose rows are gone with this transaction.
    pub(crate) async fn delete_later(&self, tx: &Tx, files: &[FileId]) -> Result<()> {
        let now = self.now();
        let job = |id: &FileId| NewJob {
            id: JobId(self.next_id()),
            kind: "file.delete".into(),
            payload: json!({ "file": id }),
            unique_key: Some(format!("file.delete/{id}")),
            run_at: now,
            created_at: now,
        };
        jobs::enqueue(tx, &files.iter().map(job).collect::<Vec<_>>()).await?;
        Ok(())
    }
}
