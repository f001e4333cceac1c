//! A small cache. What it holds can be had again elsewhere, so a failure is a miss.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use linli_domain::context::Clock;

use crate::connection::Redis;

/// Keeps texts for a while. Keys carry no personal data.
#[async_trait]
pub trait Cache: Send + Sync {
    /// What was put, unless it has lapsed, was pushed out, or cannot be reached.
    async fn get(&self, key: &str) -> Option<String>;

    /// Keeps a text for at most so long; nothing is kept when `ttl` is under a millisecond.
    async fn put(&self, key: &str, value: &str, ttl: Duration);

    /// Forgets a text.
    async fn delete(&self, key: &str);
}

/// A cache inside the process.
#[derive(Debug)]
pub struct LocalCache {
    clock: Arc<dyn Clock>,
    capacity: usize,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    values: HashMap<String, (i64, String)>,
    /// The same keys by the instant they lapse, soonest first.
    lapsing: BTreeSet<(i64, String)>,
}

impl Inside {
    fn remove(&mut self, key: &str) {
        if let Some((until, _)) = self.values.remove(key) {
            self.lapsing.remove(&(until, key.to_owned()));
        }
    }
}

impl LocalCache {
    /// Holds up to `capacity` texts; when full, the one that lapses soonest makes room.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { clock, capacity: capacity.max(1), inside: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Cache for LocalCache {
    async fn get(&self, key: &str) -> Option<String> {
        let now = self.clock.now().0;
        let mut inside = self.lock();
        let (until, value) = inside.values.get(key)?;
        if *until > now {
            return Some(value.clone());
        }
        inside.remove(key);
        None
    }

    async fn put(&self, key: &str, value: &str, ttl: Duration) {
        let mut inside = self.lock();
        inside.remove(key);
        if ttl < Duration::from_millis(1) {
            return;
        }
        while inside.values.len() >= self.capacity {
            let Some((_, soonest)) = inside.lapsing.first().cloned() else { break };
            inside.remove(&soonest);
        }
        let until = self.clock.now().0.saturating_add(i64::try_from(ttl.as_micros()).unwrap_or(i64::MAX));
        inside.lapsing.insert((until, key.to_owned()));
        inside.values.insert(key.to_owned(), (until, value.to_owned()));
    }

    async fn delete(&self, key: &str) {
        self.lock().remove(key);
    }
}

/// A cache that all processes share.
#[derive(Debug, Clone)]
pub struct RedisCache(Redis);

impl RedisCache {
    /// A cache on this connection.
    pub fn new(redis: Redis) -> Self {
        Self(redis)
    }

    fn name(&self, key: &str) -> String {
        self.0.name(&format!("cache:{key}"))
    }
}

#[async_trait]
impl Cache for RedisCache {
    async fn get(&self, key: &str) -> Option<String> {
        let mut command = redis::cmd("GET");
        command.arg(self.name(key));
        self.0.command(command).await.ok().flatten()
    }

    async fn put(&self, key: &str, value: &str, ttl: Duration) {
        let millis = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX);
        if millis == 0 {
            return self.delete(key).await;
        }
        let mut command = redis::cmd("SET");
        command.arg(self.name(key)).arg(value).arg("PX").arg(millis);
        let _lost: Result<(), _> = self.0.command(command).await;
    }

    async fn delete(&self, key: &str) {
        let mut command = redis::cmd("DEL");
        command.arg(self.name(key));
        let _lost: Result<(), _> = self.0.command(command).await;
    }
}

#[cfg(test)]
mod tests {
    use linli_domain::context::ManualClock;
    use linli_domain::time::{Instant, Span};

    use super::*;

    #[tokio::test]
    async fn texts_lapse_are_replaced_and_make_room() {
        let clock = Arc::new(ManualClock::at(Instant(0)));
        let cache = LocalCache::new(clock.clone(), 2);
        cache.put("a", "1", Duration::from_secs(10)).await;
        cache.put("b", "2", Duration::from_secs(20)).await;
        cache.put("b", "3", Duration::from_secs(30)).await;
        assert_eq!(cache.get("a").await.as_deref(), Some("1"));
        cache.put("c", "4", Duration::from_secs(15)).await;
        assert_eq!(cache.get("a").await, None, "the one that lapses soonest made room");
        assert_eq!(cache.get("b").await.as_deref(), Some("3"));
        clock.advance(Span::seconds(15));
        assert_eq!(cache.get("c").await, None);
        cache.delete("b").await;
        assert_eq!(cache.get("b").await, None);
        cache.put("d", "5", Duration::ZERO).await;
        assert_eq!(cache.get("d").await, None);
    }
}
