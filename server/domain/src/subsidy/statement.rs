//! What somebody owes month by month: a fold over entries that are only ever added.
//!
//! Until there is online payment, what a family member or an elder pays accrues and is settled by transfer or at the
//! desk, with the number of a receipt. An entry belongs to the month it was booked in, so that a statement that was
//! printed stays true; what is given back later stands in a later one.

use std::collections::BTreeMap;

use crate::id::{AccountId, OrderId, PersonId};
use crate::meal::Meal;
use crate::time::{Day, Instant};
use crate::words::Words;

use super::rule::month_of;

/// Why a share is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Back {
    /// Called off in time.
    Cancelled,
    /// Nobody took it.
    Missed,
    /// It was not wanted at the door.
    Refused,
    /// The elder died or moved away.
    Left,
}

impl Back {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Cancelled, Self::Missed, Self::Refused, Self::Left];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Missed => "missed",
            Self::Refused => "refused",
            Self::Left => "left",
        }
    }

    /// The reason of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|back| back.key() == key)
    }

    /// For people. Of somebody who is no longer here no more is said than needed.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Cancelled => ("已取消", "cancelled"),
            Self::Missed => ("未取餐", "not taken"),
            Self::Refused => ("拒收", "not wanted at the door"),
            Self::Left => ("用餐已停止", "meals have ended"),
        };
        Words::new(zh, en)
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// A share of an order is owed.
    Owed {
        /// Which order.
        order: OrderId,
        /// Of which day.
        day: Day,
        /// Which meal.
        meal: Meal,
    },
    /// A share, or a part of one, is no longer owed.
    GivenBack {
        /// Which order.
        order: OrderId,
        /// Of which day.
        day: Day,
        /// Which meal.
        meal: Meal,
        /// Why.
        why: Back,
    },
    /// Something was paid; staff wrote it down.
    Settled {
        /// The number of the receipt.
        receipt: String,
    },
    /// A payment that was written down was wrong.
    SettledWrongly {
        /// The number of the receipt.
        receipt: String,
    },
}

/// One entry of somebody's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who owes it.
    pub payer: PersonId,
    /// For which elder.
    pub elder: PersonId,
    /// When it was written.
    pub booked: Instant,
    /// What happened.
    pub moved: Moved,
    /// How much, in fen; never negative: what happened says which way.
    pub fen: i64,
}

impl Entry {
    /// What it adds to what is owed, in fen.
    pub const fn owed_fen(&self) -> i64 {
        match self.moved {
            Moved::Owed { .. } | Moved::SettledWrongly { .. } => self.fen,
            Moved::GivenBack { .. } | Moved::Settled { .. } => -self.fen,
        }
    }
}

/// A month of somebody's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'a> {
    /// Which, `2026-11`.
    pub month: String,
    /// Owed at its beginning, in fen; negative where more was paid than owed.
    pub opening_fen: i64,
    /// New shares.
    pub owed_fen: i64,
    /// Given back.
    pub given_back_fen: i64,
    /// Paid, less what was written down wrongly.
    pub settled_fen: i64,
    /// Owed at its end.
    pub closing_fen: i64,
    /// What it is made of, in the order it was booked.
    pub entries: Vec<&'a Entry>,
}

/// The statement of a month, of the entries of one account.
pub fn statement<'a>(entries: &'a [Entry], month: &str) -> Statement<'a> {
    let mut statement = Statement {
        month: month.to_owned(),
        opening_fen: 0,
        owed_fen: 0,
        given_back_fen: 0,
        settled_fen: 0,
        closing_fen: 0,
        entries: Vec::new(),
    };
    for entry in entries {
        let booked = month_of(entry.booked.day());
        if *booked < *month {
            statement.opening_fen += entry.owed_fen();
        } else if booked == month {
            match entry.moved {
                Moved::Owed { .. } => statement.owed_fen += entry.fen,
                Moved::GivenBack { .. } => statement.given_back_fen += entry.fen,
                Moved::Settled { .. } => statement.settled_fen += entry.fen,
                Moved::SettledWrongly { .. } => statement.settled_fen -= entry.fen,
            }
            statement.entries.push(entry);
        }
    }
    statement.entries.sort_by_key(|entry| entry.booked);
    statement.closing_fen =
        statement.opening_fen + statement.owed_fen - statement.given_back_fen - statement.settled_fen;
    statement
}

/// What is in arrears on a day, in fen: owed at the end of a month that closed more than `days` before, and neither
/// given back nor paid since. Payments settle the oldest first.
pub fn arrears(entries: &[Entry], today: Day, days: u16) -> i64 {
    let closed_by = month_of(today.plus(-i32::from(days)));
    let mut due_of: BTreeMap<OrderId, i64> = BTreeMap::new();
    for entry in entries {
        if let Moved::Owed { order, .. } = entry.moved
            && month_of(entry.booked.day()) < closed_by
        {
            *due_of.entry(order).or_default() += entry.fen;
        }
    }
    let mut settled = 0;
    for entry in entries {
        match entry.moved {
            // What is given back of a meal that is not due yet makes no older one paid.
            Moved::GivenBack { order, .. } => {
                due_of.entry(order).and_modify(|due| *due -= entry.fen);
            }
            Moved::Settled { .. } => settled += entry.fen,
            Moved::SettledWrongly { .. } => settled -= entry.fen,
            Moved::Owed { .. } => {}
        }
    }
    (due_of.values().sum::<i64>() - settled).max(0)
}

/// Staff's decision that meals in arrears end: only a person decides that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Who.
    pub by: AccountId,
    /// The first day without.
    pub from: Day,
    /// Why, as the family reads it.
    pub reason: String,
}

/// What arrears lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Nothing is in arrears.
    Fine,
    /// So much is, in fen: the family is told, and the meals go on.
    Warned(i64),
    /// Staff decided that they end.
    Stopped(&'a Stopped),
}

/// What arrears lead to on a day. Without a decision of staff meals go on, however much is owed.
pub fn standing<'a>(arrears_fen: i64, decision: Option<&'a Stopped>, day: Day) -> Standing<'a> {
    match decision {
        Some(stopped) if stopped.from <= day => Standing::Stopped(stopped),
        _ if arrears_fen > 0 => Standing::Warned(arrears_fen),
        _ => Standing::Fine,
    }
}
