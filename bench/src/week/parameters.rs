//! What the simulated week is made of.
//!
//! These numbers were fixed before the ranking and its fairness were written, so that the week could not be bent until
//! it flattered them. They are not measured in a real district: they are what is plausible for one like Yunhe (57
//! urban communities, 233,800 people in the city part), each with its reason. Whoever changes one measures anew, and
//! reports what comes out.
//!
//! Lengths are metres, times seconds unless a name says minutes or hours, money fen, shares parts of a hundred.

use std::ops::RangeInclusive;

/// Minutes of all providers on duty beside the minutes of all jobs that are asked for, the way there included.
pub(crate) const SUPPLY_TO_DEMAND_PERCENT: [u32; 3] = [70, 100, 130];
/// Weights are chosen by looking at these seeds …
pub(crate) const TUNED_ON: RangeInclusive<u64> = 1..=20;
/// … and what is reported comes from these, which nobody has looked at before.
pub(crate) const REPORTED_ON: RangeInclusive<u64> = 101..=120;

/// How large a week is, and how people get about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Days, from a Monday on.
    pub days: u32,
    /// Jobs asked for on an average day.
    pub jobs_per_day: u32,
    /// Communities from west to east.
    pub communities_across: usize,
    /// Communities from north to south.
    pub communities_down: usize,
    /// Providers of a hundred who ride an e-bike; the rest walk.
    pub e_bike_percent: u64,
}

/// 56 communities of 900 m: the city part of the district. 420 jobs a day are about two a day for a thousand people.
/// Four of five providers ride an e-bike, the rest walk. No cars: none of these kinds needs one.
pub(crate) const WHOLE: Size =
    Size { days: 7, jobs_per_day: 420, communities_across: 7, communities_down: 8, e_bike_percent: 80 };

/// The same town where nobody walks. Added after the first results, to see what they hang on; nothing is tuned on it.
pub(crate) const NOBODY_WALKS: Size = Size { e_bike_percent: 100, ..WHOLE };
/// The same town with three times as many jobs and providers. Added after the first results, as above.
pub(crate) const BUSY: Size = Size { jobs_per_day: 3 * 420, ..WHOLE };

// Streets ------------------------------------------------------------------------------------------------------------

/// The distance between two crossings: Chinese city blocks are large, and lanes between them lead through.
pub(crate) const BLOCK_METRES: u32 = 150;
/// Crossings along one side of a community.
pub(crate) const CROSSINGS_OF_COMMUNITY: usize = 6;
/// One street in so many is closed by the wall of a compound.
pub(crate) const CLOSED_STREETS_PERCENT: u64 = 10;
/// The Grand Canal runs from north to south at this share of the width …
pub(crate) const CANAL_AT_PERCENT: usize = 42;
/// … and every so many crossings there is a bridge.
pub(crate) const CROSSINGS_BETWEEN_BRIDGES: usize = 8;
/// The railway runs beside it further east …
pub(crate) const RAILWAY_AT_PERCENT: usize = 75;
/// … and every so many crossings a street goes under it.
pub(crate) const CROSSINGS_BETWEEN_UNDERPASSES: usize = 6;

// Residents and what they ask for ----------------------------------------------------------------------------------

/// How densely a community is lived in, by its distance from the middle of the town in communities: the old town, the
/// towers around it, the fringe with its villages.
pub(crate) const DENSITIES: [(f64, u64); 3] = [(1.3, 6), (2.6, 3), (f64::INFINITY, 1)];

/// Requests by weekday, Monday first: people clean and repair before and on the weekend.
pub(crate) const DAY_WEIGHTS: [u64; 7] = [95, 90, 90, 95, 105, 120, 105];

/// Requests by hour of the day: a morning, a quiet noon, an afternoon that fades into the evening.
pub(crate) const HOUR_WEIGHTS: [(u32, u64); 14] = [
    (7, 4),
    (8, 8),
    (9, 10),
    (10, 10),
    (11, 7),
    (12, 4),
    (13, 5),
    (14, 8),
    (15, 9),
    (16, 9),
    (17, 9),
    (18, 8),
    (19, 6),
    (20, 3),
];

/// What people learn as one trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trade {
    /// Cleaning, washing, fetching.
    Home,
    /// Pipes, locks, appliances.
    Repair,
    /// Care of elders at home.
    Care,
}

/// One kind of job.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// For people who read this.
    #[allow(dead_code, reason = "says what the line is about")]
    pub name: &'static str,
    /// Whose trade it is.
    pub trade: Trade,
    /// Out of a hundred requests.
    pub share: u64,
    /// How long the work takes, in minutes; each job a quarter more or less.
    pub minutes: u32,
    /// What the provider earns with it.
    pub earns_fen: i64,
}

/// Prices are what labour costs in a city of this size in Hebei: 40 to 45 yuan an hour for cleaning and care, more by the
/// hour for a short visit of a tradesman, who is paid for coming; errands pay least.
pub(crate) const KINDS: [Kind; 11] = [
    Kind { name: "cleaning", trade: Trade::Home, share: 24, minutes: 120, earns_fen: 90_00 },
    Kind { name: "cleaning of appliances", trade: Trade::Home, share: 8, minutes: 90, earns_fen: 80_00 },
    Kind { name: "laundry fetched", trade: Trade::Home, share: 6, minutes: 20, earns_fen: 12_00 },
    Kind { name: "errand", trade: Trade::Home, share: 18, minutes: 30, earns_fen: 18_00 },
    Kind { name: "appliance repair", trade: Trade::Repair, share: 9, minutes: 60, earns_fen: 70_00 },
    Kind { name: "plumbing", trade: Trade::Repair, share: 8, minutes: 45, earns_fen: 55_00 },
    Kind { name: "drains", trade: Trade::Repair, share: 7, minutes: 40, earns_fen: 60_00 },
    Kind { name: "locks", trade: Trade::Repair, share: 4, minutes: 30, earns_fen: 60_00 },
    Kind { name: "care visit", trade: Trade::Care, share: 8, minutes: 60, earns_fen: 45_00 },
    Kind { name: "help with bathing", trade: Trade::Care, share: 4, minutes: 60, earns_fen: 60_00 },
    Kind { name: "haircut at home", trade: Trade::Care, share: 4, minutes: 30, earns_fen: 25_00 },
];

/// The kind that needs no training: many do it beside their trade.
pub(crate) const ERRAND: usize = 3;

/// How long somebody waits for a yes before they give up.
pub(crate) const PATIENCE_SECONDS: i64 = 30 * 60;

// Providers ----------------------------------------------------------------------------------------------------------

/// Half of the providers live as the residents do; the other half are spread evenly, since rents are lower outside.
pub(crate) const LIVES_LIKE_RESIDENTS_PERCENT: u64 = 50;
/// On foot 4.5 km/h; by e-bike 15 km/h, lights and turns included (its limit is 25).
pub(crate) const FOOT_METRES_PER_HOUR: u32 = 4_500;
/// See [`FOOT_METRES_PER_HOUR`].
pub(crate) const E_BIKE_METRES_PER_HOUR: u32 = 15_000;
/// From the street to the door: the gate, the lock, the stairs.
pub(crate) const TO_THE_DOOR_SECONDS: u32 = 90;
/// Knows each kind of the own trade with this probability, one at least.
pub(crate) const KNOWS_OWN_TRADE_PERCENT: u64 = 80;
/// Knows each kind of another trade with this probability.
pub(crate) const KNOWS_OTHER_TRADE_PERCENT: u64 = 10;
/// Runs errands beside the own trade with this probability.
pub(crate) const RUNS_ERRANDS_PERCENT: u64 = 50;
/// When a day on duty begins, by hour, the same every day.
pub(crate) const BEGINS_AT: [(u32, u64); 5] = [(7, 15), (8, 30), (9, 25), (12, 15), (14, 15)];
/// How many hours a day on duty lasts: parents between school hours, second jobs, full days.
pub(crate) const DAY_HOURS: [(u32, u64); 4] = [(4, 25), (6, 25), (8, 40), (10, 10)];
/// Days off in the week.
pub(crate) const DAYS_OFF: [(u32, u64); 3] = [(1, 50), (2, 35), (3, 15)];
/// A job may end so long after the end of the day on duty, no later.
pub(crate) const OVERTIME_SECONDS: i64 = 30 * 60;
/// Where the last job ended somebody waits for so long; whoever is still free then is at home again.
pub(crate) const LINGERS_SECONDS: i64 = 20 * 60;

// Offers ---------------------------------------------------------------------------------------------------------------

/// The fifteen-minute circle: nobody is offered a job whose door they cannot reach in time.
pub(crate) const CIRCLE_SECONDS: u32 = 15 * 60;
/// An answer comes after so many seconds, evenly spread.
pub(crate) const ANSWERS_AFTER_SECONDS: RangeInclusive<u64> = 10..=90;
/// How many of a hundred offers somebody declines: a number of each provider's own, evenly spread.
pub(crate) const DECLINES_PERCENT: RangeInclusive<u64> = 4..=20;
/// How many of a hundred offers nobody looks at.
pub(crate) const SILENT_PERCENT: u64 = 4;
/// An offer that nobody looks at runs out after so long.
pub(crate) const OFFER_SECONDS: i64 = 3 * 60;
/// In batches: how often the best assignment is made.
pub(crate) const BATCH_SECONDS: i64 = 10;

// What is looked at ---------------------------------------------------------------------------------------------------

/// Earnings per hour are compared among those who were on duty for so long in the week.
pub(crate) const COMPARED_FROM_SECONDS: i64 = 10 * 3600;
/// How many minutes of wait somebody counts for whom nobody came.
pub(crate) const NOBODY_CAME_MINUTES: f64 = 60.0;
/// The worst-served communities: one in so many.
pub(crate) const WORST_TENTH: usize = 10;

/// The expected way to a job, for deciding how many providers make a given supply.
pub(crate) const USUAL_WAY_MINUTES: u32 = 9;
/// The aim: earnings less unequal by so many parts of a hundred …
pub(crate) const AIM_GINI_PERCENT: f64 = 35.0;
/// … for a mean arrival at most so many parts of a hundred later, and no job less.
pub(crate) const AIM_ARRIVAL_PERCENT: f64 = 2.0;
