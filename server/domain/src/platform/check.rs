//! From the texts of all platform files to platforms, or to the list of all that is wrong with them.

use std::collections::{BTreeMap, HashMap, HashSet};

use toml::de::DeTable;

use super::Platforms;
use super::model::{Kind, KindKey, Platform, Shape, is_key};
use super::ordering::{Defaults, FIELDS, Ordering};
use super::read::{File, PlatformProblem, Table};
use super::rules::Bound;
use super::shapes::Settled;

const KEY: &str = "a small letter, then small letters, digits and underscores, 2 to 32 characters";

/// Reads all platform files, given as name and text.
///
/// # Errors
/// Every problem of every file, by file and line; also that there is no file at all.
pub fn load(files: &[(String, String)]) -> Result<Platforms, Vec<PlatformProblem>> {
    if files.is_empty() {
        let none = File::new("platforms", "");
        none.problem(0, "", "there is no platform file", "one file or more, each named by its key: `medical.toml`");
        return Err(none.into_problems());
    }
    let files: Vec<File<'_>> = files.iter().map(|(name, text)| File::new(name, text)).collect();
    let read: Vec<Option<(Platform, Places)>> = files.iter().map(platform).collect();
    let mut keys: BTreeMap<&str, &str> = BTreeMap::new();
    let mut orders: BTreeMap<u16, &str> = BTreeMap::new();
    for (file, read) in files.iter().zip(&read) {
        let Some((platform, places)) = read else { continue };
        if let Some(other) = keys.insert(&platform.key, file.name()) {
            file.problem(places.key, "key", format!("is the key of {other} too"), "a key of its own");
        }
        if let Some(other) = orders.insert(platform.order, file.name()) {
            file.problem(places.order, "order", format!("is the number of {other} too"), "a number of its own");
        }
    }
    let mut platforms: Vec<Platform> = read.into_iter().flatten().map(|(platform, _)| platform).collect();
    let problems: Vec<PlatformProblem> = files.into_iter().flat_map(File::into_problems).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    platforms.sort_by_key(|platform| platform.order);
    Ok(Platforms { platforms })
}

/// Where the fields stand that are compared between files.
struct Places {
    key: usize,
    order: usize,
}

/// What the kinds of a platform take over from it.
struct Inherited {
    confidential: bool,
    phone: Option<String>,
    defaults: HashMap<Shape, Defaults>,
}

fn platform(file: &File<'_>) -> Option<(Platform, Places)> {
    let (document, errors) = DeTable::parse_recoverable(file.text());
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        file.problem(at, "", format!("cannot be read: {}", error.message()), "TOML");
    }
    if file.is_bad() {
        // What a parser guesses after a mistake would be complained of for no reason.
        return None;
    }
    let mut table = Table::root(file, document.get_ref());
    let key = key(&mut table).unwrap_or_default();
    if !key.is_empty() && file.name().rsplit('/').next() != Some(format!("{key}.toml").as_str()) {
        table.problem("key", format!("`{key}` is not the name of the file"), "the file's name without `.toml`");
    }
    let order = table.required_number("order", Bound { min: 1, max: 99 });
    let name = table.words("name", 4, 32);
    let summary = table.words("summary", 60, 200);
    let notice = table.optional_words("notice", 100, 300);
    let icon = icon(&mut table);
    let confidential = table.flag("confidential");
    let phone = phone(&mut table);
    let mut defaults = HashMap::new();
    for (shape, settled) in Shape::ALL.into_iter().filter_map(|shape| Some((shape, Settled::of(shape)?))) {
        if confidential {
            table.forbid(&[shape.key()], "a confidential platform cannot be ordered from", "leaving it out");
        } else {
            defaults.insert(shape, Defaults::read(table.table(shape.key()), shape, settled));
        }
    }
    let inherited = Inherited { confidential, phone, defaults };

    let mut kinds = Vec::new();
    let mut seen = HashSet::new();
    let tables = table.tables("kinds");
    if tables.is_empty() {
        table.problem("kinds", "there is no kind of service", "one `[[kinds]]` or more");
    }
    for kind_table in tables {
        kinds.extend(kind(kind_table, &key, &inherited, &mut seen));
    }
    let places = Places { key: table.position("key"), order: table.position("order") };
    table.finish();
    let platform = Platform {
        key,
        order: order?,
        name: name?,
        summary: summary?,
        notice,
        icon: icon?,
        version: version(file.text()),
        kinds,
    };
    Some((platform, places))
}

fn kind(mut table: Table<'_>, platform: &str, inherited: &Inherited, seen: &mut HashSet<String>) -> Option<Kind> {
    let key = key(&mut table);
    if let Some(key) = &key {
        table.rename(format!("kinds.{key}"));
        if !seen.insert(key.clone()) {
            table.problem("key", format!("`{key}` is there twice"), "a key of its own");
        }
    }
    let name = table.words("name", 8, 40);
    let summary = table.words("summary", 60, 200);
    let notice = table.optional_words("notice", 100, 300);
    let shape: Option<Shape> = table.required("shape");
    let confidential = confidential(&mut table, shape, inherited);
    let phone = phone(&mut table).or_else(|| inherited.phone.clone());
    let free = table.flag("free");
    let ordering = if confidential {
        if phone.is_none() && !table.has("phone") {
            table.problem("phone", "is missing: a confidential matter is arranged by phone", PHONE);
        }
        table.forbid(&FIELDS, "a confidential kind cannot be ordered in any shape", "leaving it out");
        Some(Ordering::NONE)
    } else {
        Ordering::read(&mut table, shape, free, &inherited.defaults)
    };
    table.finish();
    let ordering = ordering?;
    Some(Kind {
        // A platform without a good key has been complained of already.
        key: format!("{platform}.{}", key?).parse::<KindKey>().ok()?,
        name: name?,
        summary: summary?,
        notice,
        shape: shape?,
        confidential,
        phone,
        free,
        takes_subject_time: ordering.takes_subject_time,
        requires: ordering.requires,
        age: ordering.age,
        form: ordering.form,
        limits: ordering.limits,
        rules: ordering.rules,
        bounds: ordering.bounds,
        no_show: ordering.no_show,
        courses: ordering.of_slot.courses,
        contract: ordering.of_slot.contract,
        attendance: ordering.of_slot.attendance,
        visit: ordering.visit,
    })
}

fn confidential(table: &mut Table<'_>, shape: Option<Shape>, inherited: &Inherited) -> bool {
    let said: Option<bool> = table.optional("confidential");
    if inherited.confidential && said == Some(false) {
        table.problem("confidential", "everything on this platform is confidential", "true, or nothing");
    }
    let confidential = inherited.confidential || said.unwrap_or(false);
    if shape == Some(Shape::Case) && !confidential {
        let field = if said.is_some() { "confidential" } else { "shape" };
        table.problem(field, "a case is a confidential matter", "a case with `confidential = true`");
        // Read on as what it should be, so that one mistake does not hide others.
        return true;
    }
    confidential
}

pub(super) fn key(table: &mut Table<'_>) -> Option<String> {
    let key: String = table.required("key")?;
    if is_key(&key) {
        return Some(key);
    }
    table.problem("key", format!("`{key}` is not a key"), KEY);
    None
}

fn icon(table: &mut Table<'_>) -> Option<String> {
    let icon: String = table.required("icon")?;
    if is_key(&icon) {
        return Some(icon);
    }
    table.problem("icon", format!("`{icon}` is not the name of an icon"), KEY);
    None
}

const PHONE: &str = "digits and dashes, 3 to 20 characters, beginning and ending with a digit";

fn phone(table: &mut Table<'_>) -> Option<String> {
    let phone: String = table.optional("phone")?;
    let bytes = phone.as_bytes();
    let good = (3..=20).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_digit() || *b == b'-')
        && !phone.starts_with('-')
        && !phone.ends_with('-');
    if good {
        return Some(phone);
    }
    table.problem("phone", format!("`{phone}` is not a phone number"), PHONE);
    None
}

/// FNV-1a with 64 bits, in hexadecimal: stable over builds and machines, and good enough to tell versions apart.
fn version(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}
