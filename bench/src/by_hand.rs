//! The same writes on SQLite in a bare loop: one connection, one transaction per order, prepared statements, waiting
//! for the disk. Nobody asks, nobody is answered, nothing is in between.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use linli_domain::claim::PoolKey;
use linli_domain::id::PersonId;
use linli_domain::platform::KindKey;
use linli_domain::slot::Slot;
use linli_domain::time::Span;
use rusqlite::{Connection, params};

use crate::prepare::{District, FIRST_ID, Spread, Wish};
use crate::sqlite::sums;
use crate::table::Measured;

const KIND: &str = "medical.general_practice";

/// Places one order after the other, for a time or until every resident has had theirs.
pub(crate) fn loop_on(file: &Path, district: &District, spread: Spread, time: Duration) -> Result<Measured> {
    let mut connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000; PRAGMA foreign_keys = ON;",
    )?;
    connection.set_prepared_statement_cache_capacity(32);
    let kind: KindKey = KIND.parse()?;
    let begun = Instant::now();
    let mut placed = 0;
    while begun.elapsed() < time
        && let Some(wish) = district.wish(placed, spread)
    {
        place(&mut connection, &wish, &kind, (FIRST_ID + placed) as i64)?;
        placed += 1;
    }
    let rate = placed as f64 / begun.elapsed().as_secs_f64();
    drop(connection);
    Measured { placed, rate, waits: None }.check(&sums(file)?)
}

fn place(connection: &mut Connection, wish: &Wish, kind: &KindKey, id: i64) -> Result<()> {
    let (person, start, day) = (PersonId((FIRST_ID + wish.resident) as i64), wish.start, wish.start.day());
    let slot = Slot { start, end: start + Span::minutes(30), capacity: 1, off: false };
    let pool = PoolKey::slot(wish.offering, start).0;
    let limits = [
        (PoolKey::per_day(person, kind, day).0, 1),
        (PoolKey::per_week(person, kind, day).0, 3),
        (PoolKey::open(person, kind).0, 3),
    ];
    let busy = linli_domain::calendar::busy(slot.start, slot.end);
    let (_, mask) = busy[0];
    let now = start.0 - 86_400_000_000;

    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    tx.prepare_cached("INSERT INTO idempotency_keys VALUES (?1, 'order.place', ?2, ?3, ?4, ?5)")?.execute(params![
        person.0,
        format!("place-{}", wish.resident),
        7_i64,
        id,
        now
    ])?;
    let taken = tx
        .prepare_cached(
            "INSERT INTO calendars (owner, day, am, pm) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (owner, day) DO UPDATE \
             SET am = am | excluded.am, pm = pm | excluded.pm WHERE am & excluded.am = 0 AND pm & excluded.pm = 0",
        )?
        .execute(params![person.0, day.0, mask.am, mask.pm])?;
    ensure!(taken == 1, "the resident is busy");
    let places = i64::try_from(wish.places)?;
    for (key, capacity) in limits.iter().map(|(key, capacity)| (key, *capacity)).chain([(&pool, places)]) {
        let taken = tx
            .prepare_cached(
                "INSERT INTO pools (key, capacity, taken) VALUES (?1, ?2, 1) ON CONFLICT (key) DO UPDATE \
                 SET taken = taken + 1 WHERE taken < capacity AND waiting = 0 AND NOT closed",
            )?
            .execute(params![key, capacity])?;
        ensure!(taken == 1, "no place in {key}");
    }
    tx.prepare_cached(
        "INSERT INTO orders VALUES (?1, 1, ?2, '1', ?3, 1, 1, 1, '130903001001', ?4, ?4, 'self', 'confirmed', ?5, ?6, \
         ?7, ?8, NULL, NULL, ?9, '123456', '{}', 0, NULL, ?10, ?10)",
    )?
    .execute(params![
        id,
        KIND,
        wish.offering.0,
        person.0,
        slot.start.0,
        slot.end.0,
        day.0,
        pool,
        slot.start.0,
        now
    ])?;
    for (number, key) in [&pool].into_iter().chain(limits.iter().map(|(key, _)| key)).enumerate() {
        tx.prepare_cached("INSERT INTO claims (order_id, number, pool_key) VALUES (?1, ?2, ?3)")?.execute(params![
            id,
            i64::try_from(number)? + 1,
            key
        ])?;
    }
    tx.prepare_cached("INSERT INTO claims (order_id, number, owner, day, am, pm) VALUES (?1, 5, ?2, ?3, ?4, ?5)")?
        .execute(params![id, person.0, day.0, mask.am, mask.pm])?;
    tx.prepare_cached("INSERT INTO order_events VALUES (?1, 1, ?2, 'placed', NULL, 'confirmed', ?3, 'resident', ?4)")?
        .execute(params![id, now, person.0, format!(r#"{{"start":"{start}"}}"#)])?;
    tx.prepare_cached("INSERT INTO payer_shares VALUES (?1, 1, 'subject', ?2, 0)")?.execute(params![id, person.0])?;
    tx.prepare_cached(
        "INSERT INTO jobs (id, kind, payload, unique_key, run_at, state, created_at) \
         VALUES (?1, 'order.tell', ?2, ?3, ?4, 'ready', ?4)",
    )?
    .execute(params![
        id,
        format!(r#"{{"order":"{id}","version":1,"urgent":false}}"#),
        format!("order.tell/{id}/1"),
        now
    ])?;
    tx.prepare_cached("INSERT INTO audit VALUES (?1, ?2, ?3, 'resident', 'order.placed', ?3, ?1, '{}')")?
        .execute(params![id, now, person.0])?;
    tx.commit()?;
    Ok(())
}
