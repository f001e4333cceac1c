//! The commands of the program.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use linli_application::manage::district;
use linli_domain::phone::Phone;

use crate::config::{self, Config};
use crate::{assemble, assign, check, logging, print, safety, serve, streets};

/// Linli, the resident services of a city district.
#[derive(Debug, Parser)]
#[command(name = "linli", version, about, after_help = EXAMPLES, propagate_version = true)]
pub struct Arguments {
    /// The configuration file [default: linli.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE", env = "LINLI_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  linli serve                               a demo district on http://127.0.0.1:8080
  linli check --config /etc/linli.toml      what is wrong, and how to mend it
  linli migrate && linli serve              on PostgreSQL
  LINLI_LOG__LEVEL=debug linli serve        any key of the file as a variable

Every key of the configuration is described in linli.example.toml.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the pages and the interface, and works off the jobs
    ///
    /// On SQLite it brings the tables up to date by itself, and a demo fills an empty database with an invented
    /// district. On PostgreSQL, which several processes share, `linli migrate` does that first.
    Serve {
        /// Leaves the jobs to `linli worker`
        #[arg(long)]
        no_worker: bool,
        /// The second of the two times one has to say that a demo may listen on a public address
        #[arg(long)]
        yes_demo_in_public: bool,
    },
    /// Works off the jobs, without serving
    Worker,
    /// Brings the tables up to date
    Migrate,
    /// Fills the database: areas and holidays; in a demo also an invented district
    ///
    /// What is there already stays as it is.
    Seed,
    /// Makes somebody staff of the district: the first of them has nobody who could
    ///
    /// Who has never logged in is given an account under this phone. They then name all others on the page.
    GrantDistrict {
        /// The mobile number they log in with
        #[arg(value_name = "PHONE")]
        phone: String,
    },
    /// Prints the description of the interface (OpenAPI)
    Openapi,
    /// Assigns jobs to providers: most jobs first, then least cost
    #[command(after_help = assign::HELP)]
    Assign {
        /// A line for each way a job can be done: `job,provider,cost`
        #[arg(value_name = "EDGES.csv")]
        edges: PathBuf,
    },
    /// Checks configuration, platform files, holidays, database and Redis
    ///
    /// Says what is wrong and how to mend it. Ends with code 1 if the service could not run.
    Check,
    /// Travel times on streets: imports a map, draws a circle, computes a table
    ///
    /// Needs neither configuration nor database.
    Streets {
        #[command(subcommand)]
        what: streets::Streets,
    },
}

/// Runs a command to its end.
pub fn run(arguments: Arguments) -> ExitCode {
    if let Command::Assign { edges } = &arguments.command {
        return assign::run(edges).map_or_else(
            |error| fail(&error),
            |answer| {
                print::line(answer);
                ExitCode::SUCCESS
            },
        );
    }
    if let Command::Streets { what } = &arguments.command {
        return streets::run(what).map_or_else(|error| fail(&error), |()| ExitCode::SUCCESS);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    if matches!(arguments.command, Command::Openapi) {
        return match runtime.block_on(assemble::blank()) {
            Ok(app) => {
                print::line(linli_api::openapi(&app));
                ExitCode::SUCCESS
            }
            Err(error) => fail(&error),
        };
    }
    let config = match config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(problems) => return refuse(&problems),
    };
    if matches!(arguments.command, Command::Check) {
        return if runtime.block_on(check::run(&config)) { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let problems = safety::problems(&config);
    if !problems.is_empty() {
        return refuse(&problems);
    }
    let outcome = logging::start(&config.log).and_then(|()| runtime.block_on(dispatch(&config, arguments.command)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

async fn dispatch(config: &Config, command: Command) -> Result<()> {
    match command {
        Command::Serve { no_worker, yes_demo_in_public } => {
            let address = safety::listening(config, yes_demo_in_public)?;
            serve::serve(config, address, !no_worker).await
        }
        Command::Worker => serve::work(config).await,
        Command::Migrate => {
            let house = assemble::assemble(config).await?;
            let missing = house.app.store.pending_migrations().await?;
            house.app.store.migrate().await?;
            print::line(format!("{missing} migrations were missing; now the tables are up to date"));
            Ok(())
        }
        Command::Seed => {
            let house = assemble::assemble(config).await?;
            serve::require_tables(&house.app).await?;
            print::line(format!("sown: {}", serve::seed(&house.app).await?));
            Ok(())
        }
        Command::GrantDistrict { phone } => {
            let phone: Phone = phone.parse().context("this is not a mainland mobile number of 11 digits")?;
            let house = assemble::assemble(config).await?;
            serve::prepare(&house.app).await?;
            let given = district::grant_district(&house.app, phone.clone()).await.context("run `linli seed` first")?;
            let how = if given { "is staff of the district from now on" } else { "was staff of the district already" };
            print::line(format!("{} {how}", phone.masked()));
            Ok(())
        }
        Command::Check | Command::Openapi | Command::Assign { .. } | Command::Streets { .. } => {
            unreachable!("they run without the application")
        }
    }
}

fn refuse(problems: &[config::Problem]) -> ExitCode {
    print::complaint("The configuration cannot be used:");
    for problem in problems {
        print::complaint(format!("  {problem}"));
    }
    print::complaint("Every key is described in linli.example.toml.");
    ExitCode::FAILURE
}

fn fail(error: &anyhow::Error) -> ExitCode {
    print::complaint(format!("linli: {error:#}"));
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
