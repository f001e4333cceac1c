//! A service that keeps objects and checks signatures as S3 does (AWS Signature Version 4): it computes them again from
//! what arrived, with code of its own, and refuses what differs or is too old.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit, Mac};
use poem::http::{HeaderMap, StatusCode, Uri};
use poem::{Request, Response};
use sha2::{Digest, Sha256};

use crate::loopback::Loopback;

pub(crate) const KEY_ID: &str = "AKIAINVENTEDKEYID";
pub(crate) const KEY_SECRET: &str = "invented/secret+of=the~key";
pub(crate) const REGION: &str = "cn-invented-1";

/// The present time in seconds since 1970.
pub(crate) type Seconds = Box<dyn Fn() -> i64 + Send + Sync>;

pub(crate) struct Bucket {
    pub(crate) server: Loopback,
    state: Arc<State>,
}

struct State {
    now: Seconds,
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    refused: Mutex<Vec<&'static str>>,
    answers: Mutex<Vec<u16>>,
}

impl Bucket {
    pub(crate) async fn start(now: Seconds) -> Self {
        let state =
            Arc::new(State { now, objects: Mutex::default(), refused: Mutex::default(), answers: Mutex::default() });
        let serving = state.clone();
        let server = Loopback::serve(move |request| answer(serving.clone(), request)).await;
        Self { server, state }
    }

    /// What is kept, by path.
    pub(crate) fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        self.state.objects.lock().unwrap().clone()
    }

    /// Why requests were refused.
    pub(crate) fn refused(&self) -> Vec<&'static str> {
        self.state.refused.lock().unwrap().clone()
    }

    /// Fails the next so many requests with this status.
    pub(crate) fn fail(&self, status: u16, times: usize) {
        self.state.answers.lock().unwrap().extend(std::iter::repeat_n(status, times));
    }
}

fn said(status: u16, code: &str) -> Response {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>");
    Response::builder().status(StatusCode::from_u16(status).unwrap()).content_type("application/xml").body(body)
}

async fn answer(state: Arc<State>, mut request: Request) -> Response {
    let (method, uri, headers) = (request.method().to_string(), request.uri().clone(), request.headers().clone());
    let body = request.take_body().into_vec().await.unwrap();
    if let Err(code) = check(&state, &method, &uri, &headers, &body) {
        state.refused.lock().unwrap().push(code);
        return said(403, code);
    }
    if let Some(status) = state.answers.lock().unwrap().pop() {
        return said(status, "SlowDown");
    }
    let mut objects = state.objects.lock().unwrap();
    match method.as_str() {
        "PUT" => {
            objects.insert(uri.path().to_owned(), body);
            Response::builder().header("etag", "\"1\"").finish()
        }
        "GET" => match objects.get(uri.path()) {
            Some(bytes) => Response::builder()
                .header("etag", "\"1\"")
                .header("last-modified", "Mon, 23 Nov 2026 01:00:00 GMT")
                .body(bytes.clone()),
            None => said(404, "NoSuchKey"),
        },
        "DELETE" => {
            objects.remove(uri.path());
            Response::builder().status(StatusCode::NO_CONTENT).finish()
        }
        _ => said(405, "MethodNotAllowed"),
    }
}

/// Whether a request is signed well; otherwise the code to refuse it with.
fn check(state: &State, method: &str, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<(), &'static str> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let authorization = header("authorization").strip_prefix("AWS4-HMAC-SHA256 ").ok_or("AccessDenied")?;
    let parts: BTreeMap<&str, &str> = authorization.split(',').filter_map(|part| part.trim().split_once('=')).collect();
    let (Some(credential), Some(names), Some(signature)) =
        (parts.get("Credential"), parts.get("SignedHeaders"), parts.get("Signature"))
    else {
        return Err("AuthorizationHeaderMalformed");
    };
    let [id, day, region, service, end] = credential.split('/').collect::<Vec<_>>().try_into().unwrap_or_default();
    if id != KEY_ID {
        return Err("InvalidAccessKeyId");
    }
    if (region, service, end) != (REGION, "s3", "aws4_request") {
        return Err("AuthorizationHeaderMalformed");
    }
    let names: Vec<&str> = names.split(';').collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    let mut must_be_signed =
        headers.keys().map(|name| name.as_str()).filter(|name| *name == "host" || name.starts_with("x-amz-"));
    if names != sorted || must_be_signed.any(|name| !names.contains(&name)) {
        return Err("AccessDenied");
    }
    let body_hash = hex::encode(Sha256::digest(body));
    if header("x-amz-content-sha256") != body_hash {
        return Err("XAmzContentSHA256Mismatch");
    }

    let mut query: Vec<(String, String)> =
        url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    query.sort_unstable();
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let lines: String = names.iter().map(|name| format!("{name}:{}\n", header(name))).collect();
    let canonical = [method, uri.path(), &query.join("&"), &lines, &names.join(";"), &body_hash].join("\n");
    let scope = format!("{day}/{REGION}/s3/aws4_request");
    let date = header("x-amz-date");
    let hashed = hex::encode(Sha256::digest(canonical.as_bytes()));
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashed}");
    let mut key = format!("AWS4{KEY_SECRET}").into_bytes();
    for part in [day, REGION, "s3", "aws4_request"] {
        key = mac(&key, part.as_bytes());
    }
    if hex::encode(mac(&key, to_sign.as_bytes())) != *signature {
        return Err("SignatureDoesNotMatch");
    }
    let signed = chrono::NaiveDateTime::parse_from_str(date, "%Y%m%dT%H%M%SZ").map_err(|_| "AccessDenied")?;
    if !date.starts_with(day) || (signed.and_utc().timestamp() - (state.now)()).abs() > 15 * 60 {
        return Err("RequestTimeTooSkewed");
    }
    Ok(())
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
