//! How a rule comes to its yes or no for one person, canteen and day, and the words for it.

use crate::area::AreaCode;
use crate::id::{OrganisationId, PersonId};
use crate::meal::Meal;
use crate::refusal::{Param, fill};
use crate::time::Day;
use crate::words::{Language, Words};

use super::facts::{FactsOn, Left};
use super::rule::{Band, Period, Rule};

/// The meal it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Who eats it.
    pub elder: PersonId,
    /// Who cooks it.
    pub canteen: OrganisationId,
    /// The day of service.
    pub day: Day,
    /// Which meal of it.
    pub meal: Meal,
}

/// Something that was not verified and decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Need {
    /// The birth date.
    BirthDate,
    /// Where somebody lives.
    Home,
    /// Their means.
    Income,
    /// Their ability.
    Grade,
}

impl Need {
    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::BirthDate => ("出生日期", "birth date"),
            Self::Home => ("居住地", "place of residence"),
            Self::Income => ("收入类别", "income category"),
            Self::Grade => ("能力评估等级", "grade of ability"),
        };
        Words::new(zh, en)
    }
}

/// Why a rule pays nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It begins later.
    NotYet(Day),
    /// It ended.
    Over(Day),
    /// They are no longer here since a day.
    Left(Day, Left),
    /// It is for other canteens.
    OtherCanteen,
    /// It is for other meals.
    OtherMeal,
    /// It is for people who live elsewhere.
    Elsewhere,
    /// It is for people of another age, other means, or another ability.
    OtherPeople,
    /// It may be for them, but something was not verified.
    Unverified(Need),
    /// What it pays in a span is used up.
    LimitReached(Period),
    /// The budget is used up, closed, or not there.
    BudgetSpent,
    /// Another rule of its group gives more, or as much and comes first.
    LessThan(Words),
    /// Nothing is left that it may pay.
    NothingLeft,
}

/// What kept a rule from paying all it would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Held {
    /// The rest of a span's limit.
    Limit(Period),
    /// The rest of the budget.
    Budget,
    /// The own share, or what others had paid already.
    Rest,
}

/// What a rule came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It pays.
    Used {
        /// So much of the order, in fen.
        fen: i64,
        /// What kept it from paying more, the first there was.
        held: Option<Held>,
        /// What might raise it if it were verified.
        more_with: Option<Need>,
    },
    /// It pays nothing.
    NotUsed(Why),
}

/// A rule and what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its key.
    pub rule: String,
    /// Its version.
    pub version: u32,
    /// Its name.
    pub name: Words,
    /// What it came to.
    pub outcome: Outcome,
}

/// Fen as yuan, `12.05`.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

/// The same template filled in both languages.
fn say(zh: &str, en: &str, params: &[(&'static str, Param)]) -> Words {
    Words::new(fill(zh, params, Language::Zh), fill(en, params, Language::En))
}

impl Why {
    /// For people.
    pub fn words(&self) -> Words {
        let plain = |zh: &str, en: &str| Words::new(zh, en);
        match self {
            Self::NotYet(from) => say("{day}起才实行", "It begins on {day}", &[("day", (*from).into())]),
            Self::Over(until) => say("只到{day}为止", "It ended with {day}", &[("day", (*until).into())]),
            // Whoever reads this may have lost somebody: the words do not say why.
            Self::Left(since, _) => {
                say("自{day}起补贴已停止", "Subsidies have ended as of {day}", &[("day", (*since).into())])
            }
            Self::OtherCanteen => plain("这家食堂不在补贴范围内", "It is not for meals of this canteen"),
            Self::OtherMeal => plain("这一餐不在补贴范围内", "It is not for this meal of the day"),
            Self::Elsewhere => plain("只补贴指定地区的居民", "It is only for residents of another area"),
            Self::OtherPeople => plain(
                "年龄、收入类别或能力等级不符合条件",
                "Age, income category or grade of ability are not those it is for",
            ),
            Self::Unverified(need) => say(
                "{need}尚未核验，请到社区服务台核验",
                "The {need} has not been verified; the community desk can do that",
                &[("need", need.words().into())],
            ),
            Self::LimitReached(per) => {
                say("{per}的补贴已用完", "What it pays {per} has been used", &[("per", per.words().into())])
            }
            Self::BudgetSpent => plain("这笔经费已用完", "Its budget is used up"),
            Self::LessThan(name) => say(
                "与“{other}”不重复享受，已按较高的一项补贴",
                "It cannot be had together with \"{other}\", which gives as much or more",
                &[("other", name.clone().into())],
            ),
            Self::NothingLeft => plain(
                "扣除其他补贴和自付部分后没有余额",
                "Nothing is left to pay after other subsidies and one's own share",
            ),
        }
    }
}

impl Held {
    fn words(self) -> Words {
        match self {
            Self::Limit(per) => {
                say("{per}的补贴额度已到上限", "the most it pays {per} is reached", &[("per", per.words().into())])
            }
            Self::Budget => Words::new("经费只剩这些", "no more is left in its budget"),
            Self::Rest => {
                Words::new("其余由其他补贴或自付部分承担", "the rest is paid by other subsidies or one's own share")
            }
        }
    }
}

impl Outcome {
    /// Whether it pays.
    pub const fn is_used(&self) -> bool {
        matches!(self, Self::Used { .. })
    }

    /// The reason, for people.
    pub fn words(&self) -> Words {
        let (fen, held, more_with) = match self {
            Self::NotUsed(why) => return why.words(),
            Self::Used { fen, held, more_with } => (fen, held, more_with),
        };
        let mut words = say("补贴 {yuan} 元", "Pays {yuan} yuan", &[("yuan", yuan(*fen).into())]);
        if let Some(held) = held {
            let held = held.words();
            words = Words::new(format!("{}；{}", words.zh, held.zh), format!("{}; {}", words.en, held.en));
        }
        if let Some(need) = more_with {
            let need = need.words();
            words.zh.push_str(&format!("；核验{}后可能更多", need.zh));
            words.en.push_str(&format!("; it may be more once the {} is verified", need.en));
        }
        words
    }
}

/// That a rule is for somebody: which band, and what might lead to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fits<'a> {
    /// The band.
    pub band: &'a Band,
    /// What is not verified and stands before a band that comes earlier.
    pub more_with: Option<Need>,
}

impl Rule {
    /// Whether it is for somebody and this meal.
    ///
    /// # Errors
    /// [`Why`] not.
    pub fn fits(&self, asked: &Asked, facts: &FactsOn<'_>) -> Result<Fits<'_>, Why> {
        if let Some((since, left)) = facts.left {
            return Err(Why::Left(since, left));
        }
        if asked.day < self.from {
            return Err(Why::NotYet(self.from));
        }
        if let Some(until) = self.until.filter(|until| *until < asked.day) {
            return Err(Why::Over(until));
        }
        if !self.canteens.is_empty() && !self.canteens.contains(&asked.canteen) {
            return Err(Why::OtherCanteen);
        }
        if !self.meals.is_empty() && !self.meals.contains(&asked.meal) {
            return Err(Why::OtherMeal);
        }
        if let Some(area) = &self.area {
            lives_in(facts.home, area)?;
        }
        let mut unknown = None;
        for band in &self.bands {
            match band.suits(facts) {
                Suits::Yes => return Ok(Fits { band, more_with: unknown }),
                Suits::Unknown(need) => unknown = unknown.or(Some(need)),
                Suits::No => {}
            }
        }
        Err(unknown.map_or(Why::OtherPeople, Why::Unverified))
    }
}

fn lives_in(home: Option<&AreaCode>, area: &AreaCode) -> Result<(), Why> {
    match home {
        None => Err(Why::Unverified(Need::Home)),
        Some(home) if home.is_within(area) => Ok(()),
        Some(_) => Err(Why::Elsewhere),
    }
}

enum Suits {
    Yes,
    No,
    Unknown(Need),
}

impl Band {
    /// What is known to be otherwise says no, whatever else is unknown: nobody is sent to the desk in vain.
    fn suits(&self, facts: &FactsOn<'_>) -> Suits {
        let of_age = |age: i32| {
            self.age_from.is_none_or(|from| age >= i32::from(from)) && self.age_to.is_none_or(|to| age <= i32::from(to))
        };
        let asks_age = self.age_from.is_some() || self.age_to.is_some();
        let parts = [
            (asks_age, Need::BirthDate, facts.age.map(of_age)),
            (!self.incomes.is_empty(), Need::Income, facts.income.map(|income| self.incomes.contains(&income))),
            (!self.grades.is_empty(), Need::Grade, facts.grade.map(|grade| self.grades.contains(&grade))),
        ];
        let mut unknown = None;
        for (_, need, met) in parts.into_iter().filter(|(asks, ..)| *asks) {
            match met {
                Some(false) => return Suits::No,
                Some(true) => {}
                None => unknown = unknown.or(Some(need)),
            }
        }
        unknown.map_or(Suits::Yes, Suits::Unknown)
    }
}
