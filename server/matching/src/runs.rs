//! Who carries which meals to which doors, in which order, and when they leave the kitchen.
//!
//! A [`Round`] is one meal out of one kitchen: what is to be handed over, and who carries. A [`Planner`] makes a [`Plan`] of
//! it: runs, each from the kitchen from door to door, several after another for whoever comes back, and for every stop that
//! finds no place the reason why. [`check()`] looks at a plan as somebody who did not make it; [`weigh`] says what it costs.
//! [`Insertion`] is the planner for now; why this one is said in `docs/decisions/0026-runs.md`.
//!
//! - A meal is *handed over* when the hand-over ends. That is within its eat-by time, and within the limit on time in the box
//!   counted from the instant the run leaves the kitchen.
//! - A hand-over *begins* between the earliest and the latest time of its stop. Whoever comes sooner waits at the door, which
//!   counts as time in the box.
//! - A run that has left, or is being packed, is under way: its meals are in one courier's box, so nothing of it changes.
//! - Numbers and the same round give the same plan: there is no clock in it, and chance has a seed.

mod check;
mod day;
mod improve;
mod insert;
mod insertion;
mod problem;
mod reason;
mod ways;
mod weigh;

use linli_domain::geo::{Travel, Wgs84};
use linli_domain::time::{Instant, Span};

pub use check::{Fault, check};
pub use insertion::Insertion;
pub use ways::{Place, Ways};
pub use weigh::{Weight, weigh};

use crate::streets::Seconds;

/// Makes runs. `plan(stops, couriers, streets) → runs`: stops and couriers are those of the round, streets are its ways.
pub trait Planner {
    /// A plan for a round nobody has heard of yet.
    ///
    /// # Errors
    /// [`BadRound`] when the round contradicts itself.
    fn plan(&self, round: &Round, ways: &Ways) -> Result<Plan, BadRound>;

    /// A plan after something has changed: an order more or less, a courier more or less, another time. `before` is what
    /// couriers have been told; stops stay with their couriers where that costs less than [`Rules::told`].
    ///
    /// What is under way is given with the round ([`Plan::underway`] finds it) and comes back as it is.
    ///
    /// # Errors
    /// [`BadRound`] when the round contradicts itself.
    fn replan(&self, round: &Round, ways: &Ways, before: &Plan) -> Result<Plan, BadRound>;
}

/// One meal out of one kitchen.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// The present: nothing is packed before.
    pub now: Instant,
    /// Where the meals come from.
    pub kitchen: Kitchen,
    /// What holds for all stops.
    pub rules: Rules,
    /// What is to be handed over. What has been handed over may be left out, or stand in a run under way.
    pub stops: Vec<Stop>,
    /// Who carries.
    pub couriers: Vec<Courier>,
    /// Runs that have left or are being packed, in the order of each courier's day.
    pub underway: Vec<Run>,
}

/// Where the meals come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kitchen {
    /// Its door.
    pub at: Wgs84,
    /// When the meals are cooked: nothing is packed before.
    pub ready: Instant,
}

/// What holds for all stops of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How long a meal stays in the box at most, from leaving the kitchen to the end of its hand-over.
    pub in_box: Seconds,
    /// How long it takes to pack a run; the courier is there.
    pub packing: Seconds,
    /// How many seconds of way it is worth that a stop keeps the courier who usually comes.
    pub usual: Seconds,
    /// How many seconds of way it is worth that a stop keeps the courier who has been told.
    pub told: Seconds,
}

impl Default for Rules {
    /// 45 minutes in the box, 5 to pack; a face one knows is worth 2 minutes of way, what was said 10.
    fn default() -> Self {
        let minutes = Seconds::minutes;
        Self { in_box: minutes(45), packing: minutes(5), usual: minutes(2), told: minutes(10) }
    }
}

/// What is carried, and what can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Portions.
    pub portions: u32,
    /// Room in the box, in tenths of a litre.
    pub decilitres: u32,
}

impl Load {
    /// Both together; what is too large to count is the largest there is, and fits nowhere.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            portions: self.portions.saturating_add(other.portions),
            decilitres: self.decilitres.saturating_add(other.decilitres),
        }
    }

    /// Whether it has room in that.
    pub const fn fits(self, room: Self) -> bool {
        self.portions <= room.portions && self.decilitres <= room.decilitres
    }
}

/// Meals for one door.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// The caller's number for it; no two stops have the same.
    pub key: i64,
    /// The door.
    pub at: Wgs84,
    /// The hand-over does not begin before.
    pub earliest: Instant,
    /// Nor after.
    pub latest: Instant,
    /// How long the hand-over takes: stairs, the bell, a word.
    pub handing: Seconds,
    /// What is handed over.
    pub load: Load,
    /// When the hand-over must have ended.
    pub eat_by: Instant,
    /// The courier who usually comes, by key: yesterday's.
    pub usual: Option<i64>,
}

/// Somebody who carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Courier {
    /// The caller's number for them; no two couriers have the same.
    pub key: i64,
    /// By what means.
    pub travel: Travel,
    /// What fits into the box at once.
    pub capacity: Load,
    /// When they set out from where they start.
    pub on_duty: Instant,
    /// When their work must be over.
    pub off_duty: Instant,
    /// Where they start.
    pub start: Wgs84,
    /// Whether work is over at the kitchen, where they bring the boxes, or else at the last door.
    pub returns: bool,
}

/// Once from the kitchen from door to door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Who, by key.
    pub courier: i64,
    /// When the meals are packed and the courier leaves.
    pub leaves: Instant,
    /// The doors in order.
    pub visits: Vec<Visit>,
    /// When the courier is back at the kitchen, or would be who need not come back; none where there is no way back.
    pub back: Option<Instant>,
}

/// One door of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// The stop, by key.
    pub stop: i64,
    /// When the courier is at the door.
    pub arrives: Instant,
    /// When the hand-over has ended.
    pub handed_over: Instant,
}

/// Runs, and what has no place in them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// By courier in the order they were given, and for each by time.
    pub runs: Vec<Run>,
    /// In the order they were given.
    pub unassigned: Vec<Unassigned>,
}

/// A stop nobody comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unassigned {
    /// The stop, by key.
    pub stop: i64,
    /// Why.
    pub reason: Reason,
}

/// Why nobody comes. Couriers meet obstacles in the order in which they stand here; the reason is the obstacle at which
/// whoever came furthest was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// There are no couriers.
    Nobody,
    /// Nobody finds a way there from the kitchen.
    NoWay,
    /// It is more than fits into a box.
    TooLarge,
    /// Even straight from the kitchen it would be in the box too long.
    TooFar,
    /// Even leaving as soon as the kitchen can, one would be there too late.
    TooLate,
    /// Nobody is on duty who could, or whoever could has not come back from what is under way.
    OffDuty,
    /// It could be done, but not beside all the other stops as they are planned.
    Full,
}

/// A round that contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRound {
    /// Two stops have the same key.
    #[error("stop {0} is given twice")]
    StopTwice(i64),
    /// Two couriers have the same key.
    #[error("courier {0} is given twice")]
    CourierTwice(i64),
    /// A run is under way with a courier who is not given.
    #[error("courier {0} is under way and not given")]
    NoSuchCourier(i64),
    /// A stop stands in two visits under way.
    #[error("stop {0} is under way twice")]
    UnderwayTwice(i64),
    /// The ways are those of another round.
    #[error("the ways are not those of this round")]
    OtherWays,
}

impl Plan {
    /// The runs that have left or are being packed at the present of a round, of couriers who are still there, without
    /// stops that are no more. Their times are those of the plan: whoever knows better puts theirs in.
    ///
    /// Runs of couriers who dropped out are not among them: what they have not handed over is to be cooked again, and is
    /// planned anew as long as it stands among the round's stops.
    pub fn underway(&self, round: &Round) -> Vec<Run> {
        let packing = Span::seconds(round.rules.packing.0.into());
        let has_begun = |run: &&Run| {
            run.leaves - packing <= round.now && round.couriers.iter().any(|courier| courier.key == run.courier)
        };
        let open: std::collections::HashSet<i64> = round.stops.iter().map(|stop| stop.key).collect();
        let mut runs: Vec<Run> = self.runs.iter().filter(has_begun).cloned().collect();
        for run in &mut runs {
            run.visits.retain(|visit| open.contains(&visit.stop));
        }
        runs
    }
}

#[cfg(test)]
mod tests;
