//! How able somebody is, by GB/T 42195-2022: items of four domains, a score of 90, a grade, and what raises it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::subsidy::facts::Grade;
use crate::time::Day;
use crate::words::Words;

/// The score of somebody who has lost nothing.
pub const FULL: u8 = 90;
/// The number of items.
const ITEMS: usize = 26;
/// Events count that lie so many days back, the day of the assessment included.
const EVENT_DAYS: i32 = 30;
/// So many events raise the grade.
const EVENTS: usize = 2;

/// An item that is scored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its place on the form, 1 to 26.
    pub no: u8,
    /// The most points.
    pub max: u8,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
}

/// The items of a domain by key.
pub type Items = BTreeMap<String, Item>;

/// The scale of the standard, and how long an assessment counts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// For so many days an assessment counts, the first included.
    pub valid_days: u16,
    /// So many days before its end the next one falls due.
    pub ahead_days: u16,
    /// 自理能力.
    pub self_care: Items,
    /// 基础运动能力.
    pub movement: Items,
    /// 精神状态.
    pub mind: Items,
    /// 感知觉与社会参与.
    pub society: Items,
}

/// A scale that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the scale of ability: {0}")]
pub struct BadScale(String);

/// Something that happened to the elder and counts for the care they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// 跌倒.
    Fall,
    /// 噎食.
    Choking,
    /// 自杀.
    Suicide,
    /// 自伤.
    SelfHarm,
    /// 走失.
    Lost,
}

/// One such event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// When.
    pub day: Day,
}

/// What is found besides the score.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Findings {
    /// In a coma: nothing is scored.
    pub coma: bool,
    /// Dementia, diagnosed (ICD-10 F00–F03).
    pub dementia: bool,
    /// Another mental or behavioural disorder, diagnosed by a specialist (ICD-10 F04–F99).
    pub disorder: bool,
    /// What happened.
    pub events: Vec<Event>,
}

/// What follows from an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Points of the four domains; none in a coma.
    pub domains: Option<[u8; 4]>,
    /// Their sum.
    pub score: Option<u8>,
    /// The grade of the score.
    pub first: Grade,
    /// The grade that counts.
    pub grade: Grade,
}

/// Scores that are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadScores {
    /// Items without points.
    Missing(Words),
    /// An item with more points than it can have.
    TooMany(Words, u8),
    /// Points for something that is no item.
    Unknown,
    /// Points of somebody in a coma.
    Coma,
    /// The sum that was said is not the sum of the items.
    Sum(u8),
    /// An event after the assessment.
    EventLater,
}

fn in_order(items: &Items) -> Vec<(&str, &Item)> {
    let mut items: Vec<(&str, &Item)> = items.iter().map(|(key, item)| (key.as_str(), item)).collect();
    items.sort_by_key(|(_, item)| item.no);
    items
}

impl Scale {
    /// Reads a scale and checks that it is the standard's: 26 items, 90 points.
    ///
    /// # Errors
    /// [`BadScale`] that says what is wrong.
    pub fn read(text: &str) -> Result<Self, BadScale> {
        let scale: Self = toml::from_str(text).map_err(|error| BadScale(error.to_string()))?;
        let keys: BTreeSet<&String> = scale.domains().into_iter().flat_map(Items::keys).collect();
        let places: BTreeSet<u8> = scale.domains().into_iter().flat_map(Items::values).map(|item| item.no).collect();
        if !places.into_iter().map(usize::from).eq(1..=ITEMS) {
            return Err(BadScale(format!("the items do not stand on the places 1 to {ITEMS}")));
        }
        let points: u32 = scale.domains().into_iter().flat_map(Items::values).map(|item| u32::from(item.max)).sum();
        if keys.len() != ITEMS || scale.domains().iter().map(|items| items.len()).sum::<usize>() != ITEMS {
            return Err(BadScale(format!("{} different items instead of {ITEMS}", keys.len())));
        }
        if points != u32::from(FULL) {
            return Err(BadScale(format!("{points} points instead of {FULL}")));
        }
        if scale.valid_days == 0 || scale.ahead_days >= scale.valid_days {
            return Err(BadScale("the next assessment falls due before this one counts".into()));
        }
        Ok(scale)
    }

    /// The four domains with their names, the items of each in the order of the form.
    pub fn form(&self) -> Vec<(Words, Vec<(&str, &Item)>)> {
        let names = [
            ("自理能力", "self-care"),
            ("基础运动能力", "basic movement"),
            ("精神状态", "state of mind"),
            ("感知觉与社会参与", "senses and social participation"),
        ];
        names.into_iter().zip(self.domains()).map(|((zh, en), items)| (Words::new(zh, en), in_order(items))).collect()
    }

    /// The four domains in the order of the standard.
    pub const fn domains(&self) -> [&Items; 4] {
        [&self.self_care, &self.movement, &self.mind, &self.society]
    }

    /// The last day on which an assessment counts.
    pub fn until(&self, assessed: Day) -> Day {
        assessed.plus(i32::from(self.valid_days) - 1)
    }

    /// The day on which the next one falls due.
    pub fn due(&self, assessed: Day) -> Day {
        self.until(assessed).plus(-i32::from(self.ahead_days))
    }

    /// The grade of an assessment made on a day. A coma is the last grade without a score; a diagnosis, or two events
    /// within thirty days, make the grade of the score one worse, however many of them there are.
    ///
    /// # Errors
    /// [`BadScores`], the first that is wrong.
    pub fn judge(
        &self,
        scores: &BTreeMap<String, u8>,
        said: Option<u8>,
        findings: &Findings,
        on: Day,
    ) -> Result<Judged, BadScores> {
        if findings.events.iter().any(|event| event.day > on) {
            return Err(BadScores::EventLater);
        }
        if findings.coma {
            let judged = Judged { domains: None, score: None, first: Grade::WORST, grade: Grade::WORST };
            return if scores.is_empty() && said.is_none() { Ok(judged) } else { Err(BadScores::Coma) };
        }
        let mut domains = [0; 4];
        for (points, items) in domains.iter_mut().zip(self.domains()) {
            for (key, item) in items {
                let name = || Words::new(&item.zh, &item.en);
                let scored = *scores.get(key).ok_or_else(|| BadScores::Missing(name()))?;
                if scored > item.max {
                    return Err(BadScores::TooMany(name(), item.max));
                }
                *points += scored;
            }
        }
        if scores.len() != ITEMS {
            return Err(BadScores::Unknown);
        }
        let score = domains.iter().sum();
        if said.is_some_and(|said| said != score) {
            return Err(BadScores::Sum(score));
        }
        let first = Grade::of_score(score).expect("items of 90 points add up to 90 at most");
        let grade = if findings.worsen(on) { first.worse() } else { first };
        Ok(Judged { domains: Some(domains), score: Some(score), first, grade })
    }
}

impl Findings {
    fn worsen(&self, on: Day) -> bool {
        let lately = self.events.iter().filter(|event| event.day > on.plus(-EVENT_DAYS)).count();
        self.dementia || self.disorder || lately >= EVENTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../data/ability.toml");

    fn scale() -> Scale {
        Scale::read(TEXT).unwrap()
    }

    fn full() -> BTreeMap<String, u8> {
        scale().domains().into_iter().flatten().map(|(key, item)| (key.clone(), item.max)).collect()
    }

    /// Scores that add up to so many points.
    fn scores(points: u8) -> BTreeMap<String, u8> {
        let mut left = points;
        full()
            .into_iter()
            .map(|(key, max)| {
                let given = max.min(left);
                left -= given;
                (key, given)
            })
            .collect()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_scale_is_of_26_items_and_90_points() {
        assert!(
            Scale::read(&TEXT.replace("stairs = { no = 12, max = 4", "stairs = { no = 12, max = 3"))
                .unwrap_err()
                .0
                .contains("89")
        );
        assert!(Scale::read(&TEXT.replace("hearing =", "eating =")).is_err(), "a key twice");
        assert!(Scale::read(&TEXT.replace("no = 12", "no = 11")).unwrap_err().0.contains("places"));
        assert!(Scale::read(&TEXT.replace("ahead_days = 30", "ahead_days = 365")).is_err());
    }

    #[test]
    fn the_form_has_the_items_in_their_order() {
        let scale = scale();
        let form = scale.form();
        let keys: Vec<&str> = form.iter().flat_map(|(_, items)| items).map(|(key, _)| *key).collect();
        assert_eq!((keys.len(), keys[0], keys[8], keys[25]), (ITEMS, "eating", "bed", "company"));
    }

    #[test]
    fn the_bounds_of_the_grades() {
        let on = day("2026-11-24");
        let bounds = [(90, 0), (89, 1), (66, 1), (65, 2), (46, 2), (45, 3), (30, 3), (29, 4), (0, 4)];
        for (points, grade) in bounds {
            let judged = scale().judge(&scores(points), Some(points), &Findings::default(), on).unwrap();
            assert_eq!((judged.score, judged.grade.number()), (Some(points), grade), "{points}");
            assert_eq!(judged.domains.unwrap().iter().sum::<u8>(), points);
        }
    }

    #[test]
    fn what_raises_a_grade_raises_it_once() {
        let on = day("2026-11-24");
        let fall = |on: &str| Event { kind: EventKind::Fall, day: day(on) };
        let grade =
            |points, findings: &Findings| scale().judge(&scores(points), None, findings, on).unwrap().grade.number();
        let one = Findings { events: vec![fall("2026-11-20")], ..Findings::default() };
        let two = Findings { events: vec![fall("2026-11-20"), fall("2026-10-26")], ..Findings::default() };
        let old = Findings { events: vec![fall("2026-11-20"), fall("2026-10-25")], ..Findings::default() };
        assert_eq!([&one, &two, &old].map(|findings| grade(90, findings)), [0, 1, 0]);
        let everything = Findings { dementia: true, disorder: true, ..two };
        assert_eq!((grade(70, &everything), grade(10, &everything)), (2, 4));
        let coma = Findings { coma: true, ..Findings::default() };
        assert_eq!(scale().judge(&BTreeMap::new(), None, &coma, on).unwrap().grade, Grade::WORST);
        assert_eq!(scale().judge(&full(), None, &coma, on), Err(BadScores::Coma));
    }

    #[test]
    fn wrong_scores_are_named() {
        let on = day("2026-11-24");
        let judge = |scores: &BTreeMap<String, u8>, said| scale().judge(scores, said, &Findings::default(), on);
        let mut missing = full();
        missing.remove("stairs");
        assert!(matches!(judge(&missing, None), Err(BadScores::Missing(name)) if name.zh == "上下楼梯"));
        let mut more = full();
        more.insert("sight".into(), 3);
        assert!(matches!(judge(&more, None), Err(BadScores::TooMany(_, 2))));
        let mut strange = full();
        strange.insert("singing".into(), 1);
        assert_eq!(judge(&strange, None), Err(BadScores::Unknown));
        assert_eq!(judge(&full(), Some(89)), Err(BadScores::Sum(90)));
        let later = Findings { events: vec![Event { kind: EventKind::Lost, day: on.plus(1) }], ..Findings::default() };
        assert_eq!(scale().judge(&full(), None, &later, on), Err(BadScores::EventLater));
    }

    #[test]
    fn the_next_falls_due_before_the_end() {
        let (scale, on) = (scale(), day("2026-11-24"));
        assert_eq!(scale.until(on), day("2027-11-23"));
        assert_eq!(scale.due(on), day("2027-10-24"));
    }
}
