//! Running an organisation: what it offers, by which rules, when, where, with whom, and who works for it.
//!
//! Managers do so for their organisation, staff of an area for those that answer to it. To everybody else the
//! organisation does not exist here. Every change raises the version of the catalogue, so that every process reads its
//! copy anew, and is written to the audit record.

pub mod district;
pub mod export;
pub mod hours;
pub mod offerings;
pub mod providers;
pub mod rules;
pub mod staff;
pub mod units;

use futures::future::BoxFuture;
use linli_domain::id::{OfferingId, OrganisationId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_store::catalogue as tables;
use linli_store::{StoreError, Tx};

use crate::catalogue::{Catalogue, Offered, Organisation};
use crate::{App, Failure, Result, input};

/// The longest name of an organisation, a place, a provider, a room.
pub const NAME_MAX: usize = 40;
/// The longest word to residents.
pub const NOTE_MAX: usize = 200;
/// How far ahead a change may be set.
const FARTHEST: i32 = 366;

/// The organisations somebody runs, in the order they were made.
pub fn managed<'a>(catalogue: &'a Catalogue, actor: &Actor) -> Vec<&'a Organisation> {
    catalogue.organisations.values().filter(|one| actor.manages(one.id, &one.area)).collect()
}

/// An organisation somebody runs.
///
/// # Errors
/// [`Code::NotFound`] for those of others.
pub fn organisation<'a>(catalogue: &'a Catalogue, actor: &Actor, id: OrganisationId) -> Result<&'a Organisation> {
    let found = catalogue.organisations.get(&id).filter(|one| actor.manages(one.id, &one.area));
    found.ok_or(Code::NotFound.into())
}

/// An offering of an organisation somebody runs.
///
/// # Errors
/// [`Code::NotFound`] for those of others.
pub fn offering<'a>(catalogue: &'a Catalogue, actor: &Actor, id: OfferingId) -> Result<&'a Offered> {
    let offered = catalogue.offered(id)?;
    organisation(catalogue, actor, offered.offering.organisation)?;
    Ok(offered)
}

/// One change of what is on offer, in one transaction: waits for whoever else changes something, and lets every
/// process hear of it.
pub(crate) async fn change<T: Send + 'static>(
    app: &App,
    work: impl for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
) -> Result<T> {
    let made = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                tables::touch(tx).await?;
                work(tx).await
            })
        })
        .await;
    app.forget_catalogue().await;
    made.map_err(|failure: Failure| match failure {
        Failure::Store(error @ StoreError::Unique(_)) if error.is_unique("key") => {
            Refusal::new(Code::CatalogueKeyTaken).field("key").into()
        }
        failure => failure,
    })
}

/// A day from which something holds: today or later, within a year.
fn from_day(app: &App, field: &'static str, day: Day) -> Result<Day, Refusal> {
    let today = app.now().day();
    if (today..=today.plus(FARTHEST)).contains(&day) {
        Ok(day)
    } else {
        Err(Refusal::new(Code::DateInvalid).field(field))
    }
}

/// Words in two languages; where the English is left out, the Chinese stands for it.
fn words(field: &'static str, words: &Words, max: usize) -> Result<Words, Refusal> {
    let zh = input::line(field, &words.zh, max)?;
    let en = if words.en.trim().is_empty() { zh.clone() } else { input::line(field, &words.en, max)? };
    Ok(Words { zh, en })
}

/// As [`words`], where nothing at all may be said.
fn words_or_none(field: &'static str, said: &Words, max: usize) -> Result<Words, Refusal> {
    if said.zh.trim().is_empty() && said.en.trim().is_empty() {
        return Ok(Words::new("", ""));
    }
    words(field, said, max)
}

/// A key for seeds and imports: as given, or one made of an id.
fn key(given: Option<&str>, made: impl FnOnce() -> String) -> Result<String, Refusal> {
    let Some(given) = given else { return Ok(made()) };
    if is_key(given) {
        Ok(given.to_owned())
    } else {
        Err(allowed("key", "2 到 40 个小写字母、数字、下划线", "2 to 40 small letters, digits and underscores"))
    }
}

/// Whether a text can be a key in imports.
pub(crate) fn is_key(text: &str) -> bool {
    (2..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A number to call: digits, dashes and blanks.
pub(crate) fn phone(text: &str) -> Result<String, Refusal> {
    let number = input::line("phone", text, 20)?;
    let good = number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b' ' | b'+'))
        && number.bytes().filter(u8::is_ascii_digit).count() >= 3;
    if good {
        Ok(number)
    } else {
        Err(allowed("phone", "电话号码，只含数字和短横", "a telephone number of digits and dashes"))
    }
}

fn allowed(field: &'static str, zh: &str, en: &str) -> Refusal {
    Refusal::new(Code::ValueInvalid).field(field).with("allowed", Words::new(zh, en))
}

/// The sex a provider is listed with.
fn gender(text: &str) -> Result<String, Refusal> {
    match text {
        "female" | "male" | "unsaid" => Ok(text.to_owned()),
        _ => Err(allowed("gender", "female、male、unsaid", "female, male, unsaid")),
    }
}
