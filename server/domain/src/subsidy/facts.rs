//! What was verified about somebody, from when to when, and what of it holds on a day.

use serde::{Deserialize, Serialize};

use crate::area::AreaCode;
use crate::time::Day;
use crate::words::Words;

/// What the civil-affairs office has found out about somebody's means. Interim Measures on Social Assistance (State
/// Council Decree 649, revised 2019) know the first two; those on the margin and those with unavoidable expenses are
/// groups of the monitoring of people on low incomes (Ministry of Civil Affairs).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Income {
    /// 特困人员.
    Destitute,
    /// 最低生活保障.
    Subsistence,
    /// 最低生活保障边缘.
    Margin,
    /// 刚性支出困难.
    Expenses,
    /// None of these: it was looked at, and there is no hardship.
    Ordinary,
}

impl Income {
    /// Every category.
    pub const ALL: [Self; 5] = [Self::Destitute, Self::Subsistence, Self::Margin, Self::Expenses, Self::Ordinary];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Destitute => "destitute",
            Self::Subsistence => "subsistence",
            Self::Margin => "margin",
            Self::Expenses => "expenses",
            Self::Ordinary => "ordinary",
        }
    }

    /// The category of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|income| income.key() == key)
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Destitute => ("特困人员", "in extreme hardship"),
            Self::Subsistence => ("最低生活保障", "on the subsistence allowance"),
            Self::Margin => ("低保边缘", "on the margin of the subsistence allowance"),
            Self::Expenses => ("刚性支出困难", "in hardship by unavoidable expenses"),
            Self::Ordinary => ("不属于困难群体", "not in hardship"),
        };
        Words::new(zh, en)
    }
}

/// A grade of ability, 0 (intact) to 4 (complete loss), by GB/T 42195-2022.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Grade(u8);

/// A number that is no grade or no score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a grade is 0 to 4, a score 0 to 90")]
pub struct NotAGrade;

impl Grade {
    /// Nothing is lost.
    pub const INTACT: Self = Self(0);
    /// Everything is lost.
    pub const WORST: Self = Self(4);

    /// A grade by its number.
    ///
    /// # Errors
    /// [`NotAGrade`] above 4.
    pub const fn new(number: u8) -> Result<Self, NotAGrade> {
        if number > Self::WORST.0 { Err(NotAGrade) } else { Ok(Self(number)) }
    }

    /// The grade of a score of 90 points, before anything worsens it.
    ///
    /// # Errors
    /// [`NotAGrade`] above 90.
    pub const fn of_score(score: u8) -> Result<Self, NotAGrade> {
        Ok(Self(match score {
            90 => 0,
            66..=89 => 1,
            46..=65 => 2,
            30..=45 => 3,
            0..=29 => 4,
            _ => return Err(NotAGrade),
        }))
    }

    /// One grade worse, as with dementia or two falls within thirty days; never beyond the last.
    #[must_use]
    pub const fn worse(self) -> Self {
        if self.0 < Self::WORST.0 { Self(self.0 + 1) } else { self }
    }

    /// 0 to 4.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self.0 {
            0 => ("能力完好", "ability intact"),
            1 => ("轻度失能", "mild loss of ability"),
            2 => ("中度失能", "moderate loss of ability"),
            3 => ("重度失能", "severe loss of ability"),
            _ => ("完全失能", "complete loss of ability"),
        };
        Words::new(zh, en)
    }
}

impl<'de> Deserialize<'de> for Grade {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(u8::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Something verified that holds from a day to a day, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spell<T> {
    /// What.
    pub value: T,
    /// The first day.
    pub from: Day,
    /// The last day; none until somebody finds otherwise.
    pub until: Option<Day>,
}

impl<T> Spell<T> {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Why nobody pays for somebody any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// They died.
    Died,
    /// They moved out of the district.
    MovedAway,
}

impl Left {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Died, Self::MovedAway];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Died => "died",
            Self::MovedAway => "moved_away",
        }
    }

    /// The reason of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|left| left.key() == key)
    }
}

/// Everything verified about somebody that a subsidy may look at. What is only declared is not in here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The verified birth date.
    pub birth_date: Option<Day>,
    /// Where they live.
    pub homes: Vec<Spell<AreaCode>>,
    /// Their means.
    pub incomes: Vec<Spell<Income>>,
    /// Their ability.
    pub grades: Vec<Spell<Grade>>,
    /// The first day they are no longer here.
    pub left: Option<(Day, Left)>,
}

/// What of it holds on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactsOn<'a> {
    /// Completed years.
    pub age: Option<i32>,
    /// Where they live.
    pub home: Option<&'a AreaCode>,
    /// Their means.
    pub income: Option<Income>,
    /// Their ability.
    pub grade: Option<Grade>,
    /// That they are no longer here, since when and why.
    pub left: Option<(Day, Left)>,
}

impl Facts {
    /// What holds on a day: of two spells the one that began later, since it was found later.
    pub fn on(&self, day: Day) -> FactsOn<'_> {
        FactsOn {
            age: self.birth_date.map(|birth| birth.age_on(day)),
            home: newest(&self.homes, day),
            income: newest(&self.incomes, day).copied(),
            grade: newest(&self.grades, day).copied(),
            left: self.left.filter(|(since, _)| *since <= day),
        }
    }
}

fn newest<T>(spells: &[Spell<T>], day: Day) -> Option<&T> {
    spells.iter().filter(|spell| spell.holds_on(day)).max_by_key(|spell| spell.from).map(|spell| &spell.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn scores_have_the_grades_of_the_standard() {
        let of = |score| Grade::of_score(score).map(Grade::number);
        for (score, grade) in [(90, 0), (89, 1), (66, 1), (65, 2), (46, 2), (45, 3), (30, 3), (29, 4), (0, 4)] {
            assert_eq!(of(score), Ok(grade), "{score}");
        }
        assert_eq!(of(91), Err(NotAGrade));
        let number = |score| of(score).unwrap();
        assert!((0..90).all(|score| number(score) >= number(score + 1)), "more points are never worse");
        assert_eq!(Grade::INTACT.worse().number(), 1);
        assert_eq!(Grade::WORST.worse(), Grade::WORST);
        assert_eq!(Grade::new(5), Err(NotAGrade));
        assert!(serde_json::from_str::<Grade>("5").is_err());
    }

    #[test]
    fn what_holds_is_asked_of_the_day() {
        let facts = Facts {
            birth_date: Some(day("1946-03-10")),
            incomes: vec![
                Spell { value: Income::Subsistence, from: day("2026-01-01"), until: Some(day("2026-12-31")) },
                Spell { value: Income::Ordinary, from: day("2026-06-15"), until: None },
            ],
            grades: vec![Spell { value: Grade::WORST, from: day("2026-05-01"), until: Some(day("2026-05-31")) }],
            left: Some((day("2026-07-01"), Left::Died)),
            ..Facts::default()
        };
        let on = |text| facts.on(day(text));
        assert_eq!((on("2026-03-09").age, on("2026-03-10").age), (Some(79), Some(80)));
        assert_eq!(on("2025-12-31").income, None);
        assert_eq!(on("2026-06-14").income, Some(Income::Subsistence));
        assert_eq!(on("2026-06-15").income, Some(Income::Ordinary), "what was found later");
        assert_eq!(on("2027-01-01").income, Some(Income::Ordinary));
        assert_eq!((on("2026-05-31").grade, on("2026-06-01").grade), (Some(Grade::WORST), None));
        assert_eq!((on("2026-06-30").left, on("2026-07-01").left), (None, facts.left), "from that day on");
    }

    #[test]
    fn keys_are_read_back() {
        for income in Income::ALL {
            assert_eq!(Income::from_key(income.key()), Some(income));
        }
        for left in Left::ALL {
            assert_eq!(Left::from_key(left.key()), Some(left));
        }
    }
}
