//! What a courier does, and when.
//!
//! Who leaves the kitchen at `d` has handed over the last meal of a run at `max(d + moving, over)`: either they never wait
//! on the way, or the last wait decides. The same holds at every stop with numbers of its own, which only grow from stop to
//! stop. So a run is possible for whoever leaves within one interval: late enough that the last meal, which is longest in the
//! box, is not in it too long, and early enough for each door. Leaving as early as one can is best for what comes after.

use super::problem::Problem;
use super::ways::NEVER;
use super::{Load, Run, Visit};

/// Once from the kitchen from door to door.
#[derive(Clone)]
pub(super) struct Trip {
    pub(super) stops: Vec<u32>,
    pub(super) shape: Shape,
}

/// What counts of a trip for the rest of the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shape {
    /// One may leave between these.
    not_before: i64,
    not_after: i64,
    /// From leaving to the end of the last hand-over, without waiting …
    moving: i64,
    /// … which is not over before.
    over: i64,
    /// From the last door back to the kitchen.
    pub(super) home: i64,
    pub(super) load: Load,
    /// The way to the last door, and what it costs that this courier comes.
    cost: i64,
}

impl Shape {
    /// When a trip leaves and when its last hand-over is over, for whoever has packed by then; none when that is too late.
    fn leaving(&self, packed: i64) -> Option<(i64, i64)> {
        let leaves = packed.max(self.not_before);
        (leaves <= self.not_after).then(|| (leaves, (leaves + self.moving).max(self.over)))
    }
}

impl Problem<'_> {
    /// The shape of a trip; none when nobody could make it at any time, or this courier not.
    pub(super) fn shape<'s>(&self, courier: usize, stops: impl IntoIterator<Item = &'s u32>) -> Option<Shape> {
        let (mut at, mut load, mut cost) = (0, Load::default(), 0);
        let (mut moving, mut over, mut not_after) = (0, -NEVER, NEVER);
        for stop in stops {
            let door = self.door(*stop);
            let leg = self.leg(courier, at, *stop);
            if leg >= NEVER || over + leg > door.latest || door.earliest > door.latest {
                return None;
            }
            (moving, over) = (moving + leg, over + leg);
            not_after = not_after.min(door.latest - moving);
            (moving, over) = (moving + door.handing, over.max(door.earliest) + door.handing);
            load = load.and(door.load);
            cost += leg + self.change(courier, *stop);
            at = *stop;
        }
        let not_before = over - self.in_box;
        let is_possible =
            moving <= self.in_box && not_before <= not_after && load.fits(self.carriers[courier].capacity);
        is_possible.then(|| Shape { not_before, not_after, moving, over, home: self.leg(courier, at, 0), load, cost })
    }

    pub(super) fn trip(&self, courier: usize, stops: Vec<u32>) -> Option<Trip> {
        Some(Trip { shape: self.shape(courier, &stops)?, stops })
    }

    /// Whether a courier can make these trips one after another and be done in time.
    pub(super) fn is_possible<'t>(&self, courier: usize, trips: impl IntoIterator<Item = &'t Shape>) -> bool {
        let carrier = &self.carriers[courier];
        let (mut free, mut done) = (carrier.free, -NEVER);
        for shape in trips {
            let Some((_, over)) = shape.leaving(free.max(self.ready) + self.packing) else { return false };
            free = over + shape.home;
            done = if carrier.returns { free } else { over };
        }
        done <= carrier.off
    }

    /// What a courier's trips cost: ways, and changes.
    pub(super) fn cost<'t>(&self, courier: usize, trips: impl IntoIterator<Item = &'t Shape>) -> i64 {
        let carrier = &self.carriers[courier];
        let (mut cost, mut last) = (0, None);
        for shape in trips {
            cost += shape.cost + shape.home;
            last = Some(shape.home);
        }
        match last {
            None => 0,
            Some(home) => carrier.coming + cost - if carrier.returns { 0 } else { home },
        }
    }

    /// The trips with their times. Each leaves as late as it can without being over later: what would be waiting at doors
    /// is spent at the kitchen, where meals stay hot.
    pub(super) fn runs(&self, courier: usize, trips: &[Trip]) -> Vec<Run> {
        let mut free = self.carriers[courier].free;
        let mut runs = Vec::new();
        for Trip { stops, shape } in trips {
            let packed = free.max(self.ready) + self.packing;
            let (earliest, over) = shape.leaving(packed).expect("only possible trips are kept");
            let leaves = earliest.max(shape.over - shape.moving).min(shape.not_after);
            let (mut at, mut time) = (0, leaves);
            let mut visits = Vec::new();
            for stop in stops {
                let door = self.door(*stop);
                let arrives = time + self.leg(courier, at, *stop);
                time = arrives.max(door.earliest) + door.handing;
                at = *stop;
                visits.push(Visit {
                    stop: self.round.stops[*stop as usize - 1].key,
                    arrives: self.instant(arrives),
                    handed_over: self.instant(time),
                });
            }
            free = over + shape.home;
            runs.push(Run {
                courier: self.round.couriers[courier].key,
                leaves: self.instant(leaves),
                visits,
                back: (shape.home < NEVER).then(|| self.instant(free)),
            });
        }
        runs
    }
}
