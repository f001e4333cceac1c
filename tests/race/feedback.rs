//! The one rating of an order, given many times at once.

use futures::future::join_all;
use linli_application::Failure;
use linli_application::feedback::NewRating;
use linli_domain::id::OrderId;
use linli_domain::rating::Side;
use serde_json::json;

use crate::harness::books::{balance, count};
use crate::harness::people::DISTRICT;
use crate::harness::{Offer, on_both};

on_both! {
    async fn one_rating_is_kept_and_one_matter_follows(world) {
        let offering = world.offer(Offer { beside: "shuiyuesi_gp_chen", days: Some(0), ..Offer::default() }, |rules| rules.closes_minutes_before = 0).await;
        let resident = world.resident().await;
        let client = world.client_of(&resident).await;
        let booking = json!({ "offering_id": offering.to_string(), "start": world.at(0, "09:30").to_string(), "if_full": "refuse" });
        let order = client.post("/api/orders", booking).await.ok();
        let path = format!("/api/desk/orders/{}", order["id"].as_str().unwrap());
        let desk = world.client_of(&world.staff(DISTRICT).await).await;
        for step in ["check-in", "call", "done"] {
            let seen = client.get(&format!("/api/orders/{}", order["id"].as_str().unwrap())).await.ok();
            desk.post(&format!("{path}/{step}"), json!({ "version": seen["version"] })).await.ok();
        }
        let id: OrderId = order["id"].as_str().unwrap().parse().unwrap();
        let rated = (0..16).map(|n| {
            let (app, actor) = (world.app.clone(), resident.clone());
            tokio::spawn(async move {
                let said = NewRating { level: 1 + n % 2, tags: Vec::new(), words: None, pictures: Vec::new() };
                app.rate(&actor, id, Side::Resident, said).await
            })
        });
        let answers: Vec<Result<_, Failure>> = join_all(rated).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        for failure in answers.into_iter().filter_map(Result::err) {
            assert_eq!(failure.refusal().code.key(), "rating_exists", "{failure}");
        }
        assert_eq!(count(&world.app, "SELECT 1 FROM ratings").await, 1);
        assert_eq!(count(&world.app, "SELECT 1 FROM matters").await, 1);

        // The same complaint, tapped many times.
        let said = json!({ "form": "complaint", "words": "电话打不通" });
        let posts = join_all((0..8).map(|_| client.post("/api/matters", said.clone()))).await;
        let ids: std::collections::BTreeSet<String> =
            posts.into_iter().map(|answer| answer.ok()["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 1);
        balance(&world.app).await;
    }
}
