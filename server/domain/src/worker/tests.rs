use super::*;
use crate::id::DocumentId;
use crate::time::{Span as Time, TimeOfDay};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn time(text: &str) -> TimeOfDay {
    text.parse().unwrap()
}

fn span(from: &str, to: &str) -> HourSpan {
    HourSpan { from: time(from), to: time(to) }
}

fn paper(document: Document, state: PaperState, valid_until: Option<i32>) -> Paper {
    Paper { id: DocumentId(1), document, state, valid_until: valid_until.map(Day) }
}

/// Monday and Tuesday, with a night in between.
fn night() -> Hours {
    Hours::new([(1, vec![span("18:00", "24:00"), span("08:00", "12:00")]), (2, vec![span("00:00", "06:00")])]).unwrap()
}

#[test]
fn a_file_goes_where_the_table_says() {
    let mut table = Vec::new();
    for state in WorkerState::ALL {
        for event in WorkerEvent::ALL {
            if let Ok(to) = step(state, event) {
                table.push(format!("{} {event:?} {}", state.key(), to.key()));
            }
        }
        assert_eq!(WorkerState::from_key(state.key()), Some(state));
    }
    let expected = [
        "draft Submit submitted",
        "draft Close closed",
        "submitted Verify verified",
        "submitted Refuse refused",
        "submitted Close closed",
        "verified Verify verified",
        "verified Suspend suspended",
        "verified Close closed",
        "refused Submit submitted",
        "refused Close closed",
        "suspended Resume verified",
        "suspended Close closed",
    ];
    assert_eq!(table, expected);
    let refusal = step(WorkerState::Suspended, WorkerEvent::Submit).unwrap_err();
    assert_eq!(refusal.code, Code::WorkerNotPossible);
}

#[test]
fn a_file_says_what_it_wants_and_in_which_step() {
    let today = Day(100);
    let hours = night();
    let empty =
        File { name: " ", home: None, hours: &Hours::default(), services: &[], papers: &[], identity_verified: false };
    let steps: Vec<&str> = missing(&empty, today).iter().map(|one| one.step.key()).collect();
    assert_eq!(steps, ["person", "home", "hours", "services", "documents"]);

    let services = [vec![], vec![Document::HealthCertificate]];
    let home = Wgs84::new(38.3, 116.8);
    let papers = [
        paper(Document::Identity, PaperState::Asked, None),
        paper(Document::HealthCertificate, PaperState::Verified, Some(99)),
        paper(Document::HealthCertificate, PaperState::Refused, Some(900)),
    ];
    let full =
        File { name: "演示", home, hours: &hours, services: &services, papers: &papers, identity_verified: false };
    let wanted = missing(&full, today);
    assert_eq!(wanted.len(), 1, "a paper that has run out, and one that was refused, are none: {wanted:?}");
    assert!(wanted[0].words.zh.contains("健康证") && wanted[0].words.en.contains("health"));
    assert!(missing(&full, Day(99)).is_empty(), "on its last day it holds");
    let at_the_desk = File { papers: &papers[1..2], identity_verified: true, ..full };
    assert!(missing(&at_the_desk, Day(99)).is_empty(), "who they are was seen at a desk");
}

#[test]
fn papers_hold_to_their_last_day_and_take_services_with_them() {
    let needs = [Document::NurseLicence, Document::HealthCertificate];
    let mut papers = vec![
        paper(Document::NurseLicence, PaperState::Verified, Some(10)),
        paper(Document::HealthCertificate, PaperState::Verified, None),
    ];
    assert!(!off_offer(&needs, &papers, Day(10)));
    assert_eq!(needed(&needs, &papers, Day(11)), Some(Document::NurseLicence));
    papers.push(paper(Document::NurseLicence, PaperState::Asked, Some(900)));
    assert!(off_offer(&needs, &papers, Day(11)), "nobody has looked at the new one yet");
    papers[2].state = PaperState::Verified;
    assert!(!off_offer(&needs, &papers, Day(11)));
    assert!(!off_offer(&[], &[], Day(11)), "what needs nothing is never off offer");
    assert_eq!(papers[0].days_left(Day(11)), Some(-1));
    assert_eq!(papers[1].days_left(Day(11)), None);
}

#[test]
fn keys_are_read_back() {
    for document in Document::ALL {
        assert_eq!(Document::from_key(document.key()), Some(document));
    }
    for state in PaperState::ALL {
        assert_eq!(PaperState::from_key(state.key()), Some(state));
    }
    for state in ServiceState::ALL {
        assert_eq!(ServiceState::from_key(state.key()), Some(state));
    }
    assert_eq!(Document::from_key("diploma"), None);
}

#[test]
fn hours_that_cannot_be_are_refused() {
    for wrong in [
        vec![(0, vec![span("08:00", "12:00")])],
        vec![(8, vec![span("08:00", "12:00")])],
        vec![(1, vec![span("12:00", "08:00")])],
        vec![(1, vec![span("08:00", "08:20")])],
        vec![(1, vec![span("08:00", "12:00"), span("11:00", "13:00")])],
        vec![(1, vec![span("08:00", "12:00")]), (1, vec![span("13:00", "14:00")])],
        vec![(1, (0..5).map(|n| HourSpan { from: TimeOfDay(n * 60), to: TimeOfDay(n * 60 + 30) }).collect())],
    ] {
        assert_eq!(Hours::new(wrong.clone()), Err(HoursWrong), "{wrong:?}");
    }
    assert!(Hours::new([(1, vec![])]).unwrap().is_empty());
    let written = serde_json::to_string(&night()).unwrap();
    assert_eq!(serde_json::from_str::<Hours>(&written).unwrap(), night());
    assert!(written.contains(r#""2":[{"from":"00:00","to":"06:00"}]"#), "{written}");
}

#[test]
fn hours_reach_over_midnight_and_over_the_break_between_spans_not() {
    let hours = night();
    // 2026-11-23 is a Monday.
    assert!(hours.hold(at("2026-11-23T08:00:00+08:00")) && !hours.hold(at("2026-11-23T12:00:00+08:00")));
    assert!(hours.cover(at("2026-11-23T22:00:00+08:00"), at("2026-11-24T06:00:00+08:00")));
    assert!(!hours.cover(at("2026-11-23T22:00:00+08:00"), at("2026-11-24T06:01:00+08:00")));
    assert!(!hours.cover(at("2026-11-23T11:00:00+08:00"), at("2026-11-23T19:00:00+08:00")));
    assert!(!hours.cover(at("2026-11-25T08:00:00+08:00"), at("2026-11-25T08:00:00+08:00")), "not on Wednesdays");
}

#[test]
fn somebody_is_there_when_on_duty_within_hours_and_not_off() {
    let hours = night();
    let none = BTreeSet::new();
    let nine = at("2026-11-23T09:00:00+08:00");
    let ten = nine + Time::hours(1);
    let presence = |duty| Presence { hours: &hours, days_off: &none, duty };
    let now = |duty| presence(duty).absence(nine, ten, true, nine);
    assert_eq!(now(Duty::On), None);
    assert_eq!(now(Duty::Off), Some(Absence::OffDuty));
    assert_eq!(now(Duty::Paused(ten)), Some(Absence::Paused(ten)));
    assert_eq!(now(Duty::Paused(nine)), None, "a pause ends by itself");
    // What is planned asks for the hours alone.
    assert_eq!(presence(Duty::Off).absence(nine, ten, false, nine), None);
    let late = at("2026-11-23T11:30:00+08:00");
    let past = presence(Duty::On).absence(late, late + Time::hours(1), false, nine);
    assert_eq!(past, Some(Absence::OutsideHours));
    assert_eq!(presence(Duty::On).minutes_left(late), 30);
    let evening = at("2026-11-23T23:00:00+08:00");
    assert_eq!(presence(Duty::On).minutes_left(evening), 7 * 60);

    let tuesday = BTreeSet::from([evening.day().plus(1)]);
    let resting = Presence { days_off: &tuesday, ..presence(Duty::On) };
    let over = resting.absence(evening, evening + Time::hours(2), false, nine);
    assert_eq!(over, Some(Absence::DayOff(evening.day().plus(1))));
    let midnight = resting.absence(evening, evening + Time::hours(1), false, nine);
    assert_eq!(midnight, None, "what ends at midnight is not of the next day");
    assert_eq!(resting.minutes_left(evening), 60);
}

#[test]
fn initials_give_the_family_name_alone() {
    assert_eq!(initial(" 王小明"), "王**");
    assert_eq!(initial(""), "");
}
