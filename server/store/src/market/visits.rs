//! Visits: the row beside a dispatch order that says who is to come where, and how far they are.

use linli_domain::geo::Wgs84;
use linli_domain::id::{CompoundId, OrderId, OrganisationId, PersonId, WorkerId};
use linli_domain::platform::{KindKey, PriceForm, Way};
use linli_domain::time::Instant;
use linli_domain::visit::VisitState;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// A visit as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The order it belongs to.
    pub order: OrderId,
    /// The kind of service.
    pub kind: KindKey,
    /// Where it stands.
    pub state: VisitState,
    /// Who has it.
    pub worker: Option<WorkerId>,
    /// How somebody is being found.
    pub way: Way,
    /// How many times offers have been made in this way.
    pub wave: u32,
    /// When somebody is looked for next.
    pub next_look: Option<Instant>,
    /// When the next way is tried, or people are told that nobody was found.
    pub find_until: Instant,
    /// When they were told so.
    pub nobody_at: Option<Instant>,
    /// Since when somebody is looked for at this time; whoever was asked before may be asked again.
    pub sought_since: Instant,
    /// As soon as possible, not at a time.
    pub is_now: bool,
    /// From when it may begin.
    pub from: Instant,
    /// By when it should be over.
    pub until: Instant,
    /// How long it takes, in minutes.
    pub minutes: u16,
    /// Compound or street.
    pub address: String,
    /// Building, entrance, floor, door.
    pub detail: String,
    /// The compound.
    pub compound: Option<CompoundId>,
    /// Where exactly.
    pub point: Wgs84,
    /// The one thing it is about, where the same thing is reported once.
    pub thing: String,
    /// The resident agrees to somebody from farther away than the circle.
    pub wider: bool,
    /// What the resident wishes: a JSON object.
    pub wishes: serde_json::Value,
    /// What else they said.
    pub note: String,
    /// Whether only those who work on it may see it.
    pub is_private: bool,
    /// How the price comes about.
    pub price_form: PriceForm,
    /// `free`, `cash` or `district`.
    pub pay_by: String,
    /// The price asked for at the door, in fen, with its reason and what the resident said: `asked`, `agreed`,
    /// `refused`.
    pub quote: Option<(i64, String, String)>,
    /// The code that starts the work.
    pub start_code: String,
    /// Wrong codes so far.
    pub code_tries: u32,
    /// By when somebody must have said yes.
    pub accept_by: Option<Instant>,
    /// By when somebody must be there.
    pub arrive_by: Option<Instant>,
    /// How far a missed deadline has climbed.
    pub climbed: u32,
    /// Why this worker: a JSON list of keys with their numbers.
    pub reasons: serde_json::Value,
    /// How far they were by streets when they accepted, in seconds.
    pub travel_seconds: Option<u32>,
    /// When somebody said yes.
    pub accepted_at: Option<Instant>,
    /// When they set out.
    pub on_way_at: Option<Instant>,
    /// When they were at the door.
    pub arrived_at: Option<Instant>,
    /// When work began.
    pub started_at: Option<Instant>,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// Why it began without the code.
    pub start_reason: String,
    /// Whether both were told that it is late.
    pub late_told: bool,
    /// Why it could not be done.
    pub failure: String,
}

/// Writes new visits.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(tx: &Tx, visits: &[&Visit]) -> Result<()> {
    columns(visits).insert(tx, "visits", "").await?;
    Ok(())
}

/// Writes everything that can change. The order was locked in this transaction.
///
/// # Errors
/// Any [`StoreError`].
pub async fn update(tx: &Tx, visits: &[&Visit]) -> Result<()> {
    let names = [
        "state",
        "worker_id",
        "way",
        "wave",
        "next_look",
        "find_until",
        "nobody_at",
        "sought_since",
        "is_now",
        "window_from",
        "window_until",
        "minutes",
        "wider",
        "wishes",
        "is_private",
        "quote_fen",
        "quote_note",
        "quote_state",
        "code_tries",
        "accept_by",
        "arrive_by",
        "climbed",
        "reasons",
        "travel_seconds",
        "accepted_at",
        "on_way_at",
        "arrived_at",
        "started_at",
        "done_at",
        "start_reason",
        "late_told",
        "failure",
    ];
    let sets: Vec<String> = names.iter().map(|name| format!("{name} = v.{name}")).collect();
    let head = format!("UPDATE visits SET {} FROM", sets.join(", "));
    columns(visits).execute(tx, &head, "AS v WHERE visits.order_id = v.order_id").await?;
    Ok(())
}

fn columns(visits: &[&Visit]) -> Rows {
    let int = |pick: fn(&Visit) -> i64| visits.iter().map(move |visit| pick(visit));
    let text = |pick: fn(&Visit) -> String| visits.iter().map(move |visit| pick(visit));
    let at = |pick: fn(&Visit) -> Option<Instant>| visits.iter().map(move |visit| pick(visit).map(|at| at.0));
    Rows::new()
        .int("order_id", int(|v| v.order.0))
        .text("kind", text(|v| v.kind.to_string()))
        .text("state", text(|v| v.state.key().to_owned()))
        .int_or_null("worker_id", visits.iter().map(|v| v.worker.map(|id| id.0)))
        .text("way", text(|v| v.way.key().to_owned()))
        .int("wave", int(|v| i64::from(v.wave)))
        .int_or_null("next_look", at(|v| v.next_look))
        .int("find_until", int(|v| v.find_until.0))
        .int_or_null("nobody_at", at(|v| v.nobody_at))
        .int("sought_since", int(|v| v.sought_since.0))
        .bool("is_now", visits.iter().map(|v| v.is_now))
        .int("window_from", int(|v| v.from.0))
        .int("window_until", int(|v| v.until.0))
        .int("minutes", int(|v| i64::from(v.minutes)))
        .text("address_text", text(|v| v.address.clone()))
        .text("address_detail", text(|v| v.detail.clone()))
        .int_or_null("compound_id", visits.iter().map(|v| v.compound.map(|id| id.0)))
        .float("latitude", visits.iter().map(|v| v.point.latitude))
        .float("longitude", visits.iter().map(|v| v.point.longitude))
        .text("thing", text(|v| v.thing.clone()))
        .bool("wider", visits.iter().map(|v| v.wider))
        .text("wishes", text(|v| v.wishes.to_string()))
        .text("note", text(|v| v.note.clone()))
        .bool("is_private", visits.iter().map(|v| v.is_private))
        .text("price_form", text(|v| v.price_form.key().to_owned()))
        .text("pay_by", text(|v| v.pay_by.clone()))
        .int_or_null("quote_fen", visits.iter().map(|v| v.quote.as_ref().map(|quote| quote.0)))
        .text("quote_note", text(|v| v.quote.as_ref().map(|quote| quote.1.clone()).unwrap_or_default()))
        .text_or_null("quote_state", visits.iter().map(|v| v.quote.as_ref().map(|quote| quote.2.clone())))
        .text("start_code", text(|v| v.start_code.clone()))
        .int("code_tries", int(|v| i64::from(v.code_tries)))
        .int_or_null("accept_by", at(|v| v.accept_by))
        .int_or_null("arrive_by", at(|v| v.arrive_by))
        .int("climbed", int(|v| i64::from(v.climbed)))
        .text("reasons", text(|v| v.reasons.to_string()))
        .int_or_null("travel_seconds", visits.iter().map(|v| v.travel_seconds.map(i64::from)))
        .int_or_null("accepted_at", at(|v| v.accepted_at))
        .int_or_null("on_way_at", at(|v| v.on_way_at))
        .int_or_null("arrived_at", at(|v| v.arrived_at))
        .int_or_null("started_at", at(|v| v.started_at))
        .int_or_null("done_at", at(|v| v.done_at))
        .text("start_reason", text(|v| v.start_reason.clone()))
        .bool("late_told", visits.iter().map(|v| v.late_told))
        .text("failure", text(|v| v.failure.clone()))
}

/// Reads visits by their orders. Orders that are no visits are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn many(db: &impl Reads, orders: &[OrderId]) -> Result<Vec<Visit>> {
    let rows = Rows::new()
        .int("id", orders.iter().map(|id| id.0))
        .query(db, "SELECT t.* FROM visits t JOIN", "AS v ON t.order_id = v.id ORDER BY t.order_id")
        .await?;
    rows.iter().map(visit).collect()
}

/// Reads the visit of an order.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, order: OrderId) -> Result<Option<Visit>> {
    Ok(many(db, &[order]).await?.pop())
}

/// Visits for which somebody is to be looked for by now, those that wait longest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn to_look(db: &impl Reads, now: Instant, limit: u32) -> Result<Vec<OrderId>> {
    let sql = "SELECT order_id FROM visits WHERE next_look IS NOT NULL AND next_look <= $1 \
               ORDER BY next_look, order_id LIMIT $2";
    ids(&ask(db, sql, [now.0.into(), i64::from(limit).into()]).await?)
}

/// Which visits of the desk to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Nobody has been found yet, or nobody has said yes.
    Open,
    /// People were told that nobody was found.
    Unmatched,
    /// A deadline has passed, the time has come and nobody is there, or somebody has been there for more than a day.
    Late,
    /// In hand.
    Underway,
    /// Done, or over without it.
    Done,
}

/// Visits of some organisations or of an area and what lies in it, after a cursor: those that are soonest first, of those
/// that are over the latest.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_desk(
    db: &impl Reads,
    organisations: &[OrganisationId],
    area: Option<&str>,
    listed: Listed,
    now: Instant,
    after: Option<(Instant, OrderId)>,
    limit: u32,
) -> Result<Vec<OrderId>> {
    let state = match listed {
        Listed::Open => "t.state IN ('seeking', 'offered')",
        Listed::Unmatched => "t.state IN ('seeking', 'offered') AND t.nobody_at IS NOT NULL",
        Listed::Late => {
            "((t.state IN ('seeking', 'offered') AND t.accept_by < $1) OR (t.state IN ('seeking', 'offered', \
             'accepted', 'on_the_way') AND (t.arrive_by < $1 OR t.window_until < $1)) OR (t.state IN ('arrived', \
             'working') AND COALESCE(t.started_at, t.arrived_at) <= $1 - 86400000000))"
        }
        Listed::Underway => "t.state IN ('accepted', 'on_the_way', 'arrived', 'working')",
        Listed::Done => "t.state IN ('done', 'failed', 'over')",
    };
    let (compare, direction, start) = if listed == Listed::Done {
        ("<", "DESC", (Instant(i64::MAX), OrderId(i64::MAX)))
    } else {
        (">", "ASC", (Instant(i64::MIN), OrderId(0)))
    };
    let own: Vec<String> = organisations.iter().map(|id| id.0.to_string()).collect();
    let own = if own.is_empty() { "0".to_owned() } else { own.join(", ") };
    let (at, id) = after.unwrap_or(start);
    // An area's code is the beginning of those of its communities, but for trailing zeros.
    let within = area.map_or_else(|| "-".to_owned(), |code| format!("{code}%"));
    let sql = format!(
        "SELECT t.order_id FROM visits t JOIN orders o ON o.id = t.order_id WHERE {state} AND $1 > 0 \
         AND (o.organisation_id IN ({own}) OR o.area_code LIKE $2) \
         AND (t.window_from {compare} $3 OR (t.window_from = $3 AND t.order_id {compare} $4)) \
         ORDER BY t.window_from {direction}, t.order_id {direction} LIMIT $5"
    );
    let values = [now.0.into(), within.into(), at.0.into(), id.0.into(), i64::from(limit).into()];
    ids(&ask(db, &sql, values).await?)
}

/// What a worker has before them or has had: open ones by their time, past ones the newest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_worker(
    db: &impl Reads,
    worker: WorkerId,
    open: bool,
    after: Option<(Instant, OrderId)>,
    limit: u32,
) -> Result<Vec<OrderId>> {
    let hand: Vec<&str> = VisitState::IN_HAND.iter().map(|state| state.key()).collect();
    let hand = format!("('{}')", hand.join("', '"));
    let (inside, compare, direction, start) = if open {
        ("IN", ">", "ASC", (Instant(i64::MIN), OrderId(0)))
    } else {
        ("NOT IN", "<", "DESC", (Instant(i64::MAX), OrderId(i64::MAX)))
    };
    let (at, id) = after.unwrap_or(start);
    let sql = format!(
        "SELECT order_id FROM visits WHERE worker_id = $1 AND state {inside} {hand} \
         AND (window_from {compare} $2 OR (window_from = $2 AND order_id {compare} $3)) \
         ORDER BY window_from {direction}, order_id {direction} LIMIT $4"
    );
    ids(&ask(db, &sql, [worker.0.into(), at.0.into(), id.0.into(), i64::from(limit).into()]).await?)
}

/// The open visit about a thing, where there is one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_thing(db: &impl Reads, thing: &str) -> Result<Option<OrderId>> {
    let sql = "SELECT order_id FROM visits WHERE thing = $1 AND state NOT IN ('done', 'failed', 'over') \
               ORDER BY order_id LIMIT 1";
    Ok(ids(&ask(db, sql, [thing.into()]).await?)?.pop())
}

/// Who last came to somebody for a kind and finished, the latest first, each once.
///
/// # Errors
/// Any [`StoreError`].
pub async fn last_workers(db: &impl Reads, person: PersonId, kind: &KindKey) -> Result<Vec<WorkerId>> {
    let sql = "SELECT t.worker_id AS id, MAX(t.order_id) AS last FROM visits t JOIN orders o ON o.id = t.order_id \
               WHERE o.subject_id = $1 AND t.kind = $2 AND t.state = 'done' AND t.worker_id IS NOT NULL \
               GROUP BY t.worker_id ORDER BY last DESC LIMIT 3";
    let rows = ask(db, sql, [person.0.into(), kind.as_str().into()]).await?;
    rows.iter().map(|row| Ok(WorkerId(row.try_get("", "id")?))).collect()
}

/// Open visits found by a way, those that are soonest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn open_by(db: &impl Reads, way: Way, limit: u32) -> Result<Vec<Visit>> {
    let sql = "SELECT * FROM visits WHERE way = $1 AND state IN ('seeking', 'offered') \
               ORDER BY window_from, order_id LIMIT $2";
    ask(db, sql, [way.key().into(), i64::from(limit).into()]).await?.iter().map(visit).collect()
}

/// Open visits nobody can come to any more, since their time is over.
///
/// # Errors
/// Any [`StoreError`].
pub async fn run_out(db: &impl Reads, now: Instant, limit: u32) -> Result<Vec<OrderId>> {
    let sql = "SELECT order_id FROM visits WHERE state IN ('seeking', 'offered') AND window_until <= $1 \
               ORDER BY order_id LIMIT $2";
    ids(&ask(db, sql, [now.0.into(), i64::from(limit).into()]).await?)
}

/// Who follows an order because they reported the same.
///
/// # Errors
/// Any [`StoreError`].
pub async fn followers(db: &impl Reads, order: OrderId) -> Result<Vec<PersonId>> {
    let rows =
        ask(db, "SELECT person_id FROM followers WHERE order_id = $1 ORDER BY person_id", [order.0.into()]).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get("", "person_id")?))).collect()
}

fn ids(rows: &[QueryResult]) -> Result<Vec<OrderId>> {
    rows.iter().map(|row| Ok(OrderId(row.try_get("", "order_id")?))).collect()
}

/// Locks the rows of visits whose orders are locked already, and reads them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock(tx: &Tx, order: OrderId) -> Result<Option<Visit>> {
    let sql = format!("SELECT v.* FROM visits v WHERE v.order_id = $1 {}", tx.locking("v"));
    let rows = ask(tx, &sql, [order.0.into()]).await?;
    rows.first().map(visit).transpose()
}

pub(crate) fn visit(row: &QueryResult) -> Result<Visit> {
    let bad = |column: &str| StoreError::Row(format!("visits.{column} cannot be read"));
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
    let json = |name: &str| -> Result<serde_json::Value> { serde_json::from_str(&text(name)?).map_err(|_| bad(name)) };
    let worker: Option<i64> = row.try_get("", "worker_id")?;
    let compound: Option<i64> = row.try_get("", "compound_id")?;
    let travel: Option<i32> = row.try_get("", "travel_seconds")?;
    let quote_fen: Option<i64> = row.try_get("", "quote_fen")?;
    let quote_state: Option<String> = row.try_get("", "quote_state")?;
    let quote = match quote_fen.zip(quote_state) {
        Some((fen, state)) => Some((fen, text("quote_note")?, state)),
        None => None,
    };
    Ok(Visit {
        order: OrderId(int("order_id")?),
        kind: text("kind")?.parse().map_err(|_| bad("kind"))?,
        state: VisitState::from_key(&text("state")?).ok_or_else(|| bad("state"))?,
        worker: worker.map(WorkerId),
        way: Way::from_key(&text("way")?).ok_or_else(|| bad("way"))?,
        wave: small("wave")?,
        next_look: at("next_look")?,
        find_until: Instant(int("find_until")?),
        nobody_at: at("nobody_at")?,
        sought_since: Instant(int("sought_since")?),
        is_now: row.try_get("", "is_now")?,
        from: Instant(int("window_from")?),
        until: Instant(int("window_until")?),
        minutes: u16::try_from(small("minutes")?).map_err(|_| bad("minutes"))?,
        address: text("address_text")?,
        detail: text("address_detail")?,
        compound: compound.map(CompoundId),
        point: Wgs84 { latitude: row.try_get("", "latitude")?, longitude: row.try_get("", "longitude")? },
        thing: text("thing")?,
        wider: row.try_get("", "wider")?,
        wishes: json("wishes")?,
        note: text("note")?,
        is_private: row.try_get("", "is_private")?,
        price_form: PriceForm::from_key(&text("price_form")?).ok_or_else(|| bad("price_form"))?,
        pay_by: text("pay_by")?,
        quote,
        start_code: text("start_code")?,
        code_tries: small("code_tries")?,
        accept_by: at("accept_by")?,
        arrive_by: at("arrive_by")?,
        climbed: small("climbed")?,
        reasons: json("reasons")?,
        travel_seconds: travel.and_then(|seconds| u32::try_from(seconds).ok()),
        accepted_at: at("accepted_at")?,
        on_way_at: at("on_way_at")?,
        arrived_at: at("arrived_at")?,
        started_at: at("started_at")?,
        done_at: at("done_at")?,
        start_reason: text("start_reason")?,
        late_told: row.try_get("", "late_told")?,
        failure: text("failure")?,
    })
}
