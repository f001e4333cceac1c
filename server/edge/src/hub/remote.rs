//! Wake-ups between processes, over one channel of Redis.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt;
use linli_domain::context::Random;
use redis::{Msg, RedisError, RedisResult};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::{Hub, LocalHub, Subscription};
use crate::connection::Redis;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A listening connection sends nothing of its own: without a ping a vanished host would never be noticed.
const PING_EVERY: Duration = Duration::from_secs(15);
const PATIENCE: Duration = Duration::from_secs(5);

/// A hub that reaches the other processes through Redis.
///
/// Listeners in this process hear at once, Redis or not; the copy that comes back from Redis is dropped. All topics
/// travel on one channel: each process hears everything and keeps what somebody there listens to, which spares
/// subscribing and unsubscribing in step with every screen that opens and closes.
#[derive(Debug)]
pub struct RedisHub {
    redis: Redis,
    local: Arc<LocalHub>,
    origin: String,
    lost: AtomicU64,
    listening: watch::Receiver<bool>,
    task: AbortHandle,
}

/// What travels.
#[derive(Serialize)]
struct Hint<'a> {
    from: &'a str,
    topic: &'a str,
    payload: &'a str,
}

impl RedisHub {
    /// Starts listening in a task of its own, until the hub is dropped. Must be called inside a Tokio runtime.
    pub fn start(redis: Redis, random: &dyn Random) -> Self {
        let mut origin = [0; 8];
        random.fill(&mut origin);
        let origin = hex::encode(origin);
        let local = Arc::new(LocalHub::new());
        let (tell, listening) = watch::channel(false);
        let listener = Listener { redis: redis.clone(), local: local.clone(), origin: origin.clone(), tell };
        let task = tokio::spawn(listener.run()).abort_handle();
        Self { redis, local, origin, lost: AtomicU64::new(0), listening, task }
    }

    /// How many hints did not reach the other processes.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Whether hints of other processes arrive at present, and each change of it.
    pub fn listening(&self) -> watch::Receiver<bool> {
        self.listening.clone()
    }
}

impl Drop for RedisHub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[async_trait]
impl Hub for RedisHub {
    async fn publish(&self, topic: &str, payload: &str) {
        self.local.tell(topic, payload);
        let hint = serde_json::to_string(&Hint { from: &self.origin, topic, payload })
            .expect("three texts can always be written as JSON");
        let mut command = redis::cmd("PUBLISH");
        command.arg(channel(&self.redis)).arg(hint);
        if self.redis.command::<u64>(command).await.is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
            metrics::counter!("linli_hub_lost_total").increment(1);
            tracing::debug!(topic, "a wake-up did not reach the other processes");
        }
    }

    async fn subscribe(&self, topic: &str) -> Subscription {
        self.local.listen(topic)
    }
}

fn channel(redis: &Redis) -> String {
    redis.name("hub")
}

struct Listener {
    redis: Redis,
    local: Arc<LocalHub>,
    origin: String,
    tell: watch::Sender<bool>,
}

impl Listener {
    /// Listens, and after each end listens again, with growing pauses while that fails.
    async fn run(self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let ended = self.listen().await;
            if self.tell.send_replace(false) {
                tracing::warn!(why = ended.category(), "wake-ups of other processes do not arrive");
                pause = FIRST_PAUSE;
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Listens until the connection ends.
    async fn listen(&self) -> RedisError {
        match timeout(PATIENCE, self.connect()).await {
            Err(_) => silence(),
            Ok(Err(error)) => error,
            Ok(Ok(connection)) => {
                if !self.tell.send_replace(true) {
                    tracing::info!("wake-ups of other processes arrive");
                }
                self.hear(connection).await
            }
        }
    }

    async fn connect(&self) -> RedisResult<redis::aio::PubSub> {
        let mut connection = self.redis.client().get_async_pubsub().await?;
        connection.subscribe(channel(&self.redis)).await?;
        Ok(connection)
    }

    async fn hear(&self, connection: redis::aio::PubSub) -> RedisError {
        let (mut sink, mut messages) = connection.split();
        let mut ping = interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                message = messages.next() => match message {
                    Some(message) => self.pass_on(&message),
                    None => return RedisError::from((redis::ErrorKind::Io, "the connection ended")),
                },
                _ = ping.tick() => match timeout(PATIENCE, sink.ping::<redis::Value>()).await {
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) => return error,
                    Err(_) => return silence(),
                },
            }
        }
    }

    fn pass_on(&self, message: &Msg) {
        let Ok(hint) = serde_json::from_slice::<OwnedHint>(message.get_payload_bytes()) else {
            tracing::warn!("a wake-up is not of its form; does another program use this channel?");
            return;
        };
        if hint.from != self.origin {
            self.local.tell(&hint.topic, &hint.payload);
        }
    }
}

/// What arrived; owned, since JSON may hold escapes.
#[derive(Deserialize)]
struct OwnedHint {
    from: String,
    topic: String,
    payload: String,
}

fn silence() -> RedisError {
    RedisError::from((redis::ErrorKind::Io, "no answer in time"))
}
