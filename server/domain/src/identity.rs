//! Identity-card numbers (GB 11643-1999).

use std::fmt;
use std::str::FromStr;

use crate::time::Day;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// A well-formed identity-card number: eighteen characters, an existing birth date, a right check character.
///
/// Never logged and never shown whole; the full number leaves through [`IdentityNumber::characters`] alone, to be
/// sealed or hashed.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityNumber(String);

/// The sex written in the 17th digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Even.
    Female,
    /// Odd.
    Male,
}

/// Why a text is no identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIdentityNumber {
    /// Not seventeen digits and a digit or X.
    #[error("an identity number has 17 digits and a digit or X")]
    Form,
    /// The eight digits of the birth date are no day.
    #[error("the birth date in the number does not exist")]
    BirthDate,
    /// The last character does not fit the others: a typing error.
    #[error("the last character does not fit the others")]
    Check,
}

impl IdentityNumber {
    /// All eighteen characters.
    pub fn characters(&self) -> &str {
        &self.0
    }

    /// The birth date written in the number.
    pub fn birth_date(&self) -> Day {
        birth_date(&self.0).expect("checked when it was read")
    }

    /// The sex written in the number.
    pub fn sex(&self) -> Sex {
        if (self.0.as_bytes()[16] - b'0') % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// `1****************X`: enough for its owner to know it again.
    pub fn masked(&self) -> String {
        format!("{}****************{}", &self.0[..1], &self.0[17..])
    }
}

fn birth_date(number: &str) -> Option<Day> {
    format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]).parse().ok()
}

impl FromStr for IdentityNumber {
    type Err = NotAnIdentityNumber;

    fn from_str(text: &str) -> Result<Self, NotAnIdentityNumber> {
        let number: String = text.trim().to_ascii_uppercase();
        let bytes = number.as_bytes();
        let form = bytes.len() == 18
            && bytes[..17].iter().all(u8::is_ascii_digit)
            && (bytes[17].is_ascii_digit() || bytes[17] == b'X');
        if !form {
            return Err(NotAnIdentityNumber::Form);
        }
        if birth_date(&number).is_none() {
            return Err(NotAnIdentityNumber::BirthDate);
        }
        let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
        if CHECKS[(sum % 11) as usize] != bytes[17] {
            return Err(NotAnIdentityNumber::Check);
        }
        Ok(Self(number))
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_example() {
        let number: IdentityNumber = "11010519491231002x".parse().unwrap();
        assert_eq!(number.birth_date().to_string(), "1949-12-31");
        assert_eq!(number.sex(), Sex::Female);
        assert_eq!(format!("{number:?}"), "1****************X");
    }

    #[test]
    fn each_kind_of_mistake_is_told_apart() {
        use NotAnIdentityNumber::{BirthDate, Check, Form};
        for (text, why) in [
            ("110105194912310021", Check),
            ("110105194912310020", Check),
            ("11010519491331002X", BirthDate),
            ("11010519490229002X", BirthDate),
            ("11010519491231002", Form),
            ("11010519491231002XX", Form),
            ("１1010519491231002X", Form),
            ("X1010519491231002X", Form),
        ] {
            assert_eq!(text.parse::<IdentityNumber>(), Err(why), "{text}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_noticed() {
        let good = "11010519491231002X";
        for place in 0..17 {
            for digit in '0'..='9' {
                let mut typed: Vec<char> = good.chars().collect();
                if typed[place] == digit {
                    continue;
                }
                typed[place] = digit;
                assert!(typed.iter().collect::<String>().parse::<IdentityNumber>().is_err());
            }
        }
    }
}
