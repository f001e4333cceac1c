//! What a change of a session means for those who have a seat: their time, and a word to them.

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt;
use linli_domain::calendar::{self, Mask};
use linli_domain::claim::{Change, Claim};
use linli_domain::id::{JobId, MeetingId, OrderId, PersonId, SessionId};
use linli_domain::order::{ActingAs, Event, State};
use linli_domain::platform::{Kind, Rules};
use linli_domain::session::attended::Mark;
use linli_domain::session::{Form, Session, changes_until};
use linli_domain::time::{Day, Instant, Span};
use linli_store::booking::{Order, OrderEvent, orders};
use linli_store::jobs::{self, NewJob};
use linli_store::scarcity::{self, Holding, Needs};
use linli_store::sessions::{self as tables, members};
use linli_store::{Tx, audit};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::rules;
use crate::orders::perform::{Act, By, NotPerformed, perform};
use crate::orders::tell::tell_job;
use crate::{App, Failure, Result};

/// How many orders are looked after in one transaction.
const AT_ONCE: u32 = 50;
/// A change of something that begins sooner than this is urgent.
const SOON: Span = Span::hours(48);

/// What happened to a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Happened {
    /// There is one more.
    Added,
    /// It is at another time.
    Moved {
        /// When it was.
        from: Instant,
        /// Why.
        reason: String,
    },
    /// It does not take place.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// This one and all that follow do not take place; those before did.
    Stopped {
        /// Why.
        reason: String,
    },
}

impl Happened {
    /// The key in the timeline of an order.
    const fn event(&self) -> &'static str {
        match self {
            Self::Added => "meeting_added",
            Self::Moved { .. } => "meeting_moved",
            Self::Cancelled { .. } => "meeting_cancelled",
            Self::Stopped { .. } => "session_stopped",
        }
    }

    /// Who is concerned: those with a seat, and those in line for one.
    const fn concerned(&self) -> &'static [State] {
        match self {
            Self::Stopped { .. } => &[State::Underway],
            _ => &[State::Waiting, State::Held, State::Confirmed, State::Underway],
        }
    }

    fn detail(&self, start: Instant) -> serde_json::Value {
        match self {
            Self::Added => json!({ "start": start }),
            Self::Moved { from, reason } => json!({ "start": start, "from": from, "reason": reason }),
            Self::Cancelled { reason } | Self::Stopped { reason } => json!({ "start": start, "reason": reason }),
        }
    }
}

/// One step of telling everybody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Step {
    change: JobId,
    session: SessionId,
    meeting: MeetingId,
    happened: Happened,
    after: OrderId,
}

/// The job that tells those concerned, and gives and takes their time.
pub(crate) fn follow_job(app: &App, session: SessionId, meeting: MeetingId, happened: &Happened) -> NewJob {
    let id = JobId(app.next_id());
    let step = Step { change: id, session, meeting, happened: happened.clone(), after: OrderId(0) };
    job(id, &step, app.now())
}

fn job(id: JobId, step: &Step, now: Instant) -> NewJob {
    NewJob {
        id,
        kind: "session.follow".into(),
        payload: json!(step),
        unique_key: Some(format!("session.follow/{}/{}", step.change, step.after)),
        run_at: now,
        created_at: now,
    }
}

/// Looks after the next few of those concerned, and leaves the rest to the next step. The job of the next step is
/// written in the same transaction: where it is there already, this step was made before.
///
/// # Errors
/// The database's.
pub(crate) async fn follow(app: &App, step: Step) -> Result<()> {
    let (this, catalogue) = (app.clone(), app.catalogue().await?);
    app.store
        .write(move |tx| {
            async move {
                let concerned = step.happened.concerned();
                let ids = members::orders(tx, step.session, concerned, step.after, AT_ONCE).await?;
                let Some(last) = ids.last() else { return Ok(()) };
                let next = job(JobId(this.next_id()), &Step { after: *last, ..step.clone() }, this.now());
                if jobs::enqueue(tx, &[next]).await? == 0 {
                    return Ok(());
                }
                let Some(session) = tables::by_ids(tx, &[step.session]).await?.pop() else { return Ok(()) };
                let offered = catalogue.offered(session.offering)?;
                let Some(kind) = this.platforms.kind(&offered.offering.kind) else { return Ok(()) };
                let rules = rules(offered, &session, this.now().day())?;
                let mut standing = orders::lock(tx, &ids).await?;
                standing.retain(|order| concerned.contains(&order.state));
                look_after(&this, tx, &session, kind, rules, standing, &step).await
            }
            .boxed()
        })
        .await?;
    app.hub.publish("jobs", "").await;
    Ok(())
}

async fn look_after(
    app: &App,
    tx: &Tx,
    session: &Session,
    kind: &Kind,
    rules: &Rules,
    standing: Vec<Order>,
    step: &Step,
) -> Result<()> {
    let now = app.now();
    let busy = rebook(tx, session, kind, &standing, now).await?;
    let start = session.meetings.iter().find(|meeting| meeting.id == step.meeting).map_or(now, |meeting| meeting.start);
    let soon = start < now + SOON;
    let (mut events, mut told) = (Vec::new(), Vec::new());
    for mut order in standing {
        let is_busy = busy.contains(&order.id);
        order.version += 1;
        order.changed_at = now;
        follow_span(&mut order, session, rules, now);
        orders::update(tx, &order).await?;
        let mut detail = step.happened.detail(start);
        if is_busy && matches!(step.happened, Happened::Added | Happened::Moved { .. }) {
            detail["busy"] = json!(true);
        }
        events.push(OrderEvent {
            order: order.id,
            number: order.version,
            at: now,
            event: step.happened.event().to_owned(),
            from: Some(order.state),
            to: order.state,
            actor: None,
            acting_as: ActingAs::Staff,
            detail,
        });
        if order.state != State::Waiting {
            let urgent = soon || is_busy || !matches!(step.happened, Happened::Added);
            told.push(tell_job(JobId(app.next_id()), order.id, order.version, urgent, now));
        }
    }
    orders::add_events(tx, &events).await?;
    jobs::enqueue(tx, &told).await?;
    Ok(())
}

/// An order for a seat begins with the first meeting to come, unless it has begun, and lasts as long as its session;
/// that of a group goes on. Whoever could still leave can do so with the new dates in mind.
fn follow_span(order: &mut Order, session: &Session, rules: &Rules, now: Instant) {
    if order.starts_at > now
        && let Some(next) = session.next(now)
    {
        order.starts_at = next.start;
        order.changes_until = order.changes_until.max(changes_until(session, rules, now));
    }
    if let (Form::Event | Form::Term, Some((_, last))) = (session.form, session.span()) {
        order.ends_at = last.max(order.starts_at);
    }
}

/// Gives and takes the time of people with a seat, so that they hold that of the meetings to come and no other of this
/// session. Answers the orders of those who have something else at one of them.
///
/// # Errors
/// The database's.
pub(crate) async fn rebook(
    tx: &Tx,
    session: &Session,
    kind: &Kind,
    standing: &[Order],
    now: Instant,
) -> Result<BTreeSet<OrderId>> {
    if !kind.takes_subject_time {
        return Ok(BTreeSet::new());
    }
    let seated: Vec<&Order> = standing
        .iter()
        .filter(|order| matches!(order.state, State::Held | State::Confirmed | State::Underway))
        .collect();
    let ids: Vec<OrderId> = seated.iter().map(|order| order.id).collect();
    let mut held = scarcity::holdings(tx, &ids).await?;
    let marks = members::marks(tx, &ids).await?;
    let mut needs = Needs::default();
    let mut plans = Vec::with_capacity(seated.len());
    for order in seated {
        let excused: BTreeSet<MeetingId> = marks
            .iter()
            .filter(|one| one.order == order.id && one.mark == Mark::Excused)
            .map(|one| one.meeting)
            .collect();
        let plan = Times::of(session, &excused, order.subject, held.remove(&order.id).unwrap_or_default(), now);
        needs.change(&Change { give: plan.give.clone(), take: plan.take.clone(), ..Change::default() });
        plans.push((order.id, plan));
    }
    let busy = scarcity::settle(tx, &needs, |ledger| {
        let mut busy = BTreeSet::new();
        let mut holdings = Vec::with_capacity(plans.len());
        for (order, Times { mut kept, give, take }) in plans {
            // Giving back never fails.
            let _ = ledger.apply(&Change { give, ..Change::default() });
            for claim in take {
                let one = Change { take: vec![claim.clone()], ..Change::default() };
                if ledger.apply(&one).is_ok() {
                    kept.push(claim);
                } else {
                    busy.insert(order);
                }
            }
            holdings.push(Holding { order, claims: kept, is_new: false });
        }
        (busy, holdings)
    })
    .await?;
    Ok(busy)
}

/// What somebody keeps, gives back and takes of their own time.
struct Times {
    kept: Vec<Claim>,
    give: Vec<Claim>,
    take: Vec<Claim>,
}

impl Times {
    fn of(session: &Session, excused: &BTreeSet<MeetingId>, who: PersonId, held: Vec<Claim>, now: Instant) -> Self {
        let today = now.day();
        let coming =
            |claim: &Claim| matches!(claim, Claim::Time { owner, day, .. } if *owner == who.0 && *day >= today);
        let (own, mut kept): (Vec<Claim>, Vec<Claim>) = held.into_iter().partition(coming);
        let mut before: BTreeMap<Day, Mask> = BTreeMap::new();
        for claim in &own {
            if let Claim::Time { day, mask, .. } = claim {
                let known = before.entry(*day).or_default();
                *known = known.with(*mask);
            }
        }
        let wanted: Vec<(Day, Mask)> = session
            .planned()
            .filter(|meeting| meeting.start.day() >= today && !excused.contains(&meeting.id))
            .flat_map(|meeting| calendar::busy(meeting.start, meeting.end))
            .collect();
        let claim = |day: Day, mask: Mask| Claim::Time { owner: who.0, day, mask };
        let mut take = Vec::new();
        let mut after: BTreeMap<Day, Mask> = BTreeMap::new();
        for (day, mask) in wanted {
            let known = before.get(&day).copied().unwrap_or_default();
            let fresh = mask.without(known);
            if fresh != Mask::default() {
                take.push(claim(day, fresh));
            }
            let whole = after.entry(day).or_default();
            *whole = whole.with(mask.without(fresh));
        }
        let give = before
            .iter()
            .map(|(day, mask)| (*day, mask.without(after.get(day).copied().unwrap_or_default())))
            .filter(|(_, mask)| *mask != Mask::default())
            .map(|(day, mask)| claim(day, mask))
            .collect();
        kept.extend(after.into_iter().filter(|(_, mask)| *mask != Mask::default()).map(|(day, mask)| claim(day, mask)));
        Self { kept, give, take }
    }
}

/// Cancels the orders of a session that was called off, each in a transaction of its own. Those underway have had some
/// of it: they end with it.
///
/// # Errors
/// The database's; what was cancelled stays so.
pub(crate) async fn cancel_orders(app: &App, session: SessionId, reason: &str) -> Result<()> {
    const STATES: &[State] = &[State::Requested, State::Waiting, State::Held, State::Confirmed];
    let mut after = OrderId(0);
    loop {
        let ids = members::orders(app.store.reads(), session, STATES, after, AT_ONCE).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        for id in ids {
            cancel_order(app, id, STATES, reason).await?;
        }
        app.hub.publish("jobs", "").await;
    }
    Ok(())
}

async fn cancel_order(app: &App, id: OrderId, states: &'static [State], reason: &str) -> Result<()> {
    let (this, catalogue) = (app.clone(), app.catalogue().await?);
    let by = By { account: None, acting: ActingAs::Staff };
    let detail = json!({ "closed": true, "reason": reason });
    let outcome = app
        .store
        .write(move |tx| {
            async move {
                let Some(order) = orders::lock(tx, &[id]).await?.pop() else { return Ok(()) };
                if states.contains(&order.state) {
                    perform(&this, tx, &catalogue, order, Act::new(Event::Cancel, by).saying(detail)).await?;
                }
                Ok::<_, NotPerformed>(())
            }
            .boxed()
        })
        .await;
    match outcome.map_err(Failure::from) {
        // Over in this very moment: the others are still to be looked after.
        Err(Failure::Refused(refusal)) => {
            tracing::debug!(order = %id, code = refusal.code.key(), "nothing was left to cancel");
            Ok(())
        }
        outcome => outcome,
    }
}

/// Somebody says that they cannot come to a meeting: their time is theirs again.
pub(super) async fn release(
    app: &App,
    tx: &Tx,
    session: &Session,
    kind: &Kind,
    mut order: Order,
    by: By,
    (start, reason): (Instant, &str),
) -> Result<Order> {
    let now = app.now();
    rebook(tx, session, kind, std::slice::from_ref(&order), now).await?;
    order.version += 1;
    order.changed_at = now;
    orders::update(tx, &order).await?;
    let line = OrderEvent {
        order: order.id,
        number: order.version,
        at: now,
        event: "excused".into(),
        from: Some(order.state),
        to: order.state,
        actor: by.account,
        acting_as: by.acting,
        detail: json!({ "start": start, "reason": reason }),
    };
    orders::add_events(tx, &[line]).await?;
    let entry = audit::AuditEntry::new(app.next_id(), now, by.account, by.acting, "order.excused")
        .about(order.subject)
        .on(order.id.0);
    audit::record(tx, entry).await?;
    Ok(order)
}
