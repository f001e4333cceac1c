//! The network itself: corners, stretches of street between them, and how long each takes.

use linli_domain::geo::{Travel, Wgs84};

use super::order;

/// A direction nobody may take by this means.
pub(crate) const NEVER: u32 = u32::MAX;

/// A point in ten-millionths of a degree (about a centimetre), as OpenStreetMap has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Point {
    pub(crate) latitude: i32,
    pub(crate) longitude: i32,
}

impl Point {
    pub(crate) fn wgs84(self) -> Wgs84 {
        Wgs84 { latitude: f64::from(self.latitude) / 1e7, longitude: f64::from(self.longitude) / 1e7 }
    }

    pub(crate) fn is_on_earth(self) -> bool {
        self.latitude.abs() <= 900_000_000 && self.longitude.abs() <= 1_800_000_000
    }
}

impl From<Wgs84> for Point {
    fn from(at: Wgs84) -> Self {
        Self { latitude: (at.latitude * 1e7).round() as i32, longitude: (at.longitude * 1e7).round() as i32 }
    }
}

/// What a stretch is, for drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A river or canal: only drawn.
    Water,
    /// A railway: only drawn.
    Rail,
    /// A main road.
    Main,
    /// A street.
    Street,
    /// A lane, a drive, a way inside a compound.
    Lane,
    /// A way for people on foot or bicycles.
    Path,
    /// Steps.
    Steps,
    /// The way through a gate or past a bollard: a point, never drawn.
    Barrier,
}

impl Class {
    /// All of them, in the order they are drawn in.
    pub const ALL: [Self; 8] =
        [Self::Water, Self::Rail, Self::Main, Self::Street, Self::Lane, Self::Path, Self::Steps, Self::Barrier];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Water => "water",
            Self::Rail => "rail",
            Self::Main => "main",
            Self::Street => "street",
            Self::Lane => "lane",
            Self::Path => "path",
            Self::Steps => "steps",
            Self::Barrier => "barrier",
        }
    }
}

/// How long one direction of a stretch takes by one means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Time {
    /// Milliseconds from end to end, or [`NEVER`].
    pub(crate) moving: u32,
    /// Milliseconds of waiting at its end: a signal, a crossing, a gate. Whoever stops before the end does not wait.
    pub(crate) waiting: u32,
}

impl Time {
    /// A direction that is closed.
    pub(crate) const CLOSED: Self = Self { moving: NEVER, waiting: 0 };

    pub(crate) fn is_open(self) -> bool {
        self.moving != NEVER
    }

    /// From end to end with the waiting; [`NEVER`] when it is closed.
    pub(crate) fn whole(self) -> u32 {
        if self.is_open() { self.moving + self.waiting } else { NEVER }
    }
}

/// A stretch of street between two corners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edge {
    /// The corner it begins at.
    pub(crate) tail: u32,
    /// The corner it ends at.
    pub(crate) head: u32,
    /// Where its points begin among the network's points; both corners are among them.
    pub(crate) first: u32,
    /// How many points it has, at least two.
    pub(crate) count: u32,
    pub(crate) class: Class,
    /// Its name among the network's names; 0 is no name.
    pub(crate) name: u32,
    /// By means of travel: there and back.
    pub(crate) times: [[Time; 2]; 3],
}

impl Edge {
    pub(crate) fn points<'a>(&self, network: &'a Network) -> &'a [Point] {
        &network.points[self.first as usize..(self.first + self.count) as usize]
    }

    /// How long it takes from tail to head.
    pub(crate) fn there(&self, travel: Travel) -> Time {
        self.times[travel.index()][0]
    }

    /// How long it takes from head to tail.
    pub(crate) fn back(&self, travel: Travel) -> Time {
        self.times[travel.index()][1]
    }

    /// One of the two directions.
    pub(crate) fn time(&self, travel: Travel, back: bool) -> Time {
        self.times[travel.index()][usize::from(back)]
    }

    pub(crate) fn is_open(&self, travel: Travel) -> bool {
        self.there(travel).is_open() || self.back(travel).is_open()
    }
}

/// What a street is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Name {
    /// In Chinese, or as it is written on the spot.
    pub(crate) zh: String,
    /// In English; empty when nobody has written it down.
    pub(crate) en: String,
}

/// A line that nobody travels on: water, a railway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub(crate) class: Class,
    pub(crate) name: u32,
    pub(crate) points: Vec<Point>,
}

/// Streets as they are kept in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Network {
    /// Where corners are.
    pub(crate) nodes: Vec<Point>,
    pub(crate) edges: Vec<Edge>,
    /// The points of all stretches, one after the other.
    pub(crate) points: Vec<Point>,
    /// Names; the first is empty.
    pub(crate) names: Vec<Name>,
    /// What is only drawn.
    pub(crate) lines: Vec<Drawn>,
    /// The order in which corners are contracted, made once when the network is.
    pub(crate) order: Vec<u32>,
}

impl Network {
    /// Computes the order in which corners are contracted.
    pub(crate) fn put_in_order(&mut self) {
        self.order = order::of(self);
    }

    /// Whether everything points at something that is there, so that nothing has to be asked again later.
    pub(crate) fn is_sound(&self) -> bool {
        let nodes = self.nodes.len();
        let on_earth = |points: &[Point]| points.iter().all(|point| point.is_on_earth());
        let mut seen = vec![false; nodes];
        let is_permutation = self.order.len() == nodes
            && self
                .order
                .iter()
                .all(|node| seen.get_mut(*node as usize).is_some_and(|seen| !std::mem::replace(seen, true)));
        let edges = self.edges.iter().all(|edge| {
            let times = edge.times.as_flattened();
            (edge.tail as usize) < nodes
                && (edge.head as usize) < nodes
                && edge.count >= 2
                && (u64::from(edge.first) + u64::from(edge.count)) <= self.points.len() as u64
                && (edge.name as usize) < self.names.len()
                && times.iter().all(|time| {
                    time.moving == NEVER || u64::from(time.moving) + u64::from(time.waiting) <= u64::from(LONGEST)
                })
        });
        is_permutation
            && edges
            && on_earth(&self.nodes)
            && on_earth(&self.points)
            && self.lines.iter().all(|line| on_earth(&line.points) && (line.name as usize) < self.names.len())
    }
}

/// The longest a stretch may take: a day. Sums over a whole journey then stay far below what a `u32` holds, or are cut off
/// by the library's own infinity, which lies at 24 days.
pub(crate) const LONGEST: u32 = 86_400_000;
