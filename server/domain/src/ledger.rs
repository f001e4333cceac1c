//! Who owes and who has received: entries of postings that sum to nothing.
//!
//! Linli never holds money that is owed to others, so it has no account here. Cash goes from the resident into the hand
//! of whoever came; what the district pays, the district owes to whoever came, or to the organisation they work for,
//! until it pays them itself. An entry is never changed: what was wrong is countered by another that says the opposite.

use std::fmt;
use std::str::FromStr;

use crate::id::{OrderId, OrganisationId, PersonId, WorkerId};
use crate::time::{Instant, Span};

/// Whose money moves.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// A resident.
    Person(PersonId),
    /// What a worker who works for themselves has to get.
    Worker(WorkerId),
    /// What an organisation has to get.
    Organisation(OrganisationId),
    /// A budget of the district, by the key of its platform.
    District(String),
    /// The cash in a worker's hand.
    Cash(WorkerId),
}

impl Account {
    /// Whether it belongs to those who work, not to those who pay.
    pub const fn is_of_work(&self) -> bool {
        matches!(self, Self::Worker(_) | Self::Organisation(_) | Self::Cash(_))
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person/{id}"),
            Self::Worker(id) => write!(f, "worker/{id}"),
            Self::Organisation(id) => write!(f, "organisation/{id}"),
            Self::District(budget) => write!(f, "district/{budget}"),
            Self::Cash(id) => write!(f, "cash/worker/{id}"),
        }
    }
}

/// A text that is no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an account")]
pub struct NotAnAccount;

impl FromStr for Account {
    type Err = NotAnAccount;

    fn from_str(text: &str) -> Result<Self, NotAnAccount> {
        let (sort, rest) = text.split_once('/').ok_or(NotAnAccount)?;
        let wrong = |_| NotAnAccount;
        Ok(match sort {
            "person" => Self::Person(rest.parse().map_err(wrong)?),
            "worker" => Self::Worker(rest.parse().map_err(wrong)?),
            "organisation" => Self::Organisation(rest.parse().map_err(wrong)?),
            "district" if !rest.is_empty() => Self::District(rest.to_owned()),
            "cash" => Self::Cash(rest.strip_prefix("worker/").ok_or(NotAnAccount)?.parse().map_err(wrong)?),
            _ => return Err(NotAnAccount),
        })
    }
}

/// A movement on one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Whose.
    pub account: Account,
    /// How much in fen: received when positive, given when negative, never nothing.
    pub fen: i64,
}

/// Why something was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// A visit was done.
    VisitPaid,
    /// What was written before was wrong.
    Countered,
    /// What is right instead.
    Corrected,
}

impl What {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::VisitPaid, Self::Countered, Self::Corrected];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::VisitPaid => "visit.paid",
            Self::Countered => "visit.countered",
            Self::Corrected => "visit.corrected",
        }
    }

    /// The reason of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.key() == key)
    }
}

/// Postings that belong together and sum to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Why.
    pub what: What,
    /// For which order.
    pub order: OrderId,
    /// Whose work it was.
    pub worker: WorkerId,
    /// What it says once: a second entry of one source is not written.
    pub source: String,
    postings: Vec<Posting>,
}

/// Postings that do not sum to nothing, or of which one is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the postings do not balance")]
pub struct Unbalanced;

impl Entry {
    /// An entry out of its postings.
    ///
    /// # Errors
    /// [`Unbalanced`].
    pub fn new(
        what: What,
        order: OrderId,
        worker: WorkerId,
        source: String,
        postings: Vec<Posting>,
    ) -> Result<Self, Unbalanced> {
        let sum = postings.iter().try_fold(0_i64, |sum, posting| sum.checked_add(posting.fen));
        if postings.is_empty() || sum != Some(0) || postings.iter().any(|posting| posting.fen == 0) {
            return Err(Unbalanced);
        }
        Ok(Self { what, order, worker, source, postings })
    }

    /// Its postings.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// What those who work receive by it, in fen; negative where they give back.
    pub fn for_work(&self) -> i64 {
        self.postings.iter().filter(|posting| posting.account.is_of_work()).map(|posting| posting.fen).sum()
    }

    /// A movement between the same accounts with another sum for those who work: what counters an entry gives the
    /// opposite, what corrects it the right one.
    ///
    /// # Errors
    /// [`Unbalanced`] for no sum at all.
    pub fn again(&self, what: What, fen: i64, source: String) -> Result<Self, Unbalanced> {
        let other = |posting: &Posting| {
            let account = posting.account.clone();
            Posting { fen: if account.is_of_work() { fen } else { -fen }, account }
        };
        Self::new(what, self.order, self.worker, source, self.postings.iter().map(other).collect())
    }
}

/// How a visit is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// The resident gives cash to whoever came.
    Cash {
        /// Who pays.
        from: PersonId,
    },
    /// The district owes it.
    District {
        /// Out of which budget.
        budget: String,
        /// Whom the worker works for; themselves when nobody.
        organisation: Option<OrganisationId>,
    },
}

/// What a visit moves: the same sum from one side to the other.
pub fn moves(way: &Way, worker: WorkerId, fen: i64) -> Vec<Posting> {
    let (from, to) = match way {
        Way::Cash { from } => (Account::Person(*from), Account::Cash(worker)),
        Way::District { budget, organisation } => {
            (Account::District(budget.clone()), organisation.map_or(Account::Worker(worker), Account::Organisation))
        }
    };
    vec![Posting { account: from, fen: -fen }, Posting { account: to, fen }]
}

/// Minutes somebody was at work for a visit, the way there included, rounded up.
pub fn active_minutes(on_way: Option<Instant>, started: Option<Instant>, done: Instant) -> i64 {
    let from = on_way.or(started).unwrap_or(done);
    let minute = Span::minutes(1).0;
    ((done - from).0.max(0) + minute - 1) / minute
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn accounts_are_written_and_read() {
        for account in [
            Account::Person(PersonId(7)),
            Account::Worker(WorkerId(8)),
            Account::Organisation(OrganisationId(9)),
            Account::District("housekeeping".into()),
            Account::Cash(WorkerId(8)),
        ] {
            assert_eq!(account.to_string().parse(), Ok(account));
        }
        for odd in ["", "person", "person/7", "district/", "cash/0000000000007", "linli/0000000000007"] {
            assert_eq!(odd.parse::<Account>(), Err(NotAnAccount), "{odd}");
        }
    }

    #[test]
    fn what_does_not_balance_is_no_entry() {
        let entry = |fens: &[i64]| {
            let posting = |fen: &i64| Posting { account: Account::Cash(WorkerId(1)), fen: *fen };
            Entry::new(What::VisitPaid, OrderId(1), WorkerId(1), String::new(), fens.iter().map(posting).collect())
        };
        assert!(entry(&[-5, 5]).is_ok() && entry(&[-5, 2, 3]).is_ok());
        for odd in [&[][..], &[0], &[5], &[-5, 4], &[0, 0], &[i64::MAX, i64::MAX, 2]] {
            assert_eq!(entry(odd), Err(Unbalanced), "{odd:?}");
        }
    }

    #[test]
    fn the_way_there_is_time_at_work() {
        let at = |minutes: i64| Instant(0) + Span::minutes(minutes);
        assert_eq!(active_minutes(Some(at(0)), Some(at(10)), at(70)), 70);
        assert_eq!(active_minutes(None, Some(at(10)), at(70)), 60);
        assert_eq!(active_minutes(None, None, at(70)), 0);
        assert_eq!(active_minutes(Some(at(0)), None, Instant(1)), 1, "begun minutes count");
        assert_eq!(active_minutes(Some(at(5)), None, at(0)), 0);
    }

    proptest! {
        /// Whatever is paid and corrected: every entry sums to nothing, and what those who pay have given is what those
        /// who work have received.
        #[test]
        fn money_neither_appears_nor_vanishes(
            visits in prop::collection::vec((1_i64..1_000_000, any::<bool>(), any::<bool>(), 0_usize..3, 1_i64..1_000_000), 1..40),
        ) {
            let mut balances: BTreeMap<Account, i64> = BTreeMap::new();
            let mut expected = 0;
            for (n, (fen, cash, employed, corrections, right)) in visits.into_iter().enumerate() {
                let worker = WorkerId((n % 3) as i64 + 1);
                let order = OrderId(n as i64);
                let way = if cash {
                    Way::Cash { from: PersonId((n % 5) as i64) }
                } else {
                    Way::District { budget: "property".into(), organisation: employed.then_some(OrganisationId(1)) }
                };
                let postings = moves(&way, worker, fen);
                let paid = Entry::new(What::VisitPaid, order, worker, String::new(), postings).unwrap();
                let mut entries = vec![paid.clone()];
                for _ in 0..corrections {
                    let stands: i64 = entries.iter().map(Entry::for_work).sum();
                    entries.push(paid.again(What::Countered, -stands, String::new()).unwrap());
                    entries.push(paid.again(What::Corrected, right, String::new()).unwrap());
                }
                expected += if corrections == 0 { fen } else { right };
                for entry in entries {
                    prop_assert_eq!(entry.postings().iter().map(|posting| posting.fen).sum::<i64>(), 0);
                    for posting in entry.postings() {
                        *balances.entry(posting.account.clone()).or_default() += posting.fen;
                    }
                }
            }
            prop_assert_eq!(balances.values().sum::<i64>(), 0);
            let received: i64 = balances.iter().filter(|(account, _)| account.is_of_work()).map(|(_, fen)| fen).sum();
            prop_assert_eq!(received, expected);
        }
    }
}
