use std::collections::BTreeMap;

use pathfinding::kuhn_munkres::kuhn_munkres_min;
use pathfinding::matrix::Matrix;
use proptest::prelude::*;

use super::*;

fn edge(job: u32, provider: u32, cost: i64) -> Edge {
    Edge { job, provider, cost }
}

/// Solves and lets the proof be looked at.
fn proved(edges: &[Edge]) -> Assignment {
    let assignment = assign(edges);
    if let Err(violation) = verify(edges, &assignment) {
        panic!("{violation}: {edges:?} gave {assignment:?}");
    }
    assignment
}

fn weight(assignment: &Assignment) -> (usize, i128) {
    (assignment.pairs.len(), assignment.total)
}

/// All assignments, one after another: how many jobs the best does, and for how much.
fn by_trying(edges: &[Edge]) -> (usize, i128) {
    fn go(jobs: &[Vec<&Edge>], busy: u64) -> (usize, i128) {
        let Some((job, rest)) = jobs.split_first() else { return (0, 0) };
        let mut best = go(rest, busy);
        for edge in job.iter().filter(|edge| busy & (1 << edge.provider) == 0) {
            let (done, cost) = go(rest, busy | (1 << edge.provider));
            let with = (done + 1, cost + i128::from(edge.cost));
            if with.0 > best.0 || (with.0 == best.0 && with.1 < best.1) {
                best = with;
            }
        }
        best
    }
    let mut jobs: BTreeMap<u32, Vec<&Edge>> = BTreeMap::new();
    for edge in edges {
        jobs.entry(edge.job).or_default().push(edge);
    }
    go(&jobs.into_values().collect::<Vec<_>>(), 0)
}

/// The Hungarian method of the crate `pathfinding`, on a full matrix in which what is no edge is dear.
fn by_hungarian(edges: &[Edge], jobs: usize, providers: usize) -> (usize, i128) {
    const NO_EDGE: i64 = 1 << 40;
    // One column more for each job, so that every job finds one.
    let mut matrix = Matrix::new(jobs, providers + jobs, NO_EDGE);
    for edge in edges {
        let cell = &mut matrix[(edge.job as usize, edge.provider as usize)];
        *cell = edge.cost.min(*cell);
    }
    let (_, columns) = kuhn_munkres_min(&matrix);
    let chosen = columns.iter().enumerate().map(|(row, column)| matrix[(row, *column)]).filter(|cost| *cost < NO_EDGE);
    chosen.fold((0, 0), |(done, total), cost| (done + 1, total + i128::from(cost)))
}

fn some_edges(jobs: u32, providers: u32, most: usize, costs: std::ops::Range<i64>) -> impl Strategy<Value = Vec<Edge>> {
    prop::collection::vec(
        (0..jobs, 0..providers, costs).prop_map(|(job, provider, cost)| edge(job, provider, cost)),
        0..most,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn it_is_what_trying_everything_finds(edges in some_edges(6, 6, 20, -9..10)) {
        prop_assert_eq!(weight(&proved(&edges)), by_trying(&edges));
    }

    #[test]
    fn many_ties_change_nothing(edges in some_edges(7, 6, 24, 0..3)) {
        prop_assert_eq!(weight(&proved(&edges)), by_trying(&edges));
    }

    #[test]
    fn it_is_what_the_hungarian_method_finds(edges in some_edges(40, 30, 240, -1_000_000..1_000_000)) {
        prop_assert_eq!(weight(&proved(&edges)), by_hungarian(&edges, 40, 30));
    }

    #[test]
    fn the_largest_costs_do_not_run_over(edges in some_edges(5, 5, 14, i64::MIN..i64::MAX)) {
        prop_assert_eq!(weight(&proved(&edges)), by_trying(&edges));
    }

    #[test]
    fn what_is_not_the_best_is_not_proved(edges in some_edges(6, 6, 20, -9..10), at in any::<prop::sample::Index>()) {
        let best = proved(&edges);
        prop_assume!(!best.pairs.is_empty());
        // One job less, with the prices left as they are, and with the job's price put right.
        let mut less = best.clone();
        let gone = less.pairs.remove(at.index(best.pairs.len()));
        less.total -= i128::from(gone.cost);
        prop_assert!(verify(&edges, &less).is_err());
        less.job_prices[gone.job as usize] = Price { jobs: 1, cost: 0 };
        prop_assert!(verify(&edges, &less).is_err());
        // Another edge of the same job, if it costs something else.
        if let Some(other) = edges.iter().find(|other| {
            other.job == gone.job && other.cost != gone.cost
                && (other.provider == gone.provider || best.pairs.iter().all(|pair| pair.provider != other.provider))
        }) {
            let mut worse = best.clone();
            for pair in &mut worse.pairs {
                if pair.job == gone.job {
                    *pair = *other;
                }
            }
            worse.total += i128::from(other.cost) - i128::from(gone.cost);
            prop_assert!(verify(&edges, &worse).is_err());
        }
    }
}

#[test]
fn nothing_is_assigned_where_there_is_nothing() {
    assert_eq!(weight(&proved(&[])), (0, 0));
    assert_eq!(weight(&proved(&[edge(3, 5, -7)])), (1, -7));
}

#[test]
fn one_job_more_is_worth_any_cost() {
    let edges = [edge(0, 0, 1), edge(0, 1, 1_000_000), edge(1, 0, 1_000_000)];
    assert_eq!(weight(&proved(&edges)), (2, 2_000_000));
    let huge = i64::MAX;
    let edges = [edge(0, 0, i64::MIN), edge(0, 1, huge), edge(1, 0, huge)];
    assert_eq!(weight(&proved(&edges)), (2, 2 * i128::from(huge)));
}

#[test]
fn whichever_is_cheapest_to_leave_is_left_undone() {
    let assignment = proved(&[edge(0, 0, 5), edge(1, 0, 3), edge(2, 0, 4)]);
    assert_eq!(assignment.pairs, [edge(1, 0, 3)]);
}

#[test]
fn of_several_edges_between_two_the_cheapest_counts() {
    let edges = [edge(0, 0, 9), edge(0, 0, 4), edge(0, 0, 6), edge(0, 1, 5)];
    assert_eq!(proved(&edges).pairs, [edge(0, 0, 4)]);
    let mut dearer = proved(&edges);
    dearer.pairs[0].cost = 6;
    dearer.total = 6;
    assert_eq!(verify(&edges, &dearer), Err(Violation::Edge { job: 0, provider: 0 }));
}

#[test]
fn each_lie_is_called_by_its_name() {
    let edges = [edge(0, 0, 1), edge(0, 1, 3), edge(1, 0, 2), edge(1, 1, 9)];
    let best = proved(&edges);
    assert_eq!(best.pairs, [edge(0, 1, 3), edge(1, 0, 2)]);
    let with = |change: &dyn Fn(&mut Assignment)| {
        let mut changed = best.clone();
        change(&mut changed);
        verify(&edges, &changed)
    };
    assert_eq!(with(&|a| a.total = 4), Err(Violation::Total));
    assert_eq!(with(&|a| a.pairs[0].cost = 2), Err(Violation::NoEdge { job: 0, provider: 1 }));
    assert_eq!(with(&|a| a.pairs.swap(0, 1)), Err(Violation::JobTwice(0)));
    assert_eq!(with(&|a| a.pairs[0] = edge(0, 0, 1)), Err(Violation::ProviderTwice(0)));
    assert_eq!(with(&|a| a.job_prices.truncate(1)), Err(Violation::Prices));
    assert_eq!(with(&|a| a.provider_prices.push(Price::default())), Err(Violation::Prices));
    assert_eq!(with(&|a| a.provider_prices[1].cost -= 1), Err(Violation::Edge { job: 0, provider: 1 }));
    // The dearer of the two ways to do both, with prices that fit its pairs but not the other edges.
    let worse = with(&|a| {
        a.pairs = vec![edge(0, 0, 1), edge(1, 1, 9)];
        a.total = 10;
        a.job_prices = vec![Price { jobs: 0, cost: 1 }, Price { jobs: 0, cost: 9 }];
        a.provider_prices = vec![Price::default(); 2];
    });
    assert_eq!(worse, Err(Violation::Edge { job: 1, provider: 0 }));
}

/// A long chain in which every job wants what the one before has: each path is as long as what stands already.
#[test]
fn a_hundred_thousand_edges_in_a_chain_are_no_matter() {
    let edges: Vec<Edge> =
        (0..50_000).flat_map(|n| [edge(n, n, 0), edge(n, n + 1, 1)]).chain([edge(50_000, 0, 0)]).collect();
    let assignment = proved(&edges);
    assert_eq!(weight(&assignment), (50_001, 50_000));
}

#[test]
fn many_jobs_for_few_providers_are_no_matter() {
    let edges: Vec<Edge> = (0..5_000)
        .flat_map(|job| (0..20).map(move |provider| edge(job, provider, i64::from(job * 7 % 1_001))))
        .collect();
    let assignment = proved(&edges);
    assert_eq!(assignment.pairs.len(), 20);
    let mut cheapest: Vec<i128> = (0..5_000).map(|job| i128::from(job * 7 % 1_001)).collect();
    cheapest.sort_unstable();
    assert_eq!(assignment.total, cheapest.iter().take(20).sum::<i128>());
}

#[test]
fn the_same_edges_give_the_same_pairs() {
    let edges: Vec<Edge> =
        (0..200).flat_map(|job| (0..10).map(move |n| edge(job, (job * 3 + n * 17) % 180, 5))).collect();
    assert_eq!(proved(&edges), proved(&edges));
}
