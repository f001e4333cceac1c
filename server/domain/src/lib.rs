//! The rules of Linli: no async, no SQL, no HTTP, no clock.
//!
//! Everything here is a pure function or a value. What a rule needs from the world (the time, an id, a random
//! number, the rows it decides about) is passed in; what it wants done comes back as a value.

pub mod announcement;
pub mod area;
pub mod at_work;
pub mod calendar;
pub mod care_file;
pub mod channel;
pub mod claim;
pub mod climb;
pub mod coming;
pub mod context;
pub mod contract;
pub mod course;
pub mod csv;
pub mod demo;
pub mod eligibility;
pub mod emergency;
pub mod geo;
pub mod hazard;
pub mod holiday;
pub mod hours;
pub mod id;
pub mod identity;
pub mod ledger;
pub mod matter;
pub mod meal;
pub mod needed;
pub mod order;
pub mod person;
pub mod phone;
pub mod platform;
pub mod ranking;
pub mod rating;
pub mod refusal;
pub mod resource;
pub mod responsible;
pub mod role;
pub mod search;
pub mod session;
pub mod slot;
pub mod subsidy;
pub mod text;
pub mod thing;
pub mod time;
pub mod visit;
pub mod words;
pub mod worker;
