//! Milliseconds for the best assignment of 2,000 jobs to 2,000 providers over 20 edges each, beside other people's
//! libraries on the same edges in the same run.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use linli_domain::context::{Random, SeededRandom};
use linli_matching::assign::{Edge, assign, verify};
use mcmf::{Capacity, Cost, GraphBuilder, Vertex};
use pathfinding::kuhn_munkres::kuhn_munkres_min;
use pathfinding::matrix::Matrix;

use crate::say;

const JOBS: u32 = 2_000;
const PROVIDERS: u32 = 2_000;
const EDGES_EACH: u32 = 20;
/// Rounds of what is quick; what takes seconds runs once.
const ROUNDS: u64 = 5;

/// Measures, checks that all agree, and prints a table.
///
/// # Errors
/// When two disagree about how many jobs are done or for how much, or the proof does not hold.
pub(crate) fn measure() -> Result<()> {
    for town in [Town::Anywhere, Town::OnTheMap] {
        let (mut ours, mut proof, mut flow, mut hungarian) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for seed in 1..=ROUNDS {
            let edges = town.edges(seed);
            let (assignment, took) = timed(|| assign(&edges));
            ours.push(took);
            let (proved, took) = timed(|| verify(&edges, &assignment));
            proved?;
            proof.push(took);
            let (theirs, took) = timed(|| by_flow(&edges));
            flow.push(took);
            ensure!(theirs == (assignment.pairs.len(), assignment.total), "mcmf found {theirs:?}");
            if seed == 1 {
                say(&format!(
                    "\nAssignment of {JOBS} jobs to {PROVIDERS} providers, {EDGES_EACH} edges each, {}",
                    town.name()
                ));
                let (theirs, took) = timed(|| by_hungarian(&edges));
                ensure!(theirs == (assignment.pairs.len(), assignment.total), "pathfinding found {theirs:?}");
                hungarian.push(took);
            }
        }
        let ours = median(&mut ours);
        row("linli_matching::assign", ours, None);
        row("its proof, looked at", median(&mut proof), None);
        row("mcmf, network simplex of LEMON", median(&mut flow), Some(ours));
        row("pathfinding, Hungarian method, once", median(&mut hungarian), Some(ours));
    }
    Ok(())
}

/// Which providers suit a job, and at what cost.
#[derive(Clone, Copy)]
enum Town {
    /// Any, at any cost: nothing is near anything.
    Anywhere,
    /// The nearest, at what the way takes: what a city is like, and where many want the same.
    OnTheMap,
}

impl Town {
    const fn name(self) -> &'static str {
        match self {
            Self::Anywhere => "anybody at random",
            Self::OnTheMap => "the nearest on a map",
        }
    }

    fn edges(self, seed: u64) -> Vec<Edge> {
        let random = SeededRandom::new(seed);
        let number = |below: u32| u32::try_from(random.below(below.into())).expect("below a number of 32 bits");
        match self {
            Self::Anywhere => (0..JOBS)
                .flat_map(|job| (0..EDGES_EACH).map(move |_| job))
                .map(|job| Edge { job, provider: number(PROVIDERS), cost: i64::from(number(1_000)) })
                .collect(),
            Self::OnTheMap => {
                let place = || (i64::from(number(10_000)), i64::from(number(10_000)));
                let providers: Vec<_> = (0..PROVIDERS).map(|_| place()).collect();
                let mut edges = Vec::new();
                for job in 0..JOBS {
                    let at = place();
                    let way = |there: &(i64, i64)| (at.0 - there.0).abs() + (at.1 - there.1).abs();
                    let mut near: Vec<_> = (0..).zip(&providers).map(|(p, there)| (way(there), p)).collect();
                    near.select_nth_unstable(EDGES_EACH as usize);
                    near.truncate(EDGES_EACH as usize);
                    near.sort_unstable();
                    edges.extend(near.into_iter().map(|(cost, provider)| Edge { job, provider, cost }));
                }
                edges
            }
        }
    }
}

/// Every job and every provider is a vertex; as much as possible flows, as cheaply as possible.
fn by_flow(edges: &[Edge]) -> (usize, i128) {
    let mut graph = GraphBuilder::new();
    for job in 0..JOBS {
        graph.add_edge(Vertex::Source, (false, job), Capacity(1), Cost(0));
    }
    for edge in edges {
        let cost = i32::try_from(edge.cost).expect("small costs");
        graph.add_edge((false, edge.job), (true, edge.provider), Capacity(1), Cost(cost));
    }
    for provider in 0..PROVIDERS {
        graph.add_edge((true, provider), Vertex::Sink, Capacity(1), Cost(0));
    }
    let (cost, paths) = graph.mcmf();
    (paths.len(), cost.into())
}

/// On a full matrix; what is no edge costs more than any assignment.
fn by_hungarian(edges: &[Edge]) -> (usize, i128) {
    const NO_EDGE: i64 = 1 << 40;
    let mut matrix = Matrix::new(JOBS as usize, PROVIDERS as usize, NO_EDGE);
    for edge in edges {
        let cell = &mut matrix[(edge.job as usize, edge.provider as usize)];
        *cell = edge.cost.min(*cell);
    }
    let (_, columns) = kuhn_munkres_min(&matrix);
    let chosen = columns.iter().enumerate().map(|(row, column)| matrix[(row, *column)]).filter(|cost| *cost < NO_EDGE);
    chosen.fold((0, 0), |(done, total), cost| (done + 1, total + i128::from(cost)))
}

fn timed<T>(what: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let outcome = black_box(what());
    (outcome, begin.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn row(what: &str, took: Duration, ours: Option<Duration>) {
    let ratio =
        ours.map_or(String::new(), |ours| format!("   {:.1} times as long", took.as_secs_f64() / ours.as_secs_f64()));
    say(&format!("  {what:<38} {:>9.2} ms{ratio}", took.as_secs_f64() * 1_000.0));
}
