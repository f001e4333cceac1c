//! Bookings in people's own calendars (RFC 5545): a private feed that calendar programs subscribe to, one booking as a
//! file, and the public programme of an area.
//!
//! The address of a feed is its only key: 256 random bits, of which the hash is kept. Whoever has lost it makes a new
//! one, and the old one stops at once. A feed carries what a calendar on a wall would: what, when, where, for which
//! child. No check-in codes, no answers to forms, nothing of a confidential kind.

mod occasion;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt;
use linli_domain::area::AreaCode;
use linli_domain::id::{OrderId, PersonId, SessionId};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::session::{Session, SessionState};
use linli_domain::time::{Instant, Span};
use linli_domain::words::{Language, Words};
use linli_store::audit::{self, ActingAs};
use linli_store::booking::Order;
use linli_store::people::{household as kept, persons};
use linli_store::{finding, sessions};
use sha2::{Digest, Sha256};

use occasion::Known;
pub use occasion::{Occasion, Standing};
use write::written;

use crate::people::is_minor;
use crate::{App, Failure, Result, secrets};

/// What is over, or was cancelled, stays in a feed for so long.
const KEPT: Span = Span::days(30);
/// The most bookings in one feed; nobody has so many.
const MOST: u32 = 1_000;
/// A token is 256 bits in base 64.
const TOKEN_LENGTH: usize = 43;

/// A calendar as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The text.
    pub text: String,
    /// The same for the same text, and unlike that of any other.
    pub tag: String,
}

impl Written {
    fn of(name: &str, occasions: &[Occasion]) -> Self {
        let text = written(name, occasions);
        Self { tag: hex::encode(&Sha256::digest(text.as_bytes())[..16]), text }
    }
}

/// When the present address of the actor's calendar was made; none where there is none.
///
/// # Errors
/// The database's.
pub async fn made_at(app: &App, actor: &Actor) -> Result<Option<Instant>> {
    Ok(finding::calendar_made_at(app.store.reads(), actor.account).await?)
}

/// Gives the actor's calendar a new address and answers its token. The old address stops at once.
///
/// # Errors
/// The database's.
pub async fn make(app: &App, actor: &Actor) -> Result<String> {
    let token = secrets::new_token(&*app.random);
    let (this, by, hash, now) = (app.clone(), actor.clone(), secrets::token_hash(&token), app.now());
    app.store
        .write(move |tx| {
            async move {
                finding::set_calendar(tx, by.account, &hash, now).await?;
                let entry = this.entry(&by, ActingAs::Resident, "calendar.made").about(by.person);
                Ok::<_, Failure>(audit::record(tx, entry).await?)
            }
            .boxed()
        })
        .await?;
    Ok(token)
}

/// Takes the address of the actor's calendar away, if there is one.
///
/// # Errors
/// The database's.
pub async fn remove(app: &App, actor: &Actor) -> Result<()> {
    let (this, by) = (app.clone(), actor.clone());
    app.store
        .write(move |tx| {
            async move {
                if finding::remove_calendar(tx, by.account).await? {
                    let entry = this.entry(&by, ActingAs::Resident, "calendar.removed").about(by.person);
                    audit::record(tx, entry).await?;
                }
                Ok::<_, Failure>(())
            }
            .boxed()
        })
        .await
}

/// The bookings of whoever has this address, and of the minors they act for.
///
/// # Errors
/// [`Code::NotFound`] for a token that is wrong, was replaced or was taken away.
pub async fn feed(app: &App, token: &str) -> Result<Written> {
    if token.len() != TOKEN_LENGTH {
        return Err(Code::NotFound.into());
    }
    let (reads, now) = (app.store.reads(), app.now());
    let whose = finding::calendar_of(reads, &secrets::token_hash(token)).await?;
    let (person, language) = whose.ok_or(Code::NotFound)?;
    let wards: Vec<PersonId> = kept::wards(reads, person).await?.iter().map(|one| one.ward).collect();
    let minors = persons::persons(reads, &wards).await?;
    let minors = minors.into_iter().filter(|minor| is_minor(minor.birth_date, now.day()));
    // Somebody's own bookings need no name.
    let names: BTreeMap<PersonId, Option<String>> =
        minors.map(|minor| (minor.id, Some(minor.name))).chain([(person, None)]).collect();
    let people: Vec<PersonId> = names.keys().copied().collect();
    let orders = finding::bookings(reads, &people, now - KEPT, MOST).await?;
    let (catalogue, sessions) = (app.catalogue().await?, sessions_of(app, &orders).await?);
    let occasions: Vec<Occasion> = orders
        .iter()
        .flat_map(|order| {
            let known = Known {
                catalogue: &catalogue,
                session: order.session.and_then(|id| sessions.get(&id)),
                child: names.get(&order.subject).and_then(Option::as_deref),
                since: now - KEPT,
                language,
            };
            occasion::of_order(app, order, &known)
        })
        .collect();
    let name = Words::new("邻里预约", "Linli bookings");
    Ok(Written::of(name.in_language(language), &occasions))
}

/// One booking as a file, for its subject or their guardian, with the code to check in.
///
/// # Errors
/// [`Code::NotFound`] for anybody else, and for a kind that is confidential.
pub async fn of_order(app: &App, actor: &Actor, id: OrderId, language: Language) -> Result<Written> {
    let (order, acting) = app.own_order(actor, id).await?;
    let (catalogue, sessions) = (app.catalogue().await?, sessions_of(app, std::slice::from_ref(&order)).await?);
    let child = match acting {
        ActingAs::Guardian => persons::person(app.store.reads(), order.subject).await?.map(|person| person.name),
        _ => None,
    };
    let known = Known {
        catalogue: &catalogue,
        session: order.session.and_then(|id| sessions.get(&id)),
        child: child.as_deref(),
        since: Instant(i64::MIN),
        language,
    };
    let mut occasions = occasion::of_order(app, &order, &known);
    // A group may have no date yet; anything else without an entry is not for calendars.
    if occasions.is_empty() && order.session.is_none() {
        return Err(Code::NotFound.into());
    }
    for occasion in &mut occasions {
        occasion.add_check_in_code(&order, language);
    }
    let title = occasions.first().map(|occasion| occasion.title.clone()).unwrap_or_default();
    Ok(Written::of(&title, &occasions))
}

/// The sessions of orders, also those that are over.
async fn sessions_of(app: &App, orders: &[Order]) -> Result<BTreeMap<SessionId, Session>> {
    let ids: BTreeSet<SessionId> = orders.iter().filter_map(|order| order.session).collect();
    let ids: Vec<SessionId> = ids.into_iter().collect();
    let found = sessions::by_ids(app.store.reads(), &ids).await?;
    Ok(found.into_iter().map(|session| (session.id, session)).collect())
}

/// What is on in an area, for everybody: the meetings to come of its sessions, those called off among them.
///
/// # Errors
/// [`Code::NotFound`] for an area that is not there.
pub async fn programme(app: &App, area: &AreaCode, language: Language) -> Result<Written> {
    let (catalogue, now) = (app.catalogue().await?, app.now());
    let name = catalogue.areas.get(area).map(|area| area.name.in_language(language)).ok_or(Code::NotFound)?;
    let shown = catalogue.sessions.values().filter(|session| session.state != SessionState::Draft);
    let occasions: Vec<Occasion> = shown
        .filter_map(|session| Some((session, catalogue.offerings.get(&session.offering)?)))
        .filter(|(_, offered)| {
            let place = catalogue.places.get(&offered.offering.place);
            place.is_some_and(|place| place.area.is_within(area)) && app.orderable(offered).is_ok()
        })
        .flat_map(|(session, offered)| occasion::of_session(&catalogue, offered, session, now, language))
        .collect();
    Ok(Written::of(name, &occasions))
}
