//! The circle on the map: the outline of all points from which, or to which, it is near enough.
//!
//! A point belongs to it when its nearest street is at most 200 m away and the time there, with the walk to the street, is
//! within the limit: the same question [`Reach::seconds`] answers. The plane is cut into squares, a square is split
//! as long as it is not proved to lie wholly inside or wholly outside, down to squares of a metre and a half (or a
//! 2,400th of the whole); their outline, through the middles of their sides, is the circle.

use linli_domain::geo::Wgs84;
use serde_json::{Value, json};

use super::grid::{Flat, nearest};
use super::network::NEVER;
use super::reach::Reach;
use super::snap::walk;
use super::{FURTHEST, profile};

/// The smallest side of a square, in metres.
const FINEST: f64 = 1.5;
/// The most squares along a side of the map.
const MOST: f64 = 2_400.0;
/// How many squares a tile has along a side: a power of two.
const TILE: usize = 64;
/// Rings around fewer squares are left out.
const SMALLEST: f64 = 6.0;
/// How far a line may be moved to save points, in squares. Two lines lie at least 0.7 apart, so none can cross.
const SLACK: f64 = 0.35;

/// An area with an outline and holes, as RFC 7946 has it: longitude before latitude, rings closed, the outline
/// anticlockwise, holes clockwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    /// The outline first, then the holes.
    pub rings: Vec<Vec<[f64; 2]>>,
}

impl Polygon {
    /// Whether a point lies inside.
    pub fn contains(&self, at: Wgs84) -> bool {
        let inside = |ring: &Vec<[f64; 2]>| {
            ring.windows(2).filter(|pair| crosses(pair[0], pair[1], [at.longitude, at.latitude])).count() % 2 == 1
        };
        self.rings.first().is_some_and(inside) && !self.rings.iter().skip(1).any(inside)
    }
}

/// Whether a ray from a point to the right crosses a line.
fn crosses(a: [f64; 2], b: [f64; 2], point: [f64; 2]) -> bool {
    (a[1] > point[1]) != (b[1] > point[1]) && point[0] < (b[0] - a[0]) * (point[1] - a[1]) / (b[1] - a[1]) + a[0]
}

/// A piece of street as the squares see it.
struct Strip {
    a: (f64, f64),
    b: (f64, f64),
    length: f64,
    edge: u32,
    /// How far along its stretch the piece begins and ends.
    begin: f64,
    end: f64,
    /// Milliseconds at the beginning and the end of the piece for those who come by the beginning of the stretch, and for those who
    /// come by its end; infinite where nobody can.
    ahead: (f64, f64),
    behind: (f64, f64),
    /// On the stretch of the origin both formulas miss the direct way.
    own: bool,
}

impl Strip {
    fn mix((from, to): (f64, f64), along: f64) -> f64 {
        if from.is_finite() { from + (to - from) * along } else { f64::INFINITY }
    }

    /// The least and the most it may take to the places between two on the piece.
    fn range(&self, from: f64, to: f64) -> (f64, f64) {
        if self.own {
            return (0.0, f64::INFINITY);
        }
        let least = |along: f64| Self::mix(self.ahead, along).min(Self::mix(self.behind, along));
        let most = |pair: (f64, f64)| Self::mix(pair, from).max(Self::mix(pair, to));
        (least(from).min(least(to)), most(self.ahead).min(most(self.behind)))
    }
}

struct Painter<'a> {
    reach: &'a Reach<'a>,
    limit: f64,
    flat: Flat,
    strips: Vec<Strip>,
    /// The number of a piece's strip, or none yet.
    known: Vec<u32>,
    /// The lower left corner in metres, and the side of a square.
    left: f64,
    bottom: f64,
    side: f64,
    columns: usize,
    rows: usize,
    inside: Vec<bool>,
}

impl Reach<'_> {
    /// The area as polygons: empty when not even the street is reached.
    pub fn polygon(&self) -> Vec<Polygon> {
        let Some(mut painter) = Painter::new(self) else { return Vec::new() };
        painter.paint();
        painter.untangle();
        painter.outline()
    }

    /// The area as a GeoJSON Feature (RFC 7946) with how it was asked for.
    pub fn geojson(&self) -> Value {
        let polygons = self.polygon();
        let geometry = match polygons.as_slice() {
            [one] => json!({ "type": "Polygon", "coordinates": one.rings }),
            many => {
                let coordinates: Vec<_> = many.iter().map(|polygon| &polygon.rings).collect();
                json!({ "type": "MultiPolygon", "coordinates": coordinates })
            }
        };
        let at = self.origin.asked();
        let direction = match self.direction {
            super::Direction::From => "from",
            super::Direction::To => "to",
        };
        json!({
            "type": "Feature",
            "properties": {
                "travel": self.travel().key(),
                "seconds": self.limit / 1000,
                "direction": direction,
                "origin": [at.longitude, at.latitude],
            },
            "geometry": geometry,
        })
    }
}

impl<'a> Painter<'a> {
    fn new(reach: &'a Reach<'a>) -> Option<Self> {
        let (streets, travel) = (reach.streets, reach.travel());
        let flat = Flat::around(reach.origin.asked());
        let (mut low, mut high) = ((f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY));
        for (number, edge) in streets.network.edges.iter().enumerate() {
            let reached = [edge.tail, edge.head].iter().any(|node| reach.millis[*node as usize] != NEVER);
            if edge.is_open(travel) && (reached || number as u32 == reach.origin.edge) {
                for point in edge.points(&streets.network) {
                    let (x, y) = flat.place(*point);
                    (low, high) = ((low.0.min(x), low.1.min(y)), (high.0.max(x), high.1.max(y)));
                }
            }
        }
        if low.0 > high.0 || reach.origin.walk > reach.limit {
            return None;
        }
        let margin = FURTHEST.min(f64::from(reach.limit) * 1000.0 / f64::from(profile::WALKING));
        let (left, bottom) = (low.0 - margin, low.1 - margin);
        let (wide, tall) = (high.0 + margin - left, high.1 + margin - bottom);
        let side = FINEST.max(wide.max(tall) / MOST);
        // One tile more than needed, so that there is an empty rim.
        let tiles = |metres: f64| (metres / side / TILE as f64) as usize + 2;
        let (columns, rows) = (tiles(wide) * TILE, tiles(tall) * TILE);
        Some(Self {
            reach,
            limit: f64::from(reach.limit) + 0.5,
            flat,
            strips: Vec::new(),
            known: vec![u32::MAX; streets.grid.count()],
            left: left - side * TILE as f64 / 2.0,
            bottom: bottom - side * TILE as f64 / 2.0,
            side,
            columns,
            rows,
            inside: vec![false; columns * rows],
        })
    }

    fn strip(&mut self, number: u32) -> u32 {
        if self.known[number as usize] == u32::MAX {
            self.known[number as usize] = self.strips.len() as u32;
            let piece = self.reach.streets.grid.piece(number);
            let (a, b) = (self.flat.place(piece.from), self.flat.place(piece.to));
            let stretch = &self.reach.streets.network.edges[piece.edge as usize];
            let at = |along: f64, door: usize| {
                let [one, other] = self.reach.doors(stretch, along);
                [one, other][door].map_or(f64::INFINITY, |(node, time)| match self.reach.millis[node as usize] {
                    NEVER => f64::INFINITY,
                    millis => f64::from(millis) + f64::from(time),
                })
            };
            self.strips.push(Strip {
                a,
                b,
                length: (b.0 - a.0).hypot(b.1 - a.1),
                edge: piece.edge,
                begin: piece.begin,
                end: piece.end,
                ahead: (at(piece.begin, 0), at(piece.end, 0)),
                behind: (at(piece.begin, 1), at(piece.end, 1)),
                own: piece.edge == self.reach.origin.edge,
            });
        }
        self.known[number as usize]
    }

    fn paint(&mut self) {
        let (mut found, mut near) = (Vec::new(), Vec::new());
        let half = self.side * TILE as f64 / 2.0;
        let radius = half * std::f64::consts::SQRT_2;
        for row in (0..self.rows).step_by(TILE) {
            for column in (0..self.columns).step_by(TILE) {
                let x = self.left + column as f64 * self.side + half;
                let y = self.bottom + row as f64 * self.side + half;
                let middle = self.flat.point(x, y);
                // The nearest piece is looked for close by first; then everything that may be nearest somewhere in the tile.
                let mut closest = f64::INFINITY;
                for look in [60.0, FURTHEST + radius] {
                    self.look(middle, look, &mut found, &mut near);
                    closest = near.iter().map(|strip| self.distance(*strip, (x, y)).0).fold(closest, f64::min);
                    if closest <= look {
                        break;
                    }
                }
                if closest <= FURTHEST + radius {
                    self.look(middle, closest + 2.0 * radius, &mut found, &mut near);
                    self.split(column, row, TILE, &near);
                }
            }
        }
    }

    fn look(&mut self, middle: Wgs84, metres: f64, found: &mut Vec<u32>, near: &mut Vec<u32>) {
        self.reach.streets.grid.around(middle, metres, self.reach.travel(), found);
        near.clear();
        near.extend(found.iter().map(|piece| self.strip(*piece)));
    }

    /// How far a strip is from a point, and how far along the piece the nearest spot is.
    fn distance(&self, strip: u32, at: (f64, f64)) -> (f64, f64) {
        let strip = &self.strips[strip as usize];
        let (squared, along) = nearest(at, strip.a, strip.b);
        (squared.sqrt(), along)
    }

    /// Paints a square, or its four quarters when it is neither inside nor outside as a whole.
    fn split(&mut self, column: usize, row: usize, size: usize, near: &[u32]) {
        let half = self.side * size as f64 / 2.0;
        let at = (self.left + column as f64 * self.side + half, self.bottom + row as f64 * self.side + half);
        let radius = if size == 1 { 0.0 } else { half * std::f64::consts::SQRT_2 };
        let measured: Vec<(u32, f64, f64)> = near
            .iter()
            .map(|strip| {
                let (distance, along) = self.distance(*strip, at);
                (*strip, distance, along)
            })
            .collect();
        let closest = measured.iter().map(|(_, distance, _)| *distance).fold(f64::INFINITY, f64::min);
        if closest - radius > FURTHEST {
            return;
        }
        if size == 1 {
            let first = measured.iter().find(|(_, distance, _)| *distance <= closest);
            if let Some((strip, distance, along)) = first {
                let strip = &self.strips[*strip as usize];
                let along = strip.begin + along * (strip.end - strip.begin);
                let time = self.reach.on(strip.edge, along).saturating_add(walk(*distance));
                self.inside[row * self.columns + column] = time <= self.reach.limit;
            }
            return;
        }
        let (mut all_in, mut all_out, mut left) = (closest + radius <= FURTHEST, true, Vec::new());
        for (number, distance, along) in measured {
            if distance > closest + 2.0 * radius {
                continue;
            }
            left.push(number);
            let strip = &self.strips[number as usize];
            let around = if strip.length > 0.0 { radius / strip.length } else { 1.0 };
            let (least, most) = strip.range((along - around).max(0.0), (along + around).min(1.0));
            all_out &= least + f64::from(walk((distance - radius).max(0.0))) > self.limit;
            all_in &= most + f64::from(walk(distance + radius)) <= self.limit - 1.0;
        }
        if all_out {
            return;
        }
        if all_in {
            for line in row..row + size {
                self.inside[line * self.columns + column..][..size].fill(true);
            }
            return;
        }
        let half = size / 2;
        for (right, up) in [(0, 0), (half, 0), (0, half), (half, half)] {
            self.split(column + right, row + up, half, &left);
        }
    }

    /// Where two squares meet at a corner only, one beside them is filled, so that outlines never touch themselves.
    fn untangle(&mut self) {
        let columns = self.columns;
        let mut open: Vec<usize> = Vec::new();
        for row in 0..self.rows - 1 {
            let (lower, upper) =
                (&self.inside[row * columns..][..columns], &self.inside[(row + 1) * columns..][..columns]);
            let pairs = lower.windows(2).zip(upper.windows(2)).enumerate();
            open.extend(pairs.filter(|(_, (low, up))| is_tangled(low, up)).map(|(column, _)| row * columns + column));
        }
        // Filling one square may tangle those around it.
        while let Some(at) = open.pop() {
            let (low, up) = (&self.inside[at..at + 2], &self.inside[at + columns..at + columns + 2]);
            if is_tangled(low, up) {
                let filled = if low[0] { at + 1 } else { at };
                self.inside[filled] = true;
                // The rim of the paper is empty, so that there always is a row below and a column before.
                let before = filled - columns - 1;
                open.extend([before, before + 1, filled - 1, filled]);
            }
        }
    }

    fn is_inside(&self, column: i64, row: i64) -> bool {
        let within = 0 <= column && column < self.columns as i64 && 0 <= row && row < self.rows as i64;
        within && self.inside[row as usize * self.columns + column as usize]
    }

    /// The outlines of what is painted, as polygons with their holes.
    fn outline(&self) -> Vec<Polygon> {
        let mut seen = vec![false; self.inside.len()];
        let (mut outlines, mut holes) = (Vec::new(), Vec::new());
        for row in 0..self.rows {
            for column in 0..self.columns {
                // Every ring has a lower side of a square somewhere: inside above, outside below.
                let at = row * self.columns + column;
                if self.inside[at] && !self.is_inside(column as i64, row as i64 - 1) && !seen[at] {
                    let ring = simplify(&self.trace(column as i64, row as i64, &mut seen));
                    let area = area(&ring);
                    if area >= SMALLEST {
                        outlines.push((area, ring));
                    } else if area <= -SMALLEST {
                        holes.push(ring);
                    }
                }
            }
        }
        outlines.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut polygons: Vec<Polygon> =
            outlines.iter().map(|(_, ring)| Polygon { rings: vec![self.geographic(ring)] }).collect();
        for hole in &holes {
            // The smallest outline around it.
            let around = outlines.iter().position(|(_, ring)| {
                ring.windows(2).filter(|pair| crosses(pair[0], pair[1], hole[0])).count() % 2 == 1
            });
            if let Some(number) = around {
                polygons[number].rings.push(self.geographic(hole));
            }
        }
        // The largest first.
        polygons.reverse();
        polygons
    }

    /// Follows the sides of squares with the inside on the left, and gives the middles of the sides.
    fn trace(&self, column: i64, row: i64, seen: &mut [bool]) -> Vec<[f64; 2]> {
        let (mut x, mut y, mut way) = (column, row, (1i64, 0i64));
        let start = (x, y);
        let mut ring = Vec::new();
        loop {
            if way == (1, 0) {
                seen[y as usize * self.columns + x as usize] = true;
            }
            ring.push([x as f64 + way.0 as f64 / 2.0, y as f64 + way.1 as f64 / 2.0]);
            (x, y) = (x + way.0, y + way.1);
            // The squares ahead, on the left and on the right of the corner we have come to.
            let (dx, dy) = way;
            let ahead_left = (x + (dx - dy - 1).div_euclid(2), y + (dy + dx - 1).div_euclid(2));
            let ahead_right = (x + (dx + dy - 1).div_euclid(2), y + (dy - dx - 1).div_euclid(2));
            if !self.is_inside(ahead_left.0, ahead_left.1) {
                way = (-dy, dx);
            } else if self.is_inside(ahead_right.0, ahead_right.1) {
                way = (dy, -dx);
            }
            if (x, y) == start && way == (1, 0) {
                break;
            }
        }
        ring.push(ring[0]);
        ring
    }

    fn geographic(&self, ring: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
        ring.iter()
            .map(|[x, y]| {
                let at = self.flat.point(self.left + x * self.side, self.bottom + y * self.side);
                [round(at.longitude), round(at.latitude)]
            })
            .collect()
    }
}

/// Whether of four squares around a corner just two are inside, and these meet at the corner only.
fn is_tangled(low: &[bool], up: &[bool]) -> bool {
    low[0] == up[1] && low[1] == up[0] && low[0] != low[1]
}

/// Twice-signed area halved: positive when anticlockwise.
fn area(ring: &[[f64; 2]]) -> f64 {
    ring.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum::<f64>() / 2.0
}

/// Leaves out points that lie on the line between those that stay (Douglas and Peucker 1973), with a stack of its own.
fn simplify(ring: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let last = ring.len() - 1;
    let apart = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
    // A ring has no ends: the point furthest from the first is the other end.
    let furthest = (1..last).max_by(|a, b| apart(ring[*a], ring[0]).total_cmp(&apart(ring[*b], ring[0])));
    let Some(middle) = furthest else { return ring.to_vec() };
    let mut keep = vec![false; ring.len()];
    (keep[0], keep[middle], keep[last]) = (true, true, true);
    let mut open = vec![(0, middle), (middle, last)];
    while let Some((from, to)) = open.pop() {
        let worst = (from + 1..to)
            .map(|number| {
                let [a, b, at] = [from, to, number].map(|point| (ring[point][0], ring[point][1]));
                (nearest(at, a, b).0, number)
            })
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((squared, number)) = worst.filter(|(squared, _)| *squared > SLACK * SLACK) {
            debug_assert!(squared.is_finite());
            keep[number] = true;
            open.push((from, number));
            open.push((number, to));
        }
    }
    ring.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(point, _)| *point).collect()
}
