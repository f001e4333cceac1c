//! Weeks: what somebody earned, and what is owed to whom.

use linli_domain::id::{OrderId, WorkerId};
use linli_domain::ledger::{Account, What};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant};
use linli_domain::words::{Language, Words};
use linli_sheets::{Format, Sheet};
use linli_store::audit::{self, ActingAs};
use linli_store::market::candidates;
use linli_store::market::ledger::{self as table, Line, Owed, Whose};
use serde_json::json;

use crate::manage::export::File;
use crate::{App, Failure, Result};

/// The sums of a week, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekSum {
    /// Its Monday.
    pub week: Day,
    /// Everything.
    pub total_fen: i64,
    /// What was given in cash.
    pub cash_fen: i64,
    /// What the district pays for their work.
    pub district_fen: i64,
    /// Of that, what it owes to them and not to an organisation they work for.
    pub owed_fen: i64,
    /// For how many visits.
    pub orders: i64,
}

/// What somebody earned in a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earnings {
    /// The sums.
    pub sum: WeekSum,
    /// What they are made of, in order.
    pub jobs: Vec<PaidJob>,
    /// Minutes at work, the way there included, also for visits nobody pays.
    pub minutes_active: i64,
}

/// One line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidJob {
    /// For which order.
    pub order: OrderId,
    /// What it was.
    pub kind_name: Words,
    /// When.
    pub at: Instant,
    /// Why.
    pub what: What,
    /// How much, in fen; negative where something is countered.
    pub fen: i64,
    /// Whether it was cash; otherwise the district pays.
    pub cash: bool,
    /// Minutes at work for it.
    pub minutes: i64,
    /// Why it was corrected.
    pub reason: String,
}

/// What moved for one worker in a week, as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementOf {
    /// Whose work it was.
    pub worker: WorkerId,
    /// Their name, as residents read it.
    pub name: String,
    /// By payee and budget.
    pub lines: Vec<Owed>,
}

impl WeekSum {
    const fn none(week: Day) -> Self {
        Self { week, total_fen: 0, cash_fen: 0, district_fen: 0, owed_fen: 0, orders: 0 }
    }

    fn add(&mut self, account: &Account, fen: i64) {
        self.total_fen += fen;
        match account {
            Account::Cash(_) => self.cash_fen += fen,
            Account::Worker(_) => {
                self.district_fen += fen;
                self.owed_fen += fen;
            }
            _ => self.district_fen += fen,
        }
    }
}

impl App {
    /// What somebody earned in the week of a day.
    ///
    /// # Errors
    /// [`Code::NotFound`] for somebody without a worker's file; faults of the database.
    pub async fn earnings(&self, actor: &Actor, day: Day) -> Result<Earnings> {
        let worker = self.own_work(actor).await?;
        let (from, to) = (day.monday(), day.monday().plus(6));
        let reads = self.store.reads();
        let lines = table::lines(reads, worker, from, to).await?;
        let minutes_active = table::minutes(reads, worker, from, to).await?;
        let mut sum = WeekSum::none(from);
        lines.iter().for_each(|line| sum.add(&line.account, line.fen));
        let mut orders: Vec<OrderId> = lines.iter().map(|line| line.order).collect();
        orders.sort_unstable();
        orders.dedup();
        sum.orders = i64::try_from(orders.len()).unwrap_or(i64::MAX);
        Ok(Earnings { sum, jobs: lines.iter().map(|line| self.paid_job(line)).collect(), minutes_active })
    }

    /// The weeks somebody earned in, the newest first, before a day.
    ///
    /// # Errors
    /// As [`App::earnings`].
    pub async fn weeks_of_work(&self, actor: &Actor, before: Option<Day>, limit: u32) -> Result<Vec<WeekSum>> {
        let worker = self.own_work(actor).await?;
        let mut weeks: Vec<WeekSum> = Vec::new();
        for part in table::weeks(self.store.reads(), worker, before.unwrap_or(Day(i32::MAX)), limit).await? {
            if weeks.last().is_none_or(|last| last.week != part.monday) {
                weeks.push(WeekSum::none(part.monday));
            }
            let sum = weeks.last_mut().expect("one was just pushed");
            sum.add(&part.account, part.fen);
            sum.orders += part.orders;
        }
        Ok(weeks)
    }

    /// The statement of a week as a file.
    ///
    /// # Errors
    /// As [`App::earnings`].
    pub async fn statement_file(&self, actor: &Actor, day: Day, format: Format, language: Language) -> Result<File> {
        let earnings = self.earnings(actor, day).await?;
        File::of(&format!("statement-{}", earnings.sum.week), format, vec![sheet(&earnings, language)]).await
    }

    /// What moved in the week of a day for orders of an organisation or an area, by worker, after one of them. The
    /// reader is on record.
    ///
    /// # Errors
    /// [`Code::NotFound`] where the actor serves neither the organisation nor the area.
    pub async fn statements(
        &self,
        actor: &Actor,
        whose: Whose,
        day: Day,
        after: Option<WorkerId>,
        limit: u32,
    ) -> Result<Vec<StatementOf>> {
        let may = match &whose {
            Whose::Area(area) => actor.governs(area),
            Whose::Organisation(id) => {
                let catalogue = self.catalogue().await?;
                let organisation = catalogue.organisations.get(id).ok_or(Code::NotFound)?;
                actor.manages(*id, &organisation.area)
            }
        };
        if !may {
            return Err(Refusal::new(Code::NotFound).into());
        }
        let days = (day.monday(), day.monday().plus(6));
        let mut statements: Vec<StatementOf> = Vec::new();
        for line in table::owed(self.store.reads(), &whose, days, after, limit).await? {
            if statements.last().is_none_or(|last| last.worker != line.worker) {
                let (worker, name) = (line.worker, line.name.clone());
                statements.push(StatementOf { worker, name, lines: Vec::new() });
            }
            statements.last_mut().expect("one was just pushed").lines.push(line);
        }
        let entry = self.entry(actor, ActingAs::Staff, "statements.read").saying(json!({ "week": days.0 }));
        self.store.write(move |tx| Box::pin(async move { Ok::<_, Failure>(audit::record(tx, entry).await?) })).await?;
        Ok(statements)
    }

    async fn own_work(&self, actor: &Actor) -> Result<WorkerId> {
        candidates::worker_of(self.store.reads(), actor.person).await?.ok_or_else(|| Code::NotFound.into())
    }

    fn paid_job(&self, line: &Line) -> PaidJob {
        let name = self.platforms.kind(&line.kind).map(|kind| kind.name.clone());
        PaidJob {
            order: line.order,
            kind_name: name.unwrap_or_else(|| Words::new(line.kind.as_str(), line.kind.as_str())),
            at: line.at,
            what: line.what,
            fen: line.fen,
            cash: matches!(line.account, Account::Cash(_)),
            minutes: line.minutes,
            reason: line.reason.clone(),
        }
    }
}

/// Fen as yuan in one of two cells, received and taken back: a number with a sign in front would be no number to a
/// spreadsheet, since signs begin formulas.
fn yuan(fen: i64) -> [String; 2] {
    let text = format!("{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    if fen < 0 { [String::new(), text] } else { [text, String::new()] }
}

fn sheet(earnings: &Earnings, language: Language) -> Sheet {
    let say = |zh: &str, en: &str| Words::new(zh, en).in_language(language).to_owned();
    let heading = vec![
        say("日期", "Day"),
        say("时间", "Time"),
        say("服务", "Service"),
        say("事由", "What"),
        say("付款方式", "Paid by"),
        say("收入（元）", "Received (yuan)"),
        say("退回（元）", "Taken back (yuan)"),
        say("工作分钟", "Minutes"),
        say("说明", "Reason"),
        say("订单号", "Order"),
    ];
    let mut rows: Vec<Vec<String>> = earnings
        .jobs
        .iter()
        .map(|job| {
            let [received, back] = yuan(job.fen);
            vec![
                job.at.day().to_string(),
                job.at.time_of_day().to_string(),
                job.kind_name.in_language(language).to_owned(),
                match job.what {
                    What::VisitPaid => say("完成服务", "Visit done"),
                    What::Countered => say("冲销", "Countered"),
                    What::Corrected => say("更正", "Corrected"),
                },
                if job.cash { say("现金", "Cash") } else { say("区财政", "District") },
                received,
                back,
                job.minutes.to_string(),
                job.reason.clone(),
                job.order.to_string(),
            ]
        })
        .collect();
    let sums = [
        (say("现金合计", "Cash"), earnings.sum.cash_fen),
        (say("区财政合计", "District"), earnings.sum.district_fen),
        (say("总计", "Total"), earnings.sum.total_fen),
    ];
    for (name, fen) in sums {
        let [received, back] = yuan(fen);
        rows.push(vec![String::new(), String::new(), name, String::new(), String::new(), received, back]);
    }
    Sheet { name: say("对账单", "Statement"), heading, rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linli_domain::id::OrganisationId;

    #[test]
    fn fen_are_written_as_yuan() {
        for (fen, received, back) in
            [(0, "0.00", ""), (5, "0.05", ""), (1_205, "12.05", ""), (-5, "", "0.05"), (-1_205, "", "12.05")]
        {
            assert_eq!(yuan(fen), [received, back]);
        }
    }

    #[test]
    fn what_goes_to_the_organisation_is_not_owed_to_the_worker() {
        let mut sum = WeekSum::none(Day(20_000).monday());
        sum.add(&Account::Cash(WorkerId(1)), 100);
        sum.add(&Account::Worker(WorkerId(1)), 20);
        sum.add(&Account::Organisation(OrganisationId(1)), 3);
        assert_eq!((sum.total_fen, sum.cash_fen, sum.district_fen, sum.owed_fen), (123, 100, 23, 20));
    }
}
