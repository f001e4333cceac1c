use super::figures::gini;
use super::parameters::KINDS;
use super::*;

/// A quarter of the town for three days: quick, and busy enough that there is something to share.
const SMALL: Size = Size { days: 3, jobs_per_day: 260, communities_across: 4, communities_down: 4, ..NOBODY_WALKS };

/// Somebody who looks at earnings, and somebody who does not.
const FAIR: fn() -> Weights = Weights::default;

fn blind() -> Weights {
    Weights { earnings_per_percent: 0, earnings_most: 0, ..FAIR() }
}

#[test]
fn a_week_happens_twice_in_the_same_way() {
    let town = Town::new(&SMALL);
    for way in [Way::Nearest, Way::Ranked(FAIR()), Way::Batch(FAIR())] {
        let once = run(&World::new(&town, &SMALL, 1, 100), way);
        assert_eq!(once, run(&World::new(&Town::new(&SMALL), &SMALL, 1, 100), way));
        assert_ne!(once.arrivals, run(&World::new(&town, &SMALL, 2, 100), way).arrivals, "another seed, another week");
    }
}

#[test]
fn looking_at_earnings_makes_them_less_unequal_and_nobody_wait() {
    let town = Town::new(&SMALL);
    let world = World::new(&town, &SMALL, 1, 130);
    let of = |way| Figures::of(&world, &run(&world, way));
    let (nearest, unfair, fair) = (of(Way::Nearest), of(Way::Batch(blind())), of(Way::Batch(FAIR())));
    let ranked = of(Way::Ranked(FAIR()));
    for other in [nearest, unfair] {
        assert!(fair.gini < 0.8 * other.gini, "{fair:?} beside {other:?}");
        assert!(fair.mean < 1.08 * other.mean, "{fair:?} beside {other:?}");
        assert!(fair.matched > 0.98 * other.matched, "{fair:?} beside {other:?}");
    }
    assert!(ranked.gini < 0.8 * nearest.gini, "{ranked:?} beside {nearest:?}");
}

#[test]
fn nobody_comes_sooner_than_the_way_or_later_than_somebody_waits() {
    let town = Town::new(&SMALL);
    let world = World::new(&town, &SMALL, 3, 70);
    let outcome = run(&world, Way::Batch(FAIR()));
    // Asked at the last moment of patience, the last answer, the longest way.
    let latest = parameters::PATIENCE_SECONDS
        + *parameters::ANSWERS_AFTER_SECONDS.end() as i64
        + i64::from(parameters::CIRCLE_SECONDS);
    let earliest = *parameters::ANSWERS_AFTER_SECONDS.start() as i64 + i64::from(parameters::TO_THE_DOOR_SECONDS);
    assert!(outcome.arrivals.iter().flatten().all(|seconds| (earliest..=latest).contains(seconds)));
    let paid: i64 =
        world.jobs.iter().zip(&outcome.arrivals).filter(|(_, came)| came.is_some()).map(|(job, _)| job.earns_fen).sum();
    assert_eq!(paid, outcome.earned.iter().map(|(fen, _)| fen).sum::<i64>(), "each job is paid to one provider, once");
}

#[test]
fn inequality_is_none_among_equals_and_near_one_where_one_has_everything() {
    assert!(gini(vec![3.0; 7]).abs() < 1e-12);
    let mut one = vec![0.0; 99];
    one.push(5.0);
    assert!((gini(one) - 0.99).abs() < 1e-12);
    assert!((gini(vec![1.0, 3.0]) - 0.25).abs() < 1e-12);
}

#[test]
fn shares_of_kinds_make_a_whole() {
    assert_eq!(KINDS.iter().map(|kind| kind.share).sum::<u64>(), 100);
}
