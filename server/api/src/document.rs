//! The OpenAPI file: what the framework prints, finished.

use std::collections::BTreeMap;

use serde_json::Value;

/// What stands above the operations.
pub(crate) const DESCRIPTION: &str = "\
The resident services of a city district.\n\n\
* JSON in snake_case. Ids are texts of 13 characters. Instants are RFC 3339 with the offset +08:00, days and times are \
those of the district, money is whole fen.\n\
* Words meant for people come in Chinese and English.\n\
* Objects refuse fields they do not know; values that are absent are left out.\n\
* Every error is `application/problem+json` with a stable `code`; `Accept-Language` chooses the language of its words.\n\
* Log in for a token and send it as `Authorization: Bearer`. The name of the security scheme says who may call an \
operation.\n\
* `Idempotency-Key` makes a POST happen once: send the same key again after a lost answer.";

/// Says what the framework cannot say by itself: objects refuse unknown fields, every answer has a description, and
/// JSON is called by its plain name.
pub(crate) fn finish(printed: &str) -> String {
    let plain = printed.replace("\"application/json; charset=utf-8\"", "\"application/json\"");
    let mut document: Value = serde_json::from_str(&plain).expect("the framework prints JSON");
    for operation in operations(&mut document) {
        let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
        for answer in answers.into_iter().flat_map(|answers| answers.values_mut()) {
            if answer["description"] == "" {
                answer["description"] = "What was asked for.".into();
            }
        }
    }
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for schema in schemas.values_mut().filter_map(Value::as_object_mut) {
            if schema.contains_key("properties") {
                schema.entry("additionalProperties").or_insert(Value::Bool(false));
            }
        }
    }
    serde_json::to_string_pretty(&document).expect("a JSON value prints")
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    paths
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut)
        .flat_map(|path| path.values_mut())
}

/// Which methods each path has, by its [`shape`]: `/api/me/logins/:` → `DELETE, GET`. For the `Allow` header of a 405
/// (RFC 9110, section 15.5.6).
pub(crate) fn methods(finished: &str) -> BTreeMap<String, String> {
    let document: Value = serde_json::from_str(finished).expect("we print JSON");
    let Some(paths) = document["paths"].as_object() else { return BTreeMap::new() };
    paths
        .iter()
        .filter_map(|(path, operations)| {
            let methods: Vec<String> = operations.as_object()?.keys().map(|method| method.to_uppercase()).collect();
            Some((shape(&format!("/api{path}")), methods.join(", ")))
        })
        .collect()
}

/// A path without the names of its parameters, which the file and the router write in different ways.
pub(crate) fn shape(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').map(|part| if part.starts_with([':', '{']) { ":" } else { part }).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_found_by_shape() {
        let printed = r#"{"paths":{"/me/logins/{id}":{"get":{},"delete":{}},"/me":{"get":{}}}}"#;
        let methods = methods(printed);
        assert_eq!(methods[&shape("/api/me/logins/:param0")], "DELETE, GET");
        assert_eq!(methods["/api/me"], "GET");
    }

    #[test]
    fn objects_are_closed_and_answers_described() {
        let printed = r#"{"paths":{"/me":{"get":{"responses":{"200":{"description":"",
            "content":{"application/json; charset=utf-8":{}}}}}}},"components":{"schemas":{"Me":{"properties":{}},"Key":{}}}}"#;
        let finished: Value = serde_json::from_str(&finish(printed)).unwrap();
        assert_eq!(finished["components"]["schemas"]["Me"]["additionalProperties"], false);
        assert!(finished["components"]["schemas"]["Key"].get("additionalProperties").is_none());
        let answer = &finished["paths"]["/me"]["get"]["responses"]["200"];
        assert_eq!(answer["description"], "What was asked for.");
        assert!(answer["content"].get("application/json").is_some());
    }
}
