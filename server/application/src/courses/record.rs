//! Visits that were had: here, when the order is finished; elsewhere, when staff write it down. Leaving a course.

use futures::FutureExt;
use linli_domain::course::{CourseKey, CourseState, Had, Progress};
use linli_domain::id::{AccountId, CourseId, PersonId};
use linli_domain::platform::Course;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant};
use linli_store::audit::{self, ActingAs};
use linli_store::booking::Order;
use linli_store::booking::courses::{self, Enrolment, Visit};
use linli_store::people::persons;
use linli_store::{Tx, jobs};
use serde_json::json;

use super::MOST;
use super::follow::{remind_jobs, tell_job};
use super::view::CourseView;
use crate::{App, Failure, Result, input};

/// The longest note on where a visit was had, in characters.
const NOTE_MAX: usize = 200;

/// A visit that was had elsewhere.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// Of which course.
    pub key: CourseKey,
    /// Which, and when.
    pub had: Had,
    /// Where, or by which document.
    pub note: String,
}

/// Locks the course of an order that is about to be finished, before anything that can run out.
pub(crate) async fn lock(tx: &Tx, course: CourseId) -> Result<()> {
    courses::lock(tx, &[course]).await?;
    Ok(())
}

/// Writes down the visit of an order that was finished. Its course was locked by [`lock`].
pub(crate) async fn finished(
    app: &App,
    tx: &Tx,
    order: &Order,
    (course, number): (CourseId, u32),
    by: Option<AccountId>,
) -> Result<()> {
    let Some(enrolment) = courses::one(tx, course).await? else { return Ok(()) };
    let had = Had { number, day: order.starts_at.day() };
    let visit =
        Visit { course, had, order: Some(order.id), note: String::new(), recorded_by: by, recorded_at: app.now() };
    write_down(app, tx, &enrolment, &visit).await
}

/// Writes a visit down, ends the course after the last one, and plans what people are told.
async fn write_down(app: &App, tx: &Tx, enrolment: &Enrolment, visit: &Visit) -> Result<()> {
    let now = app.now();
    if !courses::record(tx, visit).await? {
        return Ok(());
    }
    let mut later = vec![tell_job(app, enrolment.id, visit.had.number, now)];
    if let Some((_, course)) = app.course_of(enrolment) {
        if course.ends_with(visit.had.number) {
            courses::end(tx, enrolment.id, CourseState::Done, now).await?;
        } else {
            later.extend(remind_jobs(app, enrolment.id, course, visit.had, now));
        }
    }
    jobs::enqueue(tx, &later).await?;
    Ok(())
}

impl App {
    /// The courses of somebody at the desk: those of the kinds it serves. They can read that it was looked at.
    ///
    /// # Errors
    /// [`Code::NotFound`] for people there are not.
    pub async fn courses_at_desk(&self, actor: &Actor, person: PersonId) -> Result<Vec<CourseView>> {
        let reads = self.store.reads();
        persons::person(reads, person).await?.ok_or(Code::NotFound)?;
        let catalogue = self.catalogue().await?;
        let mut found = courses::of_people(reads, &[person], MOST).await?;
        let served = |one: &Enrolment| {
            let mut offerings = catalogue.offerings.values();
            offerings.any(|offered| offered.offering.kind == one.kind && catalogue.serves(actor, offered))
        };
        found.retain(served);
        let entry = self.entry(actor, ActingAs::Staff, "courses.looked_at").about(person);
        self.store.write(move |tx| async move { Ok::<_, Failure>(audit::record(tx, entry).await?) }.boxed()).await?;
        self.course_views(found).await
    }

    /// Staff write down a visit that somebody had elsewhere; with the first one they join the course.
    ///
    /// # Errors
    /// [`Code::NotFound`] for people there are not and kinds of other desks; [`Code::CourseUnknown`]; what the course
    /// refuses, such as a visit that is not the next or was too early to count.
    pub async fn record_visit(&self, actor: &Actor, person: PersonId, elsewhere: Elsewhere) -> Result<CourseView> {
        let Elsewhere { key, had, note } = elsewhere;
        let (kind, course) = self.course_named(&key)?;
        let note = input::note("note", &note, NOTE_MAX)?;
        let catalogue = self.catalogue().await?;
        let mut offerings = catalogue.offerings.values();
        if !offerings.any(|offered| offered.offering.kind == kind.key && catalogue.serves(actor, offered)) {
            return Err(Code::NotFound.into());
        }
        let (this, by, course) = (self.clone(), actor.clone(), course.clone());
        let id = self
            .store
            .write(move |tx| {
                async move {
                    // One after the other: two desks join nobody twice.
                    persons::person_locked(tx, person).await?.ok_or(Code::NotFound)?;
                    let enrolment = this.joined_course(tx, person, &key).await?;
                    this.may_record_visit(tx, &enrolment, &course, had).await?;
                    let visit = Visit {
                        course: enrolment.id,
                        had,
                        order: None,
                        note,
                        recorded_by: Some(by.account),
                        recorded_at: this.now(),
                    };
                    write_down(&this, tx, &enrolment, &visit).await?;
                    let detail = json!({ "course": key.to_string(), "visit": had.number, "day": had.day.to_string() });
                    let entry = this.entry(&by, ActingAs::Staff, "course.recorded").about(person).on(enrolment.id.0);
                    audit::record(tx, entry.saying(detail)).await?;
                    Ok::<_, Failure>(enrolment.id)
                }
                .boxed()
            })
            .await?;
        self.hub.publish("jobs", "").await;
        let enrolment = courses::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        self.course_view(enrolment).await
    }

    /// The course somebody is on, joined now if they were not on it.
    async fn joined_course(&self, tx: &Tx, person: PersonId, key: &CourseKey) -> Result<Enrolment> {
        let asked = (person, key.kind.clone(), key.course.clone());
        if let Some(active) = courses::active(tx, &[asked]).await?.pop() {
            courses::lock(tx, &[active.id]).await?;
            return Ok(active);
        }
        let enrolment = Enrolment {
            id: CourseId(self.next_id()),
            person,
            kind: key.kind.clone(),
            course: key.course.clone(),
            state: CourseState::Active,
            started_at: self.now(),
            ended_at: None,
        };
        courses::insert(tx, &[&enrolment]).await.map_err(|error| {
            // An order placed at this very moment joined them.
            if matches!(error, linli_store::StoreError::Unique(_)) {
                Failure::from(Code::StaleVersion)
            } else {
                error.into()
            }
        })?;
        Ok(enrolment)
    }

    async fn may_record_visit(&self, tx: &Tx, enrolment: &Enrolment, course: &Course, had: Had) -> Result<()> {
        let last = courses::last(tx, &[enrolment.id]).await?.remove(&enrolment.id);
        let after = last.map_or(0, |had| had.number);
        let booked = courses::booked(tx, &[enrolment.id]).await?.into_iter().find(|booked| booked.number > after);
        let progress = Progress { course, last, booked: booked.map(|booked| booked.day) };
        Ok(progress.record(had, self.now().day())?)
    }

    /// Leaves a course: nothing is proposed and nobody is reminded any more. What was had stays written down.
    ///
    /// # Errors
    /// [`Code::NotFound`] for courses of others; [`Code::HasOpenOrders`] while a visit is booked;
    /// [`Code::CourseOver`].
    pub async fn leave_course(&self, actor: &Actor, id: CourseId) -> Result<CourseView> {
        let enrolment = courses::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let acting = self.capacity_for(actor, enrolment.person).await?.ok_or(Code::NotFound)?;
        let now: Instant = self.now();
        let entry = self.entry(actor, acting, "course.left").about(enrolment.person).on(id.0);
        self.store
            .write(move |tx| {
                async move {
                    let locked = courses::lock(tx, &[id]).await?.pop().ok_or(Code::NotFound)?;
                    if locked.state != CourseState::Active {
                        return Err(Refusal::from(Code::CourseOver).into());
                    }
                    let last = courses::last(tx, &[id]).await?.get(&id).map_or(0, |had| had.number);
                    if courses::booked(tx, &[id]).await?.iter().any(|booked| booked.number > last) {
                        return Err(Refusal::from(Code::HasOpenOrders).into());
                    }
                    courses::end(tx, id, CourseState::Left, now).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        let enrolment = courses::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        self.course_view(enrolment).await
    }
}

/// The morning hour at which people are reminded.
pub(super) fn morning(day: Day) -> Instant {
    day.at(linli_domain::time::TimeOfDay(9 * 60))
}
