//! A class from its planning to the certificates.

use linli_domain::id::OfferingId;
use linli_domain::platform::{Deadline, Rules};
use linli_domain::time::{Span, TimeOfDay};
use reqwest::Method;
use serde_json::{Value, json};

use super::{book, id, inbox, look, step};
use crate::harness::books::balance;
use crate::harness::people::{DISTRICT, HE, LIN};
use crate::harness::{Client, Offer, Room, World, on_both};

/// Rules of a class: open two months ahead, with a line.
pub(super) fn class_rules(rules: &mut Rules) {
    *rules = Rules {
        opens_days_before: 60,
        opens_at: TimeOfDay(0),
        closes_minutes_before: 0,
        cancel_until: Deadline::MinutesBefore(60),
        hold_minutes: 60,
        check_in_minutes_before: 30,
        late_minutes: 15,
        close_after_days: 3,
        price_fen: 0,
        line: true,
        max_line: 10,
        ..*rules
    };
}

pub(super) async fn offering(world: &World, kind: &str) -> OfferingId {
    world.offer(Offer { kind, ..Offer::default() }, class_rules).await
}

/// Three Thursdays in the afternoon, the first in three days.
fn term(world: &World, offering: OfferingId, seats: u32) -> Value {
    json!({
        "offering_id": offering.to_string(), "form": "term", "seats": seats,
        "title": { "zh": "国画入门", "en": "Chinese painting" }, "about": { "zh": "自带毛笔" },
        "pattern": { "weekdays": [4], "from": "14:00", "to": "15:30", "first_day": world.day(0).to_string(), "count": 3, "skip_holidays": true },
    })
}

fn seat(session: &Value) -> Value {
    json!({ "offering_id": session["offering_id"], "session_id": session["id"], "if_full": "refuse" })
}

fn meeting(session: &Value, n: usize) -> String {
    session["meetings_list"][n]["id"].as_str().unwrap().to_owned()
}

async fn mark(desk: &Client, meeting: &str, marks: &[(&Value, &str)]) -> crate::harness::Answer {
    let marks: Vec<Value> =
        marks.iter().map(|(order, mark)| json!({ "order_id": order["id"], "mark": mark })).collect();
    desk.put(&format!("/api/desk/meetings/{meeting}/attendance"), json!({ "marks": marks })).await
}

on_both! {
    async fn a_class_from_its_plan_to_the_certificate(world) {
        let desk = world.log_in(DISTRICT).await;
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let other = world.client_of(&world.resident().await).await;
        let offering = offering(world, "education.painting").await;
        let mut plan = term(world, offering, 5);
        plan["draft"] = json!(true);
        let dates = desk.post("/api/desk/sessions/preview", plan.clone()).await.ok();
        assert_eq!(dates["meetings"][1]["start"], world.at(10, "14:00").to_string());
        assert!(dates["meetings"].as_array().unwrap().iter().all(|date| date["ok"] == true), "{dates}");

        // Being prepared, nobody else sees it.
        let class = desk.post("/api/desk/sessions", plan).await.ok();
        let path = format!("/api/sessions/{}", id(&class));
        assert_eq!((&class["state"], &class["meetings"], &class["title"]["en"]), (&json!("draft"), &json!(3), &json!("Chinese painting")));
        lin.get(&path).await.refused(404, "not_found");
        lin.post("/api/orders", seat(&class)).await.refused(404, "not_found");
        lin.get(&format!("/api/desk/sessions/{}", id(&class))).await.refused(403, "role_missing");
        let opened = desk.post(&format!("/api/desk/sessions/{}/open", id(&class)), json!({ "version": 1 })).await.ok();
        assert_eq!((&opened["state"], &opened["version"]), (&json!("open"), &json!(2)));
        let card = world.client().get(&path).await.ok();
        assert_eq!((&card["free"], &card["bookable"], &card["left"], &card["free_of_charge"]), (&json!(5), &json!(true), &json!("many"), &json!(true)));
        assert!(card["version"].is_null() && card["changes_until_words"]["en"].is_string(), "{card}");

        // Three come; one of them excuses herself once and has that time for something else.
        let mut orders = Vec::new();
        for client in [&lin, &he, &other] {
            orders.push(client.post("/api/orders", seat(&class)).await.ok());
        }
        let advice = world.offer(Offer { hours: ("13:00", "17:00"), days: Some(20), ..Offer::default() }, |rules| rules.opens_days_before = 30).await;
        lin.post("/api/orders", crate::scenario::booking(advice, world.at(10, "14:30"), "refuse")).await.refused(409, "person_busy");
        let excuse = json!({ "meeting_id": meeting(&class, 1), "version": 1, "reason": "出差" });
        let path_of = |order: &Value, what: &str| format!("/api/orders/{}/{what}", id(order));
        he.post(&path_of(&orders[0], "excuse"), excuse.clone()).await.refused(404, "not_found");
        let excused = lin.post(&path_of(&orders[0], "excuse"), excuse.clone()).await.ok();
        assert_eq!((&excused["version"], &excused["session"]["meetings"][1]["mark"]), (&json!(2), &json!("excused")));
        lin.post(&path_of(&orders[0], "excuse"), excuse).await.ok();
        book(&lin, advice, world.at(10, "14:30")).await;

        // The first meeting: marks come with it, not before.
        mark(&desk, &meeting(&class, 0), &[(&orders[0], "present")]).await.refused(409, "attendance_too_early");
        world.clock.set(world.at(3, "14:05"));
        let first = &meeting(&class, 0);
        let roster = mark(&desk, first, &[(&orders[0], "present"), (&orders[1], "absent"), (&orders[2], "present")]).await.ok();
        assert_eq!(roster["items"][0]["state"], "underway");
        assert_eq!(roster["items"][1]["marks"], json!([{ "meeting_id": first, "mark": "absent" }]));
        // A slip is corrected.
        mark(&desk, first, &[(&orders[2], "absent")]).await.ok();
        let desk_view = desk.get(&format!("/api/desk/sessions/{}/roster", id(&class))).await.ok();
        let path = format!("/api/desk/sessions/{}/roster/file?format=csv", id(&class));
        let file = desk.request(Method::GET, &path).send().await.unwrap().text().await.unwrap();
        assert_eq!((file.lines().count(), file.matches("present").count(), file.matches("absent").count()), (4, 1, 2), "{file}");
        lin.get(&path).await.refused(403, "role_missing");
        assert_eq!(desk_view["items"][2]["marks"][0]["mark"], "absent");

        // The last meeting: Lin was at two of three.
        world.clock.set(world.at(14, "15:00"));
        mark(&desk, &meeting(&class, 2), &[(&orders[0], "present"), (&orders[1], "absent"), (&orders[2], "present")]).await.ok();
        lin.get(&path_of(&orders[0], "certificate")).await.refused(409, "certificate_not_earned");
        world.clock.set(world.at(1, "09:00"));
        world.work().await;
        assert_eq!(look(&lin, &orders[0]).await["state"], "fulfilled");
        assert_eq!(look(&he, &orders[1]).await["state"], "no_show");
        assert_eq!(look(&other, &orders[2]).await["state"], "fulfilled");
        let paper = lin.get(&path_of(&orders[0], "certificate")).await.ok();
        assert_eq!((&paper["attended"], &paper["planned"], &paper["minutes"]), (&json!(2), &json!(3), &json!(180)));
        assert_eq!(lin.get(&path_of(&orders[0], "certificate")).await.ok()["number"], paper["number"], "once and for all");
        assert!(look(&lin, &orders[0]).await["actions"].as_array().unwrap().contains(&json!("certificate")));
        let checked = world.client().get(&format!("/api/certificates/{}", paper["number"].as_str().unwrap().to_lowercase())).await.ok();
        assert_eq!((&checked["valid"], &checked["title"]["zh"]), (&json!(true), &json!("国画入门")));
        assert!(checked["name_masked"].as_str().unwrap().contains('*'), "{checked}");
        world.client().get("/api/certificates/0000-0000-0000").await.refused(404, "not_found");
        // A third is not enough, and the roster is closed after a week.
        other.get(&path_of(&orders[2], "certificate")).await.refused(409, "certificate_not_earned");
        world.advance(Span::days(8)).await;
        mark(&desk, &meeting(&class, 2), &[(&orders[1], "present")]).await.refused(409, "attendance_too_late");
        balance(&world.app).await;
    }

    async fn more_seats_go_to_the_line_and_fewer_never_below_what_is_taken(world) {
        let desk = world.log_in(DISTRICT).await;
        let people = world.residents(3).await;
        let mut clients = Vec::new();
        for actor in &people {
            clients.push(world.client_of(actor).await);
        }
        let class = desk.post("/api/desk/sessions", term(world, offering(world, "education.painting").await, 2)).await.ok();
        let path = format!("/api/desk/sessions/{}", id(&class));
        for client in &clients[..2] {
            client.post("/api/orders", seat(&class)).await.ok();
        }
        let mut wait = seat(&class);
        wait["if_full"] = json!("wait");
        let waiting = clients[2].post("/api/orders", wait).await.ok();
        let no = desk.patch(&path, json!({ "version": 1, "seats": 1 })).await.refused(409, "seats_taken");
        assert!(no["detail"].as_str().unwrap().contains('2'), "{no}");
        desk.patch(&path, json!({ "version": 7, "seats": 3 })).await.refused(409, "stale_version");
        desk.patch(&path, json!({ "version": 1, "price_fen": 100_000_000 })).await.refused(422, "value_invalid");
        desk.patch(&path, json!({ "version": 1, "seats": 3 })).await.ok();
        world.work().await;
        assert_eq!(look(&clients[2], &waiting).await["state"], "held");
        let roster = desk.get(&format!("{path}/roster")).await.ok();
        assert_eq!((&roster["session"]["seats"], &roster["session"]["taken"]), (&json!(3), &json!(3)));
        balance(&world.app).await;
    }

    async fn moved_added_and_cancelled_meetings_are_told_and_take_the_time(world) {
        let desk = world.log_in(DISTRICT).await;
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let class = desk.post("/api/desk/sessions", term(world, offering(world, "education.painting").await, 5)).await.ok();
        let mine = lin.post("/api/orders", seat(&class)).await.ok();
        he.post("/api/orders", seat(&class)).await.ok();
        let advice = world.offer(Offer { hours: ("09:00", "17:00"), days: Some(30), ..Offer::default() }, |rules| rules.opens_days_before = 30).await;
        // He has something else at the time the second meeting moves to.
        book(&he, advice, world.at(11, "10:00")).await;
        let second = format!("/api/desk/meetings/{}", meeting(&class, 1));
        let third = world.at(17, "15:00").to_string();
        desk.patch(&second, json!({ "start": third, "reason": "x" })).await.refused(422, "meetings_overlap");
        desk.patch(&second, json!({ "start": world.at(-1, "10:00").to_string() })).await.refused(422, "meeting_past");
        let moved = desk.patch(&second, json!({ "start": world.at(11, "10:00").to_string(), "reason": "老师有事" })).await.ok();
        assert_eq!(moved["meetings_list"][1]["end"], world.at(11, "11:30").to_string(), "as long as it was");
        world.work().await;
        assert_eq!(inbox(&lin).await[0], "order.meeting_moved");
        let told = he.get("/api/notices?limit=1").await.ok()["items"][0]["body"]["en"].as_str().unwrap().to_owned();
        assert!(told.contains("another booking") && told.contains("Fri 4 Dec, 10:00 am") && told.contains("老师有事"), "{told}");
        // Lin's time moved with it: the old one is free, the new one is not.
        lin.post("/api/orders", crate::scenario::booking(advice, world.at(11, "11:00"), "refuse")).await.refused(409, "person_busy");
        book(&lin, advice, world.at(10, "14:30")).await;

        desk.post(&format!("/api/desk/sessions/{}/meetings", id(&class)), json!({ "start": world.at(24, "14:00").to_string(), "end": world.at(24, "15:30").to_string() })).await.ok();
        desk.post(&format!("{second}/cancel"), json!({ "reason": "停电" })).await.ok();
        desk.post(&format!("{second}/cancel"), json!({ "reason": "停电" })).await.refused(409, "meeting_started");
        world.work().await;
        world.work().await;
        let now = look(&lin, &mine).await;
        assert_eq!((&now["end"], &now["session"]["meetings"][1]["cancelled"]), (&json!(world.at(24, "15:30").to_string()), &json!("停电")));
        let heard = inbox(&lin).await;
        assert!(["order.meeting_added", "order.meeting_cancelled"].iter().all(|topic| heard.iter().any(|one| one == topic)), "{heard:?}");
        book(&lin, advice, world.at(11, "11:00")).await;
        balance(&world.app).await;
    }

    async fn a_class_called_off_lets_everybody_know(world) {
        let desk = world.log_in(DISTRICT).await;
        let lin = world.log_in(LIN).await;
        let (_, rooms) = world.room(Room { units: &["一号室"], ..Room::default() }, |_| {}).await;
        let offering = offering(world, "education.painting").await;
        let mut plan = term(world, offering, 1);
        plan["pattern"]["unit_id"] = json!(rooms[0].to_string());
        let class = desk.post("/api/desk/sessions", plan.clone()).await.ok();
        // The room is taken: who has it stands in the words; nothing was made.
        let mut second = plan.clone();
        second["title"] = json!({ "zh": "另一个班" });
        let dates = desk.post("/api/desk/sessions/preview", second.clone()).await.ok();
        assert_eq!((&dates["meetings"][0]["ok"], &dates["meetings"][0]["problem"]["code"]), (&json!(false), &json!("room_taken")));
        let no = desk.post("/api/desk/sessions", second.clone()).await.refused(409, "room_taken");
        assert!(no["detail"].as_str().unwrap().contains("Chinese painting"), "{no}");
        desk.post("/api/desk/sessions", plan).await.refused(409, "session_exists");

        let mine = lin.post("/api/orders", seat(&class)).await.ok();
        let he = world.log_in(HE).await;
        let mut wait = seat(&class);
        wait["if_full"] = json!("wait");
        let waiting = he.post("/api/orders", wait).await.ok();
        let path = format!("/api/desk/sessions/{}/cancel", id(&class));
        desk.post(&path, json!({ "version": 1, "reason": "老师生病" })).await.ok();
        desk.post(&path, json!({ "version": 2, "reason": "老师生病" })).await.refused(409, "session_cancelled");
        world.work().await;
        assert_eq!((&look(&lin, &mine).await["state"], &look(&he, &waiting).await["state"]), (&json!("cancelled"), &json!("cancelled")));
        let told = lin.get("/api/notices?limit=1").await.ok()["items"][0]["body"]["zh"].as_str().unwrap().to_owned();
        assert!(told.contains("老师生病"), "{told}");
        // The room and the title are free again.
        desk.post("/api/desk/sessions", second).await.ok();
        lin.post("/api/orders", seat(&class)).await.refused(409, "session_cancelled");
        balance(&world.app).await;
    }

    async fn a_day_off_calls_its_meetings_off(world) {
        let desk = world.log_in(DISTRICT).await;
        let lin = world.log_in(LIN).await;
        let offering = offering(world, "education.painting").await;
        let class = desk.post("/api/desk/sessions", term(world, offering, 5)).await.ok();
        let mine = lin.post("/api/orders", seat(&class)).await.ok();
        let closure = json!({ "offering_id": offering.to_string(), "day": world.day(10).to_string(), "from": "12:00", "reason": "场地检修" });
        desk.post("/api/desk/closures", closure).await.ok();
        world.work().await;
        let now = look(&lin, &mine).await;
        assert_eq!((&now["state"], &now["session"]["meetings"][1]["cancelled"]), (&json!("confirmed"), &json!("场地检修")));
        assert_eq!(inbox(&lin).await[0], "order.meeting_cancelled");
        // Nothing is planned into the closed time.
        let new = json!({ "start": world.at(10, "13:00").to_string(), "end": world.at(10, "14:00").to_string() });
        desk.post(&format!("/api/desk/sessions/{}/meetings", id(&class)), new).await.refused(409, "slot_closed");
        step(&lin, &mine, "cancel").await;
        balance(&world.app).await;
    }

    async fn what_cannot_be_planned(world) {
        let desk = world.log_in(DISTRICT).await;
        let offering = offering(world, "education.painting").await;
        let good = term(world, offering, 5);
        let with = |change: &dyn Fn(&mut Value)| {
            let mut plan = good.clone();
            change(&mut plan);
            desk.post("/api/desk/sessions", plan)
        };
        with(&|plan| plan["seats"] = json!(0)).await.refused(422, "value_invalid");
        with(&|plan| plan["price_fen"] = json!(-1)).await.refused(422, "value_invalid");
        with(&|plan| plan["title"]["zh"] = json!("  ")).await.refused(422, "text_empty");
        with(&|plan| plan["age"] = json!({ "min": 12, "max": 6 })).await.refused(422, "value_invalid");
        with(&|plan| plan["residents_of"] = json!("139999000000")).await.refused(422, "community_unknown");
        with(&|plan| plan["form"] = json!("event")).await.refused(422, "value_invalid");
        with(&|plan| plan["pattern"]["weekdays"] = json!([8])).await.refused(422, "value_invalid");
        with(&|plan| plan["pattern"]["to"] = json!("13:00")).await.refused(422, "date_invalid");
        with(&|plan| plan["pattern"]["count"] = json!(201)).await.refused(422, "meetings_too_many");
        with(&|plan| plan["pattern"]["first_day"] = json!(world.day(-7).to_string())).await.refused(422, "meeting_past");
        with(&|plan| plan["meetings"] = json!([])).await.refused(422, "value_invalid");
        with(&|plan| plan["pattern"]["unit_id"] = json!("0000000000000")).await.refused(422, "value_invalid");
        with(&|plan| plan["closes_at"] = json!(world.at(-1, "09:00").to_string())).await.refused(422, "date_invalid");
        // Of a kind that is not of sessions, and of a desk that is not theirs.
        let clinic = world.offering("nanhuan_gp").await;
        with(&|plan| plan["offering_id"] = json!(clinic.to_string())).await.refused(422, "value_invalid");
        let clinic_desk = world.log_in(crate::harness::people::CLINIC_DESK).await;
        clinic_desk.post("/api/desk/sessions", good.clone()).await.refused(404, "not_found");
        // Kinds free of charge have no price.
        let free = super::offering(world, "culture.daily_activity").await;
        with(&|plan| { plan["offering_id"] = json!(free.to_string()); plan["price_fen"] = json!(100); }).await.refused(422, "value_invalid");
        let made = with(&|_| ()).await.ok();
        clinic_desk.get(&format!("/api/desk/sessions/{}", id(&made))).await.refused(404, "not_found");
        clinic_desk.get(&format!("/api/desk/sessions/{}/roster", id(&made))).await.refused(404, "not_found");
    }
}
