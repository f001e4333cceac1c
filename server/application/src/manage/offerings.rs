//! Putting something on offer, changing its rules from a day on, and closing it.

use std::collections::BTreeMap;

use linli_domain::area::AreaCode;
use linli_domain::id::{AccountId, OfferingId, OrganisationId, PlaceId, ProviderId};
use linli_domain::platform::{Kind, KindKey, RuleChanges, Rules};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::slot::ScheduleLine;
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_store::Reads;
use linli_store::audit::{self, ActingAs};
use linli_store::catalogue::{self as tables, Offering, OfferingVersion, Unit};
use linli_store::managing::hours::{self, Excepted};
use linli_store::managing::offerings::{self as rows, History};
use linli_store::managing::{standing, units};
use serde_json::json;

use super::rules::bounded;
use super::{NOTE_MAX, allowed, change, from_day, key, offering, organisation, words_or_none};
use crate::catalogue::{Catalogue, Organisation};
use crate::people::views;
use crate::{App, Result};

/// Something to put on offer.
#[derive(Debug, Clone)]
pub struct NewOffering {
    /// Its key in imports; made up when it is left out.
    pub key: Option<String>,
    /// The kind of service.
    pub kind: KindKey,
    /// Who serves.
    pub organisation: OrganisationId,
    /// Where.
    pub place: PlaceId,
    /// With whom.
    pub provider: Option<ProviderId>,
    /// Only for residents of this area.
    pub residents_of: Option<AreaCode>,
    /// A word to residents.
    pub note: Words,
    /// What differs from the rules of the kind.
    pub rules: RuleChanges,
    /// The first day of service.
    pub valid_from: Day,
}

/// What may be changed at any time; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct OfferingChange {
    /// A word to residents.
    pub note: Option<Words>,
    /// With whom; `Some(None)` is with nobody in particular.
    pub provider: Option<Option<ProviderId>>,
    /// Only for residents of this area; `Some(None)` is for everybody.
    pub residents_of: Option<Option<AreaCode>>,
    /// The version that was seen.
    pub version: Option<i32>,
}

/// New rules from a day on.
#[derive(Debug, Clone)]
pub struct NewRules {
    /// Of which offering.
    pub offering: OfferingId,
    /// What changes; the rest stays as it is on that day.
    pub rules: RuleChanges,
    /// The first day of service they hold for.
    pub valid_from: Day,
    /// The version of the offering that was seen.
    pub version: Option<i32>,
}

/// Everything managers see of an offering.
#[derive(Debug)]
pub struct Detail {
    /// Its version: raised with every change.
    pub version: i32,
    /// Its rules over time, with the names of those who set them.
    pub history: Vec<History>,
    /// Names of those who set something.
    pub authors: BTreeMap<AccountId, String>,
    /// Weekly lines that hold today or later.
    pub lines: Vec<ScheduleLine>,
    /// Days that differ, from today on.
    pub exceptions: Vec<Excepted>,
    /// Rooms, tables, machines; those that have ended too.
    pub units: Vec<Unit>,
}

/// Everything of one offering.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn detail(app: &App, actor: &Actor, id: OfferingId) -> Result<Detail> {
    let catalogue = app.catalogue().await?;
    offering(&catalogue, actor, id)?;
    let (reads, today) = (app.store.reads(), app.now().day());
    let history = rows::history(reads, id).await?;
    let exceptions = hours::exceptions(reads, id, today).await?;
    let authors = history.iter().filter_map(|one| one.set.author).chain(exceptions.iter().filter_map(|one| one.author));
    let authors = views::names_of(reads, authors).await?;
    let lines = hours::lines(reads, &[id]).await?.into_iter().map(|(_, line)| line);
    Ok(Detail {
        version: rows::version(reads, id).await?.ok_or(Code::NotFound)?,
        history,
        authors,
        lines: lines.filter(|line| line.valid_until.is_none_or(|until| today < until)).collect(),
        exceptions,
        units: units::of_offering(reads, id).await?,
    })
}

/// Puts something on offer.
///
/// # Errors
/// [`Code::NotFound`] for organisations of others; [`Code::ValueInvalid`] for a kind, place, provider or area that
/// does not fit; [`Code::KindConfidential`], [`Code::KindNotBuilt`]; those of [`bounded`]; [`Code::CatalogueKeyTaken`].
pub async fn create(app: &App, actor: &Actor, new: NewOffering) -> Result<OfferingId> {
    let catalogue = app.catalogue().await?;
    let owner = organisation(&catalogue, actor, new.organisation)?;
    let kind = offerable(app, &new.kind)?;
    let valid_from = from_day(app, "valid_from", new.valid_from)?;
    let rules = bounded(kind, &new.rules, &kind.rules)?;
    fits(&catalogue, owner, new.place)?;
    works_for(&catalogue, owner.id, new.provider)?;
    known_area(&catalogue, new.residents_of.as_ref())?;
    let id = OfferingId(app.next_id());
    let row = Offering {
        id,
        key: key(new.key.as_deref(), || format!("offering_{}", id.to_string().to_lowercase()))?,
        kind: kind.key.clone(),
        organisation: owner.id,
        place: new.place,
        provider: new.provider,
        residents_of: new.residents_of,
        note: words_or_none("note", &new.note, NOTE_MAX)?,
    };
    let version = OfferingVersion {
        offering: id,
        version: 1,
        rules,
        valid_from,
        valid_until: None,
        author: Some(actor.account),
        created_at: app.now(),
    };
    let said = json!({ "kind": row.kind.as_str(), "valid_from": valid_from });
    let entry = app.entry(actor, ActingAs::Staff, "offering.created").on(id.0).saying(said);
    change(app, move |tx| {
        Box::pin(async move {
            tables::insert_offerings(tx, &[row]).await?;
            tables::insert_versions(tx, &[version]).await?;
            audit::record(tx, entry).await?;
            Ok(id)
        })
    })
    .await
}

/// Changes what can be changed at any time.
///
/// # Errors
/// [`Code::NotFound`], [`Code::StaleVersion`], [`Code::ValueInvalid`].
pub async fn amend(app: &App, actor: &Actor, id: OfferingId, wanted: OfferingChange) -> Result<()> {
    let catalogue = app.catalogue().await?;
    let now = &offering(&catalogue, actor, id)?.offering;
    let row = rows::Change {
        id,
        provider: wanted.provider.unwrap_or(now.provider),
        residents_of: wanted.residents_of.unwrap_or_else(|| now.residents_of.clone()),
        note: wanted.note.map_or_else(|| Ok(now.note.clone()), |note| words_or_none("note", &note, NOTE_MAX))?,
    };
    works_for(&catalogue, now.organisation, row.provider)?;
    known_area(&catalogue, row.residents_of.as_ref())?;
    let entry = app.entry(actor, ActingAs::Staff, "offering.changed").on(id.0);
    change(app, move |tx| {
        Box::pin(async move {
            rows::raise(tx, id, wanted.version).await?.ok_or(Code::StaleVersion)?;
            rows::change(tx, &[row]).await?;
            Ok(audit::record(tx, entry).await?)
        })
    })
    .await
}

/// The rules as they would be, and how many orders stand from that day on: they keep price and rules.
///
/// # Errors
/// As [`set_rules`].
pub async fn preview_rules(app: &App, actor: &Actor, new: &NewRules) -> Result<(Rules, u32)> {
    let catalogue = app.catalogue().await?;
    let kind = app.orderable(offering(&catalogue, actor, new.offering)?)?;
    let valid_from = from_day(app, "valid_from", new.valid_from)?;
    let history = versions(app.store.reads(), new.offering).await?;
    let rules = bounded(kind, &new.rules, &base(&history, kind, valid_from))?;
    Ok((rules, standing::count(app.store.reads(), new.offering, valid_from).await?))
}

/// Sets rules from a day on. Orders that stand keep the price and the version they were placed under. Answers the
/// version of the rules.
///
/// # Errors
/// [`Code::NotFound`], [`Code::StaleVersion`], [`Code::DateInvalid`], those of [`bounded`].
pub async fn set_rules(app: &App, actor: &Actor, new: NewRules) -> Result<i32> {
    let catalogue = app.catalogue().await?;
    let kind = app.orderable(offering(&catalogue, actor, new.offering)?)?.clone();
    let valid_from = from_day(app, "valid_from", new.valid_from)?;
    let (author, at, id) = (Some(actor.account), app.now(), new.offering);
    let entry = app.entry(actor, ActingAs::Staff, "offering.rules_set").on(id.0);
    change(app, move |tx| {
        Box::pin(async move {
            rows::raise(tx, id, new.version).await?.ok_or(Code::StaleVersion)?;
            let history = versions(tx, id).await?;
            let rules = bounded(&kind, &new.rules, &base(&history, &kind, valid_from))?;
            let number = history.last().map_or(1, |last| last.version + 1);
            let version = OfferingVersion {
                offering: id,
                version: number,
                rules,
                valid_from,
                valid_until: end_of(&history, valid_from),
                author,
                created_at: at,
            };
            rows::end(tx, &[(id, valid_from)]).await?;
            tables::insert_versions(tx, &[version]).await?;
            let said = json!({ "version": number, "valid_from": valid_from, "rules": new.rules });
            audit::record(tx, entry.saying(said)).await?;
            Ok(number)
        })
    })
    .await
}

/// Closes an offering from a day on.
///
/// # Errors
/// [`Code::OfferingOrdersStand`] with how many residents have something to come from that day on;
/// [`Code::NotFound`], [`Code::DateInvalid`].
pub async fn close(app: &App, actor: &Actor, id: OfferingId, from: Day) -> Result<()> {
    let catalogue = app.catalogue().await?;
    offering(&catalogue, actor, id)?;
    let from = from_day(app, "from", from)?;
    let entry = app.entry(actor, ActingAs::Staff, "offering.ended").on(id.0).saying(json!({ "from": from }));
    change(app, move |tx| {
        Box::pin(async move {
            rows::raise(tx, id, None).await?.ok_or(Code::NotFound)?;
            let count = standing::count(tx, id, from).await? + standing::count_contracts(tx, id, from).await?;
            if count > 0 {
                let refusal = Refusal::new(Code::OfferingOrdersStand).field("from");
                return Err(refusal.with("from", from).with("count", count).into());
            }
            rows::end(tx, &[(id, from)]).await?;
            Ok(audit::record(tx, entry).await?)
        })
    })
    .await
}

fn holds(version: &OfferingVersion, day: Day) -> bool {
    version.valid_from <= day && version.valid_until.is_none_or(|until| day < until)
}

/// The rules over time, oldest first.
pub(crate) async fn versions(reads: &impl Reads, id: OfferingId) -> Result<Vec<OfferingVersion>> {
    Ok(rows::history(reads, id).await?.into_iter().map(|one| one.set).collect())
}

/// The rules new ones are laid over: those that hold on the day, otherwise the last there were.
pub(crate) fn base(versions: &[OfferingVersion], kind: &Kind, day: Day) -> Rules {
    let held = versions.iter().rev().find(|one| holds(one, day)).or(versions.last());
    held.map_or(kind.rules, |one| one.rules)
}

/// When the offering ends, as was decided before: new rules do not open again what is to close later. From the end
/// on they do.
pub(crate) fn end_of(versions: &[OfferingVersion], day: Day) -> Option<Day> {
    let held = versions.iter().rev().find(|one| holds(one, day))?;
    // Later rules, where there are some, hold up to the end; those that were given up end before they begin.
    let all = versions.iter().filter(|one| one.valid_until.is_none_or(|until| one.valid_from < until));
    let ends: Option<Vec<Day>> = all.filter(|one| one.version >= held.version).map(|one| one.valid_until).collect();
    ends?.into_iter().max()
}

/// A kind that can be put on offer.
pub(crate) fn offerable<'a>(app: &'a App, key: &KindKey) -> Result<&'a Kind, Refusal> {
    use linli_domain::platform::NotOrderable;
    let kind = app
        .platforms
        .kind(key)
        .ok_or_else(|| allowed("kind", "平台里的一种服务", "a kind of service of the platforms"))?;
    kind.orderable().map_err(|why| match why {
        NotOrderable::Confidential => Refusal::new(Code::KindConfidential)
            .with("phone", kind.phone.clone().unwrap_or_else(|| app.settings.help_phone.clone())),
        NotOrderable::ShapeNotBuilt => Code::KindNotBuilt.into(),
    })?;
    Ok(kind)
}

/// Whether a place lies where the organisation works.
pub(crate) fn fits(catalogue: &Catalogue, owner: &Organisation, place: PlaceId) -> Result<(), Refusal> {
    match catalogue.places.get(&place) {
        Some(place) if place.area.is_within(&owner.area) => Ok(()),
        _ => Err(allowed("place_id", "本单位所在区域的地点", "a place in the area of the organisation")),
    }
}

fn works_for(catalogue: &Catalogue, owner: OrganisationId, provider: Option<ProviderId>) -> Result<(), Refusal> {
    let theirs = |id: &ProviderId| catalogue.providers.get(id).is_some_and(|one| one.organisation == owner);
    if provider.as_ref().is_none_or(theirs) {
        return Ok(());
    }
    Err(allowed("provider_id", "本单位的人员", "somebody of the organisation"))
}

pub(crate) fn known_area(catalogue: &Catalogue, area: Option<&AreaCode>) -> Result<(), Refusal> {
    if area.is_none_or(|code| catalogue.areas.get(code).is_some()) {
        return Ok(());
    }
    Err(allowed("residents_of", "列表中的社区、街道或区", "a community, street or district of the list"))
}
