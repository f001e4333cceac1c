//! Whoever is coming: where they were seen last, and whether they are heard of.

use linli_domain::area::AreaCode;
use linli_domain::geo::{Travel, Wgs84};
use linli_domain::id::{OfferingId, OrderId, PersonId, WorkerId};
use linli_domain::time::Instant;
use sea_orm::{QueryResult, Value};

use super::visits::{Visit, visit};
use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};

/// Where somebody was seen last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Where.
    pub point: Wgs84,
    /// When.
    pub at: Instant,
}

/// The last time somebody was asked whether they are coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ping {
    /// When they were asked.
    pub asked_at: Instant,
    /// When they answered, since.
    pub answered_at: Option<Instant>,
    /// When they say that they will set out.
    pub leave_at: Option<Instant>,
}

/// A visit that somebody is coming to, and what is known of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Coming {
    /// The visit.
    pub visit: Visit,
    /// Where it is.
    pub area: AreaCode,
    /// When it was promised to begin.
    pub promised: Instant,
    /// The rules it was asked for under: an offering, and their version.
    pub rules: (OfferingId, i32),
    /// Who comes.
    pub worker: WorkerId,
    /// Who they are.
    pub person: PersonId,
    /// As residents read it.
    pub name: String,
    /// How they travel.
    pub travel: Travel,
    /// Where they were seen last.
    pub seen: Option<Position>,
    /// The last time they were asked.
    pub ping: Option<Ping>,
}

const COMING: &str = "SELECT t.*, o.starts_at AS promised, o.area_code AS order_area, \
     o.offering_id AS order_offering, o.offering_version AS order_rules, w.person_id AS worker_person, w.name AS worker_name, w.travel AS worker_travel, p.latitude AS seen_latitude, p.longitude AS seen_longitude, \
     p.at AS seen_at, g.asked_at, g.answered_at, g.leave_at FROM visits t JOIN orders o ON o.id = t.order_id \
     JOIN workers w ON w.id = t.worker_id LEFT JOIN positions p ON p.order_id = t.order_id \
     LEFT JOIN pings g ON g.order_id = t.order_id AND g.worker_id = t.worker_id WHERE";

/// What is known of whoever has the visit of an order; none where nobody has it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, order: OrderId) -> Result<Option<Coming>> {
    ask(db, &format!("{COMING} t.order_id = $1"), [order.0.into()]).await?.first().map(coming).transpose()
}

/// Visits that somebody is coming to and that were promised to begin before an instant, by their ids after a cursor.
///
/// # Errors
/// Any [`StoreError`].
pub async fn before(db: &impl Reads, until: Instant, after: OrderId, limit: u32) -> Result<Vec<Coming>> {
    let sql = format!(
        "{COMING} t.state IN ('accepted', 'on_the_way') AND o.starts_at < $1 AND t.order_id > $2 \
         ORDER BY t.order_id LIMIT $3"
    );
    let values: [Value; 3] = [until.0.into(), after.0.into(), i64::from(limit).into()];
    ask(db, &sql, values).await?.iter().map(coming).collect()
}

/// Visits whose worker is at the door or at work since an instant or longer, and that staff were not asked about since.
///
/// # Errors
/// Any [`StoreError`].
pub async fn stuck(db: &impl Reads, since: Instant, limit: u32) -> Result<Vec<Coming>> {
    let there = "COALESCE(t.started_at, t.arrived_at)";
    let sql = format!(
        "{COMING} t.state IN ('arrived', 'working') AND {there} <= $1 AND NOT EXISTS (SELECT 1 FROM calls c \
         WHERE c.order_id = t.order_id AND c.source LIKE 'visit.stuck/%' AND c.created_at >= {there}) \
         ORDER BY t.order_id LIMIT $2"
    );
    ask(db, &sql, [since.0.into(), i64::from(limit).into()]).await?.iter().map(coming).collect()
}

fn coming(row: &QueryResult) -> Result<Coming> {
    let bad = |column: &str| StoreError::Row(format!("{column} of somebody who is coming cannot be read"));
    let at = |name: &str| -> Result<Option<Instant>> {
        let value: Option<i64> = row.try_get("", name)?;
        Ok(value.map(Instant))
    };
    let (area, travel): (String, String) = (row.try_get("", "order_area")?, row.try_get("", "worker_travel")?);
    let (latitude, longitude): (Option<f64>, Option<f64>) =
        (row.try_get("", "seen_latitude")?, row.try_get("", "seen_longitude")?);
    let point = latitude.zip(longitude).and_then(|(latitude, longitude)| Wgs84::new(latitude, longitude));
    let (answered_at, leave_at) = (at("answered_at")?, at("leave_at")?);
    Ok(Coming {
        visit: visit(row)?,
        area: area.parse().map_err(|_| bad("area"))?,
        promised: Instant(row.try_get("", "promised")?),
        rules: (OfferingId(row.try_get("", "order_offering")?), row.try_get("", "order_rules")?),
        worker: WorkerId(row.try_get("", "worker_id")?),
        person: PersonId(row.try_get("", "worker_person")?),
        name: row.try_get("", "worker_name")?,
        travel: travel.parse().map_err(|_| bad("travel"))?,
        seen: point.zip(at("seen_at")?).map(|(point, at)| Position { point, at }),
        ping: at("asked_at")?.map(|asked_at| Ping { asked_at, answered_at, leave_at }),
    })
}

/// The last position of whoever is on the way to an order.
///
/// # Errors
/// Any [`StoreError`].
pub async fn position(db: &impl Reads, order: OrderId) -> Result<Option<Position>> {
    let rows = ask(db, "SELECT * FROM positions WHERE order_id = $1", [order.0.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let bad = || StoreError::Row("a position lies nowhere on Earth".into());
    let point = Wgs84::new(row.try_get("", "latitude")?, row.try_get("", "longitude")?).ok_or_else(bad)?;
    Ok(Some(Position { point, at: Instant(row.try_get("", "at")?) }))
}

/// Keeps a position instead of the one before. The row of the visit is locked.
///
/// # Errors
/// Any [`StoreError`].
pub async fn seen(tx: &Tx, order: OrderId, worker: WorkerId, position: Position, accuracy: Option<u32>) -> Result<()> {
    let sql = "INSERT INTO positions (order_id, worker_id, latitude, longitude, accuracy, at) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (order_id) DO UPDATE SET worker_id = excluded.worker_id, \
               latitude = excluded.latitude, longitude = excluded.longitude, accuracy = excluded.accuracy, \
               at = excluded.at RETURNING order_id";
    let values: [Value; 6] = [
        order.0.into(),
        worker.0.into(),
        position.point.latitude.into(),
        position.point.longitude.into(),
        accuracy.map(i64::from).into(),
        position.at.0.into(),
    ];
    ask(tx, sql, values).await?;
    Ok(())
}

/// Forgets where somebody was seen, since they have arrived or do not come.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget(tx: &Tx, order: OrderId) -> Result<()> {
    ask(tx, "DELETE FROM positions WHERE order_id = $1 RETURNING order_id", [order.0.into()]).await?;
    Ok(())
}

/// Notes that somebody was asked whether they are coming; an answer of before counts no more.
///
/// # Errors
/// Any [`StoreError`].
pub async fn asked(tx: &Tx, order: OrderId, worker: WorkerId, now: Instant) -> Result<()> {
    let sql = "INSERT INTO pings (order_id, worker_id, asked_at) VALUES ($1, $2, $3) \
               ON CONFLICT (order_id, worker_id) DO UPDATE SET asked_at = excluded.asked_at, answered_at = NULL \
               RETURNING order_id";
    ask(tx, sql, [order.0.into(), worker.0.into(), now.0.into()]).await?;
    Ok(())
}

/// Notes that somebody is coming, and when they will set out, whether they were asked or not.
///
/// # Errors
/// Any [`StoreError`].
pub async fn answered(tx: &Tx, order: OrderId, worker: WorkerId, leave_at: Instant, now: Instant) -> Result<()> {
    let sql = "INSERT INTO pings (order_id, worker_id, asked_at, answered_at, leave_at) VALUES ($1, $2, $3, $3, $4) \
               ON CONFLICT (order_id, worker_id) DO UPDATE SET answered_at = excluded.answered_at, \
               leave_at = excluded.leave_at RETURNING order_id";
    ask(tx, sql, [order.0.into(), worker.0.into(), now.0.into(), leave_at.0.into()]).await?;
    Ok(())
}
