//! What people hear while it happens: offers made and gone, somebody on the way, an order that changed.
//!
//! [`tell`] belongs into the transaction that makes it so. What is told is kept for a day and numbered for each person
//! without a hole, in the order of commits: whoever remembers the last number they heard misses nothing and hears
//! nothing twice, whichever process they come back to. After the commit the hub wakes whoever listens; where the
//! hint is lost, they look by themselves every few seconds. [`pass_on`] is for what is true for a moment only, a
//! position: it is not kept.

pub mod entry;
mod feed;
mod places;

pub use feed::{Feed, News};
pub use linli_store::market::live::Told;
pub use places::Place;
pub(crate) use places::Places;

use futures::FutureExt;
use linli_domain::id::PersonId;
use linli_domain::time::{Instant, Span};
use linli_store::Tx;
use linli_store::booking::Order;
use linli_store::market::live::{self as table, New};
use linli_store::people::household;
use serde_json::{Value, json};

use crate::context::Parts;
use crate::together::Together;
use crate::{App, Failure, Result};

/// How long what was told is kept: whoever was away for longer reads everything anew.
const KEPT: Span = Span::days(1);

/// What a person is to hear.
#[derive(Debug, Clone, PartialEq)]
pub struct Tell {
    /// Who.
    pub person: PersonId,
    /// The stable key of what happened, such as `offer.made`.
    pub event: &'static str,
    /// Its particulars, a JSON object. Ids and states, no words and no names: the page reads those where they are.
    pub payload: Value,
}

/// Tells people something, once the caller's transaction commits. Nothing happens when it does not.
///
/// # Errors
/// None at present: what is told is written at the end of the transaction, which then fails as a whole.
pub async fn tell(app: &App, tx: &Tx, now: Instant, tells: Vec<Tell>) -> Result<()> {
    let mut people: Vec<PersonId> = tells.iter().map(|tell| tell.person).collect();
    people.sort_unstable();
    people.dedup();
    let new = |tell: Tell| New { person: tell.person, at: now, event: tell.event.into(), payload: tell.payload };
    table::tell(tx, tells.into_iter().map(new));
    let hub = app.hub.clone();
    let wake = async move {
        for person in people {
            hub.publish(&topic(person), "").await;
        }
    };
    tx.follow(wake.boxed());
    Ok(())
}

/// Tells whoever an order concerns that it has changed: the subject, and the guardians of a minor.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn order_changed(app: &App, tx: &Tx, order: &Order, now: Instant) -> Result<()> {
    let guardians = household::guardians(tx, order.subject).await?.into_iter().map(|one| one.guardian);
    let payload = json!({ "order_id": order.id, "version": order.version, "state": order.state.key() });
    let told = std::iter::once(order.subject).chain(guardians);
    let tells = told.map(|person| Tell { person, event: "order.changed", payload: payload.clone() }).collect();
    tell(app, tx, now, tells).await
}

/// Passes on to people what is true for a moment only. Whoever does not listen now never hears of it.
pub async fn pass_on(app: &App, people: &[PersonId], event: &'static str, payload: &Value) {
    let passing = json!({ "at": app.now(), "event": event, "payload": payload }).to_string();
    for person in people {
        app.hub.publish(&topic(*person), &passing).await;
    }
}

/// Where whoever listens for a person is woken, by an empty payload, and handed what is passing.
fn topic(person: PersonId) -> String {
    format!("live/{person}")
}

/// Looks the newest numbers of many people up at once: all who listen look every few seconds.
pub(crate) fn lasts(parts: &Parts) -> Together<PersonId, i64> {
    let store = parts.store.clone();
    Together::new(move |people: Vec<PersonId>| {
        let store = store.clone();
        async move { table::lasts(store.reads(), &people).await }.boxed()
    })
}

/// Forgets what was told longer ago than it is kept.
///
/// # Errors
/// Faults of the database.
pub async fn forget(app: &App) -> Result<u64> {
    let now = app.now();
    app.store
        .write(move |tx| async move { table::forget(tx, now - KEPT, now).await.map_err(Failure::from) }.boxed())
        .await
}
