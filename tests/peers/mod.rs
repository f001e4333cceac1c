//! Against programs of other people: the calendars we write, read by a library that knows nothing of us, and reports
//! filed and followed by a client of Open311.
//!
//! It lives in a virtual environment under the target folder, made on first use.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::harness::people::{HE, LIN};
use crate::harness::{OPEN311_KEY, Seats, on_both};

/// The Python of the environment, with the pinned packages installed.
async fn python() -> &'static Path {
    static READY: OnceCell<PathBuf> = OnceCell::const_new();
    READY
        .get_or_init(|| async {
            let wanted = include_str!("requirements.txt");
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("calendar-peers");
            let (python, stamp) = (folder.join("bin/python"), folder.join("installed.txt"));
            if std::fs::read_to_string(&stamp).ok().as_deref() != Some(wanted) {
                run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder)).await;
                let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/requirements.txt");
                run(Command::new(&python)
                    .args(["-m", "pip", "install", "--quiet", "--no-deps", "-r"])
                    .arg(requirements))
                .await;
                std::fs::write(&stamp, wanted).unwrap();
            }
            python
        })
        .await
}

async fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().await.unwrap_or_else(|error| {
        panic!("{command:?} cannot be started ({error}); install Python: apt-get install -y python3 python3-venv")
    });
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// What the other library reads in a calendar; nothing may be wrong with it.
async fn read(calendar: &Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/reader.py");
    let mut child = Command::new(python().await)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(calendar.as_str().unwrap().as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["wrong"], json!([]), "{found}\n{calendar}");
    found
}

on_both! {
    #[ignore = "installs Python packages: cargo test -p linli-tests -- --ignored peers::"]
    async fn another_library_reads_what_we_write(world) {
        let (lin, he, program) = (world.log_in(LIN).await, world.log_in(HE).await, world.client());
        let made = lin.post("/api/me/calendar", json!({})).await.expect(StatusCode::CREATED);
        let feed = made["url"].as_str().unwrap().split_once("/api").unwrap().1.to_owned();
        let feed = async || read(&program.get(&format!("/api{feed}")).await.ok()).await;
        assert_eq!(feed().await["events"], json!([]), "a calendar without entries is one");

        let order = |offering: String, day: i32, time: &str| {
            json!({ "offering_id": offering, "start": world.at(day, time).to_string(), "if_full": "wait" })
        };
        let zhao = world.offering("shuiyuesi_tcm_zhao").await.to_string();
        he.post("/api/orders", order(zhao.clone(), 1, "09:00")).await.ok();
        lin.post("/api/orders", order(zhao, 1, "09:00")).await.ok();
        let chen = world.offering("shuiyuesi_gp_chen").await.to_string();
        let visit = lin.post("/api/orders", order(chen, 2, "09:30")).await.ok();
        let (offering, session) = world.session(Seats::default(), |_| {}).await;
        let seat = json!({ "offering_id": offering.to_string(), "session_id": session.to_string(), "if_full": "refuse" });
        lin.post("/api/orders", seat).await.ok();

        let found = feed().await;
        let events = found["events"].as_array().unwrap();
        let states: Vec<&str> = events.iter().map(|event| event["status"].as_str().unwrap()).collect();
        assert_eq!(states, ["TENTATIVE", "CONFIRMED", "CONFIRMED", "CONFIRMED", "CONFIRMED"], "{found}");
        let mine = &events[1];
        assert_eq!((&mine["start"], &mine["end"]), (&visit["start"], &visit["end"]), "the same instants");
        assert_eq!(mine["summary"], visit["kind_name"]["zh"]);
        let place = &visit["place"];
        let said = format!("{}, {}", place["name"]["zh"].as_str().unwrap(), place["address"]["zh"].as_str().unwrap());
        assert_eq!(mine["location"], said);
        let near = |number: &Value, axis: &str| (number.as_f64().unwrap() - place[axis].as_f64().unwrap()).abs() < 1e-6;
        assert!(near(&mine["geo"][0], "latitude") && near(&mine["geo"][1], "longitude"), "{mine}");

        let path = format!("/api/orders/{}/calendar", visit["id"].as_str().unwrap());
        let file = read(&lin.get(&path).await.ok()).await;
        let code = visit["check_in_code"].as_str().unwrap();
        assert!(file["events"][0]["description"].as_str().unwrap().lines().any(|line| line.ends_with(code)), "{file}");
        let programme = read(&program.get("/api/areas/130903000000/programme.ics").await.ok()).await;
        assert!(programme["events"].as_array().unwrap().len() > 10, "the demo has a programme");
    }

    #[ignore = "installs Python packages: cargo test -p linli-tests -- --ignored peers::"]
    async fn another_client_files_a_report_and_reads_the_same_in_xml_and_json(world) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/georeport_client.py");
        let root = format!("{}/open311/v2", world.base);
        let output = Command::new(python().await).arg(script).args([&root, OPEN311_KEY]).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(found["xml"], found["json"], "the same in both forms");
        let one = &found["json"]["one"];
        assert_eq!((&one["service_request_id"], &one["service_code"]), (&found["id"], &json!("property.lighting")));
        assert_eq!((&one["description"], &one["status"]), (&json!("路灯不亮 <3> & \"闪\""), &json!("open")));
        assert_eq!(found["json"]["listed"], json!([one]));
        assert!(found["json"]["services"].as_object().unwrap().contains_key("security.hazard"));
    }
}
