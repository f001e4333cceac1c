//! Limits that all processes share.

use std::fmt;
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use linli_domain::context::Clock;
use redis::Script;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::{Limiter, LocalLimiter, Quota, Verdict};
use crate::connection::{Redis, RedisDown};

/// Counts in Redis, by Redis's clock, one step per call.
///
/// While Redis is away the process counts by itself, from zero; what it counted then is not carried over. So an outage
/// may let through up to the limit once more per process: better than refusing everybody or nobody.
pub struct RedisLimiter {
    redis: Redis,
    secret: SecretString,
    meanwhile: LocalLimiter,
}

impl fmt::Debug for RedisLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLimiter").field("redis", &self.redis).finish_non_exhaustive()
    }
}

/// A key's counts are one hash: for each window `c…`, the count, and `e…`, when it ends in milliseconds. It lapses
/// with the window that ends last.
static DECIDE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local window, limit, count_it = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local kept = redis.call('HMGET', KEYS[1], 'c' .. ARGV[1], 'e' .. ARGV[1])
        local taken, ends = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0
        if ends <= now then taken, ends = 0, now + window end
        if taken >= limit then return ends - now end
        if count_it then
            redis.call('HSET', KEYS[1], 'c' .. ARGV[1], taken + 1, 'e' .. ARGV[1], string.format('%.0f', ends))
            if redis.call('PTTL', KEYS[1]) < ends - now then redis.call('PEXPIRE', KEYS[1], ends - now) end
        end
        return 0
        ",
    )
});

impl RedisLimiter {
    /// Limits on this connection. The secret keys the hash of the keys, so that whoever reads Redis cannot try out all
    /// phone numbers; every process needs the same one. `capacity` bounds what is counted inside during an outage.
    pub fn new(redis: Redis, secret: SecretString, clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { redis, secret, meanwhile: LocalLimiter::new(clock, capacity) }
    }

    fn name(&self, key: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.expose_secret().as_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(key.as_bytes());
        let hash = hex::encode(mac.finalize().into_bytes());
        self.redis.name(&format!("limit:{}", &hash[..32]))
    }

    async fn decide(&self, key: &str, quota: Quota, count_it: bool) -> Result<Verdict, RedisDown> {
        let mut call = DECIDE.key(self.name(key));
        call.arg(quota.window_ms()).arg(quota.limit).arg(u8::from(count_it));
        let wait_ms: u64 =
            self.redis.run(|mut connection| async move { call.invoke_async(&mut connection).await }).await?;
        Ok(if wait_ms == 0 { Verdict::ALLOWED } else { Verdict::refused_for_ms(wait_ms) })
    }
}

#[async_trait]
impl Limiter for RedisLimiter {
    async fn check(&self, key: &str, quota: Quota) -> Verdict {
        match self.decide(key, quota, false).await {
            Ok(verdict) => verdict,
            Err(RedisDown) => self.meanwhile.check(key, quota).await,
        }
    }

    async fn hit(&self, key: &str, quota: Quota) -> Verdict {
        match self.decide(key, quota, true).await {
            Ok(verdict) => verdict,
            Err(RedisDown) => self.meanwhile.hit(key, quota).await,
        }
    }

    async fn forgive(&self, key: &str) {
        let mut command = redis::cmd("DEL");
        command.arg(self.name(key));
        let _lost: Result<(), _> = self.redis.command(command).await;
        self.meanwhile.forgive(key).await;
    }
}
