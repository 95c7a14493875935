mod access;
mod attributes;
mod rules;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::error::ScimType;
use super::super::fixtures::{ENT, FOLD, META, ada, object, user_schema, user_schema_with};
use super::super::resource::{IgnoredReason, Resource};
use super::super::schema::ResourceSchema;
use super::*;

fn request(operations: Value) -> PatchRequest {
    PatchRequest::parse(&json!({"schemas": [urn::PATCH_OP], "Operations": operations})).unwrap()
}

fn try_patch(schema: &ResourceSchema, operations: Value, options: &PatchOptions) -> Result<(Resource, PatchOutcome), ScimError> {
    let mut user = ada();
    let result = apply(&request(operations.clone()), &mut user, schema, options);
    if result.is_err() {
        assert_eq!(user, ada(), "a failed request must change nothing: {operations}");
    }
    result.map(|outcome| (user, outcome))
}

fn patched(operations: Value) -> Resource {
    let result = try_patch(&user_schema(), operations.clone(), &PatchOptions::default());
    result.unwrap_or_else(|error| panic!("{operations}: {error}")).0
}

fn one(op: &str, path: &str, value: Value) -> Value {
    json!([{"op": op, "path": path, "value": value}])
}

fn failure(operations: Value) -> ScimError {
    try_patch(&user_schema(), operations.clone(), &PatchOptions::default())
        .map(|_| panic!("{operations}"))
        .unwrap_err()
}

/// Each case of the two dialects: operations, pointer, expected value.
fn check(table: Vec<(Value, String, Value)>) {
    for (operations, pointer, expected) in table {
        let user = Value::Object(patched(operations.clone()));
        assert_eq!(user.pointer(&pointer).cloned().unwrap_or_default(), expected, "{operations}");
    }
}

fn pointer(urn: &str, rest: &str) -> String {
    format!("/{urn}/{rest}")
}
