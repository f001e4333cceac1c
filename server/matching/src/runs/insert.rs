//! Putting stops in where they cost least, those first that would regret it most to come later.

use super::Reason;
use super::day::{Shape, Trip};
use super::problem::Problem;
use super::ways::NEVER;

/// Who does what, as far as it is known.
#[derive(Clone)]
pub(super) struct State {
    /// Of each courier.
    pub(super) days: Vec<Vec<Trip>>,
    /// The stops that have no place.
    pub(super) open: Vec<u32>,
    /// What all days cost.
    pub(super) cost: i64,
}

/// A place for a stop.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    /// What it costs more.
    pub(super) cost: i64,
    /// The place among the courier's trips; when `at` is none, a new trip is put in there.
    trip: usize,
    at: Option<usize>,
}

/// Which places are seen. Whoever overlooks some puts stops in as they would never be put in otherwise.
#[derive(Clone, Copy)]
pub(super) enum Sight {
    /// All.
    Clear,
    /// All but one in eight, others for each number.
    Blurred(u64),
}

impl Sight {
    fn sees(self, stop: u32, courier: usize, trip: usize, at: usize) -> bool {
        let Self::Blurred(seed) = self else { return true };
        let place = u64::from(stop) ^ (courier as u64) << 16 ^ (trip as u64) << 32 ^ (at as u64) << 40;
        // The finisher of SplitMix64 (Steele, Lea and Flood 2014).
        let mixed = (seed ^ place).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) >> 61 != 0
    }
}

impl State {
    pub(super) fn weight(&self) -> (usize, i64) {
        (self.open.len(), self.cost)
    }
}

impl Problem<'_> {
    /// Nothing is planned; what nobody could do even with nothing else to do is not among what is open.
    pub(super) fn empty(&self) -> State {
        let open = self.waiting().filter(|stop| self.reason(*stop) == Reason::Full).collect();
        State { days: vec![Vec::new(); self.carriers.len()], open, cost: 0 }
    }

    /// Reckons the cost of all days anew.
    pub(super) fn reckon(&self, state: &mut State) {
        let days = state.days.iter().enumerate();
        state.cost = days.map(|(courier, trips)| self.cost(courier, trips.iter().map(|trip| &trip.shape))).sum();
    }

    /// The cheapest place for a stop in a courier's day, if it costs less than a bound, among the places that are seen.
    pub(super) fn slot(&self, courier: usize, trips: &[Trip], stop: u32, bound: i64, sight: Sight) -> Option<Slot> {
        let carrier = &self.carriers[courier];
        let change = self.change(courier, stop);
        let (mut best, mut found) = (bound, None);
        for (number, trip) in trips.iter().enumerate() {
            if !trip.shape.load.and(self.door(stop).load).fits(carrier.capacity) {
                continue;
            }
            // Whoever does not return is done at the last door.
            let ends = !carrier.returns && number + 1 == trips.len();
            for at in 0..=trip.stops.len() {
                if !sight.sees(stop, courier, number, at) {
                    continue;
                }
                let before = if at == 0 { 0 } else { trip.stops[at - 1] };
                let to = self.leg(courier, before, stop);
                let more = match trip.stops.get(at) {
                    Some(next) => to + self.leg(courier, stop, *next) - self.leg(courier, before, *next),
                    None if ends => to,
                    None => to + self.leg(courier, stop, 0) - self.leg(courier, before, 0),
                };
                if more + change >= best {
                    continue;
                }
                let (head, tail) = trip.stops.split_at(at);
                let Some(shape) = self.shape(courier, head.iter().chain([&stop]).chain(tail)) else { continue };
                let others = |(n, other): (usize, &Trip)| if n == number { shape } else { other.shape };
                let shapes: Vec<Shape> = trips.iter().enumerate().map(others).collect();
                if self.is_possible(courier, &shapes) {
                    (best, found) = (more + change, Some(Slot { cost: more + change, trip: number, at: Some(at) }));
                }
            }
        }
        let before = self.cost(courier, trips.iter().map(|trip| &trip.shape));
        if let Some(alone) = self.shape(courier, &[stop]) {
            for number in (0..=trips.len()).filter(|number| sight.sees(stop, courier, *number, usize::MAX)) {
                let mut shapes: Vec<Shape> = trips.iter().map(|trip| trip.shape).collect();
                shapes.insert(number, alone);
                let more = self.cost(courier, &shapes) - before;
                if more < best && self.is_possible(courier, &shapes) {
                    (best, found) = (more, Some(Slot { cost: more, trip: number, at: None }));
                }
            }
        }
        found
    }

    /// Puts a stop in.
    pub(super) fn put(&self, courier: usize, trips: &mut Vec<Trip>, stop: u32, slot: Slot) {
        let stops = match slot.at {
            Some(at) => {
                let mut stops = trips.remove(slot.trip).stops;
                stops.insert(at, stop);
                stops
            }
            None => vec![stop],
        };
        trips.insert(slot.trip, self.trip(courier, stops).expect("a place is only found where it is possible"));
    }

    /// Puts in whatever has a place, always the stop that would lose most if it did not get its best one, which is one
    /// that has a place with a single courier only if there is such.
    pub(super) fn insert(&self, state: &mut State) {
        self.insert_by(state, Sight::Clear, |_, regret| regret);
    }

    /// Puts in whatever has a place that is seen, always the stop for which a number is largest that is made of the stop and of what it
    /// would lose if it did not get its best place.
    pub(super) fn insert_by(&self, state: &mut State, sight: Sight, rank: impl Fn(u32, i64) -> i64) {
        let mut open = std::mem::take(&mut state.open);
        let couriers = 0..self.carriers.len();
        let mut slots: Vec<Vec<Option<Slot>>> = open
            .iter()
            .map(|stop| couriers.clone().map(|c| self.slot(c, &state.days[c], *stop, NEVER, sight)).collect())
            .collect();
        loop {
            let regret = |slots: &[Option<Slot>]| {
                let (mut least, mut next, mut whose) = (NEVER, NEVER, None);
                for (courier, slot) in slots.iter().enumerate() {
                    let Some(slot) = slot else { continue };
                    if slot.cost < least {
                        (least, next, whose) = (slot.cost, least, Some((courier, *slot)));
                    } else {
                        next = next.min(slot.cost);
                    }
                }
                whose.map(|(courier, slot)| (next - least, courier, slot))
            };
            let choice = |(row, slots): (usize, &Vec<Option<Slot>>)| {
                let (regret, courier, slot) = regret(slots)?;
                Some((rank(open[row], regret), row, courier, slot))
            };
            // Of equal ones the first.
            let choices = slots.iter().enumerate().filter_map(choice);
            let Some((_, row, courier, slot)) = choices.reduce(|a, b| if b.0 > a.0 { b } else { a }) else { break };
            let stop = open.remove(row);
            slots.remove(row);
            self.put(courier, &mut state.days[courier], stop, slot);
            for (stop, slots) in open.iter().zip(&mut slots) {
                slots[courier] = self.slot(courier, &state.days[courier], *stop, NEVER, sight);
            }
        }
        state.open = open;
        self.reckon(state);
    }

    /// What couriers would do by themselves: each in turn goes to the nearest stop there is time and room for, comes back
    /// when there is none, and goes again.
    pub(super) fn nearest_next(&self) -> State {
        let mut state = self.empty();
        for (courier, day) in state.days.iter_mut().enumerate() {
            let mut stops: Vec<u32> = Vec::new();
            loop {
                let here = stops.last().copied().unwrap_or(0);
                let fits = |stop: &u32| {
                    let shape = self.shape(courier, stops.iter().chain([stop]));
                    shape.is_some() && self.is_possible(courier, day.iter().map(|trip| &trip.shape).chain(&shape))
                };
                let open = state.open.iter().copied();
                if let Some(next) = open.filter(fits).min_by_key(|stop| (self.leg(courier, here, *stop), *stop)) {
                    stops.push(next);
                    state.open.retain(|stop| *stop != next);
                } else if stops.is_empty() {
                    break;
                } else {
                    day.extend(self.trip(courier, std::mem::take(&mut stops)));
                }
            }
        }
        self.reckon(&mut state);
        state
    }

    /// A day without some stops; none if what is left is not possible, as where ways are strange.
    pub(super) fn without(&self, courier: usize, trips: &[Trip], goes: impl Fn(u32) -> bool) -> Option<Vec<Trip>> {
        let mut left = Vec::with_capacity(trips.len());
        for trip in trips {
            if !trip.stops.iter().any(|stop| goes(*stop)) {
                left.push(trip.clone());
                continue;
            }
            let stops: Vec<u32> = trip.stops.iter().copied().filter(|stop| !goes(*stop)).collect();
            if !stops.is_empty() {
                left.push(self.trip(courier, stops)?);
            }
        }
        self.is_possible(courier, left.iter().map(|trip| &trip.shape)).then_some(left)
    }
}
