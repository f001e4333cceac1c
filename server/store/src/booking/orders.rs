//! Orders, their events and their payer shares.

use std::borrow::Borrow;

use linli_domain::area::AreaCode;
use linli_domain::claim::PoolKey;
use linli_domain::id::{
    AccountId, CourseId, OfferingId, OrderId, OrganisationId, PersonId, PlaceId, SeriesId, SessionId, UnitId,
};
use linli_domain::order::{ActingAs, State};
use linli_domain::person::Authority;
use linli_domain::platform::KindKey;
use linli_domain::session::FAR;
use linli_domain::time::{Day, Instant};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// An order as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Which.
    pub id: OrderId,
    /// Raised with every change.
    pub version: i32,
    /// The kind of service.
    pub kind: KindKey,
    /// The version of the platform file it was placed under.
    pub platform_version: String,
    /// The offering.
    pub offering: OfferingId,
    /// The version of the offering's rules it was placed under.
    pub offering_version: i32,
    /// Who serves.
    pub organisation: OrganisationId,
    /// Where.
    pub place: PlaceId,
    /// The community of the place: the key to shard by, and what area staff are found by.
    pub area: AreaCode,
    /// Who is served.
    pub subject: PersonId,
    /// Who placed it.
    pub placed_by: AccountId,
    /// On whose authority.
    pub authority: Authority,
    /// Where it stands.
    pub state: State,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The pool of its time, of its first step, or of the seats of its session.
    pub pool: PoolKey,
    /// The session it is a seat in.
    pub session: Option<SessionId>,
    /// The room or table it has.
    pub unit: Option<UnitId>,
    /// The orders it was placed together with.
    pub series: Option<SeriesId>,
    /// The course it belongs to, and which visit of it.
    pub course: Option<(CourseId, u32)>,
    /// The visit at full price that gives it the price of a revisit.
    pub revisit_of: Option<OrderId>,
    /// Its number in the line, while it waits or since it waited.
    pub line_number: Option<u32>,
    /// Until when a place is held.
    pub held_until: Option<Instant>,
    /// Until when residents cancel or move by themselves.
    pub changes_until: Instant,
    /// The code to check in with.
    pub check_in_code: String,
    /// Answers to the kind's form: a JSON object of key to text.
    pub form: serde_json::Value,
    /// The price in fen.
    pub price_fen: i64,
    /// Who ended it early.
    pub left_by: Option<ActingAs>,
    /// When it was placed.
    pub created_at: Instant,
    /// When it was last changed.
    pub changed_at: Instant,
}

/// One line of an order's timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderEvent {
    /// Whose.
    pub order: OrderId,
    /// The version of the order it led to.
    pub number: i32,
    /// When.
    pub at: Instant,
    /// The key of the event.
    pub event: String,
    /// The state before; none for the first.
    pub from: Option<State>,
    /// The state after.
    pub to: State,
    /// Who; nobody when the system acted.
    pub actor: Option<AccountId>,
    /// In what capacity.
    pub acting_as: ActingAs,
    /// Particulars, a JSON object.
    pub detail: serde_json::Value,
}

/// Who pays how much of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayerShare {
    /// Of which order.
    pub order: OrderId,
    /// `subject`, `placer` or `district`.
    pub payer: &'static str,
    /// The person, where it is one.
    pub payer_id: Option<PersonId>,
    /// In fen.
    pub amount_fen: i64,
}

/// Inserts new orders with their events and shares.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(tx: &Tx, orders: &[&Order], events: &[&OrderEvent], shares: &[&PayerShare]) -> Result<()> {
    let int = |pick: fn(&Order) -> i64| orders.iter().map(move |order| pick(order));
    let text = |pick: fn(&Order) -> String| orders.iter().map(move |order| pick(order));
    Rows::new()
        .int("id", int(|o| o.id.0))
        .int("version", int(|o| i64::from(o.version)))
        .text("kind", text(|o| o.kind.to_string()))
        .text("platform_version", text(|o| o.platform_version.clone()))
        .int("offering_id", int(|o| o.offering.0))
        .int("offering_version", int(|o| i64::from(o.offering_version)))
        .int("organisation_id", int(|o| o.organisation.0))
        .int("place_id", int(|o| o.place.0))
        .text("area_code", text(|o| o.area.as_str().to_owned()))
        .int("subject_id", int(|o| o.subject.0))
        .int("placed_by", int(|o| o.placed_by.0))
        .text("authority", text(|o| o.authority.key().to_owned()))
        .text("state", text(|o| o.state.key().to_owned()))
        .int("starts_at", int(|o| o.starts_at.0))
        .int("ends_at", int(|o| o.ends_at.0))
        .int("day", int(|o| i64::from(o.starts_at.day().0)))
        .text("pool_key", text(|o| o.pool.0.clone()))
        .int_or_null("session_id", orders.iter().map(|o| o.session.map(|id| id.0)))
        .int_or_null("unit_id", orders.iter().map(|o| o.unit.map(|id| id.0)))
        .int_or_null("series_id", orders.iter().map(|o| o.series.map(|id| id.0)))
        .int_or_null("course_id", orders.iter().map(|o| o.course.map(|(id, _)| id.0)))
        .int_or_null("course_visit", orders.iter().map(|o| o.course.map(|(_, visit)| i64::from(visit))))
        .int_or_null("revisit_of", orders.iter().map(|o| o.revisit_of.map(|id| id.0)))
        .int_or_null("line_number", orders.iter().map(|o| o.line_number.map(i64::from)))
        .int_or_null("held_until", orders.iter().map(|o| o.held_until.map(|at| at.0)))
        .int("changes_until", int(|o| o.changes_until.0))
        .text("check_in_code", text(|o| o.check_in_code.clone()))
        .text("form", text(|o| o.form.to_string()))
        .int("price_fen", int(|o| o.price_fen))
        .text_or_null("left_by", orders.iter().map(|o| o.left_by.map(ActingAs::key)))
        .int("created_at", int(|o| o.created_at.0))
        .int("changed_at", int(|o| o.changed_at.0))
        .insert(tx, "orders", "")
        .await?;
    add_events(tx, events).await?;
    let mut numbers = std::collections::HashMap::<OrderId, i64>::new();
    let numbered: Vec<i64> = shares
        .iter()
        .map(|share| {
            let number = numbers.entry(share.order).or_default();
            *number += 1;
            *number
        })
        .collect();
    Rows::new()
        .int("order_id", shares.iter().map(|s| s.order.0))
        .int("number", numbered)
        .text("payer", shares.iter().map(|s| s.payer))
        .int_or_null("payer_id", shares.iter().map(|s| s.payer_id.map(|id| id.0)))
        .int("amount_fen", shares.iter().map(|s| s.amount_fen))
        .insert(tx, "payer_shares", "")
        .await?;
    Ok(())
}

/// Adds lines to timelines.
///
/// # Errors
/// Any [`StoreError`]; a second event of one number is [`StoreError::Unique`].
pub async fn add_events(tx: &Tx, events: &[impl Borrow<OrderEvent> + Sync]) -> Result<()> {
    let events: Vec<&OrderEvent> = events.iter().map(Borrow::borrow).collect();
    Rows::new()
        .int("order_id", events.iter().map(|e| e.order.0))
        .int("number", events.iter().map(|e| i64::from(e.number)))
        .int("at", events.iter().map(|e| e.at.0))
        .text("event", events.iter().map(|e| e.event.as_str()))
        .text_or_null("from_state", events.iter().map(|e| e.from.map(State::key)))
        .text("to_state", events.iter().map(|e| e.to.key()))
        .int_or_null("actor", events.iter().map(|e| e.actor.map(|id| id.0)))
        .text("acting_as", events.iter().map(|e| e.acting_as.key()))
        .text("detail", events.iter().map(|e| e.detail.to_string()))
        .insert(tx, "order_events", "")
        .await?;
    Ok(())
}

/// Writes what can change of an order. The row was locked by [`lock`] in this transaction.
///
/// # Errors
/// Any [`StoreError`]; [`StoreError::Row`] when the version is not the next one.
pub async fn update(tx: &Tx, order: &Order) -> Result<()> {
    let changed = Rows::new()
        .int("id", [order.id.0])
        .int("version", [i64::from(order.version)])
        .int("offering_id", [order.offering.0])
        .int("offering_version", [i64::from(order.offering_version)])
        .int("organisation_id", [order.organisation.0])
        .int("place_id", [order.place.0])
        .text("area_code", [order.area.as_str()])
        .text("state", [order.state.key()])
        .int("starts_at", [order.starts_at.0])
        .int("ends_at", [order.ends_at.0])
        .int("day", [i64::from(order.starts_at.day().0)])
        .text("pool_key", [order.pool.0.as_str()])
        .int_or_null("unit_id", [order.unit.map(|id| id.0)])
        .int_or_null("held_until", [order.held_until.map(|at| at.0)])
        .int("changes_until", [order.changes_until.0])
        .int("price_fen", [order.price_fen])
        .int_or_null("revisit_of", [order.revisit_of.map(|id| id.0)])
        .text_or_null("left_by", [order.left_by.map(ActingAs::key)])
        .int("changed_at", [order.changed_at.0])
        .execute(
            tx,
            "UPDATE orders SET version = v.version, offering_id = v.offering_id, \
             offering_version = v.offering_version, organisation_id = v.organisation_id, place_id = v.place_id, \
             area_code = v.area_code, state = v.state, starts_at = v.starts_at, ends_at = v.ends_at, day = v.day, \
             pool_key = v.pool_key, unit_id = v.unit_id, held_until = v.held_until, changes_until = v.changes_until, \
             price_fen = v.price_fen, revisit_of = v.revisit_of, left_by = v.left_by, changed_at = v.changed_at FROM",
            "AS v WHERE orders.id = v.id AND orders.version = v.version - 1",
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Row(format!("order {} was not locked", order.id))) }
}

/// Changes what the one who pays pays, where the price has changed.
///
/// # Errors
/// Any [`StoreError`].
pub async fn reprice(tx: &Tx, id: OrderId, amount_fen: i64) -> Result<()> {
    let sql = "UPDATE payer_shares SET amount_fen = $2 WHERE order_id = $1 AND number = 1 RETURNING number";
    ask(tx, sql, [id.0.into(), amount_fen.into()]).await?;
    Ok(())
}

/// Locks orders by id, in the order of their ids, and reads them. Unknown ids are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock(tx: &Tx, ids: &[OrderId]) -> Result<Vec<Order>> {
    let lock = tx.locking("o");
    by_ids(tx, ids, &lock).await
}

/// Reads orders by id. Unknown ids are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn many(db: &impl Reads, ids: &[OrderId]) -> Result<Vec<Order>> {
    by_ids(db, ids, "").await
}

async fn by_ids(db: &impl Reads, ids: &[OrderId], lock: &str) -> Result<Vec<Order>> {
    let rows = Rows::new()
        .int("id", ids.iter().map(|id| id.0))
        .query(db, "SELECT o.* FROM orders o JOIN", &format!("AS v ON o.id = v.id ORDER BY o.id {lock}"))
        .await?;
    rows.iter().map(order).collect()
}

/// Reads one order.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, id: OrderId) -> Result<Option<Order>> {
    Ok(many(db, &[id]).await?.pop())
}

/// The timeline of an order, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn events(db: &impl Reads, id: OrderId) -> Result<Vec<OrderEvent>> {
    let rows = ask(db, "SELECT * FROM order_events WHERE order_id = $1 ORDER BY number", [id.0.into()]).await?;
    rows.iter().map(event).collect()
}

/// Who pays, in the order it was decided: payer, person, fen.
///
/// # Errors
/// Any [`StoreError`].
pub async fn shares(db: &impl Reads, id: OrderId) -> Result<Vec<(String, Option<PersonId>, i64)>> {
    let rows = ask(db, "SELECT * FROM payer_shares WHERE order_id = $1 ORDER BY number", [id.0.into()]).await?;
    rows.iter()
        .map(|row| {
            let payer_id: Option<i64> = row.try_get("", "payer_id")?;
            Ok((row.try_get("", "payer")?, payer_id.map(PersonId), row.try_get("", "amount_fen")?))
        })
        .collect()
}

/// Which orders of somebody to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Those with something to come, the nearest first.
    Open,
    /// Those that are over, the newest first.
    Past,
}

/// Orders for these people or placed by this account, at most `limit`, after the cursor (time of beginning and id of
/// the last one shown).
///
/// # Errors
/// Any [`StoreError`].
pub async fn list(
    db: &impl Reads,
    people: &[PersonId],
    placer: Option<AccountId>,
    span: Span,
    after: Option<(Instant, OrderId)>,
    limit: u32,
) -> Result<Vec<Order>> {
    let open: Vec<&str> = State::OPEN.iter().map(|state| state.key()).collect();
    let states = format!("('{}')", open.join("', '"));
    let (inside, compare, direction, start) = match span {
        Span::Open => ("IN", ">", "ASC", (Instant(i64::MIN), OrderId(0))),
        Span::Past => ("NOT IN", "<", "DESC", (Instant(i64::MAX), OrderId(i64::MAX))),
    };
    let (at, id) = after.unwrap_or(start);
    let people: Vec<String> = people.iter().map(|person| person.0.to_string()).collect();
    let whose = if people.is_empty() { "0".to_owned() } else { people.join(", ") };
    let sql = format!(
        "SELECT * FROM orders WHERE (subject_id IN ({whose}) OR placed_by = $1) AND state {inside} {states} \
         AND (starts_at {compare} $2 OR (starts_at = $2 AND id {compare} $3)) \
         ORDER BY starts_at {direction}, id {direction} LIMIT $4"
    );
    let placer = placer.map_or(0, |account| account.0);
    let rows = ask(db, &sql, [placer.into(), at.0.into(), id.0.into(), i64::from(limit).into()]).await?;
    rows.iter().map(order).collect()
}

/// All orders of an offering on a day, by beginning.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_day(db: &impl Reads, offering: OfferingId, day: Day) -> Result<Vec<Order>> {
    let sql = "SELECT * FROM orders WHERE offering_id = $1 AND day = $2 ORDER BY starts_at, id";
    ask(db, sql, [offering.0.into(), day.0.into()]).await?.iter().map(order).collect()
}

/// Orders of some offerings on a day with a check-in code.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_code(db: &impl Reads, offerings: &[OfferingId], day: Day, code: &str) -> Result<Vec<Order>> {
    let tail = format!(
        "AS v ON o.offering_id = v.id WHERE o.day = {} AND o.check_in_code = v.code ORDER BY o.starts_at, o.id",
        day.0
    );
    let rows = Rows::new()
        .int("id", offerings.iter().map(|id| id.0))
        .text("code", offerings.iter().map(|_| code))
        .query(db, "SELECT o.* FROM orders o JOIN", &tail)
        .await?;
    rows.iter().map(order).collect()
}

/// The first people in line of a pool: their orders, in the order of their numbers.
///
/// # Errors
/// Any [`StoreError`].
pub async fn in_line(db: &impl Reads, pool: &PoolKey, limit: u32) -> Result<Vec<OrderId>> {
    let sql = "SELECT id FROM orders WHERE pool_key = $1 AND state = 'waiting' ORDER BY line_number LIMIT $2";
    let rows = ask(db, sql, [pool.0.as_str().into(), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(OrderId(row.try_get("", "id")?))).collect()
}

/// How many people stand before a number in the line.
///
/// # Errors
/// Any [`StoreError`].
pub async fn ahead_in_line(db: &impl Reads, pool: &PoolKey, number: u32) -> Result<u32> {
    let sql = "SELECT COUNT(*) AS n FROM orders WHERE pool_key = $1 AND state = 'waiting' AND line_number < $2";
    let rows = ask(db, sql, [pool.0.as_str().into(), i64::from(number).into()]).await?;
    let n: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "n"))?;
    u32::try_from(n).map_err(|_| StoreError::Row("more people than a line holds".into()))
}

/// Orders in a state whose time ended (or, for those without a place, began) before an instant. Those of groups, which
/// have no end, are never among them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn overdue(db: &impl Reads, state: State, ended_before: Instant, limit: u32) -> Result<Vec<OrderId>> {
    let column = if matches!(state, State::Waiting | State::Requested) { "starts_at" } else { "ends_at" };
    // Whoever has a seat in a session ends with it: their roster is looked at first.
    let seats = if column == "ends_at" { "AND session_id IS NULL" } else { "" };
    let sql = format!(
        "SELECT id FROM orders WHERE state = $1 AND {column} <= $2 AND ends_at < $4 {seats} \
         AND NOT EXISTS (SELECT 1 FROM visits WHERE order_id = orders.id) ORDER BY id LIMIT $3"
    );
    let values = [state.key().into(), ended_before.0.into(), i64::from(limit).into(), FAR.0.into()];
    let rows = ask(db, &sql, values).await?;
    rows.iter().map(|row| Ok(OrderId(row.try_get("", "id")?))).collect()
}

/// Held orders whose deadline has passed.
///
/// # Errors
/// Any [`StoreError`].
pub async fn held_past(db: &impl Reads, now: Instant, limit: u32) -> Result<Vec<OrderId>> {
    let sql = "SELECT id FROM orders WHERE state = 'held' AND held_until <= $1 ORDER BY id LIMIT $2";
    let rows = ask(db, sql, [now.0.into(), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(OrderId(row.try_get("", "id")?))).collect()
}

/// Pools with people in line and a place free: those whose first in line could not take it a moment ago.
///
/// # Errors
/// Any [`StoreError`].
pub async fn stalled_lines(db: &impl Reads, limit: u32) -> Result<Vec<PoolKey>> {
    let sql = "SELECT key FROM pools WHERE waiting > 0 AND taken < capacity AND NOT closed ORDER BY key LIMIT $1";
    let rows = ask(db, sql, [i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(PoolKey(row.try_get("", "key")?))).collect()
}

/// The orders of a series, by beginning.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_series(db: &impl Reads, series: SeriesId) -> Result<Vec<Order>> {
    let sql = "SELECT * FROM orders WHERE series_id = $1 ORDER BY starts_at, id";
    ask(db, sql, [series.0.into()]).await?.iter().map(order).collect()
}

/// The orders of a session, in line or not, by id.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_session(db: &impl Reads, session: SessionId) -> Result<Vec<Order>> {
    let sql = "SELECT * FROM orders WHERE session_id = $1 ORDER BY id";
    ask(db, sql, [session.0.into()]).await?.iter().map(order).collect()
}

/// Orders that wait for the yes of these organisations, the nearest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn requested(db: &impl Reads, organisations: &[OrganisationId], limit: u32) -> Result<Vec<Order>> {
    let rows = Rows::new()
        .int("id", organisations.iter().map(|id| id.0))
        .query(
            db,
            "SELECT o.* FROM orders o JOIN",
            &format!(
                "AS v ON o.organisation_id = v.id WHERE o.state = 'requested' \
                 AND NOT EXISTS (SELECT 1 FROM visits t WHERE t.order_id = o.id) ORDER BY o.starts_at, o.id LIMIT {limit}"
            ),
        )
        .await?;
    rows.iter().map(order).collect()
}

/// How many open orders concern somebody or were placed by their account.
///
/// # Errors
/// Any [`StoreError`].
pub async fn count_open(db: &impl Reads, subject: PersonId, placer: Option<AccountId>) -> Result<u64> {
    let open: Vec<&str> = State::OPEN.iter().map(|state| state.key()).collect();
    let sql = format!(
        "SELECT COUNT(*) AS n FROM orders WHERE (subject_id = $1 OR (placed_by = $2 AND authority <> 'staff')) \
         AND state IN ('{}')",
        open.join("', '")
    );
    let placer = placer.map_or(0, |account| account.0);
    let rows = ask(db, &sql, [subject.0.into(), placer.into()]).await?;
    let n: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(u64::try_from(n).unwrap_or(0))
}

pub(crate) async fn ask<const N: usize>(db: &impl Reads, sql: &str, values: [Value; N]) -> Result<Vec<QueryResult>> {
    let backend = db.connection().get_database_backend();
    Ok(db.connection().query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?)
}

fn unreadable(column: &str) -> StoreError {
    StoreError::Row(format!("orders.{column} cannot be read"))
}

pub(crate) fn order(row: &QueryResult) -> Result<Order> {
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let int = |name: &str| -> Result<i64> { Ok(row.try_get("", name)?) };
    let small = |name: &str| -> Result<i32> { Ok(row.try_get("", name)?) };
    let left_by: Option<String> = row.try_get("", "left_by")?;
    let of = |name: &str| -> Result<Option<i64>> { Ok(row.try_get("", name)?) };
    let visit: Option<i32> = row.try_get("", "course_visit")?;
    let visit = visit.map(u32::try_from).transpose().map_err(|_| unreadable("course_visit"))?;
    let line_number: Option<i32> = row.try_get("", "line_number")?;
    let held_until: Option<i64> = row.try_get("", "held_until")?;
    Ok(Order {
        id: OrderId(int("id")?),
        version: small("version")?,
        kind: text("kind")?.parse().map_err(|_| unreadable("kind"))?,
        platform_version: text("platform_version")?,
        offering: OfferingId(int("offering_id")?),
        offering_version: small("offering_version")?,
        organisation: OrganisationId(int("organisation_id")?),
        place: PlaceId(int("place_id")?),
        area: text("area_code")?.parse().map_err(|_| unreadable("area_code"))?,
        subject: PersonId(int("subject_id")?),
        placed_by: AccountId(int("placed_by")?),
        authority: Authority::from_key(&text("authority")?).ok_or_else(|| unreadable("authority"))?,
        state: State::from_key(&text("state")?).ok_or_else(|| unreadable("state"))?,
        starts_at: Instant(int("starts_at")?),
        ends_at: Instant(int("ends_at")?),
        pool: PoolKey(text("pool_key")?),
        session: of("session_id")?.map(SessionId),
        unit: of("unit_id")?.map(UnitId),
        series: of("series_id")?.map(SeriesId),
        course: of("course_id")?.map(CourseId).zip(visit),
        revisit_of: of("revisit_of")?.map(OrderId),
        line_number: line_number.and_then(|n| u32::try_from(n).ok()),
        held_until: held_until.map(Instant),
        changes_until: Instant(int("changes_until")?),
        check_in_code: text("check_in_code")?,
        form: serde_json::from_str(&text("form")?).map_err(|_| unreadable("form"))?,
        price_fen: int("price_fen")?,
        left_by: left_by.as_deref().and_then(ActingAs::from_key),
        created_at: Instant(int("created_at")?),
        changed_at: Instant(int("changed_at")?),
    })
}

fn event(row: &QueryResult) -> Result<OrderEvent> {
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let from: Option<String> = row.try_get("", "from_state")?;
    let actor: Option<i64> = row.try_get("", "actor")?;
    Ok(OrderEvent {
        order: OrderId(row.try_get("", "order_id")?),
        number: row.try_get("", "number")?,
        at: Instant(row.try_get("", "at")?),
        event: text("event")?,
        from: from.as_deref().and_then(State::from_key),
        to: State::from_key(&text("to_state")?).ok_or_else(|| unreadable("to_state"))?,
        actor: actor.map(AccountId),
        acting_as: ActingAs::from_key(&text("acting_as")?).ok_or_else(|| unreadable("acting_as"))?,
        detail: serde_json::from_str(&text("detail")?).map_err(|_| unreadable("detail"))?,
    })
}
