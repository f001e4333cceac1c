//! Who is there: the list of a day for services without numbers and calls, such as day care.

use linli_domain::id::OfferingId;
use linli_domain::order::State;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant, Span};
use linli_store::booking::attendance::{self, Times};
use linli_store::booking::{Order, orders};

use crate::{App, Result};

/// Where somebody is, those first whom somebody should look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// They should be there by now.
    Missing,
    /// They are to come.
    Expected,
    /// They are there.
    There,
    /// They have left.
    Gone,
    /// They were counted as not come.
    NotCome,
}

impl Presence {
    fn of(order: &Order, late_from: Instant, now: Instant) -> Option<Self> {
        match order.state {
            State::Confirmed if now >= late_from => Some(Self::Missing),
            State::Confirmed | State::Held => Some(Self::Expected),
            State::Underway | State::Reopened => Some(Self::There),
            State::Fulfilled | State::Closed => Some(Self::Gone),
            State::NoShow => Some(Self::NotCome),
            State::Requested | State::Waiting | State::Rejected | State::Cancelled | State::Expired => None,
        }
    }
}

/// Somebody on the list.
#[derive(Debug, Clone)]
pub struct Attendee {
    /// Their order.
    pub order: Order,
    /// Where they are.
    pub presence: Presence,
    /// When they came and left.
    pub times: Times,
}

impl App {
    /// The people of an offering's day: those who are missing first, then those to come, those there, and the rest.
    ///
    /// # Errors
    /// [`Code::NotFound`] for offerings of other desks.
    pub async fn attendance(&self, actor: &Actor, offering: OfferingId, day: Day) -> Result<Vec<Attendee>> {
        let catalogue = self.catalogue().await?;
        let offered = catalogue.offered(offering)?;
        if !catalogue.serves(actor, offered) {
            return Err(Code::NotFound.into());
        }
        let (reads, now) = (self.store.reads(), self.now());
        let booked = orders::of_day(reads, offering, day).await?;
        let ids: Vec<_> = booked.iter().map(|order| order.id).collect();
        let mut times = attendance::times(reads, &ids).await?;
        let mut list: Vec<Attendee> = booked
            .into_iter()
            .filter_map(|order| {
                let late = offered.rules_of(order.offering_version).map_or(0, |rules| rules.late_minutes);
                let late_from = order.starts_at + Span::minutes(i64::from(late));
                let presence = Presence::of(&order, late_from, now)?;
                Some(Attendee { presence, times: times.remove(&order.id).unwrap_or_default(), order })
            })
            .collect();
        list.sort_by_key(|one| (one.presence, one.order.starts_at, one.order.id));
        Ok(list)
    }
}
