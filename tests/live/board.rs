//! Whoever suits hears that there is something new on the board.

use serde_json::json;

use super::socket::Socket;
use super::{somebody, tell};
use crate::harness::crew::at_once;
use crate::harness::on_both;
use crate::harness::people::{HE, LIN};

/// Who runs errands in the demo: on an e-bike, and on foot.
const RUNNER: &str = "19900000026";
const VOLUNTEER: &str = "19900000032";

on_both! {
    async fn a_job_on_the_board_is_heard_of_at_first_and_when_it_comes_back(world) {
        let (runner, _) = somebody(world, RUNNER).await;
        let (volunteer, _) = somebody(world, VOLUNTEER).await;
        let (he, _) = somebody(world, HE).await;
        let (lin, person) = somebody(world, LIN).await;
        let (mut socket, _) = Socket::open(&runner, "").await;
        let (mut other, _) = Socket::open(&lin, "").await;
        let (order, _) = he.asks(at_once("eldercare.errands", (38.3224, 116.8507), json!({ "list": "取药" }))).await;
        world.work().await;
        let news = socket.news().await;
        assert_eq!((&news["event"], &news["payload"]["order_id"]), (&json!("board.changed"), &json!(order.to_string())));
        assert_eq!(news.get("number"), None, "a hint that is not kept: {news}");
        volunteer.post(&format!("/api/work/board/{order}/accept"), json!({})).await.ok();
        volunteer.post(&format!("/api/work/jobs/{order}/give-back"), json!({ "reason": "临时有事" })).await.ok();
        world.work().await;
        assert_eq!(socket.news().await["event"], "board.changed");
        // Nobody else hears of it.
        tell(&world.app, &[person], false).await.unwrap();
        assert_ne!(other.news().await["event"], "board.changed");
    }
}
