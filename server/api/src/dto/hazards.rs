//! Reports that everybody may see, and whom to call, as they go over the wire.

use linli_application::hazards::Report;
use linli_domain::emergency::{Alarm, Urgency};
use linli_domain::id::OrderId;
use poem_openapi::{Enum, Object};

use super::visits::Point;
use super::{At, Id, InArea, OfKind, Words};

/// A shared report.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Hazard {
    /// Its order.
    pub id: Id<OrderId>,
    /// The kind of service.
    pub kind: OfKind,
    /// What sort of thing it is.
    pub kind_name: Words,
    /// What was said of it, without numbers to call.
    pub what: String,
    /// Compound or street.
    pub address: String,
    /// Where.
    pub point: Point,
    /// The community.
    pub area: InArea,
    /// Where it stands.
    pub state: String,
    /// Where it stands, in words.
    pub state_words: Words,
    /// Since when it is known.
    pub since: At,
    /// The last change.
    pub changed_at: At,
    /// How many others follow it.
    pub followers: u32,
    /// The path of a picture that staff have found fit for everybody.
    pub picture: Option<String>,
}

/// Where everybody gets the picture of a report.
pub fn picture_of(order: OrderId) -> String {
    format!("/api/hazards/{order}/picture")
}

impl From<Report> for Hazard {
    fn from(report: Report) -> Self {
        Self {
            id: Id(report.order),
            kind: OfKind(report.kind),
            kind_name: report.kind_name.into(),
            what: report.what,
            address: report.address,
            point: report.point.into(),
            area: report.area.into(),
            state: report.state.key().to_owned(),
            state_words: report.state.words().into(),
            since: report.since.into(),
            changed_at: report.changed_at.into(),
            followers: report.followers,
            picture: report.picture.map(|_| picture_of(report.order)),
        }
    }
}

/// Whether an emergency happens now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum UrgencyKey {
    /// It may happen, or happened lately: whoever is in danger should call.
    Perhaps,
    /// It happens now: call first.
    Now,
}

/// A number to call.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct EmergencyNumber {
    /// As it is dialled.
    pub number: String,
    /// Who answers.
    pub words: Words,
}

/// Whom to call first. Nothing of it where nothing sounds like an emergency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Emergency {
    /// Whether it happens now.
    pub urgency: Option<UrgencyKey>,
    /// The first one first.
    pub numbers: Option<Vec<EmergencyNumber>>,
    /// What to do.
    pub words: Option<Words>,
}

impl From<Alarm<'_>> for Emergency {
    fn from(alarm: Alarm<'_>) -> Self {
        let numbers = alarm
            .numbers
            .into_iter()
            .map(|one| EmergencyNumber { number: one.number.clone(), words: (&one.words).into() })
            .collect();
        Self {
            urgency: Some(match alarm.urgency {
                Urgency::Perhaps => UrgencyKey::Perhaps,
                Urgency::Now => UrgencyKey::Now,
            }),
            numbers: Some(numbers),
            words: Some(alarm.words.into()),
        }
    }
}
