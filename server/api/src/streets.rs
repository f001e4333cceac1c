//! The streets: their drawing for a map, the circle around a point, and what lies near.

use linli_application::App;
use linli_application::dispatch::circle;
use linli_domain::id::CompoundId;
use linli_domain::refusal::{Code, Refusal};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use crate::actor::AreaStaff;
use crate::dto::visits::{Point, TravelKey};
use crate::dto::{Id, InArea, OfKind, Text, Words};
use crate::problem::Answer;
use crate::server::Tag;

/// The streets.
#[derive(Clone)]
pub struct StreetsApi {
    /// The application.
    pub app: App,
}

/// A compound.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct Compound {
    /// Which.
    id: Id<CompoundId>,
    /// What it is called.
    name: Words,
    /// The code of its community.
    area_code: String,
    /// Its main gate.
    point: Point,
    /// The company that looks after it.
    property: Option<Words>,
}

/// Compounds, by name.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct CompoundList {
    /// The compounds.
    items: Vec<Compound>,
}

/// What lies near a point.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct Near {
    /// The nearest point of a street.
    point: Point,
    /// The code of the community it most likely lies in.
    area_code: Option<String>,
    /// What that is called.
    area_name: Option<Words>,
}

/// What residents of an area have within fifteen minutes on foot.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct Coverage {
    /// The community.
    area_code: String,
    /// What it is called.
    area_name: Words,
    /// Residents whose address is known.
    residents: u32,
    /// Those of them who reach it within fifteen minutes on foot.
    reached: u32,
    /// Residents over 60 whose address is known.
    elders: u32,
    /// Those of them who reach it.
    elders_reached: u32,
}

/// Coverage by community.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct CoverageList {
    /// The communities, the worst served first.
    items: Vec<Coverage>,
}

#[OpenApi(tag = "Tag::Service")]
impl StreetsApi {
    /// Compounds
    #[oai(path = "/compounds", method = "get", operation_id = "list_compounds")]
    async fn compounds(&self, q: Query<Option<Text<30>>>, area: Query<Option<InArea>>) -> Answer<Json<CompoundList>> {
        let catalogue = self.app.catalogue().await?;
        let area = area.0.map(|area| area.0);
        let found = self.app.find_compounds(q.0.as_deref().unwrap_or(""), area.as_ref()).await?;
        let items = found.into_iter().map(|one| Compound {
            id: Id(one.id),
            name: (&one.name).into(),
            area_code: one.area.to_string(),
            point: one.point.into(),
            property: one
                .company
                .and_then(|id| catalogue.organisations.get(&id))
                .map(|organisation| (&organisation.name).into()),
        });
        Ok(Json(CompoundList { items: items.collect() }))
    }

    /// What lies near a point
    #[oai(path = "/streets/near", method = "get", operation_id = "near_point")]
    async fn near(&self, lat: Query<f64>, lon: Query<f64>) -> Answer<Json<Near>> {
        let (point, area) = self.app.near(lat.0, lon.0).await?;
        let catalogue = self.app.catalogue().await?;
        let name = area.as_ref().and_then(|area| catalogue.areas.get(area)).map(|area| (&area.name).into());
        Ok(Json(Near { point: point.into(), area_code: area.map(|area| area.to_string()), area_name: name }))
    }

    /// The streets as a drawing
    ///
    /// A GeoJSON FeatureCollection (RFC 7946) of streets, water and railways.
    #[oai(path = "/streets/drawing", method = "get", operation_id = "streets_drawing")]
    async fn drawing(&self) -> Answer<Json<Value>> {
        Ok(Json(self.app.drawing()))
    }

    /// The circle around a point
    ///
    /// Who reaches the point within so many minutes on streets, as a GeoJSON Feature (RFC 7946).
    #[oai(path = "/circle", method = "get", operation_id = "circle")]
    async fn circle(
        &self,
        lat: Query<f64>,
        lon: Query<f64>,
        minutes: Query<Option<u16>>,
        by: Query<Option<TravelKey>>,
    ) -> Answer<Json<Value>> {
        let minutes = minutes.0.unwrap_or(15);
        if !(1..=60).contains(&minutes) {
            return Err(Refusal::new(Code::ValueInvalid).field("minutes").with("allowed", "1 – 60").into());
        }
        let by = by.0.unwrap_or(TravelKey::Foot);
        Ok(Json(circle::circle(&self.app, lat.0, lon.0, minutes, by.into())?))
    }

    /// Who has a kind of service within fifteen minutes on foot
    ///
    /// By community, counted from residents whose address is known.
    #[oai(path = "/coverage", method = "get", operation_id = "coverage")]
    async fn coverage(&self, actor: AreaStaff, area: Query<InArea>, kind: Query<OfKind>) -> Answer<Json<CoverageList>> {
        let rows = circle::coverage(&self.app, &actor, &area.0.0, &kind.0.0).await?;
        let catalogue = self.app.catalogue().await?;
        let items = rows.into_iter().map(|row| Coverage {
            area_name: catalogue
                .areas
                .get(&row.area)
                .map_or_else(|| Words { zh: String::new(), en: String::new() }, |area| (&area.name).into()),
            area_code: row.area.to_string(),
            residents: row.residents,
            reached: row.reached,
            elders: row.elders,
            elders_reached: row.elders_reached,
        });
        Ok(Json(CoverageList { items: items.collect() }))
    }
}
