//! The outside of Linli: text messages, WeChat, files, wake-ups between processes, limits and a small cache.
//!
//! Each of them is a trait with a complete real client and one that lives inside the process, which the demo and the
//! tests use. Nothing here decides anything: rules are in `linli-domain`, use cases in `linli-application`.
//!
//! Redis is never a source of truth. When it is gone, limits are kept per process, the cache misses and wake-ups stay
//! inside the process; no call waits for it longer than [`RedisConfig::timeout_ms`].

pub mod cache;
pub mod calls;
pub mod config;
pub mod connection;
pub mod files;
pub mod hub;
pub mod limits;
pub mod sms;
pub mod wechat;

mod http;

pub use cache::{Cache, LocalCache, RedisCache};
pub use calls::{DirectNumbers, NumberRelay};
pub use config::ConfigError;
pub use connection::{Redis, RedisConfig, RedisDown};
pub use files::{FileStore, Files, FilesConfig, FilesDown, S3Config};
pub use hub::{Hub, LocalHub, RedisHub, Subscription};
pub use limits::{Limiter, LocalLimiter, Quota, RedisLimiter, Verdict};
pub use sms::{AliyunSms, FakeSms, Fault, SmsConfig, SmsError, SmsMessage, SmsReceipt, SmsSender, SmsTemplate};
pub use wechat::{
    FakeWechat, MiniProgramState, PushConfig, PushCrypto, PushError, SealedPush, SubscribeMessage, SubscribeTemplate,
    WechatClient, WechatConfig, WechatError, WechatIdentity, WechatPhone, WechatPlatform,
};
