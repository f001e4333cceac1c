//! The home-care file of an elder.

use linli_application::care_file;
use linli_domain::time::Span;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::books::count;
use crate::harness::people::{CLINIC_DESK, DISTRICT, LIN};
use crate::harness::{Client, World, on_both};

async fn elder(world: &World) -> (Client, linli_domain::role::Actor) {
    let actor = world.residents_born(1, "1950-03-01").await.remove(0);
    (world.client().with_token(world.token_of(&actor).await), actor)
}

fn contacts(version: i64, name: &str) -> Value {
    let daughter = json!({ "name": name, "relation": "女儿", "phone": "19900000055", "hours": "晚上" });
    json!({ "version": version, "contacts": { "contacts": [daughter], "wishes": "" } })
}

fn health(version: i64) -> Value {
    json!({ "version": version, "health": {
        "allergies": ["peanuts"], "other_allergies": ["芒果"], "refuses": ["coriander"], "texture": "soft",
        "low_sugar": true, "halal": false, "vegetarian": false, "conditions": ["二型糖尿病"],
        "medicines": ["华法林"], "mobility": "拄拐",
    } })
}

/// An assessment of today in which only stairs cost two points.
fn assessment(world: &World, certificate: &str) -> Value {
    let scale = care_file::scale();
    let scores: Vec<Value> = scale
        .domains()
        .into_iter()
        .flatten()
        .map(|(key, item)| json!({ "item": key, "points": item.max - if key == "stairs" { 2 } else { 0 } }))
        .collect();
    json!({
        "assessed_on": world.app.now().day(), "place": "家中", "scores": scores, "score": 88, "dementia": true,
        "assessors": [{ "name": "评估甲", "certificate": "A1" }, { "name": "评估乙", "certificate": certificate }],
    })
}

on_both! {
    async fn a_file_is_for_elders_who_wish_one(world) {
        let (zhang, actor) = elder(world).await;
        zhang.get("/api/me/care-file").await.refused(404, "care_file_none");
        let young = world.log_in(LIN).await;
        young.post("/api/me/care-file", json!({})).await.refused(409, "care_file_too_young");
        young.get(&format!("/api/me/care-file?person_id={}", actor.person)).await.refused(404, "not_found");

        let file = zhang.post("/api/me/care-file", json!({})).await.expect(StatusCode::CREATED);
        assert_eq!((&file["version"], &file["consent"]), (&json!(1), &json!("own_hand")));
        zhang.post("/api/me/care-file", json!({})).await.refused(409, "care_file_exists");
        let file = zhang.put("/api/me/care-file/contacts", contacts(1, "张小梅")).await.ok();
        assert_eq!(file["contacts"]["contacts"][0]["name"], "张小梅");
        zhang.put("/api/me/care-file/health", health(1)).await.refused(409, "stale_version");
        let file = zhang.put("/api/me/care-file/health", health(2)).await.ok();
        assert_eq!(file["health"]["other_allergies"], json!(["芒果"]));
        for plain in ["张小梅", "芒果", "peanuts"] {
            let sql = format!(
                "SELECT 1 FROM care_files WHERE contacts LIKE '%{plain}%' OR health LIKE '%{plain}%'"
            );
            assert_eq!(count(&world.app, &sql).await, 0, "{plain} is sealed");
        }
        let export = zhang.get("/api/me/export").await.ok();
        assert_eq!(export["care_file"]["health"]["medicines"], json!(["华法林"]));

        zhang.delete("/api/me/care-file").await.expect(StatusCode::NO_CONTENT);
        zhang.get("/api/me/care-file").await.refused(404, "care_file_none");
        assert_eq!(count(&world.app, "SELECT 1 FROM care_files").await, 0);
    }

    async fn staff_open_a_part_for_a_reason_that_the_elder_reads(world) {
        let (zhang, actor) = elder(world).await;
        let (staff, clinic) = (world.log_in(DISTRICT).await, world.log_in(CLINIC_DESK).await);
        let at = |what: &str| format!("/api/desk/people/{}/care-file{what}", actor.person);
        let agreed = json!({ "consent": "signed", "note": "同意书在档案柜" });
        staff.post(&at(""), json!({ "consent": "own_hand", "note": "无" })).await.refused(422, "value_invalid");
        let asked = |part: &str, reason: &str| json!({ "part": part, "reason": reason });
        staff.post(&at("/read"), asked("contacts", "上门前联系")).await.refused(404, "care_file_none");
        staff.post(&at(""), agreed).await.expect(StatusCode::NO_CONTENT);
        staff.post(&at("/read"), asked("health", " ")).await.refused(422, "text_empty");
        clinic.post(&at("/read"), asked("health", "看看")).await.refused(403, "role_missing");
        assert_eq!(zhang.get("/api/me/care-file/openings").await.ok()["items"], json!([]));

        let part = staff.post(&at("/read"), asked("contacts", "上门前联系")).await.ok();
        assert!(part["contacts"].is_object() && part.get("health").is_none(), "{part}");
        staff.put(&at("/health"), health(1)).await.expect(StatusCode::NO_CONTENT);
        let part = staff.post(&at("/read"), asked("health", "安排用餐")).await.ok();
        assert_eq!(part["health"]["texture"], "soft");

        let first = zhang.get("/api/me/care-file/openings?limit=1").await.ok();
        assert_eq!(first["items"][0]["reason"], "安排用餐");
        assert!(first["items"][0]["words"]["zh"].as_str().unwrap().contains("健康与饮食"), "{first}");
        let next = first["next"].as_str().unwrap();
        let second = zhang.get(&format!("/api/me/care-file/openings?limit=1&cursor={next}")).await.ok();
        assert_eq!((&second["items"][0]["part"], &second["next"]), (&json!("contacts"), &Value::Null));
        assert_eq!(count(&world.app, "SELECT 1 FROM audit WHERE action = 'care_file.opened'").await, 2);
    }

    async fn an_assessment_counts_for_a_year_and_falls_due_once(world) {
        let (zhang, actor) = elder(world).await;
        let staff = world.log_in(DISTRICT).await;
        let path = format!("/api/desk/people/{}/care-file/assessments", actor.person);
        staff.post(&path, assessment(world, "B2")).await.refused(404, "care_file_none");
        zhang.post("/api/me/care-file", json!({})).await.expect(StatusCode::CREATED);
        staff.post(&path, assessment(world, "A1")).await.refused(422, "assessors_two");
        let form = staff.get("/api/desk/ability-scale").await.ok();
        assert_eq!(form["domains"][1]["items"][3], json!({ "key": "stairs", "name": { "zh": "上下楼梯", "en": "stairs" }, "max": 4 }));
        let mut wrong = assessment(world, "B2");
        wrong["score"] = json!(87);
        staff.post(&path, wrong).await.refused(422, "ability_scores");
        staff.post(&path, assessment(world, "B2")).await.expect(StatusCode::NO_CONTENT);

        let shown = zhang.get("/api/me/care-file").await.ok()["assessments"][0].clone();
        assert_eq!((&shown["score"], &shown["first_grade"], &shown["grade"]), (&json!(88), &json!(1), &json!(2)));
        let today = world.app.now().day();
        let facts = |day| care_file::facts(&world.app, world.app.store.reads(), actor.person, day);
        let grade = |facts: Option<linli_domain::care_file::Facts>| facts.unwrap().grade.map(|one| one.value.number());
        assert_eq!(grade(facts(today.plus(-1)).await.unwrap()), None);
        assert_eq!(grade(facts(today.plus(364)).await.unwrap()), Some(2));
        assert_eq!(grade(facts(today.plus(365)).await.unwrap()), None);

        let told = format!(
            "SELECT 1 FROM notices WHERE topic = 'care_file.due' AND person_id = {}", actor.person.0
        );
        let calls = format!("SELECT 1 FROM calls WHERE source LIKE 'care_file.due%' AND person_id = {}", actor.person.0);
        let due = || linli_application::work::run(&world.app, "care_files.due", &Value::Null);
        due().await.unwrap();
        assert_eq!(count(&world.app, &told).await, 0);
        zhang.post("/api/me/care-file/health-changed", json!({})).await.expect(StatusCode::NO_CONTENT);
        due().await.unwrap();
        due().await.unwrap();
        assert_eq!((count(&world.app, &told).await, count(&world.app, &calls).await), (1, 1));
        world.clock.advance(Span::days(1));
        due().await.unwrap();
        assert_eq!(count(&world.app, &told).await, 1, "told once");
    }
}
