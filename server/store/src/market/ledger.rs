//! The ledger: entries are added and never changed.

use std::collections::BTreeMap;

use linli_domain::area::AreaCode;
use linli_domain::id::{AccountId, LedgerEntryId, OrderId, OrganisationId, WorkerId};
use linli_domain::ledger::{Account, Entry, Posting, What};
use linli_domain::platform::KindKey;
use linli_domain::time::{Day, Instant};
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Its id.
    pub id: LedgerEntryId,
    /// The entry.
    pub entry: Entry,
    /// When what it is about happened; its local day decides the week.
    pub at: Instant,
    /// Who wrote it, where it was a person.
    pub by: Option<AccountId>,
    /// Why, in their words.
    pub reason: String,
}

/// A line of a statement: what one entry moved for those who work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The entry.
    pub id: LedgerEntryId,
    /// When.
    pub at: Instant,
    /// Why.
    pub what: What,
    /// For which order.
    pub order: OrderId,
    /// Of which kind.
    pub kind: KindKey,
    /// Whose work it was.
    pub worker: WorkerId,
    /// Where it went to, or was taken from.
    pub account: Account,
    /// How much, in fen.
    pub fen: i64,
    /// Minutes at work for it, the way there included; 0 for corrections.
    pub minutes: i64,
    /// Why it was corrected.
    pub reason: String,
}

/// What moved on an account of those who work in one week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub monday: Day,
    /// The account.
    pub account: Account,
    /// How much, in fen.
    pub fen: i64,
    /// For how many orders.
    pub orders: i64,
}

/// Adds an entry, but for one whose source has spoken before. Answers whether it is new.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add(tx: &Tx, new: &NewEntry) -> Result<bool> {
    let sql = "INSERT INTO ledger_entries (id, at, day, what, order_id, worker_id, source, by_account, reason) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (source) DO NOTHING RETURNING id";
    let (entry, day) = (&new.entry, new.at.day().0);
    let values = [
        new.id.0.into(),
        new.at.0.into(),
        day.into(),
        entry.what.key().into(),
        entry.order.0.into(),
        entry.worker.0.into(),
        entry.source.as_str().into(),
        new.by.map(|by| by.0).into(),
        new.reason.as_str().into(),
    ];
    if ask(tx, sql, values).await?.is_empty() {
        return Ok(false);
    }
    let postings = entry.postings();
    Rows::new()
        .int("entry_id", postings.iter().map(|_| new.id.0))
        .int("number", (1..).take(postings.len()))
        .text("account", postings.iter().map(|posting| posting.account.to_string()))
        .int("amount_fen", postings.iter().map(|posting| posting.fen))
        .int("day", postings.iter().map(|_| i64::from(day)))
        .insert(tx, "ledger_postings", "")
        .await?;
    Ok(true)
}

/// All entries of an order, in the order they were written.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_order(db: &impl Reads, order: OrderId) -> Result<Vec<Entry>> {
    let sql = "SELECT e.id, e.what, e.order_id, e.worker_id, e.source, p.account, p.amount_fen FROM ledger_entries e \
               JOIN ledger_postings p ON p.entry_id = e.id WHERE e.order_id = $1 ORDER BY e.id, p.number";
    let rows = ask(db, sql, [order.0.into()]).await?;
    let mut entries: BTreeMap<i64, (What, WorkerId, String, Vec<Posting>)> = BTreeMap::new();
    for row in &rows {
        let worker = WorkerId(row.try_get("", "worker_id")?);
        let head = (what(row)?, worker, row.try_get("", "source")?, Vec::new());
        let posting = Posting { account: account(row)?, fen: row.try_get("", "amount_fen")? };
        entries.entry(row.try_get("", "id")?).or_insert(head).3.push(posting);
    }
    entries
        .into_iter()
        .map(|(id, (what, worker, source, postings))| {
            Entry::new(what, order, worker, source, postings)
                .map_err(|_| StoreError::Row(format!("ledger entry {id} does not balance")))
        })
        .collect()
}

/// What moved for somebody's work between two days, both included, in order.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lines(db: &impl Reads, worker: WorkerId, from: Day, to: Day) -> Result<Vec<Line>> {
    let sql = format!(
        "SELECT e.id, e.at, e.what, e.order_id, e.worker_id, e.reason, p.account, p.amount_fen, o.kind, \
         v.on_way_at, v.started_at, v.done_at FROM ledger_entries e \
         JOIN ledger_postings p ON p.entry_id = e.id AND {OF_WORK} \
         JOIN orders o ON o.id = e.order_id LEFT JOIN visits v ON v.order_id = e.order_id \
         WHERE e.worker_id = $1 AND e.day BETWEEN $2 AND $3 ORDER BY e.at, e.id, p.number"
    );
    ask(db, &sql, [worker.0.into(), from.0.into(), to.0.into()]).await?.iter().map(line).collect()
}

/// What moved for somebody's work, week by week and account by account, the newest week first, before a day.
///
/// # Errors
/// Any [`StoreError`].
pub async fn weeks(db: &impl Reads, worker: WorkerId, before: Day, limit: u32) -> Result<Vec<Week>> {
    let sql = format!(
        "SELECT {MONDAY} AS monday, p.account, CAST(SUM(p.amount_fen) AS BIGINT) AS fen, \
         COUNT(DISTINCT e.order_id) AS orders FROM ledger_entries e \
         JOIN ledger_postings p ON p.entry_id = e.id AND {OF_WORK} \
         WHERE e.worker_id = $1 AND {MONDAY} IN (SELECT DISTINCT {MONDAY} FROM ledger_entries e \
           WHERE e.worker_id = $1 AND e.day < $2 ORDER BY 1 DESC LIMIT $3) \
         GROUP BY 1, p.account ORDER BY 1 DESC, p.account"
    );
    ask(db, &sql, [worker.0.into(), before.0.into(), i64::from(limit).into()]).await?.iter().map(week).collect()
}

/// Minutes somebody was at work between two days, both included: visits that were done, with the way there.
///
/// # Errors
/// Any [`StoreError`].
pub async fn minutes(db: &impl Reads, worker: WorkerId, from: Day, to: Day) -> Result<i64> {
    let sql = format!(
        "SELECT CAST(COALESCE(SUM({MINUTES}), 0) AS BIGINT) AS minutes FROM visits v \
         WHERE v.worker_id = $1 AND v.done_at >= $2 AND v.done_at < $3"
    );
    let values = [worker.0.into(), from.start().0.into(), to.plus(1).start().0.into()];
    let rows = ask(db, &sql, values).await?;
    Ok(rows.first().map_or(Ok(0), |row| row.try_get("", "minutes"))?)
}

/// Whose statements are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Those for orders of one organisation.
    Organisation(OrganisationId),
    /// Those for orders within an area.
    Area(AreaCode),
}

/// One payee's week, as the district or an organisation sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Whose work it was.
    pub worker: WorkerId,
    /// Their name, as residents read it.
    pub name: String,
    /// Where it went to.
    pub account: Account,
    /// Out of which budget of the district; none for cash.
    pub budget: Option<String>,
    /// How much, in fen.
    pub fen: i64,
    /// For how many orders.
    pub orders: i64,
}

/// What was moved between two days, both included, for orders of an organisation or an area: by worker, payee and
/// budget, of at most `limit` workers, in order of their ids after `after`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn owed(
    db: &impl Reads,
    whose: &Whose,
    (from, to): (Day, Day),
    after: Option<WorkerId>,
    limit: u32,
) -> Result<Vec<Owed>> {
    let (of, value) = match whose {
        Whose::Organisation(id) => ("o.organisation_id = $3", id.0.into()),
        // A prefix is digits of an area code, never a pattern character.
        Whose::Area(area) => ("o.area_code LIKE $3 || '%'", area.significant().into()),
    };
    let which = format!("e.day BETWEEN $1 AND $2 AND {of}");
    // An entry has two sides: what the one receives the other has given.
    let sql = format!(
        "SELECT e.worker_id, w.name, p.account, CASE WHEN g.account LIKE 'district/%' THEN g.account END AS budget, \
         CAST(SUM(p.amount_fen) AS BIGINT) AS fen, COUNT(DISTINCT e.order_id) AS orders FROM ledger_entries e \
         JOIN ledger_postings p ON p.entry_id = e.id AND {OF_WORK} \
         JOIN ledger_postings g ON g.entry_id = e.id AND g.number <> p.number \
         JOIN orders o ON o.id = e.order_id JOIN workers w ON w.id = e.worker_id \
         WHERE {which} AND e.worker_id IN (SELECT DISTINCT e.worker_id FROM ledger_entries e \
           JOIN orders o ON o.id = e.order_id WHERE {which} AND e.worker_id > $4 ORDER BY 1 LIMIT $5) \
         GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4"
    );
    let after = after.map_or(0, |worker| worker.0);
    let values = [from.0.into(), to.0.into(), value, after.into(), i64::from(limit).into()];
    ask(db, &sql, values).await?.iter().map(one_owed).collect()
}

/// Whom a worker works for; themselves when nobody.
///
/// # Errors
/// Any [`StoreError`].
pub async fn employer(db: &impl Reads, worker: WorkerId) -> Result<Option<OrganisationId>> {
    let rows = ask(db, "SELECT organisation_id FROM workers WHERE id = $1", [worker.0.into()]).await?;
    let id: Option<i64> = rows.first().map_or(Ok(None), |row| row.try_get("", "organisation_id"))?;
    Ok(id.map(OrganisationId))
}

/// Postings of those who work: [`Account::is_of_work`].
pub(super) const OF_WORK: &str =
    "(p.account LIKE 'worker/%' OR p.account LIKE 'organisation/%' OR p.account LIKE 'cash/%')";
/// The Monday of an entry's week: day 0 was a Thursday.
const MONDAY: &str = "(e.day - (e.day + 3) % 7)";
/// Minutes at work for a visit: [`linli_domain::ledger::active_minutes`].
const MINUTES: &str = "CASE WHEN v.done_at > COALESCE(v.on_way_at, v.started_at, v.done_at) \
     THEN (v.done_at - COALESCE(v.on_way_at, v.started_at, v.done_at) + 59999999) / 60000000 ELSE 0 END";

fn account(row: &QueryResult) -> Result<Account> {
    let text: String = row.try_get("", "account")?;
    text.parse().map_err(|_| StoreError::Row("ledger_postings.account cannot be read".into()))
}

fn what(row: &QueryResult) -> Result<What> {
    let key: String = row.try_get("", "what")?;
    What::from_key(&key).ok_or_else(|| StoreError::Row("ledger_entries.what cannot be read".into()))
}

fn line(row: &QueryResult) -> Result<Line> {
    let kind: String = row.try_get("", "kind")?;
    let at = |name: &str| -> Result<Option<Instant>> { Ok(row.try_get::<Option<i64>>("", name)?.map(Instant)) };
    let (what, done) = (what(row)?, at("done_at")?);
    let minutes = match (what, done) {
        (What::VisitPaid, Some(done)) => {
            linli_domain::ledger::active_minutes(at("on_way_at")?, at("started_at")?, done)
        }
        _ => 0,
    };
    Ok(Line {
        id: LedgerEntryId(row.try_get("", "id")?),
        at: Instant(row.try_get("", "at")?),
        what,
        order: OrderId(row.try_get("", "order_id")?),
        kind: kind.parse().map_err(|_| StoreError::Row("orders.kind cannot be read".into()))?,
        worker: WorkerId(row.try_get("", "worker_id")?),
        account: account(row)?,
        fen: row.try_get("", "amount_fen")?,
        minutes,
        reason: row.try_get("", "reason")?,
    })
}

fn week(row: &QueryResult) -> Result<Week> {
    Ok(Week {
        monday: Day(row.try_get("", "monday")?),
        account: account(row)?,
        fen: row.try_get("", "fen")?,
        orders: row.try_get("", "orders")?,
    })
}

fn one_owed(row: &QueryResult) -> Result<Owed> {
    let budget: Option<String> = row.try_get("", "budget")?;
    Ok(Owed {
        worker: WorkerId(row.try_get("", "worker_id")?),
        name: row.try_get("", "name")?,
        account: account(row)?,
        budget: budget.and_then(|account| account.split_once('/').map(|(_, budget)| budget.to_owned())),
        fen: row.try_get("", "fen")?,
        orders: row.try_get("", "orders")?,
    })
}
