//! Documents, found by what stands in them.

use std::collections::{BTreeMap, HashMap};

use super::units::{Read, Unit, beginnings, parts, read, units};

/// Something to be found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// What it is called, in each language; the first decides which of two is shorter.
    pub titles: Vec<String>,
    /// What else it is found by.
    pub words: Vec<String>,
}

/// How good a find is; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// The query is the title.
    Title,
    /// The title begins with it.
    TitleBegins,
    /// It stands in the title.
    InTitle,
    /// Its pairs of characters stand in the title, not one after the other.
    PairsInTitle,
    /// By initials in the title.
    InitialsInTitle,
    /// It stands in the other words.
    InWords,
    /// Its pairs of characters stand in title and words together.
    PairsInWords,
    /// By initials in the other words.
    InitialsInWords,
}

/// A find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Found {
    /// Which document: its place in what the index was made of.
    pub document: usize,
    /// How good.
    pub grade: Grade,
}

/// Fewer initials than this stand somewhere in every address: they are looked for in titles only.
const INITIALS_IN_WORDS: usize = 3;

/// A title or other text of a document.
#[derive(Debug)]
struct Text {
    document: u32,
    is_title: bool,
    units: Vec<Unit>,
}

/// A place in a text.
#[derive(Debug, Clone, Copy)]
struct Place {
    text: u32,
    unit: u32,
}

/// Documents, ready to be searched. Made once and then only read.
#[derive(Debug, Default)]
pub struct Index {
    texts: Vec<Text>,
    /// The length of each document's first title, in units.
    lengths: Vec<u32>,
    /// Where a query that begins with a character may begin.
    beginnings: HashMap<char, Vec<Place>>,
    /// The documents in which two characters stand side by side, and whether in a title.
    pairs: HashMap<[char; 2], Vec<(u32, bool)>>,
}

impl Index {
    /// An index of documents. What comes first is found first among equals.
    pub fn new(documents: impl IntoIterator<Item = Document>) -> Self {
        let mut index = Self::default();
        for document in documents {
            let number = small(index.lengths.len());
            index.lengths.push(document.titles.first().map_or(0, |title| small(units(title).len())));
            let titles = document.titles.iter().map(|title| (true, title));
            for (is_title, text) in titles.chain(document.words.iter().map(|words| (false, words))) {
                index.add(Text { document: number, is_title, units: units(text) });
            }
        }
        index
    }

    fn add(&mut self, text: Text) {
        let number = small(self.texts.len());
        for (unit, what) in text.units.iter().enumerate() {
            for first in beginnings(what) {
                self.beginnings.entry(first).or_default().push(Place { text: number, unit: small(unit) });
            }
        }
        for pair in text.units.windows(2) {
            if let [Unit::Character(first), Unit::Character(second)] = pair {
                let documents = self.pairs.entry([*first, *second]).or_default();
                match documents.last_mut() {
                    Some((document, in_title)) if *document == text.document => *in_title |= text.is_title,
                    _ => documents.push((text.document, text.is_title)),
                }
            }
        }
        self.texts.push(text);
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// What a query finds, the best first: as one text with its blanks left out, or all of its parts, each anywhere in
    /// the document. Nothing when there is neither letter nor digit in it.
    pub fn search(&self, query: &str) -> Vec<Found> {
        let parts = parts(query);
        if parts.is_empty() {
            return Vec::new();
        }
        let mut found = self.part(&parts.concat());
        if parts.len() > 1 {
            for (document, grade) in self.all_of(&parts) {
                better(&mut found, document, grade);
            }
        }
        let mut found: Vec<(u32, Grade)> = found.into_iter().collect();
        found.sort_unstable_by_key(|(document, grade)| (*grade, self.lengths[*document as usize], *document));
        found.into_iter().map(|(document, grade)| Found { document: document as usize, grade }).collect()
    }

    /// Documents in which every part is found; the worst part counts.
    fn all_of(&self, parts: &[Vec<char>]) -> BTreeMap<u32, Grade> {
        let mut each = parts.iter().map(|part| self.part(part));
        let first = each.next().unwrap_or_default();
        each.fold(first, |so_far, part| {
            let both = |(document, grade): (u32, Grade)| Some((document, grade.max(*part.get(&document)?)));
            so_far.into_iter().filter_map(both).collect()
        })
    }

    fn part(&self, query: &[char]) -> BTreeMap<u32, Grade> {
        let mut found = BTreeMap::new();
        for place in self.beginnings.get(&query[0]).map_or(&[][..], Vec::as_slice) {
            let text = &self.texts[place.text as usize];
            // Nothing gets better than the best there is.
            if found.get(&text.document).is_some_and(|grade| *grade <= best_of(text, place.unit)) {
                continue;
            }
            let Some(read) = read(&text.units[place.unit as usize..], query) else { continue };
            if read == Read::Initials && !text.is_title && query.len() < INITIALS_IN_WORDS {
                continue;
            }
            better(&mut found, text.document, grade(text, place.unit, read));
        }
        self.add_pairs(query, &mut found);
        found
    }

    /// Adds documents that have the characters of the query two by two: every character stands beside its neighbour on
    /// one side at least. So 水月寺中医 finds 中医门诊 in 水月寺街.
    fn add_pairs(&self, query: &[char], found: &mut BTreeMap<u32, Grade>) {
        if query.len() < 3 || query.iter().any(char::is_ascii) {
            return;
        }
        let mut pairs: HashMap<u32, (u64, u64)> = HashMap::new();
        for (number, pair) in query.windows(2).enumerate() {
            for (document, in_title) in self.pairs.get(&[pair[0], pair[1]]).map_or(&[][..], Vec::as_slice) {
                let (titles, all) = pairs.entry(*document).or_default();
                *titles |= u64::from(*in_title) << number;
                *all |= 1 << number;
            }
        }
        let everybody = (1u64 << query.len()) - 1;
        // A pair stands for its two characters.
        let covers = |pairs: u64| (pairs | pairs << 1) & everybody == everybody;
        for (document, (titles, all)) in pairs {
            if covers(titles) {
                better(found, document, Grade::PairsInTitle);
            } else if covers(all) {
                better(found, document, Grade::PairsInWords);
            }
        }
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("an index in memory holds fewer than four thousand million units")
}

fn better(found: &mut BTreeMap<u32, Grade>, document: u32, grade: Grade) {
    found.entry(document).and_modify(|known| *known = grade.min(*known)).or_insert(grade);
}

const fn best_of(text: &Text, unit: u32) -> Grade {
    match (text.is_title, unit) {
        (true, 0) => Grade::Title,
        (true, _) => Grade::InTitle,
        (false, _) => Grade::InWords,
    }
}

const fn grade(text: &Text, unit: u32, read: Read) -> Grade {
    match (text.is_title, unit, read) {
        (true, 0, Read::Through) => Grade::Title,
        (true, 0, Read::Into) => Grade::TitleBegins,
        (true, _, Read::Through | Read::Into) => Grade::InTitle,
        (true, _, Read::Initials) => Grade::InitialsInTitle,
        (false, _, Read::Through | Read::Into) => Grade::InWords,
        (false, _, Read::Initials) => Grade::InitialsInWords,
    }
}

#[cfg(test)]
mod tests;
