//! Courses, for residents and for the desk.

use linli_application::App;
use linli_application::courses::Elsewhere;
use linli_domain::course::Had;
use linli_domain::id::{CourseId, PersonId};
use linli_domain::refusal::{Code, Refusal};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::{Desk, Resident};
use crate::answer::Created;
use crate::dto::courses::{CourseList, CourseView};
use crate::dto::{Id, On, Text};
use crate::orders::COURSE_MAX;
use crate::problem::Answer;
use crate::server::Tag;

/// Courses.
#[derive(Clone)]
pub struct CoursesApi {
    /// The application.
    pub app: App,
}

/// A visit that was had elsewhere.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ElsewhereIn {
    /// The key of the course, such as `medical.vaccination/hpv9`.
    key: Text<COURSE_MAX>,
    /// Which visit, from 1: the next one that is not written down.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
    visit: u32,
    /// On which day.
    day: On,
    /// Where it was, and by which document that is known; at most 200 characters.
    note: Text<200>,
}

#[OpenApi(tag = "Tag::Courses")]
impl CoursesApi {
    /// My courses
    ///
    /// And those of the minors of the household. The next visit is proposed where a time is free.
    #[oai(path = "/courses", method = "get", operation_id = "list_courses")]
    async fn list(
        &self,
        actor: Resident,
        /// Only those of one person.
        subject: Query<Option<Id<PersonId>>>,
    ) -> Answer<Json<CourseList>> {
        let views = self.app.courses(&actor, subject.0.map(|id| id.0)).await?;
        Ok(Json(CourseList { items: views.into_iter().map(CourseView::from).collect() }))
    }

    /// One course
    #[oai(path = "/courses/:id", method = "get", operation_id = "course")]
    async fn one(&self, actor: Resident, id: Path<Id<CourseId>>) -> Answer<Json<CourseView>> {
        Ok(Json(self.app.course(&actor, id.0.0).await?.into()))
    }

    /// Leave a course
    ///
    /// Nothing more is proposed and nobody is reminded. What was had stays written down.
    #[oai(path = "/courses/:id/leave", method = "post", operation_id = "leave_course")]
    async fn leave(&self, actor: Resident, id: Path<Id<CourseId>>) -> Answer<Json<CourseView>> {
        Ok(Json(self.app.leave_course(&actor, id.0.0).await?.into()))
    }

    /// Somebody's courses
    ///
    /// Those of the kinds the desk serves. They can read that it was looked at.
    #[oai(path = "/desk/people/:id/courses", method = "get", operation_id = "desk_courses")]
    async fn at_desk(&self, actor: Desk, id: Path<Id<PersonId>>) -> Answer<Json<CourseList>> {
        let views = self.app.courses_at_desk(&actor, id.0.0).await?;
        Ok(Json(CourseList { items: views.into_iter().map(CourseView::from).collect() }))
    }

    /// Write down a visit had elsewhere
    #[oai(path = "/desk/people/:id/courses", method = "post", operation_id = "record_visit")]
    async fn record(
        &self,
        actor: Desk,
        id: Path<Id<PersonId>>,
        body: Json<ElsewhereIn>,
    ) -> Answer<Created<CourseView>> {
        let ElsewhereIn { key, visit, day, note } = body.0;
        let key = key.0.parse().map_err(|_| Refusal::new(Code::CourseUnknown).field("key"))?;
        let elsewhere = Elsewhere { key, had: Had { number: visit, day: day.0 }, note: note.0 };
        Ok(Created::Made(Json(self.app.record_visit(&actor, id.0.0, elsewhere).await?.into())))
    }
}
