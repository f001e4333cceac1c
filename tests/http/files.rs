//! Pictures over HTTP: what is taken, what is not, and who sees what.

use linli_domain::time::Span;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::order;
use crate::harness::books::{count, rows};
use crate::harness::on_both;
use crate::harness::people::{CLINIC_DESK, DISTRICT, HE, LIN};
use crate::harness::pictures::picture;
use linli_domain::id::{FileId, OrderId};

/// A PNG whose header says that it is 50,000 pixels wide and high, and that holds nothing.
fn bomb() -> Vec<u8> {
    let mut bytes = picture();
    bytes[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
    let crc = !bytes[12..29].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    });
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

on_both! {
    async fn what_is_no_picture_is_refused(world) {
        let lin = world.log_in(LIN).await;
        for (kind, bytes, status, code) in [
            ("image/png", b"<html>".to_vec(), 422, "picture_invalid"),
            ("image/jpeg", Vec::new(), 422, "picture_invalid"),
            ("image/png", bomb(), 413, "picture_too_large"),
            ("image/jpeg", vec![0xFF; 10 * 1024 * 1024 + 1], 413, "picture_too_large"),
            ("image/jpeg", vec![0xFF; 11 * 1024 * 1024], 413, "picture_too_large"),
            ("text/html", picture(), 415, "unsupported_media_type"),
            ("multipart/form-data; boundary=x", b"--x\r\nnonsense".to_vec(), 400, "malformed"),
        ] {
            lin.send_picture(kind, bytes).await.refused(status, code);
        }
        world.client().send_picture("image/png", picture()).await.refused(401, "token_missing");
        assert_eq!(count(&world.app, "SELECT id FROM files").await, 0);
    }

    async fn a_picture_is_its_owners_until_it_belongs_to_something(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let kept = lin.send_picture("application/octet-stream", picture()).await.expect(StatusCode::CREATED);
        assert_eq!((&kept["content_type"], &kept["width"], &kept["height"]), (&json!("image/jpeg"), &json!(64), &json!(40)));
        let path = kept["url"].as_str().unwrap();
        let shown = lin.get(path).await;
        assert_eq!((shown.status, &shown.headers["content-type"]), (StatusCode::OK, &"image/jpeg".parse().unwrap()));
        assert!(shown.headers["cache-control"].to_str().unwrap().starts_with("private"));
        assert_eq!(shown.headers["x-content-type-options"], "nosniff");
        he.get(path).await.refused(404, "not_found");
        world.client().get(path).await.refused(401, "token_missing");

        // At rest it is sealed.
        let at_rest = world.files.get(kept["id"].as_str().unwrap()).await.unwrap().unwrap();
        assert!(!at_rest.windows(3).any(|part| part == [0xFF, 0xD8, 0xFF]));

        let form = reqwest::multipart::Form::new().part("file", reqwest::multipart::Part::bytes(picture()).file_name("a.png"));
        let sent = lin.send(lin.request(Method::POST, "/api/files").multipart(form)).await.expect(StatusCode::CREATED);
        assert_eq!(sent["width"], 64, "as mini-programs send it");
    }

    async fn those_on_an_order_see_its_pictures(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let offering = world.offering("shuiyuesi_gp_chen").await;
        let made = lin.post("/api/orders", order(offering, world.at(1, "09:00"))).await.ok();
        let picture = lin.picture().await;
        let (order, file): (OrderId, FileId) = (made["id"].as_str().unwrap().parse().unwrap(), picture.parse().unwrap());
        let path = format!("/api/files/{picture}");
        let clinic = world.client_of(&world.staff(CLINIC_DESK).await).await;
        clinic.get(&path).await.refused(404, "not_found");
        rows(
            &world.app,
            &format!(
                "INSERT INTO order_pictures (order_id, file_id, moment, by_person, at) VALUES ({}, {}, 'request', 1, 1) \
                 RETURNING file_id",
                order.0, file.0
            ),
        )
        .await;
        for sees in [&lin, &clinic, &world.client_of(&world.staff(DISTRICT).await).await] {
            assert_eq!(sees.get(&path).await.status, StatusCode::OK);
        }
        he.get(&path).await.refused(404, "not_found");
        let (_, stranger, _) = world.worker(&["housekeeping.cleaning"], &[]).await;
        stranger.get(&path).await.refused(404, "not_found");
        // It is no paper any more, and it stays.
        lin.put("/api/work/file", json!({ "name": "演示" })).await.ok();
        let paper = json!({ "document": "identity", "file_id": picture });
        lin.post("/api/work/file/documents", paper).await.refused(422, "file_unknown");
        world.advance(Span::days(3)).await;
        world.work().await;
        assert_eq!(lin.get(&path).await.status, StatusCode::OK);
    }

    async fn what_belongs_to_nothing_is_gone_after_a_day(world) {
        let lin = world.log_in(LIN).await;
        let picture = lin.picture().await;
        world.advance(Span::hours(23)).await;
        world.work().await;
        assert_eq!(lin.get(&format!("/api/files/{picture}")).await.status, StatusCode::OK);
        world.advance(Span::hours(2)).await;
        world.work().await;
        lin.get(&format!("/api/files/{picture}")).await.refused(404, "not_found");
        assert_eq!(world.files.get(&picture).await.unwrap(), None);
    }
}
