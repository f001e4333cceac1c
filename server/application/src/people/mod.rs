//! People: logging in, profiles, households, what is verified of whom, and who may do what.

pub mod areas;
pub mod cards;
pub mod closing;
pub mod consents;
pub mod desk;
pub mod export;
pub mod household;
pub mod identity;
pub mod login;
pub mod logins;
pub mod profile;
pub mod records;
pub mod roles;
pub mod service;
pub mod sessions;
#[cfg(test)]
mod tests;
pub mod verification;
pub mod views;
pub mod wechat;

pub use linli_store::people::household::Relation;
pub use linli_store::people::logins::Login;

use linli_domain::person::MINOR_BELOW;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Day;
use linli_store::audit::{ActingAs, AuditEntry};

use crate::App;

/// Older than this nobody is known to have become; a birth date further back is a mistake.
const OLDEST: i32 = 125;

impl App {
    /// A line for the audit record about something an actor did.
    pub(crate) fn entry(&self, actor: &Actor, acting_as: ActingAs, action: &'static str) -> AuditEntry {
        AuditEntry::new(self.next_id(), self.now(), Some(actor.account), acting_as, action)
    }
}

/// A birth date somebody may have on `today`.
fn birth_date(born: Day, today: Day) -> Result<Day, Refusal> {
    if born <= today && born.age_on(today) <= OLDEST {
        Ok(born)
    } else {
        Err(Refusal::new(Code::BirthDateInvalid).field("birth_date"))
    }
}

/// Whether somebody with this birth date is a minor on `today`; nobody knows without a birth date.
pub(crate) fn is_minor(born: Option<Day>, today: Day) -> bool {
    born.is_some_and(|born| born.age_on(today) < MINOR_BELOW)
}
