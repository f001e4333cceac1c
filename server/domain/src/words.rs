//! Words in the two languages of the product.

use serde::{Deserialize, Serialize};

/// The language somebody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// The stable key, `zh` or `en`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// What stands between the things of a list.
    pub const fn between(self) -> &'static str {
        match self {
            Self::Zh => "、",
            Self::En => ", ",
        }
    }

    /// The language asked for by an `Accept-Language` header: the first of ours by weight, Chinese otherwise.
    pub fn from_accept(header: &str) -> Self {
        let weighed = header.split(',').filter_map(|part| {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next()?.trim().to_ascii_lowercase();
            let weight: f32 =
                pieces.find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.parse().ok())).unwrap_or(1.0);
            let language = match tag.split('-').next()? {
                "zh" => Self::Zh,
                "en" => Self::En,
                _ => return None,
            };
            (weight > 0.0).then_some((language, weight))
        });
        weighed
            .fold(None, |best: Option<(Self, f32)>, next| match best {
                Some(found) if found.1 >= next.1 => Some(found),
                _ => Some(next),
            })
            .map_or(Self::Zh, |(language, _)| language)
    }
}

/// The same words in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Words from two texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Names one after the other, as they are listed: `健康证、身份证`, `health certificate, identity card`.
    pub fn listed(names: impl IntoIterator<Item = Self>) -> Self {
        let (zh, en): (Vec<String>, Vec<String>) = names.into_iter().map(|name| (name.zh, name.en)).unzip();
        Self { zh: zh.join(Language::Zh.between()), en: en.join(Language::En.between()) }
    }

    /// The text in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// Days and times as people say them, written out so that they stay true whenever they are read.
pub mod say {
    use super::Language;
    use crate::time::{Day, Instant, TimeOfDay};

    const ZH_DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    const EN_DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const EN_MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// `周二` or `Tue`; 1 is Monday, and whatever is no weekday counts as Sunday.
    pub fn weekday(number: u8, language: Language) -> &'static str {
        let at = usize::from(number.clamp(1, 7) - 1);
        match language {
            Language::Zh => ZH_DAYS[at],
            Language::En => EN_DAYS[at],
        }
    }

    /// `11月24日 周二` or `Tue 24 Nov`.
    pub fn day(day: Day, language: Language) -> String {
        let (month, date) = day.month_day();
        let weekday = usize::from(day.weekday() - 1);
        match language {
            Language::Zh => format!("{month}月{date}日 {}", ZH_DAYS[weekday]),
            Language::En => format!("{} {date} {}", EN_DAYS[weekday], EN_MONTHS[month as usize - 1]),
        }
    }

    /// `上午9:30` or `9:30 am`.
    pub fn time(time: TimeOfDay, language: Language) -> String {
        let (hour, minute) = (time.0 / 60 % 24, time.0 % 60);
        let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
        match language {
            Language::Zh => {
                let (part, shown) = match hour {
                    0..=5 => ("凌晨", hour),
                    6..=11 => ("上午", hour),
                    12 => ("中午", 12),
                    13..=17 => ("下午", hour - 12),
                    _ => ("晚上", hour - 12),
                };
                format!("{part}{shown}:{minute:02}")
            }
            Language::En => format!("{twelve}:{minute:02} {}", if hour < 12 { "am" } else { "pm" }),
        }
    }

    /// Day and time: `11月24日 周二 上午9:30` or `Tue 24 Nov, 9:30 am`.
    pub fn instant(instant: Instant, language: Language) -> String {
        let (date, clock) = (day(instant.day(), language), time(instant.time_of_day(), language));
        match language {
            Language::Zh => format!("{date} {clock}"),
            Language::En => format!("{date}, {clock}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_each_language_does() {
        let two = [Words::new("健康证", "health certificate"), Words::new("身份证", "identity card")];
        assert_eq!(Words::listed(two), Words::new("健康证、身份证", "health certificate, identity card"));
        assert_eq!(Words::listed([]), Words::new("", ""));
    }

    #[test]
    fn the_heaviest_language_wins_and_chinese_is_the_default() {
        assert_eq!(Language::from_accept("en-GB,en;q=0.9,zh;q=0.8"), Language::En);
        assert_eq!(Language::from_accept("en;q=0.3, zh-CN"), Language::Zh);
        assert_eq!(Language::from_accept("fr, de"), Language::Zh);
        assert_eq!(Language::from_accept("en;q=0"), Language::Zh);
        assert_eq!(Language::from_accept(""), Language::Zh);
    }
}
