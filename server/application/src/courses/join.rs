//! Joining a course, and going on with it, by placing an order.

use std::collections::BTreeSet;

use linli_domain::course::{CourseKey, CourseState, Had, Progress};
use linli_domain::id::{CourseId, PersonId};
use linli_domain::platform::{Course, Kind, KindKey};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::slot::Door;
use linli_domain::time::Day;
use linli_store::Tx;
use linli_store::booking::Order;
use linli_store::booking::asking::KnownCourse;
use linli_store::booking::courses::{self, Enrolment};

use crate::{App, Result};

/// The course of a kind that was named.
///
/// # Errors
/// [`Code::CourseUnknown`], also for a key of another kind.
pub(crate) fn of_kind<'k>(kind: &'k Kind, key: &CourseKey) -> Result<&'k Course, Refusal> {
    if key.kind == kind.key { kind.course(&key.course) } else { Err(Refusal::new(Code::CourseUnknown).field("course")) }
}

/// The visit of a course that an order is for.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Of which course.
    pub course: CourseId,
    /// Which visit.
    pub number: u32,
    /// Who joins it with this order.
    pub joins: Option<Enrolment>,
}

impl App {
    /// The visit that an order on a day would be for.
    ///
    /// # Errors
    /// What the course refuses. `phone` is whom to call when it is too late to book alone.
    pub(crate) fn course_step(
        &self,
        kind: &KindKey,
        course: &Course,
        known: Option<&KnownCourse>,
        subject: PersonId,
        (day, door): (Day, Door),
        phone: &str,
    ) -> Result<Step, Refusal> {
        let last = known.and_then(|known| known.last);
        let progress = Progress { course, last, booked: known.and_then(|known| known.booked) };
        let number = progress.book(day, door).map_err(|refusal| whom_to_call(refusal, phone))?;
        let joins = known.is_none().then(|| Enrolment {
            id: CourseId(self.next_id()),
            person: subject,
            kind: kind.clone(),
            course: course.key.clone(),
            state: CourseState::Active,
            started_at: self.now(),
            ended_at: None,
        });
        let id = known.map(|known| known.id).or(joins.as_ref().map(|joins| joins.id));
        let id = id.expect("known, or joined now");
        Ok(Step { course: id, number, joins })
    }
}

impl App {
    /// Whether the booked visit of a course may be moved to a day.
    ///
    /// # Errors
    /// As [`App::course_step`]; the booking that is moved does not stand in its own way.
    pub(crate) async fn may_move_visit(
        &self,
        (id, number): (CourseId, u32),
        day: Day,
        door: Door,
        phone: &str,
    ) -> Result<()> {
        let Some((last, course)) = self.before_visit(id, number).await? else { return Ok(()) };
        let progress = Progress { course: &course, last, booked: None };
        progress.book(day, door).map(drop).map_err(|refusal| whom_to_call(refusal, phone))?;
        Ok(())
    }

    /// The first day on which an order may be, where it is a visit of a course.
    pub(crate) async fn earliest_of(&self, order: &Order) -> Result<Option<Day>> {
        let Some((id, number)) = order.course else { return Ok(None) };
        let before = self.before_visit(id, number).await?;
        Ok(before.and_then(|(last, course)| last.map(|had| course.window_after(had).earliest)))
    }

    /// What was had before a visit that is still to come, and the course as it is today.
    async fn before_visit(&self, id: CourseId, number: u32) -> Result<Option<(Option<Had>, Course)>> {
        let reads = self.store.reads();
        let Some(enrolment) = courses::one(reads, id).await? else { return Ok(None) };
        let last = courses::last(reads, &[id]).await?.remove(&id);
        let course = self.course_of(&enrolment).map(|(_, course)| course.clone());
        let to_come = last.map_or(0, |had| had.number) < number;
        Ok(course.filter(|_| to_come).map(|course| (last, course)))
    }
}

fn whom_to_call(refusal: Refusal, phone: &str) -> Refusal {
    if refusal.code == Code::CourseTooLate { refusal.with("phone", phone) } else { refusal }
}

/// Of the steps about to be placed, the courses that are no longer as they were when they were looked at: somebody
/// else has recorded a visit, left, or joined meanwhile. What is left is locked until the transaction ends.
pub(crate) async fn changed(tx: &Tx, steps: &[&Step]) -> linli_store::Result<BTreeSet<CourseId>> {
    if steps.is_empty() {
        return Ok(BTreeSet::new());
    }
    let known: Vec<CourseId> = steps.iter().filter(|step| step.joins.is_none()).map(|step| step.course).collect();
    let locked = courses::lock(tx, &known).await?;
    let last = courses::last(tx, &known).await?;
    let joined: Vec<_> = steps
        .iter()
        .filter_map(|step| step.joins.as_ref())
        .map(|joins| (joins.person, joins.kind.clone(), joins.course.clone()))
        .collect();
    let joined = courses::active(tx, &joined).await?;
    let stands = |step: &Step| match &step.joins {
        Some(joins) => {
            !joined.iter().any(|one| (one.person, &one.kind, &one.course) == (joins.person, &joins.kind, &joins.course))
        }
        None => {
            let is_active = locked.iter().any(|one| one.id == step.course && one.state == CourseState::Active);
            let had = last.get(&step.course).map_or(0, |had: &Had| had.number);
            is_active && step.number == had + 1
        }
    };
    Ok(steps.iter().filter(|step| !stands(step)).map(|step| step.course).collect())
}

/// Writes down who joined with the orders that were placed.
pub(crate) async fn enrol(tx: &Tx, steps: &[&Step]) -> linli_store::Result<()> {
    let joined: Vec<&Enrolment> = steps.iter().filter_map(|step| step.joins.as_ref()).collect();
    courses::insert(tx, &joined).await
}
