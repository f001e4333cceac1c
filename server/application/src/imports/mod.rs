//! Tables that organisations bring: their weekly hours, their people, what they offer.
//!
//! A file is read, every row is looked at, and everything that is wrong is told at once, row by row. Only when every
//! row is good is anything written, and then all of it in one transaction. Rows are matched by their keys: the same
//! file again changes nothing.

mod cells;
mod columns;
mod offerings;
mod people;
mod plan;
mod schedules;
mod template;

use linli_domain::id::OrganisationId;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::words::{Language, Words};
pub use linli_sheets::{Encoding, Format};
use linli_sheets::{Limits, Table, Unreadable};
use linli_store::Reads;
use linli_store::audit::ActingAs;
use linli_store::catalogue as tables;
use serde_json::json;

use crate::catalogue::Catalogue;
use crate::manage;
use crate::people::sessions;
use crate::{App, Failure, Result};
use plan::Plan;

pub use template::template;

/// The most rows of one file.
pub const MOST_ROWS: usize = 5_000;
/// The most bytes of one file.
pub const MOST_BYTES: usize = 5 << 20;
/// The most mistakes told at once.
const TOLD: usize = 200;
/// How large a table may be. Unpacked it may be a dozen times its bytes: workbooks are wordy.
const LIMITS: Limits = Limits { rows: MOST_ROWS, columns: 40, cell: 500, unpacked: 64 << 20 };

/// What a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// Weekly hours of offerings.
    Schedules,
    /// People: those who are booked, and those who work at the desk.
    Staff,
    /// Offerings and their rules.
    Offerings,
}

impl What {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Schedules => "schedules",
            Self::Staff => "staff",
            Self::Offerings => "offerings",
        }
    }
}

/// Something to import.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it is about.
    pub what: What,
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// Only look.
    pub dry_run: bool,
    /// Orders whose time would vanish stay as they are.
    pub keep_orders: bool,
}

/// Something wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The row, as the spreadsheet counts.
    pub row: u64,
    /// The column, by the name the file gives it.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is wrong, and what is allowed.
    pub words: Words,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What it was about.
    pub what: What,
    /// What the file was.
    pub format: Format,
    /// How its text was encoded.
    pub encoding: Option<Encoding>,
    /// Rows under the heading.
    pub rows: usize,
    /// Rows without a mistake.
    pub good: usize,
    /// How many things would change, or did.
    pub changes: usize,
    /// Whether it was written: everything, or nothing to write.
    pub applied: bool,
    /// The first mistakes, by row.
    pub errors: Vec<Problem>,
    /// How many more there are.
    pub more_errors: usize,
}

/// Imports a file, or looks at what it would do.
///
/// # Errors
/// [`Code::NotFound`] for organisations of others; [`Code::ImportTooLarge`], [`Code::ImportEncoding`],
/// [`Code::ImportUnreadable`], [`Code::ImportHeading`] for files that are no such table. What is wrong with rows stands
/// in the report.
pub async fn import(app: &App, actor: &Actor, wanted: Wanted, bytes: Vec<u8>) -> Result<Report> {
    manage::organisation(&*app.catalogue().await?, actor, wanted.organisation)?;
    if bytes.len() > MOST_BYTES {
        return Err(too_large().into());
    }
    // Reading takes a moment: not on a thread that answers others. A workbook that brings the reader down is damaged.
    let read = tokio::task::spawn_blocking(move || linli_sheets::read(&bytes, &LIMITS)).await;
    let table = read.unwrap_or(Err(Unreadable::Damaged)).map_err(unreadable)?;
    let placed = columns::place(&table.heading, columns::of(wanted.what))?;
    let file = std::sync::Arc::new((table, placed));

    let mut plan = make(app, app.store.reads(), actor, &wanted, &file.0, &file.1).await?;
    if plan.errors.is_empty() && plan.changes() > 0 && !wanted.dry_run {
        // Decided anew under the lock, on what stands then.
        let (this, by, asked, shared) = (app.clone(), actor.clone(), wanted.clone(), file.clone());
        plan = manage::change(app, move |tx| {
            Box::pin(async move {
                let plan = make(&this, tx, &by, &asked, &shared.0, &shared.1).await?;
                if plan.errors.is_empty() {
                    let said =
                        json!({ "what": asked.what.key(), "rows": shared.0.rows.len(), "changes": plan.changes() });
                    let entry =
                        this.entry(&by, ActingAs::Staff, "import.applied").on(asked.organisation.0).saying(said);
                    plan.write(tx, &this, &by, entry).await?;
                }
                Ok(plan)
            })
        })
        .await?;
        for account in plan.accounts() {
            sessions::changed(app, account).await;
        }
    }
    Ok(report(&wanted, &file.0, plan))
}

async fn make(
    app: &App,
    reads: &impl Reads,
    actor: &Actor,
    wanted: &Wanted,
    table: &Table,
    placed: &columns::Placed,
) -> Result<Plan> {
    let today = app.now().day();
    let catalogue = Catalogue::of(tables::read(reads, today.plus(-1)).await?);
    let context = plan::Context { app, actor, catalogue: &catalogue, organisation: wanted.organisation, today };
    let mut plan = match wanted.what {
        What::Schedules => schedules::plan(&context, reads, table, placed, wanted.keep_orders).await?,
        What::Staff => people::plan(&context, reads, table, placed).await?,
        What::Offerings => offerings::plan(&context, table, placed)?,
    };
    plan.errors.sort_by_key(|problem| problem.row);
    Ok(plan)
}

fn report(wanted: &Wanted, table: &Table, mut plan: Plan) -> Report {
    let mut bad: Vec<u64> = plan.errors.iter().map(|problem| problem.row).collect();
    bad.dedup();
    let more_errors = plan.errors.len().saturating_sub(TOLD);
    plan.errors.truncate(TOLD);
    Report {
        what: wanted.what,
        format: table.format,
        encoding: table.encoding,
        rows: table.rows.len(),
        good: table.rows.len() - bad.len(),
        changes: plan.changes(),
        applied: bad.is_empty() && !wanted.dry_run,
        errors: plan.errors,
        more_errors,
    }
}

/// The refusal of a file with too many rows or bytes.
pub fn too_large() -> Refusal {
    Refusal::new(Code::ImportTooLarge).with("rows", MOST_ROWS).with("megabytes", MOST_BYTES >> 20)
}

fn unreadable(why: Unreadable) -> Failure {
    match why {
        Unreadable::TooLarge => too_large(),
        Unreadable::Encoding => Code::ImportEncoding.into(),
        Unreadable::OldWorkbook | Unreadable::Damaged => Code::ImportUnreadable.into(),
        Unreadable::Empty => heading("文件里没有表头。", "The file has no heading."),
    }
    .into()
}

fn heading(zh: &str, en: &str) -> Refusal {
    Refusal::new(Code::ImportHeading).with("problem", Words::new(zh, en))
}

/// A refusal as words about a row.
fn said(refusal: &Refusal) -> Words {
    Words::new(
        format!("{}：{}", refusal.title(Language::Zh), refusal.detail(Language::Zh)),
        format!("{}: {}", refusal.title(Language::En), refusal.detail(Language::En)),
    )
}

#[cfg(test)]
mod tests;
