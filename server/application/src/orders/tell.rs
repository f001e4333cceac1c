//! Telling people what happened to an order: whom, in which words, and how much hangs on it.

use futures::FutureExt;
use linli_domain::channel::{News, Urgency};
use linli_domain::id::{JobId, OrderId, PersonId};
use linli_domain::order::{ActingAs, Event, State};
use linli_domain::platform::Shape;
use linli_domain::refusal::{Param, fill};
use linli_domain::time::{Instant, Span, TimeOfDay};
use linli_domain::words::{Language, Words};
use linli_store::booking::{Order, OrderEvent, orders};
use linli_store::jobs::{self, NewJob};
use linli_store::people::{accounts, household, persons};
use serde_json::json;

use crate::catalogue::Catalogue;
use crate::channels::{self, Telling};
use crate::{App, Result, hazards};

/// The job that tells people of one step of an order.
pub(crate) fn tell_job(id: JobId, order: OrderId, version: i32, urgent: bool, now: Instant) -> NewJob {
    NewJob {
        id,
        kind: "order.tell".into(),
        payload: json!({ "order": order, "version": version, "urgent": urgent }),
        unique_key: Some(format!("order.tell/{order}/{version}")),
        run_at: now,
        created_at: now,
    }
}

/// Tells everybody concerned of the step that led to `version`, and plans the reminder when a place is theirs.
/// Running it twice tells nobody twice.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn tell(app: &App, id: OrderId, version: i32, urgent: bool) -> Result<()> {
    let reads = app.store.reads();
    let Some(order) = orders::one(reads, id).await? else { return Ok(()) };
    let Some(event) = orders::events(reads, id).await?.into_iter().find(|event| event.number == version) else {
        return Ok(());
    };
    let catalogue = app.catalogue().await?;
    let said = words_of(app, &catalogue, &order, &event).await?;
    let source = format!("order.tell/{id}/{version}");
    let news = news(&order, &event.event, urgent, app.now());
    say(app, &order, version, &format!("order.{}", event.event), said, source, news).await?;
    hazards::tell_followers(app, &order, &event).await?;
    if event.to == State::Confirmed {
        plan_reminder(app, &order).await?;
        plan_release(app, &order, &catalogue).await?;
    }
    Ok(())
}

/// A room that nobody comes to is given back: comes back when it is time to look.
async fn plan_release(app: &App, order: &Order, catalogue: &Catalogue) -> Result<()> {
    let minutes = super::rules_of(catalogue, order)?.release_minutes;
    if minutes == 0 || app.kind_of(order)?.shape != Shape::Resource {
        return Ok(());
    }
    let job = NewJob {
        id: JobId(app.next_id()),
        kind: "order.release".into(),
        payload: json!({ "order": order.id, "start": order.starts_at }),
        unique_key: Some(format!("order.release/{}/{}", order.id, order.starts_at)),
        run_at: order.starts_at + Span::minutes(i64::from(minutes)),
        created_at: app.now(),
    };
    app.store
        .write(move |tx| async move { jobs::enqueue(tx, &[job]).await.map_err(crate::Failure::from) }.boxed())
        .await?;
    Ok(())
}

/// Gives back what nobody has come to, unless it was moved meanwhile.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn release(app: &App, id: OrderId, start: Instant) -> Result<()> {
    match orders::one(app.store.reads(), id).await? {
        Some(order) if order.starts_at == start => {
            app.step_by_system(id, &[State::Confirmed], Event::Miss).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// Reminds of an order that still stands at the same time.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn remind(app: &App, id: OrderId, start: Instant) -> Result<()> {
    let Some(order) = orders::one(app.store.reads(), id).await? else { return Ok(()) };
    if order.state != State::Confirmed || order.starts_at != start {
        return Ok(());
    }
    let catalogue = app.catalogue().await?;
    let params = params_of(app, &catalogue, &order).await?;
    let title = filled("提醒：{when} {service}", "Reminder: {service}, {when}", &params);
    let body = filled(
        "{person}预约了{place}的{service}，时间是{when}。取号码 {code}。如不能前往，请在{deadline}前取消或改期。",
        "{person} has a booking for {service} at {place}, {when}. Check-in code {code}. If you cannot come, please cancel or move it before {deadline}.",
        &params,
    );
    let news = News { urgency: Urgency::Timely, by: Some(start) };
    say(app, &order, order.version, "order.reminder", (title, body), format!("order.remind/{id}/{start}"), news).await
}

/// Plans the reminder: at 18:00 of the day before; for a place taken later than that, two hours before; for one taken
/// later still, none.
async fn plan_reminder(app: &App, order: &Order) -> Result<()> {
    let now = app.now();
    let evening = order.starts_at.day().plus(-1).at(TimeOfDay(18 * 60));
    let shortly = order.starts_at - Span::hours(2);
    let Some(run_at) = [evening, shortly].into_iter().find(|at| *at > now) else { return Ok(()) };
    let job = NewJob {
        id: JobId(app.next_id()),
        kind: "order.remind".into(),
        payload: json!({ "order": order.id, "start": order.starts_at }),
        unique_key: Some(format!("order.remind/{}/{}", order.id, order.starts_at)),
        run_at,
        created_at: now,
    };
    app.store
        .write(move |tx| async move { jobs::enqueue(tx, &[job]).await.map_err(crate::Failure::from) }.boxed())
        .await?;
    Ok(())
}

/// Tells everybody concerned, each by the ways that are open to them.
async fn say(
    app: &App,
    order: &Order,
    version: i32,
    topic: &str,
    words: (Words, Words),
    source: String,
    news: News,
) -> Result<()> {
    let people = recipients(app, order.subject).await?;
    let telling = Telling {
        topic: topic.to_owned(),
        title: words.0,
        body: words.1,
        order: Some((order.id, version)),
        announcement: None,
        area: Some(order.area.clone()),
        source,
        news,
    };
    channels::tell(app, &people, &telling).await
}

/// Whom messages about somebody go to: themselves; for somebody without an account, their guardians where they have
/// any.
pub(crate) async fn recipients(app: &App, subject: PersonId) -> Result<Vec<PersonId>> {
    let reads = app.store.reads();
    if accounts::of_person(reads, subject).await?.is_some() {
        return Ok(vec![subject]);
    }
    let guardians = household::guardians(reads, subject).await?;
    let people: Vec<PersonId> = guardians.iter().map(|one| one.guardian).collect();
    Ok(if people.is_empty() { vec![subject] } else { people })
}

/// How much hangs on hearing of a step, and until when. A place that waits for a yes is lost without one, and a
/// journey of today or tomorrow is made in vain; what was lost already, and what comes later, is to be heard in time.
fn news(order: &Order, event: &str, urgent: bool, now: Instant) -> News {
    // Somebody is at the door, or will be: it is of use now only.
    if matches!(event, "on_the_way" | "arrived" | "late" | "quoted") {
        return News { urgency: Urgency::Timely, by: Some(order.ends_at.max(now)) };
    }
    if !urgent {
        return News { urgency: Urgency::Ordinary, by: None };
    }
    let by = match (event, order.held_until) {
        ("expired", _) => return News { urgency: Urgency::Timely, by: None },
        ("held" | "displaced", Some(until)) => return News { urgency: Urgency::Urgent, by: Some(until) },
        _ => order.starts_at,
    };
    let soon = by.day() <= now.day().plus(1);
    News { urgency: if soon { Urgency::Urgent } else { Urgency::Timely }, by: Some(by) }
}

type Params = Vec<(&'static str, Param)>;

async fn params_of(app: &App, catalogue: &Catalogue, order: &Order) -> Result<Params> {
    let person = persons::person(app.store.reads(), order.subject).await?.map(|person| person.name).unwrap_or_default();
    let service = app.service_of(catalogue, order);
    let place = catalogue.places.get(&order.place);
    Ok(vec![
        ("person", if person.is_empty() { Words::new("您", "You").into() } else { person.into() }),
        ("service", service.into()),
        ("place", place.map_or_else(|| Words::new("", ""), |place| place.name.clone()).into()),
        ("phone", place.map_or_else(|| app.settings.help_phone.clone(), |place| place.phone.clone()).into()),
        ("when", order.starts_at.into()),
        ("code", order.check_in_code.as_str().into()),
        ("deadline", order.changes_until.into()),
        ("until", order.held_until.unwrap_or(order.starts_at).into()),
        ("eta", Words::new("稍后", "later").into()),
    ])
}

fn filled(zh: &str, en: &str, params: &[(&'static str, Param)]) -> Words {
    Words::new(fill(zh, params, Language::Zh), fill(en, params, Language::En))
}

/// Title and body for a step. The times are those of the step, not of what came after it.
async fn words_of(app: &App, catalogue: &Catalogue, order: &Order, event: &OrderEvent) -> Result<(Words, Words)> {
    let mut params = params_of(app, catalogue, order).await?;
    let mut said_at = |name: &'static str, key: &str| {
        if let Some(at) = event.detail.get(key).and_then(|at| at.as_str()).and_then(|at| at.parse::<Instant>().ok()) {
            params.retain(|(known, _)| *known != name);
            params.push((name, at.into()));
        }
    };
    said_at("when", "start");
    said_at("before", "from");
    said_at("until", "until");
    said_at("eta", "eta");
    let fen = |key: &str| event.detail.get(key).and_then(serde_json::Value::as_i64).unwrap_or(order.price_fen);
    let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
    params.extend([("yuan", yuan(fen("fen")).into()), ("total", yuan(fen("price_fen")).into())]);
    let who = event.detail.get("who").and_then(serde_json::Value::as_str);
    let responsible = Words::new("负责的单位", "Whoever is responsible");
    params.push(("who", who.map_or_else(|| responsible.into(), Into::into)));
    let by_staff = event.acting_as == ActingAs::Staff;
    let comes = app.kind_of(order)?.shape == Shape::Dispatch;
    let (title, body) = match event.event.as_str() {
        "requested" if comes => template("sought", by_staff),
        "expired" if comes => template("nobody_came", by_staff),
        event => template(event, by_staff),
    };
    // Words of people are the same in both languages; words of ours are not.
    let reason = event.detail.get("reason").map(|reason| match reason.as_str() {
        Some(said) => Words::new(said, said),
        None => Words::new(reason["zh"].as_str().unwrap_or_default(), reason["en"].as_str().unwrap_or_default()),
    });
    let mut body = filled(body.0, body.1, &params);
    if by_staff && matches!(event.event.as_str(), "placed" | "joined_line" | "moved" | "accepted") {
        body =
            Words::new(format!("{}（由工作人员代办）", body.zh), format!("{} (Done by the staff for you.)", body.en));
    }
    if event.detail.get("busy").is_some() {
        body = Words::new(
            format!("{}您在这个时间另有预约，请在其中一处请假或改期。", body.zh),
            format!("{} You have another booking at that time: please move it, or excuse yourself from one.", body.en),
        );
    }
    if let Some(reason) = reason.filter(|reason| !reason.zh.is_empty()) {
        body = Words::new(format!("{}原因：{}", body.zh, reason.zh), format!("{} Reason: {}", body.en, reason.en));
    }
    Ok((filled(title.0, title.1, &params), body))
}

type Template = ((&'static str, &'static str), (&'static str, &'static str));

fn template(event: &str, by_staff: bool) -> Template {
    match event {
        "placed" => (
            ("预约成功：{service}", "Booked: {service}"),
            (
                "{person} {when} 在{place}。取号码 {code}。{deadline}前可以取消或改期。",
                "{person}, {when}, at {place}. Check-in code {code}. You can cancel or move it until {deadline}.",
            ),
        ),
        "requested" => (
            ("已提交，等待确认：{service}", "Asked for: {service}"),
            (
                "{person}申请了{when}的{service}，地点{place}。有答复会马上告诉您，名额先为您留着。",
                "{person} asked for {service} at {place}, {when}. It is kept for you until the place answers; you will be told at once.",
            ),
        ),
        "approved" => (
            ("已确认：{service}", "Accepted: {service}"),
            (
                "{person} {when}的{service}已确认，地点{place}。取号码 {code}。{deadline}前可以取消或改期。",
                "{service} of {person}, {when}, at {place} is accepted. Check-in code {code}. You can cancel or move it until {deadline}.",
            ),
        ),
        "rejected" => (
            ("未被接受：{service}", "Not accepted: {service}"),
            (
                "{person} {when}的{service}没有被接受。请看看其他时间，或致电{phone}。",
                "{service} of {person}, {when}, was not accepted. Please look at another time, or call {phone}.",
            ),
        ),
        "joined_line" => (
            ("已加入候补：{service}", "In line: {service}"),
            (
                "{person}正在候补{when}的{service}。一有空位会为您保留，并发短信通知。",
                "{person} is in line for {service}, {when}. When a place comes free it is held for you and you get a text message.",
            ),
        ),
        "held" => (
            ("有空位了：{service}", "A place is held for you: {service}"),
            (
                "{when}在{place}的名额已为{person}保留到{until}，请尽快确认，过时会给下一位。",
                "The place at {place}, {when}, is held for {person} until {until}. Please accept it in time, or it goes to the next in line.",
            ),
        ),
        "displaced" => (
            ("{service}时间有变，请确认新的时段", "Please confirm a new time: {service}"),
            (
                "原定{before}的{service}停诊。已为{person}保留{when}的名额，请在{until}前确认；不方便可以放弃后另选。",
                "The {service} of {before} was cancelled. A place {when} is held for {person}; please accept it by {until}, or let it go and choose another.",
            ),
        ),
        "accepted" => (
            ("预约成功：{service}", "Booked: {service}"),
            ("{person} {when} 在{place}。取号码 {code}。", "{person}, {when}, at {place}. Check-in code {code}."),
        ),
        "declined" => (
            ("已放弃保留的名额", "You let the held place go"),
            ("{when}的{service}名额已让给下一位。", "The place for {service}, {when}, went to the next in line."),
        ),
        "moved" => (
            ("已改期：{service}", "Moved: {service}"),
            (
                "{person}的{service}由{before}改到{when}，地点{place}。取号码 {code}。",
                "{service} of {person} moved from {before} to {when}, at {place}. Check-in code {code}.",
            ),
        ),
        "cancelled" if by_staff => (
            ("{service}已被取消", "{service} was cancelled for you"),
            (
                "{person} {when}在{place}的{service}已由工作人员取消。如需帮助请致电{phone}。",
                "{service} of {person}, {when}, at {place} was cancelled by the staff. For help please call {phone}.",
            ),
        ),
        "cancelled" => (
            ("已取消：{service}", "Cancelled: {service}"),
            ("{person} {when}在{place}的{service}已取消。", "{service} of {person}, {when}, at {place} is cancelled."),
        ),
        "meeting_added" => (
            ("{service}增加了一次", "{service} meets once more"),
            (
                "{person}参加的{service}增加了一次：{when}，地点{place}。",
                "{service} of {person} meets once more: {when}, at {place}.",
            ),
        ),
        "meeting_moved" => (
            ("{service}时间有变", "{service} is at another time"),
            (
                "{person}参加的{service}原定{before}，改到{when}，地点{place}。不能前往可以请假或致电{phone}。",
                "{service} of {person} moved from {before} to {when}, at {place}. If you cannot come, please excuse yourself or call {phone}.",
            ),
        ),
        "meeting_cancelled" => (
            ("{service}停一次", "{service} does not take place once"),
            (
                "{person}参加的{service}，{when}这一次不举行，其余时间不变。",
                "{service} of {person} does not take place {when}. The other dates stay as they are.",
            ),
        ),
        "session_stopped" => (
            ("{service}提前结束", "{service} ends early"),
            (
                "{person}参加的{service}从{when}起不再举行，之前的出勤仍然有效。如需帮助请致电{phone}。",
                "{service} of {person} does not take place from {when} on. What was attended before still counts. For help please call {phone}.",
            ),
        ),
        "fulfilled" => (
            ("服务已完成：{service}", "Done: {service}"),
            (
                "{person}在{place}的{service}已完成。如果没有问题，请确认；有问题可以要求继续处理。",
                "{service} of {person} at {place} is done. Please confirm if all is well, or ask for more if it is not.",
            ),
        ),
        "sought" => (
            ("已提交，正在找人：{service}", "Asked for: {service}"),
            (
                "正在为{person}找合适的人上门。有人接单会马上告诉您。",
                "Somebody is looked for who can come to {person}. You will be told at once when somebody has accepted.",
            ),
        ),
        "assigned" => (
            ("有人接单了：{service}", "Somebody will come: {service}"),
            (
                "{who}会为{person}上门，预计{when}。可以在订单里看进展、打电话。",
                "{who} will come to {person}, {when}. The order shows how far they are, and you can call them from there.",
            ),
        ),
        "unassigned" => (
            ("正在另找人：{service}", "Somebody else is looked for: {service}"),
            (
                "原来要上门的人不来了，正在为{person}另找人，不用重新申请。如有急事请致电{phone}。",
                "Whoever was to come will not. Somebody else is looked for; {person} need not ask again. If it is urgent, please call {phone}.",
            ),
        ),
        "nobody_came" => (
            ("没有找到人上门：{service}", "Nobody could come: {service}"),
            (
                "到时间还没有人能为{person}上门，这一单已结束，不收费。可以换个时间再试，或致电{phone}。",
                "Nobody could come to {person} in time. It has ended and costs nothing. Please try another time, or call {phone}.",
            ),
        ),
        "on_the_way" => (
            ("已出发：{service}", "On the way: {service}"),
            (
                "为{person}上门的人已出发，预计{eta}到。",
                "Whoever comes to {person} has set out and should be there {eta}.",
            ),
        ),
        "arrived" => (
            ("已到门口：{service}", "At the door: {service}"),
            (
                "上门的人已到门口。开门前请核对姓名，并把四位开工码告诉对方。",
                "They are at the door. Please ask for their name before you open, and tell them the four digits.",
            ),
        ),
        "started" => (
            ("开始服务：{service}", "Work began: {service}"),
            ("{person}的{service}已开始。", "{service} for {person} has begun."),
        ),
        "late" => (
            ("会晚一些到：{service}", "They will be late: {service}"),
            (
                "上门的人会晚一些，预计{eta}到。您可以在订单里打电话联系对方。",
                "They will be late and should be there {eta}. You can call them from the order.",
            ),
        ),
        "quoted" => (
            ("请确认报价：{service}", "Please answer the price: {service}"),
            (
                "现场报价 {yuan} 元。您同意后才会按这个价格收费；不同意，只收已说好的费用。",
                "The price asked for is CNY {yuan}. It holds only once you agree; otherwise only what was agreed to before is due.",
            ),
        ),
        "quote_agreed" => (
            ("已同意报价：{service}", "You agreed to the price: {service}"),
            ("{service}共计 {total} 元。", "{service} is CNY {total} altogether."),
        ),
        "quote_refused" => (
            ("没有同意报价：{service}", "You did not agree to the price: {service}"),
            ("只收已说好的 {total} 元。", "Only the CNY {total} agreed to before are due."),
        ),
        "quote_withdrawn" => (
            ("报价已撤回：{service}", "The price was taken back: {service}"),
            ("按已说好的价格收费。", "What was agreed to before holds."),
        ),
        "picture_added" => (
            ("添加了照片：{service}", "A picture was added: {service}"),
            ("可以在订单里查看。", "You can see it in the order."),
        ),
        "failed" | "nobody_home" => (
            ("未能完成：{service}", "Could not be done: {service}"),
            (
                "{person}的{service}没有做成。可以重新预约，或致电{phone}。",
                "{service} for {person} could not be done. You can ask again, or call {phone}.",
            ),
        ),
        "expired" => (
            ("已过期：{service}", "Expired: {service}"),
            (
                "{person} {when}的{service}已过期。可以重新预约或候补。",
                "{service} of {person}, {when}, has expired. You can book or join the line again.",
            ),
        ),
        "missed" => (
            ("未到场：{service}", "Missed: {service}"),
            (
                "{person} {when}没有到{place}。如不能前往请提前取消，多次未到会暂停线上预约。如有疑问请致电{phone}。",
                "{person} did not come to {place}, {when}. Please cancel in time; several missed visits pause online booking. Questions: {phone}.",
            ),
        ),
        _ => (("{service}有更新", "{service} was updated"), ("请查看预约详情。", "Please look at the booking.")),
    }
}
