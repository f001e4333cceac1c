//! How long it takes on real streets: on foot, by e-bike, by car.
//!
//! [`Streets`] is made of an extract of OpenStreetMap ([`Streets::import`]) or of the compact file an import writes
//! ([`Streets::open`] reads both). A point is first put onto the nearest street ([`Streets::snap`]); between such points
//! times are exact: the shortest of all ways, in milliseconds, shown as whole seconds rounded up. What counts how is said
//! in `docs/streets.md`.
//!
//! - [`Streets::seconds`], [`Streets::table`]: from some points to others;
//! - [`Streets::reach`]: everything within a time of a point, or from where the point is within a time;
//! - [`Streets::path`]: the way itself, for a map; [`Streets::drawing`]: the streets, for a map.

pub(crate) mod build;
mod component;
mod drawing;
mod file;
mod grid;
mod network;
mod order;
mod osm;
mod path;
mod polygon;
mod profile;
mod reach;
mod snap;
mod sweep;
mod table;

use cch::graph::Graph;
use cch::{Cch, Metric};
use linli_domain::geo::Travel;

pub use drawing::Bounds;
pub use file::BadFile;
pub use network::Class;
pub use osm::{BadExtract, LARGEST_FILE};
pub use path::Path;
pub use polygon::Polygon;
pub use reach::{Direction, Reach};
pub use snap::{Snapped, TooFar};
pub use table::Table;

use grid::Grid;
use network::{NEVER, Network};

/// How far a point may lie from the nearest street, in metres.
pub const FURTHEST: f64 = 200.0;

/// A time to travel in whole seconds, rounded up: nobody is later who leaves that long before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(pub u32);

impl Seconds {
    /// So many whole minutes.
    pub const fn minutes(minutes: u32) -> Self {
        Self(minutes * 60)
    }

    /// Rounded up from milliseconds.
    pub(crate) const fn of_millis(millis: u32) -> Self {
        Self(millis.div_ceil(1000))
    }

    pub(crate) fn millis(self) -> u32 {
        self.0.saturating_mul(1000).min(NEVER - 1)
    }
}

/// Why there are no streets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoStreets {
    /// An extract that cannot be used.
    #[error(transparent)]
    Extract(#[from] BadExtract),
    /// A compact file that cannot be used.
    #[error(transparent)]
    File(#[from] BadFile),
}

/// A street network, ready to answer.
#[derive(Debug)]
pub struct Streets {
    network: Network,
    /// Both directions of every stretch, by the corner they leave from.
    arcs: Arcs,
    cch: Cch,
    /// By means of travel.
    metrics: [Metric; 3],
    grid: Grid,
}

/// Both directions of every stretch, by the corner they leave from.
#[derive(Debug)]
struct Arcs {
    /// Where the arcs of a corner begin; one more than there are corners.
    first: Vec<u32>,
    /// The corner an arc leads to.
    head: Vec<u32>,
    /// The stretch it runs along, times two, and one more when it runs back.
    along: Vec<u32>,
    /// By means of travel: milliseconds with the waiting at its end, or [`NEVER`].
    cost: [Vec<u32>; 3],
    /// By means of travel: the same of the other direction.
    cost_back: [Vec<u32>; 3],
}

impl Arcs {
    fn of(network: &Network) -> Self {
        let mut first = vec![0u32; network.nodes.len() + 1];
        for edge in &network.edges {
            first[edge.tail as usize + 1] += 1;
            first[edge.head as usize + 1] += 1;
        }
        for node in 1..first.len() {
            first[node] += first[node - 1];
        }
        let mut next = first.clone();
        let count = network.edges.len() * 2;
        let (mut head, mut along) = (vec![0; count], vec![0; count]);
        for (number, edge) in network.edges.iter().enumerate() {
            for (from, to, back) in [(edge.tail, edge.head, 0), (edge.head, edge.tail, 1)] {
                let arc = &mut next[from as usize];
                head[*arc as usize] = to;
                along[*arc as usize] = number as u32 * 2 + back;
                *arc += 1;
            }
        }
        let cost = |travel: Travel, flip: u32| -> Vec<u32> {
            let whole = |along: &u32| network.edges[(along / 2) as usize].time(travel, (along ^ flip) & 1 == 1).whole();
            along.iter().map(whole).collect()
        };
        let (there, back) = (Travel::ALL.map(|travel| cost(travel, 0)), Travel::ALL.map(|travel| cost(travel, 1)));
        Self { first, head, along, cost: there, cost_back: back }
    }

    fn leaving(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }
}

impl Streets {
    /// Reads an extract of OpenStreetMap (`.osm.pbf`) or a compact file, whichever it is.
    ///
    /// # Errors
    /// [`NoStreets`] says what is wrong with the file, in words.
    pub fn open(bytes: &[u8]) -> Result<Self, NoStreets> {
        if bytes.starts_with(file::MAGIC) {
            return Ok(Self::of(file::read(bytes)?));
        }
        Ok(Self::import(bytes)?)
    }

    /// Reads an extract of OpenStreetMap (`.osm.pbf`).
    ///
    /// # Errors
    /// [`BadExtract`] for whatever is broken, empty, too large or something else.
    pub fn import(bytes: &[u8]) -> Result<Self, BadExtract> {
        osm::read(bytes).map(Self::of)
    }

    /// The compact file; [`Streets::open`] reads it.
    pub fn to_bytes(&self) -> Vec<u8> {
        file::write(&self.network)
    }

    pub(crate) fn of(network: Network) -> Self {
        let arcs = Arcs::of(&network);
        let graph = Graph { first_out: arcs.first.clone(), head: arcs.head.clone(), weight: Vec::new() };
        let cch = Cch::build(&graph, &network.order);
        let metrics = {
            let customizer = cch.customizer();
            let weights = |cost: &u32| (*cost).min(cch::INF_WEIGHT);
            Travel::ALL
                .map(|travel| customizer.customize(&arcs.cost[travel.index()].iter().map(weights).collect::<Vec<_>>()))
        };
        let grid = Grid::of(&network, &component::usable(&network, &arcs));
        Self { network, arcs, cch, metrics, grid }
    }

    /// How many corners and how many stretches between them there are.
    pub fn size(&self) -> (usize, usize) {
        (self.network.nodes.len(), self.network.edges.len())
    }

    /// How many stretches one can start from or go to by this means.
    pub fn stretches(&self, travel: Travel) -> usize {
        self.grid.usable(travel)
    }

    /// The rectangle all streets lie in; none when there are none.
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::around(self.network.points.iter().map(|point| point.wgs84()))
    }

    /// The network as a graph: from corner to corner in milliseconds, waiting at the end included. For whoever wants to
    /// compute something else on it, or the same in another way.
    pub fn arcs(&self, travel: Travel) -> impl Iterator<Item = (u32, u32, u32)> + '_ {
        let cost = &self.arcs.cost[travel.index()];
        (0..self.network.nodes.len() as u32).flat_map(move |node| {
            let open = self.arcs.leaving(node).filter(|arc| cost[*arc] != NEVER);
            open.map(move |arc| (node, self.arcs.head[arc], cost[arc]))
        })
    }

    /// The corners by which one leaves a point for elsewhere, or comes to it, and the milliseconds between, the walk to the
    /// street included. Two points on the same stretch also have the way along it.
    pub fn doors(&self, point: &Snapped, direction: Direction) -> Vec<(u32, u32)> {
        let doors = match direction {
            Direction::From => self.edge(point).leaving(point.travel, point.along),
            Direction::To => self.edge(point).arriving(point.travel, point.along),
        };
        doors.into_iter().flatten().map(|(corner, millis)| (corner, millis + point.walk)).collect()
    }

    /// The shortest time from one point to another; none when there is no way.
    pub fn seconds(&self, from: &Snapped, to: &Snapped) -> Option<Seconds> {
        self.table(std::slice::from_ref(from), std::slice::from_ref(to)).get(0, 0)
    }
}

#[cfg(test)]
pub(crate) mod tests;
