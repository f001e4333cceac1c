//! When a room, a table or a place can still be had on a day.

use linli_domain::calendar::Mask;
use linli_domain::holiday::DayKind;
use linli_domain::id::{OfferingId, UnitId};
use linli_domain::platform::{Rules, Shape};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::slot::{Door, Slot};
use linli_domain::time::{Day, Instant, TimeOfDay};
use linli_domain::words::Words;
use linli_store::scarcity;

use super::{seen, times_of_days};
use crate::{App, Result};

/// A day of a resource.
#[derive(Debug, Clone)]
pub struct FreeDay {
    /// From when to when it is open.
    pub open: Vec<(Instant, Instant)>,
    /// The holiday it is.
    pub holiday: Option<Words>,
    /// The rules of the day; none when nothing is offered then.
    pub rules: Option<Rules>,
    /// Rooms or tables with the times they are taken, the time to air and clean included.
    pub units: Vec<FreeUnit>,
    /// The steps with how many places are left in each.
    pub steps: Vec<(Slot, u32)>,
}

/// A room or a table, and when it is taken.
#[derive(Debug, Clone)]
pub struct FreeUnit {
    /// Which.
    pub id: UnitId,
    /// What it is called.
    pub name: Words,
    /// When it is taken.
    pub busy: Vec<(Instant, Instant)>,
}

/// What is left of a resource on a day.
///
/// # Errors
/// [`Code::NotFound`] for what is not on offer; [`Code::ValueInvalid`] for offerings that are no resource.
pub async fn free(app: &App, id: OfferingId, day: Day) -> Result<FreeDay> {
    let catalogue = app.catalogue().await?;
    let offered = seen(app, &catalogue, id)?;
    if app.orderable(offered)?.shape != Shape::Resource {
        return Err(Refusal::new(Code::ValueInvalid).field("id").with("allowed", Shape::Resource.key()).into());
    }
    let rules = offered.rules_on(day).map(|(_, rules)| *rules);
    let units: Vec<_> = offered.units_on(day).collect();
    let wanted: Vec<(i64, Day)> = units.iter().map(|unit| (unit.id.0, day)).collect();
    let calendars = scarcity::calendars(app.store.reads(), &wanted).await?;
    let busy = |unit: UnitId| calendars.get(&(unit.0, day)).map(|mask| spans(day, *mask)).unwrap_or_default();
    let units =
        units.iter().map(|unit| FreeUnit { id: unit.id, name: unit.name.clone(), busy: busy(unit.id) }).collect();
    let steps = match rules {
        Some(_) => times_of_days(app, &catalogue, offered, &[day], Door::Online).await?.pop().unwrap_or_default(),
        None => Vec::new(),
    };
    let holiday = match catalogue.holidays.kind_of(day) {
        DayKind::Holiday(name) => Some(name),
        _ => None,
    };
    Ok(FreeDay {
        open: if rules.is_some() { offered.open_hours(&catalogue.holidays, day) } else { Vec::new() },
        holiday,
        rules,
        units,
        steps: steps.into_iter().map(|time| (time.slot, time.free)).collect(),
    })
}

/// The busy quarter hours of a day as spans.
fn spans(day: Day, mask: Mask) -> Vec<(Instant, Instant)> {
    let at = |quarter: u16| day.at(TimeOfDay(quarter * 15));
    let is_busy =
        |quarter: u16| if quarter < 48 { mask.am >> quarter & 1 == 1 } else { mask.pm >> (quarter - 48) & 1 == 1 };
    let mut spans: Vec<(Instant, Instant)> = Vec::new();
    for quarter in (0..96).filter(|quarter| is_busy(*quarter)) {
        match spans.last_mut() {
            Some((_, end)) if *end == at(quarter) => *end = at(quarter + 1),
            _ => spans.push((at(quarter), at(quarter + 1))),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_hours_become_spans() {
        let day: Day = "2026-11-24".parse().unwrap();
        let busy = |from: &str, to: &str| Mask::covering(from.parse().unwrap(), to.parse().unwrap());
        let mask = busy("09:00", "10:15").with(busy("11:45", "12:30")).with(busy("23:45", "24:00"));
        let said: Vec<String> =
            spans(day, mask).iter().map(|(from, to)| format!("{}-{}", from.time_of_day(), to.time_of_day())).collect();
        assert_eq!(said, ["09:00-10:15", "11:45-12:30", "23:45-00:00"]);
        assert!(spans(day, Mask::default()).is_empty());
    }
}
