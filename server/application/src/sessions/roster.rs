//! The roster: who has a seat, who was there, and who said beforehand that they cannot come.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt;
use linli_domain::id::{MeetingId, OrderId, SessionId};
use linli_domain::order::{Event, State};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::session::Form;
use linli_domain::session::attended::Mark;
use linli_domain::time::Span;
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::booking::{Order, orders};
use linli_store::sessions::members::{self, Marked};
use linli_store::sessions::{self as tables};
use serde_json::json;

use super::browse::{SessionView, desk_one};
use super::{REASON_MAX, find, follow, rules, served};
use crate::catalogue::Catalogue;
use crate::orders::perform::{Act, By, NotPerformed, perform};
use crate::{App, Failure, Result, input};

/// Marks can be corrected so long after a meeting.
const CORRECTED_WITHIN: Span = Span::days(7);
/// More people than any session has.
const EVERYBODY: u32 = 20_000;

/// Orders that stand on a roster.
const ON_IT: &[State] = &[
    State::Requested,
    State::Waiting,
    State::Held,
    State::Confirmed,
    State::Underway,
    State::Fulfilled,
    State::Closed,
    State::Reopened,
    State::NoShow,
];
/// Orders that may get a mark.
const MARKED: &[State] =
    &[State::Confirmed, State::Underway, State::Fulfilled, State::Closed, State::Reopened, State::NoShow];

/// Somebody on the roster.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The order.
    pub order: Order,
    /// Where they stand in line, counting from 1.
    pub position: Option<u32>,
    /// Their marks.
    pub marks: Vec<(MeetingId, Mark)>,
}

/// The roster of a session: those with a seat in the order in which they came, then those in line.
///
/// # Errors
/// [`Code::NotFound`] for sessions of other desks.
pub async fn roster(app: &App, actor: &Actor, id: SessionId) -> Result<(Arc<Catalogue>, SessionView, Vec<Entry>)> {
    let (catalogue, view) = desk_one(app, actor, id).await?;
    let reads = app.store.reads();
    let ids = members::orders(reads, id, ON_IT, OrderId(0), EVERYBODY).await?;
    let mut marks: BTreeMap<OrderId, Vec<(MeetingId, Mark)>> = BTreeMap::new();
    for one in members::marks(reads, &ids).await? {
        marks.entry(one.order).or_default().push((one.meeting, one.mark));
    }
    let mut found = orders::many(reads, &ids).await?;
    found.sort_by_key(|order| {
        (order.state == State::Waiting, order.line_number.filter(|_| order.state == State::Waiting), order.id)
    });
    let mut ahead = 0;
    let entries = found
        .into_iter()
        .map(|order| {
            ahead += u32::from(order.state == State::Waiting);
            Entry {
                position: (order.state == State::Waiting).then_some(ahead),
                marks: marks.remove(&order.id).unwrap_or_default(),
                order,
            }
        })
        .collect();
    Ok((catalogue, view, entries))
}

/// Writes who was at a meeting, over what stood there. Whoever is marked present for the first time has come: their
/// order is underway from then on, but for a group, which is left at any time.
///
/// # Errors
/// [`Code::NotFound`] for meetings of other desks and orders of other sessions, [`Code::SlotClosed`] for one that was
/// called off, [`Code::AttendanceEarly`], [`Code::AttendanceLate`].
pub async fn attendance(
    app: &App,
    actor: &Actor,
    meeting: MeetingId,
    marks: Vec<(OrderId, Mark)>,
) -> Result<SessionId> {
    let (catalogue, now) = (app.catalogue().await?, app.now());
    let id = tables::session_of_meeting(app.store.reads(), meeting).await?.ok_or(Code::NotFound)?;
    let session = served(app, &catalogue, actor, id).await?;
    let met = session.planned().find(|one| one.id == meeting).ok_or(Code::SlotClosed)?;
    let before = rules(catalogue.offered(session.offering)?, &session, now.day())?.check_in_minutes_before;
    let from = met.start - Span::minutes(i64::from(before));
    if now < from {
        return Err(Refusal::new(Code::AttendanceEarly).with("from", from).into());
    }
    if now > met.end + CORRECTED_WITHIN {
        return Err(Refusal::new(Code::AttendanceLate).with("until", met.end + CORRECTED_WITHIN).into());
    }
    // The last mark of an order counts, and each has one.
    let marks: BTreeMap<OrderId, Mark> = marks.into_iter().collect();
    let (this, form, by) = (app.clone(), session.form, By { account: Some(actor.account), acting: ActingAs::Staff });
    let account = actor.account;
    app.store
        .write(move |tx| {
            async move {
                let known = members::orders(tx, id, MARKED, OrderId(0), EVERYBODY).await?;
                if marks.keys().any(|order| known.binary_search(order).is_err()) {
                    return Err(NotPerformed::from(Refusal::new(Code::NotFound)));
                }
                let present: Vec<OrderId> =
                    marks.iter().filter(|(_, mark)| **mark == Mark::Present).map(|(order, _)| *order).collect();
                let came = if form == Form::Group { Vec::new() } else { orders::lock(tx, &present).await? };
                let rows: Vec<Marked> =
                    marks.iter().map(|(order, mark)| Marked { order: *order, meeting, mark: *mark }).collect();
                members::mark(tx, &rows, "", account, now).await?;
                for order in came.into_iter().filter(|order| order.state == State::Confirmed) {
                    perform(&this, tx, &catalogue, order, Act::new(Event::CheckIn, by)).await?;
                }
                let entry = AuditEntry::new(this.next_id(), now, by.account, by.acting, "session.attendance")
                    .on(meeting.0)
                    .saying(json!({ "marks": rows.len() }));
                audit::record(tx, entry).await?;
                Ok(())
            }
            .boxed()
        })
        .await
        .map_err(Failure::from)?;
    app.hub.publish("jobs", "").await;
    Ok(id)
}

/// Somebody says beforehand that they, or a minor of their household, cannot come to a meeting. Saying it twice is
/// saying it once.
///
/// # Errors
/// [`Code::NotFound`] for orders of others and meetings of other sessions, [`Code::MeetingStarted`],
/// [`Code::StaleVersion`], [`Code::TransitionRefused`] without a seat.
pub async fn excuse(
    app: &App,
    actor: &Actor,
    id: OrderId,
    meeting: MeetingId,
    version: i32,
    reason: Option<&str>,
) -> Result<()> {
    let (order, acting) = app.own_order(actor, id).await?;
    let session = order.session.ok_or(Code::NotFound)?;
    let reason = match reason {
        Some(reason) if !reason.trim().is_empty() => input::note("reason", reason, REASON_MAX)?,
        _ => String::new(),
    };
    let catalogue = app.catalogue().await?;
    let kind = app.platforms.kind(&order.kind).ok_or(Code::OfferingClosed)?.clone();
    let session = find(app, &catalogue, session).await?;
    let missed = session.meetings.iter().find(|one| one.id == meeting).ok_or(Code::NotFound)?.clone();
    let now = app.now();
    if missed.start <= now || missed.cancelled.is_some() {
        return Err(Code::MeetingStarted.into());
    }
    let (this, by) = (app.clone(), By { account: Some(actor.account), acting });
    let account = actor.account;
    app.store
        .write(move |tx| {
            async move {
                let order = orders::lock(tx, &[id]).await?.pop().ok_or(Refusal::from(Code::NotFound))?;
                let said = members::marks(tx, &[id]).await?;
                if said.iter().any(|one| one.meeting == meeting && one.mark == Mark::Excused) {
                    return Ok(());
                }
                if order.version != version {
                    return Err(Failure::from(Code::StaleVersion));
                }
                if !matches!(order.state, State::Confirmed | State::Underway) {
                    return Err(Refusal::new(Code::TransitionRefused).with("state", order.state.words()).into());
                }
                let row = Marked { order: id, meeting, mark: Mark::Excused };
                members::mark(tx, &[row], &reason, account, now).await?;
                follow::release(&this, tx, &session, &kind, order, by, (missed.start, &reason)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}
