//! What is read off a week.

use super::parameters as given;
use super::run::Outcome;
use super::world::World;

/// The figures of one week, or the means of several.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Figures {
    /// The share of jobs that somebody came to, of a hundred.
    pub matched: f64,
    /// Minutes from asking to the door, of jobs that somebody came to.
    pub mean: f64,
    /// 95 of a hundred waited no longer.
    pub late: f64,
    /// Mean minutes in the worst-served tenth of communities; who waited in vain counts as [`given::NOBODY_CAME_MINUTES`].
    pub worst: f64,
    /// How unequal earnings per hour on duty are among those with enough hours: 0 all the same, 1 one has everything.
    pub gini: f64,
}

impl Figures {
    pub(crate) fn of(world: &World<'_>, outcome: &Outcome) -> Self {
        let minutes = |seconds: i64| seconds as f64 / 60.0;
        let mut arrivals: Vec<f64> = outcome.arrivals.iter().flatten().map(|seconds| minutes(*seconds)).collect();
        arrivals.sort_by(f64::total_cmp);
        let mut waits = vec![(0.0, 0.0); world.town.communities()];
        for (job, arrival) in world.jobs.iter().zip(&outcome.arrivals) {
            let (sum, count) = &mut waits[job.community];
            *sum += arrival.map_or(given::NOBODY_CAME_MINUTES, minutes);
            *count += 1.0;
        }
        let mut waits: Vec<f64> =
            waits.iter().filter(|(_, count)| *count > 0.0).map(|(sum, count)| sum / count).collect();
        waits.sort_by(|a, b| b.total_cmp(a));
        waits.truncate(waits.len().div_ceil(given::WORST_TENTH));
        let compared = outcome.earned.iter().filter(|(_, active)| *active >= given::COMPARED_FROM_SECONDS);
        Self {
            matched: 100.0 * arrivals.len() as f64 / world.jobs.len() as f64,
            mean: mean(&arrivals),
            late: arrivals[(arrivals.len() * 95 / 100).min(arrivals.len() - 1)],
            worst: mean(&waits),
            gini: gini(compared.map(|(fen, active)| *fen as f64 / *active as f64).collect()),
        }
    }

    /// The mean of several weeks, figure by figure.
    pub(crate) fn mean(weeks: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| mean(&weeks.iter().map(figure).collect::<Vec<_>>());
        Self {
            matched: of(|f| f.matched),
            mean: of(|f| f.mean),
            late: of(|f| f.late),
            worst: of(|f| f.worst),
            gini: of(|f| f.gini),
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The Gini coefficient: half the mean difference between two, as a share of the mean.
pub(crate) fn gini(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let (count, sum) = (values.len() as f64, values.iter().sum::<f64>());
    let weighed: f64 = values.iter().enumerate().map(|(at, value)| (at as f64 + 1.0) * value).sum();
    2.0 * weighed / (count * sum) - (count + 1.0) / count
}
