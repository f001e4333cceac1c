//! How the price of an order becomes shares that sum to it, and how they are given back.
//!
//! Portions are split one after the other, each by what the ones before have left of the limits. So giving back the
//! last ones leaves what would have been split without them, and gives back what they were paid, by whom they were
//! paid, to the fen.

use std::collections::BTreeMap;

use crate::claim::{Claim, Pool, PoolKey};
use crate::refusal::{Code, Refusal};

use super::decide::{Asked, Fits, Held, Outcome, Verdict, Why, yuan};
use super::facts::Facts;
use super::payer::{Payer, Pledge, Share};
use super::rule::Rule;

/// The most portions of an order.
pub const MOST_PORTIONS: u32 = 20;
/// The highest price of a portion, in fen (¥1,000).
pub const HIGHEST_PRICE: u32 = 100_000;

/// A portion's shares and what they hold of limits and budgets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Portion {
    /// In the order they were decided; none of nothing.
    pub shares: Vec<Share>,
    /// What was claimed for them.
    pub claims: Vec<Claim>,
}

/// An order's shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The price of a portion, in fen.
    pub portion_fen: u32,
    /// Portion by portion.
    pub portions: Vec<Portion>,
    /// What each rule came to, in the order they were looked at; those that are not for this meal at all come last.
    pub verdicts: Vec<Verdict>,
}

/// What is given back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenBack {
    /// To whom how much.
    pub shares: Vec<Share>,
    /// What is freed of limits and budgets.
    pub claims: Vec<Claim>,
}

/// The order that is paid for.
#[derive(Debug, Clone, Copy)]
pub struct Bill {
    /// Which meal, for whom.
    pub asked: Asked,
    /// The price of a portion, in fen.
    pub portion_fen: u32,
    /// How many portions.
    pub portions: u32,
}

/// The rows of pools as they stand: budgets must be there, limits may.
pub type Stand = BTreeMap<PoolKey, Pool>;

/// Splits the price of an order: first the district by its rules, then family members by their pledges, and the elder
/// pays what is left.
///
/// # Errors
/// [`Code::ValueInvalid`] for no portion, too many, or too high a price.
pub fn split(bill: &Bill, rules: &[Rule], facts: &Facts, pledges: &[Pledge], stand: &Stand) -> Result<Split, Refusal> {
    if !(1..=MOST_PORTIONS).contains(&bill.portions) {
        return Err(Refusal::new(Code::ValueInvalid).field("portions").with("allowed", format!("1-{MOST_PORTIONS}")));
    }
    if bill.portion_fen > HIGHEST_PRICE {
        let allowed = format!("0-{}", yuan(i64::from(HIGHEST_PRICE)));
        return Err(Refusal::new(Code::ValueInvalid).field("price_fen").with("allowed", allowed));
    }
    let mut deciding = Deciding::new(bill, rules, facts, pledges, stand);
    let portions = (0..bill.portions).map(|_| deciding.portion()).collect();
    Ok(Split { portion_fen: bill.portion_fen, portions, verdicts: deciding.verdicts() })
}

/// Every pool a split may look at, to be locked before it is decided.
pub fn pools(asked: &Asked, rules: &[Rule], pledges: &[Pledge]) -> Vec<PoolKey> {
    let Asked { elder, day, meal, .. } = *asked;
    let of_rule = |rule: &Rule| {
        let limits = rule.limits.iter().flat_map(|limit| {
            [
                PoolKey::subsidised_portions(&rule.key, elder, limit.per, day, meal),
                PoolKey::subsidised_fen(&rule.key, elder, limit.per, day, meal),
            ]
        });
        limits.chain([PoolKey::budget(&rule.budget)]).collect::<Vec<_>>()
    };
    let mut keys: Vec<PoolKey> = rules.iter().filter(|rule| rule.holds_on(day)).flat_map(of_rule).collect();
    keys.extend(pledges.iter().map(|pledge| PoolKey::pledge(pledge.by, elder, day)));
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A rule that is for this meal, and what it has come to so far.
struct Candidate<'a> {
    rule: &'a Rule,
    fits: Fits<'a>,
    fen: i64,
    held: Option<Held>,
    /// Why it paid nothing of a portion, the first reason there was.
    not: Option<Why>,
}

/// What a rule would pay of a portion.
struct Offer {
    fen: u32,
    held: Option<Held>,
}

struct Deciding<'a> {
    bill: &'a Bill,
    stand: &'a Stand,
    /// What this order has claimed so far.
    claimed: BTreeMap<PoolKey, u32>,
    candidates: Vec<Candidate<'a>>,
    /// Rules of a group stand together, where the first of them stands.
    steps: Vec<Vec<usize>>,
    pledges: Vec<&'a Pledge>,
    others: Vec<Verdict>,
    /// What the district leaves of a portion, in fen.
    household: u32,
    /// What pledges leave of a portion, in fen.
    own: u32,
}

impl<'a> Deciding<'a> {
    fn new(bill: &'a Bill, rules: &'a [Rule], facts: &Facts, pledges: &'a [Pledge], stand: &'a Stand) -> Self {
        let on = facts.on(bill.asked.day);
        let mut sorted: Vec<&Rule> = rules.iter().collect();
        sorted.sort_by(|a, b| (a.priority, &a.key, a.version).cmp(&(b.priority, &b.key, b.version)));
        let (mut candidates, mut others) = (Vec::new(), Vec::new());
        for rule in sorted {
            match rule.fits(&bill.asked, &on) {
                Ok(fits) => candidates.push(Candidate { rule, fits, fen: 0, held: None, not: None }),
                Err(why) => others.push(verdict(rule, Outcome::NotUsed(why))),
            }
        }
        let mut steps: Vec<Vec<usize>> = Vec::new();
        for (n, candidate) in candidates.iter().enumerate() {
            let of_group = |step: &&mut Vec<usize>| {
                candidate.rule.group.is_some() && candidates[step[0]].rule.group == candidate.rule.group
            };
            match steps.iter_mut().find(of_group) {
                Some(step) => step.push(n),
                None => steps.push(vec![n]),
            }
        }
        let own = candidates.iter().filter_map(|candidate| candidate.rule.own);
        let household = own.clone().map(|own| own.fen).max().unwrap_or(0);
        let own = own.filter(|own| !own.family_may_pay).map(|own| own.fen).max().unwrap_or(0);
        let mut pledges: Vec<&Pledge> = pledges.iter().filter(|pledge| pledge.holds_on(bill.asked.day)).collect();
        pledges.sort_by_key(|pledge| (pledge.order, pledge.by));
        Self { bill, stand, claimed: BTreeMap::new(), candidates, steps, pledges, others, household, own }
    }

    fn portion(&mut self) -> Portion {
        let mut portion = Portion::default();
        let mut rest = self.bill.portion_fen;
        for step in 0..self.steps.len() {
            rest -= self.step(step, rest, &mut portion);
        }
        for pledge in self.pledges.clone() {
            let key = PoolKey::pledge(pledge.by, self.bill.asked.elder, self.bill.asked.day);
            let room = self.room(&key, Some(pledge.month_fen));
            let fen = rest.saturating_sub(self.own).min(pledge.portion_fen.unwrap_or(u32::MAX)).min(room);
            if fen > 0 {
                rest -= fen;
                self.claim(&mut portion, key, pledge.month_fen, fen);
                portion.shares.push((Payer::Family(pledge.by), i64::from(fen)));
            }
        }
        if rest > 0 {
            portion.shares.push((Payer::Elder(self.bill.asked.elder), i64::from(rest)));
        }
        portion
    }

    /// One rule, or the best of a group: answers what it pays of what is left of the price.
    fn step(&mut self, step: usize, rest: u32, portion: &mut Portion) -> u32 {
        let may = rest.saturating_sub(self.household);
        let members = self.steps[step].clone();
        let offers: Vec<_> = members.iter().map(|n| self.offer(&self.candidates[*n], may)).collect();
        // The first of the best: `max_by_key` alone would take the last.
        let fen_of = |offer: &Result<Offer, Why>| offer.as_ref().map_or(0, |offer| offer.fen);
        let best = (0..members.len()).rev().max_by_key(|n| fen_of(&offers[*n])).filter(|n| fen_of(&offers[*n]) > 0);
        let best_name = best.map(|best| self.candidates[members[best]].rule.name.clone());
        let mut paid = 0;
        for (n, (member, offer)) in members.into_iter().zip(offers).enumerate() {
            let candidate = &mut self.candidates[member];
            match (offer, &best_name) {
                (Ok(offer), Some(_)) if best == Some(n) => {
                    candidate.fen += i64::from(offer.fen);
                    candidate.held = candidate.held.or(offer.held);
                    paid = offer.fen;
                }
                (Ok(_), Some(name)) => note(candidate, Why::LessThan(name.clone())),
                (Ok(_), None) => note(candidate, Why::NothingLeft),
                (Err(why), _) => note(candidate, why),
            }
            if best == Some(n) {
                let rule = candidate.rule;
                self.take(rule, paid, portion);
            }
        }
        paid
    }

    fn offer(&self, candidate: &Candidate<'a>, may: u32) -> Result<Offer, Why> {
        let rule = candidate.rule;
        let Asked { elder, day, meal, .. } = self.bill.asked;
        let mut offer = Offer { fen: candidate.fits.band.pays.of(self.bill.portion_fen), held: None };
        for limit in &rule.limits {
            if let Some(portions) = limit.portions {
                let key = PoolKey::subsidised_portions(&rule.key, elder, limit.per, day, meal);
                if self.room(&key, Some(portions)) == 0 {
                    return Err(Why::LimitReached(limit.per));
                }
            }
            if let Some(fen) = limit.fen {
                let key = PoolKey::subsidised_fen(&rule.key, elder, limit.per, day, meal);
                match self.room(&key, Some(fen)) {
                    0 => return Err(Why::LimitReached(limit.per)),
                    room => offer.at_most(room, Held::Limit(limit.per)),
                }
            }
        }
        match self.room(&PoolKey::budget(&rule.budget), None) {
            0 => return Err(Why::BudgetSpent),
            room => offer.at_most(room, Held::Budget),
        }
        offer.at_most(may, Held::Rest);
        if offer.fen == 0 { Err(Why::NothingLeft) } else { Ok(offer) }
    }

    /// What is left of a pool, by the capacity it has now or the one in its row.
    fn room(&self, key: &PoolKey, capacity: Option<u32>) -> u32 {
        let row = self.stand.get(key);
        if row.is_some_and(|row| row.closed) {
            return 0;
        }
        let capacity = capacity.or(row.map(|row| row.capacity)).unwrap_or(0);
        let taken = row.map_or(0, |row| row.taken);
        capacity.saturating_sub(taken).saturating_sub(self.claimed.get(key).copied().unwrap_or(0))
    }

    fn take(&mut self, rule: &Rule, fen: u32, portion: &mut Portion) {
        let Asked { elder, day, meal, .. } = self.bill.asked;
        for limit in &rule.limits {
            if let Some(portions) = limit.portions {
                let key = PoolKey::subsidised_portions(&rule.key, elder, limit.per, day, meal);
                self.claim(portion, key, portions, 1);
            }
            if let Some(most) = limit.fen {
                let key = PoolKey::subsidised_fen(&rule.key, elder, limit.per, day, meal);
                self.claim(portion, key, most, fen);
            }
        }
        // What a budget holds is nobody's to say here: 0 leaves its capacity as it is.
        self.claim(portion, PoolKey::budget(&rule.budget), 0, fen);
        let payer = Payer::District { rule: rule.key.clone(), version: rule.version, budget: rule.budget.clone() };
        portion.shares.push((payer, i64::from(fen)));
    }

    fn claim(&mut self, portion: &mut Portion, pool: PoolKey, capacity: u32, amount: u32) {
        *self.claimed.entry(pool.clone()).or_default() += amount;
        portion.claims.push(Claim::Place { pool, capacity, amount });
    }

    fn verdicts(self) -> Vec<Verdict> {
        let decided = self.candidates.into_iter().map(|candidate| {
            let outcome = if candidate.fen > 0 {
                // Nothing for a later portion is what kept it from paying more.
                let held = candidate.held.or(match candidate.not {
                    Some(Why::LimitReached(per)) => Some(Held::Limit(per)),
                    Some(Why::BudgetSpent) => Some(Held::Budget),
                    _ => None,
                });
                Outcome::Used { fen: candidate.fen, held, more_with: candidate.fits.more_with }
            } else {
                Outcome::NotUsed(candidate.not.unwrap_or(Why::NothingLeft))
            };
            verdict(candidate.rule, outcome)
        });
        decided.chain(self.others).collect()
    }
}

impl Offer {
    fn at_most(&mut self, room: u32, held: Held) {
        if room < self.fen {
            self.fen = room;
            self.held = Some(held);
        }
    }
}

fn note(candidate: &mut Candidate<'_>, why: Why) {
    candidate.not.get_or_insert(why);
}

fn verdict(rule: &Rule, outcome: Outcome) -> Verdict {
    Verdict { rule: rule.key.clone(), version: rule.version, name: rule.name.clone(), outcome }
}

/// Shares of the same payer together, in the order they first appear.
fn together<'a>(portions: impl Iterator<Item = &'a Portion>) -> Vec<Share> {
    let mut sums: Vec<Share> = Vec::new();
    for (payer, fen) in portions.flat_map(|portion| &portion.shares) {
        match sums.iter_mut().find(|(known, _)| known == payer) {
            Some((_, sum)) => *sum += fen,
            None => sums.push((payer.clone(), *fen)),
        }
    }
    sums
}

/// Claims of the same pool together, by pool.
fn claims_together<'a>(portions: impl Iterator<Item = &'a Portion>) -> Vec<Claim> {
    let mut sums: BTreeMap<&PoolKey, (u32, u32)> = BTreeMap::new();
    for claim in portions.flat_map(|portion| &portion.claims) {
        if let Claim::Place { pool, capacity, amount } = claim {
            let sum = sums.entry(pool).or_insert((*capacity, 0));
            sum.1 += amount;
        }
    }
    let claim = |(pool, (capacity, amount)): (&PoolKey, _)| Claim::Place { pool: pool.clone(), capacity, amount };
    sums.into_iter().map(claim).collect()
}

impl Split {
    /// What the order costs, in fen.
    pub fn total_fen(&self) -> i64 {
        self.portions.iter().map(Portion::total_fen).sum()
    }

    /// Who pays how much of the order.
    pub fn shares(&self) -> Vec<Share> {
        together(self.portions.iter())
    }

    /// What the district pays of the order, in fen.
    pub fn district_fen(&self) -> i64 {
        self.shares().iter().filter(|(payer, _)| payer.is_district()).map(|(_, fen)| fen).sum()
    }

    /// What the order holds of limits, budgets and pledges, by pool.
    pub fn claims(&self) -> Vec<Claim> {
        claims_together(self.portions.iter())
    }

    /// Gives so many portions back, the last ones first: whoever paid them gets back what they paid.
    ///
    /// # Errors
    /// [`Code::ValueInvalid`] for more portions than there are.
    pub fn give_back(&mut self, portions: u32) -> Result<GivenBack, Refusal> {
        let kept = usize::try_from(portions).ok().and_then(|portions| self.portions.len().checked_sub(portions));
        let kept = kept.ok_or_else(|| {
            Refusal::new(Code::ValueInvalid).field("portions").with("allowed", format!("0-{}", self.portions.len()))
        })?;
        let back = self.portions.split_off(kept);
        Ok(GivenBack { shares: together(back.iter()), claims: claims_together(back.iter()) })
    }
}

impl Portion {
    /// What it costs, in fen.
    pub fn total_fen(&self) -> i64 {
        self.shares.iter().map(|(_, fen)| fen).sum()
    }
}
