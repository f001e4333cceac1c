//! Tables in files: CSV in the encodings people have, and XLSX. What comes in is bounded before it is believed, what
//! goes out can be opened in a spreadsheet without anything in it being carried out.
//!
//! Nothing here knows what a table is about: a [`Table`] is a heading and rows of texts with their numbers.

mod comma;
mod workbook;
mod write;

pub use write::{Sheet, harmless, to_csv, to_xlsx};

/// How large a table may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows under the heading.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Characters of one cell.
    pub cell: usize,
    /// Bytes of a workbook once it is unpacked.
    pub unpacked: u64,
}

/// What a file was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated lines.
    Csv,
    /// A workbook (ECMA-376).
    Xlsx,
}

/// How a text was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// GB 18030, and with it GBK and GB 2312.
    Gb18030,
    /// UTF-16 with its mark.
    Utf16,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text; blanks around it are cut off. Empty where there is nothing.
    Text(String),
    /// Something that would have to be calculated: never done.
    Formula,
    /// A text longer than allowed.
    TooLong,
    /// An error of the spreadsheet, such as `#REF!`.
    Broken,
}

/// One row under the heading that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number as the spreadsheet shows it, from 1; of a CSV, the line it begins on.
    pub number: u64,
    /// Its cells; trailing empty ones may be missing.
    pub cells: Vec<Cell>,
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it came from.
    pub format: Format,
    /// How its text was encoded; a workbook says so itself.
    pub encoding: Option<Encoding>,
    /// The names of the columns, of the first row that is not empty.
    pub heading: Vec<String>,
    /// The rows under it.
    pub rows: Vec<Row>,
}

/// Why a file cannot be read as a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// More rows, more columns, or more when unpacked than allowed.
    #[error("the table is too large")]
    TooLarge,
    /// No text in an encoding that is understood.
    #[error("the text is in no encoding that is understood")]
    Encoding,
    /// A workbook of the time before XLSX, or one with a password.
    #[error("the workbook is of an old kind, or has a password")]
    OldWorkbook,
    /// A workbook that is damaged, or another archive.
    #[error("the workbook is damaged")]
    Damaged,
    /// Not even a heading.
    #[error("there is no heading")]
    Empty,
}

/// Reads a table. What the file is follows from its content, whatever it is called.
///
/// # Errors
/// [`Unreadable`].
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Table, Unreadable> {
    // The signatures of a ZIP archive and of a compound file.
    if bytes.starts_with(b"PK\x03\x04") {
        workbook::read(bytes, limits)
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        Err(Unreadable::OldWorkbook)
    } else {
        comma::read(bytes, limits)
    }
}

impl Cell {
    fn of(text: &str, limits: &Limits) -> Self {
        let text = text.trim();
        if text.chars().nth(limits.cell).is_some() { Self::TooLong } else { Self::Text(text.to_owned()) }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}

/// Puts rows together as they come, and stops at the first that is too many.
struct Collector<'a> {
    limits: &'a Limits,
    heading: Option<Vec<String>>,
    rows: Vec<Row>,
}

impl<'a> Collector<'a> {
    const fn new(limits: &'a Limits) -> Self {
        Self { limits, heading: None, rows: Vec::new() }
    }

    fn add(&mut self, number: u64, mut cells: Vec<Cell>) -> Result<(), Unreadable> {
        while cells.last().is_some_and(Cell::is_empty) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        if cells.len() > self.limits.columns || self.rows.len() >= self.limits.rows {
            return Err(Unreadable::TooLarge);
        }
        if self.heading.is_some() {
            self.rows.push(Row { number, cells });
        } else {
            let name = |cell: Cell| if let Cell::Text(text) = cell { text } else { String::new() };
            self.heading = Some(cells.into_iter().map(name).collect());
        }
        Ok(())
    }

    fn table(self, format: Format, encoding: Option<Encoding>) -> Result<Table, Unreadable> {
        let heading = self.heading.ok_or(Unreadable::Empty)?;
        Ok(Table { format, encoding, heading, rows: self.rows })
    }
}

#[cfg(test)]
mod tests;
