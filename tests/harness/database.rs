//! One database per test, copied from a template that is migrated and seeded once per run.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use linli_store::Options;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::world;

/// What a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    /// A file, and everything inside the process.
    Sqlite,
    /// PostgreSQL with Redis.
    Postgres,
}

/// A database of a test's own.
pub(crate) enum Place {
    Sqlite { folder: TempDir },
    Postgres { name: String },
}

static COPIES: AtomicU32 = AtomicU32::new(0);

impl Place {
    /// A fresh copy of the template.
    pub(crate) async fn new(database: Database) -> Self {
        match database {
            Database::Sqlite => {
                let template = sqlite_template().await;
                let folder = tempfile::tempdir().unwrap();
                std::fs::write(file(folder.path()), template).unwrap();
                Self::Sqlite { folder }
            }
            Database::Postgres => {
                let template = postgres_template().await;
                let name = format!("{template}_{}", COPIES.fetch_add(1, Ordering::SeqCst));
                administer(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
                Self::Postgres { name }
            }
        }
    }

    /// How to connect to it.
    pub(crate) fn options(&self) -> Options {
        match self {
            Self::Sqlite { folder } => Options::new(sqlite_url(folder.path())),
            Self::Postgres { name } => Options::new(postgres_url(name)),
        }
    }

    /// Removes it. All connections must be closed.
    pub(crate) async fn remove(self) {
        match self {
            Self::Sqlite { folder } => folder.close().unwrap(),
            Self::Postgres { name } => administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await,
        }
    }
}

async fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let folder = tempfile::tempdir().unwrap();
            world::fill(&Options::new(sqlite_url(folder.path()))).await;
            std::fs::read(file(folder.path())).unwrap()
        })
        .await
}

async fn postgres_template() -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let name = format!("linli_{}", std::process::id());
            // What a try that failed has left.
            administer(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            administer(&format!("CREATE DATABASE {name}")).await;
            world::fill(&Options::new(postgres_url(&name))).await;
            name
        })
        .await
}

fn file(folder: &Path) -> std::path::PathBuf {
    folder.join("linli.sqlite3")
}

fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}", file(folder).display())
}

/// The server's address with another database.
fn postgres_url(name: &str) -> String {
    let server = service("LINLI_TEST_POSTGRES");
    let (address, _) = server.rsplit_once('/').expect("postgres://user@host:port/database");
    format!("{address}/{name}")
}

async fn administer(sql: &str) {
    let connection = sea_orm::Database::connect(service("LINLI_TEST_POSTGRES")).await.expect("PostgreSQL answers");
    connection.execute_unprepared(sql).await.expect(sql);
    connection.close().await.unwrap();
}

/// The address of a service that `make test` starts. A service that should be there and is not is a failure.
pub(crate) fn service(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: `make test` starts PostgreSQL and Redis; without them, `make check` runs the tests on SQLite")
    })
}
