//! Instants, local days and local times of the district.
//!
//! Instants are microseconds since 1970 in UTC. Days and times of day are those of China Standard Time,
//! UTC+8 all year: no summer time since 1991, one zone for the whole country.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const MICROS_PER_MINUTE: i64 = 60_000_000;
const MICROS_PER_DAY: i64 = 24 * 60 * MICROS_PER_MINUTE;
const OFFSET: i64 = 8 * 60 * MICROS_PER_MINUTE;

/// A point in time: microseconds since 1970-01-01T00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(pub i64);

/// A length of time in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

impl Span {
    /// So many seconds.
    pub const fn seconds(n: i64) -> Self {
        Self(n * 1_000_000)
    }
    /// So many minutes.
    pub const fn minutes(n: i64) -> Self {
        Self(n * MICROS_PER_MINUTE)
    }
    /// So many hours.
    pub const fn hours(n: i64) -> Self {
        Self(n * 60 * MICROS_PER_MINUTE)
    }
    /// So many days of 24 hours.
    pub const fn days(n: i64) -> Self {
        Self(n * MICROS_PER_DAY)
    }
    /// Whole seconds, rounded up: what a client should wait.
    pub const fn whole_seconds(self) -> i64 {
        (self.0 + 999_999).div_euclid(1_000_000)
    }
}

impl std::ops::Add<Span> for Instant {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl std::ops::Sub<Span> for Instant {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl std::ops::Sub for Instant {
    type Output = Span;
    fn sub(self, earlier: Self) -> Span {
        Span(self.0 - earlier.0)
    }
}

impl Instant {
    /// The local day this instant lies in.
    pub fn day(self) -> Day {
        Day(i32::try_from((self.0 + OFFSET).div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX))
    }

    /// The local time of day, cut to the minute.
    pub fn time_of_day(self) -> TimeOfDay {
        let minutes = (self.0 + OFFSET).rem_euclid(MICROS_PER_DAY) / MICROS_PER_MINUTE;
        TimeOfDay(u16::try_from(minutes).expect("a day has 1440 minutes"))
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 with the district's offset, `2026-11-24T09:30:00+08:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = chrono::FixedOffset::east_opt(8 * 3600).expect("a zone of eight hours");
        match DateTime::from_timestamp_micros(self.0) {
            Some(utc) => f.write_str(&utc.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false)),
            None => write!(f, "{}us", self.0),
        }
    }
}

/// A text that is no instant, day or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date or time")]
pub struct NotATime;

impl FromStr for Instant {
    type Err = NotATime;
    /// Reads RFC 3339 with any offset, between the years 1900 and 2200.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| NotATime)?;
        if !(1900..2200).contains(&parsed.year()) {
            return Err(NotATime);
        }
        Ok(Self(parsed.timestamp_micros()))
    }
}

/// A local calendar day: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a civil date, if it exists.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(|d| Self(d.num_days_from_ce() - 719_163))
    }

    fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(719_163)).unwrap_or(NaiveDate::MAX)
    }

    /// The instant of this day at a local time.
    pub fn at(self, time: TimeOfDay) -> Instant {
        Instant(i64::from(self.0) * MICROS_PER_DAY + i64::from(time.0) * MICROS_PER_MINUTE - OFFSET)
    }

    /// The first instant of the day.
    pub fn start(self) -> Instant {
        self.at(TimeOfDay(0))
    }

    /// 1 (Monday) to 7 (Sunday), as in ISO 8601.
    pub fn weekday(self) -> u8 {
        u8::try_from((self.0 + 3).rem_euclid(7) + 1).expect("one to seven")
    }

    /// The Monday of the week of this day.
    pub fn monday(self) -> Self {
        Self(self.0 - i32::from(self.weekday()) + 1)
    }

    /// The civil year.
    pub fn year(self) -> i32 {
        self.date().year()
    }

    /// Month 1–12 and day 1–31.
    pub fn month_day(self) -> (u32, u32) {
        (self.date().month(), self.date().day())
    }

    /// So many days later.
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Completed years from this birthday to `on`; somebody born on 29 February grows older on 1 March.
    /// Negative when `on` is before the birth.
    pub fn age_on(self, on: Self) -> i32 {
        let (birth, then) = (self.date(), on.date());
        let before_birthday = (then.month(), then.day()) < (birth.month(), birth.day());
        then.year() - birth.year() - i32::from(before_birthday)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

impl FromStr for Day {
    type Err = NotATime;
    /// Reads `YYYY-MM-DD` of a day that exists, between the years 1900 and 2200.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        if !shape {
            return Err(NotATime);
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().map_err(|_| NotATime);
        let year = i32::try_from(number(0..4)?).map_err(|_| NotATime)?;
        if !(1900..2200).contains(&year) {
            return Err(NotATime);
        }
        Self::from_ymd(year, number(5..7)?, number(8..10)?).ok_or(NotATime)
    }
}

/// A local time of day in minutes after midnight, 0 to 1440 (24:00, as the end of a day).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(pub u16);

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = NotATime;
    /// Reads `HH:MM`, 00:00 to 24:00.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (hours, minutes) = text.split_once(':').ok_or(NotATime)?;
        let two = |part: &str| {
            if part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()) {
                part.parse::<u16>().map_err(|_| NotATime)
            } else {
                Err(NotATime)
            }
        };
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        if minutes > 59 || hours * 60 + minutes > 1440 {
            return Err(NotATime);
        }
        Ok(Self(hours * 60 + minutes))
    }
}

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
as_text!(Instant, Day, TimeOfDay);

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect(text)
    }

    #[test]
    fn days_are_those_of_the_district() {
        let late: Instant = "2026-11-23T16:30:00Z".parse().unwrap();
        assert_eq!(late.day(), day("2026-11-24"));
        assert_eq!(late.time_of_day().to_string(), "00:30");
        assert_eq!(late.to_string(), "2026-11-24T00:30:00+08:00");
        assert_eq!(day("2026-11-24").at("00:30".parse().unwrap()), late);
    }

    #[test]
    fn weekdays_are_iso() {
        assert_eq!(day("2026-11-23").weekday(), 1);
        assert_eq!(day("2026-11-29").weekday(), 7);
        assert_eq!(day("1969-12-31").weekday(), 3);
        assert_eq!(day("2026-11-29").monday(), day("2026-11-23"));
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        assert_eq!(day("2012-11-24").age_on(day("2026-11-23")), 13);
        assert_eq!(day("2012-11-23").age_on(day("2026-11-23")), 14);
        assert_eq!(day("2012-02-29").age_on(day("2026-02-28")), 13);
        assert_eq!(day("2012-02-29").age_on(day("2026-03-01")), 14);
    }

    #[test]
    fn impossible_dates_and_times_are_refused() {
        for text in ["2026-02-30", "2026-13-01", "2026-1-1", "1899-12-31", "0000-00-00", "２０２６-01-01", ""] {
            assert_eq!(text.parse::<Day>(), Err(NotATime), "{text}");
        }
        for text in ["24:01", "9:30", "09:60", "0930", "-1:00", "+9:00"] {
            assert_eq!(text.parse::<TimeOfDay>(), Err(NotATime), "{text}");
        }
        assert!("2026-11-23T09:30:00".parse::<Instant>().is_err(), "an instant names its offset");
    }
}
