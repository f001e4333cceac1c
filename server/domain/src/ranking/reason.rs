//! Why somebody was chosen, in words.

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// What gave or took points. The keys are stored with matches and stay as they are.
///
/// Written `{"key": "near", "value": 6}`; reasons without a number have no `value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "key", content = "value", rename_all = "snake_case")]
pub enum Reason {
    /// The way, in whole minutes.
    Near(u32),
    /// It is their trade.
    OwnTrade,
    /// How many jobs they have had or taken today.
    QuietDay(u32),
    /// So few minutes are left of their day once it is done.
    TightHours(u32),
    /// They came last time.
    SameCarer,
    /// The wish about gender is met.
    GenderWished,
    /// The wish about language is met.
    LanguageWished,
    /// Their ratings.
    Quality {
        /// The mean as people gave it, in thousandths of a level.
        mean_milli: u32,
        /// How many people rated.
        count: u32,
    },
    /// They have few ratings yet.
    Newcomer,
    /// What they earned per hour on duty beside others. Told to nobody else.
    Earnings,
}

impl Reason {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Near(_) => "near",
            Self::OwnTrade => "own_trade",
            Self::QuietDay(_) => "quiet_day",
            Self::TightHours(_) => "tight_hours",
            Self::SameCarer => "same_carer",
            Self::GenderWished => "gender_wished",
            Self::LanguageWished => "language_wished",
            Self::Quality { .. } => "quality",
            Self::Newcomer => "newcomer",
            Self::Earnings => "earnings",
        }
    }

    /// As one reads it who waits for them; none where it is nobody's business, or no reason to choose somebody.
    pub fn for_resident(self) -> Option<Words> {
        Some(match self {
            Self::Near(minutes) => {
                Words::new(format!("离您约 {minutes} 分钟"), format!("About {} away", in_minutes(minutes)))
            }
            Self::OwnTrade => Words::new("这是师傅的本行", "This is their trade"),
            Self::QuietDay(_) => Words::new("今天单子不多", "Has few jobs today"),
            Self::SameCarer => Words::new("上次也是这位师傅", "The same person as last time"),
            Self::GenderWished => Words::new("性别符合您的希望", "Their gender is as you wished"),
            Self::LanguageWished => Words::new("会说您希望的语言", "Speaks the language you wished for"),
            Self::Quality { mean_milli, count } => Words::new(
                format!("居民评价 {} 分（{count} 人评）", level(mean_milli)),
                format!("Rated {} of 5 by {}", level(mean_milli), people(count)),
            ),
            Self::Newcomer | Self::TightHours(_) | Self::Earnings => return None,
        })
    }

    /// As the provider reads it who is offered the job; none where it is no reason to choose them.
    pub fn for_provider(self) -> Option<Words> {
        Some(match self {
            Self::Near(minutes) => {
                Words::new(format!("过去约 {minutes} 分钟"), format!("About {} from you", in_minutes(minutes)))
            }
            Self::OwnTrade => Words::new("这是您的本行", "It is your trade"),
            Self::QuietDay(_) => Words::new("您今天单子不多", "You have few jobs today"),
            Self::SameCarer => Words::new("上次也是您去的", "You came last time"),
            Self::GenderWished | Self::LanguageWished => {
                Words::new("您符合居民的希望", "You are whom the resident wished for")
            }
            Self::Quality { mean_milli, count } => Words::new(
                format!("居民给您的评价好：{} 分（{count} 人评）", level(mean_milli)),
                format!("Residents rate you well: {} of 5 by {}", level(mean_milli), people(count)),
            ),
            Self::Newcomer => Words::new("您刚开始接单，先给您机会", "You are new here, and get a first chance"),
            Self::Earnings => Words::new(
                "最近您每小时的收入比大家少，先派给您",
                "You have earned less per hour than most lately, so you come first",
            ),
            Self::TightHours(_) => return None,
        })
    }

    /// As staff read it who choose whom to send; none where it is no reason to choose them.
    pub fn for_desk(self) -> Option<Words> {
        Some(match self {
            Self::Near(minutes) => {
                Words::new(format!("过去约 {minutes} 分钟"), format!("About {} from there", in_minutes(minutes)))
            }
            Self::GenderWished => Words::new("性别符合居民的希望", "Their gender is as the resident wished"),
            Self::LanguageWished => Words::new("会说居民希望的语言", "Speaks the language the resident wished for"),
            Self::Newcomer => Words::new("刚开始接单，还没有评价", "Is new here, and not rated yet"),
            Self::Earnings => Words::new("最近每小时的收入比大家少", "Has earned less per hour than most lately"),
            Self::OwnTrade | Self::QuietDay(_) | Self::SameCarer | Self::Quality { .. } => return self.for_resident(),
            Self::TightHours(_) => return None,
        })
    }
}

/// `4.8` of 4800 thousandths.
fn level(milli: u32) -> String {
    let tenths = (milli + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn in_minutes(minutes: u32) -> String {
    format!("{minutes} minute{}", if minutes == 1 { "" } else { "s" })
}

fn people(count: u32) -> String {
    if count == 1 { "one person".to_owned() } else { format!("{count} people") }
}
