//! The tree of areas: district, streets, communities, sections, groups.
//!
//! Codes are the twelve digits of the statistical register: six for the district (GB/T 2260), three for the street,
//! three for the community; an area above ends in zeros. Sections (片, 80 to 100 households) and groups (组, 30 to
//! 50) are not in the register: their codes are our own, the community's code with `-S03` and `-S03-G02` after it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::csv::{self, CsvProblem, Problems};
use crate::text;
use crate::words::Words;

/// How high in the tree an area stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaLevel {
    /// 区: the whole.
    District,
    /// 街道 or 镇.
    Street,
    /// 社区 or 村.
    Community,
    /// 片, 80 to 100 households of a community.
    Section,
    /// 组, 30 to 50 households of a section.
    Group,
}

impl AreaLevel {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Street => "street",
            Self::Community => "community",
            Self::Section => "section",
            Self::Group => "group",
        }
    }
}

/// What an area is called by its constitution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    /// 市辖区.
    District,
    /// 街道, of the level street.
    StreetOffice,
    /// 镇, of the level street.
    Town,
    /// 社区, with a residents' committee; of the level community.
    Community,
    /// 村, with a villagers' committee; of the level community.
    Village,
    /// 片.
    Section,
    /// 组.
    Group,
}

impl AreaKind {
    /// All kinds, from the top of the tree.
    pub const ALL: [Self; 7] =
        [Self::District, Self::StreetOffice, Self::Town, Self::Community, Self::Village, Self::Section, Self::Group];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::StreetOffice => "street_office",
            Self::Town => "town",
            Self::Community => "community",
            Self::Village => "village",
            Self::Section => "section",
            Self::Group => "group",
        }
    }

    /// The level areas of this kind stand at.
    pub const fn level(self) -> AreaLevel {
        match self {
            Self::District => AreaLevel::District,
            Self::StreetOffice | Self::Town => AreaLevel::Street,
            Self::Community | Self::Village => AreaLevel::Community,
            Self::Section => AreaLevel::Section,
            Self::Group => AreaLevel::Group,
        }
    }
}

/// The code of an area: twelve digits, with `-S03` or `-S03-G02` after them for sections and groups.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AreaCode(String);

/// A text that is no code of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the code of an area: twelve digits, then perhaps `-S01` and `-G01`")]
pub struct NotAnAreaCode;

const DISTRICT: usize = 6;
const STREET: usize = 9;
const COMMUNITY: usize = 12;
const SECTION: usize = COMMUNITY + "-S00".len();
const GROUP: usize = SECTION + "-G00".len();

impl AreaCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The level it stands at, told from the code alone.
    pub fn level(&self) -> AreaLevel {
        match self.significant().len() {
            DISTRICT => AreaLevel::District,
            STREET => AreaLevel::Street,
            COMMUNITY => AreaLevel::Community,
            SECTION => AreaLevel::Section,
            _ => AreaLevel::Group,
        }
    }

    /// The code of the area above; none above the district.
    pub fn parent(&self) -> Option<Self> {
        self.up_to(match self.level() {
            AreaLevel::District => return None,
            AreaLevel::Street => AreaLevel::District,
            AreaLevel::Community => AreaLevel::Street,
            AreaLevel::Section => AreaLevel::Community,
            AreaLevel::Group => AreaLevel::Section,
        })
    }

    /// The area of a level this one is, or lies in; none when it stands higher than that.
    pub fn up_to(&self, level: AreaLevel) -> Option<Self> {
        if level > self.level() {
            return None;
        }
        let length = match level {
            AreaLevel::District => DISTRICT,
            AreaLevel::Street => STREET,
            AreaLevel::Community => COMMUNITY,
            AreaLevel::Section => SECTION,
            AreaLevel::Group => GROUP,
        };
        Some(Self(format!("{:0<COMMUNITY$}", &self.0[..length])))
    }

    /// Whether this area is the other or lies in it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(other.significant())
    }

    /// The code without the zeros that only fill it up: the beginning of the codes of all areas within.
    pub fn significant(&self) -> &str {
        match (&self.0[DISTRICT..STREET], &self.0[STREET..COMMUNITY]) {
            ("000", _) => &self.0[..DISTRICT],
            (_, "000") => &self.0[..STREET],
            _ => &self.0,
        }
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AreaCode {
    type Err = NotAnAreaCode;

    fn from_str(text: &str) -> Result<Self, NotAnAreaCode> {
        let pattern: &[u8] = match text.len() {
            COMMUNITY => b"000000000000",
            SECTION => b"000000000000-S00",
            GROUP => b"000000000000-S00-G00",
            _ => return Err(NotAnAreaCode),
        };
        let fits = |(byte, wanted): (u8, &u8)| if *wanted == b'0' { byte.is_ascii_digit() } else { byte == *wanted };
        if !text.bytes().zip(pattern).all(fits) {
            return Err(NotAnAreaCode);
        }
        let none = |range: std::ops::Range<usize>| text.get(range).is_some_and(|part| part.bytes().all(|b| b == b'0'));
        let above_district = none(0..2) || none(2..4) || none(4..6);
        let lost_community = none(DISTRICT..STREET) && !none(STREET..COMMUNITY);
        let below_community = text.len() > COMMUNITY && (none(DISTRICT..STREET) || none(STREET..COMMUNITY));
        let unnumbered = none(SECTION - 2..SECTION) || none(GROUP - 2..GROUP);
        if above_district || lost_community || below_community || unnumbered {
            return Err(NotAnAreaCode);
        }
        Ok(Self(text.to_owned()))
    }
}

impl Serialize for AreaCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AreaCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The code.
    pub code: AreaCode,
    /// What it is; its level follows.
    pub kind: AreaKind,
    /// The short name: 大化社区, 小王庄镇, 常砖河村.
    pub name: Words,
}

/// All areas of a district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Areas {
    areas: BTreeMap<AreaCode, Area>,
}

impl Areas {
    /// Reads the list of areas: code, parent, level, kind, name in Chinese and in English.
    ///
    /// # Errors
    /// Every mistake with its line: unknown codes and kinds, names that are missing, codes given twice, a level or a
    /// parent that does not fit the code, a parent that is not in the list.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<CsvProblem>> {
        let mut problems = Problems::new(file);
        let columns = ["code", "parent", "level", "kind", "name_zh", "name_en"];
        let mut areas = BTreeMap::new();
        let mut lines = HashMap::new();
        for (line, row) in csv::rows(text, columns, &mut problems) {
            if let Some(area) = area(line, row, &mut problems) {
                lines.insert(area.code.clone(), line);
                if areas.insert(area.code.clone(), area).is_some() {
                    problems.add(line, "code", format!("{} is there twice", row[0]));
                }
            }
        }
        for code in areas.keys() {
            if let Some(parent) = code.parent()
                && !areas.contains_key(&parent)
            {
                problems.add(lines[code], "parent", format!("{parent} is not in the list"));
            }
        }
        problems.or(Self { areas })
    }

    /// The area with this code.
    pub fn get(&self, code: &AreaCode) -> Option<&Area> {
        self.areas.get(code)
    }

    /// All areas in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.areas.values()
    }

    /// The areas directly below one.
    pub fn children<'a>(&'a self, code: &'a AreaCode) -> impl Iterator<Item = &'a Area> {
        self.iter().filter(move |area| area.code.parent().as_ref() == Some(code))
    }

    /// The area itself and those above it, from the district down.
    pub fn path(&self, code: &AreaCode) -> Vec<&Area> {
        let mut path: Vec<&Area> =
            std::iter::successors(Some(code.clone()), AreaCode::parent).filter_map(|code| self.get(&code)).collect();
        path.reverse();
        path
    }
}

fn area(line: usize, row: [&str; 6], problems: &mut Problems<'_>) -> Option<Area> {
    let [code, parent, level, kind, name_zh, name_en] = row;
    let parsed: Option<AreaCode> = code.parse().map_err(|e| problems.add(line, "code", format!("{e}: `{code}`"))).ok();
    let known = AreaKind::ALL.into_iter().find(|known| known.key() == kind);
    if known.is_none() {
        let allowed = AreaKind::ALL.map(AreaKind::key).join(", ");
        problems.add(line, "kind", format!("`{kind}` is unknown; allowed: {allowed}"));
    }
    if let Some(code) = &parsed {
        let above = code.parent().map(|code| code.0).unwrap_or_default();
        if parent != above {
            problems.add(line, "parent", format!("must be `{above}`, which the code says"));
        }
        if level != code.level().key() {
            problems.add(line, "level", format!("must be `{}`, which the code says", code.level().key()));
        }
        if known.is_some_and(|kind| kind.level() != code.level()) {
            problems.add(line, "kind", format!("`{kind}` is not of the level {}", code.level().key()));
        }
    }
    let mut name = |column: &str, words: &str, max: usize| {
        let good = text::line(words, max).ok();
        if good.is_none() {
            problems.add(line, column, format!("must be 1 to {max} characters without control characters"));
        }
        good
    };
    let (zh, en) = (name("name_zh", name_zh, 20), name("name_en", name_en, 60));
    Some(Area { code: parsed?, kind: known?, name: Words { zh: zh?, en: en? } })
}

impl FromIterator<Area> for Areas {
    /// Areas that were checked before, as they come back from the database.
    fn from_iter<I: IntoIterator<Item = Area>>(areas: I) -> Self {
        Self { areas: areas.into_iter().map(|area| (area.code.clone(), area)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> AreaCode {
        text.parse().expect(text)
    }

    fn district() -> Areas {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/areas.csv");
        Areas::parse("areas.csv", &std::fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn the_district_has_eight_streets_and_142_communities() {
        let areas = district();
        let count = |kind| areas.iter().filter(|area| area.kind == kind).count();
        assert_eq!(count(AreaKind::District), 1);
        assert_eq!((count(AreaKind::StreetOffice), count(AreaKind::Town)), (6, 2));
        assert_eq!((count(AreaKind::Community), count(AreaKind::Village)), (80, 62));
        assert_eq!(areas.iter().count(), 151);
        assert_eq!(areas.children(&code("130903000000")).count(), 8);
        assert_eq!(areas.children(&code("130903001000")).count(), 11);
        let path: Vec<&str> = areas.path(&code("130903001007")).iter().map(|area| area.name.zh.as_str()).collect();
        assert_eq!(path, ["沧州市运河区", "水月寺街街道", "大化社区"]);
        assert_eq!(areas.get(&code("130903005027")).unwrap().name.en, "Chaoyang Community");
    }

    #[test]
    fn codes_know_their_level_and_what_lies_above() {
        for (text, level, parent) in [
            ("130903000000", AreaLevel::District, None),
            ("130903001000", AreaLevel::Street, Some("130903000000")),
            ("130903001007", AreaLevel::Community, Some("130903001000")),
            ("130903001007-S03", AreaLevel::Section, Some("130903001007")),
            ("130903001007-S03-G02", AreaLevel::Group, Some("130903001007-S03")),
        ] {
            assert_eq!(code(text).level(), level, "{text}");
            assert_eq!(code(text).parent(), parent.map(code), "{text}");
        }
        assert_eq!(code("130903001007-S03-G02").up_to(AreaLevel::Street), Some(code("130903001000")));
        assert_eq!(code("130903001000").up_to(AreaLevel::Community), None);
    }

    #[test]
    fn within_is_told_from_the_code() {
        let chain = ["130903000000", "130903001000", "130903001007", "130903001007-S03", "130903001007-S03-G02"];
        for (inner, a) in chain.iter().enumerate() {
            for (outer, b) in chain.iter().enumerate() {
                assert_eq!(code(a).is_within(&code(b)), outer <= inner, "{a} in {b}");
            }
        }
        assert!(!code("130903002007").is_within(&code("130903001000")));
        assert!(!code("130903100201").is_within(&code("130903101000")));
        // 130903010000 is another street, not the district 130903 with a short code.
        assert!(!code("130903010000").is_within(&code("130903001000")));
    }

    #[test]
    fn other_texts_are_no_codes() {
        for text in [
            "",
            "130903",
            "13090300100",
            "1309030010070",
            "13090300100a",
            "000903001007",
            "130003001007",
            "130900000000",
            "130903000007",
            "130903001000-S01",
            "130903001007-S00",
            "130903001007-S1",
            "130903001007-S01-G00",
            "130903001007-G01",
            "130903001007-s01",
            "１30903001007",
        ] {
            assert_eq!(text.parse::<AreaCode>(), Err(NotAnAreaCode), "{text}");
        }
    }

    #[test]
    fn each_mistake_in_the_list_has_its_line() {
        let text = "\
# a list
code,parent,level,kind,name_zh,name_en
130903000000,,district,district,运河区,Yunhe District
130903001000,130903000000,street,town,水月寺街街道,Shuiyuesijie
130903001000,130903000000,street,street_office,水月寺街街道,Shuiyuesijie

130903001007,130903002000,community,hamlet,,Dahua
130903002009,130903002000,street,village,前程子村,Qianchengzi
13090300,x
130903001008-S01,130903001008,section,section,\"一片\",One
";
        let problems = Areas::parse("areas.csv", text).unwrap_err();
        let found: Vec<(usize, &str)> =
            problems.iter().map(|problem| (problem.line, problem.column.as_str())).collect();
        let expected =
            [(5, "code"), (7, "kind"), (7, "parent"), (7, "name_zh"), (8, "level"), (8, "parent"), (9, ""), (10, "")];
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(found.iter().collect::<std::collections::HashSet<_>>(), expected.iter().collect());
        assert!(problems[0].to_string().starts_with("areas.csv:5: `code`: "));
        assert!(Areas::parse("areas.csv", "code,name\n").unwrap_err()[0].message.contains("heading"));
        assert!(Areas::parse("areas.csv", "").is_err());
    }
}
