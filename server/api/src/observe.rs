//! Around every request: its id and language, the access log, metrics, security headers, the limit of bodies.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use linli_application::App;
use linli_domain::id::encode;
use linli_domain::refusal::Code;
use linli_domain::words::Language;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::web::{Compress, CompressionAlgo, CompressionLevel};
use poem::{Body, Endpoint, IntoResponse, PathPattern, Request, Response, Result};
use poem_openapi::OperationId;

use crate::files::SLACK;
use crate::problem::{Refused, RefusedCode};
use crate::{document, files, request};

/// The largest body that is read, in bytes.
const LARGEST_BODY: usize = 64 * 1024;
/// The header that carries the request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Seconds: most answers take a few milliseconds, the patience of a resident ends at some seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// Where the metrics of this process are kept. Set up once, whoever asks first.
pub(crate) fn metrics() -> Option<PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS);
            builder.ok()?.install_recorder().ok()
        })
        .clone()
}

/// Gives the request its id and language, answers, and notes what was answered.
pub(crate) async fn request<E: Endpoint>(app: App, endpoint: Arc<E>, request: Request) -> Result<Response> {
    let begun = Instant::now();
    let id = given_id(&request).unwrap_or_else(|| encode(app.next_id()));
    let language = accepted(&request);
    let method = request.method().clone();
    let mut response = request::with(language, id.clone(), async {
        match endpoint.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => crate::catch::error(error),
        }
    })
    .await;
    note(&method, &id, &response, begun);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    Ok(response)
}

/// The id a proxy in front has given, so that one id goes through all logs. Anything odd is replaced.
fn given_id(request: &Request) -> Option<String> {
    let id = request.header(REQUEST_ID)?;
    let good = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    good.then(|| id.to_owned())
}

fn accepted(request: &Request) -> Language {
    request.header(header::ACCEPT_LANGUAGE).map_or(Language::default(), Language::from_accept)
}

/// One line in the log and one count, by operation. Paths with ids and query strings stay out of both: they can hold
/// personal data.
fn note(method: &Method, id: &str, response: &Response, begun: Instant) {
    let operation = match (response.data::<OperationId>(), response.data::<PathPattern>()) {
        (Some(operation), _) => operation.0.to_owned(),
        (None, Some(pattern)) => format!("{method} {}", pattern.0),
        (None, None) => "none".to_owned(),
    };
    let status = response.status().as_u16();
    let seconds = begun.elapsed().as_secs_f64();
    let code = response.data::<RefusedCode>().map_or("", |refused| refused.0.key());
    tracing::info!(request_id = id, operation, status, code, milliseconds = seconds * 1_000.0, "request");
    metrics::counter!("linli_http_requests_total", "operation" => operation.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("linli_http_request_seconds", "operation" => operation).record(seconds);
}

/// Reads the body up to the limit before anybody parses it. Compressed bodies are not taken: a small one may be a very
/// large one.
pub(crate) async fn limit_body<E: Endpoint>(endpoint: Arc<E>, mut request: Request) -> Result<Response> {
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Refused::from(Code::UnsupportedMediaType).into());
    }
    // Files are read by the operation itself, up to a limit of its own, when it is known who sends them.
    if request.uri().path().starts_with("/api/manage/imports/") {
        // What a browser adds about the encoding is not believed, and would not be understood.
        let plain = request.content_type().and_then(|kind| HeaderValue::from_str(kind.split(';').next()?.trim()).ok());
        if let Some(plain) = plain {
            request.headers_mut().insert(header::CONTENT_TYPE, plain);
        }
        return endpoint.call(request).await.map(IntoResponse::into_response);
    }
    // Pictures are larger than anything else, and a form around one has to be read whole: so far, and not begun with
    // where it says that it is longer.
    if request.uri().path() == "/api/files" && request.method() == Method::POST {
        let too_large = || Refused::from(linli_application::files::too_large());
        let says = request.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
        if let Some(length) = says.filter(|length| *length > files::LARGEST_UPLOAD) {
            if length <= files::LARGEST_UPLOAD + SLACK {
                // Nothing of it is kept.
                let _ = request.take_body().into_bytes_limit(files::LARGEST_UPLOAD + SLACK).await;
            }
            return Err(too_large().into());
        }
        if says.is_none() {
            let body = request.take_body().into_bytes_limit(files::LARGEST_UPLOAD).await.map_err(|_| too_large())?;
            request.set_body(Body::from(body));
        }
        return endpoint.call(request).await.map(IntoResponse::into_response);
    }
    let body = request.take_body().into_bytes_limit(LARGEST_BODY).await?;
    request.set_body(Body::from(body));
    endpoint.call(request).await.map(IntoResponse::into_response)
}

/// Compresses texts for whoever takes gzip, unless they come compressed: the files of the web page do.
pub(crate) async fn compress<E: Endpoint>(endpoint: Arc<E>, request: Request) -> Result<Response> {
    let taken = request.header(header::ACCEPT_ENCODING).is_some_and(|header| takes(header, "gzip"));
    let mut response = endpoint.call(request).await?.into_response();
    let text = response.content_type().is_some_and(|kind| {
        kind.starts_with("text/") || ["json", "javascript", "svg", "problem"].iter().any(|part| kind.contains(part))
    });
    if !text || response.status() == StatusCode::NO_CONTENT || response.headers().contains_key(header::CONTENT_ENCODING)
    {
        return Ok(response);
    }
    response.headers_mut().entry(header::VARY).or_insert(HeaderValue::from_static("accept-encoding"));
    if !taken {
        return Ok(response);
    }
    // The length and a strong tag are those of the uncompressed text.
    response.headers_mut().remove(header::CONTENT_LENGTH);
    if response.header(header::ETAG).is_some_and(|tag| !tag.starts_with("W/")) {
        response.headers_mut().remove(header::ETAG);
    }
    Ok(Compress::new(response, CompressionAlgo::GZIP).with_quality(CompressionLevel::Fastest).into_response())
}

/// Whether an `Accept-Encoding` names a coding, and does not refuse it.
pub(crate) fn takes(header: &str, coding: &str) -> bool {
    header.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(coding))
            && !pieces.any(|piece| matches!(piece, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Headers every answer carries; with a 405, the methods that `allowed` names for its path.
pub(crate) async fn secure<E: Endpoint>(
    endpoint: Arc<E>,
    request: Request,
    allowed: Arc<BTreeMap<String, String>>,
) -> Result<Response> {
    let mut response = match endpoint.call(request).await {
        Ok(response) => response.into_response(),
        Err(error) => crate::catch::error(error),
    };
    let methods = (response.status() == StatusCode::METHOD_NOT_ALLOWED).then(|| {
        let pattern = response.data::<PathPattern>();
        pattern.and_then(|pattern| allowed.get(&document::shape(&pattern.0))).map_or("GET, HEAD", String::as_str)
    });
    let headers = response.headers_mut();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(self), payment=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Some(methods) = methods.and_then(|methods| HeaderValue::from_str(methods).ok()) {
        headers.insert(header::ALLOW, methods);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_when_it_is_named_and_not_refused() {
        for (header, taken) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.8", true),
            ("gzip;q=0", false),
            ("br", false),
            ("", false),
        ] {
            assert_eq!(takes(header, "gzip"), taken, "{header}");
        }
    }
}
