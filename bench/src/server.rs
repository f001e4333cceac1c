//! `linli serve` as a process of its own, on a free port of 127.0.0.1.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long the server may take to start, and to stop.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Server {
    process: Child,
    address: SocketAddr,
    log: PathBuf,
}

impl Server {
    /// Starts the program on a database, with its usual settings, and without a worker: what follows an order later
    /// is not part of the figures on either side.
    pub(crate) async fn start(program: &Path, database: &str, folder: &Path) -> Result<Self> {
        let log = folder.join("server.log");
        let mut process = Command::new(program)
            .args(["serve", "--no-worker"])
            .env_clear()
            .envs(environment(database))
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log)?)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let mut said = BufReader::new(process.stdout.take().context("its output is read")?).lines();
        let greeting = async {
            while let Some(line) = said.next_line().await? {
                let address = line.split_whitespace().find_map(|word| word.strip_prefix("http://"));
                if let Some(address) = address {
                    return Ok(address.trim_end_matches('/').parse()?);
                }
            }
            bail!("the server said no address: {}", std::fs::read_to_string(&log).unwrap_or_default())
        };
        let address = tokio::time::timeout(PATIENCE, greeting).await.context("the server does not start")??;
        // Somebody goes on reading, or the server would wait for its greeting to be taken.
        tokio::spawn(async move { while matches!(said.next_line().await, Ok(Some(_))) {} });
        Ok(Self { process, address, log })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops the server as an operator would, and shows the end of its log when something went wrong.
    pub(crate) async fn stop(mut self, show: bool) -> Result<()> {
        let id = self.process.id().context("the server has ended by itself")?;
        Command::new("kill").arg(id.to_string()).status().await?;
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await.context("the server does not stop")??;
        let log = std::fs::read_to_string(&self.log)?;
        if show {
            let lines: Vec<&str> = log.lines().rev().take(20).collect();
            crate::say(&lines.into_iter().rev().collect::<Vec<_>>().join("\n"));
        }
        ensure!(ended.success(), "the server ended with {ended}");
        Ok(())
    }
}

/// Runs a command of the program to its end.
pub(crate) fn run(program: &Path, command: &str, database: &str) -> Result<()> {
    let done = std::process::Command::new(program).arg(command).env_clear().envs(environment(database)).output()?;
    ensure!(done.status.success(), "linli {command}: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

/// The environment of the program: ours, but for variables that it would take for its configuration.
fn environment(database: &str) -> Vec<(String, String)> {
    let own = [
        ("LINLI_MODE", "demo"),
        ("LINLI_SERVER__LISTEN", "127.0.0.1:0"),
        ("LINLI_DATABASE__URL", database),
        ("LINLI_SECRETS__MASTER_KEY", "the key of the benchmark, which seals nothing"),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    std::env::vars().filter(|(name, _)| !name.starts_with("LINLI_")).chain(own).collect()
}
