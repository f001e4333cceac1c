//! Contracts over the wire.

use linli_application::catalogue::Catalogue;
use linli_application::contracts::{ContractView, Panel as PanelOf};
use linli_domain::contract::ContractState;
use linli_domain::id::{ContractId, OfferingId};
use poem_openapi::{Enum, Object};

use super::catalogue::{ContractGroup, LeftKey, OrganisationRef, Place};
use super::orders::PersonRef;
use super::people::keys;
use super::{Id, On, Words};
use crate::problem::Answer;

keys! {
    /// Where a contract stands.
    ContractStateKey = ContractState {
        /// Asked for; the desk says yes or no.
        Requested,
        /// It holds.
        Active,
        /// It was ended, withdrawn, or ran out.
        Ended,
        /// The desk said no.
        Rejected,
    }
}

/// The doctor of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Doctor {
    /// The name; that of the organisation where nobody in particular is named.
    pub name: Words,
    /// The professional title; both texts empty where there is none.
    pub title: Words,
}

/// A contract.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Contract {
    /// Which.
    pub id: Id<ContractId>,
    /// The key of the kind.
    pub kind: String,
    /// With whom.
    pub offering_id: Id<OfferingId>,
    /// The doctor.
    pub doctor: Doctor,
    /// Who they work for.
    pub organisation: OrganisationRef,
    /// Where.
    pub place: Place,
    /// For whom.
    pub subject: PersonRef,
    /// The group they are in.
    pub group: ContractGroup,
    /// Where it stands.
    pub state: ContractStateKey,
    /// Where it stands, in words.
    pub state_words: Words,
    /// The first day; while it is asked for, the day it would begin today.
    pub from: On,
    /// The last day.
    pub until: On,
    /// Why it was rejected or ended.
    pub reason: Option<String>,
    /// Whether it can be renewed now.
    pub renewable: bool,
    /// What can be done now: `renew`, `end`, `withdraw`.
    pub actions: Vec<String>,
}

impl Contract {
    /// A contract as it goes over the wire.
    pub fn of(catalogue: &Catalogue, view: ContractView) -> Answer<Self> {
        let ContractView { contract, subject, group, renewable, actions } = view;
        let offered = catalogue.offered(contract.offering)?;
        let organisation = catalogue.organisation(offered)?;
        let doctor = match offered.offering.provider.and_then(|id| catalogue.providers.get(&id)) {
            Some(doctor) => Doctor { name: (&doctor.name).into(), title: (&doctor.title).into() },
            None => Doctor { name: (&organisation.name).into(), title: Words { zh: String::new(), en: String::new() } },
        };
        let (from, until) = (contract.standing.from, contract.standing.until);
        Ok(Self {
            id: Id(contract.id),
            kind: contract.kind.to_string(),
            offering_id: Id(contract.offering),
            doctor,
            organisation: OrganisationRef::of(catalogue, offered)?,
            place: Place::of(catalogue.place(offered)?),
            subject: PersonRef { id: Id(contract.person), name: subject },
            group: ContractGroup { key: contract.group, name: group.into() },
            state: contract.standing.state.into(),
            state_words: contract.standing.state.words().into(),
            from: On(from),
            until: On(until.plus(-1).max(from)),
            reason: (!contract.reason.is_empty()).then_some(contract.reason),
            renewable,
            actions: actions.into_iter().map(str::to_owned).collect(),
        })
    }
}

/// Contracts.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct ContractList {
    /// Open ones first, then the newest.
    pub items: Vec<Contract>,
}

/// How full a doctor's panel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct ContractPanel {
    /// The most people.
    pub capacity: u32,
    /// Those with a contract.
    pub signed: u32,
    /// What is left, in a word: `many`, `few`, `none`, `closed`.
    pub left: LeftKey,
}

impl From<PanelOf> for ContractPanel {
    fn from(panel: PanelOf) -> Self {
        Self { capacity: panel.capacity, signed: panel.signed, left: panel.left.into() }
    }
}

/// How many people of a group have a contract.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct ContractGroupCount {
    /// The key.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// How many.
    pub count: u32,
}

/// A doctor's contracts, and where the next page begins.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ContractRoll {
    /// The most people.
    pub capacity: u32,
    /// Those with a contract.
    pub signed: u32,
    /// Those who asked for one.
    pub requested: u32,
    /// The groups.
    pub groups: Vec<ContractGroupCount>,
    /// The contracts, newest first.
    pub items: Vec<Contract>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}
