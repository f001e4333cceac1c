//! Identity-card numbers (GB 11643): sealed, found again by a keyed hash, shown as a mask.

use std::time::Duration;

use linli_domain::id::PersonId;
use linli_domain::identity::IdentityNumber;
use linli_domain::person::{Fact, Person};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_edge::Quota;
use linli_store::audit::{self, ActingAs};
use linli_store::people::persons::{self, KeptIdentity};
use linli_store::people::verifications;
use linli_store::{StoreError, Tx};

use super::views::{MeView, PersonView};
use super::{household, is_minor, login, profile};
use crate::error::Failure;
use crate::{App, Result};

/// Numbers an account may try per day: the answer says whether a number is registered, so nobody may ask often.
const TRIES: Quota = Quota::new(20, Duration::from_secs(24 * 3_600));

/// What a sealed number is sealed for.
pub(super) const PURPOSE: &str = "identity number";

/// The keyed hash a number is found by.
pub(super) fn hash(app: &App, number: &IdentityNumber) -> String {
    app.keys.hash(PURPOSE, number.characters())
}

/// A number as it is kept.
pub(crate) fn to_keep(app: &App, number: &IdentityNumber) -> KeptIdentity {
    KeptIdentity {
        sealed: app.keys.seal(PURPOSE, number.characters(), app.random.as_ref()),
        hash: hash(app, number),
        mask: number.masked(),
    }
}

/// Declares one's own identity number. A missing birth date is taken from it.
///
/// # Errors
/// [`Code::IdentityNumberInvalid`], [`Code::IdentityNumberTaken`], [`Code::IdentityMismatch`],
/// [`Code::TooManyRequests`].
pub async fn declare_own(app: &App, actor: &Actor, number: &str) -> Result<MeView> {
    declare(app, actor, None, number).await?;
    profile::me(app, actor).await
}

/// Declares a child's identity number.
///
/// # Errors
/// As [`declare_own`]; [`Code::NotFound`] for anybody else's child, [`Code::NotAMinor`] when the number is a grown-up's.
pub async fn declare_for(app: &App, actor: &Actor, child: PersonId, number: &str) -> Result<PersonView> {
    declare(app, actor, Some(child), number).await?;
    household::view(app, actor, child).await
}

async fn declare(app: &App, actor: &Actor, child: Option<PersonId>, number: &str) -> Result<()> {
    let number: IdentityNumber =
        number.parse().map_err(|_| Refusal::new(Code::IdentityNumberInvalid).field("number"))?;
    super::birth_date(number.birth_date(), app.now().day())
        .map_err(|_| Refusal::new(Code::IdentityNumberInvalid).field("number"))?;
    login::allowed(app.limiter.hit(&format!("identity:{}", actor.account), TRIES).await)?;
    let kept = to_keep(app, &number);
    let (this, by, now) = (app.clone(), actor.clone(), app.now());
    let written = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (person, acting_as) = match child {
                    None => {
                        let own = persons::person_locked(tx, by.person).await?.ok_or(Code::TokenInvalid)?;
                        (own, ActingAs::Resident)
                    }
                    Some(child) => (household::locked(tx, by.person, child, now).await?, ActingAs::Guardian),
                };
                if child.is_some() && !is_minor(Some(number.birth_date()), now.day()) {
                    return Err(Refusal::new(Code::NotAMinor).field("number").into());
                }
                if keep(tx, &person, &number, &kept).await? {
                    verifications::revoke_fact(tx, person.id, Fact::Identity, now).await?;
                    audit::record(tx, this.entry(&by, acting_as, "identity.declared").about(person.id)).await?;
                }
                Ok::<_, Failure>(())
            })
        })
        .await;
    match written {
        // Two people declared the same number at the same time: the index let one of them through.
        Err(Failure::Store(StoreError::Unique(_))) => Err(taken().into()),
        other => other,
    }
}

fn taken() -> Refusal {
    Refusal::new(Code::IdentityNumberTaken).field("number")
}

/// Keeps the number, and says whether it is another than before.
async fn keep(tx: &Tx, person: &Person, number: &IdentityNumber, kept: &KeptIdentity) -> Result<bool> {
    if person.birth_date.is_some_and(|born| born != number.birth_date()) {
        return Err(Refusal::new(Code::IdentityMismatch).field("number").into());
    }
    match persons::by_identity(tx, &kept.hash).await? {
        Some(holder) if holder.id == person.id => return Ok(false),
        Some(_) => return Err(taken().into()),
        None => {}
    }
    persons::set_identity(tx, person.id, Some(kept)).await?;
    let next = Person { birth_date: Some(number.birth_date()), ..person.clone() };
    if persons::update(tx, &next).await? { Ok(true) } else { Err(Code::StaleVersion.into()) }
}
