use linli_domain::geo::Wgs84;
use linli_domain::time::Span;

use super::*;

fn occasion() -> Occasion {
    let start: Instant = "2026-11-24T09:30:00+08:00".parse().unwrap();
    Occasion {
        uid: "order-0001@linli".into(),
        sequence: 3,
        stamp: "2026-11-23T09:00:00+08:00".parse().unwrap(),
        start,
        end: start + Span::minutes(30),
        standing: Standing::Confirmed,
        private: true,
        title: "中医门诊 · 林小禾".into(),
        about: vec!["已预约".into(), "赵大夫, 主任医师; 三楼\\东".into()],
        place: Some("演示社区卫生服务中心（水月寺街）, 演示路1号".into()),
        spot: Wgs84::new(38.3226, 116.8512),
    }
}

/// The lines of a calendar as its reader has them, once folding is undone.
fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn an_entry_says_what_when_and_where() {
    let lines = lines(&written("邻里预约", &[occasion()]));
    for expected in [
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "NAME;VALUE=TEXT:邻里预约",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "TZID:Asia/Shanghai",
        "UID:order-0001@linli",
        "SEQUENCE:3",
        "DTSTAMP:20261123T010000Z",
        "DTSTART;TZID=Asia/Shanghai:20261124T093000",
        "DTEND;TZID=Asia/Shanghai:20261124T100000",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "CLASS:PRIVATE",
        "SUMMARY:中医门诊 · 林小禾",
        "DESCRIPTION:已预约\\n赵大夫\\, 主任医师\\; 三楼\\\\东",
        "LOCATION:演示社区卫生服务中心（水月寺街）\\, 演示路1号",
        "GEO:38.322600;116.851200",
    ] {
        assert_eq!(lines.iter().filter(|line| *line == expected).count(), 1, "{expected}\n{lines:#?}");
    }
    assert_eq!((lines[0].as_str(), lines.last().unwrap().as_str()), ("BEGIN:VCALENDAR", "END:VCALENDAR"));
}

#[test]
fn what_is_not_sure_leaves_the_time_free() {
    for (standing, status) in [(Standing::Tentative, "STATUS:TENTATIVE"), (Standing::Cancelled, "STATUS:CANCELLED")] {
        let lines = lines(&written("x", &[Occasion { standing, ..occasion() }]));
        assert!(lines.iter().any(|line| line == status), "{status}");
        assert!(lines.iter().any(|line| line == "TRANSP:TRANSPARENT"), "{status}");
    }
}

#[test]
fn a_calendar_without_entries_is_a_calendar() {
    let text = written("邻里, 预约", &[]);
    let lines = lines(&text);
    assert!(text.ends_with("END:VTIMEZONE\r\nEND:VCALENDAR\r\n"), "{text}");
    assert!(!lines.iter().any(|line| line.starts_with("UID") || line.starts_with("DTSTAMP")));
}

#[test]
fn lines_are_folded_at_seventy_five_octets_whatever_stands_in_them() {
    for length in 0..200 {
        let about = vec![format!("{}{}", "a".repeat(length % 7), "长 句，".repeat(length))];
        let text = written("x", &[Occasion { about, title: "题".repeat(length + 1), ..occasion() }]);
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{length}: {text}");
        assert!(lines(&text).contains(&format!("SUMMARY:{}", "题".repeat(length + 1))), "{length}");
    }
}
