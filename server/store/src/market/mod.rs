//! The marketplace: who comes to the door, where to, and how it went.

pub mod addresses;
pub mod candidates;
pub mod figures;
pub mod live;
pub mod matters;
pub mod offers;
pub mod places;
pub mod ratings;
pub mod visits;
