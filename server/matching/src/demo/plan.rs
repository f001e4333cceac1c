//! The squared paper: lines from south to north and from west to east, in metres from the south-west corner.

use crate::streets::build::Lot;

/// Where the canal runs from south to north.
pub(super) const CANAL: f64 = 4_950.0;
/// Where the railway does.
pub(super) const RAILWAY: f64 = 6_950.0;
/// West of this line there are fields and villages.
pub(super) const FIELDS: f64 = 2_300.0;
/// How far the paper goes north.
pub(super) const NORTH: f64 = 11_610.0;
/// How far apart lines from west to east are.
const STEP: f64 = 430.0;

/// A line of the paper.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Metres from the corner.
    pub(super) at: f64,
    pub(super) lot: Lot,
    /// Whether it crosses the canal, and whether the railway.
    pub(super) bridge: bool,
    pub(super) underpass: bool,
}

/// Lines from south to north.
pub(super) fn northward() -> Vec<Line> {
    let main = [0.0, 1_400.0, 2_300.0, 3_560.0, 5_880.0];
    let all = [
        0.0, 700.0, 1_400.0, 1_850.0, 2_300.0, 2_720.0, 3_140.0, 3_560.0, 3_990.0, 4_420.0, 4_860.0, 5_040.0, 5_460.0,
        5_880.0, 6_300.0, 6_640.0, 6_880.0, 7_020.0, 7_300.0,
    ];
    let line = |at| Line { at, lot: lot(main.contains(&at), at < FIELDS), bridge: false, underpass: false };
    all.into_iter().map(line).collect()
}

/// Lines from west to east. Every fourth is a main road; six of these have a bridge and three an underpass.
pub(super) fn eastward() -> Vec<Line> {
    (0..=(NORTH / STEP) as u32)
        .map(|number| {
            let is_main = number % 4 == 1;
            Line {
                at: f64::from(number) * STEP,
                lot: lot(is_main, false),
                bridge: is_main && number != 21,
                underpass: matches!(number, 5 | 13 | 21),
            }
        })
        .collect()
}

fn lot(is_main: bool, in_fields: bool) -> Lot {
    match (is_main, in_fields) {
        (true, _) => Lot::Main,
        (false, true) => Lot::Lane,
        (false, false) => Lot::Street,
    }
}

/// The outline of the district on the paper, roughly.
const OUTLINE: [(f64, f64); 11] = [
    (-10.0, 2_600.0),
    (900.0, 900.0),
    (2_290.0, -10.0),
    (5_600.0, -10.0),
    (6_100.0, 1_500.0),
    (7_310.0, 2_300.0),
    (7_310.0, 9_600.0),
    (6_350.0, 10_600.0),
    (6_000.0, 11_620.0),
    (600.0, 11_620.0),
    (-10.0, 9_800.0),
];

/// Whether a point of the paper lies in the district.
pub(super) fn is_inside((east, north): (f64, f64)) -> bool {
    let sides = OUTLINE.iter().zip(OUTLINE.iter().cycle().skip(1));
    sides
        .filter(|(a, b)| (a.1 > north) != (b.1 > north) && east < (b.0 - a.0) * (north - a.1) / (b.1 - a.1) + a.0)
        .count()
        % 2
        == 1
}
