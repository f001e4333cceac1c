//! Orders and everything that hangs on them.

pub mod asking;
pub mod keys;
pub mod orders;
pub mod queue;
pub mod standing;

pub use orders::{Order, OrderEvent, PayerShare};
