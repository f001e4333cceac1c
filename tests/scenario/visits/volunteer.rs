//! A volunteer by batch: all open visits and all who are free together, so that most are visited.

use linli_domain::geo::Travel;
use linli_domain::time::Span;
use serde_json::json;

use super::super::on_the_way::{Job, paid};
use super::{accept, decline};
use crate::harness::books::{balance, count};
use crate::harness::crew::{Crew, DOOR, at_once};
use crate::harness::on_both;

const KIND: &str = "eldercare.comfort_visit";
/// Volunteers of the demo.
const VOLUNTEERS: [&str; 2] = ["19900000032", "19900000033"];
/// Too far on foot from [`DOOR`], near by e-bike.
const ACROSS: (f64, f64) = (38.3103, 116.8445);

on_both! {
    async fn two_are_visited_where_the_nearest_first_would_leave_one_alone(world) {
        world.off_duty(&VOLUNTEERS).await;
        // Whoever has the e-bike is nearest to both doors; whoever walks reaches one only. One visit a day is enough for each.
        let rides = world.crew(1, Crew { kind: KIND, max_open: 1, ..Crew::default() }).await.remove(0);
        let near = (38.3239, 116.8484);
        let walks = world.crew(1, Crew { kind: KIND, travel: Travel::Foot, home: near, ..Crew::default() }).await.remove(0);
        let elders = world.residents_born(2, "1950-05-05").await;
        let [here, there] = [world.client_of(&elders[0]).await, world.client_of(&elders[1]).await];
        let (at_hand, made) = here.asks(at_once(KIND, DOOR, json!({}))).await;
        let (across, _) = there.asks(at_once(KIND, ACROSS, json!({}))).await;
        assert_eq!(made["visit"]["way"], "batch");
        assert_eq!(count(&world.app, "SELECT 1 FROM offers").await, 0, "not one by one");
        world.work().await;
        let [rider, walker] = [world.client_of(&rides.actor).await, world.client_of(&walks.actor).await];
        assert!(rider.offer_of(across).await.is_some() && walker.offer_of(at_hand).await.is_some(), "each door has somebody");
        assert_eq!(count(&world.app, "SELECT 1 FROM offers").await, 2, "and nobody is asked for two");

        // A no leads to the next batch; whoever has said no is left in peace.
        decline(&walker, at_hand, None).await;
        accept(&rider, across).await;
        world.advance(Span::seconds(10)).await;
        world.work().await;
        assert!(walker.offer_of(at_hand).await.is_none());
        let third = world.crew(1, Crew { kind: KIND, home: near, ..Crew::default() }).await.remove(0);
        world.advance(Span::seconds(10)).await;
        world.work().await;
        let third = world.client_of(&third.actor).await;
        accept(&third, at_hand).await;
        let job = Job { resident: here, worker: third, order: at_hand };
        job.through(world, 60).await;
        assert_eq!((job.agreed().await["state"].as_str(), paid(world, at_hand).await), (Some("closed"), 0));
        let events = ["requested", "assigned", "on_the_way", "arrived", "started", "fulfilled", "agreed"];
        assert_eq!(job.events(world).await, events);
        balance(&world.app).await;
    }
}
