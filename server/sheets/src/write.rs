//! Tables going out.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// One sheet of a workbook.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// What its tab says, at most 31 characters without `[]:*?/\`.
    pub name: String,
    /// The names of the columns.
    pub heading: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// A text that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front, which
/// spreadsheets show as a text.
pub fn harmless(text: &str) -> String {
    let risky =
        text.trim_start_matches([' ', '\u{3000}', '\u{A0}']).starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if risky { format!("'{text}") } else { text.to_owned() }
}

/// A heading and rows as CSV in UTF-8 with the mark by which spreadsheets know it (RFC 4180).
pub fn to_csv(sheet: &Sheet) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    for row in std::iter::once(&sheet.heading).chain(&sheet.rows) {
        writer.write_record(row.iter().map(|text| harmless(text))).expect("memory takes every record");
    }
    writer.into_inner().expect("memory is always flushed")
}

/// A workbook of these sheets. Every cell is a text.
///
/// # Errors
/// The library's, for names of sheets or texts longer than a workbook holds.
pub fn to_xlsx(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (bold, plain) = (Format::new().set_bold(), Format::new().set_num_format("@").set_text_wrap());
    for sheet in sheets {
        let page = book.add_worksheet().set_name(&sheet.name)?;
        page.set_freeze_panes(1, 0)?;
        for (column, name) in (0u16..).zip(&sheet.heading) {
            page.set_column_format(column, &Format::new().set_num_format("@"))?;
            page.set_column_width(column, width(column.into(), sheet))?;
            page.write_string_with_format(0, column, harmless(name), &bold)?;
        }
        for (row, texts) in (1u32..).zip(&sheet.rows) {
            for (column, text) in (0u16..).zip(texts) {
                page.write_string_with_format(row, column, harmless(text), &plain)?;
            }
        }
    }
    book.save_to_buffer()
}

/// As wide as the longest of the first lines, where a Chinese character takes two places.
fn width(column: usize, sheet: &Sheet) -> f64 {
    let cells = std::iter::once(&sheet.heading).chain(sheet.rows.iter().take(50)).filter_map(|row| row.get(column));
    let places = |text: &String| text.chars().map(|c| if c.is_ascii() { 1u32 } else { 2 }).sum::<u32>();
    f64::from(cells.map(places).max().unwrap_or(0).clamp(8, 60) + 2)
}
