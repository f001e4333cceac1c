//! At the door and at work: when things really happened, the code that starts the work, what it costs, and why it
//! could not be done.

use crate::platform::PriceForm;
use crate::refusal::{Code, Refusal};
use crate::time::{Instant, Span};
use crate::words::Words;

/// The clock of a phone may be off by so much.
pub const SKEW: Span = Span::minutes(2);
/// What happened without signal may be told so much later.
pub const KEPT: Span = Span::hours(24);
/// After so many wrong codes work starts with a reason only.
pub const CODE_TRIES: u32 = 5;
/// The highest price that can be asked for at the door, in fen (¥100,000).
pub const HIGHEST_QUOTE: i64 = 10_000_000;

/// When a step really happened: when the phone says, which may send it later, or now. Never before the step that came
/// before it, and never after now: a clock that is off by a little is set right.
///
/// # Errors
/// [`Code::StepTimeInvalid`] for what lies in the future, before the step before, or more than a day back.
pub fn happened(at: Option<Instant>, before: Option<Instant>, now: Instant) -> Result<Instant, Refusal> {
    let earliest = before.map_or(now - KEPT, |before| before.max(now - KEPT));
    let Some(at) = at else { return Ok(now) };
    if at > now + SKEW || at < earliest - SKEW {
        return Err(Refusal::new(Code::StepTimeInvalid).field("at").with("from", earliest).with("until", now));
    }
    Ok(at.max(earliest).min(now))
}

/// What came of a code that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeTried {
    /// It is the one.
    Right,
    /// It is not; so many tries are left.
    Wrong {
        /// Tries left, 0 when this was the last one.
        left: u32,
    },
    /// There were too many wrong ones: no code is looked at any more.
    Locked,
}

/// Looks at a code after so many wrong ones.
pub fn try_code(given: &str, code: &str, wrong: u32) -> CodeTried {
    match CODE_TRIES.checked_sub(wrong + 1) {
        None => CodeTried::Locked,
        Some(_) if given == code => CodeTried::Right,
        Some(left) => CodeTried::Wrong { left },
    }
}

/// What a visit costs when it is done, in fen.
///
/// `base` is the price in the rules: the whole, that of an hour, or that of coming to look. `agreed` is what stands in
/// the order: what was shown, or what the resident has said yes to since. By the hour, every hour begun counts and one
/// at least, but half as much again as the estimate is the most without the resident's yes to more.
pub fn due(form: PriceForm, base: i64, agreed: i64, estimate_minutes: u16, worked: Span) -> i64 {
    match form {
        PriceForm::Free => 0,
        PriceForm::Fixed | PriceForm::Quote => agreed,
        PriceForm::Hourly => {
            let estimate = base.saturating_mul(hours_begun(Span::minutes(i64::from(estimate_minutes))));
            let most = agreed.max(estimate.saturating_add(estimate / 2));
            base.saturating_mul(hours_begun(worked)).min(most)
        }
    }
}

fn hours_begun(worked: Span) -> i64 {
    let hour = Span::hours(1).0;
    ((worked.0.max(0) + hour - 1) / hour).max(1)
}

/// What the order costs once the resident has said yes to a price asked for at the door: for coming to look and what
/// was asked for on top of it; by the hour, what was asked for is the new most.
pub fn price_with(form: PriceForm, base: i64, quote: i64) -> i64 {
    if form == PriceForm::Quote { base.saturating_add(quote) } else { quote }
}

/// Why a visit could not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// Nobody opened.
    NobodyHome,
    /// The gate, the entrance or the house is closed to them.
    NoAccess,
    /// The price was not agreed to.
    PriceNotAgreed,
    /// A part has to be ordered.
    PartMissing,
    /// Somebody with other skills or tools is needed.
    OtherSkill,
    /// It is not safe.
    Unsafe,
    /// The resident does not want it any more.
    NotWanted,
    /// Something else, in words.
    Other,
}

impl Failure {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::NobodyHome,
        Self::NoAccess,
        Self::PriceNotAgreed,
        Self::PartMissing,
        Self::OtherSkill,
        Self::Unsafe,
        Self::NotWanted,
        Self::Other,
    ];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NobodyHome => "nobody_home",
            Self::NoAccess => "no_access",
            Self::PriceNotAgreed => "price_not_agreed",
            Self::PartMissing => "part_missing",
            Self::OtherSkill => "other_skill",
            Self::Unsafe => "unsafe",
            Self::NotWanted => "not_wanted",
            Self::Other => "other",
        }
    }

    /// The reason of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }

    /// What people read.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::NobodyHome => ("家中无人", "Nobody was at home"),
            Self::NoAccess => ("进不去小区或楼门", "There was no way in"),
            Self::PriceNotAgreed => ("价格没有谈妥", "The price was not agreed to"),
            Self::PartMissing => ("缺少配件，需要另约", "A part is missing; another visit is needed"),
            Self::OtherSkill => ("需要其他工种或工具", "Another skill or tool is needed"),
            Self::Unsafe => ("现场不安全", "It was not safe"),
            Self::NotWanted => ("居民不再需要", "It is not wanted any more"),
            Self::Other => ("其他原因", "Another reason"),
        };
        Words::new(zh, en)
    }

    /// What is paid all the same: coming to look, where the price is quoted at the door and was not agreed to.
    pub const fn pays_for_coming(self, form: PriceForm) -> bool {
        matches!((self, form), (Self::PriceNotAgreed, PriceForm::Quote))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Instant = Instant(1_795_395_600_000_000);

    #[test]
    fn what_really_happened_when() {
        let minutes = |n: i64| NOW + Span::minutes(n);
        // at, the step before, what is written; in minutes from now.
        for (at, before, written) in [
            (None, None, Some(0)),
            (None, Some(-5), Some(0)),
            (Some(-10), Some(-30), Some(-10)),
            (Some(-30), Some(-30), Some(-30)),
            // A clock that is off by two minutes is set right.
            (Some(2), None, Some(0)),
            (Some(3), None, None),
            (Some(-31), Some(-30), Some(-30)),
            (Some(-32), Some(-30), Some(-30)),
            (Some(-33), Some(-30), None),
            // A day.
            (Some(-24 * 60), Some(-26 * 60), Some(-24 * 60)),
            (Some(-24 * 60 - 3), Some(-26 * 60), None),
            (Some(-24 * 60 - 3), None, None),
        ] {
            let said = happened(at.map(minutes), before.map(minutes), NOW);
            let code = said.as_ref().err().map(|refusal| refusal.code);
            assert_eq!(said.ok(), written.map(minutes), "{at:?} after {before:?}");
            assert_eq!(code, written.is_none().then_some(Code::StepTimeInvalid), "{at:?} after {before:?}");
        }
    }

    #[test]
    fn five_wrong_codes_and_no_more() {
        for wrong in 0..CODE_TRIES {
            assert_eq!(try_code("1234", "1234", wrong), CodeTried::Right, "after {wrong}");
            assert_eq!(try_code("1235", "1234", wrong), CodeTried::Wrong { left: CODE_TRIES - wrong - 1 });
        }
        for wrong in [CODE_TRIES, CODE_TRIES + 1, u32::MAX - 1] {
            assert_eq!(try_code("1234", "1234", wrong), CodeTried::Locked, "not even the right one after {wrong}");
        }
    }

    #[test]
    fn prices_of_each_form() {
        let minutes = Span::minutes;
        for (form, base, agreed, estimate, worked, fen) in [
            (PriceForm::Free, 0, 0, 60, minutes(90), 0),
            (PriceForm::Free, 500, 500, 60, minutes(90), 0),
            (PriceForm::Fixed, 6_000, 6_000, 60, minutes(240), 6_000),
            (PriceForm::Quote, 3_000, 3_000, 60, minutes(240), 3_000),
            (PriceForm::Quote, 3_000, 15_000, 60, minutes(240), 15_000),
            // Two hours at 40.00.
            (PriceForm::Hourly, 4_000, 8_000, 120, minutes(0), 4_000),
            (PriceForm::Hourly, 4_000, 8_000, 120, minutes(60), 4_000),
            (PriceForm::Hourly, 4_000, 8_000, 120, minutes(61), 8_000),
            (PriceForm::Hourly, 4_000, 8_000, 120, minutes(150), 12_000),
            (PriceForm::Hourly, 4_000, 8_000, 120, minutes(600), 12_000),
            (PriceForm::Hourly, 4_000, 20_000, 120, minutes(600), 20_000),
            (PriceForm::Hourly, 4_000, 20_000, 120, minutes(90), 8_000),
            (PriceForm::Hourly, 4_000, 8_000, 120, minutes(-9), 4_000),
            // Half as much again as one hour is no whole hour.
            (PriceForm::Hourly, 4_000, 4_000, 60, minutes(120), 6_000),
        ] {
            assert_eq!(due(form, base, agreed, estimate, worked), fen, "{form:?} {agreed} {worked:?}");
        }
        assert_eq!(price_with(PriceForm::Quote, 3_000, 12_000), 15_000);
        assert_eq!(price_with(PriceForm::Hourly, 4_000, 20_000), 20_000);
    }

    #[test]
    fn reasons_have_keys_and_words() {
        for reason in Failure::ALL {
            assert_eq!(Failure::from_key(reason.key()), Some(reason));
            assert!(!reason.words().zh.is_empty() && reason.words().en.is_ascii(), "{}", reason.key());
            for form in PriceForm::ALL {
                let pays = reason == Failure::PriceNotAgreed && form == PriceForm::Quote;
                assert_eq!(reason.pays_for_coming(form), pays, "{} {form:?}", reason.key());
            }
        }
        assert_eq!(Failure::from_key("rain"), None);
    }

    proptest! {
        /// Nobody pays more than half as much again as was shown, unless they said yes to it; and never for less time more.
        #[test]
        fn no_surprises(base in 1_i64..100_000, hours in 1_u16..12, worked in 0_i64..2_000, more in 0_i64..500) {
            let shown = base * i64::from(hours);
            let of = |minutes| due(PriceForm::Hourly, base, shown, hours * 60, Span::minutes(minutes));
            prop_assert!(of(worked) <= shown + shown / 2);
            prop_assert!(of(worked) >= base);
            prop_assert!(of(worked) <= of(worked + more));
        }

        /// Whatever a phone says, what is written lies between the step before and now.
        #[test]
        fn time_goes_on(at in -2_000_i64..10, before in -1_440_i64..0) {
            let (at, before) = (NOW + Span::minutes(at), NOW + Span::minutes(before));
            if let Ok(written) = happened(Some(at), Some(before), NOW) {
                prop_assert!(before <= written && written <= NOW);
                prop_assert!((written - at).0.abs() <= SKEW.0);
            }
        }
    }
}
