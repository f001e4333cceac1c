//! Opening a matter: it has an owner and deadlines from its first moment.

use linli_domain::area::AreaCode;
use linli_domain::id::{AccountId, MatterId, OrderId, OrganisationId, PersonId};
use linli_domain::matter::{Form, MatterEvent, Rung, Standing};
use linli_domain::order::ActingAs;
use linli_domain::platform::KindKey;
use linli_store::booking::Order;
use linli_store::market::matters::{self as tables, Matter};
use linli_store::market::ratings::{self, Rating};
use linli_store::people::accounts;
use linli_store::{Tx, jobs};

use super::matters::{Step, go};
use super::tell::matter_job;
use crate::{App, Failure, Result};

/// What is to be seen to.
pub(super) struct Opening {
    pub(super) form: Form,
    pub(super) order: Option<OrderId>,
    pub(super) person: PersonId,
    pub(super) organisation: Option<OrganisationId>,
    pub(super) area: AreaCode,
    pub(super) kind: Option<KindKey>,
    pub(super) words: String,
    pub(super) source: String,
    /// Where it begins, or above, where nobody works there.
    pub(super) lowest: Rung,
}

impl Opening {
    /// Of something about an order: it begins with whoever served.
    pub(super) fn of_order(form: Form, order: &Order, words: String, source: String) -> Self {
        Self {
            form,
            order: Some(order.id),
            person: order.subject,
            organisation: Some(order.organisation),
            area: order.area.clone(),
            kind: Some(order.kind.clone()),
            words,
            source,
            lowest: Rung::Organisation,
        }
    }
}

/// Opens a matter, unless its source has spoken before. Answers which it is, and whether it is new.
pub(super) async fn open(
    app: &App,
    tx: &Tx,
    opening: Opening,
    by: (Option<AccountId>, ActingAs),
) -> Result<(MatterId, bool)> {
    let now = app.now();
    let Opening { form, order, person, organisation, area, kind, words, source, lowest } = opening;
    let not = parties(tx, order, person).await?;
    let (rung, owner) = match tables::owner_for(tx, lowest, organisation, &area, &not, now).await? {
        Some((rung, owner)) => (rung, Some(owner)),
        None => (lowest, None),
    };
    let matter = Matter {
        id: MatterId(app.next_id()),
        version: 1,
        standing: Standing::opened(form, rung, now),
        order,
        person,
        organisation,
        area,
        kind,
        words,
        owner,
        contacted_at: None,
        answer: None,
        climbed_at: None,
        source,
        created_at: now,
    };
    if tables::insert(tx, std::slice::from_ref(&matter), "opened", by).await?.is_empty() {
        let known = tables::of_source(tx, &matter.source).await?;
        let known = known.ok_or_else(|| Failure::Fault("a matter was neither written nor there".into()))?;
        return Ok((known, false));
    }
    jobs::enqueue(tx, &[matter_job(app, matter.id, matter.version)]).await?;
    Ok((matter.id, true))
}

/// The accounts that are part of a matter: whose it is, and who came. Neither of them sees to it.
pub(super) async fn parties(tx: &Tx, order: Option<OrderId>, person: PersonId) -> Result<Vec<AccountId>> {
    let mut parties: Vec<AccountId> = accounts::of_person(tx, person).await?.map(|own| own.id).into_iter().collect();
    if let Some(order) = order {
        parties.extend(ratings::came(tx, order).await?.map(|came| came.account));
    }
    Ok(parties)
}

/// What follows from a rating just given or changed: a poor one is seen to, and one that was raised before anybody was
/// in touch needs nobody any more.
pub(super) async fn poor_rating(
    app: &App,
    tx: &Tx,
    by: (Option<AccountId>, ActingAs),
    order: &Order,
    rating: &Rating,
) -> Result<()> {
    let source = format!("poor_rating/{}", order.id);
    let Some(known) = tables::of_source(tx, &source).await? else {
        if rating.level.is_poor() {
            let opening = Opening::of_order(Form::PoorRating, order, rating.words.clone(), source);
            open(app, tx, opening, by).await?;
        }
        return Ok(());
    };
    let Some(matter) = tables::lock(tx, &[known]).await?.pop() else { return Ok(()) };
    let event = if rating.level.is_poor() { MatterEvent::Renew } else { MatterEvent::Withdraw };
    match go(app, tx, matter, Step::by_system(event)).await {
        // It is in somebody's hands already, or was taken back before.
        Ok(_) | Err(Failure::Refused(_)) => Ok(()),
        Err(failure) => Err(failure),
    }
}
