//! What the code logs, so that tests can look for what must not stand there.

use std::cell::RefCell;
use std::io::{Result, Write};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Once;

use tracing_subscriber::EnvFilter;

thread_local! {
    static COLLECTED: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Installs the one subscriber of this process. Whatever may log calls this first: a line whose place in the code was
/// passed while nobody listened might be left out for good.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // This crate's own lines at every level; a library's debugging is off in every sensible configuration.
        let filter = EnvFilter::new("warn,linli_edge=trace");
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Writer).init();
    });
}

/// All that this thread logs while it lives, and so all of a test that runs on a runtime of one thread.
pub(crate) struct Logs(PhantomData<Rc<()>>);

impl Logs {
    /// Begins to collect.
    pub(crate) fn collect() -> Self {
        install();
        COLLECTED.set(Some(Vec::new()));
        Self(PhantomData)
    }

    pub(crate) fn text(&self) -> String {
        COLLECTED.with_borrow(|lines| String::from_utf8(lines.clone().unwrap_or_default()).unwrap())
    }

    /// How often a text stands in the log.
    pub(crate) fn count(&self, needle: &str) -> usize {
        self.text().matches(needle).count()
    }
}

impl Drop for Logs {
    fn drop(&mut self) {
        COLLECTED.set(None);
    }
}

struct Writer;

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        COLLECTED.with_borrow_mut(|lines| {
            if let Some(lines) = lines {
                lines.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
