//! What people keep to find again: favourites, and the address of their calendar.

use linli_domain::id::{AccountId, OfferingId, PersonId};
use linli_domain::order::State;
use linli_domain::time::Instant;
use linli_domain::words::{Language, Words};
use sea_orm::QueryResult;

use crate::booking::orders::{Order, ask, order};
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// What can be marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Marked {
    /// A service at a place.
    Offering,
    /// A place.
    Place,
    /// Who serves.
    Organisation,
    /// An event, a term, a group.
    Session,
}

impl Marked {
    /// Everything that can be marked.
    pub const ALL: [Self; 4] = [Self::Offering, Self::Place, Self::Organisation, Self::Session];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Offering => "offering",
            Self::Place => "place",
            Self::Organisation => "organisation",
            Self::Session => "session",
        }
    }
}

/// Something an account has marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Favourite {
    /// What it is.
    pub what: Marked,
    /// Its id.
    pub target: i64,
    /// What it was called when it was marked.
    pub title: Words,
    /// When it was marked.
    pub created_at: Instant,
}

/// Everything an account has marked, the newest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn favourites(db: &impl Reads, account: AccountId) -> Result<Vec<Favourite>> {
    let sql = "SELECT * FROM favourites WHERE account_id = $1 ORDER BY created_at DESC, what, target";
    ask(db, sql, [account.0.into()]).await?.iter().map(favourite).collect()
}

fn favourite(row: &QueryResult) -> Result<Favourite> {
    let what: String = row.try_get("", "what")?;
    let what = Marked::ALL.into_iter().find(|known| known.key() == what);
    Ok(Favourite {
        what: what.ok_or_else(|| StoreError::Row("favourites.what cannot be read".into()))?,
        target: row.try_get("", "target")?,
        title: Words { zh: row.try_get("", "title_zh")?, en: row.try_get("", "title_en")? },
        created_at: Instant(row.try_get("", "created_at")?),
    })
}

/// Marks something. What is marked already stays where it is in the list.
///
/// # Errors
/// Any [`StoreError`].
pub async fn mark(tx: &Tx, account: AccountId, favourite: &Favourite) -> Result<()> {
    Rows::new()
        .int("account_id", [account.0])
        .text("what", [favourite.what.key()])
        .int("target", [favourite.target])
        .text("title_zh", [favourite.title.zh.as_str()])
        .text("title_en", [favourite.title.en.as_str()])
        .int("created_at", [favourite.created_at.0])
        .insert(tx, "favourites", "ON CONFLICT (account_id, what, target) DO NOTHING")
        .await?;
    Ok(())
}

/// Takes a mark away, if there is one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn unmark(tx: &Tx, account: AccountId, what: Marked, target: i64) -> Result<()> {
    let sql = "DELETE FROM favourites WHERE account_id = $1 AND what = $2 AND target = $3 RETURNING target";
    ask(tx, sql, [account.0.into(), what.key().into(), target.into()]).await?;
    Ok(())
}

/// When the present address of an account's calendar was made; none where there is none.
///
/// # Errors
/// Any [`StoreError`].
pub async fn calendar_made_at(db: &impl Reads, account: AccountId) -> Result<Option<Instant>> {
    let rows = ask(db, "SELECT made_at FROM calendar_feeds WHERE account_id = $1", [account.0.into()]).await?;
    rows.first().map(|row| Ok(Instant(row.try_get("", "made_at")?))).transpose()
}

/// Gives an account's calendar a new address in place of the old one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set_calendar(tx: &Tx, account: AccountId, token_hash: &str, now: Instant) -> Result<()> {
    let newer = "ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash, made_at = excluded.made_at";
    Rows::new()
        .int("account_id", [account.0])
        .text("token_hash", [token_hash])
        .int("made_at", [now.0])
        .insert(tx, "calendar_feeds", newer)
        .await?;
    Ok(())
}

/// Takes the address of an account's calendar away. Answers whether there was one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn remove_calendar(tx: &Tx, account: AccountId) -> Result<bool> {
    let sql = "DELETE FROM calendar_feeds WHERE account_id = $1 RETURNING account_id";
    Ok(!ask(tx, sql, [account.0.into()]).await?.is_empty())
}

/// Whose calendar has this token: the person and the language they read. Closed accounts have none.
///
/// # Errors
/// Any [`StoreError`].
pub async fn calendar_of(db: &impl Reads, token_hash: &str) -> Result<Option<(PersonId, Language)>> {
    let sql = "SELECT a.person_id, p.language FROM calendar_feeds f \
               JOIN accounts a ON a.id = f.account_id AND a.closed_at IS NULL JOIN persons p ON p.id = a.person_id \
               WHERE f.token_hash = $1";
    let rows = ask(db, sql, [token_hash.into()]).await?;
    let read = |row: &QueryResult| -> Result<(PersonId, Language)> {
        let language: String = row.try_get("", "language")?;
        let language = if language == Language::En.key() { Language::En } else { Language::Zh };
        Ok((PersonId(row.try_get("", "person_id")?), language))
    };
    rows.first().map(read).transpose()
}

/// What a calendar shows of these people's bookings, by beginning: what ends after an instant or was cancelled after it,
/// at most `limit`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn bookings(db: &impl Reads, people: &[PersonId], since: Instant, limit: u32) -> Result<Vec<Order>> {
    let tail = format!(
        "AS v ON o.subject_id = v.id WHERE CASE WHEN o.state IN ('{}') THEN o.changed_at ELSE o.ends_at END >= {} \
         ORDER BY o.starts_at, o.id LIMIT {limit}",
        [State::Cancelled, State::Rejected, State::Expired].map(State::key).join("', '"),
        since.0
    );
    let rows = Rows::new()
        .int("id", people.iter().map(|person| person.0))
        .query(db, "SELECT o.* FROM orders o JOIN", &tail)
        .await?;
    rows.iter().map(order).collect()
}

/// An offering somebody had before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Had {
    /// What.
    pub offering: OfferingId,
    /// Who was served.
    pub subject: PersonId,
    /// The beginning of the last time.
    pub last: Instant,
}

/// What these people had before, each offering once per person, the latest first, at most `limit`. What was given up or
/// missed counts: it was wanted. What the provider turned down does not.
///
/// # Errors
/// Any [`StoreError`].
pub async fn had(db: &impl Reads, people: &[PersonId], limit: u32) -> Result<Vec<Had>> {
    let over = [State::Fulfilled, State::Closed, State::Cancelled, State::Expired, State::NoShow];
    let tail = format!(
        "AS v ON o.subject_id = v.id WHERE o.state IN ('{}') GROUP BY o.offering_id, o.subject_id \
         ORDER BY last DESC, o.offering_id, o.subject_id LIMIT {limit}",
        over.map(State::key).join("', '")
    );
    let rows = Rows::new()
        .int("id", people.iter().map(|person| person.0))
        .query(db, "SELECT o.offering_id, o.subject_id, MAX(o.starts_at) AS last FROM orders o JOIN", &tail)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Had {
                offering: OfferingId(row.try_get("", "offering_id")?),
                subject: PersonId(row.try_get("", "subject_id")?),
                last: Instant(row.try_get("", "last")?),
            })
        })
        .collect()
}

/// Forgets everything an account has kept here.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget(tx: &Tx, account: AccountId) -> Result<()> {
    ask(tx, "DELETE FROM favourites WHERE account_id = $1 RETURNING target", [account.0.into()]).await?;
    remove_calendar(tx, account).await?;
    Ok(())
}
