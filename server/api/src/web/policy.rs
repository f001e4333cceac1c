//! What a page may load, as a Content-Security-Policy.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use poem::http::HeaderValue;
use sha2::{Digest, Sha256};

/// What the web page may load: its own files, pictures it makes itself, and nothing foreign. Styles of a single element
/// are set by script, which needs no leave; styles and scripts written into the page are allowed by their hash.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    before: String,
    after: String,
}

impl Policy {
    /// The policy of the page that begins with this HTML, and may show pictures from one other host.
    pub(crate) fn of(index: &str, pictures: Option<&str>) -> Self {
        let pictures = pictures.map(|origin| format!(" {origin}")).unwrap_or_default();
        let (scripts, styles) = (hashes(index, "script"), hashes(index, "style"));
        Self {
            before: format!(
                "default-src 'none'; script-src 'self'{scripts}; style-src 'self'{styles}; \
                 img-src 'self' data: blob:{pictures}; font-src 'self'; connect-src 'self'"
            ),
            after: "; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'".into(),
        }
    }

    /// The policy for a page asked for under this host. Browsers before 2022 do not count a WebSocket to the page's own
    /// host as `'self'`: it is named beside it. A host that is none is left out.
    pub(crate) fn under(&self, host: Option<&str>) -> HeaderValue {
        let sockets = host.filter(|host| is_host(host)).map(|host| format!(" ws://{host} wss://{host}"));
        let policy = format!("{}{}{}", self.before, sockets.unwrap_or_default(), self.after);
        HeaderValue::from_str(&policy).expect("a policy of printable ASCII characters")
    }
}

/// The policy of the page that shows the interface. It carries everything inside, and loads nothing.
pub(crate) fn documentation(html: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src{}; style-src{}; img-src data:; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        hashes(html, "script"),
        hashes(html, "style")
    );
    HeaderValue::from_str(&policy).expect("a policy of printable ASCII characters")
}

/// A name or an address with a port, and nothing that would say more in a policy.
fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".:-[]".contains(&b))
}

/// The hashes of everything written between `<tag>` and `</tag>`, each with a space before it.
fn hashes(html: &str, tag: &str) -> String {
    let written = inline(html, tag);
    written.iter().map(|text| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))).collect()
}

fn inline<'a>(html: &'a str, tag: &str) -> Vec<&'a str> {
    let (opens, closes) = (format!("<{tag}"), format!("</{tag}>"));
    let (mut rest, mut found) = (html, vec![]);
    while let Some((_, from)) = rest.split_once(&opens) {
        let Some((text, after)) = from.split_once('>').and_then(|(_, body)| body.split_once(&closes)) else { break };
        if !text.trim().is_empty() {
            found.push(text);
        }
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        r#"<style>a{}</style><script>x("<script>")</script><script type="module" src="/assets/a.js"></script>"#;

    fn under(host: Option<&str>) -> String {
        Policy::of(PAGE, None).under(host).to_str().unwrap().to_owned()
    }

    #[test]
    fn what_is_written_into_the_page_is_allowed_by_hash_and_nothing_else() {
        assert_eq!(inline(PAGE, "script"), [r#"x("<script>")"#]);
        assert_eq!(inline(PAGE, "style"), ["a{}"]);
        let policy = under(None);
        assert_eq!(policy.matches("'sha256-").count(), 2, "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn pictures_may_come_from_one_other_host() {
        let policy = Policy::of(PAGE, Some("https://tiles.example.com")).under(None);
        assert!(
            policy.to_str().unwrap().contains("img-src 'self' data: blob: https://tiles.example.com;"),
            "{policy:?}"
        );
    }

    #[test]
    fn a_host_is_named_for_sockets_and_nothing_else_gets_in() {
        let policy = under(Some("linli.example:8443"));
        assert!(policy.contains("connect-src 'self' ws://linli.example:8443 wss://linli.example:8443;"), "{policy}");
        for odd in ["", "a b", "a;script-src *", "a,b", "'self'"] {
            assert_eq!(under(Some(odd)), under(None), "{odd}");
        }
    }
}
