//! What is kept of people, what they can take away, and leaving.

use reqwest::StatusCode;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::{book, step};
use crate::harness::books::{count, rows};
use crate::harness::people::{COMMUNITY, HE, LIN, NEWCOMER};
use crate::harness::{Database, World, on_both};

/// A number with a right check digit, of a region that does not exist.
const NUMBER: &str = "990101199001010012";

/// Everything that lies in the database, as bytes.
async fn at_rest(world: &World) -> Vec<u8> {
    let mut all = Vec::new();
    match world.database {
        Database::Sqlite => {
            let url = world.options().url;
            let file = linli_store::sqlite_file(&url).unwrap();
            for name in [file.to_owned(), file.with_extension("sqlite3-wal")] {
                all.extend(std::fs::read(name).unwrap_or_default());
            }
        }
        Database::Postgres => {
            for table in rows(&world.app, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'").await {
                let name: String = table.try_get("", "tablename").unwrap();
                for row in rows(&world.app, &format!("SELECT CAST(t.* AS TEXT) AS line FROM {name} t")).await {
                    let line: String = row.try_get("", "line").unwrap();
                    all.extend(line.as_bytes());
                    all.push(b'\n');
                }
            }
        }
    }
    all
}

fn contains(all: &[u8], text: &str) -> bool {
    all.windows(text.len()).any(|window| window == text.as_bytes())
}

/// A number like [`NUMBER`] with its check digit.
fn number() -> String {
    let body = &NUMBER[..17];
    "0123456789X"
        .chars()
        .map(|last| format!("{body}{last}"))
        .find(|text| text.parse::<linli_domain::identity::IdentityNumber>().is_ok())
        .unwrap()
}

on_both! {
    async fn an_identity_number_is_sealed_at_rest_and_found_again(world) {
        let newcomer = world.log_in(NEWCOMER).await;
        let number = number();
        let me = newcomer.put("/api/me/identity", json!({ "number": number })).await.ok();
        let mask = format!("9****************{}", &number[17..]);
        assert_eq!(me["person"]["identity_masked"], mask.as_str());
        assert_eq!(me["person"]["birth_date"], "1990-01-01", "taken from the number");
        let all = at_rest(world).await;
        assert!(contains(&all, &mask), "this does look into the database");
        for secret in [number.as_str(), "990101199006180084", "990101194803150096"] {
            assert!(!contains(&all, secret), "a plain number lies in the database");
        }
        // Sealed with a nonce, found by a keyed hash.
        let desk = world.log_in(COMMUNITY).await;
        let found = desk.get(&format!("/api/desk/people?identity={number}")).await.ok();
        assert_eq!(found["items"][0]["name"], "演示新居民·远二");
        assert!(!found.to_string().contains(&number));
        // Without consent it is forgotten.
        let consents = newcomer.get("/api/me/consents").await.ok();
        let given = consents["items"].as_array().unwrap().iter().find(|one| one["purpose"] == "identity_number");
        if let Some(id) = given.and_then(|one| one["id"].as_str()) {
            newcomer.delete(&format!("/api/me/consents/{id}")).await.expect(StatusCode::NO_CONTENT);
            assert!(newcomer.get("/api/me").await.ok()["person"]["identity_masked"].is_null());
        }
    }

    async fn neither_tokens_nor_codes_nor_phones_lie_about(world) {
        let sent = world.client().post("/api/login/code", json!({ "phone": HE })).await.ok();
        let token = world.token_of(&world.staff(LIN).await).await;
        let lin = world.client().with_token(token.clone());
        book(&lin, world.offering("shuiyuesi_gp_chen").await, world.at(1, "09:30")).await;
        world.work().await;
        let all = at_rest(world).await;
        assert!(!contains(&all, &token), "a token lies in the database");
        let code = sent["demo_code"].as_str().unwrap();
        let kept = rows(&world.app, "SELECT code_hash FROM login_codes").await;
        assert!(kept.iter().all(|row| row.try_get::<String>("", "code_hash").unwrap() != code));
        for job in rows(&world.app, "SELECT payload FROM jobs").await {
            let payload: String = job.try_get("", "payload").unwrap();
            assert!(!payload.contains("1990000") && !payload.contains("演示"), "no job carries a phone or a name: {payload}");
        }
    }

    async fn everything_about_oneself_can_be_taken_away(world) {
        let lin = world.log_in(LIN).await;
        let order = book(&lin, world.offering("shuiyuesi_gp_chen").await, world.at(1, "09:30")).await;
        world.work().await;
        let export = lin.get("/api/me/export").await.ok();
        assert_eq!(export["format"], "linli-export/1");
        assert_eq!(export["account"]["phone"], LIN);
        let text = export.to_string();
        for part in ["演示居民·林一", "演示儿童·林小禾", "演示路101号1单元101室", "privacy_policy", order["id"].as_str().unwrap(), "order.placed"] {
            assert!(text.contains(part), "{part} is missing: {text}");
        }
        assert!(!text.contains("990101199006180084"), "the number stays sealed");
        let record = lin.get("/api/me/audit").await.ok();
        assert_eq!(record["items"][0]["action"], "data.exported");
        let other = world.log_in(HE).await.get("/api/me/export").await.ok().to_string();
        assert!(!other.contains("林一"));
    }

    async fn an_account_can_be_closed_and_its_phone_begins_anew(world) {
        let lin = world.log_in(LIN).await;
        let order = book(&lin, world.offering("shuiyuesi_gp_chen").await, world.at(1, "09:30")).await;
        lin.delete("/api/me").await.refused(409, "has_open_orders");
        step(&lin, &order, "cancel").await;
        lin.delete("/api/me").await.expect(StatusCode::NO_CONTENT);
        lin.get("/api/me").await.refused(401, "token_invalid");
        assert_eq!(count(&world.app, "SELECT 1 FROM orders").await, 1, "the books stay, about nobody");
        let names = rows(&world.app, "SELECT name FROM persons WHERE closed_at IS NOT NULL").await;
        assert!(!names.is_empty() && names.iter().all(|row| row.try_get::<String>("", "name").unwrap().is_empty()));
        world.advance(linli_domain::time::Span::minutes(1)).await;
        let again = world.log_in(LIN).await.get("/api/me").await.ok();
        assert_eq!((&again["person"]["name"], &again["household"]), (&json!(""), &json!([])));
        assert_ne!(again["person"]["id"], Value::Null);
    }

    async fn consents_are_given_and_withdrawn(world) {
        let newcomer = world.log_in(NEWCOMER).await;
        newcomer.post("/api/me/consents", json!({ "purpose": "newsletter" })).await.refused(422, "consent_unknown");
        let given = newcomer.post("/api/me/consents", json!({ "purpose": "identity_number" })).await.expect(StatusCode::CREATED);
        let path = format!("/api/me/consents/{}", given["id"].as_str().unwrap());
        newcomer.delete(&path).await.expect(StatusCode::NO_CONTENT);
        let list = newcomer.get("/api/me/consents").await.ok();
        let withdrawn = list["items"].as_array().unwrap().iter().find(|one| one["id"] == given["id"]).unwrap().clone();
        assert!(withdrawn["withdrawn_at"].is_string(), "{withdrawn}");
    }
}

/// The write-ahead log is part of what lies there: a row that was just written is found in it.
#[tokio::test(flavor = "multi_thread")]
async fn the_search_finds_what_is_there() {
    crate::harness::run(Database::Sqlite, |world| {
        Box::pin(async move {
            let all = at_rest(world).await;
            assert!(contains(&all, "演示居民·林一"));
            let connection = sea_orm::Database::connect(world.options().url).await.unwrap();
            let sql = "UPDATE persons SET address = '演示地址甲乙丙' WHERE name = '演示居民·林一'";
            connection.execute_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
            assert!(contains(&at_rest(world).await, "演示地址甲乙丙"));
            connection.close().await.unwrap();
        })
    })
    .await;
}
