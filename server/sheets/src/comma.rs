//! Comma-separated lines.

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

use crate::{Cell, Collector, Encoding, Format, Limits, Table, Unreadable};

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Table, Unreadable> {
    let (text, encoding) = decode(bytes)?;
    // Line ends of two characters would be counted when the next line begins: every row would be called by the number
    // of the one above.
    let text = if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut collector = Collector::new(limits);
    // One record in memory at a time: the reader stops where the limit does.
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| Unreadable::Encoding)? {
        if record.len() > limits.columns.saturating_mul(4) {
            return Err(Unreadable::TooLarge);
        }
        let number = record.position().map_or(0, csv::Position::line);
        // A text that begins like a formula is a text: nothing here calculates.
        collector.add(number, record.iter().map(|text| Cell::of(text, limits)).collect())?;
    }
    collector.table(Format::Csv, Some(encoding))
}

/// A text in one of the encodings spreadsheets write here. Whatever fits none of them is refused rather than guessed.
fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Unreadable> {
    let (encoding, named, body) = match bytes {
        [0xEF, 0xBB, 0xBF, body @ ..] => (UTF_8, Encoding::Utf8, body),
        [0xFF, 0xFE, body @ ..] => (UTF_16LE, Encoding::Utf16, body),
        [0xFE, 0xFF, body @ ..] => (UTF_16BE, Encoding::Utf16, body),
        body if std::str::from_utf8(body).is_ok() => (UTF_8, Encoding::Utf8, body),
        body => (GB18030, Encoding::Gb18030, body),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(body).ok_or(Unreadable::Encoding)?;
    let strange = |c: char| {
        (c.is_control() && !matches!(c, '\t' | '\r' | '\n')) || matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}')
    };
    if text.contains(strange) { Err(Unreadable::Encoding) } else { Ok((text, named)) }
}

/// Commas, unless the heading has only tabs or semicolons: some spreadsheets write those.
fn delimiter(text: &str) -> u8 {
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let other = [b'\t', b';'].into_iter().find(|sign| heading.as_bytes().contains(sign));
    if heading.contains(',') { b',' } else { other.unwrap_or(b',') }
}
