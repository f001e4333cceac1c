//! Handing a place that came free to the first person in line who can take it.

use linli_domain::claim::{Change, Claim, Ledger, Line, PoolKey};
use linli_domain::order::{Event, State, step};
use linli_domain::time::{Instant, Span};
use linli_store::Tx;
use linli_store::audit::{self, AuditEntry};
use linli_store::booking::{Order, OrderEvent, orders};
use linli_store::scarcity::{self, Holding, Needs};
use serde_json::json;

use super::perform::{By, follow_up};
use super::{rules_of, standing};
use crate::catalogue::Catalogue;
use crate::{App, Result};

/// How far down the line one looks for somebody whose time is free. Those further down are found by the sweep.
const LOOKED_AT: u32 = 20;

/// Somebody in line, and what taking the place would change.
pub(super) struct Heir {
    order: Order,
    limits: Vec<Claim>,
    gains: Vec<Claim>,
    until: Instant,
    pub(super) change: Change,
}

impl Heir {
    /// What they hold once they have the place.
    pub(super) fn holding(&self) -> Holding {
        let claims = self.limits.iter().chain(&self.gains).cloned().collect();
        Holding { order: self.order.id, claims, is_new: false }
    }

    /// Writes the held place down, tells them, and comes back at the deadline.
    pub(super) async fn receive(mut self, app: &App, tx: &Tx, catalogue: &Catalogue, now: Instant) -> Result<()> {
        let event = Event::Hold { until: self.until };
        let decided = step(
            &standing(&self.order, rules_of(catalogue, &self.order)?, app.kind_of(&self.order)?.shape),
            event,
            By::SYSTEM.acting,
            now,
        )?;
        let from = self.order.state;
        self.order.version += 1;
        self.order.state = decided.to;
        self.order.held_until = Some(self.until);
        self.order.changed_at = now;
        orders::update(tx, &self.order).await?;
        let line = OrderEvent {
            order: self.order.id,
            number: self.order.version,
            at: now,
            event: event.key().to_owned(),
            from: Some(from),
            to: decided.to,
            actor: None,
            acting_as: By::SYSTEM.acting,
            detail: json!({ "until": self.until }),
        };
        orders::add_events(tx, &[line]).await?;
        follow_up(app, tx, &self.order, &decided.effects, now).await?;
        let entry = AuditEntry::new(app.next_id(), now, None, By::SYSTEM.acting, "order.held")
            .about(self.order.subject)
            .on(self.order.id.0);
        Ok(audit::record(tx, entry).await?)
    }
}

/// The first people in line of a pool, locked, with what each would take.
pub(super) async fn heirs(app: &App, tx: &Tx, catalogue: &Catalogue, pool: &PoolKey) -> Result<Vec<Heir>> {
    let now = app.now();
    let ids = orders::in_line(tx, pool, LOOKED_AT).await?;
    let mut waiting = orders::lock(tx, &ids).await?;
    waiting.retain(|order| order.state == State::Waiting && order.pool == *pool);
    waiting.sort_by_key(|order| order.line_number);
    let held = scarcity::holdings(tx, &ids).await?;
    let mut heirs = Vec::new();
    for order in waiting {
        let hold = Span::minutes(i64::from(rules_of(catalogue, &order)?.hold_minutes));
        let (needed, closes) = app.waited_for(catalogue, &order)?;
        // Too late to be of use: the line ends with booking.
        if now >= closes {
            continue;
        }
        let until = (now + hold).min(closes);
        // The place and the person's time; the limits they hold since they joined the line.
        let place = needed.ways.into_iter().next().map(|way| way.claims).unwrap_or_default();
        let gains: Vec<Claim> = place.into_iter().chain(needed.time).collect();
        let change = Change {
            take: gains.clone(),
            line: Some(Line::Leave { pool: pool.clone() }),
            from_line: true,
            ..Change::default()
        };
        let limits = held.get(&order.id).cloned().unwrap_or_default();
        heirs.push(Heir { order, limits, gains, until, change });
    }
    Ok(heirs)
}

/// Gives places to those who can take them, in the order of the line, until none is left.
pub(super) fn inherit(ledger: &mut Ledger, heirs: Vec<Heir>) -> Vec<Heir> {
    heirs.into_iter().filter(|heir| ledger.apply(&heir.change).is_ok()).collect()
}

/// Hands on places of a pool that are free while people wait, because whoever was first could not take one a moment
/// ago. Answers how many were handed on.
pub(super) async fn promote(app: &App, tx: &Tx, catalogue: &Catalogue, pool: &PoolKey) -> Result<usize> {
    let now = app.now();
    let heirs = heirs(app, tx, catalogue, pool).await?;
    let mut needs = Needs::default();
    heirs.iter().for_each(|heir| needs.change(&heir.change));
    let chosen = scarcity::settle(tx, &needs, |ledger| {
        let chosen = inherit(ledger, heirs);
        let holdings = chosen.iter().map(Heir::holding).collect();
        (chosen, holdings)
    })
    .await?;
    let count = chosen.len();
    for heir in chosen {
        heir.receive(app, tx, catalogue, now).await?;
    }
    Ok(count)
}
