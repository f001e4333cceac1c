//! Deadlines of what cannot wait: a missed one climbs, a level at a time, until somebody sees to it.
//!
//! First nobody has said yes in time, then nobody was there in time; each is told to the responsible organisation and the
//! community at once, to the street office after another [`step`], and to the district after one more. A visit that
//! is reopened keeps the deadlines of its first request: its clock never stood still.

use crate::platform::Urgent;
use crate::time::{Instant, Span};
use crate::visit::VisitState;
use crate::words::Words;

/// Who hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// The responsible organisation and the staff of the community.
    Community,
    /// The street office.
    Street,
    /// The district.
    District,
}

impl Rung {
    const ALL: [Self; 3] = [Self::Community, Self::Street, Self::District];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Community => "community",
            Self::Street => "street",
            Self::District => "district",
        }
    }

    /// As people read it.
    pub fn words(self) -> Words {
        match self {
            Self::Community => Words::new("责任单位和社区", "the responsible organisation and the community"),
            Self::Street => Words::new("街道", "the street office"),
            Self::District => Words::new("区", "the district"),
        }
    }
}

/// What was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missed {
    /// Nobody has said that they will come.
    Yes,
    /// Nobody is there.
    Arrival,
}

impl Missed {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Yes => "accept",
            Self::Arrival => "arrive",
        }
    }
}

/// How far something has climbed: 0 is not at all, 1 to 3 that nobody said yes, 4 to 6 that nobody was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Height(pub u32);

impl Height {
    /// What was missed, and who heard of it last; none before anything was.
    pub fn reached(self) -> Option<(Missed, Rung)> {
        let at = usize::try_from(self.0).ok()?.checked_sub(1)?;
        let missed = if at < Rung::ALL.len() { Missed::Yes } else { Missed::Arrival };
        Some((missed, *Rung::ALL.get(at % Rung::ALL.len())?)).filter(|_| at < 2 * Rung::ALL.len())
    }
}

/// How long each rung has before the next one hears of it: as long as there was for a yes, five minutes at least.
pub fn step(urgent: Urgent) -> Span {
    Span::minutes(i64::from(urgent.accept_minutes).max(5))
}

/// The deadlines of something asked for.
pub fn deadlines(urgent: Urgent, asked: Instant) -> (Instant, Instant) {
    let after = |minutes: u16| asked + Span::minutes(i64::from(minutes));
    (after(urgent.accept_minutes), after(urgent.arrive_minutes))
}

/// How far it has to climb next; none where nothing is missed, or everybody has heard. One level at a time: each is a
/// line of the timeline, and each is told.
pub fn next(
    state: VisitState,
    accept_by: Option<Instant>,
    arrive_by: Option<Instant>,
    urgent: Urgent,
    climbed: Height,
    now: Instant,
) -> Option<Height> {
    let rungs = u32::try_from(Rung::ALL.len()).unwrap_or_default();
    let (deadline, below) = match state {
        // Given back after it had been accepted: what counts from then on is that nobody is there.
        VisitState::Seeking | VisitState::Offered if climbed.0 > rungs => (arrive_by?, rungs),
        VisitState::Seeking | VisitState::Offered => (accept_by?, 0),
        VisitState::Accepted | VisitState::OnTheWay => (arrive_by?, rungs),
        _ => return None,
    };
    if now <= deadline {
        return None;
    }
    let steps = (now.0 - deadline.0) / step(urgent).0.max(1);
    let due = below + u32::try_from(steps).unwrap_or(u32::MAX).saturating_add(1).min(rungs);
    let next = climbed.0.max(below) + 1;
    (next <= due).then_some(Height(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URGENT: Urgent = Urgent { accept_minutes: 10, arrive_minutes: 30 };

    /// Every minute from the request on, with what happens meanwhile: when it climbed, and how far.
    fn story(until: i64, state: impl Fn(i64) -> VisitState) -> Vec<(i64, u32)> {
        let asked = Instant(0);
        let (accept_by, arrive_by) = deadlines(URGENT, asked);
        let mut climbed = Height(0);
        let mut story = Vec::new();
        for minute in 0..until {
            let now = asked + Span::minutes(minute);
            if let Some(height) = next(state(minute), Some(accept_by), Some(arrive_by), URGENT, climbed, now) {
                climbed = height;
                story.push((minute, height.0));
            }
        }
        story
    }

    #[test]
    fn what_nobody_accepts_climbs_to_the_district_and_stops_there() {
        assert_eq!(story(300, |_| VisitState::Seeking), [(11, 1), (20, 2), (30, 3)]);
    }

    #[test]
    fn what_is_accepted_and_not_reached_climbs_too() {
        let late = |minute| if minute < 5 { VisitState::Offered } else { VisitState::Accepted };
        assert_eq!(story(300, late), [(31, 4), (40, 5), (50, 6)]);
        let both = |minute| if minute < 15 { VisitState::Seeking } else { VisitState::OnTheWay };
        assert_eq!(story(300, both), [(11, 1), (31, 4), (40, 5), (50, 6)]);
        let given_back = |minute| if (5..35).contains(&minute) { VisitState::Accepted } else { VisitState::Seeking };
        assert_eq!(story(300, given_back), [(31, 4), (40, 5), (50, 6)]);
    }

    #[test]
    fn what_is_in_time_never_climbs() {
        let state = |minute| match minute {
            0..=9 => VisitState::Seeking,
            10..=29 => VisitState::Accepted,
            _ => VisitState::Arrived,
        };
        assert_eq!(story(300, state), []);
        for state in [VisitState::Working, VisitState::Done, VisitState::Failed, VisitState::Over] {
            assert_eq!(story(300, |_| state), []);
        }
    }

    #[test]
    fn reopened_it_is_late_since_its_first_request_and_climbs_a_rung_at_a_time() {
        let state = |minute| match minute {
            0..=4 => VisitState::Seeking,
            5..=19 => VisitState::Accepted,
            20..=199 => VisitState::Done,
            _ => VisitState::Accepted,
        };
        assert_eq!(story(300, state), [(200, 4), (201, 5), (202, 6)]);
    }

    #[test]
    fn heights_have_names() {
        let named: Vec<_> = (0..8).map(|height| Height(height).reached()).collect();
        assert_eq!(named[0], None);
        assert_eq!(named[1], Some((Missed::Yes, Rung::Community)));
        assert_eq!(named[3], Some((Missed::Yes, Rung::District)));
        assert_eq!(named[4], Some((Missed::Arrival, Rung::Community)));
        assert_eq!(named[6], Some((Missed::Arrival, Rung::District)));
        assert_eq!(named[7], None);
    }
}
