//! Where somebody on the way is: the last position only, and only while they are on the way.

use futures::FutureExt;
use linli_domain::coming::{Arrival, Fix, Ignored, keep};
use linli_domain::geo::Wgs84;
use linli_domain::id::OrderId;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use linli_domain::visit::VisitState;
use linli_domain::words::Words;
use linli_store::market::coming::{self, Position};
use linli_store::market::visits;
use serde_json::json;

use super::{seconds_between, underway};
use crate::orders::tell::recipients;
use crate::{App, Failure, Result, live};

/// What came of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The resident sees it; so many seconds of the way are left, where one is known.
    Yes(Option<u32>),
    /// Nobody does.
    No(Ignored),
}

/// Where somebody is, as whoever waits for them sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Whereabouts {
    /// Where they were seen last.
    pub seen: Option<Position>,
    /// Its age in seconds.
    pub age_seconds: Option<i64>,
    /// When they will be there.
    pub arrival: Arrival,
}

impl App {
    /// A phone says where its worker is. Only what makes sense is kept, instead of what was before; whoever waits sees it
    /// at once.
    ///
    /// # Errors
    /// [`Code::NotFound`] for jobs of others, [`Code::NotOnTheWay`].
    pub async fn seen(&self, actor: &Actor, id: OrderId, fix: Fix) -> Result<Kept> {
        let (order, visit) = self.own_job(actor, id).await?;
        let Some(worker) = visit.worker else { return Err(Code::NotFound.into()) };
        let now = self.now();
        let kept = self
            .store
            .write(move |tx| {
                async move {
                    // Locked: whoever arrives meanwhile leaves no position behind.
                    let visit = visits::lock(tx, id).await?.filter(|visit| visit.worker == Some(worker));
                    let visit = visit.ok_or(Code::NotFound)?;
                    if visit.state != VisitState::OnTheWay {
                        return Err(Refusal::new(Code::NotOnTheWay).with("state", visit.state.words()).into());
                    }
                    let last = coming::position(tx, id).await?.map(|last| (last.point, last.at));
                    if let Err(ignored) = keep(last, visit.on_way_at, &fix, now) {
                        return Ok::<_, Failure>(Err(ignored));
                    }
                    let position = Position { point: fix.point, at: fix.at.min(now) };
                    coming::seen(tx, id, worker, position, fix.accuracy).await?;
                    Ok(Ok(position))
                }
                .boxed()
            })
            .await?;
        let position = match kept {
            Ok(position) => position,
            Err(ignored) => return Ok(Kept::No(ignored)),
        };
        let travel = coming::one(self.store.reads(), id).await?.map(|coming| coming.travel);
        let left = travel.and_then(|travel| seconds_between(self, travel, fix.point, visit.point));
        let payload = json!({
            "order_id": id,
            "point": { "lat": position.point.latitude, "lon": position.point.longitude },
            "at": position.at,
            "seconds_left": left,
        });
        live::pass_on(self, &recipients(self, order.subject).await?, "position", &payload).await;
        Ok(Kept::Yes(left))
    }

    /// Where whoever comes to a resident is, and when they will be there.
    ///
    /// # Errors
    /// [`Code::NotFound`] for orders of others and those nobody comes to.
    pub async fn whereabouts(&self, actor: &Actor, id: OrderId) -> Result<Whereabouts> {
        self.own_order(actor, id).await?;
        self.whereabouts_of(id).await?.ok_or_else(|| Code::NotFound.into())
    }

    /// As [`App::whereabouts`], for those who may see the order; none where it is no visit.
    pub(crate) async fn whereabouts_of(&self, id: OrderId) -> Result<Option<Whereabouts>> {
        let reads = self.store.reads();
        let Some(visit) = visits::one(reads, id).await? else { return Ok(None) };
        let coming = if visit.state == VisitState::OnTheWay { coming::one(reads, id).await? } else { None };
        let now = self.now();
        Ok(Some(match coming {
            Some(coming) => Whereabouts {
                seen: coming.seen,
                age_seconds: coming.seen.map(|seen| (now - seen.at).whole_seconds().max(0)),
                arrival: underway(self, &coming).arrival(now),
            },
            None => {
                Whereabouts { seen: None, age_seconds: None, arrival: standing(visit.state, visit.arrived_at, now) }
            }
        }))
    }
}

/// What is said of somebody who is not on the way.
fn standing(state: VisitState, arrived_at: Option<Instant>, now: Instant) -> Arrival {
    let words = match (state, arrived_at) {
        (VisitState::Accepted, _) => Words::new("已接单，还没有出发。", "They have accepted and have not set out yet."),
        (VisitState::Arrived, Some(at)) => {
            let minutes = ((now - at).whole_seconds() / 60).max(0);
            Words::new(
                format!("{minutes} 分钟前已到门口。"),
                format!("They have been at the door for {minutes} minutes."),
            )
        }
        _ => state.words(),
    };
    Arrival { estimated: false, seconds_left: None, words }
}

/// A point on Earth, as a phone sends it.
///
/// # Errors
/// [`Code::ValueInvalid`].
pub fn point(latitude: f64, longitude: f64) -> Result<Wgs84> {
    let refusal = || Refusal::new(Code::ValueInvalid).field("point").with("allowed", "-90..90, -180..180");
    Wgs84::new(latitude, longitude).ok_or_else(|| refusal().into())
}
