//! People: who they are, how they log in, what is known of them, what they may do.

pub mod accounts;
pub mod areas;
pub mod cards;
pub mod consents;
pub mod grants;
pub mod household;
pub mod login_codes;
pub mod logins;
pub mod persons;
pub mod ties;
pub mod verifications;

use std::str::FromStr;

use crate::error::{Result, StoreError};

/// Reads a text column that only we write: anything unreadable is a fault of ours.
fn read<T: FromStr>(table: &str, id: i64, column: &str, text: &str) -> Result<T> {
    text.parse().map_err(|_| odd(table, id, column))
}

fn odd(table: &str, id: i64, column: &str) -> StoreError {
    StoreError::Row(format!("{table} {id}: {column} cannot be read"))
}
