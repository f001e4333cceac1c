//! The hours of a week.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::{Day, Instant, TimeOfDay};

/// The most spans of one day.
const SPANS: usize = 4;
/// The shortest span, in minutes.
const SHORTEST: u16 = 30;
/// How far ahead working hours are followed, in days.
const AHEAD: i32 = 2;

/// A span of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Its beginning.
    pub from: TimeOfDay,
    /// Its end, up to 24:00.
    pub to: TimeOfDay,
}

/// Weekday, 1 (Monday) to 7 (Sunday), to the spans of that day, in order. Somebody who works through midnight has a span
/// to 24:00 and one from 00:00.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hours(BTreeMap<u8, Vec<Span>>);

/// Hours that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("one to four spans a day of half an hour or more that do not overlap, on weekdays 1 to 7")]
pub struct HoursWrong;

impl Hours {
    /// The hours of a week, each day's spans put in order; days without a span are left out.
    ///
    /// # Errors
    /// [`HoursWrong`].
    pub fn new(days: impl IntoIterator<Item = (u8, Vec<Span>)>) -> Result<Self, HoursWrong> {
        let mut week = BTreeMap::new();
        for (weekday, mut spans) in days {
            spans.sort_unstable();
            let good = (1..=7).contains(&weekday)
                && spans.len() <= SPANS
                && spans.iter().all(|span| span.to.0 <= 1440 && span.from.0 + SHORTEST <= span.to.0)
                && spans.windows(2).all(|two| two[0].to <= two[1].from);
            if !good || week.contains_key(&weekday) {
                return Err(HoursWrong);
            }
            if !spans.is_empty() {
                week.insert(weekday, spans);
            }
        }
        Ok(Self(week))
    }

    /// The same span on all days of the week.
    pub fn daily(from: TimeOfDay, to: TimeOfDay) -> Result<Self, HoursWrong> {
        Self::new((1..=7).map(|weekday| (weekday, vec![Span { from, to }])))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Weekday and spans, in order.
    pub fn days(&self) -> impl Iterator<Item = (u8, &[Span])> {
        self.0.iter().map(|(weekday, spans)| (*weekday, spans.as_slice()))
    }

    /// Whether somebody works at an instant.
    pub fn hold(&self, at: Instant) -> bool {
        self.span_at(at).is_some()
    }

    /// Whether somebody works from one instant to another without a break.
    pub fn cover(&self, from: Instant, until: Instant) -> bool {
        self.hold(from) && self.runs_until(from, |_| false) >= until
    }

    /// Until when the work goes on without a break; the instant itself outside of the hours. Followed for two days.
    pub(super) fn runs_until(&self, at: Instant, off: impl Fn(Day) -> bool) -> Instant {
        let (mut end, last) = (at, at.day().plus(AHEAD));
        while end.day() <= last && !off(end.day()) {
            match self.span_at(end) {
                Some(span) => end = end.day().at(span.to),
                None => break,
            }
        }
        end
    }

    fn span_at(&self, at: Instant) -> Option<Span> {
        let time = at.time_of_day();
        let spans = self.0.get(&at.day().weekday())?;
        spans.iter().find(|span| span.from <= time && time < span.to).copied()
    }
}
