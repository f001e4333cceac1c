//! What time does to orders: places held too long, lines whose time has come, people who did not come.

use futures::FutureExt;
use linli_domain::claim::PoolKey;
use linli_domain::order::{Event, State};
use linli_domain::platform::Shape;
use linli_domain::time::Span;
use linli_store::booking::{keys, orders};
use linli_store::people::login_codes;

use super::hand_on::promote;
use crate::{App, Failure, Result};

/// How many rows one sweep looks at; the next one goes on.
const AT_ONCE: u32 = 500;

/// What one sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Held places whose deadline had passed.
    pub expired: usize,
    /// People in line whose time had come.
    pub lines_ended: usize,
    /// People who did not come.
    pub missed: usize,
    /// Places handed on late.
    pub handed_on: usize,
}

/// Does all of it once.
///
/// # Errors
/// The database's; what was done stays done.
pub async fn sweep(app: &App) -> Result<Swept> {
    let now = app.now();
    let reads = app.store.reads();
    let mut swept = Swept::default();
    for id in orders::overdue(reads, State::Waiting, now, AT_ONCE).await? {
        swept.lines_ended += usize::from(app.step_by_system(id, &[State::Waiting], Event::Expire).await?);
    }
    for id in orders::held_past(reads, now, AT_ONCE).await? {
        swept.expired += usize::from(app.step_by_system(id, &[State::Held], Event::Expire).await?);
    }
    for id in orders::overdue(reads, State::Requested, now, AT_ONCE).await? {
        swept.expired += usize::from(app.step_by_system(id, &[State::Requested], Event::Expire).await?);
    }
    let over = orders::overdue(reads, State::Confirmed, now, AT_ONCE).await?;
    for order in orders::many(reads, &over).await? {
        // A room ends by the clock. Seats are not among them: sessions are closed by their rosters.
        let event = if app.kind_of(&order)?.shape == Shape::Slot { Event::Miss } else { Event::Finish };
        let made = app.step_by_system(order.id, &[State::Confirmed], event).await?;
        swept.missed += usize::from(made && event == Event::Miss);
    }
    let over = orders::overdue(reads, State::Underway, now, AT_ONCE).await?;
    for order in orders::many(reads, &over).await? {
        if app.kind_of(&order)?.shape != Shape::Slot {
            app.step_by_system(order.id, &[State::Underway], Event::Finish).await?;
        }
    }
    // Checked in, and nobody said done: a day later the desk has gone home without a word.
    for id in orders::overdue(reads, State::Underway, now - Span::days(1), AT_ONCE).await? {
        app.step_by_system(id, &[State::Underway], Event::Expire).await?;
    }
    for pool in orders::stalled_lines(reads, AT_ONCE).await? {
        swept.handed_on += hand_on(app, &pool).await?;
    }
    if swept != Swept::default() {
        tracing::info!(?swept, "orders were swept");
        app.hub.publish("jobs", "").await;
    }
    Ok(swept)
}

/// Gives the free places of a pool to the people in its line.
///
/// # Errors
/// The database's.
pub async fn hand_on(app: &App, pool: &PoolKey) -> Result<usize> {
    let (this, catalogue, pool) = (app.clone(), app.catalogue().await?, pool.clone());
    app.store.write(move |tx| async move { promote(&this, tx, &catalogue, &pool).await }.boxed()).await
}

/// Forgets idempotency keys after a day, and login codes that are long over.
///
/// # Errors
/// The database's.
pub async fn forget_keys(app: &App) -> Result<u64> {
    let before = app.now() - Span::days(1);
    app.store
        .write(move |tx| {
            async move {
                let codes = login_codes::sweep(tx, before).await?;
                Ok::<_, Failure>(codes + keys::forget(tx, before).await?)
            }
            .boxed()
        })
        .await
}
