//! Reports that everybody may see: where, what, how far. Never who, nor a door, nor a number.

use futures::FutureExt;
use linli_domain::area::AreaCode;
use linli_domain::geo::Wgs84;
use linli_domain::hazard;
use linli_domain::id::{FileId, OrderId, OrganisationId};
use linli_domain::platform::{Kind, VisitTerms};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_domain::visit::VisitState;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::market::reports::{self, Shared, Wanted};

use crate::{App, Failure, Result};

/// How long what was done stays on the map.
const SHOWN_AFTER: Span = Span::days(14);

/// A report as everybody may read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Its order.
    pub order: OrderId,
    /// Its kind.
    pub kind: linli_domain::platform::KindKey,
    /// What sort of thing it is.
    pub kind_name: Words,
    /// What was said of it.
    pub what: String,
    /// Compound or street.
    pub address: String,
    /// Where.
    pub point: Wgs84,
    /// The community.
    pub area: AreaCode,
    /// Whose it is to see to it.
    pub organisation: OrganisationId,
    /// Where it stands.
    pub state: VisitState,
    /// Since when.
    pub since: Instant,
    /// The last change.
    pub changed_at: Instant,
    /// When somebody should be there.
    pub expected: Instant,
    /// How many others follow it.
    pub followers: u32,
    /// A picture that staff have found fit for everybody.
    pub picture: Option<FileId>,
}

/// Around which place to look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The middle.
    pub middle: Wgs84,
    /// How far around, in metres.
    pub metres: u32,
}

impl Near {
    /// A box that holds the circle.
    fn corners(self) -> (Wgs84, Wgs84) {
        let metres = f64::from(self.metres);
        (self.middle.moved(-metres, -metres), self.middle.moved(metres, metres))
    }
}

impl App {
    /// Kinds whose reports may be shared and fulfil a condition.
    pub(super) fn shareable(&self, also: impl Fn(&VisitTerms) -> bool) -> impl Iterator<Item = &Kind> {
        let kinds = self.platforms.platforms.iter().flat_map(|platform| &platform.kinds);
        kinds.filter(move |kind| {
            !kind.confidential && kind.visit.as_ref().is_some_and(|visit| visit.is_shareable() && also(visit))
        })
    }

    /// Shared reports around a place that are open, or were done lately, the newest first; with the last one looked at,
    /// from which the next page goes on.
    ///
    /// # Errors
    /// The database's.
    pub async fn hazards_near(
        &self,
        near: Near,
        before: Option<OrderId>,
        limit: u64,
    ) -> Result<(Vec<Report>, Option<OrderId>)> {
        let wanted = Wanted {
            within: Some(near.corners()),
            states: VisitState::ALL
                .into_iter()
                .filter(|state| !matches!(state, VisitState::Failed | VisitState::Over))
                .collect(),
            done_since: Some(self.now() - SHOWN_AFTER),
            before,
            limit,
            ..Wanted::default()
        };
        let mut found = self.reports(wanted).await?;
        let next = found.last().filter(|_| found.len() as u64 == limit).map(|last| last.order);
        found.retain(|report| report.point.distance(near.middle) <= f64::from(near.metres));
        Ok((found, next))
    }

    /// One shared report.
    ///
    /// # Errors
    /// [`Code::NotFound`], also for private ones.
    pub async fn report(&self, order: OrderId) -> Result<Report> {
        let wanted = Wanted { orders: Some(vec![order]), limit: 1, ..Wanted::default() };
        self.reports(wanted).await?.pop().ok_or_else(|| Code::NotFound.into())
    }

    /// The picture of a shared report that staff have found fit for everybody: a JPEG.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is none; [`Code::FilesUnavailable`].
    pub async fn report_picture(&self, order: OrderId) -> Result<Vec<u8>> {
        self.opened(self.report(order).await?.picture.ok_or(Code::NotFound)?).await
    }

    pub(super) async fn reports(&self, mut wanted: Wanted) -> Result<Vec<Report>> {
        if wanted.kinds.is_empty() {
            wanted.kinds = self.shareable(|_| true).map(|kind| kind.key.clone()).collect();
        }
        let found = reports::shared(self.store.reads(), &wanted).await?;
        Ok(found.into_iter().filter_map(|shared| self.read_out(shared)).collect())
    }

    fn read_out(&self, shared: Shared) -> Option<Report> {
        let kind = self.platforms.kind(&shared.kind)?;
        let said = hazard::what(kind, &shared.form);
        // Where the form asks nothing, the thing itself says what it is about: entrance 3-1.
        let thing = shared.thing.rsplit('/').next().unwrap_or_default();
        Some(Report {
            order: shared.order,
            kind_name: kind.name.clone(),
            kind: shared.kind,
            what: if said.is_empty() { hazard::masked(thing) } else { said },
            address: hazard::masked(&shared.address),
            point: shared.point,
            area: shared.area,
            organisation: shared.organisation,
            state: shared.state,
            since: shared.created_at,
            changed_at: shared.changed_at,
            expected: shared.expected,
            followers: shared.followers,
            picture: shared.picture,
        })
    }

    /// Says whether everybody may see a picture of a shared report: it shows no person and nobody's home. For staff who
    /// serve the order.
    ///
    /// # Errors
    /// [`Code::NotFound`] for pictures of orders they do not serve.
    pub async fn publish_picture(&self, actor: &Actor, picture: FileId, public: bool) -> Result<()> {
        let mut served = None;
        for order in reports::orders_of_picture(self.store.reads(), picture).await? {
            if let Ok(order) = self.served_order(actor, order).await {
                served = Some(order);
                break;
            }
        }
        let order = served.ok_or(Code::NotFound)?;
        let action = if public { "picture.published" } else { "picture.withdrawn" };
        let now = self.now();
        let entry = AuditEntry::new(self.next_id(), now, Some(actor.account), ActingAs::Staff, action)
            .about(order.subject)
            .on(picture.0);
        self.store
            .write(move |tx| {
                async move {
                    if !reports::publish(tx, order.id, picture, public).await? {
                        return Err(Failure::from(Code::NotFound));
                    }
                    Ok(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }
}
