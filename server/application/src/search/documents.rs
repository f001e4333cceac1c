//! What can be found, what it is found by, and how it is shown.

use std::fmt;

use linli_domain::area::AreaCode;
use linli_domain::id::{OfferingId, OrganisationId, PlaceId};
use linli_domain::platform::{Kind, KindKey};
use linli_domain::search::{Document, Index, Spot};
use linli_domain::words::Words;

use super::{What, joined};
use crate::App;
use crate::catalogue::{Catalogue, Offered, Organisation, Place};

/// Something that can be found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A kind of service.
    Kind(KindKey),
    /// A service at a place.
    Offering(OfferingId),
    /// A place.
    Place(PlaceId),
    /// Who serves.
    Organisation(OrganisationId),
}

impl Target {
    /// Which sort it is.
    pub const fn what(&self) -> What {
        match self {
            Self::Kind(_) => What::Kind,
            Self::Offering(_) => What::Offering,
            Self::Place(_) => What::Place,
            Self::Organisation(_) => What::Organisation,
        }
    }
}

impl fmt::Display for Target {
    /// Its id, or the key of the kind.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(key) => key.fmt(f),
            Self::Offering(id) => id.fmt(f),
            Self::Place(id) => id.fmt(f),
            Self::Organisation(id) => id.fmt(f),
        }
    }
}

/// What is shown of something that was found or kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// What it is called.
    pub title: Words,
    /// What it is and where.
    pub line: Words,
    /// The key of its platform.
    pub platform: Option<String>,
    /// The community or village it lies in.
    pub area: Option<AreaCode>,
    /// Where exactly.
    pub spot: Option<Spot>,
}

/// Everything of a catalogue that can be found.
#[derive(Debug)]
pub struct Searchable {
    pub(super) index: Index,
    /// By the number of the document.
    pub(super) targets: Vec<Target>,
}

impl Searchable {
    /// Kinds in the order of the platforms, then offerings, places and organisations by id. Offerings that have ended
    /// or have not begun are among them: days pass while a catalogue stays. Those of kinds that cannot be ordered are
    /// not.
    pub(super) fn of(app: &App, catalogue: &Catalogue) -> Self {
        let kinds = app.platforms.kinds().map(|kind| Target::Kind(kind.key.clone()));
        let orderable = catalogue.offerings.values().filter(|offered| app.orderable(offered).is_ok());
        let offerings = orderable.map(|offered| Target::Offering(offered.offering.id));
        let places = catalogue.places.keys().copied().map(Target::Place);
        let organisations = catalogue.organisations.keys().copied().map(Target::Organisation);
        let targets: Vec<Target> = kinds.chain(offerings).chain(places).chain(organisations).collect();
        let documents = targets.iter().map(|target| document(app, catalogue, target));
        Self { index: Index::new(documents), targets }
    }
}

/// What an offering belongs to, itself first.
pub(super) fn belongs_to(offered: &Offered) -> impl Iterator<Item = Target> {
    let offering = &offered.offering;
    [
        Target::Offering(offering.id),
        Target::Kind(offering.kind.clone()),
        Target::Place(offering.place),
        Target::Organisation(offering.organisation),
    ]
    .into_iter()
}

pub(crate) fn spot(place: &Place) -> Spot {
    Spot { latitude: place.latitude, longitude: place.longitude }
}

/// What is shown of something; nothing when it is not there.
pub fn card(app: &App, catalogue: &Catalogue, target: &Target) -> Option<Card> {
    match target {
        Target::Kind(key) => app.platforms.kind(key).map(|kind| of_kind(app, kind)),
        Target::Offering(id) => of_offering(app, catalogue, catalogue.offerings.get(id)?),
        Target::Place(id) => catalogue.places.get(id).map(of_place),
        Target::Organisation(id) => catalogue.organisations.get(id).map(|one| of_organisation(catalogue, one)),
    }
}

fn platform_name(app: &App, kind: &KindKey) -> Words {
    app.platforms.platform(kind.platform()).map_or_else(|| Words::new("", ""), |platform| platform.name.clone())
}

fn of_kind(app: &App, kind: &Kind) -> Card {
    let phone = super::phone_about(app, kind);
    let call =
        Words::new(format!("为保护隐私，请致电 {phone}"), format!("To protect your privacy, please call {phone}"));
    let about = if kind.confidential { &call } else { &kind.summary };
    Card {
        title: kind.name.clone(),
        line: joined(&platform_name(app, &kind.key), about),
        platform: Some(kind.key.platform().to_owned()),
        area: None,
        spot: None,
    }
}

/// An offering is called what its kind is, and with whom.
fn offering_title(app: &App, catalogue: &Catalogue, offered: &Offered) -> Words {
    let key = &offered.offering.kind;
    // A kind may have left its platform file: its key stands in for the name.
    let plain = || Words::new(key.as_str(), key.as_str());
    let kind = app.platforms.kind(key).map_or_else(plain, |kind| kind.name.clone());
    let provider = offered.offering.provider.and_then(|id| catalogue.providers.get(&id));
    provider.map_or_else(|| kind.clone(), |provider| joined(&kind, &provider.name))
}

fn of_offering(app: &App, catalogue: &Catalogue, offered: &Offered) -> Option<Card> {
    let place = catalogue.places.get(&offered.offering.place)?;
    let key = &offered.offering.kind;
    Some(Card {
        title: offering_title(app, catalogue, offered),
        line: joined(&platform_name(app, key), &place.name),
        platform: Some(key.platform().to_owned()),
        area: Some(place.area.clone()),
        spot: Some(spot(place)),
    })
}

fn of_place(place: &Place) -> Card {
    Card {
        title: place.name.clone(),
        line: joined(&Words::new("地点", "Place"), &place.address),
        platform: None,
        area: Some(place.area.clone()),
        spot: Some(spot(place)),
    }
}

fn of_organisation(catalogue: &Catalogue, organisation: &Organisation) -> Card {
    let area = catalogue.areas.get(&organisation.area).map(|area| area.name.clone());
    Card {
        title: organisation.name.clone(),
        line: joined(&Words::new("单位", "Organisation"), &area.unwrap_or_else(|| Words::new("", ""))),
        platform: None,
        area: Some(organisation.area.clone()),
        spot: None,
    }
}

fn document(app: &App, catalogue: &Catalogue, target: &Target) -> Document {
    let Some(card) = card(app, catalogue, target) else { return Document::default() };
    let mut more: Vec<&Words> = Vec::new();
    let area = |code: &AreaCode| catalogue.path(code).into_iter().map(|area| &area.name).collect::<Vec<_>>();
    match target {
        Target::Kind(key) => more.extend(app.platforms.kind(key).map(|kind| &kind.summary)),
        Target::Offering(id) => {
            if let Some(offered) = catalogue.offerings.get(id) {
                let offering = &offered.offering;
                let provider = offering.provider.and_then(|id| catalogue.providers.get(&id));
                more.extend(provider.into_iter().flat_map(|provider| [&provider.title, &provider.department]));
                more.extend(catalogue.organisations.get(&offering.organisation).map(|one| &one.name));
                if let Some(place) = catalogue.places.get(&offering.place) {
                    more.push(&place.address);
                    more.extend(area(&place.area));
                }
                more.push(&offering.note);
            }
        }
        Target::Place(id) => more.extend(catalogue.places.get(id).into_iter().flat_map(|place| area(&place.area))),
        Target::Organisation(id) => {
            more.extend(catalogue.organisations.get(id).into_iter().flat_map(|one| area(&one.area)));
        }
    }
    let words = [&card.line].into_iter().chain(more).flat_map(|words| [words.zh.clone(), words.en.clone()]);
    Document { titles: vec![card.title.zh, card.title.en], words: words.collect() }
}
