//! How fast workers earn beside each other: earnings per active hour, which the ranking evens out.
//!
//! Active is whoever is on duty within their hours, and whoever is on the way or at work, counted by looking every
//! quarter of an hour (work sampling): a phone left on duty over night counts for nothing, and waiting counts in full.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::FutureExt;
use linli_domain::id::WorkerId;
use linli_domain::ranking::Earnings;
use linli_domain::time::{Instant, Span};
use linli_domain::worker::{Duty, Hours, Presence};
use linli_store::market::paces::{self, Pace, There};
use tokio::sync::RwLock;

use crate::{App, Failure, Result};

/// What one look counts for, in minutes; looks are as far from each other.
const LOOK_MINUTES: u32 = 15;
/// What was earned in so many days counts.
const LATELY_DAYS: i32 = 28;
/// Whoever was active for less says nothing about the others of their pool yet.
const SETTLED_MINUTES: i64 = 4 * 60;
/// How long a copy is trusted.
const TRUSTED: Span = Span::minutes(10);

/// What everybody earned lately, and when that was read.
#[derive(Debug, Default)]
pub(crate) struct PaceCache(RwLock<Option<(Instant, Arc<Paces>)>>);

/// What everybody earned lately, alone and beside their pool: all who offer something of the same platform.
#[derive(Debug, Default)]
pub(crate) struct Paces {
    own: BTreeMap<WorkerId, Pace>,
    pools: BTreeMap<String, Pool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pool {
    median_fen_per_hour: i64,
    usual_fen: i64,
}

impl Paces {
    fn new(all: Vec<Pace>, trades: &[(WorkerId, String)]) -> Self {
        let own: BTreeMap<WorkerId, Pace> = all.into_iter().map(|pace| (pace.worker, pace)).collect();
        let mut members: BTreeMap<&str, BTreeSet<WorkerId>> = BTreeMap::new();
        for (worker, platform) in trades {
            members.entry(platform).or_default().insert(*worker);
        }
        let pool = |members: BTreeSet<WorkerId>| Pool::of(members.iter().filter_map(|worker| own.get(worker)));
        let pools = members.into_iter().map(|(platform, members)| (platform.to_owned(), pool(members))).collect();
        Self { own, pools }
    }

    /// What somebody earned beside the pool of a platform, before a job that pays so much.
    pub(crate) fn of(&self, worker: WorkerId, platform: &str, job_fen: i64) -> Earnings {
        let (fen, active_minutes) = self.own.get(&worker).map_or((0, 0), |pace| (pace.fen, pace.active_minutes));
        let pool = self.pools.get(platform).copied();
        let Pool { median_fen_per_hour, usual_fen } = pool.unwrap_or(Pool { median_fen_per_hour: 0, usual_fen: 0 });
        // A job whose price is not known yet is a usual one.
        let pay_percent = if usual_fen > 0 && job_fen > 0 { job_fen.saturating_mul(100) / usual_fen } else { 100 };
        Earnings { fen, active_minutes, median_fen_per_hour, pay_percent }
    }
}

impl Pool {
    fn of<'a>(members: impl Iterator<Item = &'a Pace>) -> Self {
        let (mut per_hour, mut fen, mut orders) = (Vec::new(), 0, 0);
        for pace in members {
            (fen, orders) = (fen + pace.fen, orders + pace.orders);
            if pace.active_minutes >= SETTLED_MINUTES {
                per_hour.push(pace.fen * 60 / pace.active_minutes);
            }
        }
        per_hour.sort_unstable();
        let median_fen_per_hour = per_hour.get(per_hour.len() / 2).copied().unwrap_or(0);
        Self { median_fen_per_hour, usual_fen: fen / orders.max(1) }
    }
}

impl App {
    /// What everybody earned lately, as it was ten minutes ago or later.
    pub(crate) async fn paces(&self) -> Result<Arc<Paces>> {
        let now = self.now();
        if let Some((at, known)) = &*self.paces.0.read().await
            && now - *at < TRUSTED
        {
            return Ok(known.clone());
        }
        let reads = self.store.reads();
        let all = paces::since(reads, now.day().plus(-LATELY_DAYS)).await?;
        let trades = paces::trades(reads).await?;
        let trades: Vec<_> = trades.into_iter().map(|(worker, kind)| (worker, kind.platform().to_owned())).collect();
        let read = Arc::new(Paces::new(all, &trades));
        *self.paces.0.write().await = Some((now, read.clone()));
        Ok(read)
    }
}

/// Looks who is active now, and counts the time since the look before. A look that is made twice counts once.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn look(app: &App) -> Result<usize> {
    let now = app.now();
    let quarter = i64::from(LOOK_MINUTES) * 60_000_000;
    let look = Instant(now.0.div_euclid(quarter) * quarter);
    let there = paces::there(app.store.reads(), now.day()).await?;
    let active: Vec<WorkerId> = there.iter().filter(|one| is_active(one, now)).map(|one| one.worker).collect();
    let count = active.len();
    app.store
        .write(move |tx| {
            async move {
                paces::count(tx, look, LOOK_MINUTES, &active).await?;
                paces::forget(tx, look.day().plus(-2 * LATELY_DAYS)).await?;
                Ok::<_, Failure>(())
            }
            .boxed()
        })
        .await?;
    Ok(count)
}

fn is_active(one: &There, now: Instant) -> bool {
    let hours: Hours = serde_json::from_value(one.hours.clone()).unwrap_or_default();
    let days_off = one.day_off.then(|| now.day()).into_iter().collect();
    let presence = Presence { hours: &hours, days_off: &days_off, duty: Duty::On };
    one.working || presence.absence(now, now + Span::seconds(1), true, now).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(worker: i64, fen: i64, active_minutes: i64) -> Pace {
        Pace { worker: WorkerId(worker), fen, orders: 2, active_minutes }
    }

    #[test]
    fn a_pool_is_everybody_of_a_platform_and_its_middle_those_who_were_there_long_enough() {
        let all = vec![pace(1, 6_000, 600), pace(2, 30_000, 600), pace(3, 90_000, 600), pace(4, 99_000, 60)];
        let trades: Vec<(WorkerId, String)> = [(1, "care"), (2, "care"), (3, "care"), (4, "care"), (3, "home")]
            .map(|(worker, platform)| (WorkerId(worker), platform.to_owned()))
            .into();
        let paces = Paces::new(all, &trades);

        let care = paces.of(WorkerId(1), "care", 56_250);
        assert_eq!((care.fen, care.active_minutes), (6_000, 600));
        assert_eq!(care.median_fen_per_hour, 3_000, "the fourth was there for an hour only");
        assert_eq!(care.pay_percent, 200, "225,000 for eight orders are 28,125 each");
        assert_eq!(paces.of(WorkerId(1), "home", 1).median_fen_per_hour, 9_000);

        let newcomer = paces.of(WorkerId(9), "care", 0);
        assert_eq!((newcomer.fen, newcomer.active_minutes, newcomer.pay_percent), (0, 0, 100));
        assert_eq!(paces.of(WorkerId(1), "nowhere", 500).median_fen_per_hour, 0);
    }
}
