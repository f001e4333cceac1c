//! Shortest augmenting paths over prices.
//!
//! Provider prices begin at 0 and only fall; a provider who was given a job keeps one for ever, though perhaps another.
//! Each job can also be left undone, at a cost above all others: so every job finds its place, and leaving undone
//! whichever is cheapest to leave is part of the same search.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::{Add, Sub};

use super::{Assignment, Edge, Price};

const NONE: u32 = u32::MAX;

/// What costs are reckoned in: `i64` where it suffices, `i128` where costs are huge.
pub(super) trait Number: Copy + Ord + Add<Output = Self> + Sub<Output = Self> + From<i64> + Into<i128> {}
impl<T: Copy + Ord + Add<Output = T> + Sub<Output = T> + From<i64> + Into<i128>> Number for T {}

pub(super) struct Solver<W> {
    /// The edges of job `j` are those from `first[j]` to `first[j + 1]`.
    first: Vec<u32>,
    /// Of each edge: its provider, its cost, its place in what was given.
    edges: Vec<(u32, W, u32)>,
    /// What it costs to leave a job undone.
    undone: W,
    /// Of each provider.
    price: Vec<W>,
    /// The job of each provider.
    holds: Vec<u32>,
    /// The edge of each job.
    taken: Vec<u32>,
    search: Search<W>,
}

/// What one search after another writes into, so that none has to clear it.
struct Search<W> {
    round: u32,
    /// Of each provider: the round in which it was reached.
    reached: Vec<u32>,
    /// How far it is, when it was reached in this round …
    far: Vec<W>,
    /// … and over which job and edge.
    over: Vec<(u32, u32)>,
    nearest: BinaryHeap<Reverse<(W, u32)>>,
    /// Providers whose distance is final, in order of distance.
    settled: Vec<u32>,
}

/// Where a path ends.
#[derive(Clone, Copy)]
enum End {
    /// At a provider without a job.
    Free(u32),
    /// At a job that is left undone from now on.
    Undone(u32),
}

impl<W: Number> Solver<W> {
    pub(super) fn new(jobs: usize, providers: usize, given: &[Edge], undone: W) -> Self {
        let mut first = vec![0_u32; jobs + 1];
        for edge in given {
            first[edge.job as usize + 1] += 1;
        }
        for job in 0..jobs {
            first[job + 1] += first[job];
        }
        let mut next = first.clone();
        let mut edges = vec![(NONE, undone, NONE); given.len()];
        for (place, edge) in (0..).zip(given) {
            let slot = &mut next[edge.job as usize];
            edges[*slot as usize] = (edge.provider, W::from(edge.cost), place);
            *slot += 1;
        }
        let zero = W::from(0);
        Self {
            first,
            edges,
            undone,
            price: vec![zero; providers],
            holds: vec![NONE; providers],
            taken: vec![NONE; jobs],
            search: Search {
                round: 0,
                reached: vec![0; providers],
                far: vec![zero; providers],
                over: vec![(NONE, NONE); providers],
                nearest: BinaryHeap::new(),
                settled: Vec::new(),
            },
        }
    }

    pub(super) fn run(mut self, given: &[Edge]) -> Assignment {
        for job in self.bid() {
            self.place(job);
        }
        self.answer(given)
    }

    fn of(&self, job: u32) -> std::ops::Range<usize> {
        self.first[job as usize] as usize..self.first[job as usize + 1] as usize
    }

    /// Jobs bid for the provider they like best, as much as they like it better than the next, and whoever is outbid
    /// bids again ("augmenting row reduction"). It settles most jobs quickly; returns those it does not.
    fn bid(&mut self) -> Vec<u32> {
        let jobs = u32::try_from(self.taken.len()).expect("jobs are numbered by u32");
        let mut open: Vec<u32> = (0..jobs).rev().collect();
        // Bidding can go on for long when few suit many; paths are better then.
        let mut bids = 100 * self.taken.len();
        let mut left = Vec::new();
        while let Some(job) = open.pop() {
            // The best and the second-best net cost, each with its edge; undone is always a choice.
            let (mut best, mut next) = ((self.undone, NONE), (self.undone, NONE));
            for at in self.of(job) {
                let (provider, cost, _) = self.edges[at];
                let net = cost - self.price[provider as usize];
                if net < best.0 {
                    (next, best) = (best, (net, at as u32));
                } else if net < next.0 {
                    next = (net, at as u32);
                }
            }
            if best.1 == NONE {
                // Prices only fall: it stays undone.
                continue;
            }
            let provider = self.edges[best.1 as usize].0 as usize;
            let before = self.holds[provider];
            let better = next.0 - best.0;
            if before != NONE && (better == W::from(0) || bids == 0) {
                left.push(job);
                continue;
            }
            bids = bids.saturating_sub(1);
            self.price[provider] = self.price[provider] - better;
            self.holds[provider] = job;
            self.taken[job as usize] = best.1;
            if before != NONE {
                self.taken[before as usize] = NONE;
                open.push(before);
            }
        }
        left
    }

    /// Finds the cheapest way to make room for a job: a path of jobs that each pass on to another provider, up to a
    /// provider without a job, or to a job that is left undone. Changes places along it.
    fn place(&mut self, start: u32) {
        let search = &mut self.search;
        search.round += 1;
        search.nearest.clear();
        search.settled.clear();
        let (mut job, mut so_far) = (start, W::from(0));
        let mut end = End::Undone(start);
        let mut limit = self.undone;
        loop {
            let undone = so_far + self.undone;
            if undone < limit {
                (limit, end) = (undone, End::Undone(job));
            }
            for at in self.first[job as usize]..self.first[job as usize + 1] {
                let (provider, cost, _) = self.edges[at as usize];
                let p = provider as usize;
                let far = so_far + cost - self.price[p];
                if far >= limit || (search.reached[p] == search.round && search.far[p] <= far) {
                    continue;
                }
                search.reached[p] = search.round;
                search.far[p] = far;
                search.over[p] = (job, at);
                if self.holds[p] == NONE {
                    (limit, end) = (far, End::Free(provider));
                } else {
                    search.nearest.push(Reverse((far, provider)));
                }
            }
            // What was reached again on a shorter way lies in the heap twice: the longer one is passed over.
            let next = loop {
                match search.nearest.pop() {
                    Some(Reverse((far, provider))) if search.far[provider as usize] == far => {
                        break Some((far, provider));
                    }
                    Some(_) => {}
                    None => break None,
                }
            };
            match next {
                Some((far, provider)) if far < limit => {
                    search.settled.push(provider);
                    let p = provider as usize;
                    job = self.holds[p];
                    // From the provider back to its job costs what the edge costs, the other way round.
                    so_far = far - (self.edges[self.taken[job as usize] as usize].1 - self.price[p]);
                }
                _ => break,
            }
        }
        for provider in &search.settled {
            let p = *provider as usize;
            self.price[p] = self.price[p] + search.far[p] - limit;
        }
        self.change_places(start, end);
    }

    fn change_places(&mut self, start: u32, end: End) {
        let mut free = match end {
            End::Free(provider) => provider,
            End::Undone(job) if job == start => return,
            End::Undone(job) => {
                let edge = std::mem::replace(&mut self.taken[job as usize], NONE);
                self.edges[edge as usize].0
            }
        };
        loop {
            let (job, edge) = self.search.over[free as usize];
            let before = std::mem::replace(&mut self.taken[job as usize], edge);
            self.holds[free as usize] = job;
            if job == start {
                return;
            }
            free = self.edges[before as usize].0;
        }
    }

    fn answer(&self, given: &[Edge]) -> Assignment {
        let undone: i128 = self.undone.into();
        // Both parts of a price: costs stay far below half of what undone weighs.
        let price = |whole: W| {
            let whole: i128 = whole.into();
            let jobs = (whole + undone / 2).div_euclid(undone);
            Price { jobs: i64::try_from(jobs).expect("no more than the jobs there are"), cost: whole - jobs * undone }
        };
        let chosen = || self.taken.iter().filter(|edge| **edge != NONE).map(|edge| self.edges[*edge as usize]);
        let pairs: Vec<Edge> = chosen().map(|(_, _, place)| given[place as usize]).collect();
        let job_prices = self.taken.iter().map(|edge| {
            price(if *edge == NONE {
                self.undone
            } else {
                let (provider, cost, _) = self.edges[*edge as usize];
                cost - self.price[provider as usize]
            })
        });
        Assignment {
            total: pairs.iter().map(|pair| i128::from(pair.cost)).sum(),
            job_prices: job_prices.collect(),
            provider_prices: self.price.iter().copied().map(price).collect(),
            pairs,
        }
    }
}
