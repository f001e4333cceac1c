//! The inbox, and the list of people to call.

use futures::FutureExt;
use linli_domain::id::{CallId, NoticeId, PersonId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Actor, Scope};
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::messages;
pub use linli_store::messages::{Call, Notice};
use linli_store::people::persons;

use crate::{App, Failure, Result, input};

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
        self.open_calls(&prefixes, after, limit).await
    }

    /// People to call in the areas whose codes begin with one of the prefixes.
    pub(crate) async fn open_calls(
        &self,
        prefixes: &[String],
        after: Option<CallId>,
        limit: u32,
    ) -> Result<Vec<OpenCall>> {
        let calls = messages::open_calls(self.store.reads(), prefixes, after, limit).await?;
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
