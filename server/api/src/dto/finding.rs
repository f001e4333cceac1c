//! What was found and what was kept, as it goes over the wire.

use std::fmt;
use std::str::FromStr;

use linli_application::favourites::{FavouriteView, Marked};
use linli_application::search::{Hit, What};
use linli_domain::id::{self, NotAnId, OfferingId};
use linli_domain::search::Audience;
use poem_openapi::{Enum, Object};

use super::catalogue::NextDay;
use super::orders::PersonRef;
use super::people::keys;
use super::{Id, InArea, On, Words};

keys! {
    /// What a find can be.
    WhatKey = What {
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
}

keys! {
    /// What can be marked.
    MarkedKey = Marked {
        /// A service at a place.
        Offering,
        /// A place.
        Place,
        /// Who serves.
        Organisation,
        /// An event, a term, a group.
        Session,
    }
}

keys! {
    /// A group somebody looks on behalf of.
    AudienceKey = Audience {
        /// People of about fifty and more.
        Elders,
        /// Minors.
        Children,
    }
}

/// The id of something, whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anything(pub i64);

impl fmt::Display for Anything {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&id::encode(self.0))
    }
}

impl FromStr for Anything {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        id::decode(text).map(Self)
    }
}

/// A find.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Found {
    /// What it is.
    pub what: WhatKey,
    /// Its id; the key of a kind.
    pub id: String,
    /// What it is called.
    pub title: Words,
    /// What it is and where.
    pub line: Words,
    /// The key of its platform.
    pub platform: Option<String>,
    /// The community or village it lies in.
    pub area_code: Option<InArea>,
    /// How far it is in metres, as the crow flies.
    pub distance_m: Option<i64>,
    /// The first day with places.
    pub next: Option<NextDay>,
    /// The price of one place in fen.
    pub price_fen: Option<i64>,
    /// The number to call, of a kind that cannot be booked here.
    pub phone: Option<String>,
}

impl From<Hit> for Found {
    fn from(hit: Hit) -> Self {
        Self {
            what: hit.target.what().into(),
            id: hit.target.to_string(),
            title: hit.card.title.into(),
            line: hit.card.line.into(),
            platform: hit.card.platform,
            area_code: hit.card.area.map(InArea),
            distance_m: hit.distance_m,
            next: hit.next.map(NextDay::from),
            price_fen: hit.price_fen,
            phone: hit.phone,
        }
    }
}

/// Something marked, as it is today.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Favourite {
    /// What it is.
    pub what: MarkedKey,
    /// Its id.
    pub id: Id<Anything>,
    /// What it is called; what it was called, when it is gone.
    pub title: Words,
    /// What it is and where; empty when it is gone.
    pub line: Words,
    /// Whether it is no longer there.
    pub gone: bool,
}

impl From<FavouriteView> for Favourite {
    fn from(view: FavouriteView) -> Self {
        let FavouriteView { what, target, title, line, gone } = view;
        Self { what: what.into(), id: Id(Anything(target)), title: title.into(), line: line.into(), gone }
    }
}

/// Something to book again.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Again {
    /// What.
    pub offering_id: Id<OfferingId>,
    /// What the kind is called.
    pub kind_name: Words,
    /// What it is called, with whom.
    pub title: Words,
    /// Where.
    pub place_name: Words,
    /// With whom.
    pub provider_name: Option<Words>,
    /// Who was served.
    pub subject: PersonRef,
    /// The day of the last time.
    pub last_day: On,
}
