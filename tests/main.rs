//! One test program for everything that needs the whole house.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails; the lint knows only functions marked as tests")]

mod chaos;
mod guard;
mod harness;
mod http;
mod live;
mod peers;
mod race;
mod scenario;
mod worker;
