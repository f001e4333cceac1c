//! The only way to standard output and standard error besides the log: what a command was asked to show, and why it
//! cannot start.

use std::io::{self, Write};

/// Shows a line. A reader that has gone away is no reason to stop.
pub(crate) fn line(text: impl AsRef<str>) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{}", text.as_ref()).and_then(|()| out.flush());
}

/// Says on standard error why it does not go on.
pub(crate) fn complaint(text: impl AsRef<str>) {
    let _ = writeln!(io::stderr(), "{}", text.as_ref());
}
