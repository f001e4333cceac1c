//! Another time: asked for anew, of everybody, and counted on its own day.

use linli_domain::geo::Travel;
use linli_domain::time::Span;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::crew::{Crew, DOOR, at_once};
use crate::harness::{World, on_both};

const HAIRCUT: Crew<'static> = Crew { kind: "housekeeping.haircut", travel: Travel::EBike, home: DOOR, max_open: 3 };

/// From ten to noon, so many days from now.
fn window(world: &World, days: i32) -> Value {
    json!({ "from": world.at(days, "10:00").to_string(), "until": world.at(days, "12:00").to_string() })
}

/// The same wish at a time.
fn on(world: &World, days: i32) -> Value {
    let mut wish = at_once(HAIRCUT.kind, DOOR, json!({}));
    wish["when"] = window(world, days);
    wish
}

on_both! {
    async fn whoever_said_no_to_one_time_is_asked_about_another(world) {
        let hands = world.crew(2, HAIRCUT).await;
        let resident = world.client_of(&world.resident().await).await;
        let (order, _) = resident.asks(at_once(HAIRCUT.kind, DOOR, json!({}))).await;
        world.work().await;
        let mut asked = Vec::new();
        for hand in &hands {
            let worker = world.client_of(&hand.actor).await;
            if let Some(offer) = worker.offer_of(order).await {
                asked.push((worker, offer["id"].as_str().unwrap().to_owned()));
            }
        }
        let (worker, old) = asked.pop().unwrap();
        world.advance(Span::minutes(1)).await;
        let moved = resident.post(&format!("/api/visits/{order}/later"), window(world, 1)).await.ok();
        assert_eq!(moved["start"], world.at(1, "10:00").to_string());
        assert!(worker.offer_of(order).await.is_none(), "nobody says yes to a time that is no more");
        worker.post(&format!("/api/work/offers/{old}/accept"), json!({})).await.refused(409, "offer_ended");

        world.work().await;
        let new = worker.offer_of(order).await.expect("the same worker, about the new time");
        let declined = format!("/api/work/offers/{}/decline", new["id"].as_str().unwrap());
        worker.post(&declined, json!({})).await.ok();
        world.advance(Span::minutes(5)).await;
        world.work().await;
        assert!(worker.offer_of(order).await.is_none(), "a no to this time is a no");
        world.advance(Span::minutes(1)).await;
        resident.post(&format!("/api/visits/{order}/later"), window(world, 2)).await.ok();
        world.work().await;
        assert!(worker.offer_of(order).await.is_some(), "and says nothing about another");
    }

    async fn the_limit_of_a_day_goes_with_the_day(world) {
        let folder = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir("../server/platforms").unwrap().map(|file| file.unwrap().path()) {
            if file.extension().is_some_and(|kind| kind == "toml") {
                let text = std::fs::read_to_string(&file).unwrap();
                let text = text.replace("[dispatch.limits]\n", "[dispatch.limits]\nper_day = 1\n");
                std::fs::write(folder.path().join(file.file_name().unwrap()), text).unwrap();
            }
        }
        let platforms = linli::platforms::load(Some(folder.path())).unwrap();
        let mut strict = world.another_with(&world.options(), |parts| parts.platforms = platforms).await;
        let door = strict.serve(linli_api::Options::default()).await;
        let resident = door.with_token(world.token_of(&world.resident().await).await);

        let (order, _) = resident.asks(on(world, 1)).await;
        resident.post("/api/visits", on(world, 1)).await.refused(409, "limit_per_day");
        resident.post(&format!("/api/visits/{order}/later"), window(world, 2)).await.ok();
        resident.post("/api/visits", on(world, 2)).await.refused(409, "limit_per_day");
        let second = resident.post("/api/visits", on(world, 1)).await.expect(StatusCode::CREATED);
        let second = format!("/api/visits/{}/later", second["id"].as_str().unwrap());
        resident.post(&second, window(world, 2)).await.refused(409, "limit_per_day");
        resident.post(&second, window(world, 3)).await.ok();
        strict.end().await;
    }
}
