//! A tenth platform is a file, and nothing else.

use linli_domain::platform;
use reqwest::StatusCode;
use serde_json::json;

use super::{order, seen, step};
use crate::harness::people::{DISTRICT, HE};
use crate::harness::{Offer, offer_on, on_both};

const TENTH: &str = r#"
key = "library"
order = 10
name = { zh = "图书", en = "Books" }
summary = { zh = "到社区书屋借书、还书、读书", en = "Borrow, return and read books at the community's reading room" }
icon = "book"

[slot.rules]
opens_days_before = 3
opens_at = "08:00"
closes_minutes_before = 10
cancel_until = { minutes_before = 30 }
hold_minutes = 20
slot_minutes = 60
capacity = 3
price_fen = 0
check_in_minutes_before = 15
late_minutes = 15
close_after_days = 1
line = true
max_line = 5

[slot.bounds]
opens_days_before = { min = 1, max = 7 }
closes_minutes_before = { min = 0, max = 60 }
hold_minutes = { min = 10, max = 60 }
slot_minutes = { min = 30, max = 120 }
capacity = { min = 1, max = 30 }
price_fen = { min = 0, max = 0 }

[slot.limits]
open = 2

[[kinds]]
key = "reading_seat"
name = { zh = "阅览座位", en = "A seat to read" }
summary = { zh = "书屋里一个安静的座位，一小时", en = "A quiet seat in the reading room for an hour" }
shape = "slot"
free = true
takes_subject_time = true

[[kinds.form]]
key = "title"
label = { zh = "想看的书", en = "The book you want" }
example = { zh = "例如：骆驼祥子", en = "For example: Rickshaw Boy" }
max_length = 60
"#;

on_both! {
    async fn a_tenth_platform_works_from_its_file_alone(world) {
        let mut files = linli::platforms::built_in();
        files.push(("library.toml".into(), TENTH.into()));
        let platforms = platform::load(&files).unwrap_or_else(|wrong| panic!("{}", wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")));
        let mut process = world.another_with(&world.options(), |parts| parts.platforms = platforms).await;
        let offer = Offer { kind: "library.reading_seat", minutes: 60, capacity: 3, ..Offer::default() };
        let offering = offer_on(&process.app, offer, |_| {}).await;
        let client = process.serve(linli_api::Options::default()).await;

        let shown = client.get("/api/platforms").await.ok();
        let items = shown["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[9]["key"], &items[9]["kinds"][0]["bookable"]), (10, &json!("library"), &json!(true)));
        let found = client.get("/api/offerings?platform=library").await.ok();
        assert_eq!(found["items"][0]["id"], offering.to_string());
        let slots = client.get(&format!("/api/offerings/{offering}/slots?day={}", world.day(1))).await.ok();
        assert_eq!(slots["items"].as_array().unwrap().len(), 3);

        let he = client.clone().with_token(world.token_of(&world.staff(HE).await).await);
        let mut wish = order(offering, world.at(1, "09:00"));
        wish["form"] = json!({ "title": "骆驼祥子" });
        let mine = he.post("/api/orders", wish).await.expect(StatusCode::CREATED);
        assert_eq!((&mine["state"], &mine["kind_name"]["zh"]), (&json!("confirmed"), &json!("阅览座位")));
        assert_eq!(mine["form"], json!([{ "label": { "zh": "想看的书", "en": "The book you want" }, "value": "骆驼祥子" }]));
        let moved = json!({ "version": 1, "start": world.at(1, "11:00").to_string() });
        let mine = he.post(&step(&mine, "move"), moved).await.ok();
        linli_worker::run_due(&process.app).await.unwrap();
        let notices = he.get("/api/notices").await.ok();
        assert!(notices["items"][0]["title"]["en"].as_str().unwrap().contains("A seat to read"), "{notices}");

        world.clock.set(world.at(1, "10:50"));
        let desk = client.clone().with_token(world.token_of(&world.staff(DISTRICT).await).await);
        let path = format!("/api/desk/orders/{}", mine["id"].as_str().unwrap());
        let there = desk.post(&format!("{path}/check-in"), seen(&mine)).await.ok();
        desk.post(&format!("{path}/done"), seen(&there)).await.ok();
        assert_eq!(he.get(&format!("/api/orders/{}", mine["id"].as_str().unwrap())).await.ok()["state"], "fulfilled");
        process.end().await;
    }
}
