//! The files of the web page, kept in memory: there are few, they are small, and they belong together.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use poem::error::{MethodNotAllowedError, NotFoundError};
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::web::headers::{ETag, HeaderMapExt, IfNoneMatch};
use poem::{Endpoint, Request, Response, Result};
use sha2::{Digest, Sha256};
use tokio_util::bytes::Bytes;

use super::Policy;
use crate::observe::takes;

/// Names of files under this path carry a hash of their contents, so that they never change.
const HASHED: &str = "/assets/";
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// The codings that stand beside a file, best first: as `Content-Encoding` names them, and as the build ends the name.
const CODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// The built web page. Read whole at the start: a page that is built anew meanwhile is served after the next start, and
/// never half of it.
#[derive(Debug, Clone)]
pub struct Pages {
    files: Arc<HashMap<String, File>>,
    policy: Policy,
}

#[derive(Debug)]
struct File {
    kind: HeaderValue,
    caching: HeaderValue,
    plain: Form,
    /// By coding, best first; none for what is no smaller.
    coded: Vec<(&'static str, Form)>,
}

/// One way a file goes over the wire.
#[derive(Debug)]
struct Form {
    bytes: Bytes,
    tag: ETag,
}

impl Pages {
    /// Reads the folder of the built page: every file, and beside it what the build has compressed (`.br`, `.gz`). The page
    /// may show pictures from one other host, `pictures`, such as the tiles of a map: `https://tiles.example.com`.
    ///
    /// # Errors
    /// When a file cannot be read, or there is no `index.html`.
    pub fn read(folder: &Path, pictures: Option<&str>) -> io::Result<Self> {
        let mut found = HashMap::new();
        gather(folder, "/", &mut found)?;
        let index = found.get("/index.html").ok_or(io::ErrorKind::NotFound)?;
        let policy = Policy::of(&String::from_utf8_lossy(index), pictures);
        let names: Vec<String> = found.keys().filter(|name| !is_coded(name)).cloned().collect();
        let mut files = HashMap::new();
        for name in names {
            let file = File::of(&name, &mut found);
            files.insert(if name == "/index.html" { "/".to_owned() } else { name }, file);
        }
        Ok(Self { files: Arc::new(files), policy })
    }

    fn answer(&self, request: &Request) -> Result<Response> {
        let path = request.uri().path();
        let file = self.files.get(if path == "/index.html" { "/" } else { path }).ok_or(NotFoundError)?;
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(MethodNotAllowedError.into());
        }
        let taken = request.header(header::ACCEPT_ENCODING).unwrap_or_default();
        let coded = file.coded.iter().find(|(coding, _)| takes(taken, coding));
        let form = coded.map_or(&file.plain, |(_, form)| form);

        let mut response = Response::default();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, file.caching.clone());
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.under(request.header(header::HOST)));
        headers.typed_insert(form.tag.clone());
        if !file.coded.is_empty() {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        let known = request.headers().typed_get::<IfNoneMatch>();
        if known.is_some_and(|known| !known.precondition_passes(&form.tag)) {
            response.set_status(StatusCode::NOT_MODIFIED);
            return Ok(response);
        }
        headers.insert(header::CONTENT_TYPE, file.kind.clone());
        headers.insert(header::CONTENT_LENGTH, form.bytes.len().into());
        if let Some((coding, _)) = coded {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        if request.method() == Method::GET {
            response.set_body(form.bytes.clone());
        }
        Ok(response)
    }
}

impl Endpoint for Pages {
    type Output = Response;

    /// A file that is not there is 404, never the first page. Parts of files are not given (RFC 9110, section 14.2): they
    /// are small.
    async fn call(&self, request: Request) -> Result<Response> {
        self.answer(&request)
    }
}

impl File {
    /// Takes a file and its compressed forms out of what was found.
    fn of(name: &str, found: &mut HashMap<String, Vec<u8>>) -> Self {
        let plain = found.remove(name).unwrap_or_default();
        let hash = hex(&Sha256::digest(&plain)[..16]);
        let form = |bytes: Vec<u8>, mark: &str| Form {
            bytes: bytes.into(),
            tag: format!("\"{hash}{mark}\"").parse().expect("a quoted tag"),
        };
        let coded = CODINGS.into_iter().filter_map(|(coding, ending)| {
            let bytes = found.remove(&format!("{name}.{ending}"))?;
            (bytes.len() < plain.len()).then(|| (coding, form(bytes, &format!("-{ending}"))))
        });
        let coded = coded.collect();
        let caching = if name.starts_with(HASHED) { FOREVER } else { ASK_AGAIN };
        Self { kind: kind(name), caching, plain: form(plain, ""), coded }
    }
}

/// Reads all files below a folder, by their paths on the page.
fn gather(folder: &Path, path: &str, found: &mut HashMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let below = format!("{path}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{below}/"), found)?;
        } else {
            found.insert(below, fs::read(entry.path())?);
        }
    }
    Ok(())
}

fn is_coded(name: &str) -> bool {
    CODINGS.iter().any(|(_, ending)| name.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.')))
}

/// What a file is, by the end of its name: of all kinds a built page consists of.
fn kind(name: &str) -> HeaderValue {
    HeaderValue::from_static(match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "ttf" => "font/ttf",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
