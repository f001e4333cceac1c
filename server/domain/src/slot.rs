//! The `slot` shape: one of several places at a time.
//!
//! A weekly template gives the times of a day; days off and extra hours change single days; the rules of the
//! offering say when the places open, when booking ends, and until when one may change one's mind.

use crate::claim::{Claim, Pool, PoolKey};
use crate::holiday::{DayKind, Holidays};
use crate::id::{OfferingId, PersonId};
use crate::needed::{Needed, Way};
use crate::platform::{Kind, Rules};
use crate::refusal::{Code, Refusal};
use crate::time::{Day, Instant, Span, TimeOfDay};

/// One line of a weekly template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleLine {
    /// Bit 0 is Monday.
    pub weekdays: u8,
    /// The first slot begins.
    pub from: TimeOfDay,
    /// The last slot has ended.
    pub to: TimeOfDay,
    /// How long a slot is.
    pub slot_minutes: u16,
    /// Places per slot.
    pub capacity: u32,
    /// The first day it holds.
    pub valid_from: Day,
    /// The first day it holds no more.
    pub valid_until: Option<Day>,
}

impl ScheduleLine {
    fn holds(&self, day: Day, weekday: u8) -> bool {
        self.weekdays >> (weekday - 1) & 1 == 1
            && self.valid_from <= day
            && self.valid_until.is_none_or(|until| day < until)
    }
}

/// A single day that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Which day.
    pub day: Day,
    /// From.
    pub from: TimeOfDay,
    /// To.
    pub to: TimeOfDay,
    /// Places there are instead; none when the time is off.
    pub extra: Option<Extra>,
}

/// Extra hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extra {
    /// How long a slot is.
    pub slot_minutes: u16,
    /// Places per slot.
    pub capacity: u32,
}

/// One time with places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// Places when nobody has booked.
    pub capacity: u32,
    /// Taken off: nobody is seen at this time.
    pub off: bool,
}

/// What the times of an offering follow from.
#[derive(Debug, Clone, Copy)]
pub struct Timetable<'a> {
    /// The weekly template.
    pub lines: &'a [ScheduleLine],
    /// Days that differ.
    pub exceptions: &'a [Exception],
    /// Holidays and make-up days.
    pub holidays: &'a Holidays,
}

impl Timetable<'_> {
    /// The times of a day in order, those taken off included. A public holiday has only extra hours.
    ///
    /// On a make-up Saturday or Sunday the template of the neighbouring Friday or Monday holds, unless the
    /// template has lines for that day itself. In a year whose holidays are not known, the plain week holds; whoever
    /// shows it says so.
    pub fn slots(&self, day: Day) -> Vec<Slot> {
        let mut slots: Vec<Slot> = Vec::new();
        let mut add = |from: TimeOfDay, to: TimeOfDay, minutes: u16, capacity: u32| {
            let mut begins = from.0;
            while minutes > 0 && begins + minutes <= to.0 {
                let (start, end) = (day.at(TimeOfDay(begins)), day.at(TimeOfDay(begins + minutes)));
                if slots.iter().all(|slot| slot.start != start) {
                    slots.push(Slot { start, end, capacity, off: false });
                }
                begins += minutes;
            }
        };
        let todays = self.exceptions.iter().filter(|exception| exception.day == day);
        // Extra hours come first: where they begin with a slot of the template, they replace it.
        for exception in todays.clone() {
            if let Some(extra) = exception.extra {
                add(exception.from, exception.to, extra.slot_minutes, extra.capacity);
            }
        }
        if let Some(weekday) = self.template_weekday(day) {
            for line in self.lines.iter().filter(|line| line.holds(day, weekday)) {
                add(line.from, line.to, line.slot_minutes, line.capacity);
            }
        }
        for exception in todays.filter(|exception| exception.extra.is_none()) {
            let (from, to) = (day.at(exception.from), day.at(exception.to));
            for slot in slots.iter_mut().filter(|slot| slot.start < to && from < slot.end) {
                slot.off = true;
            }
        }
        slots.sort_by_key(|slot| slot.start);
        slots
    }

    /// The slot that begins at an instant.
    pub fn slot_at(&self, start: Instant) -> Option<Slot> {
        self.slots(start.day()).into_iter().find(|slot| slot.start == start)
    }

    fn template_weekday(&self, day: Day) -> Option<u8> {
        let weekday = day.weekday();
        match self.holidays.kind_of(day) {
            DayKind::Holiday(_) => None,
            DayKind::MakeUpWorkday if !self.lines.iter().any(|line| line.holds(day, weekday)) => {
                Some(if weekday == 6 { 5 } else { 1 })
            }
            _ => Some(weekday),
        }
    }
}

/// When the places of a slot open.
pub fn opens_at(start: Instant, rules: &Rules) -> Instant {
    start.day().plus(-i32::from(rules.opens_days_before)).at(rules.opens_at)
}

/// When booking of a slot ends.
pub fn closes_at(start: Instant, rules: &Rules) -> Instant {
    start - Span::minutes(i64::from(rules.closes_minutes_before))
}

/// A slip can be undone for so long after booking, even when the offering's deadline has passed already.
const TIME_TO_UNDO: Span = Span::minutes(10);

/// Until when a place taken now can be cancelled or moved without calling: the offering's deadline, or a few minutes
/// where that has passed; never after the beginning.
pub fn changes_until(start: Instant, rules: &Rules, now: Instant) -> Instant {
    rules.cancel_until.for_start(start).max(undo_until(start, now))
}

/// Until when something done now can be undone, whatever the deadline.
pub fn undo_until(start: Instant, now: Instant) -> Instant {
    (now + TIME_TO_UNDO).min(start)
}

/// Who is placing: staff at the desk may book later than residents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A resident or a family, online.
    Online,
    /// Staff, for somebody at the desk or on the phone: up to the beginning.
    Desk,
    /// Staff, for somebody who is standing there: up to the end.
    WalkIn,
}

/// Whether a slot can be booked at all, before looking at what is left.
///
/// # Errors
/// A refusal that says when or where to try instead.
pub fn bookable(slot: &Slot, rules: &Rules, door: Door, now: Instant) -> Result<(), Refusal> {
    if slot.off {
        return Err(Code::SlotClosed.into());
    }
    let last = match door {
        Door::Online => closes_at(slot.start, rules),
        Door::Desk => slot.start,
        Door::WalkIn => slot.end,
    };
    if slot.end <= now || (door == Door::Online && slot.start <= now) {
        return Err(Code::SlotPast.into());
    }
    if now >= last {
        return Err(Code::SlotBookingClosed.into());
    }
    let opens = opens_at(slot.start, rules);
    if now < opens {
        return Err(Refusal::new(Code::SlotNotOpen).with("opens", opens).retry_after(opens - now));
    }
    Ok(())
}

/// What is left, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Left {
    /// Plenty.
    Many,
    /// A fifth or less.
    Few,
    /// Nothing, and no line.
    None,
    /// Nothing for a newcomer, but a line to join.
    Line,
    /// Not yet open.
    NotOpen,
    /// Taken off, or no times on that day.
    Closed,
    /// Over, or too late to book.
    Past,
}

impl Left {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Many => "many",
            Self::Few => "few",
            Self::None => "none",
            Self::Line => "line",
            Self::NotOpen => "not_open",
            Self::Closed => "closed",
            Self::Past => "past",
        }
    }

    /// What a newcomer finds at an open slot.
    pub fn of_pool(pool: &Pool, rules: &Rules) -> Self {
        if pool.closed {
            Self::Closed
        } else if pool.free() > 0 && pool.waiting == 0 {
            if pool.free() * 5 <= pool.capacity { Self::Few } else { Self::Many }
        } else if rules.line && pool.waiting < rules.max_line {
            Self::Line
        } else {
            Self::None
        }
    }

    /// What a day shows for all its slots: the best of them.
    pub fn of_day(slots: impl IntoIterator<Item = Self>) -> Self {
        const BEST_FIRST: [Left; 7] =
            [Left::Many, Left::Few, Left::Line, Left::None, Left::NotOpen, Left::Past, Left::Closed];
        let found: Vec<Self> = slots.into_iter().collect();
        BEST_FIRST.into_iter().find(|left| found.contains(left)).unwrap_or(Self::Closed)
    }
}

/// What a place in a slot needs.
pub fn needed(offering: OfferingId, kind: &Kind, slot: &Slot, subject: PersonId) -> Needed {
    let pool = PoolKey::slot(offering, slot.start);
    let place = Way { unit: None, claims: vec![Claim::Place { pool, capacity: slot.capacity, amount: 1 }] };
    Needed::new(kind, subject, &[(slot.start, slot.end)], vec![place])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Deadline;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn time(text: &str) -> TimeOfDay {
        text.parse().unwrap()
    }
    fn line(weekdays: u8) -> ScheduleLine {
        ScheduleLine {
            weekdays,
            from: time("08:00"),
            to: time("09:20"),
            slot_minutes: 30,
            capacity: 5,
            valid_from: day("2026-01-01"),
            valid_until: None,
        }
    }
    fn holidays() -> Holidays {
        let text = "date,kind,name_zh,name_en,source\n2026-01-01,holiday,元旦,New Year,公告\n2026-10-01,holiday,国庆,National Day,公告\n2026-10-10,workday,国庆,National Day,公告\n";
        Holidays::parse("holidays.csv", text).unwrap()
    }
    fn starts(lines: &[ScheduleLine], exceptions: &[Exception], on: &str) -> Vec<String> {
        let holidays = holidays();
        let table = Timetable { lines, exceptions, holidays: &holidays };
        let said = |slot: Slot| format!("{}{}", slot.start.time_of_day(), if slot.off { " off" } else { "" });
        table.slots(day(on)).into_iter().map(said).collect()
    }

    #[test]
    fn the_template_holds_on_its_weekdays_and_only_whole_slots() {
        let weekdays = [line(0b001_1111)];
        assert_eq!(starts(&weekdays, &[], "2026-11-24"), ["08:00", "08:30"]);
        assert!(starts(&weekdays, &[], "2026-11-28").is_empty());
        assert!(starts(&weekdays, &[], "2025-12-31").is_empty(), "before it is valid");
    }

    #[test]
    fn holidays_rest_and_make_up_days_work() {
        let weekdays = [line(0b001_1111)];
        assert!(starts(&weekdays, &[], "2026-10-01").is_empty());
        assert_eq!(starts(&weekdays, &[], "2026-10-10").len(), 2, "a Saturday made up for works like a Friday");
        assert!(starts(&[line(0b000_0001)], &[], "2026-10-10").is_empty(), "who is off on Fridays is off then");
        assert_eq!(starts(&weekdays, &[], "2027-10-01").len(), 2, "nothing is guessed for an unknown year");
    }

    #[test]
    fn days_off_and_extra_hours() {
        let off = Exception { day: day("2026-11-24"), from: time("08:15"), to: time("08:30"), extra: None };
        assert_eq!(starts(&[line(0b111_1111)], &[off], "2026-11-24"), ["08:00 off", "08:30"]);
        let extra = Exception {
            day: day("2026-10-01"),
            from: time("19:00"),
            to: time("20:00"),
            extra: Some(Extra { slot_minutes: 60, capacity: 3 }),
        };
        assert_eq!(starts(&[line(0b111_1111)], &[extra], "2026-10-01"), ["19:00"], "extra hours hold on a holiday");
    }

    #[test]
    fn booking_opens_and_closes_by_rule() {
        let rules = Rules { opens_days_before: 7, opens_at: time("07:00"), closes_minutes_before: 30, ..Rules::NONE };
        let start = day("2026-11-30").at(time("08:00"));
        let slot = Slot { start, end: start + Span::minutes(30), capacity: 5, off: false };
        let code = |door, now: &str| bookable(&slot, &rules, door, now.parse().unwrap()).map_err(|no| no.code);
        assert_eq!(code(Door::Online, "2026-11-23T06:59:59+08:00"), Err(Code::SlotNotOpen));
        assert_eq!(code(Door::Online, "2026-11-23T07:00:00+08:00"), Ok(()));
        assert_eq!(code(Door::Online, "2026-11-30T07:30:00+08:00"), Err(Code::SlotBookingClosed));
        assert_eq!(code(Door::Desk, "2026-11-30T07:30:00+08:00"), Ok(()));
        assert_eq!(code(Door::Desk, "2026-11-30T08:00:00+08:00"), Err(Code::SlotBookingClosed));
        assert_eq!(code(Door::WalkIn, "2026-11-30T08:10:00+08:00"), Ok(()));
        assert_eq!(code(Door::WalkIn, "2026-11-30T08:30:00+08:00"), Err(Code::SlotPast));
    }

    #[test]
    fn a_slip_can_be_undone_even_after_the_deadline() {
        let rules = Rules { cancel_until: Deadline::DayBefore { days: 1, at: time("17:00") }, ..Rules::NONE };
        let start = day("2026-11-30").at(time("08:00"));
        let until = |now: &str| changes_until(start, &rules, now.parse().unwrap()).to_string();
        assert_eq!(until("2026-11-28T09:00:00+08:00"), "2026-11-29T17:00:00+08:00");
        assert_eq!(until("2026-11-29T18:00:00+08:00"), "2026-11-29T18:10:00+08:00");
        assert_eq!(until("2026-11-30T07:55:00+08:00"), "2026-11-30T08:00:00+08:00");
    }

    #[test]
    fn what_is_left_in_words() {
        let rules = Rules { line: true, max_line: 2, ..Rules::NONE };
        let pool = |taken, waiting| Pool { taken, waiting, ..Pool::fresh(10) };
        assert_eq!(Left::of_pool(&pool(7, 0), &rules), Left::Many);
        assert_eq!(Left::of_pool(&pool(8, 0), &rules), Left::Few);
        assert_eq!(Left::of_pool(&pool(10, 1), &rules), Left::Line);
        assert_eq!(
            Left::of_pool(&pool(9, 1), &rules),
            Left::Line,
            "a place free while people wait is not for newcomers"
        );
        assert_eq!(Left::of_pool(&pool(10, 2), &rules), Left::None);
        assert_eq!(Left::of_day([Left::Past, Left::Line, Left::Few]), Left::Few);
        assert_eq!(Left::of_day([]), Left::Closed);
    }
}
