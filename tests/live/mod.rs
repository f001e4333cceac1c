//! What is heard while it happens, over real sockets: in order, whole, and by those alone whom it is for.

mod board;
mod socket;
mod storm;
mod trouble;

use std::time::Duration;

use futures::FutureExt;
use linli_application::live::{self, Tell};
use linli_application::{App, Failure};
use linli_domain::id::PersonId;
use linli_domain::refusal::Code;
use linli_domain::time::Span;
use reqwest::StatusCode;
use serde_json::json;

use self::socket::{Socket, request};
use crate::chaos::until;
use crate::harness::people::{HE, LIN};
use crate::harness::{Client, World, on_both};

/// Tells these people, one after the other, each something with its place in the row; in one transaction, which fails
/// when it is told to.
async fn tell(app: &App, people: &[PersonId], fail: bool) -> Result<(), Failure> {
    let this = app.clone();
    let tells = people.iter().enumerate().map(|(n, person)| Tell {
        person: *person,
        event: "offer.made",
        payload: json!({ "n": n }),
    });
    let tells: Vec<Tell> = tells.collect();
    app.store
        .write(move |tx| {
            async move {
                live::tell(&this, tx, this.now(), tells).await?;
                if fail { Err(Code::Internal.into()) } else { Ok(()) }
            }
            .boxed()
        })
        .await
}

/// Somebody logged in, and who they are.
async fn somebody(world: &World, phone: &str) -> (Client, PersonId) {
    (world.log_in(phone).await, world.staff(phone).await.person)
}

on_both! {
    async fn what_was_missed_is_heard_on_coming_back(world) {
        let (lin, person) = somebody(world, LIN).await;
        let he = world.staff(HE).await.person;
        let (mut socket, last) = Socket::open(&lin, "").await;
        assert_eq!((last, socket.protocol.as_deref()), (0, Some("linli")));
        tell(&world.app, &[person, he, person], false).await.unwrap();
        let first = socket.news().await;
        assert_eq!((&first["number"], &first["event"], &first["payload"]), (&json!(1), &json!("offer.made"), &json!({ "n": 0 })));
        assert_eq!(first["at"], world.app.now().to_string());
        assert_eq!(socket.news().await["payload"], json!({ "n": 2 }), "what others are told is not heard");

        // What did not come to be is told to nobody, and leaves no hole.
        tell(&world.app, &[person], true).await.unwrap_err();
        tell(&world.app, &[person], false).await.unwrap();
        assert_eq!(socket.numbers(1).await, [3]);

        drop(socket);
        tell(&world.app, &[person; 250], false).await.unwrap();
        let (mut socket, last) = Socket::open(&lin, "?after=3").await;
        assert_eq!(last, 3);
        assert_eq!(socket.numbers(250).await, (4..=253).collect::<Vec<_>>());
        socket.say(&json!({ "after": 250 })).await;
        assert_eq!(socket.numbers(3).await, [251, 252, 253]);
        let (_, begins) = Socket::open(&lin, "").await;
        assert_eq!(begins, 253, "whoever begins hears what happens from now on");
    }

    async fn only_those_who_may_listen(world) {
        let (lin, _) = somebody(world, LIN).await;
        let refused = async |query: &str, headers: &[(&'static str, &str)]| {
            Socket::try_open(request(&lin, query, headers)).await.err().unwrap_or_default()
        };
        let bearer = format!("bearer.{}", lin.token());
        assert_eq!(refused("", &[]).await, (401, "token_missing".into()));
        assert_eq!(refused("", &[("sec-websocket-protocol", "bearer.abc")]).await, (401, "token_invalid".into()));
        let foreign = [("sec-websocket-protocol", bearer.as_str()), ("origin", "https://evil.example")];
        assert_eq!(refused("", &foreign).await, (403, "origin_foreign".into()));
        lin.get("/api/live").await.refused(400, "socket_expected");
        let own = [("sec-websocket-protocol", bearer.as_str()), ("origin", "http://127.0.0.1:5173")];
        let socket = Socket::try_open(request(&lin, "", &own)).await.unwrap();
        assert_eq!(socket.protocol.as_ref(), Some(&bearer), "one of the protocols that were offered");

        world.client().post("/api/live/ticket", json!({})).await.refused(401, "token_missing");
        let ticket = async || {
            let made = lin.post("/api/live/ticket", json!({})).await.expect(StatusCode::CREATED);
            format!("?ticket={}", made["ticket"].as_str().unwrap())
        };
        let good = ticket().await;
        Socket::try_open(request(&world.client(), &good, &[])).await.unwrap();
        assert_eq!(refused(&good, &[]).await, (401, "token_invalid".into()), "good once");
        let old = ticket().await;
        world.advance(Span::seconds(60)).await;
        assert_eq!(refused(&old, &[]).await, (401, "token_invalid".into()), "good for a minute");
        let ended = ticket().await;
        lin.post("/api/logout", json!({})).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(refused(&ended, &[]).await, (401, "token_invalid".into()), "no better than its login");
    }

    async fn a_login_that_ends_hears_nothing_more(world) {
        let (lin, person) = somebody(world, LIN).await;
        let other = world.client_of(&world.staff(LIN).await).await;
        let (mut here, _) = Socket::open(&lin, "").await;
        let (mut there, _) = Socket::open(&other, "").await;
        lin.post("/api/logout", json!({})).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(here.ended().await, Some(4001));
        tell(&world.app, &[person], false).await.unwrap();
        assert_eq!(there.numbers(1).await, [1], "the other login stands");
    }

    async fn a_person_listens_ten_times_and_no_more(world) {
        let (lin, _) = somebody(world, LIN).await;
        let mut sockets = Vec::new();
        for _ in 0..10 {
            sockets.push(Socket::open(&lin, "").await.0);
        }
        let bearer = format!("bearer.{}", lin.token());
        let one_more = async || Socket::try_open(request(&lin, "", &[("sec-websocket-protocol", &bearer)])).await.err();
        assert_eq!(one_more().await, Some((429, "live_full".into())));
        lin.get("/api/live/events?after=0").await.refused(429, "live_full");
        Socket::open(&world.log_in(HE).await, "").await;
        sockets.pop();
        until("a place is given back", async || one_more().await.is_none()).await;
    }

    async fn whoever_says_something_else_is_not_listened_to(world) {
        let lin = world.log_in(LIN).await;
        for odd in [json!({ "after": -1 }), json!({ "after": 1, "before": 2 }), json!("hello"), json!({ "after": "x".repeat(2_000) })] {
            let (mut socket, _) = Socket::open(&lin, "").await;
            socket.say(&odd).await;
            let code = socket.ended().await;
            assert!(code == Some(4000) || odd.to_string().len() > 1024, "{odd}: {code:?}");
        }
        lin.get("/api/live/events?after=-1").await.refused(400, "malformed");
        lin.get("/api/live/events?after=0&wait=26").await.refused(400, "malformed");
    }

    async fn a_position_is_heard_now_or_never(world) {
        let (lin, person) = somebody(world, LIN).await;
        let (mut socket, _) = Socket::open(&lin, "").await;
        let place = json!({ "order_id": "0000000000001", "point": { "lat": 38.3, "lon": 116.86 } });
        live::pass_on(&world.app, &[person], "position", &place).await;
        let heard = socket.news().await;
        assert_eq!((&heard["event"], &heard["payload"]), (&json!("position"), &place));
        assert!(heard.get("number").is_none() && heard["at"].is_string(), "{heard}");
        tell(&world.app, &[person], false).await.unwrap();
        let (_, last) = Socket::open(&lin, "").await;
        assert_eq!((socket.numbers(1).await, last), (vec![1], 1), "it takes no number");
    }

    async fn asking_and_waiting_does_as_well(world) {
        let (lin, person) = somebody(world, LIN).await;
        let begin = lin.get("/api/live/events").await.ok();
        assert_eq!(begin, json!({ "items": [], "last": 0 }));
        assert_eq!(lin.get("/api/live/events?after=0").await.ok(), json!({ "items": [], "last": 0 }), "no wait");
        let waits = tokio::spawn({
            let lin = lin.clone();
            async move { lin.get("/api/live/events?after=0&wait=25").await.ok() }
        });
        until("they wait", async || waits.is_finished() || lin.get("/api/live/events?after=0").await.status == 200).await;
        tell(&world.app, &[person, person], false).await.unwrap();
        let heard = tokio::time::timeout(Duration::from_secs(20), waits).await.expect("answered before its time").unwrap();
        assert_eq!((&heard["last"], &heard["items"][1]["number"]), (&json!(2), &json!(2)));
        assert_eq!(lin.get("/api/live/events?after=1").await.ok()["items"].as_array().unwrap().len(), 1);

        // A day later it is forgotten: whoever comes back then reads everything anew.
        world.advance(Span::hours(24)).await;
        tell(&world.app, &[person], false).await.unwrap();
        world.advance(Span::minutes(30)).await;
        let lin = world.log_in(LIN).await;
        assert_eq!(live::forget(&world.app).await.unwrap(), 2);
        assert_eq!(lin.get("/api/live/events?after=1").await.ok(), json!({ "items": [], "last": 3, "reset": true }));
        assert_eq!(lin.get("/api/live/events?after=2").await.ok()["items"][0]["number"], 3, "nothing is missing");
        let (mut socket, _) = Socket::open(&lin, "?after=1").await;
        assert_eq!(socket.news().await, json!({ "reset": true, "last": 3 }));
        tell(&world.app, &[person], false).await.unwrap();
        assert_eq!(socket.numbers(1).await, [4]);
    }

    async fn orders_and_notices_are_heard(world) {
        let (lin, _) = somebody(world, LIN).await;
        let (mut socket, _) = Socket::open(&lin, "").await;
        let chen = world.offering("shuiyuesi_gp_chen").await;
        let body = json!({ "offering_id": chen.to_string(), "start": world.at(1, "09:30").to_string(), "if_full": "refuse" });
        let order = lin.post("/api/orders", body).await.expect(StatusCode::CREATED);
        world.work().await;
        let heard = socket.news().await;
        assert_eq!((&heard["event"], &heard["payload"]["order_id"]), (&json!("notice"), &order["id"]));
        let inbox = lin.get("/api/notices").await.ok();
        assert_eq!((&heard["payload"]["notice_id"], &heard["payload"]["topic"]), (&inbox["items"][0]["id"], &inbox["items"][0]["topic"]));

        let path = format!("/api/orders/{}/cancel", order["id"].as_str().unwrap());
        lin.post(&path, json!({ "version": 1 })).await.ok();
        let heard = socket.news().await;
        assert_eq!(heard["event"], "order.changed");
        assert_eq!(heard["payload"], json!({ "order_id": order["id"], "version": 2, "state": "cancelled" }));
    }
}
