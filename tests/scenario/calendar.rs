//! Bookings in one's own calendar.

use std::collections::BTreeSet;

use linli_domain::time::Span;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{book, book_or_wait, booking, id, step};
use crate::harness::crew::{DOOR, at_once};
use crate::harness::people::{HE, LIN};
use crate::harness::{Answer, Client, Seats, on_both};

/// The path of the address that was made.
async fn subscribe(client: &Client) -> String {
    let made = client.post("/api/me/calendar", json!({})).await.expect(StatusCode::CREATED);
    let url = made["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with(".ics"), "{url}");
    format!("/api{}", url.split_once("/api").unwrap().1)
}

/// The lines of a calendar, with folds undone; every line is within bounds.
fn lines(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, StatusCode::OK, "{}: {}", answer.asked, answer.body);
    assert_eq!(answer.headers["content-type"], "text/calendar; charset=utf-8");
    let text = answer.body.as_str().unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

/// The entries of a calendar, each as its lines.
fn entries(lines: &[String]) -> Vec<Vec<String>> {
    let mut entries = Vec::new();
    for line in lines {
        match line.as_str() {
            "BEGIN:VEVENT" => entries.push(Vec::new()),
            "END:VEVENT" | "END:VCALENDAR" => {}
            _ => entries.last_mut().into_iter().for_each(|entry: &mut Vec<String>| entry.push(line.clone())),
        }
    }
    entries
}

/// The entry of an order.
fn entry<'a>(entries: &'a [Vec<String>], order: &Value) -> Option<&'a Vec<String>> {
    let uid = format!("UID:order-{}@linli", id(order));
    entries.iter().find(|entry| entry.contains(&uid))
}

fn value<'a>(entry: &'a [String], name: &str) -> &'a str {
    let found = entry.iter().find_map(|line| line.strip_prefix(name).filter(|rest| rest.starts_with([':', ';'])));
    found.unwrap_or_else(|| panic!("no {name} in {entry:?}"))
}

on_both! {
    /// Who comes to the door is not met at the office of whoever sends them.
    async fn a_visit_is_not_at_the_office(world) {
        let lin = world.log_in(LIN).await;
        let (order, _) = lin.asks(at_once("housekeeping.cleaning", DOOR, json!({}))).await;
        let found = entries(&lines(&lin.get(&format!("/api/orders/{order}/calendar")).await));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(!found[0].iter().any(|line| line.starts_with("LOCATION") || line.starts_with("GEO")), "{found:?}");
    }

    async fn a_calendar_program_subscribes(world) {
        let (lin, he, program) = (world.log_in(LIN).await, world.log_in(HE).await, world.client());
        assert_eq!(lin.get("/api/me/calendar").await.ok(), json!({}));
        let feed = subscribe(&lin).await;
        let made = lin.get("/api/me/calendar").await.ok();
        assert_eq!(made, json!({ "made_at": world.app.now().to_string() }), "the address is shown once");

        // Nothing booked: a calendar all the same.
        let empty = program.get(&feed).await;
        assert!(entries(&lines(&empty)).is_empty() && lines(&empty).contains(&"BEGIN:VTIMEZONE".to_owned()));
        assert_eq!(empty.headers["cache-control"], "private, no-cache");

        // A visit, a place in line, and a visit for her child.
        let zhao = world.offering("shuiyuesi_tcm_zhao").await;
        book(&he, zhao, world.at(1, "09:00")).await;
        let waiting = book_or_wait(&lin, zhao, world.at(1, "09:00")).await;
        let visit = book(&lin, world.offering("shuiyuesi_gp_chen").await, world.at(2, "09:30")).await;
        let child = lin.get("/api/me").await.ok()["household"][0].clone();
        let mut wish = booking(world.offering("shuiyuesi_vaccination").await, world.at(2, "08:30"), "refuse");
        wish["subject_id"] = child["id"].clone();
        let shot = lin.post("/api/orders", wish).await.expect(StatusCode::CREATED);

        let whole = program.get(&feed).await;
        let found = entries(&lines(&whole));
        assert_eq!(found.len(), 3, "his visit is not in it: {found:?}");
        let mine = entry(&found, &visit).unwrap();
        assert_eq!(value(mine, "DTSTART"), ";TZID=Asia/Shanghai:20261125T093000");
        assert_eq!((value(mine, "STATUS"), value(mine, "SEQUENCE"), value(mine, "CLASS")), (":CONFIRMED", ":1", ":PRIVATE"));
        assert!(value(mine, "LOCATION").contains("水月寺街") && value(mine, "GEO").starts_with(":38."));
        assert_eq!(value(entry(&found, &waiting).unwrap(), "STATUS"), ":TENTATIVE");
        assert!(value(entry(&found, &shot).unwrap(), "SUMMARY").ends_with(" · 演示儿童·林小禾"));
        // No more than a calendar on a wall would show.
        let text = whole.body.as_str().unwrap().replace("\r\n ", "");
        for secret in [&visit["check_in_code"], &shot["check_in_code"]] {
            assert!(!text.contains(secret.as_str().unwrap()), "a code is in the feed");
        }
        for secret in ["19900000001", "林一"] {
            assert!(!text.contains(secret), "{secret} is in the feed");
        }

        // Asked again with what it has, a program is told that nothing has changed.
        let tag = whole.headers["etag"].to_str().unwrap().to_owned();
        let asked = |tag: &str| program.request(Method::GET, &feed).header("If-None-Match", tag);
        let same = program.send(asked(&tag)).await;
        assert_eq!((same.status, same.body.is_null(), &same.headers["etag"]), (StatusCode::NOT_MODIFIED, true, &whole.headers["etag"]));
        let gzip = program.send(asked("\"old\"").header("Accept-Encoding", "gzip")).await;
        assert_eq!((gzip.status, &gzip.headers["etag"]), (StatusCode::OK, &whole.headers["etag"]), "compressed it is the same");

        // Cancelled, it stays for thirty days, so that every program hears of it; what is over stays as long.
        step(&lin, &visit, "cancel").await;
        let changed = program.send(asked(&tag)).await;
        let found = entries(&lines(&changed));
        let mine = entry(&found, &visit).unwrap();
        assert_eq!((value(mine, "STATUS"), value(mine, "SEQUENCE")), (":CANCELLED", ":2"));
        world.clock.set(world.at(30, "09:00"));
        assert!(entry(&entries(&lines(&program.get(&feed).await)), &visit).is_some());
        world.advance(Span::seconds(1)).await;
        let found = entries(&lines(&program.get(&feed).await));
        assert!(entry(&found, &visit).is_none() && entry(&found, &shot).is_some(), "{found:?}");
    }

    async fn an_address_that_got_out_is_replaced(world) {
        let (lin, program) = (world.log_in(LIN).await, world.client());
        let leaked = subscribe(&lin).await;
        program.get(&leaked).await.ok();
        let fresh = subscribe(&lin).await;
        assert_ne!(leaked, fresh);
        program.get(&leaked).await.refused(404, "not_found");
        program.get(&fresh).await.ok();
        // With or without the ending; nothing else opens it.
        program.get(fresh.trim_end_matches(".ics")).await.ok();
        let wrong = fresh.replace("/calendar/", "/calendar/A");
        for path in [wrong.as_str(), "/api/calendar/.ics", "/api/calendar/x", &format!("/api/calendar/{}", "A".repeat(43)), &format!("/api/calendar/{}", "A".repeat(300))] {
            program.get(path).await.refused(404, "not_found");
        }
        // Only the hash lies in the database; the address is nobody's login.
        let token = fresh.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned();
        let kept = crate::harness::books::rows(&world.app, "SELECT token_hash FROM calendar_feeds").await;
        assert_eq!((kept.len(), kept[0].try_get::<String>("", "token_hash").unwrap() == token), (1, false));
        program.clone().with_token(token).get("/api/me").await.refused(401, "token_invalid");

        lin.delete("/api/me/calendar").await.expect(StatusCode::NO_CONTENT);
        lin.delete("/api/me/calendar").await.expect(StatusCode::NO_CONTENT);
        program.get(&fresh).await.refused(404, "not_found");
        assert_eq!(lin.get("/api/me/calendar").await.ok(), json!({}));
        let record = lin.get("/api/me/audit?limit=10").await.ok();
        let actions: Vec<&str> = record["items"].as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
        assert_eq!(&actions[..3], ["calendar.removed", "calendar.made", "calendar.made"]);

        // With the account, the calendar and the favourites go.
        let last = subscribe(&lin).await;
        lin.delete("/api/me").await.expect(StatusCode::NO_CONTENT);
        program.get(&last).await.refused(404, "not_found");
        assert_eq!(crate::harness::books::count(&world.app, "SELECT 1 FROM calendar_feeds").await, 0);
    }

    async fn one_booking_is_put_into_the_calendar(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let visit = book(&lin, world.offering("shuiyuesi_gp_chen").await, world.at(1, "09:30")).await;
        let path = format!("/api/orders/{}/calendar", id(&visit));
        let found = entries(&lines(&lin.get(&path).await));
        assert_eq!(found.len(), 1);
        let code = visit["check_in_code"].as_str().unwrap();
        assert!(value(&found[0], "DESCRIPTION").contains(&format!("Check-in code: {code}")), "{found:?}");
        assert!(value(&found[0], "SUMMARY").starts_with(":General practice"), "{found:?}");
        let chinese = entries(&lines(&lin.clone().speaking("zh").get(&path).await));
        assert!(value(&chinese[0], "DESCRIPTION").contains(&format!("取号码：{code}")), "{chinese:?}");
        he.get(&path).await.refused(404, "not_found");
        step(&lin, &visit, "cancel").await;
        let found = entries(&lines(&lin.get(&path).await));
        assert!(value(&found[0], "STATUS") == ":CANCELLED" && !value(&found[0], "DESCRIPTION").contains(code));
    }

    async fn a_term_stands_in_the_calendar_date_by_date(world) {
        let (lin, program) = (world.log_in(LIN).await, world.client());
        let (offering, session) = world.session(Seats::default(), |_| {}).await;
        let wish = json!({ "offering_id": offering.to_string(), "session_id": session.to_string(), "if_full": "refuse" });
        let mine = lin.post("/api/orders", wish).await.expect(StatusCode::CREATED);
        let feed = subscribe(&lin).await;
        let found = entries(&lines(&program.get(&feed).await));
        let begins: Vec<&str> = found.iter().map(|entry| value(entry, "DTSTART")).collect();
        assert_eq!(begins, [3, 10, 17].map(|day| format!(";TZID=Asia/Shanghai:{}T140000", world.day(day).to_string().replace('-', ""))));
        let uids: BTreeSet<&str> = found.iter().map(|entry| value(entry, "UID")).collect();
        assert!(uids.len() == 3 && uids.iter().all(|uid| uid.starts_with(&format!(":order-{}-", id(&mine)))), "{uids:?}");
        assert!(found.iter().all(|entry| value(entry, "SUMMARY") == ":演示班"));

        // The district's programme has the same dates, for everybody, and about nobody.
        let district = "/api/areas/130903000000/programme.ics";
        let title = |entry: &&Vec<String>| value(entry, "SUMMARY") == ":演示班";
        let public = program.clone().speaking("zh").get(district).await;
        let listed = entries(&lines(&public));
        assert_eq!(listed.iter().filter(title).count(), 3);
        assert!(listed.iter().all(|entry| value(entry, "CLASS") == ":PUBLIC" && value(entry, "TRANSP") == ":TRANSPARENT"));
        assert_eq!(public.headers["cache-control"], "private, max-age=600");
        let tag = public.headers["etag"].to_str().unwrap().to_owned();
        let again = program.clone().speaking("zh").request(Method::GET, district).header("If-None-Match", tag);
        assert_eq!(program.send(again).await.status, StatusCode::NOT_MODIFIED);
        // Each area has what lies in it.
        let street = entries(&lines(&program.get("/api/areas/130903001000/programme.ics").await)).len();
        let other = entries(&lines(&program.get("/api/areas/130903002000/programme.ics").await)).len();
        assert!(street < listed.len() && other < listed.len(), "{street} and {other} of {}", listed.len());
        program.get("/api/areas/130999000000/programme.ics").await.refused(404, "not_found");
        program.get("/api/areas/nowhere/programme.ics").await.refused(404, "not_found");

        // One date is called off: it says so in both, and its version has grown.
        let before: u32 = value(&found[1], "SEQUENCE")[1..].parse().unwrap();
        world.change(&[
            format!("UPDATE meetings SET state = 'cancelled', reason = '停电' WHERE session_id = {} AND number = 2", session.0),
            format!("UPDATE sessions SET version = version + 1 WHERE id = {}", session.0),
        ]).await;
        let found = entries(&lines(&program.get(&feed).await));
        let standing: Vec<&str> = found.iter().map(|entry| value(entry, "STATUS")).collect();
        assert_eq!(standing, [":CONFIRMED", ":CANCELLED", ":CONFIRMED"]);
        assert!(value(&found[1], "SEQUENCE")[1..].parse::<u32>().unwrap() > before);
        let listed = entries(&lines(&program.clone().speaking("zh").get(district).await));
        let standing: Vec<&str> = listed.iter().filter(title).map(|entry| value(entry, "STATUS")).collect();
        assert_eq!(standing, [":CONFIRMED", ":CANCELLED", ":CONFIRMED"]);

        // What is being prepared is in nobody's calendar.
        world.change(&[format!("UPDATE sessions SET state = 'draft' WHERE id = {}", session.0)]).await;
        let listed = entries(&lines(&program.clone().speaking("zh").get(district).await));
        assert_eq!(listed.iter().filter(title).count(), 0);
    }
}
