//! An organisation runs itself: what it offers, by which rules, when, where, and who works for it.

use linli_domain::claim::PoolKey;
use linli_store::scarcity;
use serde_json::{Value, json};

use super::{book, booking, look, step};
use crate::harness::books::{balance, count};
use crate::harness::people::{CLINIC_DESK, COMMUNITY, HE, LIN, MANAGER};
use crate::harness::{Client, World, on_both};

/// The clinic of the demo: its id, and that of one of its places.
async fn clinic(world: &World) -> (String, String) {
    let catalogue = world.app.catalogue().await.unwrap();
    let clinic = catalogue.organisations.values().find(|one| one.key == "shuiyuesi").unwrap();
    let place = catalogue.places.values().find(|place| place.area.is_within(&clinic.area)).unwrap();
    (clinic.id.to_string(), place.id.to_string())
}

/// Puts something of the clinic on offer from today on.
async fn offer(world: &World, manager: &Client, rules: Value) -> Value {
    offer_kind(world, manager, "property.advice", rules).await
}

async fn offer_kind(world: &World, manager: &Client, kind: &str, rules: Value) -> Value {
    let (organisation, place) = clinic(world).await;
    let body = json!({
        "kind": kind, "organisation_id": organisation, "place_id": place,
        "note": { "zh": "请提前十分钟到" }, "rules": rules, "valid_from": world.day(0).to_string(),
    });
    manager.post("/api/manage/offerings", body).await.ok()
}

fn week(world: &World, days: i32, from: &str, to: &str) -> Value {
    json!({
        "valid_from": world.day(days).to_string(),
        "lines": [{ "weekdays": [1, 2, 3, 4, 5, 6, 7], "from": from, "to": to, "slot_minutes": 30, "capacity": 2 }],
    })
}

fn path(offering: &Value, rest: &str) -> String {
    format!("/api/manage/offerings/{}{rest}", offering["offering"]["id"].as_str().unwrap())
}

async fn audited(world: &World, action: &str) -> usize {
    count(&world.app, &format!("SELECT 1 FROM audit WHERE action = '{action}'")).await
}

on_both! {
    async fn something_new_is_put_on_offer_given_hours_and_booked(world) {
        let manager = world.log_in(MANAGER).await;
        let mine = manager.get("/api/manage/organisations").await.ok();
        assert_eq!(mine["items"].as_array().unwrap().len(), 1, "their own and no other");
        let made = offer(world, &manager, json!({ "price_fen": 0, "capacity": 2 })).await;
        assert_eq!((&made["version"], &made["versions"][0]["version"]), (&json!(1), &json!(1)));
        assert_eq!(made["offering"]["note"]["en"], "请提前十分钟到", "the Chinese stands for the English");
        let id = made["offering"]["id"].as_str().unwrap().parse().unwrap();

        let with_week = manager.put(&path(&made, "/schedule"), week(world, 0, "09:00", "12:00")).await.ok();
        assert_eq!(with_week["schedule"][0]["weekdays"], json!([1, 2, 3, 4, 5, 6, 7]));
        assert_eq!(with_week["version"], 2);
        let lin = world.log_in(LIN).await;
        let order = book(&lin, id, world.at(1, "09:00")).await;
        assert_eq!(order["state"], "confirmed");
        // Whoever saw an older version is told so.
        let mut late = week(world, 0, "09:00", "11:00");
        late["version"] = json!(1);
        manager.put(&path(&made, "/schedule"), late).await.refused(409, "stale_version");
        assert_eq!((audited(world, "offering.created").await, audited(world, "offering.hours_set").await), (1, 1));
        let listed = manager.get(&format!("/api/manage/offerings?organisation={}", clinic(world).await.0)).await.ok();
        let items = listed["items"].as_array().unwrap();
        assert!(items.iter().any(|one| one["offering"]["id"] == made["offering"]["id"] && one["ended"] == false));
    }

    async fn rules_stay_within_the_platform_and_a_new_price_leaves_standing_orders(world) {
        let manager = world.log_in(MANAGER).await;
        let offering = offer_kind(world, &manager, "medical.general_practice", json!({ "price_fen": 1000 })).await;
        let id = offering["offering"]["id"].as_str().unwrap().parse().unwrap();
        manager.put(&path(&offering, "/schedule"), week(world, 0, "09:00", "12:00")).await.ok();
        let lin = world.log_in(LIN).await;
        let before = book(&lin, id, world.at(3, "09:00")).await;

        let most = offering["bounds"]["capacity"]["max"].as_i64().unwrap();
        let ask = |rules: Value, days| json!({ "rules": rules, "valid_from": world.day(days).to_string() });
        let refused = manager.post(&path(&offering, "/versions"), ask(json!({ "capacity": most + 1 }), 2)).await
            .refused(422, "rules_out_of_bounds");
        assert_eq!(refused["field"], "capacity");
        assert!(refused["detail"].as_str().unwrap().contains(&most.to_string()), "{refused}");
        manager.post(&path(&offering, "/versions"), ask(json!({}), -1)).await.refused(422, "date_invalid");
        manager.post(&path(&offering, "/versions"), ask(json!({ "cancel_until": { "at": "10:00" } }), 1)).await
            .refused(422, "value_invalid");

        // Later places cost more; whoever has booked pays what they booked for.
        let dear = offering["bounds"]["price_fen"]["max"].as_i64().unwrap() + 1;
        manager.post(&path(&offering, "/versions"), ask(json!({ "price_fen": dear }), 2)).await
            .refused(422, "rules_out_of_bounds");
        let free = offer(world, &manager, json!({})).await;
        manager.post(&path(&free, "/versions"), ask(json!({ "price_fen": 100 }), 2)).await.refused(422, "kind_is_free");
        let change = json!({ "price_fen": 2500, "line": true, "max_line": 3 });
        let preview = manager.post(&path(&offering, "/versions/preview"), ask(change.clone(), 2)).await.ok();
        assert_eq!((&preview["standing_orders"], &preview["rules"]["max_line"]), (&json!(1), &json!(3)));
        let set = manager.post(&path(&offering, "/versions"), ask(change, 2)).await.ok();
        let versions = set["versions"].as_array().unwrap();
        assert_eq!(versions.len(), 2);
        assert_eq!((&versions[0]["valid_until"], &versions[0]["orders"]), (&json!(world.day(2).to_string()), &json!(1)));
        assert!(versions[1]["author_name"].as_str().unwrap().starts_with("演示工作人员"));
        let after = look(&lin, &before).await;
        assert_eq!((&after["price_fen"], &after["version"]), (&json!(1000), &before["version"]));
        let he = world.log_in(HE).await;
        assert_eq!(book(&he, id, world.at(3, "10:00")).await["price_fen"], 2500);
        let of = format!("SELECT 1 FROM orders WHERE offering_id = {} AND offering_version = ", linli_domain::id::decode(offering["offering"]["id"].as_str().unwrap()).unwrap());
        assert_eq!((count(&world.app, &format!("{of}1")).await, count(&world.app, &format!("{of}2")).await), (1, 1));
        assert_eq!(audited(world, "offering.rules_set").await, 1);
    }

    async fn an_offering_closes_only_when_nobody_is_left(world) {
        let manager = world.log_in(MANAGER).await;
        let offering = offer(world, &manager, json!({})).await;
        let id = offering["offering"]["id"].as_str().unwrap().parse().unwrap();
        manager.put(&path(&offering, "/schedule"), week(world, 0, "09:00", "12:00")).await.ok();
        let lin = world.log_in(LIN).await;
        let order = book(&lin, id, world.at(3, "09:00")).await;
        let close = |days| json!({ "from": world.day(days).to_string() });
        let refused = manager.post(&path(&offering, "/close"), close(3)).await.refused(409, "offering_orders_stand");
        assert!(refused["detail"].as_str().unwrap().starts_with("1 residents"), "{refused}");
        manager.post(&path(&offering, "/close"), close(4)).await.ok();
        lin.post("/api/orders", booking(id, world.at(4, "09:00"), "refuse")).await.refused(409, "offering_closed");
        step(&lin, &order, "cancel").await;
        // New rules do not open again what is to close; from the end on they do.
        let rules = |days| json!({ "rules": { "capacity": 3 }, "valid_from": world.day(days).to_string() });
        let set = manager.post(&path(&offering, "/versions"), rules(1)).await.ok();
        assert_eq!(set["versions"][1]["valid_until"], world.day(4).to_string());
        let set = manager.post(&path(&offering, "/versions"), rules(5)).await.ok();
        assert!(set["versions"][2].get("valid_until").is_none());
        manager.post(&path(&offering, "/close"), close(0)).await.ok();
        let listed = manager.get(&format!("/api/manage/offerings?organisation={}", clinic(world).await.0)).await.ok();
        let ended = |one: &&Value| one["offering"]["id"] == offering["offering"]["id"];
        assert_eq!(listed["items"].as_array().unwrap().iter().find(ended).unwrap()["ended"], true);
    }

    async fn hours_change_from_a_day_on_and_orders_keep_their_time(world) {
        let manager = world.log_in(MANAGER).await;
        let offering = offer(world, &manager, json!({})).await;
        let id = offering["offering"]["id"].as_str().unwrap().parse().unwrap();
        manager.put(&path(&offering, "/schedule"), week(world, 0, "09:00", "12:00")).await.ok();
        let lin = world.log_in(LIN).await;
        let order = book(&lin, id, world.at(3, "09:00")).await;

        let preview = manager.post(&path(&offering, "/schedule/preview"), week(world, 3, "10:00", "12:00")).await.ok();
        assert_eq!(preview, json!({ "standing_orders_without_time": 1 }));
        let later = manager.post(&path(&offering, "/schedule/preview"), week(world, 4, "10:00", "12:00")).await.ok();
        assert_eq!(later, json!({ "standing_orders_without_time": 0 }));
        let refused = manager.put(&path(&offering, "/schedule"), week(world, 3, "10:00", "12:00")).await
            .refused(409, "orders_without_time");
        assert!(refused["detail"].as_str().unwrap().starts_with("1 bookings"), "{refused}");
        let mut keep = week(world, 3, "10:00", "12:00");
        keep["keep_orders"] = json!(true);
        let set = manager.put(&path(&offering, "/schedule"), keep).await.ok();
        assert_eq!(set["schedule"].as_array().unwrap().len(), 2, "the old week ends where the new one begins");
        assert_eq!(look(&lin, &order).await["state"], "confirmed");
        lin.post("/api/orders", booking(id, world.at(4, "09:00"), "refuse")).await.refused(422, "slot_unknown");
        // Once it was kept it does not stand in the way again.
        manager.put(&path(&offering, "/schedule"), week(world, 3, "10:00", "11:00")).await.ok();

        let mut bad = week(world, 5, "10:00", "12:00");
        bad["lines"].as_array_mut().unwrap().push(json!({ "weekdays": [2], "from": "11:30", "to": "12:30" }));
        let refused = manager.put(&path(&offering, "/schedule"), bad.clone()).await.refused(422, "schedule_overlaps");
        assert!(refused["detail"].as_str().unwrap().contains("Tue 11:30-12:30"), "{refused}");
        bad["lines"] = json!([{ "weekdays": [8], "from": "10:00", "to": "11:00" }]);
        manager.put(&path(&offering, "/schedule"), bad.clone()).await.refused(422, "value_invalid");
        bad["lines"] = json!([{ "weekdays": [1], "from": "11:00", "to": "10:00" }]);
        manager.put(&path(&offering, "/schedule"), bad.clone()).await.refused(422, "value_invalid");
        bad["lines"] = json!([{ "weekdays": [1], "from": "10:00", "to": "11:00", "slot_minutes": 7 }]);
        manager.put(&path(&offering, "/schedule"), bad).await.refused(422, "rules_out_of_bounds");
        balance(&world.app).await;
    }

    async fn extra_hours_come_and_a_day_off_is_taken_back(world) {
        let manager = world.log_in(MANAGER).await;
        let offering = offer(world, &manager, json!({})).await;
        let id = offering["offering"]["id"].as_str().unwrap().parse().unwrap();
        manager.put(&path(&offering, "/schedule"), week(world, 0, "09:00", "10:00")).await.ok();
        let extra = |from: &str, to: &str| json!({
            "day": world.day(2).to_string(), "from": from, "to": to, "slot_minutes": 30, "capacity": 1, "reason": "加班",
        });
        manager.post(&path(&offering, "/extra-hours"), extra("09:15", "10:15")).await.refused(422, "schedule_overlaps");
        let with_extra = manager.post(&path(&offering, "/extra-hours"), extra("19:00", "20:00")).await.ok();
        assert_eq!(with_extra["exceptions"][0]["what"], "extra");
        let lin = world.log_in(LIN).await;
        let evening = book(&lin, id, world.at(2, "19:00")).await;
        let exception = with_extra["exceptions"][0]["id"].as_str().unwrap().to_owned();
        let remove = format!("/api/manage/exceptions/{exception}");
        manager.delete(&remove).await.refused(409, "orders_without_time");
        step(&lin, &evening, "cancel").await;
        manager.delete(&remove).await.ok();
        manager.delete(&remove).await.refused(404, "not_found");

        // A day off closes the pools; taken back, they give out again.
        let closure = json!({ "offering_id": offering["offering"]["id"], "day": world.day(2).to_string(), "reason": "停电" });
        let closed = manager.post("/api/desk/closures", closure).await.ok();
        lin.post("/api/orders", booking(id, world.at(2, "09:00"), "refuse")).await.refused(409, "slot_closed");
        let pool = PoolKey::slot(id, world.at(2, "09:00"));
        assert!(scarcity::pools(world.app.store.reads(), std::slice::from_ref(&pool)).await.unwrap()[&pool].closed);
        let exception = closed["exception_id"].as_str().unwrap();
        manager.delete(&format!("/api/manage/exceptions/{exception}")).await.ok();
        assert_eq!(book(&lin, id, world.at(2, "09:00")).await["state"], "confirmed");
        assert_eq!(audited(world, "offering.exception_removed").await, 2);
        balance(&world.app).await;
    }

    async fn rooms_are_added_named_and_ended(world) {
        let manager = world.log_in(MANAGER).await;
        let (organisation, place) = clinic(world).await;
        let body = json!({
            "kind": "culture.activity_room", "organisation_id": organisation, "place_id": place,
            "rules": { "approval": false }, "valid_from": world.day(0).to_string(),
        });
        let offering = manager.post("/api/manage/offerings", body).await.ok();
        assert_eq!(offering["shape"], "resource");
        manager.put(&path(&offering, "/schedule"), week(world, 0, "09:00", "21:00")).await.ok();
        let using = json!({
            "offering_id": offering["offering"]["id"], "if_full": "refuse", "form": { "purpose": "排练", "people": "9" },
            "start": world.at(1, "09:00").to_string(), "end": world.at(1, "10:00").to_string(),
        });
        let lin = world.log_in(LIN).await;
        // Rooms that were only counted are not told apart under standing orders.
        let counted = lin.post("/api/orders", using.clone()).await.ok();
        let name = json!({ "name": { "zh": "一号", "en": "One" } });
        manager.post(&path(&offering, "/units"), name.clone()).await.refused(409, "offering_orders_stand");
        step(&lin, &counted, "cancel").await;

        let with_unit = manager.post(&path(&offering, "/units"), name).await.ok();
        let one = path(&offering, &format!("/units/{}", with_unit["units"][0]["id"].as_str().unwrap()));
        let named = manager.patch(&one, json!({ "name": { "zh": "大厅", "en": "Hall" } })).await.ok();
        assert_eq!(named["units"][0]["name"]["en"], "Hall");
        let used = lin.post("/api/orders", using.clone()).await.ok();
        assert_eq!(used["unit"]["name"]["en"], "Hall", "{used}");
        let refused = manager.delete(&one).await.refused(409, "unit_orders_stand");
        assert!(refused["detail"].as_str().unwrap().starts_with("1 bookings"), "{refused}");
        // Shorter hours ask about it too; it is open from its beginning to its end or it is not.
        let preview = manager.post(&path(&offering, "/schedule/preview"), week(world, 1, "09:30", "21:00")).await.ok();
        assert_eq!(preview, json!({ "standing_orders_without_time": 1 }));
        let preview = manager.post(&path(&offering, "/schedule/preview"), week(world, 1, "08:00", "10:00")).await.ok();
        assert_eq!(preview, json!({ "standing_orders_without_time": 0 }));

        manager.delete(&format!("{one}?from={}", world.day(2))).await.ok();
        step(&lin, &used, "cancel").await;
        manager.delete(&one).await.ok();
        lin.post("/api/orders", using).await.refused(409, "offering_closed");
        let ended = manager.get(&path(&offering, "")).await.ok();
        assert_eq!(ended["units"][0]["valid_until"], world.day(0).to_string());
        manager.delete(&path(&offering, "/units/00000000000AA")).await.refused(404, "not_found");
        let advice = offer(world, &manager, json!({})).await;
        manager.post(&path(&advice, "/units"), json!({ "name": { "zh": "x" } })).await.refused(422, "value_invalid");
        balance(&world.app).await;
    }

    async fn people_are_booked_by_name_and_staff_is_named_by_managers(world) {
        let (organisation, _) = clinic(world).await;
        let manager = world.log_in(MANAGER).await;
        let body = json!({ "organisation_id": organisation, "key": "shuiyuesi_new", "name": { "zh": "演示医生·新" }, "gender": "female" });
        let made = manager.post("/api/manage/providers", body.clone()).await.ok();
        manager.post("/api/manage/providers", body).await.refused(409, "catalogue_key_taken");
        let one = format!("/api/manage/providers/{}", made["id"].as_str().unwrap());
        manager.patch(&one, json!({ "title": { "zh": "主任医师", "en": "Chief physician" }, "version": 1 })).await.ok();
        manager.patch(&one, json!({ "gender": "male", "version": 1 })).await.refused(409, "stale_version");
        manager.patch(&one, json!({ "gender": "?" })).await.refused(422, "value_invalid");
        let listed = manager.get(&format!("/api/manage/providers?organisation={organisation}")).await.ok();
        let new = listed["items"].as_array().unwrap().iter().find(|one| one["key"] == "shuiyuesi_new").unwrap().clone();
        assert_eq!((&new["title"]["en"], &new["version"]), (&json!("Chief physician"), &json!(2)));

        let staff = format!("/api/manage/staff?organisation={organisation}");
        let give = |phone: &str, role: &str| json!({ "organisation_id": organisation, "phone": phone, "role": role });
        manager.post("/api/manage/staff", give(MANAGER, "organisation_manager")).await.refused(409, "self_grant");
        manager.post("/api/manage/staff", give(HE, "district_staff")).await.refused(422, "role_unknown");
        manager.post("/api/manage/staff", give(HE, "case_worker")).await.refused(422, "role_unknown");
        manager.post("/api/manage/staff", give("19900009999", "organisation_staff")).await.refused(422, "person_unknown");
        let he = world.log_in(HE).await;
        he.get("/api/desk/offerings").await.refused(403, "role_missing");
        let given = manager.post("/api/manage/staff", give(HE, "organisation_staff")).await.ok();
        assert_eq!(given["phone_masked"], "199****0002");
        assert!(!he.get("/api/desk/offerings").await.ok()["items"].as_array().unwrap().is_empty(), "at once");
        he.get("/api/manage/organisations").await.refused(403, "role_missing");
        manager.post("/api/manage/staff", give(HE, "organisation_staff")).await.ok();
        let items = manager.get(&staff).await.ok()["items"].clone();
        assert_eq!(items.as_array().unwrap().len(), 3, "the same role is given once: {items}");

        // The only manager cannot leave; of two, one can.
        let own = items.as_array().unwrap().iter().find(|one| one["role"] == "organisation_manager").unwrap();
        let own = format!("/api/manage/staff/{}", own["grant_id"].as_str().unwrap());
        manager.delete(&own).await.refused(409, "last_manager");
        manager.post("/api/manage/staff", give(HE, "organisation_manager")).await.ok();
        manager.delete(&own).await.ok();
        manager.get(&staff).await.refused(403, "role_missing");
        he.get(&staff).await.ok();
        assert!(audited(world, "role.given").await >= 3 && audited(world, "role.ended").await == 1);
    }

    async fn others_find_nothing(world) {
        let (organisation, _) = clinic(world).await;
        let manager = world.log_in(MANAGER).await;
        let foreign = world.offering("nanhuan_gp").await;
        let catalogue = world.app.catalogue().await.unwrap();
        let theirs = catalogue.offerings[&foreign].offering.organisation.to_string();
        let rules = json!({ "rules": {}, "valid_from": world.day(0).to_string() });
        for (method, path, body) in [
            ("get", format!("/api/manage/offerings?organisation={theirs}"), json!(null)),
            ("get", format!("/api/manage/providers?organisation={theirs}"), json!(null)),
            ("get", format!("/api/manage/staff?organisation={theirs}"), json!(null)),
            ("get", format!("/api/manage/offerings/{foreign}"), json!(null)),
            ("get", format!("/api/manage/imports/schedules/template?format=csv&organisation={theirs}"), json!(null)),
            ("patch", format!("/api/manage/offerings/{foreign}"), json!({ "note": { "zh": "x" } })),
            ("post", format!("/api/manage/offerings/{foreign}/versions"), rules.clone()),
            ("post", format!("/api/manage/offerings/{foreign}/versions/preview"), rules),
            ("post", format!("/api/manage/offerings/{foreign}/close"), json!({ "from": world.day(0).to_string() })),
            ("put", format!("/api/manage/offerings/{foreign}/schedule"), week(world, 0, "09:00", "10:00")),
            ("post", format!("/api/manage/offerings/{foreign}/schedule/preview"), week(world, 0, "09:00", "10:00")),
            ("post", format!("/api/manage/offerings/{foreign}/units"), json!({ "name": { "zh": "x" } })),
            ("post", "/api/manage/providers".into(), json!({ "organisation_id": theirs, "name": { "zh": "x" } })),
            ("post", "/api/manage/staff".into(), json!({ "organisation_id": theirs, "phone": HE, "role": "organisation_staff" })),
        ] {
            let answer = match method {
                "get" => manager.get(&path).await,
                "patch" => manager.patch(&path, body).await,
                "put" => manager.put(&path, body).await,
                _ => manager.post(&path, body).await,
            };
            answer.refused(404, "not_found");
        }
        // The desk alone does not run the organisation; the street over it does, the community beside it does not.
        world.log_in(CLINIC_DESK).await.get(&format!("/api/manage/staff?organisation={organisation}")).await
            .refused(403, "role_missing");
        world.log_in("19900000014").await.get(&format!("/api/manage/staff?organisation={organisation}")).await.ok();
        world.log_in(COMMUNITY).await.get(&format!("/api/manage/staff?organisation={organisation}")).await
            .refused(404, "not_found");
    }

    async fn the_district_makes_organisations_and_places_and_its_first_staff_needs_no_sql(world) {
        let phone: linli_domain::phone::Phone = "19900000777".parse().unwrap();
        let granted = linli_application::manage::district::grant_district;
        assert!(granted(&world.app, phone.clone()).await.unwrap());
        assert!(!granted(&world.app, phone.clone()).await.unwrap(), "once");
        let district = world.log_in(phone.digits()).await;
        let body = json!({ "key": "new_clinic", "name": { "zh": "演示新诊所", "en": "New clinic" }, "area_code": "130903001000", "phone": "0317-12345" });
        let made = district.post("/api/manage/organisations", body.clone()).await.ok();
        district.post("/api/manage/organisations", body.clone()).await.refused(409, "catalogue_key_taken");
        let place = json!({
            "kind": "health_station", "name": { "zh": "演示站" }, "address": { "zh": "演示路1号" }, "area_code": "130903001007",
            "latitude": 38.3, "longitude": 116.8, "phone": "0317-1", "hours": [{ "weekdays": [1, 2], "from": "08:00", "to": "17:00" }],
        });
        let mut wrong = place.clone();
        wrong["phone"] = json!("0317-12345");
        let standing = district.post("/api/manage/places", wrong.clone()).await.ok();
        wrong["kind"] = json!("castle");
        district.post("/api/manage/places", wrong.clone()).await.refused(422, "value_invalid");
        wrong["area_code"] = json!("130903001000");
        wrong["kind"] = json!("canteen");
        district.post("/api/manage/places", wrong).await.refused(422, "value_invalid");
        // The street of another part cannot.
        let mut elsewhere = body;
        elsewhere["area_code"] = json!("130903002000");
        world.log_in("19900000014").await.post("/api/manage/organisations", elsewhere).await.refused(404, "not_found");
        let offering = json!({
            "kind": "property.advice", "organisation_id": made["id"], "place_id": standing["id"], "valid_from": world.day(0).to_string(),
        });
        district.post("/api/manage/offerings", offering).await.ok();
        assert_eq!(audited(world, "organisation.added").await, 1);
    }

    async fn what_the_desk_sees_is_saved_masked_harmless_and_on_record(world) {
        let manager = world.log_in(MANAGER).await;
        let offering = offer(world, &manager, json!({})).await;
        let id = offering["offering"]["id"].as_str().unwrap();
        manager.put(&path(&offering, "/schedule"), week(world, 0, "09:00", "12:00")).await.ok();
        let lin = world.log_in(LIN).await;
        lin.patch("/api/me", json!({ "version": 1, "name": "=HYPERLINK(1)" })).await.ok();
        book(&lin, id.parse().unwrap(), world.at(1, "09:00")).await;
        let ask = |format: &str, days: i32| format!(
            "/api/desk/export?what=bookings&offering={id}&from={}&to={}&format={format}", world.day(0), world.day(days));
        let answer = manager.send(manager.request(reqwest::Method::GET, &ask("csv", 7))).await;
        assert!(answer.headers["content-disposition"].to_str().unwrap().contains("bookings-"), "{:?}", answer.headers);
        let text = answer.body.as_str().unwrap().to_owned();
        assert!(text.starts_with('\u{FEFF}') && text.contains("'=HYPERLINK(1)"), "{text}");
        assert!(text.contains("199****0001") && !text.contains("19900000001"), "{text}");
        let book = manager.request(reqwest::Method::GET, &ask("xlsx", 7));
        let book = book.send().await.unwrap().bytes().await.unwrap();
        let limits = linli_sheets::Limits { rows: 10, columns: 40, cell: 100, unpacked: 1 << 20 };
        let table = linli_sheets::read(&book, &limits).unwrap();
        assert_eq!((table.rows.len(), table.heading[4].as_str()), (1, "Name"));
        manager.get(&ask("csv", -1)).await.refused(422, "date_invalid");
        let foreign = world.offering("nanhuan_gp").await;
        manager.get(&ask("csv", 7).replace(id, &foreign.to_string())).await.refused(404, "not_found");
        assert_eq!(audited(world, "bookings.exported").await, 2);
    }
}
