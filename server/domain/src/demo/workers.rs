//! Those who come to the door, in the demo.

use serde::Deserialize;

use super::Gender;
use crate::area::AreaCode;
use crate::geo::Travel;
use crate::phone::Phone;
use crate::platform::KindKey;
use crate::time::TimeOfDay;

/// A paper of a worker, verified.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoPaper {
    /// Its key.
    pub document: String,
    /// How many days it holds from the day the demo is sown; without end when nothing is said.
    pub valid_days: Option<i32>,
}

/// Somebody who comes to the door: verified and on duty.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoWorker {
    /// The key.
    pub key: String,
    /// The name.
    pub name: String,
    /// The number of their account.
    pub phone: Phone,
    /// The gender they are listed with.
    pub gender: Gender,
    /// Keys of languages.
    pub languages: Vec<String>,
    /// What they say about themselves.
    pub about: String,
    /// How they travel.
    pub travel: Travel,
    /// Where they start from, in words.
    pub home: String,
    /// The community that lies in.
    pub area: AreaCode,
    /// Degrees north, WGS-84.
    pub latitude: f64,
    /// Degrees east, WGS-84.
    pub longitude: f64,
    /// The key of the organisation they work for.
    pub organisation: Option<String>,
    /// When they begin, every day.
    pub from: TimeOfDay,
    /// When they end.
    pub to: TimeOfDay,
    /// The most jobs they take at once.
    pub max_open: u32,
    /// What they do.
    pub services: Vec<KindKey>,
    /// Their papers.
    pub documents: Vec<DemoPaper>,
}
