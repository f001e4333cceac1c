//! What is heard while it happens: over a socket, or by asking and waiting.

mod socket;

use std::time::Duration;

use linli_application::App;
use linli_application::live::{Feed, News, Told, entry};
use linli_domain::refusal::Code;
use poem::http::{Uri, header};
use poem::web::websocket::{BoxWebSocketUpgraded, WebSocket, WebSocketConfig};
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use tokio_util::sync::CancellationToken;

use crate::actor::Resident;
use crate::answer::Created;
use crate::dto::{At, Text};
use crate::problem::Answer;
use crate::request::Proxies;
use crate::server::Tag;

/// The name of what is spoken over the socket, for clients that offer one beside their token.
const PROTOCOL: &str = "linli";
/// What a token offered as a protocol begins with.
const BEARER: &str = "bearer.";
/// Where pages of a mini-program come from.
const WECHAT: &str = "servicewechat.com";
/// A ticket is 32 bytes in base 64 without padding.
const TICKET_LENGTH: usize = 43;
/// Clients say little.
const LONGEST_MESSAGE: usize = 1024;

/// Cancelled when the process is about to stop.
#[derive(Debug, Clone)]
pub(crate) struct Stop(pub(crate) CancellationToken);

/// A way in that is good once.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct LiveTicket {
    /// To be sent as `?ticket=`.
    ticket: String,
    /// Until when it is good.
    expires_at: At,
}

/// Something that happened.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct LiveEvent {
    /// Its number among all that the caller hears: one more than the number before.
    number: i64,
    /// When.
    at: At,
    /// The stable key, such as `offer.made`, `visit.changed`, `order.changed`, `notice`.
    event: String,
    /// Its particulars: ids and states.
    payload: Any<serde_json::Value>,
}

/// What happened, and where to go on.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct LiveEvents {
    /// What happened, in order and without a hole.
    items: Vec<LiveEvent>,
    /// The number to ask after next.
    last: i64,
    /// Present where what comes next is not kept any more: read everything anew, and go on after `last`.
    reset: Option<bool>,
}

impl From<Told> for LiveEvent {
    fn from(told: Told) -> Self {
        Self { number: told.number, at: told.at.into(), event: told.event, payload: Any(told.payload) }
    }
}

/// What is heard while it happens.
#[derive(Clone)]
pub struct LiveApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Live")]
impl LiveApi {
    /// Listen
    ///
    /// Opens a WebSocket (RFC 6455). Whoever listens says who they are by offering the protocol `bearer.TOKEN`, beside
    /// `linli` or alone, or by a ticket. Texts are JSON. The server begins with `{"last": n}` and says it again now
    /// and then, so that a silent connection can be told from a dead one; it sends
    /// `{"number", "at", "event", "payload"}` in order and without a hole; `number` is absent where something is passed
    /// on that is not kept, such as a position; and `{"reset": true, "last": n}` where what comes next is not kept any
    /// more: then everything is read anew. The client goes on where it was with `?after=` or, later, with
    /// `{"after": n}`. Closed with 4001 the login has ended; with 4008 the client was too slow and comes back; with 4000
    /// it said something else than the above; with 1012 the server restarts and the client comes back.
    #[oai(path = "/live", method = "get", operation_id = "live")]
    async fn listen(
        &self,
        request: &Request,
        /// A ticket, where no token can be offered.
        ticket: Query<Option<Text<TICKET_LENGTH>>>,
        /// The last number that was heard; without it, what happens from now on is heard.
        #[oai(validator(minimum(value = "0")))]
        after: Query<Option<i64>>,
    ) -> Answer<BoxWebSocketUpgraded> {
        let Ok(socket) = WebSocket::from_request(request, &mut RequestBody::default()).await else {
            return Err(Code::SocketExpected.into());
        };
        if !is_own(request) {
            return Err(Code::OriginForeign.into());
        }
        let offered = bearer(request);
        let listener = match (&offered, &ticket.0) {
            (Some(protocol), _) => entry::by_token(&self.app, &protocol[BEARER.len()..]).await?,
            (None, Some(ticket)) => entry::by_ticket(&self.app, ticket).await?,
            (None, None) => return Err(Code::TokenMissing.into()),
        };
        let stop = request.data::<Stop>().map(|stop| stop.0.clone()).unwrap_or_default();
        let (app, after) = (self.app.clone(), after.0);
        let config =
            WebSocketConfig::default().max_message_size(Some(LONGEST_MESSAGE)).max_frame_size(Some(LONGEST_MESSAGE));
        // A browser wants one of the protocols it has offered.
        let protocols = std::iter::once(PROTOCOL.to_owned()).chain(offered);
        let talk = move |stream| async move { socket::serve(&app, listener, after, stream, stop).await };
        Ok(socket.config(config).protocols(protocols).on_upgrade(talk).boxed())
    }

    /// Ask for a ticket
    ///
    /// For whoever cannot offer a token when a socket is opened. Good once, for a minute.
    #[oai(path = "/live/ticket", method = "post", operation_id = "live_ticket")]
    async fn ticket(&self, actor: Resident) -> Answer<Created<LiveTicket>> {
        let made = entry::ticket(&self.app, &actor).await?;
        Ok(Created::Made(Json(LiveTicket { ticket: made.ticket, expires_at: made.expires_at.into() })))
    }

    /// Ask what happened
    ///
    /// For whoever cannot open a socket: what happened after a number, or an empty list when nothing did while they
    /// waited. Without a number, the one to begin with. What is passed on without being kept is not heard here.
    #[oai(path = "/live/events", method = "get", operation_id = "live_events")]
    async fn events(
        &self,
        request: &Request,
        actor: Resident,
        /// The last number that was heard.
        #[oai(validator(minimum(value = "0")))]
        after: Query<Option<i64>>,
        /// How long to wait for something to happen, in seconds.
        #[oai(default, validator(minimum(value = "0"), maximum(value = "25")))]
        wait: Query<u64>,
    ) -> Answer<Json<LiveEvents>> {
        let mut feed = Feed::open(&self.app, entry::of(&self.app, &actor)?, after.0).await?;
        if after.0.is_none() {
            return Ok(Json(LiveEvents { items: Vec::new(), last: feed.heard(), reset: None }));
        }
        let stop = request.data::<Stop>().map(|stop| stop.0.clone()).unwrap_or_default();
        let news = match feed.look().await? {
            None => tokio::select! {
                news = next(&mut feed) => Some(news),
                () = tokio::time::sleep(Duration::from_secs(wait.0)) => None,
                () = stop.cancelled() => None,
            },
            there => there,
        };
        let (items, reset) = match news {
            Some(News::Ended) => return Err(Code::TokenInvalid.into()),
            Some(News::Told(told)) => (told.into_iter().map(LiveEvent::from).collect(), None),
            Some(News::Reset(_)) => (Vec::new(), Some(true)),
            Some(News::Passing(_)) | None => (Vec::new(), None),
        };
        Ok(Json(LiveEvents { items, last: feed.heard(), reset }))
    }
}

/// What comes next of what is kept.
async fn next(feed: &mut Feed) -> News {
    loop {
        let news = feed.next().await;
        if !matches!(news, News::Passing(_)) {
            return news;
        }
    }
}

/// The protocol offered that carries a token.
fn bearer(request: &Request) -> Option<String> {
    let lines = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let mut offered = lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    offered.find_map(|one| one.trim().starts_with(BEARER).then(|| one.trim().to_owned()))
}

/// Whether a connection comes from a page of our own, from WeChat, or from no page at all. Whoever comes from elsewhere
/// has no token either: this is the second lock on the door. Ports are not looked at, since pages under development
/// have one of their own.
fn is_own(request: &Request) -> bool {
    let Some(origin) = request.header(header::ORIGIN) else { return true };
    let host = |uri: &str| uri.parse::<Uri>().ok()?.host().map(str::to_ascii_lowercase);
    let Some(origin) = host(origin) else { return false };
    let proxies = request.data::<Proxies>().map_or(0, |proxies| proxies.0);
    let forwarded = request.header("x-forwarded-host").filter(|_| proxies > 0);
    let asked = [request.header(header::HOST), forwarded];
    origin == WECHAT || asked.into_iter().flatten().any(|asked| host(asked).as_deref() == Some(&*origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_sites_are_turned_away() {
        for (origin, host, forwarded, proxies, own) in [
            (None, "linli.example", None, 0, true),
            (Some("https://linli.example"), "linli.example", None, 0, true),
            (Some("https://LINLI.example"), "linli.example:443", None, 0, true),
            (Some("http://localhost:5173"), "localhost:8080", None, 0, true),
            (Some("https://servicewechat.com"), "linli.example", None, 0, true),
            (Some("https://evil.example"), "linli.example", None, 0, false),
            (Some("https://linli.example.evil.example"), "linli.example", None, 0, false),
            (Some("null"), "linli.example", None, 0, false),
            (Some(""), "linli.example", None, 0, false),
            (Some("https://linli.example"), "10.0.0.7:8080", Some("linli.example"), 1, true),
            (Some("https://linli.example"), "10.0.0.7:8080", Some("linli.example"), 0, false),
        ] {
            let mut request = Request::builder().header("host", host);
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            if let Some(forwarded) = forwarded {
                request = request.header("x-forwarded-host", forwarded);
            }
            let mut request = request.finish();
            request.extensions_mut().insert(Proxies(proxies));
            assert_eq!(is_own(&request), own, "{origin:?} at {host}");
        }
    }

    #[test]
    fn a_token_is_found_among_the_protocols() {
        for (offered, found) in
            [("bearer.abc", Some("bearer.abc")), ("linli, bearer.abc", Some("bearer.abc")), ("linli", None), ("", None)]
        {
            let request = Request::builder().header("sec-websocket-protocol", offered).finish();
            assert_eq!(bearer(&request).as_deref(), found, "{offered}");
        }
    }
}
