//! Bookings as they leave for a spreadsheet.

use linli_domain::id::OfferingId;
use linli_domain::order::State;
use linli_domain::time::{Day, Instant};
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::catalogue::{bad, text};
use crate::connect::Reads;
use crate::error::Result;

/// One booking.
#[derive(Debug, Clone, PartialEq)]
pub struct Booking {
    /// It begins.
    pub start: Instant,
    /// It ends.
    pub end: Instant,
    /// Where it stands.
    pub state: State,
    /// Who is served.
    pub name: String,
    /// The phone of their account, or the one noted for them.
    pub phone: Option<String>,
    /// The code to check in with.
    pub check_in_code: String,
    /// In fen.
    pub price_fen: i64,
    /// Answers to the kind's form, a JSON object.
    pub form: serde_json::Value,
    /// When it was placed.
    pub created_at: Instant,
}

/// The bookings of an offering from one day to another, both included, by beginning; at most `limit`.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn bookings(db: &impl Reads, offering: OfferingId, from: Day, to: Day, limit: u32) -> Result<Vec<Booking>> {
    let sql = "SELECT o.starts_at, o.ends_at, o.state, o.check_in_code, o.price_fen, o.form, o.created_at, p.name, \
               COALESCE(a.phone, p.contact_phone) AS phone \
               FROM orders o JOIN persons p ON p.id = o.subject_id LEFT JOIN accounts a ON a.person_id = p.id \
               WHERE o.offering_id = $1 AND o.day >= $2 AND o.day <= $3 ORDER BY o.starts_at, o.id LIMIT $4";
    let read = |row: &QueryResult| {
        Ok(Booking {
            start: Instant(row.try_get("", "starts_at")?),
            end: Instant(row.try_get("", "ends_at")?),
            state: State::from_key(&text(row, "state")?).ok_or_else(|| bad("orders.state"))?,
            name: text(row, "name")?,
            phone: row.try_get("", "phone")?,
            check_in_code: text(row, "check_in_code")?,
            price_fen: row.try_get("", "price_fen")?,
            form: serde_json::from_str(&text(row, "form")?).map_err(|_| bad("orders.form"))?,
            created_at: Instant(row.try_get("", "created_at")?),
        })
    };
    let values = [offering.0.into(), from.0.into(), to.0.into(), i64::from(limit).into()];
    ask(db, sql, values).await?.iter().map(read).collect()
}
