//! The marketplace: who comes to the door, where to, and how it went.

pub mod addresses;
pub mod candidates;
pub mod ledger;
pub mod live;
pub mod offers;
pub mod places;
pub mod visits;
