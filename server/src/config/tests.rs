use std::collections::BTreeSet;

use secrecy::ExposeSecret;
use toml::{Table, Value};

use super::*;

const EXAMPLE: &str = include_str!("../../../linli.example.toml");

fn read(text: &str) -> Result<Config, Vec<Problem>> {
    extract(Figment::new().merge(Toml::string(text)))
}

fn only_problem(text: &str) -> String {
    let problems = read(text).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].to_string()
}

/// The example with the keys in force that stand there commented out, written `#key = …` without a space.
fn example_in_full() -> String {
    let uncomment = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_lowercase() || first == '[') => rest.to_owned(),
        _ => line.to_owned(),
    };
    EXAMPLE.lines().map(uncomment).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_says_the_defaults() {
    let (example, default) = (read(EXAMPLE).unwrap(), Config::default());
    assert_eq!(format!("{example:?}"), format!("{default:?}"));
    assert_eq!(example.database.url.expose_secret(), default.database.url.expose_secret());
}

#[test]
fn the_example_names_every_key_and_no_other() {
    let text = example_in_full();
    read(&text).unwrap();
    let mut sections = Vec::new();
    collect_sections(&toml::from_str(&text).unwrap(), &mut Vec::new(), &mut sections);
    assert!(sections.iter().any(|(path, _)| path == &["wechat", "push"]), "nested sections are looked at");
    for (path, written) in sections {
        assert_eq!(keys_allowed_in(&text, &path), Some(written), "section {path:?}");
    }
}

/// Every section with the keys written in it.
fn collect_sections(table: &Table, path: &mut Vec<String>, sections: &mut Vec<(Vec<String>, BTreeSet<String>)>) {
    // Maps from names of our own to templates have no fixed keys.
    let free = ["templates", "notice_templates", "fields"];
    if path.iter().any(|key| free.contains(&key.as_str())) {
        return;
    }
    sections.push((path.clone(), table.keys().cloned().collect()));
    for (key, value) in table {
        if let Value::Table(inner) = value {
            path.push(key.clone());
            collect_sections(inner, path, sections);
            path.pop();
        }
    }
}

/// What the reader itself says is allowed in a section, when it meets an unknown key there.
fn keys_allowed_in(text: &str, path: &[String]) -> Option<BTreeSet<String>> {
    let key = path.iter().map(String::as_str).chain(["unheard_of"]).collect::<Vec<_>>().join(".");
    let figment = Figment::new().merge(Toml::string(text)).merge((key, true));
    let error = figment.extract::<Config>().unwrap_err();
    match error.kind {
        Kind::UnknownField(_, allowed) => Some(allowed.iter().map(|key| (*key).to_owned()).collect()),
        _ => None,
    }
}

#[test]
fn an_unknown_key_is_named_with_what_is_allowed() {
    let problem = only_problem("[server]\nlisen = \"127.0.0.1:80\"");
    assert!(problem.contains("`server.lisen`"), "{problem}");
    assert!(problem.contains("Allowed here: listen, web"), "{problem}");
    let problem = only_problem("mod = \"live\"");
    assert!(problem.contains("`mod`") && problem.contains("mode"), "{problem}");
}

#[test]
fn a_wrong_value_is_told_without_repeating_it() {
    let problem = only_problem("[secrets]\nmaster_key = 8675309");
    assert!(problem.contains("`secrets.master_key`") && problem.contains("in quotes"), "{problem}");
    assert!(!problem.contains("8675309"), "{problem}");
    let problem = only_problem("mode = \"hunter2\"");
    assert!(problem.contains("demo, live") && !problem.contains("hunter2"), "{problem}");
    let problem = only_problem("[redis]\nprefix = \"a:\"");
    assert!(problem.contains("`redis.url`") && problem.contains("missing"), "{problem}");
}

#[test]
fn the_environment_comes_last_and_secrets_are_not_shown() {
    let figment = Figment::new()
        .merge(Toml::string("help_phone = \"1\"\n[database]\nurl = \"postgres://linli:hunter2@db/linli\""))
        .merge(("help_phone", "2"))
        .merge(("server.listen", "127.0.0.1:9"));
    let config = extract(figment).unwrap();
    assert_eq!((config.help_phone.as_str(), config.server.listen.as_str()), ("2", "127.0.0.1:9"));
    assert!(!format!("{config:?}").contains("hunter2"));
}
