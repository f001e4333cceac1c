//! The clients against servers on loopback that behave as the real ones do.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected shall fail")]

mod acs3_server;
mod aliyun;
mod files;
mod logs;
mod loopback;
mod peers;
mod redis;
mod redis_server;
mod s3_server;
mod wechat;
mod wechat_server;
