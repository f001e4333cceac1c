//! The text-message client.

use std::collections::BTreeMap;
use std::sync::Arc;

use linli_domain::context::{Clock, ManualClock, SeededRandom};
use linli_domain::time::{Instant, Span};
use linli_edge::{AliyunSms, FakeSms, Fault, SmsConfig, SmsError, SmsMessage, SmsSender, SmsTemplate};
use poem::Response;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::acs3_server::{KEY_ID, KEY_SECRET, Provider};
use crate::logs::Logs;
use crate::loopback::Loopback;

const NOW: Instant = Instant(1_795_000_000_123_456);

fn config(endpoint: &str, secret: &str) -> SmsConfig {
    toml::from_str(&format!(
        r#"
        endpoint = "{endpoint}"
        access_key_id = "{KEY_ID}"
        access_key_secret = "{secret}"
        sign_name = "邻里 & Co"
        login_template = "SMS_100"
        notice_templates = {{ order_moved = "SMS_200" }}
        timeout_ms = 300
        "#
    ))
    .unwrap()
}

fn client(endpoint: &str, secret: &str, clock: Arc<dyn Clock>, seed: u64) -> AliyunSms {
    AliyunSms::new(config(endpoint, secret), clock, Arc::new(SeededRandom::new(seed))).unwrap()
}

async fn provider_and_client() -> (Provider, AliyunSms) {
    let provider = Provider::start(Box::new(|| NOW.0 / 1_000_000)).await;
    let client = client(&provider.server.url, KEY_SECRET, Arc::new(ManualClock::at(NOW)), 1);
    (provider, client)
}

fn message(template: SmsTemplate) -> SmsMessage {
    SmsMessage {
        phone: "19900000001".parse().unwrap(),
        template,
        params: BTreeMap::from([
            ("code".to_owned(), "246810".to_owned()),
            ("who".to_owned(), "“甲”+ 100%~/'\"".to_owned()),
        ]),
        out_id: "order 7/甲".to_owned(),
    }
}

fn refused(code: &str, fault: Fault) -> SmsError {
    SmsError::Refused { code: code.to_owned(), fault }
}

#[tokio::test]
async fn a_message_arrives_as_it_was_meant() {
    let (provider, client) = provider_and_client().await;
    let sent = message(SmsTemplate::LoginCode);
    let receipt = client.send(&sent).await.unwrap();
    assert_eq!((receipt.delivery_id.as_str(), receipt.request_id.as_str()), ("B-1", "R-1"));
    client.send(&message(SmsTemplate::Notice("order_moved".to_owned()))).await.unwrap();

    let taken = provider.taken();
    let params = &taken[0].params;
    assert_eq!(params["PhoneNumbers"], "19900000001");
    assert_eq!(params["SignName"], "邻里 & Co");
    assert_eq!(params["TemplateCode"], "SMS_100");
    assert_eq!(params["OutId"], "order 7/甲");
    assert_eq!(serde_json::from_str::<BTreeMap<String, String>>(&params["TemplateParam"]).unwrap(), sent.params);
    assert_eq!(taken[0].headers["x-acs-date"], "2026-11-18T11:06:40Z");
    assert_eq!(taken[1].params["TemplateCode"], "SMS_200");
    assert_ne!(taken[0].headers["x-acs-signature-nonce"], taken[1].headers["x-acs-signature-nonce"]);
}

/// The provider of these tests would be worth nothing if it took everything.
#[tokio::test]
async fn what_was_changed_under_way_is_refused() {
    let (provider, client) = provider_and_client().await;
    client.send(&message(SmsTemplate::LoginCode)).await.unwrap();
    let taken = provider.taken().remove(0);
    let again = async |change: &dyn Fn(&mut String, &mut poem::http::HeaderMap), body: &'static str| {
        let (mut query, mut headers) = (taken.uri.to_string(), taken.headers.clone());
        headers.remove("content-length");
        change(&mut query, &mut headers);
        let url = format!("{}{query}", provider.server.url);
        let request = reqwest::Client::new().post(url).headers(headers).body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        answer.json::<Value>().await.unwrap()["Code"].as_str().unwrap().to_owned()
    };

    assert_eq!(again(&|_, _| {}, "").await, "SignatureNonceUsed", "a replay");
    let digit = |query: &mut String, _: &mut _| *query = query.replace("19900000001", "19900000002");
    assert_eq!(again(&digit, "").await, "SignatureDoesNotMatch");
    assert_eq!(again(&|_, _| {}, "a=1").await, "SignatureDoesNotMatch", "a body");
    for header in ["x-acs-date", "x-acs-signature-nonce", "x-acs-action", "x-acs-version", "host"] {
        let other = |_: &mut String, headers: &mut poem::http::HeaderMap| {
            headers.insert(header, "2026-11-18T11:06:41Z".parse().unwrap());
        };
        assert_eq!(again(&other, "").await, "SignatureDoesNotMatch", "{header}");
    }
    let unsigned = |_: &mut String, headers: &mut poem::http::HeaderMap| {
        headers.insert("x-acs-security-token", "x".parse().unwrap());
    };
    assert_eq!(again(&unsigned, "").await, "IncompleteSignature");
}

#[tokio::test]
async fn a_wrong_secret_and_a_wrong_clock_are_the_accounts_fault() {
    let (provider, _) = provider_and_client().await;
    let url = &provider.server.url;
    let error =
        client(url, "another secret", Arc::new(ManualClock::at(NOW)), 2).send(&message(SmsTemplate::LoginCode)).await;
    assert_eq!(error, Err(refused("SignatureDoesNotMatch", Fault::Account)));

    let clock = Arc::new(ManualClock::at(NOW));
    clock.advance(Span::seconds(16 * 60));
    let error = client(url, KEY_SECRET, clock, 3).send(&message(SmsTemplate::LoginCode)).await;
    assert_eq!(error, Err(refused("InvalidTimeStamp.Expired", Fault::Account)));
    assert!(provider.taken().is_empty());
}

#[tokio::test]
async fn every_code_says_whether_to_try_again() {
    let (provider, client) = provider_and_client().await;
    let busy = |code: &str| SmsError::Busy { code: code.to_owned() };
    let limited = |code: &str| SmsError::RateLimited { code: code.to_owned() };
    let cases = [
        (200, "isv.BUSINESS_LIMIT_CONTROL", limited("isv.BUSINESS_LIMIT_CONTROL")),
        (200, "isv.DAY_LIMIT_CONTROL", limited("isv.DAY_LIMIT_CONTROL")),
        (200, "isv.MOBILE_NUMBER_ILLEGAL", refused("isv.MOBILE_NUMBER_ILLEGAL", Fault::Recipient)),
        (200, "isv.TEMPLATE_MISSING_PARAMETERS", refused("isv.TEMPLATE_MISSING_PARAMETERS", Fault::Message)),
        (200, "isv.PARAM_LENGTH_LIMIT", refused("isv.PARAM_LENGTH_LIMIT", Fault::Message)),
        (200, "isv.BLACK_KEY_CONTROL_LIMIT", refused("isv.BLACK_KEY_CONTROL_LIMIT", Fault::Message)),
        (200, "isv.SMS_TEMPLATE_ILLEGAL", refused("isv.SMS_TEMPLATE_ILLEGAL", Fault::Account)),
        (200, "isv.SMS_SIGNATURE_ILLEGAL", refused("isv.SMS_SIGNATURE_ILLEGAL", Fault::Account)),
        (200, "isv.AMOUNT_NOT_ENOUGH", refused("isv.AMOUNT_NOT_ENOUGH", Fault::Account)),
        (200, "isp.RAM_PERMISSION_DENY", refused("isp.RAM_PERMISSION_DENY", Fault::Account)),
        (200, "isv.SOMETHING_NEW", refused("isv.SOMETHING_NEW", Fault::Account)),
        (200, "isp.SYSTEM_ERROR", busy("isp.SYSTEM_ERROR")),
        (400, "Throttling", busy("Throttling")),
        (400, "Throttling.User", busy("Throttling.User")),
        (429, "Throttling.Api", busy("Throttling.Api")),
        (400, "SignatureNonceUsed", busy("SignatureNonceUsed")),
        (503, "ServiceUnavailable", busy("ServiceUnavailable")),
        (500, "InternalError", busy("InternalError")),
        (404, "InvalidAccessKeyId.NotFound", refused("InvalidAccessKeyId.NotFound", Fault::Account)),
    ];
    for (status, code, expected) in cases {
        provider.answer_next(status, json!({ "Code": code, "Message": "…", "RequestId": "R-2" }));
        let error = client.send(&message(SmsTemplate::LoginCode)).await.unwrap_err();
        assert_eq!(error.is_retryable(), matches!(expected, SmsError::Busy { .. }), "{code}");
        assert_eq!(error, expected);
    }
}

#[tokio::test]
async fn answers_that_are_none_leave_the_outcome_open() {
    let (provider, client) = provider_and_client().await;
    let unclear = Err(SmsError::Unreachable { perhaps_sent: true });
    provider.answer_next(200, "<html>a portal</html>");
    assert_eq!(client.send(&message(SmsTemplate::LoginCode)).await, unclear);
    provider.answer_next(200, " ".repeat(1_000_000));
    assert_eq!(client.send(&message(SmsTemplate::LoginCode)).await, unclear);
    provider.answer_next(502, "<html>bad gateway</html>");
    assert_eq!(
        client.send(&message(SmsTemplate::LoginCode)).await,
        Err(SmsError::Busy { code: "HTTP 502".to_owned() })
    );

    let silent = Loopback::serve(|_| std::future::pending::<Response>()).await;
    let clock = Arc::new(ManualClock::at(NOW));
    assert_eq!(
        self::client(&silent.url, KEY_SECRET, clock.clone(), 4).send(&message(SmsTemplate::LoginCode)).await,
        unclear
    );

    // A port that was free a moment ago, where nobody listens.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = self::client(&format!("http://{nobody}"), KEY_SECRET, clock, 5);
    assert_eq!(client.send(&message(SmsTemplate::LoginCode)).await, Err(SmsError::Unreachable { perhaps_sent: false }));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (provider, _) = provider_and_client().await;
    let target = provider.server.url.clone();
    let elsewhere = Loopback::serve(move |request| {
        let location = format!("{target}{}", request.uri());
        async move { Response::builder().status(StatusCode::TEMPORARY_REDIRECT).header("location", location).finish() }
    })
    .await;
    let client = client(&elsewhere.url, KEY_SECRET, Arc::new(ManualClock::at(NOW)), 6);
    assert_eq!(
        client.send(&message(SmsTemplate::LoginCode)).await,
        Err(SmsError::Busy { code: "HTTP 307".to_owned() })
    );
    assert!(provider.taken().is_empty());
}

#[tokio::test]
async fn a_notice_without_a_template_is_not_sent() {
    let (provider, client) = provider_and_client().await;
    let error = client.send(&message(SmsTemplate::Notice("unheard_of".to_owned()))).await;
    assert_eq!(error, Err(refused("NoTemplate", Fault::Account)));
    assert!(provider.taken().is_empty());
}

#[tokio::test]
async fn secrets_and_people_stay_out_of_logs() {
    let logs = Logs::collect();
    let (provider, client) = provider_and_client().await;
    provider
        .answer_next(200, json!({ "Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "19900000001", "RequestId": "R-3" }));
    let message = message(SmsTemplate::LoginCode);
    client.send(&message).await.unwrap_err();
    let nobody = self::client("http://127.0.0.1:1", KEY_SECRET, Arc::new(ManualClock::at(NOW)), 7);
    nobody.send(&message).await.unwrap_err();
    let config = config("http://127.0.0.1:1", KEY_SECRET);
    let seen = format!("{} {client:?} {config:?} {message:?}", logs.text());
    for kept in [KEY_SECRET, KEY_ID, "19900000001", "246810", "“甲”"] {
        assert!(!seen.contains(kept), "{kept} in {seen}");
    }
    for told in ["isv.MOBILE_NUMBER_ILLEGAL", "R-3", "did not answer", "199****0001"] {
        assert!(seen.contains(told), "{told} not in {seen}");
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let make = |config| AliyunSms::new(config, Arc::new(ManualClock::at(NOW)), Arc::new(SeededRandom::new(1)));
    let good = || config("https://dysmsapi.example", "s");
    assert!(make(good()).is_ok());
    assert_eq!(
        make(SmsConfig { endpoint: "http://dysmsapi.example".into(), ..good() }).unwrap_err().key,
        "sms.endpoint"
    );
    assert_eq!(make(SmsConfig { timeout_ms: 5, ..good() }).unwrap_err().key, "sms.timeout_ms");
    assert_eq!(make(SmsConfig { sign_name: " ".into(), ..good() }).unwrap_err().key, "sms.sign_name");
    assert_eq!(make(SmsConfig { access_key_secret: "".into(), ..good() }).unwrap_err().key, "sms.access_key_secret");
    let error = toml::from_str::<SmsConfig>("access_key = 'x'").unwrap_err().to_string();
    assert!(error.contains("unknown field `access_key`"), "{error}");
}

#[tokio::test]
async fn the_fake_keeps_the_latest_and_fails_on_demand() {
    let fake = FakeSms::new(2);
    let to = |phone: &str| SmsMessage { phone: phone.parse().unwrap(), ..message(SmsTemplate::LoginCode) };
    fake.fail_next(SmsError::Unreachable { perhaps_sent: false });
    assert!(fake.send(&to("19900000001")).await.is_err());
    for phone in ["19900000001", "19900000002", "19900000003"] {
        fake.send(&to(phone)).await.unwrap();
    }
    assert_eq!(fake.sent(), [to("19900000002"), to("19900000003")]);
    assert_eq!(fake.latest_to(&"19900000003".parse().unwrap()), Some(to("19900000003")));
    assert_eq!(fake.latest_to(&"19900000001".parse().unwrap()), None);
}
