//! The real client.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use linli_domain::context::Clock;
use linli_domain::words::Language;
use secrecy::{ExposeSecret, SecretString};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use super::config::{MiniProgramState, WechatConfig};
use super::token::AccessTokens;
use super::{SubscribeMessage, WechatError, WechatIdentity, WechatPhone, WechatPlatform, answer, fields};
use crate::cache::Cache;
use crate::config::ConfigError;
use crate::http;

/// Speaks with the WeChat platform.
#[derive(Debug)]
pub struct WechatClient {
    config: WechatConfig,
    base: Url,
    http: reqwest::Client,
    tokens: AccessTokens,
}

impl WechatClient {
    /// A client by these settings. All replicas share the access token through the cache.
    ///
    /// # Errors
    /// When a setting cannot work; nothing is sent to find out.
    pub fn new(config: WechatConfig, clock: Arc<dyn Clock>, cache: Arc<dyn Cache>) -> Result<Self, ConfigError> {
        config.check()?;
        let base = http::address("wechat.base_url", &config.base_url)?;
        let http = http::client("wechat.timeout_ms", &base, config.timeout_ms)?;
        let tokens = AccessTokens {
            http: http.clone(),
            address: under(&base, "/cgi-bin/stable_token"),
            app_id: config.app_id.clone(),
            app_secret: SecretString::from(config.app_secret.expose_secret()),
            clock,
            cache,
            held: Mutex::new(None),
        };
        Ok(Self { config, base, http, tokens })
    }

    /// Posts with an access token. One that WeChat no longer takes is dropped, and the call made once more.
    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, WechatError> {
        let mut first = true;
        loop {
            let token = self.tokens.get().await?;
            let mut url = under(&self.base, path);
            url.query_pairs_mut().append_pair("access_token", &token);
            match answer::read(path, http::send(self.http.post(url).json(body)).await)? {
                Ok(said) => return Ok(said),
                Err(refusal) if first && refusal.is_token_fault() => {
                    first = false;
                    self.tokens.discard(&token).await;
                }
                Err(refusal) => return Err(refusal.sort()),
            }
        }
    }
}

/// The address of one call, keeping a path that the base may have.
fn under(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

#[async_trait]
impl WechatPlatform for WechatClient {
    async fn login(&self, code: &str) -> Result<WechatIdentity, WechatError> {
        #[derive(Deserialize)]
        struct Said {
            openid: String,
            unionid: Option<String>,
        }

        let path = "/sns/jscode2session";
        let mut url = under(&self.base, path);
        url.query_pairs_mut()
            .append_pair("appid", &self.config.app_id)
            .append_pair("secret", self.config.app_secret.expose_secret())
            .append_pair("js_code", code)
            .append_pair("grant_type", "authorization_code");
        let said: Said = answer::read(path, http::send(self.http.get(url)).await)?.map_err(|refusal| refusal.sort())?;
        Ok(WechatIdentity { openid: said.openid, unionid: said.unionid.filter(|id| !id.is_empty()) })
    }

    async fn phone_number(&self, code: &str) -> Result<WechatPhone, WechatError> {
        #[derive(Serialize)]
        struct Ask<'a> {
            code: &'a str,
        }
        #[derive(Deserialize)]
        struct Said {
            phone_info: Info,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Info {
            pure_phone_number: String,
            country_code: NumberOrText,
            watermark: Watermark,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum NumberOrText {
            Number(u32),
            Text(String),
        }
        #[derive(Deserialize)]
        struct Watermark {
            appid: String,
        }

        let Said { phone_info: info } = self.post("/wxa/business/getuserphonenumber", &Ask { code }).await?;
        if info.watermark.appid != self.config.app_id {
            return Err(WechatError::ForeignApp);
        }
        let country_code = match info.country_code {
            NumberOrText::Number(code) => code.to_string(),
            NumberOrText::Text(code) => code.trim_start_matches('+').to_owned(),
        };
        Ok(WechatPhone { country_code, number: info.pure_phone_number })
    }

    async fn notify(&self, message: &SubscribeMessage) -> Result<(), WechatError> {
        #[derive(Serialize)]
        struct Ask<'a> {
            touser: &'a str,
            template_id: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            page: Option<&'a str>,
            data: BTreeMap<&'a str, Value>,
            miniprogram_state: MiniProgramState,
            lang: &'static str,
        }
        #[derive(Serialize)]
        struct Value {
            value: String,
        }

        let template = self.config.templates.get(&message.kind).ok_or(WechatError::TemplateUnknown)?;
        let mut data = BTreeMap::new();
        for (field, param) in &template.fields {
            let value = message.params.get(param).map(|value| fields::fit(field, value)).unwrap_or_default();
            if value.is_empty() {
                return Err(WechatError::FieldRefused { field: field.clone() });
            }
            data.insert(field.as_str(), Value { value });
        }
        let ask = Ask {
            touser: &message.openid,
            template_id: &template.id,
            page: message.page.as_deref(),
            data,
            miniprogram_state: self.config.mini_program_state,
            lang: match message.language {
                Language::Zh => "zh_CN",
                Language::En => "en_US",
            },
        };
        self.post::<IgnoredAny>("/cgi-bin/message/subscribe/send", &ask).await.map(drop)
    }

    fn template_id(&self, kind: &str) -> Option<String> {
        self.config.templates.get(kind).map(|template| template.id.clone())
    }
}
