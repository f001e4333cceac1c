//! Words that sound like an emergency, and whom to call first.
//!
//! A text is read as characters and words, in sentences and their parts; [`Signs`] are patterns over them, read from
//! `server/data/emergency.toml`, which says what each list means. Nothing here decides anything: whoever reads the
//! numbers may go on with what they were writing.

use serde::Deserialize;

use crate::words::Words;

/// The longest text that is looked at, in characters; the rest is left out.
pub const LONGEST: usize = 2_000;

/// How many characters or words may lie where a pattern has `..`.
const GAP: usize = 4;

/// How much an alarm says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// It may happen, or happened lately: whoever is in danger should call.
    Perhaps,
    /// It happens now: call first.
    Now,
}

impl Urgency {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Perhaps => "perhaps",
            Self::Now => "now",
        }
    }
}

/// A number to call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// As it is dialled.
    pub number: String,
    /// Who answers.
    pub words: Words,
}

/// What a text sounds like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm<'a> {
    /// Whether it happens now.
    pub urgency: Urgency,
    /// Whom to call, the first one first.
    pub numbers: Vec<&'a Number>,
    /// What to do.
    pub words: &'a Words,
    /// The keys of the signs found.
    pub signs: Vec<&'a str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    quiet: Vec<String>,
    past: Vec<String>,
    recent: Vec<String>,
    now: Vec<String>,
    not: Vec<String>,
    really: Vec<String>,
    might: Vec<String>,
    risk: Vec<String>,
    milder: Words,
    numbers: Vec<Number>,
    signs: Vec<FileSign>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSign {
    key: String,
    numbers: Vec<String>,
    words: Words,
    patterns: Vec<String>,
}

/// The signs of emergencies.
#[derive(Debug)]
pub struct Signs {
    quiet: Vec<Pattern>,
    past: Vec<Pattern>,
    recent: Vec<Pattern>,
    now: Vec<Pattern>,
    not: Vec<Pattern>,
    really: Vec<Pattern>,
    might: Vec<Pattern>,
    risk: Vec<Pattern>,
    milder: Words,
    numbers: Vec<Number>,
    signs: Vec<Sign>,
}

#[derive(Debug)]
struct Sign {
    key: String,
    /// Places in [`Signs::numbers`].
    numbers: Vec<usize>,
    words: Words,
    patterns: Vec<Pattern>,
}

/// Why a file of signs cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadSigns {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(#[from] toml::de::Error),
    /// A pattern of nothing, or one that begins or ends with a gap.
    #[error("`{0}` is no pattern")]
    NoPattern(String),
    /// A sign has a number that is not among the numbers.
    #[error("the sign `{0}` names a number that is not listed")]
    UnknownNumber(String),
}

impl Signs {
    /// Reads a file of signs.
    ///
    /// # Errors
    /// [`BadSigns`].
    pub fn parse(text: &str) -> Result<Self, BadSigns> {
        let file: File = toml::from_str(text)?;
        let numbers = file.numbers;
        let place = |sign: &str, wanted: &String| {
            let found = numbers.iter().position(|one| one.number == *wanted);
            found.ok_or_else(|| BadSigns::UnknownNumber(sign.to_owned()))
        };
        let signs = file
            .signs
            .into_iter()
            .map(|sign| {
                Ok(Sign {
                    numbers: sign.numbers.iter().map(|number| place(&sign.key, number)).collect::<Result<_, _>>()?,
                    patterns: patterns(&sign.patterns)?,
                    key: sign.key,
                    words: sign.words,
                })
            })
            .collect::<Result<_, BadSigns>>()?;
        Ok(Self {
            quiet: patterns(&file.quiet)?,
            past: patterns(&file.past)?,
            recent: patterns(&file.recent)?,
            now: patterns(&file.now)?,
            not: patterns(&file.not)?,
            really: patterns(&file.really)?,
            might: patterns(&file.might)?,
            risk: patterns(&file.risk)?,
            milder: file.milder,
            numbers,
            signs,
        })
    }

    /// What a text sounds like; none where nothing in it sounds like an emergency.
    pub fn find(&self, text: &str) -> Option<Alarm<'_>> {
        let text = Text::read(text);
        let hidden: Vec<Found> = self.quiet.iter().flat_map(|quiet| text.all(quiet)).collect();
        let mut heard: Vec<(Urgency, &Sign)> = Vec::new();
        for sign in &self.signs {
            let found = sign.patterns.iter().flat_map(|pattern| text.all(pattern));
            let urgency = found
                .filter(|found| !hidden.iter().any(|quiet| found.lies_in(*quiet)))
                .filter_map(|found| self.urgency(&text, found))
                .max();
            heard.extend(urgency.map(|urgency| (urgency, sign)));
        }
        // What happens now goes before what may happen; the file's order decides otherwise.
        heard.sort_by_key(|(urgency, _)| std::cmp::Reverse(*urgency));
        let (urgency, first) = *heard.first()?;
        heard.retain(|(of, _)| *of == urgency);
        let mut numbers: Vec<usize> = Vec::new();
        for number in heard.iter().flat_map(|(_, sign)| &sign.numbers) {
            if !numbers.contains(number) {
                numbers.push(*number);
            }
        }
        Some(Alarm {
            urgency,
            numbers: numbers.into_iter().map(|at| &self.numbers[at]).collect(),
            words: if urgency == Urgency::Now { &first.words } else { &self.milder },
            signs: heard.iter().map(|(_, sign)| sign.key.as_str()).collect(),
        })
    }

    /// How urgent a sign is by what stands around it; none where it is denied, or long ago.
    fn urgency(&self, text: &Text, found: Found) -> Option<Urgency> {
        let asked = text.ends_before(&self.really, found, 0);
        if !asked && text.ends_before(&self.not, found, 1) {
            return None;
        }
        let clause = text.clause_of(found.from);
        let there = |list: &[Pattern]| list.iter().flat_map(|pattern| text.all(pattern)).any(|at| at.lies_in(clause));
        let now = there(&self.now);
        if !now && there(&self.past) {
            return None;
        }
        let milder = (!now && there(&self.recent))
            || text.ends_before(&self.might, found, 1)
            || self.risk.iter().any(|pattern| text.begins_at(pattern, found.to));
        Some(if milder { Urgency::Perhaps } else { Urgency::Now })
    }
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// A character of a script without spaces.
    Character(char),
    /// A word of letters and digits, in small letters, without apostrophes.
    Word(String),
}

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// This piece.
    Is(Piece),
    /// A word that begins so.
    Begins(String),
    /// A few pieces, or none.
    Gap,
}

type Pattern = Vec<Part>;

fn patterns(written: &[String]) -> Result<Vec<Pattern>, BadSigns> {
    written.iter().map(|text| pattern(text).ok_or_else(|| BadSigns::NoPattern(text.clone()))).collect()
}

fn pattern(written: &str) -> Option<Pattern> {
    let mut parts = Vec::new();
    for word in written.split_whitespace() {
        if word == ".." {
            parts.push(Part::Gap);
        } else if let Some(beginning) = word.strip_suffix('*') {
            match Text::read(beginning).pieces.as_slice() {
                [Piece::Word(word)] => parts.push(Part::Begins(word.clone())),
                _ => return None,
            }
        } else {
            parts.extend(Text::read(word).pieces.into_iter().map(Part::Is));
        }
    }
    let framed = parts.first().is_some_and(|part| *part != Part::Gap) && parts.last() != Some(&Part::Gap);
    framed.then_some(parts)
}

/// Pieces from the first to the one before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    from: usize,
    to: usize,
}

impl Found {
    fn lies_in(self, other: Self) -> bool {
        other.from <= self.from && self.to <= other.to
    }
}

/// A text in pieces.
#[derive(Debug, Default)]
struct Text {
    pieces: Vec<Piece>,
    /// The sentence of each piece, and the part of it.
    places: Vec<(u16, u16)>,
}

impl Text {
    fn read(text: &str) -> Self {
        let mut read = Self::default();
        let (mut word, mut sentence, mut part) = (String::new(), 0, 0);
        for c in text.chars().take(LONGEST).map(half_width).flat_map(char::to_lowercase).chain([' ']) {
            if c.is_ascii_alphanumeric() || (c.is_alphanumeric() && !word.is_empty() && !is_character(c)) {
                word.push(c);
                continue;
            }
            if matches!(c, '\'' | '’' | '‘') {
                continue;
            }
            if !word.is_empty() {
                read.push(Piece::Word(std::mem::take(&mut word)), (sentence, part));
            }
            match c {
                '.' | '。' | '!' | '?' | ';' | '\n' | '…' => sentence += 1,
                ',' | '、' | ':' | '，' => part += 1,
                c if c.is_alphanumeric() => read.push(Piece::Character(c), (sentence, part)),
                _ => {}
            }
        }
        read
    }

    fn push(&mut self, piece: Piece, place: (u16, u16)) {
        self.pieces.push(piece);
        self.places.push(place);
    }

    /// Every place where a pattern is found.
    fn all<'a>(&'a self, pattern: &'a [Part]) -> impl Iterator<Item = Found> + 'a {
        (0..self.pieces.len()).filter_map(move |from| self.end(pattern, from, from).map(|to| Found { from, to }))
    }

    fn begins_at(&self, pattern: &[Part], at: usize) -> bool {
        at < self.pieces.len() && self.places[at] == self.places[at - 1] && self.end(pattern, at, at).is_some()
    }

    /// Where a pattern ends that goes on at a piece. Pieces next to each other are of one part of a sentence; a gap
    /// may reach over commas.
    fn end(&self, pattern: &[Part], first: usize, at: usize) -> Option<usize> {
        let Some((part, rest)) = pattern.split_first() else { return Some(at) };
        if *part == Part::Gap {
            let sentence = self.places[first].0;
            let within = |at: &usize| self.places.get(*at).is_some_and(|place| place.0 == sentence);
            return (at..=at + GAP).take_while(within).find_map(|at| self.end(rest, at, at));
        }
        let piece = self.pieces.get(at)?;
        let is_it = match part {
            Part::Is(wanted) => wanted == piece,
            Part::Begins(beginning) => matches!(piece, Piece::Word(word) if word.starts_with(beginning.as_str())),
            Part::Gap => false,
        };
        (is_it && self.places[at] == self.places[first]).then(|| self.end(rest, first, at + 1))?
    }

    /// Whether one of the patterns ends right before a find, in the same part of a sentence. Between words so many
    /// others may stand; between characters none.
    fn ends_before(&self, patterns: &[Pattern], found: Found, words_between: usize) -> bool {
        let here = self.places[found.from];
        patterns.iter().any(|pattern| {
            let between = if matches!(pattern[0], Part::Is(Piece::Character(_))) { 0 } else { words_between };
            (0..found.from).any(|from| {
                self.places[from] == here
                    && self.end(pattern, from, from).is_some_and(|to| to <= found.from && found.from - to <= between)
            })
        })
    }

    /// The part of a sentence a piece stands in.
    fn clause_of(&self, at: usize) -> Found {
        let here = self.places[at];
        let from = self.places[..at].iter().rposition(|place| *place != here).map_or(0, |before| before + 1);
        let to = self.places[at..].iter().position(|place| *place != here).map_or(self.places.len(), |n| at + n);
        Found { from, to }
    }
}

/// The full-width forms stand in the order of ASCII.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// Whether a character stands for itself, not for a sound of a word.
fn is_character(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests;
