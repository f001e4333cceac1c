//! What staff tell the residents of their areas.

use futures::FutureExt;
use futures::future::join_all;
use linli_domain::id::PersonId;
use linli_domain::person::Person;
use linli_domain::time::Span;
use linli_domain::words::Language;
use linli_store::StoreError;
use linli_store::people::persons;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::inbox;
use crate::harness::books::count;
use crate::harness::people::{COMMUNITY, DISTRICT, HE, LIN, STREET};
use crate::harness::{Client, World, on_both};

const DAHUA: &str = "130903001007";

fn announcement(area: &str, groups: &[&str], urgent: bool) -> Value {
    json!({
        "area_code": area, "groups": groups, "urgent": urgent,
        "title": { "zh": "周三停水", "en": "No water on Wednesday" },
        "body": { "zh": "周三9:00到17:00停水，请提前储水。" },
    })
}

/// People who were registered at a desk of the community, without an account.
async fn registered(world: &World, people: Vec<(&'static str, Option<&'static str>)>) {
    let (app, now) = (world.app.clone(), world.app.now());
    let written = world.app.store.write(move |tx| {
        async move {
            for (birth, phone) in people {
                let person = Person {
                    id: PersonId(app.next_id()),
                    version: 1,
                    name: "演示居民·登记".into(),
                    birth_date: Some(birth.parse().unwrap()),
                    community: Some(DAHUA.parse().unwrap()),
                    address: None,
                    identity_mask: None,
                    language: Language::Zh,
                    large_type: false,
                };
                let phone = phone.map(|phone| phone.parse().unwrap());
                persons::insert(tx, &person, phone.as_ref(), now).await?;
            }
            Ok::<_, StoreError>(())
        }
        .boxed()
    });
    written.await.unwrap();
}

async fn preview(client: &Client, wanted: &Value) -> Value {
    client.post("/api/staff/announcements/preview", wanted.clone()).await.expect(StatusCode::OK)
}

async fn listed(client: &Client) -> Vec<Value> {
    client.get("/api/staff/announcements").await.ok()["items"].as_array().unwrap().clone()
}

async fn shown(client: &Client, area: &str) -> Vec<String> {
    let items = client.get(&format!("/api/announcements?area={area}")).await.ok()["items"].clone();
    items.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn everybody_of_a_community_is_told_once_and_staff_see_how_many(world) {
        let before = preview(&world.log_in(DISTRICT).await, &announcement(DAHUA, &["everybody"], false)).await;
        world.residents(450).await;
        registered(world, vec![("1950-01-01", Some("19900007777")), ("1950-01-02", None)]).await;
        let staff = world.log_in(COMMUNITY).await;
        let plain = announcement(DAHUA, &["everybody"], false);
        let counts = preview(&staff, &plain).await;
        let more = |name: &str| counts[name].as_i64().unwrap() - before[name].as_i64().unwrap();
        assert_eq!((more("people"), more("inbox"), more("wechat"), more("sms"), more("calls")), (452, 450, 0, 1, 1));
        let urgent = preview(&staff, &announcement(DAHUA, &["everybody"], true)).await;
        assert_eq!(urgent["sms"].as_i64().unwrap() - counts["sms"].as_i64().unwrap(), counts["inbox"].as_i64().unwrap());

        let made = staff.post_with_key("/api/staff/announcements", "water", plain.clone()).await.expect(StatusCode::CREATED);
        assert_eq!((&made["state"], &made["reached"], &made["total"]), (&json!("sending"), &json!(0), &counts["people"]));
        assert_eq!((&made["area_name"]["zh"], &made["author_name"]), (&json!("大化社区"), &json!("演示工作人员·社区三")));
        let again = staff.post_with_key("/api/staff/announcements", "water", plain).await.expect(StatusCode::CREATED);
        assert_eq!(again["id"], made["id"]);
        let other = announcement(DAHUA, &["elders"], false);
        staff.post_with_key("/api/staff/announcements", "water", other).await.refused(422, "idempotency_key_reused");

        world.work().await;
        let sent = listed(&staff).await;
        assert_eq!((sent.len(), &sent[0]["state"], &sent[0]["reached"]), (1, &json!("sent"), &counts["people"]));
        let told = "SELECT DISTINCT person_id FROM notices WHERE topic = 'announcement'";
        assert_eq!(count(&world.app, told).await as i64, counts["people"].as_i64().unwrap());
        assert_eq!(count(&world.app, "SELECT 1 FROM notices WHERE topic = 'announcement'").await, count(&world.app, told).await);
        assert_eq!(count(&world.app, "SELECT 1 FROM jobs WHERE kind = 'announcement.send'").await, 3, "some people at a time");
        let lin = world.log_in(LIN).await;
        let notice = lin.get("/api/notices").await.ok()["items"][0].clone();
        assert_eq!((&notice["title"]["en"], &notice["body"]["en"]), (&json!("No water on Wednesday"), &json!("周三9:00到17:00停水，请提前储水。")));
        assert_eq!(world.texted(&"19900007777".parse().unwrap()), ["announcement"]);
        let sms = world.sms.sent().into_iter().find(|sms| sms.phone.digits() == "19900007777").unwrap();
        assert_eq!(sms.params["title"], "周三停水");
        assert_eq!(staff.get("/api/desk/calls").await.ok()["items"].as_array().unwrap().len() as i64, counts["calls"].as_i64().unwrap());
        // Unread announcements are nobody's task.
        world.advance(Span::hours(5)).await;
        world.work().await;
        assert_eq!(staff.get("/api/desk/calls").await.ok()["items"].as_array().unwrap().len() as i64, counts["calls"].as_i64().unwrap());
    }

    async fn groups_are_told_apart_and_children_are_told_through_their_guardians(world) {
        let staff = world.log_in(DISTRICT).await;
        let people = async |groups: &[&str]| preview(&staff, &announcement(DAHUA, groups, false)).await["people"].as_i64().unwrap();
        let before = (people(&["everybody"]).await, people(&["elders"]).await, people(&["minors"]).await, people(&["registered"]).await);
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        // Somebody turned sixty today, somebody does tomorrow; a child without anybody.
        registered(world, vec![("1966-11-23", None), ("1966-11-24", None), ("2020-05-05", None)]).await;
        let after = (people(&["everybody"]).await, people(&["elders"]).await, people(&["minors"]).await, people(&["registered"]).await);
        assert_eq!((after.0 - before.0, after.1 - before.1, after.2 - before.2, after.3 - before.3), (3, 1, 1, 0));
        assert_eq!(people(&["elders", "minors"]).await, after.1 + after.2, "nobody is counted twice");
        assert_eq!(people(&["everybody", "elders", "minors", "registered"]).await, after.0);
        world.clock.set(world.at(1, "09:00"));
        assert_eq!(people(&["elders"]).await, after.1 + 1);

        // Lin is the mother of a child of the demo; He is not.
        assert!(people(&["parents"]).await >= 1);
        staff.post("/api/staff/announcements", announcement("130903000000", &["parents_under_14"], false)).await.expect(StatusCode::CREATED);
        world.work().await;
        assert_eq!(inbox(&lin).await, ["announcement"]);
        assert!(inbox(&he).await.is_empty());
    }

    async fn what_was_announced_can_be_taken_back(world) {
        let (staff, street, lin) = (world.log_in(COMMUNITY).await, world.log_in(STREET).await, world.log_in(LIN).await);
        registered(world, vec![("1950-01-02", None)]).await;
        let made = staff.post("/api/staff/announcements", announcement(DAHUA, &["everybody"], true)).await.expect(StatusCode::CREATED);
        world.work().await;
        assert_eq!(inbox(&lin).await, ["announcement"]);
        let path = format!("/api/staff/announcements/{}/withdraw", made["id"].as_str().unwrap());
        let gone = street.post(&path, json!({})).await.ok();
        assert_eq!(gone["state"], "withdrawn");
        street.post(&path, json!({})).await.refused(409, "announcement_withdrawn");
        world.work().await;
        assert!(inbox(&lin).await.is_empty());
        assert_eq!(count(&world.app, "SELECT 1 FROM notices WHERE topic = 'announcement'").await, 0);
        assert_eq!(staff.get("/api/desk/calls").await.ok()["items"], json!([]));
        assert!(shown(&world.client(), DAHUA).await.is_empty());

        // Taken back before anybody was told: nobody is.
        let texted = world.sms.sent().len();
        let made = staff.post("/api/staff/announcements", announcement(DAHUA, &["everybody"], true)).await.ok();
        staff.post(&format!("/api/staff/announcements/{}/withdraw", made["id"].as_str().unwrap()), json!({})).await.ok();
        world.work().await;
        assert!(inbox(&lin).await.is_empty());
        assert_eq!(world.sms.sent().len(), texted);
        assert_eq!(listed(&staff).await.iter().map(|one| one["reached"].as_i64().unwrap()).min(), Some(0));
    }

    async fn public_ones_are_read_by_anybody_in_their_area(world) {
        let (community, district) = (world.log_in(COMMUNITY).await, world.log_in(DISTRICT).await);
        let make = async |client: &Client, area: &str, groups: &[&str], until: Option<&str>| {
            let mut wanted = announcement(area, groups, false);
            if let Some(until) = until {
                wanted["until"] = json!(until);
            }
            client.post("/api/staff/announcements", wanted).await.expect(StatusCode::CREATED)["id"].as_str().unwrap().to_owned()
        };
        let own = make(&community, DAHUA, &["everybody"], None).await;
        let above = make(&district, "130903000000", &["everybody", "elders"], Some("2026-11-24")).await;
        make(&community, DAHUA, &["elders"], None).await;
        make(&district, "130903002000", &["everybody"], None).await;
        let anybody = world.client();
        assert_eq!(shown(&anybody, DAHUA).await, [above.clone(), own.clone()]);
        assert_eq!(shown(&anybody, "130903000000").await, std::slice::from_ref(&above));
        let first = anybody.get(&format!("/api/announcements?area={DAHUA}&limit=1")).await.ok();
        let second = anybody.get(&format!("/api/announcements?area={DAHUA}&limit=1&cursor={}", first["next"].as_str().unwrap())).await.ok();
        assert_eq!((&first["items"][0]["id"], &second["items"][0]["id"]), (&json!(above), &json!(own)));
        assert!(first["items"][0].get("author_name").is_none() && first["items"][0].get("reached").is_none());
        world.clock.set(world.at(2, "00:01"));
        assert_eq!(shown(&anybody, DAHUA).await, [own], "its day is over");
        anybody.get("/api/announcements?area=130903999999").await.refused(422, "community_unknown");
        anybody.get("/api/announcements?area=x").await.refused(400, "malformed");
    }

    async fn staff_speak_to_their_own_areas_alone(world) {
        let (community, street, lin) = (world.log_in(COMMUNITY).await, world.log_in(STREET).await, world.log_in(LIN).await);
        for area in ["130903001000", "130903000000", "130903001001", "130903002001", "130903999999"] {
            let wanted = announcement(area, &["everybody"], false);
            community.post("/api/staff/announcements", wanted.clone()).await.refused(404, "not_found");
            community.post("/api/staff/announcements/preview", wanted).await.refused(404, "not_found");
        }
        lin.post("/api/staff/announcements", announcement(DAHUA, &["everybody"], false)).await.refused(403, "role_missing");
        let made = street.post("/api/staff/announcements", announcement("130903001000", &["registered"], false)).await.expect(StatusCode::CREATED);
        assert!(listed(&community).await.is_empty(), "made for more than their area");
        let path = format!("/api/staff/announcements/{}/withdraw", made["id"].as_str().unwrap());
        community.post(&path, json!({})).await.refused(404, "not_found");
        assert_eq!(listed(&street).await[0]["groups"], json!([{ "key": "registered", "name": { "zh": "已注册的居民", "en": "Residents with an account" } }]));
        assert_eq!(count(&world.app, "SELECT 1 FROM audit WHERE action = 'announcement.made'").await, 1);
    }

    async fn bad_announcements_are_refused_by_field(world) {
        let staff = world.log_in(COMMUNITY).await;
        let good = announcement(DAHUA, &["everybody"], false);
        let long = |n: usize| "长".repeat(n);
        for (field, pointer, value, code) in [
            ("title", "/title/zh", json!(long(41)), "text_too_long"),
            ("title", "/title/zh", json!("  "), "text_empty"),
            ("title", "/title/zh", json!("停\n水"), "text_control"),
            ("title", "/title/en", json!("a".repeat(81)), "text_too_long"),
            ("body", "/body/zh", json!(long(2001)), "text_too_long"),
            ("body", "/body/zh", json!("停\u{202e}水"), "text_control"),
            ("groups", "/groups", json!([]), "value_invalid"),
            ("until", "/until", json!("2026-11-22"), "date_invalid"),
        ] {
            let mut bad = good.clone();
            bad["until"] = json!("2026-11-30");
            *bad.pointer_mut(pointer).unwrap_or(&mut json!(null)) = value.clone();
            if pointer == "/title/en" {
                bad["title"]["en"] = value;
            }
            let no = staff.post("/api/staff/announcements", bad).await.refused(422, code);
            assert_eq!(no["field"], field, "{no}");
        }
        for (name, value) in [("groups", json!(["neighbours"])), ("urgent", json!("very")), ("area_code", json!("1")), ("colour", json!("red"))] {
            let mut bad = good.clone();
            bad[name] = value;
            staff.post("/api/staff/announcements", bad).await.refused(400, "malformed");
        }
        // Markup is text like any other: it comes back as it was written.
        let mut markup = good.clone();
        markup["title"]["zh"] = json!("<b>停水</b> {code}");
        assert_eq!(staff.post("/api/staff/announcements", markup).await.ok()["title"]["zh"], "<b>停水</b> {code}");
        assert_eq!(count(&world.app, "SELECT 1 FROM announcements").await, 1);
    }

    async fn the_same_tap_many_times_at_once_announces_once(world) {
        let staff = world.log_in(COMMUNITY).await;
        let wanted = announcement(DAHUA, &["everybody"], false);
        let taps = join_all((0..8).map(|_| staff.post_with_key("/api/staff/announcements", "tap", wanted.clone()))).await;
        let made: Vec<Value> = taps.into_iter().map(|answer| answer.ok()["id"].clone()).collect();
        assert!(made.iter().all(|id| *id == made[0]), "{made:?}");
        assert_eq!(count(&world.app, "SELECT 1 FROM announcements").await, 1);
    }
}
