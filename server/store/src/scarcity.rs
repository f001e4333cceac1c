//! The one place where scarcity changes: claims are taken and given back here, all of a batch at once.
//!
//! Rows are made on first use and locked before anything is decided, tables and rows in a fixed order (calendars by
//! owner and day, then pools by key), so that transactions wait for each other in a line and never in a circle.
//! Then `linli_domain::claim::Ledger` decides, and what changed is written. The tables' CHECKs repeat the rule.

use std::collections::{BTreeMap, BTreeSet};

use linli_domain::calendar::Mask;
use linli_domain::claim::{Change, Claim, Ledger, Line, Pool, PoolKey};
use linli_domain::id::OrderId;
use linli_domain::time::Day;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// The rows a batch may touch.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    pools: BTreeMap<PoolKey, u32>,
    calendars: BTreeSet<(i64, Day)>,
}

impl Needs {
    /// Adds what a claim touches.
    pub fn claim(&mut self, claim: &Claim) {
        match claim {
            Claim::Place { pool, capacity, .. } => self.pool(pool, *capacity),
            Claim::Time { owner, day, .. } => {
                self.calendars.insert((*owner, *day));
            }
        }
    }

    /// Adds a pool; the capacity is what it starts with when it is made now.
    pub fn pool(&mut self, key: &PoolKey, capacity: u32) {
        let known = self.pools.entry(key.clone()).or_insert(capacity);
        *known = capacity.max(*known);
    }

    /// Adds everything a change touches.
    pub fn change(&mut self, change: &Change) {
        change.give.iter().chain(&change.take).for_each(|claim| self.claim(claim));
        match &change.line {
            Some(Line::Join { pool, capacity, .. }) => self.pool(pool, *capacity),
            Some(Line::Leave { pool }) => self.pool(pool, 0),
            None => {}
        }
    }
}

/// What an order holds from now on, in place of whatever it held.
#[derive(Debug, Clone)]
pub struct Holding {
    /// Which order.
    pub order: OrderId,
    /// Everything it holds.
    pub claims: Vec<Claim>,
    /// Whether the order is new and held nothing.
    pub is_new: bool,
}

/// Locks the rows, lets `decide` change them, writes what changed and what the orders hold now.
///
/// # Errors
/// Any [`StoreError`]; the caller's transaction is then lost.
pub async fn settle<T>(tx: &Tx, needs: &Needs, decide: impl FnOnce(&mut Ledger) -> (T, Vec<Holding>)) -> Result<T> {
    let calendars = lock_calendars(tx, &needs.calendars).await?;
    let pools = lock_pools(tx, &needs.pools).await?;
    let mut ledger = Ledger::new(pools, calendars);
    if !tx.guarded {
        ledger = ledger.without_guard();
    }
    let (answer, holdings) = decide(&mut ledger);
    write_calendars(tx, &ledger).await?;
    write_pools(tx, &ledger).await?;
    write_holdings(tx, holdings).await?;
    Ok(answer)
}

async fn lock_calendars(tx: &Tx, wanted: &BTreeSet<(i64, Day)>) -> Result<BTreeMap<(i64, Day), Mask>> {
    let rows = || {
        Rows::new()
            .int("owner", wanted.iter().map(|(owner, _)| *owner))
            .int("day", wanted.iter().map(|(_, day)| i64::from(day.0)))
    };
    rows().insert(tx, "calendars", "ON CONFLICT (owner, day) DO NOTHING").await?;
    let head = "SELECT c.owner, c.day, c.am, c.pm FROM calendars c JOIN";
    let tail = format!("AS v ON c.owner = v.owner AND c.day = v.day ORDER BY c.owner, c.day {}", lock(tx, "c"));
    rows().query(tx, head, &tail).await?.iter().map(calendar).collect()
}

fn calendar(row: &QueryResult) -> Result<((i64, Day), Mask)> {
    let mask = Mask { am: row.try_get("", "am")?, pm: row.try_get("", "pm")? };
    Ok(((row.try_get("", "owner")?, Day(row.try_get("", "day")?)), mask))
}

async fn lock_pools(tx: &Tx, wanted: &BTreeMap<PoolKey, u32>) -> Result<BTreeMap<PoolKey, Pool>> {
    Rows::new()
        .text("key", wanted.keys().map(|key| key.0.as_str()))
        .int("capacity", wanted.values().map(|capacity| i64::from(*capacity)))
        .insert(tx, "pools", "ON CONFLICT (key) DO NOTHING")
        .await?;
    let head = "SELECT p.key, p.capacity, p.taken, p.waiting, p.last_line, p.closed FROM pools p JOIN";
    let tail = format!("AS v ON p.key = v.key ORDER BY p.key {}", lock(tx, "p"));
    let rows = Rows::new().text("key", wanted.keys().map(|key| key.0.as_str())).query(tx, head, &tail).await?;
    rows.iter().map(pool).collect()
}

/// The rows as they stand, without locking them: what would be decided if nobody else came meanwhile. Nothing of it is
/// ever written.
///
/// # Errors
/// Any [`StoreError`].
pub async fn glance(db: &impl Reads, needs: &Needs) -> Result<Ledger> {
    let keys: Vec<PoolKey> = needs.pools.keys().cloned().collect();
    let days: Vec<(i64, Day)> = needs.calendars.iter().copied().collect();
    Ok(Ledger::new(pools(db, &keys).await?, calendars(db, &days).await?))
}

/// Reads pools without locking them, for showing what is left. Pools nobody has used yet are not among them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn pools(db: &impl Reads, keys: &[PoolKey]) -> Result<BTreeMap<PoolKey, Pool>> {
    let head = "SELECT p.key, p.capacity, p.taken, p.waiting, p.last_line, p.closed FROM pools p JOIN";
    let rows =
        Rows::new().text("key", keys.iter().map(|key| key.0.as_str())).query(db, head, "AS v ON p.key = v.key").await?;
    rows.iter().map(pool).collect()
}

fn pool(row: &QueryResult) -> Result<(PoolKey, Pool)> {
    let number = |name: &str| -> Result<u32> {
        let value: i32 = row.try_get("", name)?;
        u32::try_from(value).map_err(|_| StoreError::Row(format!("pools.{name} is negative")))
    };
    let pool = Pool {
        capacity: number("capacity")?,
        taken: number("taken")?,
        waiting: number("waiting")?,
        last_line: number("last_line")?,
        closed: row.try_get("", "closed")?,
    };
    Ok((PoolKey(row.try_get("", "key")?), pool))
}

/// Locks what is decided about, unless a test looks at what happens without.
fn lock(tx: &Tx, alias: &str) -> String {
    if tx.guarded { tx.locking(alias) } else { String::new() }
}

async fn write_calendars(tx: &Tx, ledger: &Ledger) -> Result<()> {
    let changed: Vec<_> = ledger.changed_calendars().collect();
    Rows::new()
        .int("owner", changed.iter().map(|((owner, _), _)| *owner))
        .int("day", changed.iter().map(|((_, day), _)| i64::from(day.0)))
        .int("am", changed.iter().map(|(_, mask)| mask.am))
        .int("pm", changed.iter().map(|(_, mask)| mask.pm))
        .execute(
            tx,
            "UPDATE calendars SET am = v.am, pm = v.pm FROM",
            "AS v WHERE calendars.owner = v.owner AND calendars.day = v.day",
        )
        .await?;
    Ok(())
}

async fn write_pools(tx: &Tx, ledger: &Ledger) -> Result<()> {
    let changed: Vec<_> = ledger.changed_pools().collect();
    Rows::new()
        .text("key", changed.iter().map(|(key, _)| key.0.as_str()))
        .int("capacity", changed.iter().map(|(_, pool)| i64::from(pool.capacity)))
        .int("taken", changed.iter().map(|(_, pool)| i64::from(pool.taken)))
        .int("waiting", changed.iter().map(|(_, pool)| i64::from(pool.waiting)))
        .int("last_line", changed.iter().map(|(_, pool)| i64::from(pool.last_line)))
        .bool("closed", changed.iter().map(|(_, pool)| pool.closed))
        .execute(
            tx,
            "UPDATE pools SET capacity = v.capacity, taken = v.taken, waiting = v.waiting, last_line = v.last_line, closed = v.closed FROM",
            "AS v WHERE pools.key = v.key",
        )
        .await?;
    Ok(())
}

async fn write_holdings(tx: &Tx, holdings: Vec<Holding>) -> Result<()> {
    Rows::new()
        .int("order_id", holdings.iter().filter(|holding| !holding.is_new).map(|holding| holding.order.0))
        .execute(tx, "DELETE FROM claims WHERE order_id IN (SELECT order_id FROM", "AS v)")
        .await?;
    let claims: Vec<(i64, i64, Claim)> = holdings
        .into_iter()
        .flat_map(|holding| {
            holding.claims.into_iter().zip(1..).map(move |(claim, number)| (holding.order.0, number, claim))
        })
        .collect();
    let time = |claim: &Claim| match claim {
        Claim::Place { .. } => None,
        Claim::Time { owner, day, mask } => Some((*owner, i64::from(day.0), *mask)),
    };
    Rows::new()
        .int("order_id", claims.iter().map(|(order, _, _)| *order))
        .int("number", claims.iter().map(|(_, number, _)| *number))
        .text_or_null(
            "pool_key",
            claims.iter().map(|(_, _, claim)| match claim {
                Claim::Place { pool, .. } => Some(pool.0.as_str()),
                Claim::Time { .. } => None,
            }),
        )
        .int_or_null("owner", claims.iter().map(|(_, _, claim)| time(claim).map(|(owner, _, _)| owner)))
        .int_or_null("day", claims.iter().map(|(_, _, claim)| time(claim).map(|(_, day, _)| day)))
        .int(
            "amount",
            claims.iter().map(|(_, _, claim)| match claim {
                Claim::Place { amount, .. } => i64::from(*amount),
                Claim::Time { .. } => 1,
            }),
        )
        .int("am", claims.iter().map(|(_, _, claim)| time(claim).map_or(0, |(_, _, mask)| mask.am)))
        .int("pm", claims.iter().map(|(_, _, claim)| time(claim).map_or(0, |(_, _, mask)| mask.pm)))
        .insert(tx, "claims", "")
        .await?;
    Ok(())
}

/// What orders hold.
///
/// # Errors
/// Any [`StoreError`].
pub async fn holdings(db: &impl Reads, orders: &[OrderId]) -> Result<BTreeMap<OrderId, Vec<Claim>>> {
    let head = "SELECT c.order_id, c.pool_key, c.owner, c.day, c.am, c.pm, c.amount FROM claims c JOIN";
    let rows = Rows::new()
        .int("order_id", orders.iter().map(|order| order.0))
        .query(db, head, "AS v ON c.order_id = v.order_id ORDER BY c.order_id, c.number")
        .await?;
    let mut held: BTreeMap<OrderId, Vec<Claim>> = BTreeMap::new();
    for row in rows {
        let claim = match row.try_get::<Option<String>>("", "pool_key")? {
            Some(key) => {
                let amount: i32 = row.try_get("", "amount")?;
                let amount = u32::try_from(amount).map_err(|_| StoreError::Row("claims.amount is negative".into()))?;
                Claim::Place { pool: PoolKey(key), capacity: 0, amount }
            }
            None => Claim::Time {
                owner: row.try_get("", "owner")?,
                day: Day(row.try_get("", "day")?),
                mask: Mask { am: row.try_get("", "am")?, pm: row.try_get("", "pm")? },
            },
        };
        held.entry(OrderId(row.try_get("", "order_id")?)).or_default().push(claim);
    }
    Ok(held)
}

/// Who holds any of these quarter hours: orders, meetings or contracts by their ids, in the order of the ids.
///
/// # Errors
/// Any [`StoreError`].
pub async fn holders(db: &impl Reads, owner: i64, day: Day, mask: Mask) -> Result<Vec<i64>> {
    let sql = "SELECT order_id, am, pm FROM claims WHERE owner = $1 AND day = $2 ORDER BY order_id";
    let rows = ask(db, sql, [owner.into(), day.0.into()]).await?;
    let mut found = Vec::new();
    for row in rows {
        let held = Mask { am: row.try_get("", "am")?, pm: row.try_get("", "pm")? };
        if !held.is_free_of(mask) {
            found.push(row.try_get("", "order_id")?);
        }
    }
    Ok(found)
}

/// The busy quarter hours of owners on days, without locking them. Days nobody has used yet are not among them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn calendars(db: &impl Reads, wanted: &[(i64, Day)]) -> Result<BTreeMap<(i64, Day), Mask>> {
    let rows = Rows::new()
        .int("owner", wanted.iter().map(|(owner, _)| *owner))
        .int("day", wanted.iter().map(|(_, day)| i64::from(day.0)))
        .query(
            db,
            "SELECT c.owner, c.day, c.am, c.pm FROM calendars c JOIN",
            "AS v ON c.owner = v.owner AND c.day = v.day",
        )
        .await?;
    rows.iter().map(calendar).collect()
}
