//! Text messages to mobile phones.

mod acs3;
mod aliyun;
mod codes;
mod fake;

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use linli_domain::phone::Phone;

pub use aliyun::{AliyunSms, SmsConfig};
pub use fake::FakeSms;

/// Sends text messages.
#[async_trait]
pub trait SmsSender: Send + Sync {
    /// Hands one message to the provider. An answer of `Ok` means accepted for delivery, not delivered.
    ///
    /// # Errors
    /// See [`SmsError`]; [`SmsError::is_retryable`] says whether trying again can help.
    async fn send(&self, message: &SmsMessage) -> Result<SmsReceipt, SmsError>;
}

/// Which approved text to send. In China the provider sends approved templates only, never free text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmsTemplate {
    /// The one-time code for logging in; its parameter is `code`.
    LoginCode,
    /// A notice, by the key that the configuration maps to the provider's template.
    Notice(String),
}

/// One message to one phone.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsMessage {
    /// To whom.
    pub phone: Phone,
    /// Which text.
    pub template: SmsTemplate,
    /// What goes into its blanks.
    pub params: BTreeMap<String, String>,
    /// Our own reference, at most 256 bytes, repeated in the provider's delivery report.
    pub out_id: String,
}

impl fmt::Debug for SmsMessage {
    /// The phone is masked and the values are left out: they hold codes and names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsMessage")
            .field("phone", &self.phone)
            .field("template", &self.template)
            .field("params", &self.params.keys().collect::<Vec<_>>())
            .field("out_id", &self.out_id)
            .finish()
    }
}

/// The provider took a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsReceipt {
    /// The provider's number for this delivery.
    pub delivery_id: String,
    /// The provider's number for this call, asked for by its support.
    pub request_id: String,
}

/// Whose fault a refusal is, and so who has to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The phone number: another one is needed.
    Recipient,
    /// This message's parameters: the sender's mistake.
    Message,
    /// The account, its balance, keys, signature name or templates: an operator has to mend it.
    Account,
}

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    /// The same message will never be taken: do not try again.
    #[error("the message was refused ({code})")]
    Refused {
        /// The provider's code, or `NoTemplate` when the configuration maps the notice to nothing.
        code: String,
        /// Who has to do something.
        fault: Fault,
    },
    /// This phone, or the account, has had as many messages as it may for a while: minutes to days.
    #[error("too many messages ({code})")]
    RateLimited {
        /// The provider's code.
        code: String,
    },
    /// The provider is overloaded or broken: try again in seconds.
    #[error("the provider is busy ({code})")]
    Busy {
        /// The provider's code, or `HTTP 503` where there was none.
        code: String,
    },
    /// No usable answer came: try again.
    #[error("the provider does not answer")]
    Unreachable {
        /// The message may have gone out all the same; a second try may deliver it twice.
        perhaps_sent: bool,
    },
}

impl SmsError {
    /// Whether the same message may be taken if it is sent again soon.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Unreachable { .. })
    }
}
