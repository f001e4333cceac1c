//! A wire between the application and a service, which can be cut.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The wire.
pub(crate) struct Wire {
    /// Where its near end is.
    pub(crate) address: SocketAddr,
    cut: Arc<AtomicBool>,
    snip: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Wire {
    /// Lays a wire to a service, `HOST:PORT`.
    pub(crate) async fn to(service: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, snip) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
        let (is_cut, snipped, far) = (cut.clone(), snip.clone(), service.to_owned());
        let task = tokio::spawn(async move {
            loop {
                let Ok((mut near, _)) = listener.accept().await else { return };
                if is_cut.load(Ordering::SeqCst) {
                    // Dropped at once: whoever connects finds nobody.
                    continue;
                }
                let (far, snipped) = (far.clone(), snipped.clone());
                tokio::spawn(async move {
                    let end = snipped.notified();
                    let talk = async {
                        if let Ok(mut far) = TcpStream::connect(&far).await {
                            let _ = copy_bidirectional(&mut near, &mut far).await;
                        }
                    };
                    tokio::select! {
                        () = end => {}
                        () = talk => {}
                    }
                });
            }
        });
        Self { address, cut, snip, task }
    }

    /// The same address with the wire in between: `scheme://user@HOST:PORT/rest`.
    pub(crate) async fn in_place_of(url: &str) -> (Self, String) {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (authority, path) = rest.split_once('/').unwrap();
        let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
        let wire = Self::to(host).await;
        let at = if user.is_empty() { String::new() } else { format!("{user}@") };
        let url = format!("{scheme}://{at}{}/{path}", wire.address);
        (wire, url)
    }

    /// Ends every connection, and lets no new one through.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.snip.notify_waiters();
    }

    /// Lets connections through again.
    pub(crate) fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
        self.snip.notify_waiters();
    }
}
