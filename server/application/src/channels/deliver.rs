//! What the jobs do that send messages. They may run twice; a WeChat message is paid for once, and a text message that
//! may have gone out is tried again rather than lost.

use std::collections::BTreeMap;

use futures::FutureExt;
use linli_domain::channel::{self, Channel, Template};
use linli_domain::time::{Instant, Span};
use linli_domain::words::{Language, Words, say};
use linli_edge::{SmsMessage, SmsTemplate, SubscribeMessage, WechatError};
use linli_store::booking::orders::{self, Order};
use linli_store::channels::{self as tables, Reachable};
use linli_store::jobs;
use linli_store::messages::{self, Notice};
use linli_store::wechat_ledger::{self as ledger, Entry, Use};

use super::{Sending, Unread, call};
use crate::{App, Failure, Result};

/// How long a WeChat message is tried before the text message goes instead.
const TRY_WECHAT_FOR: Span = Span::minutes(10);
/// The pages a tap opens.
const ORDER_PAGE: &str = "booking/order";
const INBOX_PAGE: &str = "pages/inbox/index";

/// What becomes of a consent that was taken when its message could not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Consent {
    /// None was taken, or the message may have gone out.
    AsItStands,
    /// It is given back.
    GivenBack,
    /// WeChat knows of none: all are struck.
    Struck,
}

/// Sends a one-time message, or whatever goes instead of it.
///
/// # Errors
/// Faults of the database; WeChat's, while trying again makes sense.
pub(crate) async fn by_wechat(app: &App, sending: &Sending) -> Result<()> {
    let template = Template::of_topic(&sending.topic);
    let Some((to, what)) = prepare(app, sending, template).await? else { return Ok(()) };
    let offered = app.wechat.template_id(template.key()).is_some();
    let Some(openid) = to.openid.clone().filter(|_| offered) else {
        return instead(app, sending, &to, &what, Consent::AsItStands).await;
    };
    let Use::Taken { at } = take(app, sending, template).await? else {
        return instead(app, sending, &to, &what, Consent::AsItStands).await;
    };
    let message = SubscribeMessage {
        openid,
        kind: template.key().to_owned(),
        page: Some(sending.order.map_or_else(|| INBOX_PAGE.to_owned(), |id| format!("{ORDER_PAGE}?id={id}"))),
        language: to.language,
        params: fit_for_wechat(&what, to.language),
    };
    let Err(error) = app.wechat.notify(&message).await else { return Ok(()) };
    if error.is_retryable() && app.now() - at < TRY_WECHAT_FOR {
        return Err(Failure::Fault(error.to_string()));
    }
    tracing::warn!(%error, topic = sending.topic, "a WeChat message cannot be delivered");
    let consent = match error {
        WechatError::NoConsent => Consent::Struck,
        other if other.is_retryable() => Consent::AsItStands,
        _ => Consent::GivenBack,
    };
    instead(app, sending, &to, &what, consent).await
}

/// Sends a text message. What can never be delivered becomes a call by staff; what may succeed later is an error, so
/// that the job is tried again.
///
/// # Errors
/// Faults of the database and of the provider.
pub(crate) async fn by_sms(app: &App, sending: &Sending) -> Result<()> {
    let Some((to, what)) = prepare(app, sending, Template::of_topic(&sending.topic)).await? else { return Ok(()) };
    let undelivered = match to.phone.clone() {
        None => true,
        Some(phone) => {
            let template = SmsTemplate::Notice(sending.topic.replace('.', "_"));
            let params = what.values(to.language, say::instant);
            match app.sms.send(&SmsMessage { phone, template, params, out_id: sending.source.clone() }).await {
                Ok(_) => false,
                Err(error) if error.is_retryable() => return Err(Failure::Fault(error.to_string())),
                Err(error) => {
                    tracing::warn!(%error, topic = sending.topic, "a text message cannot be delivered");
                    true
                }
            }
        }
    };
    if undelivered && channel::after_sms(sending.urgency, to.reach()).is_some() {
        let (call, source) = asked_to_call(app, sending, &to, &what).await?;
        app.store
            .write(move |tx| async move { Ok::<_, Failure>(messages::ask_to_call(tx, &call, &source).await?) }.boxed())
            .await?;
    }
    Ok(())
}

/// Puts somebody who has not read an urgent message on the list of people to call, unless there is nothing to tell any
/// more.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn if_unread(app: &App, unread: &Unread) -> Result<()> {
    let reads = app.store.reads();
    let Some(notice) = messages::one(reads, unread.notice).await?.filter(|notice| notice.read_at.is_none()) else {
        return Ok(());
    };
    if let Some((id, version)) = unread.order {
        // Whoever has answered has heard of it; what came since has a message of its own.
        let stands = orders::one(reads, id).await?.is_some_and(|order| order.version == version);
        if !stands {
            return Ok(());
        }
    }
    let reason = Words::new(
        format!("消息未读，请电话告知：{}", notice.body.zh),
        format!("A message was not read; please call: {}", notice.body.en),
    );
    let call = call(app, notice.person, &unread.area, notice.order, reason);
    let source = unread.source.clone();
    app.store
        .write(move |tx| async move { Ok::<_, Failure>(messages::ask_to_call(tx, &call, &source).await?) }.boxed())
        .await
}

/// What a message speaks of.
enum What {
    /// An order, with the names of service and place, and the message about it.
    Order { order: Box<Order>, service: Words, place: Words, notice: Option<Notice> },
    /// A message alone.
    Notice(Notice),
    /// So many messages of the day.
    Digest(u32, Instant),
}

impl What {
    /// The values of templates by our own names.
    fn values(&self, language: Language, time: fn(Instant, Language) -> String) -> BTreeMap<String, String> {
        let mut values = BTreeMap::new();
        let mut put = |name: &str, value: String| values.insert(name.to_owned(), value);
        match self {
            Self::Order { order, service, place, .. } => {
                put("service", service.in_language(language).to_owned());
                put("place", place.in_language(language).to_owned());
                put("time", time(order.starts_at, language));
                put("until", time(order.held_until.unwrap_or(order.starts_at), language));
                put("state", order.state.words().in_language(language).to_owned());
                put("code", order.check_in_code.clone());
            }
            Self::Notice(notice) => {
                put("time", time(notice.at, language));
            }
            Self::Digest(count, at) => {
                let (title, text) = match language {
                    Language::Zh => ("今日消息".to_owned(), format!("您有{count}条未读消息")),
                    Language::En => ("Messages of the day".to_owned(), format!("{count} unread")),
                };
                put("title", title);
                put("text", text);
                put("count", count.to_string());
                put("time", time(*at, language));
            }
        }
        if let Some(notice) = self.notice() {
            put("title", notice.title.in_language(language).to_owned());
            put("text", notice.body.in_language(language).to_owned());
        }
        values
    }

    const fn notice(&self) -> Option<&Notice> {
        match self {
            Self::Order { notice, .. } => notice.as_ref(),
            Self::Notice(notice) => Some(notice),
            Self::Digest(..) => None,
        }
    }
}

/// To whom and what; none when they are gone, or the message was taken back.
async fn prepare(app: &App, sending: &Sending, template: Template) -> Result<Option<(Reachable, What)>> {
    let reads = app.store.reads();
    let Some(to) = tables::reach(reads, &[sending.person], template).await?.pop() else { return Ok(None) };
    let notice = match sending.notice {
        Some(id) => messages::one(reads, id).await?,
        None => None,
    };
    let what = match (sending.order, sending.count) {
        (Some(id), _) => {
            let Some(order) = orders::one(reads, id).await? else { return Ok(None) };
            let catalogue = app.catalogue().await?;
            let service = app.service_of(&catalogue, &order);
            let place = catalogue.places.get(&order.place);
            let place = place.map_or_else(|| Words::new("", ""), |place| place.name.clone());
            Some(What::Order { order: Box::new(order), service, place, notice })
        }
        (None, Some(count)) => Some(What::Digest(count, app.now())),
        (None, None) => notice.map(What::Notice),
    };
    Ok(what.map(|what| (to, what)))
}

async fn take(app: &App, sending: &Sending, template: Template) -> Result<Use> {
    let (id, now, sending) = (app.next_id(), app.now(), sending.clone());
    app.store
        .write(move |tx| {
            async move {
                let Sending { person, source, .. } = &sending;
                Ok::<_, Failure>(ledger::take(tx, Entry { id, person: *person, template, source, at: now }).await?)
            }
            .boxed()
        })
        .await
}

/// What goes instead of a WeChat message, and what becomes of the consent, in one transaction.
async fn instead(app: &App, sending: &Sending, to: &Reachable, what: &What, consent: Consent) -> Result<()> {
    let next = channel::after_wechat(sending.urgency, &to.wishes, to.reach());
    let job = (next == Some(Channel::Sms)).then(|| sending.job(app, Channel::Sms, app.now()));
    let asked = if next == Some(Channel::Call) { Some(asked_to_call(app, sending, to, what).await?) } else { None };
    let (id, now, sending) = (app.next_id(), app.now(), sending.clone());
    app.store
        .write(move |tx| {
            async move {
                let template = Template::of_topic(&sending.topic);
                let entry = Entry { id, person: sending.person, template, source: &sending.source, at: now };
                match consent {
                    Consent::AsItStands => {}
                    Consent::GivenBack => ledger::give_back(tx, entry).await?,
                    Consent::Struck => ledger::strike(tx, entry).await?,
                }
                jobs::enqueue(tx, job.as_slice()).await?;
                if let Some((call, source)) = asked {
                    messages::ask_to_call(tx, &call, &source).await?;
                }
                Ok::<_, Failure>(())
            }
            .boxed()
        })
        .await?;
    app.hub.publish("jobs", "").await;
    Ok(())
}

/// The call that staff are asked to make since no message arrives.
async fn asked_to_call(app: &App, sending: &Sending, to: &Reachable, what: &What) -> Result<(messages::Call, String)> {
    let area = match sending.area.as_ref().or(to.community.as_ref()) {
        Some(area) => area.clone(),
        None => app.catalogue().await?.district()?.code.clone(),
    };
    let about = match (what, what.notice()) {
        (_, Some(notice)) => notice.body.clone(),
        (What::Order { service, .. }, None) => {
            Words::new(format!("“{}”预约有变化", service.zh), format!("the booking of {} has changed", service.en))
        }
        _ => Words::new("有未读消息", "there are unread messages"),
    };
    let reason = Words::new(
        format!("短信无法送达，请电话告知：{}", about.zh),
        format!("A text message could not be delivered; please call: {}", about.en),
    );
    Ok((call(app, sending.person, &area, sending.order, reason), sending.source.clone()))
}

/// As WeChat takes them: its fields of type `time` want the form `2026年11月24日 09:30`, and those of type `phrase`, of
/// which the state is one, hold Chinese characters alone.
fn fit_for_wechat(what: &What, language: Language) -> BTreeMap<String, String> {
    let mut values = what.values(language, |at, _| {
        let (day, (month, date)) = (at.day(), at.day().month_day());
        format!("{}年{month}月{date}日 {}", day.year(), at.time_of_day())
    });
    if let What::Order { order, .. } = what {
        values.insert("state".to_owned(), order.state.words().zh);
    }
    values
}
