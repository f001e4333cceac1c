//! The way itself.

use linli_domain::geo::{Travel, Wgs84};

use super::network::{Edge, NEVER};
use super::snap::Snapped;
use super::{Seconds, Streets};

/// The shortest way between two points.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// How long it takes: the same as [`Streets::seconds`].
    pub seconds: Seconds,
    /// How long it is, in metres, from door to door.
    pub metres: f64,
    /// Where it goes, from the one point to the other.
    pub line: Vec<Wgs84>,
}

/// How the best way leaves the first stretch and comes into the last.
enum Best {
    Along,
    Over { leaves: (u32, bool), arrives: (u32, bool) },
}

impl Streets {
    /// The shortest way from one point to another; none when there is none.
    pub fn path(&self, from: &Snapped, to: &Snapped) -> Option<Path> {
        let seconds = self.seconds(from, to)?;
        let mut line = vec![from.asked()];
        if from.asked() != to.asked() {
            line.push(from.at());
            match self.best(from, to)? {
                Best::Along => self.along(from.edge, from.along, to.along, &mut line),
                Best::Over { leaves: (out, ahead), arrives: (into, forth) } => {
                    self.along(from.edge, from.along, if ahead { 1.0 } else { 0.0 }, &mut line);
                    self.between(from.travel(), out, into, &mut line)?;
                    self.along(to.edge, if forth { 0.0 } else { 1.0 }, to.along, &mut line);
                }
            }
            line.push(to.at());
            line.push(to.asked());
        }
        line.dedup_by(|next, last| next.distance(*last) < 0.05);
        let metres = line.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
        Some(Path { seconds, metres, line })
    }

    fn best(&self, from: &Snapped, to: &Snapped) -> Option<Best> {
        let travel = from.travel();
        let (start, end) = (self.edge(from), self.edge(to));
        let mut best = (NEVER, None);
        if from.edge == to.edge {
            best = (start.between(travel, from.along, to.along), Some(Best::Along));
        }
        let metric = self.metrics[travel.index()].view();
        for (ahead, leaving) in start.leaving(travel, from.along).into_iter().enumerate() {
            for (forth, arriving) in end.arriving(travel, to.along).into_iter().enumerate() {
                let (Some((out, begin)), Some((into, rest))) = (leaving, arriving) else { continue };
                let middle = cch::distance(&self.cch.view(), &metric, out, into);
                let whole = begin.saturating_add(middle).saturating_add(rest);
                if middle < cch::INF_WEIGHT && whole < best.0 {
                    best = (whole, Some(Best::Over { leaves: (out, ahead == 0), arrives: (into, forth == 0) }));
                }
            }
        }
        best.1.filter(|_| best.0 != NEVER)
    }

    /// Adds the points of the shortest way between two corners.
    fn between(&self, travel: Travel, from: u32, to: u32, line: &mut Vec<Wgs84>) -> Option<()> {
        let corners = cch::node_path(&self.cch.view(), &self.metrics[travel.index()].view(), from, to)?;
        let cost = &self.arcs.cost[travel.index()];
        for pair in corners.windows(2) {
            let arcs = self.arcs.leaving(pair[0]).filter(|arc| self.arcs.head[*arc] == pair[1]);
            let along = self.arcs.along[arcs.min_by_key(|arc| cost[*arc])?];
            let (begin, end) = if along & 1 == 0 { (0.0, 1.0) } else { (1.0, 0.0) };
            self.along(along / 2, begin, end, line);
        }
        Some(())
    }

    /// Adds the points of a part of a stretch, in either direction.
    fn along(&self, edge: u32, from: f64, to: f64, line: &mut Vec<Wgs84>) {
        let places = self.places(&self.network.edges[edge as usize]);
        let between = |(_, along): &&(Wgs84, f64)| from.min(to) <= *along && *along <= from.max(to);
        let inner = places.iter().filter(between).map(|(point, _)| *point);
        if from <= to { line.extend(inner) } else { line.extend(inner.rev()) }
    }

    /// The points of a stretch, each with how far along it lies, 0 to 1.
    fn places(&self, edge: &Edge) -> Vec<(Wgs84, f64)> {
        let points: Vec<Wgs84> = edge.points(&self.network).iter().map(|point| point.wgs84()).collect();
        let mut places = vec![(points[0], 0.0)];
        let mut walked = 0.0;
        for pair in points.windows(2) {
            walked += pair[0].distance(pair[1]);
            places.push((pair[1], walked));
        }
        for (_, along) in &mut places {
            *along = if walked > 0.0 { *along / walked } else { 0.0 };
        }
        if let Some((_, last)) = places.last_mut() {
            *last = 1.0;
        }
        places
    }
}
