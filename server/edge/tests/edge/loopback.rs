//! Small HTTP servers on 127.0.0.1, ended when dropped.

use std::future::Future;

use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Request, Response, Server};
use tokio::task::JoinHandle;

use crate::logs;

/// A running server.
pub(crate) struct Loopback {
    /// `http://127.0.0.1:port`.
    pub(crate) url: String,
    task: JoinHandle<()>,
}

impl Loopback {
    /// Serves every request with this function.
    pub(crate) async fn serve<F, A>(handle: F) -> Self
    where
        F: Fn(Request) -> A + Send + Sync + 'static,
        A: Future<Output = Response> + Send + 'static,
    {
        logs::install();
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
        let address = acceptor.local_addr()[0].as_socket_addr().copied().unwrap();
        let endpoint = poem::endpoint::make(handle);
        let task = tokio::spawn(async move { Server::new_with_acceptor(acceptor).run(endpoint).await.unwrap() });
        Self { url: format!("http://{address}"), task }
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.task.abort();
    }
}
