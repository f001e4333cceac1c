//! The same thing reported twice is one job: whoever reports it again follows it.
//!
//! Followers are told of every step. They never read who reported it, nor their number or words.

use futures::FutureExt;
use linli_domain::channel::{News, Urgency};
use linli_domain::geo::Wgs84;
use linli_domain::id::{OrderId, PersonId};
use linli_domain::platform::{Kind, VisitTerms};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::thing::{Keys, is_near};
use linli_domain::time::Instant;
use linli_domain::visit::VisitState;
use linli_domain::words::Words;
use linli_store::Reads;
use linli_store::booking::{Order, OrderEvent, orders};
use linli_store::market::reports::{self, Wanted};
use linli_store::market::visits;

use super::Report;
use crate::channels::{self, Telling};
use crate::{App, Failure, Result};

/// An open job about the same thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Same {
    /// Its order.
    pub order: OrderId,
    /// What it is about.
    pub kind: Words,
    /// Since when it is known.
    pub since: Instant,
    /// How many others follow it.
    pub followers: u32,
}

/// The open job about a thing of a kind at a place that others may follow; none where there is none. Private ones are never found.
///
/// # Errors
/// The database's.
pub async fn same(db: &impl Reads, kind: &Kind, keys: &Keys, at: Wgs84) -> Result<Option<Same>> {
    let wanted: Vec<&str> = keys.around.iter().chain([&keys.own]).map(String::as_str).collect();
    let found = reports::of_things(db, &wanted).await?;
    let Some((order, _, _)) = found.into_iter().find(|(_, key, place)| *key == keys.own || is_near(at, *place)) else {
        return Ok(None);
    };
    let wanted = Wanted { kinds: vec![kind.key.clone()], orders: Some(vec![order]), limit: 1, ..Wanted::default() };
    let report = reports::shared(db, &wanted).await?.pop();
    Ok(report.map(|report| Same {
        order,
        kind: kind.name.clone(),
        since: report.created_at,
        followers: report.followers,
    }))
}

/// Makes somebody a follower of a job, unless it is their own. Again changes nothing.
///
/// # Errors
/// [`Code::NotFound`] for what is over, and for what is not theirs to know of.
pub(crate) async fn join(app: &App, order: OrderId, person: PersonId) -> Result<()> {
    let (this, now) = (app.clone(), app.now());
    app.store
        .write(move |tx| {
            async move {
                let visit = visits::one(tx, order).await?.ok_or(Code::NotFound)?;
                let terms = this.platforms.kind(&visit.kind).and_then(|kind| kind.visit.as_ref());
                let open = !matches!(visit.state, VisitState::Done | VisitState::Failed | VisitState::Over);
                if visit.is_private || !open || !terms.is_some_and(VisitTerms::is_shareable) {
                    return Err(Failure::from(Code::NotFound));
                }
                let own = orders::one(tx, order).await?.is_some_and(|order| order.subject == person);
                if !own {
                    reports::follow(tx, order, person, now).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

impl App {
    /// Follows a job about something shared. Again changes nothing, and following one's own does neither.
    ///
    /// # Errors
    /// [`Code::NotFound`] for what is over, and for what is not theirs to know of.
    pub async fn follow(&self, actor: &Actor, order: OrderId) -> Result<Report> {
        join(self, order, actor.person).await?;
        self.report(order).await
    }

    /// Follows it no more. Not following it is as good.
    ///
    /// # Errors
    /// The database's.
    pub async fn stop_following(&self, actor: &Actor, order: OrderId) -> Result<()> {
        let person = actor.person;
        self.store
            .write(move |tx| {
                async move { reports::unfollow(tx, order, person).await.map(drop).map_err(Failure::from) }.boxed()
            })
            .await
    }

    /// What somebody follows, the latest first, at most a hundred.
    ///
    /// # Errors
    /// The database's.
    pub async fn followed(&self, actor: &Actor) -> Result<Vec<Report>> {
        let orders = reports::followed(self.store.reads(), actor.person, 100).await?;
        self.reports(Wanted { orders: Some(orders), limit: 100, ..Wanted::default() }).await
    }
}

/// Tells those who follow an order of a step: what has become of it, and nothing of who reported it. Running it twice
/// tells nobody twice.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn tell_followers(app: &App, order: &Order, event: &OrderEvent) -> Result<()> {
    let reads = app.store.reads();
    let Some(kind) = app.platforms.kind(&order.kind).filter(|kind| kind.visit.is_some()) else { return Ok(()) };
    let people = visits::followers(reads, order.id).await?;
    if people.is_empty() {
        return Ok(());
    }
    let Some(visit) = visits::one(reads, order.id).await?.filter(|visit| !visit.is_private) else { return Ok(()) };
    let (state, place, name) = (visit.state.words(), &visit.address, &kind.name);
    let telling = Telling {
        topic: "followed.changed".to_owned(),
        title: Words::new(format!("您关注的{}：{}", name.zh, state.zh), format!("{}: {}", name.en, state.en)),
        body: Words::new(
            format!("您关注的“{}”（{place}）有了进展：{}。", name.zh, state.zh),
            format!("\u{201c}{}\u{201d} ({place}), which you follow: {}.", name.en, state.en),
        ),
        order: Some((order.id, event.number)),
        announcement: None,
        area: Some(order.area.clone()),
        source: format!("followed/{}/{}", order.id, event.number),
        news: News { urgency: Urgency::Ordinary, by: None },
    };
    channels::tell(app, &people, &telling).await
}
