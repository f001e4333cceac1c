//! The home-care file as it goes over the wire.

use linli_application::care_file::{AssessmentView, Assessor, Change, FileView, NewAssessment, OpeningView, PartView};
use linli_domain::care_file::{self as domain, Around, Eating, Named, ability};
use linli_domain::id::{AssessmentId, CareOpeningId};
use linli_domain::meal::diet;
use linli_domain::refusal::{Code, Refusal};
use poem_openapi::{Enum, Object};

use super::people::keys;
use super::{At, Id, On, Text, Words};
use crate::problem::Answer;

const LINE: usize = 60;
const NOTE: usize = 300;

keys! {
    /// A part of a file that is opened apart from the other.
    CarePartKey = domain::Part {
        /// Whom to call, who has a key, wishes.
        Contacts,
        /// Health and diet, and the assessments.
        Health,
    }
}

keys! {
    /// How somebody agreed to a file.
    CareConsentKey = domain::Consent {
        /// They, or their guardian, opened it themselves.
        OwnHand,
        /// They signed at the desk.
        Signed,
        /// They said so at the desk, before a witness.
        Witnessed,
        /// They said so on the phone.
        Phone,
    }
}

keys! {
    /// A group of foods that cause allergies.
    AllergenKey = diet::Allergen {
        /// Grains that contain gluten.
        Gluten,
        /// Shrimps, crabs and other crustaceans.
        Crustaceans,
        /// Fish.
        Fish,
        /// Eggs.
        Eggs,
        /// Peanuts.
        Peanuts,
        /// Soya.
        Soy,
        /// Milk, lactose included.
        Milk,
        /// Nuts.
        Nuts,
    }
}

keys! {
    /// How food is prepared: the levels 3 to 7 of IDDSI.
    TextureKey = diet::Texture {
        /// Level 3.
        Liquidised,
        /// Level 4.
        Pureed,
        /// Level 5.
        Minced,
        /// Level 6.
        Soft,
        /// Level 7.
        Regular,
    }
}

keys! {
    /// What happened to an elder and counts for the care they need.
    CareEventKey = ability::EventKind {
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
}

/// Somebody to call.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct CareContact {
    /// Their name.
    pub name: Text<30>,
    /// What they are to the elder.
    pub relation: Text<LINE>,
    /// Their number.
    pub phone: Text<20>,
    /// When they can be reached; empty: always.
    pub hours: Text<LINE, 0>,
}

/// Somebody with a name and a number.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct CareNamed {
    /// Their name.
    pub name: Text<30>,
    /// Their number.
    pub phone: Text<20>,
    /// Where they live, in which clinic they are.
    pub note: Text<LINE, 0>,
}

impl From<CareNamed> for Named {
    fn from(one: CareNamed) -> Self {
        Self { name: one.name.0, phone: one.phone.0, note: one.note.0 }
    }
}

impl From<Named> for CareNamed {
    fn from(one: Named) -> Self {
        Self { name: Text(one.name), phone: Text(one.phone), note: Text(one.note) }
    }
}

/// Whom to call, who has a key, wishes.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CareContacts {
    /// The first is called first; at most eight.
    pub contacts: Vec<CareContact>,
    /// Who has a key.
    pub key_holder: Option<CareNamed>,
    /// What the elder wishes.
    pub wishes: Text<NOTE, 0>,
}

impl From<CareContacts> for Change {
    fn from(part: CareContacts) -> Self {
        let contact = |one: CareContact| domain::Contact {
            name: one.name.0,
            relation: one.relation.0,
            phone: one.phone.0,
            hours: one.hours.0,
        };
        Self::Contacts(Around {
            contacts: part.contacts.into_iter().map(contact).collect(),
            key_holder: part.key_holder.map(Into::into),
            wishes: part.wishes.0,
        })
    }
}

impl From<Around> for CareContacts {
    fn from(part: Around) -> Self {
        let contact = |one: domain::Contact| CareContact {
            name: Text(one.name),
            relation: Text(one.relation),
            phone: Text(one.phone),
            hours: Text(one.hours),
        };
        Self {
            contacts: part.contacts.into_iter().map(contact).collect(),
            key_holder: part.key_holder.map(Into::into),
            wishes: Text(part.wishes),
        }
    }
}

/// Health and diet.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CareHealth {
    /// Allergies of the eight groups.
    pub allergies: Vec<AllergenKey>,
    /// Other allergies, in words.
    pub other_allergies: Vec<Text<LINE>>,
    /// What is refused: `pork`, `coriander`.
    pub refuses: Vec<Text<LINE>>,
    /// The hardest texture that can be swallowed; all where nothing is said.
    pub texture: Option<TextureKey>,
    /// The most salt of a meal, in milligrams.
    #[oai(validator(minimum(value = "0"), maximum(value = "20000")))]
    pub most_salt_mg: Option<u32>,
    /// Little sugar.
    pub low_sugar: bool,
    /// Halal.
    pub halal: bool,
    /// Vegetarian.
    pub vegetarian: bool,
    /// Chronic conditions.
    pub conditions: Vec<Text<LINE>>,
    /// Medicines that matter for food.
    pub medicines: Vec<Text<LINE>>,
    /// The doctor.
    pub doctor: Option<CareNamed>,
    /// How they move about.
    pub mobility: Text<LINE, 0>,
}

fn plain(texts: Vec<Text<LINE>>) -> Vec<String> {
    texts.into_iter().map(|text| text.0).collect()
}

fn texts(plain: impl IntoIterator<Item = String>) -> Vec<Text<LINE>> {
    plain.into_iter().map(Text).collect()
}

impl From<CareHealth> for Change {
    fn from(part: CareHealth) -> Self {
        let diet = diet::Diet {
            allergies: part.allergies.into_iter().map(Into::into).collect(),
            refuses: plain(part.refuses).into_iter().collect(),
            texture: part.texture.map(Into::into),
            most_salt_mg: part.most_salt_mg,
        };
        let eating = Eating {
            diet,
            other_allergies: plain(part.other_allergies),
            low_sugar: part.low_sugar,
            halal: part.halal,
            vegetarian: part.vegetarian,
        };
        Self::Health(domain::Health {
            eating,
            conditions: plain(part.conditions),
            medicines: plain(part.medicines),
            doctor: part.doctor.map(Into::into),
            mobility: part.mobility.0,
        })
    }
}

impl From<domain::Health> for CareHealth {
    fn from(part: domain::Health) -> Self {
        let Eating { diet, other_allergies, low_sugar, halal, vegetarian } = part.eating;
        Self {
            allergies: diet.allergies.into_iter().map(Into::into).collect(),
            other_allergies: texts(other_allergies),
            refuses: texts(diet.refuses),
            texture: diet.texture.map(Into::into),
            most_salt_mg: diet.most_salt_mg,
            low_sugar,
            halal,
            vegetarian,
            conditions: texts(part.conditions),
            medicines: texts(part.medicines),
            doctor: part.doctor.map(Into::into),
            mobility: Text(part.mobility),
        }
    }
}

/// Who assesses.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct CareAssessor {
    /// Their name.
    pub name: Text<30>,
    /// The number of their certificate.
    pub certificate: Text<LINE>,
}

/// Points of an item.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct CareScore {
    /// The key of the item.
    pub item: Text<LINE>,
    /// The points.
    #[oai(validator(minimum(value = "0"), maximum(value = "90")))]
    pub points: u8,
}

/// The form of the ability assessment.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct AbilityScale {
    /// Its four domains.
    pub domains: Vec<AbilityDomain>,
}

/// A domain of the form.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct AbilityDomain {
    /// Its name.
    pub name: Words,
    /// Its items, as they stand on the form.
    pub items: Vec<AbilityItem>,
}

/// An item of the form.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct AbilityItem {
    /// The key.
    pub key: String,
    /// Its name.
    pub name: Words,
    /// The most points; none is 0.
    pub max: u8,
}

impl From<&ability::Scale> for AbilityScale {
    fn from(scale: &ability::Scale) -> Self {
        let item = |(key, item): (&str, &ability::Item)| AbilityItem {
            key: key.to_owned(),
            name: linli_domain::words::Words::new(&item.zh, &item.en).into(),
            max: item.max,
        };
        let domain = |(name, items): (linli_domain::words::Words, Vec<_>)| AbilityDomain {
            name: name.into(),
            items: items.into_iter().map(item).collect(),
        };
        Self { domains: scale.form().into_iter().map(domain).collect() }
    }
}

/// Something that happened.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct CareEvent {
    /// What.
    pub kind: CareEventKey,
    /// When.
    pub day: On,
}

/// An assessment to be written down.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct AssessmentIn {
    /// When it was made.
    pub assessed_on: On,
    /// Where.
    pub place: Text<LINE>,
    /// By whom: two.
    pub assessors: Vec<CareAssessor>,
    /// Every item; none in a coma.
    pub scores: Vec<CareScore>,
    /// The sum on the form, to be compared.
    #[oai(validator(minimum(value = "0"), maximum(value = "90")))]
    pub score: Option<u8>,
    /// In a coma.
    #[oai(default)]
    pub coma: bool,
    /// Dementia, diagnosed.
    #[oai(default)]
    pub dementia: bool,
    /// Another mental or behavioural disorder, diagnosed by a specialist.
    #[oai(default)]
    pub disorder: bool,
    /// What happened lately.
    #[oai(default)]
    pub events: Vec<CareEvent>,
}

impl AssessmentIn {
    /// The assessment, if no item is in it twice.
    pub(crate) fn read(self) -> Answer<NewAssessment> {
        let count = self.scores.len();
        let scores: std::collections::BTreeMap<String, u8> =
            self.scores.into_iter().map(|one| (one.item.0, one.points)).collect();
        if scores.len() != count {
            let what = linli_domain::words::Words::new("有项目填写了两次", "An item stands there twice");
            return Err(Refusal::new(Code::AbilityScores).field("scores").with("what", what).into());
        }
        let event = |event: CareEvent| ability::Event { kind: event.kind.into(), day: event.day.0 };
        let assessor = |one: CareAssessor| Assessor { name: one.name.0, certificate: one.certificate.0 };
        Ok(NewAssessment {
            on: self.assessed_on.0,
            place: self.place.0,
            assessors: self.assessors.into_iter().map(assessor).collect(),
            scores,
            score: self.score,
            findings: ability::Findings {
                coma: self.coma,
                dementia: self.dementia,
                disorder: self.disorder,
                events: self.events.into_iter().map(event).collect(),
            },
        })
    }
}

/// An assessment.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct AbilityAssessment {
    /// Which.
    pub id: Id<AssessmentId>,
    /// When it was made.
    pub assessed_on: On,
    /// The last day on which it counts.
    pub until: On,
    /// Where.
    pub place: String,
    /// By whom.
    pub assessors: Vec<CareAssessor>,
    /// Points of the four domains: self-care, basic motor, mental state, perception and social participation; empty
    /// in a coma.
    pub domains: Vec<u8>,
    /// Their sum.
    pub score: Option<u8>,
    /// The grade of the score, 0 to 4.
    pub first_grade: u8,
    /// The grade that counts, 0 to 4.
    pub grade: u8,
    /// The same in words.
    pub words: Words,
}

impl From<AssessmentView> for AbilityAssessment {
    fn from(view: AssessmentView) -> Self {
        let (judged, found) = (view.found.judged, view.found);
        let assessor = |one: Assessor| CareAssessor { name: Text(one.name), certificate: Text(one.certificate) };
        Self {
            id: Id(view.id),
            assessed_on: found.on.into(),
            until: view.until.into(),
            place: found.place,
            assessors: found.assessors.into_iter().map(assessor).collect(),
            domains: judged.domains.map(Vec::from).unwrap_or_default(),
            score: judged.score,
            first_grade: judged.first.number(),
            grade: judged.grade.number(),
            words: judged.grade.words().into(),
        }
    }
}

/// A home-care file.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CareFile {
    /// Raised with every change.
    pub version: i64,
    /// Since when.
    pub opened_at: At,
    /// How the elder agreed.
    pub consent: CareConsentKey,
    /// The day on which the next assessment falls due.
    pub due_on: Option<On>,
    /// Whom to call, who has a key, wishes.
    pub contacts: CareContacts,
    /// Health and diet.
    pub health: CareHealth,
    /// The assessments, the latest first.
    pub assessments: Vec<AbilityAssessment>,
}

impl From<FileView> for CareFile {
    fn from(view: FileView) -> Self {
        Self {
            version: view.file.version,
            opened_at: view.file.opened_at.into(),
            consent: view.file.consent.into(),
            due_on: view.file.due_on.map(On),
            contacts: view.around.into(),
            health: view.health.into(),
            assessments: view.assessments.into_iter().map(Into::into).collect(),
        }
    }
}

/// One part of a file, as staff read it.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CarePart {
    /// Of the file; a change names it.
    pub version: i64,
    /// The part of contacts, when that was opened.
    pub contacts: Option<CareContacts>,
    /// The part of health, when that was opened.
    pub health: Option<CareHealth>,
    /// The assessments, the latest first, with the part of health.
    pub assessments: Vec<AbilityAssessment>,
}

impl From<(i64, PartView)> for CarePart {
    fn from((version, view): (i64, PartView)) -> Self {
        match view {
            PartView::Contacts(part) => {
                Self { version, contacts: Some(part.into()), health: None, assessments: Vec::new() }
            }
            PartView::Health(part, assessments) => Self {
                version,
                contacts: None,
                health: Some(part.into()),
                assessments: assessments.into_iter().map(Into::into).collect(),
            },
        }
    }
}

/// That somebody opened a part.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct CareOpening {
    /// Which.
    pub id: Id<CareOpeningId>,
    /// When.
    pub at: At,
    /// Which part.
    pub part: CarePartKey,
    /// Who opened what.
    pub words: Words,
    /// Why, in the words of whoever did; may be empty.
    pub reason: String,
}

impl From<OpeningView> for CareOpening {
    fn from(view: OpeningView) -> Self {
        Self {
            id: Id(view.id),
            at: view.at.into(),
            part: view.part.into(),
            words: view.words.into(),
            reason: view.reason,
        }
    }
}

/// Openings, and where the next page begins.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CareOpeningPage {
    /// The openings, the latest first.
    pub items: Vec<CareOpening>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}
