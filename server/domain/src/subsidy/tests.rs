//! Rules, splits, statements and claims together.

mod rules;
mod shares;
mod statements;

use crate::claim::{Change, Claim, Ledger, Pool, PoolKey};
use crate::id::{OrganisationId, PersonId};
use crate::meal::Meal;
use crate::time::Day;
use crate::words::Words;

use super::decide::{Asked, Outcome, Why};
use super::facts::{Facts, Grade, Income, Spell};
use super::payer::Payer;
use super::rule::{Band, Limit, Pays, Rule};
use super::split::{Bill, Split, Stand, split};

const ELDER: PersonId = PersonId(1);
const DAUGHTER: PersonId = PersonId(2);
const SON: PersonId = PersonId(3);
const CANTEEN: OrganisationId = OrganisationId(7);

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn asked(text: &str) -> Asked {
    Asked { elder: ELDER, canteen: CANTEEN, day: day(text), meal: Meal::Lunch }
}

fn bill(text: &str, portion_fen: u32, portions: u32) -> Bill {
    Bill { asked: asked(text), portion_fen, portions }
}

/// Somebody of 80, on the subsistence allowance, of grade 2.
fn facts() -> Facts {
    let from = day("2026-01-01");
    Facts {
        birth_date: Some(day("1946-03-10")),
        homes: vec![Spell { value: "130903001001".parse().unwrap(), from, until: None }],
        incomes: vec![Spell { value: Income::Subsistence, from, until: None }],
        grades: vec![Spell { value: Grade::new(2).unwrap(), from, until: None }],
        left: None,
    }
}

fn band(pays: Pays) -> Band {
    Band { age_from: None, age_to: None, incomes: [].into(), grades: [].into(), pays }
}

fn rule(key: &str, pays: Pays) -> Rule {
    Rule {
        key: key.into(),
        version: 1,
        name: Words::new(format!("补贴{key}"), format!("Subsidy {key}")),
        budget: "meals".into(),
        priority: 10,
        from: day("2026-01-01"),
        until: None,
        canteens: [].into(),
        meals: [].into(),
        area: None,
        bands: vec![band(pays)],
        limits: vec![],
        group: None,
        own: None,
    }
}

fn limit(per: super::rule::Period, portions: Option<u32>, fen: Option<u32>) -> Limit {
    Limit { per, portions, fen }
}

fn budget(capacity: u32) -> Stand {
    [(PoolKey::budget("meals"), Pool::fresh(capacity))].into()
}

fn plenty() -> Stand {
    budget(1_000_000_000)
}

fn district(split: &Split, rule: &str) -> i64 {
    let of_rule = |payer: &Payer| matches!(payer, Payer::District { rule: key, .. } if key == rule);
    split.shares().iter().filter(|(payer, _)| of_rule(payer)).map(|(_, fen)| fen).sum()
}

fn pays(split: &Split, who: &Payer) -> i64 {
    split.shares().iter().filter(|(payer, _)| payer == who).map(|(_, fen)| fen).sum()
}

fn why(split: &Split, rule: &str) -> Why {
    match &split.verdicts.iter().find(|verdict| verdict.rule == rule).unwrap().outcome {
        Outcome::NotUsed(why) => why.clone(),
        used @ Outcome::Used { .. } => panic!("{rule} is {used:?}"),
    }
}

/// The rows after an order took what it claimed.
fn after(stand: &Stand, take: Vec<Claim>, give: Vec<Claim>) -> Stand {
    let keys: Vec<PoolKey> = take
        .iter()
        .chain(&give)
        .map(|claim| match claim {
            Claim::Place { pool, .. } => pool.clone(),
            Claim::Time { .. } => panic!("no time is claimed"),
        })
        .collect();
    let mut ledger = Ledger::new(stand.clone(), [].into());
    ledger.apply(&Change { take, give, ..Change::default() }).expect("what was split can be had");
    let mut stand = stand.clone();
    stand.extend(keys.into_iter().map(|key| (key.clone(), *ledger.pool(&key).unwrap())));
    stand
}
