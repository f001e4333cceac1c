//! Hazards and repairs: one job for one thing, who sees to it, what is shared, and deadlines that climb.

use futures::FutureExt;
use linli_application::Failure;
use linli_application::dispatch::request::Requested;
use linli_domain::id::OrderId;
use linli_domain::role::Actor;
use linli_domain::time::Span;
use linli_store::{Reads, StoreError};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{inbox, step};
use crate::harness::books::{balance, count, rows};
use crate::harness::people::{CLINIC_DESK, COMMUNITY, DISTRICT, LIN, STREET};
use crate::harness::reports::{HERE, report, report_in};
use crate::harness::{World, on_both};

/// The desks of the demo's property company and of its sanitation team.
const PROPERTY: &str = "19900000017";
const SANITATION: &str = "19900000018";

/// One red pixel, as PNG.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00, 0x0c, 0x49,
    0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xf8, 0xcf, 0xc0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0xf7, 0x03, 0x41, 0x43,
    0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

impl World {
    async fn ask_for(&self, actor: &Actor, request: linli_application::dispatch::VisitRequest, key: &str) -> Requested {
        self.app.request_visit(actor, request, key).await.unwrap_or_else(|failure| panic!("{failure}"))
    }

    async fn made(&self, actor: &Actor, request: linli_application::dispatch::VisitRequest, key: &str) -> OrderId {
        match self.ask_for(actor, request, key).await {
            Requested::Made(order) => order,
            other => panic!("{other:?}"),
        }
    }

    async fn sql(&self, statement: String) {
        self.app
            .store
            .write(move |tx| {
                async move { tx.connection().execute_unprepared(&statement).await.map(drop).map_err(StoreError::from) }
                    .boxed()
            })
            .await
            .unwrap();
    }

    async fn organisation_of(&self, order: OrderId) -> String {
        let sql = format!(
            "SELECT g.key FROM orders o JOIN organisations g ON g.id = o.organisation_id WHERE o.id = {}",
            order.0
        );
        rows(&self.app, &sql).await[0].try_get("", "key").unwrap()
    }

    /// What has climbed, to whom.
    async fn climbed(&self, order: OrderId) -> Vec<(String, String)> {
        let sql = format!(
            "SELECT detail FROM order_events WHERE order_id = {} AND event = 'climbed' ORDER BY number",
            order.0
        );
        let details = rows(&self.app, &sql).await;
        let details =
            details.iter().map(|row| serde_json::from_str(&row.try_get::<String>("", "detail").unwrap()).unwrap());
        details
            .map(|detail: Value| {
                let of = |key: &str| detail[key].as_str().unwrap().to_owned();
                (of("missed"), of("to"))
            })
            .collect()
    }
}

fn near(at: (f64, f64), metres: u32) -> String {
    format!("/api/hazards?lat={}&lon={}&metres={metres}", at.0, at.1)
}

on_both! {
    async fn the_same_lift_reported_twice_is_one_job_and_a_follower(world) {
        let people = world.residents(3).await;
        let north = world.compound("dahua_north").await;
        let lift = world.made(&people[0], report_in("property.lift", north, "3号楼1单元"), "a").await;
        assert_eq!(world.ask_for(&people[0], report_in("property.lift", north, "3-1"), "b").await, Requested::Same(lift));
        assert_eq!(count(&world.app, "SELECT * FROM followers").await, 0, "nobody follows their own report");
        let seen = world.app.preview_visit(&people[1], &report_in("property.lift", north, "三栋一单元")).await.unwrap();
        assert_eq!(seen.same, Some(lift));
        assert_eq!(world.ask_for(&people[1], report_in("property.lift", north, "三栋一单元"), "a").await, Requested::Same(lift));
        world.made(&people[1], report_in("property.lift", north, "3-2"), "b").await;
        let south = world.compound("dahua_south").await;
        world.made(&people[2], report_in("property.lift", south, "3-1"), "a").await;

        // Whoever follows reads what became of it, and nothing of who reported it.
        let follower = world.client_of(&people[1]).await;
        let followed = follower.get("/api/me/following").await.ok();
        assert_eq!((followed["items"].as_array().unwrap().len(), &followed["items"][0]["what"]), (1, &json!("3-1")));
        assert_eq!(followed["items"][0]["followers"], 1);
        let text = followed.to_string();
        for secret in ["演示居民0", "钥匙", "502", "phone"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        follower.get(&format!("/api/orders/{lift}")).await.refused(404, "not_found");
        let reporter = world.client_of(&people[0]).await;
        step(&reporter, &json!({ "id": lift.to_string() }), "cancel").await;
        world.work().await;
        assert!(inbox(&follower).await.contains(&"followed.changed".to_owned()), "{:?}", inbox(&follower).await);
        let notices = follower.get("/api/notices?limit=100").await.ok().to_string();
        assert!(!notices.contains("演示居民0") && !notices.contains("钥匙"), "{notices}");
        // It is over: the same again is a job of its own, and the old one cannot be followed.
        follower.post(&format!("/api/visits/{lift}/follow"), json!({})).await.refused(404, "not_found");
        world.made(&people[1], report_in("property.lift", north, "3-1"), "c").await;
        follower.post(&format!("/api/visits/{lift}/stop-following"), json!({})).await.ok();
        follower.post(&format!("/api/visits/{lift}/stop-following"), json!({})).await.ok();
        assert_eq!(follower.get("/api/me/following").await.ok()["items"], json!([]));
        balance(&world.app).await;
    }

    async fn outside_compounds_what_lies_within_sixty_metres_is_the_same(world) {
        let people = world.residents(3).await;
        let at = |north: f64| linli_domain::geo::Wgs84::new(HERE.0, HERE.1).unwrap().moved(north, 0.0);
        let lift = |north: f64| {
            let at = at(north);
            let mut lift = report("property.lift", (at.latitude, at.longitude), &[]);
            lift.thing = "2号楼".into();
            lift
        };
        let first = world.made(&people[0], lift(0.0), "a").await;
        assert_eq!(world.ask_for(&people[1], lift(50.0), "a").await, Requested::Same(first));
        world.made(&people[2], lift(130.0), "a").await;
    }

    async fn two_who_report_the_same_lift_at_once_are_one_job_and_one_follower(world) {
        let people = world.residents(20).await;
        let north = world.compound("dahua_north").await;
        let asked = people.iter().enumerate().map(|(n, actor)| {
            let (app, actor) = (world.app.clone(), actor.clone());
            let written = ["3号楼1单元", "3-1", "三栋一单元"][n % 3];
            tokio::spawn(async move { app.request_visit(&actor, report_in("property.lift", north, written), "once").await })
        });
        let mut jobs = Vec::new();
        let mut followed = 0;
        for answer in futures::future::join_all(asked).await {
            match answer.unwrap() {
                Ok(Requested::Made(order)) => jobs.push(order),
                Ok(Requested::Same(_)) => followed += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((jobs.len(), followed), (1, 19));
        let followers = format!("SELECT * FROM followers WHERE order_id = {}", jobs[0].0);
        assert_eq!(count(&world.app, &followers).await, 19);
        balance(&world.app).await;
    }

    async fn the_company_of_the_compound_has_it_or_else_the_sanitation_team(world) {
        let lin = world.staff(LIN).await;
        let (with, without) = (world.compound("dahua_north").await, world.compound("dahua_south").await);
        let of = async |request, key: &str| world.organisation_of(world.made(&lin, request, key).await).await;
        assert_eq!(of(report_in("property.burst", with, ""), "a").await, "property");
        assert_eq!(of(report_in("property.burst", without, ""), "b").await, "sanitation");
        assert_eq!(of(report("property.lighting", HERE, &[]), "c").await, "sanitation");
        assert_eq!(of(report("security.hazard", HERE, &[("what", "井盖松动")]), "d").await, "services");
        world.sql(
            "INSERT INTO responsibilities (kind, area_code, organisation_id) \
             SELECT 'security.broken_camera', '130903001000', id FROM organisations WHERE key = 'police'".to_owned(),
        ).await;
        assert_eq!(of(report("security.broken_camera", HERE, &[("what", "灯不亮")]), "e").await, "police", "the smaller area decides");
        // The desk of whoever is responsible sees the order, another does not.
        let order = rows(&world.app, "SELECT id FROM orders WHERE kind = 'property.burst' ORDER BY id").await;
        let order = OrderId(order[0].try_get("", "id").unwrap());
        world.log_in(PROPERTY).await.get(&format!("/api/orders/{order}")).await.ok();
        world.log_in(SANITATION).await.get(&format!("/api/orders/{order}")).await.refused(404, "not_found");
    }

    async fn what_is_private_is_nowhere_and_what_is_shared_tells_nothing_of_anybody(world) {
        let people = world.residents(2).await;
        let what = [("what", "井盖松动，电话13812345678找王师傅")];
        let mut secret = report("security.hazard", HERE, &[("what", "邻居在楼道里堆东西")]);
        secret.private = true;
        let private = world.made(&people[0], secret, "a").await;
        let shared = world.made(&people[0], report("security.hazard", HERE, &what), "b").await;
        let home = world.compound("dahua_north").await;
        let burst = world.made(&people[0], report_in("property.burst", home, ""), "c").await;
        let anybody = world.client();
        let found = anybody.get(&near(HERE, 500)).await.ok();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
        let one = &found["items"][0];
        assert_eq!((&one["id"], &one["what"]), (&json!(shared.to_string()), &json!("井盖松动，电话＊＊＊找王师傅")));
        assert_eq!((&one["state"], &one["followers"]), (&json!("seeking"), &json!(0)));
        assert!(one.get("picture").is_none());
        assert!(!found.to_string().contains("西侧小门") && !found.to_string().contains("演示居民"), "{found}");
        assert_eq!(anybody.get(&format!("/api/hazards/{shared}")).await.ok()["id"], json!(shared.to_string()));
        let other = world.client_of(&people[1]).await;
        for hidden in [private, burst] {
            anybody.get(&format!("/api/hazards/{hidden}")).await.refused(404, "not_found");
            other.post(&format!("/api/visits/{hidden}/follow"), json!({})).await.refused(404, "not_found");
            anybody.get(&format!("/open311/v2/requests/{hidden}.json")).await.expect(reqwest::StatusCode::NOT_FOUND);
        }
        assert_eq!(other.post(&format!("/api/visits/{shared}/follow"), json!({})).await.ok()["followers"], 1);
        assert_eq!(other.post(&format!("/api/visits/{shared}/follow"), json!({})).await.ok()["followers"], 1);
        let far = (HERE.0 + 0.05, HERE.1);
        assert_eq!(anybody.get(&near(far, 500)).await.ok()["items"], json!([]));
        anybody.get("/api/hazards?lat=91&lon=0").await.refused(400, "malformed");

        // A picture is private until staff who serve the order have looked at it.
        let reporter = world.client_of(&people[0]).await;
        let request = reporter.request(reqwest::Method::POST, "/api/files").header("content-type", "image/png").body(PIXEL);
        let kept = reporter.send(request).await.ok();
        let file: linli_domain::id::FileId = kept["id"].as_str().unwrap().parse().unwrap();
        for order in [shared, private] {
            world.sql(format!(
                "INSERT INTO order_pictures (order_id, file_id, moment, by_person, at) VALUES ({}, {}, 'request', 1, 0)", order.0, file.0,
            )).await;
        }
        assert!(anybody.get(&format!("/api/hazards/{shared}")).await.ok().get("picture").is_none());
        let path = format!("/api/desk/pictures/{}/publish", file);
        world.log_in(CLINIC_DESK).await.post(&path, json!({ "public": true })).await.refused(404, "not_found");
        other.post(&path, json!({ "public": true })).await.refused(403, "role_missing");
        let staff = world.log_in(COMMUNITY).await;
        staff.post(&path, json!({ "public": true })).await.ok();
        let picture = anybody.get(&format!("/api/hazards/{shared}")).await.ok()["picture"].clone();
        assert_eq!(picture, format!("/api/hazards/{shared}/picture"));
        let shown = anybody.get(picture.as_str().unwrap()).await;
        assert_eq!((shown.status.as_u16(), shown.headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
        staff.post(&path, json!({ "public": false })).await.ok();
        anybody.get(picture.as_str().unwrap()).await.refused(404, "not_found");
        assert!(anybody.get(&format!("/api/hazards/{shared}")).await.ok().get("picture").is_none());
    }

    async fn a_missed_deadline_climbs_to_the_district_a_rung_at_a_time(world) {
        let lin = world.staff(LIN).await;
        let compound = world.compound("dahua_north").await;
        let burst = world.made(&lin, report_in("property.burst", compound, ""), "a").await;
        let [company, community, street, district] = [PROPERTY, COMMUNITY, STREET, DISTRICT];
        let heard = async |phone: &str| {
            inbox(&world.client_of(&world.staff(phone).await).await).await.iter().filter(|topic| *topic == "visit.climbed").count()
        };
        let rung = |missed: &str, to: &str| (missed.to_owned(), to.to_owned());
        world.work().await;
        assert_eq!(world.climbed(burst).await, []);
        world.advance(Span::minutes(11)).await;
        world.work().await;
        world.work().await;
        assert_eq!(world.climbed(burst).await, [rung("accept", "community")]);
        assert_eq!((heard(company).await, heard(community).await, heard(street).await), (1, 1, 0));
        let calls = world.client_of(&world.staff(COMMUNITY).await).await.get("/api/desk/calls").await.ok();
        assert!(calls["items"].as_array().unwrap().iter().any(|call| call["order_id"] == json!(burst.to_string())), "{calls}");
        world.advance(Span::minutes(10)).await;
        world.work().await;
        assert_eq!((heard(community).await, heard(street).await, heard(district).await), (1, 1, 0));
        world.advance(Span::minutes(10)).await;
        world.work().await;
        world.advance(Span::hours(1)).await;
        world.work().await;
        assert_eq!(world.climbed(burst).await, [rung("accept", "community"), rung("accept", "street"), rung("accept", "district")]);
        assert_eq!((heard(street).await, heard(district).await), (1, 1));
        // Somebody has said yes, and is not there: that climbs by itself, since the request.
        world.sql(format!("UPDATE visits SET state = 'accepted' WHERE order_id = {}", burst.0)).await;
        for _ in 0..4 {
            world.advance(Span::minutes(1)).await;
            world.work().await;
        }
        assert_eq!(world.climbed(burst).await[3..], [rung("arrive", "community"), rung("arrive", "street"), rung("arrive", "district")]);
        // The resident reads it in the timeline.
        let order = world.client_of(&lin).await.get(&format!("/api/orders/{burst}")).await.ok();
        let told = order["timeline"].as_array().unwrap().iter().filter(|event| event["event"] == "climbed").count();
        assert_eq!(told, 6, "{order}");
    }

    async fn words_that_sound_like_an_emergency_are_answered_with_numbers(world) {
        let anybody = world.client();
        let ask = async |text: &str| {
            let text: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            anybody.get(&format!("/api/emergency-words?text={text}")).await.ok()
        };
        let fire = ask("三楼着火了，快来").await;
        assert_eq!((&fire["urgency"], &fire["numbers"][0]["number"]), (&json!("now"), &json!("119")));
        assert!(fire["words"]["en"].as_str().unwrap().contains("119"));
        assert_eq!(ask("昨晚有人撬门").await["urgency"], "perhaps");
        assert_eq!(ask("灭火器过期了").await, json!({}));
        assert_eq!(ask("").await, json!({}));
    }

    async fn a_thing_must_be_named_where_the_kind_asks_for_it(world) {
        let lin = world.staff(LIN).await;
        let compound = world.compound("dahua_north").await;
        let refused = world.app.request_visit(&lin, report_in("property.lift", compound, " "), "a").await;
        assert!(matches!(&refused, Err(Failure::Refused(refusal)) if refusal.field == Some("thing")), "{refused:?}");
    }
}
