//! A plain Dijkstra on the stretches as they are stored, written without looking at the rest.

use std::collections::{BTreeMap, BinaryHeap};

use super::*;

/// Milliseconds from a point to all corners, and along the own stretch.
pub(crate) struct Oracle<'a> {
    streets: &'a Streets,
    from: Snapped,
    corners: BTreeMap<u32, u64>,
}

fn share(whole: u32, along: f64) -> u64 {
    (f64::from(whole) * along).round() as u64
}

impl<'a> Oracle<'a> {
    pub(crate) fn new(streets: &'a Streets, from: &Snapped) -> Self {
        let network = &streets.network;
        let by = from.travel.index();
        let mut roads: BTreeMap<u32, Vec<(u32, u64)>> = BTreeMap::new();
        for edge in &network.edges {
            for (start, end, time) in
                [(edge.tail, edge.head, edge.times[by][0]), (edge.head, edge.tail, edge.times[by][1])]
            {
                if time.moving != NEVER {
                    roads.entry(start).or_default().push((end, u64::from(time.moving) + u64::from(time.waiting)));
                }
            }
        }
        let mut heap = BinaryHeap::new();
        let edge = &network.edges[from.edge as usize];
        let [there, back] = edge.times[by];
        if there.moving != NEVER {
            let rest = u64::from(there.moving) - share(there.moving, from.along);
            heap.push((std::cmp::Reverse(u64::from(from.walk) + rest + u64::from(there.waiting)), edge.head));
        }
        if back.moving != NEVER {
            let rest = share(back.moving, from.along);
            heap.push((std::cmp::Reverse(u64::from(from.walk) + rest + u64::from(back.waiting)), edge.tail));
        }
        let mut corners = BTreeMap::new();
        while let Some((std::cmp::Reverse(time), corner)) = heap.pop() {
            if corners.contains_key(&corner) {
                continue;
            }
            corners.insert(corner, time);
            for (next, more) in roads.get(&corner).into_iter().flatten() {
                heap.push((std::cmp::Reverse(time + more), *next));
            }
        }
        Self { streets, from: *from, corners }
    }

    pub(crate) fn millis(&self, to: &Snapped) -> Option<u64> {
        if to.asked() == self.from.asked() {
            return Some(0);
        }
        let edge = &self.streets.network.edges[to.edge as usize];
        let [there, back] = edge.times[to.travel.index()];
        let mut found = Vec::new();
        if there.moving != NEVER {
            found.extend(self.corners.get(&edge.tail).map(|time| time + share(there.moving, to.along)));
            if to.edge == self.from.edge && self.from.along <= to.along {
                let part = share(there.moving, to.along) - share(there.moving, self.from.along);
                found.push(u64::from(self.from.walk) + part);
            }
        }
        if back.moving != NEVER {
            let rest = u64::from(back.moving) - share(back.moving, to.along);
            found.extend(self.corners.get(&edge.head).map(|time| time + rest));
            if to.edge == self.from.edge && self.from.along >= to.along {
                let part = share(back.moving, self.from.along) - share(back.moving, to.along);
                found.push(u64::from(self.from.walk) + part);
            }
        }
        found.into_iter().min().map(|time| time + u64::from(to.walk))
    }
}
