//! What a phone or a browser does: requests with JSON, a token and a language.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Somebody who asks.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    language: &'static str,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The request, for messages.
    pub(crate) asked: String,
    /// The status.
    pub(crate) status: StatusCode,
    /// The headers.
    pub(crate) headers: reqwest::header::HeaderMap,
    /// The body as JSON; null when there is none.
    pub(crate) body: Value,
}

static KEYS: AtomicU64 = AtomicU64::new(0);

impl Client {
    pub(crate) fn new(http: reqwest::Client, base: String) -> Self {
        Self { http, base, token: None, language: "en" }
    }

    /// The same, speaking another language: `zh`, `en`.
    pub(crate) fn speaking(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// The same, with a login token.
    pub(crate) fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Where they ask: `http://127.0.0.1:PORT`.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The token they are logged in with.
    pub(crate) fn token(&self) -> String {
        self.token.clone().expect("somebody who is logged in")
    }

    /// Logs in by phone with the code that a demo shows.
    pub(crate) async fn log_in(&self, phone: &str) -> Self {
        let sent = self.post("/api/login/code", json!({ "phone": phone })).await.expect(StatusCode::ACCEPTED);
        let login = self.post("/api/login", json!({ "phone": phone, "code": sent["demo_code"] })).await.ok();
        self.clone().with_token(login["token"].as_str().expect("a login has a token"))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }

    /// Posts with an `Idempotency-Key` that was never used before.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        let key = format!("test-{}", KEYS.fetch_add(1, Ordering::SeqCst));
        self.post_with_key(path, &key, body).await
    }

    pub(crate) async fn post_with_key(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).header("Idempotency-Key", key).json(&body)).await
    }

    /// A request of one's own making, with token and language.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request =
            self.http.request(method, format!("{}{path}", self.base)).header("Accept-Language", self.language);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends it and reads the answer.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let asked = format!("{} {}", request.method(), request.url().path());
        let response = self.http.execute(request).await.unwrap_or_else(|error| panic!("{asked}: {error}"));
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        let body = if bytes.is_empty() { Value::Null } else { body };
        Answer { asked, status, headers, body }
    }
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {} {}", self.asked, self.status, self.body);
        self.body
    }

    /// The body of an answer with this very status.
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.body);
        self.body
    }

    /// The problem of a refusal with this status and code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status.as_u16(), self.body["code"].as_str()),
            (status, Some(code)),
            "{}: {}",
            self.asked,
            self.body
        );
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.asked);
        self.body
    }
}
