//! What can be found, what it is found by, and how it is shown.

use std::fmt;

use linli_domain::area::AreaCode;
use linli_domain::geo::Wgs84;
use linli_domain::id::{OfferingId, OrganisationId, PlaceId, SessionId};
use linli_domain::platform::{Kind, KindKey};
use linli_domain::search::{Document, Index};
use linli_domain::session::{Form, Session, SessionState};
use linli_domain::words::{Language, Words, say};

use super::{What, joined, seats};
use crate::catalogue::{Catalogue, Offered, Organisation, Place};
use crate::{App, browse};

/// Something that can be found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A kind of service.
    Kind(KindKey),
    /// A service at a place.
    Offering(OfferingId),
    /// An event, a term, a group.
    Session(SessionId),
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
            Self::Session(_) => What::Session,
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
            Self::Session(id) => id.fmt(f),
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
    pub spot: Option<Wgs84>,
}

/// Everything of a catalogue that can be found.
#[derive(Debug)]
pub struct Searchable {
    pub(super) index: Index,
    /// By the number of the document.
    pub(super) targets: Vec<Target>,
}

impl Searchable {
    /// Kinds in the order of the platforms, then offerings, sessions, places and organisations by id. What has ended or
    /// has not begun is among them: days pass while a catalogue stays. What is of a kind that cannot be ordered is not,
    /// nor are sessions being prepared.
    pub(super) fn of(app: &App, catalogue: &Catalogue) -> Self {
        let kinds = app.platforms.kinds().map(|kind| Target::Kind(kind.key.clone()));
        let orderable = catalogue.offerings.values().filter(|offered| app.orderable(offered).is_ok());
        let offerings = orderable.map(|offered| Target::Offering(offered.offering.id));
        let shown = |session: &&Session| {
            let offered = catalogue.offerings.get(&session.offering);
            session.state == SessionState::Open && offered.is_some_and(|offered| app.orderable(offered).is_ok())
        };
        let sessions = catalogue.sessions.values().filter(shown).map(|session| Target::Session(session.id));
        let places = catalogue.places.keys().copied().map(Target::Place);
        let organisations = catalogue.organisations.keys().copied().map(Target::Organisation);
        let targets: Vec<Target> = kinds.chain(offerings).chain(sessions).chain(places).chain(organisations).collect();
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

pub(crate) fn spot(place: &Place) -> Wgs84 {
    Wgs84 { latitude: place.latitude, longitude: place.longitude }
}

/// The kind of a session that residents may see: it is open, there is something to come, and its offering stands.
pub(super) fn session_kind<'a>(app: &'a App, catalogue: &Catalogue, session: &Session) -> Option<&'a Kind> {
    let now = app.now();
    let goes_on = session.form == Form::Group || seats::coming(session, now).is_some();
    if session.state != SessionState::Open || !goes_on {
        return None;
    }
    browse::on_offer(app, catalogue.offerings.get(&session.offering)?, now.day())
}

/// Whether something is there for residents to see today.
pub(crate) fn is_seen(app: &App, catalogue: &Catalogue, target: &Target) -> bool {
    match target {
        Target::Kind(key) => app.platforms.kind(key).is_some(),
        Target::Offering(id) => {
            let offered = catalogue.offerings.get(id);
            offered.is_some_and(|offered| browse::on_offer(app, offered, app.now().day()).is_some())
        }
        Target::Session(id) => {
            catalogue.sessions.get(id).is_some_and(|session| session_kind(app, catalogue, session).is_some())
        }
        Target::Place(id) => catalogue.places.contains_key(id),
        Target::Organisation(id) => catalogue.organisations.contains_key(id),
    }
}

/// What is shown of something; nothing when it is not there.
pub fn card(app: &App, catalogue: &Catalogue, target: &Target) -> Option<Card> {
    match target {
        Target::Kind(key) => app.platforms.kind(key).map(|kind| of_kind(app, kind)),
        Target::Offering(id) => of_offering(app, catalogue, catalogue.offerings.get(id)?),
        Target::Session(id) => of_session(app, catalogue, catalogue.sessions.get(id)?),
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

fn of_session(app: &App, catalogue: &Catalogue, session: &Session) -> Option<Card> {
    let offered = catalogue.offerings.get(&session.offering)?;
    let place = catalogue.places.get(&offered.offering.place)?;
    let kind = app.platforms.kind(&offered.offering.kind)?;
    let when = seats::coming(session, app.now()).map_or_else(
        || Words::new("", ""),
        |one| Words::new(say::instant(one.start, Language::Zh), say::instant(one.start, Language::En)),
    );
    Some(Card {
        title: session.title.clone(),
        line: joined(&joined(&kind.name, &when), &place.name),
        platform: Some(kind.key.platform().to_owned()),
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

/// What something is found by: its title, and the words of what it belongs to.
fn document(app: &App, catalogue: &Catalogue, target: &Target) -> Document {
    let Some(card) = card(app, catalogue, target) else { return Document::default() };
    let mut words: Vec<&Words> = Vec::new();
    let platform = |key: &KindKey| app.platforms.platform(key.platform()).map(|platform| &platform.name);
    match target {
        Target::Kind(key) => {
            words.extend(platform(key));
            words.extend(app.platforms.kind(key).map(|kind| &kind.summary));
        }
        Target::Offering(id) => {
            if let Some(offered) = catalogue.offerings.get(id) {
                words.extend(platform(&offered.offering.kind));
                words.extend(of_offered(catalogue, offered));
            }
        }
        Target::Session(id) => {
            if let Some(session) = catalogue.sessions.get(id) {
                words.push(&session.about);
                words.extend(session.meetings.iter().map(|meeting| &meeting.topic));
                if let Some(offered) = catalogue.offerings.get(&session.offering) {
                    words.extend(platform(&offered.offering.kind));
                    words.extend(app.platforms.kind(&offered.offering.kind).map(|kind| &kind.name));
                    words.extend(of_offered(catalogue, offered));
                }
            }
        }
        Target::Place(id) => {
            if let Some(place) = catalogue.places.get(id) {
                words.push(&place.address);
                words.extend(areas(catalogue, &place.area));
            }
        }
        Target::Organisation(id) => {
            words.extend(catalogue.organisations.get(id).into_iter().flat_map(|one| areas(catalogue, &one.area)));
        }
    }
    let words = words.into_iter().flat_map(|words| [words.zh.clone(), words.en.clone()]);
    Document { titles: vec![card.title.zh, card.title.en], words: words.filter(|text| !text.is_empty()).collect() }
}

/// Who, where and with whom.
fn of_offered<'a>(catalogue: &'a Catalogue, offered: &'a Offered) -> Vec<&'a Words> {
    let offering = &offered.offering;
    let mut words = vec![&offering.note];
    if let Some(provider) = offering.provider.and_then(|id| catalogue.providers.get(&id)) {
        words.extend([&provider.name, &provider.title, &provider.department]);
    }
    words.extend(catalogue.organisations.get(&offering.organisation).map(|one| &one.name));
    if let Some(place) = catalogue.places.get(&offering.place) {
        words.extend([&place.name, &place.address]);
        words.extend(areas(catalogue, &place.area));
    }
    words
}

fn areas<'a>(catalogue: &'a Catalogue, code: &AreaCode) -> Vec<&'a Words> {
    catalogue.path(code).into_iter().map(|area| &area.name).collect()
}
