//! What is looked up of everybody who asks for a place, for many at a time.

use linli_domain::id::{OrderId, PersonId};
use linli_domain::person::{Person, Verification};
use linli_domain::platform::KindKey;
use linli_domain::time::Instant;
use sea_orm::{FromQueryResult, IdenStatic, Iterable};

use super::keys::{IdempotencyKey, Made};
use crate::connect::Reads;
use crate::entity::people::{persons, verifications};
use crate::error::{Result, StoreError};
use crate::people;
use crate::rows::Rows;

/// Who asks for what.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Who would be served.
    pub subject: PersonId,
    /// What kind of service, where it is known.
    pub kind: Option<KindKey>,
    /// The request's key, where it has one.
    pub key: Option<IdempotencyKey>,
}

/// What is known of them.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What the key has made before.
    pub made: Option<Made>,
    /// The person, unless there is none or the account was closed.
    pub subject: Option<Person>,
    /// What was verified of them and not revoked, oldest first; expired verifications too.
    pub verified: Vec<Verification>,
    /// Until when booking of the kind is paused for them.
    pub blocked_until: Option<Instant>,
}

/// Looks everything up in one statement, and answers in the order of the questions.
///
/// # Errors
/// Any [`StoreError`].
pub async fn known(db: &impl Reads, asked: &[Asking], now: Instant) -> Result<Vec<Known>> {
    let key = |pick: fn(&IdempotencyKey) -> &str| asked.iter().map(move |one| one.key.as_ref().map(pick));
    let head = format!(
        "SELECT v.position, k.fingerprint, k.made, b.until, {}, {} FROM",
        aliased::<persons::Column>("p"),
        aliased::<verifications::Column>("w")
    );
    let rows = Rows::new()
        .int("position", (0..).take(asked.len()))
        .int("subject_id", asked.iter().map(|one| one.subject.0))
        .text_or_null("kind", asked.iter().map(|one| one.kind.as_ref().map(KindKey::as_str)))
        .int_or_null("account_id", asked.iter().map(|one| one.key.as_ref().map(|key| key.account.0)))
        .text_or_null("operation", key(|key| key.operation))
        .text_or_null("key", key(|key| &key.key))
        .int("now", asked.iter().map(|_| now.0))
        .query(
            db,
            &head,
            "AS v \
             LEFT JOIN idempotency_keys k ON k.account_id = v.account_id AND k.operation = v.operation AND k.key = v.key \
             LEFT JOIN blocks b ON b.person_id = v.subject_id AND b.kind = v.kind AND b.until > v.now \
             LEFT JOIN persons p ON p.id = v.subject_id AND p.closed_at IS NULL \
             LEFT JOIN verifications w ON w.person_id = p.id AND w.revoked_at IS NULL \
             ORDER BY v.position, w.id",
        )
        .await?;
    let mut known = vec![Known::default(); asked.len()];
    for row in rows {
        let position: i64 = row.try_get("", "position")?;
        let one = usize::try_from(position).ok().and_then(|position| known.get_mut(position));
        let one = one.ok_or_else(|| StoreError::Row("a position that was not sent".into()))?;
        if let Some(fingerprint) = row.try_get("", "fingerprint")? {
            one.made = Some(Made { fingerprint, order: OrderId(row.try_get("", "made")?) });
        }
        one.blocked_until = row.try_get::<Option<i64>>("", "until")?.map(Instant);
        // One row for each verification: the person is the same in all of them.
        if one.subject.is_none() && row.try_get::<Option<i64>>("", "p_id")?.is_some() {
            one.subject = Some(people::persons::value(persons::Model::from_query_result(&row, "p_")?)?);
        }
        if row.try_get::<Option<i64>>("", "w_id")?.is_some() {
            one.verified.push(people::verifications::value(verifications::Model::from_query_result(&row, "w_")?)?);
        }
    }
    Ok(known)
}

/// All columns of a table, named after it: `p.id AS p_id, …`.
fn aliased<C: Iterable + IdenStatic>(table: &str) -> String {
    let columns: Vec<String> = C::iter().map(|column| format!("{table}.{0} AS {table}_{0}", column.as_str())).collect();
    columns.join(", ")
}
