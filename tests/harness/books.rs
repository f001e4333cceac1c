//! The books: what the tables of scarcity must say whatever has happened.

use std::collections::BTreeMap;

use linli_application::App;
use linli_domain::claim::{Pool, PoolKey};
use linli_store::{Reads, scarcity};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

/// The rows of a query.
pub(crate) async fn rows(app: &App, sql: &str) -> Vec<QueryResult> {
    let connection = app.store.reads().connection();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// The number of rows of a query.
pub(crate) async fn count(app: &App, sql: &str) -> usize {
    rows(app, sql).await.len()
}

/// A pool as it stands; a fresh one when nobody has used it.
pub(crate) async fn pool(app: &App, key: &PoolKey) -> Pool {
    let pools = scarcity::pools(app.store.reads(), std::slice::from_ref(key)).await.unwrap();
    pools.get(key).copied().unwrap_or(Pool::fresh(0))
}

/// Checks that what is kept of WeChat's consents is what the events of each person and kind add up to.
pub(crate) async fn consents_balance(app: &App) {
    let wrong = "SELECT w.person_id FROM wechat_consents w LEFT JOIN \
                   (SELECT person_id, template, SUM(change) AS kept FROM wechat_consent_events \
                    GROUP BY person_id, template) e \
                   ON e.person_id = w.person_id AND e.template = w.template \
                 WHERE w.kept <> COALESCE(e.kept, 0)";
    assert_eq!(count(app, wrong).await, 0, "consents do not add up");
}

/// Checks that the counters agree with what the orders hold. Call it while nothing is under way.
pub(crate) async fn balance(app: &App) {
    let wrong = faults(app).await;
    assert!(wrong.is_empty(), "the books do not balance:\n{}", wrong.join("\n"));
}

/// What is wrong in the books.
pub(crate) async fn faults(app: &App) -> Vec<String> {
    let mut wrong = Vec::new();

    // Pools: taken = claims, waiting = orders in line, nothing beyond the capacity.
    let text = |row: &QueryResult, name: &str| -> String { row.try_get("", name).unwrap() };
    let int = |row: &QueryResult, name: &str| -> i64 { row.try_get("", name).unwrap() };
    let small = |row: &QueryResult, name: &str| -> i64 { i64::from(row.try_get::<i32>("", name).unwrap()) };
    let mut claimed: BTreeMap<String, i64> = BTreeMap::new();
    for row in
        rows(app, "SELECT pool_key, SUM(amount) AS n FROM claims WHERE pool_key IS NOT NULL GROUP BY pool_key").await
    {
        claimed.insert(text(&row, "pool_key"), int(&row, "n"));
    }
    let mut waiting: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows(app, "SELECT pool_key, COUNT(*) AS n FROM orders WHERE state = 'waiting' GROUP BY pool_key").await {
        waiting.insert(text(&row, "pool_key"), int(&row, "n"));
    }
    for row in rows(app, "SELECT key, capacity, taken, waiting FROM pools").await {
        let key = text(&row, "key");
        let (taken, capacity) = (small(&row, "taken"), small(&row, "capacity"));
        let claims = claimed.remove(&key).unwrap_or(0);
        if taken != claims {
            wrong.push(format!("{key}: taken {taken}, claims {claims}"));
        }
        if taken > capacity {
            wrong.push(format!("{key}: {taken} of {capacity} taken"));
        }
        let (counted, inside) = (small(&row, "waiting"), waiting.remove(&key).unwrap_or(0));
        if counted != inside {
            wrong.push(format!("{key}: waiting {counted}, orders in line {inside}"));
        }
    }
    wrong.extend(claimed.keys().chain(waiting.keys()).map(|key| format!("{key}: used, and there is no such pool")));

    // Calendars: the union of the claims, which never overlap.
    let mut busy: BTreeMap<(i64, i64), (i64, i64)> = BTreeMap::new();
    for row in rows(app, "SELECT owner, day, am, pm FROM claims WHERE owner IS NOT NULL").await {
        let masks = busy.entry((int(&row, "owner"), small(&row, "day"))).or_default();
        let (am, pm) = (int(&row, "am"), int(&row, "pm"));
        if masks.0 & am != 0 || masks.1 & pm != 0 {
            wrong.push(format!("two claims overlap in the calendar of {}", int(&row, "owner")));
        }
        *masks = (masks.0 | am, masks.1 | pm);
    }
    for row in rows(app, "SELECT owner, day, am, pm FROM calendars").await {
        let key = (int(&row, "owner"), small(&row, "day"));
        let masks = busy.remove(&key).unwrap_or_default();
        if masks != (int(&row, "am"), int(&row, "pm")) {
            wrong.push(format!("the calendar of {} on day {} is not what is claimed of it", key.0, key.1));
        }
    }
    wrong.extend(busy.keys().map(|(owner, day)| format!("{owner} has claims on day {day} and no calendar")));

    // Orders: whoever has a place claims it, whoever has none claims none; every change has its line in the timeline. A
    // visit has no place: what is asked of its offering is not counted.
    for row in rows(
        app,
        "SELECT o.id, o.state FROM orders o WHERE (o.state IN ('requested', 'held', 'confirmed', 'underway')) <> EXISTS \
         (SELECT 1 FROM claims c WHERE c.order_id = o.id AND c.pool_key = o.pool_key) \
         AND o.state NOT IN ('fulfilled', 'closed', 'reopened', 'no_show', 'expired') \
         AND o.pool_key NOT LIKE 'visits/%'",
    )
    .await
    {
        wrong.push(format!("order {} is {} and its claims say otherwise", int(&row, "id"), text(&row, "state")));
    }
    for row in rows(
        app,
        "SELECT o.id FROM orders o WHERE o.version <> (SELECT COUNT(*) FROM order_events e WHERE e.order_id = o.id)",
    )
    .await
    {
        wrong.push(format!("order {}: the timeline has gaps", int(&row, "id")));
    }
    wrong
}
