//! Nobody is found in time: whoever waits and whoever is responsible hear of it, and what to do next is said.

use linli_domain::id::OrderId;
use linli_domain::time::Span;
use serde_json::{Value, json};

use super::super::inbox;
use super::{accept, listed};
use crate::harness::books::balance;
use crate::harness::crew::{Crew, DOOR, at_once};
use crate::harness::people::{CLINIC_DESK, COMMUNITY, LIN, STREET};
use crate::harness::reports::HERE;
use crate::harness::{Client, World, on_both};

/// The demo's cleaners: one behind the door, one across the town on foot.
const CLEANERS: [&str; 2] = ["19900000021", "19900000022"];
/// Too far for a quarter of an hour on foot, near enough for three.
const FARTHER: (f64, f64) = (38.3101, 116.8445);

/// How often somebody has heard that nobody was found.
async fn heard(client: &Client) -> usize {
    inbox(client).await.iter().filter(|topic| *topic == "visit.nobody_found").count()
}

/// Lets so many minutes pass, up to the one in which people are told that nobody was found.
async fn until_nobody(world: &World, resident: &Client, order: OrderId, minutes: &[i64]) {
    world.work().await;
    for wait in minutes {
        world.advance(Span::minutes(wait - 1)).await;
        world.work().await;
        assert_eq!(visit(resident, order).await["nobody"], false, "there is still time");
        world.advance(Span::minutes(1)).await;
        world.work().await;
    }
    assert_eq!(visit(resident, order).await["nobody"], true);
}

async fn visit(resident: &Client, order: OrderId) -> Value {
    resident.get(&format!("/api/orders/{order}")).await.ok()["visit"].clone()
}

on_both! {
    async fn nobody_in_time_is_told_to_both_sides_with_a_next_step(world) {
        world.off_duty(&CLEANERS).await;
        let far = Crew { travel: linli_domain::geo::Travel::Foot, home: FARTHER, ..Crew::default() };
        let hand = world.crew(1, far).await.remove(0);
        let lin = world.as_phone(LIN).await;
        let wish = at_once("housekeeping.cleaning", DOOR, json!({}));
        let shown = lin.post("/api/visits/preview", wish.clone()).await.ok();
        assert_eq!(shown["nearby"], 0, "it is said before: {shown}");
        let (order, _) = lin.asks(wish).await;
        // Twenty minutes by offers, twenty by the board.
        until_nobody(world, &lin, order, &[20, 20]).await;
        assert_eq!(visit(&lin, order).await["next_step"]["key"], "widen");
        assert_eq!(heard(&lin).await, 1, "the resident");
        let (community, clinic) = (world.as_phone(COMMUNITY).await, world.as_phone(CLINIC_DESK).await);
        assert_eq!(heard(&community).await, 1, "the staff of the community");
        assert_eq!((heard(&clinic).await, heard(&world.as_phone(STREET).await).await), (0, 0), "and nobody else");
        assert!(listed(&community, "unmatched", order).await && !listed(&clinic, "unmatched", order).await);
        // It goes on quietly, without telling it again and again.
        for _ in 0..3 {
            world.advance(Span::minutes(2)).await;
            world.work().await;
        }
        assert_eq!((heard(&lin).await, heard(&community).await), (1, 1));

        // She agrees to somebody from farther away, who is asked at once and comes.
        lin.post(&format!("/api/visits/{order}/widen"), json!({})).await.ok();
        assert_eq!(visit(&lin, order).await.get("next_step"), None);
        world.work().await;
        let worker = world.client_of(&hand.actor).await;
        accept(&worker, order).await;
        assert_eq!(visit(&lin, order).await["nobody"], false);
        assert!(!listed(&community, "unmatched", order).await);
        balance(&world.app).await;
    }

    async fn somebody_comes_on_duty_and_is_asked_although_nobody_was_found(world) {
        world.off_duty(&CLEANERS).await;
        let lin = world.as_phone(LIN).await;
        let (order, _) = lin.asks(at_once("housekeeping.haircut", DOOR, json!({}))).await;
        until_nobody(world, &lin, order, &[20]).await;
        let hand = world.crew(1, Crew { kind: "housekeeping.haircut", ..Crew::default() }).await.remove(0);
        world.advance(Span::minutes(2)).await;
        world.work().await;
        accept(&world.client_of(&hand.actor).await, order).await;
        assert_eq!(visit(&lin, order).await["state"], "accepted");
        balance(&world.app).await;
    }

    async fn with_everybody_asked_another_time_is_proposed_and_its_end_is_said(world) {
        world.off_duty(&CLEANERS).await;
        let lin = world.as_phone(LIN).await;
        let mut wish = at_once("housekeeping.haircut", DOOR, json!({}));
        wish["wider"] = json!(true);
        let (order, _) = lin.asks(wish).await;
        until_nobody(world, &lin, order, &[20]).await;
        assert_eq!(visit(&lin, order).await["next_step"]["key"], "later");
        // She chooses this evening; nobody comes then either, and the community is there to ask.
        let evening = json!({ "from": world.at(0, "18:00").to_string(), "until": world.at(0, "20:00").to_string() });
        lin.post(&format!("/api/visits/{order}/later"), evening).await.ok();
        until_nobody(world, &lin, order, &[20]).await;
        assert_eq!(visit(&lin, order).await["next_step"]["key"], "call");
        // When its time is over it is over, and she hears that too.
        world.advance(world.at(0, "20:01") - world.app.now()).await;
        world.work().await;
        world.work().await;
        assert_eq!(lin.get(&format!("/api/orders/{order}")).await.ok()["state"], "expired");
        assert!(inbox(&lin).await.iter().any(|topic| topic == "order.expired"));
        balance(&world.app).await;
    }

    async fn what_the_community_does_not_send_anybody_to_is_told_as_well(world) {
        let lin = world.as_phone(LIN).await;
        let (order, _) = lin.asks(at_once("security.patrol", HERE, json!({ "why": "车棚有陌生人" }))).await;
        world.work().await;
        world.advance(Span::hours(12)).await;
        world.work().await;
        let lin = world.as_phone(LIN).await;
        assert_eq!(visit(&lin, order).await["nobody"], true);
        let community = world.as_phone(COMMUNITY).await;
        assert_eq!((heard(&lin).await, heard(&community).await), (1, 1));
        assert!(listed(&community, "unmatched", order).await);
    }
}
