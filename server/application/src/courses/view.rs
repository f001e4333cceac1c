//! Courses as people see them: what was had, what is booked, what comes next and when.

use std::collections::BTreeMap;

use linli_domain::course::{CourseKey, CourseState, Progress, Window, visit_words};
use linli_domain::id::{CourseId, OfferingId, OrderId, PersonId};
use linli_domain::person::Person;
use linli_domain::platform::Course;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;
use linli_store::booking::courses::{self, Booked, Enrolment, Visit};
use linli_store::booking::orders;
use linli_store::people::persons;

use super::MOST;
use super::propose::{Wish, first_free};
use crate::people::household;
use crate::{App, Result};

/// A course with everything a page shows of it.
#[derive(Debug, Clone)]
pub struct CourseView {
    /// Who is on what.
    pub enrolment: Enrolment,
    /// What it is called.
    pub name: Words,
    /// The subject's name.
    pub subject: String,
    /// The visits, in order: those that were had, the next one, and those that follow where their number is known.
    pub visits: Vec<VisitView>,
    /// What comes next; none when it is over.
    pub next: Option<NextVisit>,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitView {
    /// Which, from 1.
    pub number: u32,
    /// Where it stands.
    pub state: VisitState,
    /// When it was had or is booked.
    pub day: Option<Day>,
    /// Its order.
    pub order: Option<OrderId>,
    /// The days on which it may be, where they are known.
    pub window: Option<Window>,
    /// It was had elsewhere.
    pub elsewhere: bool,
}

/// Where a visit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitState {
    /// Had.
    Done,
    /// Booked.
    Booked,
    /// To be booked.
    Due,
    /// After the next one.
    Later,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextVisit {
    /// Which visit.
    pub number: u32,
    /// The days on which it may be; none for the first one.
    pub window: Option<Window>,
    /// A free time, unless one is booked.
    pub proposed: Option<Proposed>,
}

/// A free time for the next visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Of what.
    pub offering: OfferingId,
    /// When it begins.
    pub start: Instant,
    /// Where.
    pub place: Words,
    /// With whom, where it matters.
    pub provider: Option<Words>,
}

/// What a course is called, for the orders that belong to it.
#[derive(Debug, Clone)]
pub struct CourseRef {
    /// Which.
    pub id: CourseId,
    /// Its whole key.
    pub key: CourseKey,
    /// What it is called.
    pub name: Words,
    /// How many visits it has; none when it goes on.
    pub visits: Option<u8>,
}

impl CourseRef {
    /// The course and one of its visits: `九价疫苗 第2次`.
    pub fn titled(&self, visit: u32) -> Words {
        let visit = visit_words(visit);
        Words::new(format!("{} {}", self.name.zh, visit.zh), format!("{}, {}", self.name.en, visit.en))
    }
}

impl App {
    /// What a course is called.
    pub(crate) async fn course_ref(&self, id: CourseId) -> Result<Option<CourseRef>> {
        let Some(enrolment) = courses::one(self.store.reads(), id).await? else { return Ok(None) };
        let course = self.course_of(&enrolment).map(|(_, course)| course);
        let (name, visits) = (name_of(course), course.and_then(|course| course.visits));
        let key = CourseKey { kind: enrolment.kind, course: enrolment.course };
        Ok(Some(CourseRef { id, key, name, visits }))
    }

    /// The courses of the actor and the minors of their household, or of one of them.
    ///
    /// # Errors
    /// [`Code::PersonUnknown`] for anybody else.
    pub async fn courses(&self, actor: &Actor, subject: Option<PersonId>) -> Result<Vec<CourseView>> {
        let mut people = vec![actor.person];
        people.extend(household::list(self, actor).await?.into_iter().map(|minor| minor.person.id));
        if let Some(subject) = subject {
            people.retain(|person| *person == subject);
            if people.is_empty() {
                return Err(Refusal::new(Code::PersonUnknown).field("subject").into());
            }
        }
        let enrolments = courses::of_people(self.store.reads(), &people, MOST).await?;
        self.course_views(enrolments).await
    }

    /// One course.
    ///
    /// # Errors
    /// [`Code::NotFound`] for courses of others.
    pub async fn course(&self, actor: &Actor, id: CourseId) -> Result<CourseView> {
        let enrolment = courses::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        self.capacity_for(actor, enrolment.person).await?.ok_or(Code::NotFound)?;
        self.course_view(enrolment).await
    }

    /// One course as it stands now.
    pub(super) async fn course_view(&self, enrolment: Enrolment) -> Result<CourseView> {
        Ok(self.course_views(vec![enrolment]).await?.remove(0))
    }

    /// Adds to courses what a page shows of them.
    pub(super) async fn course_views(&self, enrolments: Vec<Enrolment>) -> Result<Vec<CourseView>> {
        let reads = self.store.reads();
        let ids: Vec<CourseId> = enrolments.iter().map(|one| one.id).collect();
        let mut had: BTreeMap<CourseId, Vec<Visit>> = BTreeMap::new();
        for visit in courses::visits(reads, &ids).await? {
            had.entry(visit.course).or_default().push(visit);
        }
        let booked: BTreeMap<CourseId, Booked> =
            courses::booked(reads, &ids).await?.into_iter().map(|one| (one.course, one)).collect();
        let mut people: Vec<PersonId> = enrolments.iter().map(|one| one.person).collect();
        people.sort_unstable();
        people.dedup();
        let people: BTreeMap<PersonId, Person> =
            persons::persons(reads, &people).await?.into_iter().map(|person| (person.id, person)).collect();
        let mut views: Vec<CourseView> = enrolments
            .into_iter()
            .map(|enrolment| {
                let had = had.get(&enrolment.id).map(Vec::as_slice).unwrap_or_default();
                let subject = people.get(&enrolment.person).map(|person| person.name.clone()).unwrap_or_default();
                self.course_laid_out(subject, had, booked.get(&enrolment.id), enrolment)
            })
            .collect();
        self.propose_visits(&mut views, &people).await?;
        Ok(views)
    }

    /// The visits of a course in order, without a proposal.
    fn course_laid_out(
        &self,
        subject: String,
        had: &[Visit],
        booked: Option<&Booked>,
        enrolment: Enrolment,
    ) -> CourseView {
        let course = self.course_of(&enrolment).map(|(_, course)| course);
        let mut visits: Vec<VisitView> = had
            .iter()
            .map(|visit| VisitView {
                number: visit.had.number,
                state: VisitState::Done,
                day: Some(visit.had.day),
                order: visit.order,
                window: None,
                elsewhere: visit.order.is_none(),
            })
            .collect();
        let mut next = None;
        if let Some(course) = course
            && enrolment.state == CourseState::Active
        {
            let progress = Progress { course, last: had.last().map(|visit| visit.had), booked: None };
            if let Some(number) = progress.next() {
                let window = progress.window();
                let booked = booked.filter(|booked| booked.number == number);
                visits.push(VisitView {
                    number,
                    state: if booked.is_some() { VisitState::Booked } else { VisitState::Due },
                    day: booked.map(|booked| booked.day),
                    order: booked.map(|booked| booked.order),
                    window,
                    elsewhere: false,
                });
                let later = (number + 1)..=course.visits.map_or(0, u32::from);
                visits.extend(later.map(|number| VisitView {
                    number,
                    state: VisitState::Later,
                    day: None,
                    order: None,
                    window: None,
                    elsewhere: false,
                }));
                next = Some(NextVisit { number, window, proposed: None });
            }
        }
        CourseView { name: name_of(course), enrolment, subject, visits, next }
    }

    /// Adds a free time to everything that is due.
    async fn propose_visits(&self, views: &mut [CourseView], people: &BTreeMap<PersonId, Person>) -> Result<()> {
        let is_due = |view: &CourseView| view.visits.iter().any(|visit| visit.state == VisitState::Due);
        let due: Vec<usize> = (0..views.len()).filter(|place| is_due(&views[*place])).collect();
        if due.is_empty() {
            return Ok(());
        }
        let last = |view: &CourseView| view.visits.iter().rev().find_map(|visit| visit.order);
        let lasts: Vec<OrderId> = due.iter().filter_map(|place| last(&views[*place])).collect();
        let lasts: BTreeMap<OrderId, OfferingId> = orders::many(self.store.reads(), &lasts)
            .await?
            .into_iter()
            .map(|order| (order.id, order.offering))
            .collect();
        let catalogue = self.catalogue().await?;
        let wishes: Vec<Wish<'_>> = due
            .iter()
            .map(|place| &views[*place])
            .map(|view| Wish {
                kind: &view.enrolment.kind,
                last: last(view).and_then(|order| lasts.get(&order).copied()),
                home: people.get(&view.enrolment.person).and_then(|person| person.community.as_ref()),
                window: view.next.as_ref().and_then(|next| next.window),
            })
            .collect();
        let found = first_free(self, &catalogue, &wishes).await?;
        for (place, found) in due.into_iter().zip(found) {
            let Some((found, next)) = found.zip(views[place].next.as_mut()) else { continue };
            let offered = catalogue.offered(found.offering)?;
            let provider = offered.offering.provider.and_then(|id| catalogue.providers.get(&id));
            next.proposed = Some(Proposed {
                offering: found.offering,
                start: found.start,
                place: catalogue.place(offered)?.name.clone(),
                provider: provider.map(|provider| provider.name.clone()),
            });
        }
        Ok(())
    }
}

/// What a course is called, also when the platform file no longer has it.
fn name_of(course: Option<&Course>) -> Words {
    course.map_or_else(|| Words::new("疗程", "Course"), |course| course.name.clone())
}
