//! A whole Linli inside a test.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, LazyLock};

use futures::FutureExt;
use futures::future::BoxFuture;
use linli_application::context::Parts;
use linli_application::hazards::open311::ApiKey;
use linli_application::secrets::Keys;
use linli_application::settings::{Mode, Settings};
use linli_application::{App, seed};
use linli_domain::context::{ManualClock, SeededRandom};
use linli_domain::id::IdMaker;
use linli_domain::time::{Instant, Span};
use linli_edge::{
    FakeSms, FakeWechat, FileStore, Files, LocalHub, LocalLimiter, Redis, RedisConfig, RedisHub, RedisLimiter,
};
use linli_matching::streets::Streets;
use linli_store::{Options, Store};
use poem::Server;
use poem::listener::TcpAcceptor;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::client::Client;
use super::database::{Database, Place, service};
use super::people::HE;

/// What a program sends that files reports for [`HE`].
pub(crate) const OPEN311_KEY: &str = "a key of the tests that no program has";

/// When every test begins: a Monday, 2026-11-23T09:00+08:00.
pub(crate) const START: Instant = Instant(1_795_395_600_000_000);

/// A running Linli.
pub(crate) struct World {
    /// The application, to look behind the scenes.
    pub(crate) app: App,
    /// Turned by [`World::advance`].
    pub(crate) clock: Arc<ManualClock>,
    /// What was texted.
    pub(crate) sms: Arc<FakeSms>,
    /// What was sent over WeChat.
    pub(crate) wechat: Arc<FakeWechat>,
    /// Where pictures and papers are kept, the same for all processes.
    pub(crate) files: Arc<dyn FileStore>,
    /// What it runs on.
    pub(crate) database: Database,
    /// `http://127.0.0.1:PORT`.
    pub(crate) base: String,
    http: reqwest::Client,
    redis: Option<RedisConfig>,
    server: JoinHandle<()>,
    stop: CancellationToken,
    place: Place,
}

/// Another process beside the world's own. End it before the world ends.
pub(crate) struct Process {
    /// Its application.
    pub(crate) app: App,
    served: Option<(String, CancellationToken, JoinHandle<()>)>,
    http: reqwest::Client,
}

impl Process {
    /// Serves it on a port of its own, and answers somebody who is not logged in there.
    pub(crate) async fn serve(&mut self, options: linli_api::Options) -> Client {
        let (base, stop, server) = serve(self.app.clone(), options).await;
        self.served = Some((base.clone(), stop, server));
        Client::new(self.http.clone(), base)
    }

    /// Stops it in good order.
    pub(crate) async fn end(self) {
        if let Some((_, stop, server)) = self.served {
            stop.cancel();
            drop(self.http);
            let _ = server.await;
        }
        close(&self.app).await;
    }
}

async fn serve(app: App, options: linli_api::Options) -> (String, CancellationToken, JoinHandle<()>) {
    let stop = CancellationToken::new();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let routes = linli_api::routes(app, linli_api::Options { stop: stop.clone(), ..options });
    let server = Server::new_with_acceptor(TcpAcceptor::from_tokio(listener).unwrap());
    let stopped = stop.clone().cancelled_owned();
    let server = tokio::spawn(async move {
        server.run_with_graceful_shutdown(routes, stopped, Some(std::time::Duration::from_secs(5))).await.unwrap();
    });
    (base, stop, server)
}

/// Runs a test in a world of its own, and clears it away whether the test passes or not.
pub(crate) async fn run(database: Database, body: impl for<'w> FnOnce(&'w World) -> BoxFuture<'w, ()>) {
    let world = World::start(database).await;
    let outcome = AssertUnwindSafe(body(&world)).catch_unwind().await;
    world.end().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Migrates and seeds a database and leaves it closed, to be copied.
pub(crate) async fn fill(options: &Options) {
    let parts = parts(options, Arc::new(ManualClock::at(START))).await;
    parts.store.migrate().await.unwrap();
    let app = App::new(parts);
    seed::demo(&app).await.unwrap();
    close(&app).await;
}

async fn close(app: &App) {
    app.store.close().await;
    app.desk_store.close().await;
}

/// Reading them takes a while: all worlds share them.
static STREETS: LazyLock<Arc<Streets>> = LazyLock::new(|| Arc::new(Streets::demo()));

async fn parts(options: &Options, clock: Arc<ManualClock>) -> Parts {
    let store = Store::connect(options).await.expect("the database answers");
    Parts {
        desk_store: store.for_desk(options).await.unwrap(),
        store,
        clock: clock.clone(),
        random: Arc::new(SeededRandom::new(1)),
        ids: Arc::new(IdMaker::new(1)),
        platforms: linli::platforms::load(None).unwrap(),
        settings: Settings {
            mode: Mode::Demo,
            wechat_login: true,
            open311_keys: vec![ApiKey { key: OPEN311_KEY.into(), phone: HE.parse().unwrap() }],
            ..Settings::default()
        },
        keys: Keys::from_master("the key of the tests, which seals nothing real").unwrap(),
        sms: Arc::new(FakeSms::new(1_000)),
        wechat: Arc::new(FakeWechat::new(1_000)),
        hub: Arc::new(LocalHub::new()),
        limiter: Arc::new(LocalLimiter::new(clock, 10_000)),
        calls: Arc::new(linli_edge::DirectNumbers),
        files: Arc::new(Files::in_memory()),
        streets: STREETS.clone(),
    }
}

impl World {
    /// A world with the demo district in it, served on a port of its own. Nobody works off its jobs: see
    /// [`World::work`].
    pub(crate) async fn start(database: Database) -> Self {
        let place = Place::new(database).await;
        let clock = Arc::new(ManualClock::at(START));
        let (sms, wechat) = (Arc::new(FakeSms::new(1_000)), Arc::new(FakeWechat::new(1_000)));
        let mut parts = parts(&place.options(), clock.clone()).await;
        (parts.sms, parts.wechat) = (sms.clone(), wechat.clone());
        let files = parts.files.clone();
        let redis = match &place {
            Place::Sqlite { .. } => None,
            Place::Postgres { name } => Some(RedisConfig {
                url: service("LINLI_TEST_REDIS").into(),
                prefix: format!("{name}:"),
                timeout_ms: 1_000,
            }),
        };
        if let Some(redis) = &redis {
            let redis = Redis::new(redis).unwrap();
            redis.ping().await.expect("Redis answers at LINLI_TEST_REDIS");
            parts.hub = Arc::new(RedisHub::start(redis.clone(), &*parts.random));
            parts.limiter = Arc::new(RedisLimiter::new(redis, "tests".into(), clock.clone(), 10_000));
        }
        let app = App::new(parts);
        let (base, stop, server) = serve(app.clone(), linli_api::Options::default()).await;
        Self {
            app,
            clock,
            sms,
            wechat,
            files,
            database,
            base,
            http: reqwest::Client::new(),
            redis,
            server,
            stop,
            place,
        }
    }

    /// How to connect to this world's database.
    pub(crate) fn options(&self) -> Options {
        self.place.options()
    }

    /// How to reach this world's part of Redis, where it has one.
    pub(crate) fn redis(&self) -> Option<RedisConfig> {
        self.redis.clone()
    }

    /// Another process on the same database: its own connections, its own desk, the same clock and the same outside.
    pub(crate) async fn another(&self) -> Process {
        self.another_with(&self.options(), |_| {}).await
    }

    /// Another process that differs in something.
    pub(crate) async fn another_with(&self, options: &Options, change: impl FnOnce(&mut Parts)) -> Process {
        static MAKERS: AtomicU16 = AtomicU16::new(2);
        let mut parts = parts(options, self.clock.clone()).await;
        (parts.sms, parts.wechat, parts.files) = (self.sms.clone(), self.wechat.clone(), self.files.clone());
        let maker = MAKERS.fetch_add(1, Ordering::SeqCst);
        // Two processes never draw the same bytes.
        (parts.ids, parts.random) =
            (Arc::new(IdMaker::new(maker)), Arc::new(SeededRandom::new(u64::from(maker) << 32)));
        if let Some(redis) = &self.redis {
            let redis = Redis::new(redis).unwrap();
            parts.hub = Arc::new(RedisHub::start(redis.clone(), &*parts.random));
            parts.limiter = Arc::new(RedisLimiter::new(redis, "tests".into(), self.clock.clone(), 10_000));
        }
        change(&mut parts);
        Process { app: App::new(parts), served: None, http: self.http.clone() }
    }

    /// Somebody who is not logged in.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.http.clone(), self.base.clone())
    }

    /// Somebody who is.
    pub(crate) async fn log_in(&self, phone: &str) -> Client {
        self.client().log_in(phone).await
    }

    /// Turns the clock. Redis keeps limits by a clock of its own: the ends of its windows come nearer instead.
    pub(crate) async fn advance(&self, by: Span) {
        self.clock.advance(by);
        if let Some(redis) = &self.redis {
            bring_limits_nearer(redis, by).await;
        }
    }

    /// Rings the alarm and works off everything that is due. Answers how many jobs ran.
    pub(crate) async fn work(&self) -> usize {
        linli_worker::alarm::ring(&self.app).await.unwrap();
        linli_worker::run_due(&self.app).await.unwrap()
    }

    /// Stops serving, closes and removes the database.
    pub(crate) async fn end(self) {
        self.stop.cancel();
        drop(self.http);
        let _ = self.server.await;
        close(&self.app).await;
        self.place.remove().await;
    }
}

async fn bring_limits_nearer(config: &RedisConfig, by: Span) {
    use secrecy::ExposeSecret;
    let script = redis::Script::new(
        r"
        for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
          local fields = redis.call('HGETALL', key)
          for i = 1, #fields, 2 do
            if fields[i]:sub(1, 1) == 'e' then
              redis.call('HSET', key, fields[i], string.format('%.0f', tonumber(fields[i + 1]) - tonumber(ARGV[2])))
            end
          end
        end
        ",
    );
    let client = redis::Client::open(config.url.expose_secret()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut call = script.arg(format!("{}limit:*", config.prefix));
    let () = call.arg(by.0 / 1_000).invoke_async(&mut connection).await.unwrap();
}
