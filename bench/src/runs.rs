//! Milliseconds for the runs of a lunch: 200 stops and 12 couriers planned, and planned anew after a change, beside
//! insertion without the rounds that follow. Every plan is looked at, and one that breaks a rule fails the run.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use linli_domain::context::{Random, SeededRandom};
use linli_domain::geo::{Travel, Wgs84};
use linli_domain::time::{Instant as Time, Span};
use linli_matching::demo::Town;
use linli_matching::runs::{Courier, Insertion, Kitchen, Load, Plan, Planner, Round, Rules, Stop, Ways, check, weigh};
use linli_matching::streets::Seconds;

use crate::say;

const STOPS: i64 = 200;
const COURIERS: i64 = 12;
/// Rounds; the median counts.
const ROUNDS: u64 = 5;
/// Nothing happens before this instant.
const MORNING: Time = Time(1_795_573_800_000_000);

/// Measures and prints a table.
///
/// # Errors
/// When a plan breaks a rule.
pub(crate) fn measure() -> Result<()> {
    let town = Town::new();
    let homes: Vec<Wgs84> = town.addresses(&[]).iter().map(|address| address.at).collect();
    let planner = Insertion::default();
    let plain = Insertion { rounds: 0, ..planner };
    let mut times: [Vec<Duration>; 4] = Default::default();
    say(&format!("\nRuns of a lunch: {STOPS} stops, {COURIERS} couriers by e-bike, three windows of an hour"));
    for seed in 1..=ROUNDS {
        let mut round = lunch(&homes, &SeededRandom::new(seed));
        let (ways, took) = timed(|| Ways::on(&town.streets, &round));
        times[0].push(took);
        let (first, took) = timed(|| plain.plan(&round, &ways));
        times[1].push(took);
        let (plan, took) = timed(|| planner.plan(&round, &ways));
        times[2].push(took);
        let (first, plan): (Plan, Plan) = (first?, plan?);
        check(&round, &ways, &first)?;
        check(&round, &ways, &plan)?;
        let (plainly, weight) = (weigh(&round, &ways, &first), weigh(&round, &ways, &plan));

        // Twenty minutes later somebody drops out, and somebody else orders.
        round.now = MORNING + Span::minutes(20);
        let gone = round.couriers.remove(0).key;
        let has_it = |stop: &Stop| {
            let theirs = plan.runs.iter().filter(|run| run.courier == gone).flat_map(|run| &run.visits);
            theirs.into_iter().any(|visit| visit.stop == stop.key && visit.handed_over <= round.now)
        };
        round.stops.retain(|stop| !has_it(stop));
        round.stops.push(Stop { key: STOPS, ..round.stops[0].clone() });
        round.underway = plan.underway(&round);
        let ways = Ways::on(&town.streets, &round);
        let (again, took) = timed(|| planner.replan(&round, &ways, &plan));
        times[3].push(took);
        check(&round, &ways, &again?)?;
        ensure!(weight <= plainly, "more rounds made it worse");
        say(&format!(
            "  seed {seed}: left over {} of {STOPS} by insertion alone, {} with all rounds; {} s and {} s of way",
            plainly.undelivered, weight.undelivered, plainly.seconds, weight.seconds
        ));
    }
    let what = ["travel times on streets", "insertion and local search", "with all rounds", "planned anew"];
    for (what, times) in what.iter().zip(&mut times) {
        times.sort_unstable();
        let (middle, most) = (times[times.len() / 2], times[times.len() - 1]);
        let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
        say(&format!("  {what:<38} {:>9.2} ms, at most {:.2} ms", millis(middle), millis(most)));
    }
    Ok(())
}

/// A lunch within two kilometres of a kitchen.
fn lunch(homes: &[Wgs84], random: &SeededRandom) -> Round {
    let pick = |places: &[Wgs84]| places[usize::try_from(random.below(places.len() as u64)).expect("below a length")];
    let kitchen = pick(homes);
    let near: Vec<Wgs84> = homes.iter().copied().filter(|at| at.distance(kitchen) < 2_000.0).collect();
    let courier = |key| Courier {
        key,
        travel: Travel::EBike,
        capacity: Load { portions: 20, decilitres: 400 },
        on_duty: MORNING,
        off_duty: MORNING + Span::hours(3),
        start: pick(&near),
        returns: key % 2 == 0,
    };
    let stop = |key| {
        let earliest = MORNING + Span::minutes(key % 3 * 30);
        Stop {
            key,
            at: pick(&near),
            earliest,
            latest: earliest + Span::hours(1),
            handing: Seconds(90),
            load: Load { portions: 1, decilitres: 20 },
            eat_by: MORNING + Span::hours(3),
            usual: Some(key % COURIERS),
        }
    };
    Round {
        now: MORNING,
        kitchen: Kitchen { at: kitchen, ready: MORNING },
        rules: Rules::default(),
        stops: (0..STOPS).map(stop).collect(),
        couriers: (0..COURIERS).map(courier).collect(),
        underway: Vec::new(),
    }
}

fn timed<T>(what: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let outcome = black_box(what());
    (outcome, begin.elapsed())
}
