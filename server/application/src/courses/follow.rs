//! What people are told of their courses: after each visit when the next one may be, and reminders while it is not
//! booked.

use linli_domain::channel::{News, Urgency};
use linli_domain::course::{CourseState, Had, Progress, Window, visit_words};
use linli_domain::id::{CourseId, JobId};
use linli_domain::platform::Course;
use linli_domain::refusal::{Param, fill};
use linli_domain::time::Instant;
use linli_domain::words::{Language, Words};
use linli_store::booking::courses::{self, Enrolment};
use linli_store::jobs::NewJob;
use linli_store::people::persons;
use serde_json::json;

use super::record::morning;
use crate::channels::{self, Telling};
use crate::orders::tell::recipients;
use crate::{App, Result};

/// So many days before the last one, whoever has booked nothing is reminded again.
const BEFORE_THE_END: i32 = 3;

/// The job that tells what follows from a visit.
pub(super) fn tell_job(app: &App, course: CourseId, had: u32, now: Instant) -> NewJob {
    NewJob {
        id: JobId(app.next_id()),
        kind: "course.tell".into(),
        payload: json!({ "course": course, "visit": had }),
        unique_key: Some(format!("course.tell/{course}/{had}")),
        run_at: now,
        created_at: now,
    }
}

/// The jobs that remind of the visit after one that was had: when its days begin, and shortly before they end.
pub(super) fn remind_jobs(app: &App, id: CourseId, course: &Course, had: Had, now: Instant) -> Vec<NewJob> {
    let window = course.window_after(had);
    let number = had.number + 1;
    let times = [("opens", window.earliest), ("ends", window.latest.plus(-BEFORE_THE_END).max(window.earliest))];
    times
        .into_iter()
        .filter(|(_, day)| morning(*day) > now)
        .map(|(what, day)| NewJob {
            id: JobId(app.next_id()),
            kind: "course.remind".into(),
            payload: json!({ "course": id, "visit": number, "what": what }),
            unique_key: Some(format!("course.remind/{id}/{number}/{what}")),
            run_at: morning(day),
            created_at: now,
        })
        .collect()
}

/// Tells what follows from a visit: when the next one may be, or that it was the last.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn tell(app: &App, id: CourseId, had: u32) -> Result<()> {
    let Some((enrolment, course)) = on_course(app, id).await? else { return Ok(()) };
    let visits = courses::visits(app.store.reads(), &[id]).await?;
    let Some(visit) = visits.into_iter().find(|visit| visit.had.number == had) else { return Ok(()) };
    let last = course.ends_with(had);
    let window = course.window_after(visit.had);
    let (topic, title, body) = if last {
        (
            "course.done",
            ("{course}已全部完成", "All done: {course}"),
            (
                "{person}的{course}{visit}已完成，整个疗程结束。",
                "{person} has had {visit} of {course}. That was the last one.",
            ),
        )
    } else {
        (
            "course.next",
            ("{course}{visit}已完成，下次{earliest}起", "{course}, {visit} done; next from {earliest}"),
            (
                "{person}的{course}{visit}已完成。{next}可在{earliest}至{latest}之间预约，请在“我的疗程”中选择时间。",
                "{person} has had {visit} of {course}. Please book {next} for a day from {earliest} to {latest}, under \"My courses\".",
            ),
        )
    };
    let params = params(app, &enrolment, &course, had, Some(window)).await?;
    say(app, &enrolment, (topic, Urgency::Ordinary), (title, body), params, format!("course.tell/{id}/{had}")).await
}

/// Reminds of a visit that is still not booked.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn remind(app: &App, id: CourseId, number: u32, what: &str) -> Result<()> {
    let Some((enrolment, course)) = on_course(app, id).await? else { return Ok(()) };
    let reads = app.store.reads();
    let last = courses::last(reads, &[id]).await?.remove(&id);
    let progress = Progress { course: &course, last, booked: None };
    let booked = courses::booked(reads, &[id]).await?.iter().any(|booked| booked.number == number);
    if enrolment.state != CourseState::Active || progress.next() != Some(number) || booked {
        return Ok(());
    }
    let (title, body) = if what == "ends" {
        (
            ("{course}{visit}请尽快预约", "Please book {course}, {visit}, soon"),
            (
                "{person}的{course}{visit}还没有预约，建议不晚于{latest}。请尽快选择时间；如有困难，请致电服务台。",
                "{visit} of {course} is not booked yet for {person}. It should be on {latest} at the latest. Please choose a time soon, or call the desk for help.",
            ),
        )
    } else {
        (
            ("可以预约{course}{visit}了", "Time to book {course}, {visit}"),
            (
                "{person}的{course}{visit}可在{earliest}至{latest}之间预约，请在“我的疗程”中选择时间。",
                "{visit} of {course} for {person} can be on a day from {earliest} to {latest}. Please choose a time under \"My courses\".",
            ),
        )
    };
    let params = params(app, &enrolment, &course, number, progress.window()).await?;
    let topic = if what == "ends" { "course.ends_soon" } else { "course.due" };
    let source = format!("course.remind/{id}/{number}/{what}");
    say(app, &enrolment, (topic, Urgency::Timely), (title, body), params, source).await
}

async fn on_course(app: &App, id: CourseId) -> Result<Option<(Enrolment, Course)>> {
    let Some(enrolment) = courses::one(app.store.reads(), id).await? else { return Ok(None) };
    let course = app.course_of(&enrolment).map(|(_, course)| course.clone());
    Ok(course.map(|course| (enrolment, course)))
}

type Params = Vec<(&'static str, Param)>;

async fn params(
    app: &App,
    enrolment: &Enrolment,
    course: &Course,
    number: u32,
    window: Option<Window>,
) -> Result<Params> {
    let person = persons::person(app.store.reads(), enrolment.person).await?.map(|person| person.name);
    let mut params: Params = vec![
        ("person", person.filter(|name| !name.is_empty()).map_or_else(|| Words::new("您", "You").into(), Param::from)),
        ("course", course.name.clone().into()),
        ("visit", visit_words(number).into()),
        ("next", visit_words(number + 1).into()),
    ];
    if let Some(window) = window {
        params.extend([("earliest", Param::from(window.earliest)), ("latest", window.latest.into())]);
    }
    Ok(params)
}

type Template = (&'static str, &'static str);

async fn say(
    app: &App,
    enrolment: &Enrolment,
    (topic, urgency): (&'static str, Urgency),
    (title, body): (Template, Template),
    params: Params,
    source: String,
) -> Result<()> {
    let filled = |(zh, en): Template| Words::new(fill(zh, &params, Language::Zh), fill(en, &params, Language::En));
    let (title, body) = (filled(title), filled(body));
    let people = recipients(app, enrolment.person).await?;
    let telling = Telling {
        topic: topic.to_owned(),
        title,
        body,
        order: None,
        announcement: None,
        area: None,
        source,
        news: News { urgency, by: None },
    };
    channels::tell(app, &people, &telling).await
}
