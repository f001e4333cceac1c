//! One socket: what is heard goes out, where to go on comes in.

use std::io;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use linli_application::App;
use linli_application::live::entry::Listener;
use linli_application::live::{Feed, News};
use poem::web::websocket::{CloseCode, Message, WebSocketStream};
use serde::Deserialize;
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

/// A client that hears nothing for twice as long may give the connection up, and so does the server.
const BEAT_EVERY: Duration = Duration::from_secs(25);
/// How long a client may take to receive what it is sent. What it has not heard by then waits in the database.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the other side is given to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// What a client says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    after: i64,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The client has gone, or is not heard of any more.
    Gone,
    /// The client does not receive what it is sent.
    Slow,
    /// The client said something that is not understood.
    Odd,
    /// The login has ended.
    LoginEnded,
    /// The process stops.
    Stopping,
    /// The database is away.
    Fault,
}

impl End {
    /// What the client is told; nothing where nobody listens.
    fn said(self) -> Option<(u16, &'static str)> {
        match self {
            Self::Gone => None,
            Self::Odd => Some((4000, "not understood")),
            Self::LoginEnded => Some((4001, "the login has ended")),
            Self::Slow => Some((4008, "too slow: come back and go on")),
            Self::Stopping => Some((1012, "restarting: come back and go on")),
            Self::Fault => Some((1011, "for the moment: come back and go on")),
        }
    }
}

/// Serves one socket to its end.
pub(super) async fn serve(
    app: &App,
    listener: Listener,
    after: Option<i64>,
    mut stream: WebSocketStream,
    stop: CancellationToken,
) {
    let end = match Feed::open(app, listener, after).await {
        Ok(mut feed) => talk(&mut feed, &mut stream, &stop).await,
        Err(_) => End::Fault,
    };
    metrics::counter!("linli_live_ended_total", "why" => format!("{end:?}").to_lowercase()).increment(1);
    if let Some((code, reason)) = end.said() {
        let goodbye = async {
            stream.send(Message::Close(Some((CloseCode::from(code), reason.to_owned())))).await?;
            while let Some(Ok(_)) = stream.next().await {}
            Ok::<_, io::Error>(())
        };
        let _ = timeout(GOODBYE, goodbye).await;
    }
}

async fn talk(feed: &mut Feed, stream: &mut WebSocketStream, stop: &CancellationToken) -> End {
    let mut beats = interval(BEAT_EVERY);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats.reset();
    let mut was_heard = true;
    // It says where the client begins, before anything else is said.
    let mut messages = beat(feed);
    loop {
        match timeout(PATIENCE, send(stream, messages)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return End::Gone,
            Err(_) => return End::Slow,
        }
        messages = tokio::select! {
            news = feed.next() => match news {
                News::Ended => return End::LoginEnded,
                News::Passing(passing) => vec![Message::text(passing)],
                News::Reset(last) => vec![text(&json!({ "reset": true, "last": last }))],
                News::Told(told) => told
                    .into_iter()
                    .map(|one| {
                        let (number, at, event, payload) = (one.number, one.at, one.event, one.payload);
                        text(&json!({ "number": number, "at": at, "event": event, "payload": payload }))
                    })
                    .collect(),
            },
            said = stream.next() => match said {
                Some(Ok(Message::Text(said))) => match serde_json::from_str(&said) {
                    Ok(Said { after }) if after >= 0 => {
                        was_heard = true;
                        feed.resume(after);
                        Vec::new()
                    }
                    _ => return End::Odd,
                },
                Some(Ok(Message::Binary(_))) => return End::Odd,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                    was_heard = true;
                    Vec::new()
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return End::Gone,
            },
            _ = beats.tick() => {
                if !was_heard {
                    return End::Gone;
                }
                was_heard = false;
                beat(feed)
            }
            () = stop.cancelled() => return End::Stopping,
        };
    }
}

/// Pages see texts alone, the libraries below them answer pings: so it is both.
fn beat(feed: &Feed) -> Vec<Message> {
    vec![text(&json!({ "last": feed.heard() })), Message::Ping(Vec::new())]
}

async fn send(stream: &mut WebSocketStream, messages: Vec<Message>) -> io::Result<()> {
    for message in messages {
        stream.feed(message).await?;
    }
    stream.flush().await
}

fn text(value: &serde_json::Value) -> Message {
    Message::text(value.to_string())
}
