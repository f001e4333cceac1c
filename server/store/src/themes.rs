//! What months are about.

use linli_domain::area::AreaCode;
use linli_domain::time::Instant;
use linli_domain::words::Words;

use crate::connect::Tx;
use crate::error::Result;
use crate::rows::Rows;

/// A theme of one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Where.
    pub area: AreaCode,
    /// The month, such as 202611.
    pub month: u32,
    /// The theme.
    pub title: Words,
    /// What happens.
    pub about: Words,
}

/// Adds themes that nobody of the staff has set.
///
/// # Errors
/// [`crate::StoreError::Unique`] where a month has one.
pub async fn insert(tx: &Tx, themes: &[Theme], now: Instant) -> Result<()> {
    Rows::new()
        .text("area_code", themes.iter().map(|t| t.area.as_str()))
        .int("month", themes.iter().map(|t| i64::from(t.month)))
        .text("title_zh", themes.iter().map(|t| t.title.zh.as_str()))
        .text("title_en", themes.iter().map(|t| t.title.en.as_str()))
        .text("about_zh", themes.iter().map(|t| t.about.zh.as_str()))
        .text("about_en", themes.iter().map(|t| t.about.en.as_str()))
        .int("set_at", themes.iter().map(|_| now.0))
        .insert(tx, "themes", "")
        .await?;
    Ok(())
}
