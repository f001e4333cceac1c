//! Job offers: who was asked, when the push reached them, and what they said.

use linli_domain::id::{OfferId, OrderId, WorkerId};
use linli_domain::platform::Way;
use linli_domain::time::Instant;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// Where an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    /// It can be accepted.
    Open,
    /// They accepted.
    Accepted,
    /// They declined, which costs them nothing.
    Declined,
    /// Its time is over.
    Expired,
    /// Somebody else has it, or it was called off.
    Withdrawn,
}

impl OfferState {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        [Self::Open, Self::Accepted, Self::Declined, Self::Expired, Self::Withdrawn]
            .into_iter()
            .find(|state| state.key() == key)
    }
}

/// An offer as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Which.
    pub id: OfferId,
    /// Of which order.
    pub order: OrderId,
    /// To whom.
    pub worker: WorkerId,
    /// In which wave.
    pub wave: u32,
    /// In which way.
    pub way: Way,
    /// Where it stands.
    pub state: OfferState,
    /// How well they suit, in points of the ranking.
    pub points: i64,
    /// Why: a JSON list.
    pub reasons: serde_json::Value,
    /// How far they are by streets, in seconds.
    pub travel_seconds: u32,
    /// When it was made.
    pub made_at: Instant,
    /// When the first push left; its time runs from here.
    pub pushed_at: Option<Instant>,
    /// When its time is over.
    pub expires_at: Option<Instant>,
    /// When it was answered or ended.
    pub answered_at: Option<Instant>,
    /// Why it was declined, if they said.
    pub reason: String,
}

/// Writes new offers; whoever has an open offer of the order already gets no second one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(tx: &Tx, offers: &[Offer]) -> Result<()> {
    Rows::new()
        .int("id", offers.iter().map(|o| o.id.0))
        .int("order_id", offers.iter().map(|o| o.order.0))
        .int("worker_id", offers.iter().map(|o| o.worker.0))
        .int("wave", offers.iter().map(|o| i64::from(o.wave)))
        .text("way", offers.iter().map(|o| o.way.key()))
        .text("state", offers.iter().map(|o| o.state.key()))
        .int("points", offers.iter().map(|o| o.points))
        .text("reasons", offers.iter().map(|o| o.reasons.to_string()))
        .int("travel_seconds", offers.iter().map(|o| i64::from(o.travel_seconds)))
        .int("made_at", offers.iter().map(|o| o.made_at.0))
        .int_or_null("pushed_at", offers.iter().map(|o| o.pushed_at.map(|at| at.0)))
        .int_or_null("expires_at", offers.iter().map(|o| o.expires_at.map(|at| at.0)))
        .insert(tx, "offers", "ON CONFLICT DO NOTHING")
        .await?;
    Ok(())
}

/// Notes the first push of an offer, from which its time runs. Answers whether it was the first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn pushed(tx: &Tx, id: OfferId, at: Instant, expires: Instant) -> Result<bool> {
    let sql = "UPDATE offers SET pushed_at = $2, expires_at = $3 WHERE id = $1 AND state = 'open' \
               AND pushed_at IS NULL RETURNING id";
    Ok(!ask(tx, sql, [id.0.into(), at.0.into(), expires.0.into()]).await?.is_empty())
}

/// Ends open offers of an order: all, or one. Answers those that were ended.
///
/// # Errors
/// Any [`StoreError`].
pub async fn end(
    tx: &Tx,
    order: OrderId,
    only: Option<OfferId>,
    state: OfferState,
    reason: &str,
    at: Instant,
) -> Result<Vec<Offer>> {
    let sql = "UPDATE offers SET state = $3, answered_at = $4, reason = $5 WHERE order_id = $1 AND state = 'open' \
               AND (id = $2 OR $2 = 0) RETURNING *";
    let id = only.map_or(0, |id| id.0);
    let values = [order.0.into(), id.into(), state.key().into(), at.0.into(), reason.into()];
    ask(tx, sql, values).await?.iter().map(offer).collect()
}

/// Reads one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, id: OfferId) -> Result<Option<Offer>> {
    ask(db, "SELECT * FROM offers WHERE id = $1", [id.0.into()]).await?.first().map(offer).transpose()
}

/// All offers of an order, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_order(db: &impl Reads, order: OrderId) -> Result<Vec<Offer>> {
    let rows = ask(db, "SELECT * FROM offers WHERE order_id = $1 ORDER BY id", [order.0.into()]).await?;
    rows.iter().map(offer).collect()
}

/// Offers a worker can answer, the newest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_worker(db: &impl Reads, worker: WorkerId, limit: u32) -> Result<Vec<Offer>> {
    let sql = "SELECT * FROM offers WHERE worker_id = $1 AND state = 'open' ORDER BY id DESC LIMIT $2";
    ask(db, sql, [worker.0.into(), i64::from(limit).into()]).await?.iter().map(offer).collect()
}

/// Open offers whose time is over, and those that no push ever left for.
///
/// # Errors
/// Any [`StoreError`].
pub async fn overdue(db: &impl Reads, now: Instant, made_before: Instant, limit: u32) -> Result<Vec<Offer>> {
    let sql = "SELECT * FROM offers WHERE state = 'open' AND (expires_at <= $1 OR (pushed_at IS NULL AND made_at <= $2)) \
               ORDER BY id LIMIT $3";
    let values = [now.0.into(), made_before.0.into(), i64::from(limit).into()];
    ask(db, sql, values).await?.iter().map(offer).collect()
}

fn offer(row: &QueryResult) -> Result<Offer> {
    let bad = |column: &str| StoreError::Row(format!("offers.{column} cannot be read"));
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let int = |name: &str| -> Result<i64> { Ok(row.try_get("", name)?) };
    let small = |name: &str| -> Result<u32> {
        let value: i32 = row.try_get("", name)?;
        u32::try_from(value).map_err(|_| bad(name))
    };
    let at = |name: &str| -> Result<Option<Instant>> {
        let value: Option<i64> = row.try_get("", name)?;
        Ok(value.map(Instant))
    };
    Ok(Offer {
        id: OfferId(int("id")?),
        order: OrderId(int("order_id")?),
        worker: WorkerId(int("worker_id")?),
        wave: small("wave")?,
        way: Way::from_key(&text("way")?).ok_or_else(|| bad("way"))?,
        state: OfferState::from_key(&text("state")?).ok_or_else(|| bad("state"))?,
        points: int("points")?,
        reasons: serde_json::from_str(&text("reasons")?).map_err(|_| bad("reasons"))?,
        travel_seconds: small("travel_seconds")?,
        made_at: Instant(int("made_at")?),
        pushed_at: at("pushed_at")?,
        expires_at: at("expires_at")?,
        answered_at: at("answered_at")?,
        reason: text("reason")?,
    })
}

/// Workers who have an open offer before them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn asked(db: &impl Reads) -> Result<Vec<WorkerId>> {
    let sql = "SELECT DISTINCT worker_id FROM offers WHERE state = $1 ORDER BY worker_id";
    let rows = ask(db, sql, ["open".into()]).await?;
    rows.iter().map(|row| Ok(WorkerId(row.try_get("", "worker_id")?))).collect()
}
