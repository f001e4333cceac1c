//! Who may call what: printed from the interface's own description, and tried on every operation.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{NOTHING, order};
use crate::harness::people::{CASE_WORKER, CLINIC_DESK, COMMUNITY, DISTRICT, LIN, MANAGER, STREET, WORKER};
use crate::harness::{Client, World, on_both};

/// An operation as the description has it.
struct Operation {
    id: String,
    method: Method,
    path: String,
    /// The actor, or nothing for anybody.
    actor: Option<String>,
    description: Value,
}

struct Description(Value);

impl Description {
    fn of(world: &World) -> Self {
        Self(serde_json::from_str(&linli_api::openapi(&world.app)).unwrap())
    }

    fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, methods) in self.0["paths"].as_object().unwrap() {
            for (method, description) in methods.as_object().unwrap() {
                let actors: Vec<&String> = description["security"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .flat_map(|scheme| scheme.as_object().unwrap().keys())
                    .collect();
                assert!(actors.len() < 2, "{method} {path}: one actor per operation");
                operations.push(Operation {
                    id: description["operationId"]
                        .as_str()
                        .unwrap_or_else(|| panic!("{method} {path} has no name"))
                        .to_owned(),
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.clone(),
                    actor: actors.first().map(|actor| (*actor).clone()),
                    description: description.clone(),
                });
            }
        }
        // What ends the account comes last.
        operations.sort_by_key(|operation| operation.id == "close_account");
        operations
    }

    /// A value of the form a schema asks for.
    fn example(&self, schema: &Value) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            return self.example(self.0.pointer(name.trim_start_matches('#')).unwrap());
        }
        if let Some(first) = schema["allOf"].as_array().and_then(|all| all.first()) {
            return self.example(first);
        }
        if let Some(choice) = schema["enum"].as_array().and_then(|choices| choices.first()) {
            return choice.clone();
        }
        if !schema["example"].is_null() {
            return schema["example"].clone();
        }
        match schema["type"].as_str() {
            Some("object") => {
                let wanted = schema["required"].as_array().cloned().unwrap_or_default();
                let fields = wanted.iter().map(|name| {
                    let name = name.as_str().unwrap();
                    (name.to_owned(), self.example(&schema["properties"][name]))
                });
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Some("array") => json!([]),
            Some("integer" | "number") => json!(1),
            Some("boolean") => json!(false),
            _ => "a".repeat(schema["minLength"].as_u64().unwrap_or(1) as usize).into(),
        }
    }

    /// Calls it with everything the description asks for, of nothing that exists.
    async fn call(&self, client: &Client, operation: &Operation) -> (u16, Value) {
        let mut path = format!("/api{}", operation.path);
        let mut query = Vec::new();
        let mut headers = Vec::new();
        for parameter in operation.description["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let value = match self.example(&parameter["schema"]) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            match parameter["in"].as_str().unwrap() {
                "path" => path = path.replace(&format!("{{{name}}}"), NOTHING),
                "query" if parameter["required"] == true => query.push(format!("{name}={}", value.replace('+', "%2B"))),
                "header" => headers.push((name.to_owned(), "visit".to_owned())),
                _ => {}
            }
        }
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let mut request = client.request(operation.method.clone(), &path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let body = &operation.description["requestBody"]["content"];
        if let Some((_, content)) = body.as_object().and_then(|kinds| kinds.iter().next()) {
            request = request.json(&self.example(&content["schema"]));
        }
        let answer = client.send(request).await;
        (answer.status.as_u16(), answer.body)
    }
}

/// Which actors each role is, and so what it may call.
fn may(phone: &str, actor: &str) -> bool {
    match actor {
        "resident" => true,
        "worker" => phone == WORKER,
        "desk" => matches!(phone, CLINIC_DESK | MANAGER | COMMUNITY | STREET | DISTRICT),
        "manager" => matches!(phone, MANAGER | COMMUNITY | STREET | DISTRICT),
        "area_staff" => matches!(phone, COMMUNITY | STREET | DISTRICT),
        "administrator" => matches!(phone, STREET | DISTRICT),
        "district_staff" => phone == DISTRICT,
        other => panic!("an actor nobody knows: {other}"),
    }
}

on_both! {
    async fn every_operation_is_visited_uninvited(world) {
        let description = Description::of(world);
        for operation in description.operations() {
            let (status, body) = description.call(&world.client(), &operation).await;
            let bad = world.client().with_token("a".repeat(43));
            let (with_bad_token, _) = description.call(&bad, &operation).await;
            match operation.actor {
                None => {
                    assert!(status != 401 && status < 500, "{}: {status} {body}", operation.id);
                    assert!(with_bad_token != 401 && with_bad_token < 500, "{}: {with_bad_token}", operation.id);
                }
                Some(_) => {
                    assert_eq!((status, &body["code"]), (401, &json!("token_missing")), "{}", operation.id);
                    assert_eq!(with_bad_token, 401, "{}", operation.id);
                }
            }
        }
    }

    async fn every_operation_is_visited_in_every_role(world) {
        let description = Description::of(world);
        for phone in [LIN, WORKER, CASE_WORKER, CLINIC_DESK, MANAGER, COMMUNITY, STREET, DISTRICT] {
            let actor = world.staff(phone).await;
            let client = world.client_of(&actor).await;
            for operation in description.operations() {
                let Some(wanted) = &operation.actor else { continue };
                // Some operations end logins: those are tried with one of their own, and spare the other.
                let ends = matches!(operation.id.as_str(), "logout" | "end_login");
                let client = if ends { &world.client_of(&actor).await } else { &client };
                let (status, body) = description.call(client, &operation).await;
                let what = format!("{} as {phone}: {status} {body}", operation.id);
                if may(phone, wanted) {
                    assert!(status != 401 && status < 500, "{what}");
                    assert!(body["code"] != "role_missing" && body["code"] != "worker_only", "{what}");
                } else {
                    assert!(matches!(status, 403 | 404), "{what}");
                }
            }
        }
    }

    async fn staff_of_another_organisation_find_nothing(world) {
        let offering = world.offering("nanhuan_gp").await;
        let lin = world.log_in(LIN).await;
        let order = lin.post("/api/orders", order(offering, world.at(1, "09:00"))).await.ok();
        let id = order["id"].as_str().unwrap();
        // The clinic of Shuiyuesijie, the community and the street office there: none of them is Nanhuan's.
        for phone in [CLINIC_DESK, COMMUNITY, STREET, CASE_WORKER] {
            let staff = world.client_of(&world.staff(phone).await).await;
            staff.get(&format!("/api/orders/{id}")).await.refused(404, "not_found");
            if phone == CASE_WORKER {
                continue;
            }
            for step in ["check-in", "call", "done", "missed", "recall", "no-show", "cancel"] {
                let mut body = json!({ "version": 1 });
                if step == "cancel" {
                    body["reason"] = json!("医生外出");
                }
                staff.post(&format!("/api/desk/orders/{id}/{step}"), body).await.refused(404, "not_found");
            }
            let day = world.day(1);
            staff.get(&format!("/api/desk/day?offering={offering}&day={day}")).await.refused(404, "not_found");
            staff.post(&format!("/api/desk/queues/{offering}/next?day={day}"), json!({})).await.refused(404, "not_found");
            let closure = json!({ "offering_id": offering.to_string(), "day": day.to_string(), "reason": "x" });
            staff.post("/api/desk/closures", closure).await.refused(404, "not_found");
            staff.get(&format!("/api/desk/closures/preview?offering={offering}&day={day}")).await.refused(404, "not_found");
            let person = world.staff(LIN).await.person.to_string();
            let booking = json!({
                "offering_id": offering.to_string(), "start": world.at(2, "09:00").to_string(),
                "person_id": person, "if_full": "refuse",
            });
            staff.post("/api/desk/orders", booking).await.refused(404, "not_found");
            let code = order["check_in_code"].as_str().unwrap();
            staff.get(&format!("/api/desk/bookings?code={code}&day={day}")).await.refused(422, "check_in_code_wrong");
        }
        // The district serves everything.
        let district = world.client_of(&world.staff(DISTRICT).await).await;
        assert_eq!(district.get(&format!("/api/orders/{id}")).await.ok()["id"], id);
    }
}

/// The table for review: a change of who may call what is a change of this file.
#[tokio::test(flavor = "multi_thread")]
async fn the_access_table() {
    use std::fmt::Write;
    crate::harness::run(crate::harness::Database::Sqlite, |world| {
        Box::pin(async move {
            let mut table: BTreeMap<(String, String), String> = BTreeMap::new();
            for operation in Description::of(world).operations() {
                let actor = operation.actor.unwrap_or_else(|| "anybody".into());
                table.insert((operation.path, operation.method.to_string()), actor);
            }
            let mut text = String::new();
            for ((path, method), actor) in table {
                writeln!(text, "{actor:<14} {method:<6} {path}").unwrap();
            }
            insta::assert_snapshot!(text);
        })
    })
    .await;
}
