//! A worker calls for help.

use reqwest::StatusCode;
use serde_json::json;

use super::{CLEANER, REPAIRER, accepted};
use crate::harness::books::count;
use crate::harness::on_both;
use crate::harness::people::{CLINIC_DESK, DISTRICT};

on_both! {
    async fn a_call_for_help_reaches_staff_at_once(world) {
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        let district = world.client_of(&world.staff(DISTRICT).await).await;
        let body = json!({ "order_id": job.order.to_string(), "point": { "lat": 38.3246, "lon": 116.8479 }, "words": "被反锁在屋里" });
        let heard = job.worker.post("/api/work/help", body.clone()).await.expect(StatusCode::CREATED);
        // Before any job has run, it is there: live, in the inbox, on the list.
        let live = district.get("/api/live/events?after=0").await.ok();
        assert!(live["items"].as_array().unwrap().iter().any(|one| one["event"] == "help" && one["payload"]["state"] == "open"));
        let list = district.get("/api/desk/help").await.ok();
        assert_eq!((&list["items"][0]["id"], &list["items"][0]["words"]), (&heard["id"], &json!("被反锁在屋里")));
        assert_eq!(list["items"][0]["phone"], json!(null), "no numbers in lists");
        world.work().await;
        let texts = count(&world.app, "SELECT 1 FROM jobs WHERE kind = 'sms.send' AND payload LIKE '%help.called%'").await;
        assert!(texts > 0, "staff are texted");
        // Pressed twice it is one call.
        let again = job.worker.post("/api/work/help", body).await.expect(StatusCode::CREATED);
        assert_eq!(again["id"], heard["id"]);
        // The resident reads nothing of it.
        assert!(!job.events(world).await.iter().any(|event| event.contains("help")));
        assert!(!job.resident.get("/api/notices?limit=100").await.ok().to_string().contains("help"));
        assert!(!job.resident.get("/api/live/events?after=0").await.ok().to_string().contains("help"));

        let path = format!("/api/desk/help/{}", heard["id"].as_str().unwrap());
        let clinic = world.client_of(&world.staff(CLINIC_DESK).await).await;
        clinic.post(&format!("{path}/take"), json!({})).await.refused(404, "not_found");
        assert_eq!(clinic.get("/api/desk/help").await.ok()["items"], json!([]));
        job.resident.get("/api/desk/help").await.refused(403, "role_missing");
        let taken = district.post(&format!("{path}/take"), json!({})).await.ok();
        assert_eq!(taken["phone"], CLEANER, "whoever takes it on calls them");
        let street = world.client_of(&world.staff(crate::harness::people::STREET).await).await;
        street.post(&format!("{path}/take"), json!({})).await.refused(409, "help_taken");
        district.post(&format!("{path}/close"), json!({ "outcome": "" })).await.refused(422, "text_empty");
        district.post(&format!("{path}/close"), json!({ "outcome": "已开门，人没事" })).await.expect(StatusCode::NO_CONTENT);
        district.post(&format!("{path}/close"), json!({ "outcome": "再次" })).await.refused(409, "help_taken");
        assert_eq!(district.get("/api/desk/help").await.ok()["items"], json!([]));
        let told = job.worker.get("/api/live/events?after=0").await.ok().to_string();
        assert!(told.contains("\"taken\"") && told.contains("\"closed\""), "the worker sees that somebody is on it");
    }

    async fn help_without_a_job_and_from_strangers(world) {
        let worker = world.client_of(&world.staff(REPAIRER).await).await;
        worker.post("/api/work/help", json!({})).await.expect(StatusCode::CREATED);
        let job = accepted(world, "housekeeping.cleaning", CLEANER).await;
        worker.post("/api/work/help", json!({ "order_id": job.order.to_string() })).await.expect(StatusCode::CREATED);
        world.advance(linli_domain::time::Span::minutes(3)).await;
        worker.post("/api/work/help", json!({ "order_id": job.order.to_string() })).await.refused(404, "not_found");
        job.resident.post("/api/work/help", json!({})).await.refused(404, "not_found");
    }
}
