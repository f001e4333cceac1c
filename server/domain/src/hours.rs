//! Setting weekly hours: lines that do not overlap, and orders that keep their time.

use std::collections::BTreeSet;

use crate::slot::{ScheduleLine, Slot};
use crate::time::{Day, Instant, TimeOfDay};

/// The first line that overlaps one before it: on the same weekday, at the same time, on days that both hold.
pub fn overlap(lines: &[ScheduleLine]) -> Option<&ScheduleLine> {
    let meet = |one: &ScheduleLine, other: &ScheduleLine| {
        one.weekdays & other.weekdays != 0
            && one.from < other.to
            && other.from < one.to
            && one.valid_until.is_none_or(|until| other.valid_from < until)
            && other.valid_until.is_none_or(|until| one.valid_from < until)
    };
    let later = |(index, line): (usize, &ScheduleLine)| lines[..index].iter().any(|before| meet(before, line));
    lines.iter().enumerate().find(|(index, line)| later((*index, line))).map(|(_, line)| line)
}

/// One weekday of a line: the weekday, from, to, the step, the places, since when, until when.
pub type Weekly = (u8, TimeOfDay, TimeOfDay, u16, u32, Day, Option<Day>);

/// What holds from a day on, said weekday by weekday, so that the same hours said in other lines are the same.
pub fn plain(lines: &[ScheduleLine], from: Day) -> BTreeSet<Weekly> {
    let held = lines.iter().filter(|line| line.valid_until.is_none_or(|until| from < until && line.valid_from < until));
    held.flat_map(|line| {
        let since = line.valid_from.max(from);
        (1..=7u8).filter(|weekday| line.weekdays >> (weekday - 1) & 1 == 1).map(move |weekday| {
            (weekday, line.from, line.to, line.slot_minutes, line.capacity, since, line.valid_until)
        })
    })
    .collect()
}

/// The lines as they are after new ones hold from a day on: those before end there, those to come are gone.
pub fn replaced(old: &[ScheduleLine], from: Day, new: &[ScheduleLine]) -> Vec<ScheduleLine> {
    let kept = old.iter().filter(|line| line.valid_from < from).cloned().map(|mut line| {
        line.valid_until = Some(line.valid_until.map_or(from, |until| until.min(from)));
        line
    });
    kept.chain(new.iter().cloned()).collect()
}

/// Whether a slot begins and ends with an order, whether or not it was taken off.
pub fn is_slot(slots: &[Slot], start: Instant, end: Instant) -> bool {
    slots.iter().any(|slot| slot.start == start && slot.end == end)
}

/// Whether it is open from the beginning of an order to its end, whether or not it was taken off. The slots are those
/// of the day in order.
pub fn is_open(slots: &[Slot], start: Instant, end: Instant) -> bool {
    let reached = slots.iter().fold(start, |at, slot| if slot.start <= at { at.max(slot.end) } else { at });
    end <= reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(weekdays: u8, from: u16, to: u16, valid_from: i32, valid_until: Option<i32>) -> ScheduleLine {
        ScheduleLine {
            weekdays,
            from: TimeOfDay(from * 60),
            to: TimeOfDay(to * 60),
            slot_minutes: 30,
            capacity: 2,
            valid_from: Day(valid_from),
            valid_until: valid_until.map(Day),
        }
    }

    #[test]
    fn lines_overlap_on_a_shared_day_and_time_only() {
        let morning = line(0b11, 8, 12, 10, None);
        for (other, meets) in [
            (line(0b10, 11, 13, 10, None), true),
            (line(0b10, 12, 13, 10, None), false),
            (line(0b100, 8, 12, 10, None), false),
            (line(0b11, 8, 12, 5, Some(10)), false),
            (line(0b11, 8, 12, 5, Some(11)), true),
        ] {
            assert_eq!(overlap(&[morning.clone(), other.clone()]), meets.then_some(&other), "{other:?}");
        }
    }

    #[test]
    fn the_same_hours_in_other_words_are_the_same() {
        let together = plain(&[line(0b111, 8, 12, 3, None)], Day(10));
        assert_eq!(together, plain(&[line(0b101, 8, 12, 10, None), line(0b10, 8, 12, 7, None)], Day(10)));
        assert_ne!(together, plain(&[line(0b111, 8, 12, 11, None)], Day(10)));
        assert!(plain(&[line(0b111, 8, 12, 3, Some(10))], Day(10)).is_empty(), "over by then");
    }

    #[test]
    fn new_lines_end_the_old_ones_and_take_the_place_of_those_to_come() {
        let old = [line(1, 8, 12, 0, None), line(2, 8, 12, 0, Some(5)), line(4, 8, 12, 20, None)];
        let new = [line(1, 9, 12, 10, None)];
        let expected = [line(1, 8, 12, 0, Some(10)), line(2, 8, 12, 0, Some(5)), line(1, 9, 12, 10, None)];
        assert_eq!(replaced(&old, Day(10), &new), expected);
    }

    #[test]
    fn an_order_has_its_time_where_slots_reach_from_its_beginning_to_its_end() {
        let at = |minutes: i64| Instant(minutes * 60_000_000);
        let slot = |from, to| Slot { start: at(from), end: at(to), capacity: 1, off: false };
        let slots = [slot(0, 30), slot(30, 60), slot(90, 120)];
        assert!(is_open(&slots, at(0), at(60)) && is_open(&slots, at(15), at(45)));
        assert!(!is_open(&slots, at(30), at(120)) && !is_open(&slots, at(60), at(90)));
        assert!(is_slot(&slots, at(30), at(60)) && !is_slot(&slots, at(0), at(60)));
    }
}
