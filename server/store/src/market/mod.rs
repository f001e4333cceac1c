//! The marketplace: who comes to the door, where to, and how it went.

pub mod addresses;
pub mod candidates;
pub mod coming;
pub mod help;
pub mod live;
pub mod meeting;
pub mod homes;
pub mod cards;
pub mod files;
pub mod ledger;
pub mod figures;
pub mod matters;
pub mod offers;
pub mod papers;
pub mod places;
pub mod reports;
pub mod refused;
pub mod ratings;
pub mod visits;
pub mod workers;
