//! What a canteen claims for a month, and whether it agrees with the orders and with what was handed over.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{OrderId, OrganisationId};
use crate::meal::Meal;
use crate::time::Day;
use crate::words::Words;

use super::decide::yuan;
use super::payer::{Payer, Share};
use super::rule::month_of;

/// An order as it stands after everything that was given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplied {
    /// Which.
    pub order: OrderId,
    /// Who cooked it.
    pub canteen: OrganisationId,
    /// The day of service.
    pub day: Day,
    /// Which meal.
    pub meal: Meal,
    /// The price of a portion, in fen.
    pub portion_fen: u32,
    /// Portions that are still charged.
    pub portions: u32,
    /// Who pays them.
    pub shares: Vec<Share>,
}

/// That portions were handed over, at the door or at the canteen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Of which order.
    pub order: OrderId,
    /// How many.
    pub portions: u32,
}

/// What does not agree. An order with any of these is not claimed until somebody has looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disagreement {
    /// It is of another canteen or another month.
    Foreign,
    /// It is there twice.
    Twice,
    /// Its shares do not sum to its price.
    Shares {
        /// What they sum to, in fen.
        sum_fen: i64,
        /// What it costs.
        price_fen: i64,
    },
    /// Not as many portions were handed over as are charged.
    HandedOver {
        /// Handed over.
        handed_over: u32,
        /// Charged.
        charged: u32,
    },
    /// Something was handed over of an order that is not there.
    NoOrder,
}

impl Disagreement {
    /// For staff.
    pub fn words(self) -> Words {
        match self {
            Self::Foreign => Words::new("不属于这家食堂或这个月", "is of another canteen or month"),
            Self::Twice => Words::new("重复出现", "is there twice"),
            Self::Shares { sum_fen, price_fen } => {
                let (sum, price) = (yuan(sum_fen), yuan(price_fen));
                Words::new(
                    format!("各方承担合计 {sum} 元，与应付 {price} 元不符"),
                    format!("its shares sum to {sum} yuan, its price is {price}"),
                )
            }
            Self::HandedOver { handed_over, charged } => Words::new(
                format!("送达 {handed_over} 份，计费 {charged} 份"),
                format!("{handed_over} portions were handed over and {charged} are charged"),
            ),
            Self::NoOrder => Words::new("有签收而没有订单", "was handed over without an order"),
        }
    }
}

/// A line of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// Orders.
    pub orders: u32,
    /// Portions.
    pub portions: u32,
    /// District, in fen.
    pub district_fen: i64,
    /// Families.
    pub family_fen: i64,
    /// Elders.
    pub elder_fen: i64,
}

impl Sum {
    /// Everything, in fen.
    pub const fn total_fen(&self) -> i64 {
        self.district_fen + self.family_fen + self.elder_fen
    }

    fn add(&mut self, supplied: &Supplied) {
        self.orders += 1;
        self.portions += supplied.portions;
        for (payer, fen) in &supplied.shares {
            match payer {
                Payer::District { .. } => self.district_fen += fen,
                Payer::Family(_) => self.family_fen += fen,
                Payer::Elder(_) => self.elder_fen += fen,
            }
        }
    }
}

/// What a canteen claims for a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Who.
    pub canteen: OrganisationId,
    /// For which month, `2026-11`.
    pub month: String,
    /// Everything.
    pub total: Sum,
    /// Day by day and meal by meal.
    pub by_meal: BTreeMap<(Day, Meal), Sum>,
    /// What each budget owes, in fen.
    pub by_budget: BTreeMap<String, i64>,
    /// What does not agree, by order.
    pub disagreements: Vec<(OrderId, Disagreement)>,
}

/// The claim of a canteen for a month.
pub fn settlement(canteen: OrganisationId, month: &str, supplied: &[Supplied], receipts: &[Receipt]) -> Settlement {
    let mut handed: BTreeMap<OrderId, u32> = BTreeMap::new();
    for receipt in receipts {
        let portions = handed.entry(receipt.order).or_default();
        *portions = portions.saturating_add(receipt.portions);
    }
    let mut seen = BTreeSet::new();
    let mut settlement = Settlement {
        canteen,
        month: month.to_owned(),
        total: Sum::default(),
        by_meal: BTreeMap::new(),
        by_budget: BTreeMap::new(),
        disagreements: Vec::new(),
    };
    for one in supplied {
        let handed_over = handed.get(&one.order).copied().unwrap_or(0);
        let found = if !seen.insert(one.order) {
            Some(Disagreement::Twice)
        } else if one.canteen != canteen || month_of(one.day) != month {
            Some(Disagreement::Foreign)
        } else {
            one.disagreement(handed_over)
        };
        match found {
            Some(found) => settlement.disagreements.push((one.order, found)),
            None => settlement.add(one),
        }
    }
    let orphans = handed.keys().filter(|order| !seen.contains(order));
    settlement.disagreements.extend(orphans.map(|order| (*order, Disagreement::NoOrder)));
    settlement.disagreements.sort_unstable();
    settlement
}

impl Supplied {
    fn disagreement(&self, handed_over: u32) -> Option<Disagreement> {
        let sum_fen: i64 = self.shares.iter().map(|(_, fen)| fen).sum();
        let price_fen = i64::from(self.portion_fen) * i64::from(self.portions);
        if sum_fen != price_fen {
            return Some(Disagreement::Shares { sum_fen, price_fen });
        }
        let charged = self.portions;
        (handed_over != charged).then_some(Disagreement::HandedOver { handed_over, charged })
    }
}

impl Settlement {
    fn add(&mut self, supplied: &Supplied) {
        self.total.add(supplied);
        self.by_meal.entry((supplied.day, supplied.meal)).or_default().add(supplied);
        for (payer, fen) in &supplied.shares {
            if let Payer::District { budget, .. } = payer {
                *self.by_budget.entry(budget.clone()).or_default() += fen;
            }
        }
    }
}
