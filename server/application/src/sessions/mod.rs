//! Events, terms and groups: what staff plan, what residents see, and what becomes of those who joined.
//!
//! Placing an order for a seat is [`crate::orders`]; here is everything around it.

pub mod browse;
pub mod certificate;
pub mod change;
pub(crate) mod close;
pub mod copy;
pub mod draft;
pub mod export;
pub(crate) mod follow;
pub mod programme;
pub(crate) mod rooms;
pub mod roster;

use linli_domain::id::SessionId;
use linli_domain::platform::Rules;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::session::Session;
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_store::sessions as tables;

pub(crate) use change::cancel_meetings_of;

use crate::catalogue::{Catalogue, Offered};
use crate::{App, Failure, Result, input};

/// The longest title, in characters.
pub const TITLE_MAX: usize = 60;
/// The longest description, in characters.
pub const ABOUT_MAX: usize = 1000;
/// The longest reason, in characters.
pub const REASON_MAX: usize = 200;

/// Words as somebody typed them: English may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// In Chinese.
    pub zh: String,
    /// In English; the Chinese stands there too when nothing is said.
    pub en: Option<String>,
}

impl Typed {
    fn line(&self, field: &'static str, max: usize) -> Result<Words, Refusal> {
        let zh = input::line(field, &self.zh, max)?;
        let en = match self.en.as_deref().map(str::trim) {
            None | Some("") => zh.clone(),
            // English takes more letters for the same.
            Some(en) => input::line(field, en, max * 3)?,
        };
        Ok(Words::new(zh, en))
    }

    /// Several lines, or nothing at all.
    fn note(&self, field: &'static str, max: usize) -> Result<Words, Refusal> {
        if self.zh.trim().is_empty() {
            return Ok(Words::new("", ""));
        }
        let zh = input::note(field, &self.zh, max)?;
        let en = match self.en.as_deref().map(str::trim) {
            None | Some("") => zh.clone(),
            Some(en) => input::note(field, en, max * 3)?,
        };
        Ok(Words::new(zh, en))
    }
}

/// The rules a session stands under: those of its first day.
fn rules<'a>(offered: &'a Offered, session: &Session, today: Day) -> Result<&'a Rules> {
    let first = session.span().map_or(today, |(first, _)| first.day());
    offered
        .rules_on(first)
        .map(|(_, rules)| rules)
        .or_else(|| offered.rules_shown(today))
        .ok_or_else(|| Failure::Fault(format!("offering {} has no rules", offered.offering.id)))
}

/// A session, whenever it was.
async fn find(app: &App, catalogue: &Catalogue, id: SessionId) -> Result<Session> {
    if let Some(session) = catalogue.sessions.get(&id) {
        return Ok(session.clone());
    }
    tables::by_ids(app.store.reads(), &[id]).await?.pop().ok_or_else(|| Code::NotFound.into())
}

/// A session of an offering that somebody serves.
async fn served(app: &App, catalogue: &Catalogue, actor: &Actor, id: SessionId) -> Result<Session> {
    let session = find(app, catalogue, id).await?;
    if catalogue.serves(actor, catalogue.offered(session.offering)?) { Ok(session) } else { Err(Code::NotFound.into()) }
}
