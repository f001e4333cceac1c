//! What only kinds of shape `slot` have: courses of several visits, contracts, lists of who came.

use std::collections::HashSet;

use super::check::key;
use super::model::{ContractTerms, Course, Interval, Shape};
use super::read::Table;
use super::rules::Bound;
use crate::words::Words;

const FIELDS: [&str; 3] = ["courses", "contract", "attendance"];
const COURSES: usize = 12;
const GROUPS: usize = 20;
const VISITS: Bound<u8> = Bound { min: 2, max: 60 };
const DAYS: Bound<u16> = Bound { min: 1, max: 400 };

/// What a kind has beyond single places.
pub(super) struct OfSlot {
    pub(super) courses: Vec<Course>,
    pub(super) contract: Option<ContractTerms>,
    pub(super) attendance: bool,
}

impl OfSlot {
    /// Reads it from the table of a kind, and complains of it where the shape is another.
    pub(super) fn read(table: &mut Table<'_>, shape: Option<Shape>) -> Self {
        match shape {
            Some(Shape::Slot) => {
                let contract = table.table("contract").and_then(contract);
                return Self { courses: courses(table), contract, attendance: table.flag("attendance") };
            }
            Some(_) => table.forbid(&FIELDS, "belongs to the shape `slot`", "leaving it out"),
            None => table.pass_over(&FIELDS),
        }
        Self { courses: Vec::new(), contract: None, attendance: false }
    }
}

fn courses(table: &mut Table<'_>) -> Vec<Course> {
    let tables = table.tables("courses");
    if tables.len() > COURSES {
        table.problem("courses", format!("has {} courses", tables.len()), format!("{COURSES} at most"));
    }
    let mut seen = HashSet::new();
    tables.into_iter().filter_map(|of| course(of, &mut seen)).collect()
}

fn course(mut table: Table<'_>, seen: &mut HashSet<String>) -> Option<Course> {
    let key = own_key(&mut table, seen);
    let name = table.words("name", 16, 60);
    let about = table.words("about", 200, 600);
    let visits = table.number("visits", VISITS);
    let steps = table.tables("intervals");
    let most = usize::from(visits.unwrap_or(VISITS.max)) - 1;
    if steps.is_empty() {
        table.problem("intervals", "there is no interval", "one `{ min_days = …, max_days = … }` or more");
    } else if steps.len() > most {
        let message = format!("has {} intervals", steps.len());
        table.problem("intervals", message, format!("{most} at most, one between each visit and the next"));
    }
    let intervals = steps.into_iter().filter_map(interval).collect();
    table.finish();
    Some(Course { key: key?, name: name?, about: about?, visits, intervals })
}

fn interval(mut table: Table<'_>) -> Option<Interval> {
    let min_days = table.required_number("min_days", DAYS);
    let max_days = table.required_number("max_days", DAYS);
    if let (Some(min), Some(max)) = (min_days, max_days)
        && min > max
    {
        table.problem("min_days", format!("{min} is above {max}, the `max_days`"), "min_days ≤ max_days");
    }
    table.finish();
    Some(Interval { min_days: min_days?, max_days: max_days? })
}

fn contract(mut table: Table<'_>) -> Option<ContractTerms> {
    let months = table.required_number("months", Bound { min: 1, max: 60 });
    let renew_days = table.required_number("renew_days", Bound { min: 1, max: 90 });
    let tables = table.tables("groups");
    if tables.is_empty() || tables.len() > GROUPS {
        table.problem("groups", format!("has {} groups", tables.len()), format!("1 to {GROUPS}"));
    }
    let mut seen = HashSet::new();
    let groups: Vec<(String, Words)> = tables
        .into_iter()
        .filter_map(|mut group| {
            let key = own_key(&mut group, &mut seen);
            let name = group.words("name", 16, 60);
            group.finish();
            Some((key?, name?))
        })
        .collect();
    table.finish();
    Some(ContractTerms { months: months?, renew_days: renew_days?, groups })
}

/// A key that none of its neighbours has.
pub(super) fn own_key(table: &mut Table<'_>, seen: &mut HashSet<String>) -> Option<String> {
    let key = key(table)?;
    if !seen.insert(key.clone()) {
        table.problem("key", format!("`{key}` is there twice"), "a key of its own");
    }
    Some(key)
}
