//! The rows of sea-orm, one module per table. They never leave this crate.
#![allow(unreachable_pub, missing_docs, reason = "sea-orm derives public items; the module itself is private")]

pub mod areas;
pub mod audit;
pub mod people;
