//! By which way people hear of things.

use linli_domain::channel::Template;
use linli_domain::time::Span;
use linli_edge::{Fault, SmsError, WechatError, WechatIdentity, WechatPhone};
use linli_store::wechat_ledger;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{book, book_or_wait, id, inbox, look, step};
use crate::harness::books::{consents_balance, count};
use crate::harness::people::{DISTRICT, HE, LIN, NEWCOMER};
use crate::harness::{Client, Offer, World, on_both};

/// Somebody who has entered through the mini-program, so that WeChat knows them.
async fn in_wechat(world: &World, phone: &str) -> Client {
    let openid = format!("o-{phone}");
    world.wechat.add_login("L", WechatIdentity { openid, unionid: None });
    let client = world.client();
    let ticket = client.post("/api/login/wechat", json!({ "code": "L" })).await.ok()["ticket"].clone();
    world.wechat.add_phone("P", WechatPhone { country_code: "86".into(), number: phone.to_owned() });
    let login = client.post("/api/login/wechat/phone", json!({ "ticket": ticket, "phone_code": "P" })).await.ok();
    client.with_token(login["token"].as_str().unwrap())
}

/// Says yes to one message of each of these kinds.
async fn agree(client: &Client, templates: &[&str]) {
    let results: Vec<Value> =
        templates.iter().map(|template| json!({ "template": template, "accepted": true })).collect();
    client.post("/api/me/wechat-messages", json!({ "results": results })).await.expect(StatusCode::NO_CONTENT);
}

/// How many messages of a kind may still be sent.
async fn kept(client: &Client, template: &str) -> i64 {
    let items = client.get("/api/me/wechat-messages").await.ok()["items"].clone();
    let found = items.as_array().unwrap().iter().find(|item| item["template"] == template).cloned();
    found.unwrap()["kept"].as_i64().unwrap()
}

/// The kinds of what WeChat was given, oldest first.
fn wechatted(world: &World) -> Vec<String> {
    world.wechat.sent().into_iter().map(|message| message.kind).collect()
}

/// A place held for `client`, which somebody else gave up.
async fn held_place(world: &World, client: &Client, day: i32) -> Value {
    let offering = world.offer(Offer { capacity: 1, ..Offer::default() }, |rules| rules.hold_minutes = 120).await;
    let other = world.client_of(&world.resident().await).await;
    let taken = book(&other, offering, world.at(day, "09:30")).await;
    let waiting = book_or_wait(client, offering, world.at(day, "09:30")).await;
    step(&other, &taken, "cancel").await;
    world.work().await;
    look(client, &waiting).await
}

async fn wish(client: &Client, changes: Value) -> Value {
    let mut wishes = client.get("/api/me/channels").await.ok();
    for (name, value) in changes.as_object().unwrap() {
        wishes[name] = value.clone();
    }
    client.put("/api/me/channels", wishes).await.ok()
}

on_both! {
    async fn a_wechat_message_goes_where_one_was_agreed_to_and_a_text_message_otherwise(world) {
        let lin = in_wechat(world, LIN).await;
        assert_eq!(kept(&lin, "held_place").await, 0, "nothing is assumed");
        agree(&lin, &["held_place"]).await;
        assert_eq!(kept(&lin, "held_place").await, 1);

        let held = held_place(world, &lin, 1).await;
        assert_eq!(wechatted(world), ["held_place"]);
        assert!(world.texted(&LIN.parse().unwrap()).is_empty());
        let message = world.wechat.sent().remove(0);
        assert_eq!((message.openid.as_str(), message.page.unwrap()), ("o-19900000001", format!("booking/order?id={}", id(&held))));
        assert_eq!((message.params["time"].as_str(), message.params["until"].as_str()), ("2026年11月24日 09:30", "2026年11月23日 11:00"));
        assert_eq!((message.params["service"].as_str(), message.params["place"].as_str()), ("物业咨询", "演示物业服务处（玉兰湾）"));
        assert_eq!(kept(&lin, "held_place").await, 0, "one yes, one message");

        // The next one finds no consent.
        held_place(world, &lin, 2).await;
        assert_eq!(wechatted(world).len(), 1);
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_held"]);
        consents_balance(&world.app).await;
    }

    async fn what_wechat_refuses_is_struck_and_texted(world) {
        let lin = in_wechat(world, LIN).await;
        agree(&lin, &["held_place", "reminder"]).await;
        agree(&lin, &["held_place"]).await;
        assert_eq!(kept(&lin, "held_place").await, 2);
        world.wechat.fail_next(WechatError::NoConsent);
        held_place(world, &lin, 1).await;
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_held"]);
        assert_eq!((kept(&lin, "held_place").await, kept(&lin, "reminder").await), (0, 1));
        consents_balance(&world.app).await;
    }

    async fn a_consent_nothing_was_sent_with_is_given_back(world) {
        let lin = in_wechat(world, LIN).await;
        agree(&lin, &["held_place"]).await;
        world.wechat.fail_next(WechatError::PageNotLive);
        held_place(world, &lin, 1).await;
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_held"]);
        assert_eq!(kept(&lin, "held_place").await, 1);
        consents_balance(&world.app).await;
    }

    async fn a_busy_wechat_is_tried_again_with_the_same_consent_and_not_for_ever(world) {
        let lin = in_wechat(world, LIN).await;
        agree(&lin, &["held_place", "held_place"]).await;
        agree(&lin, &["held_place"]).await;
        assert_eq!(kept(&lin, "held_place").await, 2);
        world.wechat.fail_next(WechatError::Busy);
        held_place(world, &lin, 1).await;
        assert!(wechatted(world).is_empty());
        world.advance(Span::minutes(1)).await;
        world.work().await;
        assert_eq!(wechatted(world), ["held_place"]);
        assert_eq!(kept(&lin, "held_place").await, 1, "both attempts used the same consent");

        for _ in 0..8 {
            world.wechat.fail_next(WechatError::Busy);
        }
        held_place(world, &lin, 2).await;
        for _ in 0..12 {
            world.advance(Span::minutes(2)).await;
            world.work().await;
        }
        assert_eq!(wechatted(world).len(), 1);
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_held"], "the text message goes instead");
        consents_balance(&world.app).await;
    }

    async fn consents_are_counted_after_a_tap_once_a_key(world) {
        let lin = world.log_in(LIN).await;
        let yes = json!({ "results": [{ "template": "reminder", "accepted": true }, { "template": "booking", "accepted": false }] });
        lin.post("/api/me/wechat-messages", yes.clone()).await.refused(409, "wechat_not_linked");
        let lin = in_wechat(world, LIN).await;
        for _ in 0..3 {
            lin.post_with_key("/api/me/wechat-messages", "tap", yes.clone()).await.expect(StatusCode::NO_CONTENT);
        }
        lin.post_with_key("/api/me/wechat-messages", "tap-2", yes).await.expect(StatusCode::NO_CONTENT);
        assert_eq!((kept(&lin, "reminder").await, kept(&lin, "booking").await), (2, 0));
        let items = lin.get("/api/me/wechat-messages").await.ok()["items"].clone();
        assert_eq!(items[0], json!({
            "template": "held_place", "wechat_id": "demo-held_place", "kept": 0,
            "name": { "zh": "有名额时通知我", "en": "Tell me when a place is held for me" },
        }));
        assert_eq!(count(&world.app, "SELECT 1 FROM wechat_consent_events").await, 4);
        // Somebody else's consents are theirs.
        let he = world.log_in(HE).await;
        assert_eq!(kept(&he, "reminder").await, 0);
        for bad in [json!({ "results": [] }), json!({ "results": vec![json!({ "template": "reminder", "accepted": true }); 11] })] {
            lin.post("/api/me/wechat-messages", bad).await.refused(422, "value_invalid");
        }
        let unknown = json!({ "results": [{ "template": "everything", "accepted": true }] });
        lin.post("/api/me/wechat-messages", unknown).await.refused(400, "malformed");
        consents_balance(&world.app).await;
    }

    async fn quiet_hours_wait_for_the_morning_unless_it_is_then_too_late(world) {
        let lin = world.log_in(LIN).await;
        let staff = world.log_in(DISTRICT).await;
        let offering = world.offer(Offer { hours: ("07:00", "15:00"), ..Offer::default() }, |_| {}).await;
        let late = book(&lin, offering, world.at(1, "14:30")).await;
        world.work().await;
        world.clock.set(world.at(0, "22:00"));
        step_as_staff(&staff, &late).await;
        world.work().await;
        assert_eq!(inbox(&lin).await[0], "order.cancelled", "the inbox makes no noise");
        assert!(!world.texted(&LIN.parse().unwrap()).contains(&"order_cancelled".to_owned()));
        world.clock.set(world.at(1, "07:29"));
        world.work().await;
        assert!(!world.texted(&LIN.parse().unwrap()).contains(&"order_cancelled".to_owned()));
        world.clock.set(world.at(0, "07:30"));
        world.work().await;
        assert!(world.texted(&LIN.parse().unwrap()).contains(&"order_cancelled".to_owned()));

        // Begins before anybody could act on a message of the morning: it rings at once.
        let he = world.log_in(HE).await;
        let early = book(&he, offering, world.at(1, "07:30")).await;
        world.clock.set(world.at(0, "23:00"));
        step_as_staff(&staff, &early).await;
        world.work().await;
        assert!(world.texted(&HE.parse().unwrap()).contains(&"order_cancelled".to_owned()));
    }

    async fn who_does_not_read_what_is_urgent_is_called(world) {
        let lin = world.log_in(LIN).await;
        let held = held_place(world, &lin, 1).await;
        let staff = world.log_in(DISTRICT).await;
        let calls = async || staff.get("/api/desk/calls").await.ok()["items"].clone();
        // Held for two hours: half of them.
        world.advance(Span::minutes(59)).await;
        world.work().await;
        assert_eq!(calls().await, json!([]));
        world.advance(Span::minutes(1)).await;
        world.work().await;
        let list = calls().await;
        assert_eq!((list.as_array().unwrap().len(), &list[0]["order_id"]), (1, &held["id"]));
        assert!(list[0]["reason"]["en"].as_str().unwrap().starts_with("A message was not read"), "{list}");
        world.work().await;
        assert_eq!(calls().await.as_array().unwrap().len(), 1, "once");

        // Read, or answered without reading: nobody is called.
        let he = world.log_in(HE).await;
        held_place(world, &he, 1).await;
        he.post("/api/notices/read", json!({})).await;
        let newcomer = world.log_in(NEWCOMER).await;
        let accepted = held_place(world, &newcomer, 1).await;
        step(&newcomer, &accepted, "accept").await;
        world.advance(Span::minutes(61)).await;
        world.work().await;
        assert_eq!(calls().await.as_array().unwrap().len(), 1);
    }

    async fn a_text_message_that_cannot_arrive_becomes_a_call(world) {
        let lin = world.log_in(LIN).await;
        world.sms.fail_next(SmsError::Refused { code: "isv.MOBILE_NUMBER_ILLEGAL".into(), fault: Fault::Recipient });
        let held = held_place(world, &lin, 1).await;
        let staff = world.log_in(DISTRICT).await;
        let list = staff.get("/api/desk/calls").await.ok()["items"].clone();
        assert_eq!((list.as_array().unwrap().len(), &list[0]["order_id"]), (1, &held["id"]));
        // Unread as well: there is a call already.
        world.advance(Span::minutes(61)).await;
        world.work().await;
        assert_eq!(staff.get("/api/desk/calls").await.ok()["items"].as_array().unwrap().len(), 1);
    }

    async fn a_digest_brings_the_days_ordinary_messages_as_one(world) {
        let lin = world.log_in(LIN).await;
        wish(&lin, json!({ "digest": "daily", "digest_at": "17:00" })).await;
        let advice = world.offering("property_advice").await;
        book(&lin, advice, world.at(1, "09:30")).await;
        let given_up = book(&lin, advice, world.at(2, "09:30")).await;
        world.work().await;
        step(&lin, &given_up, "cancel").await;
        world.work().await;
        assert_eq!(inbox(&lin).await, ["order.cancelled", "order.placed", "order.placed"]);
        let first = lin.get("/api/notices").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        lin.post(&format!("/api/notices/{first}/read"), json!({})).await;
        world.clock.set(world.at(0, "16:59"));
        world.work().await;
        assert!(world.texted(&LIN.parse().unwrap()).is_empty());
        world.clock.set(world.at(0, "17:01"));
        world.work().await;
        world.work().await;
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["digest"]);
        let sent = world.sms.sent().pop().unwrap();
        assert_eq!((sent.params["count"].as_str(), sent.params["text"].as_str()), ("2", "您有2条未读消息"));
        // Nothing new the next day: no message.
        world.clock.set(world.at(1, "17:01"));
        world.work().await;
        assert_eq!(world.texted(&LIN.parse().unwrap()).iter().filter(|topic| *topic == "digest").count(), 1);
    }

    async fn people_say_how_they_wish_to_be_told(world) {
        let lin = world.log_in(LIN).await;
        let usual = json!({ "sms": false, "quiet_from": "21:30", "quiet_to": "07:30", "digest": "off", "digest_at": "18:00" });
        assert_eq!(lin.get("/api/me/channels").await.ok(), usual);
        let own = json!({ "sms": true, "quiet_from": "12:00", "quiet_to": "14:00", "digest": "off", "digest_at": "08:15" });
        assert_eq!(lin.put("/api/me/channels", own.clone()).await.ok(), own);
        assert_eq!(lin.get("/api/me/channels").await.ok(), own);
        assert_eq!(lin.get("/api/me/audit").await.ok()["items"][0]["action"], "channels.changed");
        // Text messages for ordinary matters too.
        book(&lin, world.offering("property_advice").await, world.at(1, "09:30")).await;
        world.work().await;
        assert_eq!(world.texted(&LIN.parse().unwrap()), ["order_placed"]);

        let mut bad = own.clone();
        bad["quiet_to"] = json!("00:01");
        let no = lin.put("/api/me/channels", bad.clone()).await.refused(422, "value_invalid");
        assert_eq!(no["field"], "quiet_to");
        for (field, value) in [("quiet_from", json!("25:00")), ("digest", json!("hourly")), ("sms", json!("yes")), ("loud", json!(true))] {
            let mut bad = own.clone();
            bad[field] = value;
            lin.put("/api/me/channels", bad).await.refused(400, "malformed");
        }
        assert_eq!(lin.get("/api/me/channels").await.ok(), own, "nothing of it was kept");
        let document = lin.get("/api/me/export").await.ok();
        assert_eq!(document["channels"]["quiet_from"], "12:00");
    }

    async fn messages_speak_the_language_of_their_reader(world) {
        let lin = in_wechat(world, LIN).await;
        agree(&lin, &["held_place"]).await;
        let version = lin.get("/api/me").await.ok()["person"]["version"].clone();
        lin.patch("/api/me", json!({ "version": version, "language": "en" })).await.ok();
        held_place(world, &lin, 1).await;
        let message = world.wechat.sent().remove(0);
        assert_eq!(message.language.key(), "en");
        assert_eq!(message.params["time"], "2026年11月24日 09:30");
        assert_eq!(message.params["state"], "名额已为您保留", "fields of this sort hold Chinese characters alone");
        assert!(message.params["title"].starts_with("A place is held for you"), "{:?}", message.params);
    }

    async fn whoever_leaves_is_forgotten_by_the_ledger(world) {
        let lin = in_wechat(world, NEWCOMER).await;
        agree(&lin, &["reminder"]).await;
        wish(&lin, json!({ "sms": true })).await;
        let person = world.staff(NEWCOMER).await.person;
        lin.delete("/api/me").await.expect(StatusCode::NO_CONTENT);
        assert_eq!(wechat_ledger::kept(world.app.store.reads(), person).await.unwrap(), Vec::<(Template, i32)>::new());
        assert_eq!(count(&world.app, "SELECT 1 FROM channel_wishes").await, 0);
        assert_eq!(count(&world.app, "SELECT 1 FROM wechat_consent_events").await, 0);
    }
}

/// Staff give an order up for its owner.
async fn step_as_staff(staff: &Client, order: &Value) {
    let version = look(staff, order).await["version"].clone();
    let body = json!({ "version": version, "reason": "停电" });
    staff.post(&format!("/api/desk/orders/{}/cancel", id(order)), body).await.ok();
}
