//! From ways, as a map has them, to a network: cut at corners, timed, and with gates between.

use std::collections::HashMap;

use linli_domain::geo::Travel;
use linli_domain::words::Words;

use super::network::{Class, Drawn, Edge, LONGEST, NEVER, Name, Network, Point, Time};
use super::profile::{self, Rules, Spot, Tags};

/// A way of the map.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// Its vertices in order: whoever shares a number shares the corner.
    pub(crate) vertices: Vec<i64>,
    /// Who may use it and how fast.
    pub(crate) rules: Rules,
    pub(crate) name: Name,
}

/// Collects ways and spots, and makes a network of them.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    ways: Vec<Way>,
    at: HashMap<i64, Point>,
    spots: HashMap<i64, Spot>,
    lines: Vec<(Class, Name, Vec<Point>)>,
}

/// How a vertex is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Once,
    Corner,
}

impl Builder {
    pub(crate) fn way(&mut self, way: Way) {
        self.ways.push(way);
    }

    pub(crate) fn vertex(&mut self, vertex: i64, at: Point) {
        self.at.insert(vertex, at);
    }

    pub(crate) fn spot(&mut self, vertex: i64, spot: Spot) {
        self.spots.insert(vertex, spot);
    }

    pub(crate) fn line(&mut self, class: Class, name: Name, points: Vec<Point>) {
        if points.len() >= 2 {
            self.lines.push((class, name, points));
        }
    }

    /// Cuts the ways at corners, signals and gates. A vertex nobody has placed ends its way: extracts cut ways off.
    pub(crate) fn build(self) -> Network {
        let Self { ways, at, spots, lines } = self;
        let uses = uses(&ways, &at);
        let is_corner = |vertex: i64| uses.get(&vertex) == Some(&Use::Corner) || spots.contains_key(&vertex);
        let mut making = Making::default();
        for way in &ways {
            let name = making.name(&way.name);
            for part in way.vertices.split(|vertex| !at.contains_key(vertex)).filter(|part| part.len() >= 2) {
                let mut begin = 0;
                for end in 1..part.len() {
                    if end + 1 == part.len() || is_corner(part[end]) {
                        making.stretch(&part[begin..=end], way.rules, name, &at, &spots);
                        begin = end;
                    }
                }
            }
        }
        for (class, name, points) in lines {
            let name = making.name(&name);
            making.network.lines.push(Drawn { class, name, points });
        }
        let mut network = making.network;
        network.put_in_order();
        network
    }
}

/// Which vertices are corners: ends of ways, and whatever is passed twice.
fn uses(ways: &[Way], at: &HashMap<i64, Point>) -> HashMap<i64, Use> {
    let mut uses = HashMap::with_capacity(at.len());
    for way in ways {
        for part in way.vertices.split(|vertex| !at.contains_key(vertex)).filter(|part| part.len() >= 2) {
            for (place, vertex) in part.iter().enumerate() {
                let is_end = place == 0 || place + 1 == part.len();
                uses.entry(*vertex).and_modify(|used| *used = Use::Corner).or_insert(if is_end {
                    Use::Corner
                } else {
                    Use::Once
                });
            }
        }
    }
    uses
}

struct Making {
    network: Network,
    nodes: HashMap<i64, u32>,
    names: HashMap<Name, u32>,
}

impl Default for Making {
    fn default() -> Self {
        let network = Network {
            nodes: Vec::new(),
            edges: Vec::new(),
            points: Vec::new(),
            names: vec![Name::default()],
            lines: Vec::new(),
            order: Vec::new(),
        };
        Self { network, nodes: HashMap::new(), names: HashMap::from([(Name::default(), 0)]) }
    }
}

impl Making {
    fn name(&mut self, name: &Name) -> u32 {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let number = self.network.names.len() as u32;
        self.network.names.push(name.clone());
        self.names.insert(name.clone(), number);
        number
    }

    fn node(&mut self, vertex: i64, at: Point) -> u32 {
        *self.nodes.entry(vertex).or_insert_with(|| {
            self.network.nodes.push(at);
            self.network.nodes.len() as u32 - 1
        })
    }

    /// The node a stretch ends in. Behind a barrier every stretch has an end of its own, tied to the barrier itself by a
    /// way of no length that only those may take who may pass.
    fn end(&mut self, vertex: i64, at: Point, spots: &HashMap<i64, Spot>) -> u32 {
        let middle = self.node(vertex, at);
        let Some(passing) = spots.get(&vertex).and_then(|spot| spot.passing) else { return middle };
        self.network.nodes.push(at);
        let own = self.network.nodes.len() as u32 - 1;
        let first = self.network.points.len() as u32;
        self.network.points.extend([at, at]);
        // Whoever comes in waits; going out on the other side costs nothing more.
        let times = passing.map(|wait| match wait {
            Some(waiting) => [Time { moving: 0, waiting }, Time { moving: 0, waiting: 0 }],
            None => [Time::CLOSED; 2],
        });
        let class = Class::Barrier;
        self.network.edges.push(Edge { tail: own, head: middle, first, count: 2, class, name: 0, times });
        own
    }

    fn stretch(
        &mut self,
        vertices: &[i64],
        rules: Rules,
        name: u32,
        at: &HashMap<i64, Point>,
        spots: &HashMap<i64, Spot>,
    ) {
        let points: Vec<Point> = vertices.iter().map(|vertex| at[vertex]).collect();
        let metres: f64 = points.windows(2).map(|pair| pair[0].wgs84().distance(pair[1].wgs84())).sum();
        let (from, to) = (vertices[0], vertices[vertices.len() - 1]);
        let wait =
            |vertex: i64, travel: Travel| spots.get(&vertex).map_or(0, |spot| spot.waiting(travel, rules.is_path));
        let times = Travel::ALL.map(|travel| {
            let [there, back] = rules.pace[travel.index()];
            [timed(metres, there, wait(to, travel)), timed(metres, back, wait(from, travel))]
        });
        let tail = self.end(from, points[0], spots);
        let head = self.end(to, points[points.len() - 1], spots);
        let first = self.network.points.len() as u32;
        let count = points.len() as u32;
        self.network.points.extend(points);
        self.network.edges.push(Edge { tail, head, first, count, class: rules.class, name, times });
    }
}

/// How long so many metres take at a pace in microseconds a metre.
fn timed(metres: f64, pace: Option<u32>, waiting: u32) -> Time {
    let Some(pace) = pace else { return Time::CLOSED };
    let moving = (metres * f64::from(pace) / 1000.0).round();
    if moving > f64::from(LONGEST - waiting) {
        return Time { moving: NEVER, waiting: 0 };
    }
    Time { moving: moving as u32, waiting }
}

/// What a way of the demo district is: the tags it would have on a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lot {
    /// A main road.
    Main,
    /// A street.
    Street,
    /// A lane in a village.
    Lane,
    /// A way inside a compound.
    Yard,
    /// A track through fields.
    Track,
    /// A path in a park.
    Path,
}

impl Lot {
    const fn highway(self) -> &'static str {
        match self {
            Self::Main => "secondary",
            Self::Street => "residential",
            Self::Lane => "living_street",
            Self::Yard => "service",
            Self::Track => "track",
            Self::Path => "footway",
        }
    }
}

impl Builder {
    /// A way of the demo district.
    pub(crate) fn demo_way(&mut self, vertices: Vec<i64>, lot: Lot, name: Words) {
        if let Some(rules) = profile::way(&Tags(vec![("highway", lot.highway())])) {
            self.way(Way { vertices, rules, name: Name { zh: name.zh, en: name.en } });
        }
    }

    /// A gate of the demo district.
    pub(crate) fn demo_gate(&mut self, vertex: i64, opens: bool, for_cars: bool) {
        let access = if opens { ("motor_vehicle", if for_cars { "yes" } else { "no" }) } else { ("access", "private") };
        if let Some(spot) = profile::spot(&Tags(vec![("barrier", "gate"), access])) {
            self.spot(vertex, spot);
        }
    }

    /// Water or a railway of the demo district.
    pub(crate) fn demo_line(&mut self, class: Class, name: Words, points: Vec<Point>) {
        self.line(class, Name { zh: name.zh, en: name.en }, points);
    }
}
