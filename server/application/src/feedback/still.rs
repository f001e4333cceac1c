//! Weeks after a repair: does it hold? A "no" reopens the order where it still can be, and is somebody's work otherwise.

use futures::FutureExt;
use linli_domain::id::MatterId;
use linli_domain::matter::{By, MatterEvent, Rung, Standing, WORDS_MAX};
use linli_domain::order::{ActingAs, Event};
use linli_domain::platform::KindKey;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_store::booking::orders;
use linli_store::market::matters::{self as tables, Matter, Repair};
use linli_store::{Tx, jobs};
use serde_json::json;

use super::AT_ONCE;
use super::matters::{Step, decide, write};
use super::tell::matter_job;
use super::view::MatterView;
use crate::orders::perform::{self, perform};
use crate::{App, Failure, Result, input};

/// Whoever was not asked in so many days, since nothing ran, is not asked any more.
const AT_MOST_LATE: Span = Span::days(7);

/// Asks the residents of repairs that were done so long ago as their kind says.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn ask_due(app: &App) -> Result<()> {
    let now = app.now();
    let asked_after = |kind: &linli_domain::platform::Kind| {
        let days = kind.visit.as_ref()?.ask_after_days?;
        Some((kind.key.clone(), now - Span::days(i64::from(days))))
    };
    let kinds: Vec<(KindKey, Instant)> = app.platforms.kinds().filter_map(asked_after).collect();
    for (kind, until) in kinds {
        let found = tables::repairs(app.store.reads(), &kind, (until - AT_MOST_LATE, until), AT_ONCE).await?;
        if found.is_empty() {
            continue;
        }
        let matters: Vec<Matter> = found.into_iter().map(|repair| matter_of(app, repair, &kind, now)).collect();
        let this = app.clone();
        app.store.write(move |tx| async move { ask(&this, tx, &matters).await }.boxed()).await?;
    }
    app.hub.publish("jobs", "").await;
    Ok(())
}

fn matter_of(app: &App, repair: Repair, kind: &KindKey, now: Instant) -> Matter {
    Matter {
        id: MatterId(app.next_id()),
        version: 1,
        standing: Standing::asked(Rung::Organisation, now),
        order: Some(repair.order),
        person: repair.person,
        organisation: Some(repair.organisation),
        area: repair.area,
        kind: Some(kind.clone()),
        words: String::new(),
        owner: None,
        contacted_at: None,
        answer: None,
        climbed_at: None,
        source: format!("still_fixed/{}", repair.order),
        created_at: now,
    }
}

async fn ask(app: &App, tx: &Tx, matters: &[Matter]) -> Result<()> {
    let written = tables::insert(tx, matters, "asked", (None, ActingAs::System)).await?;
    let told: Vec<jobs::NewJob> = written.into_iter().map(|id| matter_job(app, id, 1)).collect();
    jobs::enqueue(tx, &told).await?;
    Ok(())
}

impl App {
    /// Says whether a repair holds.
    ///
    /// # Errors
    /// [`Code::NotFound`] for matters of others; [`Code::MatterNotPossible`] where nothing is asked; what is refused of
    /// texts.
    pub async fn say_whether_fixed(
        &self,
        actor: &Actor,
        id: MatterId,
        fixed: bool,
        words: Option<String>,
    ) -> Result<MatterView> {
        let words = words.map(|words| input::note("words", &words, WORDS_MAX)).transpose()?.unwrap_or_default();
        let (_, acting) = self.own_matter(actor, id).await?;
        let by = Step { event: MatterEvent::Holds, by: By::Resident, actor: Some(actor.account), acting, words };
        if fixed {
            self.go_on_with(id, by).await?;
        } else {
            match self.reopen_for(id, by.clone()).await {
                // Too long ago, or going on already: then it is work of its own.
                Err(Failure::Refused(refusal)) if refusal.code == Code::TransitionRefused => {
                    self.go_on_with(id, Step { event: MatterEvent::Broken, ..by }).await?;
                }
                outcome => outcome?,
            }
        }
        self.matter(actor, id).await
    }

    /// Reopens the order a resident was asked about, all or nothing.
    async fn reopen_for(&self, id: MatterId, by: Step) -> Result<()> {
        let matter = tables::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let gone = || Refusal::new(Code::TransitionRefused).with("state", matter.standing.state.words());
        let order = matter.order.ok_or_else(gone)?;
        let (this, catalogue) = (self.clone(), self.catalogue().await?);
        self.store
            .write(move |tx| {
                async move {
                    // The order before the matter, as everywhere.
                    let order = orders::lock(tx, &[order]).await?.pop().ok_or(Code::NotFound)?;
                    let matter = tables::lock(tx, &[id]).await?.pop().ok_or(Code::NotFound)?;
                    let who = perform::By { account: by.actor, acting: by.acting };
                    let said = json!({ "reason": by.words });
                    let made = decide(&this, tx, matter, Step { event: MatterEvent::Reopen, ..by }).await?;
                    let act = perform::Act::new(Event::Reopen, who).saying(said);
                    perform(&this, tx, &catalogue, order, act).await.map_err(Failure::from)?;
                    write(&this, tx, vec![made]).await
                }
                .boxed()
            })
            .await?;
        self.hub.publish("jobs", "").await;
        Ok(())
    }
}
