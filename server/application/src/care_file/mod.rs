//! The home-care file: opened by whoever wishes one, read by those who may, each opening on record.
//!
//! Both parts and the assessments are sealed; what is sealed for one person cannot be opened as another's.

mod assess;
mod change;
mod facts;
mod read;

pub(crate) use assess::due;
pub use assess::{Assessed, Assessor, NewAssessment, scale};
pub use change::{Change, Opened};
pub use facts::{facts, for_job};
pub(crate) use read::export;
pub use read::{AssessmentView, FileView, OpeningView, PartView};

use linli_domain::care_file::{Around, Health, Part, Who};
use linli_domain::id::PersonId;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_store::audit::ActingAs;
use linli_store::care::{self, CareFile};
use linli_store::people::persons;
use linli_store::{Reads, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{App, Failure, Result};

/// The longest line: a condition, a medicine, hours.
pub const LINE_MAX: usize = 60;
/// The longest note: wishes, a reason.
pub const NOTE_MAX: usize = 300;

impl App {
    /// In what part somebody acts on the file of a person: for themselves or as a guardian.
    async fn care_own(&self, actor: &Actor, person: PersonId) -> Result<(Who, ActingAs)> {
        match self.capacity_for(actor, person).await? {
            Some(ActingAs::Resident) => Ok((Who::Elder, ActingAs::Resident)),
            Some(acting) => Ok((Who::Guardian, acting)),
            None => Err(Code::NotFound.into()),
        }
    }
}

/// Staff act for people who live where they work; to others nobody exists here.
async fn staff_of(reads: &impl Reads, actor: &Actor, person: PersonId) -> Result<()> {
    let person = persons::person(reads, person).await?.ok_or(Code::NotFound)?;
    let governs = person.community.as_ref().is_some_and(|community| actor.governs(community));
    if governs { Ok(()) } else { Err(Code::NotFound.into()) }
}

/// The file of a person who is locked in this transaction.
async fn locked(tx: &Tx, person: PersonId) -> Result<CareFile> {
    persons::person_locked(tx, person).await?.ok_or(Code::NotFound)?;
    care::file(tx, person).await?.ok_or(Code::CareFileNone.into())
}

fn purpose(what: &str, person: PersonId) -> String {
    format!("care_file.{what}/{person}")
}

fn seal(app: &App, what: &str, person: PersonId, value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(value).map_err(|error| Failure::Fault(format!("a part of a file: {error}")))?;
    Ok(app.keys.seal(&purpose(what, person), &text, &*app.random))
}

fn unseal<T: DeserializeOwned>(app: &App, what: &str, person: PersonId, sealed: &str) -> Result<T> {
    let text = app.keys.open(&purpose(what, person), sealed);
    let text = text.map_err(|error| Failure::Fault(format!("a home-care file: {error}")))?;
    serde_json::from_str(&text).map_err(|_| Failure::Fault(format!("a home-care file's {what} cannot be read")))
}

fn around(app: &App, file: &CareFile) -> Result<Around> {
    unseal(app, Part::Contacts.key(), file.person, &file.contacts)
}

fn health(app: &App, file: &CareFile) -> Result<Health> {
    unseal(app, Part::Health.key(), file.person, &file.health)
}
