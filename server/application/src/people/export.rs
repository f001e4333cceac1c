//! Everything about a person, to take away (PIPL art. 45).

use linli_domain::id::PersonId;
use linli_domain::role::Actor;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs};
use linli_store::finding;
use linli_store::market::ratings;
use linli_store::people::{consents, logins, persons, ties};
use linli_store::{channels, wechat_ledger};
use serde_json::{Value, json};

use super::views::{FactStatus, PersonView};
use super::{profile, records};
use crate::contracts::ContractView;
use crate::courses::{CourseView, VisitState, VisitView};
use crate::error::Failure;
use crate::feedback::MatterView;
use crate::{App, Result, care_file, workers};

/// Lines of the audit record in one document; more are read page by page.
const RECORDS: u64 = 5_000;
/// Matters in one document.
const MATTERS: u32 = 1_000;

/// One JSON document with everything about the actor and the children of the household. The identity number appears as
/// its mask: whoever finds an unlocked phone should not carry the number away.
///
/// # Errors
/// Any failure of the database.
pub async fn document(app: &App, actor: &Actor) -> Result<Value> {
    let me = profile::me(app, actor).await?;
    let household: Vec<PersonId> = me.household.iter().map(|view| view.person.id).collect();
    let reads = app.store.reads();
    let records = records::list(app, actor, None, RECORDS).await?;
    let logins = logins::of_account(reads, actor.account, app.now()).await?;
    let (worker, pictures) = workers::export(app, actor).await?;
    let document = without_nulls(json!({
        "format": "linli-export/1",
        "made_at": app.now(),
        "account": {
            "id": me.account.id,
            "phone": me.account.phone.as_ref().map(|phone| phone.digits()),
            "wechat_linked": me.account.wechat_openid.is_some(),
            "opened_at": me.account.created_at,
        },
        "person": person(&me.person),
        "household": me.household.iter().map(person).collect::<Vec<_>>(),
        "roles": me.roles.iter().map(|role| json!({ "role": role.role, "scope": role.scope })).collect::<Vec<_>>(),
        "consents": consents_of(app, actor.person, &household).await?,
        "logins": logins.iter().map(|login| json!({
            "device": login.device, "since": login.created_at, "last_used": login.seen_at,
        })).collect::<Vec<_>>(),
        "orders": orders_of(app, actor, &household).await?,
        "courses": courses_of(app, actor).await?,
        "contracts": contracts_of(app, actor).await?,
        "ratings": ratings_of(app, actor.person, &household).await?,
        "matters": matters_of(app, actor).await?,
        "messages": ties::notices_of(reads, actor.person).await?.iter().map(|notice| json!({
            "at": notice.at, "title": notice.title, "body": notice.body,
        })).collect::<Vec<_>>(),
        "favourites": finding::favourites(reads, actor.account).await?.iter().map(|one| json!({
            "what": one.what.key(), "title": one.title, "since": one.created_at,
        })).collect::<Vec<_>>(),
        "calendar_since": finding::calendar_made_at(reads, actor.account).await?,
        "channels": channels_of(app, actor.person).await?,
        "care_file": care_file::export(app, actor.person).await?,
        "worker": worker,
        "pictures": pictures,
        "refused_workers": app.refused_workers(actor).await?.iter().map(|one| json!({
            "name": one.name, "for": one.subject, "reason": one.reason, "since": one.at,
        })).collect::<Vec<_>>(),
        "record": records.iter().map(|line| json!({
            "at": line.at, "action": line.action, "by": line.by, "detail": line.detail,
        })).collect::<Vec<_>>(),
    }));
    let (this, by) = (app.clone(), actor.clone());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let entry = this.entry(&by, ActingAs::Resident, "data.exported").about(by.person);
                Ok::<_, Failure>(audit::record(tx, entry).await?)
            })
        })
        .await?;
    Ok(document)
}

/// What is not known is left out, as everywhere in the interface.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .filter(|(_, field)| !field.is_null())
                .map(|(key, field)| (key, without_nulls(field)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

fn person(view: &PersonView) -> Value {
    let facts: Vec<Value> = view
        .facts
        .iter()
        .map(|fact| {
            let status = match fact.status {
                FactStatus::Missing => "missing",
                FactStatus::Declared => "declared",
                FactStatus::Verified => "verified",
                FactStatus::Expired => "expired",
            };
            json!({
                "fact": fact.fact,
                "status": status,
                "document": fact.verification.as_ref().map(|seen| &seen.document),
                "verified_by": fact.verified_by,
                "verified_at": fact.verification.as_ref().map(|seen| seen.verified_at),
                "expires_at": fact.verification.as_ref().and_then(|seen| seen.expires_at),
            })
        })
        .collect();
    let community: Option<Vec<&Words>> = view.community.as_ref().map(|area| area.path.iter().collect());
    json!({
        "id": view.person.id,
        "name": view.person.name,
        "birth_date": view.person.birth_date,
        "community": community,
        "address": view.person.address,
        "identity_masked": view.person.identity_mask,
        "language": view.person.language,
        "large_type": view.person.large_type,
        "relation": view.relation.map(|relation| relation.key()),
        "facts": facts,
    })
}

/// How messages come, and what was agreed to in WeChat.
async fn channels_of(app: &App, person: PersonId) -> Result<Value> {
    let wishes = channels::wishes(app.store.reads(), person).await?;
    let kept = wechat_ledger::kept(app.store.reads(), person).await?;
    Ok(json!({
        "sms": wishes.sms,
        "quiet_from": wishes.quiet_from,
        "quiet_to": wishes.quiet_to,
        "digest": wishes.digest,
        "digest_at": wishes.digest_at,
        "wechat_messages": kept.iter().map(|(template, kept)| json!({
            "template": template.key(), "kept": kept,
        })).collect::<Vec<_>>(),
    }))
}

async fn consents_of(app: &App, own: PersonId, household: &[PersonId]) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    for person in std::iter::once(&own).chain(household) {
        for consent in consents::of_person(app.store.reads(), *person).await? {
            found.push(json!({
                "person": consent.person,
                "purpose": consent.purpose,
                "version": consent.text_version,
                "given_at": consent.given_at,
                "withdrawn_at": consent.withdrawn_at,
            }));
        }
    }
    Ok(found)
}

/// The courses of the actor and the household, with the visits that were had.
async fn courses_of(app: &App, actor: &Actor) -> Result<Vec<Value>> {
    let had = |visit: &VisitView| {
        (visit.state == VisitState::Done)
            .then(|| json!({ "number": visit.number, "day": visit.day.map(|day| day.to_string()), "elsewhere": visit.elsewhere }))
    };
    let course = |view: CourseView| {
        json!({
            "name": view.name,
            "for": view.subject,
            "state": view.enrolment.state.key(),
            "visits": view.visits.iter().filter_map(had).collect::<Vec<_>>(),
        })
    };
    Ok(app.courses(actor, None).await?.into_iter().map(course).collect())
}

/// The contracts of the actor and the household.
async fn contracts_of(app: &App, actor: &Actor) -> Result<Vec<Value>> {
    let contract = |view: ContractView| {
        json!({
            "id": view.contract.id,
            "kind": view.contract.kind,
            "for": view.subject,
            "group": view.group,
            "state": view.contract.standing.state.key(),
            "from": view.contract.standing.from.to_string(),
            "until": view.contract.standing.until.plus(-1).to_string(),
        })
    };
    Ok(app.contracts(actor).await?.into_iter().map(contract).collect())
}

/// What was said of orders, by the actor and the household; and by the actor as a worker.
async fn ratings_of(app: &App, own: PersonId, household: &[PersonId]) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    for person in std::iter::once(&own).chain(household) {
        for rating in ratings::of_person(app.store.reads(), *person).await? {
            found.push(json!({
                "order": rating.order,
                "as": rating.side.key(),
                "level": rating.level.number(),
                "tags": rating.tags,
                "words": rating.words,
                "at": rating.at,
                "answer": rating.answer.map(|(words, _)| words),
            }));
        }
    }
    Ok(found)
}

/// The complaints, praises and follow-ups of the actor and the household.
async fn matters_of(app: &App, actor: &Actor) -> Result<Vec<Value>> {
    let matter = |view: MatterView| {
        json!({
            "id": view.matter.id,
            "form": view.matter.standing.form.key(),
            "state": view.matter.standing.state.key(),
            "for": view.person,
            "order": view.matter.order,
            "words": view.matter.words,
            "answer": view.matter.answer.map(|(words, _)| words),
            "since": view.matter.created_at,
        })
    };
    Ok(app.matters(actor, None, MATTERS).await?.into_iter().map(matter).collect())
}

/// The orders for the actor and the household, and those the actor placed as a resident.
async fn orders_of(app: &App, actor: &Actor, household: &[PersonId]) -> Result<Vec<Value>> {
    let reads = app.store.reads();
    let subjects: Vec<PersonId> = std::iter::once(actor.person).chain(household.iter().copied()).collect();
    let orders = ties::orders_of(reads, &subjects, actor.account).await?;
    let mut served: Vec<PersonId> = orders.iter().map(|order| order.subject).collect();
    served.sort_unstable();
    served.dedup();
    let names = persons::persons(reads, &served).await?;
    let name = |id: PersonId| names.iter().find(|person| person.id == id).map(|person| person.name.as_str());
    Ok(orders
        .iter()
        .map(|order| {
            json!({
                "id": order.id,
                "kind": order.kind,
                "state": order.state,
                "for": name(order.subject),
                "start": order.starts_at,
                "end": order.ends_at,
                "form": order.form,
                "price_fen": order.price_fen,
                "placed_at": order.created_at,
                "changed_at": order.changed_at,
            })
        })
        .collect())
}
