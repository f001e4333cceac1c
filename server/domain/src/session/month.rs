//! The months of the programme.

use std::fmt;
use std::str::FromStr;

use crate::time::{Day, NotATime};

/// A month, as `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub u32);

impl Month {
    /// The month of a day, as year × 100 + month.
    pub fn of(day: Day) -> Self {
        Self(u32::try_from(day.year()).unwrap_or(0) * 100 + day.month_day().0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 100, self.0 % 100)
    }
}

impl FromStr for Month {
    type Err = NotATime;
    /// Reads `YYYY-MM`, between the years 1900 and 2200.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        format!("{text}-01").parse().map(Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_written() {
        assert_eq!("2026-11".parse::<Month>().unwrap().to_string(), "2026-11");
        assert_eq!(Month::of("2026-11-30".parse().unwrap()), Month(202_611));
        for odd in ["2026-13", "2026-1", "2026-11-01", "", "二零二六"] {
            assert!(odd.parse::<Month>().is_err(), "{odd}");
        }
    }
}
