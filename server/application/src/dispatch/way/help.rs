//! A worker calls for help: staff of the area hear of it at once. Nothing of it is in the timeline, which the resident
//! reads: it may be them whom the worker is afraid of.

use futures::FutureExt;
use linli_domain::channel::{News, Urgency};
use linli_domain::geo::Wgs84;
use linli_domain::id::{HelpCallId, OrderId, OrganisationId, PersonId};
use linli_domain::order::ActingAs;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Actor, Scope};
use linli_domain::time::{Instant, Span};
use linli_domain::words::Words;
use linli_store::market::help::{self, Caller};
use linli_store::market::visits;
use linli_store::messages;
use linli_store::people::{accounts, persons};
use linli_store::{Tx, audit};
use serde_json::json;

pub use linli_store::market::help::HelpCall;

use crate::channels::{Batch, Telling, call};
use crate::live::{self, Tell};
use crate::{App, Failure, Result, input};

/// Pressed twice within this time it is the same call.
const SAME: Span = Span::minutes(2);
/// Nobody waits for the morning to hear of it.
const AT_ONCE: Span = Span::minutes(10);

/// What a worker in need says.
#[derive(Debug, Clone, Default)]
pub struct Help {
    /// On which job.
    pub order: Option<OrderId>,
    /// Where they are.
    pub point: Option<Wgs84>,
    /// What is wrong, if there was time to say.
    pub words: String,
}

/// A call for help as staff see it.
#[derive(Debug, Clone, PartialEq)]
pub struct HelpView {
    /// The call.
    pub call: HelpCall,
    /// The worker's name.
    pub worker: String,
    /// Their number, once whoever asks has taken it on.
    pub phone: Option<String>,
    /// Where the job is.
    pub address: Option<String>,
    /// The name of whoever is on it.
    pub taken_by: Option<String>,
}

impl App {
    /// A worker calls for help.
    ///
    /// # Errors
    /// [`Code::NotFound`] for those who are no worker, and jobs of others.
    pub async fn call_for_help(&self, actor: &Actor, help: Help) -> Result<HelpCall> {
        let reads = self.store.reads();
        let caller = help::caller(reads, actor.person).await?.ok_or(Code::NotFound)?;
        let now = self.now();
        if let Some(open) = help::open_of(reads, caller.worker).await?.filter(|open| now - open.at < SAME) {
            return Ok(open);
        }
        let area = match help.order {
            Some(order) => Some(self.own_job(actor, order).await?.0.area),
            None => caller.area.clone(),
        };
        let area = match area {
            Some(area) => area,
            None => self.catalogue().await?.district()?.code.clone(),
        };
        let words = if help.words.trim().is_empty() { String::new() } else { input::note("words", &help.words, 300)? };
        let asked = HelpCall {
            id: HelpCallId(self.next_id()),
            order: help.order,
            worker: caller.worker,
            area,
            point: help.point,
            words,
            at: now,
            taken: None,
            closed: None,
        };
        let staff = help::staff(reads, &asked.area, caller.organisation, now).await?;
        let telling = telling(&asked, &caller, now);
        let batch = Batch::of(self, &staff, &telling).await?;
        let entry = self.entry(actor, ActingAs::Provider, "help.called").on(asked.id.0);
        // It also stands on the list of calls, where it stays until somebody has called.
        let listed = call(self, caller.person, &asked.area, asked.order, telling.body.clone());
        let (this, written) = (self.clone(), asked.clone());
        self.store
            .write(move |tx| {
                async move {
                    help::insert(tx, &written).await?;
                    batch.write(&this, tx).await?;
                    messages::ask_to_call(tx, &listed, &format!("help/{}", written.id)).await?;
                    tell_all(&this, tx, &staff, written.id, "open", now).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        self.hub.publish("jobs", "").await;
        Ok(asked)
    }

    /// Open calls for help of the areas and organisations of whoever asks, the oldest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn help_calls(&self, actor: &Actor, after: Option<HelpCallId>, limit: u32) -> Result<Vec<HelpView>> {
        let (mut prefixes, mut own): (Vec<String>, Vec<OrganisationId>) = (Vec::new(), Vec::new());
        for grant in &actor.grants {
            match &grant.scope {
                Scope::Area(area) if grant.role.is_for_area() => prefixes.push(area.significant().to_owned()),
                Scope::Organisation(id) if grant.role != linli_domain::role::Role::CaseWorker => own.push(*id),
                _ => {}
            }
        }
        let calls = help::open(self.store.reads(), &prefixes, &own, after, limit).await?;
        self.help_views(calls, None).await
    }

    /// Staff take a call for help on, and are shown the worker's number.
    ///
    /// # Errors
    /// [`Code::NotFound`] for those of other areas, [`Code::HelpTaken`].
    pub async fn take_help(&self, actor: &Actor, id: HelpCallId) -> Result<HelpView> {
        let (call, caller) = self.help_call(actor, id).await?;
        let (this, by, now) = (self.clone(), actor.account, self.now());
        let mut staff = help::staff(self.store.reads(), &call.area, caller.organisation, now).await?;
        staff.push(caller.person);
        let entry = self.entry(actor, ActingAs::Staff, "help.taken").about(caller.person).on(id.0);
        self.store
            .write(move |tx| {
                async move {
                    if !help::take(tx, id, by, now).await? {
                        return Err(Failure::from(Code::HelpTaken));
                    }
                    tell_all(&this, tx, &staff, id, "taken", now).await?;
                    Ok(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        let call = help::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        self.help_views(vec![call], Some(&caller)).await?.pop().ok_or_else(|| Code::NotFound.into())
    }

    /// Staff close a call for help, with what came of it.
    ///
    /// # Errors
    /// As [`App::take_help`].
    pub async fn close_help(&self, actor: &Actor, id: HelpCallId, outcome: &str) -> Result<()> {
        let outcome = input::note("outcome", outcome, 500)?;
        let (call, caller) = self.help_call(actor, id).await?;
        let (this, by, now) = (self.clone(), actor.account, self.now());
        let mut staff = help::staff(self.store.reads(), &call.area, caller.organisation, now).await?;
        staff.push(caller.person);
        let entry = self.entry(actor, ActingAs::Staff, "help.closed").about(caller.person).on(id.0);
        self.store
            .write(move |tx| {
                async move {
                    if !help::close(tx, id, by, &outcome, now).await? {
                        return Err(Failure::from(Code::HelpTaken));
                    }
                    tell_all(&this, tx, &staff, id, "closed", now).await?;
                    Ok(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }

    /// A call for help that whoever asks may see to.
    async fn help_call(&self, actor: &Actor, id: HelpCallId) -> Result<(HelpCall, Caller)> {
        let reads = self.store.reads();
        let call = help::one(reads, id).await?.ok_or(Code::NotFound)?;
        let caller = help::callers(reads, &[call.worker]).await?.pop().ok_or(Code::NotFound)?;
        let serves = caller.organisation.is_some_and(|own| actor.serves(own, &call.area));
        if actor.governs(&call.area) || serves { Ok((call, caller)) } else { Err(Refusal::from(Code::NotFound).into()) }
    }

    async fn help_views(&self, calls: Vec<HelpCall>, shown: Option<&Caller>) -> Result<Vec<HelpView>> {
        let reads = self.store.reads();
        let workers: Vec<_> = calls.iter().map(|call| call.worker).collect();
        let callers = help::callers(reads, &workers).await?;
        let orders: Vec<OrderId> = calls.iter().filter_map(|call| call.order).collect();
        let visits = visits::many(reads, &orders).await?;
        let taken: Vec<_> = calls.iter().filter_map(|call| call.taken.map(|(by, _)| by)).collect();
        let owners = accounts::owners(reads, &taken).await?;
        let people: Vec<PersonId> = owners.iter().map(|(_, person)| *person).collect();
        let names = persons::persons(reads, &people).await?;
        let phone = match shown {
            Some(caller) => persons::phone(reads, caller.person).await?.map(|phone| phone.digits().to_owned()),
            None => None,
        };
        let view = |call: HelpCall| HelpView {
            worker: callers
                .iter()
                .find(|one| one.worker == call.worker)
                .map(|one| one.name.clone())
                .unwrap_or_default(),
            phone: phone.clone(),
            address: visits
                .iter()
                .find(|visit| Some(visit.order) == call.order)
                .map(|visit| format!("{}{}", visit.address, visit.detail)),
            taken_by: call
                .taken
                .and_then(|(by, _)| owners.iter().find(|(account, _)| *account == by))
                .and_then(|(_, person)| names.iter().find(|one| one.id == *person))
                .map(|one| one.name.clone()),
            call,
        };
        Ok(calls.into_iter().map(view).collect())
    }
}

async fn tell_all(
    app: &App,
    tx: &Tx,
    people: &[PersonId],
    id: HelpCallId,
    state: &'static str,
    now: Instant,
) -> Result<()> {
    let payload = json!({ "help_id": id, "state": state });
    let tells = people.iter().map(|person| Tell { person: *person, event: "help", payload: payload.clone() });
    live::tell(app, tx, now, tells.collect()).await
}

fn telling(call: &HelpCall, caller: &Caller, now: Instant) -> Telling {
    let (zh, en) = if call.words.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("说：{}。", call.words), format!(" They say: {}.", call.words))
    };
    Telling {
        topic: "help.called".to_owned(),
        title: Words::new(format!("紧急求助：{}", caller.name), format!("Call for help: {}", caller.name)),
        body: Words::new(
            format!("上门人员{}求助。{zh}请立即接手并致电；有危险先拨 110。", caller.name),
            format!(
                "{} needs help.{en} Please take it on at once and call them. In danger call 110 first.",
                caller.name
            ),
        ),
        order: None,
        announcement: None,
        area: Some(call.area.clone()),
        source: format!("help/{}", call.id),
        news: News { urgency: Urgency::Urgent, by: Some(now + AT_ONCE) },
    }
}
