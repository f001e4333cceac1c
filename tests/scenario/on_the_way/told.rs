//! Whoever has a job hears what others did to it, also with the program in the background.

use serde_json::{Value, json};

use super::{CLEANER, REPAIRER, accepted};
use crate::harness::books::{balance, count};
use crate::harness::people::DISTRICT;
use crate::harness::{Client, on_both};

async fn told(client: &Client, topic: &str) -> Vec<Value> {
    let inbox: Value = client.get("/api/notices?limit=100").await.ok();
    inbox["items"].as_array().unwrap().iter().filter(|one| one["topic"] == topic).cloned().collect()
}

on_both! {
    async fn called_off_before_they_set_out(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        world.work().await;
        let came = told(&job.resident, "order.assigned").await;
        assert_eq!(came.len(), 1);
        assert!(came[0]["title"]["en"].as_str().unwrap().contains("Somebody will come"), "{came:?}");
        let body = json!({ "version": job.seen().await["version"] });
        job.resident.post(&format!("/api/orders/{}/cancel", job.order), body).await.ok();
        for _ in 0..2 {
            world.work().await;
        }
        let heard = told(&job.worker, "visit.called_off").await;
        assert_eq!(heard.len(), 1, "once");
        assert!(heard[0]["body"]["en"].as_str().unwrap().contains("was called off"), "{heard:?}");
        let text = "SELECT 1 FROM jobs WHERE kind = 'sms.send' AND payload LIKE '%visit.called_off%'";
        assert_eq!(count(&world.app, text).await, 1, "and their phone says so");
        balance(&world.app).await;
    }

    async fn taken_back_and_sent_by_staff(world) {
        let job = accepted(world, "housekeeping.appliance_repair", REPAIRER).await;
        let desk = world.client_of(&world.staff(DISTRICT).await).await;
        let path = format!("/api/desk/visits/{}", job.order);
        desk.post(&format!("{path}/unassign"), json!({ "reason": "换一位师傅" })).await.ok();
        world.work().await;
        assert_eq!(told(&job.worker, "visit.taken_back").await.len(), 1);
        let heard = told(&job.resident, "order.unassigned").await;
        assert_eq!(heard.len(), 1);
        assert!(heard[0]["body"].to_string().contains("换一位师傅"), "{heard:?}");
        // What they give back themselves nobody needs to tell them.
        let worker = job.worker.get("/api/work/file").await.ok()["id"].clone();
        desk.post(&format!("{path}/assign"), json!({ "worker_id": worker })).await.ok();
        world.work().await;
        assert_eq!(told(&job.worker, "visit.sent").await.len(), 1);
        job.step("give-back", json!({ "reason": "车坏了" })).await.ok();
        world.work().await;
        assert_eq!(told(&job.worker, "visit.taken_back").await.len(), 1);
        balance(&world.app).await;
    }
}
