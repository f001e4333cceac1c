//! What is left in sessions.

use std::collections::BTreeMap;

use linli_domain::claim::{Pool, PoolKey};
use linli_domain::id::SessionId;
use linli_domain::refusal::Code;
use linli_domain::session::{Meeting, Session, bookable};
use linli_domain::slot::{Door, Left};
use linli_domain::time::Instant;
use linli_store::scarcity;

use crate::catalogue::Catalogue;
use crate::{App, Result};

/// The first meeting that is not over and takes place.
pub(super) fn coming(session: &Session, now: Instant) -> Option<&Meeting> {
    session.planned().filter(|meeting| now < meeting.end).min_by_key(|meeting| meeting.start)
}

/// Whether there is a meeting today that has not begun.
pub(super) fn meets_today(session: &Session, now: Instant) -> bool {
    session.planned().any(|meeting| now < meeting.start && meeting.start.day() == now.day())
}

/// What is left of the seats of some sessions, in words.
pub(super) async fn left(app: &App, catalogue: &Catalogue, sessions: &[&Session]) -> Result<BTreeMap<SessionId, Left>> {
    let now = app.now();
    let keys: Vec<PoolKey> = sessions.iter().map(|session| PoolKey::seats(session.id)).collect();
    let pools = scarcity::pools(app.store.reads(), &keys).await?;
    let left = sessions.iter().zip(&keys).filter_map(|(session, key)| {
        let offered = catalogue.offerings.get(&session.offering)?;
        let rules = offered.rules_shown(coming(session, now).map_or(now, |meeting| meeting.start).day())?;
        let mut pool = pools.get(key).copied().unwrap_or(Pool::fresh(session.seats));
        pool.resize(session.seats);
        let left = match bookable(session, rules, Door::Online, now) {
            Ok(()) => Left::of_pool(&pool, rules),
            Err(refusal) if refusal.code == Code::SlotNotOpen => Left::NotOpen,
            Err(_) => Left::Past,
        };
        Some((session.id, left))
    });
    Ok(left.collect())
}
