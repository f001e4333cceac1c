//! The configuration: one TOML file, then variables `LINLI_…`, `__` between section and key.
//!
//! Every key is described in `linli.example.toml`; a test keeps the two in step. Unknown keys are refused, since a
//! misspelt one would silently leave the default in force. Values are never repeated in messages: they may be secrets.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::error::{Actual, Kind};
use figment::providers::{Env, Format, Toml};
use linli_application::settings::Tiles;
use linli_domain::geo::Datum;
use linli_domain::time::Instant;
use linli_edge::{FilesConfig, RedisConfig, SmsConfig, WechatConfig};
use secrecy::SecretString;
use serde::Deserialize;

/// The file that is read when none is named.
pub const USUAL_FILE: &str = "linli.toml";

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Whether demo conveniences exist.
    pub mode: Mode,
    /// The first of the two times one has to say that a demo may listen on a public address.
    pub demo_on_public_address: bool,
    /// When the clock of a demo begins; it runs on from there. None is the present.
    pub demo_begins_at: Option<Instant>,
    /// The number shown to residents where a page cannot help.
    pub help_phone: String,
    /// A folder of platform files instead of the built-in ones.
    pub platforms: Option<PathBuf>,
    /// The streets of the district, as `linli streets import` writes them or as an OpenStreetMap extract. Without it,
    /// those of the demo district.
    pub streets: Option<PathBuf>,
    /// Section `[map]`.
    pub map: Map,
    /// Section `[server]`.
    pub server: Server,
    /// Section `[database]`.
    pub database: Database,
    /// Section `[secrets]`.
    pub secrets: Secrets,
    /// Section `[login]`.
    pub login: Login,
    /// Section `[worker]`.
    pub worker: Worker,
    /// Section `[log]`.
    pub log: Log,
    /// Section `[open311]`.
    pub open311: Open311,
    /// Section `[files]`.
    pub files: FilesConfig,
    /// Section `[redis]`; without it everything stays inside the process.
    pub redis: Option<RedisConfig>,
    /// Section `[sms]`.
    pub sms: Option<SmsConfig>,
    /// Section `[wechat]`.
    pub wechat: Option<WechatConfig>,
}

/// Whether demo conveniences exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Invented people; a login code is shown on the page; nothing is sent to anybody.
    #[default]
    Demo,
    /// For real residents.
    Live,
}

/// What is drawn under maps on the web page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Map {
    /// Where a tile is fetched, with `{z}`, `{x}` and `{y}`. None draws the streets.
    pub tiles: Option<String>,
    /// Whose the tiles are, as it has to be said beside the map.
    pub attribution: String,
    /// The coordinates the tiles are drawn in.
    pub datum: Datum,
}

impl Map {
    /// The tiles, where some are configured.
    pub fn tiles(&self) -> Option<Tiles> {
        let address = self.tiles.clone()?;
        Some(Tiles { address, attribution: self.attribution.clone(), datum: self.datum })
    }
}

/// Where and what is served.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port.
    pub listen: String,
    /// The folder of the built web page.
    pub web: PathBuf,
    /// How many load balancers in front write `X-Forwarded-For` truthfully.
    pub proxies: usize,
    /// How long requests under way may take to end after the stop was asked for, in seconds.
    pub drain_seconds: u64,
}

/// Which database and how much of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`; a secret, since it may hold the password.
    pub url: SecretString,
    /// Connections per process.
    pub connections: u32,
    /// How long a request waits for a connection, in milliseconds.
    pub acquire_timeout_ms: u64,
    /// Writes under way or waiting in one process; the next is told to come back.
    pub write_queue: usize,
    /// Orders waiting for the desk in one process; the next is told to come back.
    pub desk_queue: usize,
}

/// Secrets of our own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Secrets {
    /// Seals identity numbers and keys the hashes by which they are found again. At least 32 characters; never changed, never lost.
    pub master_key: Option<SecretString>,
}

/// Logins.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Login {
    /// How many days a login lasts without being used.
    pub days: u32,
}

/// The worker.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Worker {
    /// Jobs at the same time per process.
    pub concurrency: usize,
    /// How long a job may go unheard of before another worker takes it, in seconds.
    pub lease_seconds: u32,
}

/// Logs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// For people or for machines.
    pub format: LogFormat,
    /// What is logged, by part of the program where wanted.
    pub level: String,
}

/// Reports that other programs file by Open311 GeoReport.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Open311 {
    /// The programs that may.
    pub keys: Vec<Open311Key>,
}

/// A program that may file reports.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open311Key {
    /// What it sends as `api_key`.
    pub key: SecretString,
    /// The number of the account it files for.
    pub phone: String,
}

/// For people or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// A line to read.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            mode: Mode::Demo,
            demo_on_public_address: false,
            demo_begins_at: None,
            help_phone: "0317-0000000".into(),
            platforms: None,
            streets: None,
            map: Map::default(),
            server: Server::default(),
            database: Database::default(),
            secrets: Secrets::default(),
            login: Login::default(),
            worker: Worker::default(),
            log: Log::default(),
            open311: Open311::default(),
            files: FilesConfig::default(),
            redis: None,
            sms: None,
            wechat: None,
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8080".into(), web: "miniapp/dist/build/h5".into(), proxies: 0, drain_seconds: 10 }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: "sqlite://data/linli.sqlite3".into(),
            connections: 12,
            acquire_timeout_ms: 3_000,
            write_queue: 512,
            desk_queue: 1_024,
        }
    }
}

impl Default for Login {
    fn default() -> Self {
        Self { days: 30 }
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self { concurrency: 4, lease_seconds: 60 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: "info,sqlx=warn,sea_orm_migration=warn,tokio_cron_scheduler=warn,poem=warn".into(),
        }
    }
}

/// Something in the configuration cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{key}`{place}: {problem}")]
pub struct Problem {
    /// The key with its section: `server.listen`.
    pub key: String,
    /// Where it was read, with a leading space and in brackets; empty where that says nothing.
    pub place: String,
    /// What is wrong and what is allowed.
    pub problem: String,
}

impl Problem {
    pub(crate) fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { key: key.into(), place: String::new(), problem: problem.into() }
    }
}

/// Reads the configuration: the named file, or `linli.toml` if there is one, then the environment.
///
/// # Errors
/// What cannot be read, by key.
pub fn load(file: Option<&Path>) -> Result<Config, Vec<Problem>> {
    let mut figment = Figment::new();
    match file {
        Some(file) if !file.is_file() => {
            return Err(vec![Problem::new("--config", format!("there is no file {}", file.display()))]);
        }
        Some(file) => figment = figment.merge(Toml::file_exact(file)),
        None if Path::new(USUAL_FILE).is_file() => figment = figment.merge(Toml::file_exact(USUAL_FILE)),
        None => {}
    }
    // Two more variables carry the same beginning: the name of the file, and where tests find their databases.
    let environment = Env::prefixed("LINLI_")
        .filter(|key| key != "config" && !key.as_str().to_ascii_lowercase().starts_with("test_"))
        .split("__");
    extract(figment.merge(environment))
}

/// Turns what was read into the configuration.
fn extract(figment: Figment) -> Result<Config, Vec<Problem>> {
    figment.extract().map_err(|error| error.into_iter().map(describe).collect())
}

fn describe(error: figment::Error) -> Problem {
    let mut key = error.path.join(".");
    let mut name = |field: &str| {
        if !key.ends_with(field) {
            key = if key.is_empty() { field.to_owned() } else { format!("{key}.{field}") };
        }
    };
    let problem = match &error.kind {
        Kind::UnknownField(field, allowed) => {
            name(field);
            format!("is unknown. Allowed here: {}", allowed.join(", "))
        }
        Kind::MissingField(field) => {
            name(field);
            "is missing".to_owned()
        }
        Kind::UnknownVariant(_, allowed) => format!("is none of what is allowed: {}", allowed.join(", ")),
        Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted) => {
            let quote = if wanted.contains("string") && !matches!(found, Actual::Str(_)) {
                " in quotes; in a variable, quotes inside: '\"…\"'"
            } else {
                ""
            };
            format!("is {}; expected {wanted}{quote}", nature(found))
        }
        Kind::Message(text) if error.path.is_empty() => text.clone(),
        _ => "cannot be read as what it should be".to_owned(),
    };
    let place = match error.metadata.as_ref().map(|metadata| &metadata.source) {
        Some(Some(file)) => format!(" ({file})"),
        Some(None) => format!(" (LINLI_{})", key.replace('.', "__").to_uppercase()),
        None => String::new(),
    };
    Problem { key: if key.is_empty() { "the file".into() } else { key }, place, problem }
}

/// What kind of value was found, without the value.
fn nature(found: &Actual) -> &'static str {
    match found {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_) => "a number",
        Actual::Char(_) | Actual::Str(_) => "text",
        Actual::Seq => "a list",
        Actual::Map => "a section",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests;
