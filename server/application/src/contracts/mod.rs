//! Contracts with a family doctor: a place on a panel, asked for, answered by the desk, renewed, ended.

mod act;
mod follow;
mod view;

pub use act::{Decision, NewContract};
pub(crate) use act::{end_all, expire};
pub(crate) use follow::{remind, tell};
pub use view::{ContractView, Panel, Roll};

use linli_domain::platform::{ContractTerms, Kind};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::Day;
use linli_store::booking::contracts::Contract;
pub use linli_store::booking::contracts::Wanted;

use crate::catalogue::{Catalogue, Offered};
use crate::{App, Failure, Result};

impl App {
    /// The terms of an offering that has contracts.
    ///
    /// # Errors
    /// [`Code::ContractNotOffered`], and as [`App::orderable`] where the kind is gone or confidential.
    fn terms_of(&self, offered: &Offered) -> Result<(&Kind, &ContractTerms), Refusal> {
        let kind = self.platforms.kind(&offered.offering.kind).ok_or(Code::OfferingClosed)?;
        let terms = kind.contract.as_ref();
        Ok((kind, terms.ok_or(Refusal::new(Code::ContractNotOffered).field("offering_id"))?))
    }

    /// The terms of a contract that stands.
    fn terms_of_contract(&self, contract: &Contract) -> Result<&ContractTerms> {
        let terms = self.platforms.kind(&contract.kind).and_then(|kind| kind.contract.as_ref());
        terms.ok_or_else(|| Failure::Fault(format!("contract {} is of a kind without contracts", contract.id)))
    }
}

/// How many people an offering can take on a day.
fn capacity(offered: &Offered, day: Day) -> u32 {
    offered.rules_on(day).map_or(0, |(_, rules)| rules.capacity)
}

/// The offering of a contract. Foreign keys keep it there.
fn offered<'a>(catalogue: &'a Catalogue, contract: &Contract) -> Result<&'a Offered> {
    Ok(catalogue.offered(contract.offering)?)
}
