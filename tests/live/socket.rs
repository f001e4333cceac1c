//! A phone that listens: a WebSocket client of other people, and what it heard.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::Client;

/// Nothing takes longer, or it never comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open socket.
pub(super) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The protocol that was agreed on.
    pub(super) protocol: Option<String>,
}

/// The request that opens a socket at `/api/live`, with headers of one's own.
pub(super) fn request(client: &Client, query: &str, headers: &[(&'static str, &str)]) -> Request {
    let address = format!("{}/api/live{query}", client.base().replacen("http", "ws", 1));
    let mut request = address.into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    request
}

impl Socket {
    /// Opens one, or says the status and the code of the refusal.
    pub(super) async fn try_open(request: Request) -> Result<Self, (u16, String)> {
        match connect_async(request).await {
            Ok((stream, response)) => {
                let protocol = response.headers().get("sec-websocket-protocol");
                let protocol = protocol.map(|protocol| protocol.to_str().unwrap().to_owned());
                Ok(Self { stream, protocol })
            }
            Err(Error::Http(response)) => {
                let status = response.status().as_u16();
                let body: Value = serde_json::from_slice(response.body().as_deref().unwrap_or(b"null")).unwrap();
                Err((status, body["code"].as_str().unwrap_or_default().to_owned()))
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens one with the token of somebody who is logged in, and answers where it begins.
    pub(super) async fn open(client: &Client, query: &str) -> (Self, i64) {
        let offered = format!("linli, bearer.{}", client.token());
        let request = request(client, query, &[("sec-websocket-protocol", &offered)]);
        let mut socket = Self::try_open(request).await.unwrap();
        let begin = socket.text().await;
        let last = begin["last"].as_i64().unwrap_or_else(|| panic!("a beginning: {begin}"));
        (socket, last)
    }

    pub(super) async fn say(&mut self, said: &Value) {
        self.stream.send(Message::text(said.to_string())).await.unwrap();
    }

    /// The next message of any kind; none when the connection has ended.
    async fn next(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("something is heard in time");
        next.and_then(Result::ok)
    }

    /// The next text.
    pub(super) async fn text(&mut self) -> Value {
        loop {
            match self.next().await {
                Some(Message::Text(text)) => return serde_json::from_str(&text).unwrap(),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("a text was expected: {other:?}"),
            }
        }
    }

    /// The next text that is more than a beat.
    pub(super) async fn news(&mut self) -> Value {
        loop {
            let text = self.text().await;
            if text.get("event").is_some() || text.get("reset").is_some() {
                return text;
            }
        }
    }

    /// The numbers of the next few things that were told.
    pub(super) async fn numbers(&mut self, count: usize) -> Vec<i64> {
        let mut numbers = Vec::new();
        for _ in 0..count {
            numbers.push(self.news().await["number"].as_i64().unwrap());
        }
        numbers
    }

    /// Everything that still comes, until the code it is closed with.
    pub(super) async fn until_the_end(&mut self) -> (Vec<Value>, Option<u16>) {
        let mut heard = Vec::new();
        loop {
            match self.next().await {
                Some(Message::Text(text)) => heard.push(serde_json::from_str(&text).unwrap()),
                Some(Message::Close(Some(frame))) => return (heard, Some(frame.code.into())),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                _ => return (heard, None),
            }
        }
    }

    /// The code it is closed with.
    pub(super) async fn ended(&mut self) -> Option<u16> {
        self.until_the_end().await.1
    }
}
