//! Matters from the desk: who sees which, and what they do about them.

use linli_domain::area::AreaCode;
use linli_domain::id::{FileId, MatterId};
use linli_domain::matter::{By, Form, MatterEvent, MatterState, Rung, WORDS_MAX};
use linli_domain::order::ActingAs;
use linli_domain::refusal::Code;
use linli_domain::role::{Actor, Role, Scope};
use linli_store::market::matters::{self as tables, Matter, Seen, Wanted};
use linli_store::market::ratings;

use super::matters::Step;
use super::view::MatterView;
use crate::{App, Result, input};

/// Which matters a desk asks for.
#[derive(Debug, Clone, Default)]
pub struct DeskMatters {
    /// Of this sort.
    pub form: Option<Form>,
    /// In this state.
    pub state: Option<MatterState>,
    /// Past a deadline.
    pub late: bool,
    /// In this area.
    pub area: Option<AreaCode>,
    /// In one's own hands.
    pub mine: bool,
}

/// What somebody sees: their organisation's; in the areas they work for, what has come up to them.
fn seen_by(actor: &Actor) -> Vec<Seen> {
    actor
        .grants
        .iter()
        .filter_map(|grant| match (&grant.scope, grant.role) {
            (Scope::Organisation(id), Role::OrganisationStaff | Role::OrganisationManager) => Some(Seen::Of(*id)),
            (Scope::Area(area), role) => {
                let lowest = Rung::ALL.into_iter().find(|rung| rung.is_seen_by(role))?;
                Some(Seen::From(area.clone(), lowest))
            }
            _ => None,
        })
        .collect()
}

impl App {
    /// Whether somebody sees a matter at a desk. Nobody sees to what is about a visit of their own.
    pub(super) async fn sees(&self, actor: &Actor, matter: &Matter) -> Result<bool> {
        let sees = seen_by(actor).into_iter().any(|seen| match seen {
            Seen::Of(id) => matter.organisation == Some(id),
            Seen::From(area, lowest) => matter.area.is_within(&area) && matter.standing.rung >= lowest,
        });
        match matter.order {
            Some(order) if sees => {
                let came = ratings::came(self.store.reads(), order).await?;
                Ok(came.is_none_or(|came| came.person != actor.person))
            }
            _ => Ok(sees),
        }
    }

    /// Whether somebody sees a picture since they see to what it shows, or since it is their own matter.
    pub(crate) async fn sees_picture(&self, actor: &Actor, file: FileId) -> Result<bool> {
        for matter in tables::of_picture(self.store.reads(), file).await? {
            if self.sees(actor, &matter).await? || self.capacity_for(actor, matter.person).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Matters for a desk, oldest first, after a cursor.
    ///
    /// # Errors
    /// The database's.
    pub async fn desk_matters(
        &self,
        actor: &Actor,
        asked: DeskMatters,
        after: Option<MatterId>,
        limit: u32,
    ) -> Result<Vec<MatterView>> {
        let wanted = Wanted {
            form: asked.form,
            state: asked.state,
            late_at: asked.late.then(|| self.now()),
            area: asked.area,
            owner: asked.mine.then_some(actor.account),
            not_about: Some(actor.person),
        };
        let found = tables::for_desk(self.store.reads(), &seen_by(actor), &wanted, after, limit).await?;
        self.matter_views(found, By::Staff, actor).await
    }

    /// Makes a matter one's own.
    ///
    /// # Errors
    /// [`Code::NotFound`] for matters of other desks; [`Code::MatterNotPossible`].
    pub async fn take_matter(&self, actor: &Actor, id: MatterId) -> Result<MatterView> {
        self.see_to(actor, id, MatterEvent::Take, String::new()).await
    }

    /// Writes down that the resident was spoken with, and what was said.
    ///
    /// # Errors
    /// As [`App::take_matter`], and what is refused of texts.
    pub async fn contacted_about(&self, actor: &Actor, id: MatterId, words: &str) -> Result<MatterView> {
        self.see_to(actor, id, MatterEvent::Contact, input::note("words", words, WORDS_MAX)?).await
    }

    /// Says what came of it, in words the resident reads.
    ///
    /// # Errors
    /// As [`App::take_matter`], and what is refused of texts.
    pub async fn answer_matter(&self, actor: &Actor, id: MatterId, words: &str) -> Result<MatterView> {
        self.see_to(actor, id, MatterEvent::Answer, input::note("words", words, WORDS_MAX)?).await
    }

    /// Sends it up, with a reason.
    ///
    /// # Errors
    /// As [`App::take_matter`]; [`Code::MatterAtTop`]; what is refused of texts.
    pub async fn send_up(&self, actor: &Actor, id: MatterId, reason: &str) -> Result<MatterView> {
        let reason = input::note("reason", reason, WORDS_MAX)?;
        self.see_to(actor, id, MatterEvent::Climb, reason).await
    }

    async fn see_to(&self, actor: &Actor, id: MatterId, event: MatterEvent, words: String) -> Result<MatterView> {
        let matter = tables::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        if !self.sees(actor, &matter).await? || self.capacity_for(actor, matter.person).await?.is_some() {
            return Err(Code::NotFound.into());
        }
        let actor_id = Some(actor.account);
        let step = Step { event, by: By::Staff, actor: actor_id, acting: ActingAs::Staff, words };
        self.go_on_with(id, step).await?;
        let matter = tables::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        Ok(self.matter_views(vec![matter], By::Staff, actor).await?.remove(0))
    }
}
