//! Which one thing a report is about: the same lift reported twice is one job.
//!
//! People write the same entrance as `3号楼1单元`, `3-1`, `三栋一单元` or `building 3, entrance 1`. [`name`] makes one name of
//! them; [`keys`] joins it with the kind and the compound. Outside compounds the place tells things apart: two reports
//! of the same name less than [`NEAR`] metres from each other are about the same thing. Its open visit holds the only
//! place of the pool of its key, so that of two reports made at once one becomes the job, and the other follows it.

use crate::geo::Wgs84;
use crate::id::CompoundId;
use crate::platform::KindKey;

/// How far from each other two reports of one thing may lie where no compound holds them, in metres.
pub const NEAR: f64 = 60.0;

/// The longest name that is told apart, in characters.
const LONGEST: usize = 40;

/// Words that say what sort of thing a number is: they part numbers, and are left out.
const SORTS: &[&str] = &[
    "号楼", "号院", "楼栋", "栋", "幢", "楼", "座", "单元", "梯位", "电梯", "号", "第", "的", "那部", "这部", "部",
    "侧", "边", "门",
];

/// English words that are left out.
const WORDS: &[&str] = &[
    "building", "bldg", "block", "entrance", "unit", "no", "number", "the", "lift", "elevator", "of", "in", "at",
    "and", "door",
];

/// The name of a thing, the same however it is written; empty where nothing tells it apart.
pub fn name(written: &str) -> String {
    let mut text: String = written.chars().map(half_width).flat_map(char::to_lowercase).collect();
    for sort in SORTS {
        text = text.replace(sort, " ");
    }
    let mut pieces: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !WORDS.contains(word)) {
        // Digits, Chinese numerals and other characters are pieces of their own: 3东 is 3 and 东.
        let mut run = String::new();
        let mut last = None;
        for c in word.chars() {
            let sort = sort_of(c);
            if last.is_some_and(|last| last != sort) {
                pieces.push(std::mem::take(&mut run));
            }
            run.push(c);
            last = Some(sort);
        }
        pieces.push(run);
    }
    let pieces: Vec<String> = pieces.iter().map(|piece| plain(piece)).collect();
    pieces.join("-").chars().take(LONGEST).collect()
}

/// What one thing goes by: the pool of one place that its open visit holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Its own key.
    pub own: String,
    /// The keys things of the same name have next to it, where no compound holds it: what lies near enough under one of
    /// them is the same thing. There is one border less to fall over than cells have.
    pub around: Vec<String>,
}

/// The keys of a thing of a kind. Without a compound the place is a cell [`NEAR`] metres wide.
pub fn keys(kind: &KindKey, compound: Option<CompoundId>, at: Wgs84, written: &str) -> Keys {
    let name = name(written);
    let key = |place: &str| format!("{kind}/{place}/{name}");
    if let Some(compound) = compound {
        return Keys { own: key(&compound.to_string()), around: Vec::new() };
    }
    let (row, column) = cell(at, 0);
    let around = (-1..=1)
        .flat_map(|up| (-1..=1).map(move |right| (up, right)))
        .filter(|(up, right)| (*up, *right) != (0, 0))
        .map(|(up, right)| {
            let (row, column) = cell(at, up);
            key(&format!("{row}.{}", column + right))
        })
        .collect();
    Keys { own: key(&format!("{row}.{column}")), around }
}

/// The row and column of a point in the row so many above its own. Rows are as high as [`NEAR`]; columns are as wide,
/// by the latitude of their row.
fn cell(at: Wgs84, up: i32) -> (i32, i32) {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    let high = NEAR / METRES_PER_DEGREE;
    #[expect(clippy::cast_possible_truncation, reason = "there are less than a million cells around the Earth")]
    let floor = |value: f64| value.floor() as i32;
    let row = floor(at.latitude / high) + up;
    let wide = high / (f64::from(row) * high).to_radians().cos().max(0.01);
    (row, floor(at.longitude / wide))
}

/// Whether another report under one of the keys [`Keys::around`] is about the same thing.
pub fn is_near(one: Wgs84, other: Wgs84) -> bool {
    one.distance(other) <= NEAR
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Sort {
    Digit,
    Numeral,
    Other,
}

fn sort_of(c: char) -> Sort {
    match c {
        '0'..='9' => Sort::Digit,
        c if numeral(c).is_some() || c == '十' => Sort::Numeral,
        _ => Sort::Other,
    }
}

fn numeral(c: char) -> Option<u32> {
    "零一二三四五六七八九".chars().zip(0..).find(|(known, _)| *known == c).map(|(_, value)| value).or(match c {
        '〇' => Some(0),
        '两' => Some(2),
        _ => None,
    })
}

/// A number without leading zeros, Chinese numerals up to 99 among them; anything else as it is.
fn plain(piece: &str) -> String {
    if piece.bytes().all(|b| b.is_ascii_digit()) {
        let short = piece.trim_start_matches('0');
        return if short.is_empty() { "0".to_owned() } else { short.to_owned() };
    }
    match piece.split_once('十') {
        Some((tens, ones)) if !ones.contains('十') => {
            let digit = |text: &str, none: u32| match text.chars().collect::<Vec<_>>()[..] {
                [] => Some(none),
                [c] => numeral(c),
                _ => None,
            };
            match digit(tens, 1).zip(digit(ones, 0)) {
                Some((tens, ones)) => (tens * 10 + ones).to_string(),
                None => piece.to_owned(),
            }
        }
        _ => {
            let digits: Option<String> =
                piece.chars().map(|c| numeral(c).and_then(|value| char::from_digit(value, 10))).collect();
            digits.unwrap_or_else(|| piece.to_owned())
        }
    }
}

/// The full-width forms stand in the order of ASCII.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_entrance_has_one_name_however_it_is_written() {
        for (name_of_it, writings) in [
            (
                "3-1",
                &[
                    "3号楼1单元",
                    "3-1",
                    "３－１",
                    "三号楼一单元",
                    "3栋1单元的电梯",
                    "第3幢 1单元",
                    "3#1",
                    "03-01",
                    "building 3, entrance 1",
                    "Bldg. 3 unit 1",
                    "the lift of building 3, entrance 1",
                    "3楼1门",
                ][..],
            ),
            ("12-2-东", &["12号楼2单元东侧电梯", "十二号楼二单元东边", "12-2东", "12-2 东门"]),
            ("a-3", &["A座3单元", "a-3", "Ａ座 三单元"]),
            ("20", &["二十号楼", "20", "二〇号"]),
            ("", &["", "电梯", "  ", "the lift"]),
        ] {
            for writing in writings {
                assert_eq!(name(writing), name_of_it, "{writing}");
            }
        }
        assert_ne!(name("3号楼1单元"), name("1号楼3单元"));
        assert_ne!(name("31"), name("3-1"));
        assert_ne!(name("3-1"), name("3-11"));
        assert_ne!(name("十一号楼"), name("一号楼一单元"));
    }

    #[test]
    fn outside_compounds_the_place_tells_things_apart() {
        let kind: KindKey = "property.lift".parse().unwrap();
        let here = Wgs84::new(38.32, 116.85).unwrap();
        let of = |at: Wgs84| keys(&kind, None, at, "3");
        let compound = keys(&kind, Some(CompoundId(7)), here, "三号楼");
        assert_eq!(compound, Keys { own: format!("property.lift/{}/3", CompoundId(7)), around: Vec::new() });
        assert_eq!(compound, keys(&kind, Some(CompoundId(7)), here.moved(300.0, 0.0), "3#"));
        for step in 0..400 {
            let angle = f64::from(step) * 0.7;
            let from = here.moved(f64::from(step) * 7.3, f64::from(step) * 11.9);
            // Whatever is near is found under one of the keys; what is not near is never the same cell.
            let near = from.moved(59.0 * angle.sin(), 59.0 * angle.cos());
            let (mine, theirs) = (of(from), of(near));
            assert!(mine.own == theirs.own || mine.around.contains(&theirs.own), "{from:?} {near:?}");
            assert!(is_near(from, near));
            let far = from.moved(90.0 * angle.sin(), 90.0 * angle.cos());
            assert!(of(far).own != mine.own && !is_near(from, far));
            assert_eq!(mine.around.len(), 8);
        }
    }
}
