//! Closing one's account.

use linli_domain::id::PersonId;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_store::audit::{self, ActingAs};
use linli_store::finding;
use linli_store::market::reports;
use linli_store::people::logins::{self, Which};
use linli_store::people::{accounts, grants, household as kept, persons, ties};

use super::{household, sessions};
use crate::error::Failure;
use crate::{App, Result, workers};

/// Closes the actor's account: who they were is forgotten, all logins end, roles end, the phone is free again. Children
/// of the household whom no other guardian has are forgotten with it. Orders and the audit record stay, about nobody.
///
/// # Errors
/// [`Code::HasOpenOrders`] while the actor or such a child has bookings.
pub async fn close(app: &App, actor: &Actor) -> Result<()> {
    let (this, by, now) = (app.clone(), actor.clone(), app.now());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                persons::person_locked(tx, by.person).await?.ok_or(Code::TokenInvalid)?;
                let wards: Vec<PersonId> = kept::wards(tx, by.person).await?.iter().map(|one| one.ward).collect();
                if ties::open_orders(tx, &[by.person]).await? > 0 {
                    return Err(Code::HasOpenOrders.into());
                }
                for ward in wards {
                    household::remove_in(&this, tx, &by, ward).await?;
                }
                workers::close(&this, tx, by.person, now).await?;
                household::forget(&this, tx, by.person, now).await?;
                logins::revoke(tx, by.account, Which::All, now).await?;
                grants::end_all(tx, by.account, now).await?;
                finding::forget(tx, by.account).await?;
                reports::forget(tx, by.person).await?;
                accounts::close(tx, by.account, now).await?;
                let entry = this.entry(&by, ActingAs::Resident, "account.closed").about(by.person);
                Ok::<_, Failure>(audit::record(tx, entry).await?)
            })
        })
        .await?;
    sessions::changed(app, actor.account).await;
    Ok(())
}
