//! PostgreSQL: a prepared database, a copy of it for every round, and the transaction by hand under `pgbench`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::prepare::{District, SLOTS, Spread};
use crate::server;
use crate::sums::Sums;
use crate::table::Measured;

const TEMPLATE: &str = "bench_prepared";
const ROUND: &str = "bench_round";
/// Clients of pgbench. On a hot row more are slower.
const CLIENTS: usize = 16;
/// The transaction a good engineer would write.
const BY_HAND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/place.sql");

pub(crate) struct Postgres {
    server: String,
    bin: PathBuf,
}

impl Postgres {
    /// Makes the prepared database.
    pub(crate) fn prepare(server: &str, bin: &Path, linli: &Path, district: &District) -> Result<Self> {
        let postgres = Self { server: server.to_owned(), bin: bin.to_owned() };
        let durable =
            postgres.ask("postgres", "SELECT current_setting('fsync') || current_setting('synchronous_commit')")?;
        ensure!(durable == "onon", "PostgreSQL does not wait for the disk: nothing can be compared");
        postgres.ask("postgres", &format!("CREATE DATABASE {TEMPLATE}"))?;
        let url = postgres.url(TEMPLATE);
        server::run(linli, "migrate", &url)?;
        server::run(linli, "seed", &url)?;
        postgres.ask(TEMPLATE, &format!("BEGIN;\n{}COMMIT;", district.sql()))?;
        postgres.ask(TEMPLATE, "VACUUM ANALYZE")?;
        Ok(postgres)
    }

    pub(crate) fn url(&self, database: &str) -> String {
        let (address, _) = self.server.rsplit_once('/').unwrap_or((&self.server, ""));
        format!("{address}/{database}")
    }

    /// Runs something on a fresh copy of the prepared database.
    pub(crate) fn round<T>(&self, measure: impl FnOnce(&str) -> Result<T>) -> Result<T> {
        self.ask("postgres", &format!("CREATE DATABASE {ROUND} TEMPLATE {TEMPLATE} STRATEGY file_copy"))?;
        self.ask("postgres", "CHECKPOINT")?;
        let measured = measure(ROUND)?;
        self.ask("postgres", &format!("DROP DATABASE {ROUND}"))?;
        Ok(measured)
    }

    /// Places orders with the committed script, for a time.
    pub(crate) fn by_hand(&self, database: &str, spread: Spread, time: Duration) -> Result<Measured> {
        // The slots stand already, which spares the script what Linli does on first use.
        let slots = if spread == Spread::Wide { SLOTS } else { 1 };
        self.ask(
            database,
            &format!(
                "INSERT INTO pools (key, capacity) \
                 SELECT 'slot/' || lpad(n::text, 13, '0') || '/29400000', 1000000 FROM generate_series(1, {slots}) n"
            ),
        )?;
        let warm = self.pgbench(database, slots, 0, &["-t", "125"])?;
        let measured = self.pgbench(database, slots, 1_000, &["-T", &time.as_secs().to_string()])?;
        let measured = Measured { placed: warm.placed + measured.placed, ..measured };
        measured.check(&self.sums(database)?)
    }

    fn pgbench(&self, database: &str, slots: usize, begin: usize, until: &[&str]) -> Result<Measured> {
        let done = Command::new(self.bin.join("pgbench"))
            .args(["-n", "-M", "prepared", "-c", &CLIENTS.to_string(), "-j", "2", "-f", BY_HAND])
            .args(["-D", &format!("n={begin}"), "-D", &format!("slots={slots}")])
            .args(until)
            .arg(self.url(database))
            .output()
            .context("pgbench does not start")?;
        let (said, complained) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        ensure!(done.status.success(), "pgbench: {complained}");
        let figure = |name: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.split_whitespace().next())
                .with_context(|| format!("pgbench said no {name}: {said}"))
        };
        ensure!(figure("number of failed transactions:")? == "0", "pgbench: {said}");
        let placed = figure("number of transactions actually processed:")?;
        let placed = placed.split('/').next().unwrap_or(placed).parse()?;
        Ok(Measured { placed, rate: figure("tps =")?.parse()?, waits: None })
    }

    /// What stands in a database.
    pub(crate) fn sums(&self, database: &str) -> Result<Sums> {
        Sums::read(&self.ask(database, Sums::SQL)?)
    }

    /// Runs SQL, and answers what the last of it said.
    fn ask(&self, database: &str, sql: &str) -> Result<String> {
        let mut process = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-F", " ", "-v", "ON_ERROR_STOP=1", "-f", "-"])
            .arg(self.url(database))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("psql does not start")?;
        process.stdin.take().context("its input is written")?.write_all(sql.as_bytes())?;
        let done = process.wait_with_output()?;
        ensure!(done.status.success(), "psql: {}", String::from_utf8_lossy(&done.stderr));
        Ok(String::from_utf8(done.stdout)?.trim().to_owned())
    }
}
