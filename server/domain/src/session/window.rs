//! When a seat can be had, and the months of the programme.

use std::fmt;
use std::str::FromStr;

use super::{Form, Session, SessionState};
use crate::platform::Rules;
use crate::refusal::{Code, Refusal};
use crate::slot::{self, Door};
use crate::time::{Day, Instant, NotATime};

/// When booking opens: as the session says, otherwise by the rules, counted from its first meeting. None: it has
/// always been open, as a group is.
pub fn opens_at(session: &Session, rules: &Rules) -> Option<Instant> {
    match (session.opens_at, session.form) {
        (Some(at), _) => Some(at),
        (None, Form::Group) => None,
        (None, Form::Event | Form::Term) => session.span().map(|(first, _)| slot::opens_at(first, rules)),
    }
}

/// When booking ends for residents: as the session says, otherwise by the rules before its first meeting. None: never,
/// as for a group. Never after the last meeting has begun.
pub fn closes_at(session: &Session, rules: &Rules) -> Option<Instant> {
    let last = session.planned().map(|meeting| meeting.start).max();
    match (session.closes_at, session.form) {
        (Some(at), Form::Group) => Some(at),
        (Some(at), Form::Event | Form::Term) => Some(last.map_or(at, |last| at.min(last))),
        (None, Form::Group) => None,
        (None, Form::Event | Form::Term) => session.span().map(|(first, _)| slot::closes_at(first, rules)),
    }
}

/// Whether a seat can be had at all, before looking at what is left. Staff book until the last meeting ends.
///
/// # Errors
/// A refusal that says when or where to try instead.
pub fn bookable(session: &Session, rules: &Rules, door: Door, now: Instant) -> Result<(), Refusal> {
    match session.state {
        SessionState::Open => {}
        SessionState::Draft => return Err(Code::NotFound.into()),
        SessionState::Cancelled => return Err(Code::SlotClosed.into()),
    }
    if session.is_over(now) {
        return Err(Code::SlotPast.into());
    }
    if door == Door::Online {
        if let Some(opens) = opens_at(session, rules).filter(|opens| now < *opens) {
            return Err(Refusal::new(Code::SlotNotOpen).with("opens", opens).retry_after(opens - now));
        }
        if closes_at(session, rules).is_some_and(|closes| now >= closes) {
            return Err(Code::SlotBookingClosed.into());
        }
    }
    Ok(())
}

/// A month, as `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    /// The month of a day, as year × 100 + month.
    pub fn of(day: Day) -> Self {
        Self(day.year() * 100 + i32::try_from(day.month_day().0).unwrap_or(1))
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
    use crate::id::{MeetingId, OfferingId, SessionId};
    use crate::session::Meeting;
    use crate::time::Span;
    use crate::words::Words;

    fn at(text: &str) -> Instant {
        format!("{text}:00+08:00").parse().unwrap()
    }

    fn session(form: Form) -> Session {
        let meeting = |number: u32, start: &str| Meeting {
            id: MeetingId(i64::from(number)),
            number,
            start: at(start),
            end: at(start) + Span::hours(1),
            unit: None,
            topic: Words::new("", ""),
            cancelled: None,
        };
        Session {
            id: SessionId(1),
            version: 1,
            key: "one".into(),
            offering: OfferingId(1),
            form,
            state: SessionState::Open,
            title: Words::new("书法班", "Calligraphy"),
            about: Words::new("", ""),
            seats: 10,
            age: None,
            residents_of: None,
            price_fen: 0,
            opens_at: None,
            closes_at: None,
            meetings: vec![meeting(1, "2026-12-01T09:00"), meeting(2, "2026-12-08T09:00")],
        }
    }

    fn rules() -> Rules {
        Rules { opens_days_before: 7, closes_minutes_before: 60, ..Rules::NONE }
    }

    fn code(session: &Session, door: Door, now: &str) -> Option<Code> {
        bookable(session, &rules(), door, at(now)).err().map(|refusal| refusal.code)
    }

    #[test]
    fn a_term_is_booked_before_it_begins_unless_it_says_otherwise() {
        let term = session(Form::Term);
        assert_eq!(code(&term, Door::Online, "2026-11-23T23:59"), Some(Code::SlotNotOpen));
        assert_eq!(code(&term, Door::Online, "2026-11-24T00:00"), None);
        assert_eq!(code(&term, Door::Online, "2026-12-01T08:00"), Some(Code::SlotBookingClosed));
        assert_eq!(code(&term, Door::Desk, "2026-12-01T08:00"), None);
        assert_eq!(code(&term, Door::Desk, "2026-12-08T10:00"), Some(Code::SlotPast));
        let late = Session { closes_at: Some(at("2027-01-01T00:00")), ..term.clone() };
        assert_eq!(code(&late, Door::Online, "2026-12-02T08:00"), None, "joined half way");
        assert_eq!(code(&late, Door::Online, "2026-12-08T09:00"), Some(Code::SlotBookingClosed));
        let off = Session { state: SessionState::Cancelled, ..term.clone() };
        assert_eq!(code(&off, Door::Online, "2026-11-24T00:00"), Some(Code::SlotClosed));
        let draft = Session { state: SessionState::Draft, ..term };
        assert_eq!(code(&draft, Door::Desk, "2026-11-24T00:00"), Some(Code::NotFound));
    }

    #[test]
    fn a_group_is_joined_at_any_time() {
        let group = session(Form::Group);
        for now in ["2026-11-01T00:00", "2026-12-05T00:00", "2027-03-01T00:00"] {
            assert_eq!(code(&group, Door::Online, now), None, "{now}");
        }
    }

    #[test]
    fn months_are_read_and_written() {
        assert_eq!("2026-11".parse::<Month>().unwrap().to_string(), "2026-11");
        assert_eq!(Month::of("2026-11-30".parse().unwrap()), Month(202_611));
        for odd in ["2026-13", "2026-1", "2026-11-01", "", "二零二六"] {
            assert!(odd.parse::<Month>().is_err(), "{odd}");
        }
    }
}
