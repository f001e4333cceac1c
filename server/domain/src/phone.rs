//! Mobile numbers of mainland China, and the numbers of desks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A mobile number: eleven digits, `1[3-9]` and nine more, without a country code.
///
/// Shown only masked; the full number leaves through [`Phone::digits`] alone, so that a search for that name finds
/// every place that handles it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

/// A text that is no mobile number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mobile number")]
pub struct NotAPhone;

impl Phone {
    /// All eleven digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// `199****0001`.
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..3], &self.0[7..])
    }
}

impl FromStr for Phone {
    type Err = NotAPhone;

    /// Reads a number as people type it: spaces, dashes and a leading +86 or 0086 are allowed.
    fn from_str(text: &str) -> Result<Self, NotAPhone> {
        if text.len() > 32 {
            return Err(NotAPhone);
        }
        let typed: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let digits = typed.strip_prefix("+86").or_else(|| typed.strip_prefix("0086")).unwrap_or(&typed);
        let bytes = digits.as_bytes();
        let good = bytes.len() == 11
            && bytes.iter().all(u8::is_ascii_digit)
            && bytes[0] == b'1'
            && (b'3'..=b'9').contains(&bytes[1]);
        if good { Ok(Self(digits.to_owned())) } else { Err(NotAPhone) }
    }
}

/// Whether this is a number people can be told to call: that of a desk, a hotline or a mobile, as it is printed. Digits,
/// at least three of them, with spaces and dashes between.
pub fn is_callable(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let between = text.bytes().all(|b| b.is_ascii_digit() || b == b' ' || b == b'-');
    (3..=16).contains(&digits) && between && text.len() <= 20 && text.starts_with(|c: char| c.is_ascii_digit())
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for Phone {
    /// Serialises the digits: for sealed rows and jobs, never for answers.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_is_called_as_its_number_is_printed() {
        for text in ["0317-0001007", "12345", "110", "400 000 0000", "19900000001"] {
            assert!(is_callable(text), "{text}");
        }
        for text in ["", "11", "-0317", "0317-000100x", "tel:110", "0317/0001007", "0317-0001007-0001007-00"] {
            assert!(!is_callable(text), "{text}");
        }
    }

    #[test]
    fn numbers_as_people_type_them() {
        for text in ["19900000001", "+86 199-0000-0001", "0086 19900000001", " 199 0000 0001"] {
            assert_eq!(text.parse::<Phone>().unwrap().digits(), "19900000001");
        }
        for text in
            ["", "12900000001", "1990000000", "199000000011", "１9900000001", "1990000000a", "+8619900000001+86"]
        {
            assert_eq!(text.parse::<Phone>(), Err(NotAPhone), "{text}");
        }
        assert_eq!(format!("{:?}", "19900000001".parse::<Phone>().unwrap()), "199****0001");
    }
}
