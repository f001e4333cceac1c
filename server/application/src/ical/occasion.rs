//! What stands in a calendar: when and where, and what it is called.

use linli_domain::order::State;
use linli_domain::search::Spot;
use linli_domain::time::Instant;
use linli_domain::words::{Language, Words};
use linli_store::booking::Order;

use crate::App;
use crate::catalogue::Catalogue;
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
    /// When it was last changed.
    pub changed_at: Instant,
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
    pub spot: Option<Spot>,
}

/// One time an order takes place.
struct Time {
    /// Tells the times of one order apart; none where there is only one.
    key: Option<String>,
    start: Instant,
    end: Instant,
    /// Called off by the provider, whatever the order says.
    off: bool,
}

/// When an order takes place, in order.
fn times(order: &Order) -> Vec<Time> {
    vec![Time { key: None, start: order.starts_at, end: order.ends_at, off: false }]
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

/// The entries of an order: one for each time it takes place; none of a confidential kind, nor of a kind that nobody
/// knows any more.
pub(super) fn of_order(
    app: &App,
    catalogue: &Catalogue,
    order: &Order,
    child: Option<&str>,
    language: Language,
) -> Vec<Occasion> {
    let kind = app.platforms.kind(&order.kind).filter(|kind| !kind.confidential);
    let (Some(kind), Some(offered)) = (kind, catalogue.offerings.get(&order.offering)) else { return Vec::new() };
    let say = |words: &Words| words.in_language(language).to_owned();
    let provider = offered.offering.provider.and_then(|id| catalogue.providers.get(&id));
    let organisation = catalogue.organisations.get(&order.organisation);
    let place = catalogue.places.get(&order.place);
    let title = [Some(say(&kind.name)), child.map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let with = provider.map(|provider| search::joined(&provider.name, &provider.title));
    let call = organisation.map(|one| search::joined(&one.name, &Words::new(one.phone.as_str(), one.phone.as_str())));
    let about: Vec<String> = [Some(order.state.words()), with, call].iter().flatten().map(say).collect();
    times(order)
        .into_iter()
        .map(|time| Occasion {
            uid: match time.key {
                None => format!("order-{}@linli", order.id),
                Some(key) => format!("order-{}-{key}@linli", order.id),
            },
            sequence: u32::try_from(order.version).unwrap_or(0),
            changed_at: order.changed_at,
            start: time.start,
            end: time.end,
            standing: if time.off { Standing::Cancelled } else { standing(order.state) },
            private: true,
            title: title.clone(),
            about: about.clone(),
            place: place.map(|place| format!("{}, {}", say(&place.name), say(&place.address))),
            spot: place.map(search::spot),
        })
        .collect()
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
