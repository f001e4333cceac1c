//! An errand from the board: whoever suits sees it, the first to accept has it.

use serde_json::json;

use super::super::on_the_way::{Job, paid};
use super::on_board;
use crate::harness::books::{balance, count};
use crate::harness::crew::at_once;
use crate::harness::on_both;
use crate::harness::people::{HE, LIN};

/// Who runs errands in the demo: on an e-bike, and on foot.
const RUNNER: &str = "19900000026";
const VOLUNTEER: &str = "19900000032";
/// A cleaner, who does not.
const CLEANER: &str = "19900000021";
/// Within a quarter of an hour of both.
const MARKET: (f64, f64) = (38.3224, 116.8507);

on_both! {
    async fn an_errand_is_taken_from_the_board(world) {
        let (runner, volunteer) = (world.as_phone(RUNNER).await, world.as_phone(VOLUNTEER).await);
        let form = json!({ "list": "两斤鸡蛋，一袋面粉" });
        let lin = world.as_phone(LIN).await;
        lin.post("/api/visits", at_once("eldercare.errands", MARKET, form.clone())).await.refused(422, "too_young");
        let he = world.as_phone(HE).await;
        let (order, made) = he.asks(at_once("eldercare.errands", MARKET, form)).await;
        assert_eq!((&made["visit"]["way"], &made["price_fen"]), (&json!("board"), &json!(500)));
        world.work().await;

        // Those who suit see what is wanted and roughly where; nobody is asked, and nobody else sees it.
        assert_eq!(count(&world.app, "SELECT 1 FROM offers").await, 0);
        for worker in [&runner, &volunteer] {
            let board = worker.get("/api/work/board").await.ok();
            let one = &board["items"][0];
            assert_eq!((&one["order_id"], &one["price_fen"]), (&json!(order.to_string()), &json!(500)), "{board}");
            assert!(board.to_string().contains("一袋面粉") && !board.to_string().contains("101"), "{board}");
        }
        let cleaner = world.as_phone(CLEANER).await;
        assert!(!on_board(&cleaner, order).await);
        cleaner.post(&format!("/api/work/board/{order}/accept"), json!({})).await.refused(409, "service_not_yours");
        he.post(&format!("/api/work/board/{order}/accept"), json!({})).await.refused(403, "worker_only");

        // The volunteer was first.
        let path = format!("/api/work/board/{order}/accept");
        volunteer.post(&path, json!({})).await.ok();
        let no = runner.post(&path, json!({})).await.refused(409, "visit_gone");
        assert!(no["detail"].as_str().unwrap().contains("Nothing is lost for you"), "{no}");
        assert!(!on_board(&runner, order).await);
        let job = Job { resident: he, worker: volunteer, order };
        job.through(world, 20).await;
        assert_eq!(paid(world, order).await, 500, "what was shown is paid");
        assert_eq!(job.agreed().await["state"], "closed");
        assert_eq!(job.events(world).await, ["requested", "assigned", "on_the_way", "arrived", "started", "fulfilled", "agreed"]);
        balance(&world.app).await;
    }

    async fn a_job_given_back_hangs_on_the_board_again(world) {
        let (runner, volunteer) = (world.as_phone(RUNNER).await, world.as_phone(VOLUNTEER).await);
        let he = world.as_phone(HE).await;
        let (order, _) = he.asks(at_once("eldercare.errands", MARKET, json!({ "list": "取药" }))).await;
        world.work().await;
        let path = format!("/api/work/board/{order}/accept");
        volunteer.post(&path, json!({})).await.ok();
        assert!(!on_board(&runner, order).await);
        volunteer.post(&format!("/api/work/jobs/{order}/give-back"), json!({ "reason": "临时有事" })).await.ok();
        world.work().await;
        assert!(on_board(&runner, order).await && on_board(&volunteer, order).await);
        runner.post(&path, json!({})).await.ok();
        assert_eq!(he.get(&format!("/api/orders/{order}")).await.ok()["visit"]["state"], "accepted");
        balance(&world.app).await;
    }
}
