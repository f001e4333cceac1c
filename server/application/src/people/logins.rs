//! The devices somebody is logged in on, and logging them out.

use linli_domain::id::LoginId;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_store::audit::{self, ActingAs};
use linli_store::people::logins::{self, Login, Which};

use super::sessions;
use crate::error::Failure;
use crate::{App, Result};

/// The logins that stand, newest first.
///
/// # Errors
/// Any [`Failure`] of the database.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Login>> {
    Ok(logins::of_account(app.store.reads(), actor.account, app.now()).await?)
}

/// Ends one login of one's own; with the present login, logs out.
///
/// # Errors
/// [`Code::NotFound`] when it is nobody's, somebody else's, or has ended.
pub async fn revoke(app: &App, actor: &Actor, login: LoginId) -> Result<()> {
    let ended = end(app, actor, Which::One(login)).await?;
    if ended == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
}

/// Ends all other logins of one's own.
///
/// # Errors
/// Any [`Failure`] of the database.
pub async fn revoke_others(app: &App, actor: &Actor) -> Result<()> {
    end(app, actor, Which::AllBut(actor.login)).await.map(drop)
}

async fn end(app: &App, actor: &Actor, which: Which) -> Result<u64> {
    let (this, actor, now) = (app.clone(), actor.clone(), app.now());
    let account = actor.account;
    let ended = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let ended = logins::revoke(tx, actor.account, which, now).await?;
                if ended > 0 {
                    let (action, target) = match which {
                        Which::One(id) => ("login.ended", id),
                        Which::AllBut(_) | Which::All => ("logins.ended", actor.login),
                    };
                    let entry = this.entry(&actor, ActingAs::Resident, action).about(actor.person).on(target.0);
                    audit::record(tx, entry).await?;
                }
                Ok::<_, Failure>(ended)
            })
        })
        .await?;
    sessions::changed(app, account).await;
    Ok(ended)
}
