//! Many who come to the door, written straight into the tables, and asking for them. How one becomes such a worker is
//! told in `scenario/workers`.

use futures::FutureExt;
use linli_domain::demo::Gender;
use linli_domain::geo::{Travel, Wgs84};
use linli_domain::id::{OrderId, WorkerId};
use linli_domain::platform::KindKey;
use linli_domain::role::Actor;
use linli_domain::worker::{Duty, Hours, ServiceState, WorkerState};
use linli_store::StoreError;
use linli_store::market::papers::{self, Service};
use linli_store::market::workers::{self, Worker};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::client::Client;
use super::offers::clock;
use super::world::World;

/// A door of the demo's Dahua, in degrees north and east; the demo's first cleaner lives behind it.
pub(crate) const DOOR: (f64, f64) = (38.3246, 116.8479);

/// What the workers of a test are like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crew<'a> {
    /// What they do; verified.
    pub(crate) kind: &'a str,
    /// By which means they come.
    pub(crate) travel: Travel,
    /// Where they start from.
    pub(crate) home: (f64, f64),
    /// How many jobs each takes at once.
    pub(crate) max_open: u32,
}

impl Default for Crew<'_> {
    /// Cleaners on e-bikes behind [`DOOR`], who take three jobs at once.
    fn default() -> Self {
        Self { kind: "housekeeping.cleaning", travel: Travel::EBike, home: DOOR, max_open: 3 }
    }
}

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Hand {
    /// As they ask.
    pub(crate) actor: Actor,
    /// As they are asked.
    pub(crate) worker: WorkerId,
}

impl World {
    /// So many workers on duty, every day from 6 to 22.
    pub(crate) async fn crew(&self, count: usize, crew: Crew<'_>) -> Vec<Hand> {
        let kind: KindKey = crew.kind.parse().unwrap();
        let actors = self.residents(count).await;
        let hands: Vec<Hand> =
            actors.into_iter().map(|actor| Hand { actor, worker: WorkerId(self.app.next_id()) }).collect();
        let rows: Vec<Worker> = hands.iter().map(|hand| self.file_of(hand, crew)).collect();
        let now = self.app.now();
        self.app
            .store
            .write(move |tx| {
                async move {
                    for row in rows {
                        workers::insert(tx, &row).await?;
                        workers::set_duty(tx, row.id, Duty::On, now).await?;
                        let service = Service {
                            kind: kind.clone(),
                            price_fen: None,
                            skills: Vec::new(),
                            state: ServiceState::Verified,
                            reason: String::new(),
                            off_offer: false,
                        };
                        papers::set_services(tx, row.id, &[service]).await?;
                    }
                    Ok::<_, StoreError>(())
                }
                .boxed()
            })
            .await
            .unwrap();
        hands
    }

    fn file_of(&self, hand: &Hand, crew: Crew<'_>) -> Worker {
        let now = self.app.now();
        Worker {
            id: hand.worker,
            version: 1,
            person: hand.actor.person,
            account: hand.actor.account,
            organisation: None,
            state: WorkerState::Verified,
            name: "演示师傅·测".into(),
            gender: Gender::Female,
            languages: vec!["mandarin".into()],
            about: String::new(),
            travel: crew.travel,
            home_text: "演示小区".into(),
            home_area: Some("130903001007".parse().unwrap()),
            home: Wgs84::new(crew.home.0, crew.home.1),
            areas: Vec::new(),
            hours: Hours::daily(clock("06:00"), clock("22:00")).unwrap(),
            max_open: crew.max_open,
            duty: Duty::Off,
            reason: String::new(),
            submitted_at: Some(now),
            decided_at: Some(now),
            decided_by: None,
            created_at: now,
            changed_at: now,
        }
    }

    /// Workers of the demo go off duty, so that a test has its own to itself.
    pub(crate) async fn off_duty(&self, phones: &[&str]) {
        for phone in phones {
            let worker = self.client_of(&self.staff(phone).await).await;
            worker.post("/api/work/duty", json!({ "duty": "off" })).await.ok();
        }
    }
}

/// A request for somebody to come as soon as possible.
pub(crate) fn at_once(kind: &str, point: (f64, f64), form: Value) -> Value {
    json!({
        "kind": kind, "when": { "now": true }, "form": form,
        "address": { "text": "演示小区", "detail": "3号楼2单元101", "point": { "lat": point.0, "lon": point.1 } },
    })
}

impl Client {
    /// Asks for somebody to come, and answers the order.
    pub(crate) async fn asks(&self, request: Value) -> (OrderId, Value) {
        let order = self.post("/api/visits", request).await.expect(StatusCode::CREATED);
        (order["id"].as_str().unwrap().parse().unwrap(), order)
    }

    /// The offer of an order among those that can be answered; none where they were not asked.
    pub(crate) async fn offer_of(&self, order: OrderId) -> Option<Value> {
        let offers = self.get("/api/work/offers").await.ok();
        let order = order.to_string();
        offers["items"].as_array().unwrap().iter().find(|offer| offer["order_id"] == order.as_str()).cloned()
    }
}
