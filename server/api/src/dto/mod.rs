//! What goes over the wire.

pub mod attendance;
pub mod care_file;
pub mod catalogue;
pub mod contracts;
pub mod courses;
pub mod feedback;
pub mod finding;
pub mod hazards;
mod idempotency;
pub mod ledger;
pub mod manage;
pub mod orders;
mod page;
mod people;
pub mod rooms;
pub mod sessions;
mod text;
mod values;
pub mod visits;
pub mod workers;

pub use idempotency::IdempotencyKey;
pub use page::{Cursor, Limit, page};
pub use people::{
    Area, AreaKindKey, AreaLevelKey, Fact, FactKey, FactStatusKey, FoundPerson, HeldRole, LanguageKey, Me, Person,
    RelationKey, Role, RoleKey,
};
pub use text::Text;
pub use values::{At, Clock, Id, InArea, OfKind, On};

use linli_domain::words;
use poem_openapi::Object;

/// The same words in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Words {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<words::Words> for Words {
    fn from(words: words::Words) -> Self {
        Self { zh: words.zh, en: words.en }
    }
}

impl From<&words::Words> for Words {
    fn from(words: &words::Words) -> Self {
        words.clone().into()
    }
}
