//! Words and pictures that should not stand: reported by whom they concern, decided by staff of the area. The
//! organisation does not judge what is said about itself.

use futures::FutureExt;
use linli_domain::id::{OrderId, RatingReportId};
use linli_domain::order::ActingAs;
use linli_domain::rating::{Side, WORDS_MAX};
use linli_domain::refusal::Code;
use linli_domain::role::{Actor, Scope};
use linli_domain::words::Words;
use linli_store::booking::orders;
use linli_store::market::ratings::{self, Report};
use linli_store::{audit, jobs};

use super::rate::{given, of_side};
use super::tell::rating_job;
use super::view::RatingView;
use crate::{App, Failure, Result, input};

/// A report as whoever decides sees it.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// The report.
    pub report: Report,
    /// What the order was.
    pub service: Words,
    /// What was said.
    pub rating: RatingView,
}

impl App {
    /// Asks staff to look at what was said on an order: the other side's word, unless another is named.
    ///
    /// # Errors
    /// [`Code::NotFound`] for whoever cannot read it; [`Code::RatingReported`]; what is refused of texts.
    pub async fn report_rating(&self, actor: &Actor, id: OrderId, side: Option<Side>, reason: &str) -> Result<()> {
        let reason = input::note("reason", reason, WORDS_MAX)?;
        let order = orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let (own, acting) = self.part_in(actor, &order).await?.ok_or(Code::NotFound)?;
        let side = side.unwrap_or(own.map_or(Side::Resident, Side::other));
        let now = self.now();
        let report = Report {
            id: RatingReportId(self.next_id()),
            order: id,
            side,
            area: order.area.clone(),
            by: actor.person,
            reason,
            at: now,
        };
        let entry = self.entry(actor, acting, "rating.reported").on(id.0);
        self.store
            .write(move |tx| {
                async move {
                    let rating = of_side(tx, id, side).await?;
                    let readable = rating.filter(|rating| own != Some(side) && given(rating).is_shown(now));
                    readable.ok_or(Code::NotFound)?;
                    if !ratings::report(tx, &report).await? {
                        return Err(Code::RatingReported.into());
                    }
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }

    /// Reports of the areas the actor works for that nobody has decided, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn rating_reports(
        &self,
        actor: &Actor,
        after: Option<RatingReportId>,
        limit: u32,
    ) -> Result<Vec<ReportView>> {
        let prefixes: Vec<String> = actor
            .grants
            .iter()
            .filter_map(|grant| match &grant.scope {
                Scope::Area(area) if grant.role.is_for_area() => Some(area.significant().to_owned()),
                _ => None,
            })
            .collect();
        let reports = ratings::open_reports(self.store.reads(), &prefixes, after, limit).await?;
        let mut found: Vec<OrderId> = reports.iter().map(|report| report.order).collect();
        found.sort_unstable();
        found.dedup();
        let (orders, given) = (orders::many(self.store.reads(), &found).await?, self.ratings_of(&found).await?);
        let catalogue = self.catalogue().await?;
        let view = |report: Report| {
            let order = orders.iter().find(|order| order.id == report.order)?;
            let view =
                given.iter().find(|view| (view.rating.order, view.rating.side) == (report.order, report.side))?;
            Some(ReportView { service: self.service_of(&catalogue, order), rating: view.clone(), report })
        };
        Ok(reports.into_iter().filter_map(view).collect())
    }

    /// Decides a report, and with it all others on the same words: they are hidden, or stay. The level counts either way.
    ///
    /// # Errors
    /// [`Code::NotFound`] for reports of other areas and those decided already; what is refused of texts.
    pub async fn decide_report(&self, actor: &Actor, id: RatingReportId, hide: bool, reason: &str) -> Result<()> {
        let reason = input::note("reason", reason, WORDS_MAX)?;
        let report = ratings::open_report(self.store.reads(), id).await?;
        let report = report.filter(|report| actor.governs(&report.area)).ok_or(Code::NotFound)?;
        let (order, side, now) = (report.order, report.side, self.now());
        let (this, by) = (self.clone(), actor.account);
        let action = if hide { "rating.hidden" } else { "rating.kept" };
        let entry = self.entry(actor, ActingAs::Staff, action).on(order.0);
        self.store
            .write(move |tx| {
                async move {
                    orders::lock(tx, &[order]).await?;
                    if ratings::close_reports(tx, (order, side), by, hide, now).await?.is_empty() {
                        return Err(Code::NotFound.into());
                    }
                    let mut rating = of_side(tx, order, side).await?.ok_or(Code::NotFound)?;
                    let entry = entry.about(rating.person);
                    if hide {
                        rating.version += 1;
                        rating.hidden = Some((reason, by));
                        ratings::update(tx, &rating).await?;
                        let what = if side == Side::Worker { "hidden_worker" } else { "hidden" };
                        jobs::enqueue(tx, &[rating_job(&this, order, what)]).await?;
                    }
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        self.hub.publish("jobs", "").await;
        Ok(())
    }
}
