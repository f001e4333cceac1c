//! Everything within a time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use linli_domain::geo::Travel;

use super::network::{Edge, NEVER};
use super::snap::{Doors, Snapped};
use super::{Seconds, Streets};

/// Which way one travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the point outwards: what it reaches.
    From,
    /// Towards the point: who reaches it.
    To,
}

/// Everything that is reached from a point within a time, or from where the point is reached.
#[derive(Debug, Clone)]
pub struct Reach<'a> {
    pub(crate) streets: &'a Streets,
    pub(crate) origin: Snapped,
    pub(crate) direction: Direction,
    /// Milliseconds.
    pub(crate) limit: u32,
    /// By corner: milliseconds from the origin, its walk included, or [`NEVER`] when that is beyond the limit.
    pub(crate) millis: Vec<u32>,
}

impl Streets {
    /// Everything a point reaches within a time, or everything from where it is reached.
    pub fn reach(&self, origin: &Snapped, limit: Seconds, direction: Direction) -> Reach<'_> {
        let (travel, limit) = (origin.travel, limit.millis());
        let doors = match direction {
            Direction::From => self.edge(origin).leaving(travel, origin.along),
            Direction::To => self.edge(origin).arriving(travel, origin.along),
        };
        let cost = match direction {
            Direction::From => &self.arcs.cost[travel.index()],
            Direction::To => &self.arcs.cost_back[travel.index()],
        };
        let mut millis = vec![NEVER; self.network.nodes.len()];
        let mut open = BinaryHeap::new();
        for (node, time) in doors.into_iter().flatten() {
            let time = time.saturating_add(origin.walk);
            if time <= limit && time < millis[node as usize] {
                millis[node as usize] = time;
                open.push(Reverse((time, node)));
            }
        }
        while let Some(Reverse((time, node))) = open.pop() {
            if time > millis[node as usize] {
                continue;
            }
            for arc in self.arcs.leaving(node) {
                if cost[arc] == NEVER {
                    continue;
                }
                let (next, time) = (self.arcs.head[arc], time.saturating_add(cost[arc]));
                if time <= limit && time < millis[next as usize] {
                    millis[next as usize] = time;
                    open.push(Reverse((time, next)));
                }
            }
        }
        Reach { streets: self, origin: *origin, direction, limit, millis }
    }
}

impl Reach<'_> {
    /// The point it is around.
    pub fn origin(&self) -> &Snapped {
        &self.origin
    }

    /// The time between the origin and another point if it is within the limit. Exact: the same as [`Streets::seconds`].
    pub fn seconds(&self, point: &Snapped) -> Option<Seconds> {
        if point.travel != self.origin.travel {
            return None;
        }
        if point.asked() == self.origin.asked() {
            return Some(Seconds(0));
        }
        let time = self.on(point.edge, point.along).saturating_add(point.walk);
        (time <= self.limit).then(|| Seconds::of_millis(time))
    }

    /// Whether a point is within the limit.
    pub fn contains(&self, point: &Snapped) -> bool {
        self.seconds(point).is_some()
    }

    /// Milliseconds between the origin and a place on a stretch.
    pub(crate) fn on(&self, edge: u32, along: f64) -> u32 {
        let stretch = &self.streets.network.edges[edge as usize];
        let doors = self.doors(stretch, along);
        let mut best = NEVER;
        for (node, time) in doors.into_iter().flatten() {
            best = best.min(self.millis[node as usize].saturating_add(time));
        }
        if edge == self.origin.edge {
            let (a, b) = match self.direction {
                Direction::From => (self.origin.along, along),
                Direction::To => (along, self.origin.along),
            };
            let between = stretch.between(self.travel(), a, b);
            best = best.min(between.saturating_add(self.origin.walk));
        }
        best
    }

    pub(crate) fn doors(&self, stretch: &Edge, along: f64) -> Doors {
        match self.direction {
            Direction::From => stretch.arriving(self.travel(), along),
            Direction::To => stretch.leaving(self.travel(), along),
        }
    }

    pub(crate) fn travel(&self) -> Travel {
        self.origin.travel
    }
}
