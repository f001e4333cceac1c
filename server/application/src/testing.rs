//! An application for the tests of this crate: the demo's platforms, a clock turned by hand, a SQLite file of its own.

use std::sync::{Arc, LazyLock};

use linli_domain::context::{ManualClock, SeededRandom};
use linli_domain::id::IdMaker;
use linli_domain::platform::{self, Platforms};
use linli_domain::time::Instant;
use linli_edge::{FakeSms, FakeWechat, Files, LocalHub, LocalLimiter};
use linli_matching::streets::Streets;
use linli_store::{Options, Store};
use tempfile::TempDir;

use crate::App;
use crate::context::Parts;
use crate::secrets::Keys;
use crate::settings::Settings;

/// When tests begin: a Monday, 2026-11-23T09:00+08:00.
/// Reading them takes a while: all tests share them.
static STREETS: LazyLock<Arc<Streets>> = LazyLock::new(|| Arc::new(Streets::demo()));

pub(crate) const START: Instant = Instant(1_795_395_600_000_000);

/// The platform files of the product.
pub(crate) fn platforms() -> Platforms {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../platforms");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    platform::load(&files).unwrap()
}

/// An application on an empty, migrated file, and the folder the file is in.
pub(crate) async fn app() -> (App, Arc<ManualClock>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::new(format!("sqlite://{}", folder.path().join("linli.sqlite3").display()));
    let store = Store::connect(&options).await.unwrap();
    store.migrate().await.unwrap();
    let clock = Arc::new(ManualClock::at(START));
    let app = App::new(Parts {
        desk_store: store.for_desk(&options).await.unwrap(),
        store,
        clock: clock.clone(),
        random: Arc::new(SeededRandom::new(1)),
        ids: Arc::new(IdMaker::new(1)),
        platforms: platforms(),
        settings: Settings { wechat_login: true, ..Settings::default() },
        keys: Keys::from_master("the key of the tests, which seals nothing real").unwrap(),
        sms: Arc::new(FakeSms::new(10)),
        wechat: Arc::new(FakeWechat::new(10)),
        hub: Arc::new(LocalHub::new()),
        limiter: Arc::new(LocalLimiter::new(clock.clone(), 1_000)),
        calls: Arc::new(linli_edge::DirectNumbers),
        files: Arc::new(Files::in_memory()),
        streets: STREETS.clone(),
    });
    (app, clock, folder)
}
