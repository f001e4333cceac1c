//! Who may listen: by a login's token, or by a ticket where no token can be sent; and for how long.

use futures::FutureExt;
use linli_domain::id::{AccountId, LoginId, PersonId};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_store::market::live as table;
use linli_store::people::logins;

use super::Place;
use crate::people::sessions;
use crate::{App, Failure, Result, secrets};

/// How long a ticket is good: it is used in the moment it is asked for.
const TICKET_LASTS: Span = Span::seconds(60);

/// Somebody who listens.
#[derive(Debug)]
pub struct Listener {
    pub(super) account: AccountId,
    pub(super) person: PersonId,
    pub(super) login: LoginId,
    _place: Place,
}

/// A way in that is good once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The ticket, shown this once.
    pub ticket: String,
    /// Until when it is good.
    pub expires_at: Instant,
}

/// Somebody who is logged in listens.
///
/// # Errors
/// [`Code::LiveFull`].
pub fn of(app: &App, actor: &Actor) -> Result<Listener> {
    let place = app.listeners.take(actor.person)?;
    Ok(Listener { account: actor.account, person: actor.person, login: actor.login, _place: place })
}

/// Somebody with a token listens.
///
/// # Errors
/// [`Code::TokenInvalid`], [`Code::LiveFull`].
pub async fn by_token(app: &App, token: &str) -> Result<Listener> {
    of(app, &*sessions::authenticate(app, token).await?)
}

/// Makes a ticket: for browsers and programs that cannot send a token when they open a socket.
///
/// # Errors
/// Faults of the database.
pub async fn ticket(app: &App, actor: &Actor) -> Result<Ticket> {
    let ticket = secrets::new_token(app.random.as_ref());
    let (hash, login, expires_at) = (secrets::token_hash(&ticket), actor.login, app.now() + TICKET_LASTS);
    app.store
        .write(move |tx| {
            async move { table::keep_ticket(tx, &hash, login, expires_at).await.map_err(Failure::from) }.boxed()
        })
        .await?;
    Ok(Ticket { ticket, expires_at })
}

/// Somebody with a ticket listens; nobody else does with the same one.
///
/// # Errors
/// [`Code::TokenInvalid`] for a ticket that is unknown, used or too old, or whose login has ended; [`Code::LiveFull`].
pub async fn by_ticket(app: &App, ticket: &str) -> Result<Listener> {
    let (hash, now) = (secrets::token_hash(ticket), app.now());
    let taken = app
        .store
        .write(move |tx| async move { table::take_ticket(tx, &hash, now).await.map_err(Failure::from) }.boxed())
        .await?;
    let login = taken.ok_or(Code::TokenInvalid)?;
    let (account, person) = logins::holder(app.store.reads(), login, now).await?.ok_or(Code::TokenInvalid)?;
    Ok(Listener { account, person, login, _place: app.listeners.take(person)? })
}

/// Whether the login of a listener still stands.
pub(super) async fn stands(app: &App, listener: &Listener) -> Result<bool> {
    Ok(logins::holder(app.store.reads(), listener.login, app.now()).await?.is_some())
}
