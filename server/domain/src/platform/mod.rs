//! Platforms: nine files today, a tenth is a tenth file.
//!
//! A file under `server/platforms/` declares one platform: its kinds of service, how each is ordered, what it asks,
//! the rules offerings start with and how far operators may move them, in Chinese and English. [`load`] reads all
//! files, checks them, and either gives the [`Platforms`] or every problem of every file at once. Nothing in the
//! product asks which platform it deals with: it asks the kind for its shape, its rules and its secrecy.

mod check;
mod courses;
mod model;
mod ordering;
mod read;
mod rules;
mod shapes;
mod visit;

pub use check::load;
pub(crate) use model::is_key;
pub use model::{
    AgeRange, ContractTerms, Course, FormField, Interval, Kind, KindKey, NoShow, NotAKindKey, NotOrderable,
    PersonLimits, Platform, Requirement, Shape,
};
pub use read::PlatformProblem;
pub use rules::{Bound, BoundChanges, Deadline, RuleBounds, RuleChanges, Rules};
pub use visit::{ContractWith, PriceForm, Urgent, VisitTerms, Way, Where, Wish};

/// All platforms of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platforms {
    /// Ordered by [`Platform::order`].
    pub platforms: Vec<Platform>,
}

impl Platforms {
    /// The platform with this key.
    pub fn platform(&self, key: &str) -> Option<&Platform> {
        self.platforms.iter().find(|platform| platform.key == key)
    }

    /// The kind with this key.
    pub fn kind(&self, key: &KindKey) -> Option<&Kind> {
        self.platform(key.platform())?.kinds.iter().find(|kind| kind.key == *key)
    }

    /// All kinds of all platforms.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.platforms.iter().flat_map(|platform| &platform.kinds)
    }
}

#[cfg(test)]
pub(crate) mod tests;
