//! Calendars as text (RFC 5545, RFC 7986).

use chrono::{DateTime, FixedOffset, Utc};
use icalendar::{Calendar, Class, Component, Event, EventLike, EventStatus, Property};
use linli_domain::time::Instant;

use super::{Occasion, Standing};

/// The district's zone, as calendar programs know it.
const ZONE: &str = "Asia/Shanghai";
/// The zone written out: +8 hours since the last summer time ended. It stands in every calendar, so that times are
/// those of the clock on the wall, and a calendar without entries still has the component that RFC 5545 asks for
/// (section 3.4). The library gives every component a stamp and an identifier, which a zone must not have: hence a text.
const ZONE_COMPONENT: &str = "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19910915T000000\r\n\
                              TZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
/// How often programs that subscribe should look again.
const REFRESH: &str = "PT1H";

/// A calendar with its entries.
pub(super) fn written(name: &str, occasions: &[Occasion]) -> String {
    let mut calendar = Calendar::empty();
    let property = |key: &str, value: &str| Property::new(key, value);
    let typed = |key: &str, kind: &str, value: &str| Property::new(key, value).add_parameter("VALUE", kind).done();
    calendar
        .append_property(property("VERSION", "2.0"))
        .append_property(property("PRODID", "-//Linli//Linli//ZH"))
        .append_property(property("CALSCALE", "GREGORIAN"))
        .append_property(property("METHOD", "PUBLISH"))
        .append_property(typed("NAME", "TEXT", name))
        .append_property(property("X-WR-CALNAME", name))
        .append_property(property("X-WR-TIMEZONE", ZONE))
        .append_property(typed("REFRESH-INTERVAL", "DURATION", REFRESH))
        .append_property(typed("X-PUBLISHED-TTL", "DURATION", REFRESH));
    occasions.iter().for_each(|occasion| {
        calendar.push(event(occasion));
    });
    let text = folded(&calendar.to_string());
    // The first component begins after the properties; there is always an end.
    let begins = text.find("\r\nBEGIN:VEVENT").or_else(|| text.find("\r\nEND:VCALENDAR")).map_or(0, |place| place + 2);
    [&text[..begins], ZONE_COMPONENT, &text[begins..]].concat()
}

/// The most octets of a line, without its end (RFC 5545, section 3.1).
const LINE: usize = 75;

/// Folds the lines anew. The library counts the blank that begins a continued line for nothing, so that the last one may
/// have 76 octets; its folds are taken out first.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for line in text.replace("\r\n ", "").split_terminator("\r\n") {
        let mut octets = 0;
        for c in line.chars() {
            if octets + c.len_utf8() > LINE {
                folded.push_str("\r\n ");
                octets = 1;
            }
            folded.push(c);
            octets += c.len_utf8();
        }
        folded.push_str("\r\n");
    }
    folded
}

fn event(occasion: &Occasion) -> Event {
    let mut event = Event::new();
    event
        .uid(&occasion.uid)
        .sequence(occasion.sequence)
        .timestamp(utc(occasion.stamp))
        .append_property(local("DTSTART", occasion.start))
        .append_property(local("DTEND", occasion.end))
        .summary(&occasion.title);
    event.status(match occasion.standing {
        Standing::Confirmed => EventStatus::Confirmed,
        Standing::Tentative => EventStatus::Tentative,
        Standing::Cancelled => EventStatus::Cancelled,
    });
    // Only what is sure keeps the time taken.
    let opaque = occasion.private && occasion.standing == Standing::Confirmed;
    event.add_property("TRANSP", if opaque { "OPAQUE" } else { "TRANSPARENT" });
    event.class(if occasion.private { Class::Private } else { Class::Public });
    if !occasion.about.is_empty() {
        event.description(&occasion.about.join("\n"));
    }
    if let Some(place) = &occasion.place {
        event.location(place);
    }
    if let Some(spot) = occasion.spot {
        event.add_property("GEO", format!("{:.6};{:.6}", spot.latitude, spot.longitude));
    }
    event
}

fn utc(instant: Instant) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(instant.0).unwrap_or_default()
}

fn local(key: &str, instant: Instant) -> Property {
    let zone = FixedOffset::east_opt(8 * 3600).expect("a zone of eight hours");
    let text = utc(instant).with_timezone(&zone).format("%Y%m%dT%H%M%S").to_string();
    Property::new(key, text).add_parameter("TZID", ZONE).done()
}

#[cfg(test)]
mod tests;
