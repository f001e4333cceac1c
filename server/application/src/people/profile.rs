//! One's own profile.

use linli_domain::area::{AreaCode, AreaLevel};
use linli_domain::person::{Fact, Person, Verification};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant};
use linli_domain::words::Language;
use linli_store::audit::{self, ActingAs};
use linli_store::people::{accounts, areas, grants, persons, ties, verifications};
use linli_store::{Reads, Tx};
use serde_json::json;

use super::views::{self, MeView};
use super::{birth_date, household};
use crate::error::Failure;
use crate::{App, Result, input};

/// What somebody wants changed; what is none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The version the person was read with.
    pub version: i32,
    /// The name.
    pub name: Option<String>,
    /// The birth date; refused once it is verified.
    pub birth_date: Option<Day>,
    /// The community; what was verified of the residence ends with it.
    pub community: Option<AreaCode>,
    /// The address; an empty text removes it.
    pub address: Option<String>,
    /// The language of messages.
    pub language: Option<Language>,
    /// Large type.
    pub large_type: Option<bool>,
}

/// Everything the page "me" begins with.
///
/// # Errors
/// [`Code::TokenInvalid`] when the account was closed a moment ago.
pub async fn me(app: &App, actor: &Actor) -> Result<MeView> {
    let (reads, now) = (app.store.reads(), app.now());
    let account = accounts::account(reads, actor.account).await?.ok_or(Code::TokenInvalid)?;
    let person = persons::person(reads, actor.person).await?.ok_or(Code::TokenInvalid)?;
    let granted = grants::of_account(reads, actor.account, now).await?;
    Ok(MeView {
        account,
        person: views::person(reads, person, now).await?,
        roles: views::roles(reads, &granted).await?,
        household: household::list(app, actor).await?,
        unread: ties::unread(reads, actor.person).await?,
    })
}

/// Changes one's own profile.
///
/// # Errors
/// [`Code::StaleVersion`], [`Code::BirthDateLocked`], [`Code::IdentityMismatch`], [`Code::CommunityUnknown`], and
/// those of the texts.
pub async fn change(app: &App, actor: &Actor, changes: Changes) -> Result<MeView> {
    let (this, by, now) = (app.clone(), actor.clone(), app.now());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let person = persons::person_locked(tx, by.person).await?.ok_or(Code::TokenInvalid)?;
                let changed = apply(tx, &person, changes, now).await?;
                let entry = this.entry(&by, ActingAs::Resident, "person.changed").about(by.person);
                audit::record(tx, entry.saying(json!({ "fields": changed }))).await?;
                Ok::<_, Failure>(())
            })
        })
        .await?;
    me(app, actor).await
}

/// Writes changes to a person whose row is locked, and names the fields that changed.
pub(super) async fn apply(tx: &Tx, person: &Person, changes: Changes, now: Instant) -> Result<Vec<&'static str>> {
    if changes.version != person.version {
        return Err(Code::StaleVersion.into());
    }
    let mut next = person.clone();
    let mut fields = Vec::new();
    if let Some(name) = changes.name {
        next.name = input::name(&name)?;
        note(&mut fields, "name", next.name != person.name);
    }
    if let Some(born) = changes.birth_date {
        next.birth_date = Some(birth_date(born, now.day())?);
        note(&mut fields, "birth_date", next.birth_date != person.birth_date);
    }
    if let Some(code) = changes.community {
        next.community = Some(community(tx, code).await?);
        note(&mut fields, "community_code", next.community != person.community);
    }
    if let Some(address) = changes.address {
        next.address = match address.trim() {
            "" => None,
            text => Some(input::line("address", text, input::ADDRESS_MAX)?),
        };
        note(&mut fields, "address", next.address != person.address);
    }
    if let Some(language) = changes.language {
        next.language = language;
        note(&mut fields, "language", next.language != person.language);
    }
    if let Some(large_type) = changes.large_type {
        next.large_type = large_type;
        note(&mut fields, "large_type", next.large_type != person.large_type);
    }
    keep_verified_true(tx, person, &fields, now).await?;
    if persons::update(tx, &next).await? { Ok(fields) } else { Err(Code::StaleVersion.into()) }
}

fn note(fields: &mut Vec<&'static str>, field: &'static str, changed: bool) {
    if changed {
        fields.push(field);
    }
}

/// What staff has seen a document for is either kept from changing or counts no more once it does.
async fn keep_verified_true(tx: &Tx, person: &Person, fields: &[&str], now: Instant) -> Result<()> {
    let seen = verifications::of_persons(tx, &[person.id]).await?;
    let stands = |fact: Fact| seen.iter().any(|seen: &Verification| seen.fact == fact && seen.holds_at(now));
    if fields.contains(&"birth_date") {
        if stands(Fact::BirthDate) {
            return Err(Refusal::new(Code::BirthDateLocked).field("birth_date").into());
        }
        if person.identity_mask.is_some() {
            // The number carries the birth date it was checked against.
            return Err(Refusal::new(Code::IdentityMismatch).field("birth_date").into());
        }
    }
    if fields.contains(&"name") {
        verifications::revoke_fact(tx, person.id, Fact::Identity, now).await?;
    }
    if fields.contains(&"community_code") || fields.contains(&"address") {
        verifications::revoke_fact(tx, person.id, Fact::Residence, now).await?;
    }
    Ok(())
}

/// A community that exists.
pub(super) async fn community(reads: &impl Reads, code: AreaCode) -> Result<AreaCode> {
    let known = code.level() == AreaLevel::Community && areas::area(reads, &code).await?.is_some();
    if known { Ok(code) } else { Err(Refusal::new(Code::CommunityUnknown).field("community_code").into()) }
}
