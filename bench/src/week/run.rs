//! One week, event by event, with one way of finding somebody.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashSet};

use linli_domain::ranking::{Earnings, Facts, Weights};
use linli_matching::assign::{Edge, assign};

use super::parameters as given;
use super::world::{Place, World};

/// A way of finding somebody for a job.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// The free provider with the shortest way is asked, then the next.
    Nearest,
    /// The free provider with the best score is asked, then the next.
    Ranked(Weights),
    /// Every few seconds all open jobs are given to all free providers so that the scores are best together.
    Batch(Weights),
}

/// What came of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Of each job: how many seconds after it was asked for somebody was at the door. None when nobody came.
    pub arrivals: Vec<Option<i64>>,
    /// Of each provider: what they earned, in fen, and how long they were on duty, in seconds.
    pub earned: Vec<(i64, i64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// Somebody's day begins, or they are done: they are free.
    Free,
    Asked(usize),
    Answered {
        job: usize,
        provider: usize,
        yes: bool,
    },
    GivesUp(usize),
    /// The next batch, or the hour at which earnings are compared anew.
    Tick,
}

struct Now {
    /// Where they are when they are free, and since when.
    place: Place,
    since: i64,
    busy_until: i64,
    has_offer: bool,
    jobs_today: (i64, u32),
    earned_fen: i64,
    overtime: i64,
}

struct Run<'a> {
    world: &'a World<'a>,
    way: Way,
    now: i64,
    events: BinaryHeap<Reverse<(i64, Event)>>,
    people: Vec<Now>,
    /// Jobs that nobody has taken and that are not offered just now, the oldest first.
    open: BTreeSet<usize>,
    /// Who was asked for which job.
    asked: HashSet<(usize, usize)>,
    over: Vec<bool>,
    outcome: Outcome,
    /// Half of those on duty for some hours earned less per hour than this.
    median_fen_per_hour: i64,
    usual_pay_fen: i64,
    next_tick: i64,
}

/// Lets a week happen.
pub(crate) fn run(world: &World<'_>, way: Way) -> Outcome {
    let people = world.providers.iter().map(|provider| Now {
        place: provider.home,
        since: i64::MIN / 2,
        busy_until: 0,
        has_offer: false,
        jobs_today: (0, 0),
        earned_fen: 0,
        overtime: 0,
    });
    let mut run = Run {
        world,
        way,
        now: 0,
        events: BinaryHeap::new(),
        people: people.collect(),
        open: BTreeSet::new(),
        asked: HashSet::new(),
        over: vec![false; world.jobs.len()],
        outcome: Outcome { arrivals: vec![None; world.jobs.len()], earned: Vec::new() },
        median_fen_per_hour: 0,
        usual_pay_fen: world.jobs.iter().map(|job| job.earns_fen).sum::<i64>() / world.jobs.len().max(1) as i64,
        next_tick: i64::MAX,
    };
    for (at, job) in world.jobs.iter().enumerate() {
        run.events.push(Reverse((job.asked, Event::Asked(at))));
        run.events.push(Reverse((job.asked + given::PATIENCE_SECONDS, Event::GivesUp(at))));
    }
    for provider in &world.providers {
        run.events.extend(provider.days.iter().map(|(begin, _)| Reverse((*begin, Event::Free))));
    }
    run.week();
    run.outcome
}

impl Run<'_> {
    fn week(&mut self) {
        let mut compared = i64::MIN;
        while let Some(Reverse((at, event))) = self.events.pop() {
            self.now = at;
            if at / 3_600 != compared {
                compared = at / 3_600;
                self.compare();
            }
            match event {
                Event::Free => {}
                Event::Asked(job) => {
                    self.open.insert(job);
                }
                Event::GivesUp(job) => {
                    // Whoever has an offer just now may still say yes.
                    self.open.remove(&job);
                    self.over[job] = true;
                }
                Event::Answered { job, provider, yes } => self.answered(job, provider, yes),
                Event::Tick => self.next_tick = i64::MAX,
            }
            match self.way {
                Way::Nearest => self.one_by_one(|facts| i64::from(facts.travel_seconds)),
                Way::Ranked(weights) => self.one_by_one(|facts| facts.score(&weights).cost()),
                Way::Batch(weights) if event == Event::Tick => self.batch(&weights),
                Way::Batch(_) => {}
            }
            // The next batch is due at the next full ten seconds, if there is anything to give.
            if matches!(self.way, Way::Batch(_)) && !self.open.is_empty() && self.next_tick == i64::MAX {
                self.next_tick = (self.now / given::BATCH_SECONDS + 1) * given::BATCH_SECONDS;
                self.events.push(Reverse((self.next_tick, Event::Tick)));
            }
        }
        let earned = self.world.providers.iter().zip(&self.people);
        self.outcome.earned =
            earned.map(|(provider, now)| (now.earned_fen, provider.on_duty_until(i64::MAX) + now.overtime)).collect();
    }

    fn answered(&mut self, job: usize, provider: usize, yes: bool) {
        self.people[provider].has_offer = false;
        let (work, asked, place, pay) = {
            let job = &self.world.jobs[job];
            (job.work, job.asked, job.place, job.earns_fen)
        };
        if !yes {
            if !self.over[job] {
                self.open.insert(job);
            }
            return;
        }
        let way = i64::from(self.way_to(provider, place));
        let end = self.now + way + work;
        let day = self.now / 86_400;
        let duty_ends = self.world.providers[provider].days.iter().find(|(_, end)| self.now / 86_400 == *end / 86_400);
        let person = &mut self.people[provider];
        person.overtime += duty_ends.map_or(0, |(_, duty)| (end - duty).max(0));
        person.jobs_today = if person.jobs_today.0 == day { (day, person.jobs_today.1 + 1) } else { (day, 1) };
        person.earned_fen += pay;
        (person.place, person.since, person.busy_until) = (place, end, end);
        self.outcome.arrivals[job] = Some(self.now + way - asked);
        self.events.push(Reverse((end, Event::Free)));
    }

    /// The way from where somebody is now.
    fn way_to(&self, provider: usize, to: Place) -> u32 {
        let (person, known) = (&self.people[provider], &self.world.providers[provider]);
        let lingers = self.now - person.since <= given::LINGERS_SECONDS;
        let from = if lingers { person.place } else { known.home };
        self.world.town.way(from, to, known.metres_per_hour)
    }

    /// Who is on duty, without a job and without an offer.
    fn free(&self) -> Vec<usize> {
        let free = |(at, person): (usize, &Now)| {
            let idle = person.busy_until <= self.now && !person.has_offer;
            (idle && self.world.providers[at].day_at(self.now).is_some()).then_some(at)
        };
        self.people.iter().enumerate().filter_map(free).collect()
    }

    /// What is known of somebody for a job; none when they are no candidate.
    fn facts(&self, job: usize, provider: usize) -> Option<Facts> {
        let (wanted, known, person) = (&self.world.jobs[job], &self.world.providers[provider], &self.people[provider]);
        if !known.can(wanted.kind) || self.asked.contains(&(job, provider)) {
            return None;
        }
        let travel_seconds = self.way_to(provider, wanted.place);
        if travel_seconds > given::CIRCLE_SECONDS {
            return None;
        }
        let (_, duty) = known.day_at(self.now)?;
        let left = duty - (self.now + i64::from(travel_seconds) + wanted.work);
        if left < -given::OVERTIME_SECONDS {
            return None;
        }
        Some(Facts {
            own_trade: given::KINDS[wanted.kind].trade == known.trade,
            jobs_today: if person.jobs_today.0 == self.now / 86_400 { person.jobs_today.1 } else { 0 },
            minutes_left: Some(u32::try_from(left / 60).unwrap_or(0)),
            earnings: Some(Earnings {
                fen: person.earned_fen,
                active_minutes: self.active(provider) / 60,
                median_fen_per_hour: self.median_fen_per_hour,
                pay_percent: wanted.earns_fen * 100 / self.usual_pay_fen,
            }),
            ..Facts::at(travel_seconds)
        })
    }

    /// Seconds somebody has been on duty so far.
    fn active(&self, provider: usize) -> i64 {
        self.world.providers[provider].on_duty_until(self.now) + self.people[provider].overtime
    }

    /// The middle of what is earned per hour, of those with a few hours.
    fn compare(&mut self) {
        let per_hour = |provider: usize| {
            let active = self.active(provider);
            (active >= 4 * 3_600).then(|| self.people[provider].earned_fen * 3_600 / active)
        };
        let mut all: Vec<i64> = (0..self.people.len()).filter_map(per_hour).collect();
        all.sort_unstable();
        self.median_fen_per_hour = all.get(all.len() / 2).copied().unwrap_or(0);
    }

    fn offer(&mut self, job: usize, provider: usize) {
        self.open.remove(&job);
        self.asked.insert((job, provider));
        self.people[provider].has_offer = true;
        let (after, yes) = self.world.answer(job, provider).unwrap_or((given::OFFER_SECONDS, false));
        self.events.push(Reverse((self.now + after, Event::Answered { job, provider, yes })));
    }

    /// Each open job, the oldest first, is offered to whom it costs least.
    fn one_by_one(&mut self, cost: impl Fn(&Facts) -> i64) {
        if self.open.is_empty() {
            return;
        }
        let mut free = self.free();
        for job in self.open.iter().copied().collect::<Vec<_>>() {
            let candidates = free.iter().filter_map(|provider| Some((*provider, self.facts(job, *provider)?)));
            let best = candidates.min_by_key(|(_, facts)| (cost(facts), facts.travel_seconds));
            if let Some((provider, _)) = best {
                free.retain(|other| *other != provider);
                self.offer(job, provider);
            }
        }
    }

    /// All open jobs at once.
    fn batch(&mut self, weights: &Weights) {
        let (free, open): (Vec<_>, Vec<_>) = (self.free(), self.open.iter().copied().collect());
        let mut edges = Vec::new();
        for (j, job) in (0..).zip(&open) {
            let waited = self.now - self.world.jobs[*job].asked;
            for (p, provider) in (0..).zip(&free) {
                if let Some(facts) = self.facts(*job, *provider) {
                    edges.push(Edge { job: j, provider: p, cost: facts.score(weights).cost_after(waited, weights) });
                }
            }
        }
        for pair in assign(&edges).pairs {
            self.offer(open[pair.job as usize], free[pair.provider as usize]);
        }
    }
}
