//! What people are told of their contracts: each step, and reminders before the end.

use linli_domain::channel::{News, Urgency};
use linli_domain::contract::ContractState;
use linli_domain::id::{ContractId, JobId};
use linli_domain::platform::ContractTerms;
use linli_domain::refusal::{Param, fill};
use linli_domain::time::{Day, Instant, TimeOfDay};
use linli_domain::words::{Language, Words};
use linli_store::booking::contracts::{self, Contract};
use linli_store::jobs::NewJob;
use linli_store::people::persons;
use serde_json::json;

use super::offered;
use crate::channels::{self, Telling};
use crate::orders::tell::recipients;
use crate::{App, Result};

/// So many days before the end, people are reminded a last time.
const BEFORE_THE_END: i32 = 7;

/// The job that tells of the step a contract has just made.
pub(super) fn tell_job(app: &App, contract: &Contract, now: Instant) -> NewJob {
    let (id, version) = (contract.id, contract.version);
    NewJob {
        id: JobId(app.next_id()),
        kind: "contract.tell".into(),
        payload: json!({ "contract": id, "version": version }),
        unique_key: Some(format!("contract.tell/{id}/{version}")),
        run_at: now,
        created_at: now,
    }
}

/// The jobs that remind of the end: when it can be renewed, and a week before.
pub(super) fn remind_jobs(app: &App, contract: &Contract, terms: &ContractTerms, now: Instant) -> Vec<NewJob> {
    let (id, version) = (contract.id, contract.version);
    let until = contract.standing.until;
    let days: [(&str, Day); 2] = [("renew", terms.renewable_from(until)), ("ends", until.plus(-BEFORE_THE_END))];
    days.into_iter()
        .map(|(what, day)| (what, day.at(TimeOfDay(9 * 60))))
        .filter(|(_, at)| *at > now)
        .map(|(what, run_at)| NewJob {
            id: JobId(app.next_id()),
            kind: "contract.remind".into(),
            payload: json!({ "contract": id, "version": version, "what": what }),
            unique_key: Some(format!("contract.remind/{id}/{version}/{what}")),
            run_at,
            created_at: now,
        })
        .collect()
}

type Template = (&'static str, &'static str);

/// Tells of the step that led to `version`. A later step tells for itself.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn tell(app: &App, id: ContractId, version: i32) -> Result<()> {
    let Some(contract) = contracts::one(app.store.reads(), id).await? else { return Ok(()) };
    if contract.version != version {
        return Ok(());
    }
    let ran_out = contract.standing.until <= app.now().day();
    let (topic, title, body): (&'static str, Template, Template) = match contract.standing.state {
        ContractState::Requested => (
            "contract.requested",
            ("签约申请已提交：{doctor}", "Asked for a contract: {doctor}"),
            (
                "{person}与{doctor}（{organisation}）的签约申请已提交，名额已保留，等待医生确认。",
                "{person} has asked for a contract with {doctor} ({organisation}). The place is kept until the doctor has answered.",
            ),
        ),
        ContractState::Active => (
            "contract.active",
            ("签约生效：{doctor}", "Contract in force: {doctor}"),
            (
                "{person}与{doctor}（{organisation}）的签约已生效，到{last}为止。到期前会提醒您续签。",
                "The contract of {person} with {doctor} ({organisation}) is in force until {last}. You will be reminded to renew it.",
            ),
        ),
        ContractState::Rejected => (
            "contract.rejected",
            ("签约申请未被接受：{doctor}", "Contract not accepted: {doctor}"),
            (
                "{person}与{doctor}的签约申请未被接受。原因：{reason}。可以选择其他医生。",
                "{person} was not accepted by {doctor}. Reason: {reason}. You can choose another doctor.",
            ),
        ),
        ContractState::Ended if ran_out => (
            "contract.ended",
            ("签约已到期：{doctor}", "Contract over: {doctor}"),
            (
                "{person}与{doctor}的签约已到期。如需继续，请重新申请签约。",
                "The contract of {person} with {doctor} has run out. To go on, please ask for a new one.",
            ),
        ),
        ContractState::Ended => (
            "contract.ended",
            ("签约已结束：{doctor}", "Contract ended: {doctor}"),
            (
                "{person}与{doctor}的签约已结束。可以重新选择医生签约。",
                "The contract of {person} with {doctor} has ended. You can choose another doctor.",
            ),
        ),
    };
    let source = format!("contract.tell/{id}/{version}");
    say(app, &contract, (topic, Urgency::Ordinary), (title, body), source).await
}

/// Reminds of the end of a contract that was not renewed since.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn remind(app: &App, id: ContractId, version: i32, what: &str) -> Result<()> {
    let Some(contract) = contracts::one(app.store.reads(), id).await? else { return Ok(()) };
    if contract.version != version || contract.standing.state != ContractState::Active {
        return Ok(());
    }
    let title = if what == "ends" {
        ("签约即将到期：{doctor}", "Your contract ends soon: {doctor}")
    } else {
        ("可以续签了：{doctor}", "Time to renew: {doctor}")
    };
    let body = (
        "{person}与{doctor}（{organisation}）的签约到{last}为止。如需继续，请在此之前续签。",
        "The contract of {person} with {doctor} ({organisation}) holds until {last}. To go on, please renew it by then.",
    );
    let topic = if what == "ends" { "contract.ends_soon" } else { "contract.renewable" };
    let source = format!("contract.remind/{id}/{version}/{what}");
    say(app, &contract, (topic, Urgency::Timely), (title, body), source).await
}

async fn say(
    app: &App,
    contract: &Contract,
    (topic, urgency): (&'static str, Urgency),
    (title, body): (Template, Template),
    source: String,
) -> Result<()> {
    let catalogue = app.catalogue().await?;
    let offered = offered(&catalogue, contract)?;
    let organisation = catalogue.organisation(offered)?.name.clone();
    let doctor = offered.offering.provider.and_then(|id| catalogue.providers.get(&id));
    let doctor = doctor.map_or_else(|| organisation.clone(), |doctor| doctor.name.clone());
    let person = persons::person(app.store.reads(), contract.person).await?.map(|person| person.name);
    let person = person.filter(|name| !name.is_empty());
    let params: [(&'static str, Param); 5] = [
        ("person", person.map_or_else(|| Words::new("您", "You").into(), Param::from)),
        ("doctor", doctor.into()),
        ("organisation", organisation.into()),
        ("last", contract.standing.until.plus(-1).into()),
        ("reason", contract.reason.as_str().into()),
    ];
    let filled = |(zh, en): Template| Words::new(fill(zh, &params, Language::Zh), fill(en, &params, Language::En));
    let (title, body) = (filled(title), filled(body));
    let people = recipients(app, contract.person).await?;
    let telling = Telling {
        topic: topic.to_owned(),
        title,
        body,
        order: None,
        announcement: None,
        area: Some(catalogue.place(offered)?.area.clone()),
        source,
        news: News { urgency, by: None },
    };
    channels::tell(app, &people, &telling).await
}
