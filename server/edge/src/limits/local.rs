//! Limits inside one process.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use linli_domain::context::Clock;
use sha2::{Digest, Sha256};

use super::{Limiter, Quota, Verdict};

/// Counts inside the process, in bounded memory: about 150 bytes a count.
#[derive(Debug)]
pub struct LocalLimiter {
    clock: Arc<dyn Clock>,
    capacity: usize,
    inside: Mutex<Inside>,
}

/// The start of the key's hash, which makes all keys equally long, and the window in milliseconds.
type Key = ([u8; 16], u64);

#[derive(Debug, Default)]
struct Inside {
    counts: BTreeMap<Key, Count>,
    /// The same keys by the instant their window ends, soonest first.
    ending: BTreeSet<(i64, Key)>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    taken: u32,
    ends_ms: i64,
}

impl Inside {
    fn remove(&mut self, key: Key) {
        if let Some(count) = self.counts.remove(&key) {
            self.ending.remove(&(count.ends_ms, key));
        }
    }

    /// Drops the windows that have ended and, where none has, as many of those that end soonest as there must be room.
    fn make_room(&mut self, now_ms: i64, capacity: usize) {
        while let Some(&(ends_ms, key)) = self.ending.first()
            && (ends_ms <= now_ms || self.counts.len() >= capacity)
        {
            self.remove(key);
        }
    }
}

impl LocalLimiter {
    /// Keeps up to `capacity` counts; when full, the one whose window ends soonest is forgotten.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { clock, capacity: capacity.max(1), inside: Mutex::default() }
    }

    fn decide(&self, key: &str, quota: Quota, count_it: bool) -> Verdict {
        let key = (hash(key), quota.window_ms());
        let now_ms = self.clock.now().0.div_euclid(1_000);
        let window_ms = i64::try_from(quota.window_ms()).unwrap_or(i64::MAX);
        let mut inside = self.lock();
        let count = inside.counts.get(&key).copied().filter(|count| count.ends_ms > now_ms);
        let Count { taken, ends_ms } = count.unwrap_or(Count { taken: 0, ends_ms: now_ms.saturating_add(window_ms) });
        if taken >= quota.limit {
            return Verdict::refused_for_ms(u64::try_from(ends_ms - now_ms).unwrap_or_default());
        }
        if count_it {
            if count.is_none() {
                inside.remove(key);
                inside.make_room(now_ms, self.capacity);
                inside.ending.insert((ends_ms, key));
            }
            inside.counts.insert(key, Count { taken: taken + 1, ends_ms });
        }
        Verdict::ALLOWED
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(key: &str) -> [u8; 16] {
    let whole: [u8; 32] = Sha256::digest(key).into();
    let mut start = [0; 16];
    start.copy_from_slice(&whole[..16]);
    start
}

#[async_trait]
impl Limiter for LocalLimiter {
    async fn check(&self, key: &str, quota: Quota) -> Verdict {
        self.decide(key, quota, false)
    }

    async fn hit(&self, key: &str, quota: Quota) -> Verdict {
        self.decide(key, quota, true)
    }

    async fn forgive(&self, key: &str) {
        let hash = hash(key);
        let mut inside = self.lock();
        let keys: Vec<Key> = inside.counts.range((hash, 0)..=(hash, u64::MAX)).map(|(key, _)| *key).collect();
        for key in keys {
            inside.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use linli_domain::context::ManualClock;
    use linli_domain::time::{Instant, Span};

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn limiter(capacity: usize) -> (Arc<ManualClock>, LocalLimiter) {
        let clock = Arc::new(ManualClock::at(Instant(1_800_000_000_000_000)));
        (clock.clone(), LocalLimiter::new(clock, capacity))
    }

    #[tokio::test]
    async fn so_many_pass_then_none_until_the_window_ends() {
        let (clock, limiter) = limiter(10);
        let quota = Quota::new(2, MINUTE);
        assert_eq!(limiter.hit("a", quota).await, Verdict::ALLOWED);
        clock.advance(Span::seconds(20));
        assert!(limiter.check("a", quota).await.allowed, "looking does not count");
        assert!(limiter.check("a", quota).await.allowed);
        assert!(limiter.hit("a", quota).await.allowed);
        assert_eq!(limiter.hit("a", quota).await, Verdict::refused_for_ms(40_000));
        assert_eq!(limiter.check("a", quota).await, Verdict::refused_for_ms(40_000));
        assert!(limiter.hit("b", quota).await.allowed, "another key is another matter");
        clock.advance(Span::seconds(40));
        assert!(limiter.hit("a", quota).await.allowed, "refused tries did not prolong the wait");
    }

    #[tokio::test]
    async fn windows_of_one_key_count_apart_and_are_forgiven_together() {
        let (_, limiter) = limiter(10);
        let (minute, hour) = (Quota::new(1, MINUTE), Quota::new(2, 60 * MINUTE));
        assert!(limiter.hit("a", minute).await.allowed && limiter.hit("a", hour).await.allowed);
        assert!(!limiter.check("a", minute).await.allowed && limiter.hit("a", hour).await.allowed);
        assert!(!limiter.check("a", hour).await.allowed);
        limiter.forgive("a").await;
        assert!(limiter.check("a", minute).await.allowed && limiter.check("a", hour).await.allowed);
    }

    #[tokio::test]
    async fn nothing_passes_a_limit_of_none() {
        let (_, limiter) = limiter(10);
        assert_eq!(limiter.hit("a", Quota::new(0, MINUTE)).await, Verdict::refused_for_ms(60_000));
    }

    #[tokio::test]
    async fn memory_stays_bounded_and_what_ends_soonest_goes_first() {
        let (clock, limiter) = limiter(100);
        let (short, long) = (Quota::new(1, MINUTE), Quota::new(1, 60 * MINUTE));
        limiter.hit("long", long).await;
        for n in 0..1_000 {
            limiter.hit(&n.to_string(), short).await;
            clock.advance(Span(1_000));
        }
        assert!(!limiter.check("long", long).await.allowed);
        assert!(!limiter.check("999", short).await.allowed && limiter.check("0", short).await.allowed);
        let inside = limiter.lock();
        assert_eq!((inside.counts.len(), inside.ending.len()), (100, 100));
    }
}
