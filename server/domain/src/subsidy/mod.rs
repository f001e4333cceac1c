//! Who pays for a meal: the district by its rules, the elder, their family.
//!
//! [`rule`] is the language rules are written in, [`facts`] what they look at, [`decide`] how a rule comes to its yes
//! or no and says why, [`split`] how a price becomes shares that sum to it, and how they are given back, [`payer`] whose
//! they are. [`statement`]
//! and [`settlement`] are read by families and by canteens; [`time_bank`] keeps the hours of volunteers, which are no
//! money.

pub mod decide;
pub mod facts;
pub mod payer;
pub mod rule;
pub mod settlement;
pub mod split;
pub mod statement;
pub mod time_bank;

#[cfg(test)]
mod tests;
