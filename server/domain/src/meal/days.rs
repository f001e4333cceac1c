//! A plan laid out in days: what is to be ordered, changed or called off so that the orders are those of the plan.
//!
//! A job does this every night for the days ahead. It looks at what stands and answers what is missing, so it may run
//! twice, late, or not at all for some nights; and every meal of a plan has one name, so that of two who order it at
//! once only one does. A meal whose cut-off has passed stays as it is: the kitchen counts on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::holiday::Holidays;
use crate::id::MealPlanId;
use crate::time::{Day, Instant};

use super::Meal;
use super::cut_off::CutOffs;
use super::plan::{NoMeal, Plan, Serving};

/// Orders are made so many days ahead, today included.
pub const AHEAD_DAYS: i32 = 14;

/// Names a meal of a plan: there is one order of it at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MealKey {
    /// Of which plan.
    pub plan: MealPlanId,
    /// On which day.
    pub day: Day,
    /// Which meal.
    pub meal: Meal,
}

impl fmt::Display for MealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "meal/{}/{}/{}", self.plan, self.day, self.meal.key())
    }
}

/// What is to be done about a meal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Order it.
    Place(MealKey, Serving),
    /// The order is to be another.
    Change(MealKey, Serving),
    /// Call the order off.
    CallOff(MealKey, NoMeal),
}

/// What the days ahead depend on beside the plan.
#[derive(Debug, Clone, Copy)]
pub struct Ahead<'a> {
    /// The calendar.
    pub holidays: &'a Holidays,
    /// Days the canteen is closed.
    pub closed: &'a BTreeSet<Day>,
    /// Until when the kitchen can be told.
    pub cut_offs: &'a CutOffs,
    /// Now.
    pub now: Instant,
}

/// The open orders of a plan by day and meal.
pub type Ordered = BTreeMap<(Day, Meal), Serving>;

/// What is to be done so that the open orders are those of the plan, in order of time.
pub fn lay_out(id: MealPlanId, plan: &Plan, ordered: &Ordered, ahead: &Ahead<'_>) -> Vec<Act> {
    let today = ahead.now.day();
    // What was ordered further ahead, as by hand, is looked at as well.
    let last = ordered.keys().map(|(day, _)| *day).max().unwrap_or(today).max(today.plus(AHEAD_DAYS - 1));
    let mut acts = Vec::new();
    for day in (today.0..=last.0).map(Day) {
        for meal in Meal::ALL.into_iter().filter(|meal| ahead.cut_offs.is_open(day, *meal, ahead.now)) {
            let key = MealKey { plan: id, day, meal };
            let wanted =
                if ahead.closed.contains(&day) { Err(NoMeal::Closed) } else { plan.on(day, meal, ahead.holidays) };
            match (wanted, ordered.get(&(day, meal))) {
                (Ok(serving), None) if day < today.plus(AHEAD_DAYS) => acts.push(Act::Place(key, serving)),
                (Ok(serving), Some(other)) if serving != *other => acts.push(Act::Change(key, serving)),
                (Err(why), Some(_)) => acts.push(Act::CallOff(key, why)),
                _ => {}
            }
        }
    }
    acts
}

/// Whether the holidays of all days ahead are known: where they are not, a plan that skips them is laid out as if there
/// were none, and staff are told to bring the calendar up to date.
pub fn holidays_known(holidays: &Holidays, now: Instant) -> bool {
    let today = now.day();
    holidays.knows(today.year()) && holidays.knows(today.plus(AHEAD_DAYS - 1).year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meal::cut_off::CutOff;
    use crate::meal::plan::{DayChange, HandOver, OnHolidays, Pause, Wants};
    use crate::time::TimeOfDay;
    use proptest::prelude::*;

    const ID: MealPlanId = MealPlanId(5);

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn at(text: &str) -> Instant {
        format!("{text}:00+08:00").parse().unwrap()
    }
    fn offs() -> CutOffs {
        let of = |days_before, minutes| CutOff { days_before, at: TimeOfDay(minutes) };
        CutOffs { lunch: of(1, 17 * 60), dinner: of(0, 10 * 60) }
    }
    fn wants() -> Wants {
        Wants {
            lunch: 0b0001_1111,
            dinner: 0b0000_0001,
            portions: 1,
            diet: Default::default(),
            hand_over: HandOver::Door,
            on_holidays: OnHolidays::Skip,
        }
    }
    fn apply(acts: Vec<Act>, ordered: &mut Ordered) {
        for act in acts {
            match act {
                Act::Place(key, serving) => {
                    assert!(ordered.insert((key.day, key.meal), serving).is_none(), "{key} twice");
                }
                Act::Change(key, serving) => {
                    assert!(ordered.insert((key.day, key.meal), serving).is_some(), "{key} is not there");
                }
                Act::CallOff(key, _) => {
                    assert!(ordered.remove(&(key.day, key.meal)).is_some(), "{key} is not there");
                }
            }
        }
    }
    fn run(plan: &Plan, ordered: &mut Ordered, closed: &BTreeSet<Day>, now: Instant) -> usize {
        let (holidays, cut_offs) = (Holidays::default(), offs());
        let acts = lay_out(ID, plan, ordered, &Ahead { holidays: &holidays, closed, cut_offs: &cut_offs, now });
        let done = acts.len();
        apply(acts, ordered);
        done
    }

    #[test]
    fn two_weeks_are_laid_out_once() {
        let now = at("2026-11-23T03:00");
        let plan = Plan::begin(wants(), day("2026-11-23"), now).unwrap();
        let (mut ordered, open) = (Ordered::new(), BTreeSet::new());
        assert_eq!(
            run(&plan, &mut ordered, &open, now),
            11,
            "ten lunches but Monday's, which is too late; two dinners"
        );
        assert!(!ordered.contains_key(&(day("2026-11-23"), Meal::Lunch)));
        assert!(ordered.contains_key(&(day("2026-11-23"), Meal::Dinner)), "dinner is open until ten");
        assert_eq!(ordered.keys().next_back(), Some(&(day("2026-12-04"), Meal::Lunch)));
        assert_eq!(run(&plan, &mut ordered, &open, now), 0, "a second run finds nothing to do");
        assert_eq!(run(&plan, &mut ordered, &open, at("2026-11-24T03:00")), 2, "the next night has the next Monday");
        let key = MealKey { plan: ID, day: day("2026-11-23"), meal: Meal::Lunch };
        assert_eq!(key.to_string(), "meal/0000000000005/2026-11-23/lunch");
    }

    #[test]
    fn what_is_changed_is_followed_until_the_cut_off() {
        let now = at("2026-11-23T09:00");
        let mut plan = Plan::begin(wants(), day("2026-11-23"), now).unwrap();
        let (mut ordered, open) = (Ordered::new(), BTreeSet::new());
        run(&plan, &mut ordered, &open, now);
        plan.pause(Pause { from: day("2026-11-24"), until: Some(day("2026-11-25")) }, now).unwrap();
        let late = at("2026-11-23T17:00");
        assert_eq!(run(&plan, &mut ordered, &open, late), 1, "Tuesday's lunch is bought already");
        assert!(ordered.contains_key(&(day("2026-11-24"), Meal::Lunch)));
        assert!(!ordered.contains_key(&(day("2026-11-25"), Meal::Lunch)));
        let change = DayChange { portions: Some(2), ..DayChange::default() };
        plan.change_day(day("2026-11-25"), Meal::Lunch, Some(change), &offs(), late).unwrap();
        assert_eq!(run(&plan, &mut ordered, &open, late), 1, "said of this very meal, it passes the pause");
        assert_eq!(ordered[&(day("2026-11-25"), Meal::Lunch)].portions, 2);
        plan.end(day("2026-11-30"), late).unwrap();
        assert_eq!(run(&plan, &mut ordered, &open, late), 6, "the second week is called off");
        assert!(ordered.keys().all(|(on, _)| *on < day("2026-11-30")));
    }

    #[test]
    fn a_closed_canteen_calls_off_and_orders_again() {
        let now = at("2026-11-23T09:00");
        let plan = Plan::begin(wants(), day("2026-11-23"), now).unwrap();
        let mut ordered = Ordered::new();
        run(&plan, &mut ordered, &BTreeSet::new(), now);
        let closed = BTreeSet::from([day("2026-11-26")]);
        let (holidays, cut_offs) = (Holidays::default(), offs());
        let shut = Ahead { holidays: &holidays, closed: &closed, cut_offs: &cut_offs, now };
        let acts = lay_out(ID, &plan, &ordered, &shut);
        let key = MealKey { plan: ID, day: day("2026-11-26"), meal: Meal::Lunch };
        assert_eq!(acts, [Act::CallOff(key, NoMeal::Closed)]);
        apply(acts, &mut ordered);
        assert_eq!(run(&plan, &mut ordered, &BTreeSet::new(), now), 1);
    }

    #[test]
    fn a_year_without_a_calendar_is_said() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/holidays.csv");
        let holidays = Holidays::parse("holidays.csv", &std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(holidays_known(&holidays, at("2026-12-18T23:59")));
        assert!(!holidays_known(&holidays, at("2026-12-19T00:00")), "the fourteenth day lies in the next year");
    }

    proptest! {
        /// Whatever is done to a plan, and on whichever nights the job runs, also twice: no meal is ordered twice, a
        /// second run does nothing, and every meal that was laid out in time is as the plan had it before its cut-off.
        #[test]
        fn nights_that_are_missed_are_caught_up(
            steps in prop::collection::vec((0i32..8, 0u16..1440, 0u8..7, 0i32..20, 0u8..=255, 0u32..4), 1..15),
        ) {
            let start = day("2026-11-23");
            let mut now = start.at(TimeOfDay(540));
            let mut plan = Plan::begin(wants(), start, now).unwrap();
            let (holidays, cut_offs, closed) = (Holidays::default(), offs(), BTreeSet::new());
            let mut ordered = Ordered::new();
            for (later, minutes, sort, ahead, bits, portions) in steps {
                let then = now.day().plus(later).at(TimeOfDay(minutes));
                now = now.max(then);
                let (from, meal) = (now.day().plus(ahead), if bits & 1 == 1 { Meal::Lunch } else { Meal::Dinner });
                // What is refused changes nothing.
                let before = plan.clone();
                let result = match sort {
                    0 => plan.revise(Wants { lunch: bits & 0x7F, dinner: bits >> 1, portions, ..wants() }, from, now),
                    1 => plan.pause(Pause { from, until: (bits & 1 == 1).then(|| from.plus(i32::from(bits % 9))) }, now),
                    2 => plan.resume(from, now),
                    3 => plan.change_day(from, meal, Some(DayChange { portions: Some(portions), ..DayChange::default() }), &cut_offs, now),
                    4 => plan.change_day(from, meal, None, &cut_offs, now),
                    5 if bits > 200 => plan.end(from, now),
                    _ => Ok(()),
                };
                if result.is_err() {
                    prop_assert_eq!(&before, &plan);
                }
                let frozen: Ordered = ordered.clone().into_iter().filter(|((day, meal), _)| !cut_offs.is_open(*day, *meal, now)).collect();
                let with = Ahead { holidays: &holidays, closed: &closed, cut_offs: &cut_offs, now };
                apply(lay_out(ID, &plan, &ordered, &with), &mut ordered);
                prop_assert_eq!(lay_out(ID, &plan, &ordered, &with), vec![]);
                for (key, serving) in &frozen {
                    prop_assert_eq!(ordered.get(key), Some(serving), "what the kitchen counts on stays");
                }
                for later in 0..AHEAD_DAYS {
                    for meal in Meal::ALL {
                        let on = now.day().plus(later);
                        if cut_offs.is_open(on, meal, now) {
                            let wanted = plan.on(on, meal, &holidays).ok();
                            prop_assert_eq!(wanted.as_ref(), ordered.get(&(on, meal)));
                        }
                    }
                }
            }
        }
    }
}
