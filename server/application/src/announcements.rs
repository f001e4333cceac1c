//! Announcements: what staff tell the residents of their areas.
//!
//! An announcement is written down at once and sent by jobs, some people at a time. How far it has come stands in its
//! row, and a batch is written only by whoever moves that on, so that a job that runs twice tells nobody twice.

use std::collections::HashMap;

use futures::FutureExt;
use linli_domain::announcement::Group;
use linli_domain::area::AreaCode;
use linli_domain::channel::{self, Channel, News, Urgency};
use linli_domain::id::{AccountId, AnnouncementId, JobId, OrderId, PersonId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Actor, Scope};
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;
pub use linli_store::announcements::{Announcement, State};
use linli_store::audit::{self, ActingAs};
use linli_store::booking::keys::{self, Made};
use linli_store::jobs::{self, NewJob};
use linli_store::people::{accounts, persons};
use linli_store::{StoreError, announcements as tables};
use serde::Serialize;
use serde_json::json;

use crate::channels::{Batch, Telling};
use crate::idempotency::Once;
use crate::{App, Failure, Result, input};

/// The longest title, in characters: it must fit into a text message.
pub const TITLE_MAX: usize = 40;
/// The longest text, in characters.
pub const BODY_MAX: usize = 2_000;
/// People told in one transaction.
const AT_ONCE: u32 = 200;
/// Messages removed in one transaction.
const RECALLED_AT_ONCE: u32 = 500;

/// What staff want to announce.
#[derive(Debug, Clone, Serialize)]
pub struct NewAnnouncement {
    /// To the residents of this area …
    pub area: AreaCode,
    /// … of these groups.
    pub groups: Vec<Group>,
    /// The short words; without English the Chinese stand in its place.
    pub title: (String, Option<String>),
    /// The longer words.
    pub body: (String, Option<String>),
    /// Whether it leaves by more than the inbox.
    pub urgent: bool,
    /// The last day it is shown; none: always.
    pub until: Option<Day>,
}

/// How many people an announcement would reach, and by how many messages of each kind. Somebody may be counted in
/// the inbox and by one more way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Preview {
    /// People it is for.
    pub people: u32,
    /// In their inbox.
    pub inbox: u32,
    /// By WeChat.
    pub wechat: u32,
    /// By text message.
    pub sms: u32,
    /// With their digest.
    pub digest: u32,
    /// By a call, since nothing else reaches them.
    pub calls: u32,
}

/// An announcement with the name of its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// What.
    pub announcement: Announcement,
    /// The author's name.
    pub author: String,
}

const fn news(urgent: bool) -> News {
    // Nobody is called because they have not opened an announcement: a whole community would have to be.
    News { urgency: if urgent { Urgency::Timely } else { Urgency::Ordinary }, by: None }
}

impl App {
    /// How many an announcement would reach, by which ways.
    ///
    /// # Errors
    /// As [`App::announce`].
    pub async fn preview_announcement(&self, actor: &Actor, wanted: &NewAnnouncement) -> Result<Preview> {
        let (area, groups) = self.checked_audience(actor, wanted).await?;
        checked_words(wanted)?;
        self.audience_of(&area, &groups, wanted.urgent).await
    }

    async fn audience_of(&self, area: &AreaCode, groups: &[Group], urgent: bool) -> Result<Preview> {
        let now = self.now();
        let offered = self.wechat.template_id(channel::Template::Notice.key()).is_some();
        let mut preview = Preview::default();
        for class in tables::classes(self.store.reads(), area, groups, now.day()).await? {
            let mut reach = class.reach;
            reach.wechat &= offered;
            preview.people += class.people;
            for step in channel::plan(news(urgent), &class.wishes, reach, now) {
                *match step.channel {
                    Channel::Inbox => &mut preview.inbox,
                    Channel::Wechat => &mut preview.wechat,
                    Channel::Sms => &mut preview.sms,
                    Channel::Digest => &mut preview.digest,
                    Channel::Call => &mut preview.calls,
                    Channel::CallIfUnread => continue,
                } += class.people;
            }
        }
        Ok(preview)
    }

    /// Announces something to residents of an area the actor works for. The same request with the same key announces
    /// nothing twice.
    ///
    /// # Errors
    /// [`Code::NotFound`] for areas of others; what is wrong with words, groups or days, by field.
    pub async fn announce(&self, actor: &Actor, wanted: NewAnnouncement, key: &str) -> Result<Announced> {
        let once = Once::new(actor.account, "announcement.make", key, &wanted)?;
        let (area, groups) = self.checked_audience(actor, &wanted).await?;
        let (title, body) = checked_words(&wanted)?;
        let now = self.now();
        if wanted.until.is_some_and(|until| until < now.day()) {
            return Err(Refusal::new(Code::DateInvalid).field("until").into());
        }
        let total = self.audience_of(&area, &groups, wanted.urgent).await?.people;
        let new = Announcement {
            id: AnnouncementId(self.next_id()),
            area,
            groups,
            title,
            body,
            urgent: wanted.urgent,
            until: wanted.until,
            author: actor.account,
            created_at: now,
            state: State::Sending,
            withdrawn_at: None,
            total,
            reached: 0,
            last_person: PersonId(0),
        };
        let entry = self.entry(actor, ActingAs::Staff, "announcement.made").on(new.id.0).saying(json!({
            "area": new.area, "groups": new.groups, "urgent": new.urgent, "people": total,
        }));
        let job = send_job(self, new.id, PersonId(0), now);
        let again = once.clone();
        let written = self
            .store
            .write(move |tx| {
                async move {
                    if let Some(made) = keys::find(tx, std::slice::from_ref(&once.key)).await?.remove(&once.key) {
                        once.is_repetition_of(&made)?;
                        return Ok(AnnouncementId(made.order.0));
                    }
                    tables::insert(tx, &new).await?;
                    jobs::enqueue(tx, &[job]).await?;
                    audit::record(tx, entry).await?;
                    keys::remember(tx, &[(once.key.clone(), once.makes(OrderId(new.id.0)))], now).await?;
                    Ok::<_, Failure>(new.id)
                }
                .boxed()
            })
            .await;
        let id = match written {
            // The same request at the same moment was faster: it has made what this one asks for.
            Err(Failure::Store(StoreError::Unique(_))) => self.announced_before(&again).await?,
            other => other?,
        };
        self.hub.publish("jobs", "").await;
        self.announcement(id).await
    }

    async fn announced_before(&self, once: &Once) -> Result<AnnouncementId> {
        let made: Option<Made> =
            keys::find(self.store.reads(), std::slice::from_ref(&once.key)).await?.remove(&once.key);
        let made = made.ok_or_else(|| Failure::Fault("a key was taken and is gone".into()))?;
        once.is_repetition_of(&made)?;
        Ok(AnnouncementId(made.order.0))
    }

    async fn announcement(&self, id: AnnouncementId) -> Result<Announced> {
        let found = tables::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        self.with_authors(vec![found]).await?.pop().ok_or_else(|| Code::NotFound.into())
    }

    async fn with_authors(&self, found: Vec<Announcement>) -> Result<Vec<Announced>> {
        let reads = self.store.reads();
        let mut authors: Vec<AccountId> = found.iter().map(|one| one.author).collect();
        authors.sort_unstable();
        authors.dedup();
        let owners: HashMap<AccountId, PersonId> = accounts::owners(reads, &authors).await?.into_iter().collect();
        let people: Vec<PersonId> = owners.values().copied().collect();
        let names: HashMap<PersonId, String> =
            persons::persons(reads, &people).await?.into_iter().map(|person| (person.id, person.name)).collect();
        let name = |account: &AccountId| owners.get(account).and_then(|person| names.get(person)).cloned();
        Ok(found
            .into_iter()
            .map(|one| Announced { author: name(&one.author).unwrap_or_default(), announcement: one })
            .collect())
    }

    /// Announcements to the areas the actor works for, newest first, older than `before`.
    ///
    /// # Errors
    /// The database's.
    pub async fn announcements(
        &self,
        actor: &Actor,
        before: Option<AnnouncementId>,
        limit: u32,
    ) -> Result<Vec<Announced>> {
        let own = |scope: &Scope| match scope {
            Scope::Area(area) => Some(area.significant().to_owned()),
            Scope::Organisation(_) => None,
        };
        let prefixes: Vec<String> = actor
            .grants
            .iter()
            .filter(|grant| grant.role.is_for_area())
            .filter_map(|grant| own(&grant.scope))
            .collect();
        self.with_authors(tables::list(self.store.reads(), &prefixes, before, limit).await?).await
    }

    /// What was announced to everybody in an area, there or further up, newest first, older than `before`.
    ///
    /// # Errors
    /// [`Code::CommunityUnknown`].
    pub async fn public_announcements(
        &self,
        area: &AreaCode,
        before: Option<AnnouncementId>,
        limit: u32,
    ) -> Result<Vec<Announcement>> {
        let catalogue = self.catalogue().await?;
        if catalogue.areas.get(area).is_none() {
            return Err(Refusal::new(Code::CommunityUnknown).field("area").into());
        }
        let path: Vec<&AreaCode> = catalogue.path(area).into_iter().map(|area| &area.code).collect();
        Ok(tables::public(self.store.reads(), &path, self.now().day(), before, limit).await?)
    }

    /// Takes an announcement back: nobody more is told, and it is removed from inboxes.
    ///
    /// # Errors
    /// [`Code::NotFound`] for announcements to areas of others; [`Code::AnnouncementWithdrawn`].
    pub async fn withdraw_announcement(&self, actor: &Actor, id: AnnouncementId) -> Result<Announced> {
        let found = tables::one(self.store.reads(), id).await?.filter(|found| actor.governs(&found.area));
        found.ok_or(Code::NotFound)?;
        let now = self.now();
        let entry = self.entry(actor, ActingAs::Staff, "announcement.withdrawn").on(id.0);
        let job = job(self, "announcement.recall", id, format!("announcement.recall/{id}"), now);
        self.store
            .write(move |tx| {
                async move {
                    if !tables::withdraw(tx, id, now).await? {
                        return Err(Failure::from(Code::AnnouncementWithdrawn));
                    }
                    jobs::enqueue(tx, &[job]).await?;
                    Ok(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        self.hub.publish("jobs", "").await;
        self.announcement(id).await
    }

    /// The area and the groups, if the actor may speak to them.
    async fn checked_audience(&self, actor: &Actor, wanted: &NewAnnouncement) -> Result<(AreaCode, Vec<Group>)> {
        let known = self.catalogue().await?.areas.get(&wanted.area).is_some();
        if !known || !actor.governs(&wanted.area) {
            return Err(Code::NotFound.into());
        }
        let mut groups = wanted.groups.clone();
        groups.sort_unstable();
        groups.dedup();
        if groups.is_empty() {
            let allowed = Group::ALL.map(Group::key).join(", ");
            return Err(Refusal::new(Code::ValueInvalid).with("allowed", allowed).field("groups").into());
        }
        Ok((wanted.area.clone(), groups))
    }
}

fn checked_words(wanted: &NewAnnouncement) -> Result<(Words, Words)> {
    let line = |text: &str| input::line("title", text, TITLE_MAX);
    let note = |text: &str| input::note("body", text, BODY_MAX);
    let (title, body) = (line(&wanted.title.0)?, note(&wanted.body.0)?);
    // Whoever reads English sees the Chinese words rather than none.
    let title_en = wanted.title.1.as_deref().map(|text| input::line("title", text, 2 * TITLE_MAX)).transpose()?;
    let body_en = wanted.body.1.as_deref().map(|text| input::note("body", text, 2 * BODY_MAX)).transpose()?;
    Ok((Words::new(title.clone(), title_en.unwrap_or(title)), Words::new(body.clone(), body_en.unwrap_or(body))))
}

fn job(app: &App, kind: &str, id: AnnouncementId, unique: String, now: Instant) -> NewJob {
    NewJob {
        id: JobId(app.next_id()),
        kind: kind.into(),
        payload: json!({ "announcement": id }),
        unique_key: Some(unique),
        run_at: now,
        created_at: now,
    }
}

fn send_job(app: &App, id: AnnouncementId, after: PersonId, now: Instant) -> NewJob {
    job(app, "announcement.send", id, format!("announcement.send/{id}/{after}"), now)
}

/// Tells the next people of an announcement, and leaves a job for those after them.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn send(app: &App, id: AnnouncementId) -> Result<()> {
    let reads = app.store.reads();
    let Some(found) = tables::one(reads, id).await?.filter(|one| one.state == State::Sending) else { return Ok(()) };
    let now = app.now();
    let people = tables::audience(reads, &found.area, &found.groups, now.day(), found.last_person, AT_ONCE).await?;
    let done = people.len() < AT_ONCE as usize;
    let from = found.last_person;
    let to = people.last().copied().unwrap_or(from);
    let telling = Telling {
        topic: "announcement".into(),
        title: found.title,
        body: found.body,
        order: None,
        announcement: Some(id),
        area: None,
        source: format!("announcement/{id}"),
        news: news(found.urgent),
    };
    let (this, batch) = (app.clone(), Batch::of(app, &people, &telling).await?);
    let next = send_job(app, id, to, now);
    let told = u32::try_from(people.len()).unwrap_or(u32::MAX);
    app.store
        .write(move |tx| {
            async move {
                if tables::advance(tx, id, (from, to), told, done).await? {
                    batch.write(&this, tx).await?;
                    if !done {
                        jobs::enqueue(tx, &[next]).await?;
                    }
                }
                Ok::<_, Failure>(())
            }
            .boxed()
        })
        .await?;
    app.hub.publish("jobs", "").await;
    Ok(())
}

/// Removes a withdrawn announcement from inboxes, some at a time.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn recall(app: &App, id: AnnouncementId) -> Result<()> {
    loop {
        let recalled = app.store.write(move |tx| tables::recall(tx, id, RECALLED_AT_ONCE).boxed()).await?;
        if recalled < RECALLED_AT_ONCE {
            return Ok(());
        }
    }
}
