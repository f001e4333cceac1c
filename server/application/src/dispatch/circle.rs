//! The fifteen-minute circle of residents: what they reach on foot. That of workers, who come to the door by their own
//! means, is in [`super::suit`]: two meanings, two places.

use std::collections::BTreeMap;

use linli_domain::area::{AreaCode, AreaLevel};
use linli_domain::geo::{Travel, Wgs84};
use linli_domain::platform::KindKey;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_matching::streets::{Class, Direction, Seconds};
use linli_store::market::homes;
use linli_store::market::places::{self, Compound};
use serde_json::Value;

use crate::{App, Result};

/// On foot, to the place (商务部 2021; GB 50180-2018).
const CIRCLE: Seconds = Seconds::minutes(15);
/// Whoever has lived so many years is an elder here.
const ELDER: i32 = 60;
/// Compounds shown at once.
const SHOWN: usize = 50;

/// How many residents of a community have a kind of service within fifteen minutes on foot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The community.
    pub area: AreaCode,
    /// Residents whose home is known.
    pub residents: u32,
    /// Those of them who reach it.
    pub reached: u32,
    /// Of 60 years or more.
    pub elders: u32,
    /// Those of them who reach it.
    pub elders_reached: u32,
}

/// Who reaches a point within so many minutes, as a GeoJSON Feature.
///
/// # Errors
/// [`Code::AddressOffStreets`], [`Code::AddressUnknown`].
pub fn circle(app: &App, latitude: f64, longitude: f64, minutes: u16, by: Travel) -> Result<Value, Refusal> {
    let point = Wgs84::new(latitude, longitude).ok_or(Refusal::new(Code::AddressUnknown).field("lat"))?;
    let origin = app.streets.snap(by, point).map_err(|_| Refusal::new(Code::AddressOffStreets).field("lat"))?;
    Ok(app.streets.reach(&origin, Seconds::minutes(u32::from(minutes)), Direction::To).geojson())
}

/// Who has a kind of service within fifteen minutes on foot, by community, the worst served first. Residents live at
/// the first address they keep; those who keep none, in the middle of their community.
///
/// # Errors
/// [`Code::NotFound`] for areas of others, and where the kind is offered nowhere.
pub async fn coverage(app: &App, actor: &Actor, area: &AreaCode, kind: &KindKey) -> Result<Vec<Covered>> {
    if !actor.governs(area) || app.platforms.kind(kind).is_none_or(|kind| kind.confidential) {
        return Err(Code::NotFound.into());
    }
    let catalogue = app.catalogue().await?;
    let today = app.now().day();
    let doors: Vec<_> = catalogue
        .offerings
        .values()
        .filter(|offered| offered.offering.kind == *kind && !offered.has_ended(today))
        .filter_map(|offered| catalogue.places.get(&offered.offering.place))
        .filter_map(|place| Wgs84::new(place.latitude, place.longitude))
        .filter_map(|point| app.streets.snap(Travel::Foot, point).ok())
        .collect();
    let reaches: Vec<_> = doors.iter().map(|door| app.streets.reach(door, CIRCLE, Direction::To)).collect();
    let homes = homes::in_area(app.store.reads(), area.significant(), today).await?;
    let mut middles = BTreeMap::new();
    let mut covered: BTreeMap<AreaCode, Covered> = BTreeMap::new();
    for home in homes {
        let Some(community) = home.community.up_to(AreaLevel::Community) else { continue };
        let point = match home.point {
            Some(point) => Some(point),
            None => match middles.get(&community) {
                Some(known) => *known,
                None => {
                    let middle = middle(app, &catalogue, &community).await?;
                    middles.insert(community.clone(), middle);
                    middle
                }
            },
        };
        let Some(at) = point.and_then(|point| app.streets.snap(Travel::Foot, point).ok()) else { continue };
        let near = reaches.iter().any(|reach| reach.contains(&at));
        let elder = home.born.is_some_and(|born| born.age_on(today) >= ELDER);
        let row = covered.entry(community.clone()).or_insert_with(|| Covered {
            area: community,
            residents: 0,
            reached: 0,
            elders: 0,
            elders_reached: 0,
        });
        row.residents += 1;
        row.reached += u32::from(near);
        row.elders += u32::from(elder);
        row.elders_reached += u32::from(elder && near);
    }
    let mut rows: Vec<Covered> = covered.into_values().collect();
    rows.sort_by_key(|row| (u64::from(row.reached) * 1000 / u64::from(row.residents.max(1)), row.area.clone()));
    Ok(rows)
}

async fn middle(app: &App, catalogue: &crate::catalogue::Catalogue, community: &AreaCode) -> Result<Option<Wgs84>> {
    let gates = places::compounds(app.store.reads()).await?;
    let gates = gates.into_iter().filter(|one| one.area.is_within(community)).map(|one| one.point);
    let places = catalogue.places.values().filter(|place| place.area.is_within(community));
    let places = places.filter_map(|place| Wgs84::new(place.latitude, place.longitude));
    Ok(Wgs84::middle(gates.chain(places)))
}

impl App {
    /// The streets, water and railways as a GeoJSON FeatureCollection, for a map.
    pub fn drawing(&self) -> Value {
        self.streets.drawing(None, &Class::ALL)
    }

    /// Compounds by a part of their name, in an area or anywhere.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn find_compounds(&self, text: &str, area: Option<&AreaCode>) -> Result<Vec<Compound>> {
        let text = text.trim().to_lowercase();
        let mut found = places::compounds(self.store.reads()).await?;
        found.retain(|one| {
            area.is_none_or(|area| one.area.is_within(area))
                && (one.name.zh.contains(&text) || one.name.en.to_lowercase().contains(&text))
        });
        found.truncate(SHOWN);
        Ok(found)
    }

    /// The nearest point of a street, and the community a point most likely lies in.
    ///
    /// # Errors
    /// [`Code::AddressOffStreets`], [`Code::AddressUnknown`].
    pub async fn near(&self, latitude: f64, longitude: f64) -> Result<(Wgs84, Option<AreaCode>)> {
        let point = Wgs84::new(latitude, longitude).ok_or(Refusal::new(Code::AddressUnknown).field("lat"))?;
        let off = |_| Refusal::new(Code::AddressOffStreets).field("lat");
        let snapped = self.streets.snap(Travel::Foot, point).map_err(off)?;
        let catalogue = self.catalogue().await?;
        Ok((snapped.at(), self.area_at(&catalogue, point).await?))
    }
}
