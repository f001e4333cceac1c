//! Tables that organisations bring: hours, people, offerings; in the encodings and forms people have.

use linli_sheets::{Limits, Sheet, to_xlsx};
use reqwest::Method;
use serde_json::{Value, json};

use super::book;
use crate::harness::books::{balance, count};
use crate::harness::people::{CLINIC_DESK, HE, LIN, MANAGER};
use crate::harness::{Answer, Client, World, on_both};

async fn organisation(world: &World) -> String {
    let catalogue = world.app.catalogue().await.unwrap();
    catalogue.organisations.values().find(|one| one.key == "shuiyuesi").unwrap().id.to_string()
}

async fn send(client: &Client, what: &str, organisation: &str, more: &str, bytes: impl Into<Vec<u8>>) -> Answer {
    let path = format!("/api/manage/imports/{what}?organisation={organisation}{more}");
    let request = client.request(Method::POST, &path).header("content-type", "text/csv; charset=utf-8");
    client.send(request.body(bytes.into())).await
}

/// An offering of the clinic, made by an import of its own.
async fn offered(world: &World, manager: &Client) -> linli_domain::id::OfferingId {
    let clinic = organisation(world).await;
    let csv = format!(
        "offering,kind,place,valid_from\nimported_advice,property.advice,{},{}\n",
        place(world).await,
        world.day(0)
    );
    let report = send(manager, "offerings", &clinic, "", csv).await.ok();
    assert_eq!(report["applied"], true, "{report}");
    world.offering("imported_advice").await
}

async fn place(world: &World) -> String {
    let catalogue = world.app.catalogue().await.unwrap();
    let clinic = catalogue.organisations.values().find(|one| one.key == "shuiyuesi").unwrap();
    catalogue.places.values().find(|place| place.area.is_within(&clinic.area)).unwrap().key.clone()
}

fn words(report: &Value, index: usize) -> String {
    report["errors"][index]["problem"]["en"].as_str().unwrap_or_else(|| panic!("{report}")).to_owned()
}

on_both! {
    async fn hours_come_in_every_encoding_and_the_same_file_again_changes_nothing(world) {
        let manager = world.log_in(MANAGER).await;
        let (clinic, offering) = (organisation(world).await, offered(world, &manager).await);
        let text = format!(
            "名额,服务编号,星期,开始,结束,时段分钟,生效日期\n3,imported_advice,周一至周五,8:00,11:30,30,{day}\n2,imported_advice,六、日,09:00,11:00,30,{day}\n",
            day = world.day(1),
        );
        let looked = send(&manager, "schedules", &clinic, "&dry_run=true", text.clone()).await.ok();
        assert_eq!((&looked["applied"], &looked["good"], &looked["changes"]), (&json!(false), &json!(2), &json!(1)), "{looked}");
        assert_eq!(count(&world.app, &format!("SELECT 1 FROM schedules WHERE offering_id = {}", offering.0)).await, 0);

        let gb = encoding(&text);
        let done = send(&manager, "schedules", &clinic, "", gb.clone()).await.ok();
        assert_eq!((&done["applied"], &done["encoding"], &done["format"]), (&json!(true), &json!("gb18030"), &json!("csv")), "{done}");
        let lin = world.log_in(LIN).await;
        book(&lin, offering, world.at(1, "08:30")).await;
        let version = linli_store::catalogue::version(world.app.store.reads()).await.unwrap();
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (again, name) in [(gb, "gb18030"), (text.clone().into_bytes(), "utf8"), (format!("\u{FEFF}{text}").into_bytes(), "utf8"), (utf16, "utf16")] {
            let report = send(&manager, "schedules", &clinic, "", again).await.ok();
            assert_eq!((&report["applied"], &report["changes"], &report["encoding"]), (&json!(true), &json!(0), &json!(name)), "{report}");
        }
        assert_eq!(linli_store::catalogue::version(world.app.store.reads()).await.unwrap(), version, "nothing was written");
        assert_eq!(count(&world.app, "SELECT 1 FROM audit WHERE action = 'import.applied'").await, 2, "offerings and hours");

        // Hours under a standing order are refused, row by row, unless it is to keep its time.
        let later = text.replace("8:00", "10:00");
        let report = send(&manager, "schedules", &clinic, "", later.clone()).await.ok();
        assert_eq!(report["applied"], false);
        assert!(words(&report, 0).contains("1 bookings have no time"), "{report}");
        let kept = send(&manager, "schedules", &clinic, "&keep_orders=true", later).await.ok();
        assert_eq!(kept["applied"], true, "{kept}");
        balance(&world.app).await;
    }

    async fn what_is_wrong_is_told_row_by_row_and_nothing_is_written(world) {
        let manager = world.log_in(MANAGER).await;
        let (clinic, _) = (organisation(world).await, offered(world, &manager).await);
        let csv = format!("offering,weekdays,from,to,slot_minutes,capacity,valid_from\n\
                   imported_advice,1-5,08:00,11:30,30,2,{day}\n\
                   imported_advice,9,08:00,11:30,30,2,{day}\n\
                   nobody,1,08:00,11:30,30,2,{day}\n\
                   imported_advice,3,11:00,12:00,30,2,{day}\n\
                   imported_advice,6,08:00,12:00,7,2,{day}\n\
                   imported_advice,7,,12:00,30,=1+1,\n", day = world.day(2));
        let report = send(&manager, "schedules", &clinic, "", csv).await.ok();
        assert_eq!((&report["applied"], &report["rows"], &report["good"]), (&json!(false), &json!(6), &json!(1)), "{report}");
        let rows: Vec<(u64, &str)> = report["errors"].as_array().unwrap().iter()
            .map(|error| (error["row"].as_u64().unwrap(), error["column"].as_str().unwrap())).collect();
        assert_eq!(rows, [(3, "weekdays"), (4, "offering"), (5, "from"), (6, "slot_minutes"), (7, "from"), (7, "capacity")], "{report}");
        assert!(words(&report, 2).contains("overlap"), "{report}");
        assert_eq!(report["errors"][5]["value"], "=1+1", "a text, never calculated");
        assert_eq!(count(&world.app, "SELECT 1 FROM audit WHERE action = 'offering.hours_set'").await, 0);

        let formula = {
            let sheet = Sheet { name: "t".into(), heading: vec!["offering".into(), "weekdays".into(), "from".into(), "to".into()], rows: vec![] };
            to_xlsx(&[sheet]).unwrap()
        };
        let report = send(&manager, "schedules", &clinic, "", formula).await.ok();
        assert_eq!((&report["format"], &report["rows"]), (&json!("xlsx"), &json!(0)), "{report}");
    }

    async fn files_that_are_no_table_are_refused_in_words(world) {
        let manager = world.log_in(MANAGER).await;
        let clinic = organisation(world).await;
        let million: Vec<u8> = b"a,b\n".iter().copied().cycle().take(4_000_000).collect();
        let refused = send(&manager, "schedules", &clinic, "", million).await.refused(413, "import_too_large");
        assert!(refused["detail"].as_str().unwrap().contains("5000 rows and 5 MB"), "{refused}");
        send(&manager, "schedules", &clinic, "", vec![b'x'; (5 << 20) + 1]).await.refused(413, "import_too_large");
        let latin = b"offering,weekdays,from,to\ncaf\xE9,1,08:00,09:00\n".to_vec();
        send(&manager, "schedules", &clinic, "", latin).await.refused(422, "import_encoding");
        send(&manager, "schedules", &clinic, "", b"PK\x03\x04xx".to_vec()).await.refused(422, "import_unreadable");
        send(&manager, "schedules", &clinic, "", b"".to_vec()).await.refused(422, "import_heading");
        let refused = send(&manager, "schedules", &clinic, "", "服务编号,星期\n").await.refused(422, "import_heading");
        assert!(refused["detail"].as_str().unwrap().contains("\"From\" is missing"), "{refused}");
        let path = format!("/api/manage/imports/schedules?organisation={clinic}");
        manager.send(manager.request(Method::POST, &path).json(&json!({}))).await.refused(415, "unsupported_media_type");
        let desk = world.log_in(CLINIC_DESK).await;
        send(&desk, "schedules", &clinic, "", "x").await.refused(403, "role_missing");
        let foreign = world.app.catalogue().await.unwrap().organisations.values().find(|one| one.key != "shuiyuesi").unwrap().id;
        send(&manager, "schedules", &foreign.to_string(), "", "x").await.refused(404, "not_found");
    }

    async fn offerings_and_people_come_by_their_keys(world) {
        let manager = world.log_in(MANAGER).await;
        let clinic = organisation(world).await;
        offered(world, &manager).await;
        let place = place(world).await;
        let people = format!("人员编号,姓名,英文姓名,性别,手机号,角色,有效期至\n\
                      imp_dr,演示医生·导,Dr Import,女,,,\n,,,,{HE},工作人员,\n");
        let report = send(&manager, "staff", &clinic, "", people.clone()).await.ok();
        assert_eq!((&report["applied"], &report["changes"]), (&json!(true), &json!(2)), "{report}");
        let again = send(&manager, "staff", &clinic, "", people).await.ok();
        assert_eq!((&again["applied"], &again["changes"]), (&json!(true), &json!(0)), "{again}");
        world.log_in(HE).await.get("/api/desk/offerings").await.ok();
        let wrong = format!("phone,role,provider\n{MANAGER},staff,\n19900009999,staff,\n{LIN},boss,\n,,\n1,manager,\nx,,nanhuan_x\n");
        let report = send(&manager, "staff", &clinic, "", wrong).await.ok();
        assert_eq!((&report["applied"], &report["good"]), (&json!(false), &json!(0)), "{report}");
        assert!(words(&report, 0).contains("yourself") && words(&report, 1).contains("not logged in"), "{report}");

        let row = |more: &str| format!("服务编号,服务类别,地点,人员编号,价格（元）,名额,生效日期\n{more}");
        let new = row(&format!("imp_two,property.advice,{place},imp_dr,0,4,{}\nimported_advice,,,,,5,{}\n", world.day(0), world.day(3)));
        let report = send(&manager, "offerings", &clinic, "", new.clone()).await.ok();
        assert_eq!((&report["applied"], &report["changes"]), (&json!(true), &json!(2)), "{report}");
        let again = send(&manager, "offerings", &clinic, "", new).await.ok();
        assert_eq!((&again["applied"], &again["changes"]), (&json!(true), &json!(0)), "{again}");
        let catalogue = world.app.catalogue().await.unwrap();
        let two = world.offering("imp_two").await;
        assert!(catalogue.offerings[&two].offering.provider.is_some());
        let advice = world.offering("imported_advice").await;
        assert_eq!(catalogue.offerings[&advice].rules_on(world.day(3)).map(|(version, rules)| (version, rules.capacity)), Some((2, 5)));
        assert_ne!(catalogue.offerings[&advice].rules_on(world.day(2)).unwrap().1.capacity, 5);
        let wrong = row(&format!("nanhuan_gp,,,,,,\nImp,property.advice,{place},,,,\nimp_3,no.kind,{place},,,,\nimp_4,property.advice,nowhere,,,,\n\
                         imp_5,property.advice,{place},,-1,,\nimp_6,property.advice,{place},,,999999,\nimp_6,,,,,,\n"));
        let report = send(&manager, "offerings", &clinic, "", wrong).await.ok();
        assert_eq!((&report["applied"], &report["good"]), (&json!(false), &json!(0)), "{report}");
        assert!(report["errors"].as_array().unwrap().iter().all(|error| !error["problem"]["zh"].as_str().unwrap().is_empty()));
    }

    async fn a_template_is_filled_in_and_brought_back(world) {
        let manager = world.log_in(MANAGER).await;
        let (clinic, _) = (organisation(world).await, offered(world, &manager).await);
        let csv = "offering,weekdays,from,to\nimported_advice,1-7,09:00,12:00\n".to_owned();
        send(&manager, "schedules", &clinic, "", csv).await.ok();
        for format in ["csv", "xlsx"] {
            for what in ["schedules", "staff", "offerings"] {
                let path = format!("/api/manage/imports/{what}/template?format={format}");
                let bytes = manager.request(Method::GET, &path).send().await.unwrap().bytes().await.unwrap();
                let limits = Limits { rows: 100, columns: 40, cell: 500, unpacked: 8 << 20 };
                assert_eq!(linli_sheets::read(&bytes, &limits).unwrap().rows.len(), 1, "{what} {format}: an example");
            }
            // What there is now, brought back as it is, changes nothing.
            let path = format!("/api/manage/imports/schedules/template?format={format}&organisation={clinic}");
            let bytes = manager.request(Method::GET, &path).send().await.unwrap().bytes().await.unwrap();
            let report = send(&manager, "schedules", &clinic, "", bytes.to_vec()).await.ok();
            assert_eq!((&report["applied"], &report["changes"], &report["errors"]), (&json!(true), &json!(0), &json!([])), "{report}");
            assert!(report["rows"].as_u64().unwrap() > 1);
        }
    }
}

/// GB 18030, as spreadsheets of this country write it.
fn encoding(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}
