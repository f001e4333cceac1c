//! What is on offer, kept in memory: the tables are small, read often and changed seldom.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use linli_domain::area::{Area, AreaCode, AreaLevel, Areas};
use linli_domain::eligibility::Asked;
use linli_domain::holiday::Holidays;
use linli_domain::id::{OfferingId, OrganisationId, PlaceId, ProviderId, SessionId, UnitId};
use linli_domain::platform::{Kind, Rules};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::session::{Session, SessionState};
use linli_domain::slot::{Exception, ScheduleLine, Slot, Timetable};
use linli_domain::time::{Day, Instant, Span};
use linli_store::booking::asking::Revisit;
use linli_store::catalogue::{self as tables, Contents};
pub use linli_store::catalogue::{Organisation, Place, Provider, Unit};
use tokio::sync::RwLock;

use crate::search::Searchable;
use crate::{App, Failure, Result};

/// How long a copy is trusted before the version in the database is looked at again.
const TRUSTED: Span = Span::seconds(1);

/// A copy of the catalogue, and when it was last found to be the newest.
#[derive(Debug, Default)]
pub struct CatalogueCache(RwLock<Option<(Instant, Arc<Catalogue>)>>);

/// Everything on offer.
#[derive(Debug)]
pub struct Catalogue {
    version: i64,
    /// The tree of areas.
    pub areas: Areas,
    /// Holidays and make-up days.
    pub holidays: Holidays,
    /// Organisations.
    pub organisations: BTreeMap<OrganisationId, Organisation>,
    /// Places.
    pub places: BTreeMap<PlaceId, Place>,
    /// Providers.
    pub providers: BTreeMap<ProviderId, Provider>,
    /// Offerings with all that belongs to them.
    pub offerings: BTreeMap<OfferingId, Offered>,
    /// Events, terms and groups that were not over yesterday; also those being prepared and those cancelled.
    pub sessions: BTreeMap<SessionId, Session>,
    /// All of it, ready to be searched; made when somebody first searches.
    pub(crate) searchable: OnceLock<Searchable>,
}

/// One offering with its rules and times.
#[derive(Debug)]
pub struct Offered {
    /// What, by whom, where.
    pub offering: tables::Offering,
    versions: Vec<tables::OfferingVersion>,
    lines: Vec<ScheduleLine>,
    exceptions: Vec<Exception>,
    units: Vec<Unit>,
}

impl Offered {
    /// The rooms, tables or machines that can be had on a day, those first that are given out first.
    pub fn units_on(&self, day: Day) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(move |unit| unit.holds_on(day))
    }

    /// One of the rooms, tables or machines there are or were.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// Whether single rooms, tables or machines are told apart, rather than counted.
    pub fn has_units(&self) -> bool {
        !self.units.is_empty()
    }

    /// The rules for a day of service, and their version. None when nothing is offered on that day.
    pub fn rules_on(&self, day: Day) -> Option<(i32, &Rules)> {
        let holds = |v: &&tables::OfferingVersion| v.valid_from <= day && v.valid_until.is_none_or(|until| day < until);
        self.versions.iter().rev().find(holds).map(|v| (v.version, &v.rules))
    }

    /// The rules to show on a day: those that hold, otherwise the next to come, otherwise the last there were.
    pub fn rules_shown(&self, day: Day) -> Option<&Rules> {
        let coming = || self.versions.iter().filter(|v| v.valid_from > day).min_by_key(|v| v.valid_from);
        let shown = self.rules_on(day).map(|(_, rules)| rules);
        shown.or_else(|| coming().or(self.versions.last()).map(|v| &v.rules))
    }

    /// The earlier visits that lower the price on a day, where any do.
    pub fn revisit(&self, day: Day) -> Option<Revisit> {
        let days = self.rules_on(day).map(|(_, rules)| rules.revisit_days).filter(|days| *days > 0)?;
        Some(Revisit { organisation: self.offering.organisation, from: day.plus(-i32::from(days)), to: day })
    }

    /// Whether nothing is offered any more from a day on.
    pub fn has_ended(&self, day: Day) -> bool {
        self.versions.iter().all(|v| v.valid_until.is_some_and(|until| until <= day))
    }

    /// The rules of a version.
    pub fn rules_of(&self, version: i32) -> Option<&Rules> {
        self.versions.iter().find(|v| v.version == version).map(|v| &v.rules)
    }

    /// Whether some of a time was taken away.
    pub fn is_off(&self, start: Instant, end: Instant) -> bool {
        self.exceptions
            .iter()
            .any(|off| off.extra.is_none() && off.day.at(off.from) < end && start < off.day.at(off.to))
    }

    /// The times of a day. Where rooms or tables are told apart, there are as many places as rooms.
    pub fn slots(&self, holidays: &Holidays, day: Day) -> Vec<Slot> {
        let mut slots = self.timetable(holidays).slots(day);
        if self.has_units() {
            let units = u32::try_from(self.units_on(day).count()).unwrap_or(u32::MAX);
            slots.iter_mut().for_each(|slot| slot.capacity = units);
        }
        slots
    }

    /// From when to when it is open on a day: its times, joined where they touch; those taken off are left out.
    pub fn open_hours(&self, holidays: &Holidays, day: Day) -> Vec<(Instant, Instant)> {
        let mut hours: Vec<(Instant, Instant)> = Vec::new();
        for slot in self.slots(holidays, day).into_iter().filter(|slot| !slot.off) {
            match hours.last_mut() {
                Some((_, end)) if *end == slot.start => *end = slot.end,
                _ => hours.push((slot.start, slot.end)),
            }
        }
        hours
    }

    /// The slot that begins at an instant.
    ///
    /// # Errors
    /// [`Code::SlotUnknown`] or [`Code::OfferingClosed`].
    pub fn slot_at(&self, holidays: &Holidays, start: Instant) -> Result<(Slot, i32, &Rules), Refusal> {
        let (version, rules) = self.rules_on(start.day()).ok_or(Code::OfferingClosed)?;
        let slot = self.timetable(holidays).slot_at(start).ok_or(Refusal::new(Code::SlotUnknown).field("start"))?;
        Ok((slot, version, rules))
    }

    /// The times of a day if the weekly template were another.
    pub(crate) fn slots_with(&self, lines: &[ScheduleLine], holidays: &Holidays, day: Day) -> Vec<Slot> {
        Timetable { lines, exceptions: &self.exceptions, holidays }.slots(day)
    }

    /// The weekly template over time.
    pub(crate) fn lines(&self) -> &[ScheduleLine] {
        &self.lines
    }

    /// The rules over time, oldest first.
    pub(crate) fn versions(&self) -> &[tables::OfferingVersion] {
        &self.versions
    }

    fn timetable<'a>(&'a self, holidays: &'a Holidays) -> Timetable<'a> {
        Timetable { lines: &self.lines, exceptions: &self.exceptions, holidays }
    }
}

impl Catalogue {
    pub(crate) fn of(contents: Contents) -> Self {
        let mut offerings: BTreeMap<OfferingId, Offered> = contents
            .offerings
            .into_iter()
            .map(|offering| {
                let empty = Offered {
                    offering,
                    versions: Vec::new(),
                    lines: Vec::new(),
                    exceptions: Vec::new(),
                    units: Vec::new(),
                };
                (empty.offering.id, empty)
            })
            .collect();
        for version in contents.versions {
            if let Some(offered) = offerings.get_mut(&version.offering) {
                offered.versions.push(version);
            }
        }
        for (id, line) in contents.schedules {
            if let Some(offered) = offerings.get_mut(&id) {
                offered.lines.push(line);
            }
        }
        for (id, exception) in contents.exceptions {
            if let Some(offered) = offerings.get_mut(&id) {
                offered.exceptions.push(exception);
            }
        }
        for unit in contents.units {
            if let Some(offered) = offerings.get_mut(&unit.offering) {
                offered.units.push(unit);
            }
        }
        Self {
            version: contents.version,
            areas: contents.areas.into_iter().collect(),
            holidays: contents.holidays.into_iter().collect(),
            organisations: contents.organisations.into_iter().map(|row| (row.id, row)).collect(),
            places: contents.places.into_iter().map(|row| (row.id, row)).collect(),
            providers: contents.providers.into_iter().map(|row| (row.id, row)).collect(),
            offerings,
            sessions: contents.sessions.into_iter().map(|session| (session.id, session)).collect(),
            searchable: OnceLock::new(),
        }
    }

    /// A session that can be seen by everybody.
    ///
    /// # Errors
    /// [`Code::NotFound`], also for those being prepared.
    pub fn session(&self, id: SessionId) -> Result<&Session, Refusal> {
        let found = self.sessions.get(&id).filter(|session| session.state != SessionState::Draft);
        found.ok_or(Code::NotFound.into())
    }

    /// An offering.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub fn offered(&self, id: OfferingId) -> Result<&Offered, Refusal> {
        self.offerings.get(&id).ok_or(Code::NotFound.into())
    }

    /// The organisation of an offering. Foreign keys keep it there.
    pub fn organisation(&self, offered: &Offered) -> Result<&Organisation> {
        self.organisations.get(&offered.offering.organisation).ok_or_else(|| missing("organisation"))
    }

    /// The place of an offering. Foreign keys keep it there.
    pub fn place(&self, offered: &Offered) -> Result<&Place> {
        self.places.get(&offered.offering.place).ok_or_else(|| missing("place"))
    }

    /// The district.
    pub fn district(&self) -> Result<&Area> {
        self.areas.iter().find(|area| area.code.level() == AreaLevel::District).ok_or_else(|| missing("district"))
    }

    /// What an offering asks of its subject.
    pub fn asked<'a>(&'a self, offered: &'a Offered, kind: &'a Kind) -> Result<Asked<'a>> {
        let district = self.district()?;
        let residents_of = match &offered.offering.residents_of {
            Some(code) => Some((code, &self.areas.get(code).ok_or_else(|| missing("area"))?.name)),
            None => None,
        };
        Ok(Asked { kind, residents_of, district: (&district.code, &district.name) })
    }

    /// Whether somebody serves an offering: at its organisation's desk, or for the area it lies in.
    pub fn serves(&self, actor: &Actor, offered: &Offered) -> bool {
        self.place(offered).is_ok_and(|place| actor.serves(offered.offering.organisation, &place.area))
    }

    /// The names of an area and of those above it, from the street office down.
    pub fn path(&self, code: &AreaCode) -> Vec<&Area> {
        self.areas.path(code)
    }
}

fn missing(what: &str) -> Failure {
    Failure::Fault(format!("the catalogue has no such {what}"))
}

impl App {
    /// The catalogue, at most a second old.
    ///
    /// # Errors
    /// The database's.
    pub async fn catalogue(&self) -> Result<Arc<Catalogue>> {
        let now = self.now();
        if let Some((checked, copy)) = self.catalogue.0.read().await.as_ref()
            && (now.0 - checked.0).abs() < TRUSTED.0
        {
            return Ok(copy.clone());
        }
        let mut cached = self.catalogue.0.write().await;
        let newest = tables::version(self.store.reads()).await?;
        let copy = match cached.take() {
            Some((_, copy)) if copy.version == newest => copy,
            _ => Arc::new(Catalogue::of(tables::read(self.store.reads(), now.day().plus(-1)).await?)),
        };
        *cached = Some((now, copy.clone()));
        Ok(copy)
    }

    /// Forgets the copy after a change made here.
    pub async fn forget_catalogue(&self) {
        *self.catalogue.0.write().await = None;
    }

    /// The kind of an offering, if it may be ordered at all.
    ///
    /// # Errors
    /// [`Code::KindConfidential`] with the number to call, [`Code::KindNotBuilt`], [`Code::OfferingClosed`] when the
    /// platform file no longer has it.
    pub fn orderable(&self, offered: &Offered) -> Result<&Kind, Refusal> {
        use linli_domain::platform::NotOrderable;
        let kind = self.platforms.kind(&offered.offering.kind).ok_or(Code::OfferingClosed)?;
        kind.orderable().map_err(|why| match why {
            NotOrderable::Confidential => Refusal::new(Code::KindConfidential)
                .with("phone", kind.phone.clone().unwrap_or_else(|| self.settings.help_phone.clone())),
            NotOrderable::ShapeNotBuilt => Code::KindNotBuilt.into(),
        })?;
        Ok(kind)
    }
}
