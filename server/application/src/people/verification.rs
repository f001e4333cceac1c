//! Staff who have seen a document say so.

use linli_domain::id::{PersonId, VerificationId};
use linli_domain::person::{Fact, Person, Verification};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant};
use linli_store::audit::{self, ActingAs};
use linli_store::people::{household, persons, verifications};
use linli_store::{Reads, Tx};
use serde_json::json;

use super::views::{self, FactView};
use crate::error::Failure;
use crate::{App, Result, input};

/// What was seen.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What it proves.
    pub fact: Fact,
    /// Which document, in words.
    pub document: String,
    /// The last day on which it counts.
    pub expires_on: Option<Day>,
}

/// Records that a document was seen, in place of what was recorded of this fact before.
///
/// Area staff may do so for whoever lives in their area, and for whoever has named no community yet: those stand at
/// the desk too. Nobody verifies themselves or a child of their own.
///
/// # Errors
/// [`Code::PersonUnknown`], [`Code::RoleMissing`], [`Code::SelfVerification`], [`Code::FactMissing`],
/// [`Code::DateInvalid`].
pub async fn verify(app: &App, actor: &Actor, person: PersonId, seen: Seen) -> Result<Vec<FactView>> {
    let (this, by, now) = (app.clone(), actor.clone(), app.now());
    let document = input::line("document", &seen.document, input::DOCUMENT_MAX)?;
    if seen.expires_on.is_some_and(|day| day < now.day()) {
        return Err(Refusal::new(Code::DateInvalid).field("expires_at").into());
    }
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let subject = persons::person_locked(tx, person).await?.ok_or(Code::PersonUnknown)?;
                may_verify(tx, &by, &subject).await?;
                if !can_be_seen(&subject, seen.fact) {
                    return Err(Refusal::new(Code::FactMissing).field("fact").into());
                }
                verifications::revoke_fact(tx, person, seen.fact, now).await?;
                let verification = Verification {
                    id: VerificationId(this.next_id()),
                    person,
                    fact: seen.fact,
                    document,
                    verified_by: by.account,
                    verified_at: now,
                    expires_at: seen.expires_on.map(|day| day.plus(1).start()),
                };
                verifications::insert(tx, &verification).await?;
                let entry = this.entry(&by, ActingAs::Staff, "fact.verified").about(person).on(verification.id.0);
                audit::record(tx, entry.saying(json!({ "fact": seen.fact.key() }))).await?;
                Ok::<_, Failure>(())
            })
        })
        .await?;
    facts(app.store.reads(), person, now).await
}

/// Takes a verification back.
///
/// # Errors
/// [`Code::NotFound`] when it is not there, [`Code::RoleMissing`] as in [`verify`].
pub async fn revoke(app: &App, actor: &Actor, id: VerificationId) -> Result<()> {
    let (this, by, now) = (app.clone(), actor.clone(), app.now());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let verification = verifications::verification(tx, id).await?.ok_or(Code::NotFound)?;
                let subject = persons::person(tx, verification.person).await?.ok_or(Code::NotFound)?;
                may_verify(tx, &by, &subject).await?;
                verifications::revoke(tx, id, now).await?;
                let entry = this.entry(&by, ActingAs::Staff, "fact.revoked").about(subject.id).on(id.0);
                audit::record(tx, entry.saying(json!({ "fact": verification.fact.key() }))).await?;
                Ok::<_, Failure>(())
            })
        })
        .await
}

async fn may_verify(tx: &Tx, actor: &Actor, subject: &Person) -> Result<()> {
    let governs_any = actor.grants.iter().any(|grant| grant.role.is_for_area());
    let governs = subject.community.as_ref().map_or(governs_any, |community| actor.governs(community));
    if !governs {
        return Err(Code::RoleMissing.into());
    }
    let related = subject.id == actor.person || household::relation(tx, actor.person, subject.id).await?.is_some();
    if related { Err(Code::SelfVerification.into()) } else { Ok(()) }
}

/// Whether there is something to hold the document against. Identity needs a name: the number may stay unsaid, for
/// people who want their card looked at and not kept.
fn can_be_seen(person: &Person, fact: Fact) -> bool {
    match fact {
        Fact::Identity => !person.name.is_empty(),
        Fact::BirthDate => person.birth_date.is_some(),
        Fact::Residence => person.community.is_some(),
    }
}

async fn facts(reads: &impl Reads, person: PersonId, now: Instant) -> Result<Vec<FactView>> {
    let person = persons::person(reads, person).await?.ok_or(Code::PersonUnknown)?;
    Ok(views::person(reads, person, now).await?.facts)
}
