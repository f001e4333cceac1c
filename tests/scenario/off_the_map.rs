//! A point nobody can get to, or from.

use linli_domain::geo::{Travel, Wgs84};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::books::count;
use crate::harness::on_both;
use crate::harness::people::LIN;
use crate::harness::pictures::file;

fn at(latitude: f64, longitude: f64) -> Value {
    json!({ "text": "演示路1号", "detail": "101", "point": { "lat": latitude, "lon": longitude } })
}

fn visit(latitude: f64, longitude: f64) -> Value {
    json!({ "kind": "housekeeping.cleaning", "when": { "now": true }, "pay_by": "cash", "address": at(latitude, longitude) })
}

on_both! {
    async fn an_address_off_the_streets_is_refused_in_words(world) {
        let lin = world.client_of(&world.staff(LIN).await).await;
        // Another city, the middle of the sea, and a few hundred metres from the last street.
        let streets = &world.app.streets;
        let off = |point: &Wgs84| streets.snap(Travel::Foot, *point).is_err();
        let edge = (1..400).map(|n| Wgs84 { latitude: 38.3246 + f64::from(n) * 0.0005, longitude: 116.8479 });
        let edge = edge.into_iter().find(off).expect("the streets end somewhere");
        for (latitude, longitude) in [(39.9042, 116.4074), (0.0, 0.0), (edge.latitude, edge.longitude)] {
            let refused = lin.post("/api/me/addresses", at(latitude, longitude)).await.refused(422, "address_off_streets");
            assert_eq!(refused["field"], "address");
            assert!(refused["detail"].as_str().unwrap().contains("200 metres"), "{refused}");
            lin.post("/api/visits", visit(latitude, longitude)).await.refused(422, "address_off_streets");
        }
        let chinese = lin.clone().speaking("zh").post("/api/visits", visit(39.9, 116.4)).await.refused(422, "address_off_streets");
        assert!(chinese["detail"].as_str().unwrap().contains("200 米"), "{chinese}");
        for (latitude, longitude) in [(91.0, 116.8), (38.3, 181.0)] {
            lin.post("/api/visits", visit(latitude, longitude)).await.refused(400, "malformed");
        }
        assert_eq!(count(&world.app, "SELECT 1 FROM orders").await, 0);
        assert_eq!(count(&world.app, "SELECT 1 FROM addresses").await, 0);
        // A step back onto the map it is an address.
        lin.post("/api/me/addresses", at(edge.latitude - 0.0005, edge.longitude)).await.expect(StatusCode::CREATED);
    }

    async fn so_is_a_home_base(world) {
        let person = world.resident().await;
        let client = world.client_of(&person).await;
        let mut far = file(json!([{ "kind": "housekeeping.cleaning" }]));
        far["home"]["point"] = json!({ "lat": 39.9042, "lon": 116.4074 });
        let refused = client.put("/api/work/file", far.clone()).await.refused(422, "home_off_streets");
        assert_eq!(refused["field"], "home");
        assert!(refused["detail"].as_str().unwrap().contains("by e-bike"), "{refused}");
        let kept = format!("SELECT 1 FROM workers WHERE person_id = {}", person.person.0);
        assert_eq!(count(&world.app, &kept).await, 0, "nothing was kept");

        client.put("/api/work/file", file(json!([{ "kind": "housekeeping.cleaning" }]))).await.ok();
        client.put("/api/work/file", json!({ "home": far["home"] })).await.refused(422, "home_off_streets");
        // Where one can walk, one cannot always drive: who changes how they travel is looked at again.
        let streets = &world.app.streets;
        let steps = |n: i32| f64::from(n) * 0.0005;
        let only_on_foot = (-60..60)
            .flat_map(|north| (-60..60).map(move |east| (38.32 + steps(north), 116.85 + steps(east))))
            .map(|(latitude, longitude)| Wgs84 { latitude, longitude })
            .find(|point| streets.snap(Travel::Foot, *point).is_ok() && streets.snap(Travel::Car, *point).is_err());
        if let Some(point) = only_on_foot {
            let home = json!({ "text": "步行街", "point": { "lat": point.latitude, "lon": point.longitude } });
            client.put("/api/work/file", json!({ "travel": "foot", "home": home })).await.ok();
            let refused = client.put("/api/work/file", json!({ "travel": "car" })).await.refused(422, "home_off_streets");
            assert!(refused["detail"].as_str().unwrap().contains("by car"), "{refused}");
        }
    }
}
