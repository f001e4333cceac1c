//! What people hear of ratings and matters. Messages carry no word of a rating: it is read where it belongs.

use linli_domain::channel::{News, Urgency};
use linli_domain::id::{AccountId, JobId, MatterId, OrderId, PersonId};
use linli_domain::matter::Form;
use linli_domain::rating::Side;
use linli_domain::refusal::{Param, fill};
use linli_domain::words::{Language, Words};
use linli_store::booking::{Order, orders};
use linli_store::jobs::NewJob;
use linli_store::market::matters::{self as tables, Matter};
use linli_store::market::ratings;
use linli_store::people::accounts;
use serde_json::json;

use crate::channels::{self, Telling};
use crate::orders::tell::recipients;
use crate::{App, Result};

type Template = (&'static str, &'static str);

/// The job that tells of the step that led a matter to a version.
pub(super) fn matter_job(app: &App, id: MatterId, version: i32) -> NewJob {
    job(app, "matter.tell", json!({ "matter": id, "version": version }), format!("matter.tell/{id}/{version}"))
}

/// The job that tells of what happened to the ratings of an order: `shown`, `answered`, `hidden`.
pub(super) fn rating_job(app: &App, order: OrderId, what: &str) -> NewJob {
    job(app, "rating.tell", json!({ "order": order, "what": what }), format!("rating.tell/{order}/{what}"))
}

fn job(app: &App, kind: &str, payload: serde_json::Value, key: String) -> NewJob {
    let now = app.now();
    let id = JobId(app.next_id());
    NewJob { id, kind: kind.into(), payload, unique_key: Some(key), run_at: now, created_at: now }
}

/// Tells of the step that led a matter to a version: its owner of new work, its resident of what was done.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn tell_matter(app: &App, id: MatterId, version: i32) -> Result<()> {
    let reads = app.store.reads();
    let Some(matter) = tables::one(reads, id).await? else { return Ok(()) };
    let events = tables::events(reads, &[id]).await?;
    let Some(event) = events.iter().find(|event| event.number == version) else { return Ok(()) };
    let order = app.order_of(&matter).await?;
    let about = service(app, &matter, order.as_ref()).await?;
    let params: [(&'static str, Param); 4] = [
        ("form", matter.standing.form.words().into()),
        ("about", about.into()),
        ("rung", matter.standing.rung.words().into()),
        ("by", matter.standing.contact_by.or(matter.standing.answer_by).unwrap_or(event.at).into()),
    ];
    let source = format!("matter.tell/{id}/{version}");
    let by = matter.standing.contact_by.or(matter.standing.answer_by);
    if let ("opened" | "climbed" | "broken_again" | "renewed", Some(owner)) = (event.event.as_str(), matter.owner)
        && event.actor != Some(owner)
    {
        let words = (
            ("请处理：{form}（{about}）", "To be seen to: {form} ({about})"),
            (
                "{form}：{about}。请在{by}前处理并登记。",
                "{form}: {about}. Please see to it, and write it down, by {by}.",
            ),
        );
        let people = person_of(app, owner).await?;
        let news = News { urgency: Urgency::Timely, by };
        say(app, &people, &matter, None, ("matter.assigned", news), words, &params, format!("{source}/owner")).await?;
    }
    let Some((topic, urgency, words)) = for_resident(&event.event, matter.standing.form) else { return Ok(()) };
    let people = recipients(app, matter.person).await?;
    let news = News { urgency, by: None };
    say(app, &people, &matter, order.as_ref(), (topic, news), words, &params, source).await
}

/// What whose matter it is hears of a step.
fn for_resident(event: &str, form: Form) -> Option<(&'static str, Urgency, (Template, Template))> {
    Some(match event {
        "asked" => (
            "matter.still_fixed",
            Urgency::Timely,
            (
                ("修好的还好用吗：{about}", "Does it still hold: {about}?"),
                (
                    "您的{about}已完成一段时间。请告诉我们现在是否还好用；如果又坏了，我们会继续处理。",
                    "Your {about} was done some weeks ago. Please tell us whether it still holds; if not, somebody will see to it.",
                ),
            ),
        ),
        "opened" if form == Form::Praise => (
            "matter.opened",
            Urgency::Ordinary,
            (
                ("已收到您的表扬：{about}", "Your praise was received: {about}"),
                ("谢谢您。我们会转达给服务的人。", "Thank you. It will be passed on to whoever served you."),
            ),
        ),
        "opened" => (
            "matter.opened",
            Urgency::Ordinary,
            (
                ("已受理：{form}（{about}）", "Received: {form} ({about})"),
                (
                    "由{rung}处理，{by}前会有人与您联系，15 天内给您答复。您可以随时查看进展或转交上级。",
                    "{rung} sees to it. Somebody will contact you by {by}, and you have an outcome within 15 days. You can follow it, or send it up, at any time.",
                ),
            ),
        ),
        "climbed" => (
            "matter.climbed",
            Urgency::Ordinary,
            (
                ("已转交上级：{form}（{about}）", "Sent up: {form} ({about})"),
                ("现由{rung}处理，{by}前会有人与您联系。", "{rung} sees to it now. Somebody will contact you by {by}."),
            ),
        ),
        "answered" => (
            "matter.answered",
            Urgency::Timely,
            (
                ("已有答复：{form}（{about}）", "There is an outcome: {form} ({about})"),
                (
                    "请查看答复，也可以评价一次处理结果。不满意的，可以转交上级。",
                    "Please read it. You can rate the outcome once, or send it up if you are not satisfied.",
                ),
            ),
        ),
        _ => return None,
    })
}

/// Tells the two sides of an order what happened to their ratings.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn tell_rating(app: &App, id: OrderId, what: &str) -> Result<()> {
    let reads = app.store.reads();
    let Some(order) = orders::one(reads, id).await? else { return Ok(()) };
    let given = ratings::of_order(reads, id).await?;
    let catalogue = app.catalogue().await?;
    let params: [(&'static str, Param); 1] = [("about", app.service_of(&catalogue, &order).into())];
    let (topic, words, sides): (&'static str, (Template, Template), Vec<Side>) = match what {
        "shown" => (
            "rating.shown",
            (
                ("双方都已评价：{about}", "Both sides have rated: {about}"),
                ("现在可以看到对方的评价了。", "You can now read what the other side said."),
            ),
            Side::ALL.to_vec(),
        ),
        "answered" => (
            "rating.answered",
            (
                ("您的评价有了答复：{about}", "Your rating was answered: {about}"),
                ("请在预约详情中查看。", "Please look at the booking to read it."),
            ),
            vec![Side::Resident],
        ),
        hidden => (
            "rating.hidden",
            (
                ("您的评价内容已被隐藏：{about}", "The words of your rating were hidden: {about}"),
                (
                    "工作人员查看后隐藏了文字和图片，星级仍然计入。原因请在预约详情中查看。",
                    "The staff looked at it and hid the words and pictures; the level still counts. The reason is with the booking.",
                ),
            ),
            vec![if hidden == "hidden_worker" { Side::Worker } else { Side::Resident }],
        ),
    };
    let news = News { urgency: Urgency::Ordinary, by: None };
    for side in sides {
        let Some(rating) = given.iter().find(|rating| rating.side == side) else { continue };
        let people = recipients(app, rating.person).await?;
        let filled = |(zh, en): Template| Words::new(fill(zh, &params, Language::Zh), fill(en, &params, Language::En));
        let telling = Telling {
            topic: topic.to_owned(),
            title: filled(words.0),
            body: filled(words.1),
            order: (side == Side::Resident).then_some((order.id, order.version)),
            announcement: None,
            area: Some(order.area.clone()),
            source: format!("rating.tell/{id}/{what}/{}", side.key()),
            news,
        };
        channels::tell(app, &people, &telling).await?;
    }
    Ok(())
}

/// What a matter is about: the service of its order, or the area.
async fn service(app: &App, matter: &Matter, order: Option<&Order>) -> Result<Words> {
    let catalogue = app.catalogue().await?;
    Ok(match order {
        Some(order) => app.service_of(&catalogue, order),
        None => catalogue.areas.get(&matter.area).map_or_else(|| Words::new("", ""), |area| area.name.clone()),
    })
}

async fn person_of(app: &App, account: AccountId) -> Result<Vec<PersonId>> {
    let owners = accounts::owners(app.store.reads(), &[account]).await?;
    Ok(owners.into_iter().map(|(_, person)| person).collect())
}

#[allow(clippy::too_many_arguments, reason = "what is said, to whom, about what: each of them differs")]
async fn say(
    app: &App,
    people: &[PersonId],
    matter: &Matter,
    order: Option<&Order>,
    (topic, news): (&'static str, News),
    (title, body): (Template, Template),
    params: &[(&'static str, Param)],
    source: String,
) -> Result<()> {
    let filled = |(zh, en): Template| Words::new(fill(zh, params, Language::Zh), fill(en, params, Language::En));
    let telling = Telling {
        topic: topic.to_owned(),
        title: filled(title),
        body: filled(body),
        order: order.map(|order| (order.id, order.version)),
        announcement: None,
        area: Some(matter.area.clone()),
        source,
        news,
    };
    channels::tell(app, people, &telling).await
}
