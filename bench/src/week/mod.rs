//! A simulated week of the marketplace: our ranking and our batches beside "the nearest first", on the same streets,
//! with the same people, requests and answers.

mod figures;
mod parameters;
mod run;
#[cfg(test)]
mod tests;
mod world;

use std::ops::RangeInclusive;

use linli_domain::ranking::Weights;

use self::figures::Figures;
use self::parameters::{
    AIM_ARRIVAL_PERCENT, AIM_GINI_PERCENT, BUSY, NOBODY_WALKS, REPORTED_ON, SUPPLY_TO_DEMAND_PERCENT, Size, TUNED_ON,
    WHOLE,
};
use self::run::{Way, run};
use self::world::{Town, World};
use crate::say;

/// What is reported: the week of the parameters, and two that show what its result hangs on.
pub(crate) fn report() {
    let ours = Weights::default();
    // A bound, not a proposal: whoever has earned less goes first, whatever the way.
    let above_all = Weights { earnings_per_percent: 200, earnings_most: 20_000, ..ours };
    let ways = [
        ("nearest first", Way::Nearest),
        ("ranked", Way::Ranked(ours)),
        ("batch", Way::Batch(ours)),
        ("batch, earnings above all", Way::Batch(above_all)),
    ];
    compare("The simulated week", &WHOLE, REPORTED_ON, &ways);
    compare("The same where nobody walks", &NOBODY_WALKS, REPORTED_ON, &ways[..3]);
    compare("The same with three times the jobs and providers", &BUSY, REPORTED_ON, &ways[..3]);
}

/// What the weights of earnings and of waiting were chosen by.
pub(crate) fn tune() {
    let with = |percent, most, waited| Weights {
        earnings_per_percent: percent,
        earnings_most: most,
        waited_percent: waited,
        ..Weights::default()
    };
    let mut ways = vec![("nearest first".to_owned(), Way::Nearest)];
    for (percent, most) in [(0, 0), (10, 150), (20, 300), (30, 600), (60, 900), (60, 1_800)] {
        ways.push((format!("ranked, {percent} up to {most}"), Way::Ranked(with(percent, most, 0))));
        for waited in [0, 30, 100] {
            let name = format!("batch, {percent} up to {most}, waited {waited}");
            ways.push((name, Way::Batch(with(percent, most, waited))));
        }
    }
    let ways: Vec<(&str, Way)> = ways.iter().map(|(name, way)| (name.as_str(), *way)).collect();
    compare("The simulated week, on the seeds for choosing", &WHOLE, TUNED_ON, &ways);
}

/// Lets the weeks of all seeds happen in every way, and prints the means. The first way is what others are held against.
fn compare(title: &str, size: &Size, seeds: RangeInclusive<u64>, ways: &[(&str, Way)]) {
    let town = Town::new(size);
    say(&format!("\n{title}, seeds {} to {}", seeds.start(), seeds.end()));
    for supply in SUPPLY_TO_DEMAND_PERCENT {
        let worlds: Vec<World<'_>> = seeds.clone().map(|seed| World::new(&town, size, seed, supply)).collect();
        let providers = worlds.iter().map(|world| world.providers.len()).sum::<usize>() / worlds.len();
        say(&format!("\n  supply {supply} % of demand: {} jobs, {providers} providers", size.days * size.jobs_per_day));
        say(&format!("  {:<36} matched   mean minutes     95 %   worst tenth   Gini", ""));
        let mut first = None;
        for (name, way) in ways {
            let weeks: Vec<Figures> = worlds.iter().map(|world| Figures::of(world, &run(world, *way))).collect();
            let all = Figures::mean(&weeks);
            let beside = *first.get_or_insert(all);
            say(&format!("  {name:<36} {}", row(&all, &beside)));
        }
    }
}

/// One line of the table, and whether it is what was aimed at.
fn row(all: &Figures, beside: &Figures) -> String {
    let change = |now: f64, then: f64| (now / then - 1.0) * 100.0;
    let (later, fairer) = (change(all.mean, beside.mean), change(all.gini, beside.gini));
    let aim = later <= AIM_ARRIVAL_PERCENT && fairer <= -AIM_GINI_PERCENT && all.matched >= beside.matched;
    format!(
        "{:5.2} %   {:5.2} {later:+6.1} %   {:5.2}   {:11.2}   {:.4} {fairer:+6.1} %{}",
        all.matched,
        all.mean,
        all.late,
        all.worst,
        all.gini,
        if aim { "   aim reached" } else { "" }
    )
}
