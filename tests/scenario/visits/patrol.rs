//! A patrol by staff: nobody is asked, the community sends a warden.

use serde_json::json;

use super::super::inbox;
use super::super::on_the_way::{Job, paid};
use super::{listed, on_board};
use crate::harness::books::{balance, count};
use crate::harness::on_both;
use crate::harness::people::{CLINIC_DESK, COMMUNITY, LIN};
use crate::harness::reports::HERE;

/// Wardens of the demo: one who lives near, and one farther away.
const WARDEN: &str = "19900000030";
const OTHER: &str = "19900000031";

on_both! {
    async fn a_patrol_is_sent_by_the_community(world) {
        let lin = world.as_phone(LIN).await;
        let wish = json!({
            "kind": "security.patrol", "form": { "why": "夜里车棚常有陌生人徘徊" },
            "when": { "from": world.at(0, "19:00").to_string(), "until": world.at(0, "20:30").to_string() },
            "address": { "text": "演示小区车棚", "point": { "lat": HERE.0, "lon": HERE.1 } },
        });
        let (order, made) = lin.asks(wish).await;
        assert_eq!((&made["visit"]["way"], &made["visit"]["state"]), (&json!("staff"), &json!("seeking")));
        world.work().await;
        let (warden, other) = (world.as_phone(WARDEN).await, world.as_phone(OTHER).await);
        assert_eq!(count(&world.app, "SELECT 1 FROM offers").await, 0, "nobody is asked by the machine");
        assert!(!on_board(&warden, order).await);
        warden.post(&format!("/api/work/board/{order}/accept"), json!({})).await.refused(404, "not_found");

        let (community, clinic) = (world.as_phone(COMMUNITY).await, world.as_phone(CLINIC_DESK).await);
        assert!(listed(&community, "open", order).await && !listed(&clinic, "open", order).await);
        let path = format!("/api/desk/visits/{order}");
        clinic.get(&format!("{path}/candidates")).await.refused(404, "not_found");
        lin.get(&format!("{path}/candidates")).await.refused(403, "role_missing");
        let candidates = community.get(&format!("{path}/candidates")).await.ok();
        let good: Vec<_> = candidates["items"].as_array().unwrap().iter().filter(|one| one.get("problem").is_none()).collect();
        assert!(good.len() >= 2, "{candidates}");
        assert!(good[0]["travel_seconds"].as_u64() <= good[1]["travel_seconds"].as_u64(), "the nearer comes first: {candidates}");

        // First only that it will be seen to, then by whom.
        community.post(&format!("{path}/take"), json!({})).await.ok();
        assert_eq!(lin.get(&format!("/api/orders/{order}")).await.ok()["visit"]["state"], "accepted");
        let send = json!({ "worker_id": good[0]["worker"]["id"] });
        clinic.post(&format!("{path}/assign"), send.clone()).await.refused(404, "not_found");
        community.post(&format!("{path}/assign"), send).await.ok();
        other.get(&format!("/api/work/jobs/{order}")).await.refused(404, "not_found");
        world.work().await;
        let seen = lin.get(&format!("/api/orders/{order}")).await.ok();
        assert!(seen["visit"]["worker"]["name"].as_str().unwrap().contains("褚十"), "{seen}");
        assert!(inbox(&lin).await.iter().any(|topic| topic == "order.assigned"));

        world.advance(world.at(0, "18:55") - world.app.now()).await;
        let job = Job { resident: lin, worker: warden, order };
        job.through(world, 30).await;
        assert_eq!((job.agreed().await["state"].as_str(), paid(world, order).await), (Some("closed"), 0));
        balance(&world.app).await;
    }
}
