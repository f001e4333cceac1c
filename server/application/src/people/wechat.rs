//! Logging in through WeChat: by `wx.login`, and the first time with a phone number that WeChat or a code proves.

use linli_domain::phone::Phone;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::{Instant, Span};
use linli_edge::{WechatError, WechatIdentity};
use linli_store::StoreError;
use linli_store::people::accounts;
use serde::{Deserialize, Serialize};

use super::login::{self, Entry, LoggedIn, Origin};
use crate::error::Failure;
use crate::{App, Result};

/// How long somebody has to give a phone number after WeChat said who they are.
const TICKET_LASTS: Span = Span::minutes(10);
const PURPOSE: &str = "wechat ticket";

/// What WeChat's answer leads to.
#[derive(Debug, Clone)]
pub enum WechatEntry {
    /// The account is known: logged in.
    Known(Box<LoggedIn>),
    /// There is no account yet: continue with a phone number and this ticket.
    Unknown {
        /// Sealed: who WeChat said it is, and until when that counts.
        ticket: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Ticket {
    openid: String,
    unionid: Option<String>,
    until: Instant,
}

/// Logs in with the code of `wx.login`.
///
/// # Errors
/// [`Code::WechatRefused`], [`Code::WechatUnavailable`], [`Code::TooManyRequests`].
pub async fn login(app: &App, code: &str, device: Option<&str>, from: Origin) -> Result<WechatEntry> {
    offered(app)?;
    login::guard(app, from).await?;
    let device = login::parse_device(device)?;
    let identity = match app.wechat.login(code).await {
        Ok(identity) => identity,
        Err(error) => return Err(refused(app, from, &error).await),
    };
    if let Some(account) = accounts::by_openid(app.store.reads(), &identity.openid).await? {
        let known = login::known_account(app, &account, device, "wechat").await?;
        return Ok(WechatEntry::Known(Box::new(known)));
    }
    let ticket = Ticket { openid: identity.openid, unionid: identity.unionid, until: app.now() + TICKET_LASTS };
    let text = serde_json::to_string(&ticket).map_err(|error| Failure::Fault(error.to_string()))?;
    Ok(WechatEntry::Unknown { ticket: app.keys.seal(PURPOSE, &text, app.random.as_ref()) })
}

/// Goes on with a ticket and the code of WeChat's phone-number button.
///
/// # Errors
/// As [`login()`]; [`Code::WechatRefused`] too when the ticket is old, and [`Code::PhoneInvalid`] for a number that
/// is not of mainland China.
pub async fn with_wechat_phone(
    app: &App,
    ticket: &str,
    phone_code: &str,
    device: Option<&str>,
    from: Origin,
) -> Result<LoggedIn> {
    offered(app)?;
    login::guard(app, from).await?;
    let device = login::parse_device(device)?;
    let identity = open_ticket(app, ticket, from).await?;
    let phone = match app.wechat.phone_number(phone_code).await {
        Ok(phone) => phone.mainland().ok_or_else(|| Refusal::new(Code::PhoneInvalid))?,
        Err(error) => return Err(refused(app, from, &error).await),
    };
    enter(app, phone, identity, device).await
}

async fn enter(app: &App, phone: Phone, identity: WechatIdentity, device: String) -> Result<LoggedIn> {
    let entry = Entry::new(app, phone, Some(identity), device, "wechat");
    let again = entry.clone();
    let opened = match app.store.write(move |tx| Box::pin(entry.open(tx))).await {
        // Somebody opened the same account at the same time: now it is there to be found.
        Err(Failure::Store(StoreError::Unique(_))) => app.store.write(move |tx| Box::pin(again.open(tx))).await?,
        other => other?,
    };
    opened.logged_in(app).await
}

/// Goes on with a ticket, a phone and the code sent to it.
///
/// # Errors
/// As [`with_wechat_phone`], and [`Code::CodeWrong`].
pub async fn with_code(
    app: &App,
    ticket: &str,
    phone: &str,
    code: &str,
    device: Option<&str>,
    from: Origin,
) -> Result<LoggedIn> {
    offered(app)?;
    login::guard(app, from).await?;
    let phone = login::parse_phone(phone)?;
    let device = login::parse_device(device)?;
    let identity = open_ticket(app, ticket, from).await?;
    let (phone_hash, code_hash) = login::hashes(app, &phone, code.trim());
    let entry = Entry::new(app, phone, Some(identity), device, "wechat");
    let opened = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let right = login::try_code(tx, &phone_hash, &code_hash, entry.now).await?;
                if right { entry.open(tx).await.map(Some) } else { Ok::<_, Failure>(None) }
            })
        })
        .await?;
    match opened {
        Some(opened) => opened.logged_in(app).await,
        None => Err(login::failed(app, from, Refusal::new(Code::CodeWrong).field("code")).await),
    }
}

fn offered(app: &App) -> Result<()> {
    if app.settings.wechat_login { Ok(()) } else { Err(Code::WechatUnavailable.into()) }
}

async fn open_ticket(app: &App, ticket: &str, from: Origin) -> Result<WechatIdentity> {
    let opened = app
        .keys
        .open(PURPOSE, ticket)
        .ok()
        .and_then(|text| serde_json::from_str::<Ticket>(&text).ok())
        .filter(|ticket| app.now() < ticket.until);
    match opened {
        Some(ticket) => Ok(WechatIdentity { openid: ticket.openid, unionid: ticket.unionid }),
        None => Err(login::failed(app, from, Refusal::new(Code::WechatRefused).field("ticket")).await),
    }
}

async fn refused(app: &App, from: Origin, error: &WechatError) -> Failure {
    match error {
        WechatError::CodeUnusable | WechatError::HighRisk | WechatError::ForeignApp => {
            login::failed(app, from, Refusal::new(Code::WechatRefused)).await
        }
        WechatError::RateLimited { .. } => login::too_many(Span::minutes(1)).into(),
        other => {
            tracing::warn!(error = %other, "WeChat login failed");
            Refusal::new(Code::WechatUnavailable).retry_after(Span::seconds(5)).into()
        }
    }
}
