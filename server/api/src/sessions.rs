//! Events, terms and groups for everybody: what there is, the programme, and what those who come may ask.

use linli_application::App;
use linli_application::sessions::browse::{self, Wanted};
use linli_application::sessions::{certificate, programme, roster};
use linli_domain::id::{MeetingId, OfferingId, OrderId, OrganisationId, SessionId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::session::Month;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::Resident;
use crate::dto::finding::AudienceKey;
use crate::dto::orders::Order;
use crate::dto::sessions::{Certificate, CertificateCheck, FormKey, Programme, SessionCard, SessionPage, Theme};
use crate::dto::{Cursor, Id, InArea, Limit, OfKind, On, Text, page};
use crate::problem::Answer;
use crate::server::Tag;

/// The longest key of a platform.
const KEY_MAX: usize = 32;
/// The longest number of a certificate, as people type it.
const NUMBER_MAX: usize = 20;

/// Events, terms and groups.
#[derive(Clone)]
pub struct SessionsApi {
    /// The application.
    pub app: App,
}

/// A meeting somebody cannot come to.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ExcuseIn {
    /// Which.
    meeting_id: Id<MeetingId>,
    /// The version of the order as you saw it.
    version: i32,
    /// Why, at most 200 characters.
    reason: Option<Text<200, 0>>,
}

/// Themes.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ThemeList {
    /// The nearest area first.
    items: Vec<Theme>,
}

/// A month as people write it.
pub(crate) fn month(text: &str) -> Answer<Month> {
    Ok(text.parse().map_err(|_| Refusal::new(Code::DateInvalid).field("month"))?)
}

#[OpenApi(tag = "Tag::Catalogue")]
impl SessionsApi {
    /// Events, terms and groups
    ///
    /// Those that are not over, the next first.
    #[oai(path = "/sessions", method = "get", operation_id = "sessions")]
    #[allow(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    async fn list(
        &self,
        /// Only of this platform.
        platform: Query<Option<Text<KEY_MAX>>>,
        /// Only of this kind.
        kind: Query<Option<OfKind>>,
        /// Only in this area.
        area: Query<Option<InArea>>,
        /// Only held by this organisation.
        organisation: Query<Option<Id<OrganisationId>>>,
        /// Only of this offering.
        offering: Query<Option<Id<OfferingId>>>,
        /// Only with a meeting on this day or later.
        from: Query<Option<On>>,
        /// Only with a meeting on this day or earlier.
        to: Query<Option<On>>,
        /// Only of this sort.
        form: Query<Option<FormKey>>,
        /// Only what costs nothing, or only what costs something.
        free: Query<Option<bool>>,
        /// Only those for these people alone.
        audience: Query<Option<AudienceKey>>,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<SessionPage>> {
        let wanted = Wanted {
            platform: platform.0.map(|key| key.0),
            kind: kind.0.map(|kind| kind.0),
            area: area.0.map(|area| area.0),
            organisation: organisation.0.map(|id| id.0),
            offering: offering.0.map(|id| id.0),
            from: from.0.map(|day| day.0),
            to: to.0.map(|day| day.0),
            form: form.0.map(FormKey::into),
            free: free.0,
            audience: audience.0.map(AudienceKey::into),
        };
        let limit = limit.0.unwrap_or_default().0;
        let more = usize::try_from(limit + 1).unwrap_or(101);
        let after = cursor.0.map(|cursor| SessionId(cursor.0));
        let (catalogue, found) = browse::list(&self.app, &wanted, after, more).await?;
        let (found, next) = page(found, limit, |view| view.session.id.0);
        let items = found.iter().map(|view| SessionCard::of(&self.app, &catalogue, view));
        Ok(Json(SessionPage { items: items.collect::<Answer<_>>()?, next }))
    }

    /// One event, term or group
    #[oai(path = "/sessions/:id", method = "get", operation_id = "session")]
    async fn one(&self, id: Path<Id<SessionId>>) -> Answer<Json<SessionCard>> {
        let (catalogue, view) = browse::one(&self.app, id.0.0).await?;
        Ok(Json(SessionCard::whole(&self.app, &catalogue, &view)?))
    }

    /// The programme of a week
    ///
    /// What takes place in an area, and what those above it hold for all their residents.
    #[oai(path = "/programme", method = "get", operation_id = "programme")]
    async fn programme(
        &self,
        /// Where; the district if it is left out.
        area: Query<Option<InArea>>,
        /// Any day of the week; this week if it is left out.
        week: Query<Option<On>>,
    ) -> Answer<Json<Programme>> {
        let (area, day) = (area.0.map(|area| area.0), week.0.map(|day| day.0));
        let (catalogue, week) = programme::week(&self.app, area, day).await?;
        Ok(Json(Programme::of(&self.app, &catalogue, week)?))
    }

    /// What a month is about
    ///
    /// In an area and in those above it.
    #[oai(path = "/themes", method = "get", operation_id = "themes")]
    async fn themes(
        &self,
        /// Where; the district if it is left out.
        area: Query<Option<InArea>>,
        /// When, as `2026-11`; this month if it is left out.
        #[oai(name = "month")]
        when: Query<Option<Text<7, 7>>>,
    ) -> Answer<Json<ThemeList>> {
        let when = when.0.as_deref().map(month).transpose()?;
        let themes = programme::themes(&self.app, area.0.map(|area| area.0), when).await?;
        Ok(Json(ThemeList { items: themes.into_iter().map(Theme::from).collect() }))
    }

    /// Check a certificate
    #[oai(path = "/certificates/:number", method = "get", operation_id = "check_certificate")]
    async fn check(&self, number: Path<Text<NUMBER_MAX>>) -> Answer<Json<CertificateCheck>> {
        Ok(Json(certificate::shown(&self.app, &number.0).await?.into()))
    }

    /// Say beforehand that one cannot come to a meeting
    ///
    /// The time is one's own again. Saying it twice is saying it once.
    #[oai(path = "/orders/:id/excuse", method = "post", operation_id = "excuse", tag = "Tag::Orders")]
    async fn excuse(&self, actor: Resident, id: Path<Id<OrderId>>, body: Json<ExcuseIn>) -> Answer<Json<Order>> {
        let ExcuseIn { meeting_id, version, reason } = body.0;
        roster::excuse(&self.app, &actor, id.0.0, meeting_id.0, version, reason.as_deref()).await?;
        let view = self.app.order(&actor, id.0.0).await?;
        let catalogue = self.app.catalogue().await?;
        Ok(Json(Order::of(&self.app, &catalogue, view)?))
    }

    /// The certificate of attendance
    ///
    /// After the end, for two thirds of the meetings that took place.
    #[oai(path = "/orders/:id/certificate", method = "get", operation_id = "certificate", tag = "Tag::Orders")]
    async fn certificate(&self, actor: Resident, id: Path<Id<OrderId>>) -> Answer<Json<Certificate>> {
        Ok(Json(certificate::of_order(&self.app, &actor, id.0.0).await?.into()))
    }
}
