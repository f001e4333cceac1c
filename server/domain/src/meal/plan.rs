//! A standing plan: which meals somebody wants until further notice, with what is different on single days.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::holiday::{DayKind, Holidays};
use crate::refusal::{Code, Refusal};
use crate::time::{Day, Instant};
use crate::words::Words;

use super::Meal;
use super::cut_off::CutOffs;
use super::diet::Diet;
use super::menu::Chosen;

/// The most portions of a meal for one household.
pub const MOST_PORTIONS: u32 = 6;
/// How far ahead a version, a pause or a change may begin, in days.
pub const FURTHEST_DAYS: i32 = 366;

/// What happens on public holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnHolidays {
    /// Meals come as on every other day.
    #[default]
    Serve,
    /// No meals, as when the family is at home.
    Skip,
    /// No meals, and on make-up working days those of the neighbouring Friday or Monday.
    LikeOffices,
}

/// Where a meal is handed over.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOver {
    /// At the elder's door; the address is that of the plan.
    Door,
    /// With somebody else, such as the neighbour opposite.
    With(String),
    /// Eaten, or fetched, at the canteen.
    Canteen,
}

impl HandOver {
    /// For the label.
    pub fn words(&self) -> Words {
        match self {
            Self::Door => Words::new("送到家门口", "at the door"),
            Self::With(whom) => Words::new(format!("交给{whom}"), format!("with {whom}")),
            Self::Canteen => Words::new("到食堂取餐", "at the canteen"),
        }
    }
}

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wants {
    /// On which weekdays lunch comes; bit 0 is Monday.
    pub lunch: u8,
    /// On which weekdays dinner comes.
    pub dinner: u8,
    /// How many portions.
    pub portions: u32,
    /// What they may and want to eat.
    #[serde(default)]
    pub diet: Diet,
    /// Where it is handed over.
    pub hand_over: HandOver,
    /// What happens on holidays.
    #[serde(default)]
    pub on_holidays: OnHolidays,
}

impl Wants {
    const fn weekdays(&self, meal: Meal) -> u8 {
        match meal {
            Meal::Lunch => self.lunch,
            Meal::Dinner => self.dinner,
        }
    }

    fn has(&self, meal: Meal, weekday: u8) -> bool {
        self.weekdays(meal) >> (weekday - 1) & 1 == 1
    }

    /// Refuses what is no plan.
    ///
    /// # Errors
    /// [`Code::MealPlanEmpty`], [`Code::MealPortions`].
    pub fn check(&self) -> Result<(), Refusal> {
        if (self.lunch | self.dinner) & 0x7F == 0 || (self.lunch | self.dinner) & 0x80 != 0 {
            return Err(Refusal::new(Code::MealPlanEmpty).field("weekdays"));
        }
        portions(self.portions, 1)
    }
}

fn portions(number: u32, least: u32) -> Result<(), Refusal> {
    if (least..=MOST_PORTIONS).contains(&number) {
        return Ok(());
    }
    Err(Refusal::new(Code::MealPortions).field("portions").with("max", MOST_PORTIONS))
}

/// What holds from a day until the next version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// The first day.
    pub from: Day,
    /// What is wanted.
    pub wants: Wants,
}

/// Days without meals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The first.
    pub from: Day,
    /// The last; none until meals are resumed.
    #[serde(default)]
    pub until: Option<Day>,
}

impl Pause {
    /// Whether a day lies in it.
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// What is different for one meal. It passes weekdays, holidays and pauses: somebody said it of this very meal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayChange {
    /// So many portions; 0 is none.
    #[serde(default)]
    pub portions: Option<u32>,
    /// Handed over elsewhere.
    #[serde(default)]
    pub hand_over: Option<HandOver>,
    /// Other dishes of the menu.
    #[serde(default)]
    pub dishes: Chosen,
}

/// A standing plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// By their first day, all different.
    pub versions: Vec<Version>,
    /// Days without meals.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// Single meals that are different.
    #[serde(default, with = "changes")]
    pub changes: BTreeMap<(Day, Meal), DayChange>,
    /// The first day it is over.
    #[serde(default)]
    pub ended: Option<Day>,
}

/// What somebody gets at a meal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serving {
    /// By which version.
    pub version: u32,
    /// How many portions, at least one.
    pub portions: u32,
    /// What they may and want to eat.
    pub diet: Diet,
    /// Where it is handed over.
    pub hand_over: HandOver,
    /// Dishes they chose.
    pub dishes: Chosen,
}

/// Why there is no meal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoMeal {
    /// The plan begins later.
    NotBegun,
    /// The plan is over.
    Ended(Day),
    /// It is paused.
    Paused(Pause),
    /// It is a holiday.
    Holiday(Words),
    /// It is no day of the plan.
    NotWanted,
    /// It was called off for this meal.
    Skipped,
    /// The canteen is closed.
    Closed,
}

impl NoMeal {
    /// For people.
    pub fn words(&self) -> Words {
        match self {
            Self::NotBegun => Words::new("计划还没有开始", "the plan has not begun"),
            Self::Ended(_) => Words::new("计划已结束", "the plan has ended"),
            Self::Paused(Pause { until: Some(until), .. }) => {
                Words::new(format!("暂停到{until}"), format!("paused until {until}"))
            }
            Self::Paused(_) => Words::new("暂停中，恢复前不送", "paused until it is resumed"),
            Self::Holiday(name) => Words::new(format!("{}假期不送", name.zh), format!("no meals on {}", name.en)),
            Self::NotWanted => Words::new("这一餐不在计划内", "this meal is not in the plan"),
            Self::Skipped => Words::new("这一餐已取消", "this meal was called off"),
            Self::Closed => Words::new("食堂当天不开", "the canteen is closed"),
        }
    }
}

impl Plan {
    /// A plan from a day on.
    ///
    /// # Errors
    /// As [`Wants::check`]; [`Code::MealPlanDates`] for a day that is past or too far.
    pub fn begin(wants: Wants, from: Day, now: Instant) -> Result<Self, Refusal> {
        wants.check()?;
        within(from, None, now)?;
        Ok(Self { versions: vec![Version { number: 1, from, wants }], ..Self::default() })
    }

    /// The version that holds on a day.
    pub fn version_on(&self, day: Day) -> Option<&Version> {
        self.versions.iter().filter(|version| version.from <= day).max_by_key(|version| version.from)
    }

    /// What somebody gets at a meal.
    ///
    /// # Errors
    /// [`NoMeal`] and why.
    pub fn on(&self, day: Day, meal: Meal, holidays: &Holidays) -> Result<Serving, NoMeal> {
        if let Some(ended) = self.ended.filter(|ended| *ended <= day) {
            return Err(NoMeal::Ended(ended));
        }
        let version = self.version_on(day).ok_or(NoMeal::NotBegun)?;
        let change = self.changes.get(&(day, meal));
        match change.and_then(|change| change.portions) {
            Some(0) => return Err(NoMeal::Skipped),
            Some(_) => {}
            None => self.stands(version, day, meal, holidays)?,
        }
        let wants = &version.wants;
        Ok(Serving {
            version: version.number,
            portions: change.and_then(|change| change.portions).unwrap_or(wants.portions),
            diet: wants.diet.clone(),
            hand_over: change.and_then(|change| change.hand_over.clone()).unwrap_or_else(|| wants.hand_over.clone()),
            dishes: change.map(|change| change.dishes.clone()).unwrap_or_default(),
        })
    }

    /// Whether the plan itself has a meal.
    fn stands(&self, version: &Version, day: Day, meal: Meal, holidays: &Holidays) -> Result<(), NoMeal> {
        if let Some(pause) = self.pauses.iter().find(|pause| pause.covers(day)) {
            return Err(NoMeal::Paused(*pause));
        }
        let (wants, weekday) = (&version.wants, day.weekday());
        let wanted = match (holidays.kind_of(day), wants.on_holidays) {
            (DayKind::Holiday(name), OnHolidays::Skip | OnHolidays::LikeOffices) if wants.has(meal, weekday) => {
                return Err(NoMeal::Holiday(name));
            }
            (DayKind::MakeUpWorkday, OnHolidays::LikeOffices) => {
                wants.has(meal, weekday) || wants.has(meal, if weekday == 6 { 5 } else { 1 })
            }
            _ => wants.has(meal, weekday),
        };
        if wanted { Ok(()) } else { Err(NoMeal::NotWanted) }
    }

    /// Wants something else from a day on; what was to change from that day or later is replaced.
    ///
    /// # Errors
    /// As [`Plan::begin`]; [`Code::MealPlanEnded`].
    pub fn revise(&mut self, wants: Wants, from: Day, now: Instant) -> Result<(), Refusal> {
        self.goes_on(from)?;
        wants.check()?;
        within(from, None, now)?;
        let number = self.versions.iter().map(|version| version.number).max().unwrap_or(0) + 1;
        self.versions.retain(|version| version.from < from);
        self.versions.push(Version { number, from, wants });
        Ok(())
    }

    /// No meals from a day to a day, both included, or until they are resumed.
    ///
    /// # Errors
    /// [`Code::MealPlanDates`], [`Code::MealPlanEnded`].
    pub fn pause(&mut self, pause: Pause, now: Instant) -> Result<(), Refusal> {
        self.goes_on(pause.from)?;
        within(pause.from, pause.until, now)?;
        self.pauses.push(pause);
        self.pauses.sort_by_key(|pause| (pause.from, pause.until));
        Ok(())
    }

    /// Meals again from a day on: what pauses that day ends the day before. Pauses that begin later stay.
    ///
    /// # Errors
    /// As [`Plan::pause`].
    pub fn resume(&mut self, from: Day, now: Instant) -> Result<(), Refusal> {
        self.goes_on(from)?;
        within(from, None, now)?;
        for pause in &mut self.pauses {
            if pause.covers(from) {
                pause.until = Some(from.plus(-1));
            }
        }
        self.pauses.retain(|pause| pause.until.is_none_or(|until| pause.from <= until));
        Ok(())
    }

    /// Makes one meal different, or as planned again.
    ///
    /// # Errors
    /// [`Code::MealCutOff`], [`Code::MealPlanDates`], [`Code::MealPlanEnded`], [`Code::MealPortions`].
    pub fn change_day(
        &mut self,
        day: Day,
        meal: Meal,
        change: Option<DayChange>,
        cut_offs: &CutOffs,
        now: Instant,
    ) -> Result<(), Refusal> {
        self.goes_on(day)?;
        within(day, None, now)?;
        cut_offs.in_time(day, meal, now)?;
        match change {
            Some(change) => {
                change.portions.map_or(Ok(()), |number| portions(number, 0))?;
                self.changes.insert((day, meal), change);
            }
            None => {
                self.changes.remove(&(day, meal));
            }
        }
        Ok(())
    }

    /// Ends it: the first day without a meal. It may end earlier than was said, never later.
    ///
    /// # Errors
    /// [`Code::MealPlanDates`], [`Code::MealPlanEnded`].
    pub fn end(&mut self, from: Day, now: Instant) -> Result<(), Refusal> {
        self.goes_on(from)?;
        within(from, None, now)?;
        self.ended = Some(from);
        Ok(())
    }

    /// Stops it for somebody who died or moved away, also from a day that is past: what came after it was not theirs.
    pub fn stop(&mut self, from: Day) {
        self.ended = Some(self.ended.map_or(from, |ended| ended.min(from)));
    }

    fn goes_on(&self, day: Day) -> Result<(), Refusal> {
        match self.ended {
            Some(ended) if ended <= day => Err(Code::MealPlanEnded.into()),
            _ => Ok(()),
        }
    }
}

fn within(from: Day, until: Option<Day>, now: Instant) -> Result<(), Refusal> {
    let (today, last) = (now.day(), now.day().plus(FURTHEST_DAYS));
    let good = (today..=last).contains(&from) && until.is_none_or(|until| (from..=last).contains(&until));
    if good {
        return Ok(());
    }
    Err(Refusal::new(Code::MealPlanDates).field("day").with("from", today).with("until", last))
}

/// Changes as a list: a pair is no key in JSON.
mod changes {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::DayChange;
    use crate::meal::Meal;
    use crate::time::Day;

    #[derive(Serialize, Deserialize)]
    struct Line {
        day: Day,
        meal: Meal,
        change: DayChange,
    }

    pub(super) fn serialize<S: Serializer>(
        changes: &BTreeMap<(Day, Meal), DayChange>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let line =
            |((day, meal), change): (&(Day, Meal), &DayChange)| Line { day: *day, meal: *meal, change: change.clone() };
        serializer.collect_seq(changes.iter().map(line))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<(Day, Meal), DayChange>, D::Error> {
        let lines = Vec::<Line>::deserialize(deserializer)?;
        Ok(lines.into_iter().map(|line| ((line.day, line.meal), line.change)).collect())
    }
}

#[cfg(test)]
mod tests;
