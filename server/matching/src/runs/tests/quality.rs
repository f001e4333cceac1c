//! How good plans are: never worse than going to the nearest next, and close to the best there is.

use super::super::check::can;
use super::*;

/// Each courier in turn goes to the nearest open stop there is time and room for, comes back when there is none, and so on.
pub(super) fn nearest_neighbour(round: &Round, ways: &Ways) -> Weight {
    let mut open: Vec<usize> = (0..round.stops.len()).collect();
    let mut days = Vec::new();
    for (number, courier) in round.couriers.iter().enumerate() {
        let mut day: Vec<Vec<usize>> = vec![vec![]];
        loop {
            let here = day.last().and_then(|run| run.last()).map_or(Place::Kitchen, |stop| Place::Stop(*stop));
            let goes_on = |stop: &usize| {
                let mut longer = day.clone();
                longer.last_mut().unwrap().push(*stop);
                can(round, ways, number, &longer)
            };
            let way = |stop: &usize| ways.seconds(courier.travel, here, Place::Stop(*stop));
            let next = open.iter().copied().filter(goes_on).min_by_key(way);
            if let Some(next) = next {
                day.last_mut().unwrap().push(next);
                open.retain(|stop| *stop != next);
            } else if here == Place::Kitchen {
                day.pop();
                break;
            } else {
                day.push(vec![]);
            }
        }
        days.push(day);
    }
    weight(round, ways, &days)
}

/// The best there is: all orders of all stops in all divisions into runs, for all couriers.
fn by_trying(round: &Round, ways: &Ways) -> Weight {
    let count = round.stops.len();
    let mut best = vec![None; 1 << count];
    best[0] = Some(0);
    for courier in 0..round.couriers.len() {
        let mut alone: Vec<Option<u64>> = vec![None; 1 << count];
        try_all(round, ways, courier, &mut vec![], &mut alone);
        let mut with = best.clone();
        for done in 0..1_usize << count {
            for more in 0..1_usize << count {
                if let (Some(first), Some(second), 0) = (best[done], alone[more], done & more) {
                    let both = first + second;
                    with[done | more] = Some(with[done | more].map_or(both, |known: u64| known.min(both)));
                }
            }
        }
        best = with;
    }
    let weight = |(done, seconds): (usize, &Option<u64>)| {
        Some(Weight { undelivered: count - done.count_ones() as usize, seconds: (*seconds)? })
    };
    best.iter().enumerate().filter_map(weight).min().unwrap()
}

/// Notes what each set of stops costs a courier at least.
fn try_all(round: &Round, ways: &Ways, courier: usize, day: &mut Vec<Vec<usize>>, best: &mut [Option<u64>]) {
    let done = day.iter().flatten().fold(0_usize, |done, stop| done | 1 << stop);
    let mut days = vec![vec![]; round.couriers.len()];
    days[courier].clone_from(day);
    let seconds = weight(round, ways, &days).seconds;
    best[done] = Some(best[done].map_or(seconds, |known| known.min(seconds)));
    for stop in (0..round.stops.len()).filter(|stop| done & (1 << stop) == 0) {
        day.push(vec![stop]);
        if can(round, ways, courier, day) {
            try_all(round, ways, courier, day, best);
        }
        day.pop();
        if let Some(run) = day.last_mut() {
            run.push(stop);
            if can(round, ways, courier, day) {
                try_all(round, ways, courier, day, best);
            }
            day.last_mut().unwrap().pop();
        }
    }
}

/// Small rounds in the demo district, planned as by default and as well as can be.
#[test]
fn small_rounds_are_planned_as_well_as_can_be() {
    let (mut worst, mut sum, mut count, mut fewer) = (0.0_f64, 0.0, 0, 0);
    for seed in 1..=40 {
        let mut dice = Dice(seed);
        let like = Like {
            stops: 4 + dice.below(4),
            couriers: 1 + dice.below(2),
            in_box: 15 + dice.below(31) as u32,
            window: 5 + dice.below(50),
            room: 3 + dice.below(4),
        };
        let places = quarter(2_000.0, &mut dice);
        let round = any_round(&places, &like, &mut dice);
        let ways = Ways::on(streets(), &round);
        let plan = looked_at(&round, &ways, Insertion::default().plan(&round, &ways).unwrap());
        let (ours, best) = (weigh(&round, &ways, &plan), by_trying(&round, &ways));
        assert!(best <= ours, "{ours:?} is better than everything: {best:?}");
        if ours.undelivered > best.undelivered {
            println!("seed {seed}: {ours:?}, best {best:?}, fewer");
            fewer += 1;
        } else if best.seconds > 0 {
            let gap = ours.seconds as f64 / best.seconds as f64 - 1.0;
            println!("seed {seed}: {ours:?}, best {best:?}, {:.2} % more", gap * 100.0);
            (worst, sum, count) = (worst.max(gap), sum + gap, count + 1);
        }
    }
    println!(
        "{count} rounds: {:.3} % on average, {:.3} % at worst; {fewer} with fewer stops",
        sum / f64::from(count) * 100.0,
        worst * 100.0
    );
    assert!(count >= 30, "{count} rounds tell little");
    assert_eq!(fewer, 0);
    assert!(worst <= 0.03 && sum / f64::from(count) <= 0.003);
}

#[test]
fn large_rounds_are_better_than_the_nearest_next() {
    for seed in 1..=3 {
        let mut dice = Dice(seed);
        let round = lunch(120, 8, &mut dice);
        let ways = Ways::on(streets(), &round);
        let (ours, nearest) = (weigh(&round, &ways, &planned(&round, &ways)), nearest_neighbour(&round, &ways));
        let plain = Insertion { rounds: 0, seed: 1 }.plan(&round, &ways).unwrap();
        println!("seed {seed}: {ours:?}, without rounds {:?}, nearest next {nearest:?}", weigh(&round, &ways, &plain));
        assert!(ours < nearest);
    }
}
