//! A worker hears by message what others did to their job: a program in the background hears nothing else.

use linli_domain::channel::{News, Urgency};
use linli_domain::id::{JobId, OrderId, WorkerId};
use linli_domain::time::Instant;
use linli_domain::words::{Language, Words, say};
use linli_store::Tx;
use linli_store::booking::{Order, orders};
use linli_store::jobs::{self, NewJob};
use linli_store::market::candidates;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::channels::{self, Telling};
use crate::{App, Result};

/// What others did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// Staff, or their company, send them.
    Sent,
    /// Nobody needs to come any more.
    CalledOff,
    /// Staff gave it to somebody else.
    TakenBack,
    /// The resident asks for it to be put right.
    Again,
    /// Staff have said that it is done.
    Finished,
}

/// The payload of the job that tells it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Told {
    order: OrderId,
    version: i32,
    worker: WorkerId,
    what: What,
}

impl Told {
    fn source(self) -> String {
        format!("visit.told/{}/{}/{}", self.order, self.version, self.worker)
    }
}

/// Writes the job that tells a worker of the step that was just made, once.
pub(crate) async fn later(app: &App, tx: &Tx, order: &Order, worker: WorkerId, what: What, now: Instant) -> Result<()> {
    let told = Told { order: order.id, version: order.version, worker, what };
    let job = NewJob {
        id: JobId(app.next_id()),
        kind: "visit.told".into(),
        payload: json!(told),
        unique_key: Some(told.source()),
        run_at: now,
        created_at: now,
    };
    jobs::enqueue(tx, &[job]).await?;
    Ok(())
}

/// Tells a worker what became of their job. Running it twice tells them once.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn tell(app: &App, told: Told) -> Result<()> {
    let reads = app.store.reads();
    let (Some(order), Some(person)) =
        (orders::one(reads, told.order).await?, candidates::person_of(reads, told.worker).await?)
    else {
        return Ok(());
    };
    let (topic, title, body) = words(told.what, &app.kind_of(&order)?.name, &order);
    let by = matches!(told.what, What::Sent | What::CalledOff).then(|| order.starts_at.max(app.now()));
    let telling = Telling {
        topic: topic.to_owned(),
        title,
        body,
        order: None,
        announcement: None,
        area: Some(order.area.clone()),
        source: told.source(),
        news: News { urgency: Urgency::Timely, by },
    };
    channels::tell(app, &[person], &telling).await
}

fn words(what: What, kind: &Words, order: &Order) -> (&'static str, Words, Words) {
    let (zh, en) = (&kind.zh, &kind.en);
    let when = |language| say::instant(order.starts_at, language);
    let (zh_when, en_when) = (when(Language::Zh), when(Language::En));
    match what {
        What::Sent => (
            "visit.sent",
            Words::new(format!("派给您一单：{zh}"), format!("You are sent to a job: {en}")),
            Words::new(
                format!("{zh_when}到。地址和要求请看您的订单；去不了请退回，不影响您以后接单。"),
                format!(
                    "You are awaited {en_when}. The address and what is asked for are among your jobs. If you cannot come, please give it back; it does not count against you."
                ),
            ),
        ),
        What::CalledOff => (
            "visit.called_off",
            Words::new(format!("不用上门了：{zh}"), format!("You need not come: {en}")),
            Words::new(
                format!("{zh_when}的这一单已经取消。不影响您以后接单。"),
                format!("The job of {en_when} was called off. It does not count against you."),
            ),
        ),
        What::TakenBack => (
            "visit.taken_back",
            Words::new(format!("这一单已转给别人：{zh}"), format!("The job went to somebody else: {en}")),
            Words::new(
                "工作人员已另找人上门。不影响您以后接单。",
                "Staff have found somebody else for it. It does not count against you.",
            ),
        ),
        What::Again => (
            "visit.again",
            Words::new(format!("请再上门一次：{zh}"), format!("Please come again: {en}")),
            Words::new(
                format!("居民说还没有处理好。请先打电话约好时间，{zh_when}前到；去不了请退回，不影响您以后接单。"),
                format!(
                    "The resident says that it is not right yet. Please call and agree on a time, and come by {en_when}. If you cannot, please give it back; it does not count against you."
                ),
            ),
        ),
        What::Finished => (
            "visit.finished",
            Words::new(format!("这一单已由工作人员结束：{zh}"), format!("Staff have ended the job: {en}")),
            Words::new(
                "您一直没有点“完成”。如果金额不对，请联系社区工作人员。",
                "You had not said that it was done. If the sum is not right, please ask your community staff.",
            ),
        ),
    }
}
