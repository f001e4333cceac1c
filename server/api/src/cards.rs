//! Cards that show who somebody is without a phone.

use linli_application::App;
use linli_application::people::cards::PrintableCard;
use linli_domain::id::PersonId;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::actor::AreaStaff;
use crate::answer::{Created, Done};
use crate::dto::{At, Id};
use crate::problem::Answer;
use crate::server::Tag;

/// Cards of residents.
#[derive(Clone)]
pub struct CardsApi {
    /// The application.
    pub app: App,
}

/// A card, to be printed.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct PersonCard {
    /// Whose.
    name: String,
    /// The code, in groups of four.
    code: String,
    /// Since when it holds.
    issued_at: At,
    /// The code as a picture to scan, SVG.
    qr_svg: String,
}

impl From<PrintableCard> for PersonCard {
    fn from(card: PrintableCard) -> Self {
        Self { qr_svg: qr(&card.code), name: card.name, code: card.code, issued_at: At(card.issued_at) }
    }
}

#[OpenApi(prefix_path = "/desk/people", tag = "Tag::Desk")]
impl CardsApi {
    /// Give somebody a card
    ///
    /// It shows who they are at canteens, clinics and desks. The one before ends at once, such as when it was lost.
    #[oai(path = "/:id/card", method = "post", operation_id = "issue_card")]
    async fn issue(&self, actor: AreaStaff, id: Path<Id<PersonId>>) -> Answer<Created<PersonCard>> {
        Ok(Created::Made(Json(self.app.issue_card(&actor, id.0.0).await?.into())))
    }

    /// Somebody's card, to print it again
    #[oai(path = "/:id/card", method = "get", operation_id = "card")]
    async fn get(&self, actor: AreaStaff, id: Path<Id<PersonId>>) -> Answer<Json<PersonCard>> {
        Ok(Json(self.app.card(&actor, id.0.0).await?.into()))
    }

    /// End a card
    #[oai(path = "/:id/card", method = "delete", operation_id = "end_card")]
    async fn end(&self, actor: AreaStaff, id: Path<Id<PersonId>>) -> Answer<Done> {
        self.app.end_card(&actor, id.0.0).await?;
        Ok(Done::Nothing)
    }
}

/// A code as a picture. A quarter of it may be worn off.
fn qr(code: &str) -> String {
    QrCode::with_error_correction_level(code.replace('-', ""), EcLevel::Q)
        .expect("sixteen letters and digits fit into the smallest codes")
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .quiet_zone(true)
        .build()
}
