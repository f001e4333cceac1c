//! What the use cases need of the configuration.

use linli_domain::time::Span;

use crate::hazards::open311::ApiKey;

/// Whether demo conveniences exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The answer to a code request carries the code; demo logins are listed.
    Demo,
    /// For real residents.
    Live,
}

/// Settings of the use cases. The defaults are those of the example configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Demo or live.
    pub mode: Mode,
    /// The number residents can call, shown where a page cannot help.
    pub help_phone: String,
    /// Whether WeChat login is offered.
    pub wechat_login: bool,
    /// How long a login lasts without being used.
    pub login_lasts: Span,
    /// How long a login code is good: five minutes.
    pub code_lasts: Span,
    /// Orders waiting for the desk in this process; the next one is told to come back.
    pub desk_queue: usize,
    /// Programs that may file reports by Open311.
    pub open311_keys: Vec<ApiKey>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: Mode::Demo,
            help_phone: "0317-0000000".into(),
            wechat_login: false,
            login_lasts: Span::days(30),
            code_lasts: Span::minutes(5),
            desk_queue: 1024,
            open311_keys: Vec::new(),
        }
    }
}
