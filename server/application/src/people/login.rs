//! Logging in with a phone and a one-time code.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use linli_domain::id::{AccountId, LoginId, PersonId, encode};
use linli_domain::person::Person;
use linli_domain::phone::Phone;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_domain::words::Language;
use linli_edge::{Quota, SmsError, SmsMessage, SmsTemplate, Verdict, WechatIdentity};
use linli_store::Tx;
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::people::{accounts, login_codes, logins, persons};
use serde_json::json;

use super::{profile, views::MeView};
use crate::error::Failure;
use crate::settings::Mode;
use crate::{App, Result, input, secrets};

const MINUTE: Duration = Duration::from_secs(60);
/// Codes per phone: the pause between two, then per hour and per day.
const PER_MINUTE: Quota = Quota::new(1, MINUTE);
const PER_HOUR: Quota = Quota::new(5, Duration::from_secs(3_600));
const PER_DAY: Quota = Quota::new(10, Duration::from_secs(24 * 3_600));
/// Failures per address. Loose, since a whole town may share one, and successes never count.
const FAILURES: Quota = Quota::new(100, Duration::from_secs(600));
/// Wrong attempts until a code is dead.
const MAX_ATTEMPTS: i32 = 5;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin(pub IpAddr);

impl Origin {
    /// The key its failures are counted under. A household has a /64 of IPv6, so that is one address.
    fn key(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => format!("failures:{address}"),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("failures:{a:x}:{b:x}:{c:x}:{d:x}")
            }
        }
    }
}

/// A code is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSent {
    /// How long it is good.
    pub expires_in: Span,
    /// When another may be asked for.
    pub resend_in: Span,
    /// The code itself, in demo mode alone.
    pub demo_code: Option<String>,
}

/// Somebody is logged in.
#[derive(Debug, Clone)]
pub struct LoggedIn {
    /// The token, shown this once.
    pub token: String,
    /// When the login ends unless it is used.
    pub expires_at: Instant,
    /// Who it is.
    pub me: MeView,
}

/// Sends a one-time code to a phone. The answer is the same whether the phone has an account or not.
///
/// # Errors
/// [`Code::PhoneInvalid`], [`Code::TooManyRequests`], [`Code::SmsFailed`].
pub async fn request_code(app: &App, phone: &str, from: Origin) -> Result<CodeSent> {
    guard(app, from).await?;
    let phone = parse_phone(phone)?;
    let (pause, longer) = (format!("code:pause:{}", phone.digits()), format!("code:{}", phone.digits()));
    for quota in [PER_DAY, PER_HOUR] {
        allowed(app.limiter.check(&longer, quota).await)?;
    }
    allowed(app.limiter.hit(&pause, PER_MINUTE).await)?;
    for quota in [PER_DAY, PER_HOUR] {
        allowed(app.limiter.hit(&longer, quota).await)?;
    }
    let code = format!("{:06}", app.random.below(1_000_000));
    let (phone_hash, code_hash) = hashes(app, &phone, &code);
    let (now, lasts) = (app.now(), app.settings.code_lasts);
    app.store
        .write(move |tx| {
            Box::pin(
                async move { Ok::<_, Failure>(login_codes::put(tx, &phone_hash, &code_hash, now, now + lasts).await?) },
            )
        })
        .await?;
    let message = SmsMessage {
        phone,
        template: SmsTemplate::LoginCode,
        params: BTreeMap::from([("code".to_owned(), code.clone())]),
        out_id: encode(app.next_id()),
    };
    if let Err(error) = app.sms.send(&message).await {
        return Err(not_sent(app, &error, &pause).await);
    }
    Ok(CodeSent {
        expires_in: lasts,
        resend_in: Span::seconds(60),
        demo_code: (app.settings.mode == Mode::Demo).then_some(code),
    })
}

async fn not_sent(app: &App, error: &SmsError, pause: &str) -> Failure {
    tracing::warn!(%error, "a login code was not sent");
    if !matches!(error, SmsError::Unreachable { perhaps_sent: true }) {
        // Nothing arrives, so nobody should wait a minute for it. The limits per hour and day stand.
        app.limiter.forgive(pause).await;
    }
    match error {
        SmsError::RateLimited { .. } => too_many(Span::minutes(10)).into(),
        SmsError::Refused { fault: linli_edge::Fault::Recipient, .. } => {
            Refusal::new(Code::PhoneInvalid).field("phone").into()
        }
        _ => Code::SmsFailed.into(),
    }
}

/// Logs in with a phone and the code sent to it; the first time, an account is opened.
///
/// # Errors
/// [`Code::PhoneInvalid`], [`Code::CodeWrong`], [`Code::TooManyRequests`].
pub async fn with_code(app: &App, phone: &str, code: &str, device: Option<&str>, from: Origin) -> Result<LoggedIn> {
    guard(app, from).await?;
    let phone = parse_phone(phone)?;
    let device = parse_device(device)?;
    let (phone_hash, code_hash) = hashes(app, &phone, code.trim());
    let entry = Entry::new(app, phone, None, device, "code");
    let opened = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                // A wrong attempt must stay counted, so this transaction commits either way.
                let right = login_codes::try_code(tx, &phone_hash, &code_hash, MAX_ATTEMPTS, entry.now).await?;
                if right { entry.open(tx).await.map(Some) } else { Ok::<_, Failure>(None) }
            })
        })
        .await?;
    match opened {
        Some(opened) => opened.logged_in(app).await,
        None => Err(failed(app, from, Refusal::new(Code::CodeWrong).field("code")).await),
    }
}

/// A login about to be written, for somebody who has proven to have this phone.
#[derive(Clone)]
pub(super) struct Entry {
    app: App,
    phone: Phone,
    wechat: Option<WechatIdentity>,
    device: String,
    how: &'static str,
    token: String,
    /// When it happens.
    pub(super) now: Instant,
}

/// A login that was written.
pub(super) struct Opened {
    actor: Actor,
    token: String,
    expires_at: Instant,
}

impl Entry {
    pub(super) fn new(
        app: &App,
        phone: Phone,
        wechat: Option<WechatIdentity>,
        device: String,
        how: &'static str,
    ) -> Self {
        let token = secrets::new_token(app.random.as_ref());
        Self { app: app.clone(), phone, wechat, device, how, token, now: app.now() }
    }

    /// Finds or opens the account of the phone, links WeChat if it is given, and logs in.
    pub(super) async fn open(self, tx: &Tx) -> Result<Opened> {
        let (account, person) = match accounts::by_phone(tx, &self.phone).await? {
            Some(account) => (account.id, account.person),
            None => self.open_account(tx).await?,
        };
        if let Some(wechat) = &self.wechat {
            // WeChat says who it is, the phone says whose account: the newest proof of both is the link that counts.
            match accounts::by_openid(tx, &wechat.openid).await? {
                Some(linked) if linked.id == account => {}
                Some(_) => return Err(Code::WechatRefused.into()),
                None => {
                    accounts::link_wechat(tx, account, &wechat.openid, wechat.unionid.as_deref()).await?;
                    audit::record(tx, self.entry(account, "wechat.linked").about(person)).await?;
                }
            }
        }
        self.log_in(tx, account, person).await
    }

    async fn open_account(&self, tx: &Tx) -> Result<(AccountId, PersonId)> {
        let (id, person) = (AccountId(self.app.next_id()), PersonId(self.app.next_id()));
        let nobody_yet = Person {
            id: person,
            version: 1,
            name: String::new(),
            birth_date: None,
            community: None,
            address: None,
            identity_mask: None,
            language: Language::Zh,
            large_type: false,
        };
        persons::insert(tx, &nobody_yet, None, self.now).await?;
        let account = accounts::Account {
            id,
            person,
            phone: Some(self.phone.clone()),
            wechat_openid: None,
            wechat_unionid: None,
            created_at: self.now,
        };
        accounts::insert(tx, &account).await?;
        audit::record(tx, self.entry(id, "account.opened").about(person)).await?;
        Ok((id, person))
    }

    async fn log_in(self, tx: &Tx, account: AccountId, person: PersonId) -> Result<Opened> {
        let entry = self.entry(account, "login.opened");
        let opened = open_login(&self.app, tx, account, self.device, &self.token, self.now).await?;
        let entry = entry.about(person).on(opened.0.0).saying(json!({ "how": self.how }));
        audit::record(tx, entry).await?;
        let actor = Actor { account, person, login: opened.0, grants: Vec::new() };
        Ok(Opened { actor, token: self.token, expires_at: opened.1 })
    }

    fn entry(&self, account: AccountId, action: &'static str) -> AuditEntry {
        AuditEntry::new(self.app.next_id(), self.now, Some(account), ActingAs::Resident, action)
    }
}

async fn open_login(
    app: &App,
    tx: &Tx,
    account: AccountId,
    device: String,
    token: &str,
    now: Instant,
) -> Result<(LoginId, Instant)> {
    let (id, expires_at) = (LoginId(app.next_id()), now + app.settings.login_lasts);
    let login = logins::Login { id, account, device, created_at: now, seen_at: now, expires_at };
    logins::insert(tx, &login, &secrets::token_hash(token)).await?;
    Ok((id, expires_at))
}

/// Logs an account in that another way has recognised.
pub(super) async fn known_account(
    app: &App,
    account: &accounts::Account,
    device: String,
    how: &'static str,
) -> Result<LoggedIn> {
    let (id, person, now) = (account.id, account.person, app.now());
    let token = secrets::new_token(app.random.as_ref());
    let (this, secret) = (app.clone(), token.clone());
    let (login, expires_at) = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (login, expires_at) = open_login(&this, tx, id, device, &secret, now).await?;
                let entry = AuditEntry::new(this.next_id(), now, Some(id), ActingAs::Resident, "login.opened");
                audit::record(tx, entry.about(person).on(login.0).saying(json!({ "how": how }))).await?;
                Ok::<_, Failure>((login, expires_at))
            })
        })
        .await?;
    let actor = Actor { account: id, person, login, grants: Vec::new() };
    Opened { actor, token, expires_at }.logged_in(app).await
}

impl Opened {
    pub(super) async fn logged_in(self, app: &App) -> Result<LoggedIn> {
        let me = profile::me(app, &self.actor).await?;
        Ok(LoggedIn { token: self.token, expires_at: self.expires_at, me })
    }
}

/// Refuses an address that has failed too often.
pub(super) async fn guard(app: &App, from: Origin) -> Result<()> {
    Ok(allowed(app.limiter.check(&from.key(), FAILURES).await)?)
}

/// Counts a failure of an address.
pub(super) async fn failed(app: &App, from: Origin, refusal: Refusal) -> Failure {
    app.limiter.hit(&from.key(), FAILURES).await;
    metrics::counter!("linli_login_failures_total", "code" => refusal.code.key()).increment(1);
    refusal.into()
}

pub(super) fn parse_phone(phone: &str) -> Result<Phone, Refusal> {
    phone.parse().map_err(|_| Refusal::new(Code::PhoneInvalid).field("phone"))
}

pub(super) fn parse_device(device: Option<&str>) -> Result<String, Refusal> {
    match device {
        Some(device) if !device.trim().is_empty() => input::line("device", device, input::DEVICE_MAX),
        _ => Ok(String::new()),
    }
}

/// The keyed hashes under which phone and code are known to the database.
pub(super) fn hashes(app: &App, phone: &Phone, code: &str) -> (String, String) {
    let digits = phone.digits();
    (app.keys.hash("login phone", digits), app.keys.hash("login code", &format!("{digits} {code}")))
}

/// Tries a code outside of a login; used by the WeChat way in.
pub(super) async fn try_code(tx: &Tx, phone_hash: &str, code_hash: &str, now: Instant) -> Result<bool> {
    Ok(login_codes::try_code(tx, phone_hash, code_hash, MAX_ATTEMPTS, now).await?)
}

pub(super) fn too_many(wait: Span) -> Refusal {
    Refusal::new(Code::TooManyRequests).with("seconds", wait.whole_seconds()).retry_after(wait)
}

/// Turns a verdict into a refusal.
pub(crate) fn allowed(verdict: Verdict) -> Result<(), Refusal> {
    if verdict.allowed {
        return Ok(());
    }
    let micros = i64::try_from(verdict.retry_after.as_micros()).unwrap_or(i64::MAX);
    Err(too_many(Span(micros)))
}
