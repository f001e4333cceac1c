//! What months are about.

use linli_domain::area::AreaCode;
use linli_domain::id::AccountId;
use linli_domain::time::Instant;
use linli_domain::words::Words;

use crate::catalogue::{bad, text, words};
use crate::connect::{Reads, Tx};
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

/// The themes of a month in some areas.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_month(db: &impl Reads, areas: &[AreaCode], month: u32) -> Result<Vec<Theme>> {
    let rows = Rows::new()
        .text("area_code", areas.iter().map(AreaCode::as_str))
        .int("month", areas.iter().map(|_| i64::from(month)))
        .query(
            db,
            "SELECT t.* FROM themes t JOIN",
            "AS v ON t.area_code = v.area_code AND t.month = v.month ORDER BY t.area_code",
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Theme {
                area: text(row, "area_code")?.parse().map_err(|_| bad("themes.area_code"))?,
                month,
                title: words(row, "title")?,
                about: words(row, "about")?,
            })
        })
        .collect()
}

/// Sets a theme, over the one there is.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn set(tx: &Tx, theme: &Theme, author: AccountId, now: Instant) -> Result<()> {
    Rows::new()
        .text("area_code", [theme.area.as_str()])
        .int("month", [i64::from(theme.month)])
        .text("title_zh", [theme.title.zh.as_str()])
        .text("title_en", [theme.title.en.as_str()])
        .text("about_zh", [theme.about.zh.as_str()])
        .text("about_en", [theme.about.en.as_str()])
        .int("author", [author.0])
        .int("set_at", [now.0])
        .insert(
            tx,
            "themes",
            "ON CONFLICT (area_code, month) DO UPDATE SET title_zh = excluded.title_zh, \
             title_en = excluded.title_en, about_zh = excluded.about_zh, about_en = excluded.about_en, \
             author = excluded.author, set_at = excluded.set_at",
        )
        .await?;
    Ok(())
}
