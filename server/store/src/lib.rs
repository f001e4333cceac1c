//! The only SQL of Linli.
//!
//! [`Store`] is the door: [`Store::reads`] gives a [`Db`] that only reads, [`Store::write`] runs one transaction.
//! Rows never leave this crate: modules take and give values of `linli_domain` or plain structs of their own.
//! Functions that read take `&impl Reads` (a [`Db`] or a [`Tx`]); functions that write take a `&Tx`.

pub mod announcements;
pub mod audit;
pub mod booking;
pub mod care;
pub mod catalogue;
pub mod channels;
mod connect;
mod entity;
mod error;
pub mod finding;
pub mod jobs;
pub mod managing;
pub mod market;
pub mod messages;
pub mod overview;
pub mod people;
mod rows;
pub mod scarcity;
pub mod sessions;
pub mod themes;
pub mod wechat_ledger;

pub use connect::{Backend, Db, Options, Reads, Store, Tx, sqlite_file};
pub use error::{Result, StoreError};
