//! What others may build on: facts of a file on a day.

use linli_domain::care_file::{Facts, Ground, Job, Needed, Part};
use linli_domain::id::PersonId;
use linli_domain::role::Actor;
use linli_domain::subsidy::facts::Spell;
use linli_domain::time::Day;
use linli_store::audit::ActingAs;
use linli_store::{Reads, Tx, care};

use super::assess::assessed;
use super::{around, health, read};
use crate::{App, Result};

/// What is known of a person on a day, for rules: nobody reads it. None where there is no file.
///
/// # Errors
/// Faults of the database.
pub async fn facts(app: &App, reads: &impl Reads, person: PersonId, day: Day) -> Result<Option<Facts>> {
    let Some(file) = care::file(reads, person).await? else { return Ok(None) };
    let (around, health) = (around(app, &file)?, health(app, &file)?);
    let grade = match care::assessment_on(reads, person, day).await? {
        None => None,
        Some(row) => {
            let value = assessed(app, &row)?.judged.grade;
            Some(Spell { value, from: row.assessed_on, until: Some(row.until) })
        }
    };
    Ok(Some(Facts {
        grade,
        eating: health.eating,
        contacts: around.contacts,
        key_holder: around.key_holder,
        mobility: health.mobility,
    }))
}

/// What a job needs to know of a person, for whoever does it; the caller has checked that it is theirs. On record as
/// an opening. None where there is no file.
///
/// # Errors
/// Faults of the database.
pub async fn for_job(app: &App, tx: &Tx, actor: &Actor, person: PersonId, job: Job) -> Result<Option<Needed>> {
    let Some(facts) = facts(app, tx, person, app.now().day()).await? else { return Ok(None) };
    let reason = match job {
        Job::Meal => "备餐、送餐",
        Job::Visit => "上门服务",
    };
    let opened = (Part::Health, Ground::Job);
    read::record(app, tx, actor, ActingAs::Provider, person, opened, reason.to_owned()).await?;
    Ok(Some(facts.for_job(job)))
}
