//! The home-care file of an elder who wishes one: whom to call, what they eat, how they are, how able they are.
//!
//! It has two parts that are opened apart from each other, [`Part`]; who may open which is [`may_open`]. What a job
//! needs to know of it is [`Facts::for_job`], and nothing else.

use serde::{Deserialize, Serialize};

use crate::meal::diet::Diet;
use crate::person::ELDER_FROM;
use crate::subsidy::facts::{Grade, Spell};
use crate::time::Day;
use crate::words::Words;

pub mod ability;

/// The most people to call.
pub const MOST_CONTACTS: usize = 8;
/// The most lines of a list: conditions, medicines, refusals.
pub const MOST_LINES: usize = 30;

/// Whether somebody born on a day may have a file on another: from sixty on.
pub fn is_for(born: Day, today: Day) -> bool {
    born.age_on(today) >= ELDER_FROM
}

/// What is opened apart from the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Whom to call, who has a key, what they wish.
    Contacts,
    /// Allergies, diet, conditions, medicines, the doctor, and how able they are.
    Health,
}

impl Part {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Contacts, Self::Health];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Health => "health",
        }
    }

    /// The part of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.key() == key)
    }

    /// For people.
    pub fn words(self) -> Words {
        match self {
            Self::Contacts => Words::new("联系人、钥匙和心愿", "contacts, keys and wishes"),
            Self::Health => Words::new("健康与饮食", "health and diet"),
        }
    }
}

/// Who wants to open a part, as it stands at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The one it is about.
    Elder,
    /// Their guardian.
    Guardian,
    /// Staff of where the elder lives.
    Staff,
    /// Somebody the elder has granted something.
    Granted {
        /// To see what is about the elder.
        see: bool,
        /// To know about their health.
        health: bool,
    },
    /// Anybody else.
    Stranger,
}

/// On whose authority a part was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ground {
    /// Their own.
    Elder,
    /// A guardian's.
    Guardian,
    /// Their office, with a reason.
    Staff,
    /// A grant of the elder.
    Grant,
    /// A job that has to be done for the elder.
    Job,
}

impl Ground {
    /// Every ground.
    pub const ALL: [Self; 5] = [Self::Elder, Self::Guardian, Self::Staff, Self::Grant, Self::Job];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Elder => "elder",
            Self::Guardian => "guardian",
            Self::Staff => "staff",
            Self::Grant => "grant",
            Self::Job => "job",
        }
    }

    /// The ground of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.key() == key)
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Elder => ("本人", "yourself"),
            Self::Guardian => ("监护人", "the guardian"),
            Self::Staff => ("社区工作人员", "staff of the community"),
            Self::Grant => ("您授权的人", "somebody you granted it to"),
            Self::Job => ("为您服务的人", "somebody who does a job for you"),
        };
        Words::new(zh, en)
    }
}

/// Whether somebody may open a part, and on whose authority. To those who may not, the file does not exist.
pub const fn may_open(who: Who, part: Part) -> Option<Ground> {
    match (who, part) {
        (Who::Elder, _) => Some(Ground::Elder),
        (Who::Guardian, _) => Some(Ground::Guardian),
        (Who::Staff, _) => Some(Ground::Staff),
        (Who::Granted { see: true, .. }, Part::Contacts) | (Who::Granted { see: true, health: true }, Part::Health) => {
            Some(Ground::Grant)
        }
        (Who::Granted { .. } | Who::Stranger, _) => None,
    }
}

/// How an elder agreed before staff who opened the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Consent {
    /// They did it themselves, or their guardian did.
    OwnHand,
    /// They signed at the desk.
    Signed,
    /// They said so at the desk, before a witness.
    Witnessed,
    /// They said so on the phone.
    Phone,
}

impl Consent {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::OwnHand, Self::Signed, Self::Witnessed, Self::Phone];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::OwnHand => "own_hand",
            Self::Signed => "signed",
            Self::Witnessed => "witnessed",
            Self::Phone => "phone",
        }
    }

    /// The way of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|consent| consent.key() == key)
    }
}

/// Somebody to call when something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Their name.
    pub name: String,
    /// What they are to the elder, in words.
    pub relation: String,
    /// Their number.
    pub phone: String,
    /// When they can be reached, in words; empty: always.
    pub hours: String,
}

/// Somebody with a name and a number: who has a key, the doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Their name.
    pub name: String,
    /// Their number.
    pub phone: String,
    /// What else there is to know: where they live, in which clinic.
    pub note: String,
}

/// The part [`Part::Contacts`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Around {
    /// Whom to call, the first first.
    pub contacts: Vec<Contact>,
    /// Who has a key.
    pub key_holder: Option<Named>,
    /// What the elder wishes.
    pub wishes: String,
}

/// What somebody eats. The groups, textures and refusals are those of the kitchens: [`Diet`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Eating {
    /// In the words of the kitchens. Little salt is a limit for a meal.
    pub diet: Diet,
    /// Allergies outside the eight groups, in words: somebody has to read them.
    pub other_allergies: Vec<String>,
    /// Little sugar.
    pub low_sugar: bool,
    /// Halal.
    pub halal: bool,
    /// Vegetarian.
    pub vegetarian: bool,
}

impl Eating {
    /// What kitchens compare their dishes with. Halal, vegetarian and little sugar become refusals of `not_halal`,
    /// `meat` and `sugar`, by which a kitchen marks what a dish contains.
    pub fn for_kitchen(&self) -> Diet {
        let wishes = [(self.halal, "not_halal"), (self.vegetarian, "meat"), (self.low_sugar, "sugar")];
        let mut diet = self.diet.clone();
        diet.refuses.extend(wishes.into_iter().filter(|(wished, _)| *wished).map(|(_, what)| what.to_owned()));
        diet
    }
}

/// The part [`Part::Health`], besides the assessments.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Health {
    /// What they eat.
    pub eating: Eating,
    /// Chronic conditions.
    pub conditions: Vec<String>,
    /// Medicines that matter for food.
    pub medicines: Vec<String>,
    /// Their doctor.
    pub doctor: Option<Named>,
    /// How they move about: what somebody who comes should know.
    pub mobility: String,
}

/// What is known of an elder on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The assessed grade, from when until when.
    pub grade: Option<Spell<Grade>>,
    /// What they eat.
    pub eating: Eating,
    /// Whom to call, the first first.
    pub contacts: Vec<Contact>,
    /// Who has a key.
    pub key_holder: Option<Named>,
    /// How they move about.
    pub mobility: String,
}

/// What has to be done for an elder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Cooking or bringing a meal.
    Meal,
    /// Coming to the door.
    Visit,
}

/// What a job needs to know, and no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needed {
    /// What they eat.
    Eating(Eating),
    /// How they move about.
    Mobility(String),
}

impl Facts {
    /// What a job needs to know.
    pub fn for_job(&self, job: Job) -> Needed {
        match job {
            Job::Meal => Needed::Eating(self.eating.clone()),
            Job::Visit => Needed::Mobility(self.mobility.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_sixtieth_birthday_on() {
        let born: Day = "1966-11-24".parse().unwrap();
        assert!(!is_for(born, "2026-11-23".parse().unwrap()));
        assert!(is_for(born, "2026-11-24".parse().unwrap()));
    }

    #[test]
    fn health_is_granted_apart() {
        let granted = |see, health| Who::Granted { see, health };
        assert_eq!(may_open(granted(true, false), Part::Contacts), Some(Ground::Grant));
        assert_eq!(may_open(granted(true, false), Part::Health), None);
        assert_eq!(may_open(granted(true, true), Part::Health), Some(Ground::Grant));
        assert_eq!(may_open(granted(false, true), Part::Health), None, "health alone opens nothing");
        assert_eq!(Part::ALL.map(|part| may_open(Who::Stranger, part)), [None, None]);
        assert_eq!(Part::ALL.map(|part| may_open(Who::Staff, part)), [Some(Ground::Staff); 2]);
    }

    #[test]
    fn a_kitchen_reads_wishes_as_refusals() {
        let eating = Eating { halal: true, low_sugar: true, ..Eating::default() };
        let refused: Vec<String> = eating.for_kitchen().refuses.into_iter().collect();
        assert_eq!(refused, ["not_halal", "sugar"]);
        assert!(Eating::default().for_kitchen().is_plain());
    }

    #[test]
    fn a_job_is_told_what_it_needs() {
        let facts = Facts {
            grade: None,
            eating: Eating { vegetarian: true, ..Eating::default() },
            contacts: Vec::new(),
            key_holder: None,
            mobility: "拄拐".into(),
        };
        assert_eq!(facts.for_job(Job::Visit), Needed::Mobility("拄拐".into()));
        assert_eq!(facts.for_job(Job::Meal), Needed::Eating(facts.eating.clone()));
    }
}
