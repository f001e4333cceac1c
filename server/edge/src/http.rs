//! Calls to services outside: one way to build a client, one way to read an answer.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode};
use url::{Host, Url};

use crate::config::ConfigError;

/// No answer of these services comes near this; a longer one is cut off rather than held in memory.
const LONGEST_ANSWER: usize = 256 * 1024;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

/// Nothing usable came back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoAnswer {
    /// The request may have been carried out all the same.
    pub(crate) perhaps_done: bool,
}

/// Reads a service's address. Plain HTTP is for loopback only: these calls carry secrets.
pub(crate) fn address(key: &'static str, text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).map_err(|error| ConfigError::new(key, format!("not an address: {error}")))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(ConfigError::new(key, "must begin with https://, plain http is for 127.0.0.1 only")),
        _ => return Err(ConfigError::new(key, "must begin with https://")),
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(ConfigError::new(key, "must be a plain address without user, query or fragment"));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// How long one call may take.
pub(crate) fn timeout(key: &'static str, timeout_ms: u64) -> Result<Duration, ConfigError> {
    if (100..=60_000).contains(&timeout_ms) {
        Ok(Duration::from_millis(timeout_ms))
    } else {
        Err(ConfigError::new(key, "must lie between 100 and 60000 milliseconds"))
    }
}

/// A client for one service. Redirects are not followed, since they would carry secrets elsewhere.
pub(crate) fn client(key: &'static str, address: &Url, timeout_ms: u64) -> Result<Client, ConfigError> {
    let timeout = timeout(key, timeout_ms)?;
    let mut builder = Client::builder()
        .timeout(timeout)
        .connect_timeout(timeout.min(Duration::from_secs(3)))
        .redirect(reqwest::redirect::Policy::none());
    if is_loopback(address) {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| ConfigError::new(key, format!("no HTTP client could be made: {error}")))
}

/// Sends a request and reads the whole answer. The error carries no address: addresses here hold secrets.
pub(crate) async fn send(request: RequestBuilder) -> Result<Answer, NoAnswer> {
    let mut response = request.send().await.map_err(no_answer)?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            tracing::warn!(%status, "an answer from outside was too long and was cut off");
            return Err(NoAnswer { perhaps_done: true });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}

fn no_answer(error: reqwest::Error) -> NoAnswer {
    // A connection that was never made carried nothing; any other failure leaves the outcome open.
    let perhaps_done = !(error.is_connect() || error.is_builder());
    tracing::warn!(perhaps_done, error = %error.without_url(), "a service outside did not answer");
    NoAnswer { perhaps_done }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn secrets_travel_over_https_or_not_at_all() {
        for good in ["https://dysmsapi.example", "http://127.0.0.1:9", "http://[::1]:9/base", "http://localhost:9"] {
            assert!(address("k", good).is_ok(), "{good}");
        }
        for bad in [
            "http://dysmsapi.example",
            "ftp://a.example",
            "dysmsapi.example",
            "https://u:p@a.example",
            "https://a.example?x=1",
        ] {
            assert!(address("k", bad).is_err(), "{bad}");
        }
    }
}
