//! A text-message provider that checks signatures as the real one does: it computes them again from what arrived, with
//! code of its own, and refuses what differs, is too old, or came before.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit, Mac};
use poem::http::{HeaderMap, StatusCode, Uri};
use poem::{Request, Response};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::loopback::Loopback;

pub(crate) const KEY_ID: &str = "LTAI-invented-key-id";
pub(crate) const KEY_SECRET: &str = "invented-secret-of-the-key";

/// The present time in seconds since 1970.
pub(crate) type Seconds = Box<dyn Fn() -> i64 + Send + Sync>;

pub(crate) struct Provider {
    pub(crate) server: Loopback,
    state: Arc<State>,
}

struct State {
    now: Seconds,
    nonces: Mutex<HashSet<String>>,
    taken: Mutex<Vec<Arrived>>,
    answers: Mutex<VecDeque<(u16, String)>>,
}

/// A request as it came, and the parameters read from it.
#[derive(Clone)]
pub(crate) struct Arrived {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) params: BTreeMap<String, String>,
}

impl Provider {
    pub(crate) async fn start(now: Seconds) -> Self {
        let state =
            Arc::new(State { now, nonces: Mutex::default(), taken: Mutex::default(), answers: Mutex::default() });
        let serving = state.clone();
        let server = Loopback::serve(move |request| answer(serving.clone(), request)).await;
        Self { server, state }
    }

    /// Answers the next request that is signed well like this, instead of `OK`.
    pub(crate) fn answer_next(&self, status: u16, body: impl ToString) {
        self.state.answers.lock().unwrap().push_back((status, body.to_string()));
    }

    /// The requests whose signature was good.
    pub(crate) fn taken(&self) -> Vec<Arrived> {
        self.state.taken.lock().unwrap().clone()
    }
}

async fn answer(state: Arc<State>, mut request: Request) -> Response {
    let (method, uri, headers) = (request.method().to_string(), request.uri().clone(), request.headers().clone());
    let body = request.take_body().into_vec().await.unwrap();
    let params = match check(&state, &method, &uri, &headers, &body) {
        Ok(params) => params,
        Err(code) => {
            let said = json!({ "Code": code, "Message": "refused", "RequestId": "R-0" });
            return Response::builder().status(StatusCode::BAD_REQUEST).body(said.to_string());
        }
    };
    state.taken.lock().unwrap().push(Arrived { uri, headers, params });
    let (status, said) = state.answers.lock().unwrap().pop_front().unwrap_or_else(|| {
        (200, json!({ "Code": "OK", "Message": "OK", "BizId": "B-1", "RequestId": "R-1" }).to_string())
    });
    Response::builder().status(StatusCode::from_u16(status).unwrap()).content_type("application/json").body(said)
}

/// The parameters of a request that is signed well, or the code to refuse it with.
fn check(
    state: &State,
    method: &str,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<BTreeMap<String, String>, &'static str> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let authorization = header("authorization").strip_prefix("ACS3-HMAC-SHA256 ").ok_or("IncompleteSignature")?;
    let parts: BTreeMap<&str, &str> = authorization.split(',').filter_map(|part| part.split_once('=')).collect();
    let (Some(credential), Some(names), Some(signature)) =
        (parts.get("Credential"), parts.get("SignedHeaders"), parts.get("Signature"))
    else {
        return Err("IncompleteSignature");
    };
    if *credential != KEY_ID {
        return Err("InvalidAccessKeyId.NotFound");
    }

    let names: Vec<&str> = names.split(';').collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    let mut must_be_signed =
        headers.keys().map(|name| name.as_str()).filter(|name| *name == "host" || name.starts_with("x-acs-"));
    if names != sorted || must_be_signed.any(|name| !names.contains(&name)) {
        return Err("IncompleteSignature");
    }
    let body_hash = hex::encode(Sha256::digest(body));
    if header("x-acs-content-sha256") != body_hash {
        return Err("SignatureDoesNotMatch");
    }

    let params = read_query(uri.query().unwrap_or_default());
    let query: Vec<String> = params.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let lines: String = names.iter().map(|name| format!("{name}:{}\n", header(name))).collect();
    let canonical = [method, uri.path(), &query.join("&"), &lines, &names.join(";"), &body_hash].join("\n");
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", hex::encode(Sha256::digest(canonical.as_bytes())));
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY_SECRET.as_bytes()).unwrap();
    mac.update(to_sign.as_bytes());
    let expected = hex::decode(signature).map_err(|_| "SignatureDoesNotMatch")?;
    mac.verify_slice(&expected).map_err(|_| "SignatureDoesNotMatch")?;

    let date = chrono::DateTime::parse_from_rfc3339(header("x-acs-date")).map_err(|_| "InvalidTimeStamp.Format")?;
    if !header("x-acs-date").ends_with('Z') || (date.timestamp() - (state.now)()).abs() > 15 * 60 {
        return Err("InvalidTimeStamp.Expired");
    }
    if !state.nonces.lock().unwrap().insert(header("x-acs-signature-nonce").to_owned()) {
        return Err("SignatureNonceUsed");
    }
    if (header("x-acs-action"), header("x-acs-version")) != ("SendSms", "2017-05-25") {
        return Err("InvalidAction.NotFound");
    }
    Ok(params)
}

/// Reads a query as the real service does, which takes `+` for a blank: its own library sends blanks so.
fn read_query(query: &str) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
