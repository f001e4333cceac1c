//! Lists that are kept as files: comma-separated lines under a heading, read whole, complained of line by line.

use std::fmt;

/// One mistake in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvProblem {
    /// The name of the file.
    pub file: String,
    /// The line, from 1; the heading is line 1.
    pub line: usize,
    /// The column, as the heading names it. Empty when it is about the whole line.
    pub column: String,
    /// What is wrong, and what is allowed instead.
    pub message: String,
}

impl fmt::Display for CsvProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.column.is_empty() {
            write!(f, "`{}`: ", self.column)?;
        }
        f.write_str(&self.message)
    }
}

/// The mistakes found so far in one file.
pub(crate) struct Problems<'a> {
    file: &'a str,
    found: Vec<CsvProblem>,
}

impl<'a> Problems<'a> {
    pub(crate) fn new(file: &'a str) -> Self {
        Self { file, found: Vec::new() }
    }

    pub(crate) fn add(&mut self, line: usize, column: &str, message: impl Into<String>) {
        let problem =
            CsvProblem { file: self.file.to_owned(), line, column: column.to_owned(), message: message.into() };
        self.found.push(problem);
    }

    /// What was read, when nothing was wrong with it.
    pub(crate) fn or<T>(mut self, read: T) -> Result<T, Vec<CsvProblem>> {
        self.found.sort_by_key(|problem| problem.line);
        if self.found.is_empty() { Ok(read) } else { Err(self.found) }
    }
}

/// The lines under a heading of exactly these columns, with their numbers. Blanks around a field are cut off, empty
/// lines and lines that begin with `#` are passed over. Fields hold no commas and no quotes.
pub(crate) fn rows<'t, const N: usize>(
    text: &'t str,
    columns: [&str; N],
    problems: &mut Problems<'_>,
) -> Vec<(usize, [&'t str; N])> {
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim_start_matches('\u{FEFF}').trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let heading = lines.next().map(|(number, line)| (number, fields(line)));
    match heading {
        Some((_, found)) if found == Some(columns) => {}
        other => {
            let line = other.map_or(1, |(number, _)| number);
            problems.add(line, "", format!("the heading must be `{}`", columns.join(",")));
            return Vec::new();
        }
    }
    let mut rows = Vec::new();
    for (number, line) in lines {
        match fields(line) {
            Some(fields) => rows.push((number, fields)),
            None => problems.add(number, "", format!("must have {N} fields without quotes: {}", columns.join(","))),
        }
    }
    rows
}

fn fields<const N: usize>(line: &str) -> Option<[&str; N]> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    if line.contains('"') { None } else { fields.try_into().ok() }
}
