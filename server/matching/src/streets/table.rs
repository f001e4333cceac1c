//! Times from some points to others, all at once.

use std::collections::HashMap;

use linli_domain::geo::Travel;

use super::network::NEVER;
use super::snap::{Doors, Snapped};
use super::sweep::Sweep;
use super::{Seconds, Streets};

/// Times from points (rows) to points (columns).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: usize,
    /// Milliseconds or [`NEVER`], row after row.
    cells: Vec<u32>,
}

impl Table {
    /// From one point to another; none when there is no way, or no such row or column.
    pub fn get(&self, row: usize, column: usize) -> Option<Seconds> {
        self.millis(row, column).map(Seconds::of_millis)
    }

    /// The same in milliseconds.
    pub fn millis(&self, row: usize, column: usize) -> Option<u32> {
        if column >= self.columns {
            return None;
        }
        self.cells.get(row * self.columns + column).copied().filter(|millis| *millis != NEVER)
    }

    /// How many rows and columns it has.
    pub fn size(&self) -> (usize, usize) {
        (self.cells.len().checked_div(self.columns).unwrap_or(0), self.columns)
    }
}

/// The corners some points are entered and left by, each once.
#[derive(Default)]
struct Corners {
    numbers: HashMap<u32, u32>,
    nodes: Vec<u32>,
}

impl Corners {
    /// The doors with the corners' numbers in the list.
    fn add(&mut self, doors: Doors) -> Doors {
        doors.map(|door| {
            door.map(|(node, millis)| {
                let number = *self.numbers.entry(node).or_insert_with(|| {
                    self.nodes.push(node);
                    self.nodes.len() as u32 - 1
                });
                (number, millis)
            })
        })
    }
}

impl Streets {
    /// The shortest times from each of some points to each of others. Points of different means of travel have no way
    /// to each other; a point is at no distance from itself.
    pub fn table(&self, from: &[Snapped], to: &[Snapped]) -> Table {
        let mut cells = vec![NEVER; from.len() * to.len()];
        for travel in Travel::ALL {
            let pick = |points: &[Snapped]| -> Vec<(usize, Snapped)> {
                points.iter().copied().enumerate().filter(|(_, point)| point.travel == travel).collect()
            };
            let (rows, columns) = (pick(from), pick(to));
            if !rows.is_empty() && !columns.is_empty() {
                self.fill(travel, &rows, &columns, &mut cells, to.len());
            }
        }
        Table { columns: to.len(), cells }
    }

    fn fill(
        &self,
        travel: Travel,
        rows: &[(usize, Snapped)],
        columns: &[(usize, Snapped)],
        cells: &mut [u32],
        width: usize,
    ) {
        let mut corners = Corners::default();
        let arriving: Vec<Doors> =
            columns.iter().map(|(_, point)| corners.add(self.edge(point).arriving(travel, point.along))).collect();
        let mut sweep = Sweep::to(&self.cch, &self.metrics[travel.index()], &corners.nodes);
        let mut times = Vec::with_capacity(corners.nodes.len());
        for (row, from) in rows {
            let stretch = self.edge(from);
            sweep.row(stretch.leaving(travel, from.along).into_iter().flatten(), &mut times);
            for ((column, to), arriving) in columns.iter().zip(&arriving) {
                let mut best = if from.edge == to.edge { stretch.between(travel, from.along, to.along) } else { NEVER };
                for (corner, rest) in arriving.iter().flatten() {
                    let time = times[*corner as usize];
                    if time < cch::INF_WEIGHT {
                        best = best.min(time + rest);
                    }
                }
                if from.asked() == to.asked() {
                    best = 0;
                } else if best != NEVER {
                    best = best.saturating_add(from.walk + to.walk);
                }
                cells[row * width + column] = best;
            }
        }
    }
}
