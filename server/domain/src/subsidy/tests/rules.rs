//! For whom a rule is, and the words for it.

use super::*;
use crate::subsidy::decide::{Held, Need};
use crate::subsidy::facts::Left;
use crate::subsidy::rule::{OwnShare, Period, problems_together};

fn one(rule: &Rule, text: &str, facts: &Facts) -> Split {
    split(&bill(text, 1_500, 1), std::slice::from_ref(rule), facts, &[], &plenty()).unwrap()
}

#[test]
fn each_condition_has_its_reason() {
    let base = rule("r", Pays::Fen(300));
    let with = |change: &dyn Fn(&mut Rule)| {
        let mut rule = base.clone();
        change(&mut rule);
        why(&one(&rule, "2026-11-24", &facts()), "r")
    };
    assert_eq!(with(&|r| r.from = day("2026-11-25")), Why::NotYet(day("2026-11-25")));
    assert_eq!(with(&|r| r.until = Some(day("2026-11-23"))), Why::Over(day("2026-11-23")));
    assert_eq!(with(&|r| r.canteens = [OrganisationId(8)].into()), Why::OtherCanteen);
    assert_eq!(with(&|r| r.meals = [Meal::Dinner].into()), Why::OtherMeal);
    assert_eq!(with(&|r| r.area = Some("130902000000".parse().unwrap())), Why::Elsewhere);
    assert_eq!(with(&|r| r.bands[0].age_from = Some(81)), Why::OtherPeople);
    assert_eq!(with(&|r| r.bands[0].age_to = Some(79)), Why::OtherPeople);
    assert_eq!(with(&|r| r.bands[0].incomes = [Income::Ordinary].into()), Why::OtherPeople);
    assert_eq!(with(&|r| r.bands[0].grades = [Grade::WORST].into()), Why::OtherPeople);
    // And the same conditions met.
    let mut all = base.clone();
    all.from = day("2026-11-24");
    all.until = Some(day("2026-11-24"));
    all.canteens = [CANTEEN].into();
    all.meals = [Meal::Lunch].into();
    all.area = Some("130903000000".parse().unwrap());
    all.bands[0] = Band {
        age_from: Some(80),
        age_to: Some(80),
        incomes: [Income::Subsistence].into(),
        grades: [Grade::new(2).unwrap()].into(),
        pays: Pays::Fen(300),
    };
    assert_eq!(one(&all, "2026-11-24", &facts()).district_fen(), 300);
}

#[test]
fn what_is_not_verified_is_asked_for_unless_it_is_in_vain() {
    let mut rule = rule("r", Pays::Fen(300));
    rule.bands[0].age_from = Some(80);
    rule.bands[0].incomes = [Income::Destitute].into();
    let declared = Facts { birth_date: None, ..facts() };
    assert_eq!(why(&one(&rule, "2026-11-24", &declared), "r"), Why::OtherPeople, "the means are known to be others");
    let unknown = Facts { incomes: vec![], ..facts() };
    assert_eq!(why(&one(&rule, "2026-11-24", &unknown), "r"), Why::Unverified(Need::Income));
    rule.bands.push(Band { age_from: Some(80), ..band(Pays::Fen(100)) });
    let split = one(&rule, "2026-11-24", &unknown);
    assert_eq!(
        split.verdicts[0].outcome,
        Outcome::Used { fen: 100, held: None, more_with: Some(Need::Income) },
        "less for now, and it says what might make it more"
    );
    rule.area = Some("130903000000".parse().unwrap());
    let nowhere = Facts { homes: vec![], ..facts() };
    assert_eq!(why(&one(&rule, "2026-11-24", &nowhere), "r"), Why::Unverified(Need::Home));
}

#[test]
fn ages_turn_on_the_day_of_service() {
    let mut rule = rule("r", Pays::Fen(300));
    rule.bands[0].age_from = Some(80);
    assert_eq!(one(&rule, "2026-03-09", &facts()).district_fen(), 0);
    assert_eq!(one(&rule, "2026-03-10", &facts()).district_fen(), 300);
}

#[test]
fn from_the_day_somebody_left_nothing_is_paid() {
    for left in Left::ALL {
        let facts = Facts { left: Some((day("2026-11-24"), left)), ..facts() };
        let rule = rule("r", Pays::Fen(300));
        assert_eq!(one(&rule, "2026-11-23", &facts).district_fen(), 300);
        for text in ["2026-11-24", "2026-12-31"] {
            let split = one(&rule, text, &facts);
            assert_eq!(why(&split, "r"), Why::Left(day("2026-11-24"), left));
            assert_eq!(pays(&split, &Payer::Elder(ELDER)), 1_500);
        }
        let words = Why::Left(day("2026-11-24"), left).words();
        assert!(!words.zh.contains("去世") && !words.en.contains("died"), "nobody reads it here");
    }
}

#[test]
fn the_version_of_the_day_of_service_pays_and_limits_go_on() {
    let month = limit(Period::Month, Some(3), None);
    let mut old = rule("r", Pays::Fen(300));
    old.until = Some(day("2026-11-15"));
    old.limits = vec![month];
    let new =
        Rule { version: 2, from: day("2026-11-16"), until: None, bands: vec![band(Pays::Fen(500))], ..old.clone() };
    let rules = [new, old];
    assert_eq!(problems_together(&rules), []);
    let mut stand = plenty();
    let mut paid = Vec::new();
    // Ordered in any order of days: what counts is the day of service.
    for text in ["2026-11-20", "2026-11-15", "2026-11-16", "2026-11-14", "2026-12-01"] {
        let split = split(&bill(text, 1_500, 1), &rules, &facts(), &[], &stand).unwrap();
        stand = after(&stand, split.claims(), vec![]);
        paid.push(split.district_fen());
    }
    assert_eq!(paid, [500, 300, 500, 0, 500], "three a month, whichever version, and a new month");
}

#[test]
fn of_a_group_the_one_that_gives_most_is_used() {
    let group = |key: &str, fen, priority| Rule { group: Some("age".into()), priority, ..rule(key, Pays::Fen(fen)) };
    let rules = [group("low", 300, 1), group("high", 500, 2), rule("other", Pays::Fen(200)), group("same", 500, 3)];
    let split = split(&bill("2026-11-24", 1_500, 2), &rules, &facts(), &[], &plenty()).unwrap();
    assert_eq!((district(&split, "high"), district(&split, "other")), (1_000, 400));
    for key in ["low", "same"] {
        assert_eq!(why(&split, key), Why::LessThan(Words::new("补贴high", "Subsidy high")));
    }
    // When the higher one is used up, the lower one is there.
    let mut capped = rules.clone();
    capped[1].limits = vec![limit(Period::Day, Some(1), None)];
    capped[3].limits = vec![limit(Period::Day, None, Some(100))];
    let split = super::split(&bill("2026-11-24", 1_500, 2), &capped, &facts(), &[], &plenty()).unwrap();
    assert_eq!((district(&split, "high"), district(&split, "low"), district(&split, "same")), (500, 300, 0));
}

#[test]
fn an_own_share_holds_for_all_who_pay() {
    let mut first = rule("a", Pays::Fen(900));
    first.own = Some(OwnShare { fen: 200, family_may_pay: true });
    let rules = [first, rule("b", Pays::Part { per_mille: 1000, most_fen: None })];
    let pledge = crate::subsidy::payer::Pledge {
        by: DAUGHTER,
        order: 0,
        portion_fen: None,
        month_fen: 100_000,
        from: day("2026-01-01"),
        until: None,
    };
    let of = |rules: &[Rule], fen| split(&bill("2026-11-24", fen, 1), rules, &facts(), &[pledge], &plenty()).unwrap();
    let split = of(&rules, 1_500);
    assert_eq!((district(&split, "a"), district(&split, "b")), (900, 400));
    assert_eq!(pays(&split, &Payer::Family(DAUGHTER)), 200);
    assert_eq!(split.verdicts[1].outcome, Outcome::Used { fen: 400, held: Some(Held::Rest), more_with: None });
    let mut strict = rules.clone();
    strict[0].own = Some(OwnShare { fen: 200, family_may_pay: false });
    assert_eq!(pays(&of(&strict, 1_500), &Payer::Elder(ELDER)), 200, "the family may not pay it");
    let cheap = of(&strict, 150);
    assert_eq!((cheap.district_fen(), pays(&cheap, &Payer::Elder(ELDER))), (0, 150));
    assert_eq!(why(&cheap, "a"), Why::NothingLeft);
}

#[test]
fn limits_and_budgets_are_said_when_they_bite() {
    let mut capped = rule("r", Pays::Fen(500));
    capped.limits = vec![limit(Period::Meal, Some(1), None), limit(Period::Month, None, Some(700))];
    let rules = [capped];
    let mut stand = budget(650);
    let held = |split: &Split| split.verdicts[0].outcome.clone();
    let used = |fen, held| Outcome::Used { fen, held: Some(held), more_with: None };
    let first = split(&bill("2026-11-24", 1_500, 2), &rules, &facts(), &[], &stand).unwrap();
    assert_eq!(held(&first), used(500, Held::Limit(Period::Meal)), "the second portion is theirs to pay");
    stand = after(&stand, first.claims(), vec![]);
    let again = split(&bill("2026-11-24", 1_500, 1), &rules, &facts(), &[], &stand).unwrap();
    assert_eq!(why(&again, "r"), Why::LimitReached(Period::Meal));
    let next = split(&bill("2026-11-25", 1_500, 1), &rules, &facts(), &[], &stand).unwrap();
    assert_eq!(held(&next), used(150, Held::Budget));
    stand = after(&stand, next.claims(), vec![]);
    let last = split(&bill("2026-11-26", 1_500, 1), &rules, &facts(), &[], &stand).unwrap();
    assert_eq!(why(&last, "r"), Why::BudgetSpent);
    let closed: Stand = [(PoolKey::budget("meals"), Pool { closed: true, ..Pool::fresh(9_999) })].into();
    for stand in [closed, Stand::new()] {
        let none = split(&bill("2026-11-24", 1_500, 1), &rules, &facts(), &[], &stand).unwrap();
        assert_eq!(why(&none, "r"), Why::BudgetSpent);
    }
}

#[test]
fn parts_are_rounded_down_and_capped() {
    let part = |per_mille, most_fen| Pays::Part { per_mille, most_fen };
    assert_eq!(part(333, None).of(1_000), 333);
    assert_eq!(part(333, None).of(1_001), 333);
    assert_eq!(part(500, Some(400)).of(1_001), 400);
    assert_eq!(part(1, None).of(999), 0);
    assert_eq!(part(1000, None).of(u32::MAX), u32::MAX);
    assert_eq!(Pays::Fen(500).of(300), 300);
}

#[test]
fn rules_are_read_as_they_are_written() {
    let text = r#"{
        "key": "over80", "version": 3, "name": {"zh": "八十岁以上", "en": "From 80"}, "budget": "meals", "priority": 5,
        "from": "2026-11-16", "meals": ["lunch"], "area": "130903000000", "group": "age",
        "bands": [
            {"incomes": ["destitute", "subsistence"], "pays": {"fen": 800}},
            {"age_from": 80, "grades": [2, 3, 4], "pays": {"part": {"per_mille": 600, "most_fen": 600}}},
            {"age_from": 80, "pays": {"fen": 300}}
        ],
        "limits": [{"per": "meal", "portions": 1}, {"per": "week", "portions": 5}, {"per": "month", "fen": 6000}],
        "own": {"fen": 200}
    }"#;
    let rule: Rule = serde_json::from_str(text).unwrap();
    assert_eq!(rule.problems(), []);
    assert_eq!(serde_json::from_str::<Rule>(&serde_json::to_string(&rule).unwrap()).unwrap(), rule);
    assert_eq!(one(&rule, "2026-11-24", &facts()).district_fen(), 800);
    let ordinary = Facts { incomes: vec![], ..facts() };
    assert_eq!(one(&rule, "2026-11-24", &ordinary).district_fen(), 600);
    for odd in [r#""priority": -1"#, r#""prioriti": 5"#, r#""version": "3""#] {
        assert!(serde_json::from_str::<Rule>(&text.replace(r#""priority": 5"#, odd)).is_err(), "{odd}");
    }
    assert!(serde_json::from_str::<Rule>(&text.replace("[2, 3, 4]", "[5]")).is_err(), "there is no fifth grade");
}

#[test]
fn every_mistake_of_a_rule_is_named() {
    let mut bad = rule("Bad Key", Pays::Fen(0));
    bad.name.en = String::new();
    bad.budget = String::new();
    bad.group = Some("x y".into());
    bad.until = Some(day("2025-12-31"));
    bad.bands[0].age_from = Some(80);
    bad.bands[0].age_to = Some(79);
    bad.limits = vec![
        limit(Period::Day, None, None),
        limit(Period::Day, Some(0), None),
        limit(Period::Week, None, Some(u32::MAX)),
    ];
    bad.own = Some(OwnShare { fen: u32::MAX, family_may_pay: false });
    let fields: Vec<String> = bad.problems().into_iter().map(|problem| problem.field).collect();
    assert_eq!(
        fields,
        [
            "key",
            "budget",
            "group",
            "name.en",
            "until",
            "bands[0].age_to",
            "bands[0].pays",
            "limits[0]",
            "limits[1].per",
            "limits[1]",
            "limits[2]",
            "own.fen"
        ]
    );
    bad.bands.clear();
    assert!(bad.problems().iter().any(|problem| problem.field == "bands"));
    let twice = [rule("r", Pays::Fen(1)), rule("r", Pays::Fen(2))];
    assert_eq!(problems_together(&twice).len(), 1, "the same version");
    let overlap = [rule("r", Pays::Fen(1)), Rule { version: 2, ..rule("r", Pays::Fen(2)) }];
    assert_eq!(problems_together(&overlap)[0].field, "r[2]");
    assert_eq!(problems_together(&[rule("r", Pays::Fen(1)), rule("s", Pays::Fen(1))]), []);
}

#[test]
fn every_reason_is_said_in_both_languages() {
    let a_day = day("2026-11-24");
    let mut whys = vec![
        Why::NotYet(a_day),
        Why::Over(a_day),
        Why::OtherCanteen,
        Why::OtherMeal,
        Why::Elsewhere,
        Why::OtherPeople,
        Why::BudgetSpent,
        Why::LessThan(Words::new("高龄补贴", "Old age")),
        Why::NothingLeft,
    ];
    whys.extend(Left::ALL.map(|left| Why::Left(a_day, left)));
    whys.extend([Need::BirthDate, Need::Home, Need::Income, Need::Grade].map(Why::Unverified));
    whys.extend(Period::ALL.map(Why::LimitReached));
    let mut outcomes: Vec<Outcome> = whys.into_iter().map(Outcome::NotUsed).collect();
    for held in [None, Some(Held::Budget), Some(Held::Rest), Some(Held::Limit(Period::Month))] {
        outcomes.push(Outcome::Used { fen: 305, held, more_with: Some(Need::Grade) });
    }
    for outcome in &outcomes {
        let words = outcome.words();
        assert!(!words.zh.is_empty() && words.en.is_ascii(), "{outcome:?}");
        assert!(!words.zh.contains('{') && !words.en.contains('{'), "{outcome:?}: {words:?}");
    }
    assert_eq!(
        outcomes.last().unwrap().words(),
        Words::new(
            "补贴 3.05 元；每月的补贴额度已到上限；核验能力评估等级后可能更多",
            "Pays 3.05 yuan; the most it pays a month is reached; it may be more once the grade of ability is verified"
        )
    );
}
