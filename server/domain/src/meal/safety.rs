//! Until when cooked food may be eaten, and what is kept of it.
//!
//! The national standard for catering (GB 31654-2021, in force since 2022-02-22) has perishable food that was cooked stay
//! between refrigeration and 60 degrees for no more than two hours, and has the canteens of homes for the elderly and
//! suppliers of group meals keep samples: 125 g or more of each dish for 48 hours or more. That food kept at 60 degrees
//! or above is eaten within four hours of cooking, and food chilled within two hours at 8 degrees or below within 24,
//! comes from the operating rules for catering (SAMR notice 2018 No. 12). A meal that is sent out carries the time it was cooked and
//! the time to eat it by. The numbers are data: a district may be stricter, never laxer.

use crate::time::{Instant, Span};
use crate::words::Words;

/// How a dish is kept from cooking to eating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kept {
    /// At 60 degrees or above.
    Hot,
    /// Neither hot nor chilled.
    Warm,
    /// Chilled in time to 8 degrees or below.
    Chilled,
}

impl Kept {
    /// For the label.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Hot => ("60℃以上保温", "kept at 60 C or above"),
            Self::Warm => ("常温", "at room temperature"),
            Self::Chilled => {
                ("冷藏（8℃以下），食用前彻底加热", "chilled to 8 C or below; heat thoroughly before eating")
            }
        };
        Words::new(zh, en)
    }
}

/// The times and amounts a kitchen works by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Safety {
    /// Minutes from cooking to eating at 60 degrees or above.
    pub hot_minutes: u16,
    /// Minutes from cooking to eating in between.
    pub warm_minutes: u16,
    /// Minutes from cooking to eating when chilled.
    pub chilled_minutes: u16,
    /// Grams of each dish that are kept.
    pub sample_grams: u16,
    /// Hours they are kept.
    pub sample_hours: u16,
}

impl Safety {
    /// As the standard has it.
    pub const STANDARD: Self =
        Self { hot_minutes: 240, warm_minutes: 120, chilled_minutes: 1440, sample_grams: 125, sample_hours: 48 };

    /// Whether nothing in it is laxer than the standard, and every time is one at all.
    pub const fn is_as_strict_as_the_standard(&self) -> bool {
        let standard = Self::STANDARD;
        self.hot_minutes <= standard.hot_minutes
            && self.warm_minutes <= standard.warm_minutes
            && self.chilled_minutes <= standard.chilled_minutes
            && self.sample_grams >= standard.sample_grams
            && self.sample_hours >= standard.sample_hours
            && self.hot_minutes > 0
            && self.warm_minutes > 0
            && self.chilled_minutes > 0
    }

    /// Until when a dish that was cooked at a time may be eaten.
    pub fn eat_by(&self, cooked: Instant, kept: Kept) -> Instant {
        let minutes = match kept {
            Kept::Hot => self.hot_minutes,
            Kept::Warm => self.warm_minutes,
            Kept::Chilled => self.chilled_minutes,
        };
        cooked + Span::minutes(i64::from(minutes))
    }

    /// Until when a meal of several dishes may be eaten: as long as the first of them. None for no dish.
    pub fn meal_eat_by(&self, dishes: impl IntoIterator<Item = (Instant, Kept)>) -> Option<Instant> {
        dishes.into_iter().map(|(cooked, kept)| self.eat_by(cooked, kept)).min()
    }
}

/// A sample of a dish in the refrigerator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Of which dish.
    pub dish: String,
    /// How much, in grams.
    pub grams: u16,
    /// Since when.
    pub taken: Instant,
    /// When it was thrown away.
    pub thrown_away: Option<Instant>,
}

/// What is wrong with the samples of a meal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SampleFault {
    /// Nothing was kept of a dish.
    Missing(String),
    /// Too little was kept of a dish.
    TooLittle {
        /// Which.
        dish: String,
        /// How much there is, in grams.
        grams: u16,
    },
    /// A sample was thrown away before its time.
    TooShort {
        /// Of which dish.
        dish: String,
        /// Until when it had to be kept.
        until: Instant,
    },
}

impl Safety {
    /// Until when a sample is kept.
    pub fn sample_until(&self, taken: Instant) -> Instant {
        taken + Span::hours(i64::from(self.sample_hours))
    }

    /// What is wrong with the samples of the dishes of a meal, dish by dish. Of several samples of a dish one good one
    /// is enough.
    pub fn sample_faults<'a>(&self, dishes: impl IntoIterator<Item = &'a str>, samples: &[Sample]) -> Vec<SampleFault> {
        dishes.into_iter().filter_map(|dish| self.sample_fault(dish, samples)).collect()
    }

    fn sample_fault(&self, dish: &str, samples: &[Sample]) -> Option<SampleFault> {
        let mut fault = SampleFault::Missing(dish.to_owned());
        for sample in samples.iter().filter(|sample| sample.dish == dish) {
            let until = self.sample_until(sample.taken);
            fault = if sample.grams < self.sample_grams {
                SampleFault::TooLittle { dish: dish.to_owned(), grams: sample.grams }
            } else if sample.thrown_away.is_some_and(|at| at < until) {
                SampleFault::TooShort { dish: dish.to_owned(), until }
            } else {
                return None;
            };
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        format!("{text}:00+08:00").parse().unwrap()
    }

    #[test]
    fn a_meal_is_eaten_by_the_first_of_its_dishes() {
        let safety = Safety::STANDARD;
        let cooked = at("2026-11-24T10:30");
        assert_eq!(safety.eat_by(cooked, Kept::Warm), at("2026-11-24T12:30"));
        assert_eq!(safety.eat_by(cooked, Kept::Hot), at("2026-11-24T14:30"));
        assert_eq!(safety.eat_by(at("2026-11-24T22:30"), Kept::Chilled), at("2026-11-25T22:30"), "over midnight");
        let meal = [(cooked, Kept::Hot), (at("2026-11-24T11:00"), Kept::Warm)];
        assert_eq!(safety.meal_eat_by(meal), Some(at("2026-11-24T13:00")));
        assert_eq!(safety.meal_eat_by([]), None);
    }

    #[test]
    fn a_district_may_be_stricter_and_never_laxer() {
        let standard = Safety::STANDARD;
        assert!(standard.is_as_strict_as_the_standard());
        assert!(Safety { warm_minutes: 60, sample_grams: 200, ..standard }.is_as_strict_as_the_standard());
        for lax in [
            Safety { hot_minutes: 241, ..standard },
            Safety { warm_minutes: 121, ..standard },
            Safety { chilled_minutes: 1441, ..standard },
            Safety { sample_grams: 124, ..standard },
            Safety { sample_hours: 47, ..standard },
            Safety { warm_minutes: 0, ..standard },
        ] {
            assert!(!lax.is_as_strict_as_the_standard(), "{lax:?}");
        }
    }

    #[test]
    fn each_dish_has_a_sample_large_enough_and_kept_long_enough() {
        let taken = at("2026-11-24T11:00");
        let sample = |dish: &str, grams, thrown_away| Sample { dish: dish.into(), grams, taken, thrown_away };
        let samples = [
            sample("rice", 125, Some(at("2026-11-26T11:00"))),
            sample("fish", 124, None),
            sample("soup", 125, Some(at("2026-11-26T10:59"))),
            sample("egg", 100, None),
            sample("egg", 130, None),
        ];
        assert_eq!(
            Safety::STANDARD.sample_faults(["rice", "fish", "soup", "egg", "tofu"], &samples),
            [
                SampleFault::TooLittle { dish: "fish".into(), grams: 124 },
                SampleFault::TooShort { dish: "soup".into(), until: at("2026-11-26T11:00") },
                SampleFault::Missing("tofu".into()),
            ]
        );
    }
}
