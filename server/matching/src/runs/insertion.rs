//! The planner: insertion, local search, and taking a neighbourhood out to put it in anew.

use std::collections::{HashMap, HashSet};

use linli_domain::context::{Random, SeededRandom};

use super::insert::{Sight, State};
use super::problem::Problem;
use super::{BadRound, Plan, Planner, Round, Unassigned, Ways};

/// Changes of one local search; far more than it ever makes.
const CHANGES: usize = 10_000;
/// How many stops are taken out at once: from, to.
const TAKEN: (u64, u64) = (2, 14);
/// One in so many of what the best plan costs: how much worse the plan at hand may be in the first round.
const DETOUR: i64 = 40;

/// Insertion with regret and local search, or going to the nearest next and local search, whichever is better; then, again and again, some stops that lie together are taken out and put in
/// anew, which is kept where it is better, and at first also where it is a little worse.
///
/// Every round does a bounded amount of work, and the same round, rounds and seed give the same plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Insertion {
    /// How often stops are taken out and put in anew. Nought leaves insertion and local search.
    pub rounds: u32,
    /// Where chance begins.
    pub seed: u64,
}

impl Default for Insertion {
    fn default() -> Self {
        Self { rounds: 1_000, seed: 1 }
    }
}

impl Planner for Insertion {
    fn plan(&self, round: &Round, ways: &Ways) -> Result<Plan, BadRound> {
        let problem = Problem::new(round, ways, &Plan::default())?;
        let mut state = problem.empty();
        settle(&problem, &mut state);
        let mut other = problem.nearest_next();
        settle(&problem, &mut other);
        if other.weight() < state.weight() {
            state = other;
        }
        let all = problem.empty().open;
        self.search(&problem, &mut state, &all, self.rounds);
        Ok(answer(&problem, &state))
    }

    fn replan(&self, round: &Round, ways: &Ways, before: &Plan) -> Result<Plan, BadRound> {
        let problem = Problem::new(round, ways, before)?;
        let mut state = kept(&problem, before);
        settle(&problem, &mut state);
        // Whoever has heard of a plan is only disturbed where somebody would otherwise get nothing.
        let left = state.open.clone();
        self.search(&problem, &mut state, &left, self.rounds / 4);
        Ok(answer(&problem, &state))
    }
}

impl Insertion {
    /// Takes out and puts in around some stops, and leaves the best that was found.
    fn search(&self, problem: &Problem<'_>, state: &mut State, around: &[u32], rounds: u32) {
        if around.is_empty() || problem.carriers.is_empty() {
            return;
        }
        let random = SeededRandom::new(self.seed);
        let near = Nearness::new(problem);
        let mut here = state.clone();
        for round in 0..rounds {
            // In every second round somebody who has no place, as long as there are such.
            let middle = if round % 2 == 0 && !here.open.is_empty() {
                here.open[pick(&random, here.open.len())]
            } else {
                around[pick(&random, around.len())]
            };
            let count = TAKEN.0 + random.below(TAKEN.1 - TAKEN.0);
            let Some(mut next) = take_out(problem, &here, near.around(middle, count as usize)) else { continue };
            if round % 3 == 0 {
                problem.insert(&mut next);
            } else {
                // Regret alone would put in the same way what it put in before.
                let drawn: Vec<i64> = next.open.iter().map(|_| random.below(1 << 40) as i64).collect();
                let order: HashMap<u32, i64> = next.open.iter().copied().zip(drawn).collect();
                problem.insert_by(&mut next, Sight::Blurred(random.below(u64::MAX)), |stop, _| order[&stop]);
                problem.insert(&mut next);
            }
            let worse = state.cost / DETOUR * i64::from(rounds - round) / i64::from(rounds);
            if next.weight() < (state.open.len(), state.cost + worse) {
                if next.weight() < state.weight() {
                    settle(problem, &mut next);
                    *state = next.clone();
                }
                here = next;
            }
        }
        settle(problem, state);
    }
}

/// What couriers have been told, as far as it is still possible; all else is open.
fn kept(problem: &Problem<'_>, before: &Plan) -> State {
    let number = |key: i64| problem.round.couriers.iter().position(|courier| courier.key == key);
    let mut open: HashMap<i64, u32> =
        problem.empty().open.into_iter().map(|stop| (problem.round.stops[stop as usize - 1].key, stop)).collect();
    let mut state = problem.empty();
    for run in &before.runs {
        let Some(courier) = number(run.courier) else { continue };
        let day = &mut state.days[courier];
        let mut stops = Vec::new();
        for visit in &run.visits {
            let Some(stop) = open.get(&visit.stop).copied() else { continue };
            stops.push(stop);
            let longer = problem.shape(courier, &stops);
            let shapes = day.iter().map(|trip| &trip.shape).chain(&longer);
            if longer.is_some() && problem.is_possible(courier, shapes) {
                open.remove(&visit.stop);
            } else {
                stops.pop();
            }
        }
        if !stops.is_empty() {
            day.extend(problem.trip(courier, stops));
        }
    }
    state.open.retain(|stop| open.values().any(|open| open == stop));
    problem.reckon(&mut state);
    state
}

/// Puts in what has a place, and improves, until there is no place left for what is open.
fn settle(problem: &Problem<'_>, state: &mut State) {
    loop {
        problem.insert(state);
        problem.improve(state, CHANGES);
        let open = state.open.len();
        problem.insert(state);
        if state.open.len() == open {
            return;
        }
    }
}

/// A plan without some stops, which are open then; none if what is left is not possible.
fn take_out(problem: &Problem<'_>, state: &State, stops: &[u32]) -> Option<State> {
    let mut next = state.clone();
    for (courier, trips) in state.days.iter().enumerate() {
        let goes = |stop: u32| stops.contains(&stop);
        if trips.iter().any(|trip| trip.stops.iter().any(|stop| goes(*stop))) {
            next.days[courier] = problem.without(courier, trips, goes)?;
        }
    }
    next.open.extend(stops.iter().filter(|stop| !state.open.contains(stop)));
    Some(next)
}

fn pick(random: &SeededRandom, count: usize) -> usize {
    usize::try_from(random.below(count as u64)).expect("below a length")
}

/// Which stops lie near which, by the way of the first courier there and back.
struct Nearness(Vec<Vec<u32>>);

impl Nearness {
    fn new(problem: &Problem<'_>) -> Self {
        let all = problem.empty().open;
        let last = problem.round.stops.len();
        let of = |stop: usize| {
            let stop = u32::try_from(stop).expect("stops are numbered by u32");
            let way = |other: u32| problem.leg(0, stop, other).saturating_add(problem.leg(0, other, stop));
            let mut near = all.clone();
            near.sort_by_cached_key(|other| (*other != stop, way(*other), *other));
            near.truncate(TAKEN.1 as usize);
            near
        };
        Self((1..=last).map(of).collect())
    }

    /// A stop and those nearest to it.
    fn around(&self, stop: u32, count: usize) -> &[u32] {
        let near = &self.0[stop as usize - 1];
        &near[..count.min(near.len())]
    }
}

/// The runs under way as they are, then those that were planned; and why the rest has no place.
fn answer(problem: &Problem<'_>, state: &State) -> Plan {
    let round = problem.round;
    let mut runs = Vec::new();
    for (number, courier) in round.couriers.iter().enumerate() {
        runs.extend(round.underway.iter().filter(|run| run.courier == courier.key).cloned());
        runs.extend(problem.runs(number, &state.days[number]));
    }
    let planned: HashSet<u32> = state.days.iter().flatten().flat_map(|trip| trip.stops.iter().copied()).collect();
    let why = |stop: u32| Unassigned { stop: round.stops[stop as usize - 1].key, reason: problem.reason(stop) };
    Plan { runs, unassigned: problem.waiting().filter(|stop| !planned.contains(stop)).map(why).collect() }
}
