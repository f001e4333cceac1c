//! Those who pay, and what their shares move.

use crate::id::{OrganisationId, PersonId};
use crate::ledger::{Account, Posting};
use crate::time::Day;
use crate::words::Words;

use super::rule::Rule;

/// A family member's word to pay for an elder's meals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pledge {
    /// Whose word.
    pub by: PersonId,
    /// Smaller pays first; of the same number whoever has the smaller id.
    pub order: u16,
    /// At most so much of a portion, in fen; all that is left where nothing is said.
    pub portion_fen: Option<u32>,
    /// At most so much in a month, in fen.
    pub month_fen: u32,
    /// The first day of service.
    pub from: Day,
    /// The last day of service.
    pub until: Option<Day>,
}

impl Pledge {
    /// Whether it holds on a day of service.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Who pays a share.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Payer {
    /// The district, by a rule.
    District {
        /// The rule's key.
        rule: String,
        /// Its version.
        version: u32,
        /// Out of which budget.
        budget: String,
    },
    /// A family member.
    Family(PersonId),
    /// The elder.
    Elder(PersonId),
}

impl Payer {
    /// Whose money it is, in the ledger.
    pub fn account(&self) -> Account {
        match self {
            Self::District { budget, .. } => Account::District(budget.clone()),
            Self::Family(id) | Self::Elder(id) => Account::Person(*id),
        }
    }

    /// Whether the district pays.
    pub const fn is_district(&self) -> bool {
        matches!(self, Self::District { .. })
    }
}

/// What somebody pays.
pub type Share = (Payer, i64);

/// What shares move to whoever cooked: the payers give, the canteen has to get. None where nothing is paid.
pub fn postings(shares: &[Share], canteen: OrganisationId) -> Vec<Posting> {
    let mut postings: Vec<Posting> = Vec::new();
    let (mut total, to) = (0, Account::Organisation(canteen));
    for (payer, fen) in shares.iter().filter(|(_, fen)| *fen != 0) {
        total += fen;
        let account = payer.account();
        // Two rules may draw on one budget, and an elder may pledge for themselves.
        match postings.iter_mut().find(|posting| posting.account == account) {
            Some(posting) => posting.fen -= fen,
            None => postings.push(Posting { account, fen: -fen }),
        }
    }
    if total != 0 {
        postings.push(Posting { account: to, fen: total });
    }
    postings.retain(|posting| posting.fen != 0);
    postings
}

/// A payer in words; the elder is named by whoever shows it, since it may be "you".
pub fn payer_words(payer: &Payer, rules: &[Rule]) -> Words {
    match payer {
        Payer::District { rule, version, .. } => {
            let named = rules.iter().find(|known| known.key == *rule && known.version == *version);
            named.map_or_else(|| Words::new("政府补贴", "Subsidy of the district"), |rule| rule.name.clone())
        }
        Payer::Family(_) => Words::new("家人承担", "Family"),
        Payer::Elder(_) => Words::new("本人承担", "Own share"),
    }
}
