//! What a page needs to know before anybody is logged in.

use linli_domain::area::AreaCode;
use linli_domain::phone::Phone;
use linli_domain::refusal::Code;
use linli_domain::time::Instant;
use linli_domain::words::Words;
use linli_store::people::areas;

use crate::settings::{Mode, Tiles};
use crate::{App, Result, seed};

/// The service and its district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Demo or live.
    pub mode: Mode,
    /// The district's name.
    pub district: Words,
    /// The district's code.
    pub area: AreaCode,
    /// The present instant.
    pub now: Instant,
    /// Whether WeChat login is offered.
    pub wechat_login: bool,
    /// Whom to call where a page cannot help.
    pub help_phone: String,
    /// Whose tiles are drawn under maps, where some are configured.
    pub tiles: Option<Tiles>,
    /// In demo mode, who can log in.
    pub demo_logins: Vec<DemoLogin>,
}

/// Somebody who can log in to the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLogin {
    /// The phone.
    pub phone: Phone,
    /// The invented name.
    pub name: String,
    /// What they are.
    pub role: Words,
}

/// The service and its district.
///
/// # Errors
/// [`Code::NotFound`] when no district was imported yet.
pub async fn service(app: &App) -> Result<Service> {
    let reads = app.store.reads();
    let district = areas::district(reads).await?.ok_or(Code::NotFound)?;
    let demo_logins = match app.settings.mode {
        Mode::Live => Vec::new(),
        Mode::Demo => seed::demo_logins(),
    };
    Ok(Service {
        mode: app.settings.mode,
        district: district.name,
        area: district.code,
        now: app.now(),
        wechat_login: app.settings.wechat_login,
        help_phone: app.settings.help_phone.clone(),
        tiles: app.settings.tiles.clone(),
        demo_logins,
    })
}
