//! Wake-ups: something changed, look again.
//!
//! A message is a hint, never the truth. It may be lost (a slow listener, a Redis outage), so whoever listens also looks
//! by itself now and then. Nothing personal belongs in a topic or a payload, but for a position on its way to whom it is
//! meant for, which is kept nowhere.

mod remote;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

pub use remote::RedisHub;

/// How many messages a listener may lag behind before it loses the oldest.
const BACKLOG: usize = 256;

/// Carries hints to whoever listens, in this process and, with Redis, in the others.
#[async_trait]
pub trait Hub: Send + Sync {
    /// Tells everybody who listens to the topic. Never fails.
    async fn publish(&self, topic: &str, payload: &str);

    /// Listens to a topic from now on.
    async fn subscribe(&self, topic: &str) -> Subscription;
}

/// One listener's place. Dropping it ends the listening.
#[derive(Debug)]
pub struct Subscription(broadcast::Receiver<Arc<str>>);

impl Subscription {
    /// The next payload; `None` once the hub itself is gone. Safe to drop while waiting.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            match self.0.recv().await {
                Ok(payload) => return Some(payload.to_string()),
                // The newer ones that are still there say the same: look again.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// A hub inside the process.
#[derive(Debug, Default)]
pub struct LocalHub {
    topics: Mutex<HashMap<String, broadcast::Sender<Arc<str>>>>,
}

impl LocalHub {
    /// A hub that nobody listens to yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn tell(&self, topic: &str, payload: &str) {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = topics.get(topic)
            && sender.send(Arc::from(payload)).is_err()
        {
            topics.remove(topic);
        }
    }

    fn listen(&self, topic: &str) -> Subscription {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = topics.get(topic) {
            return Subscription(sender.subscribe());
        }
        // Topics whose listeners have all left are swept here, so that their number stays that of live ones.
        topics.retain(|_, sender| sender.receiver_count() > 0);
        let (sender, receiver) = broadcast::channel(BACKLOG);
        topics.insert(topic.to_owned(), sender);
        Subscription(receiver)
    }
}

#[async_trait]
impl Hub for LocalHub {
    async fn publish(&self, topic: &str, payload: &str) {
        self.tell(topic, payload);
    }

    async fn subscribe(&self, topic: &str) -> Subscription {
        self.listen(topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn listeners_hear_their_topic_from_when_they_came() {
        let hub = LocalHub::new();
        hub.publish("a", "nobody hears this").await;
        let (mut one, mut two, mut other) =
            (hub.subscribe("a").await, hub.subscribe("a").await, hub.subscribe("b").await);
        hub.publish("a", "1").await;
        hub.publish("b", "2").await;
        assert_eq!(one.next().await.as_deref(), Some("1"));
        assert_eq!(two.next().await.as_deref(), Some("1"));
        assert_eq!(other.next().await.as_deref(), Some("2"));
        drop(hub);
        assert_eq!(one.next().await, None);
    }

    #[tokio::test]
    async fn a_slow_listener_loses_the_oldest_and_goes_on() {
        let hub = LocalHub::new();
        let mut slow = hub.subscribe("a").await;
        for n in 0..BACKLOG + 10 {
            hub.publish("a", &n.to_string()).await;
        }
        assert_eq!(slow.next().await.as_deref(), Some("10"));
    }

    #[tokio::test]
    async fn topics_without_listeners_are_forgotten() {
        let hub = LocalHub::new();
        for n in 0..1_000 {
            drop(hub.subscribe(&n.to_string()).await);
        }
        assert_eq!(hub.topics.lock().unwrap().len(), 1);
        hub.publish("999", "anyone?").await;
        assert!(hub.topics.lock().unwrap().is_empty());
    }
}
