//! A WeChat platform on loopback: it hands out access tokens, refuses those it does not know, and otherwise answers
//! what a test tells it to.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use poem::{Request, Response};
use serde_json::{Value, json};

use crate::loopback::Loopback;

pub(crate) const APP_ID: &str = "wx00000000invented";
pub(crate) const APP_SECRET: &str = "invented-secret-of-the-app";

pub(crate) struct Wechat {
    pub(crate) server: Loopback,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The token taken at present.
    token: String,
    tokens_given: usize,
    token_answers: VecDeque<Value>,
    answers: HashMap<String, VecDeque<(u16, String)>>,
    calls: Vec<Call>,
}

/// A call as it came.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Value,
}

impl Wechat {
    pub(crate) async fn start() -> Self {
        let state = Arc::<Mutex<State>>::default();
        let serving = state.clone();
        let server = Loopback::serve(move |request| answer(serving.clone(), request)).await;
        Self { server, state }
    }

    /// What to answer to a path next, in order.
    pub(crate) fn answer(&self, path: &str, body: Value) {
        self.answer_raw(path, 200, body.to_string());
    }

    pub(crate) fn answer_raw(&self, path: &str, status: u16, body: String) {
        self.state.lock().unwrap().answers.entry(path.to_owned()).or_default().push_back((status, body));
    }

    /// What to answer to the next request for a token, instead of one of two hours.
    pub(crate) fn answer_token(&self, body: Value) {
        self.state.lock().unwrap().token_answers.push_back(body);
    }

    /// Takes no token any more until a new one is asked for.
    pub(crate) fn invalidate_token(&self) {
        self.state.lock().unwrap().token.clear();
    }

    pub(crate) fn tokens_given(&self) -> usize {
        self.state.lock().unwrap().tokens_given
    }

    pub(crate) fn calls(&self, path: &str) -> Vec<Call> {
        self.state.lock().unwrap().calls.iter().filter(|call| call.path == path).cloned().collect()
    }
}

async fn answer(state: Arc<Mutex<State>>, mut request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let query: BTreeMap<String, String> =
        url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect();
    let raw = request.take_body().into_vec().await.unwrap();
    let body = serde_json::from_slice(&raw).unwrap_or(Value::Null);
    if path == "/cgi-bin/stable_token" {
        // Long enough for everybody who waits to have asked, if more than one did.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let (status, said) = state.lock().unwrap().answer(&path, query, body);
    Response::builder().status(poem::http::StatusCode::from_u16(status).unwrap()).body(said)
}

impl State {
    fn answer(&mut self, path: &str, query: BTreeMap<String, String>, body: Value) -> (u16, String) {
        let token = query.get("access_token").cloned();
        let (id, secret) = match path {
            "/sns/jscode2session" => (query.get("appid").cloned(), query.get("secret").cloned()),
            "/cgi-bin/stable_token" => {
                (body["appid"].as_str().map(str::to_owned), body["secret"].as_str().map(str::to_owned))
            }
            _ => (None, None),
        };
        self.calls.push(Call { path: path.to_owned(), query, body });
        let good = |body: Value| (200, body.to_string());
        match path {
            "/sns/jscode2session" | "/cgi-bin/stable_token" if id.as_deref() != Some(APP_ID) => {
                good(json!({ "errcode": 40013, "errmsg": "invalid appid rid: 1-2-3" }))
            }
            "/sns/jscode2session" | "/cgi-bin/stable_token" if secret.as_deref() != Some(APP_SECRET) => {
                good(json!({ "errcode": 40125, "errmsg": "invalid appsecret rid: 1-2-3" }))
            }
            "/cgi-bin/stable_token" => {
                let new = format!("{}-{}", "T".repeat(520), self.tokens_given + 1);
                let said = self.token_answers.pop_front().unwrap_or(json!({ "access_token": new, "expires_in": 7200 }));
                if let Some(token) = said["access_token"].as_str() {
                    self.token = token.to_owned();
                    self.tokens_given += 1;
                }
                good(said)
            }
            "/sns/jscode2session" => self.planned(path),
            _ if token.as_deref() != Some(self.token.as_str()) => {
                good(json!({ "errcode": 40001, "errmsg": "invalid credential rid: 1-2-3" }))
            }
            _ => self.planned(path),
        }
    }

    fn planned(&mut self, path: &str) -> (u16, String) {
        let planned = self.answers.get_mut(path).and_then(VecDeque::pop_front);
        planned.unwrap_or_else(|| (404, format!("nothing is planned for {path}")))
    }
}
