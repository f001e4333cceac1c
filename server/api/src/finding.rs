//! Finding: search, favourites, booking again.

use linli_application::App;
use linli_application::favourites;
use linli_application::search::{self, Asked, QUERY_MAX, Target};
use linli_domain::refusal::Code;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::actor::Resident;
use crate::answer::Done;
use crate::dto::catalogue::{Offering, Place, Provider};
use crate::dto::finding::{Again, Anything, AudienceKey, Favourite, Found, MarkedKey, WhatKey};
use crate::dto::orders::PersonRef;
use crate::dto::{Id, InArea, Limit, Text};
use crate::problem::Answer;
use crate::server::Tag;

/// Search.
#[derive(Clone)]
pub struct SearchApi {
    /// The application.
    pub app: App,
}

/// What people keep, and what they had.
#[derive(Clone)]
pub struct FavouritesApi {
    /// The application.
    pub app: App,
}

/// When there should be places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum WhenKey {
    /// Today.
    Today,
}

/// Finds.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct FoundList {
    /// The best first.
    items: Vec<Found>,
    /// How many there are in all.
    total: usize,
}

/// Favourites.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct FavouriteList {
    /// The newest first.
    items: Vec<Favourite>,
}

/// What to book again.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct AgainList {
    /// The latest first.
    items: Vec<Again>,
}

#[OpenApi(tag = "Tag::Catalogue")]
impl SearchApi {
    /// Search
    ///
    /// Kinds of service, services, places, organisations and events, by one character, a word, pinyin, initials or
    /// English. What is closer comes first among equals. Without words, everything that fits.
    #[oai(path = "/search", method = "get", operation_id = "search")]
    #[allow(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    async fn search(
        &self,
        /// What to look for, at most 50 characters.
        q: Query<Option<Text<QUERY_MAX, 0>>>,
        /// Where somebody lives: what lies in it comes first. It leaves nothing out.
        area: Query<Option<InArea>>,
        /// Where they are, in degrees north (WGS-84); together with `lon`.
        #[oai(validator(minimum(value = "-90"), maximum(value = "90")))]
        lat: Query<Option<f64>>,
        /// Where they are, in degrees east (WGS-84); together with `lat`.
        #[oai(validator(minimum(value = "-180"), maximum(value = "180")))]
        lon: Query<Option<f64>>,
        /// Only what has places then.
        when: Query<Option<WhenKey>>,
        /// Only what costs nothing.
        free: Query<Option<bool>>,
        /// Only what is meant for a group.
        audience: Query<Option<AudienceKey>>,
        /// Only finds of one sort.
        what: Query<Option<WhatKey>>,
        /// How many.
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<FoundList>> {
        let asked = Asked {
            text: q.0.map(|text| text.0).unwrap_or_default(),
            area: area.0.map(|area| area.0),
            latitude: lat.0,
            longitude: lon.0,
            today: when.0 == Some(WhenKey::Today),
            free: free.0.unwrap_or_default(),
            audience: audience.0.map(Into::into),
            what: what.0.map(Into::into),
            limit: usize::try_from(limit.0.unwrap_or_default().0).unwrap_or(usize::MAX),
        };
        let hits = search::search(&self.app, &asked).await?;
        Ok(Json(FoundList { items: hits.items.into_iter().map(Found::from).collect(), total: hits.total }))
    }
}

#[OpenApi(prefix_path = "/me", tag = "Tag::Me")]
impl FavouritesApi {
    /// My favourites
    #[oai(path = "/favourites", method = "get", operation_id = "favourites")]
    async fn list(&self, actor: Resident) -> Answer<Json<FavouriteList>> {
        let items = favourites::list(&self.app, &actor).await?;
        Ok(Json(FavouriteList { items: items.into_iter().map(Favourite::from).collect() }))
    }

    /// Mark a favourite
    ///
    /// Marking it again changes nothing.
    #[oai(path = "/favourites/:what/:id", method = "put", operation_id = "mark_favourite")]
    async fn mark(&self, actor: Resident, what: Path<MarkedKey>, id: Path<Id<Anything>>) -> Answer<Done> {
        favourites::mark(&self.app, &actor, what.0.into(), id.0.0.0).await?;
        Ok(Done::Nothing)
    }

    /// Take a favourite away
    ///
    /// Also one that was not marked, or is gone.
    #[oai(path = "/favourites/:what/:id", method = "delete", operation_id = "unmark_favourite")]
    async fn unmark(&self, actor: Resident, what: Path<MarkedKey>, id: Path<Id<Anything>>) -> Answer<Done> {
        favourites::unmark(&self.app, &actor, what.0.into(), id.0.0.0).await?;
        Ok(Done::Nothing)
    }

    /// Book again
    ///
    /// What I and the minors of my household had before and what is still on offer: each once per person, at most twenty.
    #[oai(path = "/again", method = "get", operation_id = "again")]
    async fn again(&self, actor: Resident) -> Answer<Json<AgainList>> {
        let (catalogue, had) = favourites::again(&self.app, &actor).await?;
        let item = |again: favourites::Again| -> Answer<Again> {
            let offered = catalogue.offered(again.offering)?;
            let target = Target::Offering(again.offering);
            let card = search::card(&self.app, &catalogue, &target).ok_or(Code::NotFound)?;
            let Offering { kind_name, .. } = Offering::of(&self.app, &catalogue, offered)?;
            Ok(Again {
                offering_id: Id(again.offering),
                kind_name,
                title: card.title.into(),
                place_name: Place::of(catalogue.place(offered)?).name,
                provider_name: Provider::of(&catalogue, offered).map(|provider| provider.name),
                subject: PersonRef { id: Id(again.subject.0), name: again.subject.1 },
                last_day: again.last_day.into(),
            })
        };
        Ok(Json(AgainList { items: had.into_iter().map(item).collect::<Answer<_>>()? }))
    }
}
