//! Files in a folder, in memory, and in a bucket that checks signatures.

use linli_edge::{FileStore, Files, FilesConfig, FilesDown, S3Config};

use crate::logs::Logs;
use crate::s3_server::{Bucket, KEY_ID, KEY_SECRET, REGION};

const KEY: &str = "00V9P3M2G4001";

/// The client signs by the system's clock, as the real service wants it.
#[expect(clippy::disallowed_methods, reason = "the library signs by the machine's clock")]
fn seconds() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

fn settings(url: &str, more: &str) -> S3Config {
    toml::from_str(&format!(
        "endpoint = \"{url}\"\nregion = \"{REGION}\"\nbucket = \"linli-files\"\naccess_key_id = \"{KEY_ID}\"\n{more}"
    ))
    .unwrap()
}

fn good(url: &str) -> S3Config {
    settings(url, &format!("secret_access_key = \"{KEY_SECRET}\"\nprefix = \"demo/\""))
}

async fn keeps_and_forgets(files: &dyn FileStore) {
    assert_eq!(files.get(KEY).await, Ok(None));
    files.delete(KEY).await.unwrap();
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    files.put(KEY, bytes.clone()).await.unwrap();
    assert_eq!(files.get(KEY).await, Ok(Some(bytes)));
    files.put(KEY, vec![7]).await.unwrap();
    assert_eq!(files.get(KEY).await, Ok(Some(vec![7])), "written again, it is replaced");
    files.delete(KEY).await.unwrap();
    assert_eq!(files.get(KEY).await, Ok(None));
}

#[tokio::test]
async fn a_folder_keeps_and_forgets() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("made/on first use");
    let config = FilesConfig { folder: inside.clone(), s3: None };
    keeps_and_forgets(&Files::new(&config).unwrap()).await;
    Files::new(&config).unwrap().put(KEY, vec![1, 2]).await.unwrap();
    assert_eq!(std::fs::read(inside.join(KEY)).unwrap(), [1, 2], "a second start finds what the first kept");
    let file = FilesConfig { folder: inside.join(KEY), s3: None };
    assert!(Files::new(&file).unwrap_err().to_string().contains("files.folder"));
}

#[tokio::test]
async fn memory_keeps_and_forgets() {
    keeps_and_forgets(&Files::in_memory()).await;
}

#[tokio::test]
async fn a_bucket_keeps_and_forgets_what_is_signed_well() {
    let bucket = Bucket::start(Box::new(seconds)).await;
    let files = Files::in_bucket(&good(&bucket.server.url)).unwrap();
    keeps_and_forgets(&files).await;
    files.put(KEY, b"kept".to_vec()).await.unwrap();
    let kept: Vec<String> = bucket.objects().into_keys().collect();
    assert_eq!(kept, [format!("/linli-files/demo/{KEY}")], "the bucket and our beginning stand in the path");
    assert_eq!(bucket.refused(), Vec::<&str>::new());
}

#[tokio::test]
async fn whoever_has_another_secret_or_another_clock_is_refused() {
    let logs = Logs::collect();
    let bucket = Bucket::start(Box::new(seconds)).await;
    let wrong = settings(&bucket.server.url, "secret_access_key = \"of-somebody-else-hunter2\"");
    assert_eq!(Files::in_bucket(&wrong).unwrap().put(KEY, vec![1]).await, Err(FilesDown));
    let late = Bucket::start(Box::new(|| seconds() + 3_600)).await;
    assert_eq!(Files::in_bucket(&good(&late.server.url)).unwrap().get(KEY).await, Err(FilesDown));
    assert_eq!(bucket.refused(), ["SignatureDoesNotMatch"]);
    assert_eq!(late.refused(), ["RequestTimeTooSkewed"]);
    assert!(bucket.objects().is_empty());
    let log = logs.text();
    assert_eq!(logs.count("files cannot be kept or read"), 2, "{log}");
    assert!(!log.contains("hunter2") && !log.contains(KEY_SECRET) && !log.contains(KEY_ID), "secrets stay out of logs");
}

#[tokio::test]
async fn a_busy_service_is_asked_again_and_one_that_is_down_is_not_waited_for() {
    let bucket = Bucket::start(Box::new(seconds)).await;
    let files = Files::in_bucket(&good(&bucket.server.url)).unwrap();
    bucket.fail(503, 1);
    files.put(KEY, vec![1]).await.unwrap();
    bucket.fail(503, 20);
    assert_eq!(files.put(KEY, vec![2]).await, Err(FilesDown));
    let gone = bucket.server.url.clone();
    drop(bucket);
    let quick = S3Config { timeout_ms: 300, ..good(&gone) };
    assert_eq!(Files::in_bucket(&quick).unwrap().get(KEY).await, Err(FilesDown));
}

#[test]
fn settings_that_cannot_work_are_named() {
    let wrong = |change: fn(&mut S3Config)| {
        let mut config = good("http://127.0.0.1:9");
        change(&mut config);
        Files::in_bucket(&config).unwrap_err().key
    };
    assert_eq!(wrong(|config| config.endpoint = "http://files.example".into()), "files.s3.endpoint");
    assert_eq!(wrong(|config| config.bucket = " ".into()), "files.s3.bucket");
    assert_eq!(wrong(|config| config.region = String::new()), "files.s3.region");
    assert_eq!(wrong(|config| config.access_key_id = "".into()), "files.s3.access_key_id");
    assert_eq!(wrong(|config| config.secret_access_key = "".into()), "files.s3.secret_access_key");
    assert_eq!(wrong(|config| config.timeout_ms = 5), "files.s3.timeout_ms");
    let shown = format!("{:?}", good("http://127.0.0.1:9"));
    assert!(!shown.contains(KEY_SECRET) && !shown.contains(KEY_ID), "{shown}");
}
