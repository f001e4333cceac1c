//! What is wrong with a setting.

/// A setting that cannot work: its key, and what to do about it. Never repeats a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct ConfigError {
    /// The key in the configuration file, with its section: `sms.endpoint`.
    pub key: &'static str,
    /// What is wrong and what is expected, in English.
    pub problem: String,
}

impl ConfigError {
    pub(crate) fn new(key: &'static str, problem: impl Into<String>) -> Self {
        Self { key, problem: problem.into() }
    }
}

/// Refuses an empty setting.
pub(crate) fn filled(key: &'static str, value: &str) -> Result<(), ConfigError> {
    if value.trim().is_empty() { Err(ConfigError::new(key, "must not be empty")) } else { Ok(()) }
}
