//! A town, who lives and works in it, and what is asked for in one week.

use std::collections::VecDeque;

use linli_domain::context::{Random, SeededRandom};

use super::parameters::{self as given, KINDS, Size, Trade};

/// A crossing of streets, by number.
pub(crate) type Place = u16;

/// Streets and communities: the same for every week.
#[derive(Debug)]
pub(crate) struct Town {
    places: usize,
    /// From each crossing to each, in blocks; [`Town::NO_WAY`] where there is none.
    blocks: Vec<u8>,
    /// The crossings of each community that one can come to.
    communities: Vec<Vec<Place>>,
    /// How many people live in each community, as a weight.
    density: Vec<u64>,
}

impl Town {
    const NO_WAY: u8 = u8::MAX;

    pub(crate) fn new(size: &Size) -> Self {
        let side = given::CROSSINGS_OF_COMMUNITY;
        let (across, down) = (size.communities_across * side, size.communities_down * side);
        let random = SeededRandom::new(0);
        let canal = across * given::CANAL_AT_PERCENT / 100;
        let railway = across * given::RAILWAY_AT_PERCENT / 100;
        // Whether a street leads from each crossing to the east, and to the south.
        let mut open = vec![(false, false); across * down];
        for y in 0..down {
            for x in 0..across {
                let walled = |random: &SeededRandom| random.below(100) < given::CLOSED_STREETS_PERCENT;
                let (east_walled, south_walled) = (walled(&random), walled(&random));
                let crosses = |line: usize, every: usize| x + 1 != line || y % every == every / 2;
                let east = x + 1 < across
                    && (x + 1 == canal || x + 1 == railway || !east_walled)
                    && crosses(canal, given::CROSSINGS_BETWEEN_BRIDGES)
                    && crosses(railway, given::CROSSINGS_BETWEEN_UNDERPASSES);
                open[y * across + x] = (east, y + 1 < down && !south_walled);
            }
        }
        let places = across * down;
        let neighbours = |at: usize| {
            let (x, y) = (at % across, at / across);
            [
                open[at].0.then_some(at + 1),
                open[at].1.then_some(at + across),
                (x > 0 && open[at - x.min(1)].0).then(|| at - 1),
                (y > 0 && open[at - if y > 0 { across } else { 0 }].1).then(|| at - across),
            ]
        };
        let mut blocks = vec![Self::NO_WAY; places * places];
        let mut line = VecDeque::new();
        for from in 0..places {
            let far = &mut blocks[from * places..(from + 1) * places];
            far[from] = 0;
            line.push_back(from);
            while let Some(at) = line.pop_front() {
                for next in neighbours(at).into_iter().flatten() {
                    if far[next] == Self::NO_WAY && far[at] + 1 < Self::NO_WAY {
                        far[next] = far[at] + 1;
                        line.push_back(next);
                    }
                }
            }
        }
        // Whoever is walled in from all sides is left out: what most of the town can come to is the town.
        let reached =
            |at: usize| blocks[at * places..(at + 1) * places].iter().filter(|far| **far != Self::NO_WAY).count();
        let mut communities = vec![Vec::new(); size.communities_across * size.communities_down];
        for at in (0..places).filter(|at| reached(*at) * 2 > places) {
            let (x, y) = (at % across, at / across);
            communities[y / side * size.communities_across + x / side].push(at as Place);
        }
        let density = (0..communities.len()).map(|at| {
            let middle = |count: usize| (count as f64 - 1.0) / 2.0;
            let x = (at % size.communities_across) as f64 - middle(size.communities_across);
            let y = (at / size.communities_across) as f64 - middle(size.communities_down);
            let far = x.hypot(y);
            given::DENSITIES.iter().find(|(within, _)| far <= *within).map_or(1, |(_, density)| *density)
        });
        Self { places, density: density.collect(), blocks, communities }
    }

    pub(crate) const fn communities(&self) -> usize {
        self.communities.len()
    }

    /// The way in seconds, up to the door.
    pub(crate) fn way(&self, from: Place, to: Place, metres_per_hour: u32) -> u32 {
        let blocks = self.blocks[from as usize * self.places + to as usize];
        if blocks == Self::NO_WAY {
            return u32::MAX;
        }
        u32::from(blocks) * given::BLOCK_METRES * 3600 / metres_per_hour + given::TO_THE_DOOR_SECONDS
    }

    fn place_in(&self, community: usize, random: &SeededRandom) -> Place {
        let places = &self.communities[community];
        places[random.below(places.len() as u64) as usize]
    }
}

/// What somebody asks for.
#[derive(Debug)]
pub(crate) struct Job {
    /// When, in seconds from the week's beginning.
    pub asked: i64,
    /// Where.
    pub place: Place,
    /// In which community that is.
    pub community: usize,
    /// Its kind, by number.
    pub kind: usize,
    /// How long the work takes, in seconds.
    pub work: i64,
    /// What it pays.
    pub earns_fen: i64,
}

/// Somebody who works.
#[derive(Debug)]
pub(crate) struct Provider {
    /// Where a day begins, and where they wait.
    pub home: Place,
    /// How fast they are.
    pub metres_per_hour: u32,
    /// The trade they learned.
    pub trade: Trade,
    /// What they can do: a bit for each kind.
    pub knows: u16,
    /// How many of a hundred offers they decline.
    pub declines_percent: u64,
    /// The days on duty, from and to, in seconds from the week's beginning.
    pub days: Vec<(i64, i64)>,
}

impl Provider {
    pub(crate) const fn can(&self, kind: usize) -> bool {
        self.knows & (1 << kind) != 0
    }

    /// The day on duty that an instant lies in.
    pub(crate) fn day_at(&self, now: i64) -> Option<(i64, i64)> {
        self.days.iter().copied().find(|(begin, end)| (*begin..*end).contains(&now))
    }

    /// Seconds on duty up to an instant.
    pub(crate) fn on_duty_until(&self, now: i64) -> i64 {
        self.days.iter().map(|(begin, end)| (now.min(*end) - begin).max(0)).sum()
    }
}

/// A week: what is asked for, in the order of time, and who is there.
#[derive(Debug)]
pub(crate) struct World<'a> {
    pub town: &'a Town,
    pub jobs: Vec<Job>,
    pub providers: Vec<Provider>,
    pub seed: u64,
}

impl<'a> World<'a> {
    /// The week of a seed. With another supply the same jobs are asked for, and the same people are there, more or fewer.
    pub(crate) fn new(town: &'a Town, size: &Size, seed: u64, supply_percent: u32) -> Self {
        let jobs = jobs(town, size, &SeededRandom::new(seed.wrapping_mul(2)));
        let minutes = |job: &Job| (job.work / 60) as u64 + u64::from(given::USUAL_WAY_MINUTES);
        let by_trade = [Trade::Home, Trade::Repair, Trade::Care]
            .map(|trade| (trade, jobs.iter().filter(|job| KINDS[job.kind].trade == trade).map(minutes).sum()));
        let wanted = jobs.iter().map(minutes).sum::<u64>() * u64::from(supply_percent) / 100;
        let random = SeededRandom::new(seed.wrapping_mul(2).wrapping_add(1));
        let (mut providers, mut there) = (Vec::new(), 0);
        while there < wanted {
            let provider = provider(town, size, drawn(&random, &by_trade), &random);
            there += provider.days.iter().map(|(begin, end)| (end - begin) as u64 / 60).sum::<u64>();
            providers.push(provider);
        }
        Self { town, jobs, providers, seed }
    }

    /// How a provider answers the offer of a job: after how long, and whether with yes. None when they do not look. The
    /// same in every way of matching.
    pub(crate) fn answer(&self, job: usize, provider: usize) -> Option<(i64, bool)> {
        let pair = (job as u64) << 20 | provider as u64;
        let random = SeededRandom::new(pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ self.seed.rotate_left(48));
        let (first, last) = given::ANSWERS_AFTER_SECONDS.into_inner();
        let after = (first + random.below(last - first + 1)) as i64;
        if random.below(100) < given::SILENT_PERCENT {
            return None;
        }
        Some((after, random.below(100) >= self.providers[provider].declines_percent))
    }
}

fn jobs(town: &Town, size: &Size, random: &SeededRandom) -> Vec<Job> {
    let days: Vec<_> = (0_i64..).zip(given::DAY_WEIGHTS).take(size.days as usize).collect();
    let communities: Vec<_> = (0_usize..).zip(town.density.iter().copied()).collect();
    let kinds: Vec<_> = (0_usize..).zip(KINDS.iter().map(|kind| kind.share)).collect();
    let mut jobs: Vec<Job> = (0..size.days * size.jobs_per_day)
        .map(|_| {
            let (day, hour) = (drawn(random, &days), drawn(random, &given::HOUR_WEIGHTS));
            let community = drawn(random, &communities);
            let kind = drawn(random, &kinds);
            Job {
                asked: day * 86_400 + i64::from(hour) * 3_600 + random.below(3_600) as i64,
                place: town.place_in(community, random),
                community,
                kind,
                work: i64::from(KINDS[kind].minutes) * 60 * (75 + random.below(51) as i64) / 100,
                earns_fen: KINDS[kind].earns_fen,
            }
        })
        .collect();
    jobs.sort_by_key(|job| job.asked);
    jobs
}

fn provider(town: &Town, size: &Size, trade: Trade, random: &SeededRandom) -> Provider {
    let chance = |percent: u64| random.below(100) < percent;
    let community = if chance(given::LIVES_LIKE_RESIDENTS_PERCENT) {
        drawn(random, &(0..).zip(town.density.iter().copied()).collect::<Vec<_>>())
    } else {
        random.below(town.communities() as u64) as usize
    };
    let own: Vec<usize> = (0..KINDS.len()).filter(|kind| KINDS[*kind].trade == trade).collect();
    let mut knows = 1_u16 << own[random.below(own.len() as u64) as usize];
    for (at, kind) in KINDS.iter().enumerate() {
        let percent = match at {
            _ if kind.trade == trade => given::KNOWS_OWN_TRADE_PERCENT,
            given::ERRAND => given::RUNS_ERRANDS_PERCENT,
            _ => given::KNOWS_OTHER_TRADE_PERCENT,
        };
        if chance(percent) {
            knows |= 1 << at;
        }
    }
    let mut free = [false; 7];
    for _ in 0..drawn(random, &given::DAYS_OFF) {
        let on_duty: Vec<usize> = (0..7).filter(|day| !free[*day]).collect();
        free[on_duty[random.below(on_duty.len() as u64) as usize]] = true;
    }
    let (begins, hours) = (drawn(random, &given::BEGINS_AT), drawn(random, &given::DAY_HOURS));
    let days = (0..i64::from(size.days)).filter(|day| !free[(*day % 7) as usize]).map(|day| {
        let begin = day * 86_400 + i64::from(begins) * 3_600;
        (begin, begin + i64::from(hours) * 3_600)
    });
    let (fewest, most) = given::DECLINES_PERCENT.into_inner();
    Provider {
        home: town.place_in(community, random),
        metres_per_hour: if chance(size.e_bike_percent) {
            given::E_BIKE_METRES_PER_HOUR
        } else {
            given::FOOT_METRES_PER_HOUR
        },
        trade,
        knows,
        declines_percent: fewest + random.below(most - fewest + 1),
        days: days.collect(),
    }
}

/// One of several, each as probable as its weight.
fn drawn<T: Copy>(random: &SeededRandom, from: &[(T, u64)]) -> T {
    let mut left = random.below(from.iter().map(|(_, weight)| weight).sum());
    for (value, weight) in from {
        if left < *weight {
            return *value;
        }
        left -= weight;
    }
    unreachable!("what was drawn is less than the sum of all weights")
}
