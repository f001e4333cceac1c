//! Reading the cells of a row, each in the ways people write it, and noting what is wrong with words.

use linli_domain::text::{self, BadText};
use linli_domain::time::{Day, TimeOfDay};
use linli_domain::words::Words;
use linli_sheets::{Cell, Row};

use super::Problem;
use super::columns::Placed;

/// A row being read. What is wrong is noted, and the cell then counts as empty.
pub(super) struct Line<'a> {
    row: &'a Row,
    placed: &'a Placed,
    errors: &'a mut Vec<Problem>,
    before: usize,
}

impl<'a> Line<'a> {
    pub(super) fn new(row: &'a Row, placed: &'a Placed, errors: &'a mut Vec<Problem>) -> Self {
        let before = errors.len();
        let line = Self { row, placed, errors, before };
        // Also in columns without a name: whoever calculates there expects it to count.
        let cells = row.cells.iter().enumerate();
        let formulas: Vec<usize> = cells.filter(|(_, cell)| **cell == Cell::Formula).map(|(index, _)| index).collect();
        for index in formulas {
            let words = Words::new(
                "这一格是公式，不会计算。请换成它的值。",
                "The cell holds a formula, which is not calculated. Please put its value there.",
            );
            let column = line.placed.name_at(index);
            line.errors.push(Problem { row: row.number, column, value: None, words });
        }
        line
    }

    /// Whether the file has a column.
    pub(super) fn has(&self, key: &str) -> bool {
        self.placed.at(key).is_some()
    }

    /// Whether nothing was wrong so far.
    pub(super) fn is_good(&self) -> bool {
        self.errors.len() == self.before
    }

    /// Notes what is wrong with a cell.
    pub(super) fn wrong(&mut self, key: &str, words: Words) {
        let value = self.raw(key).map(|text| text.chars().take(60).collect());
        let column = self.placed.at(key).map(|_| self.placed.name(key));
        self.errors.push(Problem { row: self.row.number, column, value, words });
    }

    fn raw(&self, key: &str) -> Option<&'a str> {
        match self.row.cells.get(self.placed.at(key)?)? {
            Cell::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The text of a cell; nothing when it is empty.
    pub(super) fn text(&mut self, key: &str, max: usize) -> Option<String> {
        let cell = self.row.cells.get(self.placed.at(key)?);
        match cell? {
            Cell::TooLong => {
                self.wrong(key, too_long(max));
                None
            }
            Cell::Broken => {
                self.wrong(
                    key,
                    Words::new("这一格是表格软件的错误值。", "The cell holds an error of the spreadsheet."),
                );
                None
            }
            _ => {
                let words = match text::line(self.raw(key)?, max) {
                    Ok(text) => return Some(text),
                    Err(BadText::TooLong) => too_long(max),
                    Err(_) => Words::new(
                        "含有不能使用的字符或换行。",
                        "It contains characters or line breaks that cannot be used.",
                    ),
                };
                self.wrong(key, words);
                None
            }
        }
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, key: &str, max: usize) -> Option<String> {
        let good = self.is_good();
        let found = self.text(key, max);
        if found.is_none() && good && self.is_good() {
            self.missing(key);
        }
        found
    }

    /// Notes that a cell must be filled in.
    pub(super) fn missing(&mut self, key: &str) {
        let column = Some(self.placed.name(key));
        let words = Words::new("这一格必须填写。", "This cell must be filled in.");
        self.errors.push(Problem { row: self.row.number, column, value: None, words });
    }

    /// A cell read in a way of its own; what cannot be read is told with what is allowed.
    pub(super) fn read<T>(&mut self, key: &str, read: impl Fn(&str) -> Option<T>, zh: &str, en: &str) -> Option<T> {
        let text = self.text(key, 100)?;
        let found = read(&text);
        if found.is_none() {
            self.wrong(
                key,
                Words::new(format!("看不懂。可以写：{zh}。"), format!("It cannot be read. Allowed: {en}.")),
            );
        }
        found
    }

    /// A whole number.
    pub(super) fn number(&mut self, key: &str) -> Option<u32> {
        self.read(key, number, "不带小数的数字，如 30", "a whole number, such as 30")
    }

    /// A small whole number.
    pub(super) fn small(&mut self, key: &str) -> Option<u16> {
        let read = |text: &str| number(text).and_then(|number| u16::try_from(number).ok());
        self.read(key, read, "0 到 65535 的整数", "a whole number from 0 to 65535")
    }

    /// A time of day.
    pub(super) fn time(&mut self, key: &str) -> Option<TimeOfDay> {
        self.read(key, time, "08:00 这样的时间，最晚 24:00", "a time such as 08:00, at most 24:00")
    }

    /// A day.
    pub(super) fn day(&mut self, key: &str) -> Option<Day> {
        self.read(key, day, "2026-12-01 这样的日期", "a day such as 2026-12-01")
    }

    /// Words in two languages: the English is the Chinese where it is left out. Nothing where both are.
    pub(super) fn words(&mut self, key: &str, max: usize) -> Option<Words> {
        let zh = self.text(&format!("{key}_zh"), max);
        let en = self.text(&format!("{key}_en"), max);
        let either = zh.clone().or_else(|| en.clone())?;
        Some(Words { zh: zh.unwrap_or_else(|| either.clone()), en: en.unwrap_or(either) })
    }
}

fn too_long(max: usize) -> Words {
    Words::new(format!("太长，最多 {max} 个字。"), format!("Too long: at most {max} characters."))
}

/// Digits and signs of full width as those of half width.
fn half_width(text: &str) -> String {
    let half = |c: char| match c {
        '０'..='９' | '：' | '－' | '／' | '．' | '，' | '；' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        '、' => ',',
        '～' | '~' | '–' | '—' | '至' | '到' => '-',
        other => other,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(half).collect()
}

/// A whole number; spreadsheets may write `30.0`.
fn number(text: &str) -> Option<u32> {
    let text = half_width(text);
    let whole = text
        .split_once('.')
        .map_or(text.as_str(), |(whole, rest)| if rest.bytes().all(|b| b == b'0') { whole } else { "" });
    if whole.bytes().all(|byte| byte.is_ascii_digit()) { whole.parse().ok() } else { None }
}

/// Yuan as fen: `10`, `10.5`, `10.50`.
pub(super) fn money(text: &str) -> Option<i64> {
    let text = half_width(text);
    let text = text.trim_start_matches(['¥', '￥']).trim_end_matches('元');
    let (yuan, fen) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if yuan.is_empty() || yuan.len() > 9 || fen.len() > 2 || !digits(yuan) || !digits(fen) {
        return None;
    }
    let fen: i64 = format!("{fen:0<2}").parse().ok()?;
    Some(yuan.parse::<i64>().ok()? * 100 + fen)
}

/// `8:00`, `08:00`, `8：00`, `08:00:00`, `24:00`.
fn time(text: &str) -> Option<TimeOfDay> {
    let text = half_width(text);
    let text = text.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(&text);
    let (hours, minutes) = text.split_once(':')?;
    let both = |part: &str, least: usize| (least..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !both(hours, 1) || !both(minutes, 2) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(TimeOfDay(hours * 60 + minutes))
}

/// `2026-12-01`, `2026/12/1`, `2026.12.1`, `2026年12月1日`.
fn day(text: &str) -> Option<Day> {
    let plain: String = half_width(text).trim_end_matches('日').replace(['/', '.', '年', '月'], "-");
    let parts: Vec<&str> = plain.split('-').collect();
    let [year, month, day] = parts[..] else { return None };
    let short = |part: &str| (1..=2).contains(&part.len());
    if year.len() != 4 || !short(month) || !short(day) || !plain.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return None;
    }
    Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `1-5`, `1,3,5`, `周一至周五`, `一、三`, `Mon-Fri`, `每天`: 1 (Monday) to 7 (Sunday), each once.
pub(super) fn weekdays(text: &str) -> Option<Vec<u8>> {
    let text = half_width(text).to_lowercase();
    match text.as_str() {
        "每天" | "daily" | "everyday" => return Some((1..=7).collect()),
        "工作日" => return Some((1..=5).collect()),
        _ => {}
    }
    let mut found = std::collections::BTreeSet::new();
    for part in text.split([',', ';', '/']).filter(|part| !part.is_empty()) {
        match part.split_once('-') {
            None => {
                found.insert(weekday(part)?);
            }
            Some((from, to)) => {
                let (from, to) = (weekday(from)?, weekday(to)?);
                if from > to {
                    return None;
                }
                found.extend(from..=to);
            }
        }
    }
    (!found.is_empty()).then(|| found.into_iter().collect())
}

fn weekday(text: &str) -> Option<u8> {
    let text = text.trim_start_matches("星期").trim_start_matches('周').trim_start_matches("礼拜");
    const NAMES: [[&str; 4]; 7] = [
        ["1", "一", "mon", "monday"],
        ["2", "二", "tue", "tuesday"],
        ["3", "三", "wed", "wednesday"],
        ["4", "四", "thu", "thursday"],
        ["5", "五", "fri", "friday"],
        ["6", "六", "sat", "saturday"],
        ["7", "日", "sun", "sunday"],
    ];
    let text = if text == "天" { "日" } else { text };
    (1u8..).zip(NAMES).find(|(_, names)| names.contains(&text)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_days_as_people_write_them() {
        for text in ["8:05", "08:05", "08：05", "08:05:00", "０８:０５"] {
            assert_eq!(time(text), Some(TimeOfDay(485)), "{text}");
        }
        assert_eq!(time("8:00"), Some(TimeOfDay(480)), "the last :00 is the minutes");
        assert_eq!(time("24:00"), Some(TimeOfDay(1440)));
        for text in ["", "8", "8:5", "24:01", "8:60", "-1:00", "上午8:00", "99:99:00"] {
            assert_eq!(time(text), None, "{text}");
        }
        for text in ["2026-12-01", "2026/12/1", "2026.12.01", "2026年12月1日", "２０２６-12-01"] {
            assert_eq!(day(text), "2026-12-01".parse().ok(), "{text}");
        }
        for text in ["", "2026-02-30", "26-12-01", "12/01/2026", "2026-12-01 08:00", "46022"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn weekdays_as_people_write_them() {
        for text in
            ["1-5", "1,2,3,4,5", "周一至周五", "星期一到星期五", "一、二、三、四、五", "Mon-Fri", "工作日", "5,1-4,3"]
        {
            assert_eq!(weekdays(text), Some(vec![1, 2, 3, 4, 5]), "{text}");
        }
        assert_eq!(weekdays("每天"), Some((1..=7).collect()));
        assert_eq!(weekdays("周六、周日"), weekdays("Sat/Sun"));
        for text in ["", "0", "8", "5-1", "1-", "周", "一二", "2026-01-05"] {
            assert_eq!(weekdays(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_and_money() {
        assert_eq!(
            (number("30"), number("30.0"), number("３０"), number("30.5"), number("-1")),
            (Some(30), Some(30), Some(30), None, None)
        );
        assert_eq!(number("99999999999"), None);
        for (text, fen) in [("10", 1000), ("10.5", 1050), ("¥10.50元", 1050), ("0", 0), ("0.01", 1)] {
            assert_eq!(money(text), Some(fen), "{text}");
        }
        for text in ["", "-1", "1.234", "1e3", "=1", ".5", "9999999999"] {
            assert_eq!(money(text), None, "{text}");
        }
    }
}
