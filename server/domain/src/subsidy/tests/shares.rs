//! Shares sum to the price, limits hold, and what is given back is what was paid.

use super::*;
use crate::ledger::{Account, Posting};
use crate::refusal::Code;
use crate::subsidy::payer::{Pledge, payer_words, postings};
use crate::subsidy::rule::{OwnShare, Period};
use crate::subsidy::split::{HIGHEST_PRICE, MOST_PORTIONS, pools};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn pledge(by: PersonId, order: u16, portion_fen: Option<u32>, month_fen: u32) -> Pledge {
    Pledge { by, order, portion_fen, month_fen, from: day("2026-01-01"), until: None }
}

#[test]
fn district_family_and_elder_share_in_this_order() {
    let rules = [rule("r", Pays::Fen(500))];
    let pledges = [pledge(SON, 2, None, 10_000), pledge(DAUGHTER, 1, Some(400), 700)];
    let split = split(&bill("2026-11-24", 1_500, 2), &rules, &facts(), &pledges, &plenty()).unwrap();
    let payer = Payer::District { rule: "r".into(), version: 1, budget: "meals".into() };
    assert_eq!(
        split.shares(),
        [(payer, 1_000), (Payer::Family(DAUGHTER), 700), (Payer::Family(SON), 1_300)],
        "the daughter's month ends within the second portion"
    );
    assert_eq!(split.total_fen(), 3_000);
    let over =
        [Pledge { until: Some(day("2026-11-23")), ..pledges[0] }, Pledge { from: day("2026-11-25"), ..pledges[1] }];
    let split = super::split(&bill("2026-11-24", 1_500, 1), &rules, &facts(), &over, &plenty()).unwrap();
    assert_eq!(pays(&split, &Payer::Elder(ELDER)), 1_000, "pledges hold from a day to a day");
}

#[test]
fn giving_back_leaves_what_would_have_been_split_without() {
    let mut capped = rule("r", Pays::Fen(500));
    capped.limits = vec![limit(Period::Month, None, Some(700))];
    let rules = [capped];
    let of = |portions| split(&bill("2026-11-24", 1_500, portions), &rules, &facts(), &[], &plenty()).unwrap();
    let mut three = of(3);
    let back = three.give_back(2).unwrap();
    assert_eq!(three.portions, of(1).portions);
    assert_eq!(back.shares.iter().map(|(_, fen)| fen).sum::<i64>(), 3_000);
    assert_eq!(back.shares[0].1, 200, "the second portion had what was left of the month");
    assert!(three.give_back(2).is_err_and(|refusal| refusal.code == Code::ValueInvalid));
    assert_eq!(three.give_back(0).unwrap().shares, []);
    three.give_back(1).unwrap();
    assert_eq!((three.total_fen(), three.claims()), (0, vec![]));
}

#[test]
fn what_is_free_has_no_shares() {
    let split = split(&bill("2026-11-24", 0, 2), &[rule("r", Pays::Fen(500))], &facts(), &[], &plenty()).unwrap();
    assert_eq!((split.shares(), split.claims()), (vec![], vec![]));
    assert_eq!(why(&split, "r"), Why::NothingLeft);
}

#[test]
fn odd_orders_are_refused() {
    for (fen, portions, field) in
        [(1, 0, "portions"), (1, MOST_PORTIONS + 1, "portions"), (HIGHEST_PRICE + 1, 1, "price_fen")]
    {
        let refusal = split(&bill("2026-11-24", fen, portions), &[], &facts(), &[], &plenty()).unwrap_err();
        assert_eq!((refusal.code, refusal.field), (Code::ValueInvalid, Some(field)));
    }
}

#[test]
fn what_moves_sums_to_nothing() {
    let rules = [rule("a", Pays::Fen(500)), rule("b", Pays::Fen(100))];
    let pledges = [pledge(ELDER, 0, Some(50), 10_000)];
    let split = split(&bill("2026-11-24", 1_500, 1), &rules, &facts(), &pledges, &plenty()).unwrap();
    let posting = |account, fen| Posting { account, fen };
    assert_eq!(
        postings(&split.shares(), CANTEEN),
        [
            posting(Account::District("meals".into()), -600),
            posting(Account::Person(ELDER), -900),
            posting(Account::Organisation(CANTEEN), 1_500)
        ]
    );
    assert_eq!(postings(&[], CANTEEN), []);
    assert_eq!(payer_words(&split.shares()[0].0, &rules).en, "Subsidy a");
    assert_eq!(payer_words(&split.shares()[0].0, &[]).zh, "政府补贴");
}

/// Anything a rule may say, within what decides about money.
fn any_rule(key: usize) -> impl Strategy<Value = Rule> {
    let any_pays = prop_oneof![
        (1u32..2_000).prop_map(Pays::Fen),
        (1u16..=1000, prop::option::of(1u32..1_500))
            .prop_map(|(per_mille, most_fen)| Pays::Part { per_mille, most_fen }),
    ];
    let any_limit = (prop::option::of(1u32..6), prop::option::of(1u32..3_000));
    let any_limits = prop::collection::vec(any_limit, 4);
    let own = prop::option::of((1u32..800, any::<bool>()));
    (any_pays, 0u16..3, any_limits, own, prop::option::of(0u8..2), any::<bool>()).prop_map(
        move |(pays, priority, limits, own, group, other_budget)| {
            let mut rule = rule(&format!("r{key}"), pays);
            rule.priority = priority;
            rule.budget = if other_budget { "charity".into() } else { "meals".into() };
            let limits = Period::ALL.into_iter().zip(limits).map(|(per, (portions, fen))| limit(per, portions, fen));
            rule.limits = limits.filter(|limit| limit.portions.is_some() || limit.fen.is_some()).collect();
            rule.own = own.map(|(fen, family_may_pay)| OwnShare { fen, family_may_pay });
            rule.group = group.map(|group| format!("g{group}"));
            assert_eq!(rule.problems(), []);
            rule
        },
    )
}

fn any_rules() -> impl Strategy<Value = Vec<Rule>> {
    (any_rule(0), any_rule(1), any_rule(2), any_rule(3), 0usize..5).prop_map(|(a, b, c, d, n)| {
        let mut rules = vec![a, b, c, d];
        rules.truncate(n);
        rules
    })
}

/// The rules of a group draw on the budget of the group.
fn with_one_budget_a_group(mut rules: Vec<Rule>) -> Vec<Rule> {
    for rule in &mut rules {
        match rule.group.as_deref() {
            Some("g0") => rule.budget = "meals".into(),
            Some(_) => rule.budget = "charity".into(),
            None => {}
        }
    }
    rules
}

fn any_pledges() -> impl Strategy<Value = Vec<Pledge>> {
    let one = (0u16..2, prop::option::of(1u32..1_500), 1u32..5_000);
    prop::collection::vec(one, 0..3).prop_map(|pledges| {
        let ids = [DAUGHTER, SON];
        pledges.into_iter().zip(ids).map(|((order, portion, month), by)| pledge(by, order, portion, month)).collect()
    })
}

fn budgets(meals: u32, charity: u32) -> Stand {
    [(PoolKey::budget("meals"), Pool::fresh(meals)), (PoolKey::budget("charity"), Pool::fresh(charity))].into()
}

proptest! {
    /// Every portion's shares sum to its price, none is nothing or negative, and nobody looks at a pool that was not
    /// named beforehand.
    #[test]
    fn shares_sum_to_the_price(
        rules in any_rules(), pledges in any_pledges(), fen in 0u32..3_000, portions in 1u32..5,
        meals in 0u32..8_000, charity in 0u32..3_000,
    ) {
        let bill = bill("2026-11-24", fen, portions);
        let split = split(&bill, &rules, &facts(), &pledges, &budgets(meals, charity)).unwrap();
        for portion in &split.portions {
            prop_assert_eq!(portion.total_fen(), i64::from(fen));
            prop_assert!(portion.shares.iter().all(|(_, fen)| *fen > 0));
        }
        prop_assert_eq!(split.total_fen(), i64::from(fen * portions));
        prop_assert_eq!(split.verdicts.len(), rules.len(), "every rule has its reason");
        for verdict in &split.verdicts {
            let said = match verdict.outcome { Outcome::Used { fen, .. } => fen, Outcome::NotUsed(_) => 0 };
            prop_assert_eq!(said, district(&split, &verdict.rule), "and says what it pays");
        }
        let named = pools(&bill.asked, &rules, &pledges);
        for claim in split.claims() {
            let Claim::Place { pool, amount, .. } = claim else { panic!("only places") };
            prop_assert!(named.contains(&pool) && amount > 0);
        }
        let moved: i64 = postings(&split.shares(), CANTEEN).iter().map(|posting| posting.fen).sum();
        prop_assert_eq!(moved, 0);
    }

    /// No own share is passed by, neither by the district nor, where it says so, by a family.
    #[test]
    fn own_shares_are_left(rules in any_rules(), pledges in any_pledges(), fen in 0u32..3_000) {
        let split = split(&bill("2026-11-24", fen, 1), &rules, &facts(), &pledges, &budgets(9_999, 9_999)).unwrap();
        for own in rules.iter().filter_map(|rule| rule.own) {
            let least = i64::from(own.fen.min(fen));
            prop_assert!(i64::from(fen) - split.district_fen() >= least);
            prop_assert!(own.family_may_pay || pays(&split, &Payer::Elder(ELDER)) >= least);
        }
    }

    /// In whatever order rules and pledges come, they come to the same.
    #[test]
    fn the_order_they_come_in_does_not_matter(
        rules in any_rules(), pledges in any_pledges(), fen in 0u32..3_000, turn in 0usize..4,
    ) {
        let stand = budgets(4_000, 1_000);
        let of = |rules: &[Rule], pledges: &[Pledge]| {
            split(&bill("2026-11-24", fen, 3), rules, &facts(), pledges, &stand).unwrap()
        };
        let one = of(&rules, &pledges);
        let (mut turned, mut reversed) = (rules.clone(), pledges.clone());
        turned.reverse();
        let len = rules.len().max(1);
        let by = turn % len;
        turned.rotate_left(by);
        reversed.reverse();
        prop_assert_eq!(of(&turned, &reversed), one);
    }

    /// A dearer meal, a larger budget or a larger pledge never makes the district, or the family, pay less; and a larger
    /// budget never makes the elder pay more. Where the rules of a group draw on one budget, that is: of two budgets the
    /// larger offer may use up what a later rule would have paid from.
    #[test]
    fn more_is_never_less(
        rules in any_rules().prop_map(with_one_budget_a_group), pledges in any_pledges(), fen in 0u32..3_000, dearer in 0u32..500,
        meals in 0u32..3_000, more in 0u32..2_000, charity in 0u32..2_000,
    ) {
        let of = |fen, meals, pledges: &[Pledge]| {
            split(&bill("2026-11-24", fen, 1), &rules, &facts(), pledges, &budgets(meals, charity)).unwrap()
        };
        let base = of(fen, meals, &pledges);
        prop_assert!(of(fen + dearer, meals, &pledges).district_fen() >= base.district_fen());
        let richer = of(fen, meals + more, &pledges);
        prop_assert!(richer.district_fen() >= base.district_fen());
        prop_assert!(pays(&richer, &Payer::Elder(ELDER)) <= pays(&base, &Payer::Elder(ELDER)));
        let kinder: Vec<Pledge> =
            pledges.iter().map(|pledge| Pledge { month_fen: pledge.month_fen + more, portion_fen: None, ..*pledge }).collect();
        let kind = of(fen, meals, &kinder);
        prop_assert_eq!(kind.district_fen(), base.district_fen(), "what a family pays is not the district's gain");
        prop_assert!(pays(&kind, &Payer::Elder(ELDER)) <= pays(&base, &Payer::Elder(ELDER)));
    }

    /// Ordering fewer portions is ordering more and giving some back: the same shares, the same claims.
    #[test]
    fn giving_back_is_the_inverse(
        rules in any_rules(), pledges in any_pledges(), fen in 0u32..3_000, portions in 1u32..6, back in 0u32..6,
        meals in 0u32..8_000,
    ) {
        let back = back.min(portions);
        let stand = budgets(meals, 1_000);
        let of = |portions| split(&bill("2026-11-24", fen, portions), &rules, &facts(), &pledges, &stand).unwrap();
        let whole = of(portions);
        let mut kept = whole.clone();
        let given = kept.give_back(back).unwrap();
        if back < portions {
            prop_assert_eq!(&kept.portions, &of(portions - back).portions);
        }
        let mut sums: BTreeMap<Payer, i64> = BTreeMap::new();
        for (payer, fen) in kept.shares().into_iter().chain(given.shares) {
            *sums.entry(payer).or_default() += fen;
        }
        let all: BTreeMap<Payer, i64> = whole.shares().into_iter().collect();
        prop_assert_eq!(sums, all);
        // What is claimed and given back wholly leaves the rows as they were.
        let taken = after(&stand, whole.claims(), vec![]);
        let nothing = after(&taken, vec![], [kept.claims(), given.claims].concat());
        prop_assert!(nothing.values().all(|pool| pool.taken == 0));
    }

    /// Over any sequence of orders and refunds, on any days: no limit of a span and no budget is ever passed, as counted
    /// from the shares that stand and not from the counters.
    #[test]
    fn no_limit_is_ever_passed(
        rules in any_rules(), pledges in any_pledges(), meals in 0u32..20_000,
        steps in prop::collection::vec((0i32..20, any::<bool>(), 1u32..4, 0u32..2_500, 0usize..8, 0u32..4), 1..25),
    ) {
        let mut stand = budgets(meals, 2_000);
        let mut standing: Vec<(Asked, Split)> = Vec::new();
        for (later, dinner, portions, fen, which, back) in steps {
            if back > 0 && which < standing.len() {
                let (_, split) = &mut standing[which];
                let given = split.give_back(back.min(u32::try_from(split.portions.len()).unwrap())).unwrap();
                stand = after(&stand, vec![], given.claims);
            } else {
                let mut bill = bill("2026-11-20", fen, portions);
                bill.asked.day = bill.asked.day.plus(later);
                bill.asked.meal = if dinner { Meal::Dinner } else { Meal::Lunch };
                let split = split(&bill, &rules, &facts(), &pledges, &stand).unwrap();
                stand = after(&stand, split.claims(), vec![]);
                standing.push((bill.asked, split));
            }
            let mut counted: BTreeMap<PoolKey, u32> = BTreeMap::new();
            for (asked, split) in &standing {
                for (payer, fen) in split.portions.iter().flat_map(|portion| &portion.shares) {
                    let fen = u32::try_from(*fen).unwrap();
                    match payer {
                        Payer::District { rule, budget, .. } => {
                            *counted.entry(PoolKey::budget(budget)).or_default() += fen;
                            for per in Period::ALL {
                                let (day, meal) = (asked.day, asked.meal);
                                *counted.entry(PoolKey::subsidised_fen(rule, ELDER, per, day, meal)).or_default() += fen;
                                *counted.entry(PoolKey::subsidised_portions(rule, ELDER, per, day, meal)).or_default() += 1;
                            }
                        }
                        Payer::Family(by) => *counted.entry(PoolKey::pledge(*by, ELDER, asked.day)).or_default() += fen,
                        Payer::Elder(_) => {}
                    }
                }
            }
            for (asked, _) in &standing {
                let (day, meal) = (asked.day, asked.meal);
                let most = |key: PoolKey, most: Option<u32>| {
                    counted.get(&key).is_none_or(|count| most.is_none_or(|most| *count <= most))
                };
                for rule in &rules {
                    for limit in &rule.limits {
                        let (key, per) = (&rule.key, limit.per);
                        prop_assert!(most(PoolKey::subsidised_fen(key, ELDER, per, day, meal), limit.fen));
                        prop_assert!(most(PoolKey::subsidised_portions(key, ELDER, per, day, meal), limit.portions));
                    }
                }
                for pledge in &pledges {
                    prop_assert!(most(PoolKey::pledge(pledge.by, ELDER, day), Some(pledge.month_fen)));
                }
            }
            prop_assert!(counted.get(&PoolKey::budget("meals")).is_none_or(|fen| *fen <= meals));
            prop_assert!(counted.get(&PoolKey::budget("charity")).is_none_or(|fen| *fen <= 2_000));
        }
    }
}
