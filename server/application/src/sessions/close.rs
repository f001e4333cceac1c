//! The end of a session: whoever came has had it, whoever never did has missed it.

use std::collections::BTreeSet;

use linli_domain::id::OrderId;
use linli_domain::order::{Event, State};
use linli_domain::session::attended::Mark;
use linli_domain::time::Span;
use linli_store::sessions::members;

use crate::{App, Result};

/// So long after the last meeting its roster may still be kept before orders are closed by it.
const TIME_TO_MARK: Span = Span::hours(12);
/// How many orders one tick looks at; the next one goes on.
const AT_ONCE: u32 = 500;

/// Closes the orders of sessions that are over. Where a roster was kept and somebody was absent each time, they missed
/// it; everybody else, and everybody where none was kept, has had it.
///
/// # Errors
/// The database's; what was closed stays so.
pub(crate) async fn close(app: &App) -> Result<usize> {
    const STANDING: &[State] = &[State::Confirmed, State::Underway];
    let reads = app.store.reads();
    let orders = members::left_over(reads, app.now() - TIME_TO_MARK, AT_ONCE).await?;
    let marks = members::marks(reads, &orders).await?;
    let with = |mark: Mark| -> BTreeSet<OrderId> {
        marks.iter().filter(|one| one.mark == mark).map(|one| one.order).collect()
    };
    let (present, absent, excused) = (with(Mark::Present), with(Mark::Absent), with(Mark::Excused));
    let mut closed = 0;
    for id in orders {
        let never_came = absent.contains(&id) && !present.contains(&id) && !excused.contains(&id);
        let done = if never_came && app.step_by_system(id, &[State::Confirmed], Event::Miss).await? {
            true
        } else {
            app.step_by_system(id, STANDING, Event::Finish).await?
        };
        closed += usize::from(done);
    }
    if closed > 0 {
        tracing::info!(closed, "orders of sessions that are over were closed");
        app.hub.publish("jobs", "").await;
    }
    Ok(closed)
}
