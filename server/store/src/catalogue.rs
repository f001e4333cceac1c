//! The district and what is on offer in it. Small tables, read whole into memory and read anew when their version
//! is raised.

use linli_domain::area::{Area, AreaCode};
use linli_domain::holiday::Announced;
use linli_domain::id::{AccountId, ExceptionId, OfferingId, OrganisationId, PlaceId, ProviderId, ScheduleId, UnitId};
use linli_domain::platform::{KindKey, Rules};
use linli_domain::session::Session;
use linli_domain::slot::{Exception, Extra, ScheduleLine};
use linli_domain::time::{Day, Instant, TimeOfDay};
use linli_domain::words::Words;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;
use crate::sessions;

/// A clinic, a canteen, a school, a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Which.
    pub id: OrganisationId,
    /// Its key in seeds and imports.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// The area it answers to.
    pub area: AreaCode,
    /// Its number.
    pub phone: String,
}

/// A building or room.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Which.
    pub id: PlaceId,
    /// Its key in seeds and imports.
    pub key: String,
    /// What stands there, as a key.
    pub kind: String,
    /// What it is called.
    pub name: Words,
    /// The address.
    pub address: Words,
    /// The community or village it lies in.
    pub area: AreaCode,
    /// Degrees north, WGS-84.
    pub latitude: f64,
    /// Degrees east, WGS-84.
    pub longitude: f64,
    /// The number of its desk.
    pub phone: String,
    /// When it is open.
    pub hours: Vec<Hours>,
    /// What makes it usable for more people, as keys.
    pub accessibility: Vec<String>,
}

/// When a place is open on one weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Hours {
    /// 1 (Monday) to 7 (Sunday).
    pub weekday: u8,
    /// Opening.
    pub from: TimeOfDay,
    /// Closing.
    pub to: TimeOfDay,
}

/// A doctor, a nurse, an officer, a room: who or what is booked within an offering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Which.
    pub id: ProviderId,
    /// The key in seeds and imports.
    pub key: String,
    /// Who they work for.
    pub organisation: OrganisationId,
    /// The name.
    pub name: Words,
    /// The professional title.
    pub title: Words,
    /// The department.
    pub department: Words,
    /// `female`, `male` or `unsaid`.
    pub gender: String,
}

/// Provider × kind × place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offering {
    /// Which.
    pub id: OfferingId,
    /// Its key in seeds and imports.
    pub key: String,
    /// The kind of service.
    pub kind: KindKey,
    /// Who serves.
    pub organisation: OrganisationId,
    /// Where.
    pub place: PlaceId,
    /// With whom, where it matters.
    pub provider: Option<ProviderId>,
    /// Only for residents of this area.
    pub residents_of: Option<AreaCode>,
    /// A word to residents; both texts empty when there is none.
    pub note: Words,
}

/// The rules of an offering from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferingVersion {
    /// Of which offering.
    pub offering: OfferingId,
    /// 1, 2, 3 …
    pub version: i32,
    /// The rules.
    pub rules: Rules,
    /// The first day of service they hold for.
    pub valid_from: Day,
    /// The first day they hold no more.
    pub valid_until: Option<Day>,
    /// Who set them.
    pub author: Option<AccountId>,
    /// When.
    pub created_at: Instant,
}

/// A room, a table, a machine of an offering, told apart from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Which; also the owner of its calendar.
    pub id: UnitId,
    /// Of which offering.
    pub offering: OfferingId,
    /// What it is called.
    pub name: Words,
    /// Its place in lists; lower ones are given out first.
    pub position: i32,
    /// The first day it can be had.
    pub valid_from: Day,
    /// The first day it can be had no more.
    pub valid_until: Option<Day>,
}

impl Unit {
    /// Whether it can be had on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|until| day < until)
    }
}

/// Everything in these tables.
#[derive(Debug, Clone)]
pub struct Contents {
    /// Raised by every change.
    pub version: i64,
    /// The tree of areas.
    pub areas: Vec<Area>,
    /// Holidays and make-up days.
    pub holidays: Vec<(Day, Announced)>,
    /// Organisations.
    pub organisations: Vec<Organisation>,
    /// Places.
    pub places: Vec<Place>,
    /// Providers.
    pub providers: Vec<Provider>,
    /// Offerings.
    pub offerings: Vec<Offering>,
    /// Their rules over time.
    pub versions: Vec<OfferingVersion>,
    /// Their weekly templates.
    pub schedules: Vec<(OfferingId, ScheduleLine)>,
    /// Days that differ, from `since` on.
    pub exceptions: Vec<(OfferingId, Exception)>,
    /// Rooms, tables, machines, in their order.
    pub units: Vec<Unit>,
    /// Events, terms and groups that are not over at `since`.
    pub sessions: Vec<Session>,
}

/// The version of the tables.
///
/// # Errors
/// Any [`StoreError`].
pub async fn version(db: &impl Reads) -> Result<i64> {
    let rows = ask(db, "SELECT version FROM catalogue WHERE id = 1", []).await?;
    Ok(rows.first().ok_or_else(|| StoreError::Row("the catalogue has no version".into()))?.try_get("", "version")?)
}

/// Raises the version: every process reads its copy anew.
///
/// # Errors
/// Any [`StoreError`].
pub async fn touch(tx: &Tx) -> Result<()> {
    ask(tx, "UPDATE catalogue SET version = version + 1 WHERE id = 1 RETURNING version", []).await?;
    Ok(())
}

/// Reads everything; exceptions only from a day on, since the past no longer matters.
///
/// # Errors
/// Any [`StoreError`].
pub async fn read(db: &impl Reads, since: Day) -> Result<Contents> {
    // The version first: what is changed meanwhile is read again.
    let version = version(db).await?;
    let all = async |table: &str, order: &str| ask(db, &format!("SELECT * FROM {table} ORDER BY {order}"), []).await;
    let exceptions = ask(db, "SELECT * FROM schedule_exceptions WHERE day >= $1 ORDER BY id", [since.0.into()]).await?;
    Ok(Contents {
        version,
        areas: all("areas", "code").await?.iter().map(area).collect::<Result<_>>()?,
        holidays: all("holidays", "day").await?.iter().map(holiday).collect::<Result<_>>()?,
        organisations: all("organisations", "id").await?.iter().map(organisation).collect::<Result<_>>()?,
        places: all("places", "id").await?.iter().map(place).collect::<Result<_>>()?,
        providers: all("providers", "id").await?.iter().map(provider).collect::<Result<_>>()?,
        offerings: all("offerings", "id").await?.iter().map(offering).collect::<Result<_>>()?,
        versions: all("offering_versions", "offering_id, version").await?.iter().map(rules).collect::<Result<_>>()?,
        schedules: all("schedules", "id").await?.iter().map(schedule).collect::<Result<_>>()?,
        exceptions: exceptions.iter().map(exception).collect::<Result<_>>()?,
        units: all("units", "offering_id, position, id").await?.iter().map(unit).collect::<Result<_>>()?,
        sessions: sessions::since(db, since.start()).await?,
    })
}

pub(crate) fn bad(what: &str) -> StoreError {
    StoreError::Row(format!("{what} cannot be read"))
}

pub(crate) fn text(row: &QueryResult, name: &str) -> Result<String> {
    Ok(row.try_get("", name)?)
}

pub(crate) fn words(row: &QueryResult, name: &str) -> Result<Words> {
    Ok(Words { zh: text(row, &format!("{name}_zh"))?, en: text(row, &format!("{name}_en"))? })
}

fn code(row: &QueryResult, name: &str) -> Result<AreaCode> {
    text(row, name)?.parse().map_err(|_| bad(name))
}

pub(crate) fn small<T: TryFrom<i32>>(row: &QueryResult, name: &str) -> Result<T> {
    T::try_from(row.try_get("", name)?).map_err(|_| bad(name))
}

fn json<T: serde::de::DeserializeOwned>(row: &QueryResult, name: &str) -> Result<T> {
    serde_json::from_str(&text(row, name)?).map_err(|_| bad(name))
}

fn area(row: &QueryResult) -> Result<Area> {
    let kind = serde_json::from_value(text(row, "kind")?.into()).map_err(|_| bad("areas.kind"))?;
    Ok(Area { code: code(row, "code")?, kind, name: words(row, "name")? })
}

fn holiday(row: &QueryResult) -> Result<(Day, Announced)> {
    let announced =
        Announced { worked: text(row, "kind")? == "workday", name: words(row, "name")?, source: text(row, "source")? };
    Ok((Day(row.try_get("", "day")?), announced))
}

fn organisation(row: &QueryResult) -> Result<Organisation> {
    Ok(Organisation {
        id: OrganisationId(row.try_get("", "id")?),
        key: text(row, "key")?,
        name: words(row, "name")?,
        area: code(row, "area_code")?,
        phone: text(row, "phone")?,
    })
}

fn place(row: &QueryResult) -> Result<Place> {
    Ok(Place {
        id: PlaceId(row.try_get("", "id")?),
        key: text(row, "key")?,
        kind: text(row, "kind")?,
        name: words(row, "name")?,
        address: words(row, "address")?,
        area: code(row, "area_code")?,
        latitude: row.try_get("", "latitude")?,
        longitude: row.try_get("", "longitude")?,
        phone: text(row, "phone")?,
        hours: json(row, "hours")?,
        accessibility: json(row, "accessibility")?,
    })
}

fn provider(row: &QueryResult) -> Result<Provider> {
    Ok(Provider {
        id: ProviderId(row.try_get("", "id")?),
        key: text(row, "key")?,
        organisation: OrganisationId(row.try_get("", "organisation_id")?),
        name: words(row, "name")?,
        title: words(row, "title")?,
        department: words(row, "department")?,
        gender: text(row, "gender")?,
    })
}

fn offering(row: &QueryResult) -> Result<Offering> {
    let (provider, residents_of): (Option<i64>, Option<String>) =
        (row.try_get("", "provider_id")?, row.try_get("", "resident_area")?);
    Ok(Offering {
        id: OfferingId(row.try_get("", "id")?),
        key: text(row, "key")?,
        kind: text(row, "kind")?.parse().map_err(|_| bad("offerings.kind"))?,
        organisation: OrganisationId(row.try_get("", "organisation_id")?),
        place: PlaceId(row.try_get("", "place_id")?),
        provider: provider.map(ProviderId),
        residents_of: residents_of.map(|code| code.parse()).transpose().map_err(|_| bad("offerings.resident_area"))?,
        note: words(row, "note")?,
    })
}

pub(crate) fn unit(row: &QueryResult) -> Result<Unit> {
    let until: Option<i32> = row.try_get("", "valid_until")?;
    Ok(Unit {
        id: UnitId(row.try_get("", "id")?),
        offering: OfferingId(row.try_get("", "offering_id")?),
        name: words(row, "name")?,
        position: row.try_get("", "position")?,
        valid_from: Day(row.try_get("", "valid_from")?),
        valid_until: until.map(Day),
    })
}

fn rules(row: &QueryResult) -> Result<OfferingVersion> {
    let (until, author): (Option<i32>, Option<i64>) = (row.try_get("", "valid_until")?, row.try_get("", "author")?);
    Ok(OfferingVersion {
        offering: OfferingId(row.try_get("", "offering_id")?),
        version: row.try_get("", "version")?,
        rules: json(row, "rules")?,
        valid_from: Day(row.try_get("", "valid_from")?),
        valid_until: until.map(Day),
        author: author.map(AccountId),
        created_at: Instant(row.try_get("", "created_at")?),
    })
}

pub(crate) fn schedule(row: &QueryResult) -> Result<(OfferingId, ScheduleLine)> {
    let until: Option<i32> = row.try_get("", "valid_until")?;
    let line = ScheduleLine {
        weekdays: small(row, "weekdays")?,
        from: TimeOfDay(small(row, "from_minute")?),
        to: TimeOfDay(small(row, "to_minute")?),
        slot_minutes: small(row, "slot_minutes")?,
        capacity: small(row, "capacity")?,
        valid_from: Day(row.try_get("", "valid_from")?),
        valid_until: until.map(Day),
    };
    Ok((OfferingId(row.try_get("", "offering_id")?), line))
}

fn exception(row: &QueryResult) -> Result<(OfferingId, Exception)> {
    let extra = if text(row, "kind")? == "extra" {
        Some(Extra { slot_minutes: small(row, "slot_minutes")?, capacity: small(row, "capacity")? })
    } else {
        None
    };
    let exception = Exception {
        day: Day(row.try_get("", "day")?),
        from: TimeOfDay(small(row, "from_minute")?),
        to: TimeOfDay(small(row, "to_minute")?),
        extra,
    };
    Ok((OfferingId(row.try_get("", "offering_id")?), exception))
}

/// Adds areas; parents first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert_areas(tx: &Tx, areas: &[Area]) -> Result<()> {
    let kind = |area: &Area| serde_json::to_value(area.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    Rows::new()
        .text("code", areas.iter().map(|a| a.code.as_str()))
        .text_or_null("parent_code", areas.iter().map(|a| a.code.parent().map(|code| code.as_str().to_owned())))
        .text("level", areas.iter().map(|a| a.code.level().key()))
        .text("kind", areas.iter().map(|a| kind(a).unwrap_or_default()))
        .text("name_zh", areas.iter().map(|a| a.name.zh.as_str()))
        .text("name_en", areas.iter().map(|a| a.name.en.as_str()))
        .insert(tx, "areas", "ON CONFLICT (code) DO NOTHING")
        .await?;
    Ok(())
}

/// Adds or replaces holidays and make-up days.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put_holidays(tx: &Tx, days: &[(Day, Announced)]) -> Result<()> {
    Rows::new()
        .int("day", days.iter().map(|(day, _)| i64::from(day.0)))
        .text("kind", days.iter().map(|(_, a)| if a.worked { "workday" } else { "holiday" }))
        .text("name_zh", days.iter().map(|(_, a)| a.name.zh.as_str()))
        .text("name_en", days.iter().map(|(_, a)| a.name.en.as_str()))
        .text("source", days.iter().map(|(_, a)| a.source.as_str()))
        .insert(
            tx,
            "holidays",
            "ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name_zh = excluded.name_zh, \
             name_en = excluded.name_en, source = excluded.source",
        )
        .await?;
    touch(tx).await
}

/// Adds organisations.
///
/// # Errors
/// [`StoreError::Unique`] on a key that is taken.
pub async fn insert_organisations(tx: &Tx, rows: &[Organisation]) -> Result<()> {
    Rows::new()
        .int("id", rows.iter().map(|r| r.id.0))
        .text("key", rows.iter().map(|r| r.key.as_str()))
        .text("name_zh", rows.iter().map(|r| r.name.zh.as_str()))
        .text("name_en", rows.iter().map(|r| r.name.en.as_str()))
        .text("area_code", rows.iter().map(|r| r.area.as_str()))
        .text("phone", rows.iter().map(|r| r.phone.as_str()))
        .insert(tx, "organisations", "")
        .await?;
    Ok(())
}

/// Adds places.
///
/// # Errors
/// [`StoreError::Unique`] on a key that is taken.
pub async fn insert_places(tx: &Tx, rows: &[Place]) -> Result<()> {
    for row in rows {
        // Degrees are the one kind of column that `Rows` does not carry.
        let sql = "INSERT INTO places (id, key, kind, name_zh, name_en, address_zh, address_en, area_code, latitude, \
                   longitude, phone, hours, accessibility) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id";
        let values = [
            row.id.0.into(),
            row.key.as_str().into(),
            row.kind.as_str().into(),
            row.name.zh.as_str().into(),
            row.name.en.as_str().into(),
            row.address.zh.as_str().into(),
            row.address.en.as_str().into(),
            row.area.as_str().into(),
            row.latitude.into(),
            row.longitude.into(),
            row.phone.as_str().into(),
            serde_json::json!(row.hours).to_string().into(),
            serde_json::json!(row.accessibility).to_string().into(),
        ];
        ask(tx, sql, values).await?;
    }
    Ok(())
}

/// Adds providers.
///
/// # Errors
/// [`StoreError::Unique`] on a key that is taken.
pub async fn insert_providers(tx: &Tx, rows: &[Provider]) -> Result<()> {
    Rows::new()
        .int("id", rows.iter().map(|r| r.id.0))
        .text("key", rows.iter().map(|r| r.key.as_str()))
        .int("organisation_id", rows.iter().map(|r| r.organisation.0))
        .text("name_zh", rows.iter().map(|r| r.name.zh.as_str()))
        .text("name_en", rows.iter().map(|r| r.name.en.as_str()))
        .text("title_zh", rows.iter().map(|r| r.title.zh.as_str()))
        .text("title_en", rows.iter().map(|r| r.title.en.as_str()))
        .text("department_zh", rows.iter().map(|r| r.department.zh.as_str()))
        .text("department_en", rows.iter().map(|r| r.department.en.as_str()))
        .text("gender", rows.iter().map(|r| r.gender.as_str()))
        .insert(tx, "providers", "")
        .await?;
    Ok(())
}

/// Adds offerings.
///
/// # Errors
/// [`StoreError::Unique`] on a key that is taken.
pub async fn insert_offerings(tx: &Tx, rows: &[Offering]) -> Result<()> {
    Rows::new()
        .int("id", rows.iter().map(|r| r.id.0))
        .text("key", rows.iter().map(|r| r.key.as_str()))
        .text("kind", rows.iter().map(|r| r.kind.as_str()))
        .int("organisation_id", rows.iter().map(|r| r.organisation.0))
        .int("place_id", rows.iter().map(|r| r.place.0))
        .int_or_null("provider_id", rows.iter().map(|r| r.provider.map(|id| id.0)))
        .text_or_null("resident_area", rows.iter().map(|r| r.residents_of.as_ref().map(AreaCode::as_str)))
        .text("note_zh", rows.iter().map(|r| r.note.zh.as_str()))
        .text("note_en", rows.iter().map(|r| r.note.en.as_str()))
        .insert(tx, "offerings", "")
        .await?;
    Ok(())
}

/// Adds versions of rules.
///
/// # Errors
/// [`StoreError::Unique`] on a version that is taken.
pub async fn insert_versions(tx: &Tx, rows: &[OfferingVersion]) -> Result<()> {
    let rules: Vec<String> = rows.iter().map(|r| serde_json::json!(r.rules).to_string()).collect();
    Rows::new()
        .int("offering_id", rows.iter().map(|r| r.offering.0))
        .int("version", rows.iter().map(|r| i64::from(r.version)))
        .text("rules", rules)
        .int("valid_from", rows.iter().map(|r| i64::from(r.valid_from.0)))
        .int_or_null("valid_until", rows.iter().map(|r| r.valid_until.map(|day| i64::from(day.0))))
        .int_or_null("author", rows.iter().map(|r| r.author.map(|id| id.0)))
        .int("created_at", rows.iter().map(|r| r.created_at.0))
        .insert(tx, "offering_versions", "")
        .await?;
    Ok(())
}

/// Adds lines of weekly templates.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert_schedules(tx: &Tx, rows: &[(ScheduleId, OfferingId, ScheduleLine)]) -> Result<()> {
    Rows::new()
        .int("id", rows.iter().map(|(id, _, _)| id.0))
        .int("offering_id", rows.iter().map(|(_, offering, _)| offering.0))
        .int("weekdays", rows.iter().map(|(_, _, r)| i64::from(r.weekdays)))
        .int("from_minute", rows.iter().map(|(_, _, r)| i64::from(r.from.0)))
        .int("to_minute", rows.iter().map(|(_, _, r)| i64::from(r.to.0)))
        .int("slot_minutes", rows.iter().map(|(_, _, r)| i64::from(r.slot_minutes)))
        .int("capacity", rows.iter().map(|(_, _, r)| i64::from(r.capacity)))
        .int("valid_from", rows.iter().map(|(_, _, r)| i64::from(r.valid_from.0)))
        .int_or_null("valid_until", rows.iter().map(|(_, _, r)| r.valid_until.map(|day| i64::from(day.0))))
        .insert(tx, "schedules", "")
        .await?;
    Ok(())
}

/// Who set an exception, when, and why.
#[derive(Debug, Clone)]
pub struct Authored {
    /// Who.
    pub author: AccountId,
    /// When.
    pub at: Instant,
    /// Why, in the words of who did.
    pub reason: String,
}

/// Adds a day off or extra hours.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert_exception(
    tx: &Tx,
    id: ExceptionId,
    offering: OfferingId,
    exception: &Exception,
    by: &Authored,
) -> Result<()> {
    let extra = exception.extra;
    Rows::new()
        .int("id", [id.0])
        .int("offering_id", [offering.0])
        .int("day", [i64::from(exception.day.0)])
        .text("kind", [if extra.is_some() { "extra" } else { "closed" }])
        .int("from_minute", [i64::from(exception.from.0)])
        .int("to_minute", [i64::from(exception.to.0)])
        .int_or_null("slot_minutes", [extra.map(|extra| i64::from(extra.slot_minutes))])
        .int_or_null("capacity", [extra.map(|extra| i64::from(extra.capacity))])
        .text("reason", [by.reason.as_str()])
        .int("author", [by.author.0])
        .int("created_at", [by.at.0])
        .insert(tx, "schedule_exceptions", "")
        .await?;
    touch(tx).await
}

/// Adds rooms, tables, machines of offerings.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert_units(tx: &Tx, rows: &[Unit]) -> Result<()> {
    Rows::new()
        .int("id", rows.iter().map(|r| r.id.0))
        .int("offering_id", rows.iter().map(|r| r.offering.0))
        .text("name_zh", rows.iter().map(|r| r.name.zh.as_str()))
        .text("name_en", rows.iter().map(|r| r.name.en.as_str()))
        .int("position", rows.iter().map(|r| i64::from(r.position)))
        .int("valid_from", rows.iter().map(|r| i64::from(r.valid_from.0)))
        .int_or_null("valid_until", rows.iter().map(|r| r.valid_until.map(|day| i64::from(day.0))))
        .insert(tx, "units", "")
        .await?;
    Ok(())
}
