//! Changing what is planned: opening, calling off, more or fewer seats, and single meetings.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use linli_domain::area::AreaCode;
use linli_domain::claim::{Pool, PoolKey};
use linli_domain::id::{AccountId, JobId, MeetingId, OfferingId, SessionId, UnitId};
use linli_domain::platform::AgeRange;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::session::plan::{Time, countable};
use linli_domain::session::{Form, Meeting, Session, SessionState};
use linli_domain::time::{Day, Instant};
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::catalogue as catalogue_tables;
use linli_store::jobs::{self, NewJob};
use linli_store::scarcity::{self, Needs};
use linli_store::{Tx, sessions as tables};
use serde_json::json;

use super::draft::{self, NewMeeting, ages, audience, booking_times, planned_at, problems};
use super::follow::{Happened, follow_job};
use super::rooms::{self, Wish};
use super::{ABOUT_MAX, REASON_MAX, TITLE_MAX, Typed};
use crate::catalogue::Catalogue;
use crate::{App, Failure, Result, input};

/// What is to be different about a session; nothing said, nothing changed.
#[derive(Debug, Clone, Default)]
pub struct SessionChange {
    /// What it is called.
    pub title: Option<Typed>,
    /// What it is about.
    pub about: Option<Typed>,
    /// How many seats there are.
    pub seats: Option<u32>,
    /// For all meetings together, in fen; those who have booked keep their price.
    pub price_fen: Option<i64>,
    /// Ages beside those of the kind, for those who book from now on.
    pub age: Option<AgeRange>,
    /// Only for residents of this area, for those who book from now on.
    pub residents_of: Option<AreaCode>,
    /// When booking opens.
    pub opens_at: Option<Instant>,
    /// When booking closes.
    pub closes_at: Option<Instant>,
}

/// What is to be different about a meeting; nothing said, nothing changed.
#[derive(Debug, Clone, Default)]
pub struct MeetingChange {
    /// From.
    pub start: Option<Instant>,
    /// To.
    pub end: Option<Instant>,
    /// What it is about.
    pub topic: Option<Typed>,
    /// The room it occupies.
    pub unit: Option<UnitId>,
    /// Why, in words those who come read.
    pub reason: Option<String>,
}

/// Who changes something: staff, or the house itself when a day is closed.
#[derive(Debug, Clone, Copy)]
struct By(Option<AccountId>);

impl App {
    /// Changes a session under the lock that all changes of the catalogue take. `version` is the one staff saw.
    async fn change_session<F>(&self, by: By, id: SessionId, version: Option<i32>, work: F) -> Result<()>
    where
        F: for<'t> FnOnce(App, &'t Tx, Arc<Catalogue>, Session) -> BoxFuture<'t, Result<&'static str>> + Send + 'static,
    {
        let (this, catalogue, now) = (self.clone(), self.catalogue().await?, self.now());
        self.store
            .write(move |tx| {
                async move {
                    catalogue_tables::touch(tx).await?;
                    let session = tables::by_ids(tx, &[id]).await?.pop().ok_or(Refusal::from(Code::NotFound))?;
                    if version.is_some_and(|seen| seen != session.version) {
                        return Err(Failure::from(Code::StaleVersion));
                    }
                    if session.state == SessionState::Cancelled {
                        return Err(Failure::from(Code::SessionCancelled));
                    }
                    if session.is_over(now) {
                        return Err(Failure::from(Code::SessionOver));
                    }
                    let entry = this.next_id();
                    let action = work(this.clone(), tx, catalogue, session).await?;
                    let acting = if by.0.is_some() { ActingAs::Staff } else { ActingAs::System };
                    audit::record(tx, AuditEntry::new(entry, now, by.0, acting, action).on(id.0)).await?;
                    Ok(())
                }
                .boxed()
            })
            .await?;
        self.forget_catalogue().await;
        self.hub.publish("jobs", "").await;
        Ok(())
    }
}

/// Changes what a session says of itself.
///
/// # Errors
/// [`Code::NotFound`] for sessions of other desks, [`Code::StaleVersion`], [`Code::SeatsTaken`], and what is wrong with
/// a value.
pub async fn change(app: &App, actor: &Actor, id: SessionId, version: i32, new: SessionChange) -> Result<()> {
    let catalogue = app.catalogue().await?;
    let session = super::served(app, &catalogue, actor, id).await?;
    let (_, kind) = planned_at(app, &catalogue, actor, session.offering)?;
    let title = new.title.map(|title| title.line("title", TITLE_MAX)).transpose()?;
    let about = new.about.map(|about| about.note("about", ABOUT_MAX)).transpose()?;
    let seats = new.seats.map(|seats| draft::seats(kind, seats)).transpose()?;
    let price_fen = new.price_fen.map(|price_fen| draft::price(kind, price_fen)).transpose()?;
    let age = ages(new.age)?;
    let residents_of = audience(&catalogue, new.residents_of)?;
    if new.closes_at.is_some() || new.opens_at.is_some() {
        let closes = new.closes_at.or(session.closes_at.filter(|closes| *closes > app.now()));
        booking_times(new.opens_at.or(session.opens_at), closes, app.now())?;
    }
    app.change_session(By(Some(actor.account)), id, Some(version), move |app, tx, _, mut session| {
        async move {
            if let Some(seats) = seats.filter(|seats| *seats != session.seats) {
                resize(&app, tx, &session, seats).await?;
                session.seats = seats;
            }
            session.version += 1;
            session.title = title.unwrap_or(session.title);
            session.about = about.unwrap_or(session.about);
            session.price_fen = price_fen.unwrap_or(session.price_fen);
            session.age = age.or(session.age);
            session.residents_of = residents_of.or(session.residents_of);
            session.opens_at = new.opens_at.or(session.opens_at);
            session.closes_at = new.closes_at.or(session.closes_at);
            tables::update(tx, &session).await?;
            Ok("session.changed")
        }
        .boxed()
    })
    .await
}

/// Sets how many seats there are: never fewer than are taken; more of them go to those in line first.
async fn resize(app: &App, tx: &Tx, session: &Session, seats: u32) -> Result<()> {
    let (key, now) = (PoolKey::seats(session.id), app.now());
    let mut needs = Needs::default();
    needs.pool(&key, session.seats);
    let pool = scarcity::settle(tx, &needs, |ledger| {
        ledger.resize(&key, seats);
        (ledger.pool(&key).copied().unwrap_or(Pool::fresh(seats)), Vec::new())
    })
    .await?;
    if pool.taken > seats {
        return Err(Refusal::new(Code::SeatsTaken).field("seats").with("taken", pool.taken).into());
    }
    if pool.waiting > 0 && pool.free() > 0 {
        let id = JobId(app.next_id());
        let job = NewJob {
            id,
            kind: "line.hand_on".into(),
            payload: json!({ "pool": key.0 }),
            unique_key: Some(format!("line.hand_on/{id}")),
            run_at: now,
            created_at: now,
        };
        jobs::enqueue(tx, &[job]).await?;
    }
    Ok(())
}

/// Shows a session that was prepared to everybody.
///
/// # Errors
/// [`Code::NotFound`], [`Code::StaleVersion`], [`Code::SessionOver`] when no meeting is to come.
pub async fn open(app: &App, actor: &Actor, id: SessionId, version: i32) -> Result<()> {
    let catalogue = app.catalogue().await?;
    let session = super::served(app, &catalogue, actor, id).await?;
    planned_at(app, &catalogue, actor, session.offering)?;
    app.change_session(By(Some(actor.account)), id, Some(version), |app, tx, _, mut session| {
        async move {
            if session.next(app.now()).is_none() {
                return Err(Code::SessionOver.into());
            }
            session.version += 1;
            session.state = SessionState::Open;
            tables::update(tx, &session).await?;
            Ok("session.opened")
        }
        .boxed()
    })
    .await
}

/// Calls a session off: its rooms are free again, nobody can join any more, and everybody who has a seat or waits for
/// one is told.
///
/// # Errors
/// [`Code::NotFound`], [`Code::StaleVersion`], [`Code::SessionOver`].
pub async fn cancel(app: &App, actor: &Actor, id: SessionId, version: i32, reason: &str) -> Result<()> {
    let catalogue = app.catalogue().await?;
    super::served(app, &catalogue, actor, id).await?;
    let reason = input::line("reason", reason, REASON_MAX)?;
    app.change_session(By(Some(actor.account)), id, Some(version), move |app, tx, catalogue, session| {
        async move { call_off(&app, tx, &catalogue, session, &reason).await }.boxed()
    })
    .await
}

async fn call_off(
    app: &App,
    tx: &Tx,
    catalogue: &Catalogue,
    mut session: Session,
    reason: &str,
) -> Result<&'static str> {
    let (now, key) = (app.now(), PoolKey::seats(session.id));
    let first = session.next(now).map(|meeting| meeting.id);
    session.version += 1;
    session.state = SessionState::Cancelled;
    // The same may be planned anew.
    session.key = format!("{}/{}", session.key, session.id);
    let dropped: Vec<&mut Meeting> =
        session.meetings.iter_mut().filter(|meeting| meeting.cancelled.is_none() && now < meeting.start).collect();
    let mut wishes = Vec::with_capacity(dropped.len());
    for meeting in dropped {
        meeting.cancelled = Some(reason.to_owned());
        wishes.push(Wish { meeting: meeting.id, claims: Vec::new(), is_new: false });
    }
    let ids: Vec<MeetingId> = wishes.iter().map(|wish| wish.meeting).collect();
    rooms::settle(app, tx, catalogue, wishes).await?;
    let mut needs = Needs::default();
    needs.pool(&key, session.seats);
    scarcity::settle(tx, &needs, |ledger| (ledger.close(&key), Vec::new())).await?;
    let changed: Vec<&Meeting> = session.meetings.iter().filter(|meeting| ids.contains(&meeting.id)).collect();
    tables::update_meetings(tx, &changed).await?;
    tables::update(tx, &session).await?;
    let mut later = vec![NewJob {
        id: JobId(app.next_id()),
        kind: "session.cancelled".into(),
        payload: json!({ "session": session.id, "reason": reason }),
        unique_key: Some(format!("session.cancelled/{}", session.id)),
        run_at: now,
        created_at: now,
    }];
    // Those who have come before keep what they attended; the time still to come is theirs again.
    let met = session.meetings.iter().any(|meeting| meeting.cancelled.is_none());
    if let Some(meeting) = first.filter(|_| met) {
        later.push(follow_job(app, session.id, meeting, &Happened::Stopped { reason: reason.to_owned() }));
    }
    jobs::enqueue(tx, &later).await?;
    Ok("session.cancelled")
}

/// Adds a meeting. Everybody who has a seat is told, also where they have something else at that time.
///
/// # Errors
/// [`Code::NotFound`], [`Code::SessionOver`], what is wrong with the date, [`Code::RoomTaken`].
pub async fn add_meeting(app: &App, actor: &Actor, id: SessionId, new: NewMeeting) -> Result<()> {
    let catalogue = app.catalogue().await?;
    let session = super::served(app, &catalogue, actor, id).await?;
    planned_at(app, &catalogue, actor, session.offering)?;
    if session.form == Form::Event {
        return Err(Refusal::new(Code::ValueInvalid).field("form").with("allowed", "term, group").into());
    }
    if let Some(unit) = new.unit {
        rooms::room(&catalogue, actor, unit, new.time.0.day())?;
    }
    app.change_session(By(Some(actor.account)), id, None, move |app, tx, catalogue, mut session| {
        async move {
            countable(session.planned().filter(|meeting| meeting.end > app.now()).count() + 1)?;
            let number = session.meetings.iter().map(|meeting| meeting.number).max().unwrap_or(0) + 1;
            look(&app, &catalogue, &session, new.time, None)?;
            let meeting = draft::meeting(&app, number, new)?;
            if let Some(unit) = meeting.unit {
                let claims = rooms::claims(&catalogue, unit, (meeting.start, meeting.end));
                let wish = Wish { meeting: meeting.id, claims, is_new: true };
                rooms::settle(&app, tx, &catalogue, vec![wish]).await?;
            }
            tables::insert_meetings(tx, &[(session.id, &meeting)]).await?;
            let followed = meeting.id;
            session.version += 1;
            session.meetings.push(meeting);
            tables::update(tx, &session).await?;
            tell(&app, tx, &session, followed, &Happened::Added).await?;
            Ok("session.meeting_added")
        }
        .boxed()
    })
    .await
}

/// Looks at the time of one meeting among the others of its session.
fn look(app: &App, catalogue: &Catalogue, session: &Session, time: Time, except: Option<MeetingId>) -> Result<()> {
    let others: Vec<Time> = session
        .planned()
        .filter(|meeting| Some(meeting.id) != except)
        .map(|meeting| (meeting.start, meeting.end))
        .collect();
    match problems(catalogue.offered(session.offering)?, &[time], &others, app.now()).pop().flatten() {
        Some(problem) => Err(problem.into()),
        None => Ok(()),
    }
}

/// Those who have a seat hear of it. Nobody has one in a session that is being prepared.
async fn tell(app: &App, tx: &Tx, session: &Session, meeting: MeetingId, happened: &Happened) -> Result<()> {
    if session.state == SessionState::Open {
        jobs::enqueue(tx, &[follow_job(app, session.id, meeting, happened)]).await?;
    }
    Ok(())
}

/// The session of a meeting that somebody serves.
async fn session_of(app: &App, actor: &Actor, meeting: MeetingId) -> Result<SessionId> {
    let session = tables::session_of_meeting(app.store.reads(), meeting).await?.ok_or(Code::NotFound)?;
    let catalogue = app.catalogue().await?;
    super::served(app, &catalogue, actor, session).await.map(|session| session.id)
}

/// Moves a meeting, or says something else of it. Whoever has a seat is told of a new time.
///
/// # Errors
/// [`Code::NotFound`], [`Code::MeetingStarted`], what is wrong with the date, [`Code::RoomTaken`].
pub async fn change_meeting(app: &App, actor: &Actor, id: MeetingId, new: MeetingChange) -> Result<SessionId> {
    let session = session_of(app, actor, id).await?;
    let catalogue = app.catalogue().await?;
    let topic = new.topic.map(|topic| topic.line("topic", TITLE_MAX)).transpose()?;
    let reason = new.reason.map(|reason| input::line("reason", &reason, REASON_MAX)).transpose()?;
    if let (Some(unit), Some(start)) = (new.unit, new.start) {
        rooms::room(&catalogue, actor, unit, start.day())?;
    }
    let staff = actor.clone();
    app.change_session(By(Some(actor.account)), session, None, move |app, tx, catalogue, mut session| {
        async move {
            let before = standing(&session, id)?.clone();
            if before.start <= app.now() {
                return Err(Code::MeetingStarted.into());
            }
            let length = before.end - before.start;
            let start = new.start.unwrap_or(before.start);
            let end = new.end.unwrap_or(if new.start.is_some() { start + length } else { before.end });
            let unit = new.unit.or(before.unit);
            let after = Meeting { start, end, unit, topic: topic.unwrap_or(before.topic.clone()), ..before.clone() };
            let moved = (start, end) != (before.start, before.end);
            if moved {
                look(&app, &catalogue, &session, (start, end), Some(id))?;
            }
            if let Some(unit) = unit.filter(|_| moved || unit != before.unit) {
                if new.unit.is_some() {
                    rooms::room(&catalogue, &staff, unit, start.day())?;
                }
                let claims = rooms::claims(&catalogue, unit, (start, end));
                rooms::settle(&app, tx, &catalogue, vec![Wish { meeting: id, claims, is_new: false }]).await?;
            }
            tables::update_meetings(tx, &[&after]).await?;
            session.version += 1;
            session.meetings.iter_mut().filter(|meeting| meeting.id == id).for_each(|meeting| *meeting = after.clone());
            tables::update(tx, &session).await?;
            if moved {
                let happened = Happened::Moved { from: before.start, reason: reason.unwrap_or_default() };
                tell(&app, tx, &session, id, &happened).await?;
            }
            Ok("session.meeting_changed")
        }
        .boxed()
    })
    .await?;
    Ok(session)
}

fn standing(session: &Session, id: MeetingId) -> Result<&Meeting, Refusal> {
    session.planned().find(|meeting| meeting.id == id).ok_or(Refusal::from(Code::MeetingStarted))
}

/// Calls one meeting off. When it was the only one, the session is called off with it.
///
/// # Errors
/// [`Code::NotFound`], [`Code::MeetingStarted`] when it is over or was called off before.
pub async fn cancel_meeting(app: &App, actor: &Actor, id: MeetingId, reason: &str) -> Result<SessionId> {
    let session = session_of(app, actor, id).await?;
    let reason = input::line("reason", reason, REASON_MAX)?;
    drop_meeting(app, By(Some(actor.account)), session, id, reason).await?;
    Ok(session)
}

async fn drop_meeting(app: &App, by: By, session: SessionId, id: MeetingId, reason: String) -> Result<()> {
    app.change_session(by, session, None, move |app, tx, catalogue, mut session| {
        async move {
            let mut dropped = standing(&session, id)?.clone();
            if dropped.end <= app.now() {
                return Err(Code::MeetingStarted.into());
            }
            if session.form != Form::Group && session.planned().count() == 1 {
                return call_off(&app, tx, &catalogue, session, &reason).await;
            }
            dropped.cancelled = Some(reason.clone());
            let wish = Wish { meeting: id, claims: Vec::new(), is_new: false };
            rooms::settle(&app, tx, &catalogue, vec![wish]).await?;
            tables::update_meetings(tx, &[&dropped]).await?;
            session.version += 1;
            session
                .meetings
                .iter_mut()
                .filter(|meeting| meeting.id == id)
                .for_each(|meeting| *meeting = dropped.clone());
            tables::update(tx, &session).await?;
            tell(&app, tx, &session, id, &Happened::Cancelled { reason }).await?;
            Ok("session.meeting_cancelled")
        }
        .boxed()
    })
    .await
}

/// Calls off every meeting of an offering on a day that lies in a time taken away, and tells those who have a seat.
/// Answers how many; repeated, it finds none left.
///
/// # Errors
/// The database's; meetings called off before stay so.
pub(crate) async fn cancel_meetings_of(app: &App, offering: OfferingId, day: Day) -> Result<usize> {
    let (catalogue, now) = (app.catalogue().await?, app.now());
    let offered = catalogue.offered(offering)?;
    let hit: Vec<(SessionId, MeetingId)> = catalogue
        .sessions
        .values()
        .filter(|session| session.offering == offering && session.state != SessionState::Cancelled)
        .flat_map(|session| session.planned().map(|meeting| (session.id, meeting)))
        .filter(|(_, meeting)| meeting.start.day() == day && now < meeting.end)
        .filter(|(_, meeting)| offered.is_off(meeting.start, meeting.end))
        .map(|(session, meeting)| (session, meeting.id))
        .collect();
    if hit.is_empty() {
        return Ok(0);
    }
    let reason = tables::closure_reason(app.store.reads(), offering, day).await?;
    let reason = reason.unwrap_or_else(|| "当天停止开放".into());
    let mut done = 0;
    for (session, meeting) in hit {
        match drop_meeting(app, By(None), session, meeting, reason.clone()).await {
            Ok(()) => done += 1,
            // Called off by somebody else in this very moment.
            Err(Failure::Refused(refusal)) => {
                tracing::debug!(%session, code = refusal.code.key(), "nothing to call off");
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(done)
}
