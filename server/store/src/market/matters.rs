//! Matters: poor ratings, complaints, praises and repairs asked after, with their timelines.

use std::collections::HashMap;

use linli_domain::area::{AreaCode, AreaLevel};
use linli_domain::id::{AccountId, FileId, MatterId, OrderId, OrganisationId, PersonId};
use linli_domain::matter::{Form, MatterState, Rung, Standing};
use linli_domain::order::ActingAs;
use linli_domain::platform::KindKey;
use linli_domain::rating::Level;
use linli_domain::time::Instant;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// A matter as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Which.
    pub id: MatterId,
    /// Raised with every change; also the number of its last event.
    pub version: i32,
    /// What sort it is, where it stands, and its deadlines.
    pub standing: Standing,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// Whose it is.
    pub person: PersonId,
    /// Who served.
    pub organisation: Option<OrganisationId>,
    /// The community of the order; the area it is about, where it is about none.
    pub area: AreaCode,
    /// The kind of the order.
    pub kind: Option<KindKey>,
    /// What was said.
    pub words: String,
    /// Who sees to it.
    pub owner: Option<AccountId>,
    /// When somebody last got in touch.
    pub contacted_at: Option<Instant>,
    /// What came of it.
    pub answer: Option<(String, Instant)>,
    /// When it last went up.
    pub climbed_at: Option<Instant>,
    /// What it says once.
    pub source: String,
    /// Since when.
    pub created_at: Instant,
}

/// One line of a matter's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterEventLine {
    /// Whose.
    pub matter: MatterId,
    /// The version of the matter it led to.
    pub number: i32,
    /// When.
    pub at: Instant,
    /// The key of the event.
    pub event: String,
    /// Who; nobody when the system acted.
    pub actor: Option<AccountId>,
    /// In what capacity.
    pub acting: ActingAs,
    /// What they said.
    pub words: String,
}

/// Writes new matters, each with the first line of its timeline; those whose source has spoken before are left out.
/// Answers which were written.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(
    tx: &Tx,
    matters: &[Matter],
    event: &str,
    (actor, acting): (Option<AccountId>, ActingAs),
) -> Result<Vec<MatterId>> {
    let int = |pick: fn(&Matter) -> i64| matters.iter().map(pick);
    let maybe = |pick: fn(&Matter) -> Option<i64>| matters.iter().map(pick);
    Rows::new()
        .int("id", int(|one| one.id.0))
        .int("version", int(|one| i64::from(one.version)))
        .text("form", matters.iter().map(|one| one.standing.form.key()))
        .text("state", matters.iter().map(|one| one.standing.state.key()))
        .int_or_null("order_id", maybe(|one| one.order.map(|id| id.0)))
        .int("person_id", int(|one| one.person.0))
        .int_or_null("organisation_id", maybe(|one| one.organisation.map(|id| id.0)))
        .text("area_code", matters.iter().map(|one| one.area.as_str()))
        .text_or_null("kind", matters.iter().map(|one| one.kind.as_ref().map(KindKey::as_str)))
        .text("level", matters.iter().map(|one| one.standing.rung.key()))
        .text("words", matters.iter().map(|one| one.words.as_str()))
        .int_or_null("owner", maybe(|one| one.owner.map(|id| id.0)))
        .int_or_null("contact_by", maybe(|one| one.standing.contact_by.map(|at| at.0)))
        .int_or_null("answer_by", maybe(|one| one.standing.answer_by.map(|at| at.0)))
        .text("source", matters.iter().map(|one| one.source.as_str()))
        .int("created_at", int(|one| one.created_at.0))
        .int("changed_at", int(|one| one.standing.changed_at.0))
        .insert(tx, "matters", "ON CONFLICT (source) DO NOTHING")
        .await?;
    // Ids are fresh: one that stands there now is one of these.
    let rows = Rows::new()
        .int("id", int(|one| one.id.0))
        .query(tx, "SELECT m.id FROM matters m JOIN", "AS v ON m.id = v.id ORDER BY m.id")
        .await?;
    let written: Vec<MatterId> = rows.iter().map(|row| Ok(MatterId(row.try_get("", "id")?))).collect::<Result<_>>()?;
    let lines: Vec<MatterEventLine> = matters
        .iter()
        .filter(|one| written.contains(&one.id))
        .map(|one| MatterEventLine {
            matter: one.id,
            number: one.version,
            at: one.created_at,
            event: event.to_owned(),
            actor,
            acting,
            words: String::new(),
        })
        .collect();
    add_events(tx, &lines).await?;
    Ok(written)
}

/// Writes what can change. The rows were locked by [`lock`] in this transaction.
///
/// # Errors
/// Any [`StoreError`]; [`StoreError::Row`] when a version is not the next one.
pub async fn update(tx: &Tx, matters: &[Matter]) -> Result<()> {
    let maybe = |pick: fn(&Matter) -> Option<i64>| matters.iter().map(pick);
    let answer = |one: &Matter| one.answer.as_ref().map_or(String::new(), |(words, _)| words.clone());
    let changed = Rows::new()
        .int("id", matters.iter().map(|one| one.id.0))
        .int("version", matters.iter().map(|one| i64::from(one.version)))
        .text("state", matters.iter().map(|one| one.standing.state.key()))
        .text("level", matters.iter().map(|one| one.standing.rung.key()))
        .text("words", matters.iter().map(|one| one.words.as_str()))
        .int_or_null("owner", maybe(|one| one.owner.map(|id| id.0)))
        .int_or_null("contact_by", maybe(|one| one.standing.contact_by.map(|at| at.0)))
        .int_or_null("contacted_at", maybe(|one| one.contacted_at.map(|at| at.0)))
        .int_or_null("answer_by", maybe(|one| one.standing.answer_by.map(|at| at.0)))
        .text("answer", matters.iter().map(answer))
        .int_or_null("answered_at", maybe(|one| one.answer.as_ref().map(|(_, at)| at.0)))
        .int_or_null("follow_level", maybe(|one| one.standing.followed.map(|level| level.number().into())))
        .int_or_null("climbed_at", maybe(|one| one.climbed_at.map(|at| at.0)))
        .int("changed_at", matters.iter().map(|one| one.standing.changed_at.0))
        .execute(
            tx,
            "UPDATE matters SET version = v.version, state = v.state, level = v.level, words = v.words, \
             owner = v.owner, contact_by = v.contact_by, contacted_at = v.contacted_at, answer_by = v.answer_by, \
             answer = v.answer, answered_at = v.answered_at, follow_level = v.follow_level, \
             climbed_at = v.climbed_at, changed_at = v.changed_at FROM",
            "AS v WHERE matters.id = v.id AND matters.version = v.version - 1",
        )
        .await?;
    if changed == matters.len() as u64 { Ok(()) } else { Err(StoreError::Row("a matter was not locked".into())) }
}

/// Locks matters by id, in the order of their ids, and reads them. Unknown ids are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock(tx: &Tx, ids: &[MatterId]) -> Result<Vec<Matter>> {
    let lock = tx.locking("m");
    let rows = Rows::new()
        .int("id", ids.iter().map(|id| id.0))
        .query(tx, "SELECT m.* FROM matters m JOIN", &format!("AS v ON m.id = v.id ORDER BY m.id {lock}"))
        .await?;
    rows.iter().map(matter).collect()
}

/// Reads one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, id: MatterId) -> Result<Option<Matter>> {
    ask(db, "SELECT * FROM matters WHERE id = $1", [id.0.into()]).await?.first().map(matter).transpose()
}

/// The id of the matter of a source.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_source(db: &impl Reads, source: &str) -> Result<Option<MatterId>> {
    let rows = ask(db, "SELECT id FROM matters WHERE source = $1", [source.into()]).await?;
    rows.first().map(|row| Ok(MatterId(row.try_get("", "id")?))).transpose()
}

/// The matters of some people, newest first, older than `before`, at most `limit`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_people(
    db: &impl Reads,
    people: &[PersonId],
    before: Option<MatterId>,
    limit: u32,
) -> Result<Vec<Matter>> {
    let before = before.map_or(i64::MAX, |id| id.0);
    let tail = format!("AS v ON m.person_id = v.person_id WHERE m.id < {before} ORDER BY m.id DESC LIMIT {limit}");
    let rows = Rows::new()
        .int("person_id", people.iter().map(|person| person.0))
        .query(db, "SELECT m.* FROM matters m JOIN", &tail)
        .await?;
    rows.iter().map(matter).collect()
}

/// Whose matters somebody sees at a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Those of an organisation.
    Of(OrganisationId),
    /// Those of an area and what lies in it, from a rung on.
    From(AreaCode, Rung),
}

/// Which matters to list at a desk.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this sort.
    pub form: Option<Form>,
    /// In this state.
    pub state: Option<MatterState>,
    /// Past a deadline at this instant.
    pub late_at: Option<Instant>,
    /// In this area.
    pub area: Option<AreaCode>,
    /// In the hands of this account.
    pub owner: Option<AccountId>,
    /// None that is about a visit of this person: nobody judges themselves.
    pub not_about: Option<PersonId>,
}

/// Matters for a desk, oldest first, after a cursor, at most `limit`. Those that only wait for their resident's answer
/// are listed when that state is asked for.
///
/// # Errors
/// Any [`StoreError`].
pub async fn for_desk(
    db: &impl Reads,
    seen: &[Seen],
    wanted: &Wanted,
    after: Option<MatterId>,
    limit: u32,
) -> Result<Vec<Matter>> {
    let organisation = |one: &Seen| match one {
        Seen::Of(id) => Some(id.0),
        Seen::From(..) => None,
    };
    let prefix = |one: &Seen| match one {
        Seen::Of(_) => None,
        Seen::From(area, _) => Some(area.significant().to_owned()),
    };
    let rank = |one: &Seen| match one {
        Seen::Of(_) => 0,
        Seen::From(_, rung) => rank(*rung),
    };
    let mut only = String::new();
    if let Some(form) = wanted.form {
        only.push_str(&format!(" AND m.form = '{}'", form.key()));
    }
    match wanted.state {
        Some(state) => only.push_str(&format!(" AND m.state = '{}'", state.key())),
        None => only.push_str(" AND m.state <> 'asked'"),
    }
    if let Some(now) = wanted.late_at {
        only.push_str(&format!(" AND {}", late(now)));
    }
    if let Some(area) = &wanted.area {
        // Digits of area codes, never a pattern character.
        only.push_str(&format!(" AND m.area_code LIKE '{}%'", area.significant()));
    }
    if let Some(owner) = wanted.owner {
        only.push_str(&format!(" AND m.owner = {}", owner.0));
    }
    if let Some(person) = wanted.not_about {
        only.push_str(&format!(
            " AND NOT EXISTS (SELECT 1 FROM visits x JOIN workers w ON w.id = x.worker_id \
             WHERE x.order_id = m.order_id AND w.person_id = {})",
            person.0
        ));
    }
    let ranks: Vec<String> =
        Rung::ALL.iter().map(|rung| format!("WHEN '{}' THEN {}", rung.key(), self::rank(*rung))).collect();
    let tail = format!(
        "AS v WHERE v.organisation_id = m.organisation_id OR (m.area_code LIKE v.prefix || '%' \
         AND CASE m.level {} END >= v.lowest)){only} AND m.id > {} ORDER BY m.id LIMIT {limit}",
        ranks.join(" "),
        after.map_or(0, |id| id.0)
    );
    let rows = Rows::new()
        .int_or_null("organisation_id", seen.iter().map(organisation))
        .text_or_null("prefix", seen.iter().map(prefix))
        .int("lowest", seen.iter().map(rank))
        .query(db, "SELECT m.* FROM matters m WHERE EXISTS (SELECT 1 FROM", &tail)
        .await?;
    rows.iter().map(matter).collect()
}

const fn rank(rung: Rung) -> i64 {
    match rung {
        Rung::Organisation => 0,
        Rung::Community => 1,
        Rung::Street => 2,
        Rung::District => 3,
    }
}

fn late(now: Instant) -> String {
    let now = now.0;
    format!(
        "((m.state = 'open' AND (m.contact_by <= {now} OR m.answer_by <= {now})) \
         OR (m.state = 'contacted' AND m.answer_by <= {now}))"
    )
}

/// Matters past a deadline that can still climb, oldest first, at most `limit`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn to_climb(db: &impl Reads, now: Instant, limit: u32) -> Result<Vec<MatterId>> {
    let sql = format!(
        "SELECT m.id FROM matters m WHERE {} AND m.level <> 'district' AND m.form <> 'praise' ORDER BY m.id LIMIT $1",
        late(now)
    );
    ids(&ask(db, &sql, [i64::from(limit).into()]).await?)
}

/// Matters that nobody has answered since an instant: repairs asked after, and outcomes that were not rated.
///
/// # Errors
/// Any [`StoreError`].
pub async fn silent(db: &impl Reads, since: Instant, limit: u32) -> Result<Vec<MatterId>> {
    let sql = "SELECT id FROM matters WHERE state IN ('asked', 'answered') AND changed_at <= $1 ORDER BY id LIMIT $2";
    ids(&ask(db, sql, [since.0.into(), i64::from(limit).into()]).await?)
}

fn ids(rows: &[QueryResult]) -> Result<Vec<MatterId>> {
    rows.iter().map(|row| Ok(MatterId(row.try_get("", "id")?))).collect()
}

/// A finished visit whose resident is to be asked whether it still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The order.
    pub order: OrderId,
    /// Who was served.
    pub person: PersonId,
    /// Who served.
    pub organisation: OrganisationId,
    /// The community.
    pub area: AreaCode,
}

/// Visits of a kind that were done in a time, stand, and were not asked after yet; at most `limit`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn repairs(
    db: &impl Reads,
    kind: &KindKey,
    (from, until): (Instant, Instant),
    limit: u32,
) -> Result<Vec<Repair>> {
    let sql = "SELECT o.id, o.subject_id, o.organisation_id, o.area_code FROM visits v JOIN orders o \
               ON o.id = v.order_id WHERE v.state = 'done' AND v.kind = $1 AND v.done_at > $2 AND v.done_at <= $3 \
               AND o.state IN ('fulfilled', 'closed') AND NOT EXISTS (SELECT 1 FROM matters m \
               WHERE m.order_id = o.id AND m.form = 'still_fixed') ORDER BY o.id LIMIT $4";
    let values = [kind.as_str().into(), from.0.into(), until.0.into(), i64::from(limit).into()];
    ask(db, sql, values)
        .await?
        .iter()
        .map(|row| {
            Ok(Repair {
                order: OrderId(row.try_get("", "id")?),
                person: PersonId(row.try_get("", "subject_id")?),
                organisation: OrganisationId(row.try_get("", "organisation_id")?),
                area: area_of(row)?,
            })
        })
        .collect()
}

/// Who is to see to a matter: of the lowest rung from `lowest` on where anybody works, managers before colleagues, then
/// whoever has the least in hand. Nobody who is part of it (`not`) is chosen.
///
/// # Errors
/// Any [`StoreError`].
pub async fn owner_for(
    db: &impl Reads,
    lowest: Rung,
    organisation: Option<OrganisationId>,
    area: &AreaCode,
    not: &[AccountId],
    now: Instant,
) -> Result<Option<(Rung, AccountId)>> {
    let above = |level| area.up_to(level).map_or(String::new(), |area| area.to_string());
    let mut not = not.iter().map(|account| account.0).chain([0, 0]);
    let sql = "SELECT c.rung, c.account_id FROM (\
                 SELECT g.account_id, g.id, CASE WHEN g.role = 'organisation_staff' THEN 1 ELSE 0 END AS second, \
                   CASE g.role WHEN 'community_staff' THEN 1 WHEN 'street_staff' THEN 2 WHEN 'district_staff' THEN 3 \
                   ELSE 0 END AS rung \
                 FROM role_grants g WHERE g.valid_from <= $1 AND (g.valid_until IS NULL OR g.valid_until > $1) \
                   AND ((g.organisation_id = $2 AND g.role IN ('organisation_manager', 'organisation_staff')) \
                     OR (g.role = 'community_staff' AND g.area_code = $3) \
                     OR (g.role = 'street_staff' AND g.area_code = $4) \
                     OR (g.role = 'district_staff' AND g.area_code = $5)) \
                   AND g.account_id NOT IN ($6, $7)) c \
               WHERE c.rung >= $8 ORDER BY c.rung, c.second, (SELECT COUNT(*) FROM matters m \
                 WHERE m.owner = c.account_id AND m.state IN ('open', 'contacted')), c.account_id LIMIT 1";
    let values = [
        now.0.into(),
        organisation.map_or(0, |id| id.0).into(),
        above(AreaLevel::Community).into(),
        above(AreaLevel::Street).into(),
        above(AreaLevel::District).into(),
        not.next().unwrap_or_default().into(),
        not.next().unwrap_or_default().into(),
        i32::try_from(rank(lowest)).expect("0 to 3").into(),
    ];
    let rows = ask(db, sql, values).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let found: i32 = row.try_get("", "rung")?;
    let rung = Rung::ALL.into_iter().find(|rung| rank(*rung) == i64::from(found)).ok_or_else(|| unreadable("rung"))?;
    Ok(Some((rung, AccountId(row.try_get("", "account_id")?))))
}

/// Adds lines to timelines.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add_events(tx: &Tx, lines: &[MatterEventLine]) -> Result<()> {
    Rows::new()
        .int("matter_id", lines.iter().map(|line| line.matter.0))
        .int("number", lines.iter().map(|line| i64::from(line.number)))
        .int("at", lines.iter().map(|line| line.at.0))
        .text("event", lines.iter().map(|line| line.event.as_str()))
        .int_or_null("actor", lines.iter().map(|line| line.actor.map(|id| id.0)))
        .text("acting_as", lines.iter().map(|line| line.acting.key()))
        .text("words", lines.iter().map(|line| line.words.as_str()))
        .insert(tx, "matter_events", "")
        .await?;
    Ok(())
}

/// The timelines of matters, each oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn events(db: &impl Reads, matters: &[MatterId]) -> Result<Vec<MatterEventLine>> {
    let rows = Rows::new()
        .int("id", matters.iter().map(|id| id.0))
        .query(db, "SELECT e.* FROM matter_events e JOIN", "AS v ON e.matter_id = v.id ORDER BY e.matter_id, e.number")
        .await?;
    rows.iter()
        .map(|row| {
            let actor: Option<i64> = row.try_get("", "actor")?;
            let acting: String = row.try_get("", "acting_as")?;
            Ok(MatterEventLine {
                matter: MatterId(row.try_get("", "matter_id")?),
                number: row.try_get("", "number")?,
                at: Instant(row.try_get("", "at")?),
                event: row.try_get("", "event")?,
                actor: actor.map(AccountId),
                acting: ActingAs::from_key(&acting).ok_or_else(|| unreadable("acting_as"))?,
                words: row.try_get("", "words")?,
            })
        })
        .collect()
}

/// Puts pictures to a new matter.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put_pictures(tx: &Tx, matter: MatterId, files: &[FileId]) -> Result<()> {
    Rows::new()
        .int("matter_id", files.iter().map(|_| matter.0))
        .int("file_id", files.iter().map(|id| id.0))
        .insert(tx, "matter_pictures", "ON CONFLICT (matter_id, file_id) DO NOTHING")
        .await?;
    Ok(())
}

/// The pictures of matters.
///
/// # Errors
/// Any [`StoreError`].
pub async fn pictures(db: &impl Reads, matters: &[MatterId]) -> Result<HashMap<MatterId, Vec<FileId>>> {
    let rows = Rows::new()
        .int("id", matters.iter().map(|id| id.0))
        .query(
            db,
            "SELECT p.matter_id, p.file_id FROM matter_pictures p JOIN",
            "AS v ON p.matter_id = v.id ORDER BY p.file_id",
        )
        .await?;
    let mut found: HashMap<MatterId, Vec<FileId>> = HashMap::new();
    for row in &rows {
        found.entry(MatterId(row.try_get("", "matter_id")?)).or_default().push(FileId(row.try_get("", "file_id")?));
    }
    Ok(found)
}

/// The matters a picture belongs to: its own, or that of the poor rating it was sent with.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_picture(db: &impl Reads, file: FileId) -> Result<Vec<Matter>> {
    let sql = "SELECT m.* FROM matters m WHERE EXISTS (SELECT 1 FROM matter_pictures p WHERE p.matter_id = m.id \
               AND p.file_id = $1) OR (m.form = 'poor_rating' AND EXISTS (SELECT 1 FROM order_pictures o \
               WHERE o.order_id = m.order_id AND o.moment = 'rating' AND o.file_id = $1))";
    ask(db, sql, [file.0.into()]).await?.iter().map(matter).collect()
}

/// Takes back what somebody has open and forgets what they wrote.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget(tx: &Tx, person: PersonId, now: Instant) -> Result<()> {
    let sql = "UPDATE matters SET words = '', version = version + 1, changed_at = $2, \
               state = CASE WHEN state = 'closed' THEN state ELSE 'withdrawn' END WHERE person_id = $1 \
               RETURNING id, version";
    let rows = ask(tx, sql, [person.0.into(), now.0.into()]).await?;
    let lines: Vec<MatterEventLine> = rows
        .iter()
        .map(|row| {
            Ok(MatterEventLine {
                matter: MatterId(row.try_get("", "id")?),
                number: row.try_get("", "version")?,
                at: now,
                event: "withdrawn".to_owned(),
                actor: None,
                acting: ActingAs::System,
                words: String::new(),
            })
        })
        .collect::<Result<_>>()?;
    add_events(tx, &lines).await
}

fn unreadable(column: &str) -> StoreError {
    StoreError::Row(format!("matters.{column} cannot be read"))
}

fn area_of(row: &QueryResult) -> Result<AreaCode> {
    let area: String = row.try_get("", "area_code")?;
    area.parse().map_err(|_| unreadable("area_code"))
}

fn matter(row: &QueryResult) -> Result<Matter> {
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let maybe = |name: &str| -> Result<Option<i64>> { Ok(row.try_get("", name)?) };
    let at = |name: &str| -> Result<Option<Instant>> { Ok(maybe(name)?.map(Instant)) };
    let kind: Option<String> = row.try_get("", "kind")?;
    let followed: Option<i32> = row.try_get("", "follow_level")?;
    let level = |level: i32| Level::from_number(level.into()).ok_or_else(|| unreadable("follow_level"));
    Ok(Matter {
        id: MatterId(row.try_get("", "id")?),
        version: row.try_get("", "version")?,
        standing: Standing {
            form: Form::from_key(&text("form")?).ok_or_else(|| unreadable("form"))?,
            state: MatterState::from_key(&text("state")?).ok_or_else(|| unreadable("state"))?,
            rung: Rung::from_key(&text("level")?).ok_or_else(|| unreadable("level"))?,
            contact_by: at("contact_by")?,
            answer_by: at("answer_by")?,
            followed: followed.map(level).transpose()?,
            changed_at: Instant(row.try_get("", "changed_at")?),
        },
        order: maybe("order_id")?.map(OrderId),
        person: PersonId(row.try_get("", "person_id")?),
        organisation: maybe("organisation_id")?.map(OrganisationId),
        area: area_of(row)?,
        kind: kind.map(|kind| kind.parse().map_err(|_| unreadable("kind"))).transpose()?,
        words: text("words")?,
        owner: maybe("owner")?.map(AccountId),
        contacted_at: at("contacted_at")?,
        answer: at("answered_at")?.map(|at| Ok::<_, StoreError>((text("answer")?, at))).transpose()?,
        climbed_at: at("climbed_at")?,
        source: text("source")?,
        created_at: Instant(row.try_get("", "created_at")?),
    })
}
