//! Pictures to send, and workers who are verified.

use std::io::Cursor;

use linli_domain::role::Actor;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::client::{Answer, Client};
use super::people::COMMUNITY;
use super::world::World;

/// A small picture, as PNG.
pub(crate) fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let red = image::RgbImage::from_pixel(64, 40, image::Rgb([200, 30, 30]));
    red.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

impl Client {
    /// Sends bytes as a picture.
    pub(crate) async fn send_picture(&self, kind: &str, bytes: Vec<u8>) -> Answer {
        self.send(self.request(Method::POST, "/api/files").header("Content-Type", kind).body(bytes)).await
    }

    /// Sends a picture and answers its id.
    pub(crate) async fn picture(&self) -> String {
        let kept = self.send_picture("image/png", picture()).await.expect(StatusCode::CREATED);
        kept["id"].as_str().unwrap().to_owned()
    }

    /// Hands in a paper with a picture of it.
    pub(crate) async fn paper(&self, document: &str, valid_until: Option<String>) -> Value {
        let mut body = json!({ "document": document, "file_id": self.picture().await });
        if let Some(day) = valid_until {
            body["valid_until"] = day.into();
        }
        self.post("/api/work/file/documents", body).await.expect(StatusCode::CREATED)
    }
}

/// Everything of a file but its services and papers: near the demo's Dahua, every day from 8 to 18.
pub(crate) fn file(services: Value) -> Value {
    let day = json!([{ "from": "08:00", "to": "18:00" }]);
    let hours: serde_json::Map<String, Value> = (1..=7).map(|weekday| (weekday.to_string(), day.clone())).collect();
    json!({
        "name": "演示师傅", "gender": "male", "languages": ["mandarin"], "about": "认真", "travel": "ebike",
        "home": { "text": "大化小区", "point": { "lat": 38.3242, "lon": 116.8489 } },
        "hours": hours, "max_open": 2, "services": services,
    })
}

impl World {
    /// Somebody new who may take jobs of these kinds, whose papers hold for so many days.
    pub(crate) async fn worker(&self, kinds: &[&str], papers: &[(&str, i32)]) -> (Actor, Client, Value) {
        let actor = self.resident().await;
        let client = self.client_of(&actor).await;
        let services: Vec<Value> = kinds.iter().map(|kind| json!({ "kind": kind })).collect();
        client.put("/api/work/file", file(services.into())).await.ok();
        for (document, days) in papers {
            client.paper(document, Some(self.day(*days).to_string())).await;
        }
        let file = client.post("/api/work/file/submit", json!({})).await.ok();
        let desk = self.client_of(&self.staff(COMMUNITY).await).await;
        let path = format!("/api/desk/workers/{}/decide", file["id"].as_str().unwrap());
        let verified = desk.post(&path, decision(&file)).await.ok();
        (actor, client, verified)
    }
}

/// A yes to everything in a file.
pub(crate) fn decision(file: &Value) -> Value {
    let list = |name: &str| file[name].as_array().cloned().unwrap_or_default();
    let services = list("services").into_iter().map(|one| json!({ "kind": one["kind"], "verify": true }));
    let waiting = list("documents").into_iter().filter(|one| one["state"] == "asked");
    let papers = waiting.map(|one| json!({ "id": one["id"], "verify": true }));
    json!({
        "version": file["version"], "verify": true,
        "services": services.collect::<Vec<_>>(), "documents": papers.collect::<Vec<_>>(),
    })
}
