//! What the server says about itself. Gallery jobs read `/Schemas` when a mapping is saved (Learn, app gallery
//! requirements): list envelope, no nulls, exact spelling, `canonicalValues` for `type`, every mapped attribute findable.

use serde_json::Value;

use super::super::dialect::{ENTERPRISE, GROUP, METADATA, USER};
use super::super::error::EmulateError;
use super::super::job::Stage;

pub async fn play(stage: &Stage<'_>) -> Result<(), EmulateError> {
    schemas(stage).await?;
    resource_types(stage).await?;
    service_provider_config(stage).await
}

async fn schemas(stage: &Stage<'_>) -> Result<(), EmulateError> {
    let answer = stage.get("/Schemas", &[]).await?;
    let all = answer.resources();
    let folders = stage.job.mapping.folders_urn.as_str();
    let missing: Vec<&str> = [USER, GROUP, ENTERPRISE, folders, METADATA]
        .into_iter()
        .filter(|urn| find(all, urn).is_none())
        .collect();
    let shapeless: Vec<&str> = all
        .iter()
        .filter(|schema| {
            !schema.get("name").is_some_and(Value::is_string) || !schema.get("attributes").is_some_and(Value::is_array)
        })
        .filter_map(|schema| schema.get("id").and_then(Value::as_str))
        .collect();
    stage
        .expect("/Schemas lists every schema in use", &answer)
        .list()
        .that(missing.is_empty(), || format!("missing: {}", missing.join(", ")))
        .that(shapeless.is_empty(), || {
            format!("without \"name\" or \"attributes\": {}", shapeless.join(", "))
        })
        .that(!has_null(&answer.body), || "a null somewhere".to_owned())
        .done();

    let mapped: [(&str, &[&str]); 4] = [
        (
            USER,
            &[
                "userName",
                "active",
                "displayName",
                "title",
                "preferredLanguage",
                "userType",
                "name.givenName",
                "name.familyName",
                "name.formatted",
                "emails.value",
                "emails.type",
                "emails.primary",
                "phoneNumbers.value",
                "phoneNumbers.type",
                "addresses.formatted",
                "addresses.streetAddress",
                "addresses.locality",
                "addresses.region",
                "addresses.postalCode",
                "addresses.country",
                "addresses.type",
                "roles.value",
                "roles.primary",
                "roles.type",
            ],
        ),
        (GROUP, &["displayName", "members.value"]),
        (ENTERPRISE, &["employeeNumber", "department", "manager.value"]),
        (folders, &["folders"]),
    ];
    let absent: Vec<String> = mapped
        .iter()
        .flat_map(|(urn, paths)| paths.iter().map(move |path| (urn, path)))
        .filter(|(urn, path)| find(all, urn).and_then(|schema| attribute(schema, path)).is_none())
        .map(|(urn, path)| format!("{urn}:{path}"))
        .collect();
    stage
        .expect("every mapped attribute is in its schema", &answer)
        .that(absent.is_empty(), || format!("missing: {}", absent.join(", ")))
        .done();

    let without: Vec<&str> = ["emails.type", "phoneNumbers.type", "addresses.type"]
        .into_iter()
        .filter(|path| {
            let values = find(all, USER)
                .and_then(|schema| attribute(schema, path))
                .and_then(|found| found.get("canonicalValues"));
            !values
                .and_then(Value::as_array)
                .is_some_and(|values| values.iter().any(|value| value == "work"))
        })
        .collect();
    stage
        .expect("canonicalValues for \"type\"", &answer)
        .that(without.is_empty(), || format!("missing at {}", without.join(", ")))
        .done();

    let odd: Vec<String> = all
        .iter()
        .flat_map(|schema| odd_attributes(schema.get("attributes")))
        .collect();
    stage
        .expect("attribute properties are spelled as in RFC 7643 section 7", &answer)
        .that(odd.is_empty(), || odd.join("; "))
        .done();

    let one = stage.get(&format!("/Schemas/{USER}"), &[]).await?;
    let id = one.body.get("id").cloned().unwrap_or_default();
    stage
        .expect("one schema by its URN", &one)
        .status(200)
        .scim()
        .that(id == USER, || format!("\"id\" is {id}"))
        .done();
    let none = stage.get("/Schemas/urn:example:nothing", &[]).await?;
    stage.expect("a schema that does not exist", &none).error(404, None).done();
    Ok(())
}

async fn resource_types(stage: &Stage<'_>) -> Result<(), EmulateError> {
    let answer = stage.get("/ResourceTypes", &[]).await?;
    let mut check = stage.expect("/ResourceTypes names users and groups", &answer).list();
    for (name, endpoint, schema) in [("User", "/Users", USER), ("Group", "/Groups", GROUP)] {
        let found = answer
            .resources()
            .iter()
            .find(|kind| kind.get("name").is_some_and(|shown| shown == name));
        let text = |key: &str| {
            found
                .and_then(|kind| kind.get(key))
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        check = check
            .that(found.is_some(), || format!("no {name}"))
            .that(text("endpoint").ends_with(endpoint), || {
                format!("endpoint of {name} is \"{}\"", text("endpoint"))
            })
            .that(text("schema") == schema, || {
                format!("schema of {name} is \"{}\"", text("schema"))
            });
    }
    check.done();
    let one = stage.get("/ResourceTypes/User", &[]).await?;
    let name = one.body.get("name").cloned().unwrap_or_default();
    stage
        .expect("one resource type by its name", &one)
        .status(200)
        .scim()
        .that(name == "User", || format!("\"name\" is {name}"))
        .done();
    Ok(())
}

/// RFC 7643 section 5.
async fn service_provider_config(stage: &Stage<'_>) -> Result<(), EmulateError> {
    let answer = stage.get("/ServiceProviderConfig", &[]).await?;
    let body = &answer.body;
    let flag = |path: &str| body.pointer(path).and_then(Value::as_bool);
    let unsaid: Vec<&str> = [
        "/patch/supported",
        "/bulk/supported",
        "/filter/supported",
        "/changePassword/supported",
        "/sort/supported",
        "/etag/supported",
    ]
    .into_iter()
    .filter(|path| flag(path).is_none())
    .collect();
    let no_number: Vec<&str> = ["/bulk/maxOperations", "/bulk/maxPayloadSize", "/filter/maxResults"]
        .into_iter()
        .filter(|path| !body.pointer(path).is_some_and(Value::is_u64))
        .collect();
    let schemes = body
        .get("authenticationSchemes")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let incomplete = schemes.iter().any(|scheme| {
        ["type", "name", "description"]
            .iter()
            .any(|key| !scheme.get(key).is_some_and(Value::is_string))
    });
    stage
        .expect("/ServiceProviderConfig is complete; patch and filter are on", &answer)
        .status(200)
        .scim()
        .that(unsaid.is_empty(), || format!("no boolean at {}", unsaid.join(", ")))
        .that(no_number.is_empty(), || format!("no integer at {}", no_number.join(", ")))
        .that(
            flag("/patch/supported") == Some(true) && flag("/filter/supported") == Some(true),
            || "patch or filter is off".to_owned(),
        )
        .that(!schemes.is_empty() && !incomplete, || {
            "authenticationSchemes is empty or incomplete".to_owned()
        })
        .done();
    Ok(())
}

fn find<'v>(schemas: &'v [Value], urn: &str) -> Option<&'v Value> {
    schemas.iter().find(|schema| schema.get("id").is_some_and(|id| id == urn))
}

/// The definition of `attribute` or `attribute.sub`.
fn attribute<'v>(schema: &'v Value, path: &str) -> Option<&'v Value> {
    let named = |list: Option<&'v Value>, name: &str| {
        list.and_then(Value::as_array)
            .and_then(|list| list.iter().find(|item| item.get("name").is_some_and(|shown| shown == name)))
    };
    match path.split_once('.') {
        None => named(schema.get("attributes"), path),
        Some((name, sub)) => named(named(schema.get("attributes"), name)?.get("subAttributes"), sub),
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Attributes with a property whose value RFC 7643 section 7 does not know.
fn odd_attributes(list: Option<&Value>) -> Vec<String> {
    const ALLOWED: [(&str, &[&str]); 4] = [
        (
            "type",
            &[
                "string",
                "boolean",
                "decimal",
                "integer",
                "dateTime",
                "reference",
                "complex",
                "binary",
            ],
        ),
        ("mutability", &["readOnly", "readWrite", "immutable", "writeOnly"]),
        ("returned", &["always", "never", "default", "request"]),
        ("uniqueness", &["none", "server", "global"]),
    ];
    let mut odd = Vec::new();
    for item in list.and_then(Value::as_array).into_iter().flatten() {
        let name = item.get("name").and_then(Value::as_str).unwrap_or("?");
        for (property, allowed) in ALLOWED {
            let shown = item.get(property).and_then(Value::as_str);
            if shown.map_or(property == "type", |shown| !allowed.contains(&shown)) {
                odd.push(format!("{name}: {property} is {shown:?}"));
            }
        }
        if !item.get("multiValued").is_some_and(Value::is_boolean) {
            odd.push(format!("{name}: multiValued is no boolean"));
        }
        odd.extend(odd_attributes(item.get("subAttributes")));
    }
    odd
}
