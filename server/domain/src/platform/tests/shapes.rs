//! Each shape has rules of its own; some things only one shape has.

use super::*;

const HALL: &str = r#"key = "hall"
order = 11
name = { zh = "会堂", en = "Hall" }
summary = { zh = "会堂的活动和房间", en = "Events and rooms of the hall" }
icon = "star"

[session.rules]
opens_days_before = 30
opens_at = "08:00"
closes_minutes_before = 60
cancel_until = { minutes_before = 120 }
hold_minutes = 60
capacity = 40
price_fen = 0
check_in_minutes_before = 30
late_minutes = 30
close_after_days = 3
line = true
max_line = 20

[session.bounds]
opens_days_before = { min = 1, max = 60 }
closes_minutes_before = { min = 0, max = 1440 }
hold_minutes = { min = 10, max = 240 }
capacity = { min = 1, max = 500 }
price_fen = { min = 0, max = 0 }

[session.limits]
open = 5

[session.no_show]
count = 4
within_days = 90
blocked_days = 14

[resource.rules]
opens_days_before = 14
opens_at = "08:00"
closes_minutes_before = 0
cancel_until = { minutes_before = 60 }
slot_minutes = 30
capacity = 1
price_fen = 0
check_in_minutes_before = 15
late_minutes = 30
close_after_days = 1
gap_minutes = 15
min_minutes = 60
max_minutes = 240
approval = true
release_minutes = 30

[resource.bounds]
opens_days_before = { min = 1, max = 60 }
closes_minutes_before = { min = 0, max = 1440 }
slot_minutes = { min = 15, max = 120 }
capacity = { min = 1, max = 20 }
price_fen = { min = 0, max = 0 }
gap_minutes = { min = 0, max = 60 }
max_minutes = { min = 60, max = 480 }

[resource.limits]
open = 3
hours_per_week = 8

[[kinds]]
key = "show"
name = { zh = "演出", en = "Show" }
summary = { zh = "看演出", en = "See a show" }
shape = "session"
takes_subject_time = true
rules = { capacity = 100 }

[[kinds]]
key = "room"
name = { zh = "房间", en = "Room" }
summary = { zh = "借房间", en = "Have a room" }
shape = "resource"
takes_subject_time = true
rules = { max_minutes = 120 }
"#;

const COURSE: &str = r#"
[[kinds.courses]]
key = "three"
name = { zh = "三次", en = "Three visits" }
about = { zh = "一共来三次", en = "Three visits in all" }
visits = 3
intervals = [{ min_days = 28, max_days = 60 }]

[kinds.contract]
months = 12
renew_days = 30

[[kinds.contract.groups]]
key = "general"
name = { zh = "一般人群", en = "Everybody" }

[[kinds]]
key = "trouble""#;

fn load_hall(text: &str) -> Result<Platforms, Vec<PlatformProblem>> {
    load(&[("hall.toml".to_owned(), text.to_owned())])
}

/// The tenth platform whose visits come in courses and by contract.
fn with_courses() -> String {
    TENTH.replacen("\n[[kinds]]\nkey = \"trouble\"", COURSE, 1).replacen(
        "takes_subject_time = true",
        "takes_subject_time = true\nattendance = true",
        1,
    )
}

/// Puts `new` in the place of `old` and expects exactly one problem, with this field, at the line marked `# here`.
fn wrong(file: &str, text: &str, old: &str, new: &str, field: &str) -> PlatformProblem {
    assert!(text.contains(old), "{old}");
    let text = text.replacen(old, new, 1);
    let line = text.lines().position(|line| line.contains("# here")).expect("a mark") + 1;
    let mut problems = load(&[(file.to_owned(), text)]).expect_err(new);
    let problem = problems.remove(0);
    assert_eq!((problem.line, problem.field.as_str()), (line, field), "{problem}");
    assert!(problems.is_empty(), "one mistake, one problem: {problem} {}", problems[0]);
    assert!(!problem.allowed.is_empty());
    problem
}

#[test]
fn sessions_and_rooms_have_rules_of_their_own() {
    let platforms = load_hall(HALL).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let kind = |key: &str| platforms.kind(&key.parse().unwrap()).unwrap();
    let (show, room) = (kind("hall.show"), kind("hall.room"));
    assert_eq!((show.orderable(), room.orderable()), (Ok(()), Ok(())));
    assert_eq!((show.rules.capacity, show.rules.max_line, show.limits.open), (100, 20, Some(5)));
    assert_eq!(show.no_show.map(|rule| rule.blocked_days), Some(14));
    assert!(!show.rules.approval && show.rules.gap_minutes == 0);
    let rules = room.rules;
    assert_eq!((rules.slot_minutes, rules.gap_minutes, rules.min_minutes, rules.max_minutes), (30, 15, 60, 120));
    assert!(rules.approval && !rules.line && rules.release_minutes == 30);
    assert_eq!((room.limits.hours_per_week, room.no_show), (Some(8), None));
    assert_eq!((show.check(&show.rules), room.check(&room.rules)), (vec![], vec![]));
}

#[test]
fn rules_of_one_shape_do_not_stand_with_another() {
    let hall = |old: &str, new: &str, field: &str| {
        let problem = wrong("hall.toml", HALL, old, new, field);
        assert!(problem.message.contains("means nothing to the shape") && problem.allowed == "leaving it out");
    };
    let show = |rule: &str| {
        let field = rule.split(' ').next().unwrap();
        let new = format!("rules = {{ capacity = 100, {rule} }} # here");
        hall("rules = { capacity = 100 }", &new, &format!("kinds.show.rules.{field}"));
    };
    show("slot_minutes = 30");
    show("gap_minutes = 15");
    show("min_minutes = 60");
    show("max_minutes = 60");
    show("approval = true");
    show("release_minutes = 30");
    show("revisit_days = 7");
    show("revisit_price_fen = 0");
    let room = |rule: &str| {
        let field = rule.split(' ').next().unwrap();
        let new = format!("rules = {{ max_minutes = 120, {rule} }} # here");
        hall("rules = { max_minutes = 120 }", &new, &format!("kinds.room.rules.{field}"));
    };
    room("line = false");
    room("max_line = 5");
    room("hold_minutes = 30");
    room("revisit_days = 7");
    hall("[session.rules]\n", "[session.rules]\nslot_minutes = 60 # here\n", "session.rules.slot_minutes");
    let bounds = "hold_minutes = { min = 10, max = 60 } # here";
    hall("[resource.bounds]\n", &format!("[resource.bounds]\n{bounds}\n"), "resource.bounds.hold_minutes");
    let bounds = "gap_minutes = { min = 10, max = 60 } # here";
    hall("[session.bounds]\n", &format!("[session.bounds]\n{bounds}\n"), "session.bounds.gap_minutes");
    refused("[slot.rules]\n", "[slot.rules]\napproval = true # here\n", "slot.rules.approval");
    refused("capacity = 4\n", "capacity = 4\nrelease_minutes = 5 # here\n", "kinds.visit.rules.release_minutes");
    // A word that is nowhere known is told apart, with what this shape knows.
    let unknown =
        wrong("hall.toml", HALL, "[session.rules]\n", "[session.rules]\ncolour = 1 # here\n", "session.rules.colour");
    assert!(unknown.allowed.contains("max_line") && !unknown.allowed.contains("gap_minutes"), "{unknown}");
}

#[test]
fn hours_of_a_week_are_those_of_rooms() {
    let hall = |old: &str, new: &str, field: &str| wrong("hall.toml", HALL, old, new, field);
    hall("open = 5\n", "open = 5\nhours_per_week = 4 # here\n", "session.limits.hours_per_week");
    hall("hours_per_week = 8", "hours_per_week = 0 # here", "resource.limits.hours_per_week");
    refused("per_day = 1", "per_day = 1\nhours_per_week = 4 # here", "kinds.visit.limits.hours_per_week");
}

#[test]
fn rooms_are_kept_by_the_quarter_hour() {
    let room = |rules: &str, field: &str, allowed: &str| {
        let new = format!("rules = {{ {rules} }} # here");
        let problem =
            wrong("hall.toml", HALL, "rules = { max_minutes = 120 }", &new, &format!("kinds.room.rules.{field}"));
        assert_eq!(problem.allowed, allowed);
    };
    room("max_minutes = 130", "max_minutes", "a multiple of slot_minutes");
    room("min_minutes = 70", "min_minutes", "a multiple of slot_minutes");
    room("gap_minutes = 10", "gap_minutes", "a multiple of 15");
    room("slot_minutes = 20", "slot_minutes", "a multiple of 15");
    room("min_minutes = 30, max_minutes = 30", "max_minutes", "60 to 480");
    room("min_minutes = 300", "min_minutes", "at most max_minutes");
}

#[test]
fn operators_move_no_rule_that_means_nothing() {
    let platforms = load_hall(HALL).unwrap();
    let of = |key: &str, change: fn(Rules) -> Rules| {
        let kind = platforms.kind(&key.parse().unwrap()).unwrap();
        kind.check(&change(kind.rules)).into_iter().map(|(field, _)| field).collect::<Vec<_>>()
    };
    assert_eq!(of("hall.show", |rules| Rules { approval: true, ..rules }), ["approval"]);
    assert_eq!(of("hall.show", |rules| Rules { slot_minutes: 60, ..rules }), ["slot_minutes"]);
    assert_eq!(of("hall.room", |rules| Rules { line: true, max_line: 5, ..rules }), ["line", "max_line"]);
    assert_eq!(of("hall.room", |rules| Rules { approval: false, release_minutes: 0, ..rules }), [""; 0]);
    let clinic = load_tenth(TENTH).unwrap();
    let visit = clinic.kind(&"tenth.visit".parse().unwrap()).unwrap();
    assert_eq!(visit.check(&Rules { release_minutes: 30, ..visit.rules })[0].0, "release_minutes");
    assert!(visit.check(&Rules { revisit_days: 7, revisit_price_fen: 0, ..visit.rules }).is_empty());
}

#[test]
fn shapes_that_are_not_built_have_no_rules() {
    let text = HALL.replacen("shape = \"session\"", "shape = \"delivery\"", 1);
    let problems = load_hall(&text).unwrap_err();
    assert_eq!((problems.len(), problems[0].field.as_str()), (1, "kinds.show.rules"));
    let delivery = HALL.replacen("[resource.rules]", "[delivery.rules]", 1);
    assert!(load_hall(&delivery).unwrap_err().iter().any(|problem| problem.field == "delivery"));
    // Rules of a shape the platform says nothing of must be complete.
    let slot = HALL.replacen("shape = \"session\"", "shape = \"slot\"", 1);
    let problems = load_hall(&slot).unwrap_err();
    let missing = problems.iter().find(|problem| problem.allowed.contains("`slot.rules`")).unwrap();
    assert!(missing.message.ends_with("is missing") && missing.field == "kinds.show.rules", "{missing}");
}

#[test]
fn a_confidential_platform_says_nothing_of_any_shape() {
    for shape in ["slot", "session", "resource"] {
        let text = format!(
            "key = \"tenth\"\norder = 10\nname = {{ zh = \"十\", en = \"Tenth\" }}\nsummary = {{ zh = \"十\", en = \"Ten\" }}\n\
             icon = \"star\"\nconfidential = true\nphone = \"12348\"\n[{shape}.rules]\ncapacity = 4\n[[kinds]]\n\
             key = \"help\"\nname = {{ zh = \"帮\", en = \"Help\" }}\nsummary = {{ zh = \"帮\", en = \"Help\" }}\nshape = \"case\"\n"
        );
        let problems = load_tenth(&text).unwrap_err();
        assert_eq!((problems.len(), problems[0].field.as_str()), (1, shape));
    }
}

#[test]
fn courses_contracts_and_lists_belong_to_slots() {
    let platforms = load_tenth(&with_courses()).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let visit = platforms.kind(&"tenth.visit".parse().unwrap()).unwrap();
    let course = &visit.courses[0];
    assert_eq!((course.key.as_str(), course.visits), ("three", Some(3)));
    assert_eq!(course.intervals, [Interval { min_days: 28, max_days: 60 }]);
    let contract = visit.contract.as_ref().unwrap();
    assert_eq!((contract.months, contract.renew_days, contract.groups[0].0.as_str()), (12, 30, "general"));
    assert!(visit.attendance);

    for (field, with) in [
        ("attendance", "attendance = true"),
        ("contract", "contract = { months = 1 }"),
        ("courses", "courses = [{ key = \"three\" }]"),
    ] {
        let of_room = format!("rules = {{ max_minutes = 120 }}\n{with} # here");
        let problem =
            wrong("hall.toml", HALL, "rules = { max_minutes = 120 }", &of_room, &format!("kinds.room.{field}"));
        assert_eq!(problem.message, "belongs to the shape `slot`");
        let secret = format!("confidential = true\n{with} # here");
        refused("confidential = true", &secret, &format!("kinds.trouble.{field}"));
    }
}

#[test]
fn courses_are_checked() {
    let text = with_courses();
    let bad = |old: &str, new: &str, field: &str| {
        wrong("tenth.toml", &text, old, &format!("{new} # here"), &format!("kinds.visit.courses[0]{field}"))
    };
    bad("key = \"three\"", "key = \"3\"", ".key");
    bad(r#"{ zh = "三次", en = "Three visits" }"#, r#"{ zh = "三次" }"#, ".name");
    bad(r#"{ zh = "一共来三次", en = "Three visits in all" }"#, r#"{ zh = "一共来三次", en = "" }"#, ".about.en");
    assert_eq!(bad("visits = 3", "visits = 1", ".visits").allowed, "2 to 60");
    assert_eq!(bad("visits = 3", "visits = 61", ".visits").allowed, "2 to 60");
    let none = bad("intervals = [{ min_days = 28, max_days = 60 }]", "intervals = []", ".intervals");
    assert_eq!(none.message, "there is no interval");
    let step = "{ min_days = 1, max_days = 2 }";
    let many = format!("intervals = [{step}, {step}, {step}]");
    let many = bad("intervals = [{ min_days = 28, max_days = 60 }]", &many, ".intervals");
    assert!(many.allowed.starts_with("2 at most"), "{many}");
    bad("[{ min_days = 28, max_days = 60 }]", "[{ min_days = 0, max_days = 60 }]", ".intervals[0].min_days");
    bad("[{ min_days = 28, max_days = 60 }]", "[{ min_days = 28, max_days = 401 }]", ".intervals[0].max_days");
    bad("[{ min_days = 28, max_days = 60 }]", "[{ min_days = 61, max_days = 60 }]", ".intervals[0].min_days");
    bad("[{ min_days = 28, max_days = 60 }]", "[{ max_days = 60 }]", ".intervals[0].min_days");
    bad("visits = 3", "visits = 3\nprice_fen = 1", ".price_fen");

    let block = &COURSE[..COURSE.find("\n[kinds.contract]").unwrap()];
    let two = |second: &str| format!("{block}{}", block.replacen("key = \"three\"", second, 1));
    let twice = text.replacen(block, &two("key = \"three\" # here"), 1);
    wrong("tenth.toml", &twice, "# here", "# here", "kinds.visit.courses[1].key");
    let thirteen: String = (0..13).map(|n| block.replacen("\"three\"", &format!("\"three_{n}\""), 1)).collect();
    let problems = load_tenth(&text.replacen(block, &thirteen, 1)).unwrap_err();
    assert_eq!((problems.len(), problems[0].field.as_str()), (1, "kinds.visit.courses"));
    assert_eq!((problems[0].message.as_str(), problems[0].allowed.as_str()), ("has 13 courses", "12 at most"));
}

#[test]
fn contracts_are_checked() {
    let text = with_courses();
    let bad = |old: &str, new: &str, field: &str| {
        wrong("tenth.toml", &text, old, &format!("{new} # here"), &format!("kinds.visit.contract.{field}"))
    };
    assert_eq!(bad("months = 12", "months = 0", "months").allowed, "1 to 60");
    assert_eq!(bad("months = 12", "months = 61", "months").allowed, "1 to 60");
    bad("renew_days = 30", "renew_days = 91", "renew_days");
    bad("renew_days = 30", "renew_days = 30\nfee = 1", "fee");
    bad("key = \"general\"", "key = \"G\"", "groups[0].key");
    bad(r#"{ zh = "一般人群", en = "Everybody" }"#, r#"{ zh = "一般人群" }"#, "groups[0].name");
    let group = "[[kinds.contract.groups]]\nkey = \"general\"\nname = { zh = \"一般人群\", en = \"Everybody\" }\n";
    let twice = text.replacen(group, &format!("{group}{}", group.replacen("\"\n", "\" # here\n", 1)), 1);
    wrong("tenth.toml", &twice, "# here", "# here", "kinds.visit.contract.groups[1].key");
    let many: String = (0..21).map(|n| group.replacen("general", &format!("group_{n}"), 1)).collect();
    for groups in ["", many.as_str()] {
        let problems = load_tenth(&text.replacen(group, groups, 1)).unwrap_err();
        assert_eq!((problems.len(), problems[0].field.as_str()), (1, "kinds.visit.contract.groups"));
    }
}

#[test]
fn the_files_of_the_product_use_what_each_shape_has() {
    let platforms = load(&files()).unwrap();
    let kind = |key: &str| platforms.kind(&key.parse().unwrap()).unwrap();
    let room = kind("mediation.mediation_room");
    assert_eq!((room.rules.gap_minutes, room.rules.approval, room.rules.max_minutes), (15, true, 180));
    let room = kind("culture.activity_room");
    assert_eq!((room.rules.gap_minutes, room.rules.approval, room.rules.max_minutes), (15, true, 240));
    assert!(kind("culture.gym").limits.hours_per_week.is_some() && kind("culture.gym").rules.capacity > 1);
    assert!(kind("eldercare.day_care").attendance);
    assert_eq!(kind("medical.chinese_medicine").rules.revisit_days, 7);

    let courses = &kind("medical.vaccination").courses;
    let days = |key: &str| -> Vec<u16> {
        let course = courses.iter().find(|course| course.key == key).unwrap();
        let steps = usize::from(course.visits.unwrap()) - 1;
        assert_eq!(course.intervals.len(), steps, "{key}: no interval is left to the one before");
        course.intervals.iter().map(|step| step.min_days).collect()
    };
    assert_eq!(days("rabies"), [3, 4, 7, 14], "days 0, 3, 7, 14, 28");
    assert!(days("hepatitis_b")[0] >= 28 && days("hepatitis_b").iter().sum::<u16>() >= 120);
    assert!(days("hpv9")[0] >= 28 && days("hpv9")[1] >= 90);
    assert!(days("shingles")[0] >= 60);
    let quarterly = &kind("medical.chronic_follow_up").courses[0];
    assert_eq!((quarterly.visits, quarterly.intervals[0]), (None, Interval { min_days: 80, max_days: 100 }));
    let contract = kind("medical.family_doctor").contract.as_ref().unwrap();
    assert_eq!((contract.months, contract.renew_days, contract.groups[0].0.as_str()), (12, 30, "general"));
    for kind in platforms.kinds().filter(|kind| kind.orderable().is_ok()) {
        assert!(kind.check(&kind.rules).is_empty(), "{}", kind.key);
        assert_eq!(
            kind.limits.hours_per_week.is_some(),
            kind.shape == Shape::Resource && kind.key.kind() != "reading_room"
        );
    }
}
