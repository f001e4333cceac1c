//! What organisations change about themselves: offerings and their rules over time, hours, rooms, providers, staff.
//!
//! What is read for residents stands in [`crate::catalogue`]; here is what managers see and write. Whoever writes
//! raises the version of the catalogue first ([`crate::catalogue::touch`]): it locks one row, so that managers wait
//! for each other and decide on what stands.

pub mod export;
pub mod hours;
pub mod offerings;
pub mod providers;
pub mod staff;
pub mod standing;
pub mod units;
