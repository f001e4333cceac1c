//! What a plan costs, reckoned from what it says.

use super::{Place, Plan, Round, Ways};

/// What a plan costs: first who gets nothing, then the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight {
    /// Stops nobody comes to.
    pub undelivered: usize,
    /// Seconds of way of all runs that are not under way, from where couriers start to the kitchen included, and for each
    /// stop whose usual courier is there and does not come those of [`super::Rules::usual`].
    pub seconds: u64,
}

/// Weighs a plan; a way that there is not weighs nothing, since no plan that passes [`super::check()`] has any.
pub fn weigh(round: &Round, ways: &Ways, plan: &Plan) -> Weight {
    let mut seconds = 0;
    for (number, courier) in round.couriers.iter().enumerate() {
        let of = |run: &&super::Run| run.courier == courier.key;
        let underway: Vec<_> = round.underway.iter().filter(of).collect();
        let runs: Vec<_> = plan.runs.iter().filter(of).skip(underway.len()).collect();
        if runs.is_empty() {
            continue;
        }
        let way = |from, to| ways.seconds(courier.travel, from, to).map_or(0, |way| u64::from(way.0));
        seconds += match underway.last() {
            None => ways.start(number).map_or(0, |way| u64::from(way.0)),
            Some(run) if !courier.returns => match (run.visits.last(), run.back) {
                (Some(last), Some(back)) => (back - last.handed_over).whole_seconds().unsigned_abs(),
                _ => 0,
            },
            Some(_) => 0,
        };
        for (run, is_last) in runs.iter().zip((1..).map(|count| count == runs.len())) {
            let mut at = Place::Kitchen;
            for visit in &run.visits {
                let Some(stop) = round.stops.iter().position(|stop| stop.key == visit.stop) else { continue };
                seconds += way(at, Place::Stop(stop));
                at = Place::Stop(stop);
                let usual = round.stops[stop].usual.filter(|key| round.couriers.iter().any(|other| other.key == *key));
                if usual.is_some_and(|usual| usual != courier.key) {
                    seconds += u64::from(round.rules.usual.0);
                }
            }
            if courier.returns || !is_last {
                seconds += way(at, Place::Kitchen);
            }
        }
    }
    Weight { undelivered: plan.unassigned.len(), seconds }
}
