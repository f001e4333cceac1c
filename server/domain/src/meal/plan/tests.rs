use super::*;
use crate::meal::cut_off::CutOff;
use crate::time::TimeOfDay;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}
fn at(text: &str) -> Instant {
    format!("{text}:00+08:00").parse().unwrap()
}
fn announced() -> Holidays {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/holidays.csv");
    Holidays::parse("holidays.csv", &std::fs::read_to_string(path).unwrap()).unwrap()
}
fn offs() -> CutOffs {
    let of = |days_before| CutOff { days_before, at: TimeOfDay(17 * 60) };
    CutOffs { lunch: of(1), dinner: of(1) }
}
fn wants(on_holidays: OnHolidays) -> Wants {
    Wants { lunch: 0b0001_1111, dinner: 0, portions: 1, diet: Diet::default(), hand_over: HandOver::Door, on_holidays }
}
fn plan(on_holidays: OnHolidays) -> Plan {
    Plan::begin(wants(on_holidays), day("2026-09-01"), at("2026-09-01T08:00")).unwrap()
}
fn lunch(plan: &Plan, text: &str) -> Result<u32, NoMeal> {
    plan.on(day(text), Meal::Lunch, &announced()).map(|serving| serving.portions)
}
const NOW: &str = "2026-11-23T09:00";

#[test]
fn holidays_are_those_of_the_calendar() {
    let national = NoMeal::Holiday(Words::new("国庆节", "National Day"));
    for (way, thursday, make_up, friday) in [
        (OnHolidays::Serve, Ok(1), Err(NoMeal::NotWanted), Ok(1)),
        (OnHolidays::Skip, Err(national.clone()), Err(NoMeal::NotWanted), Ok(1)),
        (OnHolidays::LikeOffices, Err(national), Ok(1), Ok(1)),
    ] {
        let plan = plan(way);
        assert_eq!(lunch(&plan, "2026-10-01"), thursday, "{way:?}");
        assert_eq!(lunch(&plan, "2026-10-10"), make_up, "{way:?}: a Saturday that is worked");
        assert_eq!(lunch(&plan, "2026-10-09"), friday);
        assert_eq!(lunch(&plan, "2026-10-04"), Err(NoMeal::NotWanted), "a holiday nobody wanted a meal on");
        assert_eq!(lunch(&plan, "2027-10-01"), Ok(1), "an unknown year is laid out as if there were no holidays");
    }
}

#[test]
fn versions_hold_from_their_day() {
    let mut plan = plan(OnHolidays::Serve);
    let two = Wants { portions: 2, dinner: 1, ..wants(OnHolidays::Serve) };
    plan.revise(two.clone(), day("2026-12-01"), at(NOW)).unwrap();
    assert_eq!((lunch(&plan, "2026-11-30"), lunch(&plan, "2026-12-01")), (Ok(1), Ok(2)));
    assert_eq!(lunch(&plan, "2026-08-31"), Err(NoMeal::NotBegun));
    let serving = plan.on(day("2026-12-07"), Meal::Dinner, &announced()).unwrap();
    assert_eq!((serving.version, serving.portions), (2, 2));
    // A later thought from an earlier day takes the place of the earlier thought.
    plan.revise(Wants { portions: 3, ..two }, day("2026-11-25"), at(NOW)).unwrap();
    assert_eq!((lunch(&plan, "2026-11-24"), lunch(&plan, "2026-12-01")), (Ok(1), Ok(3)));
    assert_eq!(plan.versions.iter().map(|version| version.number).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn pauses_and_what_is_said_of_one_meal() {
    let mut plan = plan(OnHolidays::Serve);
    let (tuesday, wednesday) = (day("2026-11-24"), day("2026-11-25"));
    let pause = Pause { from: tuesday, until: None };
    plan.pause(pause, at(NOW)).unwrap();
    assert_eq!(lunch(&plan, "2027-03-02"), Err(NoMeal::Paused(pause)));
    let change = |portions, hand_over| DayChange { portions, hand_over, ..DayChange::default() };
    let with = HandOver::With("对门李阿姨".into());
    plan.change_day(wednesday, Meal::Lunch, Some(change(Some(2), Some(with.clone()))), &offs(), at(NOW)).unwrap();
    let serving = plan.on(wednesday, Meal::Lunch, &announced()).unwrap();
    assert_eq!((serving.portions, serving.hand_over), (2, with.clone()));
    plan.resume(day("2026-12-01"), at(NOW)).unwrap();
    assert_eq!((lunch(&plan, "2026-11-30").is_ok(), lunch(&plan, "2026-12-01")), (false, Ok(1)));
    plan.resume(tuesday, at(NOW)).unwrap();
    assert_eq!(plan.pauses, [], "an empty pause is none");
    // Another place alone does not make a meal of a day without one.
    plan.change_day(day("2026-11-28"), Meal::Lunch, Some(change(None, Some(with))), &offs(), at(NOW)).unwrap();
    assert_eq!(lunch(&plan, "2026-11-28"), Err(NoMeal::NotWanted));
    plan.change_day(tuesday, Meal::Lunch, Some(change(Some(0), None)), &offs(), at(NOW)).unwrap();
    assert_eq!(lunch(&plan, "2026-11-24"), Err(NoMeal::Skipped));
    plan.change_day(tuesday, Meal::Lunch, None, &offs(), at(NOW)).unwrap();
    assert_eq!(lunch(&plan, "2026-11-24"), Ok(1));
    plan.change_day(day("2026-11-28"), Meal::Dinner, Some(change(Some(1), None)), &offs(), at(NOW)).unwrap();
    assert!(plan.on(day("2026-11-28"), Meal::Dinner, &announced()).is_ok(), "one more, on a Saturday evening");
}

#[test]
fn what_cannot_be_is_refused() {
    let code = |result: Result<(), Refusal>| result.unwrap_err().code;
    let mut plan = plan(OnHolidays::Serve);
    let empty = Wants { lunch: 0, ..wants(OnHolidays::Serve) };
    assert_eq!(code(plan.revise(empty, day("2026-11-24"), at(NOW))), Code::MealPlanEmpty);
    let eighth = Wants { lunch: 0x81, ..wants(OnHolidays::Serve) };
    assert_eq!(code(plan.revise(eighth, day("2026-11-24"), at(NOW))), Code::MealPlanEmpty);
    for portions in [0, MOST_PORTIONS + 1] {
        let odd = Wants { portions, ..wants(OnHolidays::Serve) };
        assert_eq!(code(plan.revise(odd, day("2026-11-24"), at(NOW))), Code::MealPortions);
    }
    for from in ["2026-11-22", "2027-11-25"] {
        assert_eq!(code(plan.revise(wants(OnHolidays::Serve), day(from), at(NOW))), Code::MealPlanDates, "{from}");
        assert_eq!(code(plan.pause(Pause { from: day(from), until: None }, at(NOW))), Code::MealPlanDates);
    }
    let backwards = Pause { from: day("2026-11-25"), until: Some(day("2026-11-24")) };
    assert_eq!(code(plan.pause(backwards, at(NOW))), Code::MealPlanDates);
    let change = Some(DayChange::default());
    let late = plan.change_day(day("2026-11-24"), Meal::Lunch, change.clone(), &offs(), at("2026-11-23T17:00"));
    assert_eq!(code(late), Code::MealCutOff);
    plan.end(day("2026-11-30"), at(NOW)).unwrap();
    assert_eq!(lunch(&plan, "2026-11-30"), Err(NoMeal::Ended(day("2026-11-30"))));
    assert_eq!(code(plan.end(day("2026-12-01"), at(NOW))), Code::MealPlanEnded, "it may end earlier only");
    plan.end(day("2026-11-27"), at(NOW)).unwrap();
    assert_eq!(code(plan.change_day(day("2026-11-27"), Meal::Lunch, change, &offs(), at(NOW))), Code::MealPlanEnded);
    assert_eq!(code(plan.revise(wants(OnHolidays::Serve), day("2026-11-27"), at(NOW))), Code::MealPlanEnded);
}

#[test]
fn somebody_who_left_gets_nothing_from_that_day() {
    let mut plan = plan(OnHolidays::Serve);
    plan.stop(day("2026-11-20"));
    plan.stop(day("2026-11-24"));
    assert_eq!(
        (lunch(&plan, "2026-11-19"), lunch(&plan, "2026-11-20")),
        (Ok(1), Err(NoMeal::Ended(day("2026-11-20"))))
    );
}

#[test]
fn a_plan_is_kept_as_text() {
    let mut plan = plan(OnHolidays::LikeOffices);
    plan.pause(Pause { from: day("2026-12-01"), until: None }, at(NOW)).unwrap();
    let change =
        DayChange { portions: Some(2), dishes: [("main".into(), "tofu".into())].into(), ..DayChange::default() };
    plan.change_day(day("2026-12-02"), Meal::Dinner, Some(change), &offs(), at(NOW)).unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
}

#[test]
fn every_reason_is_said_in_both_languages() {
    let a_day = day("2026-11-24");
    let reasons = [
        NoMeal::NotBegun,
        NoMeal::Ended(a_day),
        NoMeal::Paused(Pause { from: a_day, until: Some(a_day) }),
        NoMeal::Paused(Pause { from: a_day, until: None }),
        NoMeal::Holiday(Words::new("春节", "Spring Festival")),
        NoMeal::NotWanted,
        NoMeal::Skipped,
        NoMeal::Closed,
    ];
    for reason in reasons {
        let words = reason.words();
        assert!(!words.zh.is_empty() && words.en.is_ascii(), "{reason:?}");
    }
    for place in [HandOver::Door, HandOver::With("Li".into()), HandOver::Canteen] {
        assert!(!place.words().zh.is_empty() && place.words().en.is_ascii());
    }
}
