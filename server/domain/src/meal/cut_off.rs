//! Until when a meal can be ordered, changed or called off: the kitchen has to buy and cook.

use serde::{Deserialize, Serialize};

use crate::refusal::{Code, Refusal};
use crate::time::{Day, Instant, TimeOfDay};

use super::Meal;

/// So many days before, at a local time. 24:00 of a day is 00:00 of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutOff {
    /// Days before the day of the meal; 0 is the day itself.
    pub days_before: u8,
    /// The first moment that is too late.
    pub at: TimeOfDay,
}

/// The cut-off times of a kitchen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutOffs {
    /// Of lunch.
    pub lunch: CutOff,
    /// Of dinner.
    pub dinner: CutOff,
}

impl CutOff {
    /// The first moment that is too late for the meal of a day.
    pub fn of(self, day: Day) -> Instant {
        day.plus(-i32::from(self.days_before)).at(self.at)
    }
}

impl CutOffs {
    /// The first moment that is too late for a meal.
    pub fn of(&self, day: Day, meal: Meal) -> Instant {
        match meal {
            Meal::Lunch => self.lunch.of(day),
            Meal::Dinner => self.dinner.of(day),
        }
    }

    /// Whether a meal can still be ordered, changed or called off.
    pub fn is_open(&self, day: Day, meal: Meal, now: Instant) -> bool {
        now < self.of(day, meal)
    }

    /// Refuses what comes too late.
    ///
    /// # Errors
    /// [`Code::MealCutOff`], which still wants to be told the `phone` to call.
    pub fn in_time(&self, day: Day, meal: Meal, now: Instant) -> Result<(), Refusal> {
        if self.is_open(day, meal, now) {
            return Ok(());
        }
        let refusal = Refusal::new(Code::MealCutOff).field("day").with("meal", meal.words());
        Err(refusal.with("day", day).with("until", self.of(day, meal)))
    }

    /// The first day on which a meal can still be ordered.
    pub fn first_open(&self, meal: Meal, now: Instant) -> Day {
        let days_before = match meal {
            Meal::Lunch => self.lunch.days_before,
            Meal::Dinner => self.dinner.days_before,
        };
        let first = now.day().plus(i32::from(days_before));
        // The cut-off of a day lies within that day before: the next one is open at the latest.
        if self.is_open(first, meal, now) { first } else { first.plus(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }
    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn cut_offs(lunch: (u8, &str), dinner: (u8, &str)) -> CutOffs {
        let of = |(days_before, time): (u8, &str)| CutOff { days_before, at: time.parse().unwrap() };
        CutOffs { lunch: of(lunch), dinner: of(dinner) }
    }

    #[test]
    fn the_moment_itself_is_too_late() {
        let offs = cut_offs((1, "17:00"), (0, "10:00"));
        assert_eq!(offs.of(day("2026-11-24"), Meal::Lunch), at("2026-11-23T17:00:00+08:00"));
        let lunch = |now: &str| offs.in_time(day("2026-11-24"), Meal::Lunch, at(now));
        assert_eq!(lunch("2026-11-23T16:59:59.999999+08:00"), Ok(()));
        let late = lunch("2026-11-23T17:00:00+08:00").unwrap_err().with("phone", "12345");
        assert_eq!(late.code, Code::MealCutOff);
        assert!(late.detail(Language::Zh).contains("11月23日 周一 下午5:00"), "{}", late.detail(Language::Zh));
        assert!(late.detail(Language::En).contains("Mon 23 Nov, 5:00 pm"), "{}", late.detail(Language::En));
        assert!(offs.is_open(day("2026-11-24"), Meal::Dinner, at("2026-11-24T09:59:00+08:00")));
    }

    #[test]
    fn midnight_is_that_of_the_district() {
        let (end, start) = (cut_offs((2, "24:00"), (1, "24:00")), cut_offs((1, "00:00"), (0, "00:00")));
        for meal in Meal::ALL {
            assert_eq!(
                end.of(day("2026-11-24"), meal),
                start.of(day("2026-11-24"), meal),
                "24:00 is 00:00 of the next"
            );
        }
        let dinner = |now| end.is_open(day("2026-11-24"), Meal::Dinner, at(now));
        assert!(dinner("2026-11-23T15:59:59Z"), "still the day before");
        assert!(!dinner("2026-11-23T16:00:00Z"), "the day of the meal has begun, here");
        assert_eq!(end.first_open(Meal::Dinner, at("2026-11-23T15:59:59Z")), day("2026-11-24"));
        assert_eq!(end.first_open(Meal::Dinner, at("2026-11-23T16:00:00Z")), day("2026-11-25"));
    }

    proptest! {
        /// From the first open day on every day is open, and none before.
        #[test]
        fn the_first_open_day_is_the_first(days_before in 0u8..5, minutes in 0u16..=1440, now in 0i64..50_000_000_000_000) {
            let at = CutOff { days_before, at: TimeOfDay(minutes) };
            let (offs, now) = (CutOffs { lunch: at, dinner: at }, Instant(1_790_000_000_000_000 + now));
            let first = offs.first_open(Meal::Lunch, now);
            for later in 0..3 {
                prop_assert!(offs.is_open(first.plus(later), Meal::Lunch, now));
                prop_assert!(!offs.is_open(first.plus(-1 - later), Meal::Lunch, now));
            }
        }
    }
}
