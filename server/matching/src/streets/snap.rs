//! From a point on the map to a point on a street.

use linli_domain::geo::{Travel, Wgs84};
use linli_domain::words::Words;

use super::grid::{Flat, nearest};
use super::network::{Edge, NEVER};
use super::{FURTHEST, Streets, profile};

/// A point with its place on the nearest street that its means of travel may use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snapped {
    pub(crate) travel: Travel,
    pub(crate) edge: u32,
    /// How far along the stretch, 0 to 1.
    pub(crate) along: f64,
    /// Milliseconds on foot between the point and the street.
    pub(crate) walk: u32,
    asked: Wgs84,
    at: Wgs84,
    metres: f64,
}

impl Snapped {
    /// By which means.
    pub fn travel(&self) -> Travel {
        self.travel
    }

    /// The point that was asked for.
    pub fn asked(&self) -> Wgs84 {
        self.asked
    }

    /// The point on the street.
    pub fn at(&self) -> Wgs84 {
        self.at
    }

    /// Whether another point lies on the same stretch, so that one may get there without passing a corner.
    pub fn shares_stretch(&self, other: &Self) -> bool {
        self.edge == other.edge && self.travel == other.travel
    }

    /// How far the two lie apart, 0 to 200 m.
    pub fn metres(&self) -> f64 {
        self.metres
    }
}

/// There is no street near a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooFar {
    /// The nearest is further away than 200 m.
    #[error("the nearest street is {metres} m away; at most {max} m are possible", max = FURTHEST)]
    Street {
        /// Whole metres, rounded up.
        metres: u32,
    },
    /// There is none within two kilometres.
    #[error("this lies outside the map: there is no street within {} km", WIDEST / 1000.0)]
    OffTheMap,
}

impl TooFar {
    /// What to tell whoever chose the point, and what to do instead.
    pub fn words(self) -> Words {
        match self {
            Self::Street { metres } => Words::new(
                format!(
                    "这个位置离最近的道路约{metres}米，超过了{FURTHEST}米，无法计算路程。请在地图上重新选点，靠近小区大门或路边。"
                ),
                format!(
                    "This place is about {metres} m from the nearest street; at most {FURTHEST} m are possible. Please pick a \
                     point closer to the gate or the road."
                ),
            ),
            Self::OffTheMap => Words::new(
                "这个位置不在本区地图范围内。请检查地址，或在地图上重新选点。",
                "This place lies outside the district's map. Please check the address, or pick the point again.",
            ),
        }
    }
}

/// How far is looked to say how far it is.
const WIDEST: f64 = 2_000.0;

impl Streets {
    /// Puts a point onto the nearest street this means of travel may use and get away from.
    ///
    /// # Errors
    /// [`TooFar`] when that lies further away than 200 m.
    pub fn snap(&self, travel: Travel, at: Wgs84) -> Result<Snapped, TooFar> {
        let mut found = Vec::new();
        // Most points lie close to a street; looking far costs more.
        for radius in [40.0, FURTHEST] {
            if let Some(snapped) = self.nearest(travel, at, radius, &mut found) {
                return Ok(snapped);
            }
        }
        let mut radius = FURTHEST * 2.0;
        while radius < WIDEST * 2.0 {
            if let Some(snapped) = self.nearest(travel, at, radius.min(WIDEST), &mut found) {
                return Err(TooFar::Street { metres: snapped.metres.ceil() as u32 });
            }
            radius *= 2.0;
        }
        Err(TooFar::OffTheMap)
    }

    fn nearest(&self, travel: Travel, at: Wgs84, radius: f64, found: &mut Vec<u32>) -> Option<Snapped> {
        let flat = Flat::around(at);
        self.grid.around(at, radius, travel, found);
        let (mut best, mut chosen) = (radius * radius, None);
        for number in found.iter() {
            let piece = self.grid.piece(*number);
            let (a, b) = (flat.place(piece.from), flat.place(piece.to));
            let (squared, along) = nearest((0.0, 0.0), a, b);
            if squared < best || (chosen.is_none() && squared <= best) {
                (best, chosen) = (squared, Some((piece, along, a, b)));
            }
        }
        let (piece, along, a, b) = chosen?;
        let metres = best.sqrt();
        Some(Snapped {
            travel,
            edge: piece.edge,
            along: piece.begin + along * (piece.end - piece.begin),
            walk: walk(metres),
            asked: at,
            at: flat.point(a.0 + along * (b.0 - a.0), a.1 + along * (b.1 - a.1)),
            metres,
        })
    }

    pub(crate) fn edge(&self, snapped: &Snapped) -> &Edge {
        &self.network.edges[snapped.edge as usize]
    }
}

/// Milliseconds on foot.
pub(crate) fn walk(metres: f64) -> u32 {
    (metres * f64::from(profile::WALKING) / 1000.0).round() as u32
}

/// The part of a time that belongs to a part of a stretch.
pub(crate) fn part(moving: u32, along: f64) -> u32 {
    (f64::from(moving) * along).round() as u32
}

/// Corners with the time to or from them; a direction that is closed is left out.
pub(crate) type Doors = [Option<(u32, u32)>; 2];

impl Edge {
    /// The corners one gets to from a place on the stretch, and how long that takes, waiting there included.
    pub(crate) fn leaving(&self, travel: Travel, along: f64) -> Doors {
        let (there, back) = (self.there(travel), self.back(travel));
        [
            there.is_open().then(|| (self.head, there.moving - part(there.moving, along) + there.waiting)),
            back.is_open().then(|| (self.tail, part(back.moving, along) + back.waiting)),
        ]
    }

    /// The corners from which one gets to a place on the stretch, and how long that takes.
    pub(crate) fn arriving(&self, travel: Travel, along: f64) -> Doors {
        let (there, back) = (self.there(travel), self.back(travel));
        [
            there.is_open().then(|| (self.tail, part(there.moving, along))),
            back.is_open().then(|| (self.head, back.moving - part(back.moving, along))),
        ]
    }

    /// How long it takes between two places on the stretch without leaving it, or [`NEVER`].
    pub(crate) fn between(&self, travel: Travel, from: f64, to: f64) -> u32 {
        let (there, back) = (self.there(travel), self.back(travel));
        let ahead =
            if there.is_open() && from <= to { part(there.moving, to) - part(there.moving, from) } else { NEVER };
        let behind = if back.is_open() && from >= to { part(back.moving, from) - part(back.moving, to) } else { NEVER };
        ahead.min(behind)
    }
}
