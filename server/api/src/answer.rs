//! Answers with another status than 200.

use poem_openapi::ApiResponse;
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;

/// Something was made.
#[derive(ApiResponse)]
pub enum Created<T: ToJSON> {
    /// It was made.
    #[oai(status = 201)]
    Made(Json<T>),
}

/// Something is under way.
#[derive(ApiResponse)]
pub enum Accepted<T: ToJSON> {
    /// It is under way.
    #[oai(status = 202)]
    Begun(Json<T>),
}

/// Done, and nothing to say about it.
#[derive(ApiResponse)]
pub enum Done {
    /// Done.
    #[oai(status = 204)]
    Nothing,
}
