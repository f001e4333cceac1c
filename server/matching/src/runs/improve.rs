//! Changes that cost less, one after another, until none is left.

use super::day::{Shape, Trip};
use super::insert::{Sight, State};
use super::problem::Problem;

/// Which trip of which courier.
type At = (usize, usize);

impl Problem<'_> {
    /// Moves single stops, swaps two, and swaps the rest of two trips, as long as that costs less; at most so many
    /// changes. Nothing becomes open by it.
    pub(super) fn improve(&self, state: &mut State, most: usize) {
        let mut left = most;
        while left > 0
            && (self.relocate(state, &mut left) || self.swap(state, &mut left) || self.cross(state, &mut left))
        {
        }
        self.reckon(state);
    }

    fn day_cost(&self, courier: usize, trips: &[Trip]) -> i64 {
        self.cost(courier, trips.iter().map(|trip| &trip.shape))
    }

    /// Takes each stop out and puts it where it costs least.
    fn relocate(&self, state: &mut State, left: &mut usize) -> bool {
        let mut changed = false;
        let stops: Vec<(usize, u32)> = state
            .days
            .iter()
            .enumerate()
            .flat_map(|(courier, trips)| {
                trips.iter().flat_map(move |trip| trip.stops.iter().map(move |s| (courier, *s)))
            })
            .collect();
        for (courier, stop) in stops {
            if *left == 0 {
                return changed;
            }
            let Some(day) = self.without(courier, &state.days[courier], |other| other == stop) else { continue };
            let saved = self.day_cost(courier, &state.days[courier]) - self.day_cost(courier, &day);
            let mut best = None;
            let mut bound = saved;
            for other in 0..state.days.len() {
                let trips = if other == courier { &day } else { &state.days[other] };
                if let Some(slot) = self.slot(other, trips, stop, bound, Sight::Clear) {
                    (bound, best) = (slot.cost, Some((other, slot)));
                }
            }
            if let Some((other, slot)) = best {
                state.days[courier] = day;
                self.put(other, &mut state.days[other], stop, slot);
                *left -= 1;
                changed = true;
            }
        }
        changed
    }

    /// Lets two stops of different trips change places.
    fn swap(&self, state: &mut State, left: &mut usize) -> bool {
        let mut changed = false;
        for (a, b) in pairs(state) {
            let (mut p, mut q) = (0, 0);
            while *left > 0 && p < state.days[a.0][a.1].stops.len() {
                let (first, second) = (&state.days[a.0][a.1].stops, &state.days[b.0][b.1].stops);
                if q == second.len() {
                    (p, q) = (p + 1, 0);
                    continue;
                }
                let (x, y) = (first[p], second[q]);
                let saved = self.exchanged(state, a, p, y) + self.exchanged(state, b, q, x);
                if saved < 0 {
                    let (mut with_y, mut with_x) = (first.clone(), second.clone());
                    (with_y[p], with_x[q]) = (y, x);
                    if self.change_both(state, a, b, with_y, with_x) {
                        *left -= 1;
                        changed = true;
                    }
                }
                q += 1;
            }
        }
        changed
    }

    /// What a trip costs more with another stop at a place.
    fn exchanged(&self, state: &State, (courier, trip): At, at: usize, by: u32) -> i64 {
        let stops = &state.days[courier][trip].stops;
        let before = if at == 0 { 0 } else { stops[at - 1] };
        let around = |stop: u32| {
            let on = match stops.get(at + 1) {
                Some(next) => self.leg(courier, stop, *next),
                None if !self.carriers[courier].returns && trip + 1 == state.days[courier].len() => 0,
                None => self.leg(courier, stop, 0),
            };
            self.leg(courier, before, stop) + on + self.change(courier, stop)
        };
        around(by) - around(stops[at])
    }

    /// Lets the rests of two trips by the same means change places, where the ways between heads and rests get shorter by
    /// it; a trip that loses all its stops is no more.
    fn cross(&self, state: &mut State, left: &mut usize) -> bool {
        for (a, b) in pairs(state) {
            if self.carriers[a.0].travel != self.carriers[b.0].travel {
                continue;
            }
            let (first, second) = (state.days[a.0][a.1].stops.clone(), state.days[b.0][b.1].stops.clone());
            for p in 0..=first.len() {
                for q in 0..=second.len() {
                    if *left == 0 {
                        return false;
                    }
                    let (one, two) = (first.split_at(p), second.split_at(q));
                    let joint = |head: &[u32], rest: &[u32]| {
                        let end = |stop: Option<&u32>| stop.copied().unwrap_or(0);
                        self.leg(a.0, end(head.last()), end(rest.first()))
                    };
                    let before = joint(one.0, one.1) + joint(two.0, two.1);
                    let is_shorter = joint(one.0, two.1) + joint(two.0, one.1) < before;
                    if is_shorter && self.change_both(state, a, b, [one.0, two.1].concat(), [two.0, one.1].concat()) {
                        // Trips may be fewer than before: whoever went on would count wrongly.
                        *left -= 1;
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Gives two trips other stops, if that is possible and costs less.
    fn change_both(&self, state: &mut State, a: At, b: At, one: Vec<u32>, two: Vec<u32>) -> bool {
        let shape = |courier: usize, stops: &[u32]| {
            if stops.is_empty() { Some(None) } else { self.shape(courier, stops).map(Some) }
        };
        let Some((first, second)) = shape(a.0, &one).zip(shape(b.0, &two)) else { return false };
        let (mut before, mut after) = (0, 0);
        let couriers = if a.0 == b.0 { &[a.0][..] } else { &[a.0, b.0] };
        for courier in couriers.iter().copied() {
            let trips = &state.days[courier];
            let changed = |(number, trip): (usize, &Trip)| match (courier, number) {
                at if at == a => first,
                at if at == b => second,
                _ => Some(trip.shape),
            };
            let shapes: Vec<Shape> = trips.iter().enumerate().filter_map(changed).collect();
            before += self.day_cost(courier, trips);
            after += self.cost(courier, &shapes);
            if !self.is_possible(courier, &shapes) {
                return false;
            }
        }
        if after >= before {
            return false;
        }
        for (at, stops, shape) in [(a, one, first), (b, two, second)] {
            let trip = &mut state.days[at.0][at.1];
            trip.stops = stops;
            trip.shape = shape.unwrap_or(trip.shape);
        }
        for courier in [a.0, b.0] {
            state.days[courier].retain(|trip| !trip.stops.is_empty());
        }
        true
    }
}

/// All pairs of trips.
fn pairs(state: &State) -> Vec<(At, At)> {
    let trips: Vec<At> =
        state.days.iter().enumerate().flat_map(|(c, trips)| (0..trips.len()).map(move |n| (c, n))).collect();
    let others = |(n, a): (usize, &At)| trips[n + 1..].iter().map(|b| (*a, *b)).collect::<Vec<_>>();
    trips.iter().enumerate().flat_map(others).collect()
}
