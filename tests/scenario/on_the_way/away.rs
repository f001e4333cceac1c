//! Whoever is suspended comes to nobody, and nobody waits for them.

use linli_domain::id::OrderId;
use linli_domain::time::Span;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{CLEANER, Job, accepted, calls, neighbour, wish};
use crate::harness::books::{balance, count};
use crate::harness::people::{DISTRICT, HE};
use crate::harness::{Client, World, on_both};

async fn inbox(client: &Client) -> Vec<Value> {
    client.get("/api/notices?limit=100").await.ok()["items"].as_array().unwrap().clone()
}

async fn times(client: &Client, topic: &str) -> usize {
    inbox(client).await.iter().filter(|one| one["topic"] == topic).count()
}

/// Staff take whoever has a job off all jobs.
async fn suspend(world: &World, job: &Job) -> (Client, String) {
    let file = job.worker.get("/api/work/file").await.ok();
    let desk = world.client_of(&world.staff(DISTRICT).await).await;
    let path = format!("/api/desk/workers/{}", file["id"].as_str().unwrap());
    desk.post(&format!("{path}/suspend"), json!({ "reason": "投诉核实中" })).await.ok();
    (desk, path)
}

on_both! {
    async fn what_they_have_before_them_goes_to_others(world) {
        neighbour(world).await;
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.step("on-the-way", json!({})).await.ok();
        job.step("position", json!({ "point": { "lat": 38.327, "lon": 116.8479 } })).await.ok();
        // Beside the job, they are being asked about another one.
        let he = world.client_of(&world.staff(HE).await).await;
        let tomorrow = json!({ "from": world.at(1, "10:00").to_string(), "until": world.at(1, "16:00").to_string() });
        let mut wish = wish("housekeeping.cleaning");
        wish["when"] = tomorrow;
        let other: OrderId = he.post("/api/visits", wish).await.expect(StatusCode::CREATED)["id"].as_str().unwrap().parse().unwrap();
        world.work().await;
        let offers = job.worker.get("/api/work/offers").await.ok();
        let offer = offers["items"].as_array().unwrap().iter().find(|one| one["order_id"] == other.to_string());
        let offer = offer.unwrap_or_else(|| panic!("{offers}"))["id"].as_str().unwrap().to_owned();

        let (desk, path) = suspend(world, &job).await;
        // Whoever is quicker than the jobs that follow gets nothing either.
        let no = job.worker.post(&format!("/api/work/offers/{offer}/accept"), json!({})).await;
        assert!(no.status.is_client_error(), "{}", no.body);
        world.work().await;
        let seen = job.seen().await;
        assert_eq!((&seen["state"], &seen["visit"]["worker"]), (&json!("requested"), &json!(null)));
        assert_eq!(count(&world.app, "SELECT 1 FROM positions").await, 0);
        let told = inbox(&job.resident).await;
        let told: Vec<&Value> = told.iter().filter(|one| one["topic"] == "order.unassigned").collect();
        assert_eq!(told.len(), 1, "the resident is told, once");
        let words = told[0]["body"].to_string();
        assert!(words.contains("另找人") && !words.contains("投诉") && !words.contains("暂停"), "why is nobody else's: {words}");
        assert_eq!(times(&job.worker, "worker.suspended").await, 1);
        let open = "SELECT 1 FROM offers o JOIN workers w ON w.id = o.worker_id WHERE o.state = 'open' AND w.state = 'suspended'";
        assert_eq!(count(&world.app, open).await, 0, "they are asked nothing");
        let others = format!("SELECT 1 FROM offers WHERE order_id = {} AND state = 'open'", job.order.0);
        assert!(count(&world.app, &others).await > 0, "others are asked");
        job.step("arrived", json!({})).await.expect(StatusCode::NOT_FOUND);
        balance(&world.app).await;
        // Twice is once, and whoever is back keeps what they have by then.
        world.work().await;
        desk.post(&format!("{path}/resume"), json!({})).await.ok();
        assert_eq!(times(&job.resident, "order.unassigned").await, 1);
    }

    async fn whoever_is_at_work_is_left_there_and_staff_call(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        job.begun().await;
        suspend(world, &job).await;
        world.work().await;
        let seen = job.seen().await;
        assert_eq!((&seen["state"], &seen["visit"]["state"]), (&json!("underway"), &json!("working")));
        let calls = calls(world, job.order).await;
        assert_eq!(calls.iter().filter(|source| source.starts_with("visit.away/")).count(), 1, "{calls:?}");
        world.advance(Span::minutes(30)).await;
        job.step("done", json!({})).await.ok();
        balance(&world.app).await;
    }
}
