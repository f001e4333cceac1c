//! Figures, and the table they are shown in.

use std::fmt;
use std::time::Duration;

use anyhow::Result;

use crate::prepare::Spread;
use crate::sums::Sums;

/// One round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    /// Orders that were answered with a yes, those of the warm-up too.
    pub placed: usize,
    /// Orders per second, without the warm-up.
    pub rate: f64,
    /// How long half of the orders took at most, and 99 of a hundred, where it was measured.
    pub waits: Option<(Duration, Duration)>,
}

impl Measured {
    /// Fails unless the database holds exactly what was answered.
    pub(crate) fn check(self, sums: &Sums) -> Result<Self> {
        sums.check(self.placed)?;
        Ok(self)
    }
}

/// The rounds of one kind.
#[derive(Debug, Default)]
pub(crate) struct Line(Vec<Measured>);

impl Line {
    pub(crate) fn add(&mut self, measured: Measured) {
        self.0.push(measured);
    }

    /// The round in the middle.
    fn median(&self) -> Option<Measured> {
        let mut sorted = self.0.clone();
        sorted.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        sorted.get(sorted.len() / 2).copied()
    }

    fn rate(&self) -> f64 {
        self.median().map_or(f64::NAN, |median| median.rate)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rates: Vec<String> = self.0.iter().map(|measured| format!("{:.0}", measured.rate)).collect();
        write!(f, "{}/s", rates.join(", "))
    }
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Compared>);

#[derive(Debug)]
struct Compared {
    database: &'static str,
    by_hand: (&'static str, Line),
    spread: Spread,
    http: Line,
}

impl Table {
    pub(crate) fn add(&mut self, database: &'static str, how: &'static str, spread: Spread, by_hand: Line, http: Line) {
        self.0.push(Compared { database, by_hand: (how, by_hand), spread, http });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nOrders per second: the median, and every round")?;
        for compared in &self.0 {
            let (how, by_hand) = &compared.by_hand;
            writeln!(f, "\n{}, {}", compared.database, compared.spread.name())?;
            writeln!(f, "  {how:<38} {:>7.0}   {by_hand}", by_hand.rate())?;
            writeln!(
                f,
                "  {:<38} {:>7.0}   {}",
                "Linli over HTTP, 64 connections",
                compared.http.rate(),
                compared.http
            )?;
            write!(f, "  {:<38} {:>7.2}", "ratio", compared.http.rate() / by_hand.rate())?;
            if let Some((half, most)) = compared.http.median().and_then(|median| median.waits) {
                let milliseconds = |wait: Duration| wait.as_secs_f64() * 1_000.0;
                write!(f, "   answered in {:.1} ms (half), {:.1} ms (99 %)", milliseconds(half), milliseconds(most))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
