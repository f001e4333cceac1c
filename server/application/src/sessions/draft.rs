//! Planning a session: its dates looked at first, then all of it made at once.

use futures::FutureExt;
use linli_domain::area::AreaCode;
use linli_domain::claim::{Change, Claim};
use linli_domain::id::{MeetingId, OfferingId, SessionId, UnitId};
use linli_domain::platform::{AgeRange, Kind, Shape};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::session::plan::{self, Pattern, Skipped, Time};
use linli_domain::session::{Form, Meeting, Session, SessionState};
use linli_domain::time::Instant;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::catalogue as catalogue_tables;
use linli_store::sessions as tables;

use super::rooms::{self, Wish};
use super::{ABOUT_MAX, TITLE_MAX, Typed};
use crate::catalogue::{Catalogue, Offered};
use crate::{App, Failure, Result};

/// The most seats a session has.
const MOST_SEATS: u32 = 10_000;

/// A session to be made.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// By whom, where, of which kind.
    pub offering: OfferingId,
    /// What sort.
    pub form: Form,
    /// What it is called.
    pub title: Typed,
    /// What it is about.
    pub about: Typed,
    /// How many seats there are.
    pub seats: u32,
    /// Ages beside those of the kind.
    pub age: Option<AgeRange>,
    /// Only for residents of this area.
    pub residents_of: Option<AreaCode>,
    /// For all meetings together, in fen; the offering's price when nothing is said.
    pub price_fen: Option<i64>,
    /// When booking opens.
    pub opens_at: Option<Instant>,
    /// When booking closes.
    pub closes_at: Option<Instant>,
    /// Whether only staff see it for now.
    pub draft: bool,
    /// When.
    pub dates: Dates,
}

/// When a new session is.
#[derive(Debug, Clone)]
pub enum Dates {
    /// On these dates.
    Meetings(Vec<NewMeeting>),
    /// By the week, perhaps all in one room.
    Pattern(Pattern, Option<UnitId>),
}

/// A date of a new session.
#[derive(Debug, Clone)]
pub struct NewMeeting {
    /// From when to when.
    pub time: Time,
    /// What it is about.
    pub topic: Option<Typed>,
    /// The room it occupies.
    pub unit: Option<UnitId>,
}

/// Dates, each with what is wrong with it, and the holidays left out.
#[derive(Debug, Clone)]
pub struct Looked {
    /// By beginning, as they were asked for.
    pub meetings: Vec<(Time, Option<Refusal>)>,
    /// Holidays on which there would have been a meeting.
    pub skipped: Vec<Skipped>,
}

impl Dates {
    /// Where it stands in what was asked.
    const fn field(&self) -> &'static str {
        match self {
            Self::Meetings(_) => "meetings",
            Self::Pattern(..) => "pattern",
        }
    }

    fn spelt_out(&self, catalogue: &Catalogue) -> Result<(Vec<NewMeeting>, Vec<Skipped>), Refusal> {
        match self {
            Self::Meetings(meetings) => {
                plan::countable(meetings.len())?;
                Ok((meetings.clone(), Vec::new()))
            }
            Self::Pattern(pattern, unit) => {
                let plan = pattern.dates(&catalogue.holidays)?;
                let one = |time| NewMeeting { time, topic: None, unit: *unit };
                Ok((plan.meetings.into_iter().map(one).collect(), plan.skipped))
            }
        }
    }
}

/// What is wrong with new dates of an offering, rooms left aside.
pub(super) fn problems(offered: &Offered, times: &[Time], standing: &[Time], now: Instant) -> Vec<Option<Refusal>> {
    plan::problems(times, standing, now)
        .into_iter()
        .zip(times)
        .map(|(problem, (start, end))| {
            problem.or_else(|| match offered.rules_on(start.day()) {
                None => Some(Refusal::new(Code::OfferingClosed).field("start")),
                Some(_) if offered.is_off(*start, *end) => Some(Refusal::new(Code::SlotClosed).field("start")),
                Some(_) => None,
            })
        })
        .collect()
}

/// The offering somebody plans for, if sessions of it can be.
pub(super) fn planned_at<'a>(
    app: &'a App,
    catalogue: &'a Catalogue,
    actor: &Actor,
    id: OfferingId,
) -> Result<(&'a Offered, &'a Kind)> {
    let offered = catalogue.offered(id)?;
    if !catalogue.serves(actor, offered) {
        return Err(Code::NotFound.into());
    }
    let kind = app.orderable(offered)?;
    if kind.shape != Shape::Session {
        let allowed = Words::new("活动、课程类的服务", "an offering of events or classes");
        return Err(Refusal::new(Code::ValueInvalid).field("offering_id").with("allowed", allowed).into());
    }
    Ok((offered, kind))
}

/// The price of a session, inside what the platform allows.
pub(super) fn price(kind: &Kind, price_fen: i64) -> Result<i64, Refusal> {
    let bound = if kind.free { (0, 0) } else { (kind.bounds.price_fen.min, kind.bounds.price_fen.max) };
    if (bound.0..=bound.1).contains(&price_fen) {
        return Ok(price_fen);
    }
    let allowed = if bound.0 == bound.1 { bound.0.to_string() } else { format!("{}–{}", bound.0, bound.1) };
    Err(Refusal::new(Code::ValueInvalid).field("price_fen").with("allowed", allowed))
}

/// The number of seats, inside what the platform allows.
pub(super) fn seats(kind: &Kind, seats: u32) -> Result<u32, Refusal> {
    let (min, max) = (kind.bounds.capacity.min.max(1), kind.bounds.capacity.max.min(MOST_SEATS));
    if (min..=max).contains(&seats) {
        return Ok(seats);
    }
    Err(Refusal::new(Code::ValueInvalid).field("seats").with("allowed", format!("{min}–{max}")))
}

/// The ages, if there are any between them.
pub(super) fn ages(age: Option<AgeRange>) -> Result<Option<AgeRange>, Refusal> {
    match age {
        Some(AgeRange { min: Some(min), max: Some(max) }) if min > max => {
            Err(Refusal::new(Code::ValueInvalid).field("age").with("allowed", format!("{max}–{min}")))
        }
        Some(AgeRange { min: None, max: None }) => Ok(None),
        age => Ok(age),
    }
}

/// An area whose residents alone may come.
pub(super) fn audience(catalogue: &Catalogue, area: Option<AreaCode>) -> Result<Option<AreaCode>, Refusal> {
    match area {
        Some(code) if catalogue.areas.get(&code).is_none() => {
            Err(Refusal::new(Code::CommunityUnknown).field("residents_of"))
        }
        area => Ok(area),
    }
}

/// Booking opens before it closes, and closes some time from now.
pub(super) fn booking_times(opens: Option<Instant>, closes: Option<Instant>, now: Instant) -> Result<(), Refusal> {
    if closes.is_some_and(|closes| closes <= now || opens.is_some_and(|opens| opens >= closes)) {
        return Err(Refusal::new(Code::DateInvalid).field("closes_at"));
    }
    Ok(())
}

/// What a session is known by: there is one of a title at a time of an offering.
pub(super) fn key(offering: OfferingId, start: Instant, title: &Words) -> String {
    format!("{offering}/{}/{}", start.0 / 60_000_000, title.zh)
}

/// What the dates of a session would be, each with what stands in its way. Nothing is written.
///
/// # Errors
/// [`Code::NotFound`] for offerings of other desks, and what makes a pattern impossible.
pub async fn preview(app: &App, actor: &Actor, offering: OfferingId, dates: &Dates) -> Result<Looked> {
    let catalogue = app.catalogue().await?;
    let (offered, _) = planned_at(app, &catalogue, actor, offering)?;
    let (meetings, skipped) = dates.spelt_out(&catalogue)?;
    let times: Vec<Time> = meetings.iter().map(|meeting| meeting.time).collect();
    let mut found = problems(offered, &times, &[], app.now());
    let mut wanted: Vec<Vec<Claim>> = Vec::with_capacity(meetings.len());
    for (meeting, problem) in meetings.iter().zip(&mut found) {
        let mut claims = Vec::new();
        if let (Some(unit), None) = (meeting.unit, &problem) {
            match rooms::room(&catalogue, actor, unit, meeting.time.0.day()) {
                Ok(_) => claims = rooms::claims(&catalogue, unit, meeting.time),
                Err(refusal) => *problem = Some(refusal),
            }
        }
        wanted.push(claims);
    }
    let mut ledger = rooms::ledger(app, &wanted.concat()).await?;
    for (take, problem) in wanted.into_iter().zip(&mut found) {
        if let Some(claim) = rooms::lacking(&mut ledger, &Change { take, ..Change::default() }) {
            *problem = Some(rooms::in_the_way(app, app.store.reads(), &catalogue, &claim).await?);
        }
    }
    Ok(Looked { meetings: times.into_iter().zip(found).collect(), skipped })
}

/// Makes a session with all its meetings, or nothing.
///
/// # Errors
/// [`Code::NotFound`] for offerings of other desks; the first thing wrong with it; [`Code::RoomTaken`],
/// [`Code::SessionExists`].
pub async fn create(app: &App, actor: &Actor, new: NewSession) -> Result<SessionId> {
    let (catalogue, now) = (app.catalogue().await?, app.now());
    let session = drawn_up(app, &catalogue, actor, new)?;
    let (id, account) = (session.id, actor.account);
    let entry = AuditEntry::new(app.next_id(), now, Some(account), ActingAs::Staff, "session.created").on(id.0);
    let (this, shared) = (app.clone(), catalogue.clone());
    app.store
        .write(move |tx| {
            async move {
                catalogue_tables::touch(tx).await?;
                if !tables::keys_taken(tx, std::slice::from_ref(&session.key)).await?.is_empty() {
                    return Err(Refusal::new(Code::SessionExists).with("title", session.title.clone()).into());
                }
                rooms::settle(&this, tx, &shared, wishes(&shared, &session)).await?;
                tables::insert(tx, &[session], Some(account), now).await?;
                audit::record(tx, entry).await?;
                Ok::<_, Failure>(())
            }
            .boxed()
        })
        .await?;
    app.forget_catalogue().await;
    Ok(id)
}

/// What the meetings of a new session take of rooms.
pub(super) fn wishes(catalogue: &Catalogue, session: &Session) -> Vec<Wish> {
    session
        .meetings
        .iter()
        .filter_map(|meeting| {
            let claims = rooms::claims(catalogue, meeting.unit?, (meeting.start, meeting.end));
            Some(Wish { meeting: meeting.id, claims, is_new: true })
        })
        .collect()
}

fn drawn_up(app: &App, catalogue: &Catalogue, actor: &Actor, new: NewSession) -> Result<Session> {
    let now = app.now();
    let (offered, kind) = planned_at(app, catalogue, actor, new.offering)?;
    let title = new.title.line("title", TITLE_MAX)?;
    let about = new.about.note("about", ABOUT_MAX)?;
    let (mut meetings, _) = new.dates.spelt_out(catalogue).map_err(|refusal| refusal.field(new.dates.field()))?;
    meetings.sort_by_key(|meeting| meeting.time.0);
    if new.form == Form::Event && meetings.len() > 1 {
        return Err(Refusal::new(Code::ValueInvalid).field("form").with("allowed", "term, group").into());
    }
    let times: Vec<Time> = meetings.iter().map(|meeting| meeting.time).collect();
    if let Some(problem) = problems(offered, &times, &[], now).into_iter().flatten().next() {
        return Err(problem.field(new.dates.field()).into());
    }
    booking_times(new.opens_at, new.closes_at, now)?;
    let first = times[0].0;
    let usual = offered.rules_on(first.day()).map_or(0, |(_, rules)| rules.price_fen);
    let mut planned = Vec::with_capacity(meetings.len());
    for (meeting, number) in meetings.into_iter().zip(1..) {
        if let Some(unit) = meeting.unit {
            rooms::room(catalogue, actor, unit, meeting.time.0.day())?;
        }
        planned.push(self::meeting(app, number, meeting)?);
    }
    Ok(Session {
        id: SessionId(app.next_id()),
        version: 1,
        key: key(new.offering, first, &title),
        offering: new.offering,
        form: new.form,
        state: if new.draft { SessionState::Draft } else { SessionState::Open },
        title,
        about,
        seats: seats(kind, new.seats)?,
        age: ages(new.age)?,
        residents_of: audience(catalogue, new.residents_of)?,
        price_fen: price(kind, new.price_fen.unwrap_or(usual))?,
        opens_at: new.opens_at,
        closes_at: new.closes_at,
        meetings: planned,
    })
}

/// A new date as it is kept.
pub(super) fn meeting(app: &App, number: u32, new: NewMeeting) -> Result<Meeting, Refusal> {
    let topic = match new.topic {
        Some(topic) => topic.line("topic", TITLE_MAX)?,
        None => Words::new("", ""),
    };
    let (start, end) = new.time;
    Ok(Meeting { id: MeetingId(app.next_id()), number, start, end, unit: new.unit, topic, cancelled: None })
}
