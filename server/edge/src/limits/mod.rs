//! How often something may happen.
//!
//! The window is fixed and begins with the first thing counted: `limit` things are let through until it ends, then it
//! begins anew with the next. So in any stretch as long as the window at most twice the limit passes. What is refused is
//! not counted: trying in vain does not prolong the wait.
//!
//! One key may be counted under several quotas (five an hour and ten a day); quotas of the same window share a count.

mod local;
mod remote;

use std::time::Duration;

use async_trait::async_trait;

pub use local::LocalLimiter;
pub use remote::RedisLimiter;

/// How many in how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many are let through; 0 lets nothing through.
    pub limit: u32,
    /// In how long, at least a millisecond; parts of a millisecond do not count.
    pub window: Duration,
}

impl Quota {
    /// So many in so long.
    pub const fn new(limit: u32, window: Duration) -> Self {
        Self { limit, window }
    }

    fn window_ms(self) -> u64 {
        u64::try_from(self.window.as_millis()).unwrap_or(u64::MAX).clamp(1, LONGEST_WINDOW_MS)
    }
}

/// Ten years: longer than any limit makes sense, short enough never to overflow.
const LONGEST_WINDOW_MS: u64 = 10 * 366 * 24 * 3_600 * 1_000;

/// Whether one more is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is.
    pub allowed: bool,
    /// When it is not: how long until it is. Zero when it is.
    pub retry_after: Duration,
}

impl Verdict {
    const ALLOWED: Self = Self { allowed: true, retry_after: Duration::ZERO };

    fn refused_for_ms(millis: u64) -> Self {
        Self { allowed: false, retry_after: Duration::from_millis(millis) }
    }
}

/// Counts things by key. A key may hold personal data: it is hashed before it leaves the process.
#[async_trait]
pub trait Limiter: Send + Sync {
    /// Whether one more would be let through, without counting it.
    async fn check(&self, key: &str, quota: Quota) -> Verdict;

    /// Counts one if it is let through, and says whether it was: one step, whoever else counts at the same time.
    async fn hit(&self, key: &str, quota: Quota) -> Verdict;

    /// Forgets all counts of a key, of every window.
    async fn forgive(&self, key: &str);
}
