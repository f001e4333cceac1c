//! What goes over HTTP: who may call what, and what every kind of bad input is answered.

mod access;
mod bad_input;
mod files;
mod framework;
mod login;
mod open311;
mod overload;
mod tenth_platform;
mod web;

use linli_domain::id::OfferingId;
use linli_domain::time::Instant;
use serde_json::{Value, json};

/// The id of nothing.
const NOTHING: &str = "0000000000000";

/// A booking for oneself.
fn order(offering: OfferingId, start: Instant) -> Value {
    json!({ "offering_id": offering.to_string(), "start": start.to_string(), "if_full": "refuse" })
}

/// A booking by somebody who would wait in line.
fn order_or_wait(offering: OfferingId, start: Instant) -> Value {
    json!({ "offering_id": offering.to_string(), "start": start.to_string(), "if_full": "wait" })
}

/// The path of a step of an order.
fn step(order: &Value, step: &str) -> String {
    format!("/api/orders/{}/{step}", order["id"].as_str().expect("an order has an id"))
}

/// The version of an order, as the body of a step wants it.
fn seen(order: &Value) -> Value {
    json!({ "version": order["version"] })
}
