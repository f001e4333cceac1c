//! What people mark to find it again, and what they may want to book again.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt;
use linli_domain::id::{OfferingId, OrganisationId, PersonId, PlaceId, SessionId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Day;
use linli_domain::words::Words;
pub use linli_store::finding::Marked;
use linli_store::finding::{self as kept, Favourite};
use linli_store::people::persons;

use crate::catalogue::Catalogue;
use crate::people::household;
use crate::search::{self, Target};
use crate::{App, Failure, Result, browse};

/// The most one account marks.
const MOST: usize = 200;
/// How many offerings to book again are shown.
const AGAIN: usize = 20;

/// Something marked, as it is today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FavouriteView {
    /// What it is.
    pub what: Marked,
    /// Its id.
    pub target: i64,
    /// What it is called; what it was called, when it is gone.
    pub title: Words,
    /// What it is and where; empty when it is gone.
    pub line: Words,
    /// Whether it is no longer there.
    pub gone: bool,
}

const fn target(what: Marked, id: i64) -> Target {
    match what {
        Marked::Offering => Target::Offering(OfferingId(id)),
        Marked::Place => Target::Place(PlaceId(id)),
        Marked::Organisation => Target::Organisation(OrganisationId(id)),
        Marked::Session => Target::Session(SessionId(id)),
    }
}

/// What is shown of something that can be marked today.
fn shown(app: &App, catalogue: &Catalogue, what: Marked, id: i64) -> Option<search::Card> {
    let target = target(what, id);
    if !search::is_seen(app, catalogue, &target) {
        return None;
    }
    search::card(app, catalogue, &target)
}

/// What the actor has marked, the newest first.
///
/// # Errors
/// The database's.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<FavouriteView>> {
    let catalogue = app.catalogue().await?;
    let marked = kept::favourites(app.store.reads(), actor.account).await?;
    let view = |favourite: Favourite| {
        let Favourite { what, target, title, .. } = favourite;
        match shown(app, &catalogue, what, target) {
            Some(card) => FavouriteView { what, target, title: card.title, line: card.line, gone: false },
            None => FavouriteView { what, target, title, line: Words::new("", ""), gone: true },
        }
    };
    Ok(marked.into_iter().map(view).collect())
}

/// Marks something. Marking it twice changes nothing.
///
/// # Errors
/// [`Code::NotFound`] when it is not there, [`Code::FavouritesFull`].
pub async fn mark(app: &App, actor: &Actor, what: Marked, target: i64) -> Result<()> {
    let catalogue = app.catalogue().await?;
    let card = shown(app, &catalogue, what, target).ok_or(Code::NotFound)?;
    let (by, favourite) = (actor.clone(), Favourite { what, target, title: card.title, created_at: app.now() });
    app.store
        .write(move |tx| {
            async move {
                // The person's row is locked, so that two requests at once do not both find room.
                persons::person_locked(tx, by.person).await?.ok_or(Code::TokenInvalid)?;
                let marked = kept::favourites(tx, by.account).await?;
                let known = marked.iter().any(|one| (one.what, one.target) == (what, target));
                if !known && marked.len() >= MOST {
                    return Err(Refusal::new(Code::FavouritesFull).with("max", MOST).into());
                }
                Ok::<_, Failure>(kept::mark(tx, by.account, &favourite).await?)
            }
            .boxed()
        })
        .await
}

/// Takes a mark away, if there is one.
///
/// # Errors
/// The database's.
pub async fn unmark(app: &App, actor: &Actor, what: Marked, target: i64) -> Result<()> {
    let account = actor.account;
    app.store
        .write(move |tx| async move { Ok::<_, Failure>(kept::unmark(tx, account, what, target).await?) }.boxed())
        .await
}

/// Something somebody had, and could have again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// What.
    pub offering: OfferingId,
    /// Who was served.
    pub subject: (PersonId, String),
    /// The day of the last time.
    pub last_day: Day,
}

/// What the actor and the minors of the household had before and what is still on offer, the latest first, and the
/// catalogue it is in.
///
/// # Errors
/// The database's.
pub async fn again(app: &App, actor: &Actor) -> Result<(Arc<Catalogue>, Vec<Again>)> {
    let catalogue = app.catalogue().await?;
    let (reads, today) = (app.store.reads(), app.now().day());
    let mut names: BTreeMap<PersonId, String> = BTreeMap::new();
    names.extend(persons::person(reads, actor.person).await?.map(|person| (person.id, person.name)));
    names.extend(household::list(app, actor).await?.into_iter().map(|view| (view.person.id, view.person.name)));
    let people: Vec<PersonId> = names.keys().copied().collect();
    let had = kept::had(reads, &people, u32::try_from(AGAIN * 5).unwrap_or(u32::MAX)).await?;
    let again = had.into_iter().filter_map(|had| {
        browse::on_offer(app, catalogue.offerings.get(&had.offering)?, today)?;
        let name = names.get(&had.subject)?.clone();
        Some(Again { offering: had.offering, subject: (had.subject, name), last_day: had.last.day() })
    });
    let again = again.take(AGAIN).collect();
    Ok((catalogue, again))
}
