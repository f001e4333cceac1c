//! What visits were paid: for those who work, week by week, and for staff.

use linli_application::App;
use linli_application::ledger::Whose;
use linli_domain::id::{OrderId, OrganisationId, WorkerId};
use linli_domain::refusal::{Code, Refusal};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Attachment, Json};

use crate::actor::{AreaStaff, Desk, Resident};
use crate::answer::Done;
use crate::dto::ledger::{CorrectionIn, Earnings, StatementPage, WeekPage, WeekSum, WorkerStatement};
use crate::dto::manage::SheetFormat;
use crate::dto::{Cursor, Id, InArea, Limit, On, page};
use crate::manage::saved;
use crate::problem::Answer;
use crate::request;
use crate::server::Tag;

/// What visits were paid.
#[derive(Clone)]
pub struct LedgerApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Ledger")]
impl LedgerApi {
    /// What I earned in a week
    ///
    /// For workers, also for those who may take no jobs now. Without a day, the present week.
    #[oai(path = "/work/earnings", method = "get", operation_id = "earnings")]
    async fn earnings(
        &self,
        actor: Resident,
        /// Any day of the week.
        week: Query<Option<On>>,
    ) -> Answer<Json<Earnings>> {
        let day = week.0.map_or_else(|| self.app.now().day(), |day| day.0);
        Ok(Json(self.app.earnings(&actor, day).await?.into()))
    }

    /// The weeks I earned in
    ///
    /// For workers, also for those who may take no jobs now; the newest first.
    #[oai(path = "/work/statements", method = "get", operation_id = "list_statements")]
    async fn weeks(
        &self,
        actor: Resident,
        /// Weeks that began before this day.
        before: Query<Option<On>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<WeekPage>> {
        let limit = limit.0.unwrap_or_default().0;
        let more = u32::try_from(limit + 1).unwrap_or(101);
        let mut weeks = self.app.weeks_of_work(&actor, before.0.map(|day| day.0), more).await?;
        let whole = weeks.len() as u64 <= limit;
        weeks.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = if whole { None } else { weeks.last().map(|last| last.week.into()) };
        Ok(Json(WeekPage { items: weeks.into_iter().map(WeekSum::from).collect(), next }))
    }

    /// The statement of a week as a file
    ///
    /// For workers, also for those who may take no jobs now.
    #[oai(path = "/work/statements/:week/file", method = "get", operation_id = "statement_file")]
    async fn file(
        &self,
        actor: Resident,
        /// Any day of the week.
        week: Path<On>,
        format: Query<SheetFormat>,
    ) -> Answer<Attachment<Vec<u8>>> {
        let language = request::language();
        Ok(saved(self.app.statement_file(&actor, week.0.0, format.0.into(), language).await?))
    }

    /// What was paid for an organisation's visits, or those of an area, in a week
    ///
    /// By worker: cash, and what the district owes, to whom and out of which budget. For those who run the organisation
    /// and for staff of the area. Without a day, the present week.
    #[oai(path = "/desk/statements", method = "get", operation_id = "desk_statements")]
    async fn statements(
        &self,
        actor: Desk,
        /// Any day of the week.
        week: Query<Option<On>>,
        /// One of both.
        organisation: Query<Option<Id<OrganisationId>>>,
        /// One of both.
        area: Query<Option<InArea>>,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<StatementPage>> {
        let whose = match (organisation.0, area.0) {
            (Some(organisation), None) => Whose::Organisation(organisation.0),
            (None, Some(area)) => Whose::Area(area.0),
            _ => {
                let refusal = Refusal::new(Code::ValueInvalid).field("organisation");
                return Err(refusal.with("allowed", "organisation, area").into());
            }
        };
        let day = week.0.map_or_else(|| self.app.now().day(), |day| day.0);
        let limit = limit.0.unwrap_or_default().0;
        let more = u32::try_from(limit + 1).unwrap_or(101);
        let after = cursor.0.map(|cursor| WorkerId(cursor.0));
        let statements = self.app.statements(&actor, whose, day, after, more).await?;
        let (items, next) = page(statements, limit, |statement| statement.worker.0);
        let items = items.into_iter().map(WorkerStatement::from).collect();
        Ok(Json(StatementPage { week: day.monday().into(), items, next }))
    }

    /// Correct what a visit was paid
    ///
    /// What stands is countered and the right sum is written instead; nothing is erased. For staff of the area.
    #[oai(path = "/desk/statements/orders/:order/correct", method = "post", operation_id = "correct_payment")]
    async fn correct(&self, actor: AreaStaff, order: Path<Id<OrderId>>, body: Json<CorrectionIn>) -> Answer<Done> {
        self.app.correct_payment(&actor, order.0.0, body.0.fen, &body.0.reason).await?;
        Ok(Done::Nothing)
    }
}
