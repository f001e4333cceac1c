//! The web page, out of a folder.

use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use poem::endpoint::StaticFilesEndpoint;
use poem::http::{HeaderValue, header};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Result};
use sha2::{Digest, Sha256};

/// Names of files under this path carry a hash of their contents, so that they never change.
const HASHED: &str = "/assets/";
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Serves the folder: `index.html` at `/`, hashed files for ever, everything else asked for again.
pub(crate) fn pages(folder: &Path) -> impl Endpoint<Output = Response> + 'static {
    let index = std::fs::read_to_string(folder.join("index.html")).unwrap_or_default();
    let policy = HeaderValue::from_str(&policy(&index)).expect("a policy of ASCII characters");
    StaticFilesEndpoint::new(folder).index_file("index.html").around(move |files, request| {
        let policy = policy.clone();
        page(files, request, policy)
    })
}

async fn page<E: Endpoint>(files: Arc<E>, request: Request, policy: HeaderValue) -> Result<Response> {
    let hashed = request.uri().path().starts_with(HASHED);
    let mut response = files.call(request).await?.into_response();
    let caching = if hashed && response.is_success() { FOREVER } else { ASK_AGAIN };
    response.headers_mut().insert(header::CACHE_CONTROL, caching);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// What the page may load: its own files and nothing foreign. Scripts written into `index.html` itself are allowed by
/// their hash. Styles may be set by script, as component libraries do.
fn policy(index: &str) -> String {
    let mut scripts = String::from("'self'");
    for script in inline_scripts(index) {
        scripts.push_str(&format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes()))));
    }
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         font-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

/// The texts between `<script>` and `</script>`.
fn inline_scripts(html: &str) -> Vec<&str> {
    html.split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (_, body) = rest.split_once('>')?;
            let (script, _) = body.split_once("</script>")?;
            (!script.trim().is_empty()).then_some(script)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_the_page_are_allowed_by_hash_and_no_others() {
        let html = r#"<head><script>alert(1)</script><script type="module" src="/assets/a.js"></script></head>"#;
        assert_eq!(inline_scripts(html), ["alert(1)"]);
        let policy = policy(html);
        assert!(policy.contains("'sha256-") && !policy.contains("script-src 'self' 'unsafe-inline'"), "{policy}");
    }
}
