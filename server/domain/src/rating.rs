//! How it went: one side's word on an order, in five levels.
//!
//! The levels are those of GB/T 39734-2020 and GB/T 39735-2020 (好差评): the two lowest are poor and start somebody's
//! work ([`crate::matter`]). Rating is voluntary; silence is unrated and never "satisfied". Where two people meet at a
//! door, both may speak, and neither reads the other before both have spoken or seven days have passed, so that nobody
//! rates in return. What one can read of the other can no longer be answered by changing one's own word.

use crate::order::State;
use crate::platform::Shape;
use crate::ranking::{self, Weights};
use crate::refusal::{Code, Refusal};
use crate::time::{Instant, Span};
use crate::words::Words;

/// How long after it is done an order may be rated.
pub const OPEN_FOR: Span = Span::days(30);
/// How long one side's word stays unread while the other has not spoken.
pub const BLIND_FOR: Span = Span::days(7);
/// How long one's own word can be changed.
pub const EDITABLE_FOR: Span = Span::days(1);
/// The most tags of one rating.
pub const TAGS_MOST: usize = 6;
/// The longest words of a rating, and of the answer to one, in characters.
pub const WORDS_MAX: usize = 500;
/// The most pictures of one rating.
pub const PICTURES_MOST: usize = 6;
/// Fewer ratings than this are shown as their count only: a mean of four people tells too much about each of them.
pub const SMALL_GROUP: u32 = 5;

/// How satisfied somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// 非常不满意.
    VeryDissatisfied,
    /// 不满意.
    Dissatisfied,
    /// 基本满意.
    Fair,
    /// 满意.
    Satisfied,
    /// 非常满意.
    VerySatisfied,
}

impl Level {
    /// All levels, the lowest first.
    pub const ALL: [Self; 5] =
        [Self::VeryDissatisfied, Self::Dissatisfied, Self::Fair, Self::Satisfied, Self::VerySatisfied];

    /// 5 is very satisfied, 1 very dissatisfied.
    pub const fn number(self) -> u8 {
        match self {
            Self::VeryDissatisfied => 1,
            Self::Dissatisfied => 2,
            Self::Fair => 3,
            Self::Satisfied => 4,
            Self::VerySatisfied => 5,
        }
    }

    /// The level of a number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|level| i64::from(level.number()) == number)
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::VeryDissatisfied => ("非常不满意", "Very dissatisfied"),
            Self::Dissatisfied => ("不满意", "Dissatisfied"),
            Self::Fair => ("基本满意", "Fairly satisfied"),
            Self::Satisfied => ("满意", "Satisfied"),
            Self::VerySatisfied => ("非常满意", "Very satisfied"),
        };
        Words::new(zh, en)
    }

    /// Whether somebody has to see to it: the two lowest levels.
    pub const fn is_poor(self) -> bool {
        matches!(self, Self::VeryDissatisfied | Self::Dissatisfied)
    }
}

/// Whose word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Of whoever was served, on the service.
    Resident,
    /// Of the worker who came, on the circumstances they met.
    Worker,
}

impl Side {
    /// Both sides.
    pub const ALL: [Self; 2] = [Self::Resident, Self::Worker];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Worker => "worker",
        }
    }

    /// The side of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.key() == key)
    }

    /// The one they met.
    pub const fn other(self) -> Self {
        match self {
            Self::Resident => Self::Worker,
            Self::Worker => Self::Resident,
        }
    }
}

/// Something that can be said with one tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// The stable key.
    pub key: &'static str,
    zh: &'static str,
    en: &'static str,
    side: Side,
    /// Of those of poor levels, or of those of good ones. The middle level has both.
    poor: bool,
    /// Only where somebody comes to the door.
    at_home: bool,
}

impl Tag {
    /// For people.
    pub fn words(&self) -> Words {
        Words::new(self.zh, self.en)
    }
}

const fn tag(side: Side, poor: bool, at_home: bool, key: &'static str, zh: &'static str, en: &'static str) -> Tag {
    Tag { key, zh, en, side, poor, at_home }
}

const TAGS: [Tag; 28] = [
    tag(Side::Resident, false, false, "on_time", "准时", "On time"),
    tag(Side::Resident, false, false, "friendly", "态度好", "Friendly"),
    tag(Side::Resident, false, false, "skilled", "专业", "Skilled"),
    tag(Side::Resident, false, false, "explained", "讲得清楚", "Explained well"),
    tag(Side::Resident, false, false, "easy", "手续简便", "Easy to arrange"),
    tag(Side::Resident, false, false, "pleasant_place", "环境整洁", "A clean and pleasant place"),
    tag(Side::Resident, false, true, "left_tidy", "收拾干净", "Left it tidy"),
    tag(Side::Resident, false, true, "fair_price", "价格公道", "A fair price"),
    tag(Side::Resident, true, false, "late", "不准时", "Late"),
    tag(Side::Resident, true, false, "unfriendly", "态度不好", "Unfriendly"),
    tag(Side::Resident, true, false, "unskilled", "不够专业", "Not skilled enough"),
    tag(Side::Resident, true, false, "not_solved", "问题没解决", "It was not solved"),
    tag(Side::Resident, true, false, "waited_long", "等太久", "A long wait"),
    tag(Side::Resident, true, false, "laborious", "手续繁琐", "Laborious to arrange"),
    tag(Side::Resident, true, false, "poor_place", "环境不好", "A poor place"),
    tag(Side::Resident, true, true, "left_untidy", "没有收拾", "Left it untidy"),
    tag(Side::Resident, true, true, "overpriced", "价格偏高", "Too expensive"),
    tag(Side::Resident, true, true, "felt_unsafe", "感到不安全", "I did not feel safe"),
    tag(Side::Worker, false, true, "as_described", "和描述一致", "As it was described"),
    tag(Side::Worker, false, true, "easy_to_find", "地址好找", "Easy to find"),
    tag(Side::Worker, false, true, "was_ready", "准备充分", "All was ready"),
    tag(Side::Worker, false, true, "polite", "客气", "Polite"),
    tag(Side::Worker, true, true, "not_as_described", "和描述不符", "Not as it was described"),
    tag(Side::Worker, true, true, "hard_to_find", "地址难找", "Hard to find"),
    tag(Side::Worker, true, true, "not_ready", "没有准备好", "It was not ready"),
    tag(Side::Worker, true, true, "had_to_wait", "在门口久等", "A long wait at the door"),
    tag(Side::Worker, true, true, "impolite", "不礼貌", "Impolite"),
    tag(Side::Worker, true, true, "unsafe_place", "现场有危险", "An unsafe place"),
];

/// The tags one side may add to a level, for a kind of some shape.
pub fn tags(side: Side, level: Level, shape: Shape) -> impl Iterator<Item = &'static Tag> {
    let at_home = shape == Shape::Dispatch;
    TAGS.iter().filter(move |tag| {
        tag.side == side && (at_home || !tag.at_home) && (level == Level::Fair || tag.poor == level.is_poor())
    })
}

/// The tag of a key, to read stored ones.
pub fn tag_of(side: Side, key: &str) -> Option<&'static Tag> {
    TAGS.iter().find(|tag| tag.side == side && tag.key == key)
}

/// Checks tags as they were sent: known, of that level, each once.
///
/// # Errors
/// [`Code::ValueInvalid`] with those that are allowed.
pub fn checked_tags(side: Side, level: Level, shape: Shape, sent: &[String]) -> Result<Vec<&'static Tag>, Refusal> {
    let allowed: Vec<&Tag> = tags(side, level, shape).collect();
    let mut found = Vec::with_capacity(sent.len());
    for key in sent {
        match allowed.iter().find(|tag| tag.key == key) {
            Some(tag) if !found.contains(tag) && found.len() < TAGS_MOST => found.push(*tag),
            _ => {
                let keys: Vec<&str> = allowed.iter().map(|tag| tag.key).collect();
                return Err(Refusal::new(Code::ValueInvalid).field("tags").with("allowed", keys.join(", ")));
            }
        }
    }
    Ok(found)
}

/// What decides whether an order can be rated by one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rateable {
    /// Where the order stands.
    pub state: State,
    /// When it was done last.
    pub done_at: Option<Instant>,
    /// Whether that side has spoken.
    pub spoken: bool,
}

/// Whether one side may rate an order now; answers until when.
///
/// # Errors
/// [`Code::RatingExists`], [`Code::RatingTooEarly`] before it is done, [`Code::RatingTooLate`] afterwards.
pub fn may_rate(order: &Rateable, now: Instant) -> Result<Instant, Refusal> {
    if order.spoken {
        return Err(Code::RatingExists.into());
    }
    let done = matches!(order.state, State::Fulfilled | State::Closed);
    let Some(done_at) = order.done_at.filter(|_| done) else {
        return Err(Refusal::new(Code::RatingTooEarly).with("state", order.state.words()));
    };
    let until = done_at + OPEN_FOR;
    if now < until { Ok(until) } else { Err(Refusal::new(Code::RatingTooLate).with("until", until)) }
}

/// What decides whether a rating can be changed, and by whom it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// When it was given.
    pub at: Instant,
    /// From when the other side reads it.
    pub shown_from: Instant,
    /// Whether there is another side, whose word is read from the same moment on.
    pub met: bool,
    /// Whether it was answered.
    pub answered: bool,
}

impl Given {
    /// Until when it can be changed, unless something ends that earlier.
    pub fn editable_until(&self) -> Instant {
        self.at + EDITABLE_FOR
    }

    /// Whether the other side, and everybody else who may, can read it.
    pub fn is_shown(&self, now: Instant) -> bool {
        self.shown_from <= now
    }
}

/// Whether a rating may be changed now.
///
/// # Errors
/// [`Code::RatingEditLate`] after a day; [`Code::RatingShown`] when the other side can be read, or it was answered.
pub fn may_edit(given: &Given, now: Instant) -> Result<(), Refusal> {
    if now >= given.editable_until() {
        return Err(Refusal::new(Code::RatingEditLate).with("until", given.editable_until()));
    }
    if given.answered || (given.met && given.is_shown(now)) {
        return Err(Code::RatingShown.into());
    }
    Ok(())
}

/// Whether the provider may answer a rating now. They answer once.
///
/// # Errors
/// [`Code::NotFound`] while they cannot read it; [`Code::RatingAnswered`].
pub fn may_answer(given: &Given, now: Instant) -> Result<(), Refusal> {
    if !given.is_shown(now) {
        return Err(Code::NotFound.into());
    }
    if given.answered { Err(Code::RatingAnswered.into()) } else { Ok(()) }
}

/// From when a rating given now is read by others. Where nobody was met there is nobody to wait for.
pub fn shown_from(now: Instant, met: bool, other_spoke: bool) -> Instant {
    if met && !other_spoke { now + BLIND_FOR } else { now }
}

/// The ratings of a worker: how many, and the sum of their levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quality {
    /// How many.
    pub count: u32,
    /// The sum of the levels, `count` to `5 * count`.
    pub sum: u32,
}

impl Quality {
    /// The Bayesian mean in thousandths of a level, as the ranking counts it: as if some usual ratings had come first, so
    /// that few good or bad ones make no reputation. Without ratings it is what is usual.
    pub fn settled_milli(self, weights: &Weights) -> u32 {
        ranking::Quality { mean_milli: self.mean_milli().unwrap_or_default(), count: self.count }.settled_milli(weights)
    }

    /// The plain mean in thousandths of a level; none without ratings.
    pub fn mean_milli(self) -> Option<u32> {
        (self.count > 0).then(|| u32::try_from(u64::from(self.sum) * 1_000 / u64::from(self.count)).unwrap_or(5_000))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn at(hours: i64) -> Instant {
        "2026-11-24T09:00:00+08:00".parse::<Instant>().unwrap() + Span::hours(hours)
    }

    /// The whole table, for review: who may rate in which state, and what they may say.
    #[test]
    fn the_table_of_rating() {
        let mut table = String::new();
        for state in State::ALL {
            let said = |spoken, hours| {
                let order = Rateable { state, done_at: Some(at(0)), spoken };
                match may_rate(&order, at(hours)) {
                    Ok(_) => "yes",
                    Err(refusal) => refusal.code.key(),
                }
            };
            let last = OPEN_FOR.0 / Span::hours(1).0;
            table.push_str(&format!(
                "{:<10} first {:<17} last hour {:<17} too late {:<17} again {}\n",
                state.key(),
                said(false, 0),
                said(false, last - 1),
                said(false, last),
                said(true, 0),
            ));
        }
        table.push('\n');
        for (what, met, shown, answered) in [
            ("nobody was met", false, at(0), false),
            ("blind", true, at(7 * 24), false),
            ("both have spoken", true, at(1), false),
            ("answered", false, at(0), true),
        ] {
            let given = Given { at: at(0), shown_from: shown, met, answered };
            let said = |result: Result<(), Refusal>| match result {
                Ok(()) => "yes",
                Err(refusal) => refusal.code.key(),
            };
            for hours in [0, 23, 24, 7 * 24] {
                let now = at(hours);
                let (edit, answer) = (said(may_edit(&given, now)), said(may_answer(&given, now)));
                table.push_str(&format!("{what:<17} {hours:>3} h edit {edit:<16} answer {answer}\n"));
            }
        }
        table.push('\n');
        for (shape, side) in
            [(Shape::Slot, Side::Resident), (Shape::Dispatch, Side::Resident), (Shape::Dispatch, Side::Worker)]
        {
            for level in Level::ALL {
                let keys: Vec<&str> = tags(side, level, shape).map(|tag| tag.key).collect();
                let words = level.words().zh;
                table.push_str(&format!("{} {} {words} {}\n", shape.key(), side.key(), keys.join(" ")));
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn keys_are_read_back() {
        for level in Level::ALL {
            assert_eq!(Level::from_number(i64::from(level.number())), Some(level));
            assert_eq!(level.is_poor(), level.number() <= 2);
        }
        assert_eq!((Level::from_number(0), Level::from_number(6)), (None, None));
        let mut seen = HashSet::new();
        for tag in &TAGS {
            assert!(seen.insert((tag.side, tag.key)), "{} twice", tag.key);
            assert_eq!(tag_of(tag.side, tag.key), Some(tag));
            assert!(tag.words().en.is_ascii() && !tag.words().zh.is_empty());
        }
        for side in Side::ALL {
            assert_eq!(Side::from_key(side.key()), Some(side));
            assert_eq!(side.other().other(), side);
        }
    }

    #[test]
    fn tags_fit_their_level_and_come_once() {
        let check = |level, sent: &[&str]| {
            let sent: Vec<String> = sent.iter().map(|key| (*key).to_owned()).collect();
            checked_tags(Side::Resident, level, Shape::Slot, &sent).map(|tags| tags.len())
        };
        assert_eq!(check(Level::VerySatisfied, &["on_time", "friendly"]), Ok(2));
        assert_eq!(check(Level::Fair, &["on_time", "unfriendly"]), Ok(2));
        for wrong in [&["late"][..], &["on_time", "on_time"], &["left_tidy"], &["as_described"], &["nonsense"]] {
            let no = check(Level::VerySatisfied, wrong).unwrap_err();
            assert_eq!((no.code, no.field), (Code::ValueInvalid, Some("tags")), "{wrong:?}");
        }
    }

    #[test]
    fn nobody_is_read_before_both_have_spoken_or_a_week_has_passed() {
        assert_eq!(shown_from(at(0), false, false), at(0));
        assert_eq!(shown_from(at(0), true, false), at(7 * 24));
        assert_eq!(shown_from(at(5), true, true), at(5));
    }

    #[test]
    fn a_mean_is_of_something() {
        assert_eq!(Quality::default().mean_milli(), None);
        assert_eq!(Quality { count: 3, sum: 14 }.mean_milli(), Some(4_666));
        let weights = Weights { quality_prior_milli: 4_500, quality_prior_count: 10, ..Weights::default() };
        assert_eq!(Quality::default().settled_milli(&weights), 4_500);
        assert_eq!(Quality { count: 10, sum: 30 }.settled_milli(&weights), 3_750);
    }
}
