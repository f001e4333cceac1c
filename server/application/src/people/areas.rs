//! The tree of areas, as pages walk down it.

use linli_domain::area::AreaCode;
use linli_domain::refusal::Code;
use linli_store::people::areas;

use super::views::{AreaBook, AreaView};
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
