//! Events, terms and groups of the demo, counted from the day it is sown.

use serde::{Deserialize, Deserializer};

use crate::area::AreaCode;
use crate::holiday::{DayKind, Holidays};
use crate::platform::AgeRange;
use crate::session::Form;
use crate::time::{Day, TimeOfDay};
use crate::words::Words;

/// Further than any pattern of the demo reaches, in days.
const HORIZON: i32 = 400;

/// A room, a table, a machine of an offering, told apart from the others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoUnit {
    /// Its key, unique over all offerings.
    pub key: String,
    /// What it is called.
    pub name: Words,
}

/// Events, a term or a group, on some weekdays from a day on that is told from the day of sowing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoSession {
    /// Its key.
    pub key: String,
    /// The key of the offering.
    pub offering: String,
    /// `term` and `group`: all times are meetings of one. `event`: each time is an event of its own.
    #[serde(deserialize_with = "form")]
    pub form: Form,
    /// What it is called.
    pub title: Words,
    /// What it is about.
    pub about: Words,
    /// How many seats there are.
    pub seats: u32,
    /// Ages beside those of the kind.
    pub age: Option<AgeRange>,
    /// Only for residents of this area.
    pub residents_of: Option<AreaCode>,
    /// For all meetings together, in fen; that of the offering when nothing is said.
    pub price_fen: Option<i64>,
    /// Whether only staff see it.
    #[serde(default)]
    pub draft: bool,
    /// The first day it may be on, in days from the day of sowing; negative for what has begun already.
    pub in_days: i32,
    /// 1 (Monday) to 7 (Sunday).
    pub weekdays: Vec<u8>,
    /// From.
    pub from: TimeOfDay,
    /// To.
    pub to: TimeOfDay,
    /// How often it takes place.
    pub times: usize,
    /// Whether it takes place on public holidays too; otherwise it is a week later at the end.
    #[serde(default)]
    pub on_holidays: bool,
    /// The key of the room it occupies.
    pub unit: Option<String>,
    /// What the meetings are about, in their order; those beyond have no topic.
    #[serde(default)]
    pub topics: Vec<Words>,
}

impl DemoSession {
    /// The days it takes place on when the demo is sown on a day: as many as [`DemoSession::times`] says.
    pub fn days(&self, sown: Day, holidays: &Holidays) -> Vec<Day> {
        let first = sown.plus(self.in_days);
        (0..HORIZON)
            .map(|n| first.plus(n))
            .filter(|day| self.weekdays.contains(&day.weekday()))
            .filter(|day| self.on_holidays || !matches!(holidays.kind_of(*day), DayKind::Holiday(_)))
            .take(self.times)
            .collect()
    }
}

/// What a month is about in an area.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoTheme {
    /// Where.
    pub area: AreaCode,
    /// 0 is the month of the day of sowing, 1 the next.
    pub in_months: u32,
    /// The theme.
    pub title: Words,
    /// What happens.
    pub about: Words,
}

impl DemoTheme {
    /// Its month as a number, such as 202611.
    pub fn month(&self, sown: Day) -> u32 {
        let months = u32::try_from(sown.year()).unwrap_or_default() * 12 + sown.month_day().0 - 1 + self.in_months;
        months / 12 * 100 + months % 12 + 1
    }
}

fn form<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Form, D::Error> {
    let key = String::deserialize(deserializer)?;
    Form::from_key(&key).ok_or_else(|| serde::de::Error::custom("a form is `event`, `term` or `group`"))
}
