//! The life of a visit: somebody is found, comes, works, and says it is done.
//!
//! ```text
//! seeking → offered → accepted → on_the_way → arrived → working → done | failed          leaving early: over
//! ```
//! A visit goes along with its order ([`crate::order`]): `accepted` confirms it, `working` makes it underway, `done`
//! fulfils it. [`step`] is pure and total, like that of the order.

use crate::id::PersonId;
use crate::needed::{Needed, Way};
use crate::order::Event as OrderEvent;
use crate::platform::{Kind, Rules};
use crate::refusal::{Code, Refusal};
use crate::time::{Instant, Span};
use crate::words::Words;

/// Whoever puts something right comes within so long after the resident has asked for it.
const AGAIN_WITHIN: Span = Span::days(1);
/// Somebody at the door or at work for longer than this has forgotten to say that it is done, or needs somebody.
pub const LONGEST: Span = Span::days(1);

/// Where a visit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VisitState {
    /// Nobody has been asked, or nobody who was asked could come.
    Seeking,
    /// Somebody is being asked.
    Offered,
    /// Somebody will come.
    Accepted,
    /// They are on the way.
    OnTheWay,
    /// They are at the door.
    Arrived,
    /// They are at work.
    Working,
    /// They say it is done.
    Done,
    /// They were there, and it could not be done.
    Failed,
    /// It was called off, or its time ran out.
    Over,
}

impl VisitState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Seeking,
        Self::Offered,
        Self::Accepted,
        Self::OnTheWay,
        Self::Arrived,
        Self::Working,
        Self::Done,
        Self::Failed,
        Self::Over,
    ];

    /// States in which a worker has it and it is not over.
    pub const IN_HAND: [Self; 4] = [Self::Accepted, Self::OnTheWay, Self::Arrived, Self::Working];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Seeking => "seeking",
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::OnTheWay => "on_the_way",
            Self::Arrived => "arrived",
            Self::Working => "working",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Over => "over",
        }
    }

    /// The state of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// What residents and workers read.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Seeking => ("正在找人", "Looking for somebody"),
            Self::Offered => ("正在询问服务人员", "Asking somebody nearby"),
            Self::Accepted => ("已接单", "Accepted"),
            Self::OnTheWay => ("正在路上", "On the way"),
            Self::Arrived => ("已到门口", "At the door"),
            Self::Working => ("服务中", "At work"),
            Self::Done => ("已完成", "Done"),
            Self::Failed => ("未能完成", "Could not be done"),
            Self::Over => ("已结束", "Over"),
        };
        Words::new(zh, en)
    }

    /// Whether somebody is still looked for.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Seeking | Self::Offered)
    }
}

/// What happens to a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VisitEvent {
    /// Somebody is asked.
    Offer,
    /// Nobody is being asked any more.
    Withdraw,
    /// Somebody will come: they accepted, or were sent by whoever is responsible.
    Accept,
    /// They will not come after all: given back, taken away, not heard of.
    Unassign,
    /// They set out.
    Leave,
    /// They are at the door.
    Arrive,
    /// Work begins.
    Start,
    /// Work is done.
    Finish,
    /// It could not be done.
    Fail {
        /// Because nobody was there.
        nobody_home: bool,
    },
    /// The order ended: cancelled, expired.
    CallOff,
    /// It was not right: the same worker comes again.
    Reopen,
}

impl VisitEvent {
    /// Every event, for tables.
    pub const ALL: [Self; 12] = [
        Self::Offer,
        Self::Withdraw,
        Self::Accept,
        Self::Unassign,
        Self::Leave,
        Self::Arrive,
        Self::Start,
        Self::Finish,
        Self::Fail { nobody_home: false },
        Self::Fail { nobody_home: true },
        Self::CallOff,
        Self::Reopen,
    ];

    /// The event of the order that goes along with it; none where only the visit changes.
    pub const fn of_order(self) -> Option<OrderEvent> {
        match self {
            Self::Accept => Some(OrderEvent::Assign),
            Self::Unassign => Some(OrderEvent::Unassign),
            Self::Start => Some(OrderEvent::Start),
            Self::Finish => Some(OrderEvent::Finish),
            Self::Fail { nobody_home } => Some(OrderEvent::Fail { nobody_home }),
            // The order calls the visit off and reopens it, not the other way round.
            Self::Offer | Self::Withdraw | Self::Leave | Self::Arrive | Self::CallOff | Self::Reopen => None,
        }
    }
}

/// Decides an event. Who may do it is decided with the order.
///
/// # Errors
/// [`Code::VisitGone`] where somebody else has it already, [`Code::VisitOver`] where nobody is to come any more,
/// [`Code::TransitionRefused`] otherwise.
pub fn step(state: VisitState, event: VisitEvent) -> Result<VisitState, Refusal> {
    use VisitState::{Accepted, Arrived, Done, Failed, Offered, OnTheWay, Over, Seeking, Working};
    Ok(match (state, event) {
        (Seeking | Offered, VisitEvent::Offer) => Offered,
        (Offered, VisitEvent::Withdraw) => Seeking,
        (Seeking | Offered, VisitEvent::Accept) => Accepted,
        (Over, VisitEvent::Offer | VisitEvent::Accept) => return Err(Code::VisitOver.into()),
        (_, VisitEvent::Offer | VisitEvent::Accept) => return Err(Code::VisitGone.into()),
        (Accepted | OnTheWay | Arrived, VisitEvent::Unassign) => Seeking,
        (Accepted, VisitEvent::Leave) => OnTheWay,
        // Whoever forgot to say that they set out still arrives.
        (Accepted | OnTheWay, VisitEvent::Arrive) => Arrived,
        (Accepted | OnTheWay | Arrived, VisitEvent::Start) => Working,
        (Working, VisitEvent::Finish) => Done,
        (Accepted | OnTheWay | Arrived | Working, VisitEvent::Fail { .. }) => Failed,
        (Seeking | Offered | Accepted | OnTheWay | Arrived, VisitEvent::CallOff) => Over,
        (Done, VisitEvent::Reopen) => Accepted,
        _ => return Err(Refusal::new(Code::TransitionRefused).with("state", state.words())),
    })
}

/// Whether somebody may be asked to come between two instants: soon enough, and not too soon for it to be done.
///
/// # Errors
/// [`Code::WindowInvalid`] with what is possible.
pub fn may_ask(from: Instant, until: Instant, rules: &Rules, now: Instant) -> Result<(), Refusal> {
    let earliest = now + Span::minutes(i64::from(rules.closes_minutes_before));
    let latest = now.day().plus(i32::from(rules.opens_days_before) + 1).start();
    let long_enough = until - Span::minutes(i64::from(rules.slot_minutes)) >= from;
    // A request for "now" is a moment old when it is looked at.
    if from + Span::minutes(5) >= earliest && until <= latest && long_enough {
        return Ok(());
    }
    let refusal = Refusal::new(Code::WindowInvalid).field("when").with("from", earliest).with("until", latest);
    Err(refusal.with("minutes", rules.slot_minutes))
}

/// When somebody is to come, and to be done, once the resident has asked for it to be put right: within a day, so that
/// they can agree on a time; the deadlines of what is urgent go on from the first request.
pub fn again(length: Span, now: Instant) -> (Instant, Instant) {
    let start = now + AGAIN_WITHIN;
    (start, start + length)
}

/// What a request for a visit claims: the person's limits. Who comes claims the rest when they accept.
pub fn needed(kind: &Kind, subject: PersonId, from: Instant, until: Instant) -> Needed {
    let nothing = Way { unit: None, claims: Vec::new() };
    Needed { time: Vec::new(), ..Needed::new(kind, subject, &[(from, until)], vec![nothing]) }
}

/// Until when the numbers of the two sides are shown to each other: a day after the visit ended, or was to end.
pub fn phones_until(end: Instant) -> Instant {
    end + Span::days(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_visits() {
        let mut table = String::new();
        for state in VisitState::ALL {
            assert_eq!(VisitState::from_key(state.key()), Some(state));
            for event in VisitEvent::ALL {
                if let Ok(to) = step(state, event) {
                    table.push_str(&format!("{:<11} {event:?} → {}\n", state.key(), to.key()));
                }
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn nobody_accepts_what_somebody_has() {
        for state in VisitState::ALL {
            let refused = step(state, VisitEvent::Accept).err().map(|refusal| refusal.code);
            let gone = if state == VisitState::Over { Code::VisitOver } else { Code::VisitGone };
            assert_eq!(refused, (!state.is_open()).then_some(gone), "{}", state.key());
        }
    }
}
