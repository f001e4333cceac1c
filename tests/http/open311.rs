//! Open311 GeoReport v2, as other programs see it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::people::{HE, LIN};
use crate::harness::{Answer, Client, OPEN311_KEY, on_both};

const BASE: &str = "/open311/v2";

async fn file(client: &Client, form: &str, fields: &[(&str, &str)]) -> Answer {
    let request = client.request(Method::POST, &format!("{BASE}/requests.{form}")).form(fields);
    client.send(request).await
}

/// A report of a dark lamp, with what differs.
fn lamp<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("service_code", "property.lighting"),
        ("lat", "38.3235"),
        ("long", "116.8497"),
        ("description", "东侧路灯不亮"),
    ];
    let mut fields: Vec<_> =
        usual.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name)).collect();
    fields.extend(more.iter().filter(|(_, value)| !value.is_empty()));
    fields
}

fn keyed<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = lamp(more);
    fields.push(("api_key", OPEN311_KEY));
    fields
}

/// The error of an answer: its code, in the status and in the body.
fn error(answer: Answer, code: u16) -> String {
    let status = answer.status.as_u16();
    assert_eq!((status, &answer.body[0]["code"]), (code, &json!(code)), "{}", answer.body);
    answer.body[0]["description"].as_str().unwrap().to_owned()
}

on_both! {
    async fn a_program_files_a_report_and_follows_it(world) {
        let program = world.client().speaking("en");
        let services = program.get(&format!("{BASE}/services.json")).await.ok();
        let lighting = services.as_array().unwrap().iter().find(|one| one["service_code"] == "property.lighting").unwrap();
        assert_eq!((&lighting["service_name"], &lighting["type"], &lighting["group"]), (&json!("Lighting"), &json!("realtime"), &json!("Property")));
        assert!(services.as_array().unwrap().iter().all(|one| one["service_code"] != "property.home_repair"), "homes are not served");
        let definition = program.get(&format!("{BASE}/services/security.hazard.json")).await.ok();
        assert_eq!((&definition["service_code"], &definition["attributes"]), (&json!("security.hazard"), &json!([])));

        let contact = [("first_name", "演"), ("phone", "13812345678"), ("email", "a@example.org"), ("description", "路灯不亮，请打13812345678")];
        let filed = file(&program, "json", &keyed(&contact)).await.expect(StatusCode::CREATED);
        let id = filed[0]["service_request_id"].as_str().unwrap().to_owned();
        assert_eq!((&filed[0]["account_id"], &filed[0]["service_notice"]), (&Value::Null, &Value::Null));

        let one = program.get(&format!("{BASE}/requests/{id}.json")).await.ok();
        assert_eq!((&one[0]["service_request_id"], &one[0]["status"]), (&json!(id), &json!("open")));
        assert_eq!((&one[0]["lat"], &one[0]["long"]), (&json!(38.3235), &json!(116.8497)));
        assert_eq!((&one[0]["description"], &one[0]["status_notes"]), (&json!("路灯不亮，请打＊＊＊"), &json!("Looking for somebody")));
        assert_eq!(one[0]["requested_datetime"], world.app.now().to_string());
        for secret in ["13812345678", "example.org", "演示居民"] {
            assert!(!one.to_string().contains(secret), "{secret}: {one}");
        }
        let token = program.get(&format!("{BASE}/tokens/{id}.json")).await.ok();
        assert_eq!((&token[0]["token"], &token[0]["service_request_id"]), (&json!(id), &json!(id)));
        let xml = program.get(&format!("{BASE}/requests/{id}.xml")).await;
        assert!(xml.headers["content-type"].to_str().unwrap().starts_with("text/xml"), "{:?}", xml.headers);
        let xml = xml.body.as_str().unwrap().to_owned();
        assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?><service_requests><request>"), "{xml}");
        assert!(xml.contains(&format!("<service_request_id>{id}</service_request_id>")) && xml.contains("<lat>38.3235</lat>"), "{xml}");

        // Whoever it was filed for follows it like every order of theirs; what they said is theirs alone.
        let he = world.log_in(HE).await;
        let order = he.get(&format!("/api/orders/{id}")).await.ok();
        he.post(&format!("/api/orders/{id}/cancel"), json!({ "version": order["version"] })).await.ok();
        let closed = program.get(&format!("{BASE}/requests/{id}.json")).await.ok();
        assert_eq!((&closed[0]["status"], &closed[0]["status_notes"]), (&json!("closed"), &json!("Over")));
    }

    async fn a_resident_files_with_their_token(world) {
        let lin = world.log_in(LIN).await;
        let filed = file(&lin, "xml", &lamp(&[("description", "电线起火了")])).await;
        assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.body);
        let xml = filed.body.as_str().unwrap();
        assert!(xml.contains("<account_id></account_id>") && xml.contains("119"), "an emergency is answered with numbers: {xml}");
        assert_eq!(lin.get("/api/orders?scope=open").await.ok()["items"].as_array().unwrap().len(), 1);
    }

    async fn a_list_is_filtered(world) {
        let program = world.client();
        let mut ids = Vec::new();
        for code in ["property.lighting", "property.greenery", "property.lighting"] {
            let filed = file(&program, "json", &keyed(&[("service_code", code)])).await.ok();
            ids.push(filed[0]["service_request_id"].as_str().unwrap().to_owned());
            world.advance(linli_domain::time::Span::minutes(10)).await;
        }
        let list = async |query: &str| -> Vec<usize> {
            let found = program.get(&format!("{BASE}/requests.json?{query}")).await.ok();
            let found = found.as_array().unwrap().clone();
            found.iter().map(|one| ids.iter().position(|id| one["service_request_id"] == json!(id)).unwrap()).collect()
        };
        assert_eq!(list("").await, [2, 1, 0], "the newest first");
        assert_eq!(list("service_code=property.lighting").await, [2, 0]);
        assert_eq!(list("service_code=property.lighting,property.greenery&status=open").await, [2, 1, 0]);
        assert_eq!(list("status=closed").await, [0; 0]);
        assert_eq!(list("page_size=2").await, [2, 1]);
        assert_eq!(list("page_size=2&page=2").await, [0]);
        assert_eq!(list(&format!("service_request_id={},{},0000000000000&status=closed", ids[0], ids[2])).await, [2, 0]);
        let at = world.app.now() - linli_domain::time::Span::minutes(15);
        assert_eq!(list(&format!("start_date={}", at.to_string().replace('+', "%2B"))).await, [2]);
        assert_eq!(list(&format!("end_date={at}")).await, [1, 0], "a plus that was not encoded");
        assert_eq!(list("service_code=nothing.known").await, [0; 0]);
        assert_eq!(list("start_date=2026-01-01T00:00:00Z").await, [0; 0]);
        assert_eq!(list("jurisdiction_id=130903000000").await, [2, 1, 0]);
    }

    async fn a_no_is_said_in_the_form_of_the_standard(world) {
        let program = world.client().speaking("en");
        let long = "start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z";
        assert!(error(program.get(&format!("{BASE}/requests.json?{long}")).await, 400).contains("90 days"));
        assert!(error(program.get(&format!("{BASE}/requests.json?jurisdiction_id=x")).await, 404).contains("jurisdiction_id"));
        error(program.get(&format!("{BASE}/services/property.home_repair.json")).await, 404);
        error(program.get(&format!("{BASE}/requests/0000000000000.json")).await, 404);
        error(program.get(&format!("{BASE}/requests/nonsense.json")).await, 404);
        error(program.get(&format!("{BASE}/nothing.json")).await, 404);
        error(program.delete(&format!("{BASE}/requests.json")).await, 405);
        error(file(&program, "json", &lamp(&[])).await, 403);
        error(file(&program, "json", &lamp(&[("api_key", "guessed")])).await, 403);
        error(file(&program.clone().with_token("a".repeat(43)), "json", &lamp(&[])).await, 403);
        assert!(error(file(&program, "json", &keyed(&[("service_code", "")])).await, 400).contains("service_code"));
        error(file(&program, "json", &keyed(&[("service_code", "property.home_repair")])).await, 404);
        assert!(error(file(&program, "json", &keyed(&[("lat", "")])).await, 400).contains("lat"));
        assert!(error(file(&program, "json", &keyed(&[("long", "east")])).await, 400).contains("long"));
        error(file(&program, "json", &keyed(&[("lat", "0"), ("long", "0")])).await, 422);
        error(file(&program, "json", &keyed(&[("service_code", "security.hazard"), ("description", "")])).await, 422);
        let json_body = program.post(&format!("{BASE}/requests.json"), json!({ "service_code": "property.lighting" })).await;
        error(json_body, 400);
        let xml = program.get(&format!("{BASE}/requests/nonsense.xml")).await;
        assert_eq!(xml.status, StatusCode::NOT_FOUND);
        let xml = xml.body.as_str().unwrap();
        assert!(xml.contains("<errors><error><code>404</code><description>"), "{xml}");

    }
}
