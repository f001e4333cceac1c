//! Telling somebody what is not about one order: into their inbox, or their guardians'; whoever has none is called.

use futures::FutureExt;
use linli_domain::area::AreaCode;
use linli_domain::id::{CallId, NoticeId, PersonId};
use linli_domain::words::Words;
use linli_store::messages::{self, Call, Notice};
use linli_store::people::{accounts, household, persons};

use crate::{App, Failure, Result};

/// Something to tell.
pub(crate) struct Telling {
    /// Whom it concerns.
    pub person: PersonId,
    /// Whose staff call where no message arrives.
    pub area: AreaCode,
    /// What it is about, as a stable key.
    pub topic: &'static str,
    /// The short words.
    pub title: Words,
    /// The longer words.
    pub body: Words,
    /// What is said once, however often it is told.
    pub source: String,
}

/// Tells it.
///
/// # Errors
/// The database's.
pub(crate) async fn tell(app: &App, telling: Telling) -> Result<()> {
    // Whoever closed their account is told nothing more.
    if persons::person(app.store.reads(), telling.person).await?.is_none() {
        return Ok(());
    }
    let inboxes = inboxes(app, telling.person).await?;
    let now = app.now();
    let notices: Vec<Notice> = inboxes
        .iter()
        .map(|person| Notice {
            id: NoticeId(app.next_id()),
            person: *person,
            topic: telling.topic.to_owned(),
            title: telling.title.clone(),
            body: telling.body.clone(),
            order: None,
            source: format!("{}/{person}", telling.source),
            at: now,
            read_at: None,
        })
        .collect();
    let call = notices.is_empty().then(|| Call {
        id: CallId(app.next_id()),
        person: telling.person,
        area: telling.area.clone(),
        order: None,
        reason: telling.body.clone(),
        created_at: now,
    });
    let source = telling.source;
    app.store
        .write(move |tx| {
            async move {
                messages::insert(tx, &notices).await?;
                if let Some(call) = call {
                    messages::ask_to_call(tx, &call, &source).await?;
                }
                Ok::<_, Failure>(())
            }
            .boxed()
        })
        .await
}

/// Their own inbox; for somebody without an account, their guardians'.
async fn inboxes(app: &App, person: PersonId) -> Result<Vec<PersonId>> {
    let reads = app.store.reads();
    if accounts::of_person(reads, person).await?.is_some() {
        return Ok(vec![person]);
    }
    Ok(household::guardians(reads, person).await?.into_iter().map(|one| one.guardian).collect())
}

/// Whose staff look after somebody: their community, or the district where it is not known.
///
/// # Errors
/// The database's.
pub(crate) async fn area_of(app: &App, person: PersonId) -> Result<AreaCode> {
    let home = persons::person(app.store.reads(), person).await?.and_then(|person| person.community);
    match home {
        Some(community) => Ok(community),
        None => Ok(app.catalogue().await?.district()?.code.clone()),
    }
}
