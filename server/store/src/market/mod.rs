//! The marketplace: who comes to the door, where to, and how it went.

pub mod live;
