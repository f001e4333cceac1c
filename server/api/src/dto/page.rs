//! Pages of long lists.

use linli_domain::id::{decode, encode};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromParameter, ParseResult, Type};
use std::borrow::Cow;

const DEFAULT: u64 = 20;
const MOST: u64 = 100;

/// Where the next page begins: what `next` of the page before said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(pub i64);

/// How many of a list at once, 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(pub u64);

impl Default for Limit {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

impl Cursor {
    /// The cursor as text.
    pub fn text(id: i64) -> String {
        encode(id)
    }
}

/// Cuts a list that was read with one more than the limit, and says where the next page begins: at the last of this one.
pub fn page<T>(mut items: Vec<T>, limit: u64, id: impl Fn(&T) -> i64) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(|last| Cursor::text(id(last))) } else { None };
    (items, next)
}

macro_rules! parameter {
    ($name:ident, $type_name:literal, $schema:expr, $parse:expr) => {
        impl Type for $name {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $type_name.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                MetaSchemaRef::Inline(Box::new($schema))
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }

        impl ParseFromParameter for $name {
            fn parse_from_parameter(text: &str) -> ParseResult<Self> {
                let parse: fn(&str) -> Option<Self> = $parse;
                parse(text).ok_or_else(|| ParseError::custom("not of the documented form"))
            }
        }
    };
}

parameter!(
    Cursor,
    "cursor",
    MetaSchema { min_length: Some(13), max_length: Some(13), ..MetaSchema::new("string") },
    |text| decode(text).ok().map(Cursor)
);
parameter!(
    Limit,
    "limit",
    MetaSchema {
        minimum: Some(1.0),
        maximum: Some(100.0),
        default: Some(DEFAULT.into()),
        ..MetaSchema::new("integer")
    },
    |text| text.parse().ok().filter(|limit| (1..=MOST).contains(limit)).map(Limit)
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_where_the_next_begins() {
        assert_eq!(page(vec![9, 8, 7], 2, |id| *id), (vec![9, 8], Some(Cursor::text(8))));
        assert_eq!(page(vec![9, 8], 2, |id| *id), (vec![9, 8], None));
        assert!(Limit::parse_from_parameter("0").is_err() && Limit::parse_from_parameter("101").is_err());
        assert_eq!(Limit::parse_from_parameter("100").unwrap(), Limit(100));
        assert_eq!(Cursor::parse_from_parameter(&Cursor::text(8)).unwrap(), Cursor(8));
    }
}
