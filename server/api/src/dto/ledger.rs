//! What visits were paid.

use linli_application::ledger as of;
use linli_domain::id::{OrderId, OrganisationId, WorkerId};
use linli_domain::ledger::{Account, What};
use poem_openapi::{Enum, Object};

use super::{At, Id, On, Text, Words};

/// The sums of a week.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct WeekSum {
    /// Its Monday.
    pub week: On,
    /// Everything, in fen.
    pub total_fen: i64,
    /// What was given in cash, in fen.
    pub cash_fen: i64,
    /// What the district pays for the work, in fen.
    pub district_fen: i64,
    /// Of that, what it owes to the worker and not to an organisation they work for, in fen.
    pub owed_fen: i64,
    /// For how many visits.
    pub orders: i64,
}

/// What somebody earned in a week.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Earnings {
    /// Its Monday.
    pub week: On,
    /// Everything, in fen.
    pub total_fen: i64,
    /// What was given in cash, in fen.
    pub cash_fen: i64,
    /// What the district pays for the work, in fen.
    pub district_fen: i64,
    /// Of that, what it owes to the worker and not to an organisation they work for, in fen.
    pub owed_fen: i64,
    /// What the sums are made of, in order.
    pub jobs: Vec<PaidJob>,
    /// Minutes at work, the way there included, also for visits that nobody pays.
    pub minutes_active: i64,
}

/// Why something was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PaidFor {
    /// A visit was done.
    Visit,
    /// What was written before was wrong, and is taken back.
    Countered,
    /// What is right instead.
    Corrected,
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PaidBy {
    /// The resident, in cash.
    Cash,
    /// The district.
    District,
}

/// One line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct PaidJob {
    /// For which order.
    pub order_id: Id<OrderId>,
    /// What it was.
    pub kind_name: Words,
    /// When.
    pub at: At,
    /// Why.
    pub what: PaidFor,
    /// How much, in fen; negative where something is taken back.
    pub fen: i64,
    /// Who pays.
    pub pay_by: PaidBy,
    /// Minutes at work for it, the way there included.
    pub minutes: i64,
    /// Why it was corrected.
    pub reason: Option<String>,
}

/// Weeks, and where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct WeekPage {
    /// The weeks, newest first.
    pub items: Vec<WeekSum>,
    /// To be sent as `before` for the next page; none on the last.
    pub next: Option<On>,
}

/// One payee of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct StatementLine {
    /// Who pays.
    pub pay_by: PaidBy,
    /// The organisation it is owed to; left out where it is the worker's own.
    pub organisation_id: Option<Id<OrganisationId>>,
    /// The budget of the district, by the key of its platform; left out for cash.
    pub budget: Option<String>,
    /// How much, in fen.
    pub fen: i64,
    /// For how many visits.
    pub orders: i64,
}

/// What a worker's visits were paid in a week.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkerStatement {
    /// Who came.
    pub worker_id: Id<WorkerId>,
    /// Their name.
    pub name: String,
    /// What the district owes for it, in fen.
    pub owed_fen: i64,
    /// By payee and budget.
    pub lines: Vec<StatementLine>,
}

/// Statements, and where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct StatementPage {
    /// The Monday of the week.
    pub week: On,
    /// The statements, by worker.
    pub items: Vec<WorkerStatement>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// What a visit was paid in truth.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct CorrectionIn {
    /// The right sum in fen; 0 takes it back.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000000")))]
    pub fen: i64,
    /// Why, in words the worker reads.
    pub reason: Text<200>,
}

impl From<of::WeekSum> for WeekSum {
    fn from(sum: of::WeekSum) -> Self {
        Self {
            week: sum.week.into(),
            total_fen: sum.total_fen,
            cash_fen: sum.cash_fen,
            district_fen: sum.district_fen,
            owed_fen: sum.owed_fen,
            orders: sum.orders,
        }
    }
}

impl From<of::Earnings> for Earnings {
    fn from(earnings: of::Earnings) -> Self {
        let sum = earnings.sum;
        Self {
            week: sum.week.into(),
            total_fen: sum.total_fen,
            cash_fen: sum.cash_fen,
            district_fen: sum.district_fen,
            owed_fen: sum.owed_fen,
            jobs: earnings.jobs.into_iter().map(PaidJob::from).collect(),
            minutes_active: earnings.minutes_active,
        }
    }
}

impl From<of::PaidJob> for PaidJob {
    fn from(job: of::PaidJob) -> Self {
        Self {
            order_id: Id(job.order),
            kind_name: job.kind_name.into(),
            at: job.at.into(),
            what: match job.what {
                What::VisitPaid => PaidFor::Visit,
                What::Countered => PaidFor::Countered,
                What::Corrected => PaidFor::Corrected,
            },
            fen: job.fen,
            pay_by: if job.cash { PaidBy::Cash } else { PaidBy::District },
            minutes: job.minutes,
            reason: (!job.reason.is_empty()).then_some(job.reason),
        }
    }
}

impl From<of::StatementOf> for WorkerStatement {
    fn from(statement: of::StatementOf) -> Self {
        let owed = statement.lines.iter().filter(|line| line.budget.is_some()).map(|line| line.fen).sum();
        Self {
            worker_id: Id(statement.worker),
            name: statement.name,
            owed_fen: owed,
            lines: statement.lines.into_iter().map(StatementLine::from).collect(),
        }
    }
}

impl From<of::Owed> for StatementLine {
    fn from(owed: of::Owed) -> Self {
        Self {
            pay_by: if owed.budget.is_some() { PaidBy::District } else { PaidBy::Cash },
            organisation_id: match owed.account {
                Account::Organisation(id) => Some(Id(id)),
                _ => None,
            },
            budget: owed.budget,
            fen: owed.fen,
            orders: owed.orders,
        }
    }
}
