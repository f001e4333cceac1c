//! From a weekly pattern to dates, and what is wrong with dates.

use crate::calendar;
use crate::holiday::{DayKind, Holidays};
use crate::refusal::{Code, Refusal};
use crate::time::{Day, Instant, Span, TimeOfDay};
use crate::words::Words;

/// The most meetings of a session that are planned at once.
pub const MOST_MEETINGS: usize = 200;
/// How far ahead a meeting may lie, in days.
pub const FURTHEST_DAYS: i32 = 366;
/// The longest meeting.
const LONGEST: Span = Span::hours(24);

/// The same time on some days of every week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    /// Bit 0 is Monday.
    pub weekdays: u8,
    /// From.
    pub from: TimeOfDay,
    /// To.
    pub to: TimeOfDay,
    /// The first day that may be one of them.
    pub first_day: Day,
    /// When it ends.
    pub until: Until,
    /// Whether nothing takes place on public holidays. On a make-up Saturday or Sunday the neighbouring Friday's or
    /// Monday's meeting then takes place, as everything does that follows the calendar of offices.
    pub skip_holidays: bool,
}

/// When a pattern ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// After so many meetings.
    Count(u32),
    /// With this day.
    LastDay(Day),
}

/// From when to when.
pub type Time = (Instant, Instant);

/// A day on which nothing takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Which.
    pub day: Day,
    /// The holiday's name.
    pub name: Words,
}

/// What a pattern leads to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// By beginning.
    pub meetings: Vec<Time>,
    /// Holidays on which there would have been a meeting.
    pub skipped: Vec<Skipped>,
}

impl Pattern {
    /// The dates of the pattern.
    ///
    /// # Errors
    /// [`Code::DateInvalid`] when it ends before it begins, [`Code::MeetingsTooMany`], [`Code::MeetingsNone`].
    pub fn dates(&self, holidays: &Holidays) -> Result<Plan, Refusal> {
        if self.from >= self.to {
            return Err(Refusal::new(Code::DateInvalid).field("to"));
        }
        let horizon = self.first_day.plus(FURTHEST_DAYS);
        let (count, last) = match self.until {
            Until::Count(count) => (count as usize, horizon),
            Until::LastDay(day) => (usize::MAX, day.min(horizon)),
        };
        if last < self.first_day {
            return Err(Refusal::new(Code::DateInvalid).field("last_day"));
        }
        if matches!(self.until, Until::Count(_)) && count > MOST_MEETINGS {
            return Err(too_many().field("count"));
        }
        let mut plan = Plan::default();
        for day in (self.first_day.0..=last.0).map(Day) {
            if plan.meetings.len() >= count {
                break;
            }
            match self.falls_on(holidays, day) {
                Falls::Elsewhere => {}
                Falls::OnHoliday(name) => plan.skipped.push(Skipped { day, name }),
                Falls::Here => plan.meetings.push((day.at(self.from), day.at(self.to))),
            }
        }
        if plan.meetings.len() > MOST_MEETINGS {
            return Err(too_many().field("last_day"));
        }
        if plan.meetings.is_empty() {
            return Err(Refusal::new(Code::MeetingsNone).field("weekdays"));
        }
        Ok(plan)
    }

    fn falls_on(&self, holidays: &Holidays, day: Day) -> Falls {
        let has = |weekday: u8| self.weekdays >> (weekday - 1) & 1 == 1;
        let weekday = day.weekday();
        let wanted = match holidays.kind_of(day) {
            DayKind::Holiday(name) if self.skip_holidays => {
                return if has(weekday) { Falls::OnHoliday(name) } else { Falls::Elsewhere };
            }
            DayKind::MakeUpWorkday if self.skip_holidays => has(weekday) || has(if weekday == 6 { 5 } else { 1 }),
            _ => has(weekday),
        };
        if wanted { Falls::Here } else { Falls::Elsewhere }
    }
}

enum Falls {
    Here,
    Elsewhere,
    OnHoliday(Words),
}

fn too_many() -> Refusal {
    Refusal::new(Code::MeetingsTooMany).with("max", MOST_MEETINGS)
}

/// Looks at how many dates there are.
///
/// # Errors
/// [`Code::MeetingsNone`], [`Code::MeetingsTooMany`].
pub fn countable(count: usize) -> Result<(), Refusal> {
    match count {
        0 => Err(Refusal::new(Code::MeetingsNone).field("meetings")),
        count if count > MOST_MEETINGS => Err(too_many().field("meetings")),
        _ => Ok(()),
    }
}

/// What is wrong with one new date: it must end after it begins, lie ahead, and within a year.
///
/// # Errors
/// [`Code::DateInvalid`], [`Code::MeetingPast`], [`Code::MeetingTooFar`].
pub fn timely((start, end): Time, now: Instant) -> Result<(), Refusal> {
    if end <= start || end - start > LONGEST {
        return Err(Refusal::new(Code::DateInvalid).field("end"));
    }
    if start <= now {
        return Err(Refusal::new(Code::MeetingPast).field("start").with("when", start));
    }
    if start.day() > now.day().plus(FURTHEST_DAYS) {
        return Err(Refusal::new(Code::MeetingTooFar).field("start").with("days", FURTHEST_DAYS));
    }
    Ok(())
}

/// Whether two times share a quarter hour: calendars are kept by the quarter.
pub fn overlap(a: Time, b: Time) -> bool {
    let (a, b) = (calendar::busy(a.0, a.1), calendar::busy(b.0, b.1));
    a.iter().any(|(day, mask)| b.iter().any(|(other, busy)| day == other && !mask.is_free_of(*busy)))
}

/// What is wrong with each of some new dates: by itself, with those before it in the list, and with dates that stand
/// already.
pub fn problems(times: &[Time], standing: &[Time], now: Instant) -> Vec<Option<Refusal>> {
    let mut good: Vec<Time> = standing.to_vec();
    let mut found = Vec::with_capacity(times.len());
    for time in times {
        let problem = timely(*time, now).err().or_else(|| {
            let other = good.iter().find(|other| overlap(*time, **other))?;
            Some(Refusal::new(Code::MeetingsOverlap).field("start").with("when", time.0).with("other", other.0))
        });
        if problem.is_none() {
            good.push(*time);
        }
        found.push(problem);
    }
    found
}

/// The same time so many weeks later, as a week is copied.
///
/// # Errors
/// The name of the public holiday it would fall on.
pub fn copied((start, end): Time, weeks: i32, holidays: &Holidays) -> Result<Time, Words> {
    let span = Span::days(i64::from(weeks) * 7);
    let moved = (start + span, end + span);
    match holidays.kind_of(moved.0.day()) {
        DayKind::Holiday(name) => Err(name),
        _ => Ok(moved),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn at(text: &str) -> Instant {
        format!("{text}:00+08:00").parse().unwrap()
    }
    fn announced() -> Holidays {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/holidays.csv");
        Holidays::parse("holidays.csv", &std::fs::read_to_string(path).unwrap()).unwrap()
    }
    fn pattern(weekdays: u8, first: &str, until: Until) -> Pattern {
        Pattern {
            weekdays,
            from: "19:00".parse().unwrap(),
            to: "20:30".parse().unwrap(),
            first_day: day(first),
            until,
            skip_holidays: true,
        }
    }
    fn days(plan: &Plan) -> Vec<String> {
        plan.meetings.iter().map(|(start, _)| start.day().to_string()).collect()
    }

    #[test]
    fn a_term_skips_holidays_by_name_and_uses_make_up_days() {
        // Mondays and Fridays around National Day 2026 (1–7 October, made up for on 20 September and 10 October).
        let plan = pattern(0b1_0001, "2026-09-14", Until::LastDay(day("2026-10-12"))).dates(&announced()).unwrap();
        assert_eq!(
            days(&plan),
            [
                "2026-09-14",
                "2026-09-18",
                "2026-09-20",
                "2026-09-21",
                "2026-09-28",
                "2026-10-09",
                "2026-10-10",
                "2026-10-12"
            ],
            "a make-up Sunday is a Monday, a make-up Saturday a Friday"
        );
        let skipped: Vec<(String, &str)> =
            plan.skipped.iter().map(|one| (one.day.to_string(), one.name.zh.as_str())).collect();
        assert_eq!(
            skipped,
            [
                ("2026-09-25".to_owned(), "中秋节"),
                ("2026-10-02".to_owned(), "国庆节"),
                ("2026-10-05".to_owned(), "国庆节")
            ]
        );
    }

    #[test]
    fn a_pattern_that_minds_no_holidays_is_the_plain_week() {
        let all = Pattern { skip_holidays: false, ..pattern(0b1, "2026-09-14", Until::Count(5)) };
        let plan = all.dates(&announced()).unwrap();
        assert_eq!(days(&plan), ["2026-09-14", "2026-09-21", "2026-09-28", "2026-10-05", "2026-10-12"]);
        assert!(plan.skipped.is_empty());
    }

    #[test]
    fn patterns_that_cannot_be() {
        let holidays = announced();
        let code = |pattern: Pattern| pattern.dates(&holidays).unwrap_err().code;
        assert_eq!(code(pattern(0b1, "2026-09-14", Until::LastDay(day("2026-09-13")))), Code::DateInvalid);
        assert_eq!(code(pattern(0b1, "2026-09-15", Until::LastDay(day("2026-09-19")))), Code::MeetingsNone);
        assert_eq!(code(pattern(0, "2026-09-14", Until::Count(3))), Code::MeetingsNone);
        assert_eq!(code(pattern(0b1, "2026-09-14", Until::Count(201))), Code::MeetingsTooMany);
        assert_eq!(code(pattern(0b111_1111, "2026-09-14", Until::LastDay(day("2027-09-14")))), Code::MeetingsTooMany);
        let backwards = Pattern { to: "19:00".parse().unwrap(), ..pattern(0b1, "2026-09-14", Until::Count(3)) };
        assert_eq!(code(backwards), Code::DateInvalid);
    }

    #[test]
    fn dates_lie_ahead_within_a_year_and_apart() {
        let now = at("2026-11-23T09:00");
        let codes = |times: &[Time]| -> Vec<Option<Code>> {
            problems(times, &[(at("2026-11-26T09:00"), at("2026-11-26T10:00"))], now)
                .into_iter()
                .map(|problem| problem.map(|refusal| refusal.code))
                .collect()
        };
        let found = codes(&[
            (at("2026-11-23T09:00"), at("2026-11-23T10:00")),
            (at("2026-11-24T10:00"), at("2026-11-24T10:00")),
            (at("2026-11-24T10:00"), at("2026-11-24T11:05")),
            (at("2026-11-24T11:10"), at("2026-11-24T12:00")),
            (at("2026-11-24T11:15"), at("2026-11-24T12:00")),
            (at("2026-11-26T09:59"), at("2026-11-26T11:00")),
            (at("2027-11-25T09:00"), at("2027-11-25T10:00")),
        ]);
        assert_eq!(
            found,
            [
                Some(Code::MeetingPast),
                Some(Code::DateInvalid),
                None,
                Some(Code::MeetingsOverlap),
                None,
                Some(Code::MeetingsOverlap),
                Some(Code::MeetingTooFar)
            ],
            "calendars know quarter hours: 11:05 and 11:10 share one"
        );
    }

    #[test]
    fn a_copied_week_names_the_holiday_it_falls_on() {
        let holidays = announced();
        let time = (at("2026-09-17T10:00"), at("2026-09-17T11:00"));
        assert_eq!(copied(time, 1, &holidays), Ok((at("2026-09-24T10:00"), at("2026-09-24T11:00"))));
        assert_eq!(copied(time, 2, &holidays).unwrap_err().zh, "国庆节");
        assert_eq!(copied(time, -1, &holidays), Ok((at("2026-09-10T10:00"), at("2026-09-10T11:00"))));
    }

    proptest! {
        #[test]
        fn plans_keep_to_their_pattern(
            weekdays in 1u8..128, first in 20_454i32..20_800, count in 1u32..60, skip in any::<bool>(),
        ) {
            let holidays = announced();
            let pattern = Pattern {
                weekdays,
                from: TimeOfDay(600),
                to: TimeOfDay(660),
                first_day: Day(first),
                until: Until::Count(count),
                skip_holidays: skip,
            };
            let Ok(plan) = pattern.dates(&holidays) else { return Ok(()) };
            prop_assert!(plan.meetings.len() <= count as usize);
            prop_assert!(plan.meetings.windows(2).all(|pair| pair[0].1 < pair[1].0), "in order and apart");
            for (start, _) in &plan.meetings {
                let on = start.day();
                prop_assert!(on >= Day(first) && on <= Day(first + FURTHEST_DAYS));
                let is_holiday = matches!(holidays.kind_of(on), DayKind::Holiday(_));
                prop_assert!(!(skip && is_holiday), "nothing on holidays");
                let own = weekdays >> (on.weekday() - 1) & 1 == 1;
                prop_assert!(own || (skip && holidays.kind_of(on) == DayKind::MakeUpWorkday));
            }
            for skipped in &plan.skipped {
                prop_assert!(skip && weekdays >> (skipped.day.weekday() - 1) & 1 == 1);
                prop_assert!(plan.meetings.iter().all(|(start, _)| start.day() != skipped.day));
            }
        }

        #[test]
        fn good_dates_never_share_a_quarter_hour(times in prop::collection::vec((0i64..4_000, 1i64..300), 1..30)) {
            let now = at("2026-11-23T09:00");
            let times: Vec<Time> = times
                .into_iter()
                .map(|(from, length)| {
                    let start = now + Span::minutes(from);
                    (start, start + Span::minutes(length))
                })
                .collect();
            let good: Vec<Time> = problems(&times, &[], now)
                .iter()
                .zip(&times)
                .filter_map(|(problem, time)| problem.is_none().then_some(*time))
                .collect();
            for (n, one) in good.iter().enumerate() {
                prop_assert!(one.0 > now);
                prop_assert!(good[..n].iter().all(|other| !overlap(*one, *other)));
            }
        }

        #[test]
        fn copying_there_and_back_is_the_same_time(start in 0i64..500_000, weeks in -60i32..60) {
            let none = Holidays::default();
            let start = at("2026-01-05T00:00") + Span::minutes(start);
            let time = (start, start + Span::minutes(90));
            let there = copied(time, weeks, &none).unwrap();
            prop_assert_eq!(there.0.day().weekday(), time.0.day().weekday());
            prop_assert_eq!(there.0.time_of_day(), time.0.time_of_day());
            prop_assert_eq!(copied(there, -weeks, &none).unwrap(), time);
        }
    }
}
