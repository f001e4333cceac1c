//! The HTTP interface of Linli: problem+json on every route, one actor type per operation, and nothing decided here.
//!
//! An operation takes its input apart, calls one use case of `linli_application`, and maps what comes back. Whoever adds
//! operations writes a module with one `struct XxxApi { app: App }` and `#[OpenApi]`, and adds it to the tuple in
//! [`server`].

pub mod actor;
pub mod announcements;
pub mod answer;
pub mod attendance;
pub mod calendars;
pub mod cards;
pub mod care_file;
pub mod catalogue;
mod catch;
pub mod channels;
pub mod contracts;
pub mod courses;
pub mod desk;
pub mod desk_feedback;
pub mod desk_sessions;
mod document;
pub mod dto;
pub mod feedback;
pub mod files;
pub mod finding;
pub mod hazards;
pub mod health;
pub mod inbox;
pub mod ledger;
pub mod live;
pub mod login;
pub mod manage;
pub mod me;
mod observe;
mod open311;
pub mod orders;
pub mod overview;
pub mod problem;
pub mod public;
mod request;
pub mod rooms;
pub mod server;
pub mod sessions;
pub mod staff;
pub mod streets;
pub mod visits;
mod web;
pub mod work;
pub mod work_way;
pub mod workers;

pub use health::Probe;
pub use server::{Options, openapi, routes};
pub use web::Pages;
