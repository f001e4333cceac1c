//! Whether the process lives, and whether it is ready.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use linli_application::{App, Failure};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::Span;
use poem::{IntoResponse, Response};
use serde_json::json;

use crate::problem::Refused;

/// Asks Redis for a sign of life.
pub type Probe = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// How long readiness waits for the database.
const PATIENCE: Duration = Duration::from_secs(2);

/// What readiness looks at.
#[derive(Clone)]
pub(crate) struct Health {
    pub(crate) app: App,
    pub(crate) redis: Option<Probe>,
    /// Migrations are never undone while a process runs: once complete, always complete.
    pub(crate) migrated: Arc<AtomicBool>,
}

impl Health {
    pub(crate) fn new(app: App, redis: Option<Probe>) -> Self {
        Self { app, redis, migrated: Arc::default() }
    }

    /// Ready when the database answers and has every table. Without Redis the service is slower and nothing else, so
    /// that is said and changes nothing.
    pub(crate) async fn ready(&self) -> Response {
        let database = match tokio::time::timeout(PATIENCE, self.database()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Refusal::new(Code::DatabaseGone).retry_after(Span::seconds(5))),
        };
        if let Err(refusal) = database {
            return Refused(refusal).into_response();
        }
        let redis = match &self.redis {
            None => "none",
            Some(probe) if probe().await => "up",
            Some(_) => "down",
        };
        let status = if redis == "down" { "degraded" } else { "ready" };
        let body = json!({ "status": status, "database": "up", "migrations": "complete", "redis": redis });
        poem::web::Json(body).into_response()
    }

    async fn database(&self) -> Result<(), Refusal> {
        let refusal = |error| Failure::Store(error).refusal();
        self.app.store.ping().await.map_err(refusal)?;
        if !self.migrated.load(Ordering::Relaxed) {
            if self.app.store.pending_migrations().await.map_err(refusal)? > 0 {
                tracing::warn!("not ready: migrations are missing");
                return Err(Refusal::new(Code::DatabaseBusy).retry_after(Span::seconds(5)));
            }
            self.migrated.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}
