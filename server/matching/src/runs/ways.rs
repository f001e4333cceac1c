//! How long it takes between the places of a round.

use linli_domain::geo::{Travel, Wgs84};
use linli_domain::time::Span;

use super::Round;
use crate::streets::{Seconds, Streets};

/// Where there is no way: more microseconds than any round lasts.
pub(super) const NEVER: i64 = 1 << 52;

/// A place of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The kitchen.
    Kitchen,
    /// A stop, by its place in the list.
    Stop(usize),
}

impl Place {
    const fn number(self) -> usize {
        match self {
            Self::Kitchen => 0,
            Self::Stop(stop) => stop + 1,
        }
    }
}

/// Seconds between the places of a round, by the means of travel that its couriers have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// The kitchen and all stops.
    places: usize,
    /// By means of travel, row after row, in microseconds; empty for means nobody has.
    cells: [Vec<i64>; 3],
    /// From where each courier starts to the kitchen, in microseconds.
    starts: Vec<i64>,
}

impl Ways {
    /// On streets. A place that no street is near has no ways.
    pub fn on(streets: &Streets, round: &Round) -> Self {
        let mut ways = Self::nowhere(round);
        let places: Vec<Wgs84> =
            std::iter::once(round.kitchen.at).chain(round.stops.iter().map(|stop| stop.at)).collect();
        for travel in Travel::ALL {
            let couriers: Vec<usize> =
                (0..round.couriers.len()).filter(|courier| round.couriers[*courier].travel == travel).collect();
            if couriers.is_empty() {
                continue;
            }
            let near = |at: &Wgs84| streets.snap(travel, *at).ok();
            let known: Vec<_> = places.iter().enumerate().filter_map(|(n, at)| Some((n, near(at)?))).collect();
            let points: Vec<_> = known.iter().map(|(_, point)| *point).collect();
            let table = streets.table(&points, &points);
            ways.cells[travel.index()] = vec![NEVER; ways.places.pow(2)];
            for (row, (from, _)) in known.iter().enumerate() {
                for (column, (to, _)) in known.iter().enumerate() {
                    ways.cells[travel.index()][from * ways.places + to] = cell(table.get(row, column));
                }
            }
            let Some(kitchen) = near(&round.kitchen.at) else { continue };
            let started: Vec<_> =
                couriers.iter().filter_map(|c| Some((*c, near(&round.couriers[*c].start)?))).collect();
            let points: Vec<_> = started.iter().map(|(_, point)| *point).collect();
            let table = streets.table(&points, &[kitchen]);
            for (row, (courier, _)) in started.iter().enumerate() {
                ways.starts[*courier] = cell(table.get(row, 0));
            }
        }
        ways
    }

    /// As two functions say: between places by a means of travel, and from where a courier, by their place in the list,
    /// starts to the kitchen.
    pub fn told(
        round: &Round,
        between: impl Fn(Travel, Place, Place) -> Option<Seconds>,
        start: impl Fn(usize) -> Option<Seconds>,
    ) -> Self {
        let mut ways = Self::nowhere(round);
        let all = || std::iter::once(Place::Kitchen).chain((0..round.stops.len()).map(Place::Stop));
        for travel in Travel::ALL {
            if round.couriers.iter().any(|courier| courier.travel == travel) {
                let row = |from| all().map(move |to| (from, to));
                let cells = all().flat_map(row).map(|(from, to)| cell(between(travel, from, to)));
                ways.cells[travel.index()] = cells.collect();
            }
        }
        ways.starts = (0..round.couriers.len()).map(|courier| cell(start(courier))).collect();
        ways
    }

    fn nowhere(round: &Round) -> Self {
        let starts = vec![NEVER; round.couriers.len()];
        Self { places: round.stops.len() + 1, cells: [const { Vec::new() }; 3], starts }
    }

    /// From place to place; none where there is no way, or no courier with this means.
    pub fn seconds(&self, travel: Travel, from: Place, to: Place) -> Option<Seconds> {
        known(*self.cells[travel.index()].get(from.number() * self.places + to.number())?)
    }

    /// From where a courier, by their place in the list, starts to the kitchen.
    pub fn start(&self, courier: usize) -> Option<Seconds> {
        known(*self.starts.get(courier)?)
    }

    /// The same in microseconds, or [`NEVER`].
    pub(super) fn coming(&self, courier: usize) -> i64 {
        self.starts[courier]
    }

    /// Whether they have a place for everything in a round.
    pub(super) fn are_of(&self, round: &Round) -> bool {
        self.places == round.stops.len() + 1
            && self.starts.len() == round.couriers.len()
            && round.couriers.iter().all(|courier| !self.cells[courier.travel.index()].is_empty())
    }

    /// Microseconds or [`NEVER`], between numbers: 0 is the kitchen, and then come the stops.
    pub(super) fn leg(&self, travel: Travel, from: u32, to: u32) -> i64 {
        self.cells[travel.index()][from as usize * self.places + to as usize]
    }
}

fn cell(way: Option<Seconds>) -> i64 {
    way.map_or(NEVER, |way| Span::seconds(way.0.into()).0)
}

fn known(cell: i64) -> Option<Seconds> {
    (cell < NEVER).then(|| Seconds(u32::try_from(cell / Span::seconds(1).0).expect("made of seconds of 32 bits")))
}
