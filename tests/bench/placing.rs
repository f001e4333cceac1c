//! How fast places are given out: through HTTP, beside the same work as a transaction written by hand (`by_hand.sql`,
//! run by pgbench), on one PostgreSQL that waits for its disk; spread over ten thousand slots, and on one hot slot.
//!
//! `make bench` starts PostgreSQL and runs this. Both take turns, several rounds; what counts is the ratio in one run.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant as Stopwatch;

use linli::assemble;
use linli::config::Config;
use linli_application::{App, seed};
use linli_domain::id::encode;
use linli_domain::time::{Day, Instant, Span};
use poem::Server;
use poem::listener::TcpAcceptor;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::{Value, json};

const ROUNDS: usize = 3;
/// Orders through HTTP in each round and way.
const ORDERS: usize = 5_000;
const CONNECTIONS: usize = 64;
/// Connections of pgbench: on a hot row more are slower.
const BY_HAND: usize = 16;
const BY_HAND_SECONDS: usize = 8;
/// Offerings × days × slots of five minutes make the ten thousand.
const OFFERINGS: i64 = 5;
const DAYS: i32 = 7;
const SLOTS_A_DAY: i64 = 288;
/// Ids from here on are ours.
const FAR: i64 = 1 << 40;
/// The offering whose one slot everybody wants.
const HOT: i64 = FAR + 100;

#[tokio::main]
async fn main() {
    let server = std::env::var("LINLI_TEST_POSTGRES").expect("`make bench` starts PostgreSQL");
    let admin = sea_orm::Database::connect(&server).await.expect("PostgreSQL answers");
    admin.execute_unprepared("CREATE DATABASE linli_bench").await.expect("a fresh PostgreSQL");
    let (address, _) = server.rsplit_once('/').expect("postgres://user@host:port/database");
    let url = format!("{address}/linli_bench");

    let mut config = Config::default();
    config.database.url = url.clone().into();
    config.secrets.master_key = Some("the key of the benchmark, which seals nothing".into());
    let app = assemble::assemble(&config).await.expect("the application").app;
    app.store.migrate().await.expect("tables");
    seed::demo(&app).await.expect("a district");
    let sql = sea_orm::Database::connect(&url).await.expect("PostgreSQL answers");
    let first = Day(app.now().day().0 + 1);
    prepare(&app, &sql, first).await;
    app.forget_catalogue().await;

    let bench = Bench { base: serve(app.clone()).await, http: reqwest::Client::new(), next: AtomicUsize::new(0), first };
    let bench = Arc::new(bench);
    bench.clone().all(ROUNDS * 2 * ORDERS, |bench, person| async move { bench.look(person).await }).await;

    println!("{:<22}{:>14}{:>14}{:>9}", "orders a second", "through HTTP", "by hand", "ratio");
    let (mut spread, mut hot) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        for (name, slots, results) in [("spread", 10_000, &mut spread), ("one hot slot", 1, &mut hot)] {
            let ours = bench.clone().all(ORDERS, move |bench, person| async move { bench.place(person, slots == 1).await }).await;
            let theirs = by_hand(&url, slots);
            println!("{:<22}{:>14.0}{:>14.0}{:>9.2}", format!("{name}, round {round}"), ours, theirs, ours / theirs);
            results.push((ours, theirs));
        }
    }
    for (name, results) in [("spread", spread), ("one hot slot", hot)] {
        let (ours, theirs) = (median(results.iter().map(|(ours, _)| *ours)), median(results.iter().map(|(_, theirs)| *theirs)));
        println!("{:<22}{:>14.0}{:>14.0}{:>9.2}", format!("{name}, median"), ours, theirs, ours / theirs);
    }
    check(&sql).await;
    app.store.close().await;
    app.desk_store.close().await;
}

/// People who are logged in, offerings with many small slots, and one large slot.
async fn prepare(app: &App, sql: &DatabaseConnection, first: Day) {
    let people = ROUNDS * 2 * ORDERS;
    let run = async |text: String| sql.execute_unprepared(&text).await.expect(&text);
    run(format!(
        "INSERT INTO persons (id, name, community_code, created_at)
         SELECT {FAR} + n, 'bench ' || n, '130903001007', 0 FROM generate_series(1, {people}) n"
    ))
    .await;
    run(format!(
        "INSERT INTO accounts (id, person_id, created_at)
         SELECT {FAR} + n, {FAR} + n, 0 FROM generate_series(1, {people}) n"
    ))
    .await;
    let expires = (app.now() + Span::days(30)).0;
    run(format!(
        "INSERT INTO logins (id, account_id, token_hash, created_at, seen_at, expires_at)
         SELECT {FAR} + n, {FAR} + n, encode(sha256(lpad(n::text, 43, '0')::bytea), 'hex'), 0, {}, {expires} FROM generate_series(1, {people}) n",
        app.now().0
    ))
    .await;
    let rows = sql.query_one_raw(sea_orm::Statement::from_string(
        sea_orm::DbBackend::Postgres,
        "SELECT v.rules FROM offering_versions v JOIN offerings o ON o.id = v.offering_id WHERE o.key = 'property_advice'",
    ));
    let rules: String = rows.await.expect("rules").expect("the demo offers advice").try_get("", "rules").expect("rules");
    let mut rules: Value = serde_json::from_str(&rules).expect("rules are JSON");
    rules["opens_days_before"] = 30.into();
    for offering in (FAR..FAR + OFFERINGS).chain([HOT]) {
        run(format!(
            "INSERT INTO offerings (id, key, kind, organisation_id, place_id)
             SELECT {offering}, 'bench_{offering}', kind, organisation_id, place_id FROM offerings WHERE key = 'property_advice'"
        ))
        .await;
        run(format!(
            "INSERT INTO offering_versions (offering_id, version, rules, valid_from, created_at)
             VALUES ({offering}, 1, '{rules}', 0, 0)"
        ))
        .await;
        let (to, minutes, capacity) = if offering == HOT { (30, 30, 10_000_000) } else { (1440, 5, 50) };
        run(format!(
            "INSERT INTO schedules (id, offering_id, weekdays, from_minute, to_minute, slot_minutes, capacity, valid_from, valid_until)
             VALUES ({offering}, {offering}, 127, 0, {to}, {minutes}, {capacity}, {}, {})",
            first.0,
            first.0 + DAYS
        ))
        .await;
    }
    run("INSERT INTO pools (key, capacity) SELECT 'bench/' || n, 1000000000 FROM generate_series(1, 10000) n".into()).await;
    run("UPDATE catalogue SET version = version + 1".into()).await;
    run("VACUUM ANALYZE".into()).await;
}

async fn serve(app: App) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let routes = linli_api::routes(app, linli_api::Options::default());
    let acceptor = TcpAcceptor::from_tokio(listener).expect("a listener");
    tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));
    base
}

struct Bench {
    base: String,
    http: reqwest::Client,
    /// Persons that have ordered.
    next: AtomicUsize,
    first: Day,
}

impl Bench {
    /// Does something for the next persons, on all connections, and answers how often a second.
    async fn all<F: Future<Output = ()> + Send>(
        self: Arc<Self>,
        times: usize,
        what: impl Fn(Arc<Self>, usize) -> F + Copy + Send + Sync + 'static,
    ) -> f64 {
        let (begun, left) = (Stopwatch::now(), Arc::new(AtomicUsize::new(0)));
        let tasks = (0..CONNECTIONS).map(|_| {
            let (bench, left) = (self.clone(), left.clone());
            async move {
                while left.fetch_add(1, Ordering::Relaxed) < times {
                    let person = bench.next.fetch_add(1, Ordering::Relaxed) % (ROUNDS * 2 * ORDERS) + 1;
                    what(bench.clone(), person).await;
                }
            }
        });
        futures::future::join_all(tasks).await;
        times as f64 / begun.elapsed().as_secs_f64()
    }

    /// A resident looks at their page first, as residents do: who they are is known from then on.
    async fn look(&self, person: usize) {
        let answer = self.http.get(format!("{}/api/me", self.base)).bearer_auth(token(person)).send().await;
        assert!(answer.expect("an answer").status().is_success(), "person {person} is logged in");
    }

    async fn place(&self, person: usize, hot: bool) {
        let n = i64::try_from(person).expect("a small number");
        let (offering, start) = if hot {
            (HOT, Instant(midnight(self.first)))
        } else {
            let slot = n * 7_919 % (OFFERINGS * i64::from(DAYS) * SLOTS_A_DAY);
            let (offering, rest) = (FAR + slot % OFFERINGS, slot / OFFERINGS);
            let day = Day(self.first.0 + i32::try_from(rest / SLOTS_A_DAY).expect("a day of the week"));
            (offering, Instant(midnight(day)) + Span::minutes(rest % SLOTS_A_DAY * 5))
        };
        let answer = self
            .http
            .post(format!("{}/api/orders", self.base))
            .bearer_auth(token(person))
            .header("Idempotency-Key", format!("bench-{person}"))
            .json(&json!({ "offering_id": encode(offering), "start": start.to_string(), "if_full": "refuse" }))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap_or_default());
    }
}

/// As long as a real one.
fn token(person: usize) -> String {
    format!("{person:0>43}")
}

/// The first instant of a day in the district.
fn midnight(day: Day) -> i64 {
    (i64::from(day.0) * 24 - 8) * 3_600_000_000
}

fn by_hand(url: &str, slots: usize) -> f64 {
    let pgbench = std::env::var("LINLI_PGBENCH").unwrap_or_else(|_| "pgbench".into());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/by_hand.sql");
    let output = Command::new(pgbench)
        .args(["-n", "-M", "prepared", "-j", "2", "-f", script, "-D", &format!("slots={slots}")])
        .args(["-c", &BY_HAND.to_string(), "-T", &BY_HAND_SECONDS.to_string(), url])
        .output()
        .expect("pgbench runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let line = text.lines().find_map(|line| line.strip_prefix("tps = ")).expect("pgbench says its rate");
    line.split(' ').next().and_then(|number| number.parse().ok()).expect("a rate")
}

/// What was measured must be right as well.
async fn check(sql: &DatabaseConnection) {
    let count = async |text: &str| -> i64 {
        let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, text);
        sql.query_one_raw(statement).await.expect(text).expect("a row").try_get("", "n").expect("a number")
    };
    let taken = count("SELECT COALESCE(SUM(taken), 0)::bigint AS n FROM pools").await;
    let claimed = count("SELECT COUNT(*) AS n FROM claims WHERE pool_key IS NOT NULL").await;
    assert_eq!(taken, claimed, "what is taken is what is claimed");
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
