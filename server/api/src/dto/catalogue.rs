//! What is on offer, as it goes over the wire.

mod availability;
mod offerings;
mod places;
mod platforms;

pub use availability::{DayAvailability, LeftKey, NextDay, Slot};
pub use offerings::{Offering, OfferingRules, Revisit};
pub use places::{Hours, OrganisationRef, Place, Provider};
pub use platforms::{
    AgeRange, ContractGroup, ContractTerms, CourseStep, FormField, Kind, KindCourse, NoShow, NotBookableKey,
    PersonLimits, Platform, RequirementKey, ShapeKey,
};
