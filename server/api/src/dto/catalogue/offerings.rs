//! What is on offer.

use linli_application::browse::{self, Next};
use linli_application::catalogue::{Catalogue, Offered};
use linli_application::{App, Failure};
use linli_domain::id::OfferingId;
use linli_domain::platform::Shape;
use poem_openapi::Object;

use super::{NextDay, OrganisationRef, Place, Provider, ShapeKey};
use crate::dto::rooms::ResourceRules;
use crate::dto::{Clock, Id, Words};
use crate::problem::Answer;

/// What one should know of the rules before booking.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct OfferingRules {
    /// Places of a day open so many days before …
    pub opens_days_before: u16,
    /// … at this time.
    pub opens_at: Clock,
    /// Until when one may cancel or move, as a sentence.
    pub cancel_until: Words,
    /// How many minutes a place is held for somebody from the line.
    pub hold_minutes: u16,
    /// Whether one may wait in line for a full time.
    pub line: bool,
}

/// A kind of service at a place, perhaps with somebody.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Offering {
    /// Which.
    pub id: Id<OfferingId>,
    /// The key of the kind.
    pub kind: String,
    /// What the kind is called.
    pub kind_name: Words,
    /// The key of the platform.
    pub platform: String,
    /// How it is ordered; none for a kind that has left its platform.
    pub shape: Option<ShapeKey>,
    /// How a room, a table or a place can be had.
    pub resource: Option<ResourceRules>,
    /// The price for those who come again soon.
    pub revisit: Option<Revisit>,
    /// Who serves.
    pub organisation: OrganisationRef,
    /// Where.
    pub place: Place,
    /// With whom.
    pub provider: Option<Provider>,
    /// The price of one place in fen.
    pub price_fen: i64,
    /// Whether it costs nothing.
    pub free: bool,
    /// A word to residents.
    pub note: Option<Words>,
    /// What one should know of the rules.
    pub rules: OfferingRules,
    /// The first day with places within the opening window; only where one looks around.
    pub next: Option<NextDay>,
    /// The area whose residents alone may book it.
    pub residents_of: Option<Words>,
}

impl Offering {
    /// An offering with today's rules, without its first day with places.
    ///
    /// # Errors
    /// A fault of ours when the catalogue lacks something the offering names.
    pub fn of(app: &App, catalogue: &Catalogue, offered: &Offered) -> Answer<Self> {
        let (offering, kind) = (&offered.offering, &offered.offering.kind);
        let rules = offered
            .rules_shown(app.now().day())
            .ok_or_else(|| Failure::Fault(format!("offering {} has no rules", offering.id)))?;
        // A kind may have left its platform file while orders of it are still there: its key stands in for the name.
        let plain = || Words { zh: kind.to_string(), en: kind.to_string() };
        let shape = app.platforms.kind(kind).map(|kind| kind.shape);
        let residents_of = offering.residents_of.as_ref().and_then(|code| catalogue.areas.get(code));
        Ok(Self {
            id: Id(offering.id),
            kind: kind.to_string(),
            kind_name: app.platforms.kind(kind).map_or_else(plain, |kind| (&kind.name).into()),
            platform: kind.platform().to_owned(),
            shape: shape.map(ShapeKey::from),
            resource: (shape == Some(Shape::Resource)).then(|| ResourceRules::of(offered, rules, app.now().day())),
            revisit: (rules.revisit_days > 0)
                .then_some(Revisit { days: rules.revisit_days, price_fen: rules.revisit_price_fen }),
            organisation: OrganisationRef::of(catalogue, offered)?,
            place: Place::of(catalogue.place(offered)?),
            provider: Provider::of(catalogue, offered),
            price_fen: rules.price_fen,
            free: rules.price_fen == 0,
            note: (!offering.note.zh.is_empty()).then(|| (&offering.note).into()),
            rules: OfferingRules {
                opens_days_before: rules.opens_days_before,
                opens_at: rules.opens_at.into(),
                cancel_until: browse::cancel_sentence(rules).into(),
                hold_minutes: rules.hold_minutes,
                line: rules.line,
            },
            next: None,
            residents_of: residents_of.map(|area| (&area.name).into()),
        })
    }

    /// The same with its first day with places.
    #[must_use]
    pub fn with_next(self, next: Option<Next>) -> Self {
        Self { next: next.map(NextDay::from), ..self }
    }
}

/// The price for those who come again soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Revisit {
    /// Within so many days of the last visit.
    pub days: u16,
    /// In fen.
    pub price_fen: i64,
}
