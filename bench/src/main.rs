//! How fast places are given out: through HTTP by `linli serve`, beside the same writes by hand, on PostgreSQL and on
//! SQLite, spread over 10,000 slots and on one hot slot, in one run and as ratios.
//!
//! Every round has a database of its own, copied from one that was prepared once, and is checked when it is over:
//! what was answered, what was taken and what was written must agree, or the run fails. `scripts/bench.sh` starts
//! it; `docs/benchmarks.md` says what the figures mean.

mod assignment;
mod by_hand;
mod load;
mod postgres;
mod prepare;
mod runs;
mod server;
mod sqlite;
mod streets;
mod sums;
mod table;
mod week;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use linli_domain::time::{Day, Instant};

use crate::load::Load;
use crate::postgres::Postgres;
use crate::prepare::{District, Spread};
use crate::server::Server;
use crate::sqlite::Sqlite;
use crate::table::{Line, Measured, Table};

/// Residents who place one order each; a round ends when they have, if its time has not run out before.
const RESIDENTS: usize = 120_000;
/// Orders of a round that are placed before the clock starts: connections open, statements are prepared.
const WARM_UP: usize = 2_000;

/// What is measured, from the environment.
struct Plan {
    /// The built program.
    linli: PathBuf,
    /// The folder of `pgbench` and `psql`.
    postgres_bin: PathBuf,
    /// The server, as `postgres://user@host:port/database`.
    postgres: String,
    /// How long a round is measured.
    round: Duration,
    /// Rounds of each kind; the median counts.
    rounds: usize,
}

impl Plan {
    fn from_environment() -> Result<Self> {
        let text = |name: &str| std::env::var(name).with_context(|| format!("{name} is not set; run `make bench`"));
        let number = |name: &str, usual: u64| std::env::var(name).map_or(Ok(usual), |value| value.parse());
        Ok(Self {
            linli: text("LINLI_BENCH_PROGRAM")?.into(),
            postgres_bin: text("LINLI_BENCH_POSTGRES_BIN")?.into(),
            postgres: text("LINLI_TEST_POSTGRES")?,
            round: Duration::from_secs(number("LINLI_BENCH_SECONDS", 10)?),
            rounds: usize::try_from(number("LINLI_BENCH_ROUNDS", 3)?)?.max(1),
        })
    }
}

/// Everything, or what is named.
fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        None => {
            assignment::measure()?;
            week::report();
            streets::run(std::iter::empty())?;
            runs::measure()?;
            orders()
        }
        Some("assignment") => assignment::measure(),
        Some("week") => {
            week::report();
            Ok(())
        }
        Some("week-tuning") => {
            week::tune();
            Ok(())
        }
        Some("streets") => streets::run(std::env::args().skip(2)),
        Some("runs") => runs::measure(),
        Some("orders") => orders(),
        Some(other) => bail!("there is no measure `{other}`: assignment, week, week-tuning, streets, runs, orders"),
    }
}

/// How fast places are given out.
fn orders() -> Result<()> {
    let plan = Plan::from_environment()?;
    let folder = tempfile::tempdir().context("a temporary folder")?;
    let district = District::new(today()?, RESIDENTS);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut table = Table::default();

    let postgres = Postgres::prepare(&plan.postgres, &plan.postgres_bin, &plan.linli, &district)?;
    for spread in Spread::BOTH {
        let (mut by_hand, mut http) = (Line::default(), Line::default());
        for _ in 0..plan.rounds {
            by_hand.add(postgres.round(|database| postgres.by_hand(database, spread, plan.round))?);
            http.add(postgres.round(|database| {
                let url = postgres.url(database);
                let measured = runtime.block_on(over_http(&plan, &url, folder.path(), &district, spread))?;
                measured.check(&postgres.sums(database)?)
            })?);
            say(&format!("PostgreSQL, {}: {by_hand} by hand, {http} over HTTP", spread.name()));
        }
        table.add("PostgreSQL", "the transaction by hand, 16 clients", spread, by_hand, http);
    }

    let sqlite = Sqlite::prepare(folder.path(), &plan.linli, &district)?;
    for spread in Spread::BOTH {
        let (mut by_hand, mut http) = (Line::default(), Line::default());
        for _ in 0..plan.rounds {
            by_hand.add(sqlite.round(|file| by_hand::loop_on(file, &district, spread, plan.round))?);
            http.add(sqlite.round(|file| {
                let url = format!("sqlite://{}", file.display());
                let measured = runtime.block_on(over_http(&plan, &url, folder.path(), &district, spread))?;
                measured.check(&sqlite::sums(file)?)
            })?);
            say(&format!("SQLite, {}: {by_hand} by hand, {http} over HTTP", spread.name()));
        }
        table.add("SQLite", "a bare loop of the same writes", spread, by_hand, http);
    }
    say(&table.to_string());
    Ok(())
}

/// Serves a prepared database, and places orders on it.
async fn over_http(plan: &Plan, url: &str, folder: &Path, district: &District, spread: Spread) -> Result<Measured> {
    let server = Server::start(&plan.linli, url, folder).await?;
    let load = Load { address: server.address(), district, spread, warm_up: WARM_UP, time: plan.round };
    let measured = load.run().await;
    // The server's own word on what went wrong is worth more than the client's.
    server.stop(measured.is_err()).await?;
    measured
}

/// The present day in the district.
#[expect(
    clippy::disallowed_methods,
    reason = "the program under measure has its own clock, the machine's; so has this"
)]
fn today() -> Result<Day> {
    Ok(Instant(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?).day())
}

fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}
