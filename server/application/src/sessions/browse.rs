//! Looking at sessions: what is planned, and what is left of it.

use std::sync::Arc;

use linli_domain::area::AreaCode;
use linli_domain::claim::{Pool, PoolKey};
use linli_domain::id::{OfferingId, OrganisationId, SessionId};
use linli_domain::platform::{AgeRange, KindKey};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::search::Audience;
use linli_domain::session::plan::Time;
use linli_domain::session::{self, Form, Session, SessionState};
use linli_domain::slot::{Door, Left};
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;
use linli_store::{scarcity, sessions as tables};

use super::{find, rules, served};
use crate::browse::availability::why_not;
use crate::browse::{cancel_sentence, known_kind, known_platform};
use crate::catalogue::{Catalogue, Offered};
use crate::{App, Result};

/// What sessions are looked for by; nothing said, nothing left out.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The key of a platform.
    pub platform: Option<String>,
    /// A kind of service.
    pub kind: Option<KindKey>,
    /// An area the place lies in.
    pub area: Option<AreaCode>,
    /// Of which offering.
    pub offering: Option<OfferingId>,
    /// Who holds it.
    pub organisation: Option<OrganisationId>,
    /// With a meeting on this day or later.
    pub from: Option<Day>,
    /// With a meeting on this day or earlier.
    pub to: Option<Day>,
    /// What sort.
    pub form: Option<Form>,
    /// Only what costs nothing, or only what costs something.
    pub free: Option<bool>,
    /// For whom.
    pub audience: Option<Audience>,
}

/// Which sessions a desk lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those to come, the next first.
    Upcoming,
    /// Those that are over or were cancelled, the last first.
    Past,
    /// Those being prepared.
    Draft,
}

/// A session as whoever comes now finds it.
#[derive(Debug, Clone)]
pub struct SessionView {
    /// The session.
    pub session: Session,
    /// The ages served.
    pub ages: Option<AgeRange>,
    /// What is left, in a word.
    pub left: Left,
    /// Seats nobody has; 0 when it is over or cancelled.
    pub free: u32,
    /// Seats given out.
    pub taken: u32,
    /// People in line.
    pub waiting: u32,
    /// Why no seat can be had; nothing when one can.
    pub why_not: Option<Code>,
    /// When booking opens; none: it always was.
    pub opens_at: Option<Instant>,
    /// When booking ends for residents; none: never.
    pub closes_at: Option<Instant>,
    /// The next meeting.
    pub next: Option<Time>,
}

impl SessionView {
    /// Whether a seat can be had right away.
    pub const fn is_bookable(&self) -> bool {
        matches!(self.left, Left::Many | Left::Few)
    }

    /// Whether one may join the line.
    pub const fn can_wait(&self) -> bool {
        matches!(self.left, Left::Line)
    }
}

/// Sessions that can be seen by everybody and are not over, the next first; at most `limit`, after the last one shown.
///
/// # Errors
/// [`Code::ValueInvalid`] for a platform or a kind that is not there.
pub async fn list(
    app: &App,
    wanted: &Wanted,
    after: Option<SessionId>,
    limit: usize,
) -> Result<(Arc<Catalogue>, Vec<SessionView>)> {
    known_platform(app, wanted.platform.as_deref())?;
    known_kind(app, wanted.kind.as_ref())?;
    let (catalogue, now) = (app.catalogue().await?, app.now());
    let mut found: Vec<&Session> = catalogue
        .sessions
        .values()
        .filter(|session| session.state == SessionState::Open && !session.is_over(now))
        .filter(|session| {
            catalogue.offered(session.offering).is_ok_and(|offered| wanted.takes(app, &catalogue, offered, session))
        })
        .collect();
    let place = |session: &Session| (next_start(session, now), session.id);
    found.sort_by_key(|session| place(session));
    if let Some(last) = after {
        let last = catalogue.sessions.get(&last).map(place);
        found.retain(|session| last.is_some_and(|last| place(session) > last));
    }
    found.truncate(limit);
    let views = views(app, &catalogue, &found).await?;
    Ok((catalogue.clone(), views))
}

fn next_start(session: &Session, now: Instant) -> Instant {
    session.next(now).map_or(Instant(i64::MAX), |meeting| meeting.start)
}

impl Wanted {
    fn takes(&self, app: &App, catalogue: &Catalogue, offered: &Offered, session: &Session) -> bool {
        let offering = &offered.offering;
        let Ok(kind) = app.orderable(offered) else { return false };
        let in_area = |area: &AreaCode| catalogue.place(offered).is_ok_and(|place| place.area.is_within(area));
        let on_a_day = |meeting: &session::Meeting| {
            let day = meeting.start.day();
            self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
        };
        self.platform.as_ref().is_none_or(|platform| offering.kind.platform() == platform)
            && self.kind.as_ref().is_none_or(|kind| offering.kind == *kind)
            && self.organisation.is_none_or(|organisation| offering.organisation == organisation)
            && self.offering.is_none_or(|offering| offered.offering.id == offering)
            && self.form.is_none_or(|form| session.form == form)
            && self.free.is_none_or(|free| (session.price_fen == 0) == free)
            && self.audience.is_none_or(|audience| audience.is_meant(session.ages(kind.age)))
            && self.area.as_ref().is_none_or(in_area)
            && (self.from.is_none() && self.to.is_none() || session.planned().any(on_a_day))
    }
}

/// One session that can be seen by everybody.
///
/// # Errors
/// [`Code::NotFound`], also for those being prepared.
pub async fn one(app: &App, id: SessionId) -> Result<(Arc<Catalogue>, SessionView)> {
    let catalogue = app.catalogue().await?;
    let session = find(app, &catalogue, id).await?;
    if session.state == SessionState::Draft || app.orderable(catalogue.offered(session.offering)?).is_err() {
        return Err(Code::NotFound.into());
    }
    let view = view(app, &catalogue, &session).await?;
    Ok((catalogue, view))
}

/// Sessions of the offerings somebody serves; at most `limit`, after the last one shown.
///
/// # Errors
/// The database's.
pub async fn desk_list(
    app: &App,
    actor: &Actor,
    (organisation, area): (Option<OrganisationId>, Option<&AreaCode>),
    scope: Scope,
    after: Option<SessionId>,
    limit: usize,
) -> Result<(Arc<Catalogue>, Vec<SessionView>)> {
    let (catalogue, now) = (app.catalogue().await?, app.now());
    let mine = |offered: &Offered| {
        catalogue.serves(actor, offered)
            && organisation.is_none_or(|organisation| offered.offering.organisation == organisation)
            && area.is_none_or(|area| catalogue.place(offered).is_ok_and(|place| place.area.is_within(area)))
    };
    let found: Vec<Session> = if scope == Scope::Past {
        let mine: Vec<OfferingId> =
            catalogue.offerings.values().filter(|offered| mine(offered)).map(|offered| offered.offering.id).collect();
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let ids = tables::past(app.store.reads(), &mine, now, after, limit).await?;
        let mut sessions = tables::by_ids(app.store.reads(), &ids).await?;
        sessions.sort_by_key(|session| ids.iter().position(|id| *id == session.id));
        sessions
    } else {
        let wanted = |session: &&Session| {
            let state = if scope == Scope::Draft { SessionState::Draft } else { SessionState::Open };
            session.state == state
                && (scope == Scope::Draft || !session.is_over(now))
                && catalogue.offered(session.offering).is_ok_and(mine)
        };
        let mut found: Vec<&Session> = catalogue.sessions.values().filter(wanted).collect();
        let place = |session: &Session| (next_start(session, now), session.id);
        found.sort_by_key(|session| place(session));
        if let Some(last) = after {
            let last = catalogue.sessions.get(&last).map(place);
            found.retain(|session| last.is_some_and(|last| place(session) > last));
        }
        found.truncate(limit);
        found.into_iter().cloned().collect()
    };
    let views = views(app, &catalogue, &found.iter().collect::<Vec<_>>()).await?;
    Ok((catalogue.clone(), views))
}

/// One session of an offering somebody serves.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn desk_one(app: &App, actor: &Actor, id: SessionId) -> Result<(Arc<Catalogue>, SessionView)> {
    let catalogue = app.catalogue().await?;
    let session = served(app, &catalogue, actor, id).await?;
    let view = view(app, &catalogue, &session).await?;
    Ok((catalogue, view))
}

/// Until when a seat in a session can be given up without calling, as a sentence. A group is left at any time.
pub fn changes_sentence(app: &App, offered: &Offered, session: &Session) -> Option<Words> {
    if session.form == Form::Group {
        return Some(Words::new("随时可以退出。", "You can leave at any time."));
    }
    let rules = rules(offered, session, app.now().day()).ok()?;
    Some(cancel_sentence(rules))
}

async fn view(app: &App, catalogue: &Catalogue, session: &Session) -> Result<SessionView> {
    let mut views = views(app, catalogue, &[session]).await?;
    views.pop().ok_or_else(|| Code::NotFound.into())
}

/// Sessions with what is left of each, all pools read at once. One whose offering is gone is left out.
pub(crate) async fn views(app: &App, catalogue: &Catalogue, sessions: &[&Session]) -> Result<Vec<SessionView>> {
    let keys: Vec<PoolKey> = sessions.iter().map(|session| PoolKey::seats(session.id)).collect();
    let pools = scarcity::pools(app.store.reads(), &keys).await?;
    let mut views = Vec::with_capacity(sessions.len());
    for (session, key) in sessions.iter().zip(&keys) {
        let Ok(offered) = catalogue.offered(session.offering) else { continue };
        views.push(seen(app, offered, session, pools.get(key))?);
    }
    Ok(views)
}

fn seen(app: &App, offered: &Offered, session: &Session, pool: Option<&Pool>) -> Result<SessionView> {
    let now = app.now();
    let rules = rules(offered, session, now.day())?;
    let pool = pool.copied().unwrap_or(Pool::fresh(session.seats));
    let (left, why_not) = match session::bookable(session, rules, Door::Online, now) {
        Err(refusal) => {
            let left = match refusal.code {
                Code::SessionCancelled => Left::Closed,
                Code::SlotNotOpen | Code::NotFound => Left::NotOpen,
                _ => Left::Past,
            };
            (left, Some(refusal.code))
        }
        Ok(()) => {
            let left = Left::of_pool(&pool, rules);
            (left, why_not(left, &pool, rules))
        }
    };
    let over = session.state == SessionState::Cancelled || session.is_over(now);
    let kind = app.platforms.kind(&offered.offering.kind);
    Ok(SessionView {
        ages: session.ages(kind.and_then(|kind| kind.age)),
        left,
        free: if over { 0 } else { pool.free() },
        taken: pool.taken,
        waiting: pool.waiting,
        why_not,
        opens_at: session::opens_at(session, rules),
        closes_at: Some(session::closes_at(session, rules)).filter(|closes| *closes < session::FAR),
        next: session.next(now).map(|meeting| (meeting.start, meeting.end)),
        session: (*session).clone(),
    })
}
