//! Public holidays and the working days that make up for them, as the State Council announces them each autumn.
//!
//! The list is data, imported year by year; a year that is not in it is said to be unknown and never guessed.

use std::collections::BTreeMap;

use crate::csv::{self, CsvProblem, Problems};
use crate::text;
use crate::time::Day;
use crate::words::Words;

/// What a day is in the calendar of offices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, nothing special.
    Workday,
    /// Saturday or Sunday, nothing special.
    Weekend,
    /// A public holiday and its name, also where it falls on a weekend.
    Holiday(Words),
    /// A Saturday or Sunday on which people work for a holiday elsewhere.
    MakeUpWorkday,
    /// A day of a year that has not been announced to us.
    Unknown,
}

impl DayKind {
    /// Whether offices work; nobody knows of an unknown day.
    pub const fn is_worked(&self) -> Option<bool> {
        match self {
            Self::Workday | Self::MakeUpWorkday => Some(true),
            Self::Weekend | Self::Holiday(_) => Some(false),
            Self::Unknown => None,
        }
    }
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Whether people work on the day.
    pub worked: bool,
    /// The holiday's name, or what the day makes up for.
    pub name: Words,
    /// The announcement it is taken from.
    pub source: String,
}

/// All announced holidays and make-up working days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holidays {
    days: BTreeMap<Day, Announced>,
}

impl Holidays {
    /// Reads the list: date, kind (`holiday` or `workday`), name in Chinese and in English, source.
    ///
    /// # Errors
    /// Every mistake with its line: dates that do not exist or are there twice, unknown kinds, missing words, a
    /// make-up day from Monday to Friday (which would be worked anyway).
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<CsvProblem>> {
        let mut problems = Problems::new(file);
        let mut days = BTreeMap::new();
        for (line, row) in csv::rows(text, ["date", "kind", "name_zh", "name_en", "source"], &mut problems) {
            if let Some((day, announced)) = announced(line, row, &mut problems)
                && days.insert(day, announced).is_some()
            {
                problems.add(line, "date", format!("{day} is there twice"));
            }
        }
        problems.or(Self { days })
    }

    /// What a day is.
    pub fn kind_of(&self, day: Day) -> DayKind {
        match self.days.get(&day) {
            Some(announced) if announced.worked => DayKind::MakeUpWorkday,
            Some(announced) => DayKind::Holiday(announced.name.clone()),
            None if !self.knows(day.year()) => DayKind::Unknown,
            None if day.weekday() >= 6 => DayKind::Weekend,
            None => DayKind::Workday,
        }
    }

    /// Whether the holidays of a year are known: its New Year's Day is in the list. Days of December alone do not
    /// make a year known, since they may come with the announcement of the next.
    pub fn knows(&self, year: i32) -> bool {
        Day::from_ymd(year, 1, 1).is_some_and(|day| self.days.contains_key(&day))
    }

    /// The announced days in order.
    pub fn iter(&self) -> impl Iterator<Item = (Day, &Announced)> {
        self.days.iter().map(|(day, announced)| (*day, announced))
    }
}

fn announced(line: usize, row: [&str; 5], problems: &mut Problems<'_>) -> Option<(Day, Announced)> {
    let [date, kind, name_zh, name_en, source] = row;
    let day: Option<Day> = date.parse().ok();
    if day.is_none() {
        problems.add(line, "date", format!("`{date}` is not a day such as 2026-10-01"));
    }
    let worked = match kind {
        "holiday" => Some(false),
        "workday" => Some(true),
        _ => {
            problems.add(line, "kind", format!("`{kind}` is unknown; allowed: holiday, workday"));
            None
        }
    };
    if let (Some(day), Some(true)) = (day, worked)
        && day.weekday() < 6
    {
        problems.add(line, "kind", format!("{day} is no weekend: it is worked anyway"));
    }
    let mut field = |column: &str, words: &str, max: usize| {
        let good = text::line(words, max).ok();
        if good.is_none() {
            problems.add(line, column, format!("must be 1 to {max} characters without control characters"));
        }
        good
    };
    let zh = field("name_zh", name_zh, 20);
    let en = field("name_en", name_en, 60);
    let source = field("source", source, 120);
    Some((day?, Announced { worked: worked?, name: Words { zh: zh?, en: en? }, source: source? }))
}

impl FromIterator<(Day, Announced)> for Holidays {
    /// Days that were checked before, as they come back from the database.
    fn from_iter<I: IntoIterator<Item = (Day, Announced)>>(days: I) -> Self {
        Self { days: days.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect(text)
    }

    fn announced() -> Holidays {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/holidays.csv");
        Holidays::parse("holidays.csv", &std::fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn days_are_as_announced() {
        let holidays = announced();
        let named = |text: &str| match holidays.kind_of(day(text)) {
            DayKind::Holiday(name) => name.zh,
            other => panic!("{text} is {other:?}"),
        };
        assert_eq!(named("2026-02-23"), "春节");
        assert_eq!(named("2026-09-25"), "中秋节");
        assert_eq!(named("2025-10-08"), "国庆节、中秋节");
        assert_eq!(named("2025-05-31"), "端午节");
        assert_eq!(holidays.kind_of(day("2026-02-24")), DayKind::Workday);
        assert_eq!(holidays.kind_of(day("2026-10-08")), DayKind::Workday);
        assert_eq!(holidays.kind_of(day("2026-11-22")), DayKind::Weekend);
        for text in ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10", "2025-09-28"] {
            assert_eq!(holidays.kind_of(day(text)), DayKind::MakeUpWorkday, "{text}");
        }
    }

    #[test]
    fn each_year_has_the_announced_number_of_days() {
        let holidays = announced();
        let count =
            |year, worked| holidays.iter().filter(|(day, one)| day.year() == year && one.worked == worked).count();
        assert_eq!((count(2025, false), count(2025, true)), (28, 5));
        assert_eq!((count(2026, false), count(2026, true)), (33, 6));
    }

    #[test]
    fn an_unknown_year_is_flagged() {
        let holidays = announced();
        assert!(holidays.knows(2026) && !holidays.knows(2027) && !holidays.knows(2024));
        assert_eq!(holidays.kind_of(day("2027-01-01")), DayKind::Unknown);
        assert_eq!(holidays.kind_of(day("2027-01-02")).is_worked(), None);
        // A day of the old year that comes with the notice of the new one does not make the old one known.
        let text = "date,kind,name_zh,name_en,source\n2027-12-31,holiday,元旦,New Year's Day,notice\n";
        let holidays = Holidays::parse("h.csv", text).unwrap();
        assert!(!holidays.knows(2027));
        assert_eq!(holidays.kind_of(day("2027-12-30")), DayKind::Unknown);
    }

    #[test]
    fn each_mistake_in_the_list_has_its_line() {
        let text = "\
date,kind,name_zh,name_en,source
2026-02-30,holiday,春节,Spring Festival,notice
2026-02-14,festival,春节,Spring Festival,notice
2026-02-16,workday,春节,Spring Festival,notice
2026-02-17,holiday,,Spring Festival,notice
2026-02-18,holiday,春节,Spring Festival
2026-02-19,holiday,春节,Spring Festival,notice
2026-02-19,holiday,春节,Spring Festival,notice
";
        let problems = Holidays::parse("holidays.csv", text).unwrap_err();
        let found: Vec<(usize, &str)> =
            problems.iter().map(|problem| (problem.line, problem.column.as_str())).collect();
        assert_eq!(found, [(2, "date"), (3, "kind"), (4, "kind"), (5, "name_zh"), (6, ""), (8, "date")]);
    }
}
