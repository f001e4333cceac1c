//! What somebody asks for, whatever its shape, looked up in the catalogue: when it is, what it costs, by which rules,
//! and what it claims.

use linli_domain::claim::PoolKey;
use linli_domain::eligibility::may_have;
use linli_domain::id::{OfferingId, OrderId, PersonId, SessionId, UnitId};
use linli_domain::needed::Needed;
use linli_domain::order::Event;
use linli_domain::person::{Person, Verification};
use linli_domain::platform::{Kind, Rules, Shape};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::resource::Run;
use linli_domain::session::{self, Form, Session};
use linli_domain::slot::{self, Door, Slot};
use linli_domain::time::{Day, Instant, Span};
use linli_domain::visit;
use linli_store::booking::Order;
use serde::Serialize;

use super::rules_of;
use crate::catalogue::{Catalogue, Offered};
use crate::{App, Failure, Result};

/// What is asked of an offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Wanted {
    /// A place at a time.
    Slot {
        /// The beginning of the slot.
        start: Instant,
    },
    /// A room, a table, a place, from–to.
    Run {
        /// From.
        start: Instant,
        /// To.
        end: Instant,
        /// Which room or table; any when none is named.
        unit: Option<UnitId>,
    },
    /// A seat.
    Session {
        /// In which session.
        id: SessionId,
    },
    /// Somebody who comes.
    Visit {
        /// From when.
        from: Instant,
        /// By when it should be over.
        until: Instant,
    },
}

impl Wanted {
    /// The day it is on, where it is on one.
    pub(super) fn day(&self) -> Option<Day> {
        match self {
            Self::Slot { start } | Self::Run { start, .. } | Self::Visit { from: start, .. } => Some(start.day()),
            Self::Session { .. } => None,
        }
    }
}

impl From<Instant> for Wanted {
    fn from(start: Instant) -> Self {
        Self::Slot { start }
    }
}

/// What it is, by shape.
enum What<'a> {
    Slot(Slot),
    /// With the rooms or tables that would do.
    Run(Run, Vec<UnitId>),
    Session(&'a Session),
    /// A visit, which claims nothing but limits until somebody accepts it.
    Visit,
}

/// What is asked for, as it is now.
pub(crate) struct Target<'a> {
    pub(crate) offered: &'a Offered,
    pub(crate) kind: &'a Kind,
    /// The version of the offering's rules, and the rules.
    pub(crate) version: i32,
    pub(crate) rules: &'a Rules,
    pub(crate) start: Instant,
    pub(crate) end: Instant,
    /// What a line waits for.
    pub(crate) pool: PoolKey,
    pub(crate) price_fen: i64,
    /// The visit that makes it a revisit, and its day.
    pub(crate) revisit_of: Option<(OrderId, Day)>,
    what: What<'a>,
}

impl App {
    /// Looks up what is asked for.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::SlotUnknown`], [`Code::OfferingClosed`], [`Code::SpanInvalid`], or that the kind
    /// cannot be ordered at all.
    pub(crate) fn target<'a>(
        &'a self,
        catalogue: &'a Catalogue,
        offering: OfferingId,
        wanted: &Wanted,
    ) -> Result<Target<'a>, Refusal> {
        let offered = catalogue.offered(offering)?;
        let kind = self.orderable(offered)?;
        match (kind.shape, wanted) {
            (Shape::Slot, Wanted::Slot { start }) => {
                let (slot, version, rules) = offered.slot_at(&catalogue.holidays, *start)?;
                let pool = PoolKey::slot(offering, slot.start);
                let (start, end, price_fen) = (slot.start, slot.end, rules.price_fen);
                Ok(Target {
                    offered,
                    kind,
                    version,
                    rules,
                    start,
                    end,
                    pool,
                    price_fen,
                    revisit_of: None,
                    what: What::Slot(slot),
                })
            }
            (Shape::Resource, Wanted::Run { start, end, unit }) => {
                let day = start.day();
                let (version, rules) = offered.rules_on(day).ok_or(Code::OfferingClosed)?;
                let run = Run::new(&offered.slots(&catalogue.holidays, day), *start, *end, rules)?;
                let units: Vec<UnitId> = offered.units_on(day).map(|unit| unit.id).collect();
                let wanted = match unit {
                    Some(unit) if units.contains(unit) => vec![*unit],
                    Some(_) => return Err(Refusal::new(Code::SlotUnknown).field("unit_id")),
                    None if offered.has_units() && units.is_empty() => return Err(Code::OfferingClosed.into()),
                    None => units,
                };
                let (pool, price_fen) = (PoolKey::slot(offering, *start), run.price_fen(rules));
                let (start, end, what) = (*start, *end, What::Run(run, wanted));
                Ok(Target { offered, kind, version, rules, start, end, pool, price_fen, revisit_of: None, what })
            }
            (Shape::Session, Wanted::Session { id }) => {
                let session = catalogue.session(*id)?;
                if session.offering != offering {
                    return Err(Refusal::new(Code::NotFound).field("session_id"));
                }
                let (first, last) = session.span().unwrap_or_default();
                let (version, rules) = offered
                    .rules_on(first.day())
                    .or_else(|| offered.rules_on(self.now().day()))
                    .ok_or(Code::OfferingClosed)?;
                let coming = session.planned().find(|meeting| meeting.end > self.now());
                let start = coming.map_or(first, |meeting| meeting.start);
                let end = if session.form == Form::Group { session::FAR } else { last };
                let (pool, price_fen) = (PoolKey::seats(session.id), session.price_fen);
                let what = What::Session(session);
                Ok(Target { offered, kind, version, rules, start, end, pool, price_fen, revisit_of: None, what })
            }
            (Shape::Dispatch, Wanted::Visit { from, until }) => {
                let (version, rules) = offered.rules_on(from.day()).ok_or(Code::OfferingClosed)?;
                Ok(Target {
                    offered,
                    kind,
                    version,
                    rules,
                    start: *from,
                    end: *until,
                    pool: PoolKey::visits(offering),
                    price_fen: rules.price_fen,
                    revisit_of: None,
                    what: What::Visit,
                })
            }
            // The kind is ordered in another way: a page that is out of date.
            _ => Err(Refusal::new(Code::SlotUnknown).field("start")),
        }
    }

    /// What an order that waits needs to have its place, and when it is too late for that.
    pub(super) fn waited_for(&self, catalogue: &Catalogue, order: &Order) -> Result<(Needed, Instant)> {
        let kind = self.kind_of(order)?;
        let rules = rules_of(catalogue, order)?;
        if let Some(id) = order.session {
            let session = catalogue.sessions.get(&id).ok_or_else(|| gone(order, "session"))?;
            let needed = session::needed(session, kind, order.subject, self.now());
            return Ok((needed, session::closes_at(session, rules)));
        }
        let slot = Slot { start: order.starts_at, end: order.ends_at, capacity: 0, off: false };
        let needed = slot::needed(order.offering, kind, &slot, order.subject);
        Ok((needed, slot::closes_at(order.starts_at, rules)))
    }

    /// The kind of an order.
    pub(crate) fn kind_of(&self, order: &Order) -> Result<&Kind> {
        self.platforms.kind(&order.kind).ok_or_else(|| gone(order, "kind"))
    }
}

fn gone(order: &Order, what: &str) -> Failure {
    Failure::Fault(format!("order {} is of a {what} that is gone", order.id))
}

impl Target<'_> {
    /// Whether it can be booked at all through a door, before looking at what is left.
    pub(crate) fn bookable(&self, door: Door, now: Instant) -> Result<(), Refusal> {
        match &self.what {
            What::Slot(slot) => slot::bookable(slot, self.rules, door, now)?,
            What::Run(..) => {
                let whole = Slot { start: self.start, end: self.end, capacity: 1, off: false };
                slot::bookable(&whole, self.rules, door, now)?;
            }
            What::Session(session) => session::bookable(session, self.rules, door, now)?,
            What::Visit => return visit::may_ask(self.start, self.end, self.rules, now),
        }
        let from = self.start - Span::minutes(i64::from(self.rules.check_in_minutes_before));
        if door == Door::WalkIn && now < from {
            return Err(Refusal::new(Code::CheckInTooEarly).with("from", from));
        }
        Ok(())
    }

    /// Whether it is for somebody: age, residence, what is verified.
    pub(crate) fn is_for(
        &self,
        catalogue: &Catalogue,
        person: &Person,
        verified: &[Verification],
        now: Instant,
    ) -> Result<()> {
        let mut asked = catalogue.asked(self.offered, self.kind)?;
        if let What::Session(session) = self.what {
            // The day of each meeting counts, not only the first.
            session::of_age(session, self.kind, person, now)?;
            if let Some(area) = session.residents_of.as_ref().and_then(|code| catalogue.areas.get(code)) {
                asked.residents_of = Some((&area.code, &area.name));
            }
        }
        Ok(may_have(&asked, person, verified, self.start.day(), now)?)
    }

    /// What somebody needs to have it.
    pub(crate) fn needed(&self, subject: PersonId, now: Instant) -> Needed {
        let offering = self.offered.offering.id;
        match &self.what {
            What::Slot(slot) => slot::needed(offering, self.kind, slot, subject),
            What::Run(run, wanted) => {
                let units = self.offered.has_units().then_some(wanted.as_slice());
                run.needed(offering, self.kind, self.rules, units, subject)
            }
            What::Session(session) => session::needed(session, self.kind, subject, now),
            What::Visit => visit::needed(self.kind, subject, self.start, self.end),
        }
    }

    /// Lowers the price where it is a revisit: somebody served here at full price on that day, not too long before.
    /// Any number of revisits follow from one such visit.
    pub(super) fn follows(&mut self, visit: Option<(OrderId, Day)>) {
        let days = i32::from(self.rules.revisit_days);
        let today = self.start.day();
        self.revisit_of = visit.filter(|(_, day)| days > 0 && *day <= today && today <= day.plus(days));
        if self.revisit_of.is_some() {
            self.price_fen = self.rules.revisit_price_fen;
        }
    }

    /// Until when it can be undone without calling.
    pub(crate) fn changes_until(&self, now: Instant) -> Instant {
        match self.what {
            What::Session(session) => session::changes_until(session, self.rules, now),
            // Until somebody is on the way, which the visit knows.
            What::Visit => self.end,
            _ => slot::changes_until(self.start, self.rules, now),
        }
    }

    /// The longest line, where there is one. Nobody waits for a room: another time will do.
    pub(crate) fn line(&self) -> Option<u32> {
        (self.rules.line && matches!(self.kind.shape, Shape::Slot | Shape::Session)).then_some(self.rules.max_line)
    }

    /// What placing it is: most places are given out at once, some are asked for.
    pub(crate) fn first_event(&self, door: Door) -> Event {
        // Staff who book have said yes.
        if self.kind.shape == Shape::Dispatch || self.rules.approval && door == Door::Online {
            Event::Request
        } else {
            Event::Place
        }
    }

    /// The session it is a seat in.
    pub(crate) fn session(&self) -> Option<SessionId> {
        match self.what {
            What::Session(session) => Some(session.id),
            _ => None,
        }
    }
}
