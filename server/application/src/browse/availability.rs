//! What is left at a time and on a day, in words and numbers.

use linli_domain::claim::Pool;
use linli_domain::holiday::{DayKind, Holidays};
use linli_domain::platform::Rules;
use linli_domain::refusal::Code;
use linli_domain::slot::{Door, Left, Slot, bookable, changes_until, opens_at};
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;

/// One time as whoever comes now finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeView {
    /// The time.
    pub slot: Slot,
    /// What is left, in words.
    pub left: Left,
    /// Places nobody has; 0 at a time that is off or over.
    pub free: u32,
    /// People in line.
    pub waiting: u32,
    /// Why it cannot be booked; nothing when it can.
    pub why_not: Option<Code>,
    /// When booking opens, if it has not yet.
    pub opens_at: Option<Instant>,
    /// Until when one may change one's mind about it.
    pub changes_until: Instant,
}

impl TimeView {
    /// Whether a place can be had right away.
    pub const fn is_bookable(&self) -> bool {
        matches!(self.left, Left::Many | Left::Few)
    }

    /// Whether one may join the line.
    pub const fn can_wait(&self) -> bool {
        matches!(self.left, Left::Line)
    }
}

/// What somebody finds who comes through a door now. No pool means that nobody has used it yet.
pub fn time(slot: &Slot, rules: &Rules, pool: Option<&Pool>, door: Door, now: Instant) -> TimeView {
    let mut pool = pool.copied().unwrap_or(Pool::fresh(slot.capacity));
    // The schedule may have more or fewer places by now.
    pool.resize(slot.capacity);
    let (left, why_not) = match bookable(slot, rules, door, now) {
        Err(refusal) => {
            let left = match refusal.code {
                Code::SlotClosed => Left::Closed,
                Code::SlotNotOpen => Left::NotOpen,
                _ => Left::Past,
            };
            (left, Some(refusal.code))
        }
        Ok(()) => {
            let left = Left::of_pool(&pool, rules);
            (left, why_not(left, &pool, rules))
        }
    };
    let gone = matches!(left, Left::Closed | Left::Past);
    TimeView {
        slot: *slot,
        left,
        free: if gone { 0 } else { pool.free() },
        waiting: pool.waiting,
        why_not,
        opens_at: (left == Left::NotOpen).then(|| opens_at(slot.start, rules)),
        changes_until: changes_until(slot.start, rules, now),
    }
}

/// The code with which placing would refuse a newcomer.
pub(crate) fn why_not(left: Left, pool: &Pool, rules: &Rules) -> Option<Code> {
    match left {
        Left::Many | Left::Few => None,
        Left::Closed => Some(Code::SlotClosed),
        Left::None if rules.line => Some(Code::LineFull),
        _ if pool.free() > 0 => Some(Code::SlotHasLine),
        _ => Some(Code::SlotFull),
    }
}

/// One day of an offering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayView {
    /// The day.
    pub day: Day,
    /// The best of what its times show.
    pub left: Left,
    /// Places nobody has, over all its times.
    pub free: u32,
    /// People in line, over all its times.
    pub waiting: u32,
    /// When booking opens, if it has not yet.
    pub opens_at: Option<Instant>,
    /// The holiday it is.
    pub holiday: Option<Words>,
    /// A Saturday or Sunday on which people work for a holiday elsewhere.
    pub make_up_workday: bool,
    /// The official list of holidays of its year is not there yet: the plain week is shown.
    pub calendar_unknown: bool,
}

/// A day, from what its times show. A day before today is past, whatever there was on it.
pub fn day(day: Day, times: &[TimeView], holidays: &Holidays, today: Day) -> DayView {
    let left = if day < today { Left::Past } else { Left::of_day(times.iter().map(|time| time.left)) };
    let kind = holidays.kind_of(day);
    DayView {
        day,
        left,
        free: times.iter().map(|time| time.free).sum(),
        waiting: times.iter().map(|time| time.waiting).sum(),
        opens_at: if left == Left::NotOpen { times.iter().filter_map(|time| time.opens_at).min() } else { None },
        make_up_workday: kind == DayKind::MakeUpWorkday,
        calendar_unknown: kind == DayKind::Unknown,
        holiday: match kind {
            DayKind::Holiday(name) => Some(name),
            _ => None,
        },
    }
}
