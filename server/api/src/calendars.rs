//! Calendars (RFC 5545): the address of one's own, the feed behind it, one booking as a file, the programme of an area.

use linli_application::App;
use linli_application::ical::{self, Written};
use linli_domain::id::OrderId;
use poem::http::header;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{ApiResponse, Object, OpenApi};

use crate::actor::Resident;
use crate::answer::{Created, Done};
use crate::dto::{At, Id, InArea, Text};
use crate::problem::Answer;
use crate::request::{self, Proxies};
use crate::server::Tag;

/// A caller may keep what it is given, and asks each time whether it still holds: a replaced address stops at once.
const OWN: &str = "private, no-cache";
/// The same for everybody who reads the language: kept for ten minutes, but by nobody in between.
const PROGRAMME: &str = "private, max-age=600";
/// The longest last part of a feed's address.
const TOKEN_MAX: usize = 64;

/// Calendars.
#[derive(Clone)]
pub struct CalendarsApi {
    /// The application.
    pub app: App,
}

/// The address of somebody's calendar.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct CalendarAddress {
    /// The address to subscribe to. It is shown once, when it is made: only its hash is kept.
    url: Option<String>,
    /// When it was made; left out where there is none.
    made_at: Option<At>,
}

/// A calendar, or nothing where the caller has it already.
#[derive(ApiResponse)]
pub(crate) enum CalendarText {
    /// A calendar (RFC 5545).
    #[oai(status = 200, content_type = "text/calendar; charset=utf-8")]
    Whole(
        PlainText<String>,
        /// Tells whether it has changed.
        #[oai(header = "ETag")]
        String,
        /// Who may keep it.
        #[oai(header = "Cache-Control")]
        String,
    ),
    /// It has not changed.
    #[oai(status = 304)]
    Same(
        /// As before.
        #[oai(header = "ETag")]
        String,
        /// Who may keep it.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

impl CalendarText {
    fn of(written: Written, known: Option<&str>, cache: &str) -> Self {
        // Weak: compressed it is another row of bytes, and still the same calendar.
        let tag = format!("W/\"{}\"", written.tag);
        if known.is_some_and(|known| names(known, &written.tag)) {
            return Self::Same(tag, cache.to_owned());
        }
        Self::Whole(PlainText(written.text), tag, cache.to_owned())
    }
}

/// Whether an `If-None-Match` header names a tag (RFC 9110, section 13.1.2: compared as weak tags are).
fn names(header: &str, tag: &str) -> bool {
    header.split(',').map(str::trim).any(|one| {
        let opaque = one.strip_prefix("W/").unwrap_or(one);
        one == "*" || opaque.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) == Some(tag)
    })
}

/// How whoever asks has reached us: `https://linli.example`. Empty when they did not say.
pub(crate) struct Reached(pub(crate) String);

impl<'a> FromRequest<'a> for Reached {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let proxies = request.data::<Proxies>().map_or(0, |proxies| proxies.0);
        let forwarded = request.header("x-forwarded-proto").filter(|_| proxies > 0);
        let scheme = if forwarded == Some("https") { "https" } else { "http" };
        Ok(Self(request.header(header::HOST).map(|host| format!("{scheme}://{host}")).unwrap_or_default()))
    }
}

#[OpenApi]
impl CalendarsApi {
    /// My calendar
    ///
    /// Whether there is an address to subscribe to, and since when.
    #[oai(path = "/me/calendar", method = "get", operation_id = "calendar", tag = "Tag::Me")]
    async fn status(&self, actor: Resident) -> Answer<Json<CalendarAddress>> {
        let made_at = ical::made_at(&self.app, &actor).await?.map(At);
        Ok(Json(CalendarAddress { url: None, made_at }))
    }

    /// Make an address for my calendar
    ///
    /// Whoever has it sees what is booked for me and the minors of my household. An earlier address stops at once.
    #[oai(path = "/me/calendar", method = "post", operation_id = "make_calendar", tag = "Tag::Me")]
    async fn make(&self, actor: Resident, reached: Reached) -> Answer<Created<CalendarAddress>> {
        let token = ical::make(&self.app, &actor).await?;
        let url = Some(format!("{}/api/calendar/{token}.ics", reached.0));
        Ok(Created::Made(Json(CalendarAddress { url, made_at: Some(self.app.now().into()) })))
    }

    /// Remove the address of my calendar
    #[oai(path = "/me/calendar", method = "delete", operation_id = "remove_calendar", tag = "Tag::Me")]
    async fn remove(&self, actor: Resident) -> Answer<Done> {
        ical::remove(&self.app, &actor).await?;
        Ok(Done::Nothing)
    }

    /// Somebody's calendar
    ///
    /// For calendar programs, which cannot log in: the address itself is the key. It may end in `.ics`.
    #[oai(path = "/calendar/:token", method = "get", operation_id = "calendar_feed", tag = "Tag::Me")]
    async fn feed(
        &self,
        /// The key.
        token: Path<Text<TOKEN_MAX>>,
        /// What the program has already.
        #[oai(name = "If-None-Match")]
        known: Header<Option<String>>,
    ) -> Answer<CalendarText> {
        let token = token.0.strip_suffix(".ics").unwrap_or(&token.0);
        let written = ical::feed(&self.app, token).await?;
        Ok(CalendarText::of(written, known.0.as_deref(), OWN))
    }

    /// One booking for a calendar
    ///
    /// A file with the time, the place and the code to check in with.
    #[oai(path = "/orders/:id/calendar", method = "get", operation_id = "order_calendar", tag = "Tag::Orders")]
    async fn order(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        /// What the caller has already.
        #[oai(name = "If-None-Match")]
        known: Header<Option<String>>,
    ) -> Answer<CalendarText> {
        let written = ical::of_order(&self.app, &actor, id.0.0, request::language()).await?;
        Ok(CalendarText::of(written, known.0.as_deref(), OWN))
    }

    /// The programme of an area for a calendar
    ///
    /// What is on in a community, a street or the district, for calendar programs to subscribe to.
    #[oai(
        path = "/areas/:code/programme.ics",
        method = "get",
        operation_id = "programme_calendar",
        tag = "Tag::Catalogue"
    )]
    async fn programme(
        &self,
        code: Path<InArea>,
        /// What the program has already.
        #[oai(name = "If-None-Match")]
        known: Header<Option<String>>,
    ) -> Answer<CalendarText> {
        let written = ical::programme(&self.app, &code.0.0, request::language()).await?;
        Ok(CalendarText::of(written, known.0.as_deref(), PROGRAMME))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_as_weak_ones() {
        for (header, same) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("a", false),
            ("\"b\"", false),
            ("", false),
        ] {
            assert_eq!(names(header, "a"), same, "{header}");
        }
    }

    #[tokio::test]
    async fn the_scheme_is_believed_behind_a_proxy_only() {
        for (proxies, forwarded, reached) in [
            (0, "https", "http://linli.example"),
            (1, "https", "https://linli.example"),
            (1, "gopher", "http://linli.example"),
        ] {
            let mut request =
                Request::builder().header("host", "linli.example").header("x-forwarded-proto", forwarded).finish();
            request.extensions_mut().insert(Proxies(proxies));
            assert_eq!(Reached::from_request(&request, &mut RequestBody::default()).await.unwrap().0, reached);
        }
    }
}
