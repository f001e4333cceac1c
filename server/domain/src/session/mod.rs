//! The `session` shape: a seat in an event, in a whole term, in a standing group.

pub mod attended;
mod joining;
mod month;
pub mod plan;

pub use joining::{FAR, bookable, changes_until, closes_at, needed, of_age, opens_at};
pub use month::Month;

use crate::area::AreaCode;
use crate::id::{MeetingId, OfferingId, SessionId, UnitId};
use crate::platform::AgeRange;
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

    /// The first meeting to come that takes place.
    pub fn next(&self, now: Instant) -> Option<&Meeting> {
        self.planned().filter(|meeting| now < meeting.end).min_by_key(|meeting| meeting.start)
    }

    /// Whether nothing is to come any more. A group goes on until it is cancelled.
    pub fn is_over(&self, now: Instant) -> bool {
        match self.form {
            Form::Group => self.state == SessionState::Cancelled,
            Form::Event | Form::Term => self.span().is_none_or(|(_, last)| last <= now),
        }
    }

    /// The ages served: those of the kind and of the session together.
    pub fn ages(&self, kind: Option<AgeRange>) -> Option<AgeRange> {
        let both = |pick: fn(&AgeRange) -> Option<u8>, choose: fn(u8, u8) -> u8| {
            let (own, general) = (self.age.as_ref().and_then(pick), kind.as_ref().and_then(pick));
            own.into_iter().chain(general).reduce(choose)
        };
        let (min, max) = (both(|range| range.min, u8::max), both(|range| range.max, u8::min));
        (min.is_some() || max.is_some()).then_some(AgeRange { min, max })
    }
}
