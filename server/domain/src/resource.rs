//! The `resource` shape: a room, a table, a place in the gym, from–to.
//!
//! The opening hours are cut into steps like the slots of a doctor. A use is a run of steps without a hole. Where
//! rooms or tables are told apart, each has a calendar, and the gap after a use belongs to the use; where they are
//! only counted, a place is taken in every step.

use crate::calendar;
use crate::claim::{Claim, PoolKey};
use crate::id::{OfferingId, PersonId, UnitId};
use crate::needed::{Needed, Way};
use crate::platform::{Kind, Rules};
use crate::refusal::{Code, Refusal};
use crate::slot::Slot;
use crate::time::{Instant, Span};

/// A use: steps one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    steps: Vec<Slot>,
}

impl Run {
    /// The run of steps from `start` to `end`, as the rules allow it. `day` are all the steps of the day.
    ///
    /// # Errors
    /// [`Code::SpanInvalid`] when it does not begin and end on steps, has a hole, or is too short or too long;
    /// [`Code::SlotClosed`] when a part of it was taken off.
    pub fn new(day: &[Slot], start: Instant, end: Instant, rules: &Rules) -> Result<Self, Refusal> {
        let steps: Vec<Slot> = day.iter().filter(|slot| start <= slot.start && slot.end <= end).copied().collect();
        let shortest = i64::from(rules.min_minutes.max(rules.slot_minutes));
        let longest = if rules.max_minutes == 0 { 24 * 60 } else { i64::from(rules.max_minutes) };
        let minutes = (end - start).0 / Span::minutes(1).0;
        let is_whole = steps.first().is_some_and(|first| first.start == start)
            && steps.last().is_some_and(|last| last.end == end)
            && steps.windows(2).all(|pair| pair[0].end == pair[1].start);
        if !is_whole || minutes < shortest || minutes > longest {
            let refusal = Refusal::new(Code::SpanInvalid).field("end");
            return Err(refusal.with("min", shortest).with("max", longest));
        }
        if steps.iter().any(|slot| slot.off) {
            return Err(Code::SlotClosed.into());
        }
        Ok(Self { steps })
    }

    /// When it begins and ends.
    pub fn span(&self) -> (Instant, Instant) {
        let (first, last) = (self.steps.first(), self.steps.last());
        first.zip(last).map_or((Instant(0), Instant(0)), |(first, last)| (first.start, last.end))
    }

    /// How long it lasts, in minutes.
    pub fn minutes(&self) -> u32 {
        let (start, end) = self.span();
        u32::try_from((end - start).0 / Span::minutes(1).0).unwrap_or(0)
    }

    /// What it costs in fen: the price of an hour for every hour begun.
    pub fn price_fen(&self, rules: &Rules) -> i64 {
        rules.price_fen * i64::from(self.minutes().div_ceil(60))
    }

    /// What it needs. `units` are the rooms or tables that would do, the preferred first; none where places are only
    /// counted. The capacity of a step is how many there are.
    pub fn needed(
        &self,
        offering: OfferingId,
        kind: &Kind,
        rules: &Rules,
        units: Option<&[UnitId]>,
        subject: PersonId,
    ) -> Needed {
        let (start, end) = self.span();
        // Counted also where there are units: closing a time then closes it for all of them.
        let pool = |slot: &Slot| PoolKey::slot(offering, slot.start);
        let place = |slot: &Slot| Claim::Place { pool: pool(slot), capacity: slot.capacity, amount: 1 };
        let counted: Vec<Claim> = self.steps.iter().map(place).collect();
        let ways = match units {
            None => vec![Way { unit: None, claims: counted }],
            Some(units) => {
                let until = end + Span::minutes(i64::from(rules.gap_minutes));
                let busy = calendar::busy(start, until);
                let of = |unit: &UnitId| {
                    let time = busy.iter().map(|(day, mask)| Claim::Time { owner: unit.0, day: *day, mask: *mask });
                    Way { unit: Some(*unit), claims: counted.iter().cloned().chain(time).collect() }
                };
                units.iter().map(of).collect()
            }
        };
        let mut needed = Needed::new(kind, subject, &[(start, end)], ways);
        if let Some(hours) = kind.limits.hours_per_week {
            needed.limits.push(Claim::Place {
                pool: PoolKey::minutes_per_week(subject, &kind.key, start.day()),
                capacity: u32::from(hours) * 60,
                amount: self.minutes(),
            });
        }
        needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Change, Ledger, Shortage};
    use crate::platform::PersonLimits;
    use crate::time::{Day, TimeOfDay};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    const OFFERING: OfferingId = OfferingId(7);

    fn day() -> Day {
        "2026-11-24".parse().unwrap()
    }

    fn at(minute: u16) -> Instant {
        day().at(TimeOfDay(minute))
    }

    /// Open from nine to five in half hours, but for half past twelve.
    fn steps() -> Vec<Slot> {
        (18..34)
            .filter(|n| *n != 25)
            .map(|n| Slot { start: at(n * 30), end: at(n * 30 + 30), capacity: 2, off: n == 30 })
            .collect()
    }

    fn rules() -> Rules {
        Rules { slot_minutes: 30, gap_minutes: 15, min_minutes: 60, max_minutes: 180, price_fen: 1000, ..Rules::NONE }
    }

    static KIND: LazyLock<Kind> = LazyLock::new(|| {
        let platforms = crate::platform::load(&crate::platform::tests::files()).unwrap();
        let mut kind = platforms.kinds().find(|kind| kind.shape == crate::platform::Shape::Resource).unwrap().clone();
        kind.limits = PersonLimits::default();
        kind
    });

    #[test]
    fn a_use_begins_and_ends_on_steps_and_has_no_hole() {
        let run = |from: u16, to: u16| Run::new(&steps(), at(from), at(to), &rules()).map_err(|no| no.code);
        assert_eq!(run(540, 630).unwrap().minutes(), 90);
        assert_eq!(run(540, 630).unwrap().price_fen(&rules()), 2000, "an hour begun is an hour");
        assert_eq!(run(545, 630), Err(Code::SpanInvalid));
        assert_eq!(run(540, 570), Err(Code::SpanInvalid), "too short");
        assert_eq!(run(540, 750), Err(Code::SpanInvalid), "too long");
        assert_eq!(run(720, 810), Err(Code::SpanInvalid), "over the hole at noon");
        assert_eq!(run(840, 960), Err(Code::SlotClosed));
        assert_eq!(run(630, 540), Err(Code::SpanInvalid));
        assert_eq!(run(0, 60), Err(Code::SpanInvalid));
    }

    fn ask(from: u16, to: u16, wanted: &[UnitId], subject: i64) -> Option<Needed> {
        let run = Run::new(&steps(), at(from), at(to), &rules()).ok()?;
        Some(run.needed(OFFERING, &KIND, &rules(), Some(wanted), PersonId(subject)))
    }

    #[test]
    fn the_next_room_is_taken_and_the_gap_is_kept() {
        let (mut ledger, both) = (Ledger::default(), [UnitId(1), UnitId(2)]);
        let mut take = |needed: Needed| needed.take(&mut ledger, &Change::default()).map(|(unit, _)| unit);
        assert_eq!(take(ask(540, 600, &both, 11).unwrap()), Ok(Some(UnitId(1))));
        assert_eq!(take(ask(600, 660, &both, 12).unwrap()), Ok(Some(UnitId(2))), "the first is being aired");
        assert!(matches!(take(ask(600, 660, &[UnitId(1)], 13).unwrap()), Err(Shortage::Busy { owner: 1, .. })));
        assert_eq!(take(ask(630, 690, &both, 13).unwrap()), Ok(Some(UnitId(1))));
        assert_eq!(
            take(ask(900, 960, &both, 13).unwrap_or_else(|| ask(660, 720, &both, 13).unwrap())),
            Err(Shortage::Busy { owner: 13, day: day() }),
            "another room does not help somebody who is busy"
        );
    }

    proptest! {
        /// Whatever is asked, uses of one room never touch, and the gap stays between them.
        #[test]
        fn uses_of_a_room_keep_their_distance(asks in prop::collection::vec((18u16..34, 2u16..7, 0usize..3), 1..60)) {
            let mut ledger = Ledger::default();
            let units = [UnitId(1), UnitId(2)];
            let mut had: Vec<(UnitId, u16, u16)> = Vec::new();
            for (n, (from, length, which)) in asks.into_iter().enumerate() {
                let wanted = if which < 2 { &units[which..=which] } else { &units[..] };
                let (from, to) = (from * 30, (from + length) * 30);
                let Some(needed) = ask(from, to, wanted, 100 + n as i64) else { continue };
                if let Ok((unit, _)) = needed.take(&mut ledger, &Change::default()) {
                    had.push((unit.unwrap(), from, to));
                }
            }
            for (i, (unit, from, to)) in had.iter().enumerate() {
                for (other, other_from, other_to) in &had[i + 1..] {
                    prop_assert!(unit != other || other_to + 15 <= *from || to + 15 <= *other_from);
                }
            }
        }
    }
}
