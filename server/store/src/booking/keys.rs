//! Idempotency keys: what a request made, so that the same request again makes nothing new.

use std::collections::HashMap;

use linli_domain::id::{AccountId, OrderId};
use linli_domain::time::Instant;

use super::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::rows::Rows;

/// A key is unique per account and operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    /// Whose.
    pub account: AccountId,
    /// Which operation, such as `order.place`.
    pub operation: &'static str,
    /// The client's key.
    pub key: String,
}

/// What a key stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// A hash of the request, to tell a repetition from another request with the same key.
    pub fingerprint: i64,
    /// The order it made or moved. A time taken away is remembered here by the number of its exception.
    pub order: OrderId,
}

/// Finds what these keys made.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn find(db: &impl Reads, keys: &[IdempotencyKey]) -> Result<HashMap<IdempotencyKey, Made>> {
    let rows = Rows::new()
        .int("position", (0..).take(keys.len()))
        .int("account_id", keys.iter().map(|key| key.account.0))
        .text("operation", keys.iter().map(|key| key.operation))
        .text("key", keys.iter().map(|key| key.key.as_str()))
        .query(
            db,
            "SELECT v.position, k.fingerprint, k.made FROM idempotency_keys k JOIN",
            "AS v ON k.account_id = v.account_id AND k.operation = v.operation AND k.key = v.key",
        )
        .await?;
    rows.iter()
        .map(|row| {
            let position: i64 = row.try_get("", "position")?;
            let made = Made { fingerprint: row.try_get("", "fingerprint")?, order: OrderId(row.try_get("", "made")?) };
            let key = usize::try_from(position).ok().and_then(|position| keys.get(position));
            Ok((key.expect("positions are those that were sent").clone(), made))
        })
        .collect()
}

/// Remembers what keys made.
///
/// # Errors
/// [`StoreError::Unique`](crate::StoreError::Unique) when another transaction used a key a moment ago.
pub async fn remember(tx: &Tx, keys: &[(IdempotencyKey, Made)], now: Instant) -> Result<()> {
    Rows::new()
        .int("account_id", keys.iter().map(|(key, _)| key.account.0))
        .text("operation", keys.iter().map(|(key, _)| key.operation))
        .text("key", keys.iter().map(|(key, _)| key.key.as_str()))
        .int("fingerprint", keys.iter().map(|(_, made)| made.fingerprint))
        .int("made", keys.iter().map(|(_, made)| made.order.0))
        .int("created_at", keys.iter().map(|_| now.0))
        .insert(tx, "idempotency_keys", "")
        .await?;
    Ok(())
}

/// Forgets keys made before an instant; answers how many.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn forget(tx: &Tx, before: Instant) -> Result<u64> {
    let sql = "DELETE FROM idempotency_keys WHERE created_at < $1 RETURNING 1 AS gone";
    Ok(ask(tx, sql, [before.0.into()]).await?.len() as u64)
}
