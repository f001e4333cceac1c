//! Texts and queries as rows of units, and reading one along the other.

use pinyin::ToPinyinMulti;

/// The longest query that is looked at, in characters without the blanks; the rest is left out.
pub const LONGEST: usize = 60;

/// What a query steps over at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unit {
    /// A Chinese character, or a letter of a script without spaces.
    Character(char),
    /// A word of Latin letters and digits, in small letters.
    Word(Box<str>),
}

/// Small letters and half-width forms; what is neither letter nor digit becomes a blank.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .map(|c| match c {
            // The full-width forms stand in the order of ASCII.
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            c => c,
        })
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
}

/// The units of a text.
pub(super) fn units(text: &str) -> Vec<Unit> {
    let (mut units, mut word) = (Vec::new(), String::new());
    for c in folded(text).chain([' ']) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            units.push(Unit::Word(std::mem::take(&mut word).into()));
        }
        if c != ' ' {
            units.push(Unit::Character(c));
        }
    }
    units
}

/// What somebody typed: the parts between blanks, folded. Without any there is nothing to look for.
pub(super) fn parts(query: &str) -> Vec<Vec<char>> {
    let mut left = LONGEST;
    let folded: String = folded(query).collect();
    let part = |part: &str| {
        let part: Vec<char> = part.chars().take(left).collect();
        left -= part.len();
        part
    };
    folded.split_whitespace().map(part).filter(|part| !part.is_empty()).collect()
}

/// The readings of a character, without tones; several of some.
fn readings(c: char) -> impl Iterator<Item = &'static str> {
    c.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain)
}

/// What a query may begin with to begin at this unit: the character and the first letters of its readings, or the first
/// letter of the word.
pub(super) fn beginnings(unit: &Unit) -> Vec<char> {
    match unit {
        Unit::Word(word) => word.chars().take(1).collect(),
        Unit::Character(c) => {
            let mut found = vec![*c];
            for first in readings(*c).filter_map(|reading| reading.chars().next()) {
                if !found.contains(&first) {
                    found.push(first);
                }
            }
            found
        }
    }
}

/// How what is left of a query goes over a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Over the whole of it, with so many characters.
    Whole(usize),
    /// It ends within it.
    Ends,
    /// By its initial, with so many characters.
    Initial(usize),
}

/// Where people have no ü they type v, and some u.
fn same(typed: char, written: char) -> bool {
    typed == written || (written == 'ü' && matches!(typed, 'v' | 'u'))
}

fn steps_over_form(form: &str, query: &[char], mut step: impl FnMut(Step)) {
    let (mut length, mut agree) = (0, 0);
    for (place, written) in form.chars().enumerate() {
        length += 1;
        if agree == place && query.get(place).is_some_and(|typed| same(*typed, written)) {
            agree += 1;
        }
    }
    if agree == length {
        step(Step::Whole(length));
    } else if agree == query.len() {
        step(Step::Ends);
    }
    if agree > 0 {
        step(Step::Initial(1));
    }
    if agree > 1 && ["zh", "ch", "sh"].iter().any(|initial| form.starts_with(initial)) {
        step(Step::Initial(2));
    }
}

fn steps(unit: &Unit, query: &[char], mut step: impl FnMut(Step)) {
    match unit {
        Unit::Word(word) => steps_over_form(word, query, step),
        Unit::Character(c) => {
            if query.first() == Some(c) {
                step(Step::Whole(1));
            }
            if query.first().is_some_and(char::is_ascii) {
                readings(*c).for_each(|reading| steps_over_form(reading, query, &mut step));
            }
        }
    }
}

/// How a query was read along some units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Read {
    /// To the end of the last of them, leaving nothing out.
    Through,
    /// Up to somewhere, leaving nothing out before.
    Into,
    /// By initials.
    Initials,
}

/// Reads a query along units from the first one on: the best way there is.
///
/// Goes over the units once and keeps the places of the query that were reached, as bits: there may be very many ways
/// through characters of several readings, but at most [`LONGEST`] places.
pub(super) fn read(units: &[Unit], query: &[char]) -> Option<Read> {
    debug_assert!(!query.is_empty() && query.len() <= LONGEST, "parts() makes no other");
    let end = 1u64 << query.len();
    let (mut fully, mut loosely) = (1u64, 0u64);
    let mut best: Option<Read> = None;
    let mut reached = |read: Read| best = Some(best.map_or(read, |best| best.min(read)));
    for (number, unit) in units.iter().enumerate() {
        let (mut next_fully, mut next_loosely) = (0u64, 0u64);
        let mut open = (fully | loosely) & !end;
        while open != 0 {
            let place = open.trailing_zeros() as usize;
            open &= open - 1;
            let here = 1u64 << place;
            let full = fully & here != 0;
            steps(unit, &query[place..], |step| match step {
                Step::Whole(length) if full => next_fully |= here << length,
                Step::Whole(length) | Step::Initial(length) => next_loosely |= here << length,
                Step::Ends => reached(if full { Read::Into } else { Read::Initials }),
            });
        }
        if next_fully & end != 0 {
            reached(if number + 1 == units.len() { Read::Through } else { Read::Into });
        }
        if next_loosely & end != 0 {
            reached(Read::Initials);
        }
        (fully, loosely) = (next_fully & !end, next_loosely & !end);
        if fully | loosely == 0 {
            break;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn along(text: &str, query: &str) -> Option<Read> {
        let query: Vec<char> = parts(query).concat();
        read(&units(text), &query)
    }

    #[test]
    fn texts_fall_into_characters_and_words() {
        let word = |text: &str| Unit::Word(text.into());
        let c = Unit::Character;
        assert_eq!(
            units("健身房A区3号 Gym-Room"),
            [c('健'), c('身'), c('房'), word("a"), c('区'), word("3"), c('号'), word("gym"), word("room")]
        );
        assert_eq!(units("ＧＹＭ　（健身）"), [word("gym"), c('健'), c('身')]);
        assert_eq!(
            parts("  Jian　ＳＨＥＮ，健 "),
            ["jian".chars().collect::<Vec<_>>(), "shen".chars().collect(), vec!['健']]
        );
        assert!(parts("。，!? \u{3000}").is_empty());
    }

    #[test]
    fn characters_are_read_by_themselves_readings_and_initials() {
        for (query, read) in [
            ("健身房", Some(Read::Through)),
            ("健身", Some(Read::Into)),
            ("健", Some(Read::Into)),
            ("身", None),
            ("jianshenfang", Some(Read::Through)),
            ("JianShen fang", Some(Read::Through)),
            ("jianshenf", Some(Read::Into)),
            ("jians", Some(Read::Into)),
            ("j", Some(Read::Into)),
            ("js", Some(Read::Initials)),
            ("jsf", Some(Read::Initials)),
            ("JSFANG", Some(Read::Initials)),
            ("jshf", Some(Read::Initials)),
            ("健shen房", Some(Read::Through)),
            ("健sf", Some(Read::Initials)),
            ("jianfang", None),
            ("jsx", None),
        ] {
            assert_eq!(along("健身房", query), read, "{query}");
        }
    }

    #[test]
    fn every_reading_of_a_character_counts() {
        assert_eq!(along("音乐", "yinyue"), Some(Read::Through));
        assert_eq!(along("音乐", "yinle"), Some(Read::Through), "乐 is yue and le");
        assert_eq!(along("重庆", "chongqing"), Some(Read::Through));
        assert_eq!(along("重庆", "zq"), Some(Read::Initials));
        for typed in ["nvxing", "nuxing", "nüxing"] {
            assert_eq!(along("女性", typed), Some(Read::Through), "{typed}");
        }
    }

    #[test]
    fn words_are_read_from_their_beginning() {
        assert_eq!(along("Reading Room", "read"), Some(Read::Into));
        assert_eq!(along("Reading Room", "reading room"), Some(Read::Through));
        assert_eq!(along("Reading Room", "rr"), Some(Read::Initials));
        assert_eq!(along("Reading Room", "ading"), None);
        assert_eq!(along("Reading Room", "readingx"), None);
    }

    #[test]
    fn the_longest_query_fits() {
        let long = "安".repeat(LONGEST + 20);
        assert_eq!(parts(&long).concat().len(), LONGEST);
        assert_eq!(along(&long, &long), Some(Read::Into), "the rest is left out");
        assert_eq!(along(&"安".repeat(LONGEST), &"an".repeat(LONGEST)), Some(Read::Into));
        assert_eq!(along(&"一".repeat(LONGEST), &"一".repeat(LONGEST)), Some(Read::Through));
    }
}
