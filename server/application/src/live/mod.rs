//! What people hear while it happens: offers made and gone, somebody on the way, an order that changed.
//!
//! [`tell`] belongs into the transaction that makes it so. What is told is kept for a day and numbered for each person
//! without a hole, in the order of commits: whoever remembers the last number they heard misses nothing and hears
//! nothing twice, whichever process they come back to. After the commit the hub wakes whoever listens; where the
//! hint is lost, they look by themselves every few seconds. [`pass_on`] is for what is true for a moment only, a
//! position: it is not kept.

use futures::FutureExt;
use linli_domain::id::PersonId;
use linli_domain::time::Instant;
use linli_store::Tx;
use linli_store::market::live::{self as table, New};
use serde_json::{Value, json};

use crate::{App, Result};

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
