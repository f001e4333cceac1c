//! What residents report and share: hazards on the map, those who follow them, and deadlines that were missed.

use linli_domain::area::AreaCode;
use linli_domain::geo::Wgs84;
use linli_domain::id::{FileId, OrderId, OrganisationId, PersonId};
use linli_domain::platform::KindKey;
use linli_domain::time::Instant;
use linli_domain::visit::VisitState;
use sea_orm::{QueryResult, Value};

use crate::booking::orders::ask;
use crate::catalogue::{bad, text};
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::rows::Rows;

/// A report that everybody may see. It says nothing of who made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// Its order.
    pub order: OrderId,
    /// The kind of service.
    pub kind: KindKey,
    /// Whose it is to see to it.
    pub organisation: OrganisationId,
    /// The community it lies in.
    pub area: AreaCode,
    /// Where the visit stands.
    pub state: VisitState,
    /// What the form said.
    pub form: serde_json::Value,
    /// Compound or street.
    pub address: String,
    /// Where exactly.
    pub point: Wgs84,
    /// The one thing it is about.
    pub thing: String,
    /// Since when.
    pub created_at: Instant,
    /// The last change.
    pub changed_at: Instant,
    /// When somebody should be there.
    pub expected: Instant,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// How many others follow it.
    pub followers: u32,
    /// The first picture that was found fit for everybody.
    pub picture: Option<FileId>,
}

/// Which of them.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only of these kinds; others are never shared.
    pub kinds: Vec<KindKey>,
    /// Only these.
    pub orders: Option<Vec<OrderId>>,
    /// South-west and north-east corner.
    pub within: Option<(Wgs84, Wgs84)>,
    /// Made from then on.
    pub from: Option<Instant>,
    /// Made before then.
    pub until: Option<Instant>,
    /// Only in these states of the visit.
    pub states: Vec<VisitState>,
    /// Without those done before then.
    pub done_since: Option<Instant>,
    /// Only older ones than this: ids grow with time.
    pub before: Option<OrderId>,
    /// So many are passed over.
    pub skip: u64,
    /// At most so many.
    pub limit: u64,
}

const SHARED: &str = "SELECT o.id, o.kind, o.organisation_id, o.area_code, o.form, o.created_at, o.changed_at, t.state, \
     t.address_text, t.latitude, t.longitude, t.thing, t.window_until, t.arrive_by, t.done_at, \
     (SELECT COUNT(*) FROM followers f WHERE f.order_id = o.id) AS followers, \
     (SELECT MIN(p.file_id) FROM order_pictures p WHERE p.order_id = o.id AND p.is_public) AS picture \
     FROM visits t JOIN orders o ON o.id = t.order_id JOIN";

/// Shared reports, the newest first. Private ones are never among them.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn shared(db: &impl Reads, wanted: &Wanted) -> Result<Vec<Shared>> {
    let mut tail = String::from("AS v ON t.kind = v.kind WHERE NOT t.is_private");
    let mut and = |condition: String| {
        tail.push_str(" AND ");
        tail.push_str(&condition);
    };
    if let Some((from, to)) = wanted.within {
        and(format!("t.latitude BETWEEN {} AND {}", from.latitude, to.latitude));
        and(format!("t.longitude BETWEEN {} AND {}", from.longitude, to.longitude));
    }
    if let Some(orders) = &wanted.orders {
        let ids: Vec<String> = orders.iter().map(|id| id.0.to_string()).collect();
        and(format!("o.id IN ({})", if ids.is_empty() { "0".to_owned() } else { ids.join(", ") }));
    }
    if let Some(from) = wanted.from {
        and(format!("o.created_at >= {}", from.0));
    }
    if let Some(until) = wanted.until {
        and(format!("o.created_at < {}", until.0));
    }
    if !wanted.states.is_empty() {
        let states: Vec<&str> = wanted.states.iter().map(|state| state.key()).collect();
        and(format!("t.state IN ('{}')", states.join("', '")));
    }
    if let Some(since) = wanted.done_since {
        and(format!("(t.done_at IS NULL OR t.done_at >= {})", since.0));
    }
    if let Some(before) = wanted.before {
        and(format!("o.id < {}", before.0));
    }
    tail.push_str(&format!(" ORDER BY o.id DESC LIMIT {} OFFSET {}", wanted.limit, wanted.skip));
    let rows = Rows::new().text("kind", wanted.kinds.iter().map(KindKey::as_str)).query(db, SHARED, &tail).await?;
    rows.iter().map(report).collect()
}

/// The open visits under some keys of things that others may follow: each with its key and its place, the oldest first.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_things(db: &impl Reads, keys: &[&str]) -> Result<Vec<(OrderId, String, Wgs84)>> {
    let rows = Rows::new()
        .text("thing", keys.iter().copied())
        .query(
            db,
            "SELECT t.order_id, t.thing, t.latitude, t.longitude FROM visits t JOIN",
            "AS v ON t.thing = v.thing WHERE t.thing <> '' AND NOT t.is_private \
             AND t.state NOT IN ('done', 'failed', 'over') ORDER BY t.order_id",
        )
        .await?;
    rows.iter()
        .map(|row| {
            let point = Wgs84 { latitude: row.try_get("", "latitude")?, longitude: row.try_get("", "longitude")? };
            Ok((OrderId(row.try_get("", "order_id")?), text(row, "thing")?, point))
        })
        .collect()
}

/// Makes somebody a follower; again changes nothing. Answers whether they are one only now.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn follow(tx: &Tx, order: OrderId, person: PersonId, at: Instant) -> Result<bool> {
    let inserted = Rows::new()
        .int("order_id", [order.0])
        .int("person_id", [person.0])
        .int("at", [at.0])
        .insert(tx, "followers", "ON CONFLICT (order_id, person_id) DO NOTHING")
        .await?;
    Ok(inserted == 1)
}

/// They follow it no more. Answers whether they did.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn unfollow(tx: &Tx, order: OrderId, person: PersonId) -> Result<bool> {
    let sql = "DELETE FROM followers WHERE order_id = $1 AND person_id = $2 RETURNING order_id";
    Ok(!ask(tx, sql, [order.0.into(), person.0.into()]).await?.is_empty())
}

/// What somebody follows, the latest first.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn followed(db: &impl Reads, person: PersonId, limit: u32) -> Result<Vec<OrderId>> {
    let sql = "SELECT order_id FROM followers WHERE person_id = $1 ORDER BY order_id DESC LIMIT $2";
    let rows = ask(db, sql, [person.0.into(), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(OrderId(row.try_get("", "order_id")?))).collect()
}

/// Everything somebody follows is forgotten: their account is closed.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn forget(tx: &Tx, person: PersonId) -> Result<()> {
    ask(tx, "DELETE FROM followers WHERE person_id = $1 RETURNING order_id", [person.0.into()]).await?;
    Ok(())
}

/// Visits whose deadline has passed and that may have to climb further, the longest late first.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn late(db: &impl Reads, now: Instant, limit: u32) -> Result<Vec<OrderId>> {
    // Three rungs for a yes, three for an arrival: see `linli_domain::climb`.
    let sql = "SELECT order_id FROM visits WHERE accept_by IS NOT NULL AND accept_by < $1 AND climbed < 6 AND \
               ((state IN ('seeking', 'offered') AND climbed <> 3) \
                OR (state IN ('accepted', 'on_the_way') AND arrive_by < $1)) \
               ORDER BY accept_by, order_id LIMIT $2";
    let rows = ask(db, sql, [now.0.into(), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(OrderId(row.try_get("", "order_id")?))).collect()
}

/// Writes down how far it has climbed, if it stood right below. Answers whether it did.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn climb(tx: &Tx, order: OrderId, from: u32, to: u32) -> Result<bool> {
    let sql = "UPDATE visits SET climbed = $3 WHERE order_id = $1 AND climbed = $2 RETURNING order_id";
    let values: [Value; 3] = [order.0.into(), i64::from(from).into(), i64::from(to).into()];
    Ok(!ask(tx, sql, values).await?.is_empty())
}

/// Staff who hear of what an organisation or an area has to see to: people with an account, each once.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn staff(
    db: &impl Reads,
    organisation: Option<OrganisationId>,
    area: Option<&AreaCode>,
    now: Instant,
) -> Result<Vec<PersonId>> {
    let sql = "SELECT DISTINCT a.person_id FROM role_grants g JOIN accounts a ON a.id = g.account_id \
               WHERE g.valid_from <= $3 AND (g.valid_until IS NULL OR g.valid_until > $3) AND a.closed_at IS NULL \
               AND (g.area_code = $2 OR (g.organisation_id = $1 AND g.role <> 'case_worker')) ORDER BY a.person_id";
    let values = [organisation.map_or(0, |id| id.0).into(), area.map_or("", AreaCode::as_str).into(), now.0.into()];
    let rows = ask(db, sql, values).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get("", "person_id")?))).collect()
}

/// The orders a picture belongs to.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn orders_of_picture(db: &impl Reads, picture: FileId) -> Result<Vec<OrderId>> {
    let rows = ask(db, "SELECT order_id FROM order_pictures WHERE file_id = $1", [picture.0.into()]).await?;
    rows.iter().map(|row| Ok(OrderId(row.try_get("", "order_id")?))).collect()
}

/// Says whether everybody may see a picture of an order.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn publish(tx: &Tx, order: OrderId, picture: FileId, public: bool) -> Result<bool> {
    let sql = "UPDATE order_pictures SET is_public = $3 WHERE order_id = $1 AND file_id = $2 RETURNING file_id";
    Ok(!ask(tx, sql, [order.0.into(), picture.0.into(), public.into()]).await?.is_empty())
}

/// Whether a picture of a shared report was found fit for everybody.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn is_public(db: &impl Reads, picture: FileId) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM order_pictures p JOIN visits t ON t.order_id = p.order_id \
               WHERE p.file_id = $1 AND p.is_public AND NOT t.is_private";
    Ok(!ask(db, sql, [picture.0.into()]).await?.is_empty())
}

fn report(row: &QueryResult) -> Result<Shared> {
    let int = |name: &str| -> Result<i64> { Ok(row.try_get("", name)?) };
    let some = |name: &str| -> Result<Option<i64>> { Ok(row.try_get("", name)?) };
    Ok(Shared {
        order: OrderId(int("id")?),
        kind: text(row, "kind")?.parse().map_err(|_| bad("orders.kind"))?,
        organisation: OrganisationId(int("organisation_id")?),
        area: text(row, "area_code")?.parse().map_err(|_| bad("orders.area_code"))?,
        state: VisitState::from_key(&text(row, "state")?).ok_or_else(|| bad("visits.state"))?,
        form: serde_json::from_str(&text(row, "form")?).map_err(|_| bad("orders.form"))?,
        address: text(row, "address_text")?,
        point: Wgs84 { latitude: row.try_get("", "latitude")?, longitude: row.try_get("", "longitude")? },
        thing: text(row, "thing")?,
        created_at: Instant(int("created_at")?),
        changed_at: Instant(int("changed_at")?),
        expected: Instant(some("arrive_by")?.map_or_else(|| int("window_until"), Ok)?),
        done_at: some("done_at")?.map(Instant),
        followers: u32::try_from(int("followers")?).unwrap_or(u32::MAX),
        picture: some("picture")?.map(FileId),
    })
}
