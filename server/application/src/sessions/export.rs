//! The roster as a file: who has a seat, and who was at which meeting.

use linli_domain::id::{PersonId, SessionId};
use linli_domain::order::State;
use linli_domain::role::Actor;
use linli_domain::session::Meeting;
use linli_domain::session::attended::Mark;
use linli_domain::words::{Language, Words, say};
use linli_sheets::{Format, Sheet};
use linli_store::audit::{self, ActingAs};
use serde_json::json;

use super::roster::{Entry, roster};
use crate::manage::export::File;
use crate::{App, Failure, Result};

/// The roster of a session for a spreadsheet, phones masked; those in line come last, with their number.
///
/// # Errors
/// [`linli_domain::refusal::Code::NotFound`] for sessions of other desks.
pub async fn file(app: &App, actor: &Actor, id: SessionId, format: Format, language: Language) -> Result<File> {
    let (_, view, entries) = roster(app, actor, id).await?;
    let people: Vec<PersonId> = entries.iter().map(|entry| entry.order.subject).collect();
    let people = app.desk_people(people).await?;
    // Who takes people's names away is on record before they have them.
    let said = json!({ "rows": entries.len(), "format": File::ending(format) });
    let entry = app.entry(actor, ActingAs::Staff, "roster.exported").on(id.0).saying(said);
    app.store.write(move |tx| Box::pin(async move { Ok::<_, Failure>(audit::record(tx, entry).await?) })).await?;

    let word = |zh: &str, en: &str| Words::new(zh, en).in_language(language).to_owned();
    let meetings: Vec<&Meeting> = view.session.planned().collect();
    let mut heading = vec![
        word("姓名", "Name"),
        word("年龄", "Age"),
        word("电话", "Phone"),
        word("状态", "State"),
        word("候补", "In line"),
    ];
    heading.extend(meetings.iter().map(|meeting| say::day(meeting.start.day(), language)));
    let mark = |mark: Mark| match mark {
        Mark::Present => word("到", "present"),
        Mark::Absent => word("缺", "absent"),
        Mark::Excused => word("假", "excused"),
    };
    let row = |entry: &Entry| {
        let person = people.get(&entry.order.subject);
        let mut cells = vec![
            person.map(|person| person.name.clone()).unwrap_or_default(),
            person.and_then(|person| person.age).map(|age| age.to_string()).unwrap_or_default(),
            person.and_then(|person| person.phone_masked.clone()).unwrap_or_default(),
            entry.order.state.words().in_language(language).to_owned(),
            entry.position.filter(|_| entry.order.state == State::Waiting).map(|n| n.to_string()).unwrap_or_default(),
        ];
        cells.extend(meetings.iter().map(|meeting| {
            let marked = entry.marks.iter().find(|(id, _)| *id == meeting.id);
            marked.map(|(_, is)| mark(*is)).unwrap_or_default()
        }));
        cells
    };
    let sheet = Sheet { name: word("签到表", "Roster"), heading, rows: entries.iter().map(row).collect() };
    File::of("roster", format, vec![sheet]).await
}
