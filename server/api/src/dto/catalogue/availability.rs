//! What is left, by day and by time.

use linli_application::browse::{DayView, Next, TimeView};
use linli_domain::slot::Left;
use poem_openapi::{Enum, Object};

use crate::dto::people::keys;
use crate::dto::{At, On, Words};

keys! {
    /// What is left, in a word.
    LeftKey = Left {
        /// Plenty.
        Many,
        /// A fifth or less.
        Few,
        /// Nothing, and no line to join.
        None,
        /// Nothing for a newcomer, but a line to join.
        Line,
        /// Booking has not opened yet.
        NotOpen,
        /// Cancelled by the provider, or no times on that day.
        Closed,
        /// Over, or too late to book.
        Past,
    }
}

/// The first day with places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct NextDay {
    /// The day.
    pub day: On,
    /// Many or few.
    pub left: LeftKey,
}

impl From<Next> for NextDay {
    fn from(next: Next) -> Self {
        Self { day: next.day.into(), left: next.left.into() }
    }
}

/// What is left on a day.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct DayAvailability {
    /// The day.
    pub day: On,
    /// 1 (Monday) to 7 (Sunday).
    pub weekday: u8,
    /// The best of what its times show.
    pub left: LeftKey,
    /// Places nobody has.
    pub free: u32,
    /// People in line.
    pub waiting: u32,
    /// When booking opens, if it has not yet.
    pub opens_at: Option<At>,
    /// The public holiday it is.
    pub holiday: Option<Words>,
    /// A Saturday or Sunday on which people work for a holiday elsewhere.
    pub make_up_workday: bool,
    /// The official list of holidays of that year is not there yet: the plain week is shown.
    pub calendar_unknown: bool,
}

impl From<DayView> for DayAvailability {
    fn from(view: DayView) -> Self {
        Self {
            day: view.day.into(),
            weekday: view.day.weekday(),
            left: view.left.into(),
            free: view.free,
            waiting: view.waiting,
            opens_at: view.opens_at.map(At),
            holiday: view.holiday.map(Words::from),
            make_up_workday: view.make_up_workday,
            calendar_unknown: view.calendar_unknown,
        }
    }
}

/// A time, and what is left at it.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Slot {
    /// From.
    pub start: At,
    /// To.
    pub end: At,
    /// What is left, in a word.
    pub left: LeftKey,
    /// Places nobody has.
    pub free: u32,
    /// People in line.
    pub waiting: u32,
    /// Whether a place can be had right away.
    pub bookable: bool,
    /// Whether one may join the line.
    pub can_wait: bool,
    /// The code with which booking would be refused.
    pub why_not: Option<String>,
    /// When booking opens, if it has not yet.
    pub opens_at: Option<At>,
    /// Until when one may cancel or move it.
    pub changes_until: At,
}

impl From<&TimeView> for Slot {
    fn from(view: &TimeView) -> Self {
        Self {
            start: view.slot.start.into(),
            end: view.slot.end.into(),
            left: view.left.into(),
            free: view.free,
            waiting: view.waiting,
            bookable: view.is_bookable(),
            can_wait: view.can_wait(),
            why_not: view.why_not.map(|code| code.key().to_owned()),
            opens_at: view.opens_at.map(At),
            changes_until: view.changes_until.into(),
        }
    }
}
