use std::io::Write;

use encoding_rs::{GB18030, UTF_16LE};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook};
use zip::write::SimpleFileOptions;

use super::*;

const LIMITS: Limits = Limits { rows: 5_000, columns: 30, cell: 500, unpacked: 64 << 20 };

const TEXT: &str = "编号,名称\nclinic,水月寺卫生站\n";

fn texts(table: &Table) -> Vec<Vec<&str>> {
    fn plain(cell: &Cell) -> &str {
        if let Cell::Text(text) = cell { text } else { "" }
    }
    let text =
        |cell: &'_ Cell| -> Option<String> { if let Cell::Text(text) = cell { Some(text.clone()) } else { None } };
    assert!(table.rows.iter().flat_map(|row| &row.cells).all(|cell| text(cell).is_some()));
    table.rows.iter().map(|row| row.cells.iter().map(plain).collect()).collect()
}

#[test]
fn the_encodings_people_have() {
    let utf16 = [&[0xFF, 0xFE][..], &TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat();
    let utf16_big = [&[0xFE, 0xFF][..], &TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>()].concat();
    let marked = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
    for (bytes, encoding) in [
        (TEXT.as_bytes().to_vec(), Encoding::Utf8),
        (marked, Encoding::Utf8),
        (GB18030.encode(TEXT).0.into_owned(), Encoding::Gb18030),
        (utf16, Encoding::Utf16),
        (utf16_big, Encoding::Utf16),
    ] {
        let table = read(&bytes, &LIMITS).unwrap();
        assert_eq!((table.format, table.encoding), (Format::Csv, Some(encoding)));
        assert_eq!(table.heading, ["编号", "名称"], "{encoding:?}");
        assert_eq!(texts(&table), [["clinic", "水月寺卫生站"]]);
    }
}

#[test]
fn rows_have_the_numbers_the_spreadsheet_shows_whatever_ends_a_line() {
    for end in ["\n", "\r\n", "\r"] {
        let table = read(["a,b", "1,2", "3,4", "5,6", ""].join(end).as_bytes(), &LIMITS).unwrap();
        assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3, 4], "{end:?}");
    }
}

#[test]
fn whatever_is_no_text_is_refused_and_not_guessed() {
    let unmarked: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin = b"name\ncaf\xE9,cr\xE8me\n".to_vec();
    let cut = &GB18030.encode(TEXT).0[..GB18030.encode(TEXT).0.len() - 2];
    let odd_utf16 = [&[0xFF, 0xFE][..], &UTF_16LE.output_encoding().encode("a").0, &[0xD8]].concat();
    for bytes in [
        unmarked,
        latin,
        b"\xFF\xFE\x00\xD8".to_vec(),
        odd_utf16,
        b"a,b\n\0,1\n".to_vec(),
        b"%PDF-1.7\n\x89\xFF\xFF".to_vec(),
    ] {
        assert_eq!(read(&bytes, &LIMITS), Err(Unreadable::Encoding), "{bytes:?}");
    }
    assert_eq!(read(cut, &LIMITS), Err(Unreadable::Encoding), "half a character at the end");
    assert_eq!(read(&[0xD0, 0xCF, 0x11, 0xE0, 1, 2], &LIMITS), Err(Unreadable::OldWorkbook));
    assert_eq!(read(b"PK\x03\x04 and then nothing", &LIMITS), Err(Unreadable::Damaged));
    for nothing in [&b""[..], b"\n\n", b"\xEF\xBB\xBF", b",,,\n,,\n"] {
        assert_eq!(read(nothing, &LIMITS), Err(Unreadable::Empty));
    }
}

#[test]
fn a_million_rows_are_refused_where_the_limit_is() {
    let bytes: Vec<u8> = b"a,b\n".iter().copied().cycle().take(4 * 1_000_000).collect();
    assert_eq!(read(&bytes, &LIMITS), Err(Unreadable::TooLarge));
    // As many as allowed are read, each with its number.
    let table = read(&bytes[..4 * 5_001], &LIMITS).unwrap();
    assert_eq!((table.rows.len(), table.rows[4_999].number), (5_000, 5_001));
    let wide = format!("{}\n", "x,".repeat(31));
    assert_eq!(read(format!("{wide}{}", "1,".repeat(30) + "1").as_bytes(), &LIMITS), Err(Unreadable::TooLarge));
}

#[test]
fn quotes_breaks_and_blank_lines() {
    let table = read("a;b\n\n \"x\";\"two\nlines\"\n;;\n1;2\n".as_bytes(), &LIMITS).unwrap();
    assert_eq!(texts(&table)[1], ["1", "2"]);
    assert_eq!(table.rows[1].number, 6, "the line it begins on");
    let table = read(b"a,b\n=1+1,\"=HYPERLINK(\"\"x\"\")\"\n", &LIMITS).unwrap();
    assert_eq!(texts(&table), [["=1+1", "=HYPERLINK(\"x\")"]], "a text stays a text");
    let long = format!("a\n{}\n", "长".repeat(501));
    assert_eq!(read(long.as_bytes(), &LIMITS).unwrap().rows[0].cells, [Cell::TooLong]);
}

fn book(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

#[test]
fn workbooks_as_people_make_them() {
    let bytes = book(|page| {
        let (time, day) = (Style::new().set_num_format("hh:mm"), Style::new().set_num_format("yyyy-mm-dd"));
        for (column, name) in (0u16..).zip(["编号", "从", "日期", "名额"]) {
            page.write(0, column, name).unwrap();
        }
        page.write(2, 0, " clinic ").unwrap();
        page.write_with_format(2, 1, ExcelDateTime::from_hms(8, 30, 0).unwrap(), &time).unwrap();
        page.write_with_format(2, 2, ExcelDateTime::from_ymd(2026, 11, 24).unwrap(), &day).unwrap();
        page.write(2, 3, 12).unwrap();
        page.write_formula(3, 3, Formula::new("=6*2").set_result("12")).unwrap();
    });
    let table = read(&bytes, &LIMITS).unwrap();
    assert_eq!((table.format, table.encoding), (Format::Xlsx, None));
    assert_eq!(table.heading, ["编号", "从", "日期", "名额"]);
    let row = |texts: [&str; 4]| texts.map(|text| Cell::Text(text.to_owned())).to_vec();
    assert_eq!(table.rows[0], Row { number: 3, cells: row(["clinic", "08:30", "2026-11-24", "12"]) });
    assert_eq!(table.rows[1].cells[3], Cell::Formula, "its last result is not believed");
}

#[test]
fn a_cell_far_away_costs_nothing() {
    let far = book(|page| {
        page.write(0, 0, "a").unwrap();
        page.write(1_048_575, 0, "z").unwrap();
    });
    assert_eq!(read(&far, &LIMITS).unwrap().rows, [Row { number: 1_048_576, cells: vec![Cell::Text("z".into())] }]);
    let wide = book(|page| {
        page.write(0, 16_383, "z").unwrap();
    });
    assert_eq!(read(&wide, &LIMITS), Err(Unreadable::TooLarge));
    let many = book(|page| {
        for row in 0..5_002 {
            page.write(row, 0, 1).unwrap();
        }
    });
    assert_eq!(read(&many, &LIMITS), Err(Unreadable::TooLarge));
}

#[test]
fn an_archive_that_swells_is_refused_before_it_is_unpacked() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
    for _ in 0..65 {
        archive.write_all(&[b' '; 1 << 20]).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20, "small outside: {}", bytes.len());
    assert_eq!(read(&bytes, &LIMITS), Err(Unreadable::TooLarge));
}

#[test]
fn what_goes_out_is_never_carried_out() {
    for risky in ["=1+1", "+86 199", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "　=1"] {
        assert_eq!(harmless(risky), format!("'{risky}"));
    }
    for plain in ["", "08:30", "林一", "a=b", "1-2"] {
        assert_eq!(harmless(plain), plain);
    }
}

fn sheet(rows: Vec<Vec<String>>) -> Sheet {
    Sheet { name: "表".into(), heading: vec!["甲".into(), "b".into()], rows }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_written_is_read_again(rows in prop::collection::vec(prop::collection::vec("[ -~一-龥]{1,20}x", 2), 0..20)) {
        // Blanks at the ends are cut, and what looks like a formula is written with an apostrophe.
        let meant: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|text| harmless(text).trim().to_owned()).collect()).collect();
        for bytes in [to_csv(&sheet(rows.clone())), to_xlsx(&[sheet(rows.clone())]).unwrap()] {
            let table = read(&bytes, &LIMITS).unwrap();
            prop_assert_eq!(&table.heading, &["甲", "b"]);
            let found: Vec<Vec<String>> = texts(&table).iter().map(|row| row.iter().map(|t| (*t).to_owned()).collect()).collect();
            prop_assert_eq!(&found, &meant);
        }
    }

    #[test]
    fn no_bytes_bring_the_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, &LIMITS);
        let _ = read(&[b"PK\x03\x04", &bytes[..]].concat(), &LIMITS);
    }
}
