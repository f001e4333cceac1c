//! Doses and visits that belong together: which one is next, when it may be, and when all are had.
//!
//! Visits are numbered from 1 and had in order. Only one of a course is booked at a time, so what is next follows
//! from the last one that was had.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::claim::{Claim, PoolKey};
use crate::id::PersonId;
use crate::platform::{Course, Interval, Kind, KindKey, is_key};
use crate::refusal::{Code, Refusal};
use crate::slot::Door;
use crate::time::Day;
use crate::words::Words;

/// Where somebody's course stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CourseState {
    /// Visits are to come.
    Active,
    /// All visits were had.
    Done,
    /// They left it.
    Left,
}

impl CourseState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Active, Self::Done, Self::Left];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Done => "done",
            Self::Left => "left",
        }
    }

    /// The state of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// Names a course over all kinds: `medical.vaccination/hpv9`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CourseKey {
    /// The kind of service.
    pub kind: KindKey,
    /// The key within the kind.
    pub course: String,
}

/// A text that names no course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a course, such as `medical.vaccination/hpv9`")]
pub struct NotACourseKey;

impl fmt::Display for CourseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.course)
    }
}

impl FromStr for CourseKey {
    type Err = NotACourseKey;
    fn from_str(text: &str) -> Result<Self, NotACourseKey> {
        let (kind, course) = text.split_once('/').ok_or(NotACourseKey)?;
        let kind = kind.parse().map_err(|_| NotACourseKey)?;
        if is_key(course) { Ok(Self { kind, course: course.to_owned() }) } else { Err(NotACourseKey) }
    }
}

impl Serialize for CourseKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A visit that was had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Had {
    /// Which, from 1.
    pub number: u32,
    /// On which day.
    pub day: Day,
}

/// The days on which a visit may be, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Not before.
    pub earliest: Day,
    /// Not after, unless staff say so.
    pub latest: Day,
}

/// A course as somebody is on it.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// What it is.
    pub course: &'a Course,
    /// The last visit that was had.
    pub last: Option<Had>,
    /// The day of the visit that is booked, if one is.
    pub booked: Option<Day>,
}

/// How a visit is said: the last of many, or one of a row without an end.
pub fn visit_words(number: u32) -> Words {
    Words::new(format!("第{number}次"), format!("visit {number}"))
}

impl Kind {
    /// One of its courses.
    ///
    /// # Errors
    /// [`Code::CourseUnknown`].
    pub fn course(&self, key: &str) -> Result<&Course, Refusal> {
        let found = self.courses.iter().find(|course| course.key == key);
        found.ok_or(Refusal::new(Code::CourseUnknown).field("course"))
    }
}

impl Course {
    /// The interval after a visit; where nothing more is said, the last one holds on.
    pub fn interval_after(&self, number: u32) -> Option<Interval> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.intervals.get(place).or(self.intervals.last()).copied()
    }

    /// The days of the visit after one that was had.
    pub fn window_after(&self, had: Had) -> Window {
        let interval = self.interval_after(had.number).unwrap_or(Interval { min_days: 0, max_days: u16::MAX });
        Window {
            earliest: had.day.plus(i32::from(interval.min_days)),
            latest: had.day.plus(i32::from(interval.max_days)),
        }
    }

    /// Whether a visit is the last one.
    pub fn ends_with(&self, number: u32) -> bool {
        self.visits.is_some_and(|visits| number >= u32::from(visits))
    }

    /// What an open visit of somebody holds: one at a time.
    pub fn claim(&self, person: PersonId, kind: &KindKey) -> Claim {
        Claim::Place { pool: PoolKey::course(person, kind, &self.key), capacity: 1, amount: 1 }
    }
}

impl Progress<'_> {
    /// The number of the next visit; none when all were had.
    pub fn next(&self) -> Option<u32> {
        match self.last {
            None => Some(1),
            Some(had) if self.course.ends_with(had.number) => None,
            Some(had) => Some(had.number + 1),
        }
    }

    /// The days of the next visit. The first one may be on any day, and one that is not to come has none.
    pub fn window(&self) -> Option<Window> {
        self.next()?;
        self.last.map(|had| self.course.window_after(had))
    }

    /// Whether the next visit may be booked on a day: answers its number. Staff may book it late, nobody early.
    ///
    /// # Errors
    /// [`Code::CourseOver`], [`Code::CourseVisitBooked`], [`Code::CourseTooEarly`], [`Code::CourseTooLate`]; the last
    /// one still wants to be told the `phone` to call.
    pub fn book(&self, day: Day, door: Door) -> Result<u32, Refusal> {
        let number = self.next().ok_or(Code::CourseOver)?;
        if let Some(booked) = self.booked {
            return Err(Refusal::new(Code::CourseVisitBooked).with("visit", visit_words(number)).with("day", booked));
        }
        self.in_window(number, day, door == Door::Online)?;
        Ok(number)
    }

    /// Whether a visit that was had elsewhere may be written down.
    ///
    /// # Errors
    /// [`Code::CourseVisitNotNext`], [`Code::CourseVisitBooked`], [`Code::CourseTooEarly`], [`Code::DateInvalid`] for
    /// a day to come, [`Code::CourseOver`].
    pub fn record(&self, had: Had, today: Day) -> Result<(), Refusal> {
        let number = self.next().ok_or(Code::CourseOver)?;
        if had.number != number {
            let next = visit_words(number);
            return Err(Refusal::new(Code::CourseVisitNotNext).field("visit").with("next", next));
        }
        if had.day > today {
            return Err(Refusal::new(Code::DateInvalid).field("day"));
        }
        if let Some(booked) = self.booked {
            return Err(Refusal::new(Code::CourseVisitBooked).with("visit", visit_words(number)).with("day", booked));
        }
        self.in_window(number, had.day, false).map_err(|refusal| refusal.field("day"))
    }

    fn in_window(&self, number: u32, day: Day, strictly: bool) -> Result<(), Refusal> {
        let Some(window) = self.window() else { return Ok(()) };
        let refused = |code, name, day: Day| Err(Refusal::new(code).with("visit", visit_words(number)).with(name, day));
        if day < window.earliest {
            return refused(Code::CourseTooEarly, "earliest", window.earliest);
        }
        if strictly && day > window.latest {
            return refused(Code::CourseTooLate, "latest", window.latest);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn course(visits: Option<u8>, intervals: &[(u16, u16)]) -> Course {
        Course {
            key: "hpv9".into(),
            name: Words::new("九价", "HPV 9"),
            about: Words::new("", ""),
            visits,
            intervals: intervals
                .iter()
                .map(|(min_days, max_days)| Interval { min_days: *min_days, max_days: *max_days })
                .collect(),
        }
    }

    fn after(course: &Course, number: u32, day: i32) -> Progress<'_> {
        Progress { course, last: Some(Had { number, day: Day(day) }), booked: None }
    }

    #[test]
    fn a_key_names_kind_and_course() {
        let key: CourseKey = "medical.vaccination/hpv9".parse().unwrap();
        assert_eq!((key.kind.as_str(), key.course.as_str()), ("medical.vaccination", "hpv9"));
        assert_eq!(key.to_string(), "medical.vaccination/hpv9");
        for odd in ["hpv9", "medical/hpv9", "medical.vaccination/", "medical.vaccination/HPV 9", "a.b/c/d", ""] {
            assert!(odd.parse::<CourseKey>().is_err(), "{odd}");
        }
    }

    #[test]
    fn the_first_visit_is_on_any_day_and_the_last_one_ends_it() {
        let three = course(Some(3), &[(28, 60), (100, 180)]);
        let fresh = Progress { course: &three, last: None, booked: None };
        assert_eq!((fresh.next(), fresh.window(), fresh.book(Day(7), Door::Online)), (Some(1), None, Ok(1)));
        let second = after(&three, 1, 1000).window().unwrap();
        assert_eq!((second.earliest, second.latest), (Day(1028), Day(1060)));
        let third = after(&three, 2, 1030);
        assert_eq!((third.next(), third.window().unwrap().latest), (Some(3), Day(1210)));
        let over = after(&three, 3, 1200);
        assert_eq!((over.next(), over.window()), (None, None));
        assert_eq!(over.book(Day(2000), Door::Desk).unwrap_err().code, Code::CourseOver);
    }

    #[test]
    fn early_is_refused_to_everybody_and_late_only_online() {
        let two = course(Some(2), &[(28, 60)]);
        let second = after(&two, 1, 1000);
        for door in [Door::Online, Door::Desk, Door::WalkIn] {
            let early = second.book(Day(1027), door).unwrap_err();
            assert_eq!((early.code, &early.params[1].1), (Code::CourseTooEarly, &Day(1028).into()));
            assert_eq!(second.book(Day(1028), door), Ok(2));
            assert_eq!(second.book(Day(1060), door), Ok(2));
        }
        assert_eq!(second.book(Day(1061), Door::Online).unwrap_err().code, Code::CourseTooLate);
        assert_eq!(second.book(Day(1061), Door::Desk), Ok(2));
    }

    #[test]
    fn one_visit_at_a_time() {
        let two = course(Some(2), &[(28, 60)]);
        let booked = Progress { booked: Some(Day(1030)), ..after(&two, 1, 1000) };
        assert_eq!(booked.book(Day(1031), Door::Desk).unwrap_err().code, Code::CourseVisitBooked);
        let had = Had { number: 2, day: Day(1029) };
        assert_eq!(booked.record(had, Day(1029)).unwrap_err().code, Code::CourseVisitBooked);
    }

    #[test]
    fn only_the_next_visit_is_written_down_and_none_of_tomorrow() {
        let two = course(Some(2), &[(28, 60)]);
        let second = after(&two, 1, 1000);
        let record = |number, day| second.record(Had { number, day: Day(day) }, Day(1100)).map_err(|no| no.code);
        assert_eq!(record(1, 1040), Err(Code::CourseVisitNotNext));
        assert_eq!(record(3, 1040), Err(Code::CourseVisitNotNext));
        assert_eq!(record(2, 1101), Err(Code::DateInvalid));
        assert_eq!(record(2, 1027), Err(Code::CourseTooEarly));
        assert_eq!(record(2, 1100), Ok(()), "late, but had");
    }

    #[test]
    fn without_an_end_the_last_interval_goes_on() {
        let endless = course(None, &[(7, 14), (80, 100)]);
        assert_eq!(after(&endless, 1, 0).window().unwrap().earliest, Day(7));
        assert_eq!(after(&endless, 2, 0).window().unwrap().earliest, Day(80));
        assert_eq!(after(&endless, 900, 0).window().unwrap().latest, Day(100));
        assert_eq!(after(&endless, 900, 0).next(), Some(901));
    }

    /// What may happen to somebody on a course.
    #[derive(Debug, Clone, Copy)]
    enum Happens {
        Book(i32, Door),
        Move(i32, Door),
        Have,
        Lose,
        Elsewhere(u32, i32),
    }

    fn happens() -> impl Strategy<Value = Happens> {
        let door = prop_oneof![Just(Door::Online), Just(Door::Desk), Just(Door::WalkIn)];
        prop_oneof![
            4 => (0..400, door.clone()).prop_map(|(day, door)| Happens::Book(day, door)),
            1 => (0..400, door).prop_map(|(day, door)| Happens::Move(day, door)),
            4 => Just(Happens::Have),
            1 => Just(Happens::Lose),
            1 => (0..6u32, 0..400).prop_map(|(number, day)| Happens::Elsewhere(number, day)),
        ]
    }

    proptest! {
        #[test]
        fn intervals_are_kept_whatever_happens(
            visits in proptest::option::of(1..5u8),
            intervals in proptest::collection::vec((0..40u16, 0..40u16).prop_map(|(min, more)| (min, min + more)), 1..4),
            story in proptest::collection::vec(happens(), 0..60),
        ) {
            let course = course(visits, &intervals);
            let mut had: Vec<(Had, bool)> = Vec::new();
            let mut booked: Option<(u32, Day, bool)> = None;
            for event in story {
                let last = had.last().map(|(had, _)| *had);
                let progress = |booked| Progress { course: &course, last, booked };
                match event {
                    Happens::Book(day, door) => {
                        if let Ok(number) = progress(booked.map(|(_, day, _)| day)).book(Day(day), door) {
                            prop_assert!(booked.is_none(), "two visits at once");
                            booked = Some((number, Day(day), door == Door::Online));
                        }
                    }
                    // What is moved does not stand in its own way.
                    Happens::Move(day, door) => {
                        if let Some((number, ..)) = booked && progress(None).book(Day(day), door) == Ok(number) {
                            booked = Some((number, Day(day), door == Door::Online));
                        }
                    }
                    Happens::Have => {
                        if let Some((number, day, online)) = booked.take() {
                            had.push((Had { number, day }, online));
                        }
                    }
                    Happens::Lose => booked = None,
                    Happens::Elsewhere(number, day) => {
                        let visit = Had { number, day: Day(day) };
                        if progress(booked.map(|(_, day, _)| day)).record(visit, Day(300)).is_ok() {
                            had.push((visit, false));
                        }
                    }
                }
            }
            prop_assert!(visits.is_none_or(|visits| had.len() <= usize::from(visits)));
            for (place, (visit, _)) in had.iter().enumerate() {
                prop_assert_eq!(visit.number as usize, place + 1, "in order, none twice");
            }
            for pair in had.windows(2) {
                let (min, max) = intervals[(pair[0].0.number as usize - 1).min(intervals.len() - 1)];
                let days = pair[1].0.day.0 - pair[0].0.day.0;
                prop_assert!(days >= i32::from(min), "{days} days, at least {min}");
                prop_assert!(!pair[1].1 || days <= i32::from(max), "{days} days online, at most {max}");
            }
        }
    }
}
