//! What people agreed to, in which words, and taking it back as easily.

use std::sync::LazyLock;

use linli_domain::id::{ConsentId, PersonId};
use linli_domain::person::Fact;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::people::consents::{self, Consent};
use linli_store::people::{household as kept, persons, verifications};
use linli_store::{Reads, Tx};
use serde::Deserialize;
use serde_json::json;

use super::household;
use crate::error::Failure;
use crate::{App, Result};

/// Agreed to when an identity number is kept.
const IDENTITY: &str = "identity_number";
/// Agreed to by a guardian for a child under 14.
const CHILD: &str = "child_under_14";

/// Of whom a consent is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Of everybody, for themselves.
    #[serde(rename = "self")]
    Myself,
    /// Of a guardian, for a child under 14.
    Guardian,
}

/// A text people are asked to agree to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentText {
    /// The stable key.
    pub purpose: String,
    /// Raised when the meaning changes.
    pub version: String,
    /// Of whom it is asked.
    pub asked: Asked,
    /// What it is called.
    pub title: Words,
    /// What it says.
    pub text: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    consent: Vec<ConsentText>,
}

static TEXTS: LazyLock<Vec<ConsentText>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../../data/consents.toml"))
        .expect("the consent texts are part of the program and a test reads them");
    file.consent
});

/// All texts.
pub fn texts() -> &'static [ConsentText] {
    &TEXTS
}

fn text(purpose: &str) -> Option<&'static ConsentText> {
    texts().iter().find(|text| text.purpose == purpose)
}

/// A text, and whether it was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentView {
    /// The text; of a consent to an older version, today's text.
    pub text: &'static ConsentText,
    /// The consent; none where it was not given yet.
    pub consent: Option<Consent>,
}

/// What the actor agreed to for themselves and for the children of the household, and what they may still agree to.
///
/// # Errors
/// Any failure of the database.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<ConsentView>> {
    let reads = app.store.reads();
    let mut given = consents::of_person(reads, actor.person).await?;
    let open = texts().iter().filter(|text| {
        let stands = |one: &Consent| {
            one.purpose == text.purpose && one.text_version == text.version && one.withdrawn_at.is_none()
        };
        text.asked == Asked::Myself && !given.iter().any(stands)
    });
    let mut views: Vec<ConsentView> = open.map(|text| ConsentView { text, consent: None }).collect();
    for child in kept::wards(reads, actor.person).await? {
        given.extend(consents::of_person(reads, child.ward).await?);
    }
    views.extend(given.into_iter().filter_map(view));
    Ok(views)
}

fn view(consent: Consent) -> Option<ConsentView> {
    text(&consent.purpose).map(|text| ConsentView { text, consent: Some(consent) })
}

/// Agrees to a text for oneself. Agreeing twice is agreeing once.
///
/// # Errors
/// [`Code::ConsentUnknown`].
pub async fn give(app: &App, actor: &Actor, purpose: &str) -> Result<ConsentView> {
    let text = text(purpose)
        .filter(|text| text.asked == Asked::Myself)
        .ok_or_else(|| Refusal::new(Code::ConsentUnknown).field("purpose"))?;
    let (this, by) = (app.clone(), actor.clone());
    let consent = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                persons::person_locked(tx, by.person).await?.ok_or(Code::TokenInvalid)?;
                let standing = consents::of_person(tx, by.person).await?.into_iter().find(|one| {
                    one.purpose == text.purpose && one.text_version == text.version && one.withdrawn_at.is_none()
                });
                match standing {
                    Some(standing) => Ok::<_, Failure>(standing),
                    None => record(&this, tx, &by, by.person, text, ActingAs::Resident).await,
                }
            })
        })
        .await?;
    Ok(ConsentView { text, consent: Some(consent) })
}

/// Records a guardian's separate consent for a child under 14.
pub(super) async fn record_for_child(app: &App, tx: &Tx, guardian: &Actor, child: PersonId) -> Result<()> {
    let text = text(CHILD).expect("a test looks for this purpose");
    record(app, tx, guardian, child, text, ActingAs::Guardian).await.map(drop)
}

/// Whether a guardian's separate consent for a child stands.
pub(super) async fn given_for_child(reads: &impl Reads, child: PersonId) -> Result<bool> {
    let given = consents::of_person(reads, child).await?;
    Ok(given.iter().any(|one| one.purpose == CHILD && one.withdrawn_at.is_none()))
}

async fn record(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    person: PersonId,
    text: &ConsentText,
    acting_as: ActingAs,
) -> Result<Consent> {
    let consent = Consent {
        id: ConsentId(app.next_id()),
        person,
        given_by: actor.account,
        purpose: text.purpose.clone(),
        text_version: text.version.clone(),
        given_at: app.now(),
        withdrawn_at: None,
    };
    consents::insert(tx, &consent).await?;
    audit::record(tx, saying(app.entry(actor, acting_as, "consent.given").about(person), &consent)).await?;
    Ok(consent)
}

fn saying(entry: AuditEntry, consent: &Consent) -> AuditEntry {
    let detail = json!({ "purpose": consent.purpose, "version": consent.text_version });
    entry.on(consent.id.0).saying(detail)
}

/// Takes a consent back, with what follows: without consent an identity number is deleted, and a child under 14 leaves
/// the household.
///
/// # Errors
/// [`Code::NotFound`] for consents of others and those already withdrawn, [`Code::HasOpenOrders`] when a child still
/// has bookings.
pub async fn withdraw(app: &App, actor: &Actor, id: ConsentId) -> Result<()> {
    let (this, by, now) = (app.clone(), actor.clone(), app.now());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let consent = consents::consent(tx, id).await?.ok_or(Code::NotFound)?;
                let own = consent.person == by.person;
                let childs = kept::relation(tx, by.person, consent.person).await?.is_some();
                if consent.withdrawn_at.is_some() || !(own || childs) {
                    return Err(Code::NotFound.into());
                }
                consents::withdraw(tx, consent.person, Some(&consent.purpose), now).await?;
                let acting_as = if own { ActingAs::Resident } else { ActingAs::Guardian };
                let entry = this.entry(&by, acting_as, "consent.withdrawn").about(consent.person);
                audit::record(tx, saying(entry, &consent)).await?;
                match consent.purpose.as_str() {
                    IDENTITY => {
                        persons::set_identity(tx, consent.person, None).await?;
                        verifications::revoke_fact(tx, consent.person, Fact::Identity, now).await?;
                    }
                    CHILD => household::remove_in(&this, tx, &by, consent.person).await?,
                    _ => {}
                }
                Ok::<_, Failure>(())
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_are_there_in_both_languages() {
        for purpose in ["privacy_policy", IDENTITY, CHILD] {
            let text = text(purpose).expect(purpose);
            for words in [&text.title, &text.text] {
                assert!(!words.zh.trim().is_empty() && words.en.is_ascii() && words.en.len() > 10, "{purpose}");
            }
        }
        assert_eq!(text(CHILD).unwrap().asked, Asked::Guardian);
    }
}
