//! Somebody's or something's time, by the quarter hour.
//!
//! A local day has 96 quarter hours, kept as two masks of 48 bits (before noon and after), so that both databases
//! hold them in signed 64-bit columns without touching the sign. A span is rounded outwards: who is busy for ten
//! minutes is busy for the quarter hour.

use crate::time::{Day, Instant, TimeOfDay};

const QUARTER_MINUTES: u16 = 15;
const QUARTERS: u16 = 96;
const HALF: u16 = QUARTERS / 2;

/// Busy quarter hours of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Mask {
    /// 00:00–12:00, bit 0 first; never negative.
    pub am: i64,
    /// 12:00–24:00, bit 0 first; never negative.
    pub pm: i64,
}

impl Mask {
    /// The quarter hours touched by a span of one day. Empty when the span is.
    pub fn covering(from: TimeOfDay, to: TimeOfDay) -> Self {
        if from >= to {
            return Self::default();
        }
        let first = from.0 / QUARTER_MINUTES;
        let end = to.0.div_ceil(QUARTER_MINUTES).min(QUARTERS);
        let half = |low: u16| {
            let (first, end) = (first.clamp(low, low + HALF) - low, end.clamp(low, low + HALF) - low);
            ((1i64 << end) - 1) & !((1i64 << first) - 1)
        };
        Self { am: half(0), pm: half(HALF) }
    }

    /// Whether no quarter hour is busy in both.
    pub const fn is_free_of(self, other: Self) -> bool {
        self.am & other.am == 0 && self.pm & other.pm == 0
    }

    /// Busy in either.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self { am: self.am | other.am, pm: self.pm | other.pm }
    }

    /// Busy in `self` and not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self { am: self.am & !other.am, pm: self.pm & !other.pm }
    }

    /// How many quarter hours are busy.
    pub const fn quarters(self) -> u32 {
        self.am.count_ones() + self.pm.count_ones()
    }
}

/// The days and quarter hours a span of time touches.
pub fn busy(start: Instant, end: Instant) -> Vec<(Day, Mask)> {
    let mut days = Vec::new();
    let mut day = start.day();
    while day.start() < end {
        let from = if day == start.day() { start.time_of_day() } else { TimeOfDay(0) };
        let to = if end < day.plus(1).start() { end.time_of_day() } else { TimeOfDay(1440) };
        let mask = Mask::covering(from, to);
        if mask != Mask::default() {
            days.push((day, mask));
        }
        day = day.plus(1);
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask(from: &str, to: &str) -> Mask {
        Mask::covering(from.parse().unwrap(), to.parse().unwrap())
    }

    #[test]
    fn spans_round_outwards() {
        assert_eq!(mask("00:00", "00:15"), Mask { am: 1, pm: 0 });
        assert_eq!(mask("09:10", "09:20").quarters(), 2);
        assert_eq!(mask("11:50", "12:10"), Mask { am: 1 << 47, pm: 1 });
        assert_eq!(mask("00:00", "24:00").quarters(), 96);
        assert_eq!(mask("10:00", "10:00"), Mask::default());
        assert!(mask("09:00", "09:30").is_free_of(mask("09:30", "10:00")));
        assert!(!mask("09:00", "09:31").is_free_of(mask("09:30", "10:00")));
    }

    #[test]
    fn a_night_touches_two_days() {
        let busy = busy("2026-11-23T23:40:00+08:00".parse().unwrap(), "2026-11-24T00:20:00+08:00".parse().unwrap());
        assert_eq!(
            busy,
            [
                ("2026-11-23".parse().unwrap(), mask("23:30", "24:00")),
                ("2026-11-24".parse().unwrap(), mask("00:00", "00:30"))
            ]
        );
        let day = "2026-11-24".parse::<Day>().unwrap();
        assert_eq!(super::busy(day.start(), day.plus(1).start()).len(), 1, "midnight belongs to the next day");
    }

    proptest! {
        #[test]
        fn masks_agree_with_counting_quarters(from in 0u16..1440, length in 1u16..1440) {
            let to = (from + length).min(1440);
            let mask = Mask::covering(TimeOfDay(from), TimeOfDay(to));
            for quarter in 0..96u16 {
                let touched = quarter * 15 < to && from < quarter * 15 + 15;
                let bit = if quarter < 48 { mask.am >> quarter & 1 } else { mask.pm >> (quarter - 48) & 1 };
                prop_assert_eq!(bit == 1, touched);
            }
            prop_assert!(mask.am >= 0 && mask.pm >= 0);
        }

        #[test]
        fn giving_back_undoes_taking(a in any::<u64>(), b in any::<u64>()) {
            let cut = |n: u64| (n & ((1 << 48) - 1)) as i64;
            let (base, taken) = (Mask { am: cut(a), pm: 0 }, Mask { am: cut(b) & !cut(a), pm: 7 });
            prop_assert!(base.is_free_of(taken));
            prop_assert_eq!(base.with(taken).without(taken), base);
        }
    }
}
