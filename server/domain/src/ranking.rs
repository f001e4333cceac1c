//! Who is asked first: a score for each candidate of a job, made of parts that can be said in words.
//!
//! A point is a second of way. A weight therefore says how much longer a way may be for what it stands for: with
//! `same_carer = 300` the carer of last time comes before somebody who could be there four minutes sooner, and after
//! somebody who could be there six minutes sooner. Scores are whole numbers: the same facts give the same order on every
//! machine, and what is stored with a match adds up.
//!
//! **What is no fact.** How often somebody has declined, let an offer run out, or switched off duty is not among the
//! [`Facts`], and must not become one: refusing a job costs a provider nothing. A number that is counted would be feared,
//! and a feared number makes people take jobs they cannot do well. Nor is anything about the resident a fact: not
//! their age, not what they paid before. "Not that person" is no wish but a wall: the blocked are not candidates.

use serde::{Deserialize, Serialize};

use crate::platform::Bound;

mod reason;

pub use reason::Reason;

/// What each fact is worth, in points; a platform file may move them under `[dispatch.ranking]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// For somebody whose trade it is, beside somebody who can do it too, 0 to 1800.
    pub own_trade: i64,
    /// For somebody who has had no job today, 0 to 1800 …
    pub quiet_day: i64,
    /// … and so much less for each job they have had or taken, 0 to 300, until nothing is left of it.
    pub job_today: i64,
    /// Less for somebody whose day ends so soon after it that a delay would meet its end, 0 to 1800.
    pub tight_hours: i64,
    /// How many minutes count as soon, 0 to 240.
    pub tight_minutes: u32,
    /// For whoever came last time, 0 to 1800.
    pub same_carer: i64,
    /// For each wish that is met, 0 to 3600.
    pub wish: i64,
    /// For each level of [quality](Quality) above what is usual, less for each below, 0 to 1800.
    pub quality: i64,
    /// What is usual, in thousandths of a level, 1000 to 5000: where everybody begins.
    pub quality_prior_milli: u32,
    /// How many ratings what is usual weighs, 1 to 1000: so few good or bad ones do not make a reputation.
    pub quality_prior_count: u32,
    /// For somebody with fewer than [`Weights::newcomer_jobs`] ratings, 0 to 300: a first chance, no privilege.
    pub newcomer: i64,
    /// See [`Weights::newcomer`]; 0 to 50.
    pub newcomer_jobs: u32,
    /// For each part of a hundred somebody earns per hour on duty below the middle of their pool, less above, 0 to 100.
    pub earnings_per_percent: i64,
    /// The most that earnings give or take for a job of usual pay, 0 to 900: nobody waits much longer for fairness.
    pub earnings_most: i64,
    /// How many hours on duty weigh as much as the middle of the pool, 1 to 40: one good hour is no wealth.
    pub earnings_prior_hours: u32,
    /// Between jobs, where not all can be done at once: for each second somebody has waited, so many hundredths of a
    /// point, 0 to 100. At 100 whoever has waited longest comes first, however far; at 0 only the way counts.
    pub waited_percent: u32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            own_trade: 60,
            quiet_day: 60,
            job_today: 10,
            tight_hours: 120,
            tight_minutes: 30,
            same_carer: 900,
            wish: 1_200,
            quality: 300,
            quality_prior_milli: 4_500,
            quality_prior_count: 10,
            newcomer: 120,
            newcomer_jobs: 5,
            earnings_per_percent: 60,
            earnings_most: 900,
            earnings_prior_hours: 4,
            waited_percent: 30,
        }
    }
}

impl Weights {
    /// Every weight that no kind may have: its field, and what is allowed. Empty when all is well.
    pub fn check(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut judge = |field, value: i64, allowed: Bound<i64>| {
            if !(allowed.min..=allowed.max).contains(&value) {
                wrong.push((field, format!("{} to {}", allowed.min, allowed.max)));
            }
        };
        let to = |max| Bound { min: 0, max };
        judge("own_trade", self.own_trade, to(1_800));
        judge("quiet_day", self.quiet_day, to(1_800));
        judge("job_today", self.job_today, to(300));
        judge("tight_hours", self.tight_hours, to(1_800));
        judge("tight_minutes", self.tight_minutes.into(), to(240));
        judge("same_carer", self.same_carer, to(1_800));
        judge("wish", self.wish, to(3_600));
        judge("quality", self.quality, to(1_800));
        judge("quality_prior_milli", self.quality_prior_milli.into(), Bound { min: 1_000, max: 5_000 });
        judge("quality_prior_count", self.quality_prior_count.into(), Bound { min: 1, max: 1_000 });
        judge("newcomer", self.newcomer, to(300));
        judge("newcomer_jobs", self.newcomer_jobs.into(), to(50));
        judge("earnings_per_percent", self.earnings_per_percent, to(100));
        judge("earnings_most", self.earnings_most, to(900));
        judge("waited_percent", self.waited_percent.into(), to(100));
        judge("earnings_prior_hours", self.earnings_prior_hours.into(), Bound { min: 1, max: 40 });
        wrong
    }
}

/// Whether something was wished, and whether a candidate is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    /// Nothing was wished.
    #[default]
    None,
    /// It was, and they are.
    Met,
    /// It was, and they are not.
    Unmet,
}

/// The ratings of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality {
    /// The mean of the ratings in thousandths of a level, 1000 to 5000.
    pub mean_milli: u32,
    /// How many there are.
    pub count: u32,
}

impl Quality {
    /// The Bayesian mean in thousandths of a level: as if [`Weights::quality_prior_count`] usual ratings had come first.
    /// Without ratings it is what is usual.
    pub fn settled_milli(self, weights: &Weights) -> u32 {
        let (prior, weight) = (u64::from(weights.quality_prior_milli), u64::from(weights.quality_prior_count));
        let (mean, count) = (u64::from(self.mean_milli.min(5_000)), u64::from(self.count));
        let settled = (prior * weight + mean * count) / (weight + count).max(1);
        u32::try_from(settled).expect("a mean of two numbers of 32 bits")
    }
}

/// What somebody has earned lately (four weeks, say), beside the others of their pool: everybody who could be sent by the
/// same platform in the same district.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earnings {
    /// What they earned in that time, in fen.
    pub fen: i64,
    /// How long they were on duty in that time, in minutes, waiting or at work.
    pub active_minutes: i64,
    /// Half of the pool earned less per hour on duty than this, in fen.
    pub median_fen_per_hour: i64,
    /// What this job pays beside the usual job of its pool, in parts of a hundred; 100 is the usual one. A job that pays
    /// twice changes twice as much.
    pub pay_percent: i64,
}

impl Earnings {
    /// By how many parts of a hundred they earned less than the middle of the pool per hour on duty; negative when
    /// more. Hours on duty are joined by [`Weights::earnings_prior_hours`] at the middle.
    fn behind_percent(self, weights: &Weights) -> i64 {
        if self.median_fen_per_hour <= 0 {
            return 0;
        }
        // Far above what anybody earns, and far below where the products below would end.
        let sensible = |value: i64| i128::from(value.clamp(0, 1 << 40));
        let (minutes, middle) = (sensible(self.active_minutes), sensible(self.median_fen_per_hour));
        let prior = i128::from(weights.earnings_prior_hours) * 60;
        // Both sides times 60, so that hours need no division.
        let earned = sensible(self.fen) * 60 + middle * prior;
        let expected = middle * (minutes + prior);
        let percent = (expected - earned) * 100 / expected.max(1);
        i64::try_from(percent.clamp(-1_000, 100)).expect("clamped")
    }

    fn points(self, weights: &Weights) -> i64 {
        let most = weights.earnings_most.max(0);
        let usual = self.behind_percent(weights).saturating_mul(weights.earnings_per_percent).clamp(-most, most);
        usual.saturating_mul(self.pay_percent.clamp(0, 300)) / 100
    }
}

/// What is known of a candidate for a job. Begin with [`Facts::at`] and name what else is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The way to the door on streets, in seconds, by their own means.
    pub travel_seconds: u32,
    /// Whether it is their own trade, or something they can do too. Whoever cannot do it is no candidate.
    pub own_trade: bool,
    /// How many jobs they have had or taken today.
    pub jobs_today: u32,
    /// Minutes of their working hours left once it is done; none when they have not said when they stop.
    pub minutes_left: Option<u32>,
    /// Whether they came to the same person for the same kind last time.
    pub same_carer: bool,
    /// What was wished about their gender.
    pub gender: Wish,
    /// What was wished about their language.
    pub language: Wish,
    /// Their ratings; none before the first.
    pub quality: Option<Quality>,
    /// Their earnings; none where nothing is earned, as by volunteers.
    pub earnings: Option<Earnings>,
}

impl Facts {
    /// Somebody of the trade, so many seconds away, of whom nothing else is known.
    pub const fn at(travel_seconds: u32) -> Self {
        Self {
            travel_seconds,
            own_trade: true,
            jobs_today: 0,
            minutes_left: None,
            same_carer: false,
            gender: Wish::None,
            language: Wish::None,
            quality: None,
            earnings: None,
        }
    }

    /// The score, with a part for every fact that gave or took points.
    pub fn score(&self, weights: &Weights) -> Score {
        let mut score = Score { points: 0, parts: Vec::with_capacity(4) };
        score.add(Reason::Near(minutes(self.travel_seconds)), -i64::from(self.travel_seconds));
        if self.own_trade {
            score.add(Reason::OwnTrade, weights.own_trade);
        }
        let busy = weights.job_today.saturating_mul(self.jobs_today.into());
        score.add(Reason::QuietDay(self.jobs_today), weights.quiet_day.saturating_sub(busy).max(0));
        if self.minutes_left.is_some_and(|left| left < weights.tight_minutes) {
            score.add(Reason::TightHours(self.minutes_left.unwrap_or_default()), -weights.tight_hours);
        }
        if self.same_carer {
            score.add(Reason::SameCarer, weights.same_carer);
        }
        if self.gender == Wish::Met {
            score.add(Reason::GenderWished, weights.wish);
        }
        if self.language == Wish::Met {
            score.add(Reason::LanguageWished, weights.wish);
        }
        let quality = self.quality.unwrap_or(Quality { mean_milli: weights.quality_prior_milli, count: 0 });
        let above = i64::from(quality.settled_milli(weights)) - i64::from(weights.quality_prior_milli);
        let said = Reason::Quality { mean_milli: quality.mean_milli, count: quality.count };
        score.add(said, above.saturating_mul(weights.quality) / 1_000);
        if quality.count < weights.newcomer_jobs {
            score.add(Reason::Newcomer, weights.newcomer);
        }
        if let Some(earnings) = self.earnings {
            score.add(Reason::Earnings, earnings.points(weights));
        }
        score
    }
}

/// A way in whole minutes as it is said: never less than it is, and never none.
fn minutes(seconds: u32) -> u32 {
    seconds.div_ceil(60).max(1)
}

/// What gave or took points, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it was.
    #[serde(flatten)]
    pub reason: Reason,
    /// Points it gave; negative when it took them.
    pub points: i64,
}

/// How suitable a candidate is; more points are better. Kept with the match it led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The sum of the parts.
    pub points: i64,
    /// The parts, the way first; a fact that changed nothing has none.
    pub parts: Vec<Part>,
}

impl Score {
    fn add(&mut self, reason: Reason, points: i64) {
        if points != 0 || matches!(reason, Reason::Near(_)) {
            self.points += points;
            self.parts.push(Part { reason, points });
        }
    }

    /// What it costs to give the job to this candidate, for an assignment: least is best, and it may be negative.
    pub const fn cost(&self) -> i64 {
        -self.points
    }

    /// The cost beside those of other jobs, when somebody has waited for this one so many seconds already.
    pub fn cost_after(&self, waited_seconds: i64, weights: &Weights) -> i64 {
        self.cost() - waited_seconds.clamp(0, 1 << 40) * i64::from(weights.waited_percent) / 100
    }

    /// Why this provider, in words for the resident: the way, and all that spoke for them and may be told.
    pub fn words_for_resident(&self) -> Vec<crate::words::Words> {
        self.speaking_for().filter_map(|part| part.reason.for_resident()).collect()
    }

    /// Why this job was offered, in words for the provider.
    pub fn words_for_provider(&self) -> Vec<crate::words::Words> {
        self.speaking_for().filter_map(|part| part.reason.for_provider()).collect()
    }

    /// Why this provider, in words for staff who send them.
    pub fn words_for_desk(&self) -> Vec<crate::words::Words> {
        self.speaking_for().filter_map(|part| part.reason.for_desk()).collect()
    }

    fn speaking_for(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.points > 0 || matches!(part.reason, Reason::Near(_)))
    }
}

/// All candidates with their scores, best first. Of equal scores the shorter way comes first, then fewer jobs today, then
/// whoever was named first: a caller that would not always favour the same names them in turn.
pub fn rank<Id: Clone>(candidates: &[(Id, Facts)], weights: &Weights) -> Vec<(Id, Score)> {
    let mut ranked: Vec<_> = candidates.iter().map(|(id, facts)| (id.clone(), facts, facts.score(weights))).collect();
    ranked.sort_by_key(|(_, facts, score)| (score.cost(), facts.travel_seconds, facts.jobs_today));
    ranked.into_iter().map(|(id, _, score)| (id, score)).collect()
}

#[cfg(test)]
mod tests;
