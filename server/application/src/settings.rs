//! What the use cases need of the configuration.

use linli_domain::geo::Datum;
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

/// Whose tiles are drawn under maps on the web page, in place of the streets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiles {
    /// Where one is fetched, with `{z}`, `{x}` and `{y}` in it.
    pub address: String,
    /// Whose they are, as it has to be said beside the map.
    pub attribution: String,
    /// The coordinates they are drawn in.
    pub datum: Datum,
}

impl Tiles {
    /// The host they come from, as a policy names it: `https://tiles.example.com`. None where the address is none of a
    /// tile: HTTPS, a plain host, and each of the three blanks after it.
    pub fn origin(&self) -> Option<&str> {
        let (host, path) = self.address.strip_prefix("https://")?.split_once('/')?;
        let plain = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".:-".contains(&b));
        let whole = ["{z}", "{x}", "{y}"].iter().all(|blank| path.contains(blank));
        (plain && whole).then(|| &self.address[.."https://".len() + host.len()])
    }
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
    /// Whose tiles are drawn under maps; none draws the streets.
    pub tiles: Option<Tiles>,
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
            tiles: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_come_from_one_plain_host() {
        let origin = |address: &str| {
            let tiles = Tiles { address: address.into(), attribution: String::new(), datum: Datum::Wgs84 };
            tiles.origin().map(str::to_owned)
        };
        let good = "https://tiles.example.com:8443/v1/{z}/{x}/{y}.png?key=1";
        assert_eq!(origin(good).as_deref(), Some("https://tiles.example.com:8443"));
        for odd in [
            "http://tiles.example.com/{z}/{x}/{y}.png",
            "https://tiles.example.com/{z}/{x}.png",
            "https://{s}.example.com/{z}/{x}/{y}.png",
            "https://a b/{z}/{x}/{y}",
            "https://a;script-src/{z}/{x}/{y}",
            "https:///{z}/{x}/{y}",
            "/{z}/{x}/{y}",
        ] {
            assert_eq!(origin(odd), None, "{odd}");
        }
    }
}
