//! The two sides of a visit call each other: from the acceptance until a day after the end, and on record.

use futures::FutureExt;
use linli_domain::id::{OrderId, PersonId};
use linli_domain::order::ActingAs;
use linli_domain::phone::Phone;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use linli_domain::visit::phones_until;
use linli_domain::words::Words;
use linli_edge::calls::{Number, Wish};
use linli_store::booking::Order;
use linli_store::market::visits::Visit;
use linli_store::market::{candidates, meeting};
use linli_store::people::persons;
use linli_store::{Reads, audit};

use crate::orders::tell::recipients;
use crate::{App, Failure, Result};

/// What to dial, and whom it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToDial {
    /// The number.
    pub number: Number,
    /// What to know about it.
    pub words: Words,
}

/// Until when the two sides may call each other; none where nobody has said yes.
pub(crate) fn may_call_until(order: &Order, visit: &Visit) -> Option<Instant> {
    visit.worker.and(visit.accepted_at).map(|_| phones_until(order.ends_at.max(order.changed_at)))
}

impl App {
    /// The number by which one side of a visit reaches the other. It is noted who was shown whose.
    ///
    /// # Errors
    /// [`Code::NotFound`] for orders of others, [`Code::CallNotPossible`] before the acceptance and a day after the end,
    /// [`Code::NumberMissing`].
    pub async fn number_of_other(&self, actor: &Actor, id: OrderId) -> Result<ToDial> {
        let reads = self.store.reads();
        let (order, visit) = self.visit_of(id).await?;
        let worker = match visit.worker {
            Some(worker) => candidates::person_of(reads, worker).await?,
            None => None,
        };
        let (acting, others) = if worker == Some(actor.person) {
            (ActingAs::Provider, recipients(self, order.subject).await?)
        } else {
            let acting = self.capacity_for(actor, order.subject).await?.ok_or(Code::NotFound)?;
            (acting, worker.into_iter().collect())
        };
        let help = self.settings.help_phone.as_str();
        let now = self.now();
        let until = may_call_until(&order, &visit).filter(|until| now < *until);
        let until = until.ok_or_else(|| Refusal::new(Code::CallNotPossible).with("phone", help))?;
        let missing = || Refusal::new(Code::NumberMissing).with("phone", help);
        let (other, to) = reachable(reads, &others).await?.ok_or_else(missing)?;
        let from = persons::phone(reads, actor.person).await?;
        let wish = Wish { from, to, until, reference: format!("{id}/{}/{other}", actor.person) };
        let number = self.calls.number(&wish).await.map_err(|error| {
            tracing::warn!(order = %id, %error, "no number was lent");
            Failure::from(missing())
        })?;
        let entry = self.entry(actor, acting, "number.shown").about(other).on(id.0);
        let (reveal, by) = (self.next_id(), actor.person);
        self.store
            .write(move |tx| {
                async move {
                    meeting::revealed(tx, reveal, id, by, other, now).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        let words = if number.relayed {
            Words::new(
                "这是中间号，对方看不到您的号码。请在有效期内拨打。",
                "This is a number in between: they do not see yours. Please call while it is valid.",
            )
        } else {
            Words::new(
                "号码只用于这次服务，拨打已登记。请勿另作他用。",
                "The number is for this visit only, and it is noted that you were shown it.",
            )
        };
        Ok(ToDial { number, words })
    }
}

/// The first of some people who has a number.
async fn reachable(reads: &impl Reads, people: &[PersonId]) -> Result<Option<(PersonId, Phone)>> {
    let phones = persons::phones(reads, people).await?;
    Ok(people.iter().find_map(|person| phones.iter().find(|(id, _)| id == person).cloned()))
}
