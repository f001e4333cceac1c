//! Logging in.

use linli_application::App;
use linli_application::input::DEVICE_MAX;
use linli_application::people::login::{self, LoggedIn};
use linli_application::people::wechat::{self, WechatEntry};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::answer::Accepted;
use crate::dto::{At, Me, Text};
use crate::problem::Answer;
use crate::request;
use crate::server::Tag;

/// Logging in with a phone and a code, or through WeChat.
#[derive(Clone)]
pub struct LoginApi {
    /// The application.
    pub app: App,
}

/// A phone as people type it: spaces, dashes and +86 are allowed.
type PhoneText = Text<32>;
/// The six digits of a text message.
type CodeText = Text<16>;
/// What WeChat hands to the mini-program.
type WechatCode = Text<256>;
/// What the device calls itself.
type Device = Text<DEVICE_MAX, 0>;

/// A wish for a code.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CodeIn {
    /// The phone.
    phone: PhoneText,
}

/// A code is on its way.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct CodeOut {
    /// Seconds it is good for.
    expires_in: i64,
    /// Seconds until another may be asked for.
    resend_in: i64,
    /// The code, in demo mode alone.
    demo_code: Option<String>,
}

/// A phone and the code sent to it.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct LoginIn {
    /// The phone.
    phone: PhoneText,
    /// The code.
    code: CodeText,
    /// What the device calls itself, shown in the list of logins.
    device: Option<Device>,
}

/// Logged in.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct Login {
    /// The token, for `Authorization: Bearer`; shown this once.
    token: String,
    /// When it ends unless it is used.
    expires_at: At,
    /// Who it is.
    me: Me,
}

impl From<LoggedIn> for Login {
    fn from(logged_in: LoggedIn) -> Self {
        Self { token: logged_in.token, expires_at: logged_in.expires_at.into(), me: logged_in.me.into() }
    }
}

/// The code of `wx.login`.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WechatIn {
    /// The code.
    code: WechatCode,
    /// What the device calls itself.
    device: Option<Device>,
}

/// What WeChat's answer leads to.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct WechatOut {
    /// Whether there is an account.
    known: bool,
    /// The login, when there is.
    login: Option<Login>,
    /// When there is none: to be sent along with a phone number within ten minutes.
    ticket: Option<String>,
}

/// A ticket and the code of WeChat's phone-number button.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WechatPhoneIn {
    /// The ticket.
    ticket: Text<2048>,
    /// The code of the phone-number button.
    phone_code: WechatCode,
    /// What the device calls itself.
    device: Option<Device>,
}

/// A ticket, a phone, and the code sent to it.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WechatLinkIn {
    /// The ticket.
    ticket: Text<2048>,
    /// The phone.
    phone: PhoneText,
    /// The code.
    code: CodeText,
    /// What the device calls itself.
    device: Option<Device>,
}

#[OpenApi(prefix_path = "/login", tag = "Tag::Login")]
impl LoginApi {
    /// Send a code
    ///
    /// Sends a one-time code to a phone: one a minute, five an hour, ten a day.
    #[oai(path = "/code", method = "post", operation_id = "login_code")]
    async fn code(&self, from: request::From, body: Json<CodeIn>) -> Answer<Accepted<CodeOut>> {
        let sent = login::request_code(&self.app, &body.phone, from.0).await?;
        Ok(Accepted::Begun(Json(CodeOut {
            expires_in: sent.expires_in.whole_seconds(),
            resend_in: sent.resend_in.whole_seconds(),
            demo_code: sent.demo_code,
        })))
    }

    /// Log in
    ///
    /// With a phone and its code; the first time, an account is opened.
    #[oai(path = "/", method = "post", operation_id = "login")]
    async fn login(&self, from: request::From, body: Json<LoginIn>) -> Answer<Json<Login>> {
        let device = body.device.as_deref();
        let logged_in = login::with_code(&self.app, &body.phone, &body.code, device, from.0).await?;
        Ok(Json(logged_in.into()))
    }

    /// Log in through WeChat
    ///
    /// With the code of `wx.login`. Whoever has no account yet gets a ticket to go on with.
    #[oai(path = "/wechat", method = "post", operation_id = "login_wechat")]
    async fn wechat(&self, from: request::From, body: Json<WechatIn>) -> Answer<Json<WechatOut>> {
        let entry = wechat::login(&self.app, &body.code, body.device.as_deref(), from.0).await?;
        Ok(Json(match entry {
            WechatEntry::Known(logged_in) => WechatOut { known: true, login: Some((*logged_in).into()), ticket: None },
            WechatEntry::Unknown { ticket } => WechatOut { known: false, login: None, ticket: Some(ticket) },
        }))
    }

    /// Go on with WeChat's phone number
    #[oai(path = "/wechat/phone", method = "post", operation_id = "login_wechat_phone")]
    async fn wechat_phone(&self, from: request::From, body: Json<WechatPhoneIn>) -> Answer<Json<Login>> {
        let device = body.device.as_deref();
        let logged_in = wechat::with_wechat_phone(&self.app, &body.ticket, &body.phone_code, device, from.0).await?;
        Ok(Json(logged_in.into()))
    }

    /// Go on with a phone and its code
    #[oai(path = "/wechat/link", method = "post", operation_id = "login_wechat_link")]
    async fn wechat_link(&self, from: request::From, body: Json<WechatLinkIn>) -> Answer<Json<Login>> {
        let device = body.device.as_deref();
        let logged_in = wechat::with_code(&self.app, &body.ticket, &body.phone, &body.code, device, from.0).await?;
        Ok(Json(logged_in.into()))
    }
}
