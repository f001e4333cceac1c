//! The programme of a week, and what a month is about.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt;
use linli_domain::area::{AreaCode, AreaLevel};
use linli_domain::holiday::DayKind;
use linli_domain::id::SessionId;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::session::{Meeting, Month, Session, SessionState};
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::sessions as tables;
use linli_store::themes as theme_tables;
pub use linli_store::themes::Theme;

use super::browse::{SessionView, views};
use super::{ABOUT_MAX, TITLE_MAX, Typed};
use crate::catalogue::{Catalogue, Offered};
use crate::{App, Failure, Result};

/// A week in an area.
#[derive(Debug, Clone)]
pub struct Programme {
    /// Where.
    pub area: (AreaCode, Words),
    /// Its Monday.
    pub week: Day,
    /// What the month is about: that of the nearest area that says something.
    pub theme: Option<Theme>,
    /// Monday to Sunday.
    pub days: Vec<ProgrammeDay>,
}

/// A day of the programme.
#[derive(Debug, Clone)]
pub struct ProgrammeDay {
    /// Which.
    pub day: Day,
    /// The public holiday it is.
    pub holiday: Option<Words>,
    /// What there is, by beginning; what was called off is there too and says so.
    pub items: Vec<(SessionView, Meeting)>,
}

/// The week of a day in an area: what takes place in it, and what those above it hold for all their residents.
///
/// # Errors
/// [`Code::CommunityUnknown`].
pub async fn week(app: &App, area: Option<AreaCode>, day: Option<Day>) -> Result<(Arc<Catalogue>, Programme)> {
    let catalogue = app.catalogue().await?;
    let area = known(&catalogue, area)?;
    let monday = day.unwrap_or(app.now().day()).monday();
    let found: Vec<Session> = sessions_of(app, &catalogue, monday)
        .await?
        .into_iter()
        .filter(|session| session.state != SessionState::Draft)
        .filter(|session| {
            catalogue
                .offered(session.offering)
                .is_ok_and(|offered| app.orderable(offered).is_ok() && concerns(&catalogue, offered, session, &area.0))
        })
        .collect();
    let seen: BTreeMap<SessionId, SessionView> = views(app, &catalogue, &found.iter().collect::<Vec<_>>())
        .await?
        .into_iter()
        .map(|view| (view.session.id, view))
        .collect();
    let of_day = |day: Day| {
        let mut items: Vec<(SessionView, Meeting)> = seen
            .values()
            .flat_map(|view| {
                let meetings = view.session.meetings.iter().filter(move |meeting| meeting.start.day() == day);
                meetings.map(|meeting| (view.clone(), meeting.clone()))
            })
            .collect();
        items.sort_by_key(|(_, meeting)| (meeting.start, meeting.id));
        let holiday = match catalogue.holidays.kind_of(day) {
            DayKind::Holiday(name) => Some(name),
            _ => None,
        };
        ProgrammeDay { day, holiday, items }
    };
    let days = (0..7).map(|n| of_day(monday.plus(n))).collect();
    // A week that straddles two months goes by its Thursday, as weeks of a year do.
    let theme = themes(app, Some(area.0.clone()), Some(Month::of(monday.plus(3)))).await?.into_iter().next();
    Ok((catalogue.clone(), Programme { area, week: monday, theme, days }))
}

/// Sessions with a meeting in a week; those of long ago are read from the database.
pub(super) async fn sessions_of(app: &App, catalogue: &Catalogue, monday: Day) -> Result<Vec<Session>> {
    let (first, last) = (monday, monday.plus(6));
    if first >= app.now().day() {
        let meets =
            |session: &&Session| session.meetings.iter().any(|meeting| (first..=last).contains(&meeting.start.day()));
        return Ok(catalogue.sessions.values().filter(meets).cloned().collect());
    }
    let ids = tables::between(app.store.reads(), first, last).await?;
    Ok(tables::by_ids(app.store.reads(), &ids).await?)
}

fn concerns(catalogue: &Catalogue, offered: &Offered, session: &Session, area: &AreaCode) -> bool {
    let here = catalogue.place(offered).is_ok_and(|place| place.area.is_within(area));
    let from_above = || catalogue.organisation(offered).is_ok_and(|organisation| area.is_within(&organisation.area));
    let asked = [&session.residents_of, &offered.offering.residents_of];
    let for_us = |code: &AreaCode| code.is_within(area) || area.is_within(code);
    (here || from_above()) && asked.into_iter().flatten().all(for_us)
}

fn known(catalogue: &Catalogue, area: Option<AreaCode>) -> Result<(AreaCode, Words)> {
    match area {
        Some(code) => {
            let found = catalogue.areas.get(&code).ok_or(Refusal::new(Code::CommunityUnknown).field("area"))?;
            Ok((code, found.name.clone()))
        }
        None => catalogue.district().map(|district| (district.code.clone(), district.name.clone())),
    }
}

/// The themes of a month in an area and in those above it, the nearest first.
///
/// # Errors
/// [`Code::CommunityUnknown`].
pub async fn themes(app: &App, area: Option<AreaCode>, month: Option<Month>) -> Result<Vec<Theme>> {
    let catalogue = app.catalogue().await?;
    let (area, _) = known(&catalogue, area)?;
    let month = month.unwrap_or(Month::of(app.now().day()));
    let levels = [AreaLevel::Group, AreaLevel::Section, AreaLevel::Community, AreaLevel::Street, AreaLevel::District];
    let mut path: Vec<AreaCode> = levels.into_iter().filter_map(|level| area.up_to(level)).collect();
    path.dedup();
    let mut found = theme_tables::of_month(app.store.reads(), &path, month.0).await?;
    found.sort_by_key(|theme| path.iter().position(|code| *code == theme.area));
    Ok(found)
}

/// Says what a month is about in an area.
///
/// # Errors
/// [`Code::CommunityUnknown`], [`Code::RoleMissing`] for areas of others.
pub async fn set_theme(
    app: &App,
    actor: &Actor,
    area: AreaCode,
    month: Month,
    (title, about): (Typed, Typed),
) -> Result<Theme> {
    let catalogue = app.catalogue().await?;
    let (area, _) =
        known(&catalogue, Some(area)).map_err(|_| Refusal::new(Code::CommunityUnknown).field("area_code"))?;
    if !actor.governs(&area) {
        return Err(Code::RoleMissing.into());
    }
    let theme =
        Theme { area, month: month.0, title: title.line("title", TITLE_MAX)?, about: about.note("about", ABOUT_MAX)? };
    let (now, account, row) = (app.now(), actor.account, theme.clone());
    let entry = AuditEntry::new(app.next_id(), now, Some(account), ActingAs::Staff, "theme.set")
        .saying(serde_json::json!({ "area": row.area, "month": month.to_string() }));
    app.store
        .write(move |tx| {
            async move {
                theme_tables::set(tx, &row, account, now).await?;
                Ok::<_, Failure>(audit::record(tx, entry).await?)
            }
            .boxed()
        })
        .await?;
    Ok(theme)
}
