//! Logging in, staying in, being out.

use std::time::Duration;

use linli_domain::time::Span;
use linli_edge::{SmsError, SmsTemplate, WechatIdentity, WechatPhone};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::books::{count, rows};
use crate::harness::people::{DISTRICT, HE, LIN};
use crate::harness::{Client, on_both, on_postgres};

async fn code(client: &Client, phone: &str) -> String {
    let sent = client.post("/api/login/code", json!({ "phone": phone })).await.expect(StatusCode::ACCEPTED);
    assert_eq!((&sent["expires_in"], &sent["resend_in"]), (&json!(300), &json!(60)));
    sent["demo_code"].as_str().unwrap().to_owned()
}

async fn with(client: &Client, phone: &str, code: &str) -> crate::harness::Answer {
    client.post("/api/login", json!({ "phone": phone, "code": code, "device": "演示手机" })).await
}

/// Another code of six digits.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

on_both! {
    async fn a_code_is_good_once_and_for_five_minutes(world) {
        let client = world.client();
        let sent = code(&client, HE).await;
        let message = world.sms.latest_to(&HE.parse().unwrap()).unwrap();
        assert_eq!((message.template, message.params["code"].as_str()), (SmsTemplate::LoginCode, sent.as_str()));
        let no = with(&client, HE, &wrong(&sent)).await.refused(422, "login_code_wrong");
        assert_eq!(no["field"], "code");
        with(&client, LIN, &sent).await.refused(422, "login_code_wrong");
        assert_eq!(with(&client, HE, &sent).await.ok()["me"]["person"]["name"], "演示老人·何老");
        with(&client, HE, &sent).await.refused(422, "login_code_wrong");
        world.advance(Span::minutes(1)).await;
        let late = code(&client, HE).await;
        world.advance(Span::minutes(5)).await;
        with(&client, HE, &late).await.refused(422, "login_code_wrong");
        // Codes are kept as hashes.
        let kept = rows(&world.app, "SELECT * FROM login_codes").await;
        assert!(!format!("{kept:?}").contains(&late));
    }

    async fn five_wrong_tries_end_a_code(world) {
        let client = world.client();
        let sent = code(&client, HE).await;
        for _ in 0..5 {
            with(&client, HE, &wrong(&sent)).await.refused(422, "login_code_wrong");
        }
        with(&client, HE, &sent).await.refused(422, "login_code_wrong");
    }

    async fn a_newer_code_replaces_the_older(world) {
        let client = world.client();
        let first = code(&client, HE).await;
        world.advance(Span::minutes(1)).await;
        let second = code(&client, HE).await;
        with(&client, HE, &first).await.refused(422, "login_code_wrong");
        with(&client, HE, &second).await.ok();
    }

    async fn one_code_a_minute_five_an_hour_ten_a_day(world) {
        let client = world.client();
        let mut sent = 0;
        let too_many = |answer: crate::harness::Answer| {
            let after: i64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
            let no = answer.refused(429, "too_many_requests");
            assert_eq!(no["retry_after"], after);
            after
        };
        for hour in 0..2 {
            for _ in 0..5 {
                code(&client, HE).await;
                sent += 1;
                let wait = too_many(client.post("/api/login/code", json!({ "phone": HE })).await);
                assert!((1..=60).contains(&wait) || sent % 5 == 0, "{wait}");
                world.advance(Span::minutes(1)).await;
            }
            let wait = too_many(client.post("/api/login/code", json!({ "phone": HE })).await);
            assert!(wait > 60, "hour {hour}: {wait}");
            world.advance(Span::hours(1)).await;
        }
        let wait = too_many(client.post("/api/login/code", json!({ "phone": HE })).await);
        assert!(wait > 3600, "the day's ten are used: {wait}");
        code(&client, LIN).await;
        world.advance(Span::hours(24)).await;
        code(&client, HE).await;
        // The same phone written otherwise is the same phone.
        client.post("/api/login/code", json!({ "phone": "+86 199-0000-0002" })).await.refused(429, "too_many_requests");
    }

    async fn a_code_that_could_not_be_sent_costs_no_minute(world) {
        let client = world.client();
        world.sms.fail_next(SmsError::Unreachable { perhaps_sent: false });
        client.post("/api/login/code", json!({ "phone": HE })).await.refused(503, "sms_failed");
        code(&client, HE).await;
    }

    async fn an_address_that_fails_too_often_waits(world) {
        let client = world.client();
        for n in 0..100 {
            let phone = format!("1990001{n:04}");
            with(&client, &phone, "000000").await.refused(422, "login_code_wrong");
        }
        with(&client, HE, "000000").await.refused(429, "too_many_requests");
        client.post("/api/login/code", json!({ "phone": HE })).await.refused(429, "too_many_requests");
        world.advance(Span::minutes(10)).await;
        code(&client, HE).await;
    }

    async fn a_whole_town_logs_in_from_one_address(world) {
        let client = world.client();
        for n in 0..110 {
            let phone = format!("1990002{n:04}");
            let sent = code(&client, &phone).await;
            with(&client, &phone, &sent).await.ok();
        }
    }

    async fn phones_that_are_none(world) {
        for phone in ["", "12345678901", "1990000000", "199000000011", "19900000001x", "+1 555 0100"] {
            let no = world.client().post("/api/login/code", json!({ "phone": phone })).await.refused(422, "phone_invalid");
            assert_eq!(no["field"], "phone");
        }
    }

    async fn a_new_phone_opens_an_account(world) {
        let client = world.client().log_in("19900005555").await;
        let me = client.get("/api/me").await.ok();
        assert_eq!((&me["person"]["name"], &me["phone_masked"], &me["roles"]), (&json!(""), &json!("199****5555"), &json!([])));
        let version = me["person"]["version"].clone();
        let me = client.patch("/api/me", json!({ "version": version, "name": "演示新人", "community_code": "130903001007" })).await.ok();
        assert_eq!(me["person"]["community"]["name"]["zh"], "大化社区");
    }

    async fn tokens_missing_odd_ended_and_revoked(world) {
        let lin = world.log_in(LIN).await;
        world.client().get("/api/me").await.refused(401, "token_missing");
        for token in ["", "x", &"a".repeat(43), &"a".repeat(5000)] {
            let answer = world.client().with_token(token).get("/api/me").await;
            assert!(matches!(answer.body["code"].as_str(), Some("token_missing" | "token_invalid")), "{}", answer.body);
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        }
        let basic = world.client().request(Method::GET, "/api/me").header("authorization", "Basic bGluOmxpbg==");
        world.client().send(basic).await.refused(401, "token_missing");
        lin.get("/api/me").await.ok();
        // Used within thirty days it goes on; unused for thirty it has ended.
        // Asked of processes that remember nobody, since memory lasts for seconds of another clock.
        for _ in 0..2 {
            world.advance(Span::days(29)).await;
            let mut process = world.another().await;
            process.serve(linli_api::Options::default()).await.with_token(lin.token()).get("/api/me").await.ok();
            process.end().await;
        }
        world.advance(Span::days(30)).await;
        let no = lin.get("/api/me").await.refused(401, "token_invalid");
        assert!(no["detail"].as_str().unwrap().contains("log in again"));
        let again = world.log_in(LIN).await;
        again.post("/api/logout", json!({})).await.expect(StatusCode::NO_CONTENT);
        again.get("/api/me").await.refused(401, "token_invalid");
        // Tokens are kept as hashes.
        let kept = format!("{:?}", rows(&world.app, "SELECT * FROM logins").await);
        assert!(!kept.contains("Bearer") && count(&world.app, "SELECT 1 FROM logins").await == 2);
    }

    async fn logins_are_listed_and_ended_one_by_one(world) {
        let first = world.log_in(LIN).await;
        world.advance(Span::minutes(1)).await;
        let second = world.log_in(LIN).await;
        world.advance(Span::minutes(1)).await;
        let third = world.log_in(LIN).await;
        let list = third.get("/api/me/logins").await.ok();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 3);
        assert_eq!(items.iter().filter(|one| one["current"] == true).count(), 1);
        // Newest first: the last is the oldest.
        third.delete(&format!("/api/me/logins/{}", items[2]["id"].as_str().unwrap())).await.expect(StatusCode::NO_CONTENT);
        first.get("/api/me").await.refused(401, "token_invalid");
        second.get("/api/me").await.ok();
        third.delete("/api/me/logins").await.expect(StatusCode::NO_CONTENT);
        second.get("/api/me").await.refused(401, "token_invalid");
        third.get("/api/me").await.ok();
    }

    async fn through_wechat(world) {
        let client = world.client();
        let identity = |name: &str| WechatIdentity { openid: name.into(), unionid: None };
        world.wechat.add_login("code-1", identity("openid-he"));
        let unknown = client.post("/api/login/wechat", json!({ "code": "code-1" })).await.ok();
        assert_eq!((&unknown["known"], &unknown["login"]), (&json!(false), &Value::Null));
        let ticket = unknown["ticket"].as_str().unwrap();
        assert!(!ticket.contains("openid"), "the ticket is sealed");
        world.wechat.add_phone("phone-1", WechatPhone { country_code: "86".into(), number: HE.into() });
        let login = client.post("/api/login/wechat/phone", json!({ "ticket": ticket, "phone_code": "phone-1" })).await.ok();
        assert_eq!(login["me"]["wechat_linked"], true);
        assert_eq!(login["me"]["person"]["name"], "演示老人·何老", "the account of the phone, not a new one");
        // From now on the code is enough.
        world.wechat.add_login("code-2", identity("openid-he"));
        let known = client.post("/api/login/wechat", json!({ "code": "code-2" })).await.ok();
        let he = client.clone().with_token(known["login"]["token"].as_str().unwrap());
        assert_eq!(he.get("/api/me").await.ok()["person"]["name"], "演示老人·何老");
        client.post("/api/login/wechat", json!({ "code": "code-2" })).await.refused(422, "wechat_refused");

        // Without WeChat's number: a phone and its code.
        world.wechat.add_login("code-3", identity("openid-lin"));
        let ticket = client.post("/api/login/wechat", json!({ "code": "code-3" })).await.ok()["ticket"].clone();
        let sent = code(&client, LIN).await;
        let link = |code: &str| json!({ "ticket": ticket, "phone": LIN, "code": code });
        client.post("/api/login/wechat/link", link(&wrong(&sent))).await.refused(422, "login_code_wrong");
        assert_eq!(client.post("/api/login/wechat/link", link(&sent)).await.ok()["me"]["wechat_linked"], true);

        // A ticket of one's own, an old one, a number of another country.
        let forged = json!({ "ticket": "openid-lin", "phone_code": "demo:19900000001" });
        client.post("/api/login/wechat/phone", forged).await.refused(422, "wechat_refused");
        world.wechat.add_login("code-4", identity("openid-new"));
        let ticket = client.post("/api/login/wechat", json!({ "code": "code-4" })).await.ok()["ticket"].clone();
        world.wechat.add_phone("phone-2", WechatPhone { country_code: "1".into(), number: "5550100".into() });
        client.post("/api/login/wechat/phone", json!({ "ticket": ticket, "phone_code": "phone-2" })).await.refused(422, "phone_invalid");
        world.advance(Span::minutes(10)).await;
        client.post("/api/login/wechat/phone", json!({ "ticket": ticket, "phone_code": "demo:19900000001" })).await.refused(422, "wechat_refused");
    }

    async fn a_role_that_ends_ends_now(world) {
        let (district, he) = (world.log_in(DISTRICT).await, world.log_in(HE).await);
        he.get("/api/desk/offerings").await.refused(403, "role_missing");
        let role = json!({ "phone": HE, "role": "community_staff", "area_code": "130903001007" });
        let given = district.post("/api/staff/roles", role).await.expect(StatusCode::CREATED);
        assert!(!he.get("/api/desk/offerings").await.ok()["items"].as_array().unwrap().is_empty(), "known at once");
        let path = format!("/api/staff/roles/{}", given["grant_id"].as_str().unwrap());
        district.delete(&path).await.expect(StatusCode::NO_CONTENT);
        he.get("/api/desk/offerings").await.refused(403, "role_missing");
    }
}

on_postgres! {
    async fn a_login_ended_in_one_process_ends_in_the_other(world) {
        let mut other = world.another().await;
        let listening = tokio::spawn(linli_application::people::sessions::listen(other.app.clone()));
        let elsewhere = other.serve(linli_api::Options::default()).await;
        // The other process has begun to hear what this one says.
        let mut heard = other.app.hub.subscribe("probe").await;
        while tokio::time::timeout(Duration::from_millis(50), heard.next()).await.is_err() {
            world.app.hub.publish("probe", "").await;
        }
        let here = world.log_in(LIN).await;
        world.advance(Span::minutes(1)).await;
        let sent = code(&elsewhere, LIN).await;
        let token = with(&elsewhere, LIN, &sent).await.ok()["token"].as_str().unwrap().to_owned();
        let there = elsewhere.clone().with_token(token.clone());
        there.get("/api/me").await.ok();
        // Here they end all other logins; the other process remembers for seconds, unless it is told.
        here.delete("/api/me/logins").await.expect(StatusCode::NO_CONTENT);
        world.client().with_token(token).get("/api/me").await.refused(401, "token_invalid");
        let told = async {
            while there.get("/api/me").await.status == StatusCode::OK {
                tokio::task::yield_now().await;
            }
        };
        let patience = Duration::from_secs(3);
        tokio::time::timeout(patience, told).await.expect("told sooner than it would have forgotten by itself");
        listening.abort();
        other.end().await;
    }
}
