//! Places orders over HTTP: 64 connections that are kept open, each with one request under way.
//!
//! The client shares two cores with the server and the database, so it is as plain as can be: it writes prepared
//! bytes and reads an answer by its Content-Length. Anything but 201 stops the run.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::prepare::{District, Spread, Wish, token};
use crate::table::Measured;

const CONNECTIONS: usize = 64;
/// The longest an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer.
const LONGEST: usize = 64 * 1024;

pub(crate) struct Load<'a> {
    pub address: SocketAddr,
    pub district: &'a District,
    pub spread: Spread,
    /// Orders before the clock starts.
    pub warm_up: usize,
    /// How long is measured.
    pub time: Duration,
}

impl Load<'_> {
    /// Places orders until the time is over or every resident has had theirs.
    pub(crate) async fn run(&self) -> Result<Measured> {
        let begun = Instant::now();
        let warm = self.phase(0, self.warm_up, begun + self.time).await?;
        ensure!(warm.len() == self.warm_up, "the warm-up took longer than a round may take");
        let begun = Instant::now();
        let mut waits = self.phase(self.warm_up, usize::MAX, begun + self.time).await?;
        let took = begun.elapsed();
        waits.sort_unstable();
        let at = |part: usize| waits.get(waits.len() * part / 100).copied().map(Duration::from_micros);
        Ok(Measured {
            placed: waits.len() + warm.len(),
            rate: waits.len() as f64 / took.as_secs_f64(),
            waits: at(50).zip(at(99)),
        })
    }

    /// Places the orders from `first` up to `last` on all connections, and answers how long each took, in
    /// microseconds.
    async fn phase(&self, first: usize, last: usize, until: Instant) -> Result<Vec<u64>> {
        let orders: Vec<Wish> = (first..last).map_while(|n| self.district.wish(n, self.spread)).collect();
        let (orders, next) = (std::sync::Arc::new(orders), std::sync::Arc::new(AtomicUsize::new(0)));
        let mut connections = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (orders, next) = (orders.clone(), next.clone());
            let mut connection = Connection::open(self.address).await?;
            connections.spawn(async move {
                let mut waits = Vec::new();
                while Instant::now() < until
                    && let Some(wish) = orders.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let asked = Instant::now();
                    tokio::time::timeout(PATIENCE, connection.place(wish)).await.context("no answer in time")??;
                    waits.push(u64::try_from(asked.elapsed().as_micros())?);
                }
                anyhow::Ok(waits)
            });
        }
        let mut all = Vec::new();
        while let Some(waits) = connections.join_next().await {
            all.extend(waits??);
        }
        Ok(all)
    }
}

struct Connection {
    stream: TcpStream,
    address: SocketAddr,
    read: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("the server takes no connection")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address, read: vec![0; LONGEST] })
    }

    async fn place(&mut self, wish: &Wish) -> Result<()> {
        let body = format!(r#"{{"offering_id":"{}","start":"{}","if_full":"refuse"}}"#, wish.offering, wish.start);
        let request = format!(
            "POST /api/orders HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nIdempotency-Key: place-{}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            token(wish.resident),
            wish.resident,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await?;
        let mut length = 0;
        let (head, whole) = loop {
            let read = self.stream.read(&mut self.read[length..]).await?;
            ensure!(read > 0, "the server closed the connection");
            length += read;
            if let Some(sizes) = sizes(&self.read[..length])? {
                break sizes;
            }
        };
        while length < whole {
            let read = self.stream.read(&mut self.read[length..]).await?;
            ensure!(read > 0, "the server closed the connection, or said too much");
            length += read;
        }
        if !self.read.starts_with(b"HTTP/1.1 201 ") {
            let (head, body) = (&self.read[..head], &self.read[head..whole]);
            let status = String::from_utf8_lossy(head).lines().next().unwrap_or_default().to_owned();
            bail!("an order was answered with {status}: {}", String::from_utf8_lossy(body));
        }
        Ok(())
    }
}

/// The bytes of an answer's head, and of the whole; none while the head is not complete.
fn sizes(read: &[u8]) -> Result<Option<(usize, usize)>> {
    let Some(head) = read.windows(4).position(|end| end == b"\r\n\r\n") else { return Ok(None) };
    let text = str::from_utf8(&read[..head])?;
    let length = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .context("an answer without Content-Length")?;
    Ok(Some((head + 4, head + 4 + length.1.trim().parse::<usize>()?)))
}
