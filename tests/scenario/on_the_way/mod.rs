//! Somebody is coming, is at the door, does the work, or does not: each told by whoever waits and whoever comes.

mod again;
mod away;
mod calls;
mod door;
mod help;
mod silence;
mod stuck;
mod told;
mod way;

use linli_domain::id::OrderId;
use linli_domain::time::Span;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::books::rows;
use crate::harness::people::LIN;
use crate::harness::{Client, World};

/// Demo workers: a cleaner with an e-bike, and somebody who repairs.
const CLEANER: &str = "19900000021";
const REPAIRER: &str = "19900000023";

/// A job somebody has.
pub(super) struct Job {
    /// Who waits.
    pub(super) resident: Client,
    /// Who comes.
    pub(super) worker: Client,
    /// The order.
    pub(super) order: OrderId,
}

/// What a resident of the demo asks for: as soon as possible, at a door near the worker's home.
fn wish(kind: &str) -> Value {
    let (point, form) = match kind {
        "housekeeping.cleaning" => (json!({ "lat": 38.3246, "lon": 116.8479 }), json!({})),
        _ => (json!({ "lat": 38.3101, "lon": 116.8596 }), json!({ "appliance": "冰箱不制冷" })),
    };
    json!({
        "kind": kind, "address": { "text": "演示小区", "detail": "3号楼2单元101", "point": point },
        "when": { "now": true }, "form": form, "pay_by": "cash",
    })
}

/// A resident asks, offers are made, and this worker accepts theirs.
async fn accepted(world: &World, kind: &str, worker: &str) -> Job {
    let resident = world.client_of(&world.staff(LIN).await).await;
    let worker = world.client_of(&world.staff(worker).await).await;
    let made = resident.post("/api/visits", wish(kind)).await.expect(StatusCode::CREATED);
    world.work().await;
    let order: OrderId = made["id"].as_str().unwrap().parse().unwrap();
    let offers = worker.get("/api/work/offers").await.ok();
    let offer = offers["items"].as_array().unwrap().iter().find(|offer| offer["order_id"] == made["id"]);
    let offer = offer.unwrap_or_else(|| panic!("an offer for {kind}: {offers}"))["id"].clone();
    worker.post(&format!("/api/work/offers/{}/accept", offer.as_str().unwrap()), json!({})).await.ok();
    Job { resident, worker, order }
}

/// Somebody else on duty near there, whom staff have verified.
async fn neighbour(world: &World) -> Client {
    let (_, client, _) = world.worker(&["housekeeping.cleaning"], &[]).await;
    client.post("/api/work/duty", json!({ "duty": "on" })).await.ok();
    client
}

impl Job {
    /// The path of a step of the worker.
    fn path(&self, step: &str) -> String {
        format!("/api/work/jobs/{}/{step}", self.order)
    }

    /// A step of the worker.
    pub(super) async fn step(&self, step: &str, body: Value) -> crate::harness::Answer {
        self.worker.post(&self.path(step), body).await
    }

    /// The order as the resident sees it.
    pub(super) async fn seen(&self) -> Value {
        self.resident.get(&format!("/api/orders/{}", self.order)).await.ok()
    }

    /// Where the worker is, as the resident sees it.
    async fn whereabouts(&self) -> Value {
        self.resident.get(&format!("/api/orders/{}/position", self.order)).await.ok()
    }

    /// The four digits the resident knows.
    pub(super) async fn code(&self) -> String {
        self.seen().await["visit"]["code"].as_str().expect("a code before the start").to_owned()
    }

    /// The events of the timeline.
    pub(super) async fn events(&self, world: &World) -> Vec<String> {
        let sql = format!("SELECT event FROM order_events WHERE order_id = {} ORDER BY number", self.order.0);
        rows(&world.app, &sql).await.iter().map(|row| row.try_get("", "event").unwrap()).collect()
    }

    /// A column of the visit.
    async fn visit(&self, world: &World, column: &str) -> Option<i64> {
        let sql = format!("SELECT {column} AS it FROM visits WHERE order_id = {}", self.order.0);
        rows(&world.app, &sql).await[0].try_get("", "it").unwrap()
    }

    /// How long the whole way takes.
    async fn way(&self, world: &World) -> Span {
        let sql = format!("SELECT CAST(travel_seconds AS BIGINT) AS it FROM visits WHERE order_id = {}", self.order.0);
        Span::seconds(rows(&world.app, &sql).await[0].try_get("", "it").unwrap())
    }

    /// Sets out, arrives and begins.
    async fn begun(&self) {
        self.step("on-the-way", json!({})).await.ok();
        self.step("arrived", json!({})).await.ok();
        self.step("start", json!({ "code": self.code().await })).await.ok();
    }
}

/// Open calls of staff about an order.
pub(super) async fn calls(world: &World, order: OrderId) -> Vec<String> {
    let sql = format!("SELECT source FROM calls WHERE order_id = {} ORDER BY id", order.0);
    rows(&world.app, &sql).await.iter().map(|row| row.try_get("", "source").unwrap()).collect()
}

/// What stands in the ledger for an order, in fen.
pub(super) async fn paid(world: &World, order: OrderId) -> i64 {
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(p.amount_fen), 0) AS BIGINT) AS it FROM ledger_postings p JOIN ledger_entries e \
         ON e.id = p.entry_id WHERE e.order_id = {} AND p.amount_fen > 0",
        order.0
    );
    rows(&world.app, &sql).await[0].try_get("", "it").unwrap()
}
