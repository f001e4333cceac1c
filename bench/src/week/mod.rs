//! A simulated week of the marketplace: our ranking and our batches beside "the nearest first", on the same streets,
//! with the same people, requests and answers.

mod figures;
mod parameters;
mod run;
mod world;

use linli_domain::ranking::Weights;

use self::figures::Figures;
use self::parameters::{REPORTED_ON, SUPPLY_TO_DEMAND_PERCENT, TUNED_ON, WHOLE};
use self::run::{Way, run};
use self::world::{Town, World};
use crate::say;

/// Lets the weeks happen, and prints what came of them.
pub(crate) fn report(tuning: bool) {
    let town = Town::new(&WHOLE);
    let seeds = if tuning { TUNED_ON } else { REPORTED_ON };
    for supply in SUPPLY_TO_DEMAND_PERCENT {
        let worlds: Vec<World<'_>> = seeds.clone().map(|seed| World::new(&town, &WHOLE, seed, supply)).collect();
        let providers = worlds.iter().map(|world| world.providers.len()).sum::<usize>() / worlds.len();
        say(&format!("\nsupply {supply} % of demand, {providers} providers, {} jobs", worlds[0].jobs.len()));
        let mut beside = None;
        let w = ranking_weights();
        for (name, way) in [("nearest first", Way::Nearest), ("ranked", Way::Ranked(w)), ("batch", Way::Batch(w))] {
            let weeks: Vec<Figures> = worlds.iter().map(|world| Figures::of(world, &run(world, way))).collect();
            let all = Figures::mean(&weeks);
            let beside = *beside.get_or_insert(all);
            let change = |now: f64, then: f64| format!("{:+6.1} %", (now / then - 1.0) * 100.0);
            say(&format!(
                "  {name:<16} matched {:5.2} %  mean {:5.2} min {}  95 % {:5.1}  worst tenth {:5.2}  Gini {:.4} {}",
                all.matched,
                all.mean,
                change(all.mean, beside.mean),
                all.late,
                all.worst,
                all.gini,
                change(all.gini, beside.gini)
            ));
        }
    }
}

fn ranking_weights() -> Weights {
    let mut w = Weights::default();
    let get = |n: &str, d: i64| std::env::var(n).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
    w.own_trade = get("OWN", w.own_trade);
    w.quiet_day = get("QUIET", w.quiet_day);
    w.job_today = get("JOB", w.job_today);
    w.tight_hours = get("TIGHT", w.tight_hours);
    w.earnings_per_percent = get("EPP", w.earnings_per_percent);
    w.earnings_most = get("EMOST", w.earnings_most);
    w.earnings_prior_hours = get("EPRIOR", w.earnings_prior_hours.into()) as u32;
    w
}
