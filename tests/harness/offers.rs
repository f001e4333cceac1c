//! Offerings of a test's own, and finding those of the demo.

use futures::FutureExt;
use linli_application::App;
use linli_application::orders::place::PlaceRequest;
use linli_domain::id::{OfferingId, ScheduleId};
use linli_domain::platform::Rules;
use linli_domain::slot::ScheduleLine;
use linli_domain::time::{Day, Instant, TimeOfDay};
use linli_domain::words::Words;
use linli_store::StoreError;
use linli_store::catalogue::{self as tables, Offering, OfferingVersion};

use super::world::World;

/// What a new offering is like.
pub(crate) struct Offer<'a> {
    /// The kind of service; the rules are the kind's own.
    pub(crate) kind: &'a str,
    /// The demo offering whose organisation and place it has.
    pub(crate) beside: &'a str,
    /// From when to when, every day of the week.
    pub(crate) hours: (&'a str, &'a str),
    /// How long a slot is.
    pub(crate) minutes: u16,
    /// Places per slot.
    pub(crate) capacity: u32,
    /// Up to which day from now there are times; without an end when it is left out.
    pub(crate) days: Option<i32>,
}

impl Default for Offer<'_> {
    /// Advice on property: asks nothing of its subject, one place per person and day, two at any time.
    fn default() -> Self {
        Self {
            kind: "property.advice",
            beside: "property_advice",
            hours: ("09:00", "12:00"),
            minutes: 30,
            capacity: 2,
            days: None,
        }
    }
}

impl World {
    /// Puts something on offer, with the kind's rules as `change` leaves them.
    pub(crate) async fn offer(&self, offer: Offer<'_>, change: impl FnOnce(&mut Rules)) -> OfferingId {
        offer_on(&self.app, offer, change).await
    }

    /// An offering of the demo, by its key.
    pub(crate) async fn offering(&self, key: &str) -> OfferingId {
        let catalogue = self.app.catalogue().await.unwrap();
        let found = catalogue.offerings.values().find(|offered| offered.offering.key == key);
        found.unwrap_or_else(|| panic!("the demo has no offering {key}")).offering.id
    }

    /// A time of a day that is so many days from now.
    pub(crate) fn at(&self, days: i32, time: &str) -> Instant {
        self.day(days).at(clock(time))
    }

    /// The day so many days from now.
    pub(crate) fn day(&self, days: i32) -> Day {
        self.app.now().day().plus(days)
    }
}

/// As [`World::offer`], for an application of its own.
pub(crate) async fn offer_on(app: &App, offer: Offer<'_>, change: impl FnOnce(&mut Rules)) -> OfferingId {
    let catalogue = app.catalogue().await.unwrap();
    let beside = catalogue.offerings.values().find(|offered| offered.offering.key == offer.beside).unwrap();
    let kind = app.platforms.kind(&offer.kind.parse().unwrap()).unwrap();
    let (id, since) = (OfferingId(app.next_id()), app.now().day().plus(-30));
    let row = Offering {
        id,
        key: format!("test_{id}"),
        kind: kind.key.clone(),
        residents_of: None,
        note: Words::new("", ""),
        provider: None,
        ..beside.offering.clone()
    };
    let mut rules = kind.rules;
    (rules.capacity, rules.slot_minutes) = (offer.capacity, offer.minutes);
    change(&mut rules);
    let version = OfferingVersion {
        offering: id,
        version: 1,
        rules,
        valid_from: since,
        valid_until: None,
        author: None,
        created_at: app.now(),
    };
    let line = ScheduleLine {
        weekdays: 0b111_1111,
        from: clock(offer.hours.0),
        to: clock(offer.hours.1),
        slot_minutes: offer.minutes,
        capacity: offer.capacity,
        valid_from: since,
        valid_until: offer.days.map(|days| app.now().day().plus(days + 1)),
    };
    let schedule = ScheduleId(app.next_id());
    app.store
        .write(move |tx| {
            async move {
                tables::insert_offerings(tx, &[row]).await?;
                tables::insert_versions(tx, &[version]).await?;
                tables::insert_schedules(tx, &[(schedule, id, line)]).await?;
                tables::touch(tx).await?;
                Ok::<_, StoreError>(())
            }
            .boxed()
        })
        .await
        .unwrap();
    app.forget_catalogue().await;
    id
}

/// A request for oneself.
pub(crate) fn wish(offering: OfferingId, start: Instant) -> PlaceRequest {
    let form = std::collections::BTreeMap::new();
    PlaceRequest { offering, wanted: start.into(), subject: None, course: None, wait: false, form }
}

/// The same, by somebody who would wait in line.
pub(crate) fn wait(offering: OfferingId, start: Instant) -> PlaceRequest {
    PlaceRequest { wait: true, ..wish(offering, start) }
}

/// `HH:MM`.
pub(crate) fn clock(text: &str) -> TimeOfDay {
    text.parse().expect(text)
}
