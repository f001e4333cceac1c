//! Open311 GeoReport v2: shared reports for other programs, which may file and follow them.
//!
//! What is served is what [`super::shared`] shows, and only of kinds whose file says so. Whoever files with a key of the
//! configuration files for the account that stands beside the key.

use std::collections::BTreeMap;

use linli_domain::id::{LoginId, OrderId, encode};
use linli_domain::phone::Phone;
use linli_domain::platform::{Kind, KindKey, Platform};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use linli_domain::visit::VisitState;
use linli_store::market::reports::Wanted;
use linli_store::people::accounts;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::Report;
use crate::dispatch::address::{NewAddress, To};
use crate::dispatch::request::{Requested, VisitRequest, When, Wishes};
use crate::{App, Result};

/// A program that may file reports.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// The secret it sends.
    pub key: SecretString,
    /// The number of the account it files for.
    pub phone: Phone,
}

/// Whether something is still worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It is.
    Open,
    /// It was done, could not be done, or was taken back.
    Closed,
}

impl Status {
    /// The status of a visit.
    pub const fn of(state: VisitState) -> Self {
        match state {
            VisitState::Done | VisitState::Failed | VisitState::Over => Self::Closed,
            _ => Self::Open,
        }
    }

    /// As the standard has it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// Which reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Only these; nothing else counts then.
    pub orders: Option<Vec<OrderId>>,
    /// Only of these kinds.
    pub kinds: Option<Vec<KindKey>>,
    /// Made from then on.
    pub from: Option<Instant>,
    /// Made before then.
    pub until: Option<Instant>,
    /// Only open, or only closed ones.
    pub status: Option<Status>,
    /// So many are passed over.
    pub skip: u64,
    /// At most so many.
    pub limit: u64,
}

/// A report as another program files it.
#[derive(Debug, Clone, Default)]
pub struct Filing {
    /// Where, WGS-84: degrees north and east.
    pub point: (f64, f64),
    /// The place in words.
    pub address: String,
    /// What is the matter.
    pub description: String,
    /// Answers to what the form asks besides.
    pub attributes: BTreeMap<String, String>,
    /// How to reach whoever made the report, a picture: only for those who work on it.
    pub contact: String,
}

impl App {
    /// Files a report, which everybody may see. The same thing reported before is followed instead.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a kind that is not served, and as [`App::request_visit`].
    pub async fn open311_file(&self, actor: &Actor, code: &str, filing: Filing) -> Result<OrderId> {
        let (_, kind) = self.open311_service(code)?;
        let Filing { point, address, description, attributes, contact } = filing;
        let mut form = attributes;
        let mut note = vec![contact];
        match kind.form.first() {
            Some(field) if !description.trim().is_empty() => {
                form.insert(field.key.clone(), description);
            }
            Some(_) => {}
            None => note.insert(0, description),
        }
        note.retain(|part| !part.trim().is_empty());
        let at = format!("{:.5}, {:.5}", point.0, point.1);
        let address = if address.trim().is_empty() { at } else { address };
        let request = VisitRequest {
            kind: kind.key.clone(),
            subject: None,
            to: To::New(NewAddress { text: address, point: Some(point), ..NewAddress::default() }),
            when: When::Now,
            thing: form.remove("thing").unwrap_or_default(),
            form,
            note: note.join("\n"),
            wishes: Wishes::default(),
            wider: false,
            private: false,
            district_pays: false,
        };
        // The standard has no key of a request: each is a new one.
        let key = format!("open311-{}", encode(self.next_id()));
        Ok(match self.request_visit(actor, request, &key).await? {
            Requested::Made(order) | Requested::Before(order) | Requested::Same(order) => order,
        })
    }

    /// The kinds that are served, each with its platform.
    pub fn open311_services(&self) -> impl Iterator<Item = (&Platform, &Kind)> {
        self.shareable(|visit| visit.open311)
            .filter_map(|kind| Some((self.platforms.platform(kind.key.platform())?, kind)))
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub fn open311_service(&self, code: &str) -> Result<(&Platform, &Kind)> {
        self.open311_services().find(|(_, kind)| kind.key.as_str() == code).ok_or_else(|| Code::NotFound.into())
    }

    /// Shared reports of those kinds, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn open311_requests(&self, filter: Filter) -> Result<Vec<Report>> {
        let asked = |kind: &KindKey| filter.kinds.as_ref().is_none_or(|kinds| kinds.contains(kind));
        let kinds: Vec<KindKey> =
            self.open311_services().map(|(_, kind)| kind.key.clone()).filter(|kind| asked(kind)).collect();
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let of_status = |state: &VisitState| filter.status.is_none_or(|status| Status::of(*state) == status);
        self.reports(Wanted {
            kinds,
            orders: filter.orders,
            from: filter.from,
            until: filter.until,
            states: VisitState::ALL.into_iter().filter(of_status).collect(),
            skip: filter.skip,
            limit: filter.limit,
            ..Wanted::default()
        })
        .await
    }

    /// Who files with a key.
    ///
    /// # Errors
    /// [`Code::TokenInvalid`] for a key nobody has, or whose account is gone.
    pub async fn open311_actor(&self, key: &str) -> Result<Actor> {
        // Every key is compared, in constant time: how long it takes says nothing of what is right in it.
        let mut phone = None;
        for known in &self.settings.open311_keys {
            if bool::from(known.key.expose_secret().as_bytes().ct_eq(key.as_bytes())) {
                phone = Some(&known.phone);
            }
        }
        let phone = phone.ok_or(Code::TokenInvalid)?;
        let account = accounts::by_phone(self.store.reads(), phone).await?.ok_or(Code::TokenInvalid)?;
        Ok(Actor { account: account.id, person: account.person, login: LoginId(0), grants: Vec::new() })
    }
}
