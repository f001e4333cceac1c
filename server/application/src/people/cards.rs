//! Cards that identify somebody without a phone at a canteen, a clinic, a desk. The code says nothing of its holder and
//! cannot be guessed (80 random bits); a new card ends the one before, and each look is on record.

use futures::FutureExt;
use linli_domain::context::Random;
use linli_domain::id::{CardId, PersonId};
use linli_domain::person::Person;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use linli_store::audit::{self, ActingAs};
use linli_store::people::cards::{self, Card};
use linli_store::people::persons;

use crate::{App, Failure, Result};

/// What is sealed and hashed.
const PURPOSE: &str = "card";
/// Digits and letters that are not mistaken for each other when read aloud.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 16;

/// A card, ready to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintableCard {
    /// Whose.
    pub name: String,
    /// The code, in groups of four.
    pub code: String,
    /// Since when it holds.
    pub issued_at: Instant,
}

impl App {
    /// Gives somebody a card; the one before ends.
    ///
    /// # Errors
    /// [`Code::NotFound`] for people of other areas.
    pub async fn issue_card(&self, actor: &Actor, person: PersonId) -> Result<PrintableCard> {
        let holder = self.resident_of(actor, person).await?;
        let (code, now, by) = (new_code(&*self.random), self.now(), actor.account);
        let sealed = self.keys.seal(PURPOSE, &code, &*self.random);
        let hash = self.keys.hash(PURPOSE, &code);
        let card = Card { id: CardId(self.next_id()), person, sealed, issued_at: now };
        let entry = self.entry(actor, ActingAs::Staff, "card.issued").about(person).on(card.id.0);
        self.store
            .write(move |tx| {
                async move {
                    // The person's row is locked, so that two desks at once do not both issue one.
                    persons::person_locked(tx, person).await?.ok_or(Code::NotFound)?;
                    cards::end(tx, person, now).await?;
                    cards::issue(tx, &card, &hash, by).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        Ok(PrintableCard { name: holder.name, code: grouped(&code), issued_at: now })
    }

    /// The card somebody has, to be printed again.
    ///
    /// # Errors
    /// [`Code::NotFound`] for people of other areas, [`Code::CardNone`].
    pub async fn card(&self, actor: &Actor, person: PersonId) -> Result<PrintableCard> {
        let holder = self.resident_of(actor, person).await?;
        let card = cards::of(self.store.reads(), person).await?.ok_or(Code::CardNone)?;
        let code = self.keys.open(PURPOSE, &card.sealed).map_err(|error| Failure::Fault(error.to_string()))?;
        let entry = self.entry(actor, ActingAs::Staff, "card.printed").about(person).on(card.id.0);
        self.store.write(move |tx| async move { Ok::<_, Failure>(audit::record(tx, entry).await?) }.boxed()).await?;
        Ok(PrintableCard { name: holder.name, code: grouped(&code), issued_at: card.issued_at })
    }

    /// Ends the card of somebody: it was lost, or is not wished for any more.
    ///
    /// # Errors
    /// [`Code::NotFound`] for people of other areas, [`Code::CardNone`].
    pub async fn end_card(&self, actor: &Actor, person: PersonId) -> Result<()> {
        self.resident_of(actor, person).await?;
        let now = self.now();
        let entry = self.entry(actor, ActingAs::Staff, "card.ended").about(person);
        self.store
            .write(move |tx| {
                async move {
                    if !cards::end(tx, person, now).await? {
                        return Err(Failure::from(Code::CardNone));
                    }
                    Ok(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }

    /// Somebody who lives in an area of whoever asks, or of whom it is not known where they live.
    pub(crate) async fn resident_of(&self, actor: &Actor, person: PersonId) -> Result<Person> {
        let found = persons::person(self.store.reads(), person).await?;
        let theirs = |found: &Person| found.community.as_ref().is_none_or(|area| actor.governs(area));
        found.filter(theirs).ok_or_else(|| Code::NotFound.into())
    }
}

/// Whose card has a code, as it was scanned or typed.
pub(super) async fn holder(app: &App, code: &str) -> Result<Option<Person>> {
    let Some(code) = read(code) else { return Ok(None) };
    let reads = app.store.reads();
    match cards::holder(reads, &app.keys.hash(PURPOSE, &code)).await? {
        Some(card) => Ok(persons::person(reads, card.person).await?),
        None => Ok(None),
    }
}

fn new_code(random: &dyn Random) -> String {
    let mut bytes = [0_u8; LENGTH];
    random.fill(&mut bytes);
    // 256 is a multiple of 32, so that every character is as likely as every other.
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// A code as people type it: small letters, gaps and the letters that are not used stand for what they look like.
fn read(text: &str) -> Option<String> {
    let code: Option<String> = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            c => u8::try_from(c).ok().filter(|byte| ALPHABET.contains(byte)).map(char::from),
        })
        .collect();
    code.filter(|code| code.len() == LENGTH)
}

fn grouped(code: &str) -> String {
    code.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four)).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use linli_domain::context::SeededRandom;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = new_code(&SeededRandom::new(7));
        assert_eq!(code.len(), LENGTH);
        assert_ne!(code, new_code(&SeededRandom::new(8)));
        assert_eq!(read(&grouped(&code)), Some(code.clone()));
        assert_eq!(read(&grouped(&code).to_lowercase().replace('-', " ")), Some(code));
        assert_eq!(read("OIL0-0000-0000-0000").as_deref(), Some("0110000000000000"));
        for wrong in ["", "0000", "U000-0000-0000-0000", "中中中中-0000-0000-0000", "0000-0000-0000-0000-0"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
