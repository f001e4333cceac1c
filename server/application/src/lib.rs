//! The use cases of Linli: one transaction each.
//!
//! A use case is an `async fn` that takes the [`App`] and who is acting, decides with `linli_domain`, and writes
//! through one [`linli_store::Store::write`]. What should happen afterwards is a row in `jobs`, written in the same
//! transaction. There is no network inside a transaction.

pub mod announcements;
pub mod attendance;
pub mod browse;
pub mod care_file;
pub mod catalogue;
pub mod channels;
pub mod context;
pub mod contracts;
pub mod courses;
pub mod dispatch;
pub mod error;
pub mod favourites;
pub mod feedback;
pub mod files;
pub mod hazards;
pub mod holidays;
pub mod ical;
pub mod idempotency;
pub mod imports;
pub mod input;
pub mod ledger;
pub mod live;
pub mod manage;
pub mod notices;
pub mod orders;
pub mod overview;
pub mod people;
pub mod search;
pub mod secrets;
pub mod seed;
pub mod sessions;
pub mod settings;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod together;
pub mod work;
pub mod workers;

pub use context::App;
pub use error::{Failure, Result};
