//! Announcements of staff, and the residents they are for.

use linli_domain::announcement::{Bounds, Group};
use linli_domain::area::AreaCode;
use linli_domain::channel::{Reach, Template, Wishes};
use linli_domain::id::{AccountId, AnnouncementId, PersonId};
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// How far an announcement has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// People are being told.
    Sending,
    /// Everybody was told.
    Sent,
    /// Taken back.
    Withdrawn,
}

impl State {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// An announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Which.
    pub id: AnnouncementId,
    /// To whom it speaks: the residents of this area …
    pub area: AreaCode,
    /// … of these groups.
    pub groups: Vec<Group>,
    /// The short words.
    pub title: Words,
    /// The longer words.
    pub body: Words,
    /// Whether it leaves by more than the inbox.
    pub urgent: bool,
    /// The last day it is shown.
    pub until: Option<Day>,
    /// Who made it.
    pub author: AccountId,
    /// When.
    pub created_at: Instant,
    /// How far it has come.
    pub state: State,
    /// When it was taken back.
    pub withdrawn_at: Option<Instant>,
    /// How many people it was meant for when it was made.
    pub total: u32,
    /// How many were told.
    pub reached: u32,
    /// Everybody up to this person was told.
    pub last_person: PersonId,
}

/// Adds an announcement.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(tx: &Tx, new: &Announcement) -> Result<()> {
    let groups: Vec<&str> = new.groups.iter().map(|group| group.key()).collect();
    Rows::new()
        .int("id", [new.id.0])
        .text("area_code", [new.area.as_str()])
        .text("audience", [groups.join(",")])
        .bool("public", [new.groups.contains(&Group::Everybody)])
        .text("title_zh", [new.title.zh.as_str()])
        .text("title_en", [new.title.en.as_str()])
        .text("body_zh", [new.body.zh.as_str()])
        .text("body_en", [new.body.en.as_str()])
        .bool("urgent", [new.urgent])
        .int_or_null("until", [new.until.map(|day| i64::from(day.0))])
        .int("author", [new.author.0])
        .int("created_at", [new.created_at.0])
        .text("state", [new.state.key()])
        .int("total", [i64::from(new.total)])
        .insert(tx, "announcements", "")
        .await?;
    Ok(())
}

/// One announcement.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, id: AnnouncementId) -> Result<Option<Announcement>> {
    ask(db, "SELECT * FROM announcements WHERE id = $1", [id.0.into()]).await?.first().map(announcement).transpose()
}

/// Announcements to areas whose codes begin with one of the prefixes, newest first, older than `before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn list(
    db: &impl Reads,
    prefixes: &[String],
    before: Option<AnnouncementId>,
    limit: u32,
) -> Result<Vec<Announcement>> {
    // Prefixes are digits of area codes, never a pattern character.
    let tail = format!(
        "AS v WHERE m.area_code LIKE v.prefix || '%') AND m.id < {} ORDER BY m.id DESC LIMIT {limit}",
        before.map_or(i64::MAX, |id| id.0)
    );
    let head = "SELECT m.* FROM announcements m WHERE EXISTS (SELECT 1 FROM";
    let rows = Rows::new().text("prefix", prefixes.iter().map(String::as_str)).query(db, head, &tail).await?;
    rows.iter().map(announcement).collect()
}

/// What is told to everybody in one of these areas and is to be shown on a day, newest first, older than `before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn public(
    db: &impl Reads,
    areas: &[&AreaCode],
    today: Day,
    before: Option<AnnouncementId>,
    limit: u32,
) -> Result<Vec<Announcement>> {
    let tail = format!(
        "AS v ON m.area_code = v.code WHERE m.public AND m.state <> 'withdrawn' \
           AND (m.until IS NULL OR m.until >= {}) AND m.id < {} ORDER BY m.id DESC LIMIT {limit}",
        today.0,
        before.map_or(i64::MAX, |id| id.0)
    );
    let head = "SELECT m.* FROM announcements m JOIN";
    let rows = Rows::new().text("code", areas.iter().map(|code| code.as_str())).query(db, head, &tail).await?;
    rows.iter().map(announcement).collect()
}

/// Notes that the people after `from` up to `to` were told. Answers false when somebody else has done so already, or
/// the announcement was withdrawn: then nothing may be sent.
///
/// # Errors
/// Any [`StoreError`].
pub async fn advance(
    tx: &Tx,
    id: AnnouncementId,
    (from, to): (PersonId, PersonId),
    told: u32,
    done: bool,
) -> Result<bool> {
    let sql = "UPDATE announcements SET last_person = $3, reached = reached + $4, \
                 state = CASE WHEN $5 THEN 'sent' ELSE state END \
               WHERE id = $1 AND last_person = $2 AND state = 'sending' RETURNING id";
    let values = [id.0.into(), from.0.into(), to.0.into(), i64::from(told).into(), done.into()];
    Ok(!ask(tx, sql, values).await?.is_empty())
}

/// Takes an announcement back. Answers false when it was taken back before.
///
/// # Errors
/// Any [`StoreError`].
pub async fn withdraw(tx: &Tx, id: AnnouncementId, now: Instant) -> Result<bool> {
    let sql = "UPDATE announcements SET state = 'withdrawn', withdrawn_at = $2 \
               WHERE id = $1 AND state <> 'withdrawn' RETURNING id";
    Ok(!ask(tx, sql, [id.0.into(), now.0.into()]).await?.is_empty())
}

/// Removes up to `limit` messages of an announcement from inboxes, and the calls nobody has made yet. Answers how many
/// messages there were.
///
/// # Errors
/// Any [`StoreError`].
pub async fn recall(tx: &Tx, id: AnnouncementId, limit: u32) -> Result<u32> {
    let sql = "DELETE FROM calls WHERE announcement_id = $1 AND done_at IS NULL RETURNING id";
    ask(tx, sql, [id.0.into()]).await?;
    let sql = "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE announcement_id = $1 LIMIT $2) \
               RETURNING id";
    let gone = ask(tx, sql, [id.0.into(), i64::from(limit).into()]).await?;
    Ok(u32::try_from(gone.len()).unwrap_or(u32::MAX))
}

/// The next people an announcement is for, by id.
///
/// # Errors
/// Any [`StoreError`].
pub async fn audience(
    db: &impl Reads,
    area: &AreaCode,
    groups: &[Group],
    today: Day,
    after: PersonId,
    limit: u32,
) -> Result<Vec<PersonId>> {
    let sql = format!("SELECT p.id FROM persons p WHERE p.id > $2 AND {} ORDER BY p.id LIMIT $3", meant(groups, today));
    let rows = ask(db, &sql, [pattern(area).into(), after.0.into(), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get("", "id")?))).collect()
}

/// People who are told in the same way, and how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    /// How they can be reached.
    pub reach: Reach,
    /// What they wish; the times are those of whoever has said nothing.
    pub wishes: Wishes,
    /// How many.
    pub people: u32,
}

/// Counts the people an announcement is for by how they are told.
///
/// # Errors
/// Any [`StoreError`].
pub async fn classes(db: &impl Reads, area: &AreaCode, groups: &[Group], today: Day) -> Result<Vec<Class>> {
    let sql = format!(
        "SELECT account, phone, wechat, sms, digest, COUNT(*) AS people FROM (SELECT \
           CASE WHEN a.id IS NULL THEN 0 ELSE 1 END AS account, \
           CASE WHEN COALESCE(a.phone, p.contact_phone) IS NULL THEN 0 ELSE 1 END AS phone, \
           CASE WHEN a.wechat_openid IS NOT NULL AND w.kept > 0 THEN 1 ELSE 0 END AS wechat, \
           CASE WHEN c.sms THEN 1 ELSE 0 END AS sms, \
           CASE WHEN c.digest THEN 1 ELSE 0 END AS digest \
         FROM persons p \
         LEFT JOIN accounts a ON a.person_id = p.id AND a.closed_at IS NULL \
         LEFT JOIN channel_wishes c ON c.person_id = p.id \
         LEFT JOIN wechat_consents w ON w.person_id = p.id AND w.template = $2 \
         WHERE {}) AS told GROUP BY account, phone, wechat, sms, digest",
        meant(groups, today)
    );
    let rows = ask(db, &sql, [pattern(area).into(), Template::Notice.key().into()]).await?;
    rows.iter()
        .map(|row| {
            let yes = |name: &str| -> Result<bool> { Ok(row.try_get::<i32>("", name)? != 0) };
            let people: i64 = row.try_get("", "people")?;
            Ok(Class {
                reach: Reach { account: yes("account")?, phone: yes("phone")?, wechat: yes("wechat")? },
                wishes: Wishes { sms: yes("sms")?, digest: yes("digest")?, ..Wishes::default() },
                people: u32::try_from(people).unwrap_or(u32::MAX),
            })
        })
        .collect()
}

/// What the codes of an area and of those within it look like: digits and dashes, and one sign for the rest.
fn pattern(area: &AreaCode) -> String {
    format!("{}%", area.significant())
}

/// The condition by which the person `p` is told, with the area's pattern as `$1`. A child without an account is told
/// through the guardians, wherever they live.
fn meant(groups: &[Group], today: Day) -> String {
    let Bounds { elder, grown, fourteen } = Bounds::on(today);
    let lives = "p.community_code LIKE $1";
    let child_lives = "w.community_code LIKE $1";
    let account =
        |who: &str| format!("EXISTS (SELECT 1 FROM accounts x WHERE x.person_id = {who}.id AND x.closed_at IS NULL)");
    let own = format!(
        "({} OR NOT EXISTS (SELECT 1 FROM guardianships y WHERE y.ward_id = p.id AND y.ended_at IS NULL))",
        account("p")
    );
    let through = |child: &str| {
        format!(
            "EXISTS (SELECT 1 FROM guardianships g JOIN persons w ON w.id = g.ward_id \
             WHERE g.guardian_id = p.id AND g.ended_at IS NULL AND w.closed_at IS NULL AND {child})"
        )
    };
    let without = format!("NOT {}", account("w"));
    let parts = groups.iter().map(|group| match group {
        Group::Everybody => {
            format!("({lives} AND {own}) OR {}", through(&format!("{child_lives} AND {without}")))
        }
        Group::Registered => format!("({lives} AND {})", account("p")),
        Group::Elders => format!("({lives} AND p.birth_day <= {})", elder.0),
        Group::Minors => format!(
            "({lives} AND p.birth_day > {born} AND {own}) OR {}",
            through(&format!("{child_lives} AND w.birth_day > {born} AND {without}", born = grown.0)),
            born = grown.0
        ),
        Group::Parents => through(&format!("({lives} OR {child_lives}) AND w.birth_day > {}", grown.0)),
        Group::ParentsUnder14 => through(&format!("({lives} OR {child_lives}) AND w.birth_day > {}", fourteen.0)),
    });
    let parts: Vec<String> = parts.collect();
    format!("p.closed_at IS NULL AND ({})", parts.join(" OR "))
}

fn announcement(row: &QueryResult) -> Result<Announcement> {
    let odd = |name: &str| StoreError::Row(format!("announcements.{name} cannot be read"));
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let count = |name: &str| -> Result<u32> { u32::try_from(row.try_get::<i32>("", name)?).map_err(|_| odd(name)) };
    let (until, withdrawn): (Option<i32>, Option<i64>) = (row.try_get("", "until")?, row.try_get("", "withdrawn_at")?);
    let state = text("state")?;
    let groups: Option<Vec<Group>> = text("audience")?.split(',').map(Group::from_key).collect();
    Ok(Announcement {
        id: AnnouncementId(row.try_get("", "id")?),
        area: text("area_code")?.parse().map_err(|_| odd("area_code"))?,
        groups: groups.ok_or_else(|| odd("audience"))?,
        title: Words::new(text("title_zh")?, text("title_en")?),
        body: Words::new(text("body_zh")?, text("body_en")?),
        urgent: row.try_get("", "urgent")?,
        until: until.map(Day),
        author: AccountId(row.try_get("", "author")?),
        created_at: Instant(row.try_get("", "created_at")?),
        state: [State::Sending, State::Sent, State::Withdrawn]
            .into_iter()
            .find(|known| known.key() == state)
            .ok_or_else(|| odd("state"))?,
        withdrawn_at: withdrawn.map(Instant),
        total: count("total")?,
        reached: count("reached")?,
        last_person: PersonId(row.try_get("", "last_person")?),
    })
}
