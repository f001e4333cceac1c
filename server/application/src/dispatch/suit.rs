//! Who could come, when, and why them: candidates of the database against streets, hours, calendars and wishes.

use std::collections::{BTreeMap, BTreeSet};

use linli_domain::calendar;
use linli_domain::claim::{Claim, PoolKey};
use linli_domain::geo::{Travel, Wgs84};
use linli_domain::id::WorkerId;
use linli_domain::needed::time_of;
use linli_domain::order::State;
use linli_domain::platform::{Kind, VisitTerms};
use linli_domain::ranking::{Facts, Quality, Score, Weights, Wish, rank};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::{Day, Instant, Span};
use linli_domain::words::Words;
use linli_domain::worker::{Absence, Document, Duty, Hours, Presence};
use linli_store::booking::Order;
use linli_store::market::candidates::Candidate;
use linli_store::market::visits::{self, Visit};
use linli_store::{Reads, scarcity};

use super::terms;
use crate::{App, Result};

/// Kinds that cannot wait go so much farther than the circle by themselves.
const URGENT_TIMES: u32 = 2;
/// With the resident's yes, so much farther.
const WIDER_TIMES: u32 = 3;

/// Somebody who can come, and when.
#[derive(Debug, Clone)]
pub(crate) struct Suited {
    pub(crate) candidate: Candidate,
    /// By streets, by their own means.
    pub(crate) travel_seconds: u32,
    /// When they would begin and be done.
    pub(crate) start: Instant,
    pub(crate) end: Instant,
}

impl Suited {
    /// What they claim by accepting: the job, one of their open jobs, and their time with the way there.
    pub(crate) fn claims(&self, order: &Order) -> Vec<Claim> {
        let one = |pool, capacity| Claim::Place { pool, capacity, amount: 1 };
        let leave = self.start - Span::seconds(i64::from(self.travel_seconds));
        let mut claims = vec![
            one(PoolKey::job(order.id), 1),
            one(PoolKey::open_jobs(self.candidate.worker), self.candidate.max_open),
        ];
        claims.extend(time_of(self.candidate.person, &[(leave, self.end)]));
        claims
    }
}

/// How somebody comes to be asked: what is looked at differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// They are offered it, or accept it themselves.
    Themselves,
    /// Staff or their company send them: duty and distance are theirs to judge.
    Sent,
}

/// Everything about a visit that suits are judged by.
pub(crate) struct Job<'a> {
    pub(crate) order: &'a Order,
    pub(crate) visit: &'a Visit,
    pub(crate) kind: &'a Kind,
    pub(crate) terms: &'a VisitTerms,
}

impl<'a> Job<'a> {
    pub(crate) fn new(app: &'a App, order: &'a Order, visit: &'a Visit) -> Result<Self> {
        let kind = app.kind_of(order)?;
        Ok(Self { order, visit, kind, terms: terms(kind)? })
    }

    /// The longest way somebody may have, in seconds.
    pub(crate) fn circle(&self) -> u32 {
        let times = match (self.visit.wider, self.terms.urgent) {
            (true, _) => WIDER_TIMES,
            (false, Some(_)) => URGENT_TIMES,
            (false, None) => 1,
        };
        u32::from(self.terms.circle_minutes) * 60 * times
    }
}

/// The way of each candidate to a door, in seconds by their own means; none where there is none.
pub(crate) fn travel(app: &App, candidates: &[Candidate], to: Wgs84) -> Vec<Option<u32>> {
    let mut seconds = vec![None; candidates.len()];
    for means in Travel::ALL {
        let Ok(door) = app.streets.snap(means, to) else { continue };
        let (numbers, starts): (Vec<usize>, Vec<_>) = candidates
            .iter()
            .enumerate()
            .filter(|(_, one)| one.travel == means)
            .filter_map(|(number, one)| Some((number, app.streets.snap(means, one.from).ok()?)))
            .unzip();
        if starts.is_empty() {
            continue;
        }
        let table = app.streets.table(&starts, &[door]);
        for (row, number) in numbers.into_iter().enumerate() {
            seconds[number] = table.get(row, 0).map(|seconds| seconds.0);
        }
    }
    seconds
}

/// Whether and when each candidate can come. The refusal says why not, in words for them.
pub(crate) async fn judge(
    app: &App,
    reads: &impl Reads,
    job: &Job<'_>,
    candidates: Vec<Candidate>,
    by: By,
) -> Result<Vec<Result<Suited, Refusal>>> {
    let now = app.now();
    let ways = travel(app, &candidates, job.visit.point);
    let days: BTreeSet<Day> = [now.day(), job.visit.from.day(), job.visit.until.day()].into();
    let wanted: Vec<(i64, Day)> =
        candidates.iter().flat_map(|one| days.iter().map(|day| (one.person.0, *day))).collect();
    let calendars = scarcity::calendars(reads, &wanted).await?;
    let is_free = |one: &Candidate, from: Instant, until: Instant| {
        let busy = calendar::busy(from, until);
        busy.into_iter()
            .all(|(day, mask)| calendars.get(&(one.person.0, day)).is_none_or(|taken| taken.is_free_of(mask)))
    };
    let judged = candidates.into_iter().zip(ways).map(|(one, way)| fit(job, one, way, by, now, &is_free));
    Ok(judged.collect())
}

fn fit(
    job: &Job<'_>,
    one: Candidate,
    way: Option<u32>,
    by: By,
    now: Instant,
    is_free: &impl Fn(&Candidate, Instant, Instant) -> bool,
) -> Result<Suited, Refusal> {
    let Job { order, visit, kind, terms } = job;
    let not_theirs = || Refusal::new(Code::ServiceNotYours).with("service", kind.name.clone());
    if one.state != "verified" || one.service.as_deref() != Some("verified") || !terms.travel.contains(&one.travel) {
        return Err(not_theirs());
    }
    if one.off_offer {
        let named = terms.documents.iter().filter_map(|key| Document::from_key(key));
        let papers = Words::listed(named.map(Document::words));
        return Err(Refusal::new(Code::PaperExpired).with("service", kind.name.clone()).with("document", papers));
    }
    // Neither side is told that the other does not want to meet them.
    if one.refused || one.person == order.subject {
        return Err(Code::VisitGone.into());
    }
    let unwanted = visit.wishes["not_workers"].as_array();
    if unwanted.is_some_and(|list| list.iter().any(|id| id == &serde_json::json!(one.worker))) {
        return Err(Code::VisitGone.into());
    }
    let seconds = way.ok_or_else(|| Refusal::new(Code::TooFarAway).with("minutes", "60+"))?;
    if by == By::Themselves {
        let inside = |code: &String| code.parse().is_ok_and(|area| order.area.is_within(&area));
        if seconds > job.circle() || !(one.areas.is_empty() || one.areas.iter().any(inside)) {
            return Err(Refusal::new(Code::TooFarAway).with("minutes", seconds.div_ceil(60)));
        }
    }
    if one.open >= one.max_open && by == By::Themselves {
        return Err(Refusal::new(Code::TooManyJobs).with("max", one.max_open));
    }
    let hours: Hours = serde_json::from_value(one.hours.clone()).unwrap_or_default();
    let days_off: BTreeSet<Day> = one.day_off.then_some(visit.from.day()).into_iter().collect();
    let duty = match one.paused_until {
        Some(until) => Duty::Paused(until),
        None if one.on_duty => Duty::On,
        None => Duty::Off,
    };
    let presence = Presence { hours: &hours, days_off: &days_off, duty };
    let (way, work) = (Span::seconds(i64::from(seconds)), Span::minutes(i64::from(visit.minutes)));
    let earliest = (now + way).max(visit.from);
    let mut busy = false;
    for step in 0..96 {
        let start = earliest + Span::minutes(15 * step);
        let end = start + work;
        if end > visit.until && !(visit.is_now && step == 0) {
            break;
        }
        if by == By::Themselves {
            match presence.absence(start, end, visit.is_now, now) {
                None => {}
                Some(Absence::OutsideHours) => continue,
                Some(_) => return Err(Code::OffDuty.into()),
            }
        }
        if is_free(&one, start - way, end) {
            return Ok(Suited { candidate: one, travel_seconds: seconds, start, end });
        }
        busy = true;
    }
    Err(if busy { Code::WorkerBusy } else { Code::OffDuty }.into())
}

/// Those who suit, best first, each with the score that says why.
pub(crate) async fn ranked(
    app: &App,
    reads: &impl Reads,
    job: &Job<'_>,
    candidates: Vec<Candidate>,
) -> Result<Vec<(Suited, Score)>> {
    let judged = judge(app, reads, job, candidates, By::Themselves).await?;
    score(app, reads, job, judged.into_iter().filter_map(Result::ok).collect()).await
}

/// Scores those who suit.
pub(crate) async fn score(
    app: &App,
    reads: &impl Reads,
    job: &Job<'_>,
    suited: Vec<Suited>,
) -> Result<Vec<(Suited, Score)>> {
    let last = visits::last_workers(reads, job.order.subject, &job.order.kind).await?;
    let paces = if job.kind.free { None } else { Some(app.paces().await?) };
    let (platform, fen) = (job.order.kind.platform(), job.order.price_fen);
    let facts = |one: &Suited| {
        let worker = one.candidate.worker;
        let earnings = paces.as_ref().map(|paces| paces.of(worker, platform, fen));
        (worker, Facts { earnings, ..facts(job, one, last.first().copied()) })
    };
    let facts: Vec<(WorkerId, Facts)> = suited.iter().map(facts).collect();
    let mut by_id: BTreeMap<WorkerId, Suited> = suited.into_iter().map(|one| (one.candidate.worker, one)).collect();
    let weights = weights(job.terms);
    Ok(rank(&facts, &weights).into_iter().filter_map(|(id, score)| Some((by_id.remove(&id)?, score))).collect())
}

pub(crate) fn weights(terms: &VisitTerms) -> Weights {
    terms.ranking.unwrap_or_default()
}

fn facts(job: &Job<'_>, one: &Suited, last: Option<WorkerId>) -> Facts {
    let Candidate { gender, languages, worker, quality, skills, hours, .. } = &one.candidate;
    let wishes = &job.visit.wishes;
    let wish = |wished: &serde_json::Value, is: &dyn Fn(&str) -> bool| match wished.as_str() {
        None | Some("") => Wish::None,
        Some(wished) if is(wished) => Wish::Met,
        Some(_) => Wish::Unmet,
    };
    let hours: Hours = serde_json::from_value(hours.clone()).unwrap_or_default();
    let none = BTreeSet::new();
    let presence = Presence { hours: &hours, days_off: &none, duty: Duty::On };
    let has = |list: &serde_json::Value, key: &str| {
        list.as_array().is_some_and(|list| list.iter().any(|one| one.as_str() == Some(key)))
    };
    Facts {
        own_trade: job.terms.skills.is_empty() || skills.as_array().is_some_and(|list| !list.is_empty()),
        jobs_today: one.candidate.minutes_today / u32::from(job.visit.minutes.max(1)),
        minutes_left: (!hours.is_empty()).then(|| presence.minutes_left(one.end)),
        same_carer: last == Some(*worker) || wishes["worker"] == serde_json::json!(worker),
        gender: wish(&wishes["gender"], &|wished| wished == gender),
        language: wish(&wishes["language"], &|wished| has(languages, wished)),
        quality: (quality.0 > 0).then(|| Quality { mean_milli: quality.1 * 1000 / quality.0, count: quality.0 }),
        ..Facts::at(one.travel_seconds)
    }
}

/// Why a match was made, in words.
pub(crate) fn reasons(stored: &serde_json::Value, for_worker: bool) -> Vec<Words> {
    match serde_json::from_value::<Score>(stored.clone()) {
        Ok(score) if for_worker => score.words_for_provider(),
        Ok(score) => score.words_for_resident(),
        Err(_) => Vec::new(),
    }
}

/// Whether an order still waits for somebody to come.
pub(crate) fn is_sought(order: &Order) -> bool {
    order.state == State::Requested
}
