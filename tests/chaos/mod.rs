//! Trouble: what breaks is said, what was promised is kept, and what comes back goes on by itself.

mod alarm;
mod database;
mod hang_up;
mod offers;
mod redis;
mod worker;

use std::future::Future;
use std::time::Duration;

/// Waits until something is so, and fails when it does not become so.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let patience = Duration::from_secs(20);
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(patience, waiting).await.is_ok(), "{what}: not within {patience:?}");
}
