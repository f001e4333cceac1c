//! Weekly hours from a table: all rows of an offering together are its hours from their day on.

use std::collections::BTreeMap;

use linli_domain::hours::{overlap, plain, replaced};
use linli_domain::id::{OfferingId, ScheduleId};
use linli_domain::platform::{Kind, Rules};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::slot::ScheduleLine;
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_sheets::{Row, Table};
use linli_store::Reads;
use linli_store::managing::standing::{self, StandingTime};

use super::cells::{Line, weekdays};
use super::columns::Placed;
use super::plan::{Context, Plan, note};
use super::said;
use crate::Result;
use crate::catalogue::Offered;
use crate::manage::hours::{MOST_LINES, NewLine, losing, one, overlapping, with_hours};

/// A row that was read.
struct Read<'a> {
    row: &'a Row,
    line: NewLine,
    from: Day,
}

/// The rows of one offering.
struct Week<'a> {
    offered: &'a Offered,
    kind: &'a Kind,
    rows: Vec<(&'a Row, ScheduleLine)>,
    since: Day,
}

pub(super) async fn plan(
    context: &Context<'_>,
    reads: &impl Reads,
    table: &Table,
    placed: &Placed,
    keep_orders: bool,
) -> Result<Plan> {
    let mut plan = Plan::default();
    let mut weeks = Vec::new();
    for (key, rows) in by_offering(table, placed, context.today, &mut plan) {
        let (offered, kind) = match offering(context, &key) {
            Ok(found) => found,
            Err(words) => {
                for read in &rows {
                    Line::new(read.row, placed, &mut plan.errors).wrong("offering", words.clone());
                }
                continue;
            }
        };
        let lines = week(context, offered, kind, &rows, placed, &mut plan);
        weeks.extend(lines.filter(|week| {
            let lines: Vec<ScheduleLine> = week.rows.iter().map(|(_, line)| line.clone()).collect();
            plain(offered.lines(), week.since) != plain(&lines, week.since)
        }));
    }
    let since: Vec<(OfferingId, Day)> = weeks.iter().map(|week| (week.offered.offering.id, week.since)).collect();
    let times = standing::times(reads, &since).await?;
    for week in &weeks {
        let first = week.rows[0].0;
        if week.since < context.today {
            let words = Words::new("生效日期不能早于今天。", "The first day cannot be before today.");
            Line::new(first, placed, &mut plan.errors).wrong("valid_from", words);
            continue;
        }
        let id = week.offered.offering.id;
        let lines: Vec<ScheduleLine> = week.rows.iter().map(|(_, line)| line.clone()).collect();
        let of_week: Vec<StandingTime> = times.iter().filter(|time| time.offering == id).copied().collect();
        let holidays = &context.catalogue.holidays;
        let new = replaced(week.offered.lines(), week.since, &lines);
        let slots = |day| (week.offered.slots(holidays, day), week.offered.slots_with(&new, holidays, day));
        let lost = losing(week.kind, &of_week, slots);
        if lost > 0 && !keep_orders {
            let refusal = Refusal::new(Code::OrdersWithoutTime).with("count", lost);
            Line::new(first, placed, &mut plan.errors).wrong("offering", said(&refusal));
        }
        plan.hours.push((id, week.since));
        plan.lines.extend(lines.into_iter().map(|line| (ScheduleId(context.app.next_id()), id, line)));
    }
    Ok(plan)
}

/// The rows that can be read, by the key of their offering.
fn by_offering<'t>(table: &'t Table, placed: &Placed, today: Day, plan: &mut Plan) -> BTreeMap<String, Vec<Read<'t>>> {
    let mut found: BTreeMap<String, Vec<Read<'t>>> = BTreeMap::new();
    for row in &table.rows {
        let mut line = Line::new(row, placed, &mut plan.errors);
        let key = line.required("offering", 40);
        let days = line
            .required("weekdays", 60)
            .and_then(|_| line.read("weekdays", weekdays, "1-5、1,3,5、周一至周五", "1-5, or 1,3,5, or Mon-Fri"));
        let from = line.required("from", 20).and_then(|_| line.time("from"));
        let to = line.required("to", 20).and_then(|_| line.time("to"));
        let (slot_minutes, capacity) = (line.small("slot_minutes"), line.number("capacity"));
        let valid_from = line.day("valid_from");
        if !line.is_good() {
            continue;
        }
        if let (Some(key), Some(weekdays), Some(from), Some(to)) = (key, days, from, to) {
            let read = Read {
                row,
                line: NewLine { weekdays, from, to, slot_minutes, capacity },
                from: valid_from.unwrap_or(today),
            };
            found.entry(key).or_default().push(read);
        }
    }
    found
}

fn offering<'a>(context: &Context<'a>, key: &str) -> Result<(&'a Offered, &'a Kind), Words> {
    let theirs =
        |offered: &&Offered| offered.offering.key == key && offered.offering.organisation == context.organisation;
    let offered =
        context.catalogue.offerings.values().find(theirs).ok_or_else(|| {
            Words::new("本单位没有这个编号的服务。", "The organisation has no offering with this key.")
        })?;
    let kind = context.app.orderable(offered).and_then(with_hours).map_err(|refusal| said(&refusal))?;
    Ok((offered, kind))
}

/// The lines of one offering with the days they hold, when all of them are right; those of a later day end those
/// before.
fn week<'a>(
    context: &Context<'a>,
    offered: &'a Offered,
    kind: &'a Kind,
    rows: &[Read<'a>],
    placed: &Placed,
    plan: &mut Plan,
) -> impl Iterator<Item = Week<'a>> + use<'a> {
    let mut days: Vec<Day> = rows.iter().map(|read| read.from).collect();
    days.sort();
    days.dedup();
    let (since, last) = (days[0], days[days.len() - 1]);
    let before = plan.errors.len();
    let mut lines: Vec<(&Row, ScheduleLine)> = Vec::with_capacity(rows.len());
    if last > context.today.plus(366) {
        let late = rows.iter().find(|read| read.from == last).map(|read| read.row);
        let words = Words::new("生效日期最晚在一年之内。", "The first day lies within a year.");
        late.into_iter().for_each(|row| Line::new(row, placed, &mut plan.errors).wrong("valid_from", words.clone()));
    }
    if rows.len() > MOST_LINES {
        let words = Words::new("一项服务最多 100 行。", "An offering has at most 100 lines.");
        Line::new(rows[MOST_LINES].row, placed, &mut plan.errors).wrong("offering", words);
        return None.into_iter();
    }
    for read in rows {
        let mut line = Line::new(read.row, placed, &mut plan.errors);
        let rules: Rules = *offered
            .rules_on(read.from)
            .map(|(_, rules)| rules)
            .or(offered.rules_shown(read.from))
            .unwrap_or(&kind.rules);
        match one(kind, &rules, read.from, &read.line) {
            Err(refusal) => note(&mut line, &refusal, "offering"),
            Ok(mut made) => {
                made.valid_until = days.iter().copied().find(|day| *day > read.from);
                let all: Vec<ScheduleLine> = lines.iter().map(|(_, line)| line.clone()).chain([made.clone()]).collect();
                if overlap(&all).is_some() {
                    note(&mut line, &overlapping(&made), "from");
                    continue;
                }
                lines.push((read.row, made));
            }
        }
    }
    let good = plan.errors.len() == before;
    good.then_some(Week { offered, kind, rows: lines, since }).into_iter()
}
