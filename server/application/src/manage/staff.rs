//! Who works for an organisation. Managers name colleagues and managers; nobody gives roles to themselves, and a
//! manager does not leave an organisation without one.

use linli_domain::id::{GrantId, OrganisationId};
use linli_domain::phone::Phone;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Actor, Grant, Role, Scope};
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;
use linli_store::Reads;
use linli_store::audit::{self, ActingAs};
use linli_store::managing::staff as rows;
use linli_store::people::accounts;
use linli_store::people::grants::{self, GrantRecord};
use serde_json::json;

use super::organisation;
use crate::people::{sessions, views};
use crate::{App, Failure, Result};

/// Somebody who works for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The grant.
    pub id: GrantId,
    /// The name; may be empty.
    pub name: String,
    /// The phone.
    pub phone: Option<Phone>,
    /// As what.
    pub role: Role,
    /// The role's name.
    pub role_name: Words,
    /// Until then, exclusive.
    pub valid_until: Option<Instant>,
}

/// A role to be given.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// For which organisation.
    pub organisation: OrganisationId,
    /// The phone of the holder's account.
    pub phone: String,
    /// As what.
    pub role: Role,
    /// The last day on which it holds.
    pub valid_until: Option<Day>,
}

/// The roles managers see and give. Case workers are named by the street office and the district.
pub(crate) const fn is_ordinary(role: Role) -> bool {
    matches!(role, Role::OrganisationStaff | Role::OrganisationManager)
}

/// Everybody who works for an organisation, in the order they were named.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn list(app: &App, actor: &Actor, id: OrganisationId) -> Result<Vec<Member>> {
    organisation(&*app.catalogue().await?, actor, id)?;
    let mut records = rows::of_organisation(app.store.reads(), id, app.now()).await?;
    records.retain(|record| is_ordinary(record.grant.role));
    members(app.store.reads(), &records).await
}

async fn members(reads: &impl Reads, records: &[GrantRecord]) -> Result<Vec<Member>> {
    let holders: Vec<_> = records.iter().map(|record| record.account).collect();
    let names = views::names_of(reads, holders.iter().copied()).await?;
    let phones = accounts::phones(reads, &holders).await?;
    let member = |record: &GrantRecord| Member {
        id: record.id,
        name: names.get(&record.account).cloned().unwrap_or_default(),
        phone: phones.iter().find(|(account, _)| *account == record.account).map(|(_, phone)| phone.clone()),
        role: record.grant.role,
        role_name: views::role_name(record.grant.role),
        valid_until: record.valid_until,
    };
    Ok(records.iter().map(member).collect())
}

/// Gives a role to the account of a phone. The same role is given once: its end is set anew.
///
/// # Errors
/// [`Code::NotFound`], [`Code::PhoneInvalid`], [`Code::PersonUnknown`] when the phone has no account,
/// [`Code::GrantUnknown`] for roles that are not a manager's to give, [`Code::SelfGrant`], [`Code::DateInvalid`].
pub async fn give(app: &App, actor: &Actor, new: NewMember) -> Result<Member> {
    organisation(&*app.catalogue().await?, actor, new.organisation)?;
    let phone: Phone = new.phone.parse().map_err(|_| Refusal::new(Code::PhoneInvalid).field("phone"))?;
    let now = app.now();
    if !is_ordinary(new.role) {
        return Err(Refusal::new(Code::GrantUnknown).field("role").into());
    }
    if new.valid_until.is_some_and(|day| day < now.day()) {
        return Err(Refusal::new(Code::DateInvalid).field("valid_until").into());
    }
    let (this, by) = (app.clone(), actor.clone());
    let record = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                if !rows::lock(tx, new.organisation).await? {
                    return Err(Code::NotFound.into());
                }
                let account = accounts::by_phone(tx, &phone)
                    .await?
                    .ok_or_else(|| Refusal::new(Code::PersonUnknown).field("phone"))?;
                if account.id == by.account {
                    return Err(Refusal::new(Code::SelfGrant).field("phone").into());
                }
                let grant = Grant { role: new.role, scope: Scope::Organisation(new.organisation) };
                let held = rows::of_organisation(tx, new.organisation, now).await?;
                let same = held.iter().filter(|held| held.account == account.id && held.grant == grant);
                rows::end(tx, &same.map(|held| held.id).collect::<Vec<_>>(), now).await?;
                let record = GrantRecord {
                    id: GrantId(this.next_id()),
                    account: account.id,
                    grant,
                    granted_by: Some(by.account),
                    valid_from: now,
                    valid_until: new.valid_until.map(|day| day.plus(1).start()),
                };
                rows::give(tx, new.organisation, std::slice::from_ref(&record)).await?;
                let entry = this.entry(&by, ActingAs::Staff, "role.given").about(account.person).on(record.id.0);
                audit::record(tx, entry.saying(json!({ "role": new.role.key() }))).await?;
                Ok::<_, Failure>(record)
            })
        })
        .await?;
    sessions::changed(app, record.account).await;
    let given = members(app.store.reads(), &[record]).await?.pop();
    given.ok_or_else(|| Failure::Fault("a role that was given cannot be read".into()))
}

/// Ends a role.
///
/// # Errors
/// [`Code::NotFound`] when it is not in force or not the actor's to end; [`Code::LastManager`] for somebody who is the
/// only manager and would leave.
pub async fn end(app: &App, actor: &Actor, id: GrantId) -> Result<()> {
    let (catalogue, now) = (app.catalogue().await?, app.now());
    let record = grants::grant(app.store.reads(), id, now).await?.ok_or(Code::NotFound)?;
    let Scope::Organisation(owner) = record.grant.scope else { return Err(Code::NotFound.into()) };
    organisation(&catalogue, actor, owner)?;
    if !is_ordinary(record.grant.role) {
        return Err(Code::NotFound.into());
    }
    let (this, by) = (app.clone(), actor.clone());
    let holder = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                rows::lock(tx, owner).await?;
                let held = rows::of_organisation(tx, owner, now).await?;
                let record = held.iter().find(|held| held.id == id).ok_or(Code::NotFound)?;
                let manages = |held: &&GrantRecord| held.grant.role == Role::OrganisationManager;
                let others = held.iter().filter(manages).any(|held| held.account != record.account);
                if record.account == by.account && manages(&record) && !others {
                    return Err(Code::LastManager.into());
                }
                rows::end(tx, &[id], now).await?;
                let mut entry = this.entry(&by, ActingAs::Staff, "role.ended").on(id.0);
                if let Some((_, person)) = accounts::owners(tx, &[record.account]).await?.pop() {
                    entry = entry.about(person);
                }
                audit::record(tx, entry.saying(json!({ "role": record.grant.role.key() }))).await?;
                Ok::<_, Failure>(record.account)
            })
        })
        .await?;
    sessions::changed(app, holder).await;
    Ok(())
}
