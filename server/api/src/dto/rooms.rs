//! Rooms, tables and places over the wire, and the same again week after week.

use linli_application::browse::free::FreeDay;
use linli_application::catalogue::Offered;
use linli_application::orders::series::{SeriesDate, SeriesRequest};
use linli_domain::id::{OfferingId, PersonId, SeriesId, UnitId};
use linli_domain::platform::Rules;
use linli_domain::time::Day;
use poem_openapi::Object;

use super::orders::Order;
use super::{At, Clock, Id, On, Words};
use crate::problem::Problem;

/// A room, a table, a machine.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct UnitRef {
    /// Which.
    pub id: Id<UnitId>,
    /// What it is called.
    pub name: Words,
}

/// How a room, a table or a place can be had.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct ResourceRules {
    /// Uses begin and end on steps of so many minutes.
    pub step_minutes: u16,
    /// The shortest use in minutes.
    pub min_minutes: u16,
    /// The longest use in minutes; 0 is until it closes.
    pub max_minutes: u16,
    /// So many minutes stay free after a use.
    pub gap_minutes: u16,
    /// Whether the place says yes or no.
    pub approval: bool,
    /// So many minutes after the beginning it is given back when nobody has come; 0 is never.
    pub release_minutes: u16,
    /// Rooms or tables that are told apart; empty where places are only counted.
    pub units: Vec<UnitRef>,
}

impl ResourceRules {
    /// Those of an offering on a day.
    pub fn of(offered: &Offered, rules: &Rules, day: Day) -> Self {
        Self {
            step_minutes: rules.slot_minutes,
            min_minutes: rules.min_minutes.max(rules.slot_minutes),
            max_minutes: rules.max_minutes,
            gap_minutes: rules.gap_minutes,
            approval: rules.approval,
            release_minutes: rules.release_minutes,
            units: offered.units_on(day).map(|unit| UnitRef { id: Id(unit.id), name: (&unit.name).into() }).collect(),
        }
    }
}

/// From when to when.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct TimeSpan {
    /// From.
    pub start: At,
    /// To.
    pub end: At,
}

/// From when to when, on the clock.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct OpenSpan {
    /// From.
    pub from: Clock,
    /// To.
    pub to: Clock,
}

/// A room or a table, and when it is taken.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct UnitDay {
    /// Which.
    pub id: Id<UnitId>,
    /// What it is called.
    pub name: Words,
    /// When it is taken, the time to air and clean included.
    pub busy: Vec<TimeSpan>,
}

/// A step, and what is left in it.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Step {
    /// From.
    pub start: At,
    /// To.
    pub end: At,
    /// Places nobody has; 0 when it is taken off or over.
    pub free: u32,
}

/// What is left of a room, a table or a place on a day.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Free {
    /// The day.
    pub day: On,
    /// When it is open.
    pub open: Vec<OpenSpan>,
    /// The holiday it is.
    pub holiday: Option<Words>,
    /// Uses begin and end on steps of so many minutes.
    pub step_minutes: u16,
    /// Rooms or tables with the times they are taken.
    pub units: Vec<UnitDay>,
    /// The steps of the day.
    pub steps: Vec<Step>,
}

impl Free {
    /// A day as it goes over the wire.
    pub fn of(day: Day, free: FreeDay) -> Self {
        let end_of = |at: linli_domain::time::Instant| {
            // The end of the day is 24:00, not the beginning of the next.
            if at.day() == day { at.time_of_day() } else { linli_domain::time::TimeOfDay(1440) }
        };
        Self {
            day: On(day),
            open: free
                .open
                .iter()
                .map(|(from, to)| OpenSpan { from: from.time_of_day().into(), to: end_of(*to).into() })
                .collect(),
            holiday: free.holiday.as_ref().map(Words::from),
            step_minutes: free.rules.map_or(0, |rules| rules.slot_minutes),
            units: free
                .units
                .iter()
                .map(|unit| UnitDay {
                    id: Id(unit.id),
                    name: (&unit.name).into(),
                    busy: unit
                        .busy
                        .iter()
                        .map(|(start, end)| TimeSpan { start: (*start).into(), end: (*end).into() })
                        .collect(),
                })
                .collect(),
            steps: free
                .steps
                .iter()
                .map(|(slot, free)| Step { start: slot.start.into(), end: slot.end.into(), free: *free })
                .collect(),
        }
    }
}

/// The same again, week after week.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct SeriesIn {
    /// Of which offering.
    pub offering_id: Id<OfferingId>,
    /// Which room or table; any when none is named.
    pub unit_id: Option<Id<UnitId>>,
    /// For whom; yourself when nobody is named.
    pub subject_id: Option<Id<PersonId>>,
    /// Weekdays, 1 (Monday) to 7.
    #[oai(validator(min_items = 1, max_items = 7))]
    pub weekdays: Vec<u8>,
    /// From.
    pub from: Clock,
    /// To; left out where a time has an end of its own.
    pub to: Option<Clock>,
    /// The first day.
    pub first_day: On,
    /// The last day; at most a year after the first.
    pub last_day: On,
    /// Answers to the kind's form, by key.
    #[oai(default)]
    pub form: std::collections::BTreeMap<String, String>,
    /// Whether to book the dates that can be had when others cannot.
    #[oai(default)]
    pub rest_is_fine: bool,
}

impl From<SeriesIn> for SeriesRequest {
    fn from(body: SeriesIn) -> Self {
        Self {
            offering: body.offering_id.0,
            unit: body.unit_id.map(|id| id.0),
            subject: body.subject_id.map(|id| id.0),
            weekdays: body.weekdays,
            from: body.from.0,
            to: body.to.map(|clock| clock.0),
            first_day: body.first_day.0,
            last_day: body.last_day.0,
            form: body.form,
            rest_is_fine: body.rest_is_fine,
        }
    }
}

/// One date of a series.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Date {
    /// The day.
    pub day: On,
    /// From.
    pub start: At,
    /// Whether it can be had.
    pub ok: bool,
    /// The room or table it would have.
    pub unit: Option<UnitRef>,
    /// Why it cannot be had.
    pub problem: Option<Problem>,
}

impl Date {
    /// A date as it goes over the wire.
    pub fn of(offered: &Offered, date: SeriesDate) -> Self {
        let unit = date.unit.and_then(|id| offered.unit(id));
        Self {
            day: On(date.day),
            start: date.start.into(),
            ok: date.problem.is_none(),
            unit: unit.map(|unit| UnitRef { id: Id(unit.id), name: (&unit.name).into() }),
            problem: date.problem.as_ref().map(Problem::of),
        }
    }
}

/// What a series would be.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct SeriesPreview {
    /// Every date.
    pub dates: Vec<Date>,
    /// How many can be had.
    pub good: u32,
    /// How many cannot.
    pub bad: u32,
}

/// A series that was booked.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct Series {
    /// Which.
    pub series_id: Id<SeriesId>,
    /// The orders, by beginning.
    pub made: Vec<Order>,
    /// The dates that could not be had.
    pub failed: Vec<Date>,
}

/// How much of a series was cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct SeriesCancelled {
    /// How many orders.
    pub cancelled: u32,
}
