//! How people wish to be told, by which ways they can be, and what waits for a digest.

use linli_domain::area::AreaCode;
use linli_domain::channel::{Reach, Template, Wishes};
use linli_domain::id::{NoticeId, PersonId};
use linli_domain::phone::Phone;
use linli_domain::time::{Instant, TimeOfDay};
use linli_domain::words::Language;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// By which ways one person can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reachable {
    /// Who.
    pub person: PersonId,
    /// The language of messages.
    pub language: Language,
    /// Where they live, as declared.
    pub community: Option<AreaCode>,
    /// Whether they have an account.
    pub account: bool,
    /// The phone of the account, otherwise the one noted at a desk.
    pub phone: Option<Phone>,
    /// The person's name within the mini-program.
    pub openid: Option<String>,
    /// How many one-time messages of the kind asked about may still be sent.
    pub kept: i32,
    /// What they wish.
    pub wishes: Wishes,
}

impl Reachable {
    /// The ways, for a decision.
    pub fn reach(&self) -> Reach {
        Reach { account: self.account, phone: self.phone.is_some(), wechat: self.openid.is_some() && self.kept > 0 }
    }
}

/// By which ways these people can be told something of a kind; whoever is unknown or has left is left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn reach(db: &impl Reads, people: &[PersonId], template: Template) -> Result<Vec<Reachable>> {
    let rows = Rows::new()
        .int("id", people.iter().map(|id| id.0))
        .text("template", people.iter().map(|_| template.key()))
        .query(
            db,
            "SELECT p.id AS person, p.language, p.community_code, p.contact_phone, a.id AS account, a.phone, \
               a.wechat_openid, c.sms, c.quiet_from, c.quiet_to, c.digest, c.digest_at, COALESCE(w.kept, 0) AS kept \
             FROM",
            "AS v JOIN persons p ON p.id = v.id AND p.closed_at IS NULL \
             LEFT JOIN accounts a ON a.person_id = p.id AND a.closed_at IS NULL \
             LEFT JOIN channel_wishes c ON c.person_id = p.id \
             LEFT JOIN wechat_consents w ON w.person_id = p.id AND w.template = v.template \
             ORDER BY p.id",
        )
        .await?;
    rows.iter().map(reachable).collect()
}

/// How somebody wishes to be told.
///
/// # Errors
/// Any [`StoreError`].
pub async fn wishes(db: &impl Reads, person: PersonId) -> Result<Wishes> {
    let sql = "SELECT sms, quiet_from, quiet_to, digest, digest_at FROM channel_wishes WHERE person_id = $1";
    ask(db, sql, [person.0.into()]).await?.first().map_or(Ok(Wishes::default()), wishes_of)
}

/// Writes how somebody wishes to be told, in place of what they wished before.
///
/// # Errors
/// Any [`StoreError`].
pub async fn wish(tx: &Tx, person: PersonId, wishes: &Wishes, now: Instant) -> Result<()> {
    let minutes = |time: TimeOfDay| [i64::from(time.0 % 1440)];
    Rows::new()
        .int("person_id", [person.0])
        .bool("sms", [wishes.sms])
        .int("quiet_from", minutes(wishes.quiet_from))
        .int("quiet_to", minutes(wishes.quiet_to))
        .bool("digest", [wishes.digest])
        .int("digest_at", minutes(wishes.digest_at))
        .int("changed_at", [now.0])
        .insert(
            tx,
            "channel_wishes",
            "ON CONFLICT (person_id) DO UPDATE SET sms = excluded.sms, quiet_from = excluded.quiet_from, \
             quiet_to = excluded.quiet_to, digest = excluded.digest, digest_at = excluded.digest_at, \
             changed_at = excluded.changed_at",
        )
        .await?;
    Ok(())
}

/// A message that waits for a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestItem {
    /// Which.
    pub notice: NoticeId,
    /// Whose.
    pub person: PersonId,
    /// When the digest goes out.
    pub due: Instant,
}

/// Lets messages wait for the digest.
///
/// # Errors
/// Any [`StoreError`].
pub async fn collect(tx: &Tx, items: &[DigestItem]) -> Result<()> {
    Rows::new()
        .int("notice_id", items.iter().map(|item| item.notice.0))
        .int("person_id", items.iter().map(|item| item.person.0))
        .int("due", items.iter().map(|item| item.due.0))
        .insert(tx, "digest_items", "ON CONFLICT (notice_id) DO NOTHING")
        .await?;
    Ok(())
}

/// A digest that is to go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// To whom.
    pub person: PersonId,
    /// The newest message in it.
    pub last: NoticeId,
    /// How many of its messages are still unread.
    pub unread: u32,
}

/// What was taken from those waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenDigests {
    /// How many messages waited.
    pub items: usize,
    /// The digests of whoever has not read all of them.
    pub digests: Vec<Digest>,
}

/// Takes the digests of up to `limit` people that are due: what was waiting waits no more. Another worker that looks
/// at the same time finds none of them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn take_digests(tx: &Tx, now: Instant, limit: u32) -> Result<TakenDigests> {
    let sql = "DELETE FROM digest_items WHERE due <= $1 AND person_id IN \
                 (SELECT DISTINCT person_id FROM digest_items WHERE due <= $1 ORDER BY person_id LIMIT $2) \
               RETURNING person_id, notice_id";
    let taken = ask(tx, sql, [now.0.into(), i64::from(limit).into()]).await?;
    let mut ids = Vec::with_capacity(taken.len());
    for row in &taken {
        let (person, notice): (i64, i64) = (row.try_get("", "person_id")?, row.try_get("", "notice_id")?);
        ids.push((person, notice));
    }
    let rows = Rows::new()
        .int("id", ids.iter().map(|(_, notice)| *notice))
        .query(
            tx,
            "SELECT n.person_id, MAX(n.id) AS last, COUNT(*) AS unread FROM",
            "AS v JOIN notices n ON n.id = v.id AND n.read_at IS NULL GROUP BY n.person_id ORDER BY n.person_id",
        )
        .await?;
    let digests = rows
        .iter()
        .map(|row| {
            let unread: i64 = row.try_get("", "unread")?;
            Ok(Digest {
                person: PersonId(row.try_get("", "person_id")?),
                last: NoticeId(row.try_get("", "last")?),
                unread: u32::try_from(unread).unwrap_or(u32::MAX),
            })
        })
        .collect::<Result<_>>()?;
    Ok(TakenDigests { items: ids.len(), digests })
}

/// Forgets what somebody wished and agreed to.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget(tx: &Tx, person: PersonId) -> Result<()> {
    for table in ["channel_wishes", "wechat_consents", "wechat_consent_events", "digest_items"] {
        let sql = format!("DELETE FROM {table} WHERE person_id = $1 RETURNING 1 AS gone");
        ask(tx, &sql, [person.0.into()]).await?;
    }
    Ok(())
}

fn wishes_of(row: &QueryResult) -> Result<Wishes> {
    let time = |name: &str| -> Result<TimeOfDay> {
        let minutes: i32 = row.try_get("", name)?;
        let minutes = u16::try_from(minutes).map_err(|_| StoreError::Row(format!("channel_wishes.{name}")))?;
        Ok(TimeOfDay(minutes))
    };
    Ok(Wishes {
        sms: row.try_get("", "sms")?,
        quiet_from: time("quiet_from")?,
        quiet_to: time("quiet_to")?,
        digest: row.try_get("", "digest")?,
        digest_at: time("digest_at")?,
    })
}

fn reachable(row: &QueryResult) -> Result<Reachable> {
    let text = |name: &str| -> Result<Option<String>> { Ok(row.try_get("", name)?) };
    let odd = |name: &str| StoreError::Row(format!("persons.{name} cannot be read"));
    let account: Option<i64> = row.try_get("", "account")?;
    let asked: Option<bool> = row.try_get("", "sms")?;
    let phone = text("phone")?.or(text("contact_phone")?);
    Ok(Reachable {
        person: PersonId(row.try_get("", "person")?),
        language: if text("language")?.as_deref() == Some("en") { Language::En } else { Language::Zh },
        community: text("community_code")?.map(|code| code.parse().map_err(|_| odd("community_code"))).transpose()?,
        account: account.is_some(),
        phone: phone.map(|phone| phone.parse().map_err(|_| odd("phone"))).transpose()?,
        openid: text("wechat_openid")?,
        kept: row.try_get("", "kept")?,
        wishes: if asked.is_some() { wishes_of(row)? } else { Wishes::default() },
    })
}
