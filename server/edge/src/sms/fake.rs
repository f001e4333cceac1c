//! A sender that keeps what it is given: for the demo and for tests.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use linli_domain::phone::Phone;

use super::{SmsError, SmsMessage, SmsReceipt, SmsSender};

/// Keeps the latest messages instead of sending them.
#[derive(Debug)]
pub struct FakeSms {
    kept: usize,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    sent: VecDeque<SmsMessage>,
    taken: u64,
    failures: VecDeque<SmsError>,
}

impl FakeSms {
    /// Keeps the latest `kept` messages.
    pub fn new(kept: usize) -> Self {
        Self { kept, inside: Mutex::default() }
    }

    /// What was sent, oldest first.
    pub fn sent(&self) -> Vec<SmsMessage> {
        self.lock().sent.iter().cloned().collect()
    }

    /// The latest message to a phone.
    pub fn latest_to(&self, phone: &Phone) -> Option<SmsMessage> {
        self.lock().sent.iter().rev().find(|message| message.phone == *phone).cloned()
    }

    /// Fails the next message this way; several failures are used up in the order they were given.
    pub fn fail_next(&self, error: SmsError) {
        self.lock().failures.push_back(error);
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SmsSender for FakeSms {
    async fn send(&self, message: &SmsMessage) -> Result<SmsReceipt, SmsError> {
        let mut inside = self.lock();
        if let Some(error) = inside.failures.pop_front() {
            return Err(error);
        }
        inside.sent.push_back(message.clone());
        while inside.sent.len() > self.kept {
            inside.sent.pop_front();
        }
        inside.taken += 1;
        Ok(SmsReceipt { delivery_id: format!("fake-{}", inside.taken), request_id: String::new() })
    }
}
