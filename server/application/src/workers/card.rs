//! What residents may know of somebody who may come to them.

use linli_domain::demo::Gender;
use linli_domain::id::WorkerId;
use linli_domain::platform::KindKey;
use linli_domain::refusal::Code;
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_domain::worker::{ServiceState, WorkerState, initial};
pub use linli_store::market::cards::Review;
use linli_store::market::{cards, workers as rows};

use super::Whole;
use crate::{App, Result};

/// From so many ratings on their mean is shown: of fewer one could tell who gave which.
const ENOUGH: u32 = 5;
/// Words that are shown.
const REVIEWS: u32 = 20;

/// What residents may know of a worker.
#[derive(Debug, Clone)]
pub struct Card {
    /// Which.
    pub id: WorkerId,
    /// As they are called.
    pub name: String,
    /// The initial by which they are shown before they are met.
    pub initial: String,
    /// The gender they are listed with.
    pub gender: Gender,
    /// What they say about themselves.
    pub about: String,
    /// What they do, and what it is called.
    pub kinds: Vec<(KindKey, Words)>,
    /// The mean level in hundredths, and of how many; none while there are few.
    pub rating: Option<(u32, u32)>,
    /// Jobs done.
    pub done: u32,
    /// Verified since.
    pub since: Option<Day>,
    /// What was said of them.
    pub reviews: Vec<Review>,
}

impl App {
    /// What residents may know of a worker.
    ///
    /// # Errors
    /// [`Code::NotFound`] for whoever may not take jobs.
    pub async fn worker_card(&self, id: WorkerId) -> Result<Card> {
        let reads = self.store.reads();
        let found = rows::one(reads, id).await?.filter(|one| one.state == WorkerState::Verified);
        let Whole { worker, services, .. } = Whole::of(reads, found.ok_or(Code::NotFound)?).await?;
        let record = cards::record(reads, id, self.now()).await?;
        let offered = services.into_iter().filter(|one| one.state == ServiceState::Verified && !one.off_offer);
        Ok(Card {
            id,
            initial: initial(&worker.name),
            name: worker.name,
            gender: worker.gender,
            about: worker.about,
            kinds: offered.map(|one| (one.kind.clone(), self.kind_name(&one.kind))).collect(),
            rating: (record.rated >= ENOUGH).then(|| (record.sum * 100 / record.rated, record.rated)),
            done: record.done,
            since: worker.decided_at.map(|at| at.day()),
            reviews: cards::reviews(reads, id, self.now(), REVIEWS).await?,
        })
    }
}
