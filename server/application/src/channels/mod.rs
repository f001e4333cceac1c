//! Telling people: the inbox for everything, and what leaves by other ways, as [`linli_domain::channel`] decides.
//!
//! [`tell`] writes the messages and the jobs that send them in one transaction. [`deliver`] is what those jobs do.

pub(crate) mod deliver;
mod digest;
mod wishes;

use futures::FutureExt;
use linli_domain::area::AreaCode;
use linli_domain::channel::{self, Channel, News, Template, Urgency};
use linli_domain::id::{AnnouncementId, CallId, JobId, NoticeId, OrderId, PersonId};
use linli_domain::time::Instant;
use linli_domain::words::Words;
use linli_store::Tx;
use linli_store::channels::{self as tables, DigestItem, Reachable};
use linli_store::jobs::{self, NewJob};
use linli_store::messages::{self, Call, Notice};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) use digest::send_due as send_digests;
pub use wishes::{Answered, MessageKind};

use crate::live::{self, Tell};
use crate::{App, Failure, Result};

/// What people are to be told.
#[derive(Debug, Clone)]
pub(crate) struct Telling {
    /// What it is about, as a stable key such as `order.held`.
    pub(crate) topic: String,
    /// The short words.
    pub(crate) title: Words,
    /// The longer words.
    pub(crate) body: Words,
    /// The order it is about, in which version: when it has moved on, nobody is called about this any more.
    pub(crate) order: Option<(OrderId, i32)>,
    /// The announcement it is.
    pub(crate) announcement: Option<AnnouncementId>,
    /// Whose staff call; none: those of where the person lives.
    pub(crate) area: Option<AreaCode>,
    /// What it says once to each.
    pub(crate) source: String,
    /// How much hangs on it, and until when.
    pub(crate) news: News,
}

/// A message on its way by one channel: the payload of its job. It holds no phone and no words, which are looked up
/// when it is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sending {
    person: PersonId,
    topic: String,
    source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notice: Option<NoticeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<OrderId>,
    /// How many messages a digest speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    area: Option<AreaCode>,
    #[serde(default = "timely")]
    urgency: Urgency,
}

const fn timely() -> Urgency {
    Urgency::Timely
}

impl Sending {
    fn job(&self, app: &App, channel: Channel, run_at: Instant) -> NewJob {
        let (kind, way) = if channel == Channel::Wechat { ("wechat.send", "wechat") } else { ("sms.send", "sms") };
        NewJob {
            id: JobId(app.next_id()),
            kind: kind.into(),
            payload: json!(self),
            unique_key: Some(format!("{way}/{}", self.source)),
            run_at,
            created_at: app.now(),
        }
    }
}

/// A look at whether an urgent message was read: the payload of its job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Unread {
    notice: NoticeId,
    source: String,
    area: AreaCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<(OrderId, i32)>,
}

/// Everything that telling something to some people writes down.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    announcement: Option<AnnouncementId>,
    notices: Vec<Notice>,
    digests: Vec<DigestItem>,
    calls: Vec<(Call, String)>,
    jobs: Vec<NewJob>,
}

/// Tells people something. Running it twice tells nobody twice.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn tell(app: &App, people: &[PersonId], telling: &Telling) -> Result<()> {
    let batch = Batch::of(app, people, telling).await?;
    let this = app.clone();
    app.store.write(move |tx| async move { batch.write(&this, tx).await }.boxed()).await?;
    app.hub.publish("jobs", "").await;
    Ok(())
}

impl Batch {
    /// Decides for each of these people how they are told.
    pub(crate) async fn of(app: &App, people: &[PersonId], telling: &Telling) -> Result<Self> {
        let template = Template::of_topic(&telling.topic);
        let offered = app.wechat.template_id(template.key()).is_some();
        let district = app.catalogue().await?.district()?.code.clone();
        let mut batch = Self { announcement: telling.announcement, ..Self::default() };
        for person in tables::reach(app.store.reads(), people, template).await? {
            let area = telling.area.as_ref().or(person.community.as_ref()).unwrap_or(&district).clone();
            batch.add(app, telling, &person, area, offered);
        }
        Ok(batch)
    }

    fn add(&mut self, app: &App, telling: &Telling, person: &Reachable, area: AreaCode, wechat_offered: bool) {
        let now = app.now();
        let mut reach = person.reach();
        reach.wechat &= wechat_offered;
        let source = format!("{}/{}", telling.source, person.person);
        // Whoever has no inbox gets a message all the same: it keeps the words until they were sent.
        let notice = NoticeId(app.next_id());
        self.notices.push(Notice {
            id: notice,
            person: person.person,
            topic: telling.topic.clone(),
            title: telling.title.clone(),
            body: telling.body.clone(),
            order: telling.order.map(|(id, _)| id),
            source: source.clone(),
            at: now,
            read_at: None,
        });
        let sending = Sending {
            person: person.person,
            topic: telling.topic.clone(),
            source: source.clone(),
            notice: Some(notice),
            order: telling.order.map(|(id, _)| id),
            count: None,
            area: Some(area.clone()),
            urgency: telling.news.urgency,
        };
        for step in channel::plan(telling.news, &person.wishes, reach, now) {
            match step.channel {
                Channel::Inbox => {}
                Channel::Wechat | Channel::Sms => self.jobs.push(sending.job(app, step.channel, step.at)),
                Channel::Digest => self.digests.push(DigestItem { notice, person: person.person, due: step.at }),
                Channel::Call => {
                    let reason = telling.body.clone();
                    self.calls.push((call(app, person.person, &area, sending.order, reason), source.clone()));
                }
                Channel::CallIfUnread => self.jobs.push(NewJob {
                    id: JobId(app.next_id()),
                    kind: "notice.unread".into(),
                    payload: json!(Unread { notice, source: source.clone(), area: area.clone(), order: telling.order }),
                    unique_key: Some(format!("unread/{source}")),
                    run_at: step.at,
                    created_at: now,
                }),
            }
        }
    }

    /// Writes it all down, in a few statements. Whoever listens hears of what is new in their inbox.
    pub(crate) async fn write(self, app: &App, tx: &Tx) -> Result<()> {
        let new = messages::insert(tx, &self.notices, self.announcement).await?;
        let tells = self.notices.iter().filter(|notice| new.contains(&notice.id)).map(|notice| Tell {
            person: notice.person,
            event: "notice",
            payload: json!({ "notice_id": notice.id, "topic": notice.topic, "order_id": notice.order }),
        });
        live::tell(app, tx, app.now(), tells.collect()).await?;
        tables::collect(tx, &self.digests).await?;
        messages::ask_to_call_all(tx, &self.calls, self.announcement).await?;
        jobs::enqueue(tx, &self.jobs).await?;
        Ok::<_, Failure>(())
    }
}

/// A call that staff of an area are to make: to whom, about which order, and why.
pub(crate) fn call(app: &App, person: PersonId, area: &AreaCode, order: Option<OrderId>, reason: Words) -> Call {
    Call { id: CallId(app.next_id()), person, area: area.clone(), order, reason, created_at: app.now() }
}
