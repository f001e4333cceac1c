//! A day of an area at a glance, for its staff.

use std::collections::BTreeMap;

use linli_domain::area::AreaCode;
use linli_domain::id::OfferingId;
use linli_domain::order::State;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::Day;
use linli_store::booking::{Order, orders};
use linli_store::overview as tables;

use crate::notices::OpenCall;
use crate::{App, Result};

/// Lines of each list on the page; the totals count all.
const SHOWN: u32 = 50;

/// How many orders stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Booked or held, and not there yet.
    pub booked: u32,
    /// There.
    pub there: u32,
    /// Served.
    pub done: u32,
    /// Not come.
    pub missed: u32,
    /// In line.
    pub waiting: u32,
    /// Asked for, and not answered.
    pub requests: u32,
}

impl Counts {
    fn add(&mut self, state: State, orders: u32) {
        let counter = match state {
            State::Confirmed | State::Held => &mut self.booked,
            State::Underway | State::Reopened => &mut self.there,
            State::Fulfilled | State::Closed => &mut self.done,
            State::NoShow => &mut self.missed,
            State::Waiting => &mut self.waiting,
            State::Requested => &mut self.requests,
            // Whoever has left is of no use to the day.
            State::Rejected | State::Cancelled | State::Expired => return,
        };
        *counter += orders;
    }
}

/// A day of an area.
#[derive(Debug)]
pub struct Overview {
    /// All offerings together.
    pub totals: Counts,
    /// Those with orders on the day.
    pub offerings: BTreeMap<OfferingId, Counts>,
    /// People to call.
    pub calls: u32,
    /// The first of them.
    pub first_calls: Vec<OpenCall>,
    /// Orders of any day that wait for the place's answer, oldest first.
    pub requests: Vec<Order>,
}

impl App {
    /// A day of an area the actor works for.
    ///
    /// # Errors
    /// [`Code::NotFound`] for areas of others.
    pub async fn overview(&self, actor: &Actor, area: &AreaCode, day: Day) -> Result<Overview> {
        let catalogue = self.catalogue().await?;
        if catalogue.areas.get(area).is_none() || !actor.governs(area) {
            return Err(Code::NotFound.into());
        }
        let lies_there = |id: &OfferingId| {
            let place = catalogue.offerings.get(id).and_then(|offered| catalogue.place(offered).ok());
            place.is_some_and(|place| place.area.is_within(area))
        };
        let there: Vec<OfferingId> = catalogue.offerings.keys().copied().filter(lies_there).collect();
        let reads = self.store.reads();
        let (mut totals, mut offerings) = (Counts::default(), BTreeMap::<OfferingId, Counts>::new());
        for count in tables::counts(reads, &there, day).await? {
            totals.add(count.state, count.orders);
            offerings.entry(count.offering).or_default().add(count.state, count.orders);
        }
        offerings.retain(|_, counts| *counts != Counts::default());
        let prefix = area.significant().to_owned();
        let asked = tables::requests(reads, &there, self.now(), SHOWN).await?;
        Ok(Overview {
            totals,
            offerings,
            calls: tables::open_calls(reads, &prefix).await?,
            first_calls: self.open_calls(&[prefix], None, SHOWN).await?,
            requests: orders::many(reads, &asked).await?,
        })
    }
}
