//! Somebody becomes one who comes to the door: their file, their papers, when they work, and whom they do not meet.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{booking, inbox};
use crate::harness::books::{count, rows};
use crate::harness::people::{CLINIC_DESK, COMMUNITY, DISTRICT, HE, LIN, STREET};
use crate::harness::pictures::{decision, file};
use crate::harness::{Client, World, on_both};
use linli_application::work;
use linli_domain::id::{OrderId, WorkerId};
use linli_domain::time::Span;
use linli_store::market::paces;

fn steps(file: &Value) -> Vec<&str> {
    file["missing"].as_array().unwrap().iter().map(|one| one["step"].as_str().unwrap()).collect()
}

fn id_of(file: &Value) -> &str {
    file["id"].as_str().unwrap()
}

fn service<'f>(file: &'f Value, kind: &str) -> &'f Value {
    file["services"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap()
}

async fn desk(world: &World, phone: &str) -> Client {
    world.client_of(&world.staff(phone).await).await
}

/// As after an acceptance: a worker has the visit of an order.
async fn has_visit(world: &World, order: &Value, worker: &Value) {
    let order: OrderId = order["id"].as_str().unwrap().parse().unwrap();
    let worker: WorkerId = id_of(worker).parse().unwrap();
    let now = world.app.now().0;
    let sql = format!(
        "INSERT INTO visits (order_id, kind, state, worker_id, way, find_until, is_now, window_from, window_until, \
         minutes, address_text, latitude, longitude, price_form, pay_by, start_code) VALUES ({}, 'housekeeping.cleaning', \
         'accepted', {}, 'ranked', {now}, FALSE, {now}, {now}, 60, '演示路1号', 38.3, 116.8, 'hourly', 'cash', '1234') \
         RETURNING order_id",
        order.0, worker.0
    );
    assert_eq!(rows(&world.app, &sql).await.len(), 1);
}

on_both! {
    async fn a_file_is_written_in_steps_and_verified(world) {
        let actor = world.resident().await;
        let carer = world.client_of(&actor).await;
        let blank = carer.get("/api/work/file").await.ok();
        assert_eq!((blank["state"].as_str(), blank["version"].as_i64()), (Some("draft"), Some(0)));
        assert_eq!(steps(&blank), ["person", "home", "hours", "services", "documents"]);
        carer.get("/api/work/duty").await.refused(403, "worker_only");
        carer.post("/api/work/file/submit", json!({})).await.refused(404, "not_found");

        let first = carer.put("/api/work/file", json!({ "name": "演示护理", "travel": "foot" })).await.ok();
        assert_eq!(steps(&first), ["home", "hours", "services"], "who they are was seen at a desk");
        let kinds = json!([{ "kind": "housekeeping.carer" }, { "kind": "housekeeping.cleaning" }]);
        let mut rest = file(kinds);
        rest.as_object_mut().unwrap().remove("name");
        let written = carer.put("/api/work/file", rest).await.ok();
        assert_eq!(written["name"], "演示护理", "what is left out stays");
        assert_eq!(written["home"]["area"]["code"], "130903001007", "the community of the nearest place");
        assert_eq!(steps(&written), ["documents"]);
        assert_eq!(service(&written, "housekeeping.carer")["needs"], json!(["health_certificate"]));
        carer.put("/api/work/file", json!({ "version": 1, "about": "x" })).await.refused(409, "stale_version");
        assert_eq!(carer.post("/api/work/file/submit", json!({})).await.refused(409, "worker_incomplete")["field"], "documents");

        let document = |file_id: String, more: Value| {
            let mut body = json!({ "document": "health_certificate", "file_id": file_id });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        let path = "/api/work/file/documents";
        let paper = carer.picture().await;
        carer.post(path, document(paper.clone(), json!({}))).await.refused(422, "document_end_missing");
        let past = json!({ "valid_until": world.day(-1).to_string() });
        carer.post(path, document(paper.clone(), past)).await.refused(422, "document_expired");
        let until = json!({ "valid_until": world.day(200).to_string() });
        let of_another = desk(world, HE).await.picture().await;
        carer.post(path, document(of_another, until.clone())).await.refused(422, "file_unknown");
        let mut unknown = document(paper.clone(), until.clone());
        unknown["document"] = json!("diploma");
        carer.post(path, unknown).await.refused(422, "document_unknown");
        carer.post(path, document(paper.clone(), until.clone())).await.expect(StatusCode::CREATED);
        carer.post(path, document(paper.clone(), until)).await.refused(422, "file_unknown");
        let submitted = carer.post("/api/work/file/submit", json!({})).await.ok();
        assert_eq!((submitted["state"].as_str(), submitted["missing"].as_array().unwrap().len()), (Some("submitted"), 0));
        carer.post("/api/work/file/submit", json!({})).await.refused(409, "worker_not_possible");

        // Those who decide see it and its paper; nobody else does.
        let (community, clinic, he) = (desk(world, COMMUNITY).await, desk(world, CLINIC_DESK).await, world.log_in(HE).await);
        let path = format!("/api/desk/workers/{}", id_of(&submitted));
        let waiting = async |who: &Client| {
            let list = who.get("/api/desk/workers?state=waiting").await.ok();
            list["items"].as_array().unwrap().iter().any(|one| one["id"] == submitted["id"])
        };
        assert!(waiting(&community).await && waiting(&desk(world, STREET).await).await);
        assert!(!waiting(&clinic).await, "the clinic's desk decides about nobody here");
        let seen = community.get(&path).await.ok();
        let picture = seen["documents"][0]["file"].as_str().unwrap();
        assert_eq!(community.get(picture).await.status, StatusCode::OK);
        for stranger in [&clinic, &he] {
            stranger.get(picture).await.refused(404, "not_found");
        }
        clinic.get(&path).await.refused(404, "not_found");
        clinic.post(&format!("{path}/decide"), json!({ "verify": true })).await.refused(404, "not_found");

        let decide = format!("{path}/decide");
        community.post(&decide, json!({ "verify": false })).await.refused(422, "text_empty");
        let without_paper = json!({ "verify": true, "services": [{ "kind": "housekeeping.carer", "verify": true }] });
        community.post(&decide, without_paper).await.refused(409, "worker_document_missing");
        let mut half = decision(&seen);
        half["services"] = json!([
            { "kind": "housekeeping.carer", "verify": true },
            { "kind": "housekeeping.cleaning", "verify": false, "reason": "请补充工作经历" },
        ]);
        let mut stale = half.clone();
        stale["version"] = json!(1);
        community.post(&decide, stale).await.refused(409, "stale_version");
        let verified = community.post(&decide, half).await.ok();
        assert_eq!(verified["state"], "verified");
        assert_eq!(service(&verified, "housekeeping.carer")["off_offer"], false);
        world.work().await;
        let told = carer.get("/api/notices").await.ok()["items"][0].clone();
        assert_eq!(told["topic"], "worker.verified");
        assert!(told["body"]["zh"].as_str().unwrap().contains("请补充工作经历"), "{told}");

        // Who they are stays as it was seen; what is added waits.
        carer.put("/api/work/file", json!({ "name": "另一个人" })).await.refused(409, "worker_locked");
        let more = json!({ "services": [{ "kind": "housekeeping.carer" }, { "kind": "housekeeping.laundry" }] });
        let more = carer.put("/api/work/file", more).await.ok();
        assert_eq!(service(&more, "housekeeping.carer")["state"], "verified");
        assert_eq!(service(&more, "housekeeping.laundry")["state"], "asked");
        assert!(waiting(&community).await, "something is to be looked at again");
        let card = he.get(&format!("/api/workers/{}", id_of(&verified))).await.ok();
        assert_eq!(card["kinds"].as_array().unwrap().len(), 1);
        assert!(card.get("home").is_none() && card.get("rating").is_none(), "{card}");
    }

    async fn bad_files_are_refused_field_by_field(world) {
        let client = world.client_of(&world.resident().await).await;
        for (body, status, code, field) in [
            (json!({ "services": [{ "kind": "medical.general_practice" }] }), 422, "worker_service_unknown", "services"),
            (json!({ "services": [{ "kind": "housekeeping.cleaning", "skills": ["flying"] }] }), 422, "worker_service_unknown", "services"),
            (json!({ "services": [{ "kind": "eldercare.comfort_visit", "price_fen": 100 }] }), 422, "worker_price_invalid", "services"),
            (json!({ "services": [{ "kind": "housekeeping.cleaning", "price_fen": -1 }] }), 422, "worker_price_invalid", "services"),
            (json!({ "hours": { "8": [{ "from": "08:00", "to": "12:00" }] } }), 422, "worker_hours_invalid", "hours"),
            (json!({ "hours": { "1": [{ "from": "12:00", "to": "08:00" }] } }), 422, "worker_hours_invalid", "hours"),
            (json!({ "max_open": 0 }), 422, "value_invalid", "max_open"),
            (json!({ "languages": ["klingon"] }), 422, "value_invalid", "languages"),
            (json!({ "areas": ["130903099000"] }), 422, "community_unknown", "areas"),
            (json!({ "organisation_id": "0000000000000" }), 404, "not_found", "organisation_id"),
            (json!({ "name": " " }), 422, "name_invalid", "name"),
        ] {
            let refused = client.put("/api/work/file", body).await.refused(status, code);
            assert_eq!(refused["field"], field);
        }
        assert_eq!(count(&world.app, "SELECT id FROM workers WHERE name = '演示居民0'").await, 0, "nothing was begun");
    }

    async fn nobody_decides_about_themselves(world) {
        let staff = world.staff(COMMUNITY).await;
        let own = world.client_of(&staff).await;
        own.put("/api/work/file", file(json!([{ "kind": "housekeeping.cleaning" }]))).await.ok();
        own.paper("identity", None).await;
        let submitted = own.post("/api/work/file/submit", json!({})).await.ok();
        let decide = format!("/api/desk/workers/{}/decide", id_of(&submitted));
        own.post(&decide, decision(&submitted)).await.refused(409, "self_verification");
        let verified = desk(world, DISTRICT).await.post(&decide, decision(&submitted)).await.ok();
        assert_eq!(verified["state"], "verified");
    }

    async fn a_rest_ends_by_itself_and_days_off_are_kept(world) {
        let (_, client, _) = world.worker(&["housekeeping.cleaning"], &[]).await;
        let off = client.get("/api/work/duty").await.ok();
        assert_eq!(off["duty"], "off");
        assert!(off["problem"]["en"].as_str().unwrap().contains("off duty"));
        let on = client.post("/api/work/duty", json!({ "duty": "on" })).await.ok();
        assert_eq!((&on["duty"], on.get("problem"), &on["max_open"]), (&json!("on"), None, &json!(2)));
        client.post("/api/work/duty", json!({ "duty": "paused", "minutes": 600 })).await.refused(422, "value_invalid");
        let rests = client.post("/api/work/duty", json!({ "duty": "paused", "minutes": 30 })).await.ok();
        assert_eq!((&rests["duty"], rests["paused_until"].is_string()), (&json!("paused"), true));
        let on_duty = "SELECT id FROM workers WHERE duty = 'paused'";
        world.advance(Span::minutes(29)).await;
        world.work().await;
        assert_eq!(count(&world.app, on_duty).await, 1);
        world.advance(Span::minutes(1)).await;
        assert_eq!(client.get("/api/work/duty").await.ok()["duty"], "on", "at once");
        world.work().await;
        assert_eq!(count(&world.app, on_duty).await, 0, "and matching finds them");

        let days = json!({ "days": [{ "day": world.day(0).to_string(), "reason": "家里有事" }, { "day": world.day(3).to_string() }] });
        assert_eq!(client.put("/api/work/days-off", days).await.ok()["days"].as_array().unwrap().len(), 2);
        assert!(client.get("/api/work/duty").await.ok()["problem"]["en"].as_str().unwrap().contains("today off"));
        let past = json!({ "days": [{ "day": world.day(-1).to_string(), "reason": "" }] });
        client.put("/api/work/days-off", past).await.refused(422, "date_invalid");
        client.put("/api/work/days-off", json!({ "days": [] })).await.ok();
        world.advance(Span::hours(12)).await;
        assert!(client.get("/api/work/duty").await.ok()["problem"]["en"].as_str().unwrap().contains("outside"));
    }

    async fn waiting_counts_within_ones_hours_and_no_look_counts_twice(world) {
        let (_, client, file) = world.worker(&["housekeeping.cleaning"], &[]).await;
        let worker: WorkerId = id_of(&file).parse().unwrap();
        let active = async || {
            let all = paces::since(world.app.store.reads(), world.day(0)).await.unwrap();
            all.iter().find(|pace| pace.worker == worker).map_or(0, |pace| pace.active_minutes)
        };
        world.work().await;
        assert_eq!(active().await, 0, "off duty");
        client.post("/api/work/duty", json!({ "duty": "on" })).await.ok();
        for _ in 0..4 {
            world.advance(Span::minutes(15)).await;
            world.work().await;
            work::run(&world.app, "workers.active", &json!({})).await.unwrap();
        }
        assert_eq!(active().await, 60, "an hour of waiting, looked at twice as often");

        world.advance(Span::minutes(8 * 60 - 15)).await;
        world.work().await;
        assert_eq!(active().await, 75, "a quarter to six is within the hours");
        world.advance(Span::hours(1)).await;
        world.work().await;
        assert_eq!(active().await, 75, "the phone was left on duty over night");
    }

    async fn a_paper_that_runs_out_takes_its_services_off_offer(world) {
        let kinds = ["housekeeping.carer", "housekeeping.cleaning"];
        let (actor, client, file) = world.worker(&kinds, &[("health_certificate", 31)]).await;
        world.work().await;
        let told = async |client: &Client, topic: &str| inbox(client).await.iter().filter(|one| *one == topic).count();
        world.advance(Span::hours(24)).await;
        world.work().await;
        assert_eq!(told(&client, "worker.paper_ends_soon").await, 1, "thirty days before");
        world.advance(Span::hours(24)).await;
        world.work().await;
        assert_eq!(told(&client, "worker.paper_ends_soon").await, 1, "once");
        world.advance(Span::days(29)).await;
        world.work().await;
        // Logins of a month ago have ended.
        let (client, community) = (world.client_of(&actor).await, desk(world, COMMUNITY).await);
        let still = client.get("/api/work/file").await.ok();
        assert_eq!(service(&still, "housekeeping.carer")["off_offer"], false, "on its last day it holds");
        assert_eq!(still["documents"][0]["days_left"], 0);
        world.advance(Span::days(1)).await;
        world.work().await;
        let over = client.get("/api/work/file").await.ok();
        assert_eq!(service(&over, "housekeeping.carer")["off_offer"], true);
        assert_eq!(service(&over, "housekeeping.cleaning")["off_offer"], false, "what does not need it goes on");
        assert_eq!(over["documents"][0]["state"], "expired");
        assert_eq!(told(&client, "worker.paper_ran_out").await, 1);
        assert_eq!(count(&world.app, "SELECT kind FROM worker_services WHERE off_offer").await, 1);

        client.paper("health_certificate", Some(world.day(400).to_string())).await;
        let waiting = client.get("/api/work/file").await.ok();
        assert_eq!(service(&waiting, "housekeeping.carer")["off_offer"], true, "nobody has looked at the new one yet");
        let decide = format!("/api/desk/workers/{}/decide", id_of(&file));
        let back = community.post(&decide, decision(&waiting)).await.ok();
        assert_eq!(service(&back, "housekeeping.carer")["off_offer"], false);
        assert_eq!(back["documents"].as_array().unwrap().len(), 1, "the old one was replaced");
        let paper = back["documents"][0]["id"].as_str().unwrap();
        let taken_back = client.delete(&format!("/api/work/file/documents/{paper}")).await.ok();
        assert_eq!(service(&taken_back, "housekeeping.carer")["off_offer"], true);
    }

    async fn whoever_is_suspended_takes_no_jobs(world) {
        let (_, client, file) = world.worker(&["housekeeping.cleaning"], &[]).await;
        client.post("/api/work/duty", json!({ "duty": "on" })).await.ok();
        let community = desk(world, COMMUNITY).await;
        let path = format!("/api/desk/workers/{}", id_of(&file));
        desk(world, CLINIC_DESK).await.post(&format!("{path}/suspend"), json!({ "reason": "x" })).await.refused(404, "not_found");
        let away = community.post(&format!("{path}/suspend"), json!({ "reason": "投诉核实中" })).await.ok();
        assert_eq!((&away["state"], &away["reason"]), (&json!("suspended"), &json!("投诉核实中")));
        client.post("/api/work/duty", json!({ "duty": "on" })).await.refused(403, "worker_only");
        assert_eq!(client.get("/api/work/earnings").await.ok()["jobs"], json!([]), "what was earned stays theirs to read");
        assert_eq!(count(&world.app, "SELECT id FROM workers WHERE state = 'suspended' AND duty = 'on'").await, 0);
        world.log_in(HE).await.get(&format!("/api/workers/{}", id_of(&file))).await.refused(404, "not_found");
        community.post(&format!("{path}/suspend"), json!({ "reason": "x" })).await.refused(409, "worker_not_possible");
        assert_eq!(community.post(&format!("{path}/resume"), json!({})).await.ok()["state"], "verified");
        world.work().await;
        assert_eq!(inbox(&client).await[..2], ["worker.resumed", "worker.suspended"]);
    }

    async fn two_who_do_not_get_on_do_not_meet_again(world) {
        let (_, worker, file) = world.worker(&["housekeeping.cleaning"], &[]).await;
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let offering = world.offering("nanhuan_gp").await;
        let order = lin.post("/api/orders", booking(offering, world.at(1, "09:00"), "refuse")).await.ok();
        let body = json!({ "order_id": order["id"], "reason": "说话不投机" });
        lin.post("/api/me/refused-workers", body.clone()).await.refused(404, "not_found");
        has_visit(world, &order, &file).await;
        he.post("/api/me/refused-workers", body.clone()).await.refused(404, "not_found");
        let (_, stranger, _) = world.worker(&["housekeeping.cleaning"], &[]).await;
        stranger.post("/api/work/refused", body.clone()).await.refused(404, "not_found");

        let list = lin.post("/api/me/refused-workers", body.clone()).await.expect(StatusCode::CREATED);
        assert_eq!(list["items"][0]["worker_id"], file["id"]);
        let theirs = worker.post("/api/work/refused", body.clone()).await.expect(StatusCode::CREATED);
        assert_eq!(theirs["items"][0]["name"], "演**", "of residents the initial alone");
        assert_eq!(count(&world.app, "SELECT side FROM refused_pairs").await, 2);
        let again = lin.post("/api/me/refused-workers", body).await.expect(StatusCode::CREATED);
        assert_eq!(again["items"].as_array().unwrap().len(), 1, "said twice is said once");
        let path = format!("/api/me/refused-workers/{}", id_of(&file));
        assert_eq!(lin.delete(&path).await.status, StatusCode::NO_CONTENT);
        lin.delete(&path).await.refused(404, "not_found");
        let person = theirs["items"][0]["person_id"].as_str().unwrap();
        assert_eq!(worker.delete(&format!("/api/work/refused/{person}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(count(&world.app, "SELECT side FROM refused_pairs").await, 0);
    }

    async fn whoever_goes_takes_everything_along(world) {
        let (actor, client, file) = world.worker(&["housekeeping.carer"], &[("health_certificate", 100)]).await;
        let (lin, offering) = (world.log_in(LIN).await, world.offering("nanhuan_gp").await);
        let order = lin.post("/api/orders", booking(offering, world.at(1, "09:00"), "refuse")).await.ok();
        has_visit(world, &order, &file).await;
        let mine = client.get("/api/me/export").await.ok();
        assert_eq!((&mine["worker"]["home"], &mine["worker"]["documents"][0]["document"]), (&json!("大化小区"), &json!("health_certificate")));
        assert_eq!(mine["pictures"].as_array().unwrap().len(), 1);
        let picture = mine["pictures"][0]["id"].as_str().unwrap().to_owned();
        assert!(world.files.get(&picture).await.unwrap().is_some());

        client.delete("/api/me").await.refused(409, "has_open_orders");
        rows(&world.app, "UPDATE visits SET state = 'done' RETURNING order_id").await;
        assert_eq!(client.delete("/api/me").await.status, StatusCode::NO_CONTENT);
        world.work().await;
        let left = format!(
            "SELECT id FROM workers WHERE person_id = {} AND state = 'closed' AND name = '' AND latitude IS NULL",
            actor.person.0
        );
        assert_eq!(count(&world.app, &left).await, 1, "the row stays, about nobody");
        let own = format!("SELECT id FROM worker_documents WHERE worker_id = {}", id_of(&file).parse::<WorkerId>().unwrap().0);
        assert_eq!(count(&world.app, &own).await, 0);
        assert_eq!(world.files.get(&picture).await.unwrap(), None, "and what was pictured is gone");
        lin.get(&format!("/api/workers/{}", id_of(&file))).await.refused(404, "not_found");
    }

    async fn the_demo_has_somebody_for_everything(world) {
        let worker = world.log_in("19900000021").await;
        let duty = worker.get("/api/work/duty").await.ok();
        assert_eq!((&duty["duty"], duty.get("problem")), (&json!("on"), None), "{duty}");
        let file = worker.get("/api/work/file").await.ok();
        assert!(file["services"].as_array().unwrap().iter().all(|one| one["state"] == "verified"));
        let off = "SELECT worker_id FROM worker_services WHERE off_offer OR state <> 'verified'";
        assert_eq!(count(&world.app, off).await, 0);
    }
}
