//! Whom something is meant for, told from the ages it serves.

use crate::person::MINOR_BELOW;
use crate::platform::AgeRange;

/// A group somebody looks on behalf of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// People in the second half of life.
    Elders,
    /// Minors.
    Children,
}

/// What begins at this age or later is meant for elders: schools for seniors begin at 50, care at 60.
const ELDERS_FROM: u8 = 50;

impl Audience {
    /// Whether something that serves these ages is meant for the group. What serves all ages is meant for nobody in
    /// particular.
    pub fn is_meant(self, ages: Option<AgeRange>) -> bool {
        let Some(ages) = ages else { return false };
        match self {
            Self::Elders => ages.min.is_some_and(|min| min >= ELDERS_FROM),
            Self::Children => ages.max.is_some_and(|max| i32::from(max) < MINOR_BELOW),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_tell_whom_it_is_for() {
        let ages = |min, max| Some(AgeRange { min, max });
        assert!(Audience::Elders.is_meant(ages(Some(60), None)));
        assert!(Audience::Elders.is_meant(ages(Some(50), Some(70))));
        assert!(!Audience::Elders.is_meant(ages(Some(18), None)));
        assert!(Audience::Children.is_meant(ages(None, Some(6))));
        assert!(Audience::Children.is_meant(ages(Some(7), Some(17))));
        assert!(!Audience::Children.is_meant(ages(Some(7), Some(18))));
        assert!(!Audience::Children.is_meant(None) && !Audience::Elders.is_meant(None));
    }
}
