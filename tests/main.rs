//! One test program for everything that needs the whole house.

mod guard;
mod harness;
mod worker;
