//! Which pieces of street lie near a point: a grid of squares, each with the pieces that touch it.

use linli_domain::geo::{Travel, Wgs84};

use super::network::{Network, Point};

/// Metres of a degree of latitude.
const DEGREE: f64 = 111_195.08;
/// The usual side of a square in metres.
const SIDE: f64 = 60.0;
/// The most squares, however large the map.
const MOST: f64 = 4_000_000.0;

/// A straight piece of a stretch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub(crate) edge: u32,
    pub(crate) from: Point,
    pub(crate) to: Point,
    /// How far along its stretch the piece begins and ends, 0 to 1.
    pub(crate) begin: f64,
    pub(crate) end: f64,
    /// By means of travel, one bit each: whether one can start here.
    pub(crate) usable: u8,
}

impl Piece {
    pub(crate) fn is_usable(&self, travel: Travel) -> bool {
        self.usable & (1 << travel.index()) != 0
    }
}

/// Metres around a point, flat: good to a few centimetres over the 200 m that count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flat {
    latitude: f64,
    longitude: f64,
    east: f64,
}

impl Flat {
    pub(crate) fn around(at: Wgs84) -> Self {
        Self { latitude: at.latitude, longitude: at.longitude, east: DEGREE * at.latitude.to_radians().cos() }
    }

    /// Metres east and north.
    pub(crate) fn place(&self, point: Point) -> (f64, f64) {
        let (latitude, longitude) = (f64::from(point.latitude) / 1e7, f64::from(point.longitude) / 1e7);
        ((longitude - self.longitude) * self.east, (latitude - self.latitude) * DEGREE)
    }

    pub(crate) fn point(&self, east: f64, north: f64) -> Wgs84 {
        Wgs84 { latitude: self.latitude + north / DEGREE, longitude: self.longitude + east / self.east }
    }
}

/// How far a point lies from a line between two others, squared, and how far along the line the nearest spot is, 0 to 1.
pub(crate) fn nearest((x, y): (f64, f64), a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (((x - a.0) * dx + (y - a.1) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (ex, ey) = (a.0 + along * dx - x, a.1 + along * dy - y);
    (ex * ex + ey * ey, along)
}

/// The grid.
#[derive(Debug)]
pub(crate) struct Grid {
    pieces: Vec<Piece>,
    /// The corner of the map with the least latitude and longitude.
    origin: Point,
    /// Sides of a square in ten-millionths of a degree.
    height: i64,
    width: i64,
    rows: i64,
    columns: i64,
    /// Where the pieces of a square begin in `members`; one more than there are squares.
    first: Vec<u32>,
    members: Vec<u32>,
    usable: [usize; 3],
}

impl Grid {
    pub(crate) fn of(network: &Network, usable: &[u8]) -> Self {
        let mut pieces = Vec::new();
        for (number, (edge, usable)) in network.edges.iter().zip(usable).enumerate() {
            if *usable == 0 {
                continue;
            }
            let points = edge.points(network);
            let lengths: Vec<f64> = points.windows(2).map(|pair| pair[0].wgs84().distance(pair[1].wgs84())).collect();
            let whole: f64 = lengths.iter().sum::<f64>().max(f64::MIN_POSITIVE);
            let mut begin = 0.0;
            for (pair, length) in points.windows(2).zip(&lengths) {
                let end = (begin + length / whole).min(1.0);
                pieces.push(Piece { edge: number as u32, from: pair[0], to: pair[1], begin, end, usable: *usable });
                begin = end;
            }
            if let Some(last) = pieces.last_mut() {
                last.end = 1.0;
            }
        }
        let ends = || pieces.iter().flat_map(|piece| [piece.from, piece.to]);
        let least = |pick: fn(&Point) -> i32| ends().map(|point| pick(&point)).min().unwrap_or(0);
        let most = |pick: fn(&Point) -> i32| ends().map(|point| pick(&point)).max().unwrap_or(0);
        let origin = Point { latitude: least(|point| point.latitude), longitude: least(|point| point.longitude) };
        let (top, right) = (most(|point| point.latitude), most(|point| point.longitude));
        let middle = (f64::from(origin.latitude) + f64::from(top)) / 2e7;
        let east = (DEGREE * middle.to_radians().cos()).max(1.0);
        let (tall, wide) =
            (i64::from(top) - i64::from(origin.latitude), i64::from(right) - i64::from(origin.longitude));
        let area = (tall as f64 / 1e7 * DEGREE) * (wide as f64 / 1e7 * east);
        let side = SIDE.max((area / MOST).sqrt());
        let (height, width) = (((side / DEGREE) * 1e7) as i64 + 1, ((side / east) * 1e7) as i64 + 1);
        let (rows, columns) = (tall / height + 1, wide / width + 1);
        let mut grid = Self {
            pieces,
            origin,
            height,
            width,
            rows,
            columns,
            first: Vec::new(),
            members: Vec::new(),
            usable: Travel::ALL.map(|travel| usable.iter().filter(|bits| *bits & (1 << travel.index()) != 0).count()),
        };
        grid.fill();
        grid
    }

    fn fill(&mut self) {
        let squares: Vec<(i64, i64, i64, i64)> = self.pieces.iter().map(|piece| self.touched(piece)).collect();
        let mut first = vec![0u32; (self.rows * self.columns) as usize + 1];
        let each = |visit: &mut dyn FnMut(usize, usize)| {
            for (number, (bottom, top, left, right)) in squares.iter().enumerate() {
                for row in *bottom..=*top {
                    for column in *left..=*right {
                        visit(number, (row * self.columns + column) as usize);
                    }
                }
            }
        };
        each(&mut |_, square| first[square + 1] += 1);
        for square in 1..first.len() {
            first[square] += first[square - 1];
        }
        let mut next = first.clone();
        let mut members = vec![0u32; first[first.len() - 1] as usize];
        each(&mut |number, square| {
            members[next[square] as usize] = number as u32;
            next[square] += 1;
        });
        (self.first, self.members) = (first, members);
    }

    fn row(&self, latitude: i32) -> i64 {
        (i64::from(latitude) - i64::from(self.origin.latitude)).div_euclid(self.height)
    }

    fn column(&self, longitude: i32) -> i64 {
        (i64::from(longitude) - i64::from(self.origin.longitude)).div_euclid(self.width)
    }

    fn touched(&self, piece: &Piece) -> (i64, i64, i64, i64) {
        let (a, b) = (piece.from, piece.to);
        (
            self.row(a.latitude.min(b.latitude)),
            self.row(a.latitude.max(b.latitude)),
            self.column(a.longitude.min(b.longitude)),
            self.column(a.longitude.max(b.longitude)),
        )
    }

    pub(crate) fn usable(&self, travel: Travel) -> usize {
        self.usable[travel.index()]
    }

    /// How many pieces there are.
    pub(crate) fn count(&self) -> usize {
        self.pieces.len()
    }

    pub(crate) fn piece(&self, number: u32) -> &Piece {
        &self.pieces[number as usize]
    }

    /// The pieces of one means of travel that may lie within so many metres of a point, each once, in their order.
    pub(crate) fn around(&self, at: Wgs84, metres: f64, travel: Travel, found: &mut Vec<u32>) {
        found.clear();
        let up = (metres / DEGREE * 1e7) as i64 + 1;
        let across = (metres / (DEGREE * at.latitude.to_radians().cos()).max(1.0) * 1e7) as i64 + 1;
        let middle = Point::from(at);
        let clamp = |value: i64| value.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        let (latitude, longitude) = (i64::from(middle.latitude), i64::from(middle.longitude));
        let rows = (self.row(clamp(latitude - up)).max(0), self.row(clamp(latitude + up)).min(self.rows - 1));
        let columns = (
            self.column(clamp(longitude - across)).max(0),
            self.column(clamp(longitude + across)).min(self.columns - 1),
        );
        for row in rows.0..=rows.1 {
            for column in columns.0..=columns.1 {
                let square = (row * self.columns + column) as usize;
                let members = &self.members[self.first[square] as usize..self.first[square + 1] as usize];
                found.extend(members.iter().filter(|piece| self.piece(**piece).is_usable(travel)));
            }
        }
        found.sort_unstable();
        found.dedup();
    }
}
