//! Somebody who has been at the door or at work for more than a day: they have forgotten to say that it is done, or
//! something is wrong. Staff hear of it once and find it among what is late; nothing is ended by itself, since only those
//! who were there know whether it is done.

use futures::FutureExt;
use linli_domain::area::AreaLevel;
use linli_domain::channel::{News, Urgency};
use linli_domain::time::Instant;
use linli_domain::visit::LONGEST;
use linli_domain::words::{Language, Words, say};
use linli_store::market::coming::{self, Coming};
use linli_store::market::reports;
use linli_store::messages;

use super::watch::{still, to_worker};
use crate::channels::{Batch, Telling, call};
use crate::{App, Result};

/// At once; the rest has its turn a minute later.
const AT_ONCE: u32 = 100;

/// Tells staff and whoever is there, once for each.
///
/// # Errors
/// Faults of the database. One visit's trouble does not keep the others waiting.
pub(super) async fn look(app: &App) -> Result<()> {
    for one in coming::stuck(app.store.reads(), app.now() - LONGEST, AT_ONCE).await? {
        if let Err(failure) = told(app, &one).await {
            tracing::error!(order = %one.visit.order, %failure, "nobody was told of a visit that does not end");
        }
    }
    Ok(())
}

async fn told(app: &App, one: &Coming) -> Result<()> {
    let Some(since) = one.visit.started_at.or(one.visit.arrived_at) else { return Ok(()) };
    let id = one.visit.order;
    let staff = {
        let order = app.visit_of(id).await?.0;
        let community = order.area.up_to(AreaLevel::Community);
        reports::staff(app.store.reads(), Some(order.organisation), community.as_ref(), app.now()).await?
    };
    let to_staff = Batch::of(app, &staff, &telling(one, since)).await?;
    let reminder = to_worker(
        one,
        "visit.unfinished",
        Words::new("这一单做完了吗？", "Is the job done?"),
        Words::new(
            "已经过了一天，还没有点“完成”。做完了请补点，并填实际的时间；没做成请写明原因。",
            "A day has passed. If it is done, please say so, with the time it really was; if it could not be done, please say why.",
        ),
        format!("visit.unfinished/{id}/{since}"),
    );
    let to_them = Batch::of(app, &[one.person], &reminder).await?;
    let (app, one) = (app.clone(), one.clone());
    app.clone()
        .store
        .write(move |tx| {
            async move {
                let Some(step) = still(&app, tx, &one).await? else { return Ok(()) };
                let call = call(&app, one.person, &step.order.area, Some(id), words(&one, since));
                messages::ask_to_call(tx, &call, &format!("visit.stuck/{id}/{since}")).await?;
                to_staff.write(&app, tx).await?;
                to_them.write(&app, tx).await
            }
            .boxed()
        })
        .await
}

fn telling(one: &Coming, since: Instant) -> Telling {
    Telling {
        topic: "visit.stuck".to_owned(),
        title: Words::new("上门服务一天多没有结束", "A visit has not ended for more than a day"),
        body: words(one, since),
        order: None,
        announcement: None,
        area: Some(one.area.clone()),
        source: format!("visit.stuck/{}/{since}", one.visit.order),
        news: News { urgency: Urgency::Timely, by: None },
    }
}

fn words(one: &Coming, since: Instant) -> Words {
    let (name, place) = (&one.name, format!("{}{}", one.visit.address, one.visit.detail));
    let said = |language| say::instant(since, language);
    Words::new(
        format!(
            "{name}从{}起在{place}上门，至今没有点“完成”。请致电询问是否平安、是否做完，再替其结束或另派人。",
            said(Language::Zh)
        ),
        format!(
            "{name} has been at {place} since {} and has not said that it is done. Please call and ask whether they are safe and done; then end it for them, or send somebody else.",
            said(Language::En)
        ),
    )
}
