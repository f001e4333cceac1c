//! Ids, instants, days, times and area codes: values of the domain that travel as text.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use linli_domain::area::AreaCode;
use linli_domain::platform::KindKey;
use linli_domain::time::{Day, Instant, TimeOfDay};
use poem::http::HeaderValue;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToHeader, ToJSON, Type};
use serde_json::Value;

/// What the OpenAPI file says about a text.
pub(super) struct Described {
    pub(super) format: &'static str,
    pub(super) pattern: &'static str,
    pub(super) length: Option<usize>,
    pub(super) example: &'static str,
}

pub(super) fn described(what: &Described) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(MetaSchema {
        format: (!what.format.is_empty()).then_some(what.format),
        pattern: (!what.pattern.is_empty()).then(|| what.pattern.to_owned()),
        min_length: what.length,
        max_length: what.length,
        example: Some(what.example.into()),
        ..MetaSchema::new("string")
    }))
}

/// Makes a wrapper a type of the interface: read from text and written as text.
macro_rules! as_text {
    ([$($generic:ident: $($bound:path),+)?] $name:ty, $type_name:literal, $described:expr) => {
        impl$(<$generic: $($bound +)+ Send + Sync>)? Type for $name {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $type_name.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                described(&$described)
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }

        impl$(<$generic: $($bound +)+ Send + Sync>)? ParseFromParameter for $name {
            fn parse_from_parameter(text: &str) -> ParseResult<Self> {
                text.parse().map(Self).map_err(|_| ParseError::custom("not of the documented form"))
            }
        }

        impl$(<$generic: $($bound +)+ Send + Sync>)? ParseFromJSON for $name {
            fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
                match value {
                    Some(Value::String(text)) => Self::parse_from_parameter(&text),
                    _ => Err(ParseError::custom("a text is expected")),
                }
            }
        }

        impl$(<$generic: $($bound +)+ Send + Sync>)? ToJSON for $name {
            fn to_json(&self) -> Option<Value> {
                Some(Value::String(self.0.to_string()))
            }
        }

        impl$(<$generic: $($bound +)+ Send + Sync>)? ToHeader for $name {
            fn to_header(&self) -> Option<HeaderValue> {
                HeaderValue::from_str(&self.0.to_string()).ok()
            }
        }
    };
}
pub(super) use as_text;

/// An id: 13 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id<T>(pub T);
as_text!([T: FromStr, Display] Id<T>, "id", Described {
    format: "",
    pattern: "^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{12}$",
    length: Some(13),
    example: "00V9P3M2G4001",
});

/// An instant: RFC 3339, written with +08:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At(pub Instant);
as_text!([] At, "instant", Described {
    format: "date-time",
    pattern: "",
    length: None,
    example: "2026-11-24T09:30:00+08:00",
});

/// A day of the district's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct On(pub Day);
as_text!([] On, "day", Described { format: "date", pattern: "", length: None, example: "2026-11-24" });

/// A time of day, 00:00 to 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(pub TimeOfDay);
as_text!([] Clock, "time", Described {
    format: "",
    pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$",
    length: Some(5),
    example: "09:30",
});

/// The code of an area: twelve digits, sections and groups with `-S01-G01` after them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InArea(pub AreaCode);
as_text!([] InArea, "area_code", Described {
    format: "",
    pattern: "^[0-9]{12}(-S[0-9]{2}(-G[0-9]{2})?)?$",
    length: None,
    example: "130903001000",
});

/// The key of a kind of service: platform and kind, joined by a point.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OfKind(pub KindKey);
as_text!([] OfKind, "kind_key", Described {
    format: "",
    pattern: "^[a-z][a-z0-9_]{1,31}\\.[a-z][a-z0-9_]{1,31}$",
    length: None,
    example: "medical.general_practice",
});

macro_rules! wrap {
    ($($name:ident($inner:ty)),*) => {$(
        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
    )*};
}
wrap!(At(Instant), On(Day), Clock(TimeOfDay), InArea(AreaCode));

#[cfg(test)]
mod tests {
    use super::*;
    use linli_domain::id::PersonId;

    #[test]
    fn values_travel_as_text() {
        let id = Id(PersonId(1_234_567_890_123_456));
        let text = id.to_json().unwrap();
        assert_eq!(Id::<PersonId>::parse_from_json(Some(text)).unwrap(), id);
        for odd in [Value::Null, Value::from(17), Value::from("0"), Value::from("ZZZZZZZZZZZZZ")] {
            assert!(Id::<PersonId>::parse_from_json(Some(odd)).is_err());
        }
        let day = On::parse_from_parameter("2026-11-24").unwrap();
        assert_eq!(day.to_json(), Some("2026-11-24".into()));
        assert!(On::parse_from_parameter("2026-02-30").is_err());
    }

    #[test]
    fn errors_do_not_repeat_what_was_sent() {
        let error = At::parse_from_json(Some("11010519491231002X".into())).unwrap_err();
        assert!(!error.message().contains("1101"), "{}", error.message());
    }
}
