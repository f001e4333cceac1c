//! Orders and everything that hangs on them.

pub mod asking;
pub mod attendance;
pub mod contracts;
pub mod courses;
pub mod keys;
pub mod orders;
pub mod queue;
pub mod standing;

pub use orders::{Order, OrderEvent, PayerShare};
