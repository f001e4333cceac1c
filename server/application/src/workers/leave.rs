//! Going away, and taking along what is known (PIPL art. 45 and 47).

use linli_domain::id::PersonId;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use linli_domain::worker::{WorkerEvent, step};
use linli_store::Tx;
use linli_store::market::{files, visits, workers as rows};
use serde_json::{Value, json};

use super::Whole;
use crate::{App, Result};

/// Closes the file of somebody who closes their account, and forgets what they sent, in the caller's transaction. The
/// pictures themselves are deleted by a job.
///
/// # Errors
/// [`Code::HasOpenOrders`] while they have jobs in hand.
pub(crate) async fn close(app: &App, tx: &Tx, person: PersonId, now: Instant) -> Result<()> {
    if let Some(worker) = rows::lock_of_person(tx, person).await? {
        if !visits::of_worker(tx, worker.id, true, None, 1).await?.is_empty() {
            return Err(Code::HasOpenOrders.into());
        }
        step(worker.state, WorkerEvent::Close)?;
        rows::forget(tx, worker.id, now).await?;
    }
    let gone = files::take_all(tx, person).await?;
    app.delete_later(tx, &gone).await
}

/// Everything about the actor as a worker, and the pictures they sent.
///
/// # Errors
/// Any failure of the database.
pub(crate) async fn export(app: &App, actor: &Actor) -> Result<(Option<Value>, Value)> {
    let reads = app.store.reads();
    let sent = files::of_owner(reads, actor.person).await?;
    let sent =
        sent.iter().map(|file| json!({ "id": file.id, "bytes": file.bytes, "sent_at": file.created_at })).collect();
    let Some(worker) = rows::of_person(reads, actor.person).await? else { return Ok((None, Value::Array(sent))) };
    let days_off = rows::days_off(reads, &[worker.id], app.now().day()).await?.remove(&worker.id).unwrap_or_default();
    let Whole { worker, services, papers } = Whole::of(reads, worker).await?;
    let document = json!({
        "state": worker.state.key(),
        "name": worker.name,
        "gender": worker.gender.key(),
        "languages": worker.languages,
        "about": worker.about,
        "travel": worker.travel,
        "home": worker.home_text,
        "home_point": worker.home.map(|home| json!([home.latitude, home.longitude])),
        "areas": worker.areas,
        "hours": worker.hours,
        "max_open": worker.max_open,
        "submitted_at": worker.submitted_at,
        "decided_at": worker.decided_at,
        "reason": worker.reason,
        "services": services.iter().map(|one| json!({
            "kind": one.kind, "price_fen": one.price_fen, "skills": one.skills, "state": one.state.key(),
            "reason": one.reason,
        })).collect::<Vec<_>>(),
        "documents": papers.iter().map(|row| json!({
            "document": row.paper.document.key(), "state": row.paper.state.key(),
            "valid_until": row.paper.valid_until, "file": row.file, "handed_in_at": row.created_at,
        })).collect::<Vec<_>>(),
        "days_off": days_off.iter().map(|(day, reason)| json!({ "day": day, "reason": reason })).collect::<Vec<_>>(),
    });
    Ok((Some(document), Value::Array(sent)))
}
