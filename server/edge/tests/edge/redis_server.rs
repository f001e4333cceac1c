//! A real Redis on a free port in a temporary folder, which can be killed and started again.

use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use linli_edge::{Redis, RedisConfig};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::logs;

/// Far longer than anything here takes, even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct RedisServer {
    port: u16,
    /// Its own, so that no other test's server is taken for it, should that get the port while this one is down.
    password: String,
    folder: TempDir,
    child: Option<Child>,
}

impl RedisServer {
    pub(crate) async fn start() -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        logs::install();
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let password = format!("invented-password-{}-{number}", std::process::id());
        let folder = tempfile::tempdir().unwrap();
        // Another program may take the port between our asking for a free one and Redis's binding it: ask again.
        for _ in 0..10 {
            let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            if let Some(child) = spawn(port, &password, &folder).await {
                return Self { port, password, folder, child: Some(child) };
            }
        }
        panic!("redis-server found no free port in ten tries");
    }

    /// Ends it at once, as a crash would.
    pub(crate) async fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().await.unwrap();
    }

    /// Starts it again, empty, on the same port.
    pub(crate) async fn restart(&mut self) {
        // A connection of another program may hold the port for a moment.
        until("the port is free again", async || {
            self.child = spawn(self.port, &self.password, &self.folder).await;
            self.child.is_some()
        })
        .await;
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}/0", self.password, self.port)
    }

    /// A connection as one process has it.
    pub(crate) fn connect(&self) -> Redis {
        connect(&self.url())
    }

    /// All that is kept in it, names and values, as one text.
    pub(crate) async fn everything(&self) -> String {
        let mut connection = redis::Client::open(self.url()).unwrap().get_multiplexed_async_connection().await.unwrap();
        let names: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
        let mut all = names.join("\n");
        for name in names {
            let dump: Vec<u8> = redis::cmd("DUMP").arg(name).query_async(&mut connection).await.unwrap();
            all.push_str(&String::from_utf8_lossy(&dump));
        }
        all
    }
}

pub(crate) fn connect(url: &str) -> Redis {
    // Longer than in service: the machine of a test may be busy with other tests.
    Redis::new(&toml::from_str::<RedisConfig>(&format!("url = '{url}'\ntimeout_ms = 2000")).unwrap()).unwrap()
}

/// Asks until the answer is yes, and fails when that takes too long.
pub(crate) async fn until(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    timeout(PATIENCE, async {
        while !ask().await {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .unwrap_or_else(|_| panic!("never happened: {what}"));
}

/// Starts it and waits until it says that it is ready; nothing if it ends instead.
async fn spawn(port: u16, password: &str, folder: &TempDir) -> Option<Child> {
    let port = port.to_string();
    let mut child = Command::new("redis-server")
        .args(["--port", &port, "--bind", "127.0.0.1", "--requirepass", password])
        .args(["--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", "", "--dir"])
        .arg(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| {
            panic!("redis-server cannot be started ({error}); install it: apt-get install -y redis-server")
        });
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.contains("Ready to accept connections") {
            // Go on reading, or it stops when the pipe is full.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some(child);
        }
    }
    None
}
