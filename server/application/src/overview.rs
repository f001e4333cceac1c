//! A day of an area at a glance, for its staff.

use std::collections::BTreeMap;

use linli_domain::area::AreaCode;
use linli_domain::id::{MeetingId, OfferingId, PersonId, SessionId};
use linli_domain::order::State;
use linli_domain::platform::Shape;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::session::{Meeting, Session, SessionState};
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;
use linli_store::booking::{Order, orders};
use linli_store::overview as tables;

use crate::catalogue::{Catalogue, Offered};
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

/// A meeting of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingLine {
    /// Of which session.
    pub session: SessionId,
    /// What it is called.
    pub title: Words,
    /// Where.
    pub place: Words,
    /// From.
    pub start: Instant,
    /// To.
    pub end: Instant,
    /// People with a seat.
    pub booked: u32,
    /// People who were marked as there.
    pub present: u32,
}

/// A time taken in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomLine {
    /// From.
    pub start: Instant,
    /// To.
    pub end: Instant,
    /// Which room, where they are told apart.
    pub unit: Option<Words>,
    /// By whom.
    pub subject_name: String,
}

/// A day of an area.
#[derive(Debug)]
pub struct Overview {
    /// All offerings and meetings together.
    pub totals: Counts,
    /// Those with orders on the day, sessions apart.
    pub offerings: BTreeMap<OfferingId, Counts>,
    /// Meetings of the day, by beginning.
    pub meetings: Vec<MeetingLine>,
    /// Rooms with times taken on the day.
    pub rooms: BTreeMap<OfferingId, Vec<RoomLine>>,
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
        // Who is still looked for to come to a door waits for providers, not for the place's answer.
        let answers = |id: &OfferingId| {
            catalogue.offerings.get(id).is_some_and(|offered| self.shape_of(offered) != Some(Shape::Dispatch))
        };
        let reads = self.store.reads();
        let (mut totals, mut offerings) = (Counts::default(), BTreeMap::<OfferingId, Counts>::new());
        for count in tables::counts(reads, &there, day).await? {
            if count.state == State::Requested && !answers(&count.offering) {
                continue;
            }
            totals.add(count.state, count.orders);
            offerings.entry(count.offering).or_default().add(count.state, count.orders);
        }
        offerings.retain(|_, counts| *counts != Counts::default());
        let meetings = self.meetings_of(&catalogue, &there, day, &mut totals).await?;
        let prefix = area.significant().to_owned();
        let answering: Vec<OfferingId> = there.iter().copied().filter(answers).collect();
        let asked = tables::requests(reads, &answering, self.now(), SHOWN).await?;
        Ok(Overview {
            totals,
            offerings,
            meetings,
            rooms: self.rooms_of(&catalogue, &there, day).await?,
            calls: tables::open_calls(reads, &prefix).await?,
            first_calls: self.open_calls(&[prefix], None, SHOWN).await?,
            requests: orders::many(reads, &asked).await?,
        })
    }

    fn shape_of(&self, offered: &Offered) -> Option<Shape> {
        self.platforms.kind(&offered.offering.kind).map(|kind| kind.shape)
    }

    /// The meetings of a day, counted into the totals.
    async fn meetings_of(
        &self,
        catalogue: &Catalogue,
        there: &[OfferingId],
        day: Day,
        totals: &mut Counts,
    ) -> Result<Vec<MeetingLine>> {
        let open = |session: &&Session| session.state == SessionState::Open && there.contains(&session.offering);
        let held: Vec<(&Session, &Meeting)> = catalogue
            .sessions
            .values()
            .filter(open)
            .flat_map(|session| session.planned().map(move |meeting| (session, meeting)))
            .filter(|(_, meeting)| meeting.start.day() == day)
            .collect();
        let mut sessions: Vec<SessionId> = held.iter().map(|(session, _)| session.id).collect();
        sessions.dedup();
        let ids: Vec<MeetingId> = held.iter().map(|(_, meeting)| meeting.id).collect();
        let seats = tables::seats(self.store.reads(), &sessions).await?;
        let present: BTreeMap<MeetingId, u32> = tables::present(self.store.reads(), &ids).await?.into_iter().collect();
        for (_, state, orders) in &seats {
            match state {
                State::Waiting => totals.waiting += orders,
                State::Requested => totals.requests += orders,
                _ => {}
            }
        }
        let mut lines = Vec::with_capacity(held.len());
        for (session, meeting) in held {
            let of_session = seats.iter().filter(|(id, state, _)| *id == session.id && has_a_seat(*state));
            let booked = of_session.map(|(_, _, orders)| orders).sum();
            let present = present.get(&meeting.id).copied().unwrap_or(0);
            totals.there += present;
            totals.booked += u32::saturating_sub(booked, present);
            let place = catalogue.place(catalogue.offered(session.offering)?)?;
            lines.push(MeetingLine {
                session: session.id,
                title: session.title.clone(),
                place: place.name.clone(),
                start: meeting.start,
                end: meeting.end,
                booked,
                present,
            });
        }
        lines.sort_by_key(|line| (line.start, line.session));
        Ok(lines)
    }

    /// The rooms with times taken on a day.
    async fn rooms_of(
        &self,
        catalogue: &Catalogue,
        there: &[OfferingId],
        day: Day,
    ) -> Result<BTreeMap<OfferingId, Vec<RoomLine>>> {
        let is_room = |id: &OfferingId| {
            catalogue.offerings.get(id).is_some_and(|offered| self.shape_of(offered) == Some(Shape::Resource))
        };
        let rooms: Vec<OfferingId> = there.iter().copied().filter(is_room).collect();
        let times = tables::room_times(self.store.reads(), &rooms, day).await?;
        let subjects: Vec<PersonId> = times.iter().map(|time| time.subject).collect();
        let people = self.desk_people(subjects).await?;
        let mut lines = BTreeMap::<OfferingId, Vec<RoomLine>>::new();
        for time in times {
            let offered = catalogue.offered(time.offering)?;
            lines.entry(time.offering).or_default().push(RoomLine {
                start: time.start,
                end: time.end,
                unit: time.unit.and_then(|id| offered.unit(id)).map(|unit| unit.name.clone()),
                subject_name: people.get(&time.subject).map(|person| person.name.clone()).unwrap_or_default(),
            });
        }
        Ok(lines)
    }
}

/// Whether an order of a session in this state has one of its seats, or had it to the end.
const fn has_a_seat(state: State) -> bool {
    !matches!(state, State::Requested | State::Waiting | State::Rejected | State::Cancelled | State::Expired)
}
