//! Somebody looks for something, keeps it, and comes back to it.

use linli_domain::id::OfferingId;
use linli_domain::platform::AgeRange;
use linli_domain::time::Span;
use reqwest::StatusCode;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::{at_desk, book, booking, id, step};
use crate::harness::people::{CLINIC_DESK, HE, LIN};
use crate::harness::{Client, Offer, Seats, World, on_both};

/// What a search finds, with everything it says.
async fn find(client: &Client, query: &str) -> Vec<Value> {
    let found = client.get(&format!("/api/search?limit=100&{query}")).await.ok();
    let items = found["items"].as_array().unwrap().clone();
    assert!(items.len() as u64 <= found["total"].as_u64().unwrap());
    items
}

/// The Chinese titles of what a search finds.
async fn titles(client: &Client, query: &str) -> Vec<String> {
    find(client, query).await.iter().map(|item| item["title"]["zh"].as_str().unwrap().to_owned()).collect()
}

impl World {
    /// Ends an offering from today on.
    async fn end_offering(&self, offering: OfferingId) {
        let today = self.app.now().day().0;
        self.change(&[format!(
            "UPDATE offering_versions SET valid_until = {today} WHERE offering_id = {}",
            offering.0
        )])
        .await;
    }

    /// Changes something of the catalogue behind everybody's back.
    pub(super) async fn change(&self, statements: &[String]) {
        let connection = sea_orm::Database::connect(self.options().url).await.unwrap();
        let raised = "UPDATE catalogue SET version = version + 1".to_owned();
        for sql in statements.iter().chain([&raised]) {
            connection
                .execute_raw(Statement::from_string(connection.get_database_backend(), sql.as_str()))
                .await
                .unwrap();
        }
        connection.close().await.unwrap();
        self.app.forget_catalogue().await;
    }
}

on_both! {
    async fn a_resident_finds_the_doctor_of_chinese_medicine(world) {
        let anybody = world.client();
        for query in ["中医", "医", "中", "zhongyi", "zhong%20yi", "zy", "ZYMZ", "ｚｙ", "Chinese%20medicine", "chin"] {
            let found = titles(&anybody, &format!("what=offering&q={query}")).await;
            assert!(found.iter().any(|title| title.starts_with("中医")), "{query}: {found:?}");
        }
        // The kind itself comes first, then what is on offer; by name and place together as well.
        let found = find(&anybody, "q=中医").await;
        assert_eq!((&found[0]["what"], &found[0]["platform"]), (&json!("kind"), &json!("medical")));
        let zhao = world.offering("shuiyuesi_tcm_zhao").await.to_string();
        let found = find(&anybody, "q=水月寺中医").await;
        let hit = found.iter().find(|item| item["id"] == zhao.as_str()).unwrap();
        assert_eq!((&hit["price_fen"], &hit["next"]["day"]), (&json!(1500), &json!(world.day(1).to_string())));
        assert!(hit["line"]["zh"].as_str().unwrap().contains("水月寺街"), "{hit}");
        // What nobody knows the name of is found by the number to call, and nothing of it is on offer.
        let found = find(&anybody, "q=居住证协办").await;
        assert_eq!((found.len(), &found[0]["what"], &found[0]["phone"]), (1, &json!("kind"), &json!("12348")));
        assert!(find(&anybody, "q=游泳池").await.is_empty());
    }

    async fn what_is_near_today_and_free(world) {
        let anybody = world.client();
        // Her own community first; then by distance from where she stands.
        let found = find(&anybody, "what=place&area=130903002037&lat=38.3226&lon=116.8512").await;
        assert_eq!(found[0]["area_code"], "130903002037");
        let elsewhere: Vec<i64> = found
            .iter()
            .filter(|item| !item["area_code"].as_str().unwrap().starts_with("130903002"))
            .map(|item| item["distance_m"].as_i64().unwrap())
            .collect();
        assert!(elsewhere.is_sorted() && elsewhere[0] == 0, "{elsewhere:?}");
        assert!(find(&anybody, "what=place").await.iter().all(|item| item["distance_m"].is_null()));

        // Today, free of charge: what has a place left. When the last place of a day goes, so does the offering.
        let only = world.offer(Offer { hours: ("15:00", "15:30"), capacity: 1, ..Offer::default() }, |_| {}).await.to_string();
        let today = find(&anybody, "when=today&free=true&what=offering").await;
        // Where seats are booked, the day is that of a session.
        let by_time = today.iter().filter(|item| !item["next"].is_null());
        assert!(by_time.clone().count() > 0 && by_time.clone().all(|item| item["next"]["day"] == world.day(0).to_string()));
        assert!(today.iter().all(|item| item["price_fen"] == 0), "{today:?}");
        assert!(today.iter().any(|item| item["id"] == only.as_str()), "{today:?}");
        book(&world.log_in(HE).await, only.parse().unwrap(), world.at(0, "15:00")).await;
        let today = find(&anybody, "when=today&free=true&what=offering").await;
        assert!(!today.iter().any(|item| item["id"] == only.as_str()));
        let places = find(&anybody, "when=today&what=place").await;
        assert!(!places.is_empty() && places.len() < find(&anybody, "what=place").await.len());

        // For whom.
        let children = find(&anybody, "audience=children").await;
        assert!(children.iter().any(|item| item["id"] == "medical.child_care"));
        assert!(!children.iter().any(|item| item["id"] == "medical.general_practice"));
        let elders = titles(&anybody, "audience=elders&what=kind").await;
        assert!(elders.iter().any(|title| title.contains("老年")) && !elders.iter().any(|title| title.contains("儿童")), "{elders:?}");
        let total = anybody.get("/api/search?limit=1").await.ok();
        assert_eq!(total["items"].as_array().unwrap().len(), 1);
        assert!(total["total"].as_u64().unwrap() > 50, "an empty query lists everything");
    }

    async fn questions_that_cannot_be_answered(world) {
        let anybody = world.client();
        for (query, status, code, field) in [
            (format!("q={}", "长".repeat(51)), 422, "text_too_long", "q"),
            ("q=a%00b".to_owned(), 422, "text_control", "q"),
            ("lat=38.3".to_owned(), 422, "value_invalid", "lon"),
            ("lon=116.8".to_owned(), 422, "value_invalid", "lat"),
            ("lat=91&lon=116.8".to_owned(), 400, "malformed", "lat"),
            ("lat=38.3&lon=181".to_owned(), 400, "malformed", "lon"),
            ("lat=north&lon=116.8".to_owned(), 400, "malformed", "lat"),
            ("when=yesterday".to_owned(), 400, "malformed", "when"),
            ("audience=pets".to_owned(), 400, "malformed", "audience"),
            ("what=person".to_owned(), 400, "malformed", "what"),
            ("free=perhaps".to_owned(), 400, "malformed", "free"),
            ("area=1309".to_owned(), 400, "malformed", "area"),
            ("limit=0".to_owned(), 400, "malformed", "limit"),
            ("limit=101".to_owned(), 400, "malformed", "limit"),
        ] {
            let no = anybody.get(&format!("/api/search?{query}")).await.refused(status, code);
            assert_eq!(no["field"], field, "{query}");
        }
        for query in ["q=%E3%80%82%EF%BC%9F", "q=''--%3B", "q=%25", "lat=nan&lon=nan", "q=" ] {
            let answer = anybody.get(&format!("/api/search?{query}")).await;
            assert!(answer.status == StatusCode::OK || answer.status.is_client_error(), "{query}: {}", answer.status);
        }
    }

    async fn what_is_kept_is_found_again(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let mine = world.offer(Offer::default(), |_| {}).await;
        let place = find(&lin, "what=place&q=水月寺").await[0].clone();
        let organisation = find(&lin, "what=organisation").await[0].clone();
        for path in [
            format!("/api/me/favourites/offering/{mine}"),
            format!("/api/me/favourites/place/{}", place["id"].as_str().unwrap()),
            format!("/api/me/favourites/organisation/{}", organisation["id"].as_str().unwrap()),
        ] {
            lin.put(&path, json!({})).await.expect(StatusCode::NO_CONTENT);
            lin.put(&path, json!({})).await.expect(StatusCode::NO_CONTENT);
            world.advance(Span::seconds(1)).await;
        }
        let kept = lin.get("/api/me/favourites").await.ok();
        let whats: Vec<&Value> = kept["items"].as_array().unwrap().iter().map(|item| &item["what"]).collect();
        assert_eq!(whats, ["organisation", "place", "offering"], "the newest first, each once");
        assert_eq!((&kept["items"][1]["title"], &kept["items"][1]["gone"]), (&place["title"], &json!(false)));
        assert!(he.get("/api/me/favourites").await.ok()["items"].as_array().unwrap().is_empty(), "each keeps their own");

        // What ends stays in the list by the name it had, and can be taken away.
        world.end_offering(mine).await;
        let gone = lin.get("/api/me/favourites").await.ok()["items"][2].clone();
        assert_eq!((&gone["gone"], &gone["id"]), (&json!(true), &json!(mine.to_string())));
        assert!(!gone["title"]["zh"].as_str().unwrap().is_empty());
        lin.put(&format!("/api/me/favourites/offering/{mine}"), json!({})).await.refused(404, "not_found");
        for _ in 0..2 {
            lin.delete(&format!("/api/me/favourites/offering/{mine}")).await.expect(StatusCode::NO_CONTENT);
        }
        assert_eq!(lin.get("/api/me/favourites").await.ok()["items"].as_array().unwrap().len(), 2);
        lin.put(&format!("/api/me/favourites/person/{mine}"), json!({})).await.refused(404, "not_found");
        lin.put("/api/me/favourites/place/0000000000000", json!({})).await.refused(404, "not_found");
        // A kind is no thing to keep, and an offering is no place.
        lin.put(&format!("/api/me/favourites/place/{mine}"), json!({})).await.refused(404, "not_found");
    }

    async fn what_was_had_can_be_had_again(world) {
        let (lin, desk) = (world.log_in(LIN).await, world.log_in(CLINIC_DESK).await);
        assert!(lin.get("/api/me/again").await.ok()["items"].as_array().unwrap().is_empty());
        let chen = world.offering("shuiyuesi_gp_chen").await;
        let vaccination = world.offering("shuiyuesi_vaccination").await;
        let ended = world.offer(Offer::default(), |_| {}).await;

        let visit = book(&lin, chen, world.at(1, "09:30")).await;
        let child = lin.get("/api/me").await.ok()["household"][0].clone();
        let mut wish = booking(vaccination, world.at(2, "08:30"), "refuse");
        wish["subject_id"] = child["id"].clone();
        let shot = lin.post("/api/orders", wish).await.expect(StatusCode::CREATED);
        let advice = book(&lin, ended, world.at(3, "09:00")).await;
        assert!(lin.get("/api/me/again").await.ok()["items"].as_array().unwrap().is_empty(), "nothing is over yet");

        world.clock.set(world.at(1, "09:20"));
        at_desk(&desk, &visit, "check-in").await;
        at_desk(&desk, &visit, "done").await;
        step(&lin, &shot, "cancel").await;
        step(&lin, &advice, "cancel").await;
        world.end_offering(ended).await;
        let again = lin.get("/api/me/again").await.ok();
        let items = again["items"].as_array().unwrap();
        assert_eq!(items.len(), 2, "{again}");
        let seen = |item: &Value| (item["offering_id"].clone(), item["subject"]["name"].clone(), item["last_day"].clone());
        assert_eq!(seen(&items[0]), (json!(vaccination.to_string()), child["name"].clone(), json!(world.day(1).to_string())));
        assert_eq!(seen(&items[1]), (json!(chen.to_string()), json!("演示居民·林一"), json!(world.day(0).to_string())));
        assert!(items[1]["title"]["zh"].as_str().unwrap().starts_with(items[1]["kind_name"]["zh"].as_str().unwrap()));
        assert!(items[1]["provider_name"]["zh"].is_string() && items[1]["place_name"]["zh"].is_string());
        // Twice the same is there once, with the last day.
        let next = book(&lin, chen, world.at(2, "09:30")).await;
        step(&lin, &next, "cancel").await;
        let again = lin.get("/api/me/again").await.ok();
        assert_eq!(again["items"].as_array().unwrap().len(), 2);
        assert_eq!(seen(&again["items"][0]).0, json!(chen.to_string()));
        assert_ne!(id(&next), id(&visit));
        assert!(world.log_in(HE).await.get("/api/me/again").await.ok()["items"].as_array().unwrap().is_empty());
    }

    async fn events_are_found_by_what_they_are_about_while_there_are_seats(world) {
        let (lin, anybody) = (world.log_in(LIN).await, world.client());
        let meetings: &[(i32, &str)] = &[(0, "19:00"), (7, "19:00")];
        let ten = AgeRange { min: Some(10), max: Some(12) };
        let (offering, session) = world.session(Seats { seats: 1, age: Some(ten), meetings, ..Seats::default() }, |_| {}).await;
        world.change(&[
            format!("UPDATE sessions SET title_zh = '剪纸小课堂', title_en = 'Paper-cutting', about_zh = '双喜与窗花' WHERE id = {}", session.0),
            format!("UPDATE meetings SET topic_zh = '十二生肖' WHERE session_id = {} AND number = 2", session.0),
        ]).await;
        let mine = session.to_string();
        let hit = async |query: &str| find(&anybody, query).await.into_iter().find(|item| item["id"] == mine.as_str());
        for query in ["剪纸", "纸", "jianzhi", "jzxkt", "paper", "窗花", "shengxiao"] {
            assert!(hit(&format!("what=session&q={query}")).await.is_some(), "{query}");
        }
        let shown = hit("q=剪纸小课堂").await.unwrap();
        assert_eq!((&shown["what"], &shown["price_fen"], &shown["next"]["day"]), (&json!("session"), &json!(0), &json!(world.day(0).to_string())));
        assert!(shown["line"]["zh"].as_str().unwrap().contains("11月23日 周一 晚上7:00"), "{shown}");
        for filters in ["when=today", "free=true", "audience=children", "when=today&free=true&audience=children"] {
            assert!(hit(&format!("q=剪纸&{filters}")).await.is_some(), "{filters}");
        }
        assert!(hit("q=剪纸&audience=elders").await.is_none());
        let path = format!("/api/me/favourites/session/{session}");
        lin.put(&path, json!({})).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(lin.get("/api/me/favourites").await.ok()["items"][0]["title"]["zh"], "剪纸小课堂");

        // The last seat is taken: it is found, and not today; when its meeting today has begun, neither.
        world.change(&[format!("UPDATE sessions SET age_min = NULL, age_max = NULL WHERE id = {}", session.0)]).await;
        let wish = json!({ "offering_id": offering.to_string(), "session_id": session.to_string(), "if_full": "refuse" });
        let seat = lin.post("/api/orders", wish).await.expect(StatusCode::CREATED);
        assert!(hit("q=剪纸&when=today").await.is_none());
        assert_eq!(hit("q=剪纸").await.unwrap()["next"]["left"], "line");
        step(&lin, &seat, "cancel").await;
        assert!(hit("q=剪纸&when=today").await.is_some());
        world.clock.set(world.at(0, "19:30"));
        assert!(hit("q=剪纸&when=today").await.is_none());

        // Being prepared, called off or over, it is not there; whoever kept it sees that.
        for gone in ["draft", "cancelled"] {
            world.change(&[format!("UPDATE sessions SET state = '{gone}' WHERE id = {}", session.0)]).await;
            assert!(hit("q=剪纸").await.is_none(), "{gone}");
            assert_eq!(lin.get("/api/me/favourites").await.ok()["items"][0]["gone"], true, "{gone}");
        }
        lin.put(&path, json!({})).await.refused(404, "not_found");
        world.change(&[format!("UPDATE sessions SET state = 'open' WHERE id = {}", session.0)]).await;
        assert!(hit("q=剪纸").await.is_some());
        world.clock.set(world.at(8, "09:00"));
        assert!(hit("q=剪纸").await.is_none(), "it is over");
    }
}
