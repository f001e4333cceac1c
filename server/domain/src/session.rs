//! The `session` shape: a seat in an event, in a whole term, in a standing group.

use crate::area::AreaCode;
use crate::claim::{Claim, PoolKey};
use crate::id::{MeetingId, OfferingId, PersonId, SessionId, UnitId};
use crate::needed::{Needed, Way};
use crate::person::Person;
use crate::platform::{AgeRange, Kind, Rules};
use crate::refusal::{Code, Refusal};
use crate::slot::{self, Door};
use crate::time::{Day, Instant};
use crate::words::Words;

/// What sort of session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// One meeting: a lecture, a show.
    Event,
    /// Several meetings that are taken together: a class.
    Term,
    /// A group that goes on, joined and left at any time: a troupe.
    Group,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Event, Self::Term, Self::Group];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Term => "term",
            Self::Group => "group",
        }
    }

    /// The form of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.key() == key)
    }
}

/// Whether a session can be seen and joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionState {
    /// Being prepared: only staff see it.
    Draft,
    /// For everybody.
    Open,
    /// It will not take place.
    Cancelled,
}

impl SessionState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Open, Self::Cancelled];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// One date of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Which.
    pub id: MeetingId,
    /// Counting from 1 in the order they were planned.
    pub number: u32,
    /// From.
    pub start: Instant,
    /// To.
    pub end: Instant,
    /// The room it occupies, where rooms are kept.
    pub unit: Option<UnitId>,
    /// What it is about; both texts empty when nothing is said.
    pub topic: Words,
    /// Why it will not take place, when it will not.
    pub cancelled: Option<String>,
}

/// An event, a term, a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Raised with every change.
    pub version: i32,
    /// Its key in seeds and imports.
    pub key: String,
    /// By whom, where, of which kind.
    pub offering: OfferingId,
    /// What sort.
    pub form: Form,
    /// Whether it can be joined.
    pub state: SessionState,
    /// What it is called.
    pub title: Words,
    /// What it is about.
    pub about: Words,
    /// How many seats there are.
    pub seats: u32,
    /// Ages beside those of the kind, on the day of every meeting.
    pub age: Option<AgeRange>,
    /// Only for residents of this area.
    pub residents_of: Option<AreaCode>,
    /// For all meetings together, in fen.
    pub price_fen: i64,
    /// When booking opens; none: by the rules of the offering.
    pub opens_at: Option<Instant>,
    /// When booking closes; none: by the rules of the offering.
    pub closes_at: Option<Instant>,
    /// By beginning.
    pub meetings: Vec<Meeting>,
}

impl Session {
    /// The meetings that take place.
    pub fn planned(&self) -> impl Iterator<Item = &Meeting> {
        self.meetings.iter().filter(|meeting| meeting.cancelled.is_none())
    }

    /// When the first meeting begins and the last one ends; those cancelled count when no other is left.
    pub fn span(&self) -> Option<(Instant, Instant)> {
        let of = |mut meetings: Vec<&Meeting>| {
            meetings.sort_by_key(|meeting| meeting.start);
            Some((meetings.first()?.start, meetings.iter().map(|meeting| meeting.end).max()?))
        };
        of(self.planned().collect()).or_else(|| of(self.meetings.iter().collect()))
    }

    /// The meeting on a day that takes place.
    pub fn meeting_on(&self, day: Day) -> Option<&Meeting> {
        self.planned().find(|meeting| meeting.start.day() == day)
    }
}

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
