//! The web page: what it may load, and its files.

mod files;
mod policy;

pub use files::Pages;

pub(crate) use policy::{Policy, documentation};
