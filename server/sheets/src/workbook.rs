//! XLSX workbooks: the first sheet.

use std::io::{Cursor, Read, sink};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use crate::{Cell, Collector, Format, Limits, Table, Unreadable};

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Table, Unreadable> {
    weigh(bytes, limits.unpacked)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    let first = book.sheet_names().first().cloned().ok_or(Unreadable::Empty)?;
    // Cell by cell: a whole range would be as large as the farthest cell says, whatever is in it.
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| Unreadable::Damaged)?;
    let mut collector = Collector::new(limits);
    let (mut row, mut begun) = (0, Vec::new());
    while let Some(record) = cells.next_cell_with_formula_metadata().map_err(|_| Unreadable::Damaged)? {
        let (at, column) = record.pos;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let cell = if record.formula.is_some() { Cell::Formula } else { cell(&record.value, limits) };
        // Rows far below with nothing in them are decoration.
        if cell.is_empty() {
            continue;
        }
        if column >= limits.columns {
            return Err(Unreadable::TooLarge);
        }
        if at != row {
            collector.add(u64::from(row) + 1, std::mem::take(&mut begun))?;
            row = at;
        }
        if begun.len() <= column {
            begun.resize(column + 1, Cell::Text(String::new()));
        }
        begun[column] = cell;
    }
    collector.add(u64::from(row) + 1, begun)?;
    collector.table(Format::Xlsx, None)
}

/// Unpacks everything into nothing first, and stops where it would be too much: what an archive says of its sizes
/// need not be true.
fn weigh(bytes: &[u8], most: u64) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Unreadable::Damaged)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut sink()).map_err(|_| Unreadable::Damaged)?;
        left = left.checked_sub(unpacked).ok_or(Unreadable::TooLarge)?;
    }
    Ok(())
}

fn cell(value: &DataRef<'_>, limits: &Limits) -> Cell {
    let text = match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            return Cell::of(text, limits);
        }
        DataRef::SharedString(text) => return Cell::of(text, limits),
        DataRef::Bool(is) => if *is { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(when) => date(when),
        DataRef::Error(_) => return Cell::Broken,
    };
    Cell::Text(text)
}

/// Days as 2026-11-24, times as 08:30, both where there are both. 24:00 is a whole day from nothing.
fn date(when: &ExcelDateTime) -> String {
    let value = when.as_f64();
    let (year, month, day, hour, minute, second, milli) = when.to_ymd_hms_milli();
    // Spreadsheets keep times as fractions: the nearest minute is meant.
    let minutes =
        u32::from(hour) * 60 + u32::from(minute) + u32::from(u32::from(second) * 1000 + u32::from(milli) >= 30_000);
    let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    if (value - 1.0).abs() < 1e-6 {
        "24:00".to_owned()
    } else if value < 1.0 {
        time
    } else if minutes == 0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {time}")
    }
}
