//! The WeChat platform: who somebody is, their phone number, one-time notices, and what WeChat pushes to us.

mod answer;
mod client;
mod config;
mod fake;
mod fields;
mod push;
mod token;

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use linli_domain::phone::Phone;
use linli_domain::words::Language;

pub use client::WechatClient;
pub use config::{MiniProgramState, PushConfig, SubscribeTemplate, WechatConfig};
pub use fake::FakeWechat;
pub use push::{PushCrypto, PushError, SealedPush};

/// What Linli asks of WeChat.
#[async_trait]
pub trait WechatPlatform: Send + Sync {
    /// Turns the code of `wx.login` into who it is (`code2Session`). A code lives five minutes and works once.
    ///
    /// # Errors
    /// [`WechatError::CodeUnusable`], [`WechatError::HighRisk`], [`WechatError::RateLimited`] and the general ones.
    async fn login(&self, code: &str) -> Result<WechatIdentity, WechatError>;

    /// Turns the code of the phone-number button, not that of the login, into the number (`getuserphonenumber`).
    /// A code lives five minutes and works once.
    ///
    /// # Errors
    /// [`WechatError::CodeUnusable`], [`WechatError::ForeignApp`], [`WechatError::RateLimited`] and the general ones.
    async fn phone_number(&self, code: &str) -> Result<WechatPhone, WechatError>;

    /// Sends a one-time notice (`subscribe/send`). It uses up one consent of the person; the ledger of consents is kept
    /// by the caller, since WeChat offers no way to ask.
    ///
    /// # Errors
    /// [`WechatError::NoConsent`] (strike it from the ledger), [`WechatError::RecipientUnknown`],
    /// [`WechatError::TemplateUnknown`], [`WechatError::PageNotLive`], [`WechatError::FieldRefused`] and the general ones.
    async fn notify(&self, message: &SubscribeMessage) -> Result<(), WechatError>;

    /// The id under which the mini-program asks for consent to notices of this kind; none where the kind has no template.
    fn template_id(&self, kind: &str) -> Option<String>;
}

/// Who logged in. The session key that WeChat sends along is not kept: nothing here needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WechatIdentity {
    /// The person's name within this mini-program.
    pub openid: String,
    /// The person's name across all programs of the same owner, where these are bound together.
    pub unionid: Option<String>,
}

/// A phone number that WeChat has verified.
#[derive(Clone, PartialEq, Eq)]
pub struct WechatPhone {
    /// The country code without a plus: `86`.
    pub country_code: String,
    /// The number without the country code.
    pub number: String,
}

impl WechatPhone {
    /// The number, if it is a mobile number of mainland China.
    pub fn mainland(&self) -> Option<Phone> {
        if self.country_code == "86" { self.number.parse().ok() } else { None }
    }
}

impl fmt::Debug for WechatPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WechatPhone(+{} …)", self.country_code)
    }
}

/// A one-time notice to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct SubscribeMessage {
    /// To whom.
    pub openid: String,
    /// The kind of notice, which the configuration maps to a template.
    pub kind: String,
    /// The page that opens on a tap, with its query and without a leading `/`; none: the notice opens nothing.
    pub page: Option<String>,
    /// The language of the program the notice opens, and of WeChat's own words around it.
    pub language: Language,
    /// The values by our own names, which the configuration maps to the template's fields. Too long ones are cut.
    pub params: BTreeMap<String, String>,
}

impl fmt::Debug for SubscribeMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubscribeMessage")
            .field("kind", &self.kind)
            .field("params", &self.params.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Why WeChat did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WechatError {
    /// 40029, 40163, 41008: the code is wrong, too old or used; the person has to tap again.
    #[error("the code cannot be used")]
    CodeUnusable,
    /// 40226: WeChat takes the person's account for dangerous and does not let it log in.
    #[error("WeChat blocks this account")]
    HighRisk,
    /// 45011 (a hundred a minute and person) or 45009 (a day's quota): later.
    #[error("too many calls ({code})")]
    RateLimited {
        /// WeChat's code.
        code: i64,
    },
    /// 43101: the person refused, or their consent is used up. Never try again.
    #[error("no consent to this notice is left")]
    NoConsent,
    /// 40003: no such person in this mini-program.
    #[error("the recipient is unknown")]
    RecipientUnknown,
    /// 40037, or the configuration maps the kind to nothing.
    #[error("the template is unknown")]
    TemplateUnknown,
    /// 41030: the page is not in the published version.
    #[error("the page is not published")]
    PageNotLive,
    /// 47003, or a field whose value is missing.
    #[error("a field was refused: {field}")]
    FieldRefused {
        /// The template's field, `thing1`; empty where WeChat did not name it.
        field: String,
    },
    /// The phone number was issued to another mini-program: the code was carried here from elsewhere.
    #[error("the answer was made for another mini-program")]
    ForeignApp,
    /// App id, secret, allowed addresses or rights are wrong: an operator has to mend it.
    #[error("WeChat refuses this account's settings ({code})")]
    Account {
        /// WeChat's code.
        code: i64,
    },
    /// -1 or a server error: try again in seconds.
    #[error("WeChat is busy")]
    Busy,
    /// No usable answer came: try again.
    #[error("WeChat does not answer")]
    Unreachable {
        /// It may have been done all the same: a code may be used up, a notice may be delivered twice.
        perhaps_done: bool,
    },
    /// A code that is not known here.
    #[error("WeChat answered with code {code}")]
    Unexpected {
        /// WeChat's code.
        code: i64,
    },
}

impl WechatError {
    /// Whether the same call may work if it is made again soon. A code may be used up by then: ask for a new one.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy | Self::Unreachable { .. })
    }
}
