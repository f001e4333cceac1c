//! Limits, cache and hub over a real Redis that is killed in the middle.

use std::sync::Arc;
use std::time::Duration;

use linli_domain::context::{ManualClock, SeededRandom};
use linli_domain::time::Instant;
use linli_edge::{Cache, Hub, Limiter, Quota, Redis, RedisCache, RedisConfig, RedisDown, RedisHub, RedisLimiter};
use tokio::time::timeout;

use crate::logs::{self, Logs};
use crate::redis_server::{PATIENCE, RedisServer, connect, until};

const PHONE_KEY: &str = "sms:19900000001";
const HOUR: Duration = Duration::from_secs(3_600);

fn limiter(redis: Redis) -> RedisLimiter {
    RedisLimiter::new(redis, "a secret".into(), Arc::new(ManualClock::at(Instant(0))), 100)
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_share_a_limit_exactly() {
    let server = RedisServer::start().await;
    let (one, two) = (Arc::new(limiter(server.connect())), Arc::new(limiter(server.connect())));
    let quota = Quota::new(20, HOUR);
    let hits: Vec<_> = (0..100)
        .map(|n| {
            let limiter = if n % 2 == 0 { one.clone() } else { two.clone() };
            tokio::spawn(async move { limiter.hit(PHONE_KEY, quota).await })
        })
        .collect();
    let mut allowed = 0;
    for hit in hits {
        allowed += u32::from(hit.await.unwrap().allowed);
    }
    assert_eq!(allowed, 20);

    let verdict = two.check(PHONE_KEY, quota).await;
    assert!(!verdict.allowed && verdict.retry_after <= HOUR && verdict.retry_after > HOUR / 2, "{verdict:?}");
    assert!(one.check("sms:19900000002", quota).await.allowed);
    assert!(one.hit(PHONE_KEY, Quota::new(1, 24 * HOUR)).await.allowed, "another window counts apart");
    assert!(!one.check(PHONE_KEY, Quota::new(1, 24 * HOUR)).await.allowed);

    let kept = server.everything().await;
    assert!(kept.contains("linli:limit:") && !kept.contains("19900000001"), "{kept}");

    one.forgive(PHONE_KEY).await;
    assert!(two.check(PHONE_KEY, quota).await.allowed && two.check(PHONE_KEY, Quota::new(1, 24 * HOUR)).await.allowed);
    assert_eq!(server.everything().await, "", "nothing is left of what was forgiven");
    assert!(!two.hit(PHONE_KEY, Quota::new(0, HOUR)).await.allowed);
}

#[tokio::test]
async fn a_window_ends_and_leaves_nothing_behind() {
    let server = RedisServer::start().await;
    let limiter = limiter(server.connect());
    let quota = Quota::new(1, Duration::from_millis(400));
    assert!(limiter.hit("k", quota).await.allowed);
    until("the window ends", async || limiter.hit("k", quota).await.allowed).await;
    until("the count lapses", async || server.everything().await.is_empty()).await;
}

#[tokio::test]
async fn while_redis_is_away_each_process_counts_by_itself() {
    let logs = Logs::collect();
    let mut server = RedisServer::start().await;
    let (one, two) = (limiter(server.connect()), limiter(server.connect()));
    let quota = Quota::new(2, HOUR);
    assert!(one.hit("k", quota).await.allowed && two.hit("k", quota).await.allowed);
    assert!(!one.hit("k", quota).await.allowed);

    server.kill().await;
    assert!(one.hit("k", quota).await.allowed && one.hit("k", quota).await.allowed);
    assert!(!one.hit("k", quota).await.allowed, "an outage is no licence");
    assert!(!one.check("k", quota).await.allowed);
    assert!(two.check("k", quota).await.allowed, "the other process has counted nothing of its own");
    one.forgive("k").await;
    assert!(one.check("k", quota).await.allowed);
    assert_eq!(logs.count("Redis is out of reach"), 2, "once for each process: {}", logs.text());

    server.restart().await;
    until("both count together again", async || {
        one.forgive("k").await;
        one.hit("k", quota).await;
        one.hit("k", quota).await;
        !two.check("k", quota).await.allowed
    })
    .await;
    assert_eq!(logs.count("Redis is back"), 2, "{}", logs.text());
    assert_eq!(logs.count("Redis is out of reach"), 2, "{}", logs.text());
    assert!(!logs.text().contains("invented-password"));
}

#[tokio::test]
async fn a_cache_without_redis_misses() {
    let mut server = RedisServer::start().await;
    let (one, two) = (RedisCache::new(server.connect()), RedisCache::new(server.connect()));
    one.put("a", "1", HOUR).await;
    assert_eq!(two.get("a").await.as_deref(), Some("1"));
    two.delete("a").await;
    assert_eq!(one.get("a").await, None);
    one.put("a", "2", Duration::from_millis(200)).await;
    until("the text lapses", async || two.get("a").await.is_none()).await;
    one.put("a", "3", HOUR).await;
    one.put("a", "4", Duration::ZERO).await;
    assert_eq!(two.get("a").await, None);

    one.put("a", "5", HOUR).await;
    server.kill().await;
    assert_eq!(one.get("a").await, None);
    one.put("a", "6", HOUR).await;
    one.delete("a").await;

    server.restart().await;
    until("texts are kept again", async || {
        one.put("a", "7", HOUR).await;
        two.get("a").await.as_deref() == Some("7")
    })
    .await;
}

#[tokio::test]
async fn hints_reach_other_processes_once_and_this_one_always() {
    let mut server = RedisServer::start().await;
    let one = RedisHub::start(server.connect(), &SeededRandom::new(1));
    let two = RedisHub::start(server.connect(), &SeededRandom::new(2));
    let listens = async |hub: &RedisHub, yes: bool| {
        timeout(PATIENCE, hub.listening().wait_for(|now| *now == yes)).await.unwrap().unwrap();
    };
    listens(&one, true).await;
    listens(&two, true).await;

    let (mut here, mut there) = (one.subscribe("jobs").await, two.subscribe("jobs").await);
    let mut other = two.subscribe("orders").await;
    one.publish("jobs", "\"甲\"\n1").await;
    one.publish("orders", "2").await;
    two.publish("jobs", "3").await;
    let next =
        async |listener: &mut linli_edge::Subscription| timeout(PATIENCE, listener.next()).await.unwrap().unwrap();
    assert_eq!(next(&mut here).await, "\"甲\"\n1");
    assert_eq!(next(&mut here).await, "3", "what it said itself did not come back");
    let mut heard = [next(&mut there).await, next(&mut there).await];
    heard.sort();
    assert_eq!(heard, ["\"甲\"\n1", "3"]);
    assert_eq!(next(&mut other).await, "2");
    assert_eq!(one.lost() + two.lost(), 0);

    server.kill().await;
    listens(&one, false).await;
    listens(&two, false).await;
    one.publish("jobs", "4").await;
    one.publish("jobs", "5").await;
    assert_eq!((next(&mut here).await, next(&mut here).await), ("4".to_owned(), "5".to_owned()));
    assert_eq!(one.lost(), 2);

    server.restart().await;
    listens(&one, true).await;
    listens(&two, true).await;
    until("hints reach the other process again", async || {
        one.publish("jobs", "6").await;
        timeout(Duration::from_millis(100), there.next()).await.is_ok()
    })
    .await;
}

/// A host that takes connections and says nothing is the worst case: only time-outs help.
#[tokio::test(start_paused = true)]
async fn a_silent_redis_costs_one_short_wait() {
    logs::install();
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config: RedisConfig = toml::from_str(&format!("url = 'redis://{}/0'", silent.local_addr().unwrap())).unwrap();
    let limiter = limiter(Redis::new(&config).unwrap());
    let quota = Quota::new(1_000, HOUR);
    let began = tokio::time::Instant::now();
    assert!(limiter.hit("k", quota).await.allowed);
    assert!((200..250).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    for _ in 0..100 {
        assert!(limiter.hit("k", quota).await.allowed);
    }
    assert!(began.elapsed().as_millis() < 250, "the others do not wait: {:?}", began.elapsed());
}

#[tokio::test]
async fn a_wrong_password_is_an_outage_that_ends_when_it_is_mended() {
    let server = RedisServer::start().await;
    let wrong = connect(&server.url().replace("invented", "wrong"));
    assert_eq!(wrong.ping().await, Err(RedisDown));
    let cache = RedisCache::new(wrong);
    cache.put("a", "1", HOUR).await;
    assert_eq!(cache.get("a").await, None);
    assert_eq!(server.connect().ping().await, Ok(()));
}

#[test]
fn settings_that_cannot_work_are_named_without_the_password() {
    let make = |text: &str| Redis::new(&toml::from_str::<RedisConfig>(text).unwrap());
    assert!(make("url = 'redis://127.0.0.1:6379'").is_ok());
    for url in ["redis:/:hunter2@x", "http://:hunter2@x", "rediss://:hunter2@127.0.0.1:6379", "hunter2"] {
        let error = make(&format!("url = '{url}'")).unwrap_err();
        assert_eq!(error.key, "redis.url");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    assert_eq!(make("url = 'redis://127.0.0.1'\ntimeout_ms = 1").unwrap_err().key, "redis.timeout_ms");
    assert_eq!(make("url = 'redis://127.0.0.1'\nprefix = ''").unwrap_err().key, "redis.prefix");
    assert!(toml::from_str::<RedisConfig>("url = 'redis://x'\nport = 1").is_err());
}
