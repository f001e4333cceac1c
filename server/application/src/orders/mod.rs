//! Orders: placing, and everything that happens to them afterwards.

pub mod act;
pub mod closure;
pub(crate) mod desk;
pub(crate) mod hand_on;
mod next;
pub(crate) mod perform;
pub mod place;
pub mod queue;
pub mod series;
pub mod sweep;
pub mod target;
pub mod tell;
pub mod view;

use linli_domain::id::{OrderId, PersonId};
use linli_domain::order::{ActingAs, Standing};
use linli_domain::platform::{Rules, Shape};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::Span;
use linli_store::booking::orders;
pub use linli_store::booking::{Order, OrderEvent};

use crate::catalogue::Catalogue;
use crate::people::household;
use crate::{App, Failure, Result};

/// What [`linli_domain::order::step`] needs to know of a stored order.
fn standing(order: &Order, rules: &Rules, shape: Shape) -> Standing {
    let late =
        if shape == Shape::Resource && rules.release_minutes > 0 { rules.release_minutes } else { rules.late_minutes };
    Standing {
        state: order.state,
        starts_at: order.starts_at,
        ends_at: order.ends_at,
        changes_until: order.changes_until,
        held_until: order.held_until,
        changed_at: order.changed_at,
        check_in_from: order.starts_at - Span::minutes(i64::from(rules.check_in_minutes_before)),
        late_from: order.starts_at + Span::minutes(i64::from(late)),
        silence: Span::days(i64::from(rules.close_after_days)),
        reusable: shape == Shape::Resource,
        asks: rules.approval,
        ends_itself: matches!(shape, Shape::Resource | Shape::Session),
    }
}

/// The rules an order was placed under.
pub(crate) fn rules_of<'a>(catalogue: &'a Catalogue, order: &Order) -> Result<&'a Rules> {
    catalogue
        .offerings
        .get(&order.offering)
        .and_then(|offered| offered.rules_of(order.offering_version))
        .ok_or_else(|| Failure::Fault(format!("order {} was placed under rules that are gone", order.id)))
}

impl App {
    /// An order as the subject or their guardian may see it, and in what capacity. Anybody else's does not exist.
    pub(crate) async fn own_order(&self, actor: &Actor, id: OrderId) -> Result<(Order, ActingAs)> {
        let order = orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        match self.capacity_for(actor, order.subject).await? {
            Some(acting) => Ok((order, acting)),
            None => Err(Code::NotFound.into()),
        }
    }

    /// An order as staff may see it: of an offering they serve.
    pub(crate) async fn served_order(&self, actor: &Actor, id: OrderId) -> Result<Order> {
        let order = orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        if actor.serves(order.organisation, &order.area) { Ok(order) } else { Err(Code::NotFound.into()) }
    }

    /// In what capacity somebody acts for a person without being staff: as themselves or as a guardian.
    pub(crate) async fn capacity_for(&self, actor: &Actor, subject: PersonId) -> Result<Option<ActingAs>> {
        if subject == actor.person {
            return Ok(Some(ActingAs::Resident));
        }
        // On their eighteenth birthday they act for themselves.
        let minor = household::ward(self.store.reads(), actor.person, subject, self.now()).await?;
        Ok(minor.map(|_| ActingAs::Guardian))
    }
}
