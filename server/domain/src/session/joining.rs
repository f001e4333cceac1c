//! Joining a session: when seats can be had, what one needs, and who is of the right age.

use super::{Form, Session, SessionState};
use crate::claim::{Claim, PoolKey};
use crate::id::PersonId;
use crate::needed::{Needed, Way};
use crate::person::Person;
use crate::platform::{AgeRange, Kind, Rules};
use crate::refusal::{Code, Refusal};
use crate::slot::{self, Door};
use crate::time::Instant;

/// When the seats open: as the session says, otherwise by the rules for its first day.
pub fn opens_at(session: &Session, rules: &Rules) -> Option<Instant> {
    // A group has no beginning: it is joined while it lasts.
    let by_rules = || match session.form {
        Form::Group => None,
        Form::Event | Form::Term => session.span().map(|(first, _)| slot::opens_at(first, rules)),
    };
    session.opens_at.or_else(by_rules)
}

/// When booking ends: as the session says; otherwise by the rules before the first meeting; a group never closes.
pub fn closes_at(session: &Session, rules: &Rules) -> Instant {
    let by_rules = || match (session.form, session.span()) {
        (Form::Group, _) | (_, None) => Instant(i64::MAX),
        (Form::Event | Form::Term, Some((first, _))) => slot::closes_at(first, rules),
    };
    session.closes_at.unwrap_or_else(by_rules)
}

/// Until when a seat taken now can be given up without calling. A group is left at any time.
pub fn changes_until(session: &Session, rules: &Rules, now: Instant) -> Instant {
    match (session.form, session.span()) {
        (Form::Group, _) | (_, None) => FAR,
        (Form::Event | Form::Term, Some((first, _))) => slot::changes_until(first, rules, now),
    }
}

/// Stands for "as long as it lasts": the first day of the year 2100.
pub const FAR: Instant = Instant(4_102_444_800_000_000);

/// Whether a session can be joined at all, before looking at what is left.
///
/// # Errors
/// A refusal that says when or where to try instead.
pub fn bookable(session: &Session, rules: &Rules, door: Door, now: Instant) -> Result<(), Refusal> {
    match session.state {
        SessionState::Draft => return Err(Code::NotFound.into()),
        SessionState::Cancelled => return Err(Code::SessionCancelled.into()),
        SessionState::Open => {}
    }
    let over = session.form != Form::Group && session.planned().all(|meeting| meeting.end <= now);
    if over {
        return Err(Code::SessionOver.into());
    }
    if let Some(opens) = opens_at(session, rules).filter(|opens| now < *opens) {
        return Err(Refusal::new(Code::SlotNotOpen).with("opens", opens).retry_after(opens - now));
    }
    // At the desk somebody can still join what has begun.
    if door == Door::Online && now >= closes_at(session, rules) {
        return Err(Code::SessionClosed.into());
    }
    Ok(())
}

/// What a seat needs: the seat, and the time of every meeting still to come.
pub fn needed(session: &Session, kind: &Kind, subject: PersonId, now: Instant) -> Needed {
    let times: Vec<(Instant, Instant)> =
        session.planned().filter(|meeting| meeting.end > now).map(|meeting| (meeting.start, meeting.end)).collect();
    let seat = Claim::Place { pool: PoolKey::seats(session.id), capacity: session.seats, amount: 1 };
    let mut needed = Needed::new(kind, subject, &times, vec![Way { unit: None, claims: vec![seat] }]);
    // Once is enough, in line as well as inside.
    needed.limits.push(Claim::Place { pool: PoolKey::once(subject, session.id), capacity: 1, amount: 1 });
    needed
}

/// Whether somebody is of the right age at every meeting still to come.
///
/// # Errors
/// [`Code::BirthDateNeeded`], [`Code::TooYoungThen`], [`Code::TooOldThen`] with the day of the first meeting at which
/// they are not.
pub fn of_age(session: &Session, kind: &Kind, person: &Person, now: Instant) -> Result<(), Refusal> {
    let ranges: Vec<&AgeRange> = kind.age.iter().chain(&session.age).collect();
    if ranges.is_empty() {
        return Ok(());
    }
    for day in session.planned().filter(|meeting| meeting.end > now).map(|meeting| meeting.start.day()) {
        let age = person.age_on(day).ok_or(Code::BirthDateNeeded)?;
        for range in &ranges {
            match (range.min, range.max) {
                (Some(min), _) if age < i32::from(min) => {
                    return Err(Refusal::new(Code::TooYoungThen).with("min", min).with("day", day));
                }
                (_, Some(max)) if age > i32::from(max) => {
                    return Err(Refusal::new(Code::TooOldThen).with("max", max).with("day", day));
                }
                _ => {}
            }
        }
    }
    Ok(())
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
        assert_eq!(code(&term, Door::Online, "2026-12-01T08:00"), Some(Code::SessionClosed));
        assert_eq!(code(&term, Door::Desk, "2026-12-01T08:00"), None);
        assert_eq!(code(&term, Door::Desk, "2026-12-08T10:00"), Some(Code::SessionOver));
        let late = Session { closes_at: Some(at("2027-01-01T00:00")), ..term.clone() };
        assert_eq!(code(&late, Door::Online, "2026-12-02T08:00"), None, "joined half way");
        assert_eq!(code(&late, Door::Online, "2026-12-08T10:00"), Some(Code::SessionOver));
        let off = Session { state: SessionState::Cancelled, ..term.clone() };
        assert_eq!(code(&off, Door::Online, "2026-11-24T00:00"), Some(Code::SessionCancelled));
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
}
