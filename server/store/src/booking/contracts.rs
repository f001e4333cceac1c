//! Contracts for a while: who has which, and how many stand where.

use linli_domain::contract::{ContractState, Standing};
use linli_domain::id::{AccountId, ContractId, OfferingId, PersonId};
use linli_domain::platform::KindKey;
use linli_domain::time::{Day, Instant};
use sea_orm::QueryResult;

use super::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// A contract as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Which.
    pub id: ContractId,
    /// Raised with every change.
    pub version: i32,
    /// Of what kind of service.
    pub kind: KindKey,
    /// With whom.
    pub offering: OfferingId,
    /// For whom.
    pub person: PersonId,
    /// The group they are in.
    pub group: String,
    /// Where it stands, and how long it holds.
    pub standing: Standing,
    /// Who asked for it.
    pub placed_by: AccountId,
    /// Why it was rejected or ended.
    pub reason: String,
    /// When it was asked for.
    pub created_at: Instant,
    /// When it was last changed.
    pub changed_at: Instant,
}

/// Which contracts of an offering to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// In this state.
    pub state: Option<ContractState>,
    /// Of this group.
    pub group: Option<&'a str>,
}

/// Writes a new one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(tx: &Tx, contract: &Contract) -> Result<()> {
    Rows::new()
        .int("id", [contract.id.0])
        .int("version", [i64::from(contract.version)])
        .text("kind", [contract.kind.as_str()])
        .int("offering_id", [contract.offering.0])
        .int("person_id", [contract.person.0])
        .text("group_key", [contract.group.as_str()])
        .text("state", [contract.standing.state.key()])
        .int("from_day", [i64::from(contract.standing.from.0)])
        .int("until_day", [i64::from(contract.standing.until.0)])
        .int("placed_by", [contract.placed_by.0])
        .text("reason", [contract.reason.as_str()])
        .int("created_at", [contract.created_at.0])
        .int("changed_at", [contract.changed_at.0])
        .insert(tx, "contracts", "")
        .await?;
    Ok(())
}

/// Writes what can change. The rows were locked by [`lock`] in this transaction.
///
/// # Errors
/// Any [`StoreError`]; [`StoreError::Row`] when a version is not the next one.
pub async fn update(tx: &Tx, contracts: &[Contract]) -> Result<()> {
    let changed = Rows::new()
        .int("id", contracts.iter().map(|one| one.id.0))
        .int("version", contracts.iter().map(|one| i64::from(one.version)))
        .text("state", contracts.iter().map(|one| one.standing.state.key()))
        .int("from_day", contracts.iter().map(|one| i64::from(one.standing.from.0)))
        .int("until_day", contracts.iter().map(|one| i64::from(one.standing.until.0)))
        .text("reason", contracts.iter().map(|one| one.reason.as_str()))
        .int("changed_at", contracts.iter().map(|one| one.changed_at.0))
        .execute(
            tx,
            "UPDATE contracts SET version = v.version, state = v.state, from_day = v.from_day, \
             until_day = v.until_day, reason = v.reason, changed_at = v.changed_at FROM",
            "AS v WHERE contracts.id = v.id AND contracts.version = v.version - 1",
        )
        .await?;
    if changed == contracts.len() as u64 { Ok(()) } else { Err(StoreError::Row("a contract was not locked".into())) }
}

/// Reads one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, id: ContractId) -> Result<Option<Contract>> {
    ask(db, "SELECT * FROM contracts WHERE id = $1", [id.0.into()]).await?.first().map(contract).transpose()
}

/// Locks contracts by id, in the order of their ids, and reads them. Unknown ids are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock(tx: &Tx, ids: &[ContractId]) -> Result<Vec<Contract>> {
    let lock = tx.locking("c");
    let rows = Rows::new()
        .int("id", ids.iter().map(|id| id.0))
        .query(tx, "SELECT c.* FROM contracts c JOIN", &format!("AS v ON c.id = v.id ORDER BY c.id {lock}"))
        .await?;
    rows.iter().map(contract).collect()
}

/// The contracts of some people, open ones first, then the newest; at most `limit`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_people(db: &impl Reads, people: &[PersonId], limit: u32) -> Result<Vec<Contract>> {
    let tail = format!(
        "AS v ON c.person_id = v.person_id \
         ORDER BY CASE WHEN c.state IN ('requested', 'active') THEN 0 ELSE 1 END, c.id DESC LIMIT {limit}"
    );
    let rows = Rows::new()
        .int("person_id", people.iter().map(|person| person.0))
        .query(db, "SELECT c.* FROM contracts c JOIN", &tail)
        .await?;
    rows.iter().map(contract).collect()
}

/// Contracts of an offering, newest first, at most `limit`, older than `before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_offering(
    db: &impl Reads,
    offering: OfferingId,
    wanted: Wanted<'_>,
    before: Option<ContractId>,
    limit: u32,
) -> Result<Vec<Contract>> {
    let sql = "SELECT * FROM contracts WHERE offering_id = $1 AND id < $2 AND ($3 = '' OR state = $3) \
               AND ($4 = '' OR group_key = $4) ORDER BY id DESC LIMIT $5";
    let values = [
        offering.0.into(),
        before.map_or(i64::MAX, |id| id.0).into(),
        wanted.state.map_or("", ContractState::key).into(),
        wanted.group.unwrap_or_default().into(),
        i64::from(limit).into(),
    ];
    ask(db, sql, values).await?.iter().map(contract).collect()
}

/// How many open contracts of an offering there are, by state and group.
///
/// # Errors
/// Any [`StoreError`].
pub async fn counts(db: &impl Reads, offering: OfferingId) -> Result<Vec<(ContractState, String, u32)>> {
    let sql = "SELECT state, group_key, COUNT(*) AS n FROM contracts \
               WHERE offering_id = $1 AND state IN ('requested', 'active') GROUP BY state, group_key";
    let rows = ask(db, sql, [offering.0.into()]).await?;
    rows.iter()
        .map(|row| {
            let n: i64 = row.try_get("", "n")?;
            Ok((state(row)?, row.try_get("", "group_key")?, u32::try_from(n).unwrap_or(u32::MAX)))
        })
        .collect()
}

/// Contracts whose time is over, at most `limit`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn run_out(db: &impl Reads, today: Day, limit: u32) -> Result<Vec<ContractId>> {
    let sql = "SELECT id FROM contracts WHERE state = 'active' AND until_day <= $1 ORDER BY id LIMIT $2";
    let rows = ask(db, sql, [today.0.into(), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(ContractId(row.try_get("", "id")?))).collect()
}

fn unreadable(name: &str) -> StoreError {
    StoreError::Row(format!("contracts.{name} cannot be read"))
}

fn state(row: &QueryResult) -> Result<ContractState> {
    let key: String = row.try_get("", "state")?;
    ContractState::from_key(&key).ok_or_else(|| unreadable("state"))
}

fn contract(row: &QueryResult) -> Result<Contract> {
    let kind: String = row.try_get("", "kind")?;
    Ok(Contract {
        id: ContractId(row.try_get("", "id")?),
        version: row.try_get("", "version")?,
        kind: kind.parse().map_err(|_| unreadable("kind"))?,
        offering: OfferingId(row.try_get("", "offering_id")?),
        person: PersonId(row.try_get("", "person_id")?),
        group: row.try_get("", "group_key")?,
        standing: Standing {
            state: state(row)?,
            from: Day(row.try_get("", "from_day")?),
            until: Day(row.try_get("", "until_day")?),
        },
        placed_by: AccountId(row.try_get("", "placed_by")?),
        reason: row.try_get("", "reason")?,
        created_at: Instant(row.try_get("", "created_at")?),
        changed_at: Instant(row.try_get("", "changed_at")?),
    })
}
