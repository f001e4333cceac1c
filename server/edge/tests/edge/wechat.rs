//! The WeChat client.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use linli_domain::context::ManualClock;
use linli_domain::time::{Instant, Span};
use linli_domain::words::Language;
use linli_edge::{
    Cache, FakeWechat, LocalCache, SubscribeMessage, WechatClient, WechatConfig, WechatError, WechatIdentity,
    WechatPhone, WechatPlatform,
};
use serde_json::{Value, json};

use crate::logs::Logs;
use crate::wechat_server::{APP_ID, APP_SECRET, Wechat};

const LOGIN: &str = "/sns/jscode2session";
const PHONE: &str = "/wxa/business/getuserphonenumber";
const NOTIFY: &str = "/cgi-bin/message/subscribe/send";
const TOKEN: &str = "/cgi-bin/stable_token";

fn config(base_url: &str) -> WechatConfig {
    toml::from_str(&format!(
        r#"
        app_id = "{APP_ID}"
        app_secret = "{APP_SECRET}"
        base_url = "{base_url}"
        timeout_ms = 2000
        mini_program_state = "trial"
        [templates.reminder]
        id = "TEMPLATE-1"
        fields = {{ thing1 = "service", time2 = "time", phrase3 = "state" }}
        "#
    ))
    .unwrap()
}

struct Scene {
    wechat: Wechat,
    clock: Arc<ManualClock>,
    cache: Arc<LocalCache>,
}

impl Scene {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::at(Instant(1_795_000_000_000_000)));
        Self { wechat: Wechat::start().await, cache: Arc::new(LocalCache::new(clock.clone(), 10)), clock }
    }

    /// One more replica.
    fn client(&self) -> WechatClient {
        WechatClient::new(config(&self.wechat.server.url), self.clock.clone(), self.cache.clone()).unwrap()
    }

    /// A call that needs a token and succeeds.
    async fn call(&self, client: &WechatClient) -> Result<WechatPhone, WechatError> {
        self.wechat.answer(PHONE, phone_answer(json!("86"), APP_ID));
        client.phone_number("P").await
    }
}

fn phone_answer(country: Value, app_id: &str) -> Value {
    json!({ "errcode": 0, "errmsg": "ok", "phone_info": {
        "phoneNumber": "+8619900000001", "purePhoneNumber": "19900000001", "countryCode": country,
        "watermark": { "timestamp": 1_795_000_000, "appid": app_id } } })
}

fn reminder() -> SubscribeMessage {
    SubscribeMessage {
        openid: "o-1".to_owned(),
        kind: "reminder".to_owned(),
        page: Some("pages/order?id=7".to_owned()),
        language: Language::Zh,
        params: BTreeMap::from([
            ("service".to_owned(), "社区卫生服务中心全科门诊预约（上午第一时段）".to_owned()),
            ("time".to_owned(), "2026-11-24 08:30".to_owned()),
            ("state".to_owned(), "明天".to_owned()),
            ("unused".to_owned(), "not in this template".to_owned()),
        ]),
    }
}

#[tokio::test]
async fn a_code_becomes_a_person_and_the_session_key_is_dropped() {
    let scene = Scene::new().await;
    let client = scene.client();
    scene.wechat.answer(LOGIN, json!({ "openid": "o-1", "session_key": "K==", "unionid": "u-1" }));
    scene.wechat.answer(LOGIN, json!({ "openid": "o-2", "session_key": "K==", "errcode": 0, "errmsg": "" }));
    let one = client.login("code & more").await.unwrap();
    assert_eq!(one, WechatIdentity { openid: "o-1".to_owned(), unionid: Some("u-1".to_owned()) });
    assert_eq!(client.login("two").await.unwrap().unionid, None);
    let call = &scene.wechat.calls(LOGIN)[0];
    assert_eq!(
        (call.query["js_code"].as_str(), call.query["grant_type"].as_str()),
        ("code & more", "authorization_code")
    );
    assert_eq!(scene.wechat.tokens_given(), 0, "logging in needs no token");
}

#[tokio::test]
async fn every_refusal_of_a_login_has_its_meaning() {
    let scene = Scene::new().await;
    let client = scene.client();
    let cases = [
        (-1, WechatError::Busy),
        (40029, WechatError::CodeUnusable),
        (40163, WechatError::CodeUnusable),
        (40226, WechatError::HighRisk),
        (45011, WechatError::RateLimited { code: 45011 }),
        (40125, WechatError::Account { code: 40125 }),
        (48001, WechatError::Account { code: 48001 }),
        (61234, WechatError::Unexpected { code: 61234 }),
    ];
    for (code, expected) in cases {
        scene.wechat.answer(LOGIN, json!({ "errcode": code, "errmsg": "no rid: 1-2-3" }));
        assert_eq!(client.login("c").await, Err(expected), "{code}");
    }
    scene.wechat.answer_raw(LOGIN, 502, "<html>".to_owned());
    assert_eq!(client.login("c").await, Err(WechatError::Busy));
    for nonsense in ["<html>", "{}", "[]", r#"{"openid":7}"#] {
        scene.wechat.answer_raw(LOGIN, 200, nonsense.to_owned());
        assert_eq!(client.login("c").await, Err(WechatError::Unreachable { perhaps_done: true }), "{nonsense}");
    }
    drop(scene.wechat);
    let nobody = WechatClient::new(config("http://127.0.0.1:1"), scene.clock.clone(), scene.cache.clone()).unwrap();
    assert_eq!(nobody.login("c").await, Err(WechatError::Unreachable { perhaps_done: false }));
}

#[tokio::test]
async fn a_phone_number_comes_with_its_country_and_for_this_app_only() {
    let scene = Scene::new().await;
    let client = scene.client();
    for country in [json!("86"), json!(86), json!("+86")] {
        scene.wechat.answer(PHONE, phone_answer(country, APP_ID));
        let phone = client.phone_number("P").await.unwrap();
        assert_eq!(phone.mainland().unwrap().digits(), "19900000001");
        assert!(!format!("{phone:?}").contains("199"));
    }
    assert_eq!(scene.wechat.calls(PHONE)[0].body, json!({ "code": "P" }));
    scene.wechat.answer(PHONE, phone_answer(json!("852"), APP_ID));
    assert_eq!(client.phone_number("P").await.unwrap().mainland(), None);
    scene.wechat.answer(PHONE, phone_answer(json!("86"), "wx-of-somebody-else"));
    assert_eq!(client.phone_number("P").await, Err(WechatError::ForeignApp));
    scene.wechat.answer(PHONE, json!({ "errcode": 40029, "errmsg": "invalid code" }));
    assert_eq!(client.phone_number("P").await, Err(WechatError::CodeUnusable));
}

#[tokio::test]
async fn one_caller_fetches_the_token_for_all() {
    let scene = Scene::new().await;
    let client = Arc::new(scene.client());
    let calls: Vec<_> = (0..20)
        .map(|_| {
            scene.wechat.answer(PHONE, phone_answer(json!("86"), APP_ID));
            let client = client.clone();
            tokio::spawn(async move { client.phone_number("P").await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((scene.wechat.calls(TOKEN).len(), scene.wechat.calls(PHONE).len()), (1, 20));
    let ask = &scene.wechat.calls(TOKEN)[0].body;
    assert_eq!(*ask, json!({ "grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET }));
}

#[tokio::test]
async fn replicas_share_the_token_and_renew_it_five_minutes_before_its_end() {
    let scene = Scene::new().await;
    let (one, two) = (scene.client(), scene.client());
    scene.call(&one).await.unwrap();
    scene.call(&two).await.unwrap();
    scene.clock.advance(Span::seconds(7_200 - 301));
    scene.call(&one).await.unwrap();
    scene.call(&scene.client()).await.unwrap();
    assert_eq!(scene.wechat.tokens_given(), 1);
    scene.clock.advance(Span::seconds(1));
    scene.call(&one).await.unwrap();
    scene.call(&two).await.unwrap();
    assert_eq!(scene.wechat.tokens_given(), 2);
}

#[tokio::test]
async fn a_failed_renewal_harms_nobody_while_the_old_token_lives() {
    let scene = Scene::new().await;
    let client = scene.client();
    scene.call(&client).await.unwrap();
    scene.clock.advance(Span::seconds(7_200 - 300));
    scene.wechat.answer_token(json!({ "errcode": -1, "errmsg": "system error" }));
    scene.call(&client).await.unwrap();
    scene.call(&client).await.unwrap();
    assert_eq!(scene.wechat.calls(TOKEN).len(), 2, "the next try waits a little");
    scene.clock.advance(Span::seconds(20));
    scene.call(&client).await.unwrap();
    assert_eq!(scene.wechat.tokens_given(), 2);

    scene.clock.advance(Span::seconds(7_200));
    scene.wechat.answer_token(json!({ "errcode": 40164, "errmsg": "invalid ip" }));
    assert_eq!(scene.call(&client).await, Err(WechatError::Account { code: 40164 }));
}

#[tokio::test]
async fn a_token_that_ends_soon_is_not_asked_for_again_at_every_call() {
    let scene = Scene::new().await;
    let client = scene.client();
    scene.wechat.answer_token(json!({ "access_token": "SHORT", "expires_in": 100 }));
    scene.call(&client).await.unwrap();
    scene.call(&client).await.unwrap();
    assert_eq!(scene.wechat.tokens_given(), 1);
    scene.clock.advance(Span::seconds(20));
    scene.call(&client).await.unwrap();
    assert_eq!(scene.wechat.tokens_given(), 2);
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once() {
    for code in [40001, 40014, 42001] {
        let scene = Scene::new().await;
        let client = scene.client();
        scene.wechat.answer(PHONE, json!({ "errcode": code, "errmsg": "token" }));
        scene.call(&client).await.unwrap();
        assert_eq!((scene.wechat.tokens_given(), scene.wechat.calls(PHONE).len()), (2, 2), "{code}");

        for _ in 0..2 {
            scene.wechat.answer(PHONE, json!({ "errcode": code, "errmsg": "token" }));
        }
        assert_eq!(client.phone_number("P").await, Err(WechatError::Account { code }), "twice is enough");
        assert_eq!(scene.wechat.calls(PHONE).len(), 4);
    }
}

#[tokio::test]
async fn a_replica_that_comes_late_takes_the_newer_token() {
    let scene = Scene::new().await;
    let (one, two) = (scene.client(), scene.client());
    scene.call(&one).await.unwrap();
    scene.call(&two).await.unwrap();
    scene.wechat.invalidate_token();
    scene.call(&one).await.unwrap();
    scene.call(&two).await.unwrap();
    assert_eq!(scene.wechat.tokens_given(), 2, "the second replica found the first one's new token");
}

#[tokio::test]
async fn nonsense_in_the_cache_is_a_miss() {
    let scene = Scene::new().await;
    scene.cache.put(&format!("wechat:token:{APP_ID}"), "nonsense", Duration::from_secs(60)).await;
    scene.call(&scene.client()).await.unwrap();
}

#[tokio::test]
async fn a_notice_carries_the_templates_fields_cut_to_size() {
    let scene = Scene::new().await;
    let client = scene.client();
    scene.wechat.answer(NOTIFY, json!({ "errcode": 0, "errmsg": "ok", "msgid": 1 }));
    client.notify(&reminder()).await.unwrap();
    assert_eq!(
        scene.wechat.calls(NOTIFY)[0].body,
        json!({
            "touser": "o-1", "template_id": "TEMPLATE-1", "page": "pages/order?id=7",
            "miniprogram_state": "trial", "lang": "zh_CN",
            "data": {
                "thing1": { "value": "社区卫生服务中心全科门诊预约（上午第一…" },
                "time2": { "value": "2026-11-24 08:30" },
                "phrase3": { "value": "明天" },
            },
        })
    );
    assert_eq!(client.template_id("reminder").as_deref(), Some("TEMPLATE-1"));
    assert_eq!(client.template_id("unheard_of"), None);
    scene.wechat.answer(NOTIFY, json!({ "errcode": 0, "errmsg": "ok", "msgid": 2 }));
    client.notify(&SubscribeMessage { language: Language::En, page: None, ..reminder() }).await.unwrap();
    let english = &scene.wechat.calls(NOTIFY)[1].body;
    assert_eq!((&english["lang"], english.get("page")), (&json!("en_US"), None));
}

#[tokio::test]
async fn every_refusal_of_a_notice_has_its_meaning() {
    let scene = Scene::new().await;
    let client = scene.client();
    let field = |name: &str| WechatError::FieldRefused { field: name.to_owned() };
    let cases = [
        (43101, "user refuse to accept the msg rid: 1-2-3", WechatError::NoConsent),
        (47003, "argument invalid! data.time2.value invalid rid: 1-2-3", field("time2")),
        (47003, "argument invalid!", field("")),
        (40003, "invalid openid", WechatError::RecipientUnknown),
        (40037, "template_id is invalid", WechatError::TemplateUnknown),
        (41030, "invalid page", WechatError::PageNotLive),
        (45009, "reach max api daily quota limit", WechatError::RateLimited { code: 45009 }),
        (-1, "system error", WechatError::Busy),
    ];
    for (code, message, expected) in cases {
        scene.wechat.answer(NOTIFY, json!({ "errcode": code, "errmsg": message }));
        let error = client.notify(&reminder()).await.unwrap_err();
        assert_eq!(error.is_retryable(), code == -1);
        assert_eq!(error, expected);
    }

    let sent = scene.wechat.calls(NOTIFY).len();
    let mut incomplete = reminder();
    incomplete.params.insert("state".to_owned(), "  ".to_owned());
    assert_eq!(client.notify(&incomplete).await, Err(field("phrase3")));
    let unknown = SubscribeMessage { kind: "unheard_of".to_owned(), ..reminder() };
    assert_eq!(client.notify(&unknown).await, Err(WechatError::TemplateUnknown));
    assert_eq!(scene.wechat.calls(NOTIFY).len(), sent, "what WeChat would refuse is not sent");
}

#[tokio::test]
async fn secrets_and_people_stay_out_of_logs() {
    let logs = Logs::collect();
    let scene = Scene::new().await;
    let client = scene.client();
    scene.wechat.answer(LOGIN, json!({ "errcode": 40029, "errmsg": "invalid code CODE-9 rid: 65-ab" }));
    client.login("CODE-9").await.unwrap_err();
    scene.wechat.answer_raw(LOGIN, 200, r#"{"session_key":"SESSION-9"}"#.to_owned());
    client.login("CODE-9").await.unwrap_err();
    let phone = scene.call(&client).await.unwrap();
    let nobody = WechatClient::new(config("http://127.0.0.1:1"), scene.clock.clone(), scene.cache.clone()).unwrap();
    nobody.login("CODE-9").await.unwrap_err();
    nobody.phone_number("CODE-9").await.unwrap_err();
    let seen = format!("{} {client:?} {phone:?} {:?}", logs.text(), reminder());
    for kept in [APP_SECRET, "CODE-9", "SESSION-9", "TTTT", "19900000001", "o-1", "全科门诊"] {
        assert!(!seen.contains(kept), "{kept} in {seen}");
    }
    for told in ["40029", "65-ab", "did not answer"] {
        assert!(seen.contains(told), "{told} not in {seen}");
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let clock = Arc::new(ManualClock::at(Instant(0)));
    let make = |config| WechatClient::new(config, clock.clone(), Arc::new(LocalCache::new(clock.clone(), 1)));
    let good = || config("https://api.example");
    assert!(make(good()).is_ok());
    assert_eq!(make(WechatConfig { app_secret: "".into(), ..good() }).unwrap_err().key, "wechat.app_secret");
    assert_eq!(
        make(WechatConfig { base_url: "http://api.example".into(), ..good() }).unwrap_err().key,
        "wechat.base_url"
    );
    let mut empty = good();
    empty.templates.get_mut("reminder").unwrap().fields.clear();
    assert_eq!(make(empty).unwrap_err().key, "wechat.templates");
    let minimal: WechatConfig = toml::from_str("app_id = 'a'\napp_secret = 'b'").unwrap();
    assert_eq!(minimal.base_url, "https://api.weixin.qq.com");
    assert!(toml::from_str::<WechatConfig>("app_id = 'a'\napp_secret = 'b'\nsecret = 'c'").is_err());
}

#[tokio::test]
async fn the_fake_knows_demo_people_and_uses_other_codes_once() {
    let fake = FakeWechat::new(1);
    assert_eq!(fake.login("demo:jia").await.unwrap().openid, "demo-jia");
    assert_eq!(fake.login("demo:jia").await.unwrap().openid, "demo-jia");
    assert_eq!(fake.phone_number("demo:19900000001").await.unwrap().mainland().unwrap().digits(), "19900000001");
    assert_eq!(fake.login("other").await, Err(WechatError::CodeUnusable));
    fake.add_login("other", WechatIdentity { openid: "o".to_owned(), unionid: None });
    assert_eq!(fake.login("other").await.unwrap().openid, "o");
    assert_eq!(fake.login("other").await, Err(WechatError::CodeUnusable));
    fake.add_phone("p", WechatPhone { country_code: "852".to_owned(), number: "5000".to_owned() });
    assert_eq!(fake.phone_number("p").await.unwrap().mainland(), None);
    assert_eq!(fake.phone_number("p").await, Err(WechatError::CodeUnusable));
    fake.fail_next(WechatError::NoConsent);
    assert_eq!(fake.notify(&reminder()).await, Err(WechatError::NoConsent));
    fake.notify(&SubscribeMessage { page: None, ..reminder() }).await.unwrap();
    fake.notify(&reminder()).await.unwrap();
    assert_eq!(fake.sent(), [reminder()]);
}
