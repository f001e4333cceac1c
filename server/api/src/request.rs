//! What every answer needs to know of its request: the language and the request's id.

use std::future::Future;
use std::net::IpAddr;

use linli_application::people::login::Origin;
use linli_domain::words::Language;
use poem::{FromRequest, Request, RequestBody, Result};

/// Set once per request by the outermost middleware.
#[derive(Debug, Clone)]
struct Asked {
    language: Language,
    id: String,
}

tokio::task_local! {
    static ASKED: Asked;
}

/// Runs a request with its language and id at hand.
pub(crate) async fn with<F: Future>(language: Language, id: String, run: F) -> F::Output {
    ASKED.scope(Asked { language, id }, run).await
}

/// The language errors are written in.
pub(crate) fn language() -> Language {
    ASKED.try_with(|asked| asked.language).unwrap_or_default()
}

/// The id that stands in the log as well.
pub(crate) fn id() -> Option<String> {
    ASKED.try_with(|asked| asked.id.clone()).ok()
}

/// Proxies in front whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proxies(pub(crate) usize);

/// The address a request comes from, as far out as the proxies in front can be believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct From(pub(crate) Origin);

impl<'a> FromRequest<'a> for From {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> Result<Self> {
        let proxies = request.data::<Proxies>().map_or(0, |proxies| proxies.0);
        let forwarded = forwarded(request, proxies);
        let direct = request.remote_addr().as_socket_addr().map(|address| address.ip());
        let address = forwarded.or(direct).unwrap_or(IpAddr::from([0, 0, 0, 0]));
        Ok(Self(Origin(address)))
    }
}

/// The entry that the outermost believed proxy has written: the n-th from the right.
fn forwarded(request: &Request, proxies: usize) -> Option<IpAddr> {
    let place = proxies.checked_sub(1)?;
    let lines = request.headers().get_all("x-forwarded-for");
    let entries: Vec<&str> =
        lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).collect();
    entries.iter().rev().nth(place)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn origin(proxies: usize, header: &str) -> String {
        let mut request = Request::builder().header("x-forwarded-for", header).finish();
        request.extensions_mut().insert(Proxies(proxies));
        let From(Origin(address)) = From::from_request(&request, &mut RequestBody::default()).await.unwrap();
        address.to_string()
    }

    #[tokio::test]
    async fn only_what_a_believed_proxy_wrote_counts() {
        let spoofed = "203.0.113.9, 198.51.100.7, 192.0.2.1";
        assert_eq!(origin(0, spoofed).await, "0.0.0.0");
        assert_eq!(origin(1, spoofed).await, "192.0.2.1");
        assert_eq!(origin(2, spoofed).await, "198.51.100.7");
        assert_eq!(origin(4, spoofed).await, "0.0.0.0");
        assert_eq!(origin(1, "garbage").await, "0.0.0.0");
    }
}
