//! Missed deadlines of urgent visits climb: organisation and community, street office, district.
//!
//! Each rung is one transaction: the line of the timeline, how far it has climbed, the messages to staff, and the
//! resident on the list of people to call. Another process that looks at the same visit finds it a rung higher.

use std::collections::BTreeSet;

use futures::FutureExt;
use linli_domain::area::AreaLevel;
use linli_domain::channel::{News, Urgency};
use linli_domain::climb::{self, Height, Missed, Rung};
use linli_domain::id::{OrderId, PersonId};
use linli_domain::words::{Language, Words, say};
use linli_store::booking::{Order, orders};
use linli_store::market::reports;
use linli_store::market::visits::{self, Visit};
use linli_store::messages;
use serde_json::json;

use crate::channels::{Batch, Telling, call};
use crate::orders::perform::{Act, By, perform};
use crate::{App, Failure, Result};

/// At once; the rest has its turn a minute later.
const AT_ONCE: u32 = 500;

/// Lets everything climb that is late, each by one rung. Answers how many did.
///
/// # Errors
/// Faults of the database. One visit's trouble does not keep the others waiting.
pub(crate) async fn climb(app: &App) -> Result<usize> {
    let mut climbed = 0;
    for order in reports::late(app.store.reads(), app.now(), AT_ONCE).await? {
        match climb_one(app, order).await {
            Ok(did) => climbed += usize::from(did),
            Err(failure) => tracing::error!(%order, %failure, "a missed deadline could not climb"),
        }
    }
    if climbed > 0 {
        app.hub.publish("jobs", "").await;
    }
    Ok(climbed)
}

fn due(app: &App, visit: &Visit) -> Option<Height> {
    let urgent = app.platforms.kind(&visit.kind)?.visit.as_ref()?.urgent?;
    climb::next(visit.state, visit.accept_by, visit.arrive_by, urgent, Height(visit.climbed), app.now())
}

async fn climb_one(app: &App, id: OrderId) -> Result<bool> {
    let reads = app.store.reads();
    let (Some(order), Some(visit)) = (orders::one(reads, id).await?, visits::one(reads, id).await?) else {
        return Ok(false);
    };
    let Some(height) = due(app, &visit) else { return Ok(false) };
    let Some((missed, rung)) = height.reached() else { return Ok(false) };
    let staff = staff(app, &order, rung).await?;
    let telling = telling(app, &order, &visit, height, missed);
    let batch = Batch::of(app, &staff, &telling).await?;
    let call = call(app, order.subject, &order.area, Some(id), telling.body.clone());
    let detail = json!({
        "missed": missed.key(),
        "to": rung.key(),
        "words": { "zh": rung.words().zh, "en": rung.words().en },
    });
    let (this, catalogue, seen) = (app.clone(), app.catalogue().await?, order.version);
    app.store
        .write(move |tx| {
            async move {
                let Some(order) = orders::lock(tx, &[id]).await?.pop() else { return Ok(false) };
                // Somebody has done something meanwhile: it is looked at anew a minute later.
                if order.version != seen || !reports::climb(tx, id, visit.climbed, height.0).await? {
                    return Ok(false);
                }
                perform(&this, tx, &catalogue, order, Act::note("climbed", By::SYSTEM).saying(detail))
                    .await
                    .map_err(Failure::from)?;
                batch.write(&this, tx).await?;
                messages::ask_to_call(tx, &call, &format!("climb/{id}/{}", height.0)).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
}

/// Who hears of it on a rung.
async fn staff(app: &App, order: &Order, rung: Rung) -> Result<Vec<PersonId>> {
    let (level, organisation) = match rung {
        Rung::Community => (AreaLevel::Community, Some(order.organisation)),
        Rung::Street => (AreaLevel::Street, None),
        Rung::District => (AreaLevel::District, None),
    };
    let area = order.area.up_to(level);
    let people = reports::staff(app.store.reads(), organisation, area.as_ref(), app.now()).await?;
    Ok(people.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
}

fn telling(app: &App, order: &Order, visit: &Visit, height: Height, missed: Missed) -> Telling {
    let name = app.platforms.kind(&visit.kind).map_or_else(|| Words::new("", ""), |kind| kind.name.clone());
    let since = |language| say::instant(order.created_at, language);
    let place = format!("{}{}", visit.address, visit.detail);
    let (zh, en) = match missed {
        Missed::Yes => ("到时限还没有人接单", "nobody has accepted it in time"),
        Missed::Arrival => ("到时限还没有人到场", "nobody is there in time"),
    };
    Telling {
        topic: "visit.climbed".to_owned(),
        title: Words::new(format!("超时：{}，{zh}", name.zh), format!("Late: {}, {en}", name.en)),
        body: Words::new(
            format!("{}（{place}），{}报修，{zh}。请立即安排人员，并联系居民。", name.zh, since(Language::Zh)),
            format!(
                "{} ({place}), asked for {}: {en}. Please send somebody at once, and call the resident.",
                name.en,
                since(Language::En)
            ),
        ),
        order: Some((order.id, order.version + 1)),
        announcement: None,
        area: Some(order.area.clone()),
        source: format!("climb/{}/{}", order.id, height.0),
        news: News { urgency: Urgency::Urgent, by: None },
    }
}
