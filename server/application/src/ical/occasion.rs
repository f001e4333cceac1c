//! What stands in a calendar: when and where, and what it is called.

use linli_domain::geo::Wgs84;
use linli_domain::id::{OrganisationId, UnitId};
use linli_domain::order::State;
use linli_domain::platform::Shape;
use linli_domain::session::{Meeting, Session, SessionState};
use linli_domain::time::{Instant, Span};
use linli_domain::words::{Language, Words};
use linli_store::booking::Order;

use crate::App;
use crate::catalogue::{Catalogue, Offered};
use crate::search;

/// Whether it takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does, or did.
    Confirmed,
    /// Not yet sure: in line, held, asked for.
    Tentative,
    /// It does not.
    Cancelled,
}

/// One entry of a calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Occasion {
    /// The same for the same thing for ever, and unlike any other's.
    pub uid: String,
    /// Raised with every change.
    pub sequence: u32,
    /// When this was last worth telling.
    pub stamp: Instant,
    /// From.
    pub start: Instant,
    /// To.
    pub end: Instant,
    /// Whether it takes place.
    pub standing: Standing,
    /// Whether it is somebody's own business.
    pub private: bool,
    /// What it is called.
    pub title: String,
    /// What else to know, one thing a line.
    pub about: Vec<String>,
    /// The place and its address.
    pub place: Option<String>,
    /// Where exactly.
    pub spot: Option<Wgs84>,
}

/// One time an order takes place.
struct Time<'a> {
    start: Instant,
    end: Instant,
    /// The meeting of a session; none where an order has one time only.
    meeting: Option<&'a Meeting>,
}

/// When an order takes place, in order: a seat at each meeting of its session, anything else once. What was over before
/// an instant is left out.
fn times<'a>(order: &Order, session: Option<&'a Session>, since: Instant) -> Vec<Time<'a>> {
    let Some(session) = session else {
        return vec![Time { start: order.starts_at, end: order.ends_at, meeting: None }];
    };
    let lately = session.meetings.iter().filter(|meeting| meeting.end >= since);
    lately.map(|meeting| Time { start: meeting.start, end: meeting.end, meeting: Some(meeting) }).collect()
}

const fn standing(state: State) -> Standing {
    match state {
        State::Requested | State::Waiting | State::Held => Standing::Tentative,
        State::Confirmed | State::Underway | State::Fulfilled | State::Closed | State::Reopened | State::NoShow => {
            Standing::Confirmed
        }
        State::Rejected | State::Cancelled | State::Expired => Standing::Cancelled,
    }
}

/// What the entries of an order are made of besides the order.
pub(super) struct Known<'a> {
    /// What is on offer.
    pub(super) catalogue: &'a Catalogue,
    /// The session it is a seat in.
    pub(super) session: Option<&'a Session>,
    /// The child it is for; somebody's own bookings need no name.
    pub(super) child: Option<&'a str>,
    /// What was over before this is left out of a session's meetings.
    pub(super) since: Instant,
    /// The language of whoever reads it.
    pub(super) language: Language,
}

/// The entries of an order: one for each time it takes place; none of a confidential kind, nor of a kind that nobody
/// knows any more.
pub(super) fn of_order(app: &App, order: &Order, known: &Known<'_>) -> Vec<Occasion> {
    let &Known { catalogue, session, child, since, language } = known;
    let kind = app.platforms.kind(&order.kind).filter(|kind| !kind.confidential);
    let (Some(kind), Some(offered)) = (kind, catalogue.offerings.get(&order.offering)) else { return Vec::new() };
    let say = |words: &Words| words.in_language(language).to_owned();
    let name = session.map_or(&kind.name, |session| &session.title);
    let title = [Some(say(name)), child.map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    // Whoever is visited knows where, and a calendar that others may read need not; the provider's own place would be
    // wrong.
    let at_place = kind.shape != Shape::Dispatch;
    let provider = offered.offering.provider.and_then(|id| catalogue.providers.get(&id));
    let with = provider.map(|provider| say(&search::joined(&provider.name, &provider.title)));
    let about = |meeting: Option<&Meeting>| -> Vec<String> {
        let topic = meeting.map(|meeting| say(&meeting.topic)).filter(|topic| !topic.is_empty());
        let state = Some(say(&order.state.words()));
        [topic, state, with.clone(), call(catalogue, order.organisation, language)].into_iter().flatten().collect()
    };
    // Both grow: a meeting that is moved raises the session's.
    let versions = [Some(order.version), session.map(|session| session.version)];
    times(order, session, since)
        .into_iter()
        .map(|time| Occasion {
            uid: match time.meeting {
                None => format!("order-{}@linli", order.id),
                Some(meeting) => format!("order-{}-{}@linli", order.id, meeting.id),
            },
            sequence: versions.iter().flatten().map(|version| u32::try_from(*version).unwrap_or(0)).sum(),
            stamp: order.changed_at,
            start: time.start,
            end: time.end,
            standing: match time.meeting {
                Some(meeting) if meeting.cancelled.is_some() => Standing::Cancelled,
                _ => standing(order.state),
            },
            private: true,
            title: title.clone(),
            about: about(time.meeting),
            place: place(catalogue, offered, time.meeting.map_or(order.unit, |meeting| meeting.unit), language)
                .filter(|_| at_place),
            spot: catalogue.places.get(&order.place).filter(|_| at_place).map(search::spot),
        })
        .collect()
}

/// The meetings of a session as everybody may see them, those that are over left out.
pub(super) fn of_session(
    catalogue: &Catalogue,
    offered: &Offered,
    session: &Session,
    now: Instant,
    language: Language,
) -> Vec<Occasion> {
    let say = |words: &Words| words.in_language(language).to_owned();
    let meetings = session.meetings.iter().filter(|meeting| meeting.end > now);
    let entry = |meeting: &Meeting| {
        let about = [say(&meeting.topic), say(&session.about)].into_iter().filter(|text| !text.is_empty());
        let off = meeting.cancelled.is_some() || session.state == SessionState::Cancelled;
        Occasion {
            uid: format!("meeting-{}@linli", meeting.id),
            sequence: u32::try_from(session.version).unwrap_or(0),
            // Told anew every hour: when a session was changed is not known here, and its version says whether it was.
            stamp: Instant(now.0 - now.0.rem_euclid(Span::hours(1).0)),
            start: meeting.start,
            end: meeting.end,
            standing: if off { Standing::Cancelled } else { Standing::Confirmed },
            private: false,
            title: say(&session.title),
            about: about.chain(call(catalogue, offered.offering.organisation, language)).collect(),
            place: place(catalogue, offered, meeting.unit, language),
            spot: catalogue.places.get(&offered.offering.place).map(search::spot),
        }
    };
    meetings.map(entry).collect()
}

/// Who serves, and their number.
fn call(catalogue: &Catalogue, organisation: OrganisationId, language: Language) -> Option<String> {
    let organisation = catalogue.organisations.get(&organisation)?;
    Some(format!("{} · {}", organisation.name.in_language(language), organisation.phone))
}

/// The place, the room in it, the address.
fn place(catalogue: &Catalogue, offered: &Offered, unit: Option<UnitId>, language: Language) -> Option<String> {
    let place = catalogue.places.get(&offered.offering.place)?;
    let room = unit.and_then(|id| offered.unit(id)).map(|unit| unit.name.in_language(language));
    let parts = [Some(place.name.in_language(language)), room, Some(place.address.in_language(language))];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

impl Occasion {
    /// Adds the code to check in with, once there is a place.
    pub(super) fn add_check_in_code(&mut self, order: &Order, language: Language) {
        if order.state == State::Confirmed {
            let words = Words::new("取号码：", "Check-in code: ");
            self.about.push(format!("{}{}", words.in_language(language), order.check_in_code));
        }
    }
}
