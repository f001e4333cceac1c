//! Settings of the WeChat platform.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::config::{ConfigError, filled};

/// Settings of the mini-program, section `[wechat]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatConfig {
    /// The mini-program's id, `wx…`.
    pub app_id: String,
    /// The mini-program's secret.
    pub app_secret: SecretString,
    /// WeChat's address. Default `https://api.weixin.qq.com`.
    #[serde(default = "default_base_url")]
    pub base_url: String,
    /// How long one call may take, in milliseconds, 100 to 60000. Default 5000.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
    /// Which version of the mini-program a notice opens. Default `formal`.
    #[serde(default)]
    pub mini_program_state: MiniProgramState,
    /// The template of each kind of notice.
    #[serde(default)]
    pub templates: BTreeMap<String, SubscribeTemplate>,
    /// What is needed to understand WeChat's pushes; without it they are refused.
    #[serde(default)]
    pub push: Option<PushConfig>,
}

/// Which version of the mini-program a notice opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MiniProgramState {
    /// The published one.
    #[default]
    Formal,
    /// The one given to testers.
    Trial,
    /// The one under development.
    Developer,
}

/// A notice template chosen in WeChat's library.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscribeTemplate {
    /// Its id.
    pub id: String,
    /// Its fields: WeChat's name (`thing1`, `time2`) to the name of our value.
    pub fields: BTreeMap<String, String>,
}

/// Settings of the message push in secure mode, section `[wechat.push]`, the same as in WeChat's console.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushConfig {
    /// The token, 3 to 32 letters and digits.
    pub token: SecretString,
    /// The message key (EncodingAESKey), 43 letters and digits.
    pub encoding_aes_key: SecretString,
}

fn default_base_url() -> String {
    "https://api.weixin.qq.com".to_owned()
}

fn default_timeout_ms() -> u64 {
    5_000
}

impl WechatConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        filled("wechat.app_id", &self.app_id)?;
        filled("wechat.app_secret", self.app_secret.expose_secret())?;
        for template in self.templates.values() {
            filled("wechat.templates", &template.id)?;
            if template.fields.is_empty() {
                return Err(ConfigError::new("wechat.templates", "a template needs at least one field"));
            }
        }
        Ok(())
    }
}
