//! `linli assign`: the best assignment of a table of edges.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use linli_matching::assign::{Edge, assign, verify};
use linli_sheets::{Cell, Limits};

/// What `linli assign --help` says of the file and of what is printed.
pub(crate) const HELP: &str = "\
The file is CSV, a line for each way a job can be done:

  job,provider,cost        a first line whose third word is `cost` is a heading, and may be missing
  lift in house 3,Li,12
  lift in house 3,Wang,9.5
  drain,Wang,-3

Names are free text, in quotes where they hold a comma; blanks around them are cut off. Costs are whole numbers or decimals
of at most six places, such as 12, -3 or 9.5, and are reckoned exactly. Of several lines for the same two the cheapest
counts. A provider does one job. Empty lines are passed over. A line that cannot be read is named with its number, and
nothing is printed.

Printed is CSV without a heading: a line `job,provider,cost` for each job that is done, in the order in which the jobs first
appear in the file, and at the end a line `total,JOBS,COST` with how many jobs are done and what they cost together:

  lift in house 3,Li,12
  drain,Wang,-3
  total,2,9

As many jobs are done as can be; among all ways to do so many, this one costs least. A job that is not done has no line.";

/// More than anybody assigns at once; bounds what a wrong file can do.
const LIMITS: Limits = Limits { rows: 2_000_000, columns: 64, cell: 500, unpacked: 64 << 20 };
/// Decimal places that are kept.
const PLACES: u32 = 6;
const ONE: i64 = 10_i64.pow(PLACES);
/// Broken lines that are named before the rest is only counted.
const NAMED: usize = 20;

/// Reads a file of edges, and says who does what.
///
/// # Errors
/// A file that cannot be read, and lines that are no edges, with their numbers.
pub(crate) fn run(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    answer(&bytes).with_context(|| format!("{} cannot be used", file.display()))
}

fn answer(bytes: &[u8]) -> Result<String> {
    let (mut jobs, mut providers) = (Names::default(), Names::default());
    let (mut edges, mut broken) = (Vec::new(), Vec::new());
    for (number, cells) in lines(bytes)? {
        match edge(&cells) {
            Ok((job, provider, cost)) => {
                edges.push(Edge { job: jobs.number(job), provider: providers.number(provider), cost });
            }
            Err(problem) => broken.push(format!("line {number}: {problem}")),
        }
    }
    if !broken.is_empty() {
        let more = broken.len().saturating_sub(NAMED);
        broken.truncate(NAMED);
        if more > 0 {
            broken.push(format!("and {more} more"));
        }
        bail!("{}", broken.join("; "));
    }
    let assignment = assign(&edges);
    verify(&edges, &assignment).context("the assignment does not prove itself: a fault of this program")?;
    let mut text = String::new();
    for pair in &assignment.pairs {
        let (job, provider) = (&jobs.names[pair.job as usize], &providers.names[pair.provider as usize]);
        writeln!(text, "{},{},{}", quoted(job), quoted(provider), decimal(pair.cost.into()))?;
    }
    write!(text, "total,{},{}", assignment.pairs.len(), decimal(assignment.total))?;
    Ok(text)
}

/// The lines of the file with their numbers, without a heading.
fn lines(bytes: &[u8]) -> Result<Vec<(u64, Vec<Cell>)>> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Vec::new());
    }
    ensure!(!bytes.starts_with(b"PK"), "this is no text; save it as CSV");
    let table = linli_sheets::read(bytes, &LIMITS)?;
    let mut lines = Vec::with_capacity(table.rows.len() + 1);
    if !table.heading.get(2).is_some_and(|word| word.eq_ignore_ascii_case("cost")) {
        // What was taken for a heading is an edge. Only line ends stand before it.
        let blank = |byte: &&u8| byte.is_ascii_whitespace() || [0, 0xEF, 0xBB, 0xBF, 0xFF, 0xFE].contains(*byte);
        let before = bytes.iter().take_while(blank).filter(|byte| **byte == b'\n').count();
        lines.push((before as u64 + 1, table.heading.into_iter().map(Cell::Text).collect()));
    }
    lines.extend(table.rows.into_iter().map(|row| (row.number, row.cells)));
    Ok(lines)
}

/// A line as job, provider and cost in millionths.
fn edge(cells: &[Cell]) -> Result<(&str, &str, i64)> {
    let [Cell::Text(job), Cell::Text(provider), Cell::Text(cost)] = cells else {
        ensure!(cells.len() == 3, "a job, a provider and a cost are needed, here are {} values", cells.len());
        bail!("a name is longer than {} characters", LIMITS.cell);
    };
    ensure!(!job.is_empty(), "the job has no name");
    ensure!(!provider.is_empty(), "the provider has no name");
    let cost = millionths(cost).with_context(|| {
        format!("the cost `{cost}` is no number with at most {PLACES} decimal places that can be reckoned with")
    })?;
    Ok((job, provider, cost))
}

/// `-12.5` as -12500000. None for anything but digits with a sign and a point, and where it is too large.
fn millionths(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = part.trim_end_matches('0');
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && !digits.contains(|c: char| c.is_ascii_digit())) || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let places = u32::try_from(part.len()).ok().filter(|places| *places <= PLACES)?;
    let number = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<i64>().ok() };
    let part = number(part)? * 10_i64.pow(PLACES - places);
    number(whole)?.checked_mul(ONE)?.checked_add(part)?.checked_mul(sign)
}

/// Millionths as the shortest decimal that says them.
fn decimal(millionths: i128) -> String {
    let (one, size) = (u128::from(ONE.unsigned_abs()), millionths.unsigned_abs());
    let (whole, part) = (size / one, size % one);
    let sign = if millionths < 0 { "-" } else { "" };
    if part == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{}", format!("{part:06}").trim_end_matches('0'))
}

/// A name as a value of CSV (RFC 4180).
fn quoted(name: &str) -> String {
    if name.contains([',', '"', '\n', '\r']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

/// Names and their numbers, in the order in which they first appear.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).expect("a file has fewer lines");
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        answer(text.as_bytes()).unwrap()
    }

    fn refused(text: &str) -> String {
        format!("{:#}", answer(text.as_bytes()).unwrap_err())
    }

    #[test]
    fn the_example_of_the_help_is_true() {
        let block = |from: &str| {
            let lines = HELP[HELP.find(from).unwrap()..].lines();
            lines.take_while(|line| !line.is_empty()).map(str::trim).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(
            said(&block("  lift in house 3,Li,12\n  lift in house 3,Wang")),
            block("  lift in house 3,Li,12\n  drain")
        );
    }

    #[test]
    fn more_jobs_come_before_less_cost() {
        assert_eq!(said("job,provider,cost\na,x,1\na,y,1000\nb,x,1000\n"), "a,y,1000\nb,x,1000\ntotal,2,2000");
        assert_eq!(said("a,x,1\na,y,1000\nb,x,1000"), "a,y,1000\nb,x,1000\ntotal,2,2000", "a heading may be missing");
        assert_eq!(said("b,x,5\na,x,3\n"), "a,x,3\ntotal,1,3", "what is not done is not printed");
        assert_eq!(said("b,x,5\na,y,3\n"), "b,x,5\na,y,3\ntotal,2,8", "in the order of the file");
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(said(""), "total,0,0");
        assert_eq!(said("\n\n"), "total,0,0");
        assert_eq!(said("job,provider,cost\n"), "total,0,0");
    }

    #[test]
    fn decimals_stay_exact() {
        assert_eq!(said("a,x,0.1\nb,y,0.2\n"), "a,x,0.1\nb,y,0.2\ntotal,2,0.3");
        assert_eq!(said("a,x,-1.000001\nb,y,+2.50\n"), "a,x,-1.000001\nb,y,2.5\ntotal,2,1.499999");
        assert_eq!(
            said("a,x,9223372036854.775807\nb,y,9223372036854.775807"),
            "a,x,9223372036854.775807\nb,y,9223372036854.775807\ntotal,2,18446744073709.551614"
        );
    }

    #[test]
    fn names_are_free_text() {
        assert_eq!(said("\"修水管,三楼\",王师傅,5\n"), "\"修水管,三楼\",王师傅,5\ntotal,1,5");
        assert_eq!(said("\"say \"\"hi\"\"\",=x,5\n"), "\"say \"\"hi\"\"\",=x,5\ntotal,1,5");
        assert_eq!(said("x,x,1\n"), "x,x,1\ntotal,1,1", "a job and a provider may be called the same");
    }

    #[test]
    fn broken_lines_are_named() {
        assert!(refused("job,provider,cost\na,x,1\na,y\n").contains("line 3: a job, a provider and a cost are needed"));
        assert!(refused("a,x,1\nb,y,1,2\n").contains("line 2: a job, a provider and a cost are needed, here are 4"));
        assert!(refused("\n\na,x,ten\n").contains("line 3: the cost `ten`"));
        assert!(
            refused("a,x,1\n,y,2\nc,,3\n").contains("line 2: the job has no name; line 3: the provider has no name")
        );
        for cost in ["1e3", "1.0000001", "--1", "1-", ".", "-", "١", "9223372036855", "1 000", "0x10", "NaN"] {
            assert!(refused(&format!("a,x,1\nb,y,{cost}\n")).contains("line 2"), "{cost}");
        }
        let many = refused(&"a,x,?\n".repeat(25));
        assert!(many.contains("line 20") && !many.contains("line 21") && many.ends_with("and 5 more"));
    }
}
