//! What an import would write, all of it together.

use linli_domain::id::{AccountId, GrantId, OfferingId, OrganisationId, ScheduleId};
use linli_domain::refusal::Refusal;
use linli_domain::role::Actor;
use linli_domain::slot::ScheduleLine;
use linli_domain::time::Day;
use linli_store::Tx;
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::catalogue::{self as tables, Offering, OfferingVersion, Provider};
use linli_store::managing::{hours, offerings, providers, staff};
use linli_store::people::accounts;
use linli_store::people::grants::GrantRecord;
use serde_json::json;

use super::cells::Line;
use super::{Problem, said};
use crate::catalogue::Catalogue;
use crate::{App, Result};

/// What a plan is made from.
pub(super) struct Context<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    /// As it stands now.
    pub(super) catalogue: &'a Catalogue,
    pub(super) organisation: OrganisationId,
    pub(super) today: Day,
}

/// What is wrong, and what would be written if nothing is.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) errors: Vec<Problem>,
    /// Offerings with new hours, from which day, and the lines.
    pub(super) hours: Vec<(OfferingId, Day)>,
    pub(super) lines: Vec<(ScheduleId, OfferingId, ScheduleLine)>,
    pub(super) new_offerings: Vec<Offering>,
    pub(super) changed_offerings: Vec<offerings::Change>,
    /// Offerings whose rules are set anew from a day on.
    pub(super) ends: Vec<(OfferingId, Day)>,
    pub(super) versions: Vec<OfferingVersion>,
    pub(super) new_providers: Vec<Provider>,
    pub(super) changed_providers: Vec<providers::Change>,
    pub(super) ended_grants: Vec<GrantId>,
    pub(super) new_grants: Vec<GrantRecord>,
}

impl Plan {
    /// How many things would change.
    pub(super) fn changes(&self) -> usize {
        let rules = self.versions.iter().filter(|version| version.version > 1).count();
        self.hours.len()
            + self.new_offerings.len()
            + self.changed_offerings.len()
            + rules
            + self.new_providers.len()
            + self.changed_providers.len()
            + self.new_grants.len()
    }

    /// Whose roles change.
    pub(super) fn accounts(&self) -> impl Iterator<Item = AccountId> {
        self.new_grants.iter().map(|grant| grant.account)
    }

    /// Writes everything, a statement for each sort of thing.
    pub(super) async fn write(&self, tx: &Tx, app: &App, by: &Actor, entry: AuditEntry) -> Result<()> {
        tables::insert_providers(tx, &self.new_providers).await?;
        providers::change(tx, &self.changed_providers).await?;
        tables::insert_offerings(tx, &self.new_offerings).await?;
        offerings::change(tx, &self.changed_offerings).await?;
        offerings::end(tx, &self.ends).await?;
        tables::insert_versions(tx, &self.versions).await?;
        hours::replace(tx, &self.hours, &self.lines).await?;
        let mut touched: Vec<OfferingId> = self.hours.iter().map(|(id, _)| *id).collect();
        touched.extend(self.changed_offerings.iter().map(|change| change.id));
        touched.extend(self.ends.iter().map(|(id, _)| *id));
        touched.sort();
        touched.dedup();
        offerings::raise_all(tx, &touched).await?;
        if let Some(first) = self.new_grants.first()
            && let linli_domain::role::Scope::Organisation(organisation) = first.grant.scope
        {
            staff::end(tx, &self.ended_grants, app.now()).await?;
            staff::give(tx, organisation, &self.new_grants).await?;
        }
        let mut entries = vec![entry];
        let line = |action| app.entry(by, ActingAs::Staff, action);
        entries.extend(self.hours.iter().map(|(id, from)| {
            line("offering.hours_set").on(id.0).saying(json!({ "valid_from": from, "imported": true }))
        }));
        entries.extend(self.versions.iter().map(|version| {
            let said = json!({ "version": version.version, "valid_from": version.valid_from, "imported": true });
            line("offering.rules_set").on(version.offering.0).saying(said)
        }));
        let owners = accounts::owners(tx, &self.accounts().collect::<Vec<_>>()).await?;
        entries.extend(self.new_grants.iter().map(|grant| {
            let said = json!({ "role": grant.grant.role.key(), "imported": true });
            let entry = line("role.given").on(grant.id.0).saying(said);
            match owners.iter().find(|(account, _)| *account == grant.account) {
                Some((_, person)) => entry.about(*person),
                None => entry,
            }
        }));
        Ok(audit::record_all(tx, entries).await?)
    }
}

/// Notes a refusal at the column it is about.
pub(super) fn note(line: &mut Line<'_>, refusal: &Refusal, fallback: &str) {
    let column = match refusal.field {
        Some("price_fen") => "price",
        Some("cancel_until") => "cancel_days_before",
        Some("place_id") => "place",
        Some("provider_id") => "provider",
        Some(field) if line.has(field) => field,
        _ => fallback,
    };
    line.wrong(column, said(refusal));
}
