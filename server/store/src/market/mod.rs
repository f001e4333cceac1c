//! The marketplace: who comes to the door, where to, and how it went.

pub mod addresses;
pub mod candidates;
pub mod cards;
pub mod coming;
pub mod figures;
pub mod files;
pub mod help;
pub mod homes;
pub mod ledger;
pub mod live;
pub mod matters;
pub mod meeting;
pub mod offers;
pub mod paces;
pub mod papers;
pub mod places;
pub mod ratings;
pub mod refused;
pub mod reports;
pub mod visits;
pub mod workers;
