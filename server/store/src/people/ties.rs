//! What hangs on a person in other tables: orders, messages, organisations. Read here for what people do with
//! themselves (log in, export, close the account); the tables belong to other modules.

use linli_domain::area::AreaCode;
use linli_domain::id::{AccountId, NoticeId, OrderId, OrganisationId, PersonId};
use linli_domain::order::State;
use linli_domain::time::Instant;
use linli_domain::words::Words;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::read;
use crate::error::{Result, StoreError};
use crate::{Reads, Tx};

fn col(name: &'static str) -> Alias {
    Alias::new(name)
}

async fn rows<T: FromQueryResult>(reads: &impl Reads, query: &SelectStatement) -> Result<Vec<T>> {
    let found = reads.connection().query_all(query).await?;
    found.iter().map(|row| T::from_query_result(row, "").map_err(StoreError::from)).collect()
}

async fn count(reads: &impl Reads, table: &'static str, which: Condition) -> Result<i64> {
    let query =
        Query::select().expr_as(Expr::cust("COUNT(*)"), col("n")).from(Alias::new(table)).cond_where(which).to_owned();
    let row = reads.connection().query_one(&query).await?;
    match row {
        Some(row) => Ok(row.try_get::<i64>("", "n")?),
        None => Ok(0),
    }
}

/// How many messages of a person are unread.
///
/// # Errors
/// Any [`StoreError`].
pub async fn unread(reads: &impl Reads, person: PersonId) -> Result<i64> {
    let which = Condition::all().add(Expr::col(col("person_id")).eq(person.0)).add(Expr::col(col("read_at")).is_null());
    count(reads, "notices", which).await
}

/// How many orders for these people are open: somebody still waits for something.
///
/// # Errors
/// Any [`StoreError`].
pub async fn open_orders(reads: &impl Reads, subjects: &[PersonId]) -> Result<i64> {
    let which = Condition::all()
        .add(Expr::col(col("subject_id")).is_in(subjects.iter().map(|id| id.0)))
        .add(Expr::col(col("state")).is_in(State::OPEN.map(State::key)));
    count(reads, "orders", which).await
}

/// Removes a person's messages.
///
/// # Errors
/// Any [`StoreError`].
pub async fn remove_notices(tx: &Tx, person: PersonId) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new("notices"))
        .and_where(Expr::col(col("person_id")).eq(person.0))
        .to_owned();
    tx.connection().execute(&delete).await?;
    Ok(())
}

/// An organisation, as far as roles need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationTie {
    /// Which.
    pub id: OrganisationId,
    /// Its name.
    pub name: Words,
    /// Where it lies.
    pub area: AreaCode,
}

/// These organisations; unknown ids are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn organisations(reads: &impl Reads, ids: &[OrganisationId]) -> Result<Vec<OrganisationTie>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        name_zh: String,
        name_en: String,
        area_code: String,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Query::select()
        .columns(["id", "name_zh", "name_en", "area_code"].map(col))
        .from(Alias::new("organisations"))
        .and_where(Expr::col(col("id")).is_in(ids.iter().map(|id| id.0)))
        .to_owned();
    rows::<Row>(reads, &query)
        .await?
        .into_iter()
        .map(|row| {
            let area = read("organisations", row.id, "area_code", &row.area_code)?;
            Ok(OrganisationTie { id: OrganisationId(row.id), name: Words::new(row.name_zh, row.name_en), area })
        })
        .collect()
}

/// An order as a person may take it away.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderRecord {
    /// Which.
    pub id: OrderId,
    /// The kind of service.
    pub kind: String,
    /// How it stands.
    pub state: String,
    /// For whom.
    pub subject: PersonId,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The answers to the kind's form, a JSON object.
    pub form: serde_json::Value,
    /// The price in fen.
    pub price_fen: i64,
    /// When it was placed.
    pub created_at: Instant,
    /// When it last changed.
    pub changed_at: Instant,
}

/// All orders for these people or placed by this account, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn orders_of(reads: &impl Reads, subjects: &[PersonId], account: AccountId) -> Result<Vec<OrderRecord>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        kind: String,
        state: String,
        subject_id: i64,
        starts_at: i64,
        ends_at: i64,
        form: String,
        price_fen: i64,
        created_at: i64,
        changed_at: i64,
    }
    let columns =
        ["id", "kind", "state", "subject_id", "starts_at", "ends_at", "form", "price_fen", "created_at", "changed_at"];
    // Staff place orders for others: those are the others' data, so only orders as oneself or guardian count.
    let placed =
        Condition::all().add(Expr::col(col("placed_by")).eq(account.0)).add(Expr::col(col("authority")).ne("staff"));
    let which = Condition::any().add(Expr::col(col("subject_id")).is_in(subjects.iter().map(|id| id.0))).add(placed);
    let query = Query::select()
        .columns(columns.map(col))
        .from(Alias::new("orders"))
        .cond_where(which)
        .order_by(col("id"), Order::Asc)
        .to_owned();
    rows::<Row>(reads, &query)
        .await?
        .into_iter()
        .map(|row| {
            let form = serde_json::from_str(&row.form)
                .map_err(|error| StoreError::Row(format!("orders {}: form: {error}", row.id)))?;
            Ok(OrderRecord {
                id: OrderId(row.id),
                kind: row.kind,
                state: row.state,
                subject: PersonId(row.subject_id),
                starts_at: Instant(row.starts_at),
                ends_at: Instant(row.ends_at),
                form,
                price_fen: row.price_fen,
                created_at: Instant(row.created_at),
                changed_at: Instant(row.changed_at),
            })
        })
        .collect()
}

/// A message as a person may take it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRecord {
    /// Which.
    pub id: NoticeId,
    /// When.
    pub at: Instant,
    /// What it is about.
    pub title: Words,
    /// What it says.
    pub body: Words,
}

/// All messages to a person, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn notices_of(reads: &impl Reads, person: PersonId) -> Result<Vec<NoticeRecord>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        at: i64,
        title_zh: String,
        title_en: String,
        body_zh: String,
        body_en: String,
    }
    let query = Query::select()
        .columns(["id", "at", "title_zh", "title_en", "body_zh", "body_en"].map(col))
        .from(Alias::new("notices"))
        .and_where(Expr::col(col("person_id")).eq(person.0))
        .order_by(col("id"), Order::Asc)
        .to_owned();
    let found = rows::<Row>(reads, &query).await?;
    Ok(found
        .into_iter()
        .map(|row| NoticeRecord {
            id: NoticeId(row.id),
            at: Instant(row.at),
            title: Words::new(row.title_zh, row.title_en),
            body: Words::new(row.body_zh, row.body_en),
        })
        .collect())
}
