//! Alibaba Cloud Short Message Service: the call `SendSms` of 2017-05-25.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat};
use linli_domain::context::{Clock, Random};
use linli_domain::time::Instant;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::{Position, Url};

use super::acs3::Call;
use super::{Fault, SmsError, SmsMessage, SmsReceipt, SmsSender, SmsTemplate, codes};
use crate::config::{ConfigError, filled};
use crate::http;

/// Settings of the text-message provider, section `[sms]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsConfig {
    /// The provider's address. Default `https://dysmsapi.aliyuncs.com`.
    #[serde(default = "default_endpoint")]
    pub endpoint: String,
    /// The access key's id.
    pub access_key_id: SecretString,
    /// The access key's secret. Give the key the one right to send messages.
    pub access_key_secret: SecretString,
    /// The approved signature name that stands in brackets before each text.
    pub sign_name: String,
    /// The approved template of the login code, `SMS_…`, whose one blank is `code`.
    pub login_template: String,
    /// The approved template of each kind of notice: our key to `SMS_…`.
    #[serde(default)]
    pub notice_templates: BTreeMap<String, String>,
    /// How long one call may take, in milliseconds, 100 to 60000. Default 5000.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
}

fn default_endpoint() -> String {
    "https://dysmsapi.aliyuncs.com".to_owned()
}

fn default_timeout_ms() -> u64 {
    5_000
}

/// The client.
pub struct AliyunSms {
    config: SmsConfig,
    endpoint: Url,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl fmt::Debug for AliyunSms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AliyunSms").field("endpoint", &self.endpoint.as_str()).finish_non_exhaustive()
    }
}

impl AliyunSms {
    /// A client by these settings.
    ///
    /// # Errors
    /// When a setting cannot work; nothing is sent to find out.
    pub fn new(config: SmsConfig, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, ConfigError> {
        let endpoint = http::address("sms.endpoint", &config.endpoint)?;
        let http = http::client("sms.timeout_ms", &endpoint, config.timeout_ms)?;
        filled("sms.access_key_id", config.access_key_id.expose_secret())?;
        filled("sms.access_key_secret", config.access_key_secret.expose_secret())?;
        filled("sms.sign_name", &config.sign_name)?;
        filled("sms.login_template", &config.login_template)?;
        for template in config.notice_templates.values() {
            filled("sms.notice_templates", template)?;
        }
        Ok(Self { config, endpoint, http, clock, random })
    }

    fn template_code(&self, template: &SmsTemplate) -> Result<&str, SmsError> {
        match template {
            SmsTemplate::LoginCode => Ok(&self.config.login_template),
            SmsTemplate::Notice(key) => self
                .config
                .notice_templates
                .get(key)
                .map(String::as_str)
                .ok_or_else(|| SmsError::Refused { code: "NoTemplate".to_owned(), fault: Fault::Account }),
        }
    }

    fn request(&self, params: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let mut nonce = [0; 16];
        self.random.fill(&mut nonce);
        let signed = Call {
            host: &self.endpoint[Position::BeforeHost..Position::AfterPort],
            path: self.endpoint.path(),
            action: "SendSms",
            version: "2017-05-25",
            date: &timestamp(self.clock.now()),
            nonce: &hex::encode(nonce),
            params,
        }
        .sign(self.config.access_key_id.expose_secret(), self.config.access_key_secret.expose_secret());
        let mut url = self.endpoint.clone();
        url.set_query(Some(&signed.query));
        let request = self.http.post(url).header("accept", "application/json");
        signed.headers.into_iter().fold(request, |request, (name, value)| request.header(name, value))
    }
}

#[async_trait]
impl SmsSender for AliyunSms {
    async fn send(&self, message: &SmsMessage) -> Result<SmsReceipt, SmsError> {
        let template = self.template_code(&message.template)?;
        let template_params =
            serde_json::to_string(&message.params).expect("a map of texts to texts can always be written as JSON");
        let mut params = vec![
            ("PhoneNumbers", message.phone.digits()),
            ("SignName", self.config.sign_name.as_str()),
            ("TemplateCode", template),
            ("TemplateParam", &template_params),
        ];
        if !message.out_id.is_empty() {
            params.push(("OutId", &message.out_id));
        }
        let answer = http::send(self.request(&params))
            .await
            .map_err(|failure| SmsError::Unreachable { perhaps_sent: failure.perhaps_done })?;

        let Ok(said) = serde_json::from_slice::<Said>(&answer.body) else {
            tracing::warn!(status = %answer.status, "the text-message provider's answer is not of its form");
            return Err(if answer.status.is_success() {
                SmsError::Unreachable { perhaps_sent: true }
            } else {
                SmsError::Busy { code: format!("HTTP {}", answer.status.as_u16()) }
            });
        };
        if answer.status.is_success() && said.code == "OK" {
            return Ok(SmsReceipt { delivery_id: said.biz_id, request_id: said.request_id });
        }
        let error = codes::sort(&said.code);
        tracing::warn!(
            code = said.code,
            request_id = said.request_id,
            out_id = message.out_id,
            "a text message was not taken"
        );
        Err(error)
    }
}

/// The provider's answer, good or bad.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Said {
    code: String,
    #[serde(default)]
    biz_id: String,
    #[serde(default)]
    request_id: String,
}

fn timestamp(now: Instant) -> String {
    DateTime::from_timestamp_micros(now.0).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, true)
}
