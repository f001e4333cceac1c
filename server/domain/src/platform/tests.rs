mod shapes;

use super::*;
use crate::time::{Instant, TimeOfDay};

/// The files of the product, as the program finds them.
pub(crate) fn files() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../platforms");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

const TENTH: &str = r#"key = "tenth"
order = 10
name = { zh = "第十", en = "Tenth" }
summary = { zh = "第十个平台", en = "The tenth platform" }
icon = "star"

[slot.rules]
opens_days_before = 7
opens_at = "07:00"
closes_minutes_before = 30
cancel_until = { days_before = 1, at = "17:00" }
hold_minutes = 30
slot_minutes = 30
price_fen = 0
check_in_minutes_before = 60
late_minutes = 30
close_after_days = 3
line = true
max_line = 20

[slot.bounds]
opens_days_before = { min = 1, max = 28 }
closes_minutes_before = { min = 0, max = 1440 }
hold_minutes = { min = 10, max = 240 }
slot_minutes = { min = 10, max = 120 }
capacity = { min = 1, max = 60 }
price_fen = { min = 0, max = 10000 }

[slot.no_show]
count = 3
within_days = 90
blocked_days = 30

[[kinds]]
key = "visit"
name = { zh = "看看", en = "Visit" }
summary = { zh = "来看看", en = "Come and see" }
shape = "slot"
takes_subject_time = true
requires = ["birth_date_declared"]

[kinds.age]
min = 6
max = 60

[kinds.rules]
capacity = 4
slot_minutes = 60

[kinds.limits]
per_day = 1

[[kinds.form]]
key = "matter"
label = { zh = "什么事", en = "What about" }
example = { zh = "例如：看看", en = "For example: a look" }
max_length = 100

[[kinds]]
key = "trouble"
name = { zh = "烦心事", en = "Trouble" }
summary = { zh = "请人帮忙", en = "Somebody helps" }
shape = "case"
confidential = true
phone = "12348"
"#;

fn load_tenth(text: &str) -> Result<Platforms, Vec<PlatformProblem>> {
    load(&[("tenth.toml".to_owned(), text.to_owned())])
}

/// Puts `new` in the place of `old` and expects exactly one problem, at the line marked `# here`, with this field.
fn refused(old: &str, new: &str, field: &str) -> PlatformProblem {
    assert!(TENTH.contains(old), "{old}");
    let text = TENTH.replacen(old, new, 1);
    let line = text.lines().position(|line| line.contains("# here")).expect("a mark") + 1;
    let mut problems = load_tenth(&text).expect_err(new);
    let problem = problems.remove(0);
    assert_eq!((problem.line, problem.field.as_str()), (line, field), "{problem}");
    assert!(problems.is_empty(), "one mistake, one problem: {problem} {}", problems[0]);
    assert!(!problem.allowed.is_empty() && problem.to_string().starts_with("tenth.toml:"));
    problem
}

#[test]
fn all_nine_files_load() {
    let platforms = load(&files()).unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    let keys: Vec<&str> = platforms.platforms.iter().map(|platform| platform.key.as_str()).collect();
    let nine = [
        "medical",
        "eldercare",
        "education",
        "security",
        "reintegration",
        "mediation",
        "culture",
        "housekeeping",
        "property",
    ];
    assert_eq!(keys, nine);
    assert_eq!(platforms.kinds().count(), 76);
}

#[test]
fn what_is_confidential_shows_a_number_and_cannot_be_ordered() {
    let platforms = load(&files()).unwrap();
    let kind = |key: &str| platforms.kind(&key.parse().unwrap()).unwrap();
    assert!(platforms.platform("reintegration").unwrap().kinds.iter().all(|kind| kind.confidential));
    for key in ["mediation.mediator", "mediation.counselling", "mediation.legal_aid", "eldercare.home_care_file"] {
        assert!(kind(key).confidential, "{key}");
    }
    for kind in platforms.kinds() {
        let expected = match (kind.confidential, kind.shape) {
            (true, _) => Err(NotOrderable::Confidential),
            (false, Shape::Slot | Shape::Session | Shape::Resource | Shape::Dispatch) => Ok(()),
            (false, _) => Err(NotOrderable::ShapeNotBuilt),
        };
        assert_eq!(kind.orderable(), expected, "{}", kind.key);
        assert!(!kind.confidential || (kind.phone.is_some() && kind.form.is_empty() && kind.rules == Rules::NONE));
        assert_eq!(kind.orderable().is_ok(), kind.rules != Rules::NONE, "{}", kind.key);
    }
}

#[test]
fn a_clinic_works_by_the_numbers_of_its_file() {
    let platforms = load(&files()).unwrap();
    let kind = platforms.kind(&"medical.general_practice".parse().unwrap()).unwrap();
    assert_eq!((kind.rules.opens_days_before, kind.rules.opens_at), (7, TimeOfDay(7 * 60)));
    assert_eq!(kind.rules.cancel_until, Deadline::DayBefore { days: 1, at: TimeOfDay(17 * 60) });
    assert_eq!(kind.no_show, Some(NoShow { count: 3, within_days: 90, blocked_days: 30 }));
    assert_eq!(kind.limits.per_day, Some(1));
    assert_eq!(kind.requires, [Requirement::IdentityDeclared]);
}

#[test]
fn a_tenth_platform_is_a_tenth_file() {
    let mut files = files();
    files.push(("tenth.toml".to_owned(), TENTH.to_owned()));
    let platforms = load(&files).unwrap();
    let tenth = platforms.platforms.last().unwrap();
    assert_eq!((platforms.platforms.len(), tenth.key.as_str()), (10, "tenth"));
    let visit = platforms.kind(&"tenth.visit".parse().unwrap()).unwrap();
    assert_eq!(visit.orderable(), Ok(()));
    assert_eq!((visit.rules.capacity, visit.rules.slot_minutes, visit.rules.max_line), (4, 60, 20));
    assert_eq!(visit.no_show.map(|rule| rule.count), Some(3));
    assert_eq!(visit.form[0].max_length, 100);
}

#[test]
fn the_version_is_that_of_the_text() {
    let version = |text: &str| load_tenth(text).unwrap().platforms[0].version.clone();
    assert_eq!(version(TENTH), version(TENTH));
    assert_ne!(version(TENTH), version(&TENTH.replacen("per_day = 1", "per_day = 2", 1)));
    assert_eq!(version(TENTH).len(), 16);
}

#[test]
fn keys_texts_and_types_are_checked() {
    refused(r#"key = "tenth""#, r#"key = "Tenth" # here"#, "key");
    refused(r#"key = "tenth""#, r#"key = "eleventh" # here"#, "key");
    refused(r#"key = "visit""#, r#"key = "v" # here"#, "kinds[0].key");
    refused(r#"key = "trouble""#, r#"key = "visit" # here"#, "kinds.visit.key");
    refused(r#"icon = "star""#, r#"icon = "a star" # here"#, "icon");
    refused("order = 10", "order = 0 # here", "order");
    refused("order = 10", "order = \"first\" # here", "order");
    refused("order = 10\n", "colour = \"red\" # here\norder = 10\n", "colour");
    refused(r#"{ zh = "第十", en = "Tenth" }"#, r#"{ zh = "五个字的名", en = "Tenth" } # here"#, "name.zh");
    refused(r#"{ zh = "看看", en = "Visit" }"#, r#"{ zh = " ", en = "Visit" } # here"#, "kinds.visit.name.zh");
    refused(r#"en = "Come and see" }"#, "en = \"\" } # here", "kinds.visit.summary.en");
    refused(r#"{ zh = "来看看", en = "Come and see" }"#, r#"{ zh = "来看看" } # here"#, "kinds.visit.summary");
    refused(r#"en = "Come and see" }"#, r#"en = "Come", fr = "Venez" } # here"#, "kinds.visit.summary");
    refused(r#"shape = "slot""#, r#"shape = "slott" # here"#, "kinds.visit.shape");
    refused(r#"phone = "12348""#, r#"phone = "call us" # here"#, "kinds.trouble.phone");
    refused("takes_subject_time = true", "takes_subject_time = 1 # here", "kinds.visit.takes_subject_time");
    let unknown = refused("per_day = 1", "per_day = 1\nper_month = 4 # here", "kinds.visit.limits.per_month");
    assert!(unknown.allowed.contains("per_week"), "{unknown}");
    refused("[kinds.limits]\nper_day = 1", "[kinds.limits]\nper_day = 0 # here", "kinds.visit.limits.per_day");
    refused("max_length = 100", "max_length = 5000 # here", "kinds.visit.form[0].max_length");
    refused("count = 3", "count = 0 # here", "slot.no_show.count");
}

#[test]
fn what_is_missing_is_named_with_the_table_it_belongs_to() {
    let missing = refused("[[kinds]]\nkey = \"trouble\"\n", "[[kinds]] # here\n", "kinds[1].key");
    assert_eq!(missing.message, "is missing");
    refused("[[kinds.form]]\nkey = \"matter\"\n", "[[kinds.form]] # here\n", "kinds.visit.form[0].key");
    let text = TENTH.replacen("icon = \"star\"\n", "", 1);
    let problems = load_tenth(&text).unwrap_err();
    assert_eq!((problems.len(), problems[0].line, problems[0].field.as_str()), (1, 1, "icon"));
}

#[test]
fn requirements_and_ages_fit_each_other() {
    let wrong = r#"requires = ["birth_date_declared", "birth_date_declared"] # here"#;
    refused(r#"requires = ["birth_date_declared"]"#, wrong, "kinds.visit.requires");
    refused(r#"requires = ["birth_date_declared"]"#, r#"requires = ["a_friend"] # here"#, "kinds.visit.requires");
    refused(
        "requires = [\"birth_date_declared\"]\n\n[kinds.age]",
        "requires = [\"identity_verified\"]\n\n[kinds.age] # here",
        "kinds.visit.age",
    );
    refused("min = 6\n", "min = 61 # here\n", "kinds.visit.age.min");
    refused("[kinds.age]\nmin = 6\nmax = 60", "[kinds.age] # here", "kinds.visit.age.min");
}

#[test]
fn rules_lie_within_bounds() {
    refused("capacity = 4", "capacity = 61 # here", "kinds.visit.rules.capacity");
    let outside = refused("slot_minutes = 60", "slot_minutes = 240 # here", "kinds.visit.rules.slot_minutes");
    assert_eq!(outside.allowed, "10 to 120");
    refused("slot_minutes = 60", "slot_minutes = 61 # here", "kinds.visit.rules.slot_minutes");
    // The platform's own value does not suit the kind: its rules are pointed to.
    refused("[kinds.rules]\ncapacity = 4", "[kinds.rules] # here\ncapacity = 4\nline = false", "kinds.visit.rules");
    let missing = refused("[kinds.rules]\ncapacity = 4", "[kinds.rules] # here", "kinds.visit.rules");
    assert!(missing.message.contains("`capacity` is missing"), "{missing}");
    let bounds = "[kinds.bounds]\ncapacity = { min = 9, max = 1 } # here\n\n[kinds.rules]";
    let text = TENTH.replacen("[kinds.rules]", bounds, 1);
    let problems = load_tenth(&text).unwrap_err();
    assert!(problems.iter().any(|problem| problem.field == "kinds.visit.bounds.capacity"), "{problems:?}");
    let deadline = r#"capacity = 4
cancel_until = { minutes_before = 5, at = "07:00" } # here"#;
    refused("capacity = 4", deadline, "kinds.visit.rules.cancel_until");
    refused("capacity = 4", "capacity = 4\nopens_at = \"24:00\" # here", "kinds.visit.rules.opens_at");
}

#[test]
fn free_means_free() {
    let bounds = "takes_subject_time = true\nfree = true\nbounds = { capacity = { min = 1, max = 5 } } # here";
    let problem = refused("takes_subject_time = true", bounds, "kinds.visit.bounds");
    assert!(problem.message.contains("free"), "{problem}");
}

#[test]
fn confidential_matters_stay_out_of_ordering() {
    refused("shape = \"case\"\nconfidential = true", "shape = \"case\" # here", "kinds.trouble.shape");
    refused("confidential = true", "confidential = false # here", "kinds.trouble.confidential");
    refused(
        "[[kinds]]\nkey = \"trouble\"",
        "[[kinds]]\nkey = \"trouble\"\norderable = true # here",
        "kinds.trouble.orderable",
    );
    let order = |field: &str, with: &str| {
        let with = format!("confidential = true\n{with} # here");
        let problem = refused("confidential = true", &with, &format!("kinds.trouble.{field}"));
        assert!(problem.message.contains("cannot be ordered in any shape"), "{problem}");
    };
    order("rules", "rules = { capacity = 1 }");
    order("bounds", "bounds = {}");
    order("form", "form = []");
    order("price_fen", "price_fen = 0");
    order("takes_subject_time", "takes_subject_time = true");
    order("limits", "limits = { open = 1 }");
    let no_phone = TENTH.replacen("phone = \"12348\"\n", "", 1);
    let problems = load_tenth(&no_phone).unwrap_err();
    assert_eq!((problems.len(), problems[0].field.as_str()), (1, "kinds.trouble.phone"));
}

#[test]
fn a_confidential_platform_makes_all_its_kinds_confidential() {
    let whole = r#"key = "tenth"
order = 10
name = { zh = "第十", en = "Tenth" }
summary = { zh = "第十个平台", en = "The tenth platform" }
icon = "star"
confidential = true
phone = "12348"

[[kinds]]
key = "help"
name = { zh = "帮忙", en = "Help" }
summary = { zh = "请人帮忙", en = "Somebody helps" }
shape = "slot"
"#;
    let platforms = load_tenth(whole).unwrap();
    let kind = platforms.kinds().next().unwrap();
    assert_eq!((kind.orderable(), kind.phone.as_deref()), (Err(NotOrderable::Confidential), Some("12348")));

    let fields = |text: &str| -> Vec<(usize, String)> {
        load_tenth(text).unwrap_err().into_iter().map(|problem| (problem.line, problem.field)).collect()
    };
    let open = format!("{whole}confidential = false\n");
    assert_eq!(fields(&open), [(14, "kinds.help.confidential".to_owned())]);
    let slot = format!("{whole}\n[slot.rules]\ncapacity = 4\n");
    assert_eq!(fields(&slot)[0].1, "slot");
}

#[test]
fn every_problem_of_every_file_is_told_at_once() {
    let bad = TENTH.replacen("order = 10", "order = 200", 1).replacen("per_day = 1", "per_day = true", 1).replacen(
        "capacity = 4",
        "capacity = 0",
        1,
    );
    let broken = "key = \"eleventh\"\nname = {\n".to_owned();
    let problems = load(&[("tenth.toml".to_owned(), bad), ("eleventh.toml".to_owned(), broken)]).unwrap_err();
    let tenth: Vec<&str> =
        problems.iter().filter(|problem| problem.file == "tenth.toml").map(|problem| problem.field.as_str()).collect();
    assert_eq!(tenth, ["order", "kinds.visit.rules.capacity", "kinds.visit.limits.per_day"]);
    let eleventh = problems.iter().find(|problem| problem.file == "eleventh.toml").unwrap();
    assert!(eleventh.line >= 2 && eleventh.field.is_empty(), "{eleventh}");
}

#[test]
fn what_the_platform_says_badly_is_not_missed_by_every_kind() {
    refused("hold_minutes = 30", "hold_minutes = \"soon\" # here", "slot.rules.hold_minutes");
    refused("count = 3", "count = \"thrice\" # here", "slot.no_show.count");
}

#[test]
fn two_files_do_not_share_a_key_or_a_number() {
    let other = TENTH.replacen("order = 10", "order = 11", 1);
    let twice = |a: &str, b: &str, name: &str| {
        load(&[("tenth.toml".to_owned(), a.to_owned()), (name.to_owned(), b.to_owned())]).unwrap_err()
    };
    let problems = twice(TENTH, &other, "old/tenth.toml");
    assert_eq!((problems.len(), problems[0].line, problems[0].field.as_str()), (1, 1, "key"));
    let problems = twice(TENTH, &TENTH.replacen("\"tenth\"", "\"eleventh\"", 1), "eleventh.toml");
    assert_eq!((problems.len(), problems[0].line, problems[0].field.as_str()), (1, 2, "order"));
    assert!(load(&[]).is_err(), "a product without platforms is a mistake in the folder's name");
}

#[test]
fn deadlines_count_from_the_beginning() {
    let start: Instant = "2026-11-24T09:30:00+08:00".parse().unwrap();
    let until = |deadline: Deadline| deadline.for_start(start).to_string();
    let at = TimeOfDay(17 * 60);
    assert_eq!(until(Deadline::MinutesBefore(120)), "2026-11-24T07:30:00+08:00");
    assert_eq!(until(Deadline::DayBefore { days: 1, at }), "2026-11-23T17:00:00+08:00");
    assert_eq!(until(Deadline::DayBefore { days: 0, at }), "2026-11-24T09:30:00+08:00", "not after the beginning");
}

#[test]
fn rules_survive_being_stored() {
    let platforms = load(&files()).unwrap();
    for kind in platforms.kinds() {
        let stored = serde_json::to_string(&kind.rules).unwrap();
        assert_eq!(serde_json::from_str::<Rules>(&stored).unwrap(), kind.rules, "{stored}");
    }
    let changes: RuleChanges = serde_json::from_str(r#"{"capacity":9,"cancel_until":{"minutes_before":60}}"#).unwrap();
    let rules = platforms.kind(&"medical.vaccination".parse().unwrap()).unwrap().rules;
    let changed = changes.apply(&rules);
    assert_eq!((changed.capacity, changed.slot_minutes), (9, rules.slot_minutes));
    assert_eq!(serde_json::to_string(&changes).unwrap(), r#"{"cancel_until":{"minutes_before":60},"capacity":9}"#);
    assert!(serde_json::from_str::<RuleChanges>(r#"{"kapacity":9}"#).is_err());
}

#[test]
fn operators_are_told_every_rule_out_of_bounds() {
    let platforms = load(&files()).unwrap();
    let kind = platforms.kind(&"medical.general_practice".parse().unwrap()).unwrap();
    let rules = Rules { capacity: 100, price_fen: -1, hold_minutes: 3, max_line: 0, slot_minutes: 33, ..kind.rules };
    let fields: Vec<&str> = kind.check(&rules).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["hold_minutes", "capacity", "price_fen", "slot_minutes", "max_line"]);
    let early = Rules { cancel_until: Deadline::MinutesBefore(60 * 24 * 30), ..kind.rules };
    assert_eq!(kind.check(&early)[0].0, "cancel_until");
    assert!(kind.check(&kind.rules).is_empty());
}

#[test]
fn ages_include_both_ends() {
    let range = AgeRange { min: Some(6), max: Some(14) };
    assert_eq!([5, 6, 14, 15].map(|age| range.includes(age)), [false, true, true, false]);
    assert!(!AgeRange { min: None, max: Some(6) }.includes(-1));
}

#[test]
fn keys_of_kinds_have_two_halves() {
    let key: KindKey = "medical.general_practice".parse().unwrap();
    assert_eq!((key.platform(), key.kind()), ("medical", "general_practice"));
    for wrong in
        ["medical", "medical.", ".general", "a.b", "medical.general.practice", "Medical.general", "medical.gp-1"]
    {
        assert_eq!(wrong.parse::<KindKey>(), Err(NotAKindKey), "{wrong}");
    }
}
