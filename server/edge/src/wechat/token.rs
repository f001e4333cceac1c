//! The access token that most calls need.
//!
//! It lives two hours at most. All replicas share it through the cache; within one process a single caller fetches it
//! while the others wait. It is renewed five minutes before its end, when WeChat hands out a new one and still accepts
//! the old: a failed renewal then harms nobody.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use linli_domain::context::Clock;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use super::{WechatError, answer};
use crate::cache::Cache;
use crate::http;

const SECOND: i64 = 1_000_000;
const RENEWED_BEFORE_END: i64 = 300 * SECOND;
/// Between two renewals at least, when one fails while the old token still works or gives one that ends soon.
const NEXT_TRY: i64 = 20 * SECOND;

pub(super) struct AccessTokens {
    pub(super) http: reqwest::Client,
    pub(super) address: Url,
    pub(super) app_id: String,
    pub(super) app_secret: SecretString,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) cache: Arc<dyn Cache>,
    pub(super) held: Mutex<Option<Held>>,
}

/// A token and its end in UTC microseconds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    token: String,
    ends: i64,
    /// When a newer one is asked for.
    renew: i64,
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessTokens").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

impl AccessTokens {
    /// A token that is good at present.
    pub(super) async fn get(&self) -> Result<String, WechatError> {
        let mut held = self.held.lock().await;
        let now = self.clock.now().0;
        if let Some(held) = &*held
            && now < held.renew
        {
            return Ok(held.token.clone());
        }
        if let Some(shared) = self.shared().await
            && now < shared.renew
        {
            let token = shared.token.clone();
            *held = Some(shared);
            return Ok(token);
        }
        match self.fetch(now).await {
            Ok(new) => {
                let token = new.token.clone();
                *held = Some(new);
                Ok(token)
            }
            Err(error) => match &mut *held {
                Some(old) if now < old.ends => {
                    old.renew = (now + NEXT_TRY).min(old.ends);
                    Ok(old.token.clone())
                }
                _ => Err(error),
            },
        }
    }

    /// Drops a token that WeChat refused, here and in the cache, unless a newer one has taken its place.
    pub(super) async fn discard(&self, refused: &str) {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|held| held.token == refused) {
            *held = None;
        }
        if self.shared().await.is_some_and(|shared| shared.token == refused) {
            self.cache.delete(&self.key()).await;
        }
    }

    async fn shared(&self) -> Option<Held> {
        serde_json::from_str(&self.cache.get(&self.key()).await?).ok()
    }

    async fn fetch(&self, now: i64) -> Result<Held, WechatError> {
        #[derive(Serialize)]
        struct Ask<'a> {
            grant_type: &'a str,
            appid: &'a str,
            secret: &'a str,
        }
        #[derive(Deserialize)]
        struct Given {
            access_token: String,
            expires_in: u32,
        }

        let ask = Ask { grant_type: "client_credential", appid: &self.app_id, secret: self.app_secret.expose_secret() };
        let said = http::send(self.http.post(self.address.clone()).json(&ask)).await;
        let given: Given = answer::read("stable_token", said)?.map_err(|refusal| refusal.sort())?;
        let ends = now + i64::from(given.expires_in) * SECOND;
        let renew = (ends - RENEWED_BEFORE_END).max(now + NEXT_TRY).min(ends);
        let new = Held { token: given.access_token, ends, renew };
        if let Ok(left) = u64::try_from(new.renew - now)
            && let Ok(text) = serde_json::to_string(&new)
        {
            self.cache.put(&self.key(), &text, Duration::from_micros(left)).await;
        }
        Ok(new)
    }

    fn key(&self) -> String {
        format!("wechat:token:{}", self.app_id)
    }
}
