//! Who holds which role, and giving and ending them. Street offices do so for their street, the district for all.

use linli_domain::area::{AreaCode, AreaLevel};
use linli_domain::id::{GrantId, OrganisationId};
use linli_domain::phone::Phone;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Actor, Grant, Role, Scope};
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;
use linli_store::Reads;
use linli_store::audit::{self, ActingAs};
use linli_store::people::grants::{self, GrantRecord};
use linli_store::people::{accounts, areas, ties};
use serde_json::json;

use super::views;
use super::{login, sessions};
use crate::error::Failure;
use crate::{App, Result};

/// A role somebody holds, as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRole {
    /// The grant.
    pub id: GrantId,
    /// The holder's name; may be empty.
    pub holder: String,
    /// The holder's phone.
    pub phone: Option<Phone>,
    /// The role.
    pub role: Role,
    /// Its name.
    pub role_name: Words,
    /// Where it holds, in words.
    pub scope: Words,
    /// Where it holds.
    pub holds_in: Scope,
    /// From then on.
    pub valid_from: Instant,
    /// Until then, exclusive.
    pub valid_until: Option<Instant>,
}

/// A role to be given.
#[derive(Debug, Clone)]
pub struct NewRole {
    /// The phone of the holder's account.
    pub phone: String,
    /// The role.
    pub role: Role,
    /// For roles of an area.
    pub area: Option<AreaCode>,
    /// For roles of an organisation.
    pub organisation: Option<OrganisationId>,
    /// The last day on which it holds.
    pub valid_until: Option<Day>,
}

/// Whether an actor may give or end a role there: the district any, a street office those of its communities and
/// organisations. Nobody appoints their own equals except the district.
fn administers(actor: &Actor, role: Role, area: &AreaCode) -> bool {
    actor.grants.iter().any(|own| match (&own.scope, own.role) {
        (Scope::Area(own), Role::DistrictStaff) => area.is_within(own),
        (Scope::Area(own), Role::StreetStaff) => {
            area.is_within(own) && !matches!(role, Role::StreetStaff | Role::DistrictStaff)
        }
        _ => false,
    })
}

/// The area a scope lies in.
async fn area_of(reads: &impl Reads, scope: &Scope) -> Result<Option<AreaCode>> {
    Ok(match scope {
        Scope::Area(code) => areas::area(reads, code).await?.map(|area| area.code),
        Scope::Organisation(id) => ties::organisations(reads, &[*id]).await?.pop().map(|found| found.area),
    })
}

/// The roles in force that the actor administers, in the order they were given; of one phone, if it is given.
///
/// # Errors
/// [`Code::PhoneInvalid`].
pub async fn list(app: &App, actor: &Actor, phone: Option<&str>) -> Result<Vec<HeldRole>> {
    let (reads, now) = (app.store.reads(), app.now());
    let records = match phone {
        None => grants::all(reads, now).await?,
        Some(phone) => match accounts::by_phone(reads, &login::parse_phone(phone)?).await? {
            Some(account) => grants::of_account(reads, account.id, now).await?,
            None => Vec::new(),
        },
    };
    let organisations: Vec<OrganisationId> = records
        .iter()
        .filter_map(|record| match record.grant.scope {
            Scope::Organisation(id) => Some(id),
            Scope::Area(_) => None,
        })
        .collect();
    let organisations = ties::organisations(reads, &organisations).await?;
    let mut own = Vec::new();
    for record in records {
        let area = match &record.grant.scope {
            Scope::Area(code) => Some(code),
            Scope::Organisation(id) => organisations.iter().find(|found| found.id == *id).map(|found| &found.area),
        };
        if area.is_some_and(|area| administers(actor, record.grant.role, area)) {
            own.push(record);
        }
    }
    held(reads, &own).await
}

async fn held(reads: &impl Reads, records: &[GrantRecord]) -> Result<Vec<HeldRole>> {
    let names = views::names_of(reads, records.iter().map(|record| record.account)).await?;
    let phones = accounts::phones(reads, &records.iter().map(|record| record.account).collect::<Vec<_>>()).await?;
    let words = views::roles(reads, records).await?;
    let view = |record: &GrantRecord| {
        let words = words.iter().find(|words| words.id == record.id)?;
        Some(HeldRole {
            id: record.id,
            holder: names.get(&record.account).cloned().unwrap_or_default(),
            phone: phones.iter().find(|(account, _)| *account == record.account).map(|(_, phone)| phone.clone()),
            role: record.grant.role,
            role_name: words.name.clone(),
            scope: words.scope.clone(),
            holds_in: record.grant.scope.clone(),
            valid_from: record.valid_from,
            valid_until: record.valid_until,
        })
    };
    Ok(records.iter().filter_map(view).collect())
}

/// Gives a role to the account of a phone. The same role in the same place is given once: its end is set anew.
///
/// # Errors
/// [`Code::PhoneInvalid`], [`Code::PersonUnknown`] when the phone has no account, [`Code::GrantUnknown`] when role and
/// scope do not fit or are not the actor's to give, [`Code::DateInvalid`].
pub async fn give(app: &App, actor: &Actor, new: NewRole) -> Result<HeldRole> {
    let phone = login::parse_phone(&new.phone)?;
    let now = app.now();
    if new.valid_until.is_some_and(|day| day < now.day()) {
        return Err(Refusal::new(Code::DateInvalid).field("valid_until").into());
    }
    let scope = scope(&new)?;
    let (this, by) = (app.clone(), actor.clone());
    let record = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let area = area_of(tx, &scope).await?.ok_or(Code::GrantUnknown)?;
                if !administers(&by, new.role, &area) {
                    return Err(Code::GrantUnknown.into());
                }
                let account = accounts::by_phone(tx, &phone)
                    .await?
                    .ok_or_else(|| Refusal::new(Code::PersonUnknown).field("phone"))?;
                let grant = Grant { role: new.role, scope };
                for same in grants::of_account(tx, account.id, now).await? {
                    if same.grant == grant {
                        grants::end(tx, same.id, now).await?;
                    }
                }
                let record = GrantRecord {
                    id: GrantId(this.next_id()),
                    account: account.id,
                    grant,
                    granted_by: Some(by.account),
                    valid_from: now,
                    valid_until: new.valid_until.map(|day| day.plus(1).start()),
                };
                grants::insert(tx, &record).await?;
                let entry = this.entry(&by, ActingAs::Staff, "role.given").about(account.person).on(record.id.0);
                audit::record(tx, entry.saying(json!({ "role": new.role.key() }))).await?;
                Ok::<_, Failure>(record)
            })
        })
        .await?;
    sessions::changed(app, record.account).await;
    let given = held(app.store.reads(), &[record]).await?.pop();
    given.ok_or_else(|| Failure::Fault("a role that was given cannot be read".into()))
}

fn scope(new: &NewRole) -> Result<Scope, Refusal> {
    let level = match new.role {
        Role::DistrictStaff => Some(AreaLevel::District),
        Role::StreetStaff => Some(AreaLevel::Street),
        Role::CommunityStaff => Some(AreaLevel::Community),
        Role::OrganisationStaff | Role::OrganisationManager | Role::CaseWorker => None,
    };
    match (&new.area, new.organisation) {
        (Some(area), None) if Some(area.level()) == level => Ok(Scope::Area(area.clone())),
        (None, Some(organisation)) if level.is_none() => Ok(Scope::Organisation(organisation)),
        _ => Err(Refusal::new(Code::GrantUnknown).field("role")),
    }
}

/// Ends a role.
///
/// # Errors
/// [`Code::NotFound`] when it is not in force or not the actor's to end.
pub async fn end(app: &App, actor: &Actor, id: GrantId) -> Result<()> {
    let (this, by, now) = (app.clone(), actor.clone(), app.now());
    let holder = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let record = grants::grant(tx, id, now).await?.ok_or(Code::NotFound)?;
                let area = area_of(tx, &record.grant.scope).await?.ok_or(Code::NotFound)?;
                if !administers(&by, record.grant.role, &area) {
                    return Err(Code::NotFound.into());
                }
                grants::end(tx, id, now).await?;
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
