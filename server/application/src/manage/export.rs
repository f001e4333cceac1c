//! Bookings for a spreadsheet: what the desk sees, with phones masked.

use linli_domain::id::OfferingId;
use linli_domain::phone::Phone;
use linli_domain::platform::Kind;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Day;
use linli_domain::words::{Language, Words};
use linli_sheets::{Format, Sheet, to_csv, to_xlsx};
use linli_store::audit::{self, ActingAs};
use linli_store::managing::export::{self as rows, Booking};
use serde_json::json;

use crate::{App, Failure, Result};

/// The most rows of one file.
pub const MOST_ROWS: u32 = 20_000;
/// The most days of one file.
const MOST_DAYS: i32 = 366;

/// A file to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, in ASCII.
    pub name: String,
    /// What it is.
    pub format: Format,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    /// The ending of its name.
    pub(crate) const fn ending(format: Format) -> &'static str {
        match format {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    /// A table as a file: of a CSV the first sheet alone.
    pub(crate) async fn of(name: &str, format: Format, sheets: Vec<Sheet>) -> Result<Self> {
        let name = format!("{name}.{}", Self::ending(format));
        // Twenty thousand rows take a while: not on a thread that answers others.
        let write = move || match format {
            Format::Csv => Ok(to_csv(&sheets[0])),
            Format::Xlsx => to_xlsx(&sheets).map_err(|error| error.to_string()),
        };
        let written = tokio::task::spawn_blocking(write).await.map_err(|error| error.to_string());
        let bytes = written
            .and_then(|bytes| bytes)
            .map_err(|error| Failure::Fault(format!("a table was not written: {error}")))?;
        Ok(Self { name, format, bytes })
    }
}

/// The bookings of an offering from one day to another, both included.
///
/// # Errors
/// [`Code::NotFound`] for offerings of other desks; [`Code::DateInvalid`] for days that are none;
/// [`Code::ExportTooLarge`].
pub async fn bookings(
    app: &App,
    actor: &Actor,
    offering: OfferingId,
    (from, to): (Day, Day),
    format: Format,
    language: Language,
) -> Result<File> {
    let catalogue = app.catalogue().await?;
    let offered = catalogue.offered(offering)?;
    if !catalogue.serves(actor, offered) {
        return Err(Code::NotFound.into());
    }
    if to < from || from.plus(MOST_DAYS) < to {
        return Err(Refusal::new(Code::DateInvalid).field("to").into());
    }
    let found = rows::bookings(app.store.reads(), offering, from, to, MOST_ROWS + 1).await?;
    if found.len() > MOST_ROWS as usize {
        return Err(Refusal::new(Code::ExportTooLarge).with("max", MOST_ROWS).into());
    }
    // Who takes people's names away is on record before they have them.
    let said = json!({ "from": from, "to": to, "rows": found.len(), "format": File::ending(format) });
    let entry = app.entry(actor, ActingAs::Staff, "bookings.exported").on(offering.0).saying(said);
    app.store.write(move |tx| Box::pin(async move { Ok::<_, Failure>(audit::record(tx, entry).await?) })).await?;
    let kind = app.platforms.kind(&offered.offering.kind);
    let sheet = sheet(&found, kind, language);
    File::of(&format!("bookings-{from}-{to}"), format, vec![sheet]).await
}

fn sheet(found: &[Booking], kind: Option<&Kind>, language: Language) -> Sheet {
    let say = |zh: &str, en: &str| Words::new(zh, en).in_language(language).to_owned();
    let fields = kind.map_or(&[][..], |kind| &kind.form);
    let mut heading = vec![
        say("日期", "Day"),
        say("开始", "From"),
        say("结束", "To"),
        say("状态", "State"),
        say("姓名", "Name"),
        say("电话", "Phone"),
        say("取号码", "Check-in code"),
        say("价格（元）", "Price (yuan)"),
        say("预约时间", "Booked at"),
    ];
    heading.extend(fields.iter().map(|field| field.label.in_language(language).to_owned()));
    let row = |booking: &Booking| {
        let masked = booking.phone.as_deref().and_then(|phone| phone.parse::<Phone>().ok());
        let mut cells = vec![
            booking.start.day().to_string(),
            booking.start.time_of_day().to_string(),
            booking.end.time_of_day().to_string(),
            booking.state.words().in_language(language).to_owned(),
            booking.name.clone(),
            masked.map(|phone| phone.masked()).unwrap_or_default(),
            booking.check_in_code.clone(),
            format!("{}.{:02}", booking.price_fen / 100, booking.price_fen % 100),
            booking.created_at.to_string(),
        ];
        cells.extend(fields.iter().map(|field| booking.form[&field.key].as_str().unwrap_or_default().to_owned()));
        cells
    };
    Sheet { name: say("预约", "Bookings"), heading, rows: found.iter().map(row).collect() }
}
