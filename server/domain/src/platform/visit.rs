//! What only kinds of shape `dispatch` have: how somebody is found who comes, and what a visit is like.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::courses::own_key;
use super::model::Shape;
use super::read::{Table, Written, one_of};
use super::rules::Bound;
use crate::geo::Travel;
use crate::ranking::Weights;
use crate::words::Words;
use crate::worker::Document;

/// How somebody is found. A kind has one way or several, tried one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// Offers to the best suited, one or a few at a time, in widening waves.
    Ranked,
    /// Everybody suited sees it; the first to accept has it.
    Board,
    /// Every few seconds the best assignment of all open jobs to all free workers, made as offers.
    Batch,
    /// The company that looks after the compound, or whoever is responsible for the kind there.
    Contract,
    /// Community staff send somebody.
    Staff,
}

impl Way {
    /// All ways.
    pub const ALL: [Self; 5] = [Self::Ranked, Self::Board, Self::Batch, Self::Contract, Self::Staff];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ranked => "ranked",
            Self::Board => "board",
            Self::Batch => "batch",
            Self::Contract => "contract",
            Self::Staff => "staff",
        }
    }

    /// The way of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.key() == key)
    }

    /// Whether workers are asked and may decline. Otherwise somebody responsible sends one of theirs.
    pub const fn asks_workers(self) -> bool {
        matches!(self, Self::Ranked | Self::Board | Self::Batch)
    }
}

/// How the price comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceForm {
    /// Nobody pays anything.
    Free,
    /// What is shown is what is paid.
    Fixed,
    /// So much for each hour begun.
    Hourly,
    /// So much for coming to look; the rest is quoted at the door and needs the resident's yes.
    Quote,
}

impl PriceForm {
    /// All forms.
    pub const ALL: [Self; 4] = [Self::Free, Self::Fixed, Self::Hourly, Self::Quote];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Fixed => "fixed",
            Self::Hourly => "hourly",
            Self::Quote => "quote",
        }
    }

    /// The form of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.key() == key)
    }
}

/// What a resident may wish of who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wish {
    /// A woman, or a man.
    Gender,
    /// Somebody who speaks their language or dialect.
    Language,
    /// Somebody they know, or not a certain one.
    Worker,
}

impl Wish {
    /// All wishes.
    pub const ALL: [Self; 3] = [Self::Gender, Self::Language, Self::Worker];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Gender => "gender",
            Self::Language => "language",
            Self::Worker => "worker",
        }
    }
}

/// Where somebody comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Where {
    /// To a door: an address.
    Home,
    /// To any place in the district: a lamp, a manhole.
    Spot,
}

impl Where {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Spot => "spot",
        }
    }
}

/// Whom a kind's contract is with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContractWith {
    /// The company that looks after the compound, where there is one; otherwise whoever is responsible for the area.
    Compound,
    /// Whoever is responsible for the area.
    Area,
}

impl ContractWith {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Compound => "compound",
            Self::Area => "area",
        }
    }
}

/// Deadlines of what cannot wait. Missed ones climb: to the community, the street office, the district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Urgent {
    /// Somebody has said yes within so many minutes.
    pub accept_minutes: u16,
    /// Somebody is there within so many minutes.
    pub arrive_minutes: u16,
}

/// What a visit of a kind is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitTerms {
    /// The ways to find somebody, the first to be tried first.
    pub ways: Vec<Way>,
    /// So many minutes each way is given before the next is tried, and, after the last, until people are told that
    /// nobody was found.
    pub find_minutes: u16,
    /// Offers made at once in the first wave of `ranked`; each further wave makes twice as many.
    pub first_wave: u8,
    /// How long an offer stands from its first push, in seconds.
    pub offer_seconds: u16,
    /// Whose it is to see to it.
    pub contract_with: ContractWith,
    /// How the price comes about; the amount is in the rules.
    pub price: PriceForm,
    /// By which means workers may come. A car is for what cannot be carried.
    pub travel: Vec<Travel>,
    /// The fifteen-minute circle: so many minutes on streets from the worker to the door, by their own means.
    pub circle_minutes: u16,
    /// Where somebody comes to.
    pub place: Where,
    /// Whether work starts with the resident's code.
    pub code: bool,
    /// Whether pictures before and after belong to it.
    pub photos: bool,
    /// Whether whoever reports it may keep it to themselves and those who work on it.
    pub may_be_private: bool,
    /// What one thing is that is reported once: which lift, which lamp. The same again follows the first report.
    pub thing: Option<Words>,
    /// What residents may wish.
    pub wishes: Vec<Wish>,
    /// Skills a worker may have for it, by key.
    pub skills: Vec<(String, Words)>,
    /// Papers a worker needs for it, by key.
    pub documents: Vec<String>,
    /// Deadlines, where it is urgent. Urgent kinds may go beyond the circle by themselves.
    pub urgent: Option<Urgent>,
    /// So many days after it is done the resident is asked whether it still holds; none: not asked.
    pub ask_after_days: Option<u16>,
    /// What the facts of a candidate are worth, where it is not the usual.
    pub ranking: Option<Weights>,
    /// Served to other programs as Open311 GeoReport.
    pub open311: bool,
}

impl VisitTerms {
    /// Whether reports of it can be seen and followed by others: they are of a place, not of a home. Whoever may keep
    /// theirs private decides it with each report.
    pub fn is_shareable(&self) -> bool {
        self.place == Where::Spot && (self.open311 || self.thing.is_some())
    }
}

macro_rules! keys {
    ($($type:ty),*) => {$(
        impl Written for $type {
            fn allowed() -> String {
                one_of(&<$type>::ALL.map(<$type>::key))
            }
        }
        impl Written for Vec<$type> {
            fn allowed() -> String {
                format!("a list out of {}", one_of(&<$type>::ALL.map(<$type>::key)))
            }
        }
    )*};
}

keys!(Way, PriceForm, Wish, Travel);

impl Written for Where {
    fn allowed() -> String {
        "home, spot".to_owned()
    }
}

impl Written for ContractWith {
    fn allowed() -> String {
        one_of(&[Self::Compound, Self::Area].map(Self::key))
    }
}

impl Written for Vec<String> {
    fn allowed() -> String {
        "a list of texts in quotes".to_owned()
    }
}

impl Written for Weights {
    fn allowed() -> String {
        "points by fact, as in `{ same_carer = 300 }`".to_owned()
    }
}

/// Reads it from the table of a kind, and complains of it where the shape is another.
pub(super) fn read(table: &mut Table<'_>, shape: Option<Shape>, free: bool) -> Option<VisitTerms> {
    match shape {
        Some(Shape::Dispatch) => {}
        Some(_) => {
            table.forbid(&["visit"], "belongs to the shape `dispatch`", "leaving it out");
            return None;
        }
        None => {
            table.pass_over(&["visit"]);
            return None;
        }
    }
    let Some(of) = table.table("visit") else {
        if !table.has("visit") {
            table.problem("visit", "is missing", "`[kinds.visit]`: how somebody is found, and what it costs");
        }
        return None;
    };
    terms(of, free)
}

fn terms(mut table: Table<'_>, free: bool) -> Option<VisitTerms> {
    let ways: Option<Vec<Way>> = table.required("ways");
    if ways.as_ref().is_some_and(|ways| ways.is_empty() || repeats(ways)) {
        table.problem("ways", "names no way, or one twice", "one way or more, each once");
    }
    let contract_with: Option<ContractWith> = table.optional("contract_with");
    if contract_with.is_some() && !ways.as_ref().is_some_and(|ways| ways.contains(&Way::Contract)) {
        table.problem("contract_with", "is for kinds with the way `contract`", "leaving it out");
    }
    let find_minutes = table.number("find_minutes", Bound { min: 1, max: 7 * 24 * 60 });
    let first_wave = table.number("first_wave", Bound { min: 1, max: 20 });
    let offer_seconds = table.number("offer_seconds", Bound { min: 30, max: 3600 });
    let price: Option<PriceForm> = table.required("price");
    if price.is_some_and(|price| (price == PriceForm::Free) != free) {
        table.problem(
            "price",
            "does not suit what the kind says of `free`",
            "`free` for a free kind, and for no other",
        );
    }
    let travel: Vec<Travel> = table.optional("travel").unwrap_or_else(|| vec![Travel::Foot, Travel::EBike]);
    if travel.is_empty() || repeats(&travel) {
        table.problem("travel", "names no means, or one twice", "one means or more, each once");
    }
    let circle_minutes = table.number("circle_minutes", Bound { min: 5, max: 240 });
    let place = table.optional("place").unwrap_or(Where::Home);
    let thing = table.optional_words("thing", 20, 60);
    let wishes: Vec<Wish> = table.optional("wishes").unwrap_or_default();
    let mut seen = HashSet::new();
    let skills = table
        .tables("skills")
        .into_iter()
        .filter_map(|mut skill| {
            let key = own_key(&mut skill, &mut seen);
            let name = skill.words("name", 16, 60);
            skill.finish();
            Some((key?, name?))
        })
        .collect();
    let urgent = table.table("urgent").and_then(|mut urgent| {
        let day = Bound { min: 1, max: 24 * 60 };
        let accept_minutes = urgent.required_number("accept_minutes", day);
        let arrive_minutes = urgent.required_number("arrive_minutes", day);
        urgent.finish();
        Some(Urgent { accept_minutes: accept_minutes?, arrive_minutes: arrive_minutes? })
    });
    let ranking: Option<Weights> = table.optional("ranking");
    for (field, allowed) in ranking.iter().flat_map(Weights::check) {
        table.problem("ranking", format!("`{field}` is out of bounds"), allowed);
    }
    let read = VisitTerms {
        ways: ways.unwrap_or_default(),
        find_minutes: find_minutes.unwrap_or(20),
        first_wave: first_wave.unwrap_or(1),
        offer_seconds: offer_seconds.unwrap_or(180),
        contract_with: contract_with.unwrap_or(ContractWith::Area),
        price: price.unwrap_or(PriceForm::Free),
        travel,
        circle_minutes: circle_minutes.unwrap_or(15),
        place,
        code: table.flag("code"),
        photos: table.flag("photos"),
        may_be_private: table.flag("may_be_private"),
        thing,
        wishes,
        skills,
        documents: documents(&mut table),
        urgent,
        ask_after_days: table.number("ask_after_days", Bound { min: 1, max: 366 }),
        ranking,
        open311: table.flag("open311"),
    };
    table.finish();
    (!read.ways.is_empty() && price.is_some()).then_some(read)
}

/// Papers by key; one that nobody knows could never be shown.
fn documents(table: &mut Table<'_>) -> Vec<String> {
    let keys: Vec<String> = table.optional("documents").unwrap_or_default();
    if repeats(&keys) || keys.iter().any(|key| Document::from_key(key).is_none()) {
        let known = one_of(&Document::ALL.map(Document::key));
        table.problem("documents", "names no paper that is known, or one twice", format!("a list out of {known}"));
    }
    keys
}

fn repeats<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().any(|(index, one)| list[..index].contains(one))
}
