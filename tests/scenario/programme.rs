//! The programme of a community: themes, a week at a glance, filled by copying the last one.

use serde_json::{Value, json};

use super::term::offering;
use super::{id, look};
use crate::harness::people::{COMMUNITY, DISTRICT, LIN, STREET};
use crate::harness::{Client, Room, World, on_both};

async fn event(desk: &Client, offering: &str, title: &str, start: String, end: String, unit: Option<&str>) -> Value {
    let mut meeting = json!({ "start": start, "end": end });
    if let Some(unit) = unit {
        meeting["unit_id"] = json!(unit);
    }
    let plan = json!({ "offering_id": offering, "form": "event", "seats": 30, "title": { "zh": title }, "meetings": [meeting] });
    desk.post("/api/desk/sessions", plan).await.ok()
}

/// Titles of a week's items, day by day.
async fn titles(world: &World, area: &str, day: i32) -> Vec<Vec<String>> {
    let week = world.client().get(&format!("/api/programme?area={area}&week={}", world.day(day))).await.ok();
    let days = week["days"].as_array().unwrap().clone();
    assert_eq!(days.len(), 7);
    let said = |item: &Value| item["session"]["title"]["zh"].as_str().unwrap().to_owned();
    days.iter()
        .map(|day| {
            day["items"].as_array().unwrap().iter().map(said).filter(|title| title.starts_with("测试")).collect()
        })
        .collect()
}

on_both! {
    async fn a_week_is_filled_by_copying_the_last_one(world) {
        let desk = world.log_in(DISTRICT).await;
        let daily = offering(world, "culture.daily_activity").await.to_string();
        let (_, rooms) = world.room(Room { units: &["活动室甲"], ..Room::default() }, |_| {}).await;
        let room = rooms[0].to_string();
        let chess = event(&desk, &daily, "测试下棋", world.at(1, "14:00").to_string(), world.at(1, "16:00").to_string(), Some(&room)).await;
        event(&desk, &daily, "测试电影", world.at(4, "19:00").to_string(), world.at(4, "21:00").to_string(), None).await;
        let area = chess["place"]["area_code"].as_str().unwrap().to_owned();
        let this = titles(world, &area, 2).await;
        assert_eq!((this[1].clone(), this[4].clone()), (vec!["测试下棋".to_owned()], vec!["测试电影".to_owned()]));

        // Looking makes nothing.
        let copy = |from: i32, to: i32, dry: bool| json!({ "area_code": area, "from_week": world.day(from).to_string(), "to_week": world.day(to).to_string(), "session_ids": null, "dry_run": dry });
        let mine = |answer: &Value, key: &str| -> Vec<String> {
            let mut found: Vec<String> = answer[key].as_array().unwrap().iter().map(|one| one["title"]["zh"].as_str().unwrap().to_owned()).filter(|title| title.starts_with("测试")).collect();
            found.sort();
            found
        };
        let dry = desk.post("/api/desk/programme/copy", copy(0, 7, true)).await.ok();
        assert_eq!(mine(&dry, "made"), ["测试下棋", "测试电影"], "{dry}");
        assert!(dry["made"][0]["session_id"].is_null());
        assert!(titles(world, &area, 7).await.concat().is_empty());
        // Somebody takes the room first.
        event(&desk, &daily, "测试插班", world.at(8, "15:00").to_string(), world.at(8, "15:30").to_string(), Some(&room)).await;
        let done = desk.post("/api/desk/programme/copy", copy(0, 7, false)).await.ok();
        assert_eq!((mine(&done, "made"), mine(&done, "skipped")), (vec!["测试电影".to_owned()], vec!["测试下棋".to_owned()]));
        let skipped = done["skipped"].as_array().unwrap().iter().find(|one| one["title"]["zh"] == "测试下棋").unwrap();
        assert_eq!(skipped["problem"]["code"], "room_taken");
        assert!(skipped["problem"]["words"]["zh"].as_str().unwrap().contains("测试插班"), "{skipped}");
        // Twice makes nothing twice.
        let again = desk.post("/api/desk/programme/copy", copy(0, 7, false)).await.ok();
        assert!(mine(&again, "made").is_empty(), "{again}");
        let film = again["skipped"].as_array().unwrap().iter().find(|one| one["title"]["zh"] == "测试电影").unwrap();
        assert_eq!(film["problem"]["code"], "duplicate");
        assert_eq!(titles(world, &area, 7).await[4], ["测试电影"]);
        // Into a holiday (the New Year of 2027 is not announced: National Day is over), into the past, onto itself.
        desk.post("/api/desk/programme/copy", copy(0, 3, false)).await.refused(422, "date_invalid");
        let back = desk.post("/api/desk/programme/copy", copy(0, -7, true)).await.ok();
        assert!(back["made"].as_array().unwrap().is_empty());
        assert!(back["skipped"].as_array().unwrap().iter().all(|one| one["problem"]["code"] == "meeting_past" || one["problem"]["code"] == "duplicate"), "{back}");
        // What was copied can be booked like any other.
        let list = world.client().get(&format!("/api/sessions?offering={daily}&from={}&free=true&form=event", world.day(7))).await.ok();
        let film = list["items"].as_array().unwrap().iter().find(|one| one["title"]["zh"] == "测试电影").unwrap().clone();
        let lin = world.log_in(LIN).await;
        let seat = json!({ "offering_id": film["offering_id"], "session_id": film["id"], "if_full": "refuse" });
        let order = lin.post("/api/orders", seat).await.ok();
        assert_eq!(look(&lin, &order).await["state"], "confirmed");
        crate::harness::books::balance(&world.app).await;
    }

    async fn lists_are_filtered_and_paged(world) {
        let desk = world.log_in(DISTRICT).await;
        let daily = offering(world, "culture.daily_activity").await.to_string();
        let mut made = Vec::new();
        for n in 1..=5 {
            let one = event(&desk, &daily, &format!("测试第{n}场"), world.at(n, "10:00").to_string(), world.at(n, "11:00").to_string(), None).await;
            made.push(id(&one).to_owned());
        }
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = world.client().get(&format!("/api/sessions?offering={daily}&limit=2{cursor}")).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(|one| id(one).to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, made, "each once, the next first");
        let two = world.client().get(&format!("/api/sessions?offering={daily}&from={}&to={}", world.day(2), world.day(3))).await.ok();
        assert_eq!(two["items"].as_array().unwrap().len(), 2);
        let none = world.client().get(&format!("/api/sessions?offering={daily}&audience=children")).await.ok();
        assert!(none["items"].as_array().unwrap().is_empty());
        world.client().get("/api/sessions?platform=nothing").await.refused(422, "value_invalid");
        // Past ones move to the desk's other list.
        world.clock.set(world.at(3, "12:00"));
        let past = desk.get("/api/desk/sessions?scope=past&limit=100").await.ok();
        let past: Vec<&str> = past["items"].as_array().unwrap().iter().map(id).filter(|one| made.iter().any(|id| id == one)).collect();
        assert_eq!(past, [&made[2], &made[1], &made[0]]);
    }

    async fn a_month_has_a_theme_where_its_staff_say_so(world) {
        // A month of which the demo says nothing.
        let month = &world.day(120).to_string()[..7].to_owned();
        let (community, street, lin) = (world.log_in(COMMUNITY).await, world.log_in(STREET).await, world.log_in(LIN).await);
        let grants = world.staff(COMMUNITY).await.grants;
        let linli_domain::role::Scope::Area(area) = grants[0].scope.clone() else { panic!("staff of an area") };
        let theme = |area: &str, title: &str| json!({ "area_code": area, "month": month, "title": { "zh": title } });
        lin.put("/api/desk/themes", theme(area.as_str(), "敬老")).await.refused(403, "role_missing");
        community.put("/api/desk/themes", theme(area.up_to(linli_domain::area::AreaLevel::Street).unwrap().as_str(), "敬老")).await.refused(403, "role_missing");
        street.put("/api/desk/themes", theme(area.up_to(linli_domain::area::AreaLevel::Street).unwrap().as_str(), "书香")).await.ok();
        let near = world.client().get(&format!("/api/themes?area={area}&month={month}")).await.ok();
        assert_eq!(near["items"][0]["title"]["zh"], "书香");
        community.put("/api/desk/themes", theme(area.as_str(), "敬老")).await.ok();
        community.put("/api/desk/themes", theme(area.as_str(), "敬老月")).await.ok();
        let near = world.client().get(&format!("/api/themes?area={area}&month={month}")).await.ok();
        assert_eq!((&near["items"][0]["title"]["zh"], &near["items"][1]["title"]["zh"]), (&json!("敬老月"), &json!("书香")));
        let week = world.client().get(&format!("/api/programme?area={area}&week={}", world.day(120))).await.ok();
        assert_eq!(week["theme"]["title"]["zh"], "敬老月");
        world.client().get("/api/themes?month=2026-13").await.refused(422, "date_invalid");
        world.client().get("/api/programme?area=139999000000").await.refused(422, "community_unknown");
    }
}
