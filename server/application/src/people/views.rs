//! People as pages show them: with their community, what is known of them, and how it is known.

use std::collections::{BTreeMap, BTreeSet};

use linli_domain::area::{Area, AreaCode, AreaLevel};
use linli_domain::id::{AccountId, GrantId, PersonId};
use linli_domain::person::{Fact, Person, Verification};
use linli_domain::role::{Role, Scope};
use linli_domain::time::Instant;
use linli_domain::words::Words;
use linli_store::Reads;
use linli_store::people::accounts::{self, Account};
use linli_store::people::grants::GrantRecord;
use linli_store::people::household::Relation;
use linli_store::people::{areas, persons, ties, verifications};

use crate::Result;

/// An area and the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaView {
    /// The area.
    pub area: Area,
    /// The number on which residents reach those who work for it, where it has one of its own.
    pub phone: Option<String>,
    /// The names from the street down to the area itself; empty for the district.
    pub path: Vec<Words>,
}

/// How well a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactStatus {
    /// Not at all.
    Missing,
    /// The person says so.
    Declared,
    /// Staff has seen a document.
    Verified,
    /// Staff has seen a document, and it counts no more.
    Expired,
}

/// What is known of one fact, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactView {
    /// Which fact.
    pub fact: Fact,
    /// How well it is known.
    pub status: FactStatus,
    /// The newest verification, standing or expired.
    pub verification: Option<Verification>,
    /// Who verified it, in words.
    pub verified_by: Option<Words>,
    /// How to get it verified.
    pub how: Words,
}

/// A person with everything a page shows of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    /// The person.
    pub person: Person,
    /// Completed years today.
    pub age: Option<i32>,
    /// The community, if it is known.
    pub community: Option<AreaView>,
    /// What the viewing guardian is to this minor.
    pub relation: Option<Relation>,
    /// All facts.
    pub facts: Vec<FactView>,
}

/// A role in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleView {
    /// The grant.
    pub id: GrantId,
    /// The role.
    pub role: Role,
    /// Its name.
    pub name: Words,
    /// Where it holds, in words.
    pub scope: Words,
    /// Where it holds.
    pub holds_in: Scope,
}

/// Everything the page "me" begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeView {
    /// The account.
    pub account: Account,
    /// The person of the account.
    pub person: PersonView,
    /// Roles in force.
    pub roles: Vec<RoleView>,
    /// Minors of the household.
    pub household: Vec<PersonView>,
    /// Unread messages.
    pub unread: i64,
}

/// Areas by code, with those above them.
pub(crate) struct AreaBook(BTreeMap<AreaCode, (Area, Option<String>)>);

impl AreaBook {
    /// Reads these areas and all above them.
    pub(crate) async fn read(reads: &impl Reads, codes: &[AreaCode]) -> Result<Self> {
        let found = areas::with_ancestors(reads, codes).await?;
        Ok(Self(found.into_iter().map(|(area, phone)| (area.code.clone(), (area, phone))).collect()))
    }

    /// One of them with its way.
    pub(crate) fn view(&self, code: &AreaCode) -> Option<AreaView> {
        let (area, phone) = self.0.get(code)?.clone();
        let mut path: Vec<Words> = std::iter::successors(Some(code.clone()), AreaCode::parent)
            .filter(|code| code.level() > AreaLevel::District)
            .filter_map(|code| self.0.get(&code))
            .map(|(area, _)| area.name.clone())
            .collect();
        path.reverse();
        Some(AreaView { area, phone, path })
    }
}

/// One person.
///
/// # Errors
/// Any failure of the database.
pub async fn person(reads: &impl Reads, person: Person, now: Instant) -> Result<PersonView> {
    let mut views = people(reads, vec![person], now).await?;
    Ok(views.pop().expect("one view for one person"))
}

/// Several people, in the order given, with a fixed number of reads.
///
/// # Errors
/// Any failure of the database.
pub async fn people(reads: &impl Reads, people: Vec<Person>, now: Instant) -> Result<Vec<PersonView>> {
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let codes: Vec<AreaCode> = people.iter().filter_map(|person| person.community.clone()).collect();
    let book = AreaBook::read(reads, &codes).await?;
    let seen = verifications::of_persons(reads, &ids).await?;
    let staff = names_of(reads, seen.iter().map(|seen| seen.verified_by)).await?;
    let views = people.into_iter().map(|person| {
        let facts = Fact::ALL.map(|fact| {
            let newest = seen.iter().rfind(|seen| seen.person == person.id && seen.fact == fact).cloned();
            fact_view(&person, fact, newest, &staff, now)
        });
        PersonView {
            age: person.age_on(now.day()),
            community: person.community.as_ref().and_then(|code| book.view(code)),
            relation: None,
            facts: facts.into(),
            person,
        }
    });
    Ok(views.collect())
}

fn fact_view(
    person: &Person,
    fact: Fact,
    verification: Option<Verification>,
    staff: &BTreeMap<AccountId, String>,
    now: Instant,
) -> FactView {
    let status = match &verification {
        Some(seen) if seen.holds_at(now) => FactStatus::Verified,
        Some(_) => FactStatus::Expired,
        None if is_declared(person, fact) => FactStatus::Declared,
        None => FactStatus::Missing,
    };
    let verified_by = verification.as_ref().map(|seen| staff_words(staff.get(&seen.verified_by)));
    FactView { fact, status, verification, verified_by, how: how(fact) }
}

fn is_declared(person: &Person, fact: Fact) -> bool {
    match fact {
        Fact::Identity => person.identity_mask.is_some(),
        Fact::BirthDate => person.birth_date.is_some(),
        Fact::Residence => person.community.is_some(),
    }
}

fn how(fact: Fact) -> Words {
    match fact {
        Fact::Identity => Words::new(
            "请带身份证到社区服务台，工作人员当面核对后即可。",
            "Please bring your identity card to the community desk; the staff will check it with you.",
        ),
        Fact::BirthDate => Words::new(
            "请带身份证、户口簿或出生证明到社区服务台核验。",
            "Please bring an identity card, household register or birth certificate to the community desk.",
        ),
        Fact::Residence => Words::new(
            "请带户口簿、房产证、租房合同或居住证到所在社区的服务台核验。",
            "Please bring a household register, deed, lease or residence permit to the desk of your community.",
        ),
    }
}

/// A member of the staff in words.
pub(crate) fn staff_words(name: Option<&String>) -> Words {
    match name {
        Some(name) if !name.is_empty() => Words::new(format!("工作人员 {name}"), format!("Staff: {name}")),
        _ => Words::new("工作人员", "Staff"),
    }
}

/// The names of the people of these accounts.
pub(crate) async fn names_of(
    reads: &impl Reads,
    ids: impl Iterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, String>> {
    let ids: BTreeSet<AccountId> = ids.collect();
    let owners = accounts::owners(reads, &ids.into_iter().collect::<Vec<_>>()).await?;
    let people: Vec<PersonId> = owners.iter().map(|(_, person)| *person).collect();
    let names: BTreeMap<PersonId, String> =
        persons::persons(reads, &people).await?.into_iter().map(|person| (person.id, person.name)).collect();
    Ok(owners
        .into_iter()
        .filter_map(|(account, person)| names.get(&person).map(|name| (account, name.clone())))
        .collect())
}

/// Roles in words, in the order given. A role whose area or organisation is gone is left out.
///
/// # Errors
/// Any failure of the database.
pub async fn roles(reads: &impl Reads, records: &[GrantRecord]) -> Result<Vec<RoleView>> {
    let mut codes = Vec::new();
    let mut organisations = Vec::new();
    for record in records {
        match &record.grant.scope {
            Scope::Area(code) => codes.push(code.clone()),
            Scope::Organisation(id) => organisations.push(*id),
        }
    }
    let book = AreaBook::read(reads, &codes).await?;
    let organisations = ties::organisations(reads, &organisations).await?;
    let view = |record: &GrantRecord| {
        let scope = match &record.grant.scope {
            Scope::Area(code) => book.view(code)?.area.name,
            Scope::Organisation(id) => organisations.iter().find(|found| found.id == *id)?.name.clone(),
        };
        Some(RoleView {
            id: record.id,
            role: record.grant.role,
            name: role_name(record.grant.role),
            scope,
            holds_in: record.grant.scope.clone(),
        })
    };
    Ok(records.iter().filter_map(view).collect())
}

/// A role's name.
pub fn role_name(role: Role) -> Words {
    match role {
        Role::OrganisationStaff => Words::new("单位工作人员", "Organisation staff"),
        Role::OrganisationManager => Words::new("单位管理员", "Organisation manager"),
        Role::CaseWorker => Words::new("个案工作者", "Case worker"),
        Role::CommunityStaff => Words::new("社区工作人员", "Community staff"),
        Role::StreetStaff => Words::new("街道工作人员", "Street office staff"),
        Role::DistrictStaff => Words::new("区级工作人员", "District staff"),
    }
}
