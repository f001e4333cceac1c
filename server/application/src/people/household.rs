//! The minors somebody acts for. Who is a guardian is declared, and recorded as declared.

use linli_domain::id::PersonId;
use linli_domain::person::{MINOR_BELOW, Person, SEPARATE_CONSENT_BELOW};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant};
use linli_store::audit::{self, ActingAs};
use linli_store::booking::courses;
use linli_store::care;
use linli_store::channels;
use linli_store::market::{addresses, matters, ratings, refused};
use linli_store::people::household::{self as kept, Guardianship, Relation};
use linli_store::people::{cards, consents as given, persons, ties, verifications};
use linli_store::{Reads, Tx};
use serde_json::json;

use super::profile::{self, Changes};
use super::views::{self, PersonView};
use super::{birth_date, consents, is_minor};
use crate::error::Failure;
use crate::{App, Result, contracts, input};

/// The most minors one guardian may add.
const MOST: usize = 10;

/// A child to be added.
#[derive(Debug, Clone)]
pub struct NewWard {
    /// The name.
    pub name: String,
    /// The birth date.
    pub birth_date: Day,
    /// What the guardian is to the child.
    pub relation: Relation,
    /// The guardian's separate consent, needed under 14.
    pub consent_under_14: bool,
}

/// The minors of the actor's household, in the order they were added. Whoever has come of age acts for themselves.
///
/// # Errors
/// Any failure of the database.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<PersonView>> {
    let (reads, now) = (app.store.reads(), app.now());
    let declared = kept::wards(reads, actor.person).await?;
    let people = persons::persons(reads, &declared.iter().map(|one| one.ward).collect::<Vec<_>>()).await?;
    let minors = people.into_iter().filter(|person| is_minor(person.birth_date, now.day())).collect();
    let mut views = views::people(reads, minors, now).await?;
    let place = |id: PersonId| declared.iter().position(|one| one.ward == id);
    views.sort_by_key(|view| place(view.person.id));
    for view in &mut views {
        view.relation = declared.iter().find(|one| one.ward == view.person.id).map(|one| one.relation);
    }
    Ok(views)
}

/// The minor a guardian may act for now: a declared relation that stands, and still a minor.
///
/// # Errors
/// Any failure of the database.
pub async fn ward(
    reads: &impl Reads,
    guardian: PersonId,
    ward: PersonId,
    now: Instant,
) -> Result<Option<(Person, Relation)>> {
    let Some(relation) = kept::relation(reads, guardian, ward).await? else { return Ok(None) };
    let person = persons::person(reads, ward).await?;
    Ok(person.filter(|person| is_minor(person.birth_date, now.day())).map(|person| (person, relation)))
}

/// Adds a child to the household.
///
/// # Errors
/// [`Code::NotAMinor`], [`Code::GuardianTooYoung`], [`Code::ConsentMissing`], [`Code::HouseholdFull`].
pub async fn add(app: &App, actor: &Actor, new: NewWard) -> Result<PersonView> {
    let (this, by, now) = (app.clone(), actor.clone(), app.now());
    let (name, born) = (input::name(&new.name)?, birth_date(new.birth_date, now.day())?);
    let age = born.age_on(now.day());
    if age >= MINOR_BELOW {
        return Err(Refusal::new(Code::NotAMinor).field("birth_date").into());
    }
    if age < SEPARATE_CONSENT_BELOW && !new.consent_under_14 {
        return Err(Refusal::new(Code::ConsentMissing).field("consent_under_14").into());
    }
    let ward = PersonId(app.next_id());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                // The guardian's row is locked, so that two requests at once do not both find room.
                let guardian = persons::person_locked(tx, by.person).await?.ok_or(Code::TokenInvalid)?;
                if guardian.age_on(now.day()).is_none_or(|age| age < MINOR_BELOW) {
                    return Err(Code::GuardianTooYoung.into());
                }
                if kept::wards(tx, by.person).await?.len() >= MOST {
                    return Err(Refusal::new(Code::HouseholdFull).with("max", MOST).into());
                }
                let child = Person {
                    id: ward,
                    version: 1,
                    name,
                    birth_date: Some(born),
                    community: guardian.community,
                    address: guardian.address,
                    identity_mask: None,
                    language: guardian.language,
                    large_type: false,
                };
                persons::insert(tx, &child, None, now).await?;
                let declared = Guardianship { guardian: by.person, ward, relation: new.relation, declared_at: now };
                kept::insert(tx, &declared).await?;
                if age < SEPARATE_CONSENT_BELOW {
                    consents::record_for_child(&this, tx, &by, ward).await?;
                }
                let entry = this.entry(&by, ActingAs::Guardian, "household.added").about(ward);
                let own = this.entry(&by, ActingAs::Resident, "household.added").about(by.person).on(ward.0);
                let saying = json!({ "relation": new.relation.key() });
                audit::record_all(tx, vec![entry.saying(saying.clone()), own.saying(saying)]).await?;
                Ok::<_, Failure>(())
            })
        })
        .await?;
    view(app, actor, ward).await
}

/// Changes a child's name or birth date.
///
/// # Errors
/// [`Code::NotFound`] for anybody else's child, and those of [`profile::change`].
pub async fn change(app: &App, actor: &Actor, child: PersonId, changes: Changes) -> Result<PersonView> {
    let (this, by, now) = (app.clone(), actor.clone(), app.now());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let person = locked(tx, by.person, child, now).await?;
                if let Some(born) = changes.birth_date {
                    let age = born.age_on(now.day());
                    if age >= MINOR_BELOW {
                        return Err(Refusal::new(Code::NotAMinor).field("birth_date").into());
                    }
                    if age < SEPARATE_CONSENT_BELOW && !consents::given_for_child(tx, child).await? {
                        return Err(Refusal::new(Code::ConsentMissing).field("birth_date").into());
                    }
                }
                let changed = profile::apply(tx, &person, changes, now).await?;
                let entry = this.entry(&by, ActingAs::Guardian, "person.changed").about(child);
                audit::record(tx, entry.saying(json!({ "fields": changed }))).await?;
                Ok::<_, Failure>(())
            })
        })
        .await?;
    view(app, actor, child).await
}

/// Removes a child from the household. A child whom no other guardian has is forgotten altogether.
///
/// # Errors
/// [`Code::NotFound`] for anybody else's child, [`Code::HasOpenOrders`].
pub async fn remove(app: &App, actor: &Actor, child: PersonId) -> Result<()> {
    let (this, by) = (app.clone(), actor.clone());
    app.store.write(move |tx| Box::pin(async move { remove_in(&this, tx, &by, child).await })).await
}

/// As [`remove`], within a transaction.
pub(super) async fn remove_in(app: &App, tx: &Tx, actor: &Actor, child: PersonId) -> Result<()> {
    let now = app.now();
    if kept::relation(tx, actor.person, child).await?.is_none() {
        return Err(Code::NotFound.into());
    }
    persons::person_locked(tx, child).await?.ok_or(Code::NotFound)?;
    if ties::open_orders(tx, &[child]).await? > 0 {
        return Err(Code::HasOpenOrders.into());
    }
    kept::end(tx, actor.person, child, now).await?;
    let entry = app.entry(actor, ActingAs::Guardian, "household.removed").about(child);
    let own = app.entry(actor, ActingAs::Resident, "household.removed").about(actor.person).on(child.0);
    audit::record_all(tx, vec![entry, own]).await?;
    if kept::guardians(tx, child).await?.is_empty() {
        forget(app, tx, child, now).await?;
    }
    Ok(())
}

/// Forgets who somebody was: name, documents, messages, consents, the words of ratings and matters; contracts and
/// courses end. Orders and the audit record stay.
pub(super) async fn forget(app: &App, tx: &Tx, person: PersonId, now: Instant) -> Result<()> {
    contracts::end_all(app, tx, person).await?;
    courses::leave_all(tx, person, now).await?;
    verifications::revoke_all(tx, person, now).await?;
    given::withdraw(tx, person, None, now).await?;
    ratings::forget(tx, person).await?;
    matters::forget(tx, person, now).await?;
    ties::remove_notices(tx, person).await?;
    channels::forget(tx, person).await?;
    refused::forget(tx, person).await?;
    addresses::forget(tx, person, None).await?;
    cards::end(tx, person, now).await?;
    care::forget(tx, person).await?;
    Ok(persons::anonymise(tx, person, now).await?)
}

/// A child of the actor's household, locked for a change.
pub(super) async fn locked(tx: &Tx, guardian: PersonId, child: PersonId, now: Instant) -> Result<Person> {
    if ward(tx, guardian, child, now).await?.is_none() {
        return Err(Code::NotFound.into());
    }
    Ok(persons::person_locked(tx, child).await?.ok_or(Code::NotFound)?)
}

/// A child of the actor's household as a page shows it.
pub(super) async fn view(app: &App, actor: &Actor, child: PersonId) -> Result<PersonView> {
    let (reads, now) = (app.store.reads(), app.now());
    let (person, relation) = ward(reads, actor.person, child, now).await?.ok_or(Code::NotFound)?;
    let view = views::person(reads, person, now).await?;
    Ok(PersonView { relation: Some(relation), ..view })
}
