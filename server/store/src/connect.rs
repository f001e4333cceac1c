//! Connections, transactions, and the bounded queue before them.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, TransactionTrait,
};
use sea_orm::{SqliteTransactionMode, TransactionOptions};
use tokio::sync::Semaphore;

use crate::error::{Result, StoreError};
use crate::market::live;

/// Which database stands behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// One file, one process, one writer.
    Sqlite,
    /// One server, any number of processes.
    Postgres,
}

/// How to connect.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Connections for reading and ordinary writes. On a hot row more are slower.
    pub connections: u32,
    /// How long a request waits for a connection before it is told that the database is busy.
    pub acquire_timeout: Duration,
    /// Writes under way or waiting in this process; the next one is told that the database is busy.
    pub write_queue: usize,
}

impl Options {
    /// The usual values for a URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), connections: 12, acquire_timeout: Duration::from_secs(3), write_queue: 512 }
    }
}

/// The database of one process.
#[derive(Debug, Clone)]
pub struct Store {
    reads: Db,
    writer: DatabaseConnection,
    queue: Arc<Semaphore>,
    /// How many places the queue has.
    places: u32,
    /// SQLite has one writer: a transaction waits here, not in the busy handler.
    turn: Arc<Semaphore>,
    guarded: bool,
}

/// A connection that only reads.
#[derive(Debug, Clone)]
pub struct Db(DatabaseConnection);

/// One transaction.
#[derive(Debug)]
pub struct Tx {
    transaction: DatabaseTransaction,
    /// Whether rules of scarcity are looked at: always, but for the negative control of the race tests.
    pub(crate) guarded: bool,
    end: Mutex<End>,
}

/// What belongs to the end of a transaction.
#[derive(Default)]
struct End {
    /// What people are to hear of it.
    told: Vec<live::New>,
    /// What follows once it is committed.
    follow: Vec<BoxFuture<'static, ()>>,
}

impl fmt::Debug for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("End").field("told", &self.told.len()).field("follow", &self.follow.len()).finish()
    }
}

impl Tx {
    const fn new(transaction: DatabaseTransaction, guarded: bool) -> Self {
        Self { transaction, guarded, end: Mutex::new(End { told: Vec::new(), follow: Vec::new() }) }
    }

    /// What a SELECT ends with that locks the rows of a table, by its alias. SQLite has one writer: nobody else is there.
    /// The lock lets others refer to a row meanwhile, since nobody changes keys. With a stronger one, whoever locks a
    /// person and whoever writes a row of that person can wait for each other.
    pub(crate) fn locking(&self, alias: &str) -> String {
        match self.backend() {
            Backend::Postgres => format!("FOR NO KEY UPDATE OF {alias}"),
            Backend::Sqlite => String::new(),
        }
    }

    fn end(&self) -> std::sync::MutexGuard<'_, End> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what people are to hear until the transaction ends: see [`live::tell`].
    pub(crate) fn tell(&self, news: impl IntoIterator<Item = live::New>) {
        self.end().told.extend(news);
    }

    /// Runs something in a task of its own once the transaction is committed, and never when it is not. For hints
    /// alone: the process may end before it runs. What must happen is a job.
    pub fn follow(&self, hint: BoxFuture<'static, ()>) {
        self.end().follow.push(hint);
    }

    /// Writes what is left to the end, commits, and lets follow what follows.
    async fn commit(self) -> Result<()> {
        let told = std::mem::take(&mut self.end().told);
        live::write(&self, told).await?;
        let follow = std::mem::take(&mut self.end().follow);
        self.transaction.commit().await?;
        if !follow.is_empty() {
            tokio::spawn(futures::future::join_all(follow));
        }
        Ok(())
    }
}

/// What reading functions take: a [`Db`] or a [`Tx`].
pub trait Reads: Send + Sync {
    /// What sea-orm reads from. Only this crate's own modules make use of it.
    #[doc(hidden)]
    fn connection(&self) -> &impl ConnectionTrait;

    /// Which database it is.
    fn backend(&self) -> Backend {
        match self.connection().get_database_backend() {
            DbBackend::Postgres => Backend::Postgres,
            _ => Backend::Sqlite,
        }
    }
}

impl Reads for Db {
    fn connection(&self) -> &impl ConnectionTrait {
        &self.0
    }
}

impl Reads for Tx {
    fn connection(&self) -> &impl ConnectionTrait {
        &self.transaction
    }
}

impl Store {
    /// Connects. Does not migrate.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when the database does not answer.
    pub async fn connect(options: &Options) -> Result<Self> {
        let sqlite = options.url.starts_with("sqlite:");
        let pool = |connections: u32, lasting: bool| {
            let mut settings = ConnectOptions::new(&options.url);
            settings
                .max_connections(connections)
                .min_connections(u32::from(lasting))
                .acquire_timeout(options.acquire_timeout)
                .connect_timeout(options.acquire_timeout)
                .sqlx_logging(false);
            if lasting {
                // The writer's prepared statements live as long as its connection does.
                settings.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
            }
            if sqlite {
                settings.map_sqlx_sqlite_opts(tune_sqlite);
            }
            settings
        };
        let reads = Database::connect(pool(options.connections, false)).await?;
        let writer = if sqlite { Database::connect(pool(1, true)).await? } else { reads.clone() };
        Ok(Self {
            reads: Db(reads),
            writer,
            queue: Arc::new(Semaphore::new(options.write_queue)),
            places: u32::try_from(options.write_queue).unwrap_or(u32::MAX),
            turn: Arc::new(Semaphore::new(if sqlite { 1 } else { options.connections as usize })),
            guarded: true,
        })
    }

    /// Opens the desk's own connections, one to write and two to look up what it asks for: their own plans, their own
    /// prepared statements. On SQLite there is one writer, so the desk shares it and takes its turn.
    ///
    /// # Errors
    /// [`StoreError::Gone`].
    pub async fn for_desk(&self, options: &Options) -> Result<Self> {
        let mut desk = self.clone();
        if self.backend() == Backend::Postgres {
            let lasting = |connections: u32| {
                let mut settings = ConnectOptions::new(&options.url);
                settings
                    .max_connections(connections)
                    .min_connections(1)
                    .acquire_timeout(options.acquire_timeout)
                    .idle_timeout(None::<Duration>)
                    .max_lifetime(None::<Duration>)
                    .sqlx_logging(false);
                // On an empty, analysed database the cached plans of a long-lived connection are sequential scans,
                // and stay so while the tables grow.
                settings.map_sqlx_postgres_opts(|postgres| {
                    postgres.options([
                        ("enable_seqscan", "off"),
                        ("enable_hashjoin", "off"),
                        ("enable_mergejoin", "off"),
                    ])
                });
                settings
            };
            desk.writer = Database::connect(lasting(1)).await?;
            desk.reads = Db(Database::connect(lasting(2)).await?);
            desk.turn = Arc::new(Semaphore::new(1));
        }
        Ok(desk)
    }

    /// The negative control of the race tests: with the guard off, races must oversell, or those tests prove
    /// nothing.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn without_guard(mut self) -> Self {
        self.guarded = false;
        self
    }

    /// For reading.
    pub fn reads(&self) -> &Db {
        &self.reads
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.reads.backend()
    }

    /// Applies all migrations that are missing.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn migrate(&self) -> Result<()> {
        use sea_orm_migration::MigratorTrait;
        // Two processes may be started at once: the second waits here, and then finds nothing to do.
        let alone = match self.backend() {
            Backend::Postgres => Some(self.writer.begin().await?),
            // One file serves one process.
            Backend::Sqlite => None,
        };
        if let Some(alone) = &alone {
            alone.execute_unprepared("SELECT pg_advisory_xact_lock(7054654)").await?;
        }
        linli_migrations::Migrator::up(&self.writer, None).await?;
        if let Some(alone) = alone {
            alone.commit().await?;
        }
        Ok(())
    }

    /// How many migrations are missing.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn pending_migrations(&self) -> Result<usize> {
        use sea_orm_migration::MigratorTrait;
        Ok(linli_migrations::Migrator::get_pending_migrations(&self.writer).await?.len())
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`StoreError::Gone`] or [`StoreError::Busy`].
    pub async fn ping(&self) -> Result<()> {
        self.reads.0.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// Waits for the writes under way, also those whose callers have gone, and closes all connections.
    pub async fn close(&self) {
        let _all = self.queue.acquire_many(self.places).await;
        // A connection that does not close in order is closed by the end of the process.
        let _ = self.writer.close_by_ref().await;
        let _ = self.reads.0.close_by_ref().await;
    }

    /// Runs one transaction in a task of its own, and commits when it answers `Ok`.
    ///
    /// The caller may go away: the transaction goes on to its end, so that a connection never returns to the pool in
    /// the middle of one (a request's future dropped during BEGIN would leave it there, and later writes would vanish).
    /// The bounded queue keeps abandoned work from starving the honest.
    ///
    /// # Errors
    /// What `work` answers, with everything rolled back; [`StoreError`] for the database's own.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Ok(place) = self.queue.clone().try_acquire_owned() else {
            return Err(StoreError::Busy("the write queue is full".into()).into());
        };
        let (writer, turn, guarded) = (self.writer.clone(), self.turn.clone(), self.guarded);
        let task = tokio::spawn(async move {
            let _place = place;
            let _turn = turn.acquire_owned().await.expect("the semaphore is never closed");
            let tx = Tx::new(begin(&writer).await?, guarded);
            match work(&tx).await {
                Ok(made) => {
                    tx.commit().await?;
                    Ok(made)
                }
                Err(refused) => {
                    // A rollback that fails closes the connection, which rolls back as well.
                    let _ = tx.transaction.rollback().await;
                    Err(refused)
                }
            }
        });
        match task.await {
            Ok(outcome) => outcome,
            Err(panicked) => Err(StoreError::Row(format!("a transaction stopped: {panicked}")).into()),
        }
    }
}

async fn begin(writer: &DatabaseConnection) -> Result<DatabaseTransaction> {
    // A deferred SQLite transaction that reads and then writes fails at once when another wrote in between.
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(writer.begin_with_options(options).await?)
}

fn tune_sqlite(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("wal_autocheckpoint", "8000")
}

/// The file of a SQLite URL, if it is one.
pub fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.trim_start_matches("//").split('?').next().unwrap_or_default()))
}
