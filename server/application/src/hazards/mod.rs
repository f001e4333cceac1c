//! Hazards and repairs: words that sound like an emergency, whose it is to see to something, the same thing reported
//! twice, deadlines that climb, and reports that everybody may see.

mod climb;
mod follow;
pub mod open311;
mod shared;

use std::sync::LazyLock;

use linli_domain::area::AreaCode;
use linli_domain::emergency::{Alarm, Signs};
use linli_domain::id::{CompoundId, OrganisationId};
use linli_domain::platform::{ContractWith, Kind};
use linli_domain::responsible::responsible;
use linli_store::Reads;
use linli_store::market::places;

use crate::Result;

pub(crate) use climb::climb;
pub use follow::{Same, same};
pub(crate) use follow::{join, tell_followers};
pub use shared::{Near, Report};

static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    Signs::parse(include_str!("../../../data/emergency.toml"))
        .expect("the signs are part of the program and a test reads them")
});

/// Whom to call first, where a text sounds like an emergency.
pub fn emergency(text: &str) -> Option<Alarm<'static>> {
    SIGNS.find(text)
}

/// Whose it is to see to a kind at a place: the company of the compound where the kind is the compound's, otherwise whoever
/// is responsible for the smallest area that holds the place, otherwise whoever offers the service.
///
/// # Errors
/// The database's.
pub async fn responsible_for(
    db: &impl Reads,
    kind: &Kind,
    area: &AreaCode,
    compound: Option<CompoundId>,
    otherwise: OrganisationId,
) -> Result<OrganisationId> {
    let with = kind.visit.as_ref().map_or(ContractWith::Area, |visit| visit.contract_with);
    let named = places::named(db, &kind.key, compound).await?;
    Ok(responsible(with, named.company, &named.duties, area).unwrap_or(otherwise))
}
