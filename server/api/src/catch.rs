//! The framework's own errors, turned into ours. Nothing that was sent is repeated.

use linli_domain::refusal::{Code, Refusal};
use poem::error::{MethodNotAllowedError, NotFoundError, ReadBodyError, RouteError, SizedLimitError};
use poem::http::StatusCode;
use poem::{IntoResponse, PathPattern, Response};
use poem_openapi::OperationId;
use poem_openapi::error::{
    AuthorizationError, ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError,
};

use crate::problem::Refused;
use crate::request;

/// The header of idempotent operations.
pub(crate) const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// Turns any error into an answer that still knows which operation it came from.
pub(crate) fn error(error: poem::Error) -> Response {
    if error.is_from_response() {
        return error.into_response();
    }
    let mut response = Refused(refusal(&error)).into_response();
    if let Some(pattern) = error.data::<PathPattern>() {
        response.set_data(pattern.clone());
    }
    if let Some(operation) = error.data::<OperationId>() {
        response.set_data(OperationId(operation.0));
    }
    response
}

/// Turns a panic into an answer.
pub(crate) fn panic(_what: Box<dyn std::any::Any + Send>) -> Response {
    let request_id = request::id().unwrap_or_default();
    tracing::error!(request_id, "a request panicked");
    Refused::from(Code::Internal).into_response()
}

fn refusal(error: &poem::Error) -> Refusal {
    if error.is::<AuthorizationError>() {
        return Code::TokenMissing.into();
    }
    if error.is::<NotFoundError>() || error.is::<ParsePathError>() || error.is::<RouteError>() {
        return Code::NotFound.into();
    }
    if error.is::<MethodNotAllowedError>() {
        return Code::MethodNotAllowed.into();
    }
    if let Some(parameter) = error.downcast_ref::<ParseParamError>() {
        return match parameter.name {
            IDEMPOTENCY_KEY => Code::KeyMissing.into(),
            name => Refusal::new(Code::Malformed).field(name),
        };
    }
    if error.is::<ContentTypeError>() {
        return Code::UnsupportedMediaType.into();
    }
    if error.is::<ParseRequestPayloadError>() {
        return Code::Malformed.into();
    }
    if let Some(body) = error.downcast_ref::<ReadBodyError>() {
        return match body {
            ReadBodyError::PayloadTooLarge => Code::BodyTooLarge,
            _ => Code::Malformed,
        }
        .into();
    }
    if error.is::<SizedLimitError>() {
        return Code::BodyTooLarge.into();
    }
    match error.status() {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::UNAUTHORIZED => Code::TokenMissing,
        StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        status if status.is_client_error() => Code::Malformed,
        _ => fault(error),
    }
    .into()
}

fn fault(error: &poem::Error) -> Code {
    let request_id = request::id().unwrap_or_default();
    tracing::error!(request_id, %error, "a request failed");
    Code::Internal
}
