//! Months of a family's account, and the claim of a canteen.

use super::*;
use crate::id::{AccountId, OrderId};
use crate::subsidy::payer::{Pledge, Share, postings};
use crate::subsidy::settlement::{Disagreement, Receipt, Supplied, settlement};
use crate::subsidy::statement::{Back, Entry, Moved, Standing, Stopped, arrears, standing, statement};
use crate::time::TimeOfDay;
use proptest::prelude::*;

fn entry(text: &str, fen: i64, moved: Moved) -> Entry {
    Entry { payer: DAUGHTER, elder: ELDER, booked: day(text).at(TimeOfDay(720)), moved, fen }
}
fn owed(text: &str, order: i64, fen: i64) -> Entry {
    entry(text, fen, Moved::Owed { order: OrderId(order), day: day(text), meal: Meal::Lunch })
}
fn back(text: &str, order: i64, fen: i64) -> Entry {
    entry(text, fen, Moved::GivenBack { order: OrderId(order), day: day(text), meal: Meal::Lunch, why: Back::Missed })
}
fn settled(text: &str, fen: i64) -> Entry {
    entry(text, fen, Moved::Settled { receipt: "A-1".into() })
}

#[test]
fn a_month_is_what_was_booked_in_it() {
    let entries = [
        owed("2026-10-30", 1, 700),
        owed("2026-11-02", 2, 700),
        back("2026-11-03", 1, 700),
        settled("2026-11-20", 500),
        entry("2026-11-21", 500, Moved::SettledWrongly { receipt: "A-1".into() }),
        settled("2026-11-21", 600),
        owed("2026-12-01", 3, 700),
    ];
    let november = statement(&entries, "2026-11");
    assert_eq!(
        (november.opening_fen, november.owed_fen, november.given_back_fen, november.settled_fen, november.closing_fen),
        (700, 700, 700, 600, 100)
    );
    assert_eq!(november.entries.len(), 5);
    assert_eq!(statement(&entries, "2026-10").closing_fen, 700, "the printed month stays as it was");
    // A meal at midnight's edge belongs to the month of the district, not of Greenwich.
    let edge = Entry { booked: "2026-11-30T16:00:00Z".parse().unwrap(), ..owed("2026-12-01", 4, 1) };
    assert_eq!(statement(std::slice::from_ref(&edge), "2026-12").owed_fen, 1);
}

#[test]
fn arrears_warn_and_stop_nothing() {
    let entries = [owed("2026-10-30", 1, 700), owed("2026-11-02", 2, 800), back("2026-11-03", 2, 800)];
    let on = |text| arrears(&entries, day(text), 15);
    assert_eq!(on("2026-11-15"), 0, "the month has not been closed for fifteen days");
    assert_eq!(on("2026-11-16"), 700, "and what was given back of another meal pays nothing of it");
    let paid = [&entries[..], &[settled("2026-11-17", 300)]].concat();
    assert_eq!(arrears(&paid, day("2026-11-18"), 15), 400);
    let returned = [&entries[..], &[back("2026-11-18", 1, 700)]].concat();
    assert_eq!(arrears(&returned, day("2026-11-18"), 15), 0);
    let today = day("2026-11-18");
    assert_eq!(standing(0, None, today), Standing::Fine);
    assert_eq!(standing(i64::MAX, None, today), Standing::Warned(i64::MAX), "however much is owed");
    let stopped = Stopped { by: AccountId(9), from: day("2026-11-19"), reason: "按约定暂停".into() };
    assert_eq!(standing(400, Some(&stopped), today), Standing::Warned(400));
    assert_eq!(standing(400, Some(&stopped), day("2026-11-19")), Standing::Stopped(&stopped));
    for why in Back::ALL {
        assert_eq!(Back::from_key(why.key()), Some(why));
        assert!(!why.words().zh.is_empty() && why.words().en.is_ascii());
    }
}

fn supplied(order: i64, portions: u32, shares: Vec<Share>) -> Supplied {
    Supplied {
        order: OrderId(order),
        canteen: CANTEEN,
        day: day("2026-11-24"),
        meal: Meal::Lunch,
        portion_fen: 1_000,
        portions,
        shares,
    }
}

#[test]
fn only_what_agrees_is_claimed() {
    let elder = |fen| vec![(Payer::Elder(ELDER), fen)];
    let rows = [
        supplied(1, 2, elder(2_000)),
        supplied(2, 1, elder(999)),
        supplied(3, 2, elder(2_000)),
        supplied(4, 1, elder(1_000)),
        supplied(1, 2, elder(2_000)),
        Supplied { canteen: OrganisationId(8), ..supplied(5, 1, elder(1_000)) },
        Supplied { day: day("2026-12-01"), ..supplied(6, 1, elder(1_000)) },
        supplied(7, 0, vec![]),
    ];
    let receipt = |order, portions| Receipt { order: OrderId(order), portions };
    let receipts =
        [receipt(1, 1), receipt(1, 1), receipt(2, 1), receipt(3, 1), receipt(5, 1), receipt(6, 1), receipt(9, 1)];
    let claim = settlement(CANTEEN, "2026-11", &rows, &receipts);
    assert_eq!((claim.total.orders, claim.total.portions, claim.total.total_fen()), (2, 2, 2_000));
    assert_eq!(
        claim.disagreements,
        [
            (OrderId(1), Disagreement::Twice),
            (OrderId(2), Disagreement::Shares { sum_fen: 999, price_fen: 1_000 }),
            (OrderId(3), Disagreement::HandedOver { handed_over: 1, charged: 2 }),
            (OrderId(4), Disagreement::HandedOver { handed_over: 0, charged: 1 }),
            (OrderId(5), Disagreement::Foreign),
            (OrderId(6), Disagreement::Foreign),
            (OrderId(9), Disagreement::NoOrder),
        ]
    );
    for (_, disagreement) in &claim.disagreements {
        let words = disagreement.words();
        assert!(!words.zh.is_empty() && words.en.is_ascii(), "{disagreement:?}");
    }
}

proptest! {
    /// Month after month, what is owed at the end of one is owed at the beginning of the next, and at the end stands the
    /// sum of all.
    #[test]
    fn months_follow_each_other(asks in prop::collection::vec((0i32..150, 0u8..4, 1i64..5_000), 0..60)) {
        let entries: Vec<Entry> = asks.iter().enumerate().map(|(n, (later, sort, fen))| {
            let text = day("2026-08-15").plus(*later).to_string();
            match sort {
                0 | 1 => owed(&text, i64::try_from(n).unwrap(), *fen),
                2 => back(&text, i64::try_from(n).unwrap(), *fen),
                _ => settled(&text, *fen),
            }
        }).collect();
        let months = ["2026-08", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01"];
        let mut before = 0;
        for month in months {
            let month = statement(&entries, month);
            prop_assert_eq!(month.opening_fen, before);
            before = month.closing_fen;
        }
        prop_assert_eq!(before, entries.iter().map(Entry::owed_fen).sum::<i64>());
    }

    /// Orders split by rules, some given back, some handed over: the claim, the postings of the ledger and the receipts
    /// say the same, to the fen.
    #[test]
    fn a_claim_equals_what_was_handed_over(
        meals in prop::collection::vec((0i32..28, any::<bool>(), 1u32..4, 0u32..4, 0u32..3_000), 0..40), capacity in 0u32..20_000,
    ) {
        let mut first = rule("first", Pays::Fen(600));
        first.limits = vec![limit(crate::subsidy::rule::Period::Month, Some(9), Some(5_000))];
        let rules = [first, rule("second", Pays::Part { per_mille: 333, most_fen: Some(400) })];
        let pledge =
            Pledge { by: DAUGHTER, order: 0, portion_fen: Some(300), month_fen: 4_000, from: day("2026-01-01"), until: None };
        let (mut stand, mut rows, mut receipts, mut ledger) = (budget(capacity), Vec::new(), Vec::new(), 0);
        let mut by_budget = 0;
        for (n, (later, dinner, portions, missed, fen)) in meals.into_iter().enumerate() {
            let order = OrderId(i64::try_from(n).unwrap());
            let mut bill = bill("2026-11-01", fen, portions);
            bill.asked.day = bill.asked.day.plus(later);
            bill.asked.meal = if dinner { Meal::Dinner } else { Meal::Lunch };
            let mut split = split(&bill, &rules, &facts(), &[pledge], &stand).unwrap();
            stand = after(&stand, split.claims(), vec![]);
            let missed = missed.min(portions);
            let moved = |shares: &[Share]| {
                let posting = |account| postings(shares, CANTEEN).iter().filter(|p| p.account == account).map(|p| p.fen).sum::<i64>();
                (posting(crate::ledger::Account::Organisation(CANTEEN)), posting(crate::ledger::Account::District("meals".into())))
            };
            let written = moved(&split.shares());
            let given = split.give_back(missed).unwrap();
            stand = after(&stand, vec![], given.claims.clone());
            let countered = moved(&given.shares);
            ledger += written.0 - countered.0;
            by_budget -= written.1 - countered.1;
            receipts.push(Receipt { order, portions: portions - missed });
            rows.push(Supplied {
                order, canteen: CANTEEN, day: bill.asked.day, meal: bill.asked.meal, portion_fen: fen,
                portions: portions - missed, shares: split.shares(),
            });
        }
        let claim = settlement(CANTEEN, "2026-11", &rows, &receipts);
        prop_assert_eq!(&claim.disagreements, &vec![]);
        prop_assert_eq!(claim.total.total_fen(), ledger);
        prop_assert_eq!(claim.total.portions, receipts.iter().map(|receipt| receipt.portions).sum::<u32>());
        prop_assert_eq!(claim.by_budget.values().sum::<i64>(), by_budget);
        prop_assert_eq!(claim.by_budget.values().sum::<i64>(), claim.total.district_fen);
        prop_assert_eq!(i64::from(stand[&PoolKey::budget("meals")].taken), by_budget, "what the pool holds is what is spent");
        let meals = claim.by_meal.values();
        prop_assert_eq!(meals.map(|sum| sum.total_fen()).sum::<i64>(), ledger);
    }
}
