//! The same lift reported by three neighbours: one job for the company, and two who hear what becomes of it.

use serde_json::{Value, json};

use super::super::inbox;
use super::super::on_the_way::Job;
use super::listed;
use crate::harness::books::{balance, count};
use crate::harness::on_both;
use crate::harness::people::{HE, LIN, NEWCOMER};
use linli_domain::id::CompoundId;

/// The desk of the property company, and who repairs for it.
const COMPANY: &str = "19900000017";
const REPAIRER: &str = "19900000027";

fn lift(compound: CompoundId, written: &str) -> Value {
    json!({
        "kind": "property.lift", "when": { "now": true }, "thing": written,
        "address": { "compound_id": compound.to_string(), "detail": "楼下" },
    })
}

on_both! {
    async fn three_report_one_lift_and_one_job_is_done(world) {
        let north = world.compound("dahua_north").await;
        let [first, second, third] = [world.as_phone(LIN).await, world.as_phone(HE).await, world.as_phone(NEWCOMER).await];
        let (order, _) = first.asks(lift(north, "3号楼1单元")).await;
        for (neighbour, written) in [(&second, "3-1"), (&third, "三栋一单元")] {
            assert_eq!(neighbour.post("/api/visits/preview", lift(north, written)).await.ok()["same"], true);
            let followed = neighbour.post("/api/visits", lift(north, written)).await.expect(reqwest::StatusCode::OK);
            assert_eq!(followed["order_id"], order.to_string());
        }
        let seen = first.get(&format!("/api/orders/{order}")).await.ok();
        assert_eq!(seen["visit"]["followers"], 2);
        assert_eq!(count(&world.app, "SELECT 1 FROM orders").await, 1);

        let company = world.as_phone(COMPANY).await;
        assert!(listed(&company, "open", order).await);
        let candidates = company.get(&format!("/api/desk/visits/{order}/candidates")).await.ok();
        let who = candidates["items"].as_array().unwrap().iter().find(|one| one.get("problem").is_none()).unwrap();
        let send = json!({ "worker_id": who["worker"]["id"] });
        company.post(&format!("/api/desk/visits/{order}/assign"), send).await.ok();
        let job = Job { resident: first, worker: world.as_phone(REPAIRER).await, order };
        job.through(world, 15).await;
        world.work().await;
        for neighbour in [&second, &third] {
            let heard = inbox(neighbour).await.into_iter().filter(|topic| topic == "followed.changed").count();
            assert!(heard >= 2, "that somebody comes, and that it is done: {heard}");
            let last = neighbour.get("/api/notices").await.ok()["items"][0].clone();
            assert!(last["title"]["en"].as_str().unwrap().contains("Done"), "{last}");
            neighbour.get(&format!("/api/orders/{order}")).await.refused(404, "not_found");
        }
        job.agreed().await;
        // It stands still again: that is another job.
        let (again, _) = second.asks(lift(north, "3-1")).await;
        assert_ne!(again, order);
        balance(&world.app).await;
    }
}
