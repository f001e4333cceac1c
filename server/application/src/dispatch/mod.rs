//! Somebody comes: what is asked for, how somebody is found, and what whoever comes does.
//!
//! A request is placed like every other order ([`request`]). Then a job looks for somebody ([`look`]) in the ways of the
//! kind: offers to the best suited, the board, a batch assignment, the responsible company, staff. Whoever accepts
//! ([`accept`]) claims the job, their own time with the way there, and one of their open jobs, all in one step: there is
//! one winner, always. What happens to the order afterwards, the visit follows ([`follow`]).

pub mod accept;
pub mod address;
pub(crate) mod away;
pub mod circle;
pub mod desk;

pub(crate) mod follow;
pub mod look;
pub(crate) mod offer;
pub mod request;
pub(crate) mod suit;
pub(crate) mod tell;
pub mod view;
pub mod way;

pub use accept::Accept;
pub use linli_store::market::candidates::Candidate;
pub use request::{VisitPreview, VisitRequest, When};
pub use view::{JobView, OfferedView, VisitView};

use linli_domain::id::{OrderId, PersonId};
use linli_domain::order::Event;
use linli_domain::platform::{Kind, VisitTerms};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::visit::{VisitEvent, step};
use linli_store::Tx;
use linli_store::booking::{Order, orders};
use linli_store::market::candidates::{self, Among};
use linli_store::market::visits::{self, Visit};

use crate::catalogue::Catalogue;
use crate::orders::perform::{Act, By, NotPerformed, perform};
use crate::{App, Failure, Result};

/// What a visit of a kind is like.
pub(crate) fn terms(kind: &Kind) -> Result<&VisitTerms, Failure> {
    kind.visit.as_ref().ok_or_else(|| Failure::Fault(format!("{} is no visit", kind.key)))
}

/// Makes a step of a visit whose rows are locked, and of its order with it. What is to be written of the visit beside
/// its state, the caller has written into it before.
pub(crate) async fn step_both(
    app: &App,
    tx: &Tx,
    catalogue: &Catalogue,
    order: Order,
    visit: &mut Visit,
    event: VisitEvent,
    act: Act,
) -> Result<Order, NotPerformed> {
    visit.state = step(visit.state, event)?;
    // The visit first: what follows from the order's step finds it as it is.
    visits::update(tx, &[visit]).await?;
    perform(app, tx, catalogue, order, act).await
}

/// A step of the order that goes along with one of the visit; a line of the timeline where the order has none.
pub(crate) fn act_of(event: VisitEvent, called: &'static str, by: By) -> Act {
    match event.of_order() {
        Some(event) => Act::new(event, by),
        None => Act { called: Some(called), ..Act::new(Event::Note, by) },
    }
}

impl App {
    /// The worker somebody is, as matching sees them for a kind and a person.
    pub(crate) async fn worker_for(&self, actor: &Actor, visit: &Visit, subject: PersonId) -> Result<Candidate> {
        let own = candidates::worker_of(self.store.reads(), actor.person).await?.ok_or(Code::NotFound)?;
        let day = visit.from.day();
        let found = candidates::of_kind(self.store.reads(), Among::One(own), &visit.kind, subject, day).await?;
        found.into_iter().next().ok_or_else(|| Code::NotFound.into())
    }

    /// An order that is a visit, with it.
    pub(crate) async fn visit_of(&self, id: OrderId) -> Result<(Order, Visit)> {
        let order = orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let visit = visits::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        Ok((order, visit))
    }
}
