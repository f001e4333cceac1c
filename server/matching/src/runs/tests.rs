mod change;
mod faults;
mod quality;
mod random;

use std::sync::OnceLock;

use linli_domain::geo::{Travel, Wgs84};
use linli_domain::time::{Day, Instant, Span, TimeOfDay};

use super::*;
use crate::demo::Town;
use crate::streets::Streets;
use crate::streets::tests::Dice;

/// Half past ten; the kitchen is ready then.
fn morning() -> Instant {
    let day = Day::from_ymd(2026, 11, 25).unwrap();
    day.at(TimeOfDay(10 * 60 + 30))
}

/// So many minutes later.
fn after(minutes: i64) -> Instant {
    morning() + Span::minutes(minutes)
}

const HERE: Wgs84 = Wgs84 { latitude: 38.3, longitude: 116.84 };
const PORTION: Load = Load { portions: 1, decilitres: 20 };

/// A stop with two hours of time, three minutes at the door.
fn stop(key: i64) -> Stop {
    Stop {
        key,
        at: HERE,
        earliest: morning(),
        latest: after(120),
        handing: Seconds::minutes(3),
        load: PORTION,
        eat_by: after(180),
        usual: None,
    }
}

/// A courier with room for four meals who starts at the kitchen and comes back.
fn courier(key: i64) -> Courier {
    Courier {
        key,
        travel: Travel::EBike,
        capacity: Load { portions: 4, decilitres: 80 },
        on_duty: morning(),
        off_duty: after(180),
        start: HERE,
        returns: true,
    }
}

fn round(stops: Vec<Stop>, couriers: Vec<Courier>) -> Round {
    let kitchen = Kitchen { at: HERE, ready: morning() };
    Round { now: morning(), kitchen, rules: Rules::default(), stops, couriers, underway: vec![] }
}

/// A street with the kitchen at minute 0 and stops at these minutes, for every means alike.
fn along(round: &Round, minutes: &[i32]) -> Ways {
    let at = |place: Place| match place {
        Place::Kitchen => 0,
        Place::Stop(stop) => minutes[stop],
    };
    let way = |_, from, to| Some(Seconds::minutes(at(from).abs_diff(at(to))));
    Ways::told(round, way, |_| Some(Seconds(0)))
}

/// Plans, and lets it be looked at.
fn planned(round: &Round, ways: &Ways) -> Plan {
    let plan = Insertion { rounds: 60, seed: 1 }.plan(round, ways).unwrap();
    looked_at(round, ways, plan)
}

fn replanned(round: &Round, ways: &Ways, before: &Plan) -> Plan {
    let plan = Insertion { rounds: 60, seed: 1 }.replan(round, ways, before).unwrap();
    looked_at(round, ways, plan)
}

#[track_caller]
fn looked_at(round: &Round, ways: &Ways, plan: Plan) -> Plan {
    if let Err(fault) = check(round, ways, &plan) {
        panic!("{fault} ({fault:?}) in {plan:#?}\nof {round:#?}");
    }
    plan
}

/// The stops of each run, by courier.
fn doors(plan: &Plan) -> Vec<(i64, Vec<i64>)> {
    plan.runs.iter().map(|run| (run.courier, run.visits.iter().map(|visit| visit.stop).collect())).collect()
}

fn demo() -> &'static Town {
    static TOWN: OnceLock<Town> = OnceLock::new();
    TOWN.get_or_init(Town::new)
}

/// What a random round is like.
#[derive(Debug)]
struct Like {
    stops: usize,
    couriers: usize,
    /// Minutes in the box.
    in_box: u32,
    /// Windows are so many minutes long at least, and at most half an hour longer.
    window: usize,
    /// Portions a courier carries at least; at most twice as many.
    room: usize,
}

/// A round with places among some, kitchen first.
fn any_round(places: &[Wgs84], like: &Like, dice: &mut Dice) -> Round {
    let place = |dice: &mut Dice| places[dice.below(places.len())];
    let minute = |dice: &mut Dice, from: i64, to: usize| after(from + dice.below(to) as i64);
    let kitchen = Kitchen { at: place(dice), ready: minute(dice, -20, 40) };
    let couriers: Vec<Courier> = (0..like.couriers as i64)
        .map(|number| {
            let portions = (like.room + dice.below(like.room + 1)) as u32;
            Courier {
                key: 100 + number,
                travel: [Travel::EBike, Travel::EBike, Travel::Foot][dice.below(3)],
                capacity: Load { portions, decilitres: portions * 20 },
                on_duty: minute(dice, -30, 60),
                off_duty: minute(dice, 60, 120),
                start: place(dice),
                returns: dice.below(2) == 0,
            }
        })
        .collect();
    let stops = (0..like.stops as i64)
        .map(|key| {
            let begins = dice.below(70) as i64;
            let ends = begins + (like.window + dice.below(30)) as i64;
            let portions = 1 + dice.below(2) as u32;
            Stop {
                key,
                at: place(dice),
                earliest: after(begins),
                latest: after(ends),
                handing: Seconds(60 + dice.below(240) as u32),
                load: Load { portions, decilitres: portions * (15 + dice.below(10) as u32) },
                eat_by: minute(dice, ends - 10, 40),
                usual: (dice.below(2) == 0).then(|| 100 + dice.below(like.couriers + 1) as i64),
            }
        })
        .collect();
    let rules = Rules { in_box: Seconds::minutes(like.in_box), ..Rules::default() };
    Round { now: morning(), kitchen, rules, stops, couriers, underway: vec![] }
}

/// A lunch as it should be: two hours for all doors, of which each has one, and couriers with room for sixteen.
fn lunch(stops: usize, couriers: i64, dice: &mut Dice) -> Round {
    let places = quarter(1_200.0, dice);
    let mut place = || places[dice.below(places.len())];
    let kitchen = Kitchen { at: place(), ready: morning() };
    let mut round = round((0..stops as i64).map(stop).collect(), (0..couriers).map(|n| courier(5_000 + n)).collect());
    round.kitchen = kitchen;
    for courier in &mut round.couriers {
        (courier.start, courier.returns) = (place(), courier.key % 2 == 0);
        courier.capacity = Load { portions: 16, decilitres: 320 };
    }
    for stop in &mut round.stops {
        (stop.at, stop.handing) = (place(), Seconds(90));
        stop.earliest = after(stop.key * 7 % 60);
        stop.latest = stop.earliest + Span::minutes(60);
        stop.usual = Some(5_000 + stop.key % couriers);
    }
    round
}

/// The weight of days that say which stops are visited in which runs.
fn weight(round: &Round, ways: &Ways, days: &[Vec<Vec<usize>>]) -> Weight {
    let visit = |stop: &usize| Visit { stop: round.stops[*stop].key, arrives: morning(), handed_over: morning() };
    let run = |courier: usize, stops: &Vec<usize>| Run {
        courier: round.couriers[courier].key,
        leaves: morning(),
        visits: stops.iter().map(visit).collect(),
        back: None,
    };
    let runs: Vec<Run> =
        days.iter().enumerate().flat_map(|(courier, day)| day.iter().map(move |stops| run(courier, stops))).collect();
    let served: usize = days.iter().flatten().map(Vec::len).sum();
    let weight = weigh(round, ways, &Plan { runs, unassigned: vec![] });
    Weight { undelivered: round.stops.len() - served, ..weight }
}

/// The addresses of the demo district within so many metres of one.
fn quarter(metres: f64, dice: &mut Dice) -> Vec<Wgs84> {
    let all: Vec<Wgs84> = demo().addresses(&[]).iter().map(|address| address.at).collect();
    let middle = all[dice.below(all.len())];
    all.into_iter().filter(|at| at.distance(middle) < metres).collect()
}

fn streets() -> &'static Streets {
    &demo().streets
}
