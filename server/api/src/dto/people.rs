//! People as they go over the wire.

use linli_application::people::desk::Found;
use linli_application::people::views::{AreaView, FactStatus, FactView, MeView, PersonView, RoleView};
use linli_application::people::{Relation, roles};
use linli_domain::area::{AreaKind, AreaLevel};
use linli_domain::id::{AccountId, GrantId, OrganisationId, PersonId, VerificationId};
use linli_domain::person;
use linli_domain::role::{self, Scope};
use linli_domain::words::Language;
use poem_openapi::{Enum, Object};

use super::{At, Id, InArea, On, Words};

/// Declares a key of the interface and how it stands to the domain's.
macro_rules! keys {
    ($(#[$doc:meta])* $name:ident = $domain:path { $($(#[$variant_doc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
        #[oai(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                use $domain as Domain;
                match value {
                    $(Domain::$variant => Self::$variant,)*
                }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                use $domain as Domain;
                match value {
                    $($name::$variant => Domain::$variant,)*
                }
            }
        }
    };
}
pub(super) use keys;

keys! {
    /// A language of the product.
    LanguageKey = Language {
        /// Simplified Chinese.
        Zh,
        /// English.
        En,
    }
}

keys! {
    /// What a guardian is to a minor.
    RelationKey = Relation {
        /// 父亲.
        Father,
        /// 母亲.
        Mother,
        /// 祖父母 or 外祖父母.
        Grandparent,
        /// Another guardian.
        Other,
    }
}

keys! {
    /// A role.
    RoleKey = role::Role {
        /// Works for an organisation.
        OrganisationStaff,
        /// Runs an organisation: what it offers, its hours, prices and staff.
        OrganisationManager,
        /// Holds confidential cases for an organisation.
        CaseWorker,
        /// Works for one community.
        CommunityStaff,
        /// Works for a street office or a township.
        StreetStaff,
        /// Works for the district.
        DistrictStaff,
    }
}

keys! {
    /// What can be verified.
    FactKey = person::Fact {
        /// Who the person is.
        Identity,
        /// The birth date.
        BirthDate,
        /// Where the person lives.
        Residence,
    }
}

keys! {
    /// How well a fact is known.
    FactStatusKey = FactStatus {
        /// Not at all.
        Missing,
        /// The person says so.
        Declared,
        /// Staff has seen a document.
        Verified,
        /// Staff has seen a document, and it counts no more.
        Expired,
    }
}

keys! {
    /// How high an area stands in the tree.
    AreaLevelKey = AreaLevel {
        /// The whole.
        District,
        /// A street office or township.
        Street,
        /// A community or village.
        Community,
        /// 80 to 100 households.
        Section,
        /// 30 to 50 households.
        Group,
    }
}

keys! {
    /// What an area is called by its constitution.
    AreaKindKey = AreaKind {
        /// 市辖区.
        District,
        /// 街道.
        StreetOffice,
        /// 镇.
        Town,
        /// 社区.
        Community,
        /// 村.
        Village,
        /// 片.
        Section,
        /// 组.
        Group,
    }
}

/// An area of the district.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Area {
    /// The code.
    pub code: InArea,
    /// The code of the area above; none for the district.
    pub parent_code: Option<InArea>,
    /// How high it stands.
    pub level: AreaLevelKey,
    /// What it is called by its constitution.
    pub kind: AreaKindKey,
    /// Its short name.
    pub name: Words,
    /// The names from the street down to the area itself; empty for the district.
    pub path: Vec<Words>,
    /// The number on which residents reach those who work for it. Without one, the service's own number helps.
    pub phone: Option<String>,
}

impl From<AreaView> for Area {
    fn from(view: AreaView) -> Self {
        let AreaView { area, phone, path } = view;
        Self {
            parent_code: area.code.parent().map(InArea),
            level: area.code.level().into(),
            kind: area.kind.into(),
            name: area.name.into(),
            path: path.into_iter().map(Words::from).collect(),
            phone,
            code: InArea(area.code),
        }
    }
}

/// What is known of one fact about a person, and how it is known.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Fact {
    /// Which fact.
    pub fact: FactKey,
    /// How well it is known.
    pub status: FactStatusKey,
    /// The record of the verification, standing or expired.
    pub verification_id: Option<Id<VerificationId>>,
    /// The document that was seen.
    pub document: Option<String>,
    /// Who saw it.
    pub verified_by: Option<Words>,
    /// When.
    pub verified_at: Option<At>,
    /// From then on it counts no more.
    pub expires_at: Option<At>,
    /// What to do to get it verified.
    pub how: Words,
}

impl From<FactView> for Fact {
    fn from(view: FactView) -> Self {
        let seen = view.verification;
        Self {
            fact: view.fact.into(),
            status: view.status.into(),
            verification_id: seen.as_ref().map(|seen| Id(seen.id)),
            verified_by: view.verified_by.map(Words::from),
            verified_at: seen.as_ref().map(|seen| At(seen.verified_at)),
            expires_at: seen.as_ref().and_then(|seen| seen.expires_at).map(At),
            document: seen.map(|seen| seen.document),
            how: view.how.into(),
        }
    }
}

/// A person: oneself, or a child of the household.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Person {
    /// Who.
    pub id: Id<PersonId>,
    /// Sent back with every change, so that nobody overwrites what they have not seen.
    pub version: i32,
    /// The name; empty until it is given.
    pub name: String,
    /// The birth date.
    pub birth_date: Option<On>,
    /// Completed years today.
    pub age: Option<i32>,
    /// The community.
    pub community: Option<Area>,
    /// The address.
    pub address: Option<String>,
    /// The language of messages.
    pub language: LanguageKey,
    /// Wishes large type and fewer things on a page.
    pub large_type: bool,
    /// What the guardian is to this child.
    pub relation: Option<RelationKey>,
    /// What is known of the person, and how.
    pub facts: Vec<Fact>,
    /// The first and last character of the identity number.
    pub identity_masked: Option<String>,
}

impl From<PersonView> for Person {
    fn from(view: PersonView) -> Self {
        let PersonView { person, age, community, relation, facts } = view;
        Self {
            id: Id(person.id),
            version: person.version,
            name: person.name,
            birth_date: person.birth_date.map(On),
            age,
            community: community.map(Area::from),
            address: person.address,
            language: person.language.into(),
            large_type: person.large_type,
            relation: relation.map(RelationKey::from),
            facts: facts.into_iter().map(Fact::from).collect(),
            identity_masked: person.identity_mask,
        }
    }
}

/// A role in force.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Role {
    /// The grant.
    pub grant_id: Id<GrantId>,
    /// Which role.
    pub role: RoleKey,
    /// Its name.
    pub name: Words,
    /// Where it holds, in words.
    pub scope: Words,
    /// The area it holds in.
    pub area_code: Option<InArea>,
    /// The organisation it holds for.
    pub organisation_id: Option<Id<OrganisationId>>,
}

/// The two ways a scope goes over the wire; exactly one is there.
pub(crate) fn scope(scope: Scope) -> (Option<InArea>, Option<Id<OrganisationId>>) {
    match scope {
        Scope::Area(code) => (Some(InArea(code)), None),
        Scope::Organisation(id) => (None, Some(Id(id))),
    }
}

impl From<RoleView> for Role {
    fn from(view: RoleView) -> Self {
        let (area_code, organisation_id) = scope(view.holds_in);
        Self {
            grant_id: Id(view.id),
            role: view.role.into(),
            name: view.name.into(),
            scope: view.scope.into(),
            area_code,
            organisation_id,
        }
    }
}

/// Everything the page "me" begins with.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Me {
    /// The account.
    pub account_id: Id<AccountId>,
    /// The person of the account.
    pub person: Person,
    /// The phone, masked.
    pub phone_masked: Option<String>,
    /// Whether WeChat is linked.
    pub wechat_linked: bool,
    /// Roles in force.
    pub roles: Vec<Role>,
    /// Children of the household.
    pub household: Vec<Person>,
    /// Unread messages.
    pub unread: i64,
}

impl From<MeView> for Me {
    fn from(view: MeView) -> Self {
        Self {
            account_id: Id(view.account.id),
            person: view.person.into(),
            phone_masked: view.account.phone.map(|phone| phone.masked()),
            wechat_linked: view.account.wechat_openid.is_some(),
            roles: view.roles.into_iter().map(Role::from).collect(),
            household: view.household.into_iter().map(Person::from).collect(),
            unread: view.unread,
        }
    }
}

/// Somebody found at a desk.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct FoundPerson {
    /// Who.
    pub id: Id<PersonId>,
    /// The name; may be empty.
    pub name: String,
    /// Completed years today.
    pub age: Option<i32>,
    /// The phone to reach them by, masked.
    pub phone_masked: Option<String>,
    /// The community.
    pub community: Option<Area>,
    /// What is known of the person, and how.
    pub facts: Vec<Fact>,
}

impl From<Found> for FoundPerson {
    fn from(found: Found) -> Self {
        let Found { view, phone } = found;
        Self {
            id: Id(view.person.id),
            name: view.person.name,
            age: view.age,
            phone_masked: phone.map(|phone| phone.masked()),
            community: view.community.map(Area::from),
            facts: view.facts.into_iter().map(Fact::from).collect(),
        }
    }
}

/// A role somebody holds, as administrators see it.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct HeldRole {
    /// The grant.
    pub grant_id: Id<GrantId>,
    /// The holder's name; may be empty.
    pub person_name: String,
    /// The holder's phone, masked.
    pub phone_masked: Option<String>,
    /// Which role.
    pub role: RoleKey,
    /// Its name.
    pub role_name: Words,
    /// Where it holds, in words.
    pub scope: Words,
    /// The area it holds in.
    pub area_code: Option<InArea>,
    /// The organisation it holds for.
    pub organisation_id: Option<Id<OrganisationId>>,
    /// The first day on which it holds.
    pub valid_from: On,
    /// The last day on which it holds.
    pub valid_until: Option<On>,
}

impl From<roles::HeldRole> for HeldRole {
    fn from(held: roles::HeldRole) -> Self {
        let (area_code, organisation_id) = scope(held.holds_in);
        Self {
            grant_id: Id(held.id),
            person_name: held.holder,
            phone_masked: held.phone.map(|phone| phone.masked()),
            role: held.role.into(),
            role_name: held.role_name.into(),
            scope: held.scope.into(),
            area_code,
            organisation_id,
            valid_from: On(held.valid_from.day()),
            // The end is the first instant that no longer counts.
            valid_until: held.valid_until.map(|until| On(until.day().plus(-1))),
        }
    }
}
