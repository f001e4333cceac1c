//! Importing the public holidays and make-up days of a year, as they are announced each autumn.

use linli_domain::csv::CsvProblem;
use linli_domain::holiday::{Announced, Holidays};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Actor, Role};
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs};
use linli_store::catalogue as tables;
use serde_json::json;

use crate::error::Failure;
use crate::{App, Result};

/// Mistakes told at once; whoever mends these may find more.
const TOLD: usize = 3;
/// The longest telling of one mistake, in characters: it may quote what stands in the list.
const TELLING: usize = 160;

/// What was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Lines of the list.
    pub days: usize,
    /// The years they lie in.
    pub years: Vec<i32>,
}

/// Adds the days of a list to the calendar, in place of what was known of the same days. For district staff.
///
/// The columns are those of [`Holidays::parse`].
///
/// # Errors
/// [`Code::RoleMissing`]; [`Code::ValueInvalid`] with the first mistakes and their lines.
pub async fn import(app: &App, actor: &Actor, csv: &str) -> Result<Imported> {
    if !actor.has(Role::DistrictStaff) {
        return Err(Code::RoleMissing.into());
    }
    let list = Holidays::parse("csv", csv).map_err(|problems| told(&problems))?;
    let days: Vec<(Day, Announced)> = list.iter().map(|(day, announced)| (day, announced.clone())).collect();
    if days.is_empty() {
        let allowed = Words::new("标题行下至少一行日期", "at least one day below the heading");
        return Err(Refusal::new(Code::ValueInvalid).field("csv").with("allowed", allowed).into());
    }
    let mut years: Vec<i32> = days.iter().map(|(day, _)| day.year()).collect();
    years.dedup();
    let imported = Imported { days: days.len(), years };
    let entry = app
        .entry(actor, ActingAs::Staff, "holidays.imported")
        .saying(json!({ "days": imported.days, "years": imported.years }));
    app.store
        .write(move |tx| {
            Box::pin(async move {
                tables::put_holidays(tx, &days).await?;
                Ok::<_, Failure>(audit::record(tx, entry).await?)
            })
        })
        .await?;
    app.forget_catalogue().await;
    Ok(imported)
}

fn told(problems: &[CsvProblem]) -> Refusal {
    let mut told: Vec<String> =
        problems.iter().take(TOLD).map(|problem| problem.to_string().chars().take(TELLING).collect()).collect();
    if problems.len() > TOLD {
        told.push(format!("+ {}", problems.len() - TOLD));
    }
    Refusal::new(Code::ValueInvalid).field("csv").with("allowed", told.join("; "))
}

#[cfg(test)]
mod tests {
    use linli_domain::holiday::DayKind;
    use linli_domain::id::{AccountId, LoginId, PersonId};
    use linli_domain::role::{Grant, Scope};
    use linli_domain::words::Language;

    use super::*;
    use crate::{seed, testing};

    fn somebody(role: Role) -> Actor {
        let scope = Scope::Area("130903000000".parse().unwrap());
        let grants = vec![Grant { role, scope }];
        Actor { account: AccountId(1), person: PersonId(2), login: LoginId(3), grants }
    }

    #[tokio::test]
    async fn a_year_becomes_known_at_once() {
        let (app, _clock, _folder) = testing::app().await;
        seed::district(&app).await.unwrap();
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(app.catalogue().await.unwrap().holidays.kind_of(day("2027-01-02")), DayKind::Unknown);
        let csv = "date,kind,name_zh,name_en,source\n2026-12-31,holiday,元旦,New Year,演示\n\
                   2027-01-01,holiday,元旦,New Year,演示\n2027-01-09,workday,元旦调休,Make-up day,演示\n";
        let refused = import(&app, &somebody(Role::StreetStaff), csv).await.unwrap_err().refusal();
        assert_eq!(refused.code, Code::RoleMissing);
        let imported = import(&app, &somebody(Role::DistrictStaff), csv).await.unwrap();
        assert_eq!(imported, Imported { days: 3, years: vec![2026, 2027] });
        let catalogue = app.catalogue().await.unwrap();
        assert_eq!(catalogue.holidays.kind_of(day("2027-01-02")), DayKind::Weekend);
        assert_eq!(catalogue.holidays.kind_of(day("2027-01-09")), DayKind::MakeUpWorkday);
        assert!(catalogue.holidays.knows(2026), "what was known stays known");
    }

    #[tokio::test]
    async fn mistakes_are_told_with_their_lines_and_nothing_is_written() {
        let (app, _clock, _folder) = testing::app().await;
        seed::district(&app).await.unwrap();
        let heading = "date,kind,name_zh,name_en,source\n";
        let csv = format!("{heading}2027-01-01,holiday,元旦,New Year,演示\n2027-02-30,holiday,春节,Spring,演示\n");
        let refused = import(&app, &somebody(Role::DistrictStaff), &csv).await.unwrap_err().refusal();
        assert_eq!((refused.code, refused.field), (Code::ValueInvalid, Some("csv")));
        assert!(refused.detail(Language::En).contains("csv:3: `date`"), "{}", refused.detail(Language::En));
        assert!(!app.catalogue().await.unwrap().holidays.knows(2027));
        let refused = import(&app, &somebody(Role::DistrictStaff), heading).await.unwrap_err().refusal();
        assert_eq!(refused.code, Code::ValueInvalid);
        let many = format!("{heading}{}", "x,y,z,a,b\n".repeat(9));
        let detail = import(&app, &somebody(Role::DistrictStaff), &many).await.unwrap_err().refusal();
        assert!(detail.detail(Language::Zh).chars().count() < 600, "a long list of mistakes is cut short");
    }
}
