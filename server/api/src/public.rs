//! What anybody may ask: about the service itself and the areas of the district.

use linli_application::App;
use linli_application::people::{areas, service};
use linli_application::settings::{Mode, Tiles};
use linli_domain::geo::Datum;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::dto::{Area, At, InArea, Words};
use crate::problem::Answer;
use crate::server::Tag;

/// The service and its areas.
#[derive(Clone)]
pub struct PublicApi {
    /// The application.
    pub app: App,
}

/// Whether this is a demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ModeKey {
    /// Invented people, login codes in the answer.
    Demo,
    /// Real residents.
    Live,
}

/// Somebody who can log in to the demonstration.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct DemoLogin {
    /// The phone, whole: it is invented.
    pub phone: String,
    /// The invented name.
    pub name: String,
    /// What they are.
    pub role: Words,
}

/// In which coordinates a map is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum DatumKey {
    /// Those of GPS.
    Wgs84,
    /// Those of maps in mainland China.
    Gcj02,
}

/// Pictures to draw under maps, in place of the streets.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct MapTiles {
    /// Where one is fetched, with `{z}`, `{x}` and `{y}` in it: square, in the Web Mercator scheme.
    pub address: String,
    /// Whose they are; to be shown with the map.
    pub attribution: String,
    /// The coordinates they are drawn in.
    pub datum: DatumKey,
}

impl From<Tiles> for MapTiles {
    fn from(tiles: Tiles) -> Self {
        let datum = match tiles.datum {
            Datum::Wgs84 => DatumKey::Wgs84,
            Datum::Gcj02 => DatumKey::Gcj02,
        };
        Self { address: tiles.address, attribution: tiles.attribution, datum }
    }
}

/// What a page needs to know before anybody is logged in.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Service {
    /// Whether this is a demonstration.
    pub mode: ModeKey,
    /// The district.
    pub district: Words,
    /// Its code.
    pub area_code: InArea,
    /// The present instant.
    pub now: At,
    /// Whether one can log in with a phone and a code.
    pub sms_login: bool,
    /// Whether one can log in through WeChat.
    pub wechat_login: bool,
    /// Whom to call where a page cannot help.
    pub help_phone: String,
    /// Pictures to draw under maps; none draws the streets.
    pub tiles: Option<MapTiles>,
    /// Who can log in to the demonstration.
    pub demo_logins: Option<Vec<DemoLogin>>,
}

/// An area and those directly below it.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct Branch {
    /// The area.
    pub area: Area,
    /// Directly below it, in the order of their codes.
    pub children: Vec<Area>,
}

#[OpenApi(tag = "Tag::Service")]
impl PublicApi {
    /// The service
    ///
    /// What a page needs to know before anybody is logged in.
    #[oai(path = "/service", method = "get", operation_id = "service")]
    async fn service(&self) -> Answer<Json<Service>> {
        let service = service::service(&self.app).await?;
        let demo = service.mode == Mode::Demo;
        let logins = service.demo_logins.into_iter().map(|login| DemoLogin {
            phone: login.phone.digits().to_owned(),
            name: login.name,
            role: login.role.into(),
        });
        Ok(Json(Service {
            mode: if demo { ModeKey::Demo } else { ModeKey::Live },
            district: service.district.into(),
            area_code: service.area.into(),
            now: service.now.into(),
            sms_login: true,
            wechat_login: service.wechat_login,
            help_phone: service.help_phone,
            tiles: service.tiles.map(MapTiles::from),
            demo_logins: demo.then(|| logins.collect()),
        }))
    }

    /// Areas
    ///
    /// An area and those directly below it; without `parent`, the district and its streets.
    #[oai(path = "/areas", method = "get", operation_id = "areas")]
    async fn areas(
        &self,
        /// The code of the area; the district if it is left out.
        parent: Query<Option<InArea>>,
    ) -> Answer<Json<Branch>> {
        let branch = areas::branch(&self.app, parent.0.map(|code| code.0)).await?;
        Ok(Json(Branch { area: branch.area.into(), children: branch.children.into_iter().map(Area::from).collect() }))
    }
}
