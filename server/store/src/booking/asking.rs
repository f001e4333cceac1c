//! What is looked up of everybody who asks for a place, for many at a time.

use linli_domain::course::{CourseKey, Had};
use linli_domain::id::{CourseId, OrderId, OrganisationId, PersonId};
use linli_domain::person::{Person, Verification};
use linli_domain::platform::KindKey;
use linli_domain::time::{Day, Instant};
use sea_orm::{FromQueryResult, IdenStatic, Iterable, QueryResult};

use super::courses::open_states;
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
    /// The course whose next visit it would be.
    pub course: Option<CourseKey>,
    /// Where an earlier visit lowers the price.
    pub revisit: Option<Revisit>,
}

/// The visits that make the next one a revisit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revisit {
    /// At whose desk.
    pub organisation: OrganisationId,
    /// The first day that counts.
    pub from: Day,
    /// The last day that counts.
    pub to: Day,
}

/// A course somebody is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownCourse {
    /// Which.
    pub id: CourseId,
    /// The last visit that was had.
    pub last: Option<Had>,
    /// The day for which the next one is booked.
    pub booked: Option<Day>,
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
    /// The course, where they are on it.
    pub course: Option<KnownCourse>,
    /// The last visit at full price among those that make this one a revisit, and its day.
    pub revisit_of: Option<(OrderId, Day)>,
}

/// Looks everything up in one statement, and answers in the order of the questions.
///
/// # Errors
/// Any [`StoreError`].
pub async fn known(db: &impl Reads, asked: &[Asking], now: Instant) -> Result<Vec<Known>> {
    let key = |pick: fn(&IdempotencyKey) -> &str| asked.iter().map(move |one| one.key.as_ref().map(pick));
    let revisit = |pick: fn(&Revisit) -> i64| asked.iter().map(move |one| one.revisit.as_ref().map(pick));
    let head = format!(
        "SELECT v.position, k.fingerprint, k.made, b.until, c.id AS course_id, \
         (SELECT MAX(h.number) FROM course_visits h WHERE h.course_id = c.id) AS had_number, \
         (SELECT MAX(h.day) FROM course_visits h WHERE h.course_id = c.id) AS had_day, \
         (SELECT MAX(o.day) FROM orders o WHERE o.course_id = c.id AND o.state IN ({}) AND NOT EXISTS \
           (SELECT 1 FROM course_visits h WHERE h.course_id = c.id AND h.number = o.course_visit)) AS booked_day, \
         r.id AS revisit_id, r.day AS revisit_day, {}, {} FROM",
        open_states(),
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
        .text_or_null("course", asked.iter().map(|one| one.course.as_ref().map(|key| key.course.as_str())))
        .int_or_null("organisation_id", revisit(|revisit| revisit.organisation.0))
        .int_or_null("revisit_from", revisit(|revisit| revisit.from.0.into()))
        .int_or_null("revisit_to", revisit(|revisit| revisit.to.0.into()))
        .int("now", asked.iter().map(|_| now.0))
        .query(
            db,
            &head,
            "AS v \
             LEFT JOIN idempotency_keys k ON k.account_id = v.account_id AND k.operation = v.operation AND k.key = v.key \
             LEFT JOIN blocks b ON b.person_id = v.subject_id AND b.kind = v.kind AND b.until > v.now \
             LEFT JOIN courses c ON c.person_id = v.subject_id AND c.kind = v.kind AND c.course = v.course \
               AND c.state = 'active' \
             LEFT JOIN orders r ON r.id = (SELECT o.id FROM orders o WHERE o.subject_id = v.subject_id \
               AND o.kind = v.kind AND o.organisation_id = v.organisation_id AND o.state IN ('fulfilled', 'closed') \
               AND o.revisit_of IS NULL AND o.day >= v.revisit_from AND o.day <= v.revisit_to \
               ORDER BY o.day DESC, o.id DESC LIMIT 1) \
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
        one.course = course(&row)?;
        if let Some(id) = row.try_get::<Option<i64>>("", "revisit_id")? {
            one.revisit_of = Some((OrderId(id), Day(row.try_get("", "revisit_day")?)));
        }
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

fn course(row: &QueryResult) -> Result<Option<KnownCourse>> {
    let Some(id) = row.try_get::<Option<i64>>("", "course_id")? else { return Ok(None) };
    let small = |name: &str| -> Result<Option<i32>> { Ok(row.try_get("", name)?) };
    let last = small("had_number")?.zip(small("had_day")?);
    let last = last.and_then(|(number, day)| Some(Had { number: u32::try_from(number).ok()?, day: Day(day) }));
    Ok(Some(KnownCourse { id: CourseId(id), last, booked: small("booked_day")?.map(Day) }))
}

/// All columns of a table, named after it: `p.id AS p_id, …`.
fn aliased<C: Iterable + IdenStatic>(table: &str) -> String {
    let columns: Vec<String> = C::iter().map(|column| format!("{table}.{0} AS {table}_{0}", column.as_str())).collect();
    columns.join(", ")
}
