//! How somebody wishes to be told, and what WeChat may send them.

use linli_application::App;
use linli_application::channels::{Answered, MessageKind};
use linli_domain::channel::{Template, Wishes};
use linli_domain::time::TimeOfDay;
use poem_openapi::param::Header;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::actor::Resident;
use crate::answer::Done;
use crate::dto::{Clock, IdempotencyKey, Words};
use crate::problem::Answer;
use crate::server::Tag;

/// Whether ordinary messages of a day come as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum DigestKey {
    /// Each by itself.
    Off,
    /// One message a day.
    Daily,
}

/// How somebody wishes to be told. Everything is in the inbox anyway, and what is urgent always leaves.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct Channels {
    /// Text messages for ordinary matters too.
    sms: bool,
    /// From this time of day nothing leaves that can wait.
    quiet_from: Clock,
    /// Until this one, at most twelve hours later; the same time means no quiet hours.
    quiet_to: Clock,
    /// Whether ordinary messages of a day come as one.
    digest: DigestKey,
    /// When that one comes.
    digest_at: Clock,
}

impl From<Wishes> for Channels {
    fn from(wishes: Wishes) -> Self {
        Self {
            sms: wishes.sms,
            quiet_from: wishes.quiet_from.into(),
            quiet_to: wishes.quiet_to.into(),
            digest: if wishes.digest { DigestKey::Daily } else { DigestKey::Off },
            digest_at: wishes.digest_at.into(),
        }
    }
}

impl From<Channels> for Wishes {
    fn from(channels: Channels) -> Self {
        // 24:00 and 00:00 are the same time of day.
        let time = |clock: Clock| TimeOfDay(clock.0.0 % 1440);
        Self {
            sms: channels.sms,
            quiet_from: time(channels.quiet_from),
            quiet_to: time(channels.quiet_to),
            digest: channels.digest == DigestKey::Daily,
            digest_at: time(channels.digest_at),
        }
    }
}

/// A kind of one-time message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum WechatMessageKey {
    /// A place is held and waits for a yes.
    HeldPlace,
    /// A booking comes near.
    Reminder,
    /// Whatever else happens to a booking.
    Booking,
    /// An announcement, or the digest.
    Notice,
}

impl From<Template> for WechatMessageKey {
    fn from(template: Template) -> Self {
        match template {
            Template::HeldPlace => Self::HeldPlace,
            Template::Reminder => Self::Reminder,
            Template::Booking => Self::Booking,
            Template::Notice => Self::Notice,
        }
    }
}

impl From<WechatMessageKey> for Template {
    fn from(key: WechatMessageKey) -> Self {
        match key {
            WechatMessageKey::HeldPlace => Self::HeldPlace,
            WechatMessageKey::Reminder => Self::Reminder,
            WechatMessageKey::Booking => Self::Booking,
            WechatMessageKey::Notice => Self::Notice,
        }
    }
}

/// A kind of one-time message that can be agreed to.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct WechatMessage {
    /// Which.
    template: WechatMessageKey,
    /// The id to ask WeChat with (`wx.requestSubscribeMessage`).
    wechat_id: String,
    /// What it is called.
    name: Words,
    /// How many may still be sent: one for each yes.
    kept: i32,
}

impl From<MessageKind> for WechatMessage {
    fn from(kind: MessageKind) -> Self {
        Self { template: kind.template.into(), wechat_id: kind.wechat_id, name: kind.name.into(), kept: kind.kept }
    }
}

/// What can be agreed to.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WechatMessages {
    /// Only kinds the district has a template for.
    items: Vec<WechatMessage>,
}

/// The answer to one kind.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WechatAnswerIn {
    /// To which.
    template: WechatMessageKey,
    /// Whether WeChat said `accept`.
    accepted: bool,
}

/// What WeChat answered after a tap.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WechatAnswersIn {
    /// One for each kind asked about, 1 to 10.
    results: Vec<WechatAnswerIn>,
}

/// Messages by channel.
#[derive(Clone)]
pub struct ChannelsApi {
    /// The application.
    pub app: App,
}

#[OpenApi(prefix_path = "/me", tag = "Tag::Me")]
impl ChannelsApi {
    /// How messages come
    #[oai(path = "/channels", method = "get", operation_id = "channels")]
    async fn channels(&self, actor: Resident) -> Answer<Json<Channels>> {
        Ok(Json(self.app.wishes(&actor).await?.into()))
    }

    /// Change how messages come
    #[oai(path = "/channels", method = "put", operation_id = "change_channels")]
    async fn change(&self, actor: Resident, body: Json<Channels>) -> Answer<Json<Channels>> {
        Ok(Json(self.app.wish(&actor, body.0.into()).await?.into()))
    }

    /// One-time messages I can agree to
    #[oai(path = "/wechat-messages", method = "get", operation_id = "wechat_messages")]
    async fn wechat_messages(&self, actor: Resident) -> Answer<Json<WechatMessages>> {
        let kinds = self.app.message_kinds(&actor).await?;
        Ok(Json(WechatMessages { items: kinds.into_iter().map(WechatMessage::from).collect() }))
    }

    /// Say what WeChat answered after a tap
    ///
    /// Each yes is good for one message. With a key, the same answer sent again is counted once.
    #[oai(path = "/wechat-messages", method = "post", operation_id = "answer_wechat_messages")]
    async fn answer(
        &self,
        actor: Resident,
        #[oai(name = "Idempotency-Key")] key: Header<Option<IdempotencyKey>>,
        body: Json<WechatAnswersIn>,
    ) -> Answer<Done> {
        let answers = body.0.results.iter();
        let answers = answers.map(|one| Answered { template: one.template.into(), accepted: one.accepted }).collect();
        self.app.count_answers(&actor, answers, key.0.as_ref().map(IdempotencyKey::as_str)).await?;
        Ok(Done::Nothing)
    }
}
