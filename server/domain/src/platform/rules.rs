//! The numbers of ordering: what an offering starts with, and how far operators may move it.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

use super::read::Table;
use crate::time::{Instant, Span, TimeOfDay};

/// Declares a struct and its twin in which nothing need be said: a file or an operator writes the twin, which is
/// laid over what stood before. The fields after `else` may be left out of a file altogether.
macro_rules! with_partial {
    (
        $(#[$whole_doc:meta])* $whole:ident,
        $(#[$partial_doc:meta])* $partial:ident,
        { $($(#[$doc:meta])* $field:ident: $type:ty = $none:expr,)* }
        else { $($(#[$free_doc:meta])* $free:ident: $free_type:ty = $unsaid:expr,)* }
    ) => {
        $(#[$whole_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $whole {
            $($(#[$doc])* pub $field: $type,)*
            $($(#[$free_doc])* #[serde(default)] pub $free: $free_type,)*
        }

        impl $whole {
            /// What a kind has that is not ordered by rules: nothing opens, nothing can be placed.
            pub const NONE: Self = Self { $($field: $none,)* $($free: $unsaid,)* };
        }

        $(#[$partial_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $partial {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)*
            $($(#[$free_doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $free: Option<$free_type>,)*
        }

        impl $partial {
            /// The whole with these changes made. The result is not checked: see [`RuleBounds::check`].
            pub fn apply(&self, to: &$whole) -> $whole {
                $whole { $($field: self.$field.unwrap_or(to.$field),)* $($free: self.$free.unwrap_or(to.$free),)* }
            }

            /// These changes, and where they say nothing, those of `base`.
            pub(super) fn over(&self, base: &Self) -> Self {
                Self { $($field: self.$field.or(base.$field),)* $($free: self.$free.or(base.$free),)* }
            }

            /// The whole, when everything is said; otherwise the fields of which nothing is.
            pub(super) fn complete(&self) -> Result<$whole, Vec<&'static str>> {
                match ($(self.$field,)*) {
                    ($(Some($field),)*) => Ok($whole { $($field,)* $($free: self.$free.unwrap_or($unsaid),)* }),
                    _ => Err([$((stringify!($field), self.$field.is_none()),)*]
                        .into_iter()
                        .filter_map(|(field, missing)| missing.then_some(field))
                        .collect()),
                }
            }

            /// The fields of which something is said.
            pub(super) fn said(&self) -> Vec<&'static str> {
                [$((stringify!($field), self.$field.is_some()),)* $((stringify!($free), self.$free.is_some()),)*]
                    .into_iter()
                    .filter_map(|(field, said)| said.then_some(field))
                    .collect()
            }

            /// The fields of which something else is said than a whole has.
            #[allow(dead_code, reason = "made for both twins, asked of one")]
            pub(super) fn moved_in(&self, whole: &$whole) -> Vec<&'static str> {
                [
                    $((stringify!($field), self.$field.is_some_and(|value| value != whole.$field)),)*
                    $((stringify!($free), self.$free.is_some_and(|value| value != whole.$free)),)*
                ]
                .into_iter()
                .filter_map(|(field, moved)| moved.then_some(field))
                .collect()
            }

            /// Reads what a table of a file says of all fields but those `settled` has a value for already.
            pub(super) fn read(table: &mut Table<'_>, settled: &Self) -> Self {
                Self {
                    $($field: match settled.$field {
                        Some(_) => None,
                        None => table.optional(stringify!($field)),
                    },)*
                    $($free: match settled.$free {
                        Some(_) => None,
                        None => table.optional(stringify!($free)),
                    },)*
                }
            }
        }
    };
}

with_partial! {
    /// The rules an order is placed under. Stored with every version of an offering.
    Rules,
    /// Changes to some of the [`Rules`]; what is not named stays as it was. The form operators write.
    RuleChanges,
    {
        /// How many days before the day of service its places open, 0 to 90.
        opens_days_before: u16 = 0,
        /// At what local time of that day they open, 00:00 to 23:59.
        opens_at: TimeOfDay = TimeOfDay(0),
        /// Booking ends so many minutes before the place begins, at most a week.
        closes_minutes_before: u16 = 0,
        /// Until when the subject may cancel or move.
        cancel_until: Deadline = Deadline::MinutesBefore(0),
        /// How many minutes a held place is kept for somebody from the waiting line, 5 to 1440.
        hold_minutes: u16 = 0,
        /// How long one place lasts, in minutes: 5 to 1440, a multiple of 5.
        slot_minutes: u16 = 0,
        /// Places at each time, 1 to 10,000.
        capacity: u32 = 0,
        /// The price of one place in fen, 0 to 10,000,000 (¥100,000).
        price_fen: i64 = 0,
        /// How many minutes before the beginning one may check in at the desk, at most 720.
        check_in_minutes_before: u16 = 0,
        /// So many minutes after the beginning, somebody who is not there may be counted as not come; at most 720.
        late_minutes: u16 = 0,
        /// After so many days of silence a fulfilled order closes, 1 to 90.
        close_after_days: u16 = 0,
        /// Whether people may wait in line for a full time.
        line: bool = false,
        /// The longest line at one time, in people: 1 to 1000 with a line, 0 without.
        max_line: u32 = 0,
    }
    else {
        /// Of a room: how many minutes stay free after each use, to air and clean; at most 240.
        gap_minutes: u16 = 0,
        /// Of a room: the shortest use in minutes; 0 is one step of [`Rules::slot_minutes`].
        min_minutes: u16 = 0,
        /// Of a room: the longest use in minutes; 0 is until it closes.
        max_minutes: u16 = 0,
        /// Whether the place says yes or no to each order.
        approval: bool = false,
        /// Of a room: so many minutes after the beginning it is given back when nobody has come; 0 is never.
        release_minutes: u16 = 0,
        /// Whoever was served here comes again within so many days for [`Rules::revisit_price_fen`]; 0 is never.
        revisit_days: u16 = 0,
        /// The price of a revisit in fen, at most [`Rules::price_fen`].
        revisit_price_fen: i64 = 0,
    }
}

with_partial! {
    /// How far operators may move the rules of one kind.
    RuleBounds,
    /// Some of the [`RuleBounds`]: what a platform's file says for all its kinds, or one kind for itself.
    BoundChanges,
    {
        /// Bounds of [`Rules::opens_days_before`].
        opens_days_before: Bound<u16> = Bound { min: 0, max: 0 },
        /// Bounds of [`Rules::closes_minutes_before`].
        closes_minutes_before: Bound<u16> = Bound { min: 0, max: 0 },
        /// Bounds of [`Rules::hold_minutes`].
        hold_minutes: Bound<u16> = Bound { min: 0, max: 0 },
        /// Bounds of [`Rules::slot_minutes`].
        slot_minutes: Bound<u16> = Bound { min: 0, max: 0 },
        /// Bounds of [`Rules::capacity`].
        capacity: Bound<u32> = Bound { min: 0, max: 0 },
        /// Bounds of [`Rules::price_fen`].
        price_fen: Bound<i64> = Bound { min: 0, max: 0 },
    }
    else {
        /// Bounds of [`Rules::gap_minutes`].
        gap_minutes: Bound<u16> = Bound { min: 0, max: 0 },
        /// Bounds of [`Rules::max_minutes`].
        max_minutes: Bound<u16> = Bound { min: 0, max: 0 },
    }
}

/// The least and the greatest value, both allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound<T> {
    /// The least value.
    pub min: T,
    /// The greatest value.
    pub max: T,
}

impl<T: PartialOrd + Display> Bound<T> {
    fn check(&self, field: &'static str, value: T, wrong: &mut Vec<(&'static str, String)>) {
        if value < self.min || value > self.max {
            wrong.push((field, format!("{} to {}", self.min, self.max)));
        }
    }
}

impl RuleBounds {
    /// Every rule that lies outside these bounds or those of every kind: its field, and what is allowed. A field
    /// appears once, with the narrower of its bounds. [`Kind::check`](super::Kind::check) asks the shape too.
    pub(super) fn check(&self, rules: &Rules) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        self.opens_days_before.check("opens_days_before", rules.opens_days_before, &mut wrong);
        self.closes_minutes_before.check("closes_minutes_before", rules.closes_minutes_before, &mut wrong);
        self.hold_minutes.check("hold_minutes", rules.hold_minutes, &mut wrong);
        self.slot_minutes.check("slot_minutes", rules.slot_minutes, &mut wrong);
        self.capacity.check("capacity", rules.capacity, &mut wrong);
        self.price_fen.check("price_fen", rules.price_fen, &mut wrong);
        self.gap_minutes.check("gap_minutes", rules.gap_minutes, &mut wrong);
        self.max_minutes.check("max_minutes", rules.max_minutes, &mut wrong);
        for (field, allowed) in rules.check() {
            if wrong.iter().all(|(known, _)| *known != field) {
                wrong.push((field, allowed));
            }
        }
        wrong
    }

    /// Every bound that no kind may have: its field, and what is allowed.
    pub(super) fn impossible(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut judge = |field, min: i64, max: i64, limit: Bound<i64>| {
            if min > max || min < limit.min || max > limit.max {
                wrong.push((field, format!("min ≤ max, within {} to {}", limit.min, limit.max)));
            }
        };
        judge("opens_days_before", self.opens_days_before.min.into(), self.opens_days_before.max.into(), DAYS_AHEAD);
        judge(
            "closes_minutes_before",
            self.closes_minutes_before.min.into(),
            self.closes_minutes_before.max.into(),
            MINUTES_OF_A_WEEK,
        );
        judge("hold_minutes", self.hold_minutes.min.into(), self.hold_minutes.max.into(), LENGTH);
        judge("slot_minutes", self.slot_minutes.min.into(), self.slot_minutes.max.into(), LENGTH);
        judge("capacity", self.capacity.min.into(), self.capacity.max.into(), PLACES);
        judge("price_fen", self.price_fen.min, self.price_fen.max, PRICE);
        judge("gap_minutes", self.gap_minutes.min.into(), self.gap_minutes.max.into(), GAP);
        judge("max_minutes", self.max_minutes.min.into(), self.max_minutes.max.into(), USE);
        wrong
    }
}

const DAYS_AHEAD: Bound<i64> = Bound { min: 0, max: 90 };
const MINUTES_OF_A_WEEK: Bound<i64> = Bound { min: 0, max: 7 * 24 * 60 };
const LENGTH: Bound<i64> = Bound { min: 5, max: 24 * 60 };
const PLACES: Bound<i64> = Bound { min: 1, max: 10_000 };
const PRICE: Bound<i64> = Bound { min: 0, max: 10_000_000 };
const HALF_A_DAY: Bound<i64> = Bound { min: 0, max: 12 * 60 };
const DAYS_OF_SILENCE: Bound<i64> = Bound { min: 1, max: 90 };
const LINE: Bound<i64> = Bound { min: 1, max: 1000 };
const GAP: Bound<i64> = Bound { min: 0, max: 4 * 60 };
const USE: Bound<i64> = Bound { min: 0, max: 24 * 60 };
const YEAR: Bound<i64> = Bound { min: 0, max: 366 };

impl Rules {
    /// What holds for every kind, whatever its file allows: fields outside, and what is allowed.
    fn check(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        DAYS_AHEAD.check("opens_days_before", self.opens_days_before.into(), &mut wrong);
        if self.opens_at.0 >= 24 * 60 {
            wrong.push(("opens_at", "00:00 to 23:59".to_owned()));
        }
        MINUTES_OF_A_WEEK.check("closes_minutes_before", self.closes_minutes_before.into(), &mut wrong);
        let before_opening = match self.cancel_until {
            Deadline::MinutesBefore(minutes) => minutes > (u32::from(self.opens_days_before) + 1) * 24 * 60,
            Deadline::DayBefore { days, .. } => days > self.opens_days_before,
        };
        if before_opening {
            wrong.push(("cancel_until", "a time after the places open".to_owned()));
        }
        LENGTH.check("hold_minutes", self.hold_minutes.into(), &mut wrong);
        LENGTH.check("slot_minutes", self.slot_minutes.into(), &mut wrong);
        if !self.slot_minutes.is_multiple_of(5) {
            wrong.push(("slot_minutes", "a multiple of 5".to_owned()));
        }
        PLACES.check("capacity", self.capacity.into(), &mut wrong);
        PRICE.check("price_fen", self.price_fen, &mut wrong);
        HALF_A_DAY.check("check_in_minutes_before", self.check_in_minutes_before.into(), &mut wrong);
        HALF_A_DAY.check("late_minutes", self.late_minutes.into(), &mut wrong);
        DAYS_OF_SILENCE.check("close_after_days", self.close_after_days.into(), &mut wrong);
        GAP.check("gap_minutes", self.gap_minutes.into(), &mut wrong);
        USE.check("max_minutes", self.max_minutes.into(), &mut wrong);
        USE.check("min_minutes", self.min_minutes.into(), &mut wrong);
        if self.max_minutes > 0 && self.min_minutes > self.max_minutes {
            wrong.push(("min_minutes", "at most max_minutes".to_owned()));
        }
        HALF_A_DAY.check("release_minutes", self.release_minutes.into(), &mut wrong);
        YEAR.check("revisit_days", self.revisit_days.into(), &mut wrong);
        if !(0..=self.price_fen.max(0)).contains(&self.revisit_price_fen) {
            wrong.push(("revisit_price_fen", "at most price_fen".to_owned()));
        }
        if self.line {
            LINE.check("max_line", self.max_line.into(), &mut wrong);
        } else if self.max_line != 0 {
            wrong.push(("max_line", "0, since there is no line".to_owned()));
        }
        wrong
    }
}

/// Until when something may be done about a place that begins at a certain time.
///
/// Written `{ minutes_before = 120 }` or `{ days_before = 1, at = "17:00" }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenDeadline", into = "WrittenDeadline")]
pub enum Deadline {
    /// So many minutes before the beginning.
    MinutesBefore(u32),
    /// At a local time so many days before the day of the beginning; 0 is the day itself.
    DayBefore {
        /// How many days before.
        days: u16,
        /// The local time.
        at: TimeOfDay,
    },
}

impl Deadline {
    /// The last instant for a place that begins at `start`; never after the beginning.
    pub fn for_start(&self, start: Instant) -> Instant {
        match *self {
            Self::MinutesBefore(minutes) => start - Span::minutes(i64::from(minutes)),
            Self::DayBefore { days, at } => start.day().plus(-i32::from(days)).at(at).min(start),
        }
    }
}

/// How a deadline is written in files and in stored rules.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDeadline {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    minutes_before: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days_before: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<TimeOfDay>,
}

impl TryFrom<WrittenDeadline> for Deadline {
    type Error = &'static str;
    fn try_from(written: WrittenDeadline) -> Result<Self, Self::Error> {
        match (written.minutes_before, written.days_before, written.at) {
            (Some(minutes), None, None) => Ok(Self::MinutesBefore(minutes)),
            (None, Some(days), Some(at)) => Ok(Self::DayBefore { days, at }),
            _ => Err("a deadline is either minutes before or a day and a time"),
        }
    }
}

impl From<Deadline> for WrittenDeadline {
    fn from(deadline: Deadline) -> Self {
        match deadline {
            Deadline::MinutesBefore(minutes) => Self { minutes_before: Some(minutes), days_before: None, at: None },
            Deadline::DayBefore { days, at } => Self { minutes_before: None, days_before: Some(days), at: Some(at) },
        }
    }
}
