//! Reading the tables of a file so that every problem is found in one go and points to its line.
//!
//! A derived reader stops at the first mistake. Here tables are walked entry by entry, and only single values are
//! left to serde: each mistake is written down with its place and what is allowed instead, and reading goes on.

use std::cell::RefCell;
use std::fmt;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::model::{Requirement, Shape};
use super::rules::{Bound, Deadline};
use crate::text;
use crate::time::TimeOfDay;
use crate::words::Words;

/// One mistake in a platform file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformProblem {
    /// The name of the file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The field, from the top of the file: `kinds.general_practice.rules.capacity`. Empty when the file as a whole
    /// cannot be read.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What is allowed instead.
    pub allowed: String,
}

impl fmt::Display for PlatformProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.field.is_empty() {
            write!(f, "`{}`: ", self.field)?;
        }
        write!(f, "{}. Allowed: {}.", self.message, self.allowed)
    }
}

/// A file while it is read.
pub(super) struct File<'a> {
    name: &'a str,
    text: &'a str,
    problems: RefCell<Vec<PlatformProblem>>,
}

impl<'a> File<'a> {
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, problems: RefCell::default() }
    }

    pub(super) fn name(&self) -> &str {
        self.name
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Notes a problem at a byte of the text.
    pub(super) fn problem(&self, at: usize, field: &str, message: impl Into<String>, allowed: impl Into<String>) {
        let line = self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        self.problems.borrow_mut().push(PlatformProblem {
            file: self.name.to_owned(),
            line,
            field: field.to_owned(),
            message: message.into(),
            allowed: allowed.into(),
        });
    }

    /// Whether anything was found so far.
    pub(super) fn is_bad(&self) -> bool {
        !self.problems.borrow().is_empty()
    }

    /// All problems, from the top of the file to its end.
    pub(super) fn into_problems(self) -> Vec<PlatformProblem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.line);
        problems
    }
}

/// A value that can stand in a file, with words for what may be written there.
pub(super) trait Written: DeserializeOwned {
    fn allowed() -> String;
}

macro_rules! written {
    ($($type:ty => $allowed:expr;)*) => {$(
        impl Written for $type {
            fn allowed() -> String {
                $allowed.into()
            }
        }
    )*};
}

written! {
    bool => "true or false";
    u8 => "a whole number, 0 to 255";
    u16 => "a whole number, 0 to 65535";
    u32 => "a whole number from 0";
    i64 => "a whole number";
    String => "text in quotes";
    TimeOfDay => "a time of day such as \"07:00\"";
    Deadline => "{ minutes_before = 120 } or { days_before = 1, at = \"17:00\" }";
    Words => "{ zh = \"…\", en = \"…\" }";
    Shape => one_of(&Shape::ALL.map(Shape::key));
    Vec<Requirement> => format!("a list out of {}", one_of(&Requirement::ALL.map(Requirement::key)));
}

impl<T: DeserializeOwned> Written for Bound<T> {
    fn allowed() -> String {
        "{ min = …, max = … } in whole numbers".to_owned()
    }
}

/// Several keys as one phrase.
pub(super) fn one_of(keys: &[&str]) -> String {
    keys.join(", ")
}

/// A table while it is read. What is asked of it is what it may hold: [`Table::finish`] complains of the rest.
pub(super) struct Table<'a> {
    file: &'a File<'a>,
    entries: &'a DeTable<'a>,
    at: usize,
    path: String,
    asked: Vec<&'static str>,
    forbidden: Vec<&'static str>,
}

impl<'a> Table<'a> {
    /// The whole file as a table.
    pub(super) fn root(file: &'a File<'a>, entries: &'a DeTable<'a>) -> Self {
        Self { file, entries, at: 0, path: String::new(), asked: Vec::new(), forbidden: Vec::new() }
    }

    /// The file the table is of.
    pub(super) fn file(&self) -> &'a File<'a> {
        self.file
    }

    /// Whether a field is there, whatever it holds.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// The name of a field counted from the top of the file.
    pub(super) fn field(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Names this table differently in messages, once its key is known.
    pub(super) fn rename(&mut self, path: String) {
        self.path = path;
    }

    /// Where a field stands; where it is missing, where the table begins.
    pub(super) fn position(&self, key: &str) -> usize {
        self.entries.get_key_value(key).map_or(self.at, |(key, _)| key.span().start)
    }

    /// Notes a problem with a field, at its [position](Table::position).
    pub(super) fn problem(&self, key: &str, message: impl Into<String>, allowed: impl Into<String>) {
        self.file.problem(self.position(key), &self.field(key), message, allowed);
    }

    fn take(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.entries.get(key)
    }

    /// The value of a field, if it is there and well-formed.
    pub(super) fn optional<T: Written>(&mut self, key: &'static str) -> Option<T> {
        let value = self.take(key)?;
        match T::deserialize(ValueDeserializer::from(value.clone())) {
            Ok(value) => Some(value),
            Err(error) => {
                let at = error.span().map_or(value.span().start, |span| span.start);
                self.file.problem(at, &self.field(key), found(error.message()), T::allowed());
                None
            }
        }
    }

    /// The value of a field that must be there.
    pub(super) fn required<T: Written>(&mut self, key: &'static str) -> Option<T> {
        if !self.has(key) {
            self.asked.push(key);
            self.problem(key, "is missing", T::allowed());
            return None;
        }
        self.optional(key)
    }

    /// A true or false that is false when nothing is said.
    pub(super) fn flag(&mut self, key: &'static str) -> bool {
        self.optional(key).unwrap_or(false)
    }

    /// A number within limits, if there is one.
    pub(super) fn number<T: Written + PartialOrd + fmt::Display>(
        &mut self,
        key: &'static str,
        bound: Bound<T>,
    ) -> Option<T> {
        let value: T = self.optional(key)?;
        if value < bound.min || value > bound.max {
            self.problem(key, format!("{value} is out of range"), format!("{} to {}", bound.min, bound.max));
            return None;
        }
        Some(value)
    }

    /// A number within limits that must be there.
    pub(super) fn required_number<T: Written + PartialOrd + fmt::Display>(
        &mut self,
        key: &'static str,
        bound: Bound<T>,
    ) -> Option<T> {
        if self.has(key) { self.number(key, bound) } else { self.required(key) }
    }

    /// Leaves fields unread that cannot be judged, since something else is wrong.
    pub(super) fn pass_over(&mut self, keys: &[&'static str]) {
        self.asked.extend(keys);
    }

    /// Words of at most so many characters in Chinese and in English, both said.
    pub(super) fn words(&mut self, key: &'static str, zh: usize, en: usize) -> Option<Words> {
        let words: Words = self.required(key)?;
        let zh_text = self.one_line(key, "zh", &words.zh, zh);
        let en_text = self.one_line(key, "en", &words.en, en);
        Some(Words { zh: zh_text?, en: en_text? })
    }

    /// As [`Table::words`], where nothing may be said.
    pub(super) fn optional_words(&mut self, key: &'static str, zh: usize, en: usize) -> Option<Words> {
        if self.has(key) {
            self.words(key, zh, en)
        } else {
            self.asked.push(key);
            None
        }
    }

    fn one_line(&self, key: &str, language: &str, words: &str, max: usize) -> Option<String> {
        let message = match text::line(words, max) {
            Ok(line) => return Some(line),
            Err(text::BadText::Empty) => "is empty",
            Err(text::BadText::TooLong) => "is too long",
            Err(text::BadText::Control) => "holds a line break or a control character",
        };
        let table = self.entries.get(key).and_then(|value| value.get_ref().as_table());
        let at = table.and_then(|table| table.get(language)).map_or(self.position(key), |text| text.span().start);
        let field = format!("{}.{language}", self.field(key));
        self.file.problem(at, &field, message, format!("one line of 1 to {max} characters"));
        None
    }

    /// The table under a field.
    pub(super) fn table(&mut self, key: &'static str) -> Option<Table<'a>> {
        let value = self.take(key)?;
        match value.get_ref() {
            DeValue::Table(entries) => Some(self.below(entries, self.position(key), self.field(key))),
            other => {
                self.problem(key, format!("is of the type {}", other.type_str()), "a table");
                None
            }
        }
    }

    /// The tables listed under a field, named by their place in the list until they are [renamed](Table::rename).
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<Table<'a>> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let DeValue::Array(list) = value.get_ref() else {
            self.problem(key, format!("is of the type {}", value.get_ref().type_str()), "a list of tables");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (index, item) in list.iter().enumerate() {
            let field = format!("{}[{index}]", self.field(key));
            match item.get_ref() {
                DeValue::Table(entries) => tables.push(self.below(entries, item.span().start, field)),
                other => {
                    self.file.problem(
                        item.span().start,
                        &field,
                        format!("is of the type {}", other.type_str()),
                        "a table",
                    );
                }
            }
        }
        tables
    }

    fn below(&self, entries: &'a DeTable<'a>, at: usize, path: String) -> Table<'a> {
        Table { file: self.file, entries, at, path, asked: Vec::new(), forbidden: Vec::new() }
    }

    /// Complains of each of these fields that is there: they exist, but not here.
    pub(super) fn forbid(&mut self, keys: &[&'static str], message: &str, allowed: &str) {
        for key in keys {
            self.forbidden.push(key);
            if self.has(key) {
                self.problem(key, message, allowed);
            }
        }
    }

    /// Ends the reading: whatever was never asked for is unknown.
    pub(super) fn finish(self) {
        for key in self.entries.keys() {
            let name = key.get_ref().as_ref();
            if !self.asked.contains(&name) && !self.forbidden.contains(&name) {
                self.file.problem(key.span().start, &self.field(name), "is unknown", one_of(&self.asked));
            }
        }
    }
}

/// What serde found, without what it expected: [`Written::allowed`] says that in full.
fn found(message: &str) -> &str {
    let line = message.lines().next().unwrap_or_default();
    line.split(", expected").next().unwrap_or(line)
}
