//! Rules of subsidies as data: for whom, when, where, how much, up to how much, and out of which budget.
//!
//! A rule has versions of one key. Each holds from a day to a day, and the version of the day of service decides, so a
//! change in the middle of a month changes the meals from that day on. What was had before still counts against the
//! limits of the month, since these belong to the key.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::area::AreaCode;
use crate::claim::PoolKey;
use crate::id::{OrganisationId, PersonId};
use crate::meal::Meal;
use crate::platform::is_key;
use crate::text;
use crate::time::Day;
use crate::words::Words;

use super::facts::{Grade, Income};

/// The most a limit or a fixed sum may say, in fen (¥100,000).
pub const MOST_FEN: u32 = 10_000_000;
/// The most bands of a rule.
pub const MOST_BANDS: usize = 20;

/// One version of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The same for all versions.
    pub key: String,
    /// Which version.
    pub version: u32,
    /// For people.
    pub name: Words,
    /// The budget that pays: a pool in fen.
    pub budget: String,
    /// Smaller comes first; of the same number the smaller key.
    pub priority: u16,
    /// The first day of service.
    pub from: Day,
    /// The last day of service; none until it is changed.
    #[serde(default)]
    pub until: Option<Day>,
    /// Only for meals of these canteens; all where there are none.
    #[serde(default)]
    pub canteens: BTreeSet<OrganisationId>,
    /// Only for these meals; all where there are none.
    #[serde(default)]
    pub meals: BTreeSet<Meal>,
    /// Only for those who live there, as was verified.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// For whom how much; the first that fits.
    pub bands: Vec<Band>,
    /// Up to how much.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// Of the rules of a group that fit only the one that gives most is used (就高不就低).
    #[serde(default)]
    pub group: Option<String>,
    /// What must be left to the household.
    #[serde(default)]
    pub own: Option<OwnShare>,
}

/// Some people, and what is paid for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// From this age, in completed years on the day of service.
    #[serde(default)]
    pub age_from: Option<u8>,
    /// To this age, included.
    #[serde(default)]
    pub age_to: Option<u8>,
    /// Of one of these means; any where there are none.
    #[serde(default)]
    pub incomes: BTreeSet<Income>,
    /// Of one of these grades; any where there are none.
    #[serde(default)]
    pub grades: BTreeSet<Grade>,
    /// What is paid of a portion.
    pub pays: Pays,
}

/// What is paid of a portion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pays {
    /// So many fen, never more than the price.
    Fen(u32),
    /// A part of the price, rounded down to the fen.
    Part {
        /// Thousandths of the price.
        per_mille: u16,
        /// Never more than this, in fen.
        #[serde(default)]
        most_fen: Option<u32>,
    },
}

impl Pays {
    /// What it comes to for a price, in fen.
    pub fn of(self, price_fen: u32) -> u32 {
        match self {
            Self::Fen(fen) => fen.min(price_fen),
            Self::Part { per_mille, most_fen } => {
                let part = u64::from(price_fen) * u64::from(per_mille) / 1000;
                u32::try_from(part).unwrap_or(u32::MAX).min(most_fen.unwrap_or(u32::MAX)).min(price_fen)
            }
        }
    }
}

/// A span that limits count in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// One lunch, one dinner.
    Meal,
    /// A day of service.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl Period {
    /// Every span, the shortest first.
    pub const ALL: [Self; 4] = [Self::Meal, Self::Day, Self::Week, Self::Month];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Meal => "meal",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Meal => ("每餐", "a meal"),
            Self::Day => ("每天", "a day"),
            Self::Week => ("每周", "a week"),
            Self::Month => ("每月", "a month"),
        };
        Words::new(zh, en)
    }

    /// Names the span that a meal lies in.
    fn name(self, day: Day, meal: Meal) -> String {
        match self {
            Self::Meal => format!("{}/{}", day.0, meal.key()),
            Self::Day => day.0.to_string(),
            Self::Week => day.monday().0.to_string(),
            Self::Month => month_of(day),
        }
    }
}

/// The month of a day, `2026-11`.
pub fn month_of(day: Day) -> String {
    format!("{:04}-{:02}", day.year(), day.month_day().0)
}

/// Up to how much a rule pays for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// In which span.
    pub per: Period,
    /// So many portions.
    #[serde(default)]
    pub portions: Option<u32>,
    /// So many fen.
    #[serde(default)]
    pub fen: Option<u32>,
}

/// What must be left of a portion's price. It holds for everybody who pays, wherever a rule that asks for it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnShare {
    /// In fen; of a cheaper portion the whole price.
    pub fen: u32,
    /// Whether a family's pledge may pay it; otherwise the elder does.
    #[serde(default)]
    pub family_may_pay: bool,
}

impl PoolKey {
    /// What a budget of the district has promised and spent, in fen.
    pub fn budget(budget: &str) -> Self {
        Self(format!("budget/{budget}"))
    }

    /// Portions a rule has paid for somebody in a span.
    pub fn subsidised_portions(rule: &str, person: PersonId, per: Period, day: Day, meal: Meal) -> Self {
        Self(format!("subsidy/{rule}/{person}/{}/{}/portions", per.key(), per.name(day, meal)))
    }

    /// Fen a rule has paid for somebody in a span.
    pub fn subsidised_fen(rule: &str, person: PersonId, per: Period, day: Day, meal: Meal) -> Self {
        Self(format!("subsidy/{rule}/{person}/{}/{}/fen", per.key(), per.name(day, meal)))
    }

    /// What somebody has paid for an elder in a month, in fen.
    pub fn pledge(by: PersonId, elder: PersonId, day: Day) -> Self {
        Self(format!("pledge/{by}/{elder}/{}", month_of(day)))
    }
}

/// A mistake in a rule, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which field, such as `bands[1].age_to`.
    pub field: String,
    /// What is wrong.
    pub words: Words,
}

fn problem(field: impl Into<String>, zh: &str, en: &str) -> Problem {
    Problem { field: field.into(), words: Words::new(zh, en) }
}

impl Rule {
    /// Whether it is the version of a day of service.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Everything that is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        for (field, key) in [("key", Some(&self.key)), ("budget", Some(&self.budget)), ("group", self.group.as_ref())] {
            if key.is_some_and(|key| !is_key(key)) {
                found.push(problem(
                    field,
                    "只能用小写字母、数字和下划线",
                    "must be of small letters, digits and underscores",
                ));
            }
        }
        for (field, name) in [("name.zh", &self.name.zh), ("name.en", &self.name.en)] {
            if text::line(name, 60).is_err() {
                found.push(problem(field, "请填写 1 到 60 个字", "must have 1 to 60 characters"));
            }
        }
        if self.until.is_some_and(|until| until < self.from) {
            found.push(problem("until", "结束日不能早于开始日", "must not be before the first day"));
        }
        if self.bands.is_empty() || self.bands.len() > MOST_BANDS {
            found.push(problem("bands", "请填写 1 到 20 档", "must be 1 to 20"));
        }
        for (n, band) in self.bands.iter().enumerate() {
            band.problems(&format!("bands[{n}]"), &mut found);
        }
        self.limit_problems(&mut found);
        if self.own.is_some_and(|own| own.fen > MOST_FEN) {
            found.push(problem("own.fen", "金额太大", "is too much"));
        }
        found
    }

    fn limit_problems(&self, found: &mut Vec<Problem>) {
        let mut seen = BTreeSet::new();
        for (n, limit) in self.limits.iter().enumerate() {
            let field = format!("limits[{n}]");
            if !seen.insert(limit.per) {
                found.push(problem(format!("{field}.per"), "同一周期只能填一次", "is there twice"));
            }
            if limit.portions.is_none() && limit.fen.is_none() {
                found.push(problem(&field, "请填写份数或金额", "must say portions or fen"));
            }
            if limit.portions == Some(0) || limit.fen.is_some_and(|fen| fen == 0 || fen > MOST_FEN) {
                found.push(problem(&field, "请填写大于零、不过大的数", "must be more than nothing and not too much"));
            }
        }
    }
}

impl Band {
    fn problems(&self, field: &str, found: &mut Vec<Problem>) {
        if let (Some(from), Some(to)) = (self.age_from, self.age_to)
            && to < from
        {
            found.push(problem(format!("{field}.age_to"), "不能小于起始年龄", "must not be below the first age"));
        }
        let good = match self.pays {
            Pays::Fen(fen) => (1..=MOST_FEN).contains(&fen),
            Pays::Part { per_mille, most_fen } => {
                (1..=1000).contains(&per_mille) && most_fen.is_none_or(|most| (1..=MOST_FEN).contains(&most))
            }
        };
        if !good {
            found.push(problem(
                format!("{field}.pays"),
                "请填写大于零、不过大的数",
                "must be more than nothing and not too much",
            ));
        }
    }
}

/// What is wrong with rules beside each other: two versions of one key that hold on the same day, or with the same
/// number.
pub fn problems_together(rules: &[Rule]) -> Vec<Problem> {
    let mut found = Vec::new();
    for (n, rule) in rules.iter().enumerate() {
        for other in rules[..n].iter().filter(|other| other.key == rule.key) {
            let field = format!("{}[{}]", rule.key, rule.version);
            if other.version == rule.version {
                found.push(problem(&field, "同一版本出现了两次", "this version is there twice"));
            } else if other.until.is_none_or(|until| rule.from <= until)
                && rule.until.is_none_or(|until| other.from <= until)
            {
                found.push(problem(&field, "与另一版本的日期重叠", "overlaps another version"));
            }
        }
    }
    found
}
