//! The house around the crates of Linli: configuration, assembly and the commands of the program `linli`.

pub mod assemble;
pub mod commands;
pub mod config;
pub mod lock;
pub mod platforms;

mod assign;
mod check;
mod logging;
mod print;
mod safety;
mod serve;
mod streets;
