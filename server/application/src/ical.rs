//! Bookings in people's own calendars (RFC 5545): a private feed that calendar programs subscribe to, and one booking
//! as a file.
//!
//! The address of a feed is its only key: 256 random bits, of which the hash is kept. Whoever has lost it makes a new
//! one, and the old one stops at once. A feed carries what a calendar on a wall would: what, when, where, for which
//! child. No check-in codes, no answers to forms, nothing of a confidential kind.

mod occasion;
mod write;

use std::collections::BTreeMap;

use futures::FutureExt;
use linli_domain::id::{OrderId, PersonId};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_domain::words::{Language, Words};
use linli_store::audit::{self, ActingAs};
use linli_store::finding;
use linli_store::people::{household as kept, persons};
use sha2::{Digest, Sha256};

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
    let catalogue = app.catalogue().await?;
    let occasions: Vec<Occasion> = orders
        .iter()
        .flat_map(|order| {
            let child = names.get(&order.subject).and_then(Option::as_deref);
            occasion::of_order(app, &catalogue, order, child, language)
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
    let catalogue = app.catalogue().await?;
    let child = match acting {
        ActingAs::Guardian => persons::person(app.store.reads(), order.subject).await?.map(|person| person.name),
        _ => None,
    };
    let mut occasions = occasion::of_order(app, &catalogue, &order, child.as_deref(), language);
    if occasions.is_empty() {
        return Err(Code::NotFound.into());
    }
    for occasion in &mut occasions {
        occasion.add_check_in_code(&order, language);
    }
    let title = occasions.first().map(|occasion| occasion.title.clone()).unwrap_or_default();
    Ok(Written::of(&title, &occasions))
}
