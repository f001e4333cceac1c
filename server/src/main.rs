//! The program `linli`.

use std::process::ExitCode;

use clap::Parser;
use linli::commands::{self, Arguments};

fn main() -> ExitCode {
    commands::run(Arguments::parse())
}
