//! Puts the parts of the application together, by configuration. The only place where the real clock, the operating
//! system's randomness and the clients of the outside are made.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use linli_application::App;
use linli_application::context::Parts;
use linli_application::hazards::open311::ApiKey;
use linli_application::secrets::Keys;
use linli_application::settings::{Mode as AppMode, Settings};
use linli_domain::context::{Clock, Random};
use linli_domain::id::IdMaker;
use linli_domain::time::{Instant, Span};
use linli_edge::{
    AliyunSms, Cache, FakeSms, FakeWechat, Files, Hub, Limiter, LocalCache, LocalHub, LocalLimiter, Redis, RedisCache,
    RedisHub, RedisLimiter, SmsSender, WechatClient, WechatPlatform,
};
use linli_matching::streets::Streets;
use linli_store::{Options, Store, sqlite_file};
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret, SecretString};

use crate::config::{Config, Mode};
use crate::lock::{self, FileLock};
use crate::platforms;

/// Limits counted inside the process; about 150 bytes each.
const COUNTS_INSIDE: usize = 100_000;
/// Texts cached inside the process.
const KEPT_INSIDE: usize = 1_000;
/// Messages a demo remembers instead of sending.
const KEPT_BY_FAKES: usize = 200;

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the injected clock comes from")]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The clock of a demo that began at another time than the present.
#[derive(Debug, Clone, Copy)]
struct ShiftedClock {
    ahead: Span,
}

impl ShiftedClock {
    fn beginning_at(begin: Instant) -> Self {
        Self { ahead: begin - SystemClock.now() }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Instant {
        SystemClock.now() + self.ahead
    }
}

/// The randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) {
        SysRng.try_fill_bytes(bytes).expect("the operating system gives randomness, or nothing here is safe");
    }
}

/// The application and what must live as long as it.
#[derive(Debug)]
pub struct Assembled {
    /// The application.
    pub app: App,
    /// The connection to Redis, where there is one.
    pub redis: Option<Redis>,
    _lock: Option<FileLock>,
}

/// An application with nothing behind it: for what only describes. Must be called within a Tokio runtime.
///
/// # Errors
/// When a platform file is not in order.
pub async fn blank() -> Result<App> {
    let options = Options { connections: 1, ..Options::new("sqlite::memory:") };
    let store = Store::connect(&options).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Ok(App::new(Parts {
        desk_store: store.clone(),
        store,
        limiter: Arc::new(LocalLimiter::new(clock.clone(), 1)),
        calls: Arc::new(linli_edge::DirectNumbers),
        streets: Arc::new(Streets::demo()),
        clock,
        random: Arc::new(OsRandom),
        ids: Arc::new(IdMaker::new(0)),
        platforms: platforms::load(None)?,
        settings: Settings::default(),
        keys: Keys::from_master(&linli_application::secrets::new_token(&OsRandom))?,
        sms: Arc::new(FakeSms::new(0)),
        wechat: Arc::new(FakeWechat::new(0)),
        hub: Arc::new(LocalHub::new()),
        files: Arc::new(Files::in_memory()),
    }))
}

/// How the store is to connect.
pub(crate) fn options(config: &Config) -> Options {
    Options {
        connections: config.database.connections,
        acquire_timeout: Duration::from_millis(config.database.acquire_timeout_ms),
        write_queue: config.database.write_queue,
        ..Options::new(config.database.url.expose_secret())
    }
}

/// Puts everything together, and takes the lock beside a SQLite file.
///
/// # Errors
/// What is wrong, in words an operator can act on.
pub async fn assemble(config: &Config) -> Result<Assembled> {
    let platforms = platforms::load(config.platforms.as_deref())?;
    make_folder(config)?;
    let lock = sqlite_file(config.database.url.expose_secret()).map(FileLock::take).transpose()?;
    let options = options(config);
    let store = Store::connect(&options).await?;
    let desk_store = store.for_desk(&options).await?;
    let clock: Arc<dyn Clock> = match config.demo_begins_at {
        Some(begin) => Arc::new(ShiftedClock::beginning_at(begin)),
        None => Arc::new(SystemClock),
    };
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    let keys =
        Keys::from_master(&master_key(config, &*random)?).map_err(|_| anyhow!("`secrets.master_key` is too short"))?;
    let redis = config.redis.as_ref().map(Redis::new).transpose()?;
    let (hub, limiter, cache): (Arc<dyn Hub>, Arc<dyn Limiter>, Arc<dyn Cache>) = match &redis {
        Some(redis) => {
            let secret = SecretString::from(keys.hash("limiter", ""));
            let hub = RedisHub::start(redis.clone(), &*random);
            let limiter = RedisLimiter::new(redis.clone(), secret, clock.clone(), COUNTS_INSIDE);
            (Arc::new(hub), Arc::new(limiter), Arc::new(RedisCache::new(redis.clone())))
        }
        None => (
            Arc::new(LocalHub::new()),
            Arc::new(LocalLimiter::new(clock.clone(), COUNTS_INSIDE)),
            Arc::new(LocalCache::new(clock.clone(), KEPT_INSIDE)),
        ),
    };
    let sms: Arc<dyn SmsSender> = match &config.sms {
        Some(sms) => Arc::new(AliyunSms::new(sms.clone(), clock.clone(), random.clone())?),
        None => Arc::new(FakeSms::new(KEPT_BY_FAKES)),
    };
    let wechat: Arc<dyn WechatPlatform> = match &config.wechat {
        Some(wechat) => Arc::new(WechatClient::new(wechat.clone(), clock.clone(), cache)?),
        None => Arc::new(FakeWechat::new(KEPT_BY_FAKES)),
    };
    let maker = u16::try_from(random.below(1 << 10)).expect("ten bits");
    let app = App::new(Parts {
        store,
        desk_store,
        clock,
        random,
        ids: Arc::new(IdMaker::new(maker)),
        platforms,
        settings: settings(config),
        keys,
        sms,
        wechat,
        hub,
        limiter,
        calls: Arc::new(linli_edge::DirectNumbers),
        files: Arc::new(Files::new(&config.files)?),
        streets: Arc::new(streets(config)?),
    });
    Ok(Assembled { app, redis, _lock: lock })
}

/// The streets of the district.
fn streets(config: &Config) -> Result<Streets> {
    let Some(file) = &config.streets else { return Ok(Streets::demo()) };
    let bytes = fs::read(file).with_context(|| format!("the streets {} cannot be read", file.display()))?;
    Streets::open(&bytes).with_context(|| format!("the streets {} cannot be used", file.display()))
}

/// SQLite makes its file, but not the folder around it.
fn make_folder(config: &Config) -> Result<()> {
    match sqlite_file(config.database.url.expose_secret()).and_then(Path::parent) {
        Some(folder) => {
            fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))
        }
        None => Ok(()),
    }
}

fn settings(config: &Config) -> Settings {
    Settings {
        mode: match config.mode {
            Mode::Demo => AppMode::Demo,
            Mode::Live => AppMode::Live,
        },
        help_phone: config.help_phone.clone(),
        wechat_login: config.wechat.is_some() || config.mode == Mode::Demo,
        login_lasts: Span::days(config.login.days.into()),
        desk_queue: config.database.desk_queue,
        open311_keys: open311_keys(config),
        tiles: config.map.tiles(),
        ..Settings::default()
    }
}

/// Programs that may file reports. Numbers that are none were refused before.
fn open311_keys(config: &Config) -> Vec<ApiKey> {
    let keys = config.open311.keys.iter();
    keys.filter_map(|one| Some(ApiKey { key: one.key.clone(), phone: one.phone.parse().ok()? })).collect()
}

/// The configured key. A demo on SQLite without one makes its own and keeps it beside the file.
fn master_key(config: &Config, random: &dyn Random) -> Result<String> {
    if let Some(key) = &config.secrets.master_key {
        return Ok(key.expose_secret().to_owned());
    }
    let file = sqlite_file(config.database.url.expose_secret())
        .filter(|_| config.mode == Mode::Demo)
        .ok_or_else(|| anyhow!("`secrets.master_key` is missing"))?;
    let path = lock::beside(file, "key");
    match fs::read_to_string(&path) {
        Ok(key) => return Ok(key.trim().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
    let key = linli_application::secrets::new_token(random);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .and_then(|mut file| writeln!(file, "{key}"))
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_keeps_the_key_it_makes_and_shows_it_to_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("linli.sqlite3");
        let mut config = Config::default();
        config.database.url = format!("sqlite://{}", file.display()).into();
        let key = master_key(&config, &OsRandom).unwrap();
        assert!(key.len() >= 32);
        assert_eq!(master_key(&config, &OsRandom).unwrap(), key, "the second start opens what the first sealed");
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(lock::beside(&file, "key")).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        config.mode = Mode::Live;
        assert!(master_key(&config, &OsRandom).is_err());
    }

    #[test]
    fn a_map_that_cannot_be_used_stops_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("district.streets");
        let config = Config { streets: Some(file.clone()), ..Config::default() };
        for bytes in [&b""[..], b"half a map"] {
            fs::write(&file, bytes).unwrap();
            let refused = format!("{:#}", streets(&config).unwrap_err());
            assert!(refused.contains("district.streets cannot be used: "), "{refused}");
        }
        fs::remove_file(&file).unwrap();
        assert!(format!("{:#}", streets(&config).unwrap_err()).contains("district.streets cannot be read"));
    }

    #[test]
    fn the_clock_is_in_this_century_and_randomness_differs() {
        assert!((2026..2200).contains(&SystemClock.now().day().year()));
        let (mut one, mut two) = ([0; 16], [0; 16]);
        OsRandom.fill(&mut one);
        OsRandom.fill(&mut two);
        assert_ne!(one, two);
    }
}
