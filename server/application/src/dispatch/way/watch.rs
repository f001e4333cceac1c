//! Every minute: who is late, who has not set out, who is not heard of.

use futures::FutureExt;
use linli_domain::channel::{News, Urgency};
use linli_domain::coming::{Silence, is_late, silence};
use linli_domain::id::OrderId;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_domain::visit::VisitState;
use linli_domain::words::{Language, Words, say};
use linli_store::booking::orders;
use linli_store::market::coming::{self, Coming};
use linli_store::market::visits;
use linli_store::messages;
use serde_json::json;

use super::{Step, stuck, underway};
use crate::channels::{Batch, Telling, call};
use crate::dispatch::accept;
use crate::orders::perform::{By, NotPerformed};
use crate::{App, Failure, Result};

/// Visits of so far ahead are looked at: nobody's way is longer.
const AHEAD: Span = Span::hours(3);
/// Read at once; the next ones follow.
const AT_ONCE: u32 = 500;
/// The longest somebody may put off setting out with one answer, in minutes.
const LONGEST_DELAY: u32 = 60;

/// Looks after everybody who is coming. One visit's trouble does not keep the others waiting.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn watch(app: &App) -> Result<()> {
    let (now, mut after) = (app.now(), OrderId(0));
    loop {
        let some = coming::before(app.store.reads(), now + AHEAD, after, AT_ONCE).await?;
        for one in &some {
            if let Err(failure) = look_after(app, one, now).await {
                tracing::error!(order = %one.visit.order, %failure, "somebody who is coming could not be looked after");
            }
        }
        match some.last() {
            Some(last) if some.len() == AT_ONCE as usize => after = last.visit.order,
            _ => break,
        }
    }
    stuck::look(app).await?;
    app.hub.publish("jobs", "").await;
    Ok(())
}

async fn look_after(app: &App, one: &Coming, now: Instant) -> Result<()> {
    let way = one.visit.travel_seconds.map(|seconds| Span::seconds(i64::from(seconds)));
    let expected = if one.visit.state == VisitState::OnTheWay {
        let underway = underway(app, one);
        if underway.is_lost(now) {
            lost(app, one).await?;
        }
        underway.expected().map(|at| at.max(now))
    } else {
        let leave = leave_at(one, way.unwrap_or(Span(0)));
        match silence(leave, asked(one), now) {
            Some(Silence::Ask) => ask(app, one).await?,
            Some(Silence::GiveUp) => return give_up(app, one).await,
            None => {}
        }
        way.map(|way| leave.max(now) + way)
    };
    if !one.visit.late_told && is_late(one.promised, grace(app, one).await?, expected, now) {
        late(app, one, expected).await?;
    }
    Ok(())
}

/// How late somebody may be before it is said.
async fn grace(app: &App, one: &Coming) -> Result<Span> {
    let (catalogue, (offering, version)) = (app.catalogue().await?, one.rules);
    let rules = catalogue.offerings.get(&offering).and_then(|offered| offered.rules_of(version));
    Ok(Span::minutes(rules.map_or(0, |rules| i64::from(rules.late_minutes))))
}

/// When they are to set out: when they say so themselves, or so that they are there in time.
fn leave_at(one: &Coming, way: Span) -> Instant {
    let said = one.ping.filter(|ping| ping.answered_at >= one.visit.accepted_at).and_then(|ping| ping.leave_at);
    said.unwrap_or(one.promised - way)
}

/// When they were asked since they accepted, and whether they have answered.
fn asked(one: &Coming) -> Option<(Instant, bool)> {
    let ping = one.ping.filter(|ping| Some(ping.asked_at) >= one.visit.accepted_at)?;
    Some((ping.asked_at, ping.answered_at.is_some_and(|at| at >= ping.asked_at)))
}

/// Locks a visit that is still as it was seen; none where it has moved on.
pub(super) async fn still<'t>(app: &App, tx: &'t linli_store::Tx, seen: &Coming) -> Result<Option<Step<'t>>> {
    let Some(order) = orders::lock(tx, &[seen.visit.order]).await?.pop() else { return Ok(None) };
    let visit = visits::lock(tx, seen.visit.order).await?;
    let same = |visit: &visits::Visit| visit.worker == Some(seen.worker) && visit.state == seen.visit.state;
    let Some(visit) = visit.filter(same) else { return Ok(None) };
    let catalogue = app.catalogue().await?;
    Ok(Some(Step { app: app.clone(), catalogue, tx, order, visit, by: By::SYSTEM, now: app.now() }))
}

/// Both hear that it is late, once.
async fn late(app: &App, one: &Coming, expected: Option<Instant>) -> Result<()> {
    let promised = |language| say::instant(one.promised, language);
    let telling = to_worker(
        one,
        "visit.late",
        Words::new("您可能要晚到了", "You may be late"),
        Words::new(
            format!(
                "约好{}到。已告诉居民您会晚一些；如果去不了，请把这一单退回，不影响您以后接单。",
                promised(Language::Zh)
            ),
            format!(
                "You are awaited {}. The resident has been told that you will be late. If you cannot come, please give the job back; it does not count against you.",
                promised(Language::En)
            ),
        ),
        format!("visit.late/{}/{}", one.visit.order, one.worker),
    );
    let batch = Batch::of(app, &[one.person], &telling).await?;
    let (app, one) = (app.clone(), one.clone());
    app.clone()
        .store
        .write(move |tx| {
            async move {
                let Some(mut step) = still(&app, tx, &one).await?.filter(|step| !step.visit.late_told) else {
                    return Ok(());
                };
                step.visit.late_told = true;
                batch.write(&app, tx).await?;
                step.note("late", json!({ "eta": expected })).await?;
                Ok::<_, NotPerformed>(())
            }
            .boxed()
        })
        .await
        .map_err(Failure::from)
}

/// Whoever has not set out is asked whether they are coming.
async fn ask(app: &App, one: &Coming) -> Result<()> {
    let telling = to_worker(
        one,
        "visit.ping",
        Words::new("您出发了吗？", "Are you on your way?"),
        Words::new(
            "已过出发时间。请点“已出发”，或告诉我们几分钟后出发；十分钟没有回音，这一单会转给别人，不影响您以后接单。",
            "It is past the time to set out. Please say that you are on the way, or in how many minutes you will be. Without an answer in ten minutes the job goes to somebody else; it does not count against you.",
        ),
        format!("visit.ping/{}/{}/{}", one.visit.order, one.worker, app.now().0),
    );
    let batch = Batch::of(app, &[one.person], &telling).await?;
    let (app, one) = (app.clone(), one.clone());
    app.clone()
        .store
        .write(move |tx| {
            async move {
                let Some(step) = still(&app, tx, &one).await? else { return Ok(()) };
                // Another process may have asked a moment ago.
                let ping = coming::one(tx, one.visit.order).await?.and_then(|now| now.ping);
                if ping != one.ping {
                    return Ok(());
                }
                coming::asked(tx, one.visit.order, one.worker, step.now).await?;
                batch.write(&app, tx).await
            }
            .boxed()
        })
        .await
}

/// Somebody else is looked for; the resident, staff and whoever did not come hear of it.
async fn give_up(app: &App, one: &Coming) -> Result<()> {
    let telling = to_worker(
        one,
        "visit.taken_back",
        Words::new("这一单已转给别人", "The job went to somebody else"),
        Words::new(
            "过了出发时间一直没有您的消息，居民的这一单已另找人上门。不影响您以后接单。",
            "You were not heard of after the time to set out, so somebody else is looked for. It does not count against you.",
        ),
        format!("visit.taken_back/{}/{}", one.visit.order, one.worker),
    );
    let batch = Batch::of(app, &[one.person], &telling).await?;
    let (app, one) = (app.clone(), one.clone());
    app.clone()
        .store
        .write(move |tx| {
            async move {
                let Some(step) = still(&app, tx, &one).await? else { return Ok(()) };
                let ping = coming::one(tx, one.visit.order).await?.and_then(|now| now.ping);
                if ping != one.ping {
                    return Ok(());
                }
                let source = format!("visit.taken_back/{}/{}", one.visit.order, one.worker);
                let reason = Words::new(
                    format!("{}接单后没有出发，也没有回音，正在另找人。请留意是否有人接单，必要时联系居民。", one.name),
                    format!(
                        "{} accepted, did not set out and does not answer; somebody else is looked for. Please see that somebody accepts, and call the resident if need be.",
                        one.name
                    ),
                );
                let order = &step.order;
                let call = call(&app, order.subject, &order.area, Some(order.id), reason);
                messages::ask_to_call(tx, &call, &source).await?;
                batch.write(&app, tx).await?;
                let reason = json!({
                    "zh": "接单人没有出发，也没有回音", "en": "they did not set out and do not answer"
                });
                accept::unassign(&app, tx, &step.catalogue, step.order, By::SYSTEM, reason).await?;
                Ok::<_, NotPerformed>(())
            }
            .boxed()
        })
        .await
        .map_err(Failure::from)
}

/// Somebody set out, should have been there long ago, and is not heard of: staff call them. Nobody else is sent by itself,
/// since they may be at the door.
async fn lost(app: &App, one: &Coming) -> Result<()> {
    let (app, one) = (app.clone(), one.clone());
    app.clone()
        .store
        .write(move |tx| {
            async move {
                let Some(step) = still(&app, tx, &one).await? else { return Ok(()) };
                let reason = Words::new(
                    format!("{}出发后早该到了，半小时没有消息。请致电询问是否到达、是否平安，再联系居民。", one.name),
                    format!(
                        "{} set out, should have been there long ago and was not heard of for half an hour. Please call and ask whether they have arrived and are safe, and call the resident.",
                        one.name
                    ),
                );
                let call = call(&app, one.person, &step.order.area, Some(step.order.id), reason);
                let source = format!("visit.lost/{}/{}", one.visit.order, one.worker);
                Ok::<_, Failure>(messages::ask_to_call(tx, &call, &source).await?)
            }
            .boxed()
        })
        .await
}

pub(super) fn to_worker(one: &Coming, topic: &str, title: Words, body: Words, source: String) -> Telling {
    Telling {
        topic: topic.to_owned(),
        title,
        body,
        order: None,
        announcement: None,
        area: Some(one.area.clone()),
        source,
        news: News { urgency: Urgency::Timely, by: Some(one.promised.max(one.visit.until)) },
    }
}

impl App {
    /// A worker says that they are coming, and in how many minutes they will set out.
    ///
    /// # Errors
    /// [`Code::NotFound`] for jobs of others, [`Code::ValueInvalid`] for more than an hour,
    /// [`Code::TransitionRefused`] once they have set out.
    pub async fn still_coming(&self, actor: &Actor, id: OrderId, minutes: u32) -> Result<()> {
        use linli_domain::refusal::Refusal;
        if minutes > LONGEST_DELAY {
            let allowed = format!("0–{LONGEST_DELAY}");
            return Err(Refusal::new(Code::ValueInvalid).field("minutes").with("allowed", allowed).into());
        }
        let (_, seen) = self.own_job(actor, id).await?;
        let now = self.now();
        self.store
            .write(move |tx| {
                async move {
                    let visit = visits::lock(tx, id).await?.filter(|visit| visit.worker == seen.worker);
                    let visit = visit.ok_or(Code::NotFound)?;
                    let Some(worker) = visit.worker.filter(|_| visit.state == VisitState::Accepted) else {
                        let state = visit.state.words();
                        return Err(Refusal::new(Code::TransitionRefused).with("state", state).into());
                    };
                    let leave_at = now + Span::minutes(i64::from(minutes));
                    Ok::<_, Failure>(coming::answered(tx, id, worker, leave_at, now).await?)
                }
                .boxed()
            })
            .await
    }
}
