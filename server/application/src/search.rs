//! Search: what is on offer, found by a word, a character, pinyin or initials, near, today, free, for elders or for
//! children.
//!
//! Everything is found in the copy of the catalogue this process keeps; only what is left is asked of the database. A
//! confidential kind is found as its platform shows it, with a phone number; nothing of it is on offer here.

mod documents;
mod seats;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use linli_domain::area::AreaCode;
use linli_domain::geo::Wgs84;
use linli_domain::id::{OfferingId, OrganisationId, PlaceId, SessionId};
use linli_domain::platform::{AgeRange, Kind, KindKey, Shape};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::search::{Audience, Closeness, Grade};
use linli_domain::session::Session;
use linli_domain::slot::Left;
use linli_domain::text::{self, BadText};
use linli_domain::time::Instant;
use linli_domain::words::Words;

pub use documents::{Card, Searchable, Target, card};
pub(crate) use documents::{is_seen, spot};

use crate::browse::{self, Next, next};
use crate::catalogue::{Catalogue, Offered};
use crate::{App, Failure, Result};

/// The longest query, in characters.
pub const QUERY_MAX: usize = 50;

/// What a find can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// A kind of service.
    Kind,
    /// A service at a place.
    Offering,
    /// A place.
    Place,
    /// Who serves.
    Organisation,
    /// An event, a term, a group.
    Session,
}

/// What is looked for; nothing said, nothing left out.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// What was typed.
    pub text: String,
    /// The area whose people look: what lies in it comes first. It leaves nothing out.
    pub area: Option<AreaCode>,
    /// Where they are.
    pub latitude: Option<f64>,
    /// As above.
    pub longitude: Option<f64>,
    /// Only what has places today.
    pub today: bool,
    /// Only what costs nothing.
    pub free: bool,
    /// Only what is meant for a group.
    pub audience: Option<Audience>,
    /// Only finds of one sort.
    pub what: Option<What>,
    /// At most so many.
    pub limit: usize,
}

/// A find.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Which.
    pub target: Target,
    /// What it is called, what it is and where.
    pub card: Card,
    /// How far it is, in metres, as the crow flies.
    pub distance_m: Option<i64>,
    /// The first day with places.
    pub next: Option<Next>,
    /// The price of one place in fen.
    pub price_fen: Option<i64>,
    /// The number to call, of a kind that cannot be booked here.
    pub phone: Option<String>,
}

/// Finds, the best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// As many as were asked for.
    pub items: Vec<Hit>,
    /// How many there are.
    pub total: usize,
}

/// Searches.
///
/// Finds are in the order of their grade; within a grade the own community comes first, then the own street, then the
/// nearer one; then as [`linli_domain::search::Index::search`] has it. Nothing typed finds everything.
///
/// # Errors
/// [`Code::TextTooLong`] or [`Code::TextControl`] for `q`, [`Code::ValueInvalid`] for a point that is not on Earth or is
/// half said.
pub async fn search(app: &App, asked: &Asked) -> Result<Hits> {
    let typed = typed(&asked.text)?;
    let here = here(asked.latitude, asked.longitude)?;
    let catalogue = app.catalogue().await?;
    let searchable = searchable(app, &catalogue).await?;
    let found: Vec<(usize, Option<Grade>)> = match &typed {
        Some(text) => {
            let found = searchable.index.search(text);
            found.into_iter().map(|found| (found.document, Some(found.grade))).collect()
        }
        None => (0..searchable.targets.len()).map(|document| (document, None)).collect(),
    };
    let found: Vec<(&Target, Option<Grade>)> = found
        .into_iter()
        .map(|(document, grade)| (&searchable.targets[document], grade))
        .filter(|(target, _)| asked.what.is_none_or(|what| what == target.what()))
        .collect();
    let fitting = Fitting::of(app, &catalogue, asked, found.iter().map(|(target, _)| *target)).await?;
    let near = Near { own: asked.area.as_ref(), here: here.or_else(|| middle(&catalogue, asked.area.as_ref()?)) };
    let mut hits: Vec<_> = found
        .into_iter()
        .filter(|(target, _)| fitting.takes(app, &catalogue, target))
        .filter_map(|(target, grade)| {
            let card = card(app, &catalogue, target)?;
            let (closeness, distance) = near.of(&card);
            Some(((grade, closeness, distance.unwrap_or(i64::MAX)), target, card, distance))
        })
        .collect();
    // Stable: what is equally good and equally far stays in the order of the index.
    hits.sort_by_key(|(rank, ..)| *rank);
    let total = hits.len();
    hits.truncate(asked.limit);
    let sale = Sale::of(app, &catalogue, hits.iter().map(|(_, target, ..)| *target)).await?;
    let items = hits.into_iter().map(|(_, target, card, distance_m)| {
        let kind = if let Target::Kind(key) = target { app.platforms.kind(key) } else { None };
        Hit {
            target: target.clone(),
            card,
            distance_m,
            next: sale.next.get(target).copied(),
            price_fen: sale.price_fen.get(target).copied(),
            phone: kind.filter(|kind| kind.orderable().is_err()).map(|kind| phone_about(app, kind)),
        }
    });
    Ok(Hits { items: items.collect(), total })
}

/// What is left of what was found, and what it costs.
#[derive(Default)]
struct Sale {
    next: BTreeMap<Target, Next>,
    price_fen: BTreeMap<Target, i64>,
}

impl Sale {
    async fn of(app: &App, catalogue: &Catalogue, found: impl Iterator<Item = &Target>) -> Result<Self> {
        let (mut sale, now) = (Self::default(), app.now());
        let (mut offerings, mut sessions): (Vec<&Offered>, Vec<&Session>) = (Vec::new(), Vec::new());
        for target in found {
            match target {
                Target::Offering(id) => offerings.extend(catalogue.offerings.get(id)),
                Target::Session(id) => sessions.extend(catalogue.sessions.get(id)),
                Target::Kind(_) | Target::Place(_) | Target::Organisation(_) => {}
            }
        }
        let by_time: Vec<&Offered> = offerings.iter().copied().filter(|offered| has_times(app, offered)).collect();
        let days = next::days(app, catalogue, &by_time, now.day()).await?;
        for offered in offerings {
            let target = || Target::Offering(offered.offering.id);
            sale.next.extend(days.get(&offered.offering.id).map(|next| (target(), *next)));
            sale.price_fen.extend(offered.rules_shown(now.day()).map(|rules| (target(), rules.price_fen)));
        }
        let left = seats::left(app, catalogue, &sessions).await?;
        for session in sessions {
            let target = || Target::Session(session.id);
            let meeting = seats::coming(session, now).zip(left.get(&session.id));
            sale.next.extend(meeting.map(|(one, left)| (target(), Next { day: one.start.day(), left: *left })));
            sale.price_fen.insert(target(), session.price_fen);
        }
        Ok(sale)
    }
}

/// What was typed; nothing when it is blank.
fn typed(text: &str) -> Result<Option<String>, Refusal> {
    match text::line(text, QUERY_MAX) {
        Ok(text) => Ok(Some(text)),
        Err(BadText::Empty) => Ok(None),
        Err(BadText::TooLong) => Err(Refusal::new(Code::TextTooLong).field("q").with("max", QUERY_MAX)),
        Err(BadText::Control) => Err(Refusal::new(Code::TextControl).field("q")),
    }
}

fn here(latitude: Option<f64>, longitude: Option<f64>) -> Result<Option<Wgs84>, Refusal> {
    let wrong = |field, allowed: &'static str| Refusal::new(Code::ValueInvalid).field(field).with("allowed", allowed);
    match (latitude, longitude) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(wrong("lat", "-90 – 90")),
        (Some(_), None) => Err(wrong("lon", "-180 – 180")),
        (Some(latitude), Some(longitude)) => Wgs84::new(latitude, longitude).map(Some).ok_or_else(|| {
            if Wgs84::new(latitude, 0.0).is_none() { wrong("lat", "-90 – 90") } else { wrong("lon", "-180 – 180") }
        }),
    }
}

/// Where somebody of an area roughly is: in the middle of its places.
fn middle(catalogue: &Catalogue, area: &AreaCode) -> Option<Wgs84> {
    Wgs84::middle(catalogue.places.values().filter(|place| place.area.is_within(area)).map(spot))
}

/// The catalogue ready to be searched. The first to search one makes it, away from the threads that serve.
async fn searchable<'a>(app: &App, catalogue: &'a Arc<Catalogue>) -> Result<&'a Searchable> {
    if catalogue.searchable.get().is_none() {
        let (app, catalogue) = (app.clone(), catalogue.clone());
        let make = move || {
            catalogue.searchable.get_or_init(|| Searchable::of(&app, &catalogue));
        };
        let made = tokio::task::spawn_blocking(make).await;
        made.map_err(|error| Failure::Fault(format!("the index could not be made: {error}")))?;
    }
    catalogue.searchable.get().ok_or_else(|| Failure::Fault("the index was not made".into()))
}

/// Where somebody is, as far as it is known.
struct Near<'a> {
    own: Option<&'a AreaCode>,
    here: Option<Wgs84>,
}

impl Near<'_> {
    fn of(&self, card: &Card) -> (Closeness, Option<i64>) {
        let closeness = match (self.own, &card.area) {
            (Some(own), Some(area)) => Closeness::of(area, own),
            _ => Closeness::Elsewhere,
        };
        (closeness, self.here.zip(card.spot).map(|(here, there)| here.metres_to(there)))
    }
}

/// What passes the filters. A kind, a place or an organisation passes when something of it does; a kind also by itself,
/// where the question is not about a day.
struct Fitting<'a> {
    asked: &'a Asked,
    now: Instant,
    filtered: bool,
    offerings: BTreeSet<OfferingId>,
    sessions: BTreeSet<SessionId>,
    kinds: BTreeSet<&'a KindKey>,
    places: BTreeSet<PlaceId>,
    organisations: BTreeSet<OrganisationId>,
}

impl<'a> Fitting<'a> {
    async fn of(
        app: &App,
        catalogue: &'a Catalogue,
        asked: &'a Asked,
        found: impl Iterator<Item = &Target>,
    ) -> Result<Self> {
        let mut fitting = Self {
            asked,
            now: app.now(),
            filtered: asked.today || asked.free || asked.audience.is_some(),
            offerings: BTreeSet::new(),
            sessions: BTreeSet::new(),
            kinds: BTreeSet::new(),
            places: BTreeSet::new(),
            organisations: BTreeSet::new(),
        };
        if !fitting.filtered {
            return Ok(fitting);
        }
        let wanted: BTreeSet<&Target> = found.collect();
        let is_wanted = |offered: &Offered| documents::belongs_to(offered).any(|target| wanted.contains(&target));
        let mut passing: Vec<&Offered> = catalogue
            .offerings
            .values()
            .filter(|offered| is_wanted(offered) && fitting.offering_fits(app, offered))
            .collect();
        let mut sessions: Vec<&Session> = catalogue
            .sessions
            .values()
            .filter(|session| {
                let offered = catalogue.offerings.get(&session.offering);
                (wanted.contains(&Target::Session(session.id)) || offered.is_some_and(is_wanted))
                    && fitting.session_fits(app, catalogue, session)
            })
            .collect();
        if asked.today {
            passing.retain(|offered| has_times(app, offered));
            let today = next::on_day(app, catalogue, &passing, fitting.now.day()).await?;
            passing.retain(|offered| today.contains(&offered.offering.id));
            sessions.retain(|session| seats::meets_today(session, fitting.now));
            let left = seats::left(app, catalogue, &sessions).await?;
            sessions.retain(|session| left.get(&session.id).is_some_and(|left| matches!(left, Left::Many | Left::Few)));
        }
        fitting.sessions.extend(sessions.iter().map(|session| session.id));
        passing.extend(sessions.iter().filter_map(|session| catalogue.offerings.get(&session.offering)));
        for offered in passing {
            fitting.offerings.insert(offered.offering.id);
            fitting.kinds.insert(&offered.offering.kind);
            fitting.places.insert(offered.offering.place);
            fitting.organisations.insert(offered.offering.organisation);
        }
        Ok(fitting)
    }

    fn meant(&self, ages: Option<AgeRange>) -> bool {
        self.asked.audience.is_none_or(|audience| audience.is_meant(ages))
    }

    /// Whether an offering passes everything but the day.
    fn offering_fits(&self, app: &App, offered: &Offered) -> bool {
        let Some(kind) = browse::on_offer(app, offered, self.now.day()) else { return false };
        let free = || offered.rules_shown(self.now.day()).is_some_and(|rules| rules.price_fen == 0);
        self.meant(kind.age) && (!self.asked.free || free())
    }

    /// Whether a session passes everything but the day.
    fn session_fits(&self, app: &App, catalogue: &Catalogue, session: &Session) -> bool {
        let Some(kind) = documents::session_kind(app, catalogue, session) else { return false };
        (self.meant(session.age) || self.meant(kind.age)) && (!self.asked.free || session.price_fen == 0)
    }

    fn kind_fits(&self, kind: &Kind) -> bool {
        !self.asked.today && self.meant(kind.age) && (!self.asked.free || kind.free)
    }

    fn takes(&self, app: &App, catalogue: &Catalogue, target: &Target) -> bool {
        if !self.filtered {
            return is_seen(app, catalogue, target);
        }
        match target {
            Target::Offering(id) => self.offerings.contains(id),
            Target::Session(id) => self.sessions.contains(id),
            Target::Place(id) => self.places.contains(id),
            Target::Organisation(id) => self.organisations.contains(id),
            Target::Kind(key) => {
                self.kinds.contains(key) || app.platforms.kind(key).is_some_and(|kind| self.kind_fits(kind))
            }
        }
    }
}

/// Whether an offering is booked by its own times, rather than by those of sessions.
fn has_times(app: &App, offered: &Offered) -> bool {
    app.platforms.kind(&offered.offering.kind).is_some_and(|kind| kind.shape != Shape::Session)
}

/// The number to call about a kind.
fn phone_about(app: &App, kind: &Kind) -> String {
    kind.phone.clone().unwrap_or_else(|| app.settings.help_phone.clone())
}

/// Two words with a point between them.
pub(crate) fn joined(first: &Words, second: &Words) -> Words {
    let both = |first: &str, second: &str| match (first.is_empty(), second.is_empty()) {
        (true, _) => second.to_owned(),
        (_, true) => first.to_owned(),
        _ => format!("{first} · {second}"),
    };
    Words::new(both(&first.zh, &second.zh), both(&first.en, &second.en))
}

#[cfg(test)]
mod tests;
