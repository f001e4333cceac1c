//! The proof that an assignment cannot be bettered, looked at by somebody who did not make it.

use std::collections::BTreeSet;

use super::{Assignment, Edge, Price};

/// Why an assignment is not what it says, or not proved to be the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// A pair that is not among the edges, or there at another cost.
    #[error("job {job} and provider {provider} are no edge of this cost")]
    NoEdge {
        /// The job.
        job: u32,
        /// The provider.
        provider: u32,
    },
    /// A job stands in two pairs, or the pairs are not in the order of their jobs.
    #[error("job {0} is given twice or out of order")]
    JobTwice(u32),
    /// A provider stands in two pairs.
    #[error("provider {0} is given two jobs")]
    ProviderTwice(u32),
    /// The total is not the sum of the pairs.
    #[error("the total is not the sum of the pairs")]
    Total,
    /// There is no price for everybody.
    #[error("prices are missing, or there are too many")]
    Prices,
    /// A job's price is above what it weighs to leave it undone, or it is undone and its price is not that.
    #[error("the price of job {0} is not proof")]
    Job(u32),
    /// A provider's price is above nothing, or the provider is free and not worth nothing.
    #[error("the price of provider {0} is not proof")]
    Provider(u32),
    /// The prices of both together are above the cost of an edge, or below that of a pair.
    #[error("the prices of job {job} and provider {provider} are not proof")]
    Edge {
        /// The job.
        job: u32,
        /// The provider.
        provider: u32,
    },
}

/// A job left undone, and nothing but that.
const UNDONE: Price = Price { jobs: 1, cost: 0 };
const NOTHING: Price = Price { jobs: 0, cost: 0 };

/// Proves that an assignment does the most jobs, and so many jobs for the least cost.
///
/// Let an assignment weigh the pair (jobs left undone, cost), compared in this order. Job prices are at most (1, 0),
/// provider prices at most (0, 0), and on every edge both together at most (0, cost): so the sum of all prices is at most
/// the weight of any assignment at all. Where every pair reaches its bound, every undone job (1, 0) and every free
/// provider (0, 0), the sum of all prices is the weight of this one: none weighs less.
///
/// # Errors
/// The first [`Violation`] that is found.
pub fn verify(edges: &[Edge], assignment: &Assignment) -> Result<(), Violation> {
    let jobs = edges.iter().map(|edge| edge.job as usize + 1).max().unwrap_or(0);
    let providers = edges.iter().map(|edge| edge.provider as usize + 1).max().unwrap_or(0);
    let (job_prices, provider_prices) = (&assignment.job_prices, &assignment.provider_prices);
    if job_prices.len() != jobs || provider_prices.len() != providers {
        return Err(Violation::Prices);
    }

    let known: BTreeSet<Edge> = edges.iter().copied().collect();
    let (mut done, mut busy) = (vec![false; jobs], vec![false; providers]);
    let mut last = None;
    for pair @ Edge { job, provider, .. } in assignment.pairs.iter().copied() {
        if !known.contains(&pair) {
            return Err(Violation::NoEdge { job, provider });
        }
        if last.replace(job).is_some_and(|last| last >= job) {
            return Err(Violation::JobTwice(job));
        }
        if std::mem::replace(&mut busy[provider as usize], true) {
            return Err(Violation::ProviderTwice(provider));
        }
        done[job as usize] = true;
        if together(job_prices[job as usize], provider_prices[provider as usize]) != Some(cost(pair)) {
            return Err(Violation::Edge { job, provider });
        }
    }
    if assignment.pairs.iter().map(|pair| i128::from(pair.cost)).sum::<i128>() != assignment.total {
        return Err(Violation::Total);
    }

    for ((job, price), done) in (0..).zip(job_prices).zip(done) {
        if *price > UNDONE || (!done && *price != UNDONE) {
            return Err(Violation::Job(job));
        }
    }
    for ((provider, price), busy) in (0..).zip(provider_prices).zip(busy) {
        if *price > NOTHING || (!busy && *price != NOTHING) {
            return Err(Violation::Provider(provider));
        }
    }
    for edge @ Edge { job, provider, .. } in edges.iter().copied() {
        let both = together(job_prices[job as usize], provider_prices[provider as usize]);
        if both.is_none_or(|both| both > cost(edge)) {
            return Err(Violation::Edge { job, provider });
        }
    }
    Ok(())
}

fn cost(edge: Edge) -> Price {
    Price { jobs: 0, cost: i128::from(edge.cost) }
}

/// The sum of two prices; none when it is too large to be true.
fn together(a: Price, b: Price) -> Option<Price> {
    Some(Price { jobs: a.jobs.checked_add(b.jobs)?, cost: a.cost.checked_add(b.cost)? })
}
