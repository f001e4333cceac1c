//! Everything within a time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use cch::INF_WEIGHT;
use cch::bundle::INVALID_ID;
use linli_domain::geo::Travel;

use super::network::{Edge, NEVER};
use super::snap::{Doors, Snapped};
use super::sweep::ups;
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
        let doors = doors.into_iter().flatten().map(|(node, time)| (node, time.saturating_add(origin.walk)));
        let doors: Vec<(u32, u32)> = doors.filter(|(_, time)| *time <= limit).collect();
        let spread = self.spread(travel, &doors, limit, direction);
        let millis = spread.unwrap_or_else(|| self.sweep(travel, &doors, limit, direction));
        Reach { streets: self, origin: *origin, direction, limit, millis }
    }

    /// Times of all corners within the limit, by Dijkstra from the inside out; nothing once that has seen so many corners that
    /// a sweep over all of them is sooner done.
    pub(super) fn spread(
        &self,
        travel: Travel,
        doors: &[(u32, u32)],
        limit: u32,
        direction: Direction,
    ) -> Option<Vec<u32>> {
        let cost = match direction {
            Direction::From => &self.arcs.cost[travel.index()],
            Direction::To => &self.arcs.cost_back[travel.index()],
        };
        let mut millis = vec![NEVER; self.network.nodes.len()];
        let mut left = self.network.nodes.len() / WIDE;
        let mut open = BinaryHeap::new();
        for (node, time) in doors {
            if *time < millis[*node as usize] {
                millis[*node as usize] = *time;
                open.push(Reverse((*time, *node)));
            }
        }
        while let Some(Reverse((time, node))) = open.pop() {
            if time > millis[node as usize] {
                continue;
            }
            left = left.checked_sub(1)?;
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
        Some(millis)
    }

    /// The same by one pass over the contracted network from the top down (PHAST, Delling and others 2011): it takes as long
    /// whatever the limit, and no heap.
    pub(super) fn sweep(&self, travel: Travel, doors: &[(u32, u32)], limit: u32, direction: Direction) -> Vec<u32> {
        let (cch, metric) = (&self.cch, &self.metrics[travel.index()]);
        let (up, down) = match direction {
            Direction::From => (&metric.forward, &metric.backward),
            Direction::To => (&metric.backward, &metric.forward),
        };
        let mut times = vec![INF_WEIGHT; cch.node_count()];
        for (node, time) in doors {
            let slot = &mut times[cch.rank[*node as usize] as usize];
            *slot = (*slot).min(*time);
        }
        for (node, _) in doors {
            let mut node = cch.rank[*node as usize];
            while node != INVALID_ID {
                for arc in ups(cch, node) {
                    let time = times[node as usize] + up[arc];
                    let slot = &mut times[cch.up_head[arc] as usize];
                    *slot = (*slot).min(time);
                }
                node = cch.elimination_tree_parent[node as usize];
            }
        }
        for node in (0..cch.node_count() as u32).rev() {
            let above = ups(cch, node).map(|arc| times[cch.up_head[arc] as usize] + down[arc]);
            times[node as usize] = above.fold(times[node as usize], u32::min);
        }
        let within = |rank: &u32| Some(times[*rank as usize]).filter(|time| *time <= limit && *time < INF_WEIGHT);
        cch.rank.iter().map(|rank| within(rank).unwrap_or(NEVER)).collect()
    }
}

/// A sweep over all corners takes as long as Dijkstra over one of so many.
const WIDE: usize = 16;

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
