//! How long a failed job waits before it is tried again.

use linli_domain::context::Random;
use linli_domain::time::Span;

const FIRST: Span = Span::seconds(5);
const LONGEST: Span = Span::hours(1);

/// The wait after the given attempt (from 1): five seconds, doubled each time, an hour at most. A random part of up to
/// half of it is taken off, so that jobs that failed together do not come back together.
pub fn delay(attempt: i32, random: &dyn Random) -> Span {
    let doublings = u32::try_from(attempt - 1).unwrap_or_default().min(20);
    let whole = FIRST.0.saturating_mul(1 << doublings).min(LONGEST.0);
    let part = u64::try_from(whole / 2).unwrap_or_default() + 1;
    Span(whole - i64::try_from(random.below(part)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use linli_domain::context::SeededRandom;
    use linli_store::jobs::MOST_ATTEMPTS;

    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_differ() {
        let random = SeededRandom::new(1);
        for (attempt, longest) in [(1, 5), (2, 10), (4, 40), (9, 1280), (10, 2560), (11, 3600), (i32::MAX, 3600)] {
            for _ in 0..100 {
                let wait = delay(attempt, &random).0;
                assert!((longest * 500_000..=longest * 1_000_000).contains(&wait), "attempt {attempt}: {wait}");
            }
        }
        let waits: std::collections::BTreeSet<_> = (0..50).map(|_| delay(5, &random).0).collect();
        assert!(waits.len() > 40, "two failures at once should not meet again");
    }

    #[test]
    fn all_attempts_together_outlast_an_outage_of_an_hour() {
        let shortest: i64 = (1..MOST_ATTEMPTS).map(|attempt| (5 << (attempt - 1)).min(3600) / 2).sum();
        assert!(shortest > 3600, "{shortest} seconds");
    }
}
