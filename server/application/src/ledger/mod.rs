//! What visits are paid: written down when they are done, corrected by saying the opposite, and read week by week.
//!
//! Linli holds no money: see [`linli_domain::ledger`].

mod statements;

use futures::FutureExt;
use linli_domain::id::{LedgerEntryId, OrderId, WorkerId};
use linli_domain::ledger::{Entry, Unbalanced, Way, What, moves};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_store::Tx;
use linli_store::audit::{self, ActingAs};
use linli_store::booking::{Order, orders};
use linli_store::market::ledger::{self as table, NewEntry};
use linli_store::market::visits::Visit;
use serde_json::json;

pub use linli_store::market::ledger::{Line, Owed, Whose};
pub use statements::{Earnings, PaidJob, StatementOf, WeekSum};

use crate::{App, Failure, Result, input};

/// Writes down what a visit that is done is paid: what its order costs by then, or the cash whoever came says they were
/// given. A visit that is done a second time, since it was reopened, is not paid again. Answers the sum in fen.
///
/// # Errors
/// [`Code::PaymentTooMuch`] for more cash than is due; faults of the database.
pub async fn post_visit(app: &App, tx: &Tx, order: &Order, visit: &Visit, received: Option<i64>) -> Result<i64> {
    let (Some(worker), Some(done)) = (visit.worker, visit.done_at) else {
        return Err(Failure::Fault(format!("order {} is paid before it is done", order.id)));
    };
    let due = order.price_fen;
    let fen = match (visit.pay_by.as_str(), received) {
        ("cash", Some(received)) if received > due => {
            return Err(too_much(due));
        }
        // Less than is due is what was received: the rest is nobody's claim until the resident says so.
        ("cash", Some(received)) => received.max(0),
        _ => due,
    };
    let Some(way) = way(tx, order, visit, worker).await? else { return Ok(0) };
    if fen == 0 {
        return Ok(0);
    }
    let source = format!("visit/{}", order.id);
    let entry = Entry::new(What::VisitPaid, order.id, worker, source, moves(&way, worker, fen))
        .map_err(|unbalanced| faulty(order.id, unbalanced))?;
    let new = NewEntry { id: LedgerEntryId(app.next_id()), entry, at: done, by: None, reason: String::new() };
    table::add(tx, &new).await?;
    Ok(fen)
}

/// How a visit is paid; not at all where it is free.
async fn way(tx: &Tx, order: &Order, visit: &Visit, worker: WorkerId) -> Result<Option<Way>> {
    Ok(match visit.pay_by.as_str() {
        "cash" => Some(Way::Cash { from: order.subject }),
        "district" => Some(Way::District {
            budget: order.kind.platform().to_owned(),
            organisation: table::employer(tx, worker).await?,
        }),
        _ => None,
    })
}

fn faulty(order: OrderId, unbalanced: Unbalanced) -> Failure {
    Failure::Fault(format!("the entry of order {order}: {unbalanced}"))
}

fn too_much(due: i64) -> Failure {
    Refusal::new(Code::PaymentTooMuch)
        .field("pay_received")
        .with("due", format!("{}.{:02}", due / 100, due % 100))
        .into()
}

impl App {
    /// Staff of the area correct what a visit was paid: what stands is countered, and what is right is written instead.
    /// Correcting to what stands changes nothing, so it may be said twice.
    ///
    /// # Errors
    /// [`Code::NotFound`] for orders of other areas, and those nothing was paid for; faults of the database.
    pub async fn correct_payment(&self, actor: &Actor, id: OrderId, fen: i64, reason: &str) -> Result<()> {
        let reason = input::note("reason", reason, 200)?;
        let order = orders::one(self.store.reads(), id).await?.filter(|order| actor.governs(&order.area));
        let order = order.ok_or(Code::NotFound)?;
        let (this, by, now) = (self.clone(), actor.clone(), self.now());
        self.store
            .write(move |tx| {
                async move {
                    // Locked: whoever else corrects it waits, and then finds what stands.
                    orders::lock(tx, &[id]).await?;
                    let entries = table::of_order(tx, id).await?;
                    let paid = entries.iter().find(|entry| entry.what == What::VisitPaid).ok_or(Code::NotFound)?;
                    let stands: i64 = entries.iter().map(Entry::for_work).sum();
                    if stands == fen {
                        return Ok(());
                    }
                    let number = entries.len();
                    for (what, fen) in [(What::Countered, -stands), (What::Corrected, fen)] {
                        if fen != 0 {
                            let source = format!("visit/{id}/{number}/{}", what.key());
                            let entry = paid.again(what, fen, source).map_err(|unbalanced| faulty(id, unbalanced))?;
                            let (entry_id, by, reason) =
                                (LedgerEntryId(this.next_id()), Some(by.account), reason.clone());
                            table::add(tx, &NewEntry { id: entry_id, entry, at: now, by, reason }).await?;
                        }
                    }
                    let said = json!({ "from_fen": stands, "to_fen": fen, "reason": reason });
                    let entry = this.entry(&by, ActingAs::Staff, "payment.corrected").about(order.subject).on(id.0);
                    Ok::<_, Failure>(audit::record(tx, entry.saying(said)).await?)
                }
                .boxed()
            })
            .await
    }
}
