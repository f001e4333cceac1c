//! What a round must have left behind.

use anyhow::{Context, Result, ensure};

/// Orders, and everything that must be there once (or, for limits, thrice) for each.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sums([i64; 10]);

const NAMES: [&str; 10] = [
    "confirmed orders",
    "places taken in slots",
    "places taken in limits",
    "claims of places",
    "claims of time",
    "events",
    "payer shares",
    "jobs",
    "lines of audit",
    "keys",
];

impl Sums {
    /// One row of numbers, in the words of both databases. The last is how many pools disagree with their claims.
    pub(crate) const SQL: &'static str = "SELECT \
        (SELECT COUNT(*) FROM orders WHERE state = 'confirmed'), \
        (SELECT COALESCE(SUM(taken), 0) FROM pools WHERE key LIKE 'slot/%'), \
        (SELECT COALESCE(SUM(taken), 0) FROM pools WHERE key NOT LIKE 'slot/%'), \
        (SELECT COUNT(*) FROM claims WHERE pool_key IS NOT NULL), \
        (SELECT COUNT(*) FROM claims WHERE owner IS NOT NULL), \
        (SELECT COUNT(*) FROM order_events WHERE event = 'placed'), \
        (SELECT COUNT(*) FROM payer_shares), \
        (SELECT COUNT(*) FROM jobs WHERE kind = 'order.tell'), \
        (SELECT COUNT(*) FROM audit WHERE action = 'order.placed'), \
        (SELECT COUNT(*) FROM idempotency_keys), \
        (SELECT COUNT(*) FROM pools p LEFT JOIN (SELECT pool_key, COUNT(*) AS n FROM claims GROUP BY pool_key) c \
           ON c.pool_key = p.key WHERE p.taken <> COALESCE(c.n, 0))";

    /// Reads what the query said.
    pub(crate) fn read(row: &str) -> Result<Self> {
        let numbers: Vec<i64> = row.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let (disagreeing, sums) = numbers.split_last().context("a row of sums")?;
        ensure!(*disagreeing == 0, "{disagreeing} pools have taken something else than their claims");
        Ok(Self(sums.try_into().context("ten sums")?))
    }

    /// Fails unless exactly so many orders stand with all that belongs to them.
    pub(crate) fn check(&self, placed: usize) -> Result<()> {
        let placed = i64::try_from(placed)?;
        for (name, found) in NAMES.iter().zip(self.0) {
            let wanted = match *name {
                // By day, by week, open at once.
                "places taken in limits" => placed * 3,
                "claims of places" => placed * 4,
                _ => placed,
            };
            ensure!(found == wanted, "{placed} orders were answered, but there are {found} {name}, not {wanted}");
        }
        Ok(())
    }
}
