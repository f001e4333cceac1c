//! A round in numbers: 0 is the kitchen, then come the stops; times are microseconds from the present.

use std::collections::{HashMap, HashSet};

use linli_domain::geo::Travel;
use linli_domain::time::{Instant, Span};

use super::ways::NEVER;
use super::{BadRound, Load, Plan, Round, Ways};
use crate::streets::Seconds;

/// Further away than this no time matters.
const HORIZON: i64 = 1 << 50;

/// A round in numbers.
pub(super) struct Problem<'a> {
    pub(super) round: &'a Round,
    ways: &'a Ways,
    /// Of each stop, beginning with that of number 1.
    doors: Vec<Door>,
    pub(super) carriers: Vec<Carrier>,
    /// When packing may begin.
    pub(super) ready: i64,
    pub(super) packing: i64,
    pub(super) in_box: i64,
}

/// A stop in numbers.
pub(super) struct Door {
    pub(super) earliest: i64,
    /// When the hand-over must have begun, to end within the eat-by time as well.
    pub(super) latest: i64,
    pub(super) handing: i64,
    pub(super) load: Load,
    /// Who should come, and what it costs when another does.
    kept: Option<(usize, i64)>,
    /// Whether it is under way.
    is_underway: bool,
}

/// A courier in numbers.
pub(super) struct Carrier {
    pub(super) travel: Travel,
    pub(super) capacity: Load,
    /// When they are at the kitchen for the first run that can still be planned.
    pub(super) free: i64,
    /// What it costs that they come there at all.
    pub(super) coming: i64,
    pub(super) off: i64,
    pub(super) returns: bool,
}

impl<'a> Problem<'a> {
    /// Looks the round over and puts it into numbers; `before` is what couriers have been told.
    pub(super) fn new(round: &'a Round, ways: &'a Ways, before: &Plan) -> Result<Self, BadRound> {
        if !ways.are_of(round) {
            return Err(BadRound::OtherWays);
        }
        let couriers = numbers(round.couriers.iter().map(|courier| courier.key)).map_err(BadRound::CourierTwice)?;
        numbers(round.stops.iter().map(|stop| stop.key)).map_err(BadRound::StopTwice)?;
        let visits = round.underway.iter().flat_map(|run| &run.visits).map(|visit| visit.stop);
        let underway: HashSet<i64> = numbers(visits).map_err(BadRound::UnderwayTwice)?.into_keys().collect();
        if let Some(run) = round.underway.iter().find(|run| !couriers.contains_key(&run.courier)) {
            return Err(BadRound::NoSuchCourier(run.courier));
        }

        let told: HashMap<i64, usize> = before
            .runs
            .iter()
            .filter_map(|run| Some((couriers.get(&run.courier)?, run)))
            .flat_map(|(courier, run)| run.visits.iter().map(|visit| (visit.stop, *courier)))
            .collect();
        let length = |time: Seconds| Span::seconds(time.0.into()).0;
        let from_now = |at: Instant| at.0.saturating_sub(round.now.0).clamp(-HORIZON, HORIZON);
        let door = |stop: &super::Stop| {
            let usual = stop.usual.and_then(|key| couriers.get(&key)).map(|c| (*c, length(round.rules.usual)));
            let handing = length(stop.handing);
            Door {
                earliest: from_now(stop.earliest),
                latest: from_now(stop.latest).min(from_now(stop.eat_by) - handing),
                handing,
                load: stop.load,
                kept: told.get(&stop.key).map(|c| (*c, length(round.rules.told))).or(usual),
                is_underway: underway.contains(&stop.key),
            }
        };
        let carrier = |(number, courier): (usize, &super::Courier)| {
            let last = round.underway.iter().rfind(|run| run.courier == courier.key);
            let (free, coming) = match last {
                None => (from_now(courier.on_duty) + ways.coming(number), ways.coming(number)),
                Some(run) => {
                    let way_back =
                        run.back.zip(run.visits.last()).map_or(0, |(back, last)| (back - last.handed_over).0);
                    (run.back.map_or(NEVER, from_now), if courier.returns { 0 } else { way_back })
                }
            };
            let off = from_now(courier.off_duty);
            let (travel, capacity, returns) = (courier.travel, courier.capacity, courier.returns);
            Carrier { travel, capacity, free, coming, off, returns }
        };
        Ok(Self {
            round,
            ways,
            doors: round.stops.iter().map(door).collect(),
            carriers: round.couriers.iter().enumerate().map(carrier).collect(),
            ready: from_now(round.kitchen.ready).max(0),
            packing: length(round.rules.packing),
            in_box: length(round.rules.in_box),
        })
    }

    pub(super) fn door(&self, stop: u32) -> &Door {
        &self.doors[stop as usize - 1]
    }

    /// Microseconds from a number to another for a courier, or [`NEVER`].
    pub(super) fn leg(&self, courier: usize, from: u32, to: u32) -> i64 {
        self.ways.leg(self.carriers[courier].travel, from, to)
    }

    /// What it costs that this courier comes to a stop.
    pub(super) fn change(&self, courier: usize, stop: u32) -> i64 {
        self.door(stop).kept.map_or(0, |(kept, cost)| if kept == courier { 0 } else { cost })
    }

    /// The stops that are not under way.
    pub(super) fn waiting(&self) -> impl Iterator<Item = u32> + '_ {
        (1..).zip(&self.doors).filter(|(_, door)| !door.is_underway).map(|(stop, _)| stop)
    }

    /// The instant of a time.
    pub(super) fn instant(&self, time: i64) -> Instant {
        self.round.now + Span(time)
    }
}

/// The place of each key in a list, or the first key that stands there twice.
fn numbers(keys: impl Iterator<Item = i64>) -> Result<HashMap<i64, usize>, i64> {
    let mut numbers = HashMap::new();
    for (number, key) in keys.enumerate() {
        if numbers.insert(key, number).is_some() {
            return Err(key);
        }
    }
    Ok(numbers)
}
