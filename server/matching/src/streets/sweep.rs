//! Times from a point to many corners at once, over the contracted network.
//!
//! `cch` makes the structure and its weights; the query is ours, since a point on a stretch has two corners to leave by, and
//! since the same corners are asked for again and again. From below, the search climbs from both corners at once; from above, it
//! comes down over everything that stands above the corners asked for, whose part of the structure was copied together beforehand.

use cch::bundle::INVALID_ID;
use cch::{Cch, INF_WEIGHT, Metric};

/// What stands above some corners, and the room to compute in.
pub(crate) struct Sweep<'a> {
    cch: &'a Cch,
    metric: &'a Metric,
    /// The corners above those asked for and these, from the top down, by rank.
    above: Vec<u32>,
    /// Where the arcs of each of them begin; one more than there are.
    first: Vec<u32>,
    /// The arcs up: the place of the other end in `above`, and the time down.
    arcs: Vec<(u32, u32)>,
    /// The places of the corners asked for.
    asked: Vec<u32>,
    /// Times while climbing, by rank; all infinite between two rows.
    climbed: Vec<u32>,
    /// Times of those in `above`.
    times: Vec<u32>,
}

impl<'a> Sweep<'a> {
    pub(crate) fn to(cch: &'a Cch, metric: &'a Metric, corners: &[u32]) -> Self {
        let mut place = vec![INVALID_ID; cch.node_count()];
        let mut above = Vec::new();
        for corner in corners {
            let mut node = cch.rank[*corner as usize];
            while node != INVALID_ID && place[node as usize] == INVALID_ID {
                place[node as usize] = 0;
                above.push(node);
                node = cch.elimination_tree_parent[node as usize];
            }
        }
        // Whoever stands higher has the higher rank.
        above.sort_unstable_by(|a, b| b.cmp(a));
        for (number, node) in above.iter().enumerate() {
            place[*node as usize] = number as u32;
        }
        let (mut first, mut arcs) = (vec![0], Vec::new());
        for node in &above {
            for arc in ups(cch, *node) {
                arcs.push((place[cch.up_head[arc] as usize], metric.backward[arc]));
            }
            first.push(arcs.len() as u32);
        }
        let asked = corners.iter().map(|corner| place[cch.rank[*corner as usize] as usize]).collect();
        let (climbed, times) = (vec![INF_WEIGHT; cch.node_count()], vec![INF_WEIGHT; above.len()]);
        Self { cch, metric, above, first, arcs, asked, climbed, times }
    }

    /// The shortest times to all corners asked for, in their order, from whichever of some corners is best, each with the time
    /// one needs to it. [`INF_WEIGHT`] or more where there is no way.
    pub(crate) fn row(&mut self, from: impl Iterator<Item = (u32, u32)>, row: &mut Vec<u32>) {
        let mut paths: Vec<u32> = Vec::with_capacity(2);
        for (corner, time) in from {
            let node = self.cch.rank[corner as usize];
            let known = &mut self.climbed[node as usize];
            *known = (*known).min(time.min(INF_WEIGHT));
            paths.push(node);
        }
        let begins = paths.clone();
        // The lowest corner first: nothing below it can make it faster.
        while let Some(node) = paths.iter().copied().min().filter(|node| *node != INVALID_ID) {
            let time = self.climbed[node as usize];
            for arc in ups(self.cch, node) {
                let slot = &mut self.climbed[self.cch.up_head[arc] as usize];
                *slot = (*slot).min(time + self.metric.forward[arc]);
            }
            for path in paths.iter_mut().filter(|path| **path == node) {
                *path = self.cch.elimination_tree_parent[node as usize];
            }
        }
        for place in 0..self.above.len() {
            let mut best = self.climbed[self.above[place] as usize];
            for (higher, time) in &self.arcs[self.first[place] as usize..self.first[place + 1] as usize] {
                best = best.min(self.times[*higher as usize] + time);
            }
            self.times[place] = best;
        }
        for mut node in begins {
            while node != INVALID_ID {
                self.climbed[node as usize] = INF_WEIGHT;
                node = self.cch.elimination_tree_parent[node as usize];
            }
        }
        row.clear();
        row.extend(self.asked.iter().map(|place| self.times[*place as usize]));
    }
}

/// The arcs from a corner to those that stand higher.
pub(crate) fn ups(cch: &Cch, node: u32) -> std::ops::Range<usize> {
    cch.up_first_out[node as usize] as usize..cch.up_first_out[node as usize + 1] as usize
}
