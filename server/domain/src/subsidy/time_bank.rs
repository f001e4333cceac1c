//! Hours that volunteers give and may have given to them later: a unit of its own, never turned into money.
//!
//! Minutes are earned with a visit that was confirmed, kept by whoever gave them or handed on, and spent on a visit of
//! another volunteer. The balance is a fold over entries; nobody spends what they do not have. The community's own
//! account gives what is earned and takes what is spent, so all accounts together always stand at nothing.

use std::collections::BTreeMap;

use crate::id::{OrderId, PersonId};

/// The most minutes of one visit.
pub const LONGEST: u32 = 24 * 60;

/// Whose minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// A person's.
    Person(PersonId),
    /// The community's: it stands behind the promise.
    Community,
}

/// Why minutes move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// For a visit that was given.
    Earned(OrderId),
    /// For a visit that was had.
    Spent(OrderId),
    /// A visit that was to be had was not: what was spent comes back.
    Returned(OrderId),
    /// A visit that was given was found not to have been.
    Withdrawn(OrderId),
    /// Handed on, as to one's parents.
    HandedOn,
}

/// Minutes that move from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// From.
    pub from: Holder,
    /// To.
    pub to: Holder,
    /// How many, at least one.
    pub minutes: u32,
    /// Why.
    pub why: Why,
}

/// Why minutes do not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoMove {
    /// None, or more than a day.
    #[error("a visit has 1 to 1440 minutes")]
    Minutes,
    /// The same visit was written down for the same person in the same way before.
    #[error("it was written down before")]
    Again,
    /// They have too few.
    #[error("only {have} minutes are there")]
    TooFew {
        /// What there is.
        have: i64,
    },
    /// What comes back was never spent or earned, or not so much.
    #[error("there is nothing of it to take back")]
    NotThere,
    /// From somebody to themselves.
    #[error("from somebody to themselves")]
    Oneself,
}

/// The accounts of all.
#[derive(Debug, Clone, Default)]
pub struct TimeBank {
    moves: Vec<Move>,
    balances: BTreeMap<Holder, i64>,
}

impl TimeBank {
    /// The accounts after these moves.
    ///
    /// # Errors
    /// [`NoMove`] for the first that cannot have happened.
    pub fn of(moves: impl IntoIterator<Item = Move>) -> Result<Self, NoMove> {
        moves.into_iter().try_fold(Self::default(), |mut bank, one| bank.apply(one).map(|()| bank))
    }

    /// What somebody has, in minutes. Somebody whose visit was withdrawn after they had spent it may owe.
    pub fn balance(&self, holder: Holder) -> i64 {
        self.balances.get(&holder).copied().unwrap_or(0)
    }

    /// Everything together: nothing.
    pub fn sum(&self) -> i64 {
        self.balances.values().sum()
    }

    /// For a visit somebody gave.
    pub const fn earned(by: PersonId, order: OrderId, minutes: u32) -> Move {
        Move { from: Holder::Community, to: Holder::Person(by), minutes, why: Why::Earned(order) }
    }

    /// For a visit somebody had.
    pub const fn spent(by: PersonId, order: OrderId, minutes: u32) -> Move {
        Move { from: Holder::Person(by), to: Holder::Community, minutes, why: Why::Spent(order) }
    }

    /// The opposite of what was written down for a visit; none for what was handed on.
    pub const fn undone(one: Move) -> Option<Move> {
        let why = match one.why {
            Why::Earned(order) => Why::Withdrawn(order),
            Why::Spent(order) => Why::Returned(order),
            _ => return None,
        };
        Some(Move { from: one.to, to: one.from, minutes: one.minutes, why })
    }

    /// Writes a move down, or leaves everything as it was.
    ///
    /// # Errors
    /// [`NoMove`].
    pub fn apply(&mut self, one: Move) -> Result<(), NoMove> {
        if !(1..=LONGEST).contains(&one.minutes) {
            return Err(NoMove::Minutes);
        }
        if one.from == one.to {
            return Err(NoMove::Oneself);
        }
        let known = |why: Why, from: Holder, to: Holder| {
            self.moves.iter().find(|other| other.why == why && other.from == from && other.to == to)
        };
        if one.why != Why::HandedOn && known(one.why, one.from, one.to).is_some() {
            return Err(NoMove::Again);
        }
        let undoes = match one.why {
            Why::Returned(order) => Some(Why::Spent(order)),
            Why::Withdrawn(order) => Some(Why::Earned(order)),
            _ => None,
        };
        if let Some(first) = undoes
            && known(first, one.to, one.from).is_none_or(|first| first.minutes != one.minutes)
        {
            return Err(NoMove::NotThere);
        }
        let have = self.balance(one.from);
        let is_promise = one.from == Holder::Community || matches!(one.why, Why::Withdrawn(_));
        if !is_promise && have < i64::from(one.minutes) {
            return Err(NoMove::TooFew { have });
        }
        *self.balances.entry(one.from).or_default() -= i64::from(one.minutes);
        *self.balances.entry(one.to).or_default() += i64::from(one.minutes);
        self.moves.push(one);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ME: Holder = Holder::Person(PersonId(1));

    #[test]
    fn minutes_are_earned_kept_and_spent() {
        let mut bank = TimeBank::default();
        bank.apply(TimeBank::earned(PersonId(1), OrderId(1), 90)).unwrap();
        assert_eq!(bank.apply(TimeBank::earned(PersonId(1), OrderId(1), 90)), Err(NoMove::Again));
        assert_eq!(bank.apply(TimeBank::spent(PersonId(1), OrderId(2), 91)), Err(NoMove::TooFew { have: 90 }));
        let spent = TimeBank::spent(PersonId(1), OrderId(2), 60);
        bank.apply(spent).unwrap();
        assert_eq!((bank.balance(ME), bank.sum()), (30, 0));
        let back = TimeBank::undone(spent).unwrap();
        bank.apply(back).unwrap();
        assert_eq!(bank.apply(back), Err(NoMove::Again), "it comes back once");
        assert_eq!(bank.balance(ME), 90);
        let to_mother = Move { from: ME, to: Holder::Person(PersonId(2)), minutes: 90, why: Why::HandedOn };
        bank.apply(to_mother).unwrap();
        assert_eq!((bank.balance(ME), bank.balance(Holder::Person(PersonId(2)))), (0, 90));
        assert_eq!(TimeBank::undone(to_mother), None);
    }

    #[test]
    fn what_was_never_written_does_not_come_back() {
        let mut bank = TimeBank::of([TimeBank::earned(PersonId(1), OrderId(1), 90)]).unwrap();
        let nothing = TimeBank::undone(TimeBank::spent(PersonId(1), OrderId(9), 30)).unwrap();
        assert_eq!(bank.apply(nothing), Err(NoMove::NotThere));
        let more = TimeBank::undone(TimeBank::earned(PersonId(1), OrderId(1), 91)).unwrap();
        assert_eq!(bank.apply(more), Err(NoMove::NotThere));
        for (minutes, why) in [(0, NoMove::Minutes), (LONGEST + 1, NoMove::Minutes)] {
            assert_eq!(bank.apply(TimeBank::earned(PersonId(1), OrderId(3), minutes)), Err(why));
        }
        assert_eq!(bank.apply(Move { from: ME, to: ME, minutes: 1, why: Why::HandedOn }), Err(NoMove::Oneself));
    }

    #[test]
    fn a_visit_that_was_not_given_may_leave_somebody_owing() {
        let earned = TimeBank::earned(PersonId(1), OrderId(1), 60);
        let mut bank = TimeBank::of([earned, TimeBank::spent(PersonId(1), OrderId(2), 60)]).unwrap();
        bank.apply(TimeBank::undone(earned).unwrap()).unwrap();
        assert_eq!((bank.balance(ME), bank.sum()), (-60, 0));
        assert_eq!(bank.apply(TimeBank::spent(PersonId(1), OrderId(3), 1)), Err(NoMove::TooFew { have: -60 }));
    }

    proptest! {
        /// Whatever is asked: all accounts together stand at nothing, nobody spends what they do not have.
        #[test]
        fn minutes_neither_appear_nor_vanish(asks in prop::collection::vec((1i64..4, 1i64..6, 1u32..200, 0u8..4), 0..60)) {
            let mut bank = TimeBank::default();
            for (who, order, minutes, sort) in asks {
                let (who, order) = (PersonId(who), OrderId(order));
                let next = Holder::Person(PersonId(who.0 % 3 + 1));
                let one = match sort {
                    0 => TimeBank::earned(who, order, minutes),
                    1 => TimeBank::spent(who, order, minutes),
                    2 => TimeBank::undone(TimeBank::spent(who, order, minutes)).unwrap(),
                    _ => Move { from: Holder::Person(who), to: next, minutes, why: Why::HandedOn },
                };
                let before = bank.balances.clone();
                if bank.apply(one).is_err() {
                    prop_assert_eq!(&before, &bank.balances);
                }
                prop_assert_eq!(bank.sum(), 0);
                prop_assert!((1..4).all(|who| bank.balance(Holder::Person(PersonId(who))) >= 0));
            }
            prop_assert_eq!(TimeBank::of(bank.moves.clone()).unwrap().balances, bank.balances);
        }
    }
}
