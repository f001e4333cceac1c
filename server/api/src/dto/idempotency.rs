//! The key that makes a POST happen once.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use poem::http::HeaderValue;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToHeader, ToJSON, Type};
use serde_json::Value;

use super::values::as_text;

/// 1 to 64 letters, digits, dashes or underscores, made anew by the client for each thing it wants done.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Not a key.
#[derive(Debug)]
pub struct NotAKey;

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let good =
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if good { Ok(Self(text.to_owned())) } else { Err(NotAKey) }
    }
}

/// The `Idempotency-Key` header: take it as `#[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(pub Key);

impl IdempotencyKey {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0.0
    }
}

fn described(pattern: &&'static str) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(MetaSchema {
        pattern: Some((*pattern).to_owned()),
        min_length: Some(1),
        max_length: Some(64),
        ..MetaSchema::new("string")
    }))
}
as_text!([] IdempotencyKey, "idempotency_key", "^[A-Za-z0-9_-]{1,64}$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_a_small_alphabet() {
        assert!(IdempotencyKey::parse_from_parameter("a-Z_9").is_ok());
        for odd in ["", "a b", "ä", &"k".repeat(65)] {
            assert!(IdempotencyKey::parse_from_parameter(odd).is_err(), "{odd}");
        }
    }
}
