//! Who does which job: as many jobs as can be done, and among all ways to do so many, the cheapest.
//!
//! Each job wants one provider, each provider takes one job, and an edge says that they suit and what it costs. The
//! answer is exact, and brings its proof: prices of jobs and providers by which [`verify`] shows, looking at every edge
//! once, that no other assignment does more jobs, or as many for less. How: shortest augmenting paths over prices, with
//! the row reduction of Jonker and Volgenant in front; see `docs/decisions/0018-assignment-and-ranking.md`.

mod solve;
mod verify;

pub use verify::{Violation, verify};

/// A provider can do a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The job, numbered from 0. Memory grows with the largest number.
    pub job: u32,
    /// The provider, numbered from 0. Memory grows with the largest number.
    pub provider: u32,
    /// What it costs; any number, also negative. Of several edges between the same two the cheapest counts.
    pub cost: i64,
}

/// One lexicographic price: first [`Price::jobs`] is compared, then [`Price::cost`].
///
/// A job left undone weighs more than any cost, however large: it is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Price {
    /// In jobs left undone.
    pub jobs: i64,
    /// In cost.
    pub cost: i128,
}

/// Who does which job, and the proof that it cannot be done better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The edges that were chosen, in the order of the jobs.
    pub pairs: Vec<Edge>,
    /// The sum of their costs.
    pub total: i128,
    /// What each job would pay at most to be done; the dual variable of "once". Indexed by job.
    pub job_prices: Vec<Price>,
    /// What each provider's time is worth, 0 or less; the dual variable of "at most once". Indexed by provider.
    pub provider_prices: Vec<Price>,
}

/// The best assignment: most jobs first, then least total cost. The same edges in the same order give the same pairs.
pub fn assign(edges: &[Edge]) -> Assignment {
    let jobs = edges.iter().map(|edge| edge.job as usize + 1).max().unwrap_or(0);
    let providers = edges.iter().map(|edge| edge.provider as usize + 1).max().unwrap_or(0);
    let dearest = edges.iter().map(|edge| edge.cost.unsigned_abs()).max().unwrap_or(0);
    // A price is a sum of costs along a path that meets each job twice at most. Left undone must outweigh any of them,
    // with room to tell both parts of a price apart afterwards.
    let undone = 16 * (jobs as i128 + 2) * (i128::from(dearest) + 1);
    match i64::try_from(undone) {
        Ok(undone) if undone < i64::MAX / 8 => solve::Solver::new(jobs, providers, edges, undone).run(edges),
        _ => solve::Solver::new(jobs, providers, edges, undone).run(edges),
    }
}

#[cfg(test)]
mod tests;
