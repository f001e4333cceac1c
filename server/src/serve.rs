//! `serve` and `worker`: start, greet, and stop without losing anything.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use linli_application::App;
use linli_application::seed::{self, SeedReport};
use linli_application::settings::{Mode, Tiles};
use linli_domain::time::Span;
use linli_edge::Redis;
use linli_store::Backend;
use poem::Server;
use poem::listener::TcpAcceptor;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::{assemble, print};

/// Serves until the process is told to stop.
pub(crate) async fn serve(config: &Config, address: SocketAddr, with_worker: bool) -> Result<()> {
    let house = assemble::assemble(config).await?;
    let app = &house.app;
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("`server.listen`: {address} cannot be listened on"))?;
    let address = listener.local_addr()?;
    prepare(app).await?;

    let stop = CancellationToken::new();
    stop_on_signals(stop.clone())?;
    let worker = tokio::spawn({
        let (app, settings, stop) = (app.clone(), worker_settings(config), stop.clone());
        async move {
            if with_worker {
                return linli_worker::run(app, settings, stop).await;
            }
            linli_worker::watch(app, stop).await;
            Ok(())
        }
    });
    greet(app, address);

    // A login that is ended in another process ends here as well.
    let revocations = tokio::spawn(linli_application::people::sessions::listen(app.clone()));
    let drain = Duration::from_secs(config.server.drain_seconds);
    let routes = linli_api::routes(app.clone(), options(config, house.redis.clone(), stop.clone())?);
    Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?)
        .name("http")
        .run_with_graceful_shutdown(routes, stop.clone().cancelled_owned(), Some(drain))
        .await?;
    revocations.abort();
    stop.cancel();
    worker.await.context("the worker stopped unexpectedly")??;
    close(app).await;
    Ok(())
}

/// Works off jobs until the process is told to stop.
pub(crate) async fn work(config: &Config) -> Result<()> {
    let house = assemble::assemble(config).await?;
    require_tables(&house.app).await?;
    let stop = CancellationToken::new();
    stop_on_signals(stop.clone())?;
    linli_worker::run(house.app.clone(), worker_settings(config), stop).await?;
    close(&house.app).await;
    Ok(())
}

/// Fills an empty database: areas and holidays, and in a demo everything that is invented.
pub(crate) async fn seed(app: &App) -> Result<SeedReport> {
    Ok(match app.settings.mode {
        Mode::Demo => seed::demo(app).await?,
        Mode::Live => seed::district(app).await?,
    })
}

/// Refuses to go on with missing tables.
pub(crate) async fn require_tables(app: &App) -> Result<()> {
    let missing = app.store.pending_migrations().await?;
    if missing > 0 {
        bail!("{missing} migrations are missing. Run `linli migrate` first");
    }
    Ok(())
}

/// On SQLite this is the only process: it may bring the tables up to date by itself, and fill an empty database.
pub(crate) async fn prepare(app: &App) -> Result<()> {
    match app.store.backend() {
        Backend::Postgres => require_tables(app).await,
        Backend::Sqlite => {
            app.store.migrate().await?;
            let sown = seed(app).await?;
            if !sown.is_nothing() {
                tracing::info!("the database was empty: {sown}");
            }
            Ok(())
        }
    }
}

fn options(config: &Config, redis: Option<Redis>, stop: CancellationToken) -> Result<linli_api::Options> {
    Ok(linli_api::Options {
        web: pages(config)?,
        proxies: config.server.proxies,
        stop,
        redis: redis.map(|redis| -> linli_api::Probe {
            Arc::new(move || {
                let redis = redis.clone();
                Box::pin(async move { redis.ping().await.is_ok() })
            })
        }),
    })
}

/// The built web page; none where none was built.
fn pages(config: &Config) -> Result<Option<linli_api::Pages>> {
    let folder = &config.server.web;
    if !folder.join("index.html").is_file() {
        tracing::warn!(folder = %folder.display(), "there is no web page here (`server.web`); `make web` builds it");
        return Ok(None);
    }
    let tiles = config.map.tiles();
    let pages = linli_api::Pages::read(folder, tiles.as_ref().and_then(Tiles::origin));
    pages.map(Some).with_context(|| format!("`server.web`: {} cannot be read", folder.display()))
}

async fn close(app: &App) {
    app.store.close().await;
    app.desk_store.close().await;
    tracing::info!("stopped");
}

fn worker_settings(config: &Config) -> linli_worker::Settings {
    linli_worker::Settings {
        concurrency: config.worker.concurrency,
        lease: Span::seconds(config.worker.lease_seconds.into()),
    }
}

fn stop_on_signals(stop: CancellationToken) -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: requests and jobs under way are finished first; once more stops at once");
        stop.cancel();
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::exit(130);
    });
    Ok(())
}

fn greet(app: &App, address: SocketAddr) {
    let base = format!("http://{address}");
    print::line("Linli 邻里");
    for (path, what) in [
        ("/", "web page"),
        ("/docs", "the interface, to try out"),
        ("/openapi.json", "its description"),
        ("/healthz", "alive?"),
        ("/readyz", "ready?"),
        ("/metrics", "figures for Prometheus"),
    ] {
        print::line(format!("  {:<38} {what}", format!("{base}{path}")));
    }
    if app.settings.mode == Mode::Demo {
        print::line("Demo: invented people; the login code is shown on the page. Log in as");
        for login in seed::demo_logins() {
            print::line(format!("  {}  {}, {}", login.phone.digits(), login.name, login.role.en));
        }
    }
    print::line("Ctrl-C stops.");
}
