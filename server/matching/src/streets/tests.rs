mod broken;
mod circle;
mod oracle;
mod rules;
pub(crate) mod small;
mod times;

use std::path::PathBuf;

use linli_domain::geo::{Travel, Wgs84};

use super::*;

/// A map for tests that is not part of the project; without it a test says so and has nothing to show.
fn map(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/osm").join(name);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            println!("NOT TESTED: {} cannot be read ({error})", path.display());
            None
        }
    }
}

/// The two maps, each with the means of travel it is good for: the one has footways, the other has none.
fn maps() -> impl Iterator<Item = (Streets, Travel)> {
    [("beijing_haidian.osm.pbf", Travel::Foot), ("shanghai_5km.osm.pbf", Travel::EBike)]
        .into_iter()
        .filter_map(|(name, travel)| Some((Streets::import(&map(name)?).unwrap(), travel)))
}

/// Numbers that look random and are always the same.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() * end as f64) as usize
    }
}

/// Addresses as they lie in a town: beside the streets, up to fifty metres away.
pub(crate) fn addresses(streets: &Streets, travel: Travel, count: usize, dice: &mut Dice) -> Vec<Snapped> {
    let mut found = Vec::new();
    while found.len() < count {
        let edge = &streets.network.edges[dice.below(streets.network.edges.len())];
        let points = edge.points(&streets.network);
        let pair = dice.below(points.len() - 1);
        let (a, b, along) = (points[pair].wgs84(), points[pair + 1].wgs84(), dice.next());
        let on = Wgs84 {
            latitude: a.latitude + (b.latitude - a.latitude) * along,
            longitude: a.longitude + (b.longitude - a.longitude) * along,
        };
        if let Ok(snapped) = streets.snap(travel, on.moved(dice.next() * 80.0 - 40.0, dice.next() * 80.0 - 40.0)) {
            found.push(snapped);
        }
    }
    found
}
