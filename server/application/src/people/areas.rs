//! The tree of areas, as pages walk down it, and on which number each is reached.

use linli_domain::area::AreaCode;
use linli_domain::phone::is_callable;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs};
use linli_store::people::areas;
use serde_json::json;

use super::views::{AreaBook, AreaView};
use crate::error::Failure;
use crate::{App, Result};

/// An area and those directly below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The area.
    pub area: AreaView,
    /// Directly below it, in the order of their codes.
    pub children: Vec<AreaView>,
}

/// An area and those directly below it; without a code, the district.
///
/// # Errors
/// [`Code::NotFound`] for an unknown code.
pub async fn branch(app: &App, parent: Option<AreaCode>) -> Result<Branch> {
    let reads = app.store.reads();
    let area = match parent {
        Some(code) => areas::area(reads, &code).await?,
        None => areas::district(reads).await?,
    };
    let area = area.ok_or(Code::NotFound)?;
    let below = areas::children(reads, &area.code).await?;
    let codes: Vec<AreaCode> = below.iter().map(|area| area.code.clone()).chain([area.code.clone()]).collect();
    let book = AreaBook::read(reads, &codes).await?;
    Ok(Branch {
        area: book.view(&area.code).ok_or(Code::NotFound)?,
        children: below.iter().filter_map(|area| book.view(&area.code)).collect(),
    })
}

/// Sets the number on which residents reach an area, or takes it away: by staff of the area, or of one above it.
///
/// # Errors
/// [`Code::RoleMissing`], [`Code::NotFound`] for an unknown code, [`Code::ValueInvalid`] for what cannot be called.
pub async fn set_phone(app: &App, actor: &Actor, code: AreaCode, phone: Option<String>) -> Result<AreaView> {
    if !actor.governs(&code) {
        return Err(Code::RoleMissing.into());
    }
    let phone = phone.map(|phone| phone.trim().to_owned());
    if phone.as_deref().is_some_and(|phone| !is_callable(phone)) {
        let allowed = Words::new("数字，中间可以有空格和短横线", "digits, with spaces and dashes between them");
        return Err(Refusal::new(Code::ValueInvalid).field("phone").with("allowed", allowed).into());
    }
    let said = json!({ "area": code, "phone": phone });
    let (entry, area) = (app.entry(actor, ActingAs::Staff, "area.phone").saying(said), code.clone());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                if !areas::set_phone(tx, &area, phone).await? {
                    return Err(Code::NotFound.into());
                }
                audit::record(tx, entry).await?;
                Ok::<_, Failure>(())
            })
        })
        .await?;
    let book = AreaBook::read(app.store.reads(), std::slice::from_ref(&code)).await?;
    Ok(book.view(&code).ok_or(Code::NotFound)?)
}
