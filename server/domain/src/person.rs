//! People, and what is known of them: declared by themselves, or verified by somebody with a document.

use serde::{Deserialize, Serialize};

use crate::area::AreaCode;
use crate::id::{AccountId, PersonId, VerificationId};
use crate::time::{Day, Instant};
use crate::words::Language;

/// Below this age a guardian's separate consent is needed for personal data (PIPL art. 31), in completed years.
pub const SEPARATE_CONSENT_BELOW: i32 = 14;
/// Below this age a person is a minor (Civil Code art. 17), in completed years.
pub const MINOR_BELOW: i32 = 18;
/// From this age somebody is an elder (Law on the Protection of the Rights of the Elderly, art. 2).
pub const ELDER_FROM: i32 = 60;

/// Somebody who can be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Raised with every change.
    pub version: i32,
    /// The name; empty until it is given.
    pub name: String,
    /// The declared birth date.
    pub birth_date: Option<Day>,
    /// Where the person lives, as declared.
    pub community: Option<AreaCode>,
    /// The declared address.
    pub address: Option<String>,
    /// The masked identity number, when one was given.
    pub identity_mask: Option<String>,
    /// The language of messages.
    pub language: Language,
    /// Wishes large type and fewer things on a page.
    pub large_type: bool,
}

impl Person {
    /// Completed years on a day, if the birth date is known.
    pub fn age_on(&self, day: Day) -> Option<i32> {
        self.birth_date.map(|birth| birth.age_on(day))
    }
}

/// What can be verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The person is who they say: name and identity number.
    Identity,
    /// The birth date.
    BirthDate,
    /// Where the person lives.
    Residence,
}

impl Fact {
    /// Every fact.
    pub const ALL: [Self; 3] = [Self::Identity, Self::BirthDate, Self::Residence];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::BirthDate => "birth_date",
            Self::Residence => "residence",
        }
    }

    /// The fact of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.key() == key)
    }
}

/// A fact somebody of the staff has seen a document for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Which record.
    pub id: VerificationId,
    /// Whose.
    pub person: PersonId,
    /// What.
    pub fact: Fact,
    /// The kind of document seen, in words.
    pub document: String,
    /// Who saw it.
    pub verified_by: AccountId,
    /// When.
    pub verified_at: Instant,
    /// From then on it counts no more.
    pub expires_at: Option<Instant>,
}

impl Verification {
    /// Whether it still counts.
    pub fn holds_at(&self, at: Instant) -> bool {
        self.expires_at.is_none_or(|expires| at < expires)
    }
}

/// On whose authority somebody acts for a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Authority {
    /// For oneself.
    Myself,
    /// A guardian for a minor.
    Guardian,
    /// Staff, at the desk or by phone.
    Staff,
}

impl Authority {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Myself => "self",
            Self::Guardian => "guardian",
            Self::Staff => "staff",
        }
    }

    /// The authority of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Myself, Self::Guardian, Self::Staff].into_iter().find(|authority| authority.key() == key)
    }
}
