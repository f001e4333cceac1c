//! Opening a file, changing its parts, closing it.

use std::collections::BTreeSet;

use futures::FutureExt;
use linli_domain::care_file::{self, Around, Consent, Health, MOST_CONTACTS, MOST_LINES, Named, Part};
use linli_domain::id::PersonId;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::care::{self, CareFile};
use linli_store::people::persons;
use serde_json::json;

use super::{LINE_MAX, NOTE_MAX, locked, seal, staff_of};
use crate::{App, Failure, Result, input};

/// How staff open a file for somebody.
#[derive(Debug, Clone)]
pub struct Opened {
    /// How the elder agreed.
    pub consent: Consent,
    /// Who witnessed it, where the paper is.
    pub note: String,
}

/// A part as it is to be.
#[derive(Debug, Clone)]
pub enum Change {
    /// Whom to call, who has a key, wishes.
    Contacts(Around),
    /// Health and diet.
    Health(Health),
}

impl Change {
    const fn part(&self) -> Part {
        match self {
            Self::Contacts(_) => Part::Contacts,
            Self::Health(_) => Part::Health,
        }
    }

    fn checked(self) -> Result<Self, Refusal> {
        Ok(match self {
            Self::Contacts(part) => Self::Contacts(contacts(part)?),
            Self::Health(part) => Self::Health(healthy(part)?),
        })
    }
}

impl App {
    /// Opens a file, for oneself or a ward.
    ///
    /// # Errors
    /// [`Code::NotFound`] for others, [`Code::CareFileTooYoung`], [`Code::CareFileExists`].
    pub async fn open_care_file(&self, actor: &Actor, person: PersonId) -> Result<()> {
        let (_, acting) = self.care_own(actor, person).await?;
        self.write_care_file(actor, person, acting, Consent::OwnHand, String::new()).await
    }

    /// Staff open a file for somebody who agreed.
    ///
    /// # Errors
    /// As [`App::open_care_file`]; [`Code::NotFound`] for people who live elsewhere.
    pub async fn open_care_file_at_desk(&self, actor: &Actor, person: PersonId, opened: Opened) -> Result<()> {
        staff_of(self.store.reads(), actor, person).await?;
        if opened.consent == Consent::OwnHand {
            return Err(value("consent", "signed、witnessed、phone", "signed, witnessed, phone"));
        }
        let note = input::note("note", &opened.note, NOTE_MAX)?;
        self.write_care_file(actor, person, ActingAs::Staff, opened.consent, note).await
    }

    async fn write_care_file(
        &self,
        actor: &Actor,
        person: PersonId,
        acting: ActingAs,
        consent: Consent,
        consent_note: String,
    ) -> Result<()> {
        let now = self.now();
        let file = CareFile {
            person,
            version: 1,
            contacts: seal(self, Part::Contacts.key(), person, &Around::default())?,
            health: seal(self, Part::Health.key(), person, &Health::default())?,
            opened_at: now,
            opened_by: actor.account,
            consent,
            consent_note,
            due_on: None,
            told: false,
        };
        let saying = json!({ "consent": consent.key() });
        let entry = self.entry(actor, acting, "care_file.begun").about(person).saying(saying);
        self.store
            .write(move |tx| {
                async move {
                    let elder = persons::person_locked(tx, person).await?.ok_or(Code::NotFound)?;
                    if !elder.birth_date.is_some_and(|born| care_file::is_for(born, now.day())) {
                        return Err(Code::CareFileTooYoung.into());
                    }
                    if care::file(tx, person).await?.is_some() {
                        return Err(Code::CareFileExists.into());
                    }
                    care::save(tx, &file).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }

    /// Closes a file of one's own or of a ward: what is in it is deleted. Who had opened it can still be read.
    ///
    /// # Errors
    /// [`Code::NotFound`] for others, [`Code::CareFileNone`].
    pub async fn close_care_file(&self, actor: &Actor, person: PersonId) -> Result<()> {
        let (_, acting) = self.care_own(actor, person).await?;
        let entry = self.entry(actor, acting, "care_file.closed").about(person);
        self.remove_care_file(person, entry).await
    }

    /// Staff close a file for somebody who no longer wishes it.
    ///
    /// # Errors
    /// As [`App::close_care_file`], and those of the reason.
    pub async fn close_care_file_at_desk(&self, actor: &Actor, person: PersonId, reason: &str) -> Result<()> {
        staff_of(self.store.reads(), actor, person).await?;
        input::note("reason", reason, NOTE_MAX)?;
        let entry = self.entry(actor, ActingAs::Staff, "care_file.closed").about(person);
        self.remove_care_file(person, entry).await
    }

    async fn remove_care_file(&self, person: PersonId, entry: AuditEntry) -> Result<()> {
        self.store
            .write(move |tx| {
                async move {
                    locked(tx, person).await?;
                    care::remove(tx, person).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }

    /// Changes a part of a file of one's own or of a ward.
    ///
    /// # Errors
    /// [`Code::NotFound`] for others, [`Code::CareFileNone`], [`Code::StaleVersion`], and those of what is written.
    pub async fn change_care_file(&self, actor: &Actor, person: PersonId, version: i64, change: Change) -> Result<()> {
        let (_, acting) = self.care_own(actor, person).await?;
        self.put_care_part(actor, person, version, change, acting).await
    }

    /// Staff write a part down as the elder says it.
    ///
    /// # Errors
    /// As [`App::change_care_file`].
    pub async fn change_care_file_at_desk(
        &self,
        actor: &Actor,
        person: PersonId,
        version: i64,
        change: Change,
    ) -> Result<()> {
        staff_of(self.store.reads(), actor, person).await?;
        self.put_care_part(actor, person, version, change, ActingAs::Staff).await
    }

    async fn put_care_part(
        &self,
        actor: &Actor,
        person: PersonId,
        version: i64,
        change: Change,
        acting: ActingAs,
    ) -> Result<()> {
        let change = change.checked()?;
        let part = change.part();
        let sealed = match &change {
            Change::Contacts(part) => seal(self, Part::Contacts.key(), person, part)?,
            Change::Health(part) => seal(self, Part::Health.key(), person, part)?,
        };
        let saying = json!({ "part": part.key() });
        let entry = self.entry(actor, acting, "care_file.changed").about(person).saying(saying);
        self.store
            .write(move |tx| {
                async move {
                    let mut file = locked(tx, person).await?;
                    if file.version != version {
                        return Err(Code::StaleVersion.into());
                    }
                    file.version += 1;
                    match part {
                        Part::Contacts => file.contacts = sealed,
                        Part::Health => file.health = sealed,
                    }
                    care::save(tx, &file).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }
}

fn contacts(part: Around) -> Result<Around, Refusal> {
    few("contacts", part.contacts.len(), MOST_CONTACTS)?;
    let contacts = part.contacts.into_iter().map(|mut contact| {
        contact.name = input::name(&contact.name)?;
        contact.relation = input::line("relation", &contact.relation, LINE_MAX)?;
        contact.phone = crate::manage::phone(&contact.phone)?;
        contact.hours = line_or_none("hours", &contact.hours)?;
        Ok(contact)
    });
    Ok(Around {
        contacts: contacts.collect::<Result<_, Refusal>>()?,
        key_holder: part.key_holder.map(named).transpose()?,
        wishes: match part.wishes.trim() {
            "" => String::new(),
            wishes => input::note("wishes", wishes, NOTE_MAX)?,
        },
    })
}

fn healthy(mut part: Health) -> Result<Health, Refusal> {
    part.eating.other_allergies = lines("other_allergies", part.eating.other_allergies)?;
    let refuses: Vec<String> = part.eating.diet.refuses.into_iter().collect();
    part.eating.diet.refuses = lines("refuses", refuses)?.into_iter().collect::<BTreeSet<_>>();
    part.conditions = lines("conditions", part.conditions)?;
    part.medicines = lines("medicines", part.medicines)?;
    part.doctor = part.doctor.map(named).transpose()?;
    part.mobility = line_or_none("mobility", &part.mobility)?;
    Ok(part)
}

fn named(mut one: Named) -> Result<Named, Refusal> {
    one.name = input::name(&one.name)?;
    one.phone = crate::manage::phone(&one.phone)?;
    one.note = line_or_none("note", &one.note)?;
    Ok(one)
}

fn lines(field: &'static str, texts: Vec<String>) -> Result<Vec<String>, Refusal> {
    few(field, texts.len(), MOST_LINES)?;
    texts.iter().map(|text| input::line(field, text, LINE_MAX)).collect()
}

fn line_or_none(field: &'static str, text: &str) -> Result<String, Refusal> {
    if text.trim().is_empty() { Ok(String::new()) } else { input::line(field, text, LINE_MAX) }
}

fn few(field: &'static str, count: usize, most: usize) -> Result<(), Refusal> {
    let allowed = Words::new(format!("最多 {most} 项"), format!("at most {most}"));
    if count <= most { Ok(()) } else { Err(Refusal::new(Code::ValueInvalid).field(field).with("allowed", allowed)) }
}

fn value(field: &'static str, zh: &str, en: &str) -> Failure {
    Refusal::new(Code::ValueInvalid).field(field).with("allowed", Words::new(zh, en)).into()
}
