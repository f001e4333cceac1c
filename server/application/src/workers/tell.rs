//! What workers are told about their file and their papers.

use linli_domain::channel::{News, Urgency};
use linli_domain::id::{DocumentId, JobId, WorkerId};
use linli_domain::refusal::{Param, fill};
use linli_domain::words::{Language, Words};
use linli_domain::worker::ServiceState;
use linli_store::jobs::NewJob;
use linli_store::market::workers::{self as rows, Worker};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Whole;
use crate::channels::{self, Telling};
use crate::{App, Result};

/// What there is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// The file is good.
    Verified,
    /// The file is not.
    Refused,
    /// Staff have looked at what was added.
    Decided,
    /// No jobs for the time being.
    Suspended,
    /// Jobs again.
    Resumed,
    /// A paper soon runs out.
    EndsSoon(DocumentId),
    /// A paper has run out.
    RanOut(DocumentId),
}

/// The payload of the job that tells it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Told {
    worker: WorkerId,
    version: i32,
    what: What,
}

impl Told {
    fn source(self) -> String {
        let Self { worker, version, what } = self;
        match what {
            What::EndsSoon(id) => format!("worker.paper_ends_soon/{id}"),
            What::RanOut(id) => format!("worker.paper_ran_out/{id}"),
            What::Verified | What::Refused | What::Decided | What::Suspended | What::Resumed => {
                format!("worker.tell/{worker}/{version}")
            }
        }
    }
}

/// A job that tells a worker something, once.
pub(super) fn job(app: &App, worker: &Worker, what: What) -> NewJob {
    let told = Told { worker: worker.id, version: worker.version, what };
    NewJob {
        id: JobId(app.next_id()),
        kind: "worker.tell".into(),
        payload: json!(told),
        unique_key: Some(told.source()),
        run_at: app.now(),
        created_at: app.now(),
    }
}

type Template = (&'static str, &'static str);

fn words(what: What) -> (&'static str, Template, Template) {
    match what {
        What::Verified => (
            "worker.verified",
            ("您的服务人员资料已通过审核", "Your provider's file is verified"),
            ("现在可以上岗接单：{good}。{bad}", "You can go on duty and be offered jobs now: {good}. {bad}"),
        ),
        What::Refused => (
            "worker.refused",
            ("您的服务人员资料未通过审核", "Your provider's file was not accepted"),
            ("原因：{reason}。修改后可以重新提交。", "Reason: {reason}. You can change it and submit it again."),
        ),
        What::Decided => (
            "worker.decided",
            ("您新增的服务或证件已审核", "What you added to your file was looked at"),
            ("可以接单的服务：{good}。{bad}", "You can be offered: {good}. {bad}"),
        ),
        What::Suspended => (
            "worker.suspended",
            ("您的接单资格已暂停", "You are not offered jobs for the time being"),
            (
                "原因：{reason}。还没有开始的订单已另找人。如有疑问，请联系社区工作人员。",
                "Reason: {reason}. Others are found for what you have not begun. If you have questions, please ask your community staff.",
            ),
        ),
        What::Resumed => (
            "worker.resumed",
            ("您可以重新接单了", "You can be offered jobs again"),
            ("请在方便时上岗。", "Please go on duty when it suits you."),
        ),
        What::EndsSoon(_) => (
            "worker.paper_ends_soon",
            ("证件即将到期：{document}", "A paper soon runs out: {document}"),
            (
                "您的{document}有效到{last}。请在到期前上传新的证件，以免影响接单。",
                "Your {document} is valid until {last}. Please upload a new one before then, so that you keep being offered jobs.",
            ),
        ),
        What::RanOut(_) => (
            "worker.paper_ran_out",
            ("证件已到期：{document}", "A paper has run out: {document}"),
            (
                "您的{document}有效到{last}，现已到期。需要它的服务暂停接单；上传新的证件并通过审核后恢复。",
                "Your {document} was valid until {last}. Services that need it are off offer; they come back when a new one was uploaded and verified.",
            ),
        ),
    }
}

/// Tells a worker what has happened. What a later change has overtaken is told all the same: each has its own words.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn tell(app: &App, told: &Told) -> Result<()> {
    let Some(worker) = rows::one(app.store.reads(), told.worker).await? else { return Ok(()) };
    let whole = Whole::of(app.store.reads(), worker).await?;
    let paper = match told.what {
        What::EndsSoon(id) | What::RanOut(id) => whole.papers.iter().find(|row| row.paper.id == id),
        _ => None,
    };
    let mut params: Vec<(&'static str, Param)> = vec![("reason", whole.worker.reason.as_str().into())];
    params.extend(services(app, &whole));
    if let Some(row) = paper {
        params.push(("document", row.paper.document.words().into()));
        params.extend(row.paper.valid_until.map(|last| ("last", last.into())));
    } else if matches!(told.what, What::EndsSoon(_) | What::RanOut(_)) {
        // A newer one has taken its place meanwhile.
        return Ok(());
    }
    let (topic, title, body) = words(told.what);
    let filled = |(zh, en): Template| Words::new(fill(zh, &params, Language::Zh), fill(en, &params, Language::En));
    let telling = Telling {
        topic: topic.to_owned(),
        title: filled(title),
        body: filled(body),
        order: None,
        announcement: None,
        area: whole.worker.home_area.clone(),
        source: told.source(),
        news: News { urgency: Urgency::Timely, by: None },
    };
    channels::tell(app, &[whole.worker.person], &telling).await
}

/// What they may do, and what not with the reason.
fn services(app: &App, whole: &Whole) -> [(&'static str, Param); 2] {
    let on_offer = whole.services.iter().filter(|one| one.state == ServiceState::Verified && !one.off_offer);
    let names: Vec<Words> = on_offer.map(|one| app.kind_name(&one.kind)).collect();
    let refused = whole.services.iter().filter(|one| one.state == ServiceState::Refused);
    let reasons: Vec<(Words, &str)> = refused.map(|one| (app.kind_name(&one.kind), one.reason.as_str())).collect();
    let said = |language: Language, (head, colon, end): (&str, &str, &str)| -> String {
        let one = |(name, reason): &(Words, &str)| format!("{head}{}{colon}{reason}{end}", name.in_language(language));
        reasons.iter().map(one).collect()
    };
    let good = if names.is_empty() { Words::new("暂无", "none yet") } else { Words::listed(names) };
    let bad = Words::new(
        said(Language::Zh, ("未通过：", "，", "。")),
        said(Language::En, ("Not accepted: ", ": ", ". ")).trim_end(),
    );
    [("good", good.into()), ("bad", bad.into())]
}
