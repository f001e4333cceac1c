//! Meals that are cooked for elders: what is on the menu, who gets what when, and what the kitchen reads.
//!
//! A [`plan`] says on which days somebody wants a meal; it is laid out in days by [`days`], up to the [`cut_off`] of
//! each. A [`menu`] says what is cooked, and what of it somebody may eat ([`diet`]). The [`sheet`] is what the kitchen
//! works by, and [`safety`] until when it may be eaten.

use serde::{Deserialize, Serialize};

use crate::words::Words;

pub mod cut_off;
pub mod days;
pub mod diet;
pub mod menu;
pub mod plan;
pub mod safety;
pub mod sheet;

/// Which meal of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meal {
    /// At noon.
    Lunch,
    /// In the evening.
    Dinner,
}

impl Meal {
    /// Every meal, in the order of the day.
    pub const ALL: [Self; 2] = [Self::Lunch, Self::Dinner];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Lunch => "lunch",
            Self::Dinner => "dinner",
        }
    }

    /// The meal of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|meal| meal.key() == key)
    }

    /// For people.
    pub fn words(self) -> Words {
        match self {
            Self::Lunch => Words::new("午餐", "lunch"),
            Self::Dinner => Words::new("晚餐", "dinner"),
        }
    }
}
