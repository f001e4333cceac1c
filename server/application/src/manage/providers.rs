//! Doctors, nurses, officers: who or what is booked within an offering.

use linli_domain::id::{OrganisationId, ProviderId};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs};
use linli_store::catalogue as tables;
use linli_store::managing::providers as rows;

use super::{NAME_MAX, change, gender, key, organisation, words, words_or_none};
use crate::catalogue::Provider;
use crate::{App, Result};

/// Somebody new.
#[derive(Debug, Clone)]
pub struct NewProvider {
    /// Whose.
    pub organisation: OrganisationId,
    /// The key in imports; made up when it is left out.
    pub key: Option<String>,
    /// The name.
    pub name: Words,
    /// The professional title; may be empty.
    pub title: Words,
    /// The department; may be empty.
    pub department: Words,
    /// `female`, `male` or `unsaid`.
    pub gender: String,
}

/// What changes; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct ProviderChange {
    /// The name.
    pub name: Option<Words>,
    /// The professional title.
    pub title: Option<Words>,
    /// The department.
    pub department: Option<Words>,
    /// `female`, `male` or `unsaid`.
    pub gender: Option<String>,
    /// The version that was seen.
    pub version: Option<i32>,
}

/// Everybody of an organisation, with the version of each.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn list(app: &App, actor: &Actor, id: OrganisationId) -> Result<Vec<(Provider, i32)>> {
    let catalogue = app.catalogue().await?;
    organisation(&catalogue, actor, id)?;
    let versions = rows::versions(app.store.reads(), id).await?;
    let theirs = catalogue.providers.values().filter(|one| one.organisation == id);
    Ok(theirs.filter_map(|one| Some((one.clone(), *versions.get(&one.id)?))).collect())
}

/// Adds somebody.
///
/// # Errors
/// [`Code::NotFound`], [`Code::TextEmpty`] and its like, [`Code::ValueInvalid`], [`Code::CatalogueKeyTaken`].
pub async fn add(app: &App, actor: &Actor, new: NewProvider) -> Result<ProviderId> {
    let catalogue = app.catalogue().await?;
    organisation(&catalogue, actor, new.organisation)?;
    let id = ProviderId(app.next_id());
    let row = Provider {
        id,
        key: key(new.key.as_deref(), || format!("provider_{}", id.to_string().to_lowercase()))?,
        organisation: new.organisation,
        name: words("name", &new.name, NAME_MAX)?,
        title: words_or_none("title", &new.title, NAME_MAX)?,
        department: words_or_none("department", &new.department, NAME_MAX)?,
        gender: gender(&new.gender)?,
    };
    let entry = app.entry(actor, ActingAs::Staff, "provider.added").on(id.0);
    change(app, move |tx| {
        Box::pin(async move {
            tables::insert_providers(tx, &[row]).await?;
            audit::record(tx, entry).await?;
            Ok(id)
        })
    })
    .await
}

/// Changes what is said of somebody.
///
/// # Errors
/// [`Code::NotFound`], [`Code::StaleVersion`], and those of [`add`].
pub async fn amend(app: &App, actor: &Actor, id: ProviderId, wanted: ProviderChange) -> Result<()> {
    let catalogue = app.catalogue().await?;
    let now = catalogue.providers.get(&id).ok_or(Code::NotFound)?;
    organisation(&catalogue, actor, now.organisation)?;
    let row = rows::Change {
        id,
        name: wanted.name.map_or_else(|| Ok(now.name.clone()), |said| words("name", &said, NAME_MAX))?,
        title: wanted.title.map_or_else(|| Ok(now.title.clone()), |said| words_or_none("title", &said, NAME_MAX))?,
        department: wanted
            .department
            .map_or_else(|| Ok(now.department.clone()), |said| words_or_none("department", &said, NAME_MAX))?,
        gender: wanted.gender.map_or_else(|| Ok(now.gender.clone()), |said| gender(&said))?,
    };
    let entry = app.entry(actor, ActingAs::Staff, "provider.changed").on(id.0);
    change(app, move |tx| {
        Box::pin(async move {
            let found = rows::version(tx, id).await?.ok_or(Code::NotFound)?;
            if wanted.version.is_some_and(|seen| seen != found) {
                return Err(Code::StaleVersion.into());
            }
            rows::change(tx, &[row]).await?;
            Ok(audit::record(tx, entry).await?)
        })
    })
    .await
}
