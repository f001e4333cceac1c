//! The first rows of a database: the district and its holidays, and for the demo everything that is invented.
//!
//! Ids of the demo come from a maker of its own and a fixed instant, so that every demo has the same ones. All of it
//! is one transaction: a district is there whole, or not at all.

mod offers;
mod residents;
mod sessions;
mod workers;

use std::collections::HashMap;
use std::fmt::{self, Display};

use linli_domain::area::Areas;
use linli_domain::csv::CsvProblem;
use linli_domain::demo::Demo;
use linli_domain::holiday::Holidays;
use linli_domain::id::IdMaker;
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;
use linli_store::Tx;
use linli_store::catalogue as tables;
use linli_store::people::areas as tree;

use crate::error::Failure;
use crate::people::service::DemoLogin;
use crate::people::views::role_name;
use crate::{App, Result};

const AREAS: &str = include_str!("../../data/areas.csv");
const HOLIDAYS: &str = include_str!("../../data/holidays.csv");
const DEMO: &str = include_str!("../../data/demo.toml");

/// When everything in the demo was written, on the first day its offerings hold: 2026-01-01T08:00+08:00.
const SOWN: Instant = Instant(1_767_225_600_000_000);

/// What was sown: rows by kind, all 0 when the district was already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeedReport {
    /// Areas from the district down to groups.
    pub areas: usize,
    /// Holidays and make-up days.
    pub holidays: usize,
    /// Organisations.
    pub organisations: usize,
    /// Places.
    pub places: usize,
    /// Doctors, nurses, officers.
    pub providers: usize,
    /// Offerings.
    pub offerings: usize,
    /// Events, terms and groups.
    pub sessions: usize,
    /// Residents.
    pub residents: usize,
    /// Staff.
    pub staff: usize,
    /// Those who come to the door.
    pub workers: usize,
}

impl SeedReport {
    /// Whether nothing was done, since the district was already there.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Display for SeedReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_nothing() {
            return f.write_str("nothing: the district is already there");
        }
        write!(f, "{} areas, {} holidays and make-up days", self.areas, self.holidays)?;
        if self.offerings > 0 {
            write!(
                f,
                ", {} organisations, {} places, {} providers, {} offerings, {} sessions, {} residents, {} staff, {} workers",
                self.organisations,
                self.places,
                self.providers,
                self.offerings,
                self.sessions,
                self.residents,
                self.staff,
                self.workers
            )?;
        }
        Ok(())
    }
}

/// Sows the areas and the holidays of the district, unless a district is there.
///
/// # Errors
/// The database's; [`Failure::Fault`] with the mistakes of a list.
pub async fn district(app: &App) -> Result<SeedReport> {
    sow(app, None).await
}

/// Sows the district with everything that is invented in it, unless a district is there.
///
/// # Errors
/// As [`district`]; [`Failure::Fault`] too where the demo names what does not exist.
pub async fn demo(app: &App) -> Result<SeedReport> {
    sow(app, Some(demo_file())).await
}

/// Who can log in to the demo: residents first, as the demo lists them.
pub fn demo_logins() -> Vec<DemoLogin> {
    let demo = demo_file();
    let resident = Words::new("居民", "Resident");
    let residents = demo
        .people
        .into_iter()
        .filter_map(|person| Some(DemoLogin { phone: person.phone?, name: person.name, role: resident.clone() }));
    let staff =
        demo.staff.into_iter().map(|one| DemoLogin { phone: one.phone, name: one.name, role: role_name(one.role) });
    let provider = Words::new("服务人员", "Provider");
    let workers =
        demo.workers.into_iter().map(|one| DemoLogin { phone: one.phone, name: one.name, role: provider.clone() });
    residents.chain(staff).chain(workers).collect()
}

async fn sow(app: &App, demo: Option<Demo>) -> Result<SeedReport> {
    // Most starts find the district; they need no transaction.
    if tree::district(app.store.reads()).await?.is_some() {
        return Ok(SeedReport::default());
    }
    let list = |problems: Vec<CsvProblem>| {
        Failure::Fault(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    };
    let areas = Areas::parse("areas.csv", AREAS).map_err(list)?;
    let holidays = Holidays::parse("holidays.csv", HOLIDAYS).map_err(list)?;
    let this = app.clone();
    let report = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                // Raising the version takes the lock of its row: a second process that starts now waits here.
                tables::touch(tx).await?;
                if tree::district(tx).await?.is_some() {
                    return Ok(SeedReport::default());
                }
                let mut areas: Vec<_> = areas.iter().cloned().collect();
                areas.extend(demo.iter().flat_map(|demo| demo.areas.iter().cloned()));
                tables::insert_areas(tx, &areas).await?;
                let days: Vec<_> = holidays.iter().map(|(day, announced)| (day, announced.clone())).collect();
                tables::put_holidays(tx, &days).await?;
                let report = SeedReport { areas: areas.len(), holidays: days.len(), ..SeedReport::default() };
                match demo {
                    Some(demo) => sow_demo(&this, tx, &demo, &holidays, report).await,
                    None => Ok::<_, Failure>(report),
                }
            })
        })
        .await?;
    app.forget_catalogue().await;
    Ok(report)
}

async fn sow_demo(app: &App, tx: &Tx, demo: &Demo, holidays: &Holidays, report: SeedReport) -> Result<SeedReport> {
    let ids = DemoIds(IdMaker::new(0));
    for (code, phone) in &demo.area_phones {
        tree::set_phone(tx, code, Some(phone.clone())).await?;
    }
    let offers = offers::sow(app, tx, demo, &ids).await?;
    residents::sow(app, tx, demo, &offers.organisations, &ids).await?;
    let sessions = sessions::sow(tx, demo, &offers, holidays, app.now().day(), &ids).await?;
    workers::sow(tx, demo, &offers.organisations, app.now().day(), &ids).await?;
    Ok(SeedReport {
        sessions,
        organisations: demo.organisations.len(),
        places: demo.places.len(),
        providers: demo.providers.len(),
        offerings: demo.offerings.len(),
        residents: demo.people.len(),
        staff: demo.staff.len(),
        workers: demo.workers.len(),
        ..report
    })
}

fn demo_file() -> Demo {
    Demo::parse(DEMO).expect("the demo is part of the program and a test reads it")
}

/// The first day the demo's offerings and roles hold.
fn first_day() -> Day {
    SOWN.day()
}

/// Ids that are the same in every demo.
struct DemoIds(IdMaker);

impl DemoIds {
    fn next(&self) -> i64 {
        self.0.next(SOWN)
    }
}

/// What the keys of one part of the demo stand for.
struct Named<T> {
    what: &'static str,
    ids: HashMap<String, T>,
}

impl<T: Copy> Named<T> {
    fn new<'a>(what: &'static str, keys: impl Iterator<Item = &'a String>, mut make: impl FnMut() -> T) -> Self {
        Self { what, ids: keys.map(|key| (key.clone(), make())).collect() }
    }

    fn id(&self, key: &str) -> Result<T> {
        self.ids
            .get(key)
            .copied()
            .ok_or_else(|| Failure::Fault(format!("demo.toml: there is no {} `{key}`", self.what)))
    }
}

#[cfg(test)]
mod tests;
