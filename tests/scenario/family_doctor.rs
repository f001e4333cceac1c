//! A contract with a family doctor, from the request to its end.

use linli_domain::id::OfferingId;
use linli_domain::time::Instant;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::inbox;
use crate::harness::books::balance;
use crate::harness::people::{CASE_WORKER, CLINIC_DESK, HE, LIN};
use crate::harness::{Offer, START, World, clock, on_both};

/// A doctor who can take so many people.
async fn doctor(world: &World, capacity: u32) -> OfferingId {
    let offer =
        Offer { kind: "medical.family_doctor", beside: "shuiyuesi_family_doctor", capacity, ..Offer::default() };
    world.offer(offer, |_| {}).await
}

fn on(day: &str, time: &str) -> Instant {
    day.parse::<linli_domain::time::Day>().unwrap().at(clock(time))
}

fn asked(offering: OfferingId, group: &str) -> Value {
    json!({ "offering_id": offering.to_string(), "group": group })
}

fn act(contract: &Value, step: &str) -> String {
    format!("/api/contracts/{}/{step}", contract["id"].as_str().unwrap())
}

fn answer(contract: &Value, step: &str) -> String {
    format!("/api/desk/contracts/{}/{step}", contract["id"].as_str().unwrap())
}

on_both! {
    async fn asked_for_answered_renewed_and_run_out(world) {
        let panel = doctor(world, 2).await;
        let (lin, he, desk) = (world.log_in(LIN).await, world.log_in(HE).await, world.log_in(CLINIC_DESK).await);
        let shown = format!("/api/offerings/{panel}/panel");
        assert_eq!(world.client().get(&shown).await.ok(), json!({ "capacity": 2, "signed": 0, "left": "many" }));

        // She asks for herself and for her child: that is the panel.
        let mine = lin.post("/api/contracts", asked(panel, "hypertension")).await.expect(StatusCode::CREATED);
        assert_eq!((&mine["state"], &mine["actions"], &mine["group"]["key"]), (&json!("requested"), &json!(["withdraw"]), &json!("hypertension")));
        lin.post("/api/contracts", asked(panel, "general")).await.refused(409, "contract_exists");
        let child = lin.get("/api/me").await.ok()["household"][0]["id"].clone();
        let mut wish = asked(panel, "children");
        wish["subject_id"] = child.clone();
        let childs = lin.post("/api/contracts", wish).await.expect(StatusCode::CREATED);
        assert_eq!(world.client().get(&shown).await.ok()["left"], "none");
        he.post("/api/contracts", asked(panel, "elders")).await.refused(409, "panel_full");

        // The desk says yes to one and no to the other, with a reason; that place is free again.
        let roll = desk.get(&format!("/api/desk/contracts?offering={panel}&state=requested")).await.ok();
        assert_eq!((&roll["capacity"], &roll["requested"], roll["items"].as_array().unwrap().len()), (&json!(2), &json!(2), 2));
        let active = desk.post(&answer(&mine, "approve"), json!({})).await.ok();
        assert_eq!((&active["state"], &active["from"], &active["until"]), (&json!("active"), &json!("2026-11-23"), &json!("2027-11-22")));
        desk.post(&answer(&mine, "approve"), json!({})).await.refused(409, "contract_not_possible");
        desk.post(&answer(&childs, "reject"), json!({ "reason": "请到儿童保健科签约" })).await.ok();
        world.work().await;
        assert_eq!(inbox(&lin).await[..2], ["contract.rejected", "contract.active"]);
        let his = he.post("/api/contracts", asked(panel, "elders")).await.expect(StatusCode::CREATED);
        he.post(&act(&mine, "end"), json!({})).await.refused(404, "not_found");
        assert_eq!(he.post(&act(&his, "end"), json!({})).await.ok()["state"], "ended");
        let person = world.staff(HE).await.person.to_string();
        let at_desk = json!({ "offering_id": panel.to_string(), "person_id": person, "group": "elders" });
        assert_eq!(desk.post("/api/desk/contracts", at_desk).await.expect(StatusCode::CREATED)["state"], "active");
        let roll = desk.get(&format!("/api/desk/contracts?offering={panel}&group=elders")).await.ok();
        let elders = roll["groups"].as_array().unwrap().iter().find(|group| group["key"] == "elders").unwrap().clone();
        assert_eq!((&roll["signed"], &elders["count"], &roll["items"][0]["subject"]["id"]), (&json!(2), &json!(1), &json!(person)));
        balance(&world.app).await;

        // Renewed from a month before the end, once; reminded when it can be, and a week before where nobody has.
        let early = lin.post(&act(&mine, "renew"), json!({})).await.refused(409, "contract_not_renewable");
        assert!(early["detail"].as_str().unwrap().contains("Sun 24 Oct"), "{early}");
        world.clock.set(on("2027-10-24", "09:00"));
        world.work().await;
        world.work().await;
        let (lin, he) = (world.client_of(&world.staff(LIN).await).await, world.client_of(&world.staff(HE).await).await);
        assert_eq!(inbox(&lin).await[0], "contract.renewable");
        assert_eq!(lin.get("/api/contracts").await.ok()["items"][0]["renewable"], true);
        assert_eq!(lin.post(&act(&mine, "renew"), json!({})).await.ok()["until"], "2028-11-22");
        lin.post(&act(&mine, "renew"), json!({})).await.refused(409, "contract_not_renewable");
        world.clock.set(on("2027-11-16", "09:00"));
        world.work().await;
        let told = inbox(&he).await;
        assert_eq!(told[..2], ["contract.ends_soon", "contract.renewable"]);
        assert_ne!(inbox(&lin).await[0], "contract.ends_soon", "hers was renewed");

        // His runs out on its day, and his place is free.
        world.clock.set(on("2027-11-23", "00:05"));
        world.work().await;
        world.work().await;
        let he = world.client_of(&world.staff(HE).await).await;
        assert_eq!(he.get("/api/contracts").await.ok()["items"][0]["state"], "ended");
        assert_eq!(inbox(&he).await[0], "contract.ended");
        assert_eq!(world.client().get(&shown).await.ok()["signed"], 1);
        balance(&world.app).await;
    }

    async fn another_doctor_after_the_first_was_left(world) {
        let (one, other) = (doctor(world, 1).await, doctor(world, 1).await);
        let lin = world.log_in(LIN).await;
        let mine = lin.post("/api/contracts", asked(one, "general")).await.expect(StatusCode::CREATED);
        // One of a kind at a time, also with somebody else.
        lin.post("/api/contracts", asked(other, "general")).await.refused(409, "contract_exists");
        let ended = lin.post(&act(&mine, "end"), json!({ "reason": "搬家" })).await.ok();
        assert_eq!((&ended["state"], &ended["reason"]), (&json!("ended"), &json!("搬家")));
        lin.post(&act(&mine, "end"), json!({})).await.refused(409, "contract_not_possible");
        lin.post("/api/contracts", asked(other, "general")).await.expect(StatusCode::CREATED);
        let export = lin.get("/api/me/export").await.ok();
        assert_eq!(export["contracts"][0]["state"], "requested");
        balance(&world.app).await;
    }

    async fn what_cannot_be_asked_for(world) {
        let panel = doctor(world, 2).await;
        let (lin, desk) = (world.log_in(LIN).await, world.log_in(CLINIC_DESK).await);
        let no = lin.post("/api/contracts", asked(panel, "nobility")).await.refused(422, "value_invalid");
        assert!(no["detail"].as_str().unwrap().contains("hypertension"), "{no}");
        let gp = world.offering("shuiyuesi_gp_chen").await;
        lin.post("/api/contracts", asked(gp, "general")).await.refused(422, "contract_not_offered");
        world.client().get(&format!("/api/offerings/{gp}/panel")).await.refused(422, "contract_not_offered");
        let mut for_he = asked(panel, "general");
        for_he["subject_id"] = json!(world.staff(HE).await.person.to_string());
        lin.post("/api/contracts", for_he).await.refused(422, "person_unknown");
        // Another clinic's panel is not this desk's.
        let theirs = world.offering("xihuan_family_doctor").await;
        desk.get(&format!("/api/desk/contracts?offering={theirs}")).await.refused(404, "not_found");
        let person = world.staff(LIN).await.person.to_string();
        let at_desk = json!({ "offering_id": theirs.to_string(), "person_id": person, "group": "general" });
        desk.post("/api/desk/contracts", at_desk).await.refused(404, "not_found");
        let worker = world.client_of(&world.staff(CASE_WORKER).await).await;
        worker.get(&format!("/api/desk/contracts?offering={panel}")).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(world.app.now(), START, "and nothing of it took any time");
        balance(&world.app).await;
    }
}
