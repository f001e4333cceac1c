//! Reading a file, and reading who did.

use futures::FutureExt;
use linli_domain::care_file::{Around, Ground, Health, Part, Who, may_open};
use linli_domain::id::{AssessmentId, CareOpeningId, PersonId};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs};
use linli_store::care::{self, CareFile, Opening};
use linli_store::people::persons;
use linli_store::{Reads, Tx};
use serde_json::{Value, json};

use super::assess::{Assessed, MOST, assessed};
use super::{NOTE_MAX, around, health, staff_of};
use crate::people::views;
use crate::{App, Failure, Result, input};

/// An assessment as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct AssessmentView {
    /// Which.
    pub id: AssessmentId,
    /// What was found.
    pub found: Assessed,
    /// The last day on which it counts.
    pub until: Day,
}

/// A part as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum PartView {
    /// Whom to call, who has a key, wishes.
    Contacts(Around),
    /// Health and diet, and the assessments, the latest first.
    Health(Health, Vec<AssessmentView>),
}

/// A file as its owner sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct FileView {
    /// The file.
    pub file: CareFile,
    /// Whom to call, who has a key, wishes.
    pub around: Around,
    /// Health and diet.
    pub health: Health,
    /// The assessments, the latest first.
    pub assessments: Vec<AssessmentView>,
}

/// That somebody opened a part, as the elder reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningView {
    /// Which.
    pub id: CareOpeningId,
    /// When.
    pub at: Instant,
    /// Which part, as a key.
    pub part: Part,
    /// Who opened what, in words.
    pub words: Words,
    /// Why, in the words of whoever did.
    pub reason: String,
}

impl App {
    /// One's own file or a ward's. A guardian's look is on record.
    ///
    /// # Errors
    /// [`Code::NotFound`] for others, [`Code::CareFileNone`].
    pub async fn care_file(&self, actor: &Actor, person: PersonId) -> Result<FileView> {
        let (who, acting) = self.care_own(actor, person).await?;
        let file = care::file(self.store.reads(), person).await?.ok_or(Code::CareFileNone)?;
        if who != Who::Elder {
            for part in Part::ALL {
                let ground = may_open(who, part).ok_or(Code::NotFound)?;
                self.note_opening(actor, acting, person, (part, ground), String::new()).await?;
            }
        }
        self.care_file_view(file).await
    }

    async fn care_file_view(&self, file: CareFile) -> Result<FileView> {
        Ok(FileView {
            around: around(self, &file)?,
            health: health(self, &file)?,
            assessments: assessments(self, self.store.reads(), file.person).await?,
            file,
        })
    }

    /// Staff open one part of the file of somebody who lives where they work, for a reason that is kept and shown. The
    /// version belongs to a change.
    ///
    /// # Errors
    /// [`Code::NotFound`] for people who live elsewhere, [`Code::CareFileNone`]; those of the reason.
    pub async fn read_care_file(
        &self,
        actor: &Actor,
        person: PersonId,
        part: Part,
        reason: &str,
    ) -> Result<(i64, PartView)> {
        staff_of(self.store.reads(), actor, person).await?;
        let reason = input::note("reason", reason, NOTE_MAX)?;
        let ground = may_open(Who::Staff, part).ok_or(Code::NotFound)?;
        let file = care::file(self.store.reads(), person).await?.ok_or(Code::CareFileNone)?;
        // On record before it is shown.
        self.note_opening(actor, ActingAs::Staff, person, (part, ground), reason).await?;
        let view = match part {
            Part::Contacts => PartView::Contacts(around(self, &file)?),
            Part::Health => {
                PartView::Health(health(self, &file)?, assessments(self, self.store.reads(), person).await?)
            }
        };
        Ok((file.version, view))
    }

    async fn note_opening(
        &self,
        actor: &Actor,
        acting: ActingAs,
        person: PersonId,
        what: (Part, Ground),
        reason: String,
    ) -> Result<()> {
        let (this, by) = (self.clone(), actor.clone());
        self.store
            .write(move |tx| async move { record(&this, tx, &by, acting, person, what, reason).await }.boxed())
            .await
    }

    /// Who opened one's own file or a ward's, the latest first; also of a file that is closed.
    ///
    /// # Errors
    /// [`Code::NotFound`] for others.
    pub async fn care_openings(
        &self,
        actor: &Actor,
        person: PersonId,
        before: Option<CareOpeningId>,
        limit: u64,
    ) -> Result<Vec<OpeningView>> {
        self.care_own(actor, person).await?;
        let reads = self.store.reads();
        let openings = care::openings(reads, person, before, limit).await?;
        let names = views::names_of(reads, openings.iter().map(|opening| opening.account)).await?;
        let view = |opening: Opening| {
            let (ground, part) = (opening.ground.words(), opening.part.words());
            let name = names.get(&opening.account).map_or("", String::as_str);
            let gap = if name.is_empty() { "" } else { " " };
            OpeningView {
                id: opening.id,
                at: opening.at,
                part: opening.part,
                words: Words::new(
                    format!("{}{gap}{name}查看了{}", ground.zh, part.zh),
                    format!("{}{gap}{name} looked at {}", ground.en, part.en),
                ),
                reason: opening.reason,
            }
        };
        Ok(openings.into_iter().map(view).collect())
    }
}

/// Writes down that somebody opened a part: for the elder, and in the audit record, without the reason.
pub(super) async fn record(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    acting: ActingAs,
    person: PersonId,
    (part, ground): (Part, Ground),
    reason: String,
) -> Result<()> {
    // Waits for whoever is forgetting the person.
    persons::person_locked(tx, person).await?.ok_or(Code::NotFound)?;
    let opening = Opening {
        id: CareOpeningId(app.next_id()),
        person,
        account: actor.account,
        ground,
        part,
        reason,
        at: app.now(),
    };
    care::insert_opening(tx, &opening).await?;
    let saying = json!({ "part": part.key(), "ground": ground.key() });
    let entry = app.entry(actor, acting, "care_file.opened").about(person).on(opening.id.0).saying(saying);
    Ok::<_, Failure>(audit::record(tx, entry).await?)
}

async fn assessments(app: &App, reads: &impl Reads, person: PersonId) -> Result<Vec<AssessmentView>> {
    let rows = care::assessments(reads, person, MOST).await?;
    let view = |row: care::Assessment| Ok(AssessmentView { id: row.id, found: assessed(app, &row)?, until: row.until });
    rows.into_iter().map(view).collect()
}

/// What a person may take away of their file; nothing where there is none.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn export(app: &App, person: PersonId) -> Result<Option<Value>> {
    let Some(file) = care::file(app.store.reads(), person).await? else { return Ok(None) };
    let view = app.care_file_view(file).await?;
    Ok(Some(json!({
        "since": view.file.opened_at,
        "consent": view.file.consent.key(),
        "contacts": view.around,
        "health": view.health,
        "assessments": view.assessments.iter().map(|one| json!({ "found": one.found, "until": one.until })).collect::<Vec<_>>(),
    })))
}
