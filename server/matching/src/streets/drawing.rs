//! Streets, water and railways as lines for a map.

use std::collections::{BTreeMap, HashMap};

use linli_domain::geo::Wgs84;
use serde_json::{Value, json};

use super::Streets;
use super::grid::{Flat, nearest};
use super::network::{Class, Point};

/// How far a line may be moved to save points, in metres.
const SLACK: f64 = 2.0;

/// A rectangle on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The lower left corner.
    pub south_west: Wgs84,
    /// The upper right corner.
    pub north_east: Wgs84,
}

impl Bounds {
    /// The smallest rectangle around some points; none around none.
    pub fn around(points: impl IntoIterator<Item = Wgs84>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        Some(points.fold(Self { south_west: first, north_east: first }, |mut bounds, point| {
            bounds.south_west.latitude = bounds.south_west.latitude.min(point.latitude);
            bounds.south_west.longitude = bounds.south_west.longitude.min(point.longitude);
            bounds.north_east.latitude = bounds.north_east.latitude.max(point.latitude);
            bounds.north_east.longitude = bounds.north_east.longitude.max(point.longitude);
            bounds
        }))
    }

    /// The square around a point whose sides lie so many metres away.
    pub fn square(middle: Wgs84, metres: f64) -> Self {
        Self { south_west: middle.moved(-metres, -metres), north_east: middle.moved(metres, metres) }
    }

    /// Whether a point lies in it.
    pub fn contains(&self, at: Wgs84) -> bool {
        (self.south_west.latitude..=self.north_east.latitude).contains(&at.latitude)
            && (self.south_west.longitude..=self.north_east.longitude).contains(&at.longitude)
    }

    fn touches(&self, points: &[Point]) -> bool {
        Self::around(points.iter().map(|point| point.wgs84())).is_some_and(|line| {
            line.south_west.latitude <= self.north_east.latitude
                && line.north_east.latitude >= self.south_west.latitude
                && line.south_west.longitude <= self.north_east.longitude
                && line.north_east.longitude >= self.south_west.longitude
        })
    }
}

impl Streets {
    /// A GeoJSON FeatureCollection of the lines of some classes that touch a rectangle, or of all of them: a MultiLineString
    /// for each class and name, with `class` and, where there is one, `name: {zh, en}`. Lines are simplified by at most
    /// two metres.
    pub fn drawing(&self, bounds: Option<&Bounds>, classes: &[Class]) -> Value {
        let is_wanted = |class: Class, points: &[Point]| {
            classes.contains(&class) && class != Class::Barrier && bounds.is_none_or(|bounds| bounds.touches(points))
        };
        let mut groups: BTreeMap<(Class, u32), Vec<Vec<Point>>> = BTreeMap::new();
        for line in self.network.lines.iter().filter(|line| is_wanted(line.class, &line.points)) {
            groups.entry((line.class, line.name)).or_default().push(line.points.clone());
        }
        for edge in &self.network.edges {
            let points = edge.points(&self.network);
            if is_wanted(edge.class, points) {
                groups.entry((edge.class, edge.name)).or_default().push(points.to_vec());
            }
        }
        let features: Vec<Value> = groups
            .into_iter()
            .map(|((class, name), lines)| {
                let coordinates: Vec<Vec<[f64; 2]>> = join(lines).iter().map(|line| simplify(line)).collect();
                let mut properties = json!({ "class": class.key() });
                if name != 0 {
                    let name = &self.network.names[name as usize];
                    properties["name"] = json!({ "zh": name.zh, "en": name.en });
                }
                let geometry = json!({ "type": "MultiLineString", "coordinates": coordinates });
                json!({ "type": "Feature", "properties": properties, "geometry": geometry })
            })
            .collect();
        json!({ "type": "FeatureCollection", "features": features })
    }
}

/// Joins lines that go on where others end.
fn join(lines: Vec<Vec<Point>>) -> Vec<Vec<Point>> {
    let mut ends: HashMap<Point, Vec<usize>> = HashMap::new();
    for (number, line) in lines.iter().enumerate() {
        ends.entry(line[0]).or_default().push(number);
        ends.entry(line[line.len() - 1]).or_default().push(number);
    }
    let mut used = vec![false; lines.len()];
    let mut joined = Vec::new();
    for number in 0..lines.len() {
        if std::mem::replace(&mut used[number], true) {
            continue;
        }
        let mut line = lines[number].clone();
        for _ in 0..2 {
            while let Some(next) = ends[&line[line.len() - 1]].iter().copied().find(|next| !used[*next]) {
                used[next] = true;
                let more = &lines[next];
                if more[0] == line[line.len() - 1] {
                    line.extend(&more[1..]);
                } else {
                    line.extend(more.iter().rev().skip(1));
                }
            }
            line.reverse();
        }
        joined.push(line);
    }
    joined
}

/// Leaves out points that lie on the way between their neighbours, to a hundred-thousandth of a degree.
fn simplify(line: &[Point]) -> Vec<[f64; 2]> {
    let flat = Flat::around(line[0].wgs84());
    let places: Vec<(f64, f64)> = line.iter().map(|point| flat.place(*point)).collect();
    let mut kept = vec![0];
    let mut from = 0;
    for to in 2..line.len() {
        let strays = (from + 1..to).any(|number| nearest(places[number], places[from], places[to]).0 > SLACK * SLACK);
        if strays {
            from = to - 1;
            kept.push(from);
        }
    }
    kept.push(line.len() - 1);
    let round = |number: i32| (f64::from(number) / 100.0).round() / 1e5;
    kept.iter().map(|number| [round(line[*number].longitude), round(line[*number].latitude)]).collect()
}
