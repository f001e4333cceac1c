//! Structured logs on standard error.

use std::io::IsTerminal;

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts logging. Messages carry ids and codes, never personal data: see `docs/operations.md`.
pub(crate) fn start(log: &Log) -> Result<()> {
    let filter = EnvFilter::builder().parse(&log.level).with_context(|| {
        format!("`log.level`: `{}` is no filter; allowed: info, debug, info,linli_worker=debug …", log.level)
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match log.format {
        LogFormat::Text => lines.with_target(false).init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).init(),
    }
    Ok(())
}
