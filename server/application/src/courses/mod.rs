//! Courses: doses and visits that belong together. One joins by booking the first visit; what was had is written
//! down when its order is finished, or by staff when it was had elsewhere.

mod follow;
mod join;
mod propose;
mod record;
mod view;

pub(crate) use follow::{remind, tell};
pub(crate) use join::{Step, changed, enrol, of_kind};
pub use record::Elsewhere;
pub(crate) use record::{finished, lock};
pub use view::{CourseRef, CourseView, NextVisit, Proposed, VisitState, VisitView};

use linli_domain::course::CourseKey;
use linli_domain::platform::{Course, Kind};
use linli_domain::refusal::Refusal;
use linli_store::booking::courses::Enrolment;

use crate::App;

/// The most courses shown of one household.
const MOST: u32 = 100;

impl App {
    /// What a course is, by the platform file of today.
    fn course_of(&self, enrolment: &Enrolment) -> Option<(&Kind, &Course)> {
        let kind = self.platforms.kind(&enrolment.kind)?;
        Some((kind, kind.course(&enrolment.course).ok()?))
    }

    /// A course by its whole key.
    ///
    /// # Errors
    /// [`CourseUnknown`](linli_domain::refusal::Code::CourseUnknown).
    fn course_named(&self, key: &CourseKey) -> Result<(&Kind, &Course), Refusal> {
        let unknown = || Refusal::new(linli_domain::refusal::Code::CourseUnknown).field("key");
        let kind = self.platforms.kind(&key.kind).ok_or_else(unknown)?;
        Ok((kind, kind.course(&key.course).map_err(|_| unknown())?))
    }
}
