//! A card that shows who somebody is without a phone.

use reqwest::StatusCode;
use serde_json::json;

use crate::harness::books::count;
use crate::harness::people::{CLINIC_DESK, COMMUNITY, DISTRICT, HE, LIN};
use crate::harness::{Client, on_both};

/// The path of a resident's card.
async fn card_of(staff: &Client, phone: &str) -> String {
    let found = staff.get(&format!("/api/desk/people?phone={phone}")).await.ok();
    format!("/api/desk/people/{}/card", found["items"][0]["id"].as_str().unwrap())
}

/// The names of those who are found so.
async fn found(desk: &Client, query: &str) -> Vec<String> {
    let people = desk.get(&format!("/api/desk/people?{query}")).await.ok();
    people["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn a_card_tells_the_desk_who_somebody_is_until_it_is_lost(world) {
        let (staff, clinic) = (world.log_in(COMMUNITY).await, world.log_in(CLINIC_DESK).await);
        let (lin, he) = (card_of(&staff, LIN).await, card_of(&staff, HE).await);
        staff.get(&lin).await.refused(404, "card_none");
        staff.post(&he, json!({})).await.refused(404, "not_found");
        clinic.post(&lin, json!({})).await.refused(403, "role_missing");

        let first = staff.post(&lin, json!({})).await.expect(StatusCode::CREATED);
        let code = first["code"].as_str().unwrap();
        assert!(first["qr_svg"].as_str().unwrap().contains("<svg"));
        assert_eq!(staff.get(&lin).await.ok()["code"], code, "it can be printed again");
        for typed in [code.to_owned(), code.to_lowercase().replace('-', "")] {
            assert_eq!(found(&clinic, &format!("card={typed}")).await, ["演示居民·林一"]);
        }
        let sealed = format!("SELECT 1 FROM person_cards WHERE code_hash LIKE '%{0}%' OR code_sealed LIKE '%{0}%'", code.replace('-', ""));
        assert_eq!(count(&world.app, &sealed).await, 0, "the code is not written down as it is");

        let second = staff.post(&lin, json!({})).await.expect(StatusCode::CREATED);
        clinic.get(&format!("/api/desk/people?card={code}")).await.refused(422, "card_unknown");
        let code = second["code"].as_str().unwrap();
        assert_eq!(found(&clinic, &format!("card={code}")).await, ["演示居民·林一"]);
        staff.delete(&lin).await.expect(StatusCode::NO_CONTENT);
        staff.delete(&lin).await.refused(404, "card_none");
        clinic.get(&format!("/api/desk/people?card={code}")).await.refused(422, "card_unknown");
        clinic.get("/api/desk/people?card=0000").await.refused(422, "card_unknown");
        clinic.get(&format!("/api/desk/people?card={code}&phone={LIN}")).await.refused(400, "malformed");

        // Whoever is looked up can read it.
        let mine = world.log_in(LIN).await.get("/api/me/audit").await.ok();
        let words: Vec<&str> = mine["items"].as_array().unwrap().iter().map(|line| line["detail"]["zh"].as_str().unwrap()).collect();
        for told in ["发放邻里卡", "查看邻里卡", "作废邻里卡"] {
            assert!(words.iter().any(|line| line.contains(told)), "{told}: {words:?}");
        }
    }

    async fn two_desks_that_give_out_a_card_leave_one(world) {
        let (one, other) = (world.log_in(COMMUNITY).await, world.log_in(DISTRICT).await);
        let path = card_of(&one, LIN).await;
        let (first, second) = tokio::join!(one.post(&path, json!({})), other.post(&path, json!({})));
        let (first, second) = (first.expect(StatusCode::CREATED), second.expect(StatusCode::CREATED));
        assert_ne!(first["code"], second["code"]);
        assert_eq!(count(&world.app, "SELECT 1 FROM person_cards WHERE ended_at IS NULL").await, 1);
    }

    async fn a_name_finds_those_of_ones_own_areas(world) {
        let (community, district, clinic) = (world.log_in(COMMUNITY).await, world.log_in(DISTRICT).await, world.log_in(CLINIC_DESK).await);
        assert_eq!(found(&community, "name=演示居民·林").await, ["演示居民·林一"]);
        assert!(found(&community, "name=演示老人").await.is_empty());
        assert_eq!(found(&district, "name=演示老人").await, ["演示老人·何老"]);
        assert!(found(&district, "name=%25").await.is_empty(), "a sign of the database is a sign like others");
        clinic.get("/api/desk/people?name=演示老人").await.refused(403, "role_missing");
    }
}
