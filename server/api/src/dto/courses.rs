//! Courses over the wire.

use linli_application::courses::{CourseView as ViewOf, NextVisit as NextOf, VisitState, VisitView};
use linli_domain::course::{CourseKey, CourseState};
use linli_domain::id::{CourseId, OfferingId, OrderId};
use poem_openapi::{Enum, Object};

use super::orders::PersonRef;
use super::people::keys;
use super::{At, Id, On, Words};

keys! {
    /// Where a course stands.
    CourseStateKey = CourseState {
        /// Visits are to come.
        Active,
        /// All visits were had.
        Done,
        /// They left it.
        Left,
    }
}

keys! {
    /// Where a visit stands.
    VisitStateKey = VisitState {
        /// Had.
        Done,
        /// Booked.
        Booked,
        /// To be booked.
        Due,
        /// After the next one.
        Later,
    }
}

/// One visit of a course.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CourseVisit {
    /// Which, from 1.
    pub number: u32,
    /// Where it stands.
    pub state: VisitStateKey,
    /// When it was had or is booked.
    pub day: Option<On>,
    /// Its order.
    pub order_id: Option<Id<OrderId>>,
    /// The first day on which it may be.
    pub earliest: Option<On>,
    /// The last day on which it should be.
    pub latest: Option<On>,
    /// It was had elsewhere.
    pub elsewhere: bool,
}

impl From<VisitView> for CourseVisit {
    fn from(visit: VisitView) -> Self {
        Self {
            number: visit.number,
            state: visit.state.into(),
            day: visit.day.map(On),
            order_id: visit.order.map(Id),
            earliest: visit.window.map(|window| On(window.earliest)),
            latest: visit.window.map(|window| On(window.latest)),
            elsewhere: visit.elsewhere,
        }
    }
}

/// A free time for the next visit. Nobody keeps it: it is booked like any other.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ProposedVisit {
    /// Of what.
    pub offering_id: Id<OfferingId>,
    /// When it begins.
    pub start: At,
    /// Where.
    pub place_name: Words,
    /// With whom, where it matters.
    pub provider_name: Option<Words>,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct NextVisit {
    /// Which visit.
    pub number: u32,
    /// The first day on which it may be; none for the first visit, which is on any day.
    pub earliest: Option<On>,
    /// The last day on which it should be.
    pub latest: Option<On>,
    /// A free time, unless one is booked or none is open.
    pub proposed: Option<ProposedVisit>,
}

impl From<NextOf> for NextVisit {
    fn from(next: NextOf) -> Self {
        Self {
            number: next.number,
            earliest: next.window.map(|window| On(window.earliest)),
            latest: next.window.map(|window| On(window.latest)),
            proposed: next.proposed.map(|proposed| ProposedVisit {
                offering_id: Id(proposed.offering),
                start: At(proposed.start),
                place_name: proposed.place.into(),
                provider_name: proposed.provider.map(Words::from),
            }),
        }
    }
}

/// A course somebody is on.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CourseView {
    /// Which.
    pub id: Id<CourseId>,
    /// The key of the course.
    pub key: String,
    /// The key of the kind.
    pub kind: String,
    /// What it is called.
    pub name: Words,
    /// Who.
    pub subject: PersonRef,
    /// Where it stands.
    pub state: CourseStateKey,
    /// Its visits, in order.
    pub visits: Vec<CourseVisit>,
    /// What comes next; none when it is over.
    pub next: Option<NextVisit>,
}

impl From<ViewOf> for CourseView {
    fn from(view: ViewOf) -> Self {
        let enrolment = view.enrolment;
        Self {
            id: Id(enrolment.id),
            kind: enrolment.kind.to_string(),
            key: CourseKey { kind: enrolment.kind, course: enrolment.course }.to_string(),
            name: view.name.into(),
            subject: PersonRef { id: Id(enrolment.person), name: view.subject },
            state: enrolment.state.into(),
            visits: view.visits.into_iter().map(CourseVisit::from).collect(),
            next: view.next.map(NextVisit::from),
        }
    }
}

/// Courses.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct CourseList {
    /// Those under way first, then the newest.
    pub items: Vec<CourseView>,
}
