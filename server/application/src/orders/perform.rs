//! One step of one order, with everything that follows from it, inside the caller's transaction.

use linli_domain::claim::{Change, Claim, Line, PoolKey, Shortage};
use linli_domain::id::{AccountId, JobId, OfferingId, OrderId, OrganisationId, PersonId};
use linli_domain::needed::Needed;
use linli_domain::order::{ActingAs, Effect, Event, Step, step};
use linli_domain::platform::Shape;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::slot::undo_until;
use linli_domain::time::Instant;
use linli_store::audit::{self, AuditEntry};
use linli_store::booking::{Order, OrderEvent, orders, standing as record};
use linli_store::scarcity::{self, Holding, Needs};
use linli_store::{StoreError, Tx, jobs};
use serde_json::json;

use super::hand_on::{Heir, heirs, inherit};
use super::target::Target;
use super::tell::tell_job;
use super::{rules_of, standing};
use crate::catalogue::Catalogue;
use crate::{App, Failure, Result, courses, dispatch, live};

/// Who makes a step, and in what capacity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct By {
    /// The account; none is the system.
    pub account: Option<AccountId>,
    /// The capacity.
    pub acting: ActingAs,
}

impl By {
    /// A job.
    pub(crate) const SYSTEM: Self = Self { account: None, acting: ActingAs::System };
}

/// A step to make.
pub(crate) struct Act {
    pub event: Event,
    pub by: By,
    /// The time it leads to, when it leads to another.
    pub new_time: Option<NewTime>,
    /// Particulars for the timeline, a JSON object.
    pub detail: serde_json::Value,
    /// What it takes on top of what the order holds: the time of whoever comes.
    pub take: Vec<Claim>,
    /// The pools it gives back what it holds of: the limits of a day that is no longer its own.
    pub give: Vec<PoolKey>,
    /// What the timeline calls it, where the event is too general.
    pub called: Option<&'static str>,
    /// Who serves from now on, and when: of a visit that somebody will come to.
    pub served: Option<(OrganisationId, Instant, Instant)>,
}

impl Act {
    /// A step without particulars.
    pub(crate) fn new(event: Event, by: By) -> Self {
        Self {
            event,
            by,
            new_time: None,
            detail: json!({}),
            take: Vec::new(),
            give: Vec::new(),
            called: None,
            served: None,
        }
    }

    pub(crate) fn to(mut self, new_time: NewTime) -> Self {
        self.new_time = Some(new_time);
        self
    }

    pub(crate) fn taking(mut self, take: Vec<Claim>) -> Self {
        self.take = take;
        self
    }

    pub(crate) fn giving(mut self, give: Vec<PoolKey>) -> Self {
        self.give = give;
        self
    }

    /// Who serves from now on, from when to when.
    pub(crate) fn serving(mut self, organisation: OrganisationId, start: Instant, end: Instant) -> Self {
        self.served = Some((organisation, start, end));
        self
    }

    /// A line of the timeline that changes no state.
    pub(crate) fn note(called: &'static str, by: By) -> Self {
        Self { called: Some(called), ..Self::new(Event::Note, by) }
    }

    pub(crate) fn saying(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}

/// Another time an order gets, by moving or because its own was taken away.
pub(crate) struct NewTime {
    pub offering: OfferingId,
    pub offering_version: i32,
    pub start: Instant,
    pub end: Instant,
    pub pool: PoolKey,
    pub needed: Needed,
    pub changes_until: Instant,
    pub price_fen: i64,
    pub revisit_of: Option<OrderId>,
}

impl NewTime {
    /// That of somebody who gets what is asked for.
    pub(crate) fn of(target: &Target<'_>, subject: PersonId, now: Instant) -> Self {
        Self {
            offering: target.offered.offering.id,
            offering_version: target.version,
            start: target.start,
            end: target.end,
            pool: target.pool.clone(),
            needed: target.needed(subject, now),
            changes_until: target.changes_until(now),
            price_fen: target.price_fen,
            revisit_of: target.revisit_of.map(|(id, _)| id),
        }
    }
}

/// Why a step was not made: a refusal or a fault, or claims that could not be had.
pub(crate) enum NotPerformed {
    Failed(Failure),
    Short(Shortage),
}

impl From<Failure> for NotPerformed {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Refusal> for NotPerformed {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal.into())
    }
}

impl From<StoreError> for NotPerformed {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Makes a step of an order that [`orders::lock`] locked in this transaction: decides it, gives back and takes
/// claims, hands a place on to the first in line, writes the order, its timeline, the audit, and the jobs that tell
/// people and come back later.
pub(crate) async fn perform(
    app: &App,
    tx: &Tx,
    catalogue: &Catalogue,
    mut order: Order,
    act: Act,
) -> Result<Order, NotPerformed> {
    let Act { event, by, mut new_time, mut detail, take, give, called, served } = act;
    let now = app.now();
    let shape = app.kind_of(&order)?.shape;
    let Step { to, effects } = step(&standing(&order, rules_of(catalogue, &order)?, shape), event, by.acting, now)
        .map_err(|refusal| whom_to_call(app, catalogue, &order, refusal))?;
    let had = order.course.filter(|_| event == Event::Finish);
    if let Some((course, _)) = had {
        courses::lock(tx, course).await?;
    }
    let held = scarcity::holdings(tx, &[order.id]).await?.remove(&order.id).unwrap_or_default();
    if let Some(new) = &mut new_time {
        // At another time it is still the same visit of its course.
        new.needed.limits.extend(held.iter().filter(|claim| is_of_course(claim)).cloned());
    }
    let (mut change, mut kept) = claims_of(&order, shape, &held, &effects, new_time.is_some());
    change.give.extend(kept.extract_if(.., |claim| matches!(claim, Claim::Place { pool, .. } if give.contains(pool))));
    kept.extend(take.iter().cloned());
    change.take = take;
    let retaken = |pool: &PoolKey| {
        new_time.as_ref().is_some_and(|new| new.needed.touched().any(|claim| place_pool(claim) == Some(pool)))
    };
    let freed = change.give.iter().find_map(place_pool).filter(|pool| !retaken(pool));
    let heirs = match freed {
        Some(pool) => heirs(app, tx, catalogue, pool).await?,
        None => Vec::new(),
    };

    let mut needs = Needs::default();
    needs.change(&change);
    new_time.iter().flat_map(|new| new.needed.touched()).for_each(|claim| needs.claim(claim));
    heirs.iter().for_each(|heir| needs.change(&heir.change));
    let id = order.id;
    let freed = freed.cloned();
    let outcome = scarcity::settle(tx, &needs, |ledger| {
        let taken = match &new_time {
            Some(new) => new.needed.take(ledger, &change),
            None => ledger.apply(&change).map(|_| (order.unit, kept)),
        };
        let (unit, claims) = match taken {
            Ok(taken) => taken,
            Err(shortage) => return (Err(shortage), Vec::new()),
        };
        let mut holdings = Vec::new();
        if new_time.is_some() || !change.give.is_empty() || !change.take.is_empty() {
            holdings.push(Holding { order: id, claims, is_new: false });
        }
        let chosen = inherit(ledger, heirs);
        holdings.extend(chosen.iter().map(Heir::holding));
        let left = freed.filter(|key| ledger.pool(key).is_some_and(|pool| pool.waiting > 0 && pool.free() > 0));
        (Ok((chosen, left, unit)), holdings)
    })
    .await?;
    let (chosen, left, unit) = outcome.map_err(NotPerformed::Short)?;

    let from = order.state;
    order.version += 1;
    order.state = to;
    order.changed_at = now;
    order.held_until = match event {
        Event::Hold { until } | Event::Displace { until } => Some(until),
        _ => None,
    };
    if to.is_over() && matches!(event, Event::Cancel | Event::Decline | Event::Expire | Event::Reject) {
        order.left_by = Some(by.acting);
    }
    if matches!(event, Event::Accept) {
        order.changes_until = order.changes_until.max(undo_until(order.starts_at, now));
    }
    if let Some(new) = new_time {
        detail["from"] = json!(order.starts_at);
        detail["start"] = json!(new.start);
        order.pool = new.pool;
        order.unit = unit;
        (order.starts_at, order.ends_at) = (new.start, new.end);
        order.changes_until = new.changes_until;
        if order.price_fen != new.price_fen {
            orders::reprice(tx, order.id, new.price_fen).await?;
        }
        order.price_fen = new.price_fen;
        order.revisit_of = new.revisit_of;
        order.offering_version = new.offering_version;
        if order.offering != new.offering {
            order.offering = new.offering;
            let offered = catalogue.offered(new.offering)?;
            order.organisation = offered.offering.organisation;
            order.place = offered.offering.place;
            order.area = catalogue.place(offered)?.area.clone();
        }
    }
    if let Some((organisation, start, end)) = served {
        (order.organisation, order.starts_at, order.ends_at) = (organisation, start, end);
    }
    dispatch::follow::reopening(tx, &mut order, event, now).await?;
    orders::update(tx, &order).await?;
    let line = OrderEvent {
        order: order.id,
        number: order.version,
        at: now,
        event: called.unwrap_or(event.key()).to_owned(),
        from: Some(from),
        to,
        actor: by.account,
        acting_as: by.acting,
        detail,
    };
    orders::add_events(tx, &[line]).await?;
    live::order_changed(app, tx, &order, now).await?;
    follow_up(app, tx, &order, &effects, now).await?;
    dispatch::follow::order_stepped(app, tx, &order, event, by).await?;
    if let Some(visit) = had {
        courses::finished(app, tx, &order, visit, by.account).await?;
    }
    let entry = AuditEntry::new(app.next_id(), now, by.account, by.acting, audit_action(event))
        .about(order.subject)
        .on(order.id.0);
    audit::record(tx, entry).await?;
    for heir in chosen {
        heir.receive(app, tx, catalogue, now).await?;
    }
    if let Some(pool) = left {
        // Somebody joined the line after it was read, or nobody at its head could take the place: look again at once.
        let id = JobId(app.next_id());
        let job = jobs::NewJob {
            id,
            kind: "line.hand_on".into(),
            payload: json!({ "pool": pool.0 }),
            unique_key: Some(format!("line.hand_on/{id}")),
            run_at: now,
            created_at: now,
        };
        jobs::enqueue(tx, &[job]).await?;
    }
    Ok(order)
}

/// Whoever is too late is told whom to call: the desk of the place.
fn whom_to_call(app: &App, catalogue: &Catalogue, order: &Order, refusal: Refusal) -> Refusal {
    if refusal.code != Code::DeadlinePassed {
        return refusal;
    }
    let place = catalogue.places.get(&order.place);
    let phone = place.map_or_else(|| app.settings.help_phone.clone(), |place| place.phone.clone());
    refusal.with("phone", phone)
}

/// What the order gives back, and what it holds afterwards unless it gets another time.
fn claims_of(order: &Order, shape: Shape, held: &[Claim], effects: &[Effect], moves: bool) -> (Change, Vec<Claim>) {
    let mut change = Change::default();
    let mut kept = held.to_vec();
    if effects.contains(&Effect::LeaveLine) {
        change.line = Some(Line::Leave { pool: order.pool.clone() });
    }
    if moves || effects.contains(&Effect::ReleaseAll) {
        change.give = std::mem::take(&mut kept);
    } else if effects.contains(&Effect::ReleaseOpenLimit) {
        // Whoever has come is free again, however early they are done.
        let is_open = |claim: &Claim| match claim {
            Claim::Place { pool, .. } => pool.is_open_limit(),
            Claim::Time { owner, .. } => shape == Shape::Dispatch && *owner != order.subject.0,
        };
        (change.give, kept) = kept.into_iter().partition(is_open);
    } else if effects.contains(&Effect::ReleaseWork) {
        // Whose time it is tells them apart: the subject's stays theirs.
        let is_work = |claim: &Claim| match claim {
            Claim::Place { pool, .. } => pool.is_work(),
            Claim::Time { owner, .. } => *owner != order.subject.0,
        };
        (change.give, kept) = kept.into_iter().partition(is_work);
    }
    (change, kept)
}

fn is_of_course(claim: &Claim) -> bool {
    matches!(claim, Claim::Place { pool, .. } if pool.is_course())
}

fn place_pool(claim: &Claim) -> Option<&PoolKey> {
    match claim {
        Claim::Place { pool, .. } if pool.is_place() => Some(pool),
        _ => None,
    }
}

/// The effects that are work for later.
pub(super) async fn follow_up(app: &App, tx: &Tx, order: &Order, effects: &[Effect], now: Instant) -> Result<()> {
    let mut later = Vec::new();
    for effect in effects {
        let job = |kind: &str, run_at| jobs::NewJob {
            id: JobId(app.next_id()),
            kind: kind.to_owned(),
            payload: json!({ "order": order.id, "version": order.version }),
            unique_key: Some(format!("{kind}/{}/{}", order.id, order.version)),
            run_at,
            created_at: now,
        };
        match effect {
            Effect::Tell => later.push(tell_job(JobId(app.next_id()), order.id, order.version, false, now)),
            Effect::TellUrgently => later.push(tell_job(JobId(app.next_id()), order.id, order.version, true, now)),
            Effect::ExpireAt(at) => later.push(job("order.expire", *at)),
            Effect::LapseAt(at) => later.push(job("order.lapse", *at)),
            Effect::Strike => {
                if let Some(rule) = app.platforms.kind(&order.kind).and_then(|kind| kind.no_show) {
                    record::strike(tx, order.id, order.subject, &order.kind, rule, now).await?;
                }
            }
            Effect::ReleaseAll | Effect::ReleaseOpenLimit | Effect::ReleaseWork | Effect::LeaveLine => {}
        }
    }
    jobs::enqueue(tx, &later).await?;
    Ok(())
}

/// The audit's name for an event.
const fn audit_action(event: Event) -> &'static str {
    match event {
        Event::Place | Event::Wait | Event::Request => "order.placed",
        Event::Approve => "order.approved",
        Event::Reject => "order.rejected",
        Event::Hold { .. } => "order.held",
        Event::Displace { .. } => "order.displaced",
        Event::Accept => "order.accepted",
        Event::Decline => "order.declined",
        Event::Move => "order.moved",
        Event::Cancel => "order.cancelled",
        Event::CheckIn => "order.checked_in",
        Event::Finish => "order.fulfilled",
        Event::Agree => "order.agreed",
        Event::Reopen => "order.reopened",
        Event::Resume => "order.resumed",
        Event::Expire => "order.expired",
        Event::Miss => "order.missed",
        Event::Lapse => "order.closed",
        Event::Assign => "order.assigned",
        Event::Unassign => "order.unassigned",
        Event::Start => "order.started",
        Event::Fail { .. } => "order.failed",
        Event::Note => "order.noted",
    }
}
