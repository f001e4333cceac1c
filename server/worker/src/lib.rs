//! The job runner and the cron alarm of Linli.
//!
//! What should happen later, or outside, is a row in `jobs`. [`run`] takes due rows under a lease, hands each to
//! [`linli_application::work::run`], and writes down how it went. A handler may run twice: a worker can be killed
//! between doing the work and saying so. The [`alarm`] only writes rows, with a unique key for each tick, so that
//! replicas are harmless and a tick missed while nobody ran is caught up at the next start.

pub mod alarm;
mod backoff;
mod runner;

pub use backoff::delay;
pub use runner::{Settings, run, run_due, watch};
