//! Pictures of the work, before and after.

use futures::FutureExt;
use linli_domain::at_work::happened;
use linli_domain::id::{FileId, OrderId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use linli_domain::visit::VisitState;
use linli_store::market::meeting;
use serde::Serialize;
use serde_json::json;

pub use linli_store::market::meeting::Picture;

use crate::idempotency::Once;
use crate::{App, Result};

/// So many pictures an order has at most.
const MOST: usize = 30;
/// So many of them come with the request.
const MOST_ASKED: usize = 6;
/// The moment of pictures that come with the request.
const ASKED: &str = "request";

/// To which moment of the work a picture belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Moment {
    /// As it was found.
    Before,
    /// As it was left.
    After,
}

impl Moment {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

impl App {
    /// Whoever asked for somebody adds a picture of what it is about, until it is over. The same again changes nothing.
    ///
    /// # Errors
    /// [`Code::NotFound`] for orders of others, [`Code::FileUnknown`] for what is no picture of theirs,
    /// [`Code::PicturesTooMany`], [`Code::TransitionRefused`] when it is over.
    pub async fn add_request_picture(&self, actor: &Actor, id: OrderId, file: FileId) -> Result<()> {
        let (order, _) = self.own_order(actor, id).await?;
        if order.state.is_over() {
            return Err(Refusal::new(Code::TransitionRefused).with("state", order.state.words()).into());
        }
        let (person, now) = (actor.person, self.now());
        self.store
            .write(move |tx| {
                async move {
                    let pictures = meeting::pictures(tx, id).await?;
                    if pictures.iter().any(|one| one.file == file) {
                        return Ok(());
                    }
                    if pictures.iter().filter(|one| one.moment == ASKED).count() >= MOST_ASKED {
                        return Err(Refusal::new(Code::PicturesTooMany).with("max", MOST_ASKED).into());
                    }
                    if !meeting::add_picture(tx, id, file, ASKED, person, now).await? {
                        return Err(Refusal::new(Code::FileUnknown).field("file_id").into());
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// A worker adds a picture they sent before to a job of theirs. They may also do so when it is over, for a day, since
    /// there may have been no signal.
    ///
    /// # Errors
    /// [`Code::NotFound`] for jobs of others, [`Code::FileUnknown`] for what is no picture of theirs,
    /// [`Code::PicturesTooMany`], [`Code::StepTimeInvalid`], [`Code::TransitionRefused`].
    pub async fn add_picture(
        &self,
        actor: &Actor,
        id: OrderId,
        file: FileId,
        moment: Moment,
        at: Option<Instant>,
        key: &str,
    ) -> Result<()> {
        let once = Once::new(actor.account, "job.picture", key, &(id, file, moment, at))?;
        let person = actor.person;
        self.job_step(actor, id, once, move |step| {
            async move {
                let visit = &step.visit;
                let there = visit.arrived_at.or(visit.started_at).or(visit.on_way_at).or(visit.accepted_at);
                let at = happened(at, there, step.now)?;
                let over = matches!(visit.state, VisitState::Done | VisitState::Failed);
                let open = matches!(visit.state, VisitState::Arrived | VisitState::Working);
                let kept = visit.done_at.is_some_and(|done| step.now <= done + linli_domain::at_work::KEPT);
                if !(open || over && kept) {
                    return Err(Refusal::new(Code::TransitionRefused).with("state", visit.state.words()).into());
                }
                let pictures = meeting::pictures(step.tx, id).await?;
                if pictures.iter().any(|one| one.file == file) {
                    return Ok(step.order);
                }
                if pictures.len() >= MOST {
                    return Err(Refusal::new(Code::PicturesTooMany).with("max", MOST).into());
                }
                if !meeting::add_picture(step.tx, id, file, moment.key(), person, at).await? {
                    return Err(Refusal::new(Code::FileUnknown).field("file_id").into());
                }
                // The timeline of an order that is over is closed.
                if step.order.state.is_over() {
                    return Ok(step.order);
                }
                step.note("picture_added", json!({ "at": at, "moment": moment.key(), "file": file })).await
            }
            .boxed()
        })
        .await
    }
}
