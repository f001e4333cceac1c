//! Announcements of staff to residents: to whom.

use serde::{Deserialize, Serialize};

use crate::person::{ELDER_FROM, MINOR_BELOW, SEPARATE_CONSENT_BELOW};
use crate::time::Day;
use crate::words::Words;

/// A group of the residents of an area. Children without an account are told through their guardians.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Whoever lives there. What is told to everybody is public.
    Everybody,
    /// Whoever lives there and has an account.
    Registered,
    /// From 60 years on.
    Elders,
    /// Guardians of minors; they or the child live there.
    Parents,
    /// Guardians of children under 14; they or the child live there.
    #[serde(rename = "parents_under_14")]
    ParentsUnder14,
    /// Under 18 years.
    Minors,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 6] =
        [Self::Everybody, Self::Registered, Self::Elders, Self::Parents, Self::ParentsUnder14, Self::Minors];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Registered => "registered",
            Self::Elders => "elders",
            Self::Parents => "parents",
            Self::ParentsUnder14 => "parents_under_14",
            Self::Minors => "minors",
        }
    }

    /// The group of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.key() == key)
    }

    /// What it is called.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Everybody => ("全体居民", "Everybody"),
            Self::Registered => ("已注册的居民", "Residents with an account"),
            Self::Elders => ("60岁及以上老人", "Elders of 60 or more"),
            Self::Parents => ("未成年人的家长", "Parents of minors"),
            Self::ParentsUnder14 => ("14岁以下孩子的家长", "Parents of children under 14"),
            Self::Minors => ("未成年人（通知监护人）", "Minors, through their guardians"),
        };
        Words::new(zh, en)
    }
}

/// Birth days that tell the groups apart on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Whoever was born on this day or before is an elder.
    pub elder: Day,
    /// Whoever was born after it is a minor.
    pub grown: Day,
    /// Whoever was born after it is under 14.
    pub fourteen: Day,
}

impl Bounds {
    /// The bounds on a day.
    pub fn on(today: Day) -> Self {
        Self {
            elder: born_by(today, ELDER_FROM),
            grown: born_by(today, MINOR_BELOW),
            fourteen: born_by(today, SEPARATE_CONSENT_BELOW),
        }
    }
}

/// The last birth day of people who have completed so many years on a day.
fn born_by(today: Day, years: i32) -> Day {
    let (month, day) = today.month_day();
    let year = today.year() - years;
    // Only 29 February is missing in some years; who was born the day before has had the birthday.
    Day::from_ymd(year, month, day).or_else(|| Day::from_ymd(year, month, day - 1)).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_agree_with_ages_on_every_day_around_them() {
        for today in ["2026-11-23", "2026-03-01", "2026-02-28", "2028-02-29", "2026-01-01", "2026-12-31"] {
            let today: Day = today.parse().unwrap();
            let bounds = Bounds::on(today);
            for (bound, years) in [(bounds.elder, 60), (bounds.grown, 18), (bounds.fourteen, 14)] {
                for offset in -400..400 {
                    let birth = bound.plus(offset);
                    assert_eq!(birth <= bound, birth.age_on(today) >= years, "born {birth}, {years} on {today}");
                }
            }
        }
    }

    #[test]
    fn groups_have_keys_and_words() {
        for group in Group::ALL {
            assert_eq!(Group::from_key(group.key()), Some(group));
            assert_eq!(serde_json::to_value(group).unwrap(), group.key());
            assert!(!group.words().zh.is_empty());
        }
        assert_eq!(Group::from_key("neighbours"), None);
    }
}
