//! The framework's own errors: each a problem with a code, in both languages, and nothing of what was sent.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::NOTHING;
use crate::harness::people::{DISTRICT, LIN};
use crate::harness::{Answer, Client, on_both};

/// What never comes back.
const MARK: &str = "11010519491231002X";

/// What is wrong; method, path, content type and body; the status and the code it is answered with.
type Case<'a> = (&'a str, Method, String, Option<&'a str>, Vec<u8>, u16, &'a str);

/// A raw request: method, path, content type, body.
async fn raw(client: &Client, method: Method, path: &str, kind: Option<&str>, body: Vec<u8>) -> Answer {
    let mut request = client.request(method, path).header("Idempotency-Key", "raw").body(body);
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    client.send(request).await
}

/// Whether an answer is a whole problem, and tells nothing of what was sent.
#[track_caller]
fn is_a_problem(answer: &Answer) {
    let (asked, body) = (&answer.asked, &answer.body);
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{asked}");
    assert_eq!(body["status"], answer.status.as_u16(), "{asked}");
    let code = body["code"].as_str().unwrap_or_else(|| panic!("{asked}: {body}"));
    assert_eq!(body["type"], format!("urn:linli:problem:{code}"), "{asked}");
    for words in ["title", "detail", "request_id"] {
        assert!(body[words].as_str().is_some_and(|text| !text.is_empty()), "{asked}: {words} in {body}");
    }
    assert!(!body.to_string().contains(MARK), "{asked}: what was sent is repeated: {body}");
    for (name, value) in &answer.headers {
        assert!(!String::from_utf8_lossy(value.as_bytes()).contains(MARK), "{asked}: repeated in {name}");
    }
    let known: Vec<&str> = ["type", "title", "status", "detail", "code", "field", "retry_after", "request_id"].into();
    let extra: Vec<_> = body.as_object().unwrap().keys().filter(|key| !known.contains(&key.as_str())).collect();
    assert!(extra.is_empty(), "{asked}: {extra:?}");
}

on_both! {
    async fn every_error_of_the_framework_is_a_problem(world) {
        let lin = world.log_in(LIN).await;
        let json = Some("application/json");
        let large = format!("{{\"name\": \"{}\"}}", "a".repeat(70_000)).into_bytes();
        let marked = |field: &str| format!("{{\"version\": 1, \"{field}\": \"{MARK}\"}}").into_bytes();
        let deep = "[".repeat(20_000).into_bytes();
        let cases: Vec<Case<'_>> = vec![
            ("an unknown path", Method::GET, format!("/api/{MARK}"), None, vec![], 404, "not_found"),
            ("a path outside of the interface", Method::GET, format!("/{MARK}"), None, vec![], 404, "not_found"),
            ("no id in the path", Method::GET, format!("/api/orders/{MARK}"), None, vec![], 404, "not_found"),
            ("another method", Method::DELETE, "/api/platforms".into(), None, vec![], 405, "method_not_allowed"),
            ("another method on an id", Method::PATCH, format!("/api/orders/{NOTHING}"), None, vec![], 405, "method_not_allowed"),
            ("plain text", Method::PATCH, "/api/me".into(), Some("text/plain"), marked("name"), 415, "unsupported_media_type"),
            ("a form", Method::PATCH, "/api/me".into(), Some("application/x-www-form-urlencoded"), b"version=1".to_vec(), 415, "unsupported_media_type"),
            ("half a body", Method::PATCH, "/api/me".into(), json, format!("{{\"name\": \"{MARK}").into_bytes(), 400, "malformed"),
            ("no body", Method::PATCH, "/api/me".into(), json, vec![], 400, "malformed"),
            ("an array for an object", Method::PATCH, "/api/me".into(), json, b"[]".to_vec(), 400, "malformed"),
            ("null", Method::PATCH, "/api/me".into(), json, b"null".to_vec(), 400, "malformed"),
            ("brackets without end", Method::PATCH, "/api/me".into(), json, deep, 400, "malformed"),
            ("no UTF-8", Method::PATCH, "/api/me".into(), json, b"{\"name\": \"\xff\xfe\"}".to_vec(), 400, "malformed"),
            ("an unknown field", Method::PATCH, "/api/me".into(), json, marked("nickname"), 400, "malformed"),
            ("another unknown field", Method::POST, "/api/orders".into(), json, marked("price_fen"), 400, "malformed"),
            ("a missing field", Method::PATCH, "/api/me".into(), json, format!("{{\"name\": \"{MARK}\"}}").into_bytes(), 400, "malformed"),
            ("a text for a number", Method::PATCH, "/api/me".into(), json, format!("{{\"version\": \"{MARK}\"}}").into_bytes(), 400, "malformed"),
            ("a number too large", Method::PATCH, "/api/me".into(), json, b"{\"version\": 99999999999999999999}".to_vec(), 400, "malformed"),
            ("a word that is no choice", Method::PATCH, "/api/me".into(), json, marked("language"), 400, "malformed"),
            ("a day that does not exist", Method::PATCH, "/api/me".into(), json, b"{\"version\": 1, \"birth_date\": \"2026-02-30\"}".to_vec(), 400, "malformed"),
            ("more than fits", Method::PATCH, "/api/me".into(), json, large, 413, "body_too_large"),
            ("a query that is no number", Method::GET, format!("/api/offerings/{NOTHING}/days?days={MARK}"), None, vec![], 400, "malformed"),
            ("a query out of bounds", Method::GET, "/api/notices?limit=0".into(), None, vec![], 400, "malformed"),
            ("a query far out of bounds", Method::GET, "/api/notices?limit=101".into(), None, vec![], 400, "malformed"),
            ("a cursor of one's own", Method::GET, format!("/api/notices?cursor={MARK}"), None, vec![], 400, "malformed"),
            ("an order's cursor of one's own", Method::GET, format!("/api/orders?scope=open&cursor={MARK}"), None, vec![], 400, "malformed"),
            ("a query left out", Method::GET, "/api/orders".into(), None, vec![], 400, "malformed"),
            ("a day in the query that does not exist", Method::GET, format!("/api/offerings/{NOTHING}/slots?day=2026-02-30"), None, vec![], 400, "malformed"),
            ("an area of another form", Method::GET, format!("/api/areas?parent={MARK}"), None, vec![], 400, "malformed"),
        ];
        for (what, method, path, kind, body, status, code) in cases {
            let answer = raw(&lin, method.clone(), &path, kind, body.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.body["code"].as_str()), (status, Some(code)), "{what}: {}", answer.body);
            is_a_problem(&answer);
            let chinese = raw(&lin.clone().speaking("zh"), method, &path, kind, body).await;
            assert_eq!(chinese.body["code"], answer.body["code"], "{what}");
            for words in ["title", "detail"] {
                let (en, zh) = (answer.body[words].as_str().unwrap(), chinese.body[words].as_str().unwrap());
                assert!(en.is_ascii() && !zh.is_ascii(), "{what}: {en} / {zh}");
            }
        }
    }

    async fn compressed_bodies_are_not_taken(world) {
        let lin = world.log_in(LIN).await;
        let request = lin.request(Method::PATCH, "/api/me").header("content-type", "application/json");
        let answer = lin.send(request.header("content-encoding", "gzip").body(vec![31, 139, 8])).await;
        is_a_problem(&answer);
        answer.refused(415, "unsupported_media_type");
    }

    async fn a_query_says_which_field_is_wrong(world) {
        let client = world.client();
        let no = client.get(&format!("/api/offerings/{NOTHING}/days?days=many")).await.refused(400, "malformed");
        assert_eq!(no["field"], "days");
        let staff = world.log_in(DISTRICT).await;
        let no = staff.get("/api/desk/people").await.refused(400, "malformed");
        assert_eq!(no["field"], "phone", "exactly one of the two");
    }

    async fn an_id_given_by_a_proxy_goes_through(world) {
        let answer = world.client().send(world.client().request(Method::GET, "/api/nothing").header("x-request-id", "edge-1")).await;
        assert_eq!((answer.headers["x-request-id"].to_str().unwrap(), &answer.body["request_id"]), ("edge-1", &Value::from("edge-1")));
        let odd = world.client().request(Method::GET, "/api/nothing").header("x-request-id", format!("{MARK} <b>"));
        is_a_problem(&world.client().send(odd).await);
    }

    async fn every_answer_carries_the_headers_of_safety(world) {
        for path in ["/api/platforms", "/api/nothing", "/healthz", "/openapi.json", "/docs"] {
            let answer = world.client().get(path).await;
            assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
            assert_eq!(answer.headers["x-frame-options"], "DENY", "{path}");
            assert!(answer.headers.contains_key("content-security-policy"), "{path}");
        }
    }

    async fn the_house_says_how_it_is(world) {
        assert_eq!(world.client().get("/healthz").await.expect(StatusCode::OK), json!("alive"));
        let ready = world.client().get("/readyz").await.expect(StatusCode::OK);
        assert_eq!((&ready["status"], &ready["migrations"]), (&json!("ready"), &json!("complete")));
        let metrics = world.client().get("/metrics").await.expect(StatusCode::OK);
        assert!(metrics.as_str().unwrap().contains("linli_http_requests_total"), "{metrics}");
    }
}
