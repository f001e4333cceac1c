//! How it went, and what is done about it: ratings by both sides, matters that somebody sees to, figures.
//!
//! The rules are in [`linli_domain::rating`] and [`linli_domain::matter`]. Whoever writes a rating locks its order first,
//! then the matter that follows from it.

mod desk;
mod figures;
mod matters;
mod open;
mod rate;
mod reports;
mod still;
mod tell;
mod view;

pub use desk::DeskMatters;
pub use figures::{FiguresAsked, FiguresLine};
pub use linli_store::market::figures::Per;
pub use matters::{Act, NewMatter};
pub use rate::NewRating;
pub use reports::ReportView;
pub(crate) use still::ask_due;
pub(crate) use tell::{tell_matter, tell_rating};
pub use view::{MatterView, OrderRatings, RatingView, Received, Review, event_words};

use futures::FutureExt;
use linli_domain::id::{FileId, MatterId, PersonId};
use linli_domain::matter::{self, MatterEvent};
use linli_domain::refusal::{Code, Refusal};
use linli_store::Tx;
use linli_store::market::matters as tables;

use crate::{App, Failure, Result};

/// Matters that go on in one transaction of a tick.
const AT_ONCE: u32 = 100;

impl App {
    /// Whether these pictures are somebody's own, and not too many.
    async fn check_pictures(&self, owner: PersonId, files: &[FileId], most: usize) -> Result<()> {
        if files.len() > most {
            let refusal = Refusal::new(Code::ValueInvalid).field("picture_ids");
            return Err(refusal.with("allowed", format!("0–{most}")).into());
        }
        if !files.is_empty() {
            self.own_pictures(owner, files, "picture_ids").await?;
        }
        Ok(())
    }
}

/// Sends up what is late, and closes what nobody has answered for long.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn go_on(app: &App) -> Result<()> {
    let now = app.now();
    let late = tables::to_climb(app.store.reads(), now, AT_ONCE).await?;
    let silent = tables::silent(app.store.reads(), now - matter::SILENCE, AT_ONCE).await?;
    for (ids, event) in [(late, MatterEvent::Climb), (silent, MatterEvent::Lapse)] {
        if ids.is_empty() {
            continue;
        }
        let this = app.clone();
        app.store.write(move |tx| async move { step_all(&this, tx, &ids, event).await }.boxed()).await?;
    }
    app.hub.publish("jobs", "").await;
    Ok(())
}

async fn step_all(app: &App, tx: &Tx, ids: &[MatterId], event: MatterEvent) -> Result<()> {
    let mut made = Vec::with_capacity(ids.len());
    for matter in tables::lock(tx, ids).await? {
        match matters::decide(app, tx, matter, matters::Step::by_system(event)).await {
            Ok(step) => made.push(step),
            // Somebody was faster: then there is nothing to do.
            Err(Failure::Refused(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    matters::write(app, tx, made).await
}
