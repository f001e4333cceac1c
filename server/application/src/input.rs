//! What people type, checked once, refused in words.

use linli_domain::refusal::{Code, Refusal};
use linli_domain::text::{self, BadText};

/// The longest name of a person, in characters.
pub const NAME_MAX: usize = 30;
/// The longest address, in characters.
pub const ADDRESS_MAX: usize = 100;
/// The longest name of a device, in characters.
pub const DEVICE_MAX: usize = 60;
/// The longest description of a document seen, in characters.
pub const DOCUMENT_MAX: usize = 60;

/// One line of 1 to `max` characters.
///
/// # Errors
/// [`Code::TextEmpty`], [`Code::TextTooLong`] or [`Code::TextControl`], with the field.
pub fn line(field: &'static str, text: &str, max: usize) -> Result<String, Refusal> {
    text::line(text, max).map_err(|bad| refusal(field, bad, max))
}

/// A note of several lines, 1 to `max` characters.
///
/// # Errors
/// As [`line()`].
pub fn note(field: &'static str, text: &str, max: usize) -> Result<String, Refusal> {
    text::note(text, max).map_err(|bad| refusal(field, bad, max))
}

/// A person's name.
///
/// # Errors
/// [`Code::NameInvalid`], or [`Code::TextControl`].
pub fn name(text: &str) -> Result<String, Refusal> {
    text::line(text, NAME_MAX).map_err(|bad| match bad {
        BadText::Control => Refusal::new(Code::TextControl).field("name"),
        BadText::Empty | BadText::TooLong => Refusal::new(Code::NameInvalid).field("name"),
    })
}

fn refusal(field: &'static str, bad: BadText, max: usize) -> Refusal {
    match bad {
        BadText::Empty => Refusal::new(Code::TextEmpty),
        BadText::TooLong => Refusal::new(Code::TextTooLong).with("max", max),
        BadText::Control => Refusal::new(Code::TextControl),
    }
    .field(field)
}
