//! How fast streets answer: a circle and a cell of a table, beside a plain Dijkstra on the same network, in one run.
//!
//! `linli-bench streets [EXTRACT…]` measures on the demo district and on every extract it is given. Each answer is compared
//! with Dijkstra's, and one that differs fails the run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use linli_domain::geo::{Travel, Wgs84};
use linli_matching::demo::Town;
use linli_matching::streets::{Direction, Seconds, Snapped, Streets};
use rustix::time::{ClockId, clock_gettime};

use crate::say;

/// Points of a table, as rows and as columns.
const POINTS: usize = 500;
/// Circles that are measured, by us and by hand, around the same points.
const CIRCLES: usize = 100;
/// Outlines that are drawn, and rows of the table that are computed by hand.
const BY_HAND: usize = 20;
/// Rounds; the median counts.
const ROUNDS: usize = 5;
const LIMIT: Seconds = Seconds::minutes(15);

pub(crate) fn run(extracts: impl Iterator<Item = String>) -> Result<()> {
    say("| network | by | circle | with outline | Dijkstra, stopped | whole | ratio | cell | Dijkstra | ratio |");
    say("|---|---|---|---|---|---|---|---|---|---|");
    let town = Town::new();
    let homes: Vec<Wgs84> = town.addresses(&[]).iter().map(|address| address.at).collect();
    measure("demo district", &town.streets, &homes)?;
    for extract in extracts {
        let bytes = std::fs::read(&extract).with_context(|| extract.clone())?;
        let streets = Streets::open(&bytes).with_context(|| extract.clone())?;
        let bounds = streets.bounds().context("there are no streets")?;
        // Points all over the map, one after the other as a low-discrepancy sequence has them.
        let spread = |from: f64, to: f64, step: f64, number: usize| from + (to - from) * ((number as f64 * step) % 1.0);
        let (low, high) = (bounds.south_west, bounds.north_east);
        let points: Vec<Wgs84> = (1..=POINTS * 8)
            .filter_map(|number| {
                Wgs84::new(
                    spread(low.latitude, high.latitude, 0.754_877_666, number),
                    spread(low.longitude, high.longitude, 0.569_840_291, number),
                )
            })
            .collect();
        let name = std::path::Path::new(&extract).file_name().map(|name| name.to_string_lossy().into_owned());
        measure(&name.unwrap_or(extract), &streets, &points)?;
    }
    Ok(())
}

fn measure(name: &str, streets: &Streets, points: &[Wgs84]) -> Result<()> {
    for travel in [Travel::Foot, Travel::EBike] {
        let all: Vec<Snapped> = points.iter().filter_map(|at| streets.snap(travel, *at).ok()).collect();
        let step = (all.len() / POINTS).max(1);
        let places: Vec<Snapped> = all.into_iter().step_by(step).take(POINTS).collect();
        ensure!(places.len() >= CIRCLES, "{name}: only {} points lie on streets", places.len());
        let plain = Plain::new(streets, travel);

        let spread = |count: usize| places.iter().step_by(places.len() / count).take(count);
        let circle = median(|| {
            for origin in spread(CIRCLES) {
                std::hint::black_box(streets.reach(origin, LIMIT, Direction::From));
            }
        }) / CIRCLES as u32;
        let outlined = once(|| {
            for origin in spread(BY_HAND) {
                std::hint::black_box(streets.reach(origin, LIMIT, Direction::From).polygon());
            }
        }) / BY_HAND as u32;
        let by_hand = |limit: u32| {
            median(|| {
                for origin in spread(CIRCLES) {
                    std::hint::black_box(plain.from(&streets.doors(origin, Direction::From), limit));
                }
            }) / CIRCLES as u32
        };
        let (stopped, whole) = (by_hand(LIMIT.0 * 1000), by_hand(u32::MAX));

        let cells = (places.len() * places.len()) as u32;
        let table = median(|| {
            std::hint::black_box(streets.table(&places, &places));
        });
        let rows = once(|| {
            for from in spread(BY_HAND) {
                let times = plain.from(&streets.doors(from, Direction::From), u32::MAX);
                std::hint::black_box(plain.row(streets, &times, &places));
            }
        }) / BY_HAND as u32;
        check(streets, &plain, &places)?;

        let cell = table.as_secs_f64() / f64::from(cells);
        let plain_cell = rows.as_secs_f64() / places.len() as f64;
        let micros = |time: Duration| format!("{:.0} µs", time.as_secs_f64() * 1e6);
        say(&format!(
            "| {name}, {} corners | {travel} | {} | {} | {} | {} | {:.1} | {:.3} µs | {:.1} µs | {:.0} |",
            streets.size().0,
            micros(circle),
            micros(outlined),
            micros(stopped),
            micros(whole),
            whole.as_secs_f64() / circle.as_secs_f64(),
            cell * 1e6,
            plain_cell * 1e6,
            plain_cell / cell,
        ));
    }
    Ok(())
}

/// Compares a part of the table and of the circles with Dijkstra's.
fn check(streets: &Streets, plain: &Plain, places: &[Snapped]) -> Result<()> {
    let table = streets.table(&places[..BY_HAND], places);
    for (row, from) in places.iter().take(BY_HAND).enumerate() {
        let times = plain.from(&streets.doors(from, Direction::From), u32::MAX);
        let reach = streets.reach(from, LIMIT, Direction::From);
        for (column, (to, time)) in places.iter().zip(plain.row(streets, &times, places)).enumerate() {
            let ours = table.millis(row, column);
            // Dijkstra from corner to corner does not see the way along a stretch that both lie on.
            let is_same = if from.shares_stretch(to) { ours <= time.or(ours) } else { ours == time };
            ensure!(is_same, "{from:?} to {to:?}: {ours:?}, by hand {time:?}");
            let within = ours.is_some_and(|ours| ours <= LIMIT.0 * 1000);
            ensure!(reach.contains(to) == within, "{from:?} to {to:?}: the circle disagrees with the table");
        }
    }
    Ok(())
}

/// Dijkstra as one writes it.
struct Plain {
    roads: Vec<Vec<(u32, u32)>>,
}

impl Plain {
    fn new(streets: &Streets, travel: Travel) -> Self {
        let mut roads = vec![Vec::new(); streets.size().0];
        for (from, to, millis) in streets.arcs(travel) {
            roads[from as usize].push((to, millis));
        }
        Self { roads }
    }

    /// Milliseconds to all corners within the limit.
    fn from(&self, doors: &[(u32, u32)], limit: u32) -> Vec<Option<u32>> {
        let mut times: Vec<Option<u32>> = vec![None; self.roads.len()];
        let mut open: BinaryHeap<_> = doors.iter().map(|(corner, millis)| Reverse((*millis, *corner))).collect();
        while let Some(Reverse((time, corner))) = open.pop() {
            if time > limit {
                break;
            }
            if times[corner as usize].is_some() {
                continue;
            }
            times[corner as usize] = Some(time);
            for (next, millis) in &self.roads[corner as usize] {
                if times[*next as usize].is_none() {
                    open.push(Reverse((time + millis, *next)));
                }
            }
        }
        times
    }

    fn row(&self, streets: &Streets, times: &[Option<u32>], places: &[Snapped]) -> Vec<Option<u32>> {
        let to = |place: &Snapped| {
            let doors = streets.doors(place, Direction::To);
            doors.into_iter().filter_map(|(corner, rest)| Some(times[corner as usize]? + rest)).min()
        };
        places.iter().map(to).collect()
    }
}

/// How long this thread had the processor: what else the machine does meanwhile is not counted.
fn once(mut work: impl FnMut()) -> Duration {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    };
    let begun = now();
    work();
    now() - begun
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut rounds: Vec<Duration> = (0..ROUNDS).map(|_| once(&mut work)).collect();
    rounds.sort_unstable();
    rounds[ROUNDS / 2]
}
