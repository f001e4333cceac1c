//! Against programs of other people: the provider's own library signs for our verifier, wechatpy seals and opens, and moto
//! keeps files.
//!
//! They live in a virtual environment under the target folder, made on first use.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use linli_domain::context::{Clock, Random, SeededRandom};
use linli_domain::time::Instant;
use linli_edge::{AliyunSms, FileStore, Files, FilesDown, PushConfig, PushCrypto, SmsMessage, SmsSender, SmsTemplate};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::acs3_server::{KEY_ID, KEY_SECRET, Provider};

/// The other program reads the system's clock, so this test has to.
#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the peer is a program of its own, on the system's clock")]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Instant(i64::try_from(since.as_micros()).unwrap())
    }
}

async fn provider() -> Provider {
    Provider::start(Box::new(|| SystemClock.now().0 / 1_000_000)).await
}

/// The Python of the environment, with the pinned packages installed.
async fn python() -> &'static Path {
    static READY: OnceCell<PathBuf> = OnceCell::const_new();
    READY.get_or_init(|| environment("edge-peers", "requirements.txt", include_str!("../peers/requirements.txt"))).await
}

/// That of the environment with moto, whose packages want other versions.
async fn python_with_moto() -> &'static Path {
    static READY: OnceCell<PathBuf> = OnceCell::const_new();
    READY
        .get_or_init(|| environment("s3-peer", "s3_requirements.txt", include_str!("../peers/s3_requirements.txt")))
        .await
}

async fn environment(name: &str, file: &str, wanted: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let (python, stamp) = (folder.join("bin/python"), folder.join("installed.txt"));
    if std::fs::read_to_string(&stamp).ok().as_deref() != Some(wanted) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder)).await;
        let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(file);
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--no-deps", "-r"]).arg(requirements)).await;
        std::fs::write(&stamp, wanted).unwrap();
    }
    python
}

async fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().await.unwrap_or_else(|error| {
        panic!("{command:?} cannot be started ({error}); install Python: apt-get install -y python3 python3-venv")
    });
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

async fn peer(work: &str, ask: Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/peer.py");
    let mut child = Command::new(python().await)
        .arg(script)
        .arg(work)
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(ask.to_string().as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
#[ignore = "installs Python packages: cargo test -p linli-edge -- --ignored"]
async fn the_providers_library_and_ours_say_the_same_to_the_same_verifier() {
    let provider = provider().await;
    let endpoint = provider.server.url.strip_prefix("http://").unwrap();
    let ask = |secret: &str| {
        json!({
            "key_id": KEY_ID, "key_secret": secret, "endpoint": endpoint, "phone": "19900000001",
            "sign_name": "邻里 & Co", "template": "SMS_100", "params": { "code": "246 810*~+'" }, "out_id": "order 7/甲",
        })
    };
    assert_eq!(peer("sms", ask(KEY_SECRET)).await, json!({ "code": "OK", "biz_id": "B-1" }));
    let refused = peer("sms", ask("another secret")).await;
    assert!(refused["code"].as_str().unwrap().contains("SignatureDoesNotMatch"), "{refused}");

    let config = toml::from_str(&format!(
        r#"
        endpoint = "{}"
        access_key_id = "{KEY_ID}"
        access_key_secret = "{KEY_SECRET}"
        sign_name = "邻里 & Co"
        login_template = "SMS_100"
        "#,
        provider.server.url
    ))
    .unwrap();
    let client = AliyunSms::new(config, Arc::new(SystemClock), Arc::new(SeededRandom::new(1))).unwrap();
    let message = SmsMessage {
        phone: "19900000001".parse().unwrap(),
        template: SmsTemplate::LoginCode,
        params: [("code".to_owned(), "246 810*~+'".to_owned())].into(),
        out_id: "order 7/甲".to_owned(),
    };
    client.send(&message).await.unwrap();
    let [theirs, ours] = provider.taken().try_into().ok().unwrap();
    let without_blanks = |mut params: std::collections::BTreeMap<String, String>| {
        let written: Value = serde_json::from_str(&params["TemplateParam"]).unwrap();
        params.insert("TemplateParam".to_owned(), written.to_string());
        params
    };
    assert_eq!(without_blanks(ours.params), without_blanks(theirs.params));
}

#[tokio::test]
#[ignore = "installs Python packages: cargo test -p linli-edge -- --ignored"]
async fn wechatpy_and_ours_open_what_the_other_sealed() {
    let (token, key, app_id) = ("invented", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx00000000invented");
    let ours = PushCrypto::new(&PushConfig { token: token.into(), encoding_aes_key: key.into() }, app_id).unwrap();
    let random = SeededRandom::new(1);
    let settings = |more: Value| {
        let mut ask = json!({ "token": token, "key": key, "app_id": app_id, "timestamp": "1795000000", "nonce": "77" });
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ask
    };
    // One length for each way the filling can fall: nearly a block, a whole block, nearly nothing.
    for length in [1, 25, 26, 27, 57] {
        let mut letters = vec![0; length];
        random.fill(&mut letters);
        let message = format!("{{\"邻\":\"{}\"}}", hex::encode(letters));

        let theirs = peer("push-seal", settings(json!({ "message": message }))).await;
        let part = |name: &str| theirs[name].as_str().unwrap();
        assert_eq!(ours.open(part("signature"), "1795000000", "77", part("encrypt")).as_ref(), Ok(&message));

        let sealed = ours.seal(&message, "1795000000", "77", &random);
        let ask = settings(json!({ "encrypt": sealed.encrypt, "signature": sealed.msg_signature }));
        assert_eq!(peer("push-open", ask).await, json!({ "message": message }));
    }
}

#[tokio::test]
#[ignore = "installs Python packages: cargo test -p linli-edge -- --ignored"]
async fn moto_keeps_files_that_are_signed_well() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/s3_peer.py");
    let mut child = Command::new(python_with_moto().await)
        .arg(script)
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let peer: Value = serde_json::from_str(&line).expect("moto says where it listens");
    let files = |secret: &str| {
        let text = format!(
            "endpoint = {}\nbucket = \"linli-files\"\nprefix = \"demo/\"\naccess_key_id = {}\nsecret_access_key = {}",
            peer["url"],
            peer["key_id"],
            json!(secret)
        );
        Files::in_bucket(&toml::from_str(&text).unwrap()).unwrap()
    };
    let (key, bytes) = ("00V9P3M2G4001", vec![7; 70_000]);
    let ours = files(peer["secret"].as_str().unwrap());
    assert_eq!(ours.get(key).await, Ok(None));
    ours.put(key, bytes.clone()).await.unwrap();
    assert_eq!(ours.get(key).await, Ok(Some(bytes)));
    assert_eq!(files("another secret").get(key).await, Err(FilesDown));
    ours.delete(key).await.unwrap();
    ours.delete(key).await.unwrap();
    assert_eq!(ours.get(key).await, Ok(None));
    drop(child.stdin.take());
    child.wait().await.unwrap();
}
