//! Contracts as people and desks see them.

use std::collections::BTreeMap;

use linli_domain::claim::{Pool, PoolKey};
use linli_domain::contract::{ContractEvent, ContractState, step};
use linli_domain::id::{ContractId, OfferingId, PersonId};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::slot::Left;
use linli_domain::words::Words;
use linli_store::booking::contracts::{self, Contract, Wanted};
use linli_store::people::persons;
use linli_store::scarcity;

use super::capacity;
use crate::people::household;
use crate::{App, Result};

/// The most contracts shown of one household.
const MOST: u32 = 100;

/// A contract with everything a page shows of it.
#[derive(Debug, Clone)]
pub struct ContractView {
    /// The contract.
    pub contract: Contract,
    /// The subject's name.
    pub subject: String,
    /// What the group is called.
    pub group: Words,
    /// Whether it can be renewed today.
    pub renewable: bool,
    /// What its subject can do now: `renew`, `end`, `withdraw`.
    pub actions: Vec<&'static str>,
}

/// How full a panel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panel {
    /// The most people.
    pub capacity: u32,
    /// Those with a contract.
    pub signed: u32,
    /// Those who asked for one.
    pub requested: u32,
    /// What is left, in words.
    pub left: Left,
}

/// A page of a doctor's contracts, and how many there are.
#[derive(Debug, Clone)]
pub struct Roll {
    /// How full it is.
    pub panel: Panel,
    /// The groups with their names, and how many people with a contract are in each.
    pub groups: Vec<(String, Words, u32)>,
    /// The contracts, newest first.
    pub contracts: Vec<ContractView>,
}

impl App {
    /// The contracts of the actor and the minors of their household.
    ///
    /// # Errors
    /// The database's.
    pub async fn contracts(&self, actor: &Actor) -> Result<Vec<ContractView>> {
        let mut people = vec![actor.person];
        people.extend(household::list(self, actor).await?.into_iter().map(|minor| minor.person.id));
        let found = contracts::of_people(self.store.reads(), &people, MOST).await?;
        self.contract_views(found).await
    }

    /// One contract, for its subject, a guardian, or the desk.
    ///
    /// # Errors
    /// [`Code::NotFound`] for anybody else.
    pub async fn contract(&self, actor: &Actor, id: ContractId) -> Result<ContractView> {
        self.contract_capacity(actor, id).await?;
        let contract = contracts::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        Ok(self.contract_views(vec![contract]).await?.remove(0))
    }

    /// How full the panel of an offering is.
    ///
    /// # Errors
    /// [`Code::NotFound`]; [`Code::ContractNotOffered`].
    pub async fn panel(&self, offering: OfferingId) -> Result<Panel> {
        let counts = contracts::counts(self.store.reads(), offering).await?;
        self.panel_of(offering, &counts).await
    }

    /// The contracts of an offering for its desk, newest first, older than `before`.
    ///
    /// # Errors
    /// [`Code::NotFound`] for offerings of other desks; [`Code::ContractNotOffered`].
    pub async fn roll(
        &self,
        actor: &Actor,
        offering: OfferingId,
        wanted: Wanted<'_>,
        before: Option<ContractId>,
        limit: u32,
    ) -> Result<Roll> {
        let catalogue = self.catalogue().await?;
        let offered = catalogue.offered(offering)?;
        if !catalogue.serves(actor, offered) {
            return Err(Code::NotFound.into());
        }
        let (_, terms) = self.terms_of(offered)?;
        let reads = self.store.reads();
        let counts = contracts::counts(reads, offering).await?;
        let panel = self.panel_of(offering, &counts).await?;
        let in_group = |key: &str| {
            let signed = counts.iter().filter(|(state, group, _)| *state == ContractState::Active && group == key);
            signed.map(|(_, _, count)| count).sum()
        };
        let groups = terms.groups.iter().map(|(key, name)| (key.clone(), name.clone(), in_group(key))).collect();
        let found = contracts::of_offering(reads, offering, wanted, before, limit).await?;
        Ok(Roll { panel, groups, contracts: self.contract_views(found).await? })
    }

    async fn panel_of(&self, offering: OfferingId, counts: &[(ContractState, String, u32)]) -> Result<Panel> {
        let catalogue = self.catalogue().await?;
        let offered = catalogue.offered(offering)?;
        self.terms_of(offered)?;
        let today = self.now().day();
        let capacity = capacity(offered, today);
        let key = PoolKey::panel(offering);
        let pools = scarcity::pools(self.store.reads(), std::slice::from_ref(&key)).await?;
        let taken = pools.get(&key).map_or(0, |pool| pool.taken);
        let pool = Pool { taken, ..Pool::fresh(capacity.max(taken)) };
        let left = offered.rules_on(today).map_or(Left::Closed, |(_, rules)| Left::of_pool(&pool, rules));
        let count = |wanted: ContractState| {
            counts.iter().filter(|(state, ..)| *state == wanted).map(|(_, _, count)| count).sum()
        };
        Ok(Panel {
            capacity,
            signed: count(ContractState::Active),
            requested: count(ContractState::Requested),
            // Nobody waits in line for a panel.
            left: if left == Left::Line { Left::None } else { left },
        })
    }

    async fn contract_views(&self, contracts: Vec<Contract>) -> Result<Vec<ContractView>> {
        let mut people: Vec<PersonId> = contracts.iter().map(|one| one.person).collect();
        people.sort_unstable();
        people.dedup();
        let names: BTreeMap<PersonId, String> = persons::persons(self.store.reads(), &people)
            .await?
            .into_iter()
            .map(|person| (person.id, person.name))
            .collect();
        let today = self.now().day();
        let view = |contract: Contract| {
            let terms = self.platforms.kind(&contract.kind).and_then(|kind| kind.contract.as_ref());
            let group = terms.and_then(|terms| terms.group(&contract.group)).cloned();
            let renewable = terms.is_some_and(|terms| terms.is_renewable(&contract.standing, today));
            let may = |event| terms.is_some_and(|terms| step(&contract.standing, event, terms, today).is_ok());
            let ends = if contract.standing.state == ContractState::Requested { "withdraw" } else { "end" };
            let actions = [(renewable, "renew"), (may(ContractEvent::End), ends)];
            ContractView {
                subject: names.get(&contract.person).cloned().unwrap_or_default(),
                group: group.unwrap_or_else(|| Words::new(&contract.group, &contract.group)),
                renewable,
                actions: actions.into_iter().filter_map(|(may, action)| may.then_some(action)).collect(),
                contract,
            }
        };
        Ok(contracts.into_iter().map(view).collect())
    }
}
