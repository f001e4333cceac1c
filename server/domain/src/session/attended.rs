//! How much of a session somebody attended, and whether that earns a certificate.

use std::collections::BTreeSet;

use super::{Form, Session};
use crate::id::MeetingId;
use crate::time::Instant;

/// What stands on the roster for one person and one meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// They were there.
    Present,
    /// They were not.
    Absent,
    /// They said beforehand that they cannot come.
    Excused,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 3] = [Self::Present, Self::Absent, Self::Excused];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Absent => "absent",
            Self::Excused => "excused",
        }
    }

    /// The mark of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.key() == key)
    }
}

/// How often somebody was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attended {
    /// Meetings they were at.
    pub attended: u32,
    /// Meetings that took place; of a group, those since the beginning.
    pub planned: u32,
    /// Minutes of the meetings they were at.
    pub minutes: u32,
}

impl Attended {
    /// Counts the meetings that took place up to now, and those somebody was at.
    pub fn of(session: &Session, present: &BTreeSet<MeetingId>, now: Instant) -> Self {
        let mut counted = Self::default();
        for meeting in session.planned().filter(|meeting| meeting.end <= now) {
            counted.planned += 1;
            if present.contains(&meeting.id) {
                counted.attended += 1;
                counted.minutes += u32::try_from((meeting.end - meeting.start).0 / 60_000_000).unwrap_or(0);
            }
        }
        counted
    }

    /// Whether it is enough: at least two thirds of what took place.
    pub const fn is_enough(&self) -> bool {
        self.attended > 0 && self.attended * 3 >= self.planned * 2
    }
}

/// Whether a session is one whose end a certificate follows on, and that end has come.
pub fn certifies(session: &Session, now: Instant) -> bool {
    session.form != Form::Group && session.is_over(now) && session.planned().next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{OfferingId, SessionId};
    use crate::session::{Meeting, SessionState};
    use crate::time::Span;
    use crate::words::Words;
    use proptest::prelude::*;

    /// A term with a meeting of an hour each day; `held` says which take place.
    fn term(held: &[bool]) -> Session {
        let begin: Instant = "2026-11-24T09:00:00+08:00".parse().unwrap();
        let meetings = held.iter().zip(1..).map(|(held, number)| {
            let start = begin + Span::days(i64::from(number));
            Meeting {
                id: MeetingId(i64::from(number)),
                number,
                start,
                end: start + Span::hours(1),
                unit: None,
                topic: Words::new("", ""),
                cancelled: (!held).then(|| "停电".to_owned()),
            }
        });
        Session {
            id: SessionId(1),
            version: 1,
            key: "term".into(),
            offering: OfferingId(1),
            form: Form::Term,
            state: SessionState::Open,
            title: Words::new("书法班", "Calligraphy"),
            about: Words::new("", ""),
            seats: 10,
            age: None,
            residents_of: None,
            price_fen: 0,
            opens_at: None,
            closes_at: None,
            meetings: meetings.collect(),
        }
    }

    fn later() -> Instant {
        "2027-11-24T09:00:00+08:00".parse().unwrap()
    }

    #[test]
    fn two_thirds_of_what_took_place_are_enough() {
        let of = |held: &[bool], there: &[i64]| {
            Attended::of(&term(held), &there.iter().copied().map(MeetingId).collect(), later())
        };
        let three = of(&[true, true, true], &[1, 3]);
        assert_eq!(three, Attended { attended: 2, planned: 3, minutes: 120 });
        assert!(three.is_enough());
        assert!(!of(&[true, true, true, true], &[1, 2]).is_enough());
        // A cancelled meeting counts for nobody, also not for those once marked at it.
        assert_eq!(of(&[true, false, false, true], &[1, 2, 3]), Attended { attended: 1, planned: 2, minutes: 60 });
        assert!(!of(&[false], &[1]).is_enough());
        assert!(!of(&[true], &[]).is_enough());
    }

    #[test]
    fn certificates_come_at_the_end() {
        let session = term(&[true, true]);
        assert!(!certifies(&session, session.meetings[1].start));
        assert!(certifies(&session, session.meetings[1].end));
        assert!(!certifies(&term(&[false]), later()), "nothing took place");
        assert!(!certifies(&Session { form: Form::Group, ..term(&[true]) }, later()));
    }

    proptest! {
        #[test]
        fn counting_agrees_with_the_marks(held in prop::collection::vec(any::<bool>(), 1..40), seed in any::<u64>()) {
            let there: BTreeSet<MeetingId> =
                (1..=held.len() as i64).filter(|n| seed >> (n % 64) & 1 == 1).map(MeetingId).collect();
            let counted = Attended::of(&term(&held), &there, later());
            prop_assert_eq!(counted.planned as usize, held.iter().filter(|held| **held).count());
            prop_assert!(counted.attended <= counted.planned);
            prop_assert_eq!(counted.minutes, counted.attended * 60);
            prop_assert_eq!(
                counted.is_enough(),
                counted.attended > 0 && f64::from(counted.attended) / f64::from(counted.planned) >= 2.0 / 3.0
            );
        }
    }
}
