//! "No" over HTTP: problem+json (RFC 9457), the only status codes of Linli.

use linli_application::Failure;
use linli_domain::refusal::{Code, Refusal, Sort};
use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{
    MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object};

use crate::request;

const CONTENT_TYPE: &str = "application/problem+json";

/// Why a request was not carried out (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Problem {
    /// `urn:linli:problem:` and the code.
    #[oai(rename = "type")]
    pub kind: String,
    /// What happened, in the language asked for.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do instead, in the language asked for.
    pub detail: String,
    /// The stable code.
    pub code: String,
    /// The field of the request it is about.
    pub field: Option<String>,
    /// Seconds until trying again makes sense.
    pub retry_after: Option<i64>,
    /// The request's id, to be quoted when asking for help.
    pub request_id: Option<String>,
}

impl Problem {
    /// A refusal in the language of the present request.
    pub fn of(refusal: &Refusal) -> Self {
        let language = request::language();
        Self {
            kind: format!("urn:linli:problem:{}", refusal.code.key()),
            title: refusal.title(language),
            status: status(refusal.code.sort()).as_u16(),
            detail: refusal.detail(language),
            code: refusal.code.key().to_owned(),
            field: refusal.field.map(str::to_owned),
            retry_after: refusal.retry_after.map(|span| span.whole_seconds()),
            request_id: request::id(),
        }
    }
}

/// The status of each sort of "no".
fn status(sort: Sort) -> StatusCode {
    match sort {
        Sort::Malformed => StatusCode::BAD_REQUEST,
        Sort::Unauthenticated => StatusCode::UNAUTHORIZED,
        Sort::Forbidden => StatusCode::FORBIDDEN,
        Sort::NotFound => StatusCode::NOT_FOUND,
        Sort::Method => StatusCode::METHOD_NOT_ALLOWED,
        Sort::Conflict => StatusCode::CONFLICT,
        Sort::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Sort::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Sort::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Sort::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Sort::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Sort::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// What an operation may answer instead of what it is for. Every operation documents all of it.
const DOCUMENTED: [(u16, &str); 11] = [
    (400, "The request could not be read."),
    (401, "Nobody is logged in, or no longer."),
    (403, "Known, but not allowed."),
    (404, "Not there, or not for the asker to know."),
    (409, "It was right a moment ago: full, changed, overlapping, already done."),
    (413, "Larger than 64 KiB."),
    (415, "Not JSON."),
    (422, "Read and understood, and against a rule; `field` names the field."),
    (429, "Too often; wait for `retry_after` seconds."),
    (500, "A fault of ours; nothing was changed."),
    (503, "For the moment; nothing was changed, try again after `retry_after` seconds."),
];

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub Refusal);

/// What an operation answers: what it is for, or why not.
pub type Answer<T> = Result<T, Refused>;

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Self(code.into())
    }
}

impl From<Failure> for Refused {
    /// Faults go to the log with the request's id, and to the client as a code without particulars.
    fn from(failure: Failure) -> Self {
        if failure.is_fault() {
            let request_id = request::id().unwrap_or_default();
            tracing::error!(request_id, %failure, "a request failed");
        }
        Self(failure.refusal())
    }
}

impl From<Refused> for poem::Error {
    fn from(refused: Refused) -> Self {
        let code = RefusedCode(refused.0.code);
        let mut error = Self::from_response(refused.into_response());
        error.set_data(code);
        error
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = Problem::of(&self.0);
        let status = status(self.0.code.sort());
        let body = poem_openapi::types::ToJSON::to_json_string(&problem);
        let mut response = Response::builder().status(status).content_type(CONTENT_TYPE).body(body);
        let headers = response.headers_mut();
        if let Some(seconds) = problem.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.set_data(RefusedCode(self.0.code));
        response
    }
}

/// Which code an answer carries, for log and metrics.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RefusedCode(pub(crate) Code);

impl ApiResponse for Refused {
    fn meta() -> MetaResponses {
        let response = |(status, description): (u16, &'static str)| {
            let content = vec![MetaMediaType { content_type: CONTENT_TYPE, schema: Problem::schema_ref() }];
            let headers = if matches!(status, 429 | 503) { vec![retry_after()] } else { Vec::new() };
            MetaResponse { description, status: Some(status), status_range: None, content, headers }
        };
        MetaResponses { responses: DOCUMENTED.map(response).into() }
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}

fn retry_after() -> MetaHeader {
    MetaHeader {
        name: "Retry-After".into(),
        description: Some("Seconds until trying again makes sense.".into()),
        required: false,
        deprecated: false,
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema { minimum: Some(0.0), ..MetaSchema::new("integer") })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linli_domain::time::Span;
    use linli_domain::words::Language;

    #[test]
    fn every_code_has_a_documented_status() {
        for code in Code::ALL {
            let status = status(code.sort()).as_u16();
            let framework = code.sort() == Sort::Method;
            assert!(framework || DOCUMENTED.iter().any(|(known, _)| *known == status), "{}", code.key());
        }
    }

    #[tokio::test]
    async fn a_refusal_is_written_in_the_language_asked_for() {
        let refusal = Refusal::new(Code::TooManyRequests).with("seconds", 7).retry_after(Span::seconds(7));
        let response =
            request::with(Language::En, "r-1".into(), async { Refused(refusal.clone()).into_response() }).await;
        assert_eq!(response.status(), 429);
        assert_eq!(response.header(header::RETRY_AFTER), Some("7"));
        assert_eq!(response.content_type(), Some(CONTENT_TYPE));
        let body: serde_json::Value = response.into_body().into_json().await.unwrap();
        assert_eq!(body["type"], "urn:linli:problem:too_many_requests");
        assert_eq!(body["detail"], "Please try again in 7 seconds.");
        assert_eq!((&body["retry_after"], &body["request_id"]), (&7.into(), &"r-1".into()));
        assert!(body.get("field").is_none());
    }

    #[tokio::test]
    async fn a_fault_tells_nothing() {
        let refused: Refused = Failure::Fault("row 17 of people is odd".into()).into();
        let text = refused.into_response().into_body().into_string().await.unwrap();
        assert!(text.contains("internal") && !text.contains("17"), "{text}");
    }
}
