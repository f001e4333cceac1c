//! What stands between the lines: compounds with their gates, parks, villages and fields.

use std::collections::HashMap;

use linli_domain::geo::Wgs84;
use linli_domain::words::Words;

use super::plan::{self, Line};
use super::{Compound, Dice, Gate, Opens, bend, names};
use crate::streets::Class;
use crate::streets::build::{Builder, Lot};

type Spot = (f64, f64);

/// What has been drawn.
pub(super) struct Drawn {
    pub(super) builder: Builder,
    pub(super) compounds: Vec<Compound>,
    /// Compound, number in it, place.
    pub(super) buildings: Vec<(usize, u32, Wgs84)>,
}

/// A straight stretch of the paper with the places where others come in.
struct Stretch {
    from: Spot,
    to: Spot,
    lot: Lot,
    name: Words,
    stops: Vec<Spot>,
}

/// A rectangle of the paper.
#[derive(Clone, Copy)]
struct Field {
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

impl Field {
    fn inset(self, by: f64) -> Self {
        Self { west: self.west + by, east: self.east - by, south: self.south + by, north: self.north - by }
    }

    fn middle(self) -> Spot {
        (self.west.midpoint(self.east), self.south.midpoint(self.north))
    }

    fn corners(self) -> [Spot; 4] {
        [(self.west, self.south), (self.east, self.south), (self.east, self.north), (self.west, self.north)]
    }
}

/// A side of a rectangle.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    West,
    East,
    South,
    North,
}

impl Side {
    fn words(self) -> Words {
        match self {
            Self::West => Words::new("西门", "West Gate"),
            Self::East => Words::new("东门", "East Gate"),
            Self::South => Words::new("南门", "South Gate"),
            Self::North => Words::new("北门", "North Gate"),
        }
    }

    /// The place so far along the side of a rectangle, 0 to 1.
    fn place(self, field: Field, along: Spot) -> Spot {
        match self {
            Self::West => (field.west, along.1),
            Self::East => (field.east, along.1),
            Self::South => (along.0, field.south),
            Self::North => (along.0, field.north),
        }
    }
}

/// Metres from the middle of a street to the wall.
const VERGE: f64 = 14.0;
/// Metres from the wall to the lane inside.
const YARD: f64 = 28.0;
/// The most metres between two points of a way, so that it bends.
const BENDING: f64 = 60.0;

/// Draws the town.
pub(super) fn draw() -> Drawn {
    let mut pen = Pen::default();
    let (northward, eastward) = (plan::northward(), plan::eastward());
    let sides = pen.lines(&northward, &eastward);
    for (row, pair) in eastward.windows(2).enumerate() {
        for (column, edges) in northward.windows(2).enumerate() {
            let field = Field { west: edges[0].at, east: edges[1].at, south: pair[0].at, north: pair[1].at };
            // What is narrower is the canal or the railway with its banks.
            if field.east - field.west < 200.0 {
                continue;
            }
            let around = [
                (Side::West, sides.get(&(true, column, row))),
                (Side::East, sides.get(&(true, column + 1, row))),
                (Side::South, sides.get(&(false, row, column))),
                (Side::North, sides.get(&(false, row + 1, column))),
            ];
            let around: Vec<(Side, usize)> =
                around.into_iter().filter_map(|(side, stretch)| Some((side, *stretch?))).collect();
            if around.len() == 4 {
                pen.block(field, &around);
            }
        }
    }
    pen.finish()
}

struct Pen {
    stretches: Vec<Stretch>,
    compounds: Vec<Compound>,
    buildings: Vec<(usize, u32, Wgs84)>,
    villages: usize,
    walled: usize,
    gates: Vec<(Spot, Spot, Spot, Opens)>,
    dice: Dice,
}

impl Default for Pen {
    fn default() -> Self {
        Self {
            stretches: Vec::new(),
            compounds: Vec::new(),
            buildings: Vec::new(),
            villages: 0,
            walled: 0,
            gates: Vec::new(),
            dice: Dice(130_903),
        }
    }
}

impl Pen {
    fn stretch(&mut self, from: Spot, to: Spot, lot: Lot, name: Words) -> usize {
        self.stretches.push(Stretch { from, to, lot, name, stops: Vec::new() });
        self.stretches.len() - 1
    }

    /// The lines of the paper, cut where they cross. Gives each stretch by direction, line and place along the line.
    fn lines(&mut self, northward: &[Line], eastward: &[Line]) -> HashMap<(bool, usize, usize), usize> {
        let mut sides = HashMap::new();
        for is_northward in [true, false] {
            let (lines, across) = if is_northward { (northward, eastward) } else { (eastward, northward) };
            for (number, line) in lines.iter().enumerate() {
                let name = names::line(number, is_northward, line.lot == Lot::Main);
                for (place, ends) in across.windows(2).enumerate() {
                    let spot = |at: f64| if is_northward { (line.at, at) } else { (at, line.at) };
                    let (from, to) = (spot(ends[0].at), spot(ends[1].at));
                    let over = |barrier: f64| !is_northward && ends[0].at < barrier && barrier < ends[1].at;
                    let is_cut = (over(plan::CANAL) && !line.bridge) || (over(plan::RAILWAY) && !line.underpass);
                    if !is_cut && plan::is_inside(((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0)) {
                        let lot = if from.0 < plan::FIELDS && line.lot == Lot::Street { Lot::Lane } else { line.lot };
                        sides.insert((is_northward, number, place), self.stretch(from, to, lot, name.clone()));
                    }
                }
            }
        }
        sides
    }

    fn block(&mut self, field: Field, around: &[(Side, usize)]) {
        if field.west < plan::FIELDS {
            return if self.dice.next() < 0.35 { self.village(field, around) } else { self.fields(field, around) };
        }
        let inner = field.inset(VERGE);
        let (middle_east, middle_north) = inner.middle();
        match self.dice.next() {
            // A public lane through the middle, compounds on both sides of it.
            luck if luck < 0.40 => {
                let name = Words::new("", "");
                let (from, to) = ((middle_east, field.south), (middle_east, field.north));
                let lane = self.stretch(from, to, Lot::Street, name);
                self.stop(around, Side::South, from);
                self.stop(around, Side::North, to);
                let west = Field { east: middle_east - VERGE, ..inner };
                let east = Field { west: middle_east + VERGE, ..inner };
                for (half, side, other) in [(west, Side::West, Side::East), (east, Side::East, Side::West)] {
                    let outer = self.side(around, side);
                    for (part, end) in [
                        (Field { north: middle_north, ..half }, Side::South),
                        (Field { south: middle_north, ..half }, Side::North),
                    ] {
                        let open = [(side, outer), (other, lane), (end, self.side(around, end))];
                        self.compound(part, &open);
                    }
                }
            }
            // Four compounds back to back.
            luck if luck < 0.70 => {
                for side in [Side::West, Side::East] {
                    for end in [Side::South, Side::North] {
                        let mut part = inner;
                        if side == Side::West {
                            part.east = middle_east
                        } else {
                            part.west = middle_east
                        }
                        if end == Side::South {
                            part.north = middle_north
                        } else {
                            part.south = middle_north
                        }
                        let open = [(side, self.side(around, side)), (end, self.side(around, end))];
                        self.compound(part, &open);
                    }
                }
            }
            // Two large ones back to back.
            luck if luck < 0.90 => {
                for side in [Side::West, Side::East] {
                    let mut part = inner;
                    if side == Side::West {
                        part.east = middle_east
                    } else {
                        part.west = middle_east
                    }
                    let open = [side, Side::South, Side::North].map(|side| (side, self.side(around, side)));
                    self.compound(part, &open);
                }
            }
            _ => self.park(field, around),
        }
    }

    fn side(&self, around: &[(Side, usize)], side: Side) -> usize {
        around.iter().find(|(known, _)| *known == side).map(|(_, stretch)| *stretch).expect("a block has four sides")
    }

    fn stop(&mut self, around: &[(Side, usize)], side: Side, at: Spot) {
        let stretch = self.side(around, side);
        self.stretches[stretch].stops.push(at);
    }

    /// Paths across, free for all who walk.
    fn park(&mut self, field: Field, around: &[(Side, usize)]) {
        self.cross(field, around, Lot::Path, &Words::new("游园", "Pocket Park"));
    }

    fn fields(&mut self, field: Field, around: &[(Side, usize)]) {
        self.cross(field, around, Lot::Track, &Words::new("", ""));
    }

    /// A cross of two ways through the middle.
    fn cross(&mut self, field: Field, around: &[(Side, usize)], lot: Lot, name: &Words) {
        let middle = field.middle();
        for side in [Side::West, Side::East, Side::South, Side::North] {
            let end = side.place(field, middle);
            self.stretch(end, middle, lot, name.clone());
            self.stop(around, side, end);
        }
    }

    /// Lanes without walls, houses along them.
    fn village(&mut self, field: Field, around: &[(Side, usize)]) {
        let middle = field.middle();
        let heart =
            Field { west: middle.0 - 120.0, east: middle.0 + 120.0, south: middle.1 - 120.0, north: middle.1 + 120.0 };
        self.cross(field, around, Lot::Lane, &Words::new("", ""));
        let first = self.stretches.len() - 4;
        for (offset, stretch) in (first..first + 4).enumerate() {
            // The ring crosses the four arms of the cross.
            let side = [Side::West, Side::East, Side::South, Side::North][offset];
            self.stretches[stretch].stops.push(side.place(heart, middle));
        }
        self.ring(heart, &[Side::West, Side::East, Side::South, Side::North].map(|side| side.place(heart, middle)));
        let name = names::village(self.villages);
        self.villages += 1;
        let number = self.compounds.len();
        let outline = outline(heart.inset(-40.0));
        self.compounds.push(Compound { key: format!("v{number:04}"), name, outline, gates: Vec::new() });
        for house in 0..16u32 {
            let (column, row) = (f64::from(house % 4), f64::from(house / 4));
            let at = (
                heart.west + 30.0 + column * 60.0 + self.dice.between(-8.0, 8.0),
                heart.south + 30.0 + row * 60.0 + self.dice.between(-8.0, 8.0),
            );
            self.buildings.push((number, house + 1, bend(at)));
        }
    }

    /// A lane all around, with places where others come in.
    fn ring(&mut self, field: Field, stops: &[Spot]) {
        let corners = field.corners();
        for (from, to) in corners.iter().zip(corners.iter().cycle().skip(1)) {
            let stretch = self.stretch(*from, *to, Lot::Yard, Words::new("", ""));
            let on = |at: &&Spot| {
                let cross = (to.0 - from.0) * (at.1 - from.1) - (to.1 - from.1) * (at.0 - from.0);
                let within = |a: f64, b: f64, at: f64| a.min(b) - 0.01 <= at && at <= a.max(b) + 0.01;
                cross.abs() < 1.0 && within(from.0, to.0, at.0) && within(from.1, to.1, at.1)
            };
            self.stretches[stretch].stops.extend(stops.iter().filter(on));
        }
    }

    /// A walled compound: a lane inside along the wall, one or two across, buildings, and its gates.
    fn compound(&mut self, wall: Field, open: &[(Side, usize)]) {
        let inside = wall.inset(YARD);
        let number = self.compounds.len();
        let name = names::compound(self.walled);
        self.walled += 1;
        let main = self.dice.below(open.len());
        let mut gates = Vec::new();
        let mut stops = Vec::new();
        for (place, (side, street)) in open.iter().enumerate() {
            let opens = match self.dice.next() {
                _ if place == main => Opens::ForAll,
                luck if luck < 0.25 => Opens::NotForCars,
                luck if luck < 0.45 => Opens::Never,
                _ => continue,
            };
            let share = self.dice.between(0.25, 0.75);
            let along = (
                inside.west + (inside.east - inside.west) * share,
                inside.south + (inside.north - inside.south) * share,
            );
            let gate = side.place(wall, along);
            let outside = self.foot(*street, gate);
            let within = side.place(inside, along);
            self.stretches[*street].stops.push(outside);
            stops.push(within);
            self.gates.push((outside, gate, within, opens));
            gates.push(Gate { name: side.words(), at: bend(gate), opens });
        }
        // Lanes across from west to east, so that no building lies far from one.
        let rows = ((inside.north - inside.south) / 90.0).max(1.0) as u32;
        for row in 1..rows {
            let north = inside.south + (inside.north - inside.south) * f64::from(row) / f64::from(rows);
            let (from, to) = ((inside.west, north), (inside.east, north));
            self.stretch(from, to, Lot::Yard, Words::new("", ""));
            stops.extend([from, to]);
        }
        self.ring(inside, &stops);
        let mut building = 0;
        for row in 0..rows {
            let north = inside.south + (inside.north - inside.south) * (f64::from(row) + 0.5) / f64::from(rows);
            let mut east = inside.west + 20.0;
            while east < inside.east - 15.0 {
                building += 1;
                self.buildings.push((number, building, bend((east, north + self.dice.between(-6.0, 6.0)))));
                east += self.dice.between(32.0, 46.0);
            }
        }
        self.compounds.push(Compound { key: format!("c{number:04}"), name, outline: outline(wall), gates });
    }

    /// The place of a stretch right across from a gate.
    fn foot(&self, stretch: usize, gate: Spot) -> Spot {
        let stretch = &self.stretches[stretch];
        if (stretch.from.0 - stretch.to.0).abs() < 0.01 { (stretch.from.0, gate.1) } else { (gate.0, stretch.from.1) }
    }

    fn finish(self) -> Drawn {
        let mut paper = Paper::default();
        for stretch in self.stretches {
            let length = (stretch.to.0 - stretch.from.0).hypot(stretch.to.1 - stretch.from.1);
            let along = |at: &Spot| (at.0 - stretch.from.0).hypot(at.1 - stretch.from.1);
            let pieces = (length / BENDING).ceil().max(1.0) as u32;
            let mut spots: Vec<(f64, Spot, bool)> = (0..=pieces)
                .map(|piece| {
                    let share = f64::from(piece) / f64::from(pieces);
                    let east = stretch.from.0 + (stretch.to.0 - stretch.from.0) * share;
                    let north = stretch.from.1 + (stretch.to.1 - stretch.from.1) * share;
                    (length * share, (east, north), piece == 0 || piece == pieces)
                })
                .chain(stretch.stops.iter().map(|stop| (along(stop), *stop, true)))
                .collect();
            spots.sort_by(|a, b| a.0.total_cmp(&b.0));
            let vertices = spots.iter().map(|(_, at, is_shared)| paper.vertex(*at, *is_shared)).collect();
            paper.builder.demo_way(vertices, stretch.lot, stretch.name);
        }
        for (outside, gate, within, opens) in self.gates {
            let vertices = vec![paper.vertex(outside, true), paper.vertex(gate, true), paper.vertex(within, true)];
            paper.builder.demo_gate(vertices[1], opens != Opens::Never, opens == Opens::ForAll);
            paper.builder.demo_way(vertices, Lot::Yard, Words::new("", ""));
        }
        let mut builder = paper.builder;
        for (east, class, name) in [
            (plan::CANAL, Class::Water, Words::new("大运河", "Grand Canal")),
            (plan::RAILWAY, Class::Rail, Words::new("铁路", "Railway")),
        ] {
            let steps = (plan::NORTH / BENDING) as u32;
            let points = (0..=steps).map(|step| (east, f64::from(step) * BENDING)).filter(|at| plan::is_inside(*at));
            builder.demo_line(class, name, points.map(|at| bend(at).into()).collect());
        }
        Drawn { builder, compounds: self.compounds, buildings: self.buildings }
    }
}

fn outline(field: Field) -> Vec<Wgs84> {
    let mut ring: Vec<Wgs84> = field.corners().into_iter().map(bend).collect();
    ring.push(ring[0]);
    ring
}

/// Vertices by their place on the paper: whoever meets at a place meets.
#[derive(Default)]
struct Paper {
    builder: Builder,
    known: HashMap<(i64, i64), i64>,
    next: i64,
}

impl Paper {
    fn vertex(&mut self, at: Spot, is_shared: bool) -> i64 {
        // Centimetres.
        let place = ((at.0 * 100.0).round() as i64, (at.1 * 100.0).round() as i64);
        if is_shared && let Some(known) = self.known.get(&place) {
            return *known;
        }
        self.next += 1;
        if is_shared {
            self.known.insert(place, self.next);
        }
        self.builder.vertex(self.next, bend(at).into());
        self.next
    }
}
