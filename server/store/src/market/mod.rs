//! The marketplace: who comes to the door, where to, and how it went.

pub mod addresses;
pub mod candidates;
pub mod coming;
pub mod help;
pub mod live;
pub mod meeting;
pub mod offers;
pub mod places;
pub mod visits;
