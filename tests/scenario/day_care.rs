//! A day at the day-care centre: who came, who left, who is missing.

use futures::FutureExt;
use linli_domain::id::{OfferingId, PersonId, VerificationId};
use linli_domain::person::{Fact, Person, Verification};
use linli_domain::words::Language;
use linli_store::StoreError;
use linli_store::people::{persons, verifications};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{at_desk, booking, look};
use crate::harness::people::{CLINIC_DESK, COMMUNITY, HE};
use crate::harness::{Offer, World, on_both};

/// An elder without an account, known at the desk.
async fn elder(world: &World) -> PersonId {
    let app = world.app.clone();
    let staff = world.staff(COMMUNITY).await.account;
    let (id, now) = (PersonId(app.next_id()), app.now());
    let person = Person {
        id,
        version: 1,
        name: "演示老人".into(),
        birth_date: Some("1950-05-01".parse().unwrap()),
        community: Some("130903001007".parse().unwrap()),
        address: None,
        identity_mask: None,
        language: Language::Zh,
        large_type: false,
    };
    world
        .app
        .store
        .write(move |tx| {
            async move {
                persons::insert(tx, &person, None, now).await?;
                for fact in [Fact::Identity, Fact::BirthDate] {
                    let seen = Verification {
                        id: VerificationId(app.next_id()),
                        person: id,
                        fact,
                        document: "居民身份证".into(),
                        verified_by: staff,
                        verified_at: now,
                        expires_at: None,
                    };
                    verifications::insert(tx, &seen).await?;
                }
                Ok::<_, StoreError>(())
            }
            .boxed()
        })
        .await
        .unwrap();
    id
}

async fn centre(world: &World) -> OfferingId {
    let offer = Offer {
        kind: "eldercare.day_care",
        beside: "shuiyuesi_gp_chen",
        hours: ("08:00", "17:00"),
        minutes: 540,
        capacity: 5,
        ..Offer::default()
    };
    world.offer(offer, |rules| rules.late_minutes = 120).await
}

on_both! {
    async fn who_came_who_left_and_who_is_missing(world) {
        let centre = centre(world).await;
        let (he, desk) = (world.log_in(HE).await, world.log_in(CLINIC_DESK).await);
        let contact = json!({ "contact": "女儿，19900000001" });
        let mut wish = booking(centre, world.at(1, "08:00"), "refuse");
        wish["form"] = contact.clone();
        let his = he.post("/api/orders", wish.clone()).await.expect(StatusCode::CREATED);
        let mut others = Vec::new();
        for _ in 0..2 {
            wish["person_id"] = json!(elder(world).await.to_string());
            others.push(desk.post("/api/desk/orders", wish.clone()).await.expect(StatusCode::CREATED));
        }
        let day = world.day(1);
        let list = async || {
            let items = desk.get(&format!("/api/desk/attendance?offering={centre}&day={day}")).await.ok()["items"].clone();
            items.as_array().unwrap().clone()
        };
        let of = |items: &[Value], order: &Value| {
            let place = items.iter().position(|item| item["order_id"] == order["id"]).expect("on the list");
            (place, items[place].clone())
        };
        let items = list().await;
        assert!(items.iter().all(|item| item["presence"] == "expected" && item["came_at"].is_null()), "{items:?}");

        // He comes at eight: no number is drawn and nobody is called.
        world.clock.set(world.at(1, "08:00"));
        let there = at_desk(&desk, &his, "check-in").await;
        assert_eq!((&there["state"], &there["ticket"], &there["actions"]), (&json!("underway"), &Value::Null, &json!(["done"])));
        let (_, item) = of(&list().await, &his);
        assert_eq!((&item["presence"], &item["came_at"]), (&json!("there"), &json!("2026-11-24T08:00:00+08:00")));
        assert_eq!(look(&he, &his).await["next_step"]["en"], "It is under way.");

        // At ten somebody looks for the others, who stand first.
        world.clock.set(world.at(0, "09:59"));
        assert_eq!(of(&list().await, &others[0]).1["presence"], "expected");
        world.clock.set(world.at(0, "10:00"));
        let items = list().await;
        assert_eq!(items[..2].iter().map(|item| item["presence"].as_str().unwrap()).collect::<Vec<_>>(), ["missing", "missing"]);
        assert_eq!((of(&items, &his).0, &items[0]["actions"]), (2, &json!(["check_in", "no_show"])));
        assert_eq!((&items[0]["subject"]["age"], &items[0]["state"]), (&json!(76), &json!("confirmed")));
        at_desk(&desk, &others[0], "check-in").await;
        at_desk(&desk, &others[1], "no-show").await;

        // In the afternoon he goes home.
        world.clock.set(world.at(0, "16:30"));
        at_desk(&desk, &his, "done").await;
        let items = list().await;
        let shown: Vec<&str> = items.iter().map(|item| item["presence"].as_str().unwrap()).collect();
        assert_eq!(shown, ["there", "gone", "not_come"]);
        let (_, item) = of(&items, &his);
        assert_eq!((&item["left_at"], &item["state"]), (&json!("2026-11-24T16:30:00+08:00"), &json!("fulfilled")));
        let theirs = world.offering("nanhuan_gp").await;
        desk.get(&format!("/api/desk/attendance?offering={theirs}&day={day}")).await.refused(404, "not_found");
        crate::harness::books::balance(&world.app).await;
    }
}
