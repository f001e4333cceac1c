//! Filling a week by copying another.

use futures::FutureExt;
use linli_domain::area::AreaCode;
use linli_domain::claim::{Change, Claim, Ledger};
use linli_domain::id::{MeetingId, OrderId, SessionId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::session::plan::{self, Time};
use linli_domain::session::{Form, Meeting, Session, SessionState};
use linli_domain::time::{Day, Instant};
use linli_domain::words::{Language, Words};
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::catalogue as catalogue_tables;
use linli_store::scarcity::{self, Holding, Needs};
use linli_store::{Tx, jobs, sessions as tables};
use serde_json::json;

use super::draft::{key, problems};
use super::follow::{Happened, follow_job};
use super::programme::sessions_of;
use super::rooms;
use crate::catalogue::Catalogue;
use crate::{App, Failure, Result};

/// A week to copy.
#[derive(Debug, Clone)]
pub struct CopyRequest {
    /// Where.
    pub area: AreaCode,
    /// A day of the week to copy from.
    pub from: Day,
    /// A day of the week to fill.
    pub to: Day,
    /// Only these; all that can be copied when nothing is said.
    pub only: Option<Vec<SessionId>>,
    /// Only look.
    pub dry_run: bool,
}

/// Something that was copied, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The new event, or the group that meets once more; none of what would be.
    pub session: Option<SessionId>,
    /// What it is called.
    pub title: Words,
    /// When it begins.
    pub start: Instant,
}

/// Something that is not copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotMade {
    /// What it is called.
    pub title: Words,
    /// When it would have begun.
    pub start: Instant,
    /// The code of why not.
    pub code: &'static str,
    /// Why not.
    pub words: Words,
}

/// What copying a week did, or would do.
#[derive(Debug, Clone, Default)]
pub struct Copied {
    /// What there is now.
    pub made: Vec<Made>,
    /// What was left out.
    pub skipped: Vec<NotMade>,
}

/// A date to be copied.
#[derive(Debug, Clone)]
struct Candidate {
    source: Session,
    meeting: Meeting,
    time: Time,
    claims: Vec<Claim>,
    key: String,
}

/// Copies the events of a week and the meetings of its groups to another week, so many whole weeks later or earlier.
/// What falls on a holiday, into the past, on a closed day or into a room that is taken is left out and named; what is
/// there already is not made twice.
///
/// # Errors
/// [`Code::DateInvalid`] for a week onto itself; [`Code::NotFound`] for a session of another desk that is named.
pub async fn copy(app: &App, actor: &Actor, request: CopyRequest) -> Result<Copied> {
    let (from, to) = (request.from.monday(), request.to.monday());
    if from == to {
        return Err(Refusal::new(Code::DateInvalid).field("to_week").into());
    }
    let catalogue = app.catalogue().await?;
    let weeks = (to.0 - from.0) / 7;
    let sources = sources(app, &catalogue, actor, &request, from).await?;
    let (candidates, skipped) = candidates(app, &catalogue, actor, sources, from, weeks)?;
    if request.dry_run {
        look(app, &catalogue, candidates, skipped).await
    } else {
        make(app, actor, candidates, skipped).await
    }
}

/// The sessions of the week that are asked for.
async fn sources(
    app: &App,
    catalogue: &Catalogue,
    actor: &Actor,
    request: &CopyRequest,
    monday: Day,
) -> Result<Vec<Session>> {
    let mine = |session: &Session| {
        catalogue.offered(session.offering).is_ok_and(|offered| {
            catalogue.serves(actor, offered)
                && app.orderable(offered).is_ok()
                && catalogue.place(offered).is_ok_and(|place| place.area.is_within(&request.area))
        })
    };
    let mut found = sessions_of(app, catalogue, monday).await?;
    found.retain(|session| session.state != SessionState::Cancelled && mine(session));
    match &request.only {
        // A term has dates of its own: nobody means it who copies a week.
        None => found.retain(|session| session.form != Form::Term),
        Some(only) => {
            if only.iter().any(|id| found.iter().all(|session| session.id != *id)) {
                return Err(Refusal::new(Code::NotFound).field("session_ids").into());
            }
            found.retain(|session| only.contains(&session.id));
        }
    }
    Ok(found)
}

fn candidates(
    app: &App,
    catalogue: &Catalogue,
    actor: &Actor,
    sources: Vec<Session>,
    monday: Day,
    weeks: i32,
) -> Result<(Vec<Candidate>, Vec<NotMade>)> {
    let week = monday..=monday.plus(6);
    let (mut good, mut skipped) = (Vec::new(), Vec::new());
    for source in sources {
        let offered = catalogue.offered(source.offering)?;
        let standing: Vec<Time> = match source.form {
            Form::Group => source.planned().map(|meeting| (meeting.start, meeting.end)).collect(),
            Form::Event | Form::Term => Vec::new(),
        };
        let meetings: Vec<Meeting> =
            source.planned().filter(|meeting| week.contains(&meeting.start.day())).cloned().collect();
        for meeting in meetings {
            let moved = plan::copied((meeting.start, meeting.end), weeks, &catalogue.holidays);
            let start = meeting.start + linli_domain::time::Span::days(i64::from(weeks) * 7);
            let left_out = |code, words| NotMade { title: source.title.clone(), start, code, words };
            if source.form == Form::Term {
                let words = Words::new(
                    "课程有自己的日程，请在课程里加课。",
                    "A term has dates of its own: please add a meeting to it.",
                );
                skipped.push(left_out("term", words));
                continue;
            }
            let time = match moved {
                Ok(time) => time,
                Err(name) => {
                    let refusal = Refusal::new(Code::HolidaySkipped).with("name", name);
                    skipped.push(left_out(refusal.code.key(), said(&refusal)));
                    continue;
                }
            };
            let key = key(source.offering, time.0, &source.title);
            if is_there(catalogue, &source, time, &key) {
                skipped.push(left_out("duplicate", there_already()));
                continue;
            }
            let problem = problems(offered, &[time], &standing, app.now()).pop().flatten();
            let problem = problem.or_else(|| rooms::room(catalogue, actor, meeting.unit?, time.0.day()).err());
            if let Some(refusal) = problem {
                skipped.push(left_out(refusal.code.key(), said(&refusal)));
                continue;
            }
            let claims = meeting.unit.map(|unit| rooms::claims(catalogue, unit, time)).unwrap_or_default();
            good.push(Candidate { source: source.clone(), meeting, time, claims, key });
        }
    }
    good.sort_by_key(|candidate| (candidate.time.0, candidate.source.id));
    Ok((good, skipped))
}

/// Whether the copy is there: of an event, one of its title at that time; of a group, a meeting at that time. One that
/// was called off is not made again.
fn is_there(catalogue: &Catalogue, source: &Session, time: Time, key: &str) -> bool {
    let meets = |session: &Session| session.meetings.iter().any(|meeting| meeting.start == time.0);
    match source.form {
        Form::Group => meets(source),
        Form::Event | Form::Term => catalogue.sessions.values().any(|session| {
            session.key == key || session.offering == source.offering && session.title == source.title && meets(session)
        }),
    }
}

fn there_already() -> Words {
    Words::new("这一周已经有了。", "It is there already.")
}

/// The words of a refusal, in both languages.
fn said(refusal: &Refusal) -> Words {
    Words::new(refusal.detail(Language::Zh), refusal.detail(Language::En))
}

fn room_taken(candidate: &Candidate, refusal: &Refusal) -> NotMade {
    NotMade {
        title: candidate.source.title.clone(),
        start: candidate.time.0,
        code: refusal.code.key(),
        words: said(refusal),
    }
}

/// Those whose rooms can be had, one after the other, and the claims in the way of the others.
fn choose(ledger: &mut Ledger, candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<(Candidate, Claim)>) {
    let (mut good, mut short) = (Vec::new(), Vec::new());
    for candidate in candidates {
        let change = Change { take: candidate.claims.clone(), ..Change::default() };
        match rooms::lacking(ledger, &change) {
            None => good.push(candidate),
            Some(claim) => short.push((candidate, claim)),
        }
    }
    (good, short)
}

async fn look(
    app: &App,
    catalogue: &Catalogue,
    candidates: Vec<Candidate>,
    mut skipped: Vec<NotMade>,
) -> Result<Copied> {
    let all: Vec<Claim> = candidates.iter().flat_map(|candidate| candidate.claims.clone()).collect();
    let (good, short) = choose(&mut rooms::ledger(app, &all).await?, candidates);
    for (candidate, claim) in short {
        let refusal = rooms::in_the_way(app, app.store.reads(), catalogue, &claim).await?;
        skipped.push(room_taken(&candidate, &refusal));
    }
    let made = good
        .into_iter()
        .map(|candidate| Made { session: None, title: candidate.source.title, start: candidate.time.0 })
        .collect();
    Ok(Copied { made, skipped })
}

async fn make(app: &App, actor: &Actor, candidates: Vec<Candidate>, skipped: Vec<NotMade>) -> Result<Copied> {
    let (this, catalogue, by) = (app.clone(), app.catalogue().await?, actor.clone());
    let copied = app
        .store
        .write(move |tx| async move { write(&this, tx, &catalogue, &by, candidates, skipped).await }.boxed())
        .await?;
    app.forget_catalogue().await;
    app.hub.publish("jobs", "").await;
    Ok(copied)
}

/// Under the lock that all changes of the catalogue take: what somebody else copied a moment ago is seen here.
async fn write(
    app: &App,
    tx: &Tx,
    catalogue: &Catalogue,
    actor: &Actor,
    candidates: Vec<Candidate>,
    mut skipped: Vec<NotMade>,
) -> Result<Copied> {
    let now = app.now();
    catalogue_tables::touch(tx).await?;
    let keys: Vec<String> = candidates.iter().map(|candidate| candidate.key.clone()).collect();
    let taken = tables::keys_taken(tx, &keys).await?;
    let ids: Vec<SessionId> = candidates.iter().map(|candidate| candidate.source.id).collect();
    let fresh = tables::by_ids(tx, &ids).await?;
    let (old, new): (Vec<Candidate>, Vec<Candidate>) = candidates.into_iter().partition(|candidate| {
        let group = fresh.iter().find(|session| session.id == candidate.source.id && session.form == Form::Group);
        taken.contains(&candidate.key) && candidate.source.form != Form::Group
            || group.is_some_and(|group| group.planned().any(|one| plan::overlap((one.start, one.end), candidate.time)))
    });
    skipped.extend(old.into_iter().map(|candidate| NotMade {
        title: candidate.source.title,
        start: candidate.time.0,
        code: "duplicate",
        words: there_already(),
    }));
    let mut needs = Needs::default();
    new.iter().flat_map(|candidate| &candidate.claims).for_each(|claim| needs.claim(claim));
    // Every copy gets the id of its meeting before its room is claimed for it.
    let new: Vec<Candidate> = new
        .into_iter()
        .map(|mut candidate| {
            candidate.meeting.id = MeetingId(app.next_id());
            candidate
        })
        .collect();
    let (good, short) = scarcity::settle(tx, &needs, |ledger| {
        let (good, short) = choose(ledger, new);
        let holdings = good
            .iter()
            .map(|one| Holding { order: OrderId(one.meeting.id.0), claims: one.claims.clone(), is_new: true })
            .collect();
        ((good, short), holdings)
    })
    .await?;
    for (candidate, claim) in short {
        let refusal = rooms::in_the_way(app, tx, catalogue, &claim).await?;
        skipped.push(room_taken(&candidate, &refusal));
    }
    let made = insert(app, tx, actor, good, fresh, now).await?;
    let entry = AuditEntry::new(app.next_id(), now, Some(actor.account), ActingAs::Staff, "programme.copied")
        .saying(json!({ "made": made.len(), "skipped": skipped.len() }));
    audit::record(tx, entry).await?;
    Ok::<_, Failure>(Copied { made, skipped })
}

async fn insert(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    good: Vec<Candidate>,
    mut groups: Vec<Session>,
    now: Instant,
) -> Result<Vec<Made>> {
    let (mut events, mut meetings, mut later, mut made) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut grown = Vec::new();
    for Candidate { source, meeting, time: (start, end), key, .. } in good {
        let copy = Meeting { start, end, ..meeting };
        let title = source.title.clone();
        let session = match groups.iter_mut().find(|one| one.id == source.id && one.form == Form::Group) {
            Some(group) => {
                let number = group.meetings.iter().map(|one| one.number).max().unwrap_or(0) + 1;
                let copy = Meeting { number, ..copy };
                if group.state == SessionState::Open {
                    later.push(follow_job(app, group.id, copy.id, &Happened::Added));
                }
                group.meetings.push(copy.clone());
                meetings.push((group.id, copy));
                grown.push(group.id);
                group.id
            }
            None => {
                let id = SessionId(app.next_id());
                let meetings = vec![Meeting { number: 1, ..copy }];
                // Booking opens and closes by the rules: times of the old week would not fit the new one.
                events.push(Session { id, version: 1, key, opens_at: None, closes_at: None, meetings, ..source });
                id
            }
        };
        made.push(Made { session: Some(session), title, start });
    }
    tables::insert(tx, &events, Some(actor.account), now).await?;
    tables::insert_meetings(tx, &meetings.iter().map(|(id, meeting)| (*id, meeting)).collect::<Vec<_>>()).await?;
    for group in groups.iter_mut().filter(|group| grown.contains(&group.id)) {
        group.version += 1;
        tables::update(tx, group).await?;
    }
    jobs::enqueue(tx, &later).await?;
    Ok(made)
}
