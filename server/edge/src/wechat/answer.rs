//! WeChat's answers: a JSON object that is good when `errcode` is absent or 0.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::WechatError;
use crate::http::{Answer, NoAnswer};

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

/// What WeChat said no with.
pub(super) struct Refusal {
    pub(super) code: i64,
    message: String,
}

impl Refusal {
    /// Whether the access token is at fault: drop it and try once more.
    pub(super) fn is_token_fault(&self) -> bool {
        matches!(self.code, 40001 | 40014 | 42001)
    }

    /// Sorts the code.
    pub(super) fn sort(&self) -> WechatError {
        let code = self.code;
        match code {
            -1 => WechatError::Busy,
            40029 | 40163 | 41008 => WechatError::CodeUnusable,
            40226 => WechatError::HighRisk,
            45009 | 45011 => WechatError::RateLimited { code },
            43101 => WechatError::NoConsent,
            40003 => WechatError::RecipientUnknown,
            40037 => WechatError::TemplateUnknown,
            41030 => WechatError::PageNotLive,
            47003 => WechatError::FieldRefused { field: named_field(&self.message).to_owned() },
            40001 | 40013 | 40014 | 40125 | 40164 | 40243 | 41002 | 41004 | 42001 | 48001 | 50002 => {
                WechatError::Account { code }
            }
            _ => WechatError::Unexpected { code },
        }
    }
}

/// The field in `argument invalid! data.thing1.value invalid rid: …`.
fn named_field(message: &str) -> &str {
    let Some((_, rest)) = message.split_once("data.") else { return "" };
    rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The request's number, which WeChat's support asks for. The rest of its message may repeat what was sent.
fn request_id(message: &str) -> &str {
    message.split_once("rid: ").map_or("", |(_, rest)| rest.split_whitespace().next().unwrap_or_default())
}

/// Reads an answer; the inner error is WeChat's own no.
pub(super) fn read<T: DeserializeOwned>(
    call: &str,
    answer: Result<Answer, NoAnswer>,
) -> Result<Result<T, Refusal>, WechatError> {
    let answer = answer.map_err(|failure| WechatError::Unreachable { perhaps_done: failure.perhaps_done })?;
    if !answer.status.is_success() {
        tracing::warn!(call, status = %answer.status, "WeChat failed");
        return Err(WechatError::Busy);
    }
    let Ok(head) = serde_json::from_slice::<Head>(&answer.body) else { return Err(not_of_its_form(call)) };
    if head.errcode != 0 {
        tracing::warn!(call, code = head.errcode, rid = request_id(&head.errmsg), "WeChat said no");
        return Ok(Err(Refusal { code: head.errcode, message: head.errmsg }));
    }
    serde_json::from_slice(&answer.body).map(Ok).map_err(|_| not_of_its_form(call))
}

fn not_of_its_form(call: &str) -> WechatError {
    tracing::warn!(call, "WeChat's answer is not of its form");
    WechatError::Unreachable { perhaps_done: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_is_found_in_messages() {
        let message = "argument invalid! data.character_string12.value invalid rid: 65a1-2b-3c";
        assert_eq!(named_field(message), "character_string12");
        assert_eq!(request_id(message), "65a1-2b-3c");
        assert_eq!((named_field("argument invalid"), request_id("ok")), ("", ""));
    }
}
