//! Who could come: workers on duty with the service, as far as the database can tell.

use linli_domain::geo::{Travel, Wgs84};
use linli_domain::id::{AccountId, OrderId, OrganisationId, PersonId, WorkerId};
use linli_domain::platform::KindKey;
use linli_domain::time::{Day, Instant};
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::Reads;
use crate::error::{Result, StoreError};

/// A worker as matching sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Which.
    pub worker: WorkerId,
    /// Who they are.
    pub person: PersonId,
    /// Their account.
    pub account: AccountId,
    /// Whom they work for.
    pub organisation: Option<OrganisationId>,
    /// As residents read it.
    pub name: String,
    /// `female`, `male` or `unsaid`.
    pub gender: String,
    /// Keys of languages: a JSON list.
    pub languages: serde_json::Value,
    /// How they travel.
    pub travel: Travel,
    /// Where they start from: the job before, or home.
    pub from: Wgs84,
    /// The codes of areas they go to; empty is everywhere.
    pub areas: Vec<String>,
    /// Working hours: JSON, weekday to spans.
    pub hours: serde_json::Value,
    /// Whether they are on duty now.
    pub on_duty: bool,
    /// Until when they pause.
    pub paused_until: Option<Instant>,
    /// The most jobs they take at once.
    pub max_open: u32,
    /// The jobs they have in hand.
    pub open: u32,
    /// Their own price in fen for the kind, if any.
    pub price_fen: Option<i64>,
    /// Keys of skills: a JSON list.
    pub skills: serde_json::Value,
    /// The state of the service: `asked`, `verified` or `refused`; none when they do not offer it.
    pub service: Option<String>,
    /// A paper it needs has run out.
    pub off_offer: bool,
    /// The state of their file.
    pub state: String,
    /// Whether they are off on the day.
    pub day_off: bool,
    /// Whether one side does not want to meet the other.
    pub refused: bool,
    /// Minutes of work on the day so far.
    pub minutes_today: u32,
    /// The count and the sum of their ratings.
    pub quality: (u32, u32),
}

/// Whom to look at.
#[derive(Debug, Clone, Copy)]
pub enum Among {
    /// Everybody verified for the kind and on duty, who was not asked for the order at its time yet, or whose offer was
    /// withdrawn before they answered.
    Unasked(OrderId),
    /// Everybody verified for the kind and on duty.
    Everybody,
    /// Those of an organisation, on duty or not.
    Of(OrganisationId),
    /// One worker, whatever their state.
    One(WorkerId),
}

/// Workers who could come to somebody for a kind on a day, in one statement.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_kind(
    db: &impl Reads,
    among: Among,
    kind: &KindKey,
    subject: PersonId,
    day: Day,
) -> Result<Vec<Candidate>> {
    let verified = "s.state = 'verified' AND NOT s.off_offer AND w.state = 'verified'";
    let (only, id) = match among {
        Among::Unasked(order) => (
            format!(
                "{verified} AND w.duty = 'on' AND NOT EXISTS (SELECT 1 FROM offers o WHERE o.order_id = $4 \
                 AND o.worker_id = w.id AND o.state <> 'withdrawn' \
                 AND o.made_at >= (SELECT v.sought_since FROM visits v WHERE v.order_id = $4))"
            ),
            order.0,
        ),
        Among::Everybody => (format!("{verified} AND w.duty = 'on' AND $4 = 0"), 0),
        Among::Of(organisation) => (format!("{verified} AND w.organisation_id = $4"), organisation.0),
        Among::One(worker) => ("w.id = $4".to_owned(), worker.0),
    };
    // The job in hand that ends last is where they come from next.
    let sql = format!(
        "SELECT w.*, s.price_fen, s.skills, s.state AS service, s.off_offer, \
         EXISTS (SELECT 1 FROM worker_days_off d WHERE d.worker_id = w.id AND d.day = $3) AS day_off, \
         EXISTS (SELECT 1 FROM refused_pairs r WHERE r.worker_id = w.id AND r.person_id = $2) AS refused, \
         (SELECT COUNT(*) FROM visits v WHERE v.worker_id = w.id \
           AND v.state IN ('accepted', 'on_the_way', 'arrived', 'working')) AS open_jobs, \
         (SELECT COALESCE(SUM(v.minutes), 0) FROM visits v JOIN orders o ON o.id = v.order_id \
           WHERE v.worker_id = w.id AND o.day = $3 AND v.state NOT IN ('failed', 'over')) AS minutes_today, \
         q.count AS rated, q.sum AS rating_sum, last.latitude AS last_latitude, last.longitude AS last_longitude \
         FROM workers w LEFT JOIN worker_services s ON s.worker_id = w.id AND s.kind = $1 \
         LEFT JOIN qualities q ON q.worker_id = w.id \
         LEFT JOIN visits last ON last.order_id = (SELECT v.order_id FROM visits v WHERE v.worker_id = w.id \
           AND v.state IN ('accepted', 'on_the_way', 'arrived', 'working') \
           ORDER BY v.window_until DESC, v.order_id DESC LIMIT 1) \
         WHERE {only} ORDER BY w.id"
    );
    let values = [kind.as_str().into(), subject.0.into(), day.0.into(), id.into()];
    let rows = ask(db, &sql, values).await?;
    rows.iter().filter_map(|row| candidate(row).transpose()).collect()
}

/// None for those who have not said yet where they start from.
fn candidate(row: &QueryResult) -> Result<Option<Candidate>> {
    let bad = |column: &str| StoreError::Row(format!("workers.{column} cannot be read"));
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let json = |name: &str| -> Result<serde_json::Value> {
        let text: Option<String> = row.try_get("", name)?;
        serde_json::from_str(text.as_deref().unwrap_or("[]")).map_err(|_| bad(name))
    };
    let count = |name: &str| -> Result<u32> {
        let value: i64 = row.try_get("", name)?;
        u32::try_from(value).map_err(|_| bad(name))
    };
    let maybe = |name: &str| -> Result<u32> {
        let value: Option<i32> = row.try_get("", name)?;
        Ok(value.and_then(|value| u32::try_from(value).ok()).unwrap_or(0))
    };
    let (home_lat, home_lon): (Option<f64>, Option<f64>) =
        (row.try_get("", "latitude")?, row.try_get("", "longitude")?);
    let (last_lat, last_lon): (Option<f64>, Option<f64>) =
        (row.try_get("", "last_latitude")?, row.try_get("", "last_longitude")?);
    let point = |latitude: Option<f64>, longitude: Option<f64>| {
        latitude.zip(longitude).and_then(|(latitude, longitude)| Wgs84::new(latitude, longitude))
    };
    let Some(from) = point(last_lat, last_lon).or_else(|| point(home_lat, home_lon)) else { return Ok(None) };
    let organisation: Option<i64> = row.try_get("", "organisation_id")?;
    let paused: Option<i64> = row.try_get("", "paused_until")?;
    let max_open: i32 = row.try_get("", "max_open")?;
    let off_offer: Option<bool> = row.try_get("", "off_offer")?;
    Ok(Some(Candidate {
        worker: WorkerId(row.try_get("", "id")?),
        person: PersonId(row.try_get("", "person_id")?),
        account: AccountId(row.try_get("", "account_id")?),
        organisation: organisation.map(OrganisationId),
        name: text("name")?,
        gender: text("gender")?,
        languages: json("languages")?,
        travel: text("travel")?.parse().map_err(|_| bad("travel"))?,
        from,
        areas: serde_json::from_str(&text("areas")?).map_err(|_| bad("areas"))?,
        hours: json("hours")?,
        on_duty: text("duty")? == "on",
        paused_until: paused.map(Instant),
        max_open: u32::try_from(max_open).map_err(|_| bad("max_open"))?,
        open: count("open_jobs")?,
        price_fen: row.try_get("", "price_fen")?,
        skills: json("skills")?,
        service: row.try_get("", "service")?,
        off_offer: off_offer.unwrap_or(false),
        state: text("state")?,
        day_off: row.try_get("", "day_off")?,
        refused: row.try_get("", "refused")?,
        minutes_today: count("minutes_today")?,
        quality: (maybe("rated")?, maybe("rating_sum")?),
    }))
}

/// The worker somebody is.
///
/// # Errors
/// Any [`StoreError`].
pub async fn worker_of(db: &impl Reads, person: PersonId) -> Result<Option<WorkerId>> {
    let rows = ask(db, "SELECT id FROM workers WHERE person_id = $1", [person.0.into()]).await?;
    rows.first().map(|row| Ok(WorkerId(row.try_get("", "id")?))).transpose()
}

/// Who a worker is.
///
/// # Errors
/// Any [`StoreError`].
pub async fn person_of(db: &impl Reads, worker: WorkerId) -> Result<Option<PersonId>> {
    let rows = ask(db, "SELECT person_id FROM workers WHERE id = $1", [worker.0.into()]).await?;
    rows.first().map(|row| Ok(PersonId(row.try_get("", "person_id")?))).transpose()
}
