//! Files to begin with: a heading, an example or what there is now, and what each column means.

use linli_domain::id::OrganisationId;
use linli_domain::role::Actor;
use linli_domain::slot::ScheduleLine;
use linli_domain::time::Day;
use linli_domain::words::{Language, Words};
use linli_sheets::{Format, Sheet};

use super::{What, columns};
use crate::manage;
use crate::manage::export::File;
use crate::{App, Result};

/// A file with the columns of a table. With an organisation, the weekly hours it has now stand in it, to be changed and
/// brought back; without one, an example row.
///
/// # Errors
/// [`linli_domain::refusal::Code::NotFound`] for organisations of others.
pub async fn template(
    app: &App,
    actor: &Actor,
    what: What,
    organisation: Option<OrganisationId>,
    format: Format,
    language: Language,
) -> Result<File> {
    let columns = columns::of(what);
    let say = |zh: &str, en: &str| Words::new(zh, en).in_language(language).to_owned();
    let mut rows = vec![columns.iter().map(|column| column.example.to_owned()).collect()];
    if let Some(id) = organisation {
        let catalogue = app.catalogue().await?;
        manage::organisation(&catalogue, actor, id)?;
        if what == What::Schedules {
            let theirs = catalogue.offerings.values().filter(|offered| offered.offering.organisation == id);
            let today = app.now().day();
            rows = theirs.flat_map(|offered| week(&offered.offering.key, offered.lines(), today)).collect();
        }
    }
    let heading = columns.iter().map(|column| say(column.zh, column.en)).collect();
    let about = Sheet {
        name: say("填写说明", "How to fill in"),
        heading: [
            ("列名", "Column"),
            ("英文列名", "In Chinese"),
            ("必填", "Required"),
            ("说明", "Meaning"),
            ("示例", "Example"),
        ]
        .map(|(zh, en)| say(zh, en))
        .into(),
        rows: columns
            .iter()
            .map(|column| {
                vec![
                    say(column.zh, column.en),
                    say(column.en, column.zh),
                    if column.required { say("是", "yes") } else { say("否", "no") },
                    say(column.about_zh, column.about_en),
                    column.example.to_owned(),
                ]
            })
            .collect(),
    };
    let table = Sheet { name: say("导入", "Import"), heading, rows };
    File::of(&format!("linli-{}", what.key()), format, vec![table, about]).await
}

/// The hours of an offering from a day on, as rows of its table.
pub(super) fn week(key: &str, lines: &[ScheduleLine], today: Day) -> Vec<Vec<String>> {
    let to_come =
        lines.iter().filter(|line| line.valid_until.is_none_or(|until| today < until && line.valid_from < until));
    to_come
        .map(|line| {
            let weekdays: Vec<String> = (1..=7u8)
                .filter(|number| line.weekdays >> (number - 1) & 1 == 1)
                .map(|number| number.to_string())
                .collect();
            vec![
                key.to_owned(),
                weekdays.join(","),
                line.from.to_string(),
                line.to.to_string(),
                line.slot_minutes.to_string(),
                line.capacity.to_string(),
                line.valid_from.max(today).to_string(),
            ]
        })
        .collect()
}
