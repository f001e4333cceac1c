//! What people type: length, control characters, blanks.

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadText {
    /// Nothing but blanks.
    Empty,
    /// More characters than allowed.
    TooLong,
    /// A control character other than a line break.
    Control,
}

/// One line: trimmed, 1 to `max` characters, no control characters and no line breaks.
///
/// Length counts Unicode scalar values, since that is what people count when they write Chinese.
///
/// # Errors
/// [`BadText`].
pub fn line(text: &str, max: usize) -> Result<String, BadText> {
    clean(text, max, false)
}

/// A note of several lines: as [`line`], with line breaks.
///
/// # Errors
/// [`BadText`].
pub fn note(text: &str, max: usize) -> Result<String, BadText> {
    clean(text, max, true)
}

fn clean(text: &str, max: usize, breaks: bool) -> Result<String, BadText> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(BadText::Empty);
    }
    if trimmed.chars().count() > max {
        return Err(BadText::TooLong);
    }
    let hidden = |c: char| {
        // Bidirectional overrides can make a name read as another: treated as control characters.
        (c.is_control() && !(breaks && c == '\n'))
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}')
    };
    if trimmed.chars().any(hidden) {
        return Err(BadText::Control);
    }
    Ok(trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_notes() {
        assert_eq!(line("  林一 ", 2), Ok("林一".into()));
        assert_eq!(line("林一一", 2), Err(BadText::TooLong));
        assert_eq!(line("\u{3000}\t", 9), Err(BadText::Empty));
        assert_eq!(line("a\nb", 9), Err(BadText::Control));
        assert_eq!(note("a\nb", 9), Ok("a\nb".into()));
        assert_eq!(note("a\0b", 9), Err(BadText::Control));
        assert_eq!(line("a\u{202E}b", 9), Err(BadText::Control));
    }
}
