//! Who is logged in: tokens to actors, remembered for seconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::FutureExt;
use linli_domain::id::{AccountId, encode};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_store::people::logins::{self, Session};
use moka::future::Cache;

use crate::context::Parts;
use crate::error::Failure;
use crate::together::Together;
use crate::{App, Result, secrets};

/// How long an actor is remembered: the longest that a revocation may go unnoticed when no wake-up arrives.
const REMEMBERED: Duration = Duration::from_secs(5);
/// Actors remembered at most.
const CAPACITY: u64 = 20_000;
/// A login that is used is put off at most so often: reading must not become writing.
const TOUCHED_EVERY: Span = Span::hours(1);
/// Where processes tell each other that an account's logins or roles changed. The payload is the account's id.
pub(crate) const TOPIC: &str = "logins";
/// Tokens are 32 bytes in base 64 without padding.
const TOKEN_LENGTH: usize = 43;

/// The logins this process remembers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sessions {
    known: Cache<String, Known>,
    /// Raised by every revocation, so that what was read before one is not remembered after it.
    changes: Arc<AtomicU64>,
    /// Finds the session of a token's hash.
    find: Together<String, Option<Session>>,
}

#[derive(Clone, Debug)]
struct Known {
    actor: Arc<Actor>,
    until: Instant,
}

impl Sessions {
    /// Remembers nobody yet.
    pub(crate) fn new(parts: &Parts) -> Self {
        let (store, clock) = (parts.desk_store.clone(), parts.clock.clone());
        let find = Together::new(move |hashes: Vec<String>| {
            let (store, now) = (store.clone(), clock.now());
            async move { logins::sessions(store.reads(), &hashes, now).await }.boxed()
        });
        let known = Cache::builder().max_capacity(CAPACITY).time_to_live(REMEMBERED).build();
        Self { known, changes: Arc::default(), find }
    }

    /// Forgets an account in this process.
    async fn forget(&self, account: AccountId) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        let tokens: Vec<_> =
            self.known.iter().filter(|(_, known)| known.actor.account == account).map(|(token, _)| token).collect();
        for token in tokens {
            self.known.invalidate(token.as_ref()).await;
        }
    }
}

/// The actor of a token.
///
/// # Errors
/// [`Code::TokenInvalid`] when the token is unknown, has ended or was revoked.
pub async fn authenticate(app: &App, token: &str) -> Result<Arc<Actor>> {
    if token.len() != TOKEN_LENGTH {
        return Err(Code::TokenInvalid.into());
    }
    let (now, hash) = (app.now(), secrets::token_hash(token));
    let sessions = app.sessions();
    if let Some(known) = sessions.known.get(&hash).await
        && now < known.until
    {
        return Ok(known.actor);
    }
    let changes = sessions.changes.load(Ordering::SeqCst);
    let Session { login, person, grants } = sessions.find.ask(hash.clone()).await?.ok_or(Code::TokenInvalid)?;
    let until = grants.iter().filter_map(|record| record.valid_until).fold(login.expires_at, Instant::min);
    let actor = Arc::new(Actor {
        account: login.account,
        person,
        login: login.id,
        grants: grants.into_iter().map(|record| record.grant).collect(),
    });
    if now - login.seen_at >= TOUCHED_EVERY {
        touch(app, &login, now).await;
    }
    if sessions.changes.load(Ordering::SeqCst) == changes {
        sessions.known.insert(hash, Known { actor: actor.clone(), until }).await;
    }
    Ok(actor)
}

/// Puts off the end of a login. When the database is busy somebody else's request will do it: being logged in does
/// not depend on it.
async fn touch(app: &App, login: &logins::Login, now: Instant) {
    let (id, expires_at) = (login.id, now + app.settings.login_lasts);
    let written = app
        .store
        .write(move |tx| Box::pin(async move { Ok::<_, Failure>(logins::touch(tx, id, now, expires_at).await?) }))
        .await;
    if let Err(failure) = written {
        tracing::debug!(%failure, "a login was not put off");
    }
}

/// Makes every process forget what it remembers of an account: its logins or roles have changed.
pub(crate) async fn changed(app: &App, account: AccountId) {
    app.sessions().forget(account).await;
    app.hub.publish(TOPIC, &encode(account.0)).await;
}

/// Listens to the other processes for as long as the hub lives. Run it once per process, in a task of its own.
pub async fn listen(app: App) {
    let mut heard = app.hub.subscribe(TOPIC).await;
    while let Some(payload) = heard.next().await {
        if let Ok(account) = payload.parse() {
            app.sessions().forget(account).await;
        }
    }
}
