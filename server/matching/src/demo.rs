//! The streets of the demo district, made by this code alone: no map of the real place went into it.
//!
//! It lies where Yunhe District lies and has roughly its outline. The Grand Canal winds through it from south to north under
//! six bridges, a railway runs along its east with three underpasses, and most homes are in walled compounds with one or two
//! gates: what is near on the map may be far on foot. The plan is drawn on squared paper first (`plan`, `blocks`) and then
//! bent as a whole along the canal (`bend`), so that nothing crosses that did not cross on paper. Same code, same town.

mod blocks;
mod names;
mod plan;

use linli_domain::area::AreaCode;
use linli_domain::geo::Wgs84;
use linli_domain::words::Words;

use crate::streets::Streets;

/// A walled compound, or a village without walls.
#[derive(Debug, Clone, PartialEq)]
pub struct Compound {
    /// Its key, such as `c0042`.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// Its wall, or the edge of the village: a closed ring, anticlockwise.
    pub outline: Vec<Wgs84>,
    /// The gates; a village has none and needs none.
    pub gates: Vec<Gate>,
}

/// A gate of a compound.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// What it is called.
    pub name: Words,
    /// Where it is.
    pub at: Wgs84,
    /// Who passes.
    pub opens: Opens,
}

/// Who passes a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// Everybody.
    ForAll,
    /// People on foot and e-bikes.
    NotForCars,
    /// Nobody: it is locked, as side gates often are.
    Never,
}

/// An address in the demo district.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoAddress {
    /// As one writes it.
    pub text: Words,
    /// The number of its compound among [`Town::compounds`].
    pub compound: usize,
    /// The community it belongs to, where communities were given.
    pub community: Option<AreaCode>,
    /// The building.
    pub at: Wgs84,
}

/// The demo district.
#[derive(Debug)]
pub struct Town {
    /// Its streets.
    pub streets: Streets,
    /// Its compounds and villages.
    pub compounds: Vec<Compound>,
    /// The number of the compound and the place of every building.
    buildings: Vec<(usize, u32, Wgs84)>,
}

impl Town {
    /// Builds the town.
    pub fn new() -> Self {
        let drawn = blocks::draw();
        Self { streets: Streets::of(drawn.builder.build()), compounds: drawn.compounds, buildings: drawn.buildings }
    }

    /// A few thousand addresses, each in the community whose site lies nearest; without sites in none.
    pub fn addresses(&self, sites: &[(AreaCode, Wgs84)]) -> Vec<DemoAddress> {
        self.buildings
            .iter()
            .map(|(compound, number, at)| {
                let name = &self.compounds[*compound].name;
                let nearest = sites.iter().min_by(|a, b| a.1.distance(*at).total_cmp(&b.1.distance(*at)));
                let text = if self.compounds[*compound].gates.is_empty() {
                    Words::new(format!("{}{number}号", name.zh), format!("{number} {}", name.en))
                } else {
                    Words::new(format!("{}{number}号楼", name.zh), format!("Building {number}, {}", name.en))
                };
                DemoAddress { text, compound: *compound, community: nearest.map(|(area, _)| area.clone()), at: *at }
            })
            .collect()
    }
}

impl Default for Town {
    fn default() -> Self {
        Self::new()
    }
}

impl Streets {
    /// The streets of the demo district.
    pub fn demo() -> Self {
        Town::new().streets
    }
}

/// Sites for communities: those that are known where they are, the others of the same street office or town around these on a
/// spiral, as seeds lie in a sunflower. `communities` are all of them, `known` where some have a place.
pub fn sites(communities: &[AreaCode], known: &[(AreaCode, Wgs84)]) -> Vec<(AreaCode, Wgs84)> {
    use linli_domain::area::AreaLevel;
    /// Metres between neighbours, roughly.
    const APART: f64 = 420.0;
    let place = |area: &AreaCode| Wgs84::middle(known.iter().filter(|(at, _)| at.is_within(area)).map(|(_, at)| *at));
    let mut turned = std::collections::HashMap::<Option<AreaCode>, u32>::new();
    communities
        .iter()
        .filter_map(|area| {
            if let Some(at) = place(area) {
                return Some((area.clone(), at));
            }
            let street = area.up_to(AreaLevel::Street);
            let middle = street.as_ref().and_then(place)?;
            let turn = turned.entry(street).or_insert(0);
            *turn += 1;
            let (radius, angle) = (APART * f64::from(*turn).sqrt(), f64::from(*turn) * 2.399_963);
            Some((area.clone(), middle.moved(radius * angle.sin(), radius * angle.cos())))
        })
        .collect()
}

/// The south-west corner of the paper.
const CORNER: Wgs84 = Wgs84 { latitude: 38.2480, longitude: 116.7870 };

/// From metres east and north on the paper to the map: everything near the canal follows its windings.
fn bend((east, north): (f64, f64)) -> Wgs84 {
    let near = (-((east - plan::CANAL) / 1_400.0).powi(2)).exp();
    let winding = 150.0 * (north / 560.0).sin() + 60.0 * (north / 230.0 + 1.0).sin();
    let drift = 35.0 * (east / 1_700.0).sin();
    CORNER.moved(north + drift + 12.0 * (east / 410.0).cos(), east + near * winding + 10.0 * (north / 370.0).sin())
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f64 {
        // SplitMix64 (Steele, Lea and Flood 2014).
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.next() * (high - low)
    }

    fn below(&mut self, end: usize) -> usize {
        ((self.next() * end as f64) as usize).min(end - 1)
    }
}

#[cfg(test)]
mod tests;
