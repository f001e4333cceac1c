//! One test program for everything that needs the whole house.

mod chaos;
mod guard;
mod harness;
mod http;
mod race;
mod scenario;
mod worker;
