//! Roles, their scope, and who is acting.

use serde::{Deserialize, Serialize};

use crate::area::AreaCode;
use crate::id::{AccountId, LoginId, OrganisationId, PersonId};

/// What somebody may be, besides a resident: everybody with an account is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works for an organisation: sees its bookings, checks people in.
    OrganisationStaff,
    /// Runs an organisation: what it offers, its hours, prices and staff. Works its desk too.
    OrganisationManager,
    /// Holds confidential cases for an organisation. Sees no booking that an ordinary colleague sees.
    CaseWorker,
    /// Works for one community.
    CommunityStaff,
    /// Works for a street office or a township: all its communities.
    StreetStaff,
    /// Works for the district: everything in it.
    DistrictStaff,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [
        Self::OrganisationStaff,
        Self::OrganisationManager,
        Self::CaseWorker,
        Self::CommunityStaff,
        Self::StreetStaff,
        Self::DistrictStaff,
    ];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::OrganisationStaff => "organisation_staff",
            Self::OrganisationManager => "organisation_manager",
            Self::CaseWorker => "case_worker",
            Self::CommunityStaff => "community_staff",
            Self::StreetStaff => "street_staff",
            Self::DistrictStaff => "district_staff",
        }
    }

    /// The role of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// Whether the role is held for an area; otherwise it is held for an organisation.
    pub const fn is_for_area(self) -> bool {
        matches!(self, Self::CommunityStaff | Self::StreetStaff | Self::DistrictStaff)
    }
}

/// Where a role holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The area and everything below it.
    Area(AreaCode),
    /// One organisation.
    Organisation(OrganisationId),
}

/// A role in force.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    /// What.
    pub role: Role,
    /// Where.
    pub scope: Scope,
}

/// Somebody who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// The person of the account.
    pub person: PersonId,
    /// The login that carried the request.
    pub login: LoginId,
    /// Roles in force now.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Whether any grant has this role.
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether the actor works at the desk of this organisation, or for an area the organisation lies in.
    pub fn serves(&self, organisation: OrganisationId, area: &AreaCode) -> bool {
        self.grants.iter().any(|grant| match (&grant.scope, grant.role) {
            (Scope::Organisation(own), Role::OrganisationStaff | Role::OrganisationManager) => *own == organisation,
            (Scope::Area(own), role) => role.is_for_area() && area.is_within(own),
            _ => false,
        })
    }

    /// Whether the actor runs this organisation, or is staff of an area it answers to.
    pub fn manages(&self, organisation: OrganisationId, area: &AreaCode) -> bool {
        let runs = Grant { role: Role::OrganisationManager, scope: Scope::Organisation(organisation) };
        self.grants.contains(&runs) || self.governs(area)
    }

    /// Whether the actor may run any organisation.
    pub fn is_manager(&self) -> bool {
        self.grants.iter().any(|grant| grant.role == Role::OrganisationManager || grant.role.is_for_area())
    }

    /// Whether the actor is area staff for this area.
    pub fn governs(&self, area: &AreaCode) -> bool {
        self.grants
            .iter()
            .any(|grant| matches!(&grant.scope, Scope::Area(own) if grant.role.is_for_area() && area.is_within(own)))
    }

    /// Whether the actor works at any desk: an organisation's, a community's, a street's, the district's.
    pub fn is_staff(&self) -> bool {
        self.grants.iter().any(|grant| grant.role != Role::CaseWorker)
    }
}
