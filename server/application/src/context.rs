//! Everything a use case may ask for, gathered once at start.

use std::sync::Arc;

use futures::FutureExt;
use linli_domain::context::{Clock, Random};
use linli_domain::id::{IdMaker, PersonId};
use linli_domain::platform::Platforms;
use linli_domain::time::Instant;
use linli_edge::{FileStore, Hub, Limiter, NumberRelay, SmsSender, WechatPlatform};
use linli_matching::streets::Streets;
use linli_store::Store;
use linli_store::booking::asking::{self, Asking, Known};

use crate::catalogue::CatalogueCache;
use crate::live;
use crate::orders::desk::Desk;
use crate::people::sessions::Sessions;
use crate::secrets::Keys;
use crate::settings::Settings;
use crate::together::Together;
use crate::workers::pace::PaceCache;

/// The application of one process. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inside>);

/// What an [`App`] is made of, and what it keeps.
pub struct Inside {
    parts: Parts,
    sessions: Sessions,
    pub(crate) catalogue: CatalogueCache,
    pub(crate) paces: PaceCache,
    pub(crate) desk: Desk,
    /// Looks up what is known of everybody who asks for a place.
    pub(crate) asking: Together<Asking, Known>,
    /// Looks up the newest number of everybody who listens.
    pub(crate) lasts: Together<PersonId, i64>,
    /// Who listens how often.
    pub(crate) listeners: live::Places,
}

/// The parts of an [`App`].
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The same database on the desk's own connection: see [`Store::for_desk`].
    pub desk_store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness fit for secrets.
    pub random: Arc<dyn Random>,
    /// New ids.
    pub ids: Arc<IdMaker>,
    /// The platform files.
    pub platforms: Platforms,
    /// Settings.
    pub settings: Settings,
    /// Sealing and hashing.
    pub keys: Keys,
    /// Text messages.
    pub sms: Arc<dyn SmsSender>,
    /// WeChat.
    pub wechat: Arc<dyn WechatPlatform>,
    /// Wake-ups between processes.
    pub hub: Arc<dyn Hub>,
    /// Who asks too often.
    pub limiter: Arc<dyn Limiter>,
    /// Numbers to call each other.
    pub calls: Arc<dyn NumberRelay>,
    /// Where pictures and papers are kept.
    pub files: Arc<dyn FileStore>,
    /// The streets people travel on.
    pub streets: Arc<Streets>,
}

impl App {
    /// Puts the parts together and opens the desk. Must be called within a Tokio runtime.
    pub fn new(parts: Parts) -> Self {
        let desk = Desk::open(&parts);
        let sessions = Sessions::new(&parts);
        let asking = asking(&parts);
        let lasts = live::lasts(&parts);
        let listeners = live::Places::default();
        let (catalogue, paces) = (CatalogueCache::default(), PaceCache::default());
        Self(Arc::new(Inside { parts, sessions, catalogue, paces, desk, asking, lasts, listeners }))
    }

    /// Who is logged in, as far as this process remembers.
    pub fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// The present instant.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// A new id.
    pub fn next_id(&self) -> i64 {
        self.ids.next(self.now())
    }
}

fn asking(parts: &Parts) -> Together<Asking, Known> {
    let (store, clock) = (parts.desk_store.clone(), parts.clock.clone());
    Together::new(move |asked: Vec<Asking>| {
        let (store, now) = (store.clone(), clock.now());
        async move { asking::known(store.reads(), &asked, now).await }.boxed()
    })
}

impl std::ops::Deref for App {
    type Target = Inside;
    fn deref(&self) -> &Inside {
        &self.0
    }
}

impl std::ops::Deref for Inside {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}
