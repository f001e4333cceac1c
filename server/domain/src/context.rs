//! What a use case may ask of the world besides its rows: the time, randomness and new ids.

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use crate::time::Instant;

/// Tells the time. The one of production reads the system; the one of tests is turned by hand.
pub trait Clock: Send + Sync + Debug {
    /// The present instant.
    fn now(&self) -> Instant;
}

/// Gives random bytes fit for secrets.
pub trait Random: Send + Sync + Debug {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]);

    /// A uniformly distributed number below `bound`.
    ///
    /// # Panics
    /// When `bound` is 0.
    fn below(&self, bound: u64) -> u64 {
        assert!(bound > 0, "nothing lies below 0");
        // Values past the last whole multiple of `bound` would favour small numbers: draw again.
        let zone = u64::MAX - u64::MAX % bound;
        loop {
            let mut bytes = [0; 8];
            self.fill(&mut bytes);
            let drawn = u64::from_le_bytes(bytes);
            if drawn < zone {
                return drawn % bound;
            }
        }
    }
}

/// A clock that stands still until it is turned: for tests and simulations.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock standing at `now`.
    pub fn at(now: Instant) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Sets the clock, forwards or back.
    pub fn set(&self, now: Instant) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// Turns the clock forward.
    pub fn advance(&self, by: crate::time::Span) {
        self.0.fetch_add(by.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// Repeatable bytes (SplitMix64) for tests and the demo. Never for secrets.
#[derive(Debug)]
pub struct SeededRandom(AtomicU64);

impl SeededRandom {
    /// A source that always gives the same bytes for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let state = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
            let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_random_repeats_itself_and_stays_below() {
        let (a, b) = (SeededRandom::new(7), SeededRandom::new(7));
        let drawn: Vec<u64> = (0..64).map(|_| a.below(10)).collect();
        assert_eq!(drawn, (0..64).map(|_| b.below(10)).collect::<Vec<_>>());
        assert!(drawn.iter().all(|n| *n < 10));
        assert!((0..10).all(|n| drawn.contains(&n)), "every digit appears in 64 draws of this seed");
    }
}
