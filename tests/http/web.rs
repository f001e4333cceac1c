//! The web page: what it may load, how long it is kept, and how it comes over the wire.

use std::fs;

use linli_api::{Options, Pages};
use reqwest::{Method, StatusCode};

use crate::harness::{Answer, Client, Process, World, on_both};

const INDEX: &str = "<!doctype html><script>begin()</script><script type=\"module\" src=\"./assets/a-1.js\"></script>";
const SCRIPT: &str = "/assets/a-1.js";
/// What stands beside the script: any bytes, so that it shows which of them was sent.
const FORMS: [(&str, &str); 2] = [("br", "as brotli"), ("gz", "as gzip")];

/// A built page with one script, served by a process of its own.
async fn serve(world: &World) -> (Process, Client) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("assets")).unwrap();
    fs::write(folder.path().join("index.html"), INDEX).unwrap();
    let script = folder.path().join("assets/a-1.js");
    fs::write(&script, plain()).unwrap();
    for (ending, text) in FORMS {
        fs::write(script.with_extension(format!("js.{ending}")), text).unwrap();
    }
    let pages = Pages::read(folder.path(), None).unwrap();
    let mut process = world.another().await;
    let client = process.serve(Options { web: Some(pages), ..Options::default() }).await;
    (process, client)
}

fn plain() -> String {
    "export const road = 'long';\n".repeat(9)
}

async fn ask(client: &Client, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = client.request(method, path);
    client.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

async fn get(client: &Client, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask(client, Method::GET, path, headers).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

on_both! {
    async fn the_page_loads_nothing_foreign_and_allows_nothing_written_into_it(world) {
        let (process, client) = serve(world).await;
        let page = get(&client, "/", &[]).await;
        let policy = header(&page, "content-security-policy").to_owned();
        let host = client.base().trim_start_matches("http://").to_owned();
        assert!(policy.contains("script-src 'self' 'sha256-") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.contains(&format!("connect-src 'self' ws://{host} wss://{host};")), "{policy}");
        for none in ["default-src", "object-src", "base-uri", "form-action", "frame-ancestors"] {
            assert!(policy.contains(&format!("{none} 'none'")), "{none}: {policy}");
        }
        assert_eq!(header(&get(&client, "/index.html", &[]).await, "content-security-policy"), policy);
        // Answers are no pages; the description of the interface is one of its own.
        let answer = get(&client, "/api/service", &[]).await;
        assert_eq!(header(&answer, "content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        let docs = get(&client, "/docs", &[]).await;
        let narrow = header(&docs, "content-security-policy");
        assert!(narrow.contains("script-src 'sha256-") && !narrow.contains("unsafe"), "{narrow}");
        process.end().await;
    }

    async fn hashed_files_are_kept_for_ever_and_the_page_is_asked_for_again(world) {
        let (process, client) = serve(world).await;
        let script = get(&client, SCRIPT, &[]).await;
        assert_eq!(header(&script, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(header(&script, "content-type"), "text/javascript; charset=utf-8");
        assert_eq!(header(&get(&client, "/api/service", &[]).await, "cache-control"), "no-store");

        let page = get(&client, "/", &[]).await;
        assert_eq!(header(&page, "cache-control"), "no-cache");
        let tag = header(&page, "etag").to_owned();
        let again = get(&client, "/", &[("if-none-match", &tag)]).await;
        assert_eq!((again.status, header(&again, "etag")), (StatusCode::NOT_MODIFIED, tag.as_str()));
        assert!(again.body.is_null() && !again.headers.contains_key("content-type"), "{}", again.body);
        assert_eq!(get(&client, "/", &[("if-none-match", "\"another\"")]).await.status, StatusCode::OK);
        process.end().await;
    }

    async fn files_come_in_the_best_form_that_is_taken(world) {
        let (process, client) = serve(world).await;
        let plain = plain();
        let cases = [
            ("gzip, deflate, br", "br", "as brotli"),
            ("gzip;q=1.0, br;q=0", "gzip", "as gzip"),
            ("identity", "", plain.as_str()),
        ];
        let mut tags = vec![];
        for (taken, coding, text) in cases {
            let script = get(&client, SCRIPT, &[("accept-encoding", taken)]).await;
            assert_eq!((header(&script, "content-encoding"), script.body.as_str()), (coding, Some(text)), "{taken}");
            assert_eq!(header(&script, "vary"), "accept-encoding", "{taken}");
            let tag = header(&script, "etag").to_owned();
            let again = get(&client, SCRIPT, &[("accept-encoding", taken), ("if-none-match", &tag)]).await;
            assert_eq!((again.status, header(&again, "vary")), (StatusCode::NOT_MODIFIED, "accept-encoding"), "{taken}");
            tags.push(tag);
        }
        tags.dedup();
        assert_eq!(tags.len(), cases.len(), "each form has a tag of its own: {tags:?}");
        process.end().await;
    }

    async fn a_part_is_the_whole_and_a_head_has_no_body(world) {
        let (process, client) = serve(world).await;
        let part = get(&client, SCRIPT, &[("range", "bytes=0-3")]).await;
        assert_eq!((part.status, part.body.as_str()), (StatusCode::OK, Some(plain().as_str())));
        let head = ask(&client, Method::HEAD, SCRIPT, &[("accept-encoding", "br")]).await;
        assert_eq!((head.status, header(&head, "content-encoding")), (StatusCode::OK, "br"));
        assert_eq!((header(&head, "content-length"), head.body.is_null()), ("9", true));
        process.end().await;
    }

    async fn what_is_not_there_is_not_the_first_page(world) {
        let (process, client) = serve(world).await;
        for path in ["/assets/b-2.js", "/assets/", "/orders", "/assets/a-1.js.br", "/../linli.toml", "/%2e%2e/linli.toml"] {
            get(&client, path, &[]).await.refused(404, "not_found");
        }
        ask(&client, Method::POST, SCRIPT, &[]).await.refused(405, "method_not_allowed");
        process.end().await;
    }
}
