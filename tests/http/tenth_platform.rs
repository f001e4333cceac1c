//! A tenth platform is a file, and nothing else.

use linli_domain::platform;
use linli_domain::session::Form;
use reqwest::StatusCode;
use serde_json::json;

use super::{order, seen, step};
use crate::harness::people::{DISTRICT, HE};
use crate::harness::{Offer, Room, Seats, offer_on, on_both, room_on, session_on};

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

[session.rules]
opens_days_before = 30
opens_at = "08:00"
closes_minutes_before = 10
cancel_until = { minutes_before = 30 }
hold_minutes = 20
capacity = 20
price_fen = 0
check_in_minutes_before = 15
late_minutes = 15
close_after_days = 1
line = true
max_line = 5

[session.bounds]
opens_days_before = { min = 1, max = 60 }
closes_minutes_before = { min = 0, max = 60 }
hold_minutes = { min = 10, max = 60 }
capacity = { min = 1, max = 30 }
price_fen = { min = 0, max = 0 }

[resource.rules]
opens_days_before = 7
opens_at = "08:00"
closes_minutes_before = 10
cancel_until = { minutes_before = 30 }
slot_minutes = 30
capacity = 1
price_fen = 0
check_in_minutes_before = 15
late_minutes = 15
close_after_days = 1
gap_minutes = 15
max_minutes = 120

[resource.bounds]
opens_days_before = { min = 1, max = 60 }
closes_minutes_before = { min = 0, max = 60 }
slot_minutes = { min = 15, max = 120 }
capacity = { min = 1, max = 30 }
price_fen = { min = 0, max = 0 }
gap_minutes = { min = 0, max = 60 }
max_minutes = { min = 30, max = 240 }

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

[[kinds.courses]]
key = "reading_hours"
name = { zh = "四次读书会", en = "Four reading hours" }
about = { zh = "每周一次，共四次", en = "Once a week, four times" }
visits = 4
intervals = [{ min_days = 6, max_days = 8 }]

[[kinds]]
key = "story_evening"
name = { zh = "故事会", en = "Story evening" }
summary = { zh = "一起听故事", en = "Listen to stories together" }
shape = "session"
free = true
takes_subject_time = true

[[kinds]]
key = "study"
name = { zh = "自习室", en = "Study" }
summary = { zh = "一间安静的小屋", en = "A quiet little room" }
shape = "resource"
free = true
takes_subject_time = true

[[kinds]]
key = "bring_books"
name = { zh = "送书上门", en = "Books to the door" }
summary = { zh = "把书送到家", en = "Books brought home" }
shape = "delivery"
free = true
takes_subject_time = false

[[kinds]]
key = "confidant"
name = { zh = "悄悄话", en = "In confidence" }
summary = { zh = "只说给一个人听", en = "For one pair of ears" }
shape = "case"
confidential = true
phone = "12345"
free = true
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
        assert_eq!((items.len(), &items[9]["key"]), (10, &json!("library")));
        let kinds = items[9]["kinds"].as_array().unwrap().iter();
        let bookable: Vec<bool> = kinds.map(|kind| kind["bookable"].as_bool().unwrap()).collect();
        assert_eq!(bookable, [true, true, true, false, false], "a slot, a session, a resource; what comes and what is secret is not");
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

        // An evening of stories and the study, from the same file.
        let evening = Seats { kind: "library.story_evening", form: Form::Event, meetings: &[(3, "19:00")], ..Seats::default() };
        let (offering, session) = session_on(&process.app, evening, |_| {}).await;
        let wish = json!({ "offering_id": offering.to_string(), "session_id": session.to_string(), "if_full": "refuse" });
        assert_eq!(he.post("/api/orders", wish).await.expect(StatusCode::CREATED)["shape"], "session");
        let (offering, _) = room_on(&process.app, Room { kind: "library.study", ..Room::default() }, |_| {}).await;
        let wish = json!({
            "offering_id": offering.to_string(), "if_full": "refuse",
            "start": world.at(2, "10:00").to_string(), "end": world.at(2, "11:00").to_string(),
        });
        assert_eq!(he.post("/api/orders", wish).await.expect(StatusCode::CREATED)["unit"]["name"]["zh"], "一号室");
        process.end().await;
    }
}
