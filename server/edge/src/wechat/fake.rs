//! A WeChat that lives inside the process: for the demo and for tests.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{SubscribeMessage, WechatError, WechatIdentity, WechatPhone, WechatPlatform};

/// Knows the people it was told of, and keeps the notices it is given.
///
/// A code `demo:NAME` always logs in as the person `demo-NAME`, and `demo:PHONE` always gives that number. Codes that
/// were added work once, like WeChat's own; every other code is unusable.
#[derive(Debug)]
pub struct FakeWechat {
    kept: usize,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    logins: HashMap<String, WechatIdentity>,
    phones: HashMap<String, WechatPhone>,
    sent: VecDeque<SubscribeMessage>,
    failures: VecDeque<WechatError>,
}

impl FakeWechat {
    /// Keeps the latest `kept` notices.
    pub fn new(kept: usize) -> Self {
        Self { kept, inside: Mutex::default() }
    }

    /// Lets a code log in, once.
    pub fn add_login(&self, code: &str, identity: WechatIdentity) {
        self.lock().logins.insert(code.to_owned(), identity);
    }

    /// Lets a code give a phone number, once.
    pub fn add_phone(&self, code: &str, phone: WechatPhone) {
        self.lock().phones.insert(code.to_owned(), phone);
    }

    /// Fails the next call, of whatever kind, this way; several failures are used up in the order they were given.
    pub fn fail_next(&self, error: WechatError) {
        self.lock().failures.push_back(error);
    }

    /// The notices sent, oldest first.
    pub fn sent(&self) -> Vec<SubscribeMessage> {
        self.lock().sent.iter().cloned().collect()
    }

    /// The inside, unless the next call is to fail.
    fn begin(&self) -> Result<MutexGuard<'_, Inside>, WechatError> {
        let mut inside = self.lock();
        match inside.failures.pop_front() {
            Some(error) => Err(error),
            None => Ok(inside),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl WechatPlatform for FakeWechat {
    async fn login(&self, code: &str) -> Result<WechatIdentity, WechatError> {
        let mut inside = self.begin()?;
        match code.strip_prefix("demo:") {
            Some(name) if !name.is_empty() => Ok(WechatIdentity { openid: format!("demo-{name}"), unionid: None }),
            _ => inside.logins.remove(code).ok_or(WechatError::CodeUnusable),
        }
    }

    async fn phone_number(&self, code: &str) -> Result<WechatPhone, WechatError> {
        let mut inside = self.begin()?;
        match code.strip_prefix("demo:") {
            Some(number) if !number.is_empty() => {
                Ok(WechatPhone { country_code: "86".to_owned(), number: number.to_owned() })
            }
            _ => inside.phones.remove(code).ok_or(WechatError::CodeUnusable),
        }
    }

    async fn notify(&self, message: &SubscribeMessage) -> Result<(), WechatError> {
        let mut inside = self.begin()?;
        inside.sent.push_back(message.clone());
        while inside.sent.len() > self.kept {
            inside.sent.pop_front();
        }
        Ok(())
    }

    fn template_id(&self, kind: &str) -> Option<String> {
        Some(format!("demo-{kind}"))
    }
}
