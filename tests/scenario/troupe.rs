//! A troupe: joined and left at any time, with a calendar of its own.

use linli_domain::time::Span;
use serde_json::{Value, json};

use super::term::offering;
use super::{id, inbox, look, step};
use crate::harness::books::balance;
use crate::harness::people::{DISTRICT, LIN};
use crate::harness::{Room, on_both};

on_both! {
    async fn a_troupe_meets_on_without_an_end(world) {
        let desk = world.log_in(DISTRICT).await;
        let lin = world.log_in(LIN).await;
        let (_, rooms) = world.room(Room { units: &["舞蹈室"], ..Room::default() }, |rules| rules.gap_minutes = 30).await;
        let troupe = desk.post("/api/desk/sessions", json!({
            "offering_id": offering(world, "culture.dance_troupe").await.to_string(), "form": "group", "seats": 20,
            "title": { "zh": "夕阳红舞蹈队", "en": "Sunset dancers" },
            "meetings": [{ "start": world.at(2, "19:00").to_string(), "end": world.at(2, "20:30").to_string(), "unit_id": rooms[0].to_string(), "topic": { "zh": "排练" } }],
        })).await.ok();
        assert_eq!((&troupe["meetings_list"][0]["place"]["zh"], &troupe["closes_at"]), (&json!("舞蹈室"), &Value::Null));
        let seat = json!({ "offering_id": troupe["offering_id"], "session_id": troupe["id"], "if_full": "refuse" });
        let mine = lin.post("/api/orders", seat.clone()).await.ok();

        // Its meetings never overlap, and its room is aired after each.
        let meetings = format!("/api/desk/sessions/{}/meetings", id(&troupe));
        let at = |day: i32, from: &str, to: &str| json!({ "start": world.at(day, from).to_string(), "end": world.at(day, to).to_string() });
        desk.post(&meetings, at(2, "20:00", "21:00")).await.refused(422, "meetings_overlap");
        let mut close = at(2, "20:30", "21:00");
        close["unit_id"] = json!(rooms[0].to_string());
        let no = desk.post(&meetings, close).await.refused(409, "room_taken");
        assert!(no["detail"].as_str().unwrap().contains("Sunset dancers"), "{no}");
        desk.post(&meetings, at(9, "19:00", "20:30")).await.ok();
        world.work().await;
        assert_eq!(inbox(&lin).await[0], "order.meeting_added");

        // Coming is noted; it ends nothing, and there is no certificate.
        world.clock.set(world.at(2, "19:10"));
        let meeting = troupe["meetings_list"][0]["id"].as_str().unwrap();
        let marks = json!({ "marks": [{ "order_id": mine["id"], "mark": "present" }] });
        let roster = desk.put(&format!("/api/desk/meetings/{meeting}/attendance"), marks).await.ok();
        assert_eq!((&roster["items"][0]["state"], &roster["items"][0]["marks"][0]["mark"]), (&json!("confirmed"), &json!("present")));
        world.advance(Span::days(20)).await;
        world.work().await;
        let still = look(&lin, &mine).await;
        assert_eq!((&still["state"], &still["session"]["attended"], &still["session"]["planned"]), (&json!("confirmed"), &json!(1), &json!(2)));
        lin.get(&format!("/api/orders/{}/certificate", id(&mine))).await.refused(409, "certificate_not_earned");
        let card = world.client().get(&format!("/api/sessions/{}", id(&troupe))).await.ok();
        assert_eq!((&card["bookable"], &card["next"], &card["free"]), (&json!(true), &Value::Null, &json!(19)));
        step(&lin, &mine, "cancel").await;
        lin.post("/api/orders", seat).await.ok();
        balance(&world.app).await;
    }
}
