//! The inbox, and what leaves by other channels.

use std::collections::BTreeMap;

use futures::FutureExt;
use linli_domain::id::{CallId, JobId, NoticeId, OrderId, PersonId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Actor, Scope};
use linli_domain::time::Instant;
use linli_domain::words::{Words, say};
use linli_edge::{SmsMessage, SmsTemplate};
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::booking::orders;
use linli_store::jobs::NewJob;
use linli_store::messages;
pub use linli_store::messages::{Call, Notice};
use linli_store::people::persons;
use serde_json::json;

use crate::{App, Failure, Result, input};

/// The job that sends a text message about an order. The phone is looked up when it is sent: no job carries one.
pub(crate) fn send_job(app: &App, person: PersonId, order: OrderId, topic: &str, source: &str, now: Instant) -> NewJob {
    NewJob {
        id: JobId(app.next_id()),
        kind: "sms.send".into(),
        payload: json!({ "person": person, "order": order, "topic": topic, "source": source }),
        unique_key: Some(format!("sms/{source}/{person}")),
        run_at: now,
        created_at: now,
    }
}

/// Sends a text message about an order. What can never be delivered becomes a call by staff; what may succeed later
/// is an error, so that the job is tried again.
///
/// # Errors
/// Faults of the database and of the provider.
pub(crate) async fn send(app: &App, person: PersonId, order: OrderId, topic: &str, source: &str) -> Result<()> {
    let Some(order) = orders::one(app.store.reads(), order).await? else { return Ok(()) };
    let reached = persons::person(app.store.reads(), person).await?;
    let phone = persons::phone(app.store.reads(), person).await?;
    let (Some(reached), Some(phone)) = (reached, phone) else {
        return ask_for_call(app, person, &order, source).await;
    };
    let service = app.platforms.kind(&order.kind).map(|kind| kind.name.in_language(reached.language).to_owned());
    let params = BTreeMap::from([
        ("service".to_owned(), service.unwrap_or_default()),
        ("time".to_owned(), say::instant(order.starts_at, reached.language)),
    ]);
    let template = SmsTemplate::Notice(topic.replace('.', "_"));
    match app.sms.send(&SmsMessage { phone, template, params, out_id: source.to_owned() }).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_retryable() => Err(Failure::Fault(error.to_string())),
        Err(error) => {
            tracing::warn!(%error, %topic, "a text message cannot be delivered");
            ask_for_call(app, person, &order, source).await
        }
    }
}

async fn ask_for_call(app: &App, person: PersonId, order: &orders::Order, source: &str) -> Result<()> {
    let service = app.platforms.kind(&order.kind).map(|kind| kind.name.clone());
    let service = service.unwrap_or_else(|| Words::new("服务", "service"));
    let call = Call {
        id: CallId(app.next_id()),
        person,
        area: order.area.clone(),
        order: Some(order.id),
        reason: Words::new(
            format!("短信无法送达，请电话告知“{}”预约的变化", service.zh),
            format!("A text message could not be delivered: please call about the booking of {}", service.en),
        ),
        created_at: app.now(),
    };
    let source = format!("{source}/{person}");
    app.store
        .write(move |tx| async move { Ok::<_, Failure>(messages::ask_to_call(tx, &call, &source).await?) }.boxed())
        .await
}

impl App {
    /// Somebody's inbox, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn inbox(&self, actor: &Actor, before: Option<NoticeId>, limit: u32) -> Result<Vec<Notice>> {
        Ok(messages::list(self.store.reads(), actor.person, before, limit).await?)
    }

    /// How many messages somebody has not read.
    ///
    /// # Errors
    /// The database's.
    pub async fn unread(&self, actor: &Actor) -> Result<u64> {
        Ok(messages::unread(self.store.reads(), actor.person).await?)
    }

    /// Marks one message, or all, as read.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a message of somebody else.
    pub async fn mark_read(&self, actor: &Actor, id: Option<NoticeId>) -> Result<()> {
        let (person, now) = (actor.person, self.now());
        self.store
            .write(move |tx| {
                async move {
                    if !messages::mark_read(tx, person, id, now).await? && id.is_some() {
                        return Err(Failure::from(Code::NotFound));
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// People staff should call, in the areas they work for, oldest first: each with the name and the number.
    ///
    /// # Errors
    /// The database's.
    pub async fn calls(&self, actor: &Actor, after: Option<CallId>, limit: u32) -> Result<Vec<OpenCall>> {
        let prefixes: Vec<String> = actor
            .grants
            .iter()
            .filter_map(|grant| match &grant.scope {
                Scope::Area(area) if grant.role.is_for_area() => Some(area.significant().to_owned()),
                _ => None,
            })
            .collect();
        let calls = messages::open_calls(self.store.reads(), &prefixes, after, limit).await?;
        let people: Vec<PersonId> = calls.iter().map(|call| call.person).collect();
        let names = persons::persons(self.store.reads(), &people).await?;
        let phones = persons::phones(self.store.reads(), &people).await?;
        Ok(calls
            .into_iter()
            .map(|call| OpenCall {
                name: names.iter().find(|p| p.id == call.person).map(|p| p.name.clone()).unwrap_or_default(),
                phone: phones.iter().find(|(id, _)| *id == call.person).map(|(_, phone)| phone.digits().to_owned()),
                call,
            })
            .collect())
    }

    /// Takes somebody off the list of people to call, with what came of it.
    ///
    /// # Errors
    /// [`Code::NotFound`] for calls of other areas and those already made.
    pub async fn finish_call(&self, actor: &Actor, id: CallId, outcome: &str) -> Result<()> {
        let outcome = input::note("outcome", outcome, 500)?;
        let call = messages::open_call(self.store.reads(), id).await?;
        let call = call.filter(|call| actor.governs(&call.area)).ok_or(Refusal::new(Code::NotFound))?;
        let (account, now) = (actor.account, self.now());
        let entry = AuditEntry::new(self.next_id(), now, Some(account), ActingAs::Staff, "call.made")
            .about(call.person)
            .on(id.0);
        self.store
            .write(move |tx| {
                async move {
                    if !messages::finish_call(tx, id, account, &outcome, now).await? {
                        return Err(Failure::from(Code::NotFound));
                    }
                    Ok(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }
}

/// Somebody to call.
#[derive(Debug, Clone)]
pub struct OpenCall {
    /// Why, and since when.
    pub call: Call,
    /// The name.
    pub name: String,
    /// The number, if there is one: staff see it, since they are to call.
    pub phone: Option<String>,
}
