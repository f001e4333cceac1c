//! Figures for staff: how soon, how well, how satisfied. They are counts; where few have rated, how satisfied they were
//! is left out, since it would tell who said what.

use linli_domain::area::AreaCode;
use linli_domain::id::OrganisationId;
use linli_domain::platform::KindKey;
use linli_domain::rating::SMALL_GROUP;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Actor, Role, Scope};
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_store::market::figures::{self as tables, Asked, Line, Per};

use crate::{App, Result};

/// The longest time figures are made of, in days.
const DAYS_MOST: i32 = 366;
/// The time they are made of when none is named.
const DAYS_USUAL: i32 = 30;

/// Which figures.
#[derive(Debug, Clone)]
pub struct FiguresAsked {
    /// A line per what.
    pub per: Per,
    /// In this area; where the actor works when neither this nor an organisation is named.
    pub area: Option<AreaCode>,
    /// Served by this organisation.
    pub organisation: Option<OrganisationId>,
    /// Of this platform.
    pub platform: Option<String>,
    /// The first day orders were asked for on; thirty days before the last.
    pub from: Option<Day>,
    /// The last day; today.
    pub to: Option<Day>,
}

/// A line with its name.
#[derive(Debug, Clone)]
pub struct FiguresLine {
    /// The key of the platform, the id of the organisation, or the code of the community.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// The counts.
    pub line: Line,
    /// At least fairly satisfied; none where fewer than five have rated.
    pub satisfied: Option<u32>,
    /// Done and not rated.
    pub unrated: u32,
}

impl App {
    /// Figures of an area the actor works for, or of an organisation they serve.
    ///
    /// # Errors
    /// [`Code::NotFound`] for others; [`Code::DateInvalid`] for days that do not follow each other, or lie more than a
    /// year apart; [`Code::ValueInvalid`] for a platform that does not exist.
    pub async fn figures(&self, actor: &Actor, asked: FiguresAsked) -> Result<(Day, Day, Vec<FiguresLine>)> {
        let to = asked.to.unwrap_or_else(|| self.now().day());
        let from = asked.from.unwrap_or(to.plus(1 - DAYS_USUAL));
        if from > to || to.0 - from.0 >= DAYS_MOST {
            return Err(Refusal::new(Code::DateInvalid).field("from").into());
        }
        let catalogue = self.catalogue().await?;
        let (area, organisation) = match (asked.area, asked.organisation) {
            (None, None) => scope_of(actor).ok_or(Code::NotFound)?,
            named => named,
        };
        let serves = |id: &OrganisationId| {
            catalogue.organisations.get(id).is_some_and(|known| actor.serves(known.id, &known.area))
        };
        let governs = |area: &AreaCode| catalogue.areas.get(area).is_some() && actor.governs(area);
        let may = match (&area, &organisation) {
            // The part of an organisation's work that lies in one's own area.
            (Some(area), Some(id)) => governs(area) || (serves(id) && catalogue.areas.get(area).is_some()),
            (Some(area), None) => governs(area),
            (None, Some(id)) => serves(id),
            (None, None) => false,
        };
        if !may {
            return Err(Code::NotFound.into());
        }
        let kinds = self.kinds_counted(asked.platform.as_deref())?;
        let question = Asked {
            per: asked.per,
            kinds: &kinds,
            area: area.as_ref(),
            organisation,
            from: from.start(),
            until: to.plus(1).start(),
        };
        let lines = tables::of(self.store.reads(), &question).await?;
        let named = |line: Line| -> FiguresLine {
            let unknown = || Words::new(&line.group, &line.group);
            let (key, name) = match asked.per {
                Per::Platform => {
                    let platform = self.platforms.platform(&line.group);
                    (line.group.clone(), platform.map_or_else(unknown, |platform| platform.name.clone()))
                }
                Per::Organisation => {
                    let id = OrganisationId(line.group.parse().unwrap_or_default());
                    let known = catalogue.organisations.get(&id);
                    (id.to_string(), known.map_or_else(unknown, |known| known.name.clone()))
                }
                Per::Community => {
                    let code: Option<AreaCode> = line.group.parse().ok();
                    let known = code.and_then(|code| catalogue.areas.get(&code));
                    (line.group.clone(), known.map_or_else(unknown, |area| area.name.clone()))
                }
            };
            FiguresLine {
                key,
                name,
                satisfied: (line.rated >= SMALL_GROUP).then_some(line.satisfied),
                unrated: line.done.saturating_sub(line.rated),
                line,
            }
        };
        Ok((from, to, lines.into_iter().map(named).collect()))
    }

    /// The kinds figures are made of: none that is confidential.
    fn kinds_counted(&self, platform: Option<&str>) -> Result<Vec<KindKey>> {
        if let Some(key) = platform
            && self.platforms.platform(key).is_none()
        {
            let known: Vec<&str> = self.platforms.platforms.iter().map(|platform| platform.key.as_str()).collect();
            let refusal = Refusal::new(Code::ValueInvalid).field("platform").with("allowed", known.join(", "));
            return Err(refusal.into());
        }
        let wanted = |kind: &&linli_domain::platform::Kind| {
            !kind.confidential && platform.is_none_or(|key| kind.key.platform() == key)
        };
        Ok(self.platforms.kinds().filter(wanted).map(|kind| kind.key.clone()).collect())
    }
}

/// Where somebody works: the widest area, or their organisation.
fn scope_of(actor: &Actor) -> Option<(Option<AreaCode>, Option<OrganisationId>)> {
    let areas = actor.grants.iter().filter_map(|grant| match (&grant.scope, grant.role) {
        (Scope::Area(area), role) if role.is_for_area() => Some(area),
        _ => None,
    });
    if let Some(area) = areas.min_by_key(|area| area.significant().len()) {
        return Some((Some(area.clone()), None));
    }
    actor.grants.iter().find_map(|grant| match (&grant.scope, grant.role) {
        (Scope::Organisation(id), Role::OrganisationStaff | Role::OrganisationManager) => Some((None, Some(*id))),
        _ => None,
    })
}
