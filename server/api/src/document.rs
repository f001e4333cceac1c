//! The OpenAPI file: what the framework prints, finished.

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

/// Says what the framework cannot say by itself: objects refuse unknown fields.
pub(crate) fn finish(printed: &str) -> String {
    let mut document: Value = serde_json::from_str(printed).expect("the framework prints JSON");
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for schema in schemas.values_mut().filter_map(Value::as_object_mut) {
            if schema.contains_key("properties") {
                schema.entry("additionalProperties").or_insert(Value::Bool(false));
            }
        }
    }
    serde_json::to_string_pretty(&document).expect("a JSON value prints")
}
