use linli_domain::hours::plain;
use linli_domain::slot::ScheduleLine;
use linli_domain::time::{Day, TimeOfDay};
use linli_sheets::{Sheet, to_csv, to_xlsx};
use proptest::prelude::*;

use super::*;
use crate::imports::cells::{Line, weekdays};

/// Reads the rows of one offering as its week, the way an import does.
fn read(bytes: &[u8]) -> Vec<ScheduleLine> {
    let table = linli_sheets::read(bytes, &LIMITS).unwrap();
    let placed = columns::place(&table.heading, columns::of(What::Schedules)).unwrap();
    let mut errors = Vec::new();
    let mut lines: Vec<ScheduleLine> = table
        .rows
        .iter()
        .map(|row| {
            let mut line = Line::new(row, &placed, &mut errors);
            let days = line.read("weekdays", weekdays, "", "").unwrap();
            ScheduleLine {
                weekdays: days.iter().fold(0, |all, number| all | 1 << (number - 1)),
                from: line.time("from").unwrap(),
                to: line.time("to").unwrap(),
                slot_minutes: line.small("slot_minutes").unwrap(),
                capacity: line.number("capacity").unwrap(),
                valid_from: line.day("valid_from").unwrap(),
                valid_until: None,
            }
        })
        .collect();
    assert_eq!(errors, []);
    let mut days: Vec<Day> = lines.iter().map(|line| line.valid_from).collect();
    days.sort();
    for line in &mut lines {
        line.valid_until = days.iter().copied().find(|day| *day > line.valid_from);
    }
    lines
}

fn weeks() -> impl Strategy<Value = Vec<ScheduleLine>> {
    // Two periods, each with lines of its own.
    let line = (1u8..=127, 0u16..1380, 5u16..=60, 1u32..=500);
    let period = prop::collection::vec(line, 1..8);
    (period.clone(), period, 1i32..60).prop_map(|(first, second, after)| {
        let (start, change) = (Day(20_000), Day(20_000 + after));
        let of = |lines: Vec<(u8, u16, u16, u32)>, valid_from, valid_until| {
            lines.into_iter().map(move |(weekdays, from, minutes, capacity)| ScheduleLine {
                weekdays,
                from: TimeOfDay(from),
                to: TimeOfDay((from + minutes).min(1440)),
                slot_minutes: minutes,
                capacity,
                valid_from,
                valid_until,
            })
        };
        of(first, start, Some(change)).chain(of(second, change, None)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn hours_that_are_saved_and_brought_back_are_the_same(lines in weeks()) {
        let today = Day(20_000);
        let heading = columns::of(What::Schedules).iter().map(|column| column.zh.to_owned()).collect();
        let sheet = Sheet { name: "t".into(), heading, rows: template::week("clinic", &lines, today) };
        for bytes in [to_csv(&sheet), to_xlsx(std::slice::from_ref(&sheet)).unwrap()] {
            prop_assert_eq!(plain(&read(&bytes), today), plain(&lines, today));
        }
    }
}

#[test]
fn mistakes_are_counted_by_row_and_cut_short() {
    let csv: String = std::iter::once("服务编号,星期,开始,结束\n".to_owned())
        .chain((0..300).map(|_| "x,8,25:00,9\n".to_owned()))
        .collect();
    let table = linli_sheets::read(csv.as_bytes(), &LIMITS).unwrap();
    let placed = columns::place(&table.heading, columns::of(What::Schedules)).unwrap();
    let mut plan = Plan::default();
    for row in &table.rows {
        let mut line = Line::new(row, &placed, &mut plan.errors);
        line.read("weekdays", weekdays, "", "");
        line.time("from");
    }
    let wanted = Wanted { what: What::Schedules, organisation: OrganisationId(1), dry_run: true, keep_orders: false };
    let report = report(&wanted, &table, plan);
    assert_eq!((report.rows, report.good, report.applied), (300, 0, false));
    assert_eq!((report.errors.len(), report.more_errors), (200, 400));
    let first = &report.errors[0];
    assert_eq!((first.row, first.column.as_deref(), first.value.as_deref()), (2, Some("星期"), Some("8")));
}
