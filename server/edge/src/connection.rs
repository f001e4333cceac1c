//! The one connection to Redis that the limits, the cache and the hub share.
//!
//! Redis only makes things faster, so waiting for it is never worth much: a call gives up after
//! [`RedisConfig::timeout_ms`], and after a failure nobody asks again for a second. Then one caller tries to connect.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError, RedisResult};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::time::{Instant, timeout};

use crate::config::{ConfigError, filled};

/// How long Redis is left alone after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// Settings of Redis, section `[redis]`. Without the section everything stays inside the process.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisConfig {
    /// The address, `redis://[user:password@]host:port/database`. A secret, since it may hold the password.
    pub url: SecretString,
    /// What every key and channel begins with, so that several installations may share a server. Default `linli:`.
    #[serde(default = "default_prefix")]
    pub prefix: String,
    /// The longest any call waits for Redis, in milliseconds, 10 to 2000. Default 200.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
}

fn default_prefix() -> String {
    "linli:".to_owned()
}

fn default_timeout_ms() -> u64 {
    200
}

/// Redis cannot be asked at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Redis is out of reach")]
pub struct RedisDown;

/// A connection that is made on first use, shared by all clones, and made again after an outage.
#[derive(Clone)]
pub struct Redis(Arc<Inside>);

struct Inside {
    client: Client,
    prefix: String,
    timeout: Duration,
    state: Mutex<State>,
    /// Held by the one caller who connects.
    connecting: tokio::sync::Mutex<()>,
}

enum State {
    Unused,
    /// The number tells this connection from the one before, so that a late failure on the old does not end the new.
    Up {
        connection: MultiplexedConnection,
        number: u64,
    },
    Down {
        ask_again: Instant,
        number: u64,
    },
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").field("prefix", &self.0.prefix).finish_non_exhaustive()
    }
}

impl Redis {
    /// A connection by these settings; nothing is sent yet.
    ///
    /// # Errors
    /// When a setting cannot work.
    pub fn new(config: &RedisConfig) -> Result<Self, ConfigError> {
        filled("redis.prefix", &config.prefix)?;
        if !(10..=2_000).contains(&config.timeout_ms) {
            return Err(ConfigError::new("redis.timeout_ms", "must lie between 10 and 2000 milliseconds"));
        }
        // The parser's own message may repeat the address, password and all.
        let client = Client::open(config.url.expose_secret()).map_err(|_| {
            ConfigError::new("redis.url", "must read redis://[user:password@]host:port/database, without TLS")
        })?;
        Ok(Self(Arc::new(Inside {
            client,
            prefix: config.prefix.clone(),
            timeout: Duration::from_millis(config.timeout_ms),
            state: Mutex::new(State::Unused),
            connecting: tokio::sync::Mutex::default(),
        })))
    }

    /// Asks whether Redis is there, for readiness.
    ///
    /// # Errors
    /// When it is not, or was not a second ago.
    pub async fn ping(&self) -> Result<(), RedisDown> {
        self.command::<String>(redis::cmd("PING")).await.map(drop)
    }

    /// A key or channel of ours.
    pub(crate) fn name(&self, rest: &str) -> String {
        format!("{}{rest}", self.0.prefix)
    }

    /// A client for a connection apart, as listening needs one.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }

    /// Runs one command.
    pub(crate) async fn command<T: FromRedisValue>(&self, command: Cmd) -> Result<T, RedisDown> {
        self.run(|mut connection| async move { command.query_async(&mut connection).await }).await
    }

    /// Runs some commands within one time-out, the connecting included.
    pub(crate) async fn run<T, F, A>(&self, work: F) -> Result<T, RedisDown>
    where
        F: FnOnce(MultiplexedConnection) -> A,
        A: Future<Output = RedisResult<T>>,
    {
        let mut used = None;
        let outcome = timeout(self.0.timeout, async {
            let (connection, number) = self.connection().await?;
            used = Some(number);
            work(connection).await.map_err(Failure::Said)
        })
        .await;
        let why = match outcome {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(Failure::Pausing)) => return Err(RedisDown),
            Ok(Err(Failure::Said(error))) => error.category().to_owned(),
            Err(_) => format!("no answer within {} ms", self.0.timeout.as_millis()),
        };
        self.lost(used, &why);
        Err(RedisDown)
    }

    async fn connection(&self) -> Result<(MultiplexedConnection, u64), Failure> {
        if let Some(known) = self.known()? {
            return Ok(known);
        }
        let _turn = self.0.connecting.lock().await;
        // Whoever had the turn before may have connected, or failed.
        if let Some(known) = self.known()? {
            return Ok(known);
        }
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let connection =
            self.0.client.get_multiplexed_async_connection_with_config(&config).await.map_err(Failure::Said)?;
        let mut state = self.state();
        let number = match *state {
            State::Unused => 0,
            State::Up { number, .. } => number + 1,
            State::Down { number, .. } => {
                tracing::info!("Redis is back");
                number + 1
            }
        };
        *state = State::Up { connection: connection.clone(), number };
        Ok((connection, number))
    }

    /// The connection that stands, none when it is time to make one, or the pause after a failure.
    fn known(&self) -> Result<Option<(MultiplexedConnection, u64)>, Failure> {
        match &*self.state() {
            State::Up { connection, number } => Ok(Some((connection.clone(), *number))),
            State::Down { ask_again, .. } if Instant::now() < *ask_again => Err(Failure::Pausing),
            State::Unused | State::Down { .. } => Ok(None),
        }
    }

    /// Starts the pause, and says so once per outage.
    fn lost(&self, used: Option<u64>, why: &str) {
        let mut state = self.state();
        let (number, known) = match *state {
            State::Up { number, .. } if used != Some(number) => return,
            State::Up { number, .. } => (number, false),
            State::Unused => (0, false),
            State::Down { number, .. } => (number, true),
        };
        *state = State::Down { ask_again: Instant::now() + PAUSE, number };
        if known {
            return;
        }
        tracing::warn!(
            why,
            "Redis is out of reach: limits are kept per process, the cache misses, wake-ups stay inside"
        );
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Failure {
    /// Redis failed a moment ago and is left alone.
    Pausing,
    Said(RedisError),
}
