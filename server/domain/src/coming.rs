//! Somebody is coming: where they were seen, when they will be there, whether they are late, and whether they are heard
//! of at all. Nothing here says that somebody has arrived: only they do.

use crate::at_work::SKEW;
use crate::geo::Wgs84;
use crate::time::{Instant, Span};
use crate::words::Words;

/// A position older than this is no position any more, and the arrival an estimate.
pub const FRESH: Span = Span::seconds(90);
/// Positions come no closer to each other than this.
const APART: Span = Span::seconds(3);
/// The largest error of a position that is of use, in metres.
const WORST_ACCURACY: u32 = 500;
/// Faster than this nobody travels in a town: 150 km/h, in metres per second.
const FASTEST: f64 = 150.0 / 3.6;
/// Whoever has not set out so long after they should have is asked.
const ASK_AFTER: Span = Span::minutes(5);
/// Whoever has not set out so long after they should have, and does not answer, is not waited for.
const GIVE_UP_AFTER: Span = Span::minutes(15);
/// They have so long to answer.
const TO_ANSWER: Span = Span::minutes(10);
/// Whoever should have been there so long ago and was not heard of since is called by staff.
const LOST_AFTER: Span = Span::minutes(30);

/// A position a phone sends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Where.
    pub point: Wgs84,
    /// How far it may be off, in metres, where the phone says.
    pub accuracy: Option<u32>,
    /// When.
    pub at: Instant,
}

/// Why a position is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// The phone's clock is ahead.
    Future,
    /// A newer one is known, or it is from before they set out.
    Old,
    /// The last one is a moment old.
    TooSoon,
    /// It may be off by too much.
    Inaccurate,
    /// Nobody travels that fast.
    Jump,
}

impl Ignored {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Future, Self::Old, Self::TooSoon, Self::Inaccurate, Self::Jump];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Future => "future",
            Self::Old => "old",
            Self::TooSoon => "too_soon",
            Self::Inaccurate => "inaccurate",
            Self::Jump => "jump",
        }
    }

    /// What whoever sends it reads.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Future => {
                ("手机时间不准，请打开自动校时。", "The phone's clock is ahead; please set it automatically.")
            }
            Self::Old => ("已有更新的位置。", "A newer position is known."),
            Self::TooSoon => ("每 3 秒发一次就够了。", "Once in 3 seconds is enough."),
            Self::Inaccurate => {
                ("定位误差超过 500 米，没有采用。", "It may be off by more than 500 metres and was not used.")
            }
            Self::Jump => ("位置跳变，没有采用。", "It jumped and was not used."),
        };
        Words::new(zh, en)
    }
}

/// Whether a position is kept, after the last one that was. Positions from before they set out never are.
///
/// # Errors
/// Why it is not.
pub fn keep(last: Option<(Wgs84, Instant)>, left_at: Option<Instant>, fix: &Fix, now: Instant) -> Result<(), Ignored> {
    if fix.at > now + SKEW {
        return Err(Ignored::Future);
    }
    if left_at.is_some_and(|left| fix.at < left - SKEW) || last.is_some_and(|(_, at)| fix.at <= at) {
        return Err(Ignored::Old);
    }
    if fix.accuracy.is_some_and(|metres| metres > WORST_ACCURACY) {
        return Err(Ignored::Inaccurate);
    }
    let Some((point, at)) = last else { return Ok(()) };
    let gone = fix.at - at;
    if gone < APART {
        return Err(Ignored::TooSoon);
    }
    // What both positions may be off by lies within the accuracy that was given.
    let metres = point.distance(fix.point) - f64::from(fix.accuracy.unwrap_or(0));
    #[expect(clippy::cast_precision_loss, reason = "a time between two positions is short")]
    let seconds = gone.0 as f64 / 1e6;
    if metres > seconds * FASTEST { Err(Ignored::Jump) } else { Ok(()) }
}

/// What is known of somebody on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Underway {
    /// When they set out.
    pub left_at: Option<Instant>,
    /// How long the whole way takes, in seconds by streets.
    pub way_seconds: Option<u32>,
    /// When they were seen last.
    pub seen_at: Option<Instant>,
    /// How long the way from there takes, in seconds by streets.
    pub seconds_from_there: Option<u32>,
}

/// When somebody will be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Whether it is an estimate, since no position is fresh.
    pub estimated: bool,
    /// Seconds left; none where no way is known. 0 says that they should be there, never that they are.
    pub seconds_left: Option<u32>,
    /// The same in words.
    pub words: Words,
}

impl Underway {
    /// When they are to be there, by the last thing known of them.
    pub fn expected(&self) -> Option<Instant> {
        let seen = self.seen_at.zip(self.seconds_from_there);
        seen.or(self.left_at.zip(self.way_seconds)).map(|(at, seconds)| at + Span::seconds(i64::from(seconds)))
    }

    /// When they will be there, as it is said to whoever waits.
    pub fn arrival(&self, now: Instant) -> Arrival {
        let fresh = self.seen_at.is_some_and(|at| now - at <= FRESH);
        let left = self.expected().map(|at| (at - now).whole_seconds().max(0));
        let seconds_left = left.map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX));
        let minutes = seconds_left.map(|seconds| seconds.div_ceil(60));
        let since = self.seen_at.map(|at| (now - at).whole_seconds().max(0) / 60);
        let words = match (fresh, minutes, since) {
            (true, Some(0), _) => Words::new("就快到了。", "They are almost there."),
            (true, Some(n), _) => Words::new(format!("约 {n} 分钟后到。"), format!("About {n} minutes away.")),
            (true, None, _) => Words::new("正在路上。", "They are on the way."),
            (false, Some(0), _) => Words::new(
                "按路程推算应该快到了，但暂时收不到位置，对方还没有确认到达。",
                "By the streets they should be there soon, but their position is not known and they have not said that they have arrived.",
            ),
            (false, Some(n), Some(since)) => Words::new(
                format!("{since} 分钟没有收到位置。按路程推算，约 {n} 分钟后到。"),
                format!(
                    "No position for {since} minutes. By the streets they are about {n} minutes away: an estimate."
                ),
            ),
            (false, Some(n), None) => Words::new(
                format!("还没有收到位置。按路程推算，约 {n} 分钟后到。"),
                format!("No position yet. By the streets they are about {n} minutes away: an estimate."),
            ),
            (false, None, _) => {
                Words::new("正在路上，暂时收不到位置。", "They are on the way; their position is not known.")
            }
        };
        Arrival { estimated: !fresh, seconds_left, words }
    }

    /// Whether somebody who set out should have been there long ago and was not heard of since.
    pub fn is_lost(&self, now: Instant) -> bool {
        let heard = self.seen_at.max(self.left_at);
        let expected = self.expected().or(heard);
        expected.max(heard).is_some_and(|last| now >= last + LOST_AFTER)
    }
}

/// Whether whoever waits, and whoever is awaited, is told that it is late: more than the grace of its rules after the
/// promised time nobody is at the door, or will be.
pub fn is_late(promised: Instant, grace: Span, expected: Option<Instant>, now: Instant) -> bool {
    expected.unwrap_or(now).max(now) > promised + grace
}

/// What to do about somebody who has said yes and has not set out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Ask them whether they are coming.
    Ask,
    /// Look for somebody else.
    GiveUp,
}

/// What to do about somebody who should set out at an instant and has not. `asked` is when they were asked last, and
/// whether they answered since.
pub fn silence(leave: Instant, asked: Option<(Instant, bool)>, now: Instant) -> Option<Silence> {
    match asked {
        Some((at, false)) => (now >= leave + GIVE_UP_AFTER && now >= at + TO_ANSWER).then_some(Silence::GiveUp),
        _ => (now >= leave + ASK_AFTER).then_some(Silence::Ask),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_795_395_600_000_000);
    const HERE: Wgs84 = Wgs84 { latitude: 38.31, longitude: 116.85 };

    fn ago(seconds: i64) -> Instant {
        NOW - Span::seconds(seconds)
    }

    #[test]
    fn which_positions_are_kept() {
        let fix = |metres: f64, accuracy, ago_s| Fix { point: HERE.moved(metres, 0.0), accuracy, at: ago(ago_s) };
        let last = Some((HERE, ago(60)));
        let left = Some(ago(600));
        for (what, last, fix, kept) in [
            ("the first one", None, fix(0.0, None, 0), Ok(())),
            ("sent late", None, fix(0.0, None, 500), Ok(())),
            ("before they left", None, fix(0.0, None, 721), Err(Ignored::Old)),
            ("a clock a little ahead", None, fix(0.0, None, -120), Ok(())),
            ("a clock far ahead", None, fix(0.0, None, -121), Err(Ignored::Future)),
            ("the same again", last, fix(0.0, None, 60), Err(Ignored::Old)),
            ("an older one", last, fix(0.0, None, 61), Err(Ignored::Old)),
            ("two seconds later", last, fix(0.0, None, 58), Err(Ignored::TooSoon)),
            ("three seconds later", last, fix(0.0, None, 57), Ok(())),
            ("500 m accurate", last, fix(0.0, Some(500), 0), Ok(())),
            ("501 m accurate", last, fix(0.0, Some(501), 0), Err(Ignored::Inaccurate)),
            ("149 km/h", last, fix(2_483.0, None, 0), Ok(())),
            ("151 km/h", last, fix(2_517.0, None, 0), Err(Ignored::Jump)),
            ("far, but within its error", last, fix(2_700.0, Some(300), 0), Ok(())),
            ("out of this world", last, fix(50_000.0, Some(20), 0), Err(Ignored::Jump)),
        ] {
            assert_eq!(keep(last, left, &fix, NOW), kept, "{what}");
        }
        for reason in Ignored::ALL {
            assert!(!reason.key().is_empty() && reason.words().en.is_ascii());
        }
    }

    #[test]
    fn an_arrival_is_an_estimate_without_a_fresh_position() {
        let underway = |left_ago, way, seen: Option<(i64, Option<u32>)>| Underway {
            left_at: Some(ago(left_ago)),
            way_seconds: way,
            seen_at: seen.map(|(s, _)| ago(s)),
            seconds_from_there: seen.and_then(|(_, from_there)| from_there),
        };
        for (what, underway, estimated, left) in [
            ("just seen", underway(300, Some(900), Some((5, Some(400)))), false, Some(395)),
            ("seen 90 s ago", underway(300, Some(900), Some((90, Some(400)))), false, Some(310)),
            ("seen 91 s ago", underway(300, Some(900), Some((91, Some(400)))), true, Some(309)),
            ("never seen", underway(300, Some(900), None), true, Some(600)),
            ("seen off the streets", underway(300, Some(900), Some((5, None))), false, Some(600)),
            ("seen off the streets, no way", underway(300, None, Some((5, None))), false, None),
            ("nothing known", underway(300, None, None), true, None),
            ("should be there", underway(3_000, Some(900), None), true, Some(0)),
        ] {
            let arrival = underway.arrival(NOW);
            assert_eq!((arrival.estimated, arrival.seconds_left), (estimated, left), "{what}");
            assert!(!arrival.words.zh.is_empty() && arrival.words.en.is_ascii(), "{what}");
            let says_so = arrival.words.en.contains("estimate") || arrival.words.en.contains("not known");
            assert_eq!(says_so, estimated, "{what}: {}", arrival.words.en);
        }
        let silent = underway(30_000, Some(900), None).arrival(NOW);
        assert!(silent.words.en.contains("not said that they have arrived"), "silence is no arrival");
    }

    #[test]
    fn who_is_late() {
        let minutes = |n: i64| NOW + Span::minutes(n);
        for (promised, expected, late) in [
            (10, None, false),
            (10, Some(20), false),
            (10, Some(21), true),
            (0, Some(0), false),
            (0, None, false),
            (-1, Some(0), false),
            (-10, Some(0), false),
            (-10, None, false),
            (-11, Some(-11), true),
            (-11, None, true),
        ] {
            let said = is_late(minutes(promised), Span::minutes(10), expected.map(minutes), NOW);
            assert_eq!(said, late, "{promised} {expected:?}");
        }
    }

    #[test]
    fn who_has_not_set_out() {
        let minutes = |n: i64| NOW - Span::minutes(n);
        // Minutes since they should have left; minutes since they were asked, and whether they answered.
        for (leave, asked, silence_is) in [
            (4, None, None),
            (5, None, Some(Silence::Ask)),
            (60, None, Some(Silence::Ask)),
            (14, Some((9, false)), None),
            (15, Some((9, false)), None),
            (14, Some((10, false)), None),
            (15, Some((10, false)), Some(Silence::GiveUp)),
            (4, Some((10, true)), None),
            (5, Some((10, true)), Some(Silence::Ask)),
        ] {
            let asked = asked.map(|(at, answered)| (minutes(at), answered));
            assert_eq!(silence(minutes(leave), asked, NOW), silence_is, "{leave} {asked:?}");
        }
    }

    #[test]
    fn who_is_not_heard_of() {
        let minutes = |n: i64| Some(NOW - Span::minutes(n));
        for (left, way_minutes, seen, lost) in [
            (39, Some(10), None, false),
            (40, Some(10), None, true),
            (100, Some(10), Some((29, 0)), false),
            (100, Some(10), Some((30, 0)), true),
            (100, Some(10), Some((35, 10)), false),
            (29, None, None, false),
            (30, None, None, true),
        ] {
            let underway = Underway {
                left_at: minutes(left),
                way_seconds: way_minutes.map(|n: u32| n * 60),
                seen_at: seen.and_then(|(at, _)| minutes(at)),
                seconds_from_there: seen.map(|(_, way): (i64, u32)| way * 60),
            };
            assert_eq!(underway.is_lost(NOW), lost, "{left} {way_minutes:?} {seen:?}");
        }
    }
}
