//! A plan looked at by somebody who did not make it: times are added up along the streets, one after another, and where
//! a stop has no place, every place is tried.

use std::collections::HashMap;

use linli_domain::time::{Instant, Span};

use super::{Courier, Load, Place, Plan, Reason, Round, Run, Stop, Ways};
use crate::streets::Seconds;

/// What is wrong with a plan. Stops and couriers are named by their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A run, or a reason, names a courier or stop of another round.
    #[error("{0} is no courier of this round")]
    NoSuchCourier(i64),
    /// As before, for a stop.
    #[error("{0} is no stop of this round")]
    NoSuchStop(i64),
    /// A run without a door.
    #[error("courier {0} has a run to nobody")]
    EmptyRun(i64),
    /// What is under way is not in the plan as it was, or not before the courier's other runs.
    #[error("what courier {0} has under way was changed")]
    Underway(i64),
    /// A stop stands in two visits, or in a visit and among those without.
    #[error("stop {0} stands there twice")]
    Twice(i64),
    /// A stop is neither in a run nor among those without.
    #[error("stop {0} was forgotten")]
    Forgotten(i64),
    /// More is carried than fits.
    #[error("courier {0} carries more than fits into the box")]
    Load(i64),
    /// A run leaves before the meals are cooked or packed, before the courier is there or is back, or before the present.
    #[error("courier {courier} cannot leave at {leaves}")]
    LeavesTooSoon {
        /// Who.
        courier: i64,
        /// When.
        leaves: Instant,
    },
    /// One is at a door, or back, at another time than the way takes.
    #[error("stop {0} is not reached at the time that is said")]
    Way(i64),
    /// A courier is back at another time than the way takes, or there is no way back and a time.
    #[error("courier {0} is not back at the time that is said")]
    Back(i64),
    /// A hand-over takes another time than it takes.
    #[error("the hand-over at stop {0} does not take the time it takes")]
    Handing(i64),
    /// A hand-over begins before the earliest time.
    #[error("stop {0} is visited too soon")]
    TooSoon(i64),
    /// A hand-over begins after the latest time.
    #[error("stop {0} is visited too late")]
    TooLate(i64),
    /// A meal is handed over after its eat-by time.
    #[error("the meal of stop {0} is handed over after its eat-by time")]
    EatBy(i64),
    /// A meal is in the box for too long.
    #[error("the meal of stop {0} is in the box for too long")]
    InBox(i64),
    /// Work is over after the end of duty.
    #[error("courier {0} is not done in time")]
    OffDuty(i64),
    /// The reason why nobody comes is another.
    #[error("it is not true that nobody comes to stop {stop} because of {said:?}: {found:?}")]
    Reason {
        /// The stop.
        stop: i64,
        /// What the plan says.
        said: Reason,
        /// What is true; none when there is a place for it.
        found: Option<Reason>,
    },
}

/// Looks whether a plan keeps every rule of its round, and says the truth.
///
/// # Errors
/// The first [`Fault`] that is found.
pub fn check(round: &Round, ways: &Ways, plan: &Plan) -> Result<(), Fault> {
    let looked = Looked::at(round, ways);
    let mut left: Vec<i64> = round.stops.iter().map(|stop| stop.key).collect();
    let mut days: Vec<Vec<Vec<usize>>> = vec![Vec::new(); round.couriers.len()];
    // In each courier's runs, how many of those under way have been seen.
    let mut begun = vec![0; round.couriers.len()];
    let mut last: Vec<Option<&Run>> = vec![None; round.couriers.len()];
    for run in &plan.runs {
        let courier = *looked.couriers.get(&run.courier).ok_or(Fault::NoSuchCourier(run.courier))?;
        for visit in &run.visits {
            let key = visit.stop;
            match left.iter().position(|other| *other == key) {
                Some(found) => drop(left.swap_remove(found)),
                None if looked.stops.contains_key(&key) => return Err(Fault::Twice(key)),
                None if looked.underway(run.courier).any(|other| other == run) => {}
                None => return Err(Fault::NoSuchStop(key)),
            }
        }
        if let Some(underway) = looked.underway(run.courier).nth(begun[courier]) {
            if underway != run {
                return Err(Fault::Underway(run.courier));
            }
            begun[courier] += 1;
        } else {
            days[courier].push(looked.run(courier, run, last[courier])?);
        }
        last[courier] = Some(run);
    }
    for (courier, begun) in round.couriers.iter().zip(begun) {
        if looked.underway(courier.key).count() != begun {
            return Err(Fault::Underway(courier.key));
        }
    }
    for (courier, (last, day)) in round.couriers.iter().zip(last.iter().zip(&days)) {
        if let (Some(last), false) = (last, day.is_empty()) {
            let done = if courier.returns { last.back } else { last.visits.last().map(|visit| visit.handed_over) };
            if done.is_none_or(|done| done > courier.off_duty) {
                return Err(Fault::OffDuty(courier.key));
            }
        }
    }
    for without in &plan.unassigned {
        let stop = *looked.stops.get(&without.stop).ok_or(Fault::NoSuchStop(without.stop))?;
        let found = left.iter().position(|other| *other == without.stop).ok_or(Fault::Twice(without.stop))?;
        left.swap_remove(found);
        let found = looked.reason(stop, &days);
        if found != Some(without.reason) {
            return Err(Fault::Reason { stop: without.stop, said: without.reason, found });
        }
    }
    left.first().map_or(Ok(()), |stop| Err(Fault::Forgotten(*stop)))
}

/// Whether a courier, by their place in the list, can do these runs one after another, with nothing else than what they have
/// under way: for tests that try everything.
#[cfg(test)]
pub(super) fn can(round: &Round, ways: &Ways, courier: usize, day: &[Vec<usize>]) -> bool {
    Looked::at(round, ways).can(courier, day)
}

/// A round to be looked at.
struct Looked<'a> {
    round: &'a Round,
    ways: &'a Ways,
    stops: HashMap<i64, usize>,
    couriers: HashMap<i64, usize>,
}

fn span(time: Seconds) -> Span {
    Span::seconds(time.0.into())
}

impl<'a> Looked<'a> {
    fn at(round: &'a Round, ways: &'a Ways) -> Self {
        let stops = round.stops.iter().enumerate().map(|(n, stop)| (stop.key, n)).collect();
        let couriers = round.couriers.iter().enumerate().map(|(n, courier)| (courier.key, n)).collect();
        Self { round, ways, stops, couriers }
    }

    fn underway(&self, courier: i64) -> impl Iterator<Item = &'a Run> {
        self.round.underway.iter().filter(move |run| run.courier == courier)
    }

    fn way(&self, courier: &Courier, from: Place, to: Place) -> Option<Span> {
        self.ways.seconds(courier.travel, from, to).map(span)
    }

    /// When a courier is at the kitchen to pack, at the soonest; none when never.
    fn there(&self, courier: usize, before: Option<&Run>) -> Option<Instant> {
        let free = match before {
            Some(run) => run.back?,
            None => self.round.couriers[courier].on_duty + span(self.ways.start(courier)?),
        };
        Some(free.max(self.round.kitchen.ready).max(self.round.now))
    }

    /// Follows a run from door to door, and returns its stops.
    fn run(&self, number: usize, run: &Run, before: Option<&Run>) -> Result<Vec<usize>, Fault> {
        let courier = &self.round.couriers[number];
        let soonest = self.there(number, before).map(|there| there + span(self.round.rules.packing));
        if soonest.is_none_or(|soonest| run.leaves < soonest) {
            return Err(Fault::LeavesTooSoon { courier: courier.key, leaves: run.leaves });
        }
        let (mut at, mut time, mut load, mut stops) = (Place::Kitchen, run.leaves, Load::default(), Vec::new());
        for visit in &run.visits {
            let number = *self.stops.get(&visit.stop).ok_or(Fault::NoSuchStop(visit.stop))?;
            let stop = &self.round.stops[number];
            let way = self.way(courier, at, Place::Stop(number)).ok_or(Fault::Way(stop.key))?;
            if visit.arrives != time + way {
                return Err(Fault::Way(stop.key));
            }
            let begins = visit.handed_over - span(stop.handing);
            if begins < stop.earliest {
                return Err(Fault::TooSoon(stop.key));
            }
            if begins > stop.latest {
                return Err(Fault::TooLate(stop.key));
            }
            if begins != visit.arrives.max(stop.earliest) {
                return Err(Fault::Handing(stop.key));
            }
            if visit.handed_over > stop.eat_by {
                return Err(Fault::EatBy(stop.key));
            }
            if visit.handed_over > run.leaves + span(self.round.rules.in_box) {
                return Err(Fault::InBox(stop.key));
            }
            load.portions = load.portions.saturating_add(stop.load.portions);
            load.decilitres = load.decilitres.saturating_add(stop.load.decilitres);
            (at, time) = (Place::Stop(number), visit.handed_over);
            stops.push(number);
        }
        if stops.is_empty() {
            return Err(Fault::EmptyRun(courier.key));
        }
        if !load.fits(courier.capacity) {
            return Err(Fault::Load(courier.key));
        }
        if run.back != self.way(courier, at, Place::Kitchen).map(|way| time + way) {
            return Err(Fault::Back(courier.key));
        }
        Ok(stops)
    }

    /// Why nobody can come to a stop beside these days; none when somebody can.
    fn reason(&self, stop: usize, days: &[Vec<Vec<usize>>]) -> Option<Reason> {
        let couriers = 0..self.round.couriers.len();
        if couriers.clone().any(|courier| self.has_place(courier, &days[courier], stop)) {
            return None;
        }
        Some(couriers.map(|courier| self.obstacle(courier, stop)).max().unwrap_or(Reason::Nobody))
    }

    /// What keeps a courier with nothing else to do from coming to a stop.
    fn obstacle(&self, number: usize, place: usize) -> Reason {
        let (courier, stop): (&Courier, &Stop) = (&self.round.couriers[number], &self.round.stops[place]);
        let has_begun = self.underway(courier.key).next().is_some();
        let comes = has_begun || self.ways.start(number).is_some();
        let returns = !courier.returns || self.way(courier, Place::Stop(place), Place::Kitchen).is_some();
        let way = self.way(courier, Place::Kitchen, Place::Stop(place)).filter(|_| comes && returns);
        let Some(way) = way else { return Reason::NoWay };
        if !stop.load.fits(courier.capacity) {
            return Reason::TooLarge;
        }
        if way.0 + span(stop.handing).0 > span(self.round.rules.in_box).0 {
            return Reason::TooFar;
        }
        let kitchen = self.round.kitchen.ready.max(self.round.now) + span(self.round.rules.packing);
        let begins = (kitchen + way).max(stop.earliest);
        if begins > stop.latest || begins + span(stop.handing) > stop.eat_by {
            return Reason::TooLate;
        }
        if self.can(number, &[vec![place]]) { Reason::Full } else { Reason::OffDuty }
    }

    /// Whether a stop fits anywhere into a courier's day.
    fn has_place(&self, courier: usize, day: &[Vec<usize>], stop: usize) -> bool {
        let alone = (0..=day.len()).any(|at| {
            let mut tried = day.to_vec();
            tried.insert(at, vec![stop]);
            self.can(courier, &tried)
        });
        alone
            || (0..day.len()).any(|run| {
                (0..=day[run].len()).any(|at| {
                    let mut tried = day.to_vec();
                    tried[run].insert(at, stop);
                    self.can(courier, &tried)
                })
            })
    }

    /// Whether a courier can do this: each run as soon as possible.
    fn can(&self, number: usize, day: &[Vec<usize>]) -> bool {
        let courier = &self.round.couriers[number];
        let mut free = self.there(number, self.underway(courier.key).last());
        let mut done = None;
        for run in day {
            let load = run.iter().fold((0_u64, 0_u64), |(portions, decilitres), stop| {
                let load = self.round.stops[*stop].load;
                (portions + u64::from(load.portions), decilitres + u64::from(load.decilitres))
            });
            let room = courier.capacity;
            if load.0 > room.portions.into() || load.1 > room.decilitres.into() {
                return false;
            }
            let Some(over) = free.and_then(|free| self.soonest(courier, run, free + span(self.round.rules.packing)))
            else {
                return false;
            };
            let back = run.last().and_then(|stop| self.way(courier, Place::Stop(*stop), Place::Kitchen));
            free = back.map(|back| over + back);
            done = if courier.returns { free } else { Some(over) };
        }
        done.is_some_and(|done| done <= courier.off_duty)
    }

    /// When a run is over that leaves at a time or, where a meal would be in the box too long for waiting, later.
    fn soonest(&self, courier: &Courier, run: &[usize], mut leaves: Instant) -> Option<Instant> {
        loop {
            let (mut at, mut time, mut waited) = (Place::Kitchen, leaves, Span(0));
            for number in run {
                let stop = &self.round.stops[*number];
                let arrives = time + self.way(courier, at, Place::Stop(*number))?;
                let begins = arrives.max(stop.earliest);
                time = begins + span(stop.handing);
                if begins > stop.latest || time > stop.eat_by {
                    return None;
                }
                waited = Span(waited.0 + (begins - arrives).0);
                at = Place::Stop(*number);
            }
            let too_long = (time - leaves).0 - span(self.round.rules.in_box).0;
            if too_long <= 0 {
                return Some(time);
            }
            if waited.0 < too_long {
                return None;
            }
            leaves = leaves + Span(too_long);
        }
    }
}
