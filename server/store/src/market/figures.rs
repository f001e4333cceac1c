//! Figures: how soon, how well, how satisfied; counted over the orders of a time.

use linli_domain::area::AreaCode;
use linli_domain::id::{self, OrganisationId};
use linli_domain::platform::KindKey;
use linli_domain::time::Instant;
use sea_orm::QueryResult;

use crate::connect::Reads;
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// What the rows stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Platforms, by key.
    Platform,
    /// Organisations, by number.
    Organisation,
    /// Communities, by code.
    Community,
}

/// The orders of whom and when. The time is that of asking: from an instant on, before another.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Per what.
    pub per: Per,
    /// The kinds that are counted: none that is confidential.
    pub kinds: &'a [KindKey],
    /// In this area.
    pub area: Option<&'a AreaCode>,
    /// Served by this organisation.
    pub organisation: Option<OrganisationId>,
    /// From.
    pub from: Instant,
    /// To.
    pub until: Instant,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The platform's key, the organisation's number, or the community's code.
    pub group: String,
    /// Orders asked for.
    pub requests: u32,
    /// Those that somebody said yes to, or that found a place.
    pub matched: u32,
    /// Half of those were answered within so many seconds.
    pub median_response_seconds: Option<i64>,
    /// Visits where somebody came …
    pub came: u32,
    /// … and came in time.
    pub on_time: u32,
    /// Those that were done.
    pub done: u32,
    /// Those that were rated by whom they were for.
    pub rated: u32,
    /// Those of at least the middle level.
    pub satisfied: u32,
    /// Those that were reopened at least once.
    pub reopened: u32,
}

/// Counts, in one statement; by group.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of(db: &impl Reads, asked: &Asked<'_>) -> Result<Vec<Line>> {
    let group = match asked.per {
        Per::Platform => "k.platform",
        Per::Organisation => "CAST(o.organisation_id AS TEXT)",
        Per::Community => "o.area_code",
    };
    // Ids are ordered by time; a day of grace for clocks that differ.
    const GRACE: i64 = 86_400_000_000;
    let mut only = format!(
        "o.id >= {} AND o.created_at >= {} AND o.created_at < {}",
        id::least(Instant(asked.from.0 - GRACE)),
        asked.from.0,
        asked.until.0
    );
    if let Some(area) = asked.area {
        // Digits of area codes, never a pattern character.
        only.push_str(&format!(" AND o.area_code LIKE '{}%'", area.significant()));
    }
    if let Some(organisation) = asked.organisation {
        only.push_str(&format!(" AND o.organisation_id = {}", organisation.0));
    }
    let head = format!(
        "WITH asked AS (SELECT {group} AS grp, o.state, \
           (SELECT MIN(e.at) FROM order_events e WHERE e.order_id = o.id AND e.to_state = 'confirmed') - o.created_at \
             AS response, \
           CASE WHEN EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id AND e.event = 'reopened') \
             THEN 1 ELSE 0 END AS reopened, \
           COALESCE(w.arrived_at, w.started_at) AS came_at, COALESCE(w.arrive_by, w.window_until) AS due, \
           (SELECT r.level FROM ratings r WHERE r.order_id = o.id AND r.side = 'resident') AS level FROM"
    );
    let tail = format!(
        "AS k JOIN orders o ON o.kind = k.kind LEFT JOIN visits w ON w.order_id = o.id WHERE {only}), \
         middle AS (SELECT grp, CAST(AVG(response) AS BIGINT) AS median FROM \
           (SELECT grp, response, ROW_NUMBER() OVER (PARTITION BY grp ORDER BY response) AS n, \
             COUNT(*) OVER (PARTITION BY grp) AS c FROM asked WHERE response IS NOT NULL) AS numbered \
           WHERE n IN ((c + 1) / 2, (c + 2) / 2) GROUP BY grp) \
         SELECT a.grp, MAX(m.median) AS median, COUNT(*) AS requests, COUNT(a.response) AS matched, \
           COUNT(a.came_at) AS came, SUM(CASE WHEN a.came_at <= a.due THEN 1 ELSE 0 END) AS on_time, \
           SUM(CASE WHEN a.state IN ('fulfilled', 'closed') THEN 1 ELSE 0 END) AS done, \
           COUNT(a.level) AS rated, SUM(CASE WHEN a.level >= 3 THEN 1 ELSE 0 END) AS satisfied, \
           SUM(a.reopened) AS reopened \
         FROM asked a LEFT JOIN middle m ON m.grp = a.grp GROUP BY a.grp ORDER BY a.grp"
    );
    let rows = Rows::new()
        .text("kind", asked.kinds.iter().map(KindKey::as_str))
        .text("platform", asked.kinds.iter().map(KindKey::platform))
        .query(db, &head, &tail)
        .await?;
    rows.iter().map(line).collect()
}

fn line(row: &QueryResult) -> Result<Line> {
    let number = |name: &str| -> Result<u32> {
        let number: i64 = row.try_get("", name)?;
        u32::try_from(number).map_err(|_| StoreError::Row(format!("figures: {name} is no count")))
    };
    let median: Option<i64> = row.try_get("", "median")?;
    Ok(Line {
        group: row.try_get("", "grp")?,
        requests: number("requests")?,
        matched: number("matched")?,
        median_response_seconds: median.map(|median| median / 1_000_000),
        came: number("came")?,
        on_time: number("on_time")?,
        done: number("done")?,
        rated: number("rated")?,
        satisfied: number("satisfied")?,
        reopened: number("reopened")?,
    })
}
