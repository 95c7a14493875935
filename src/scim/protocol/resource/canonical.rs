//! Reads a POST or PUT body into canonical form (RFC 7643 §2.5, RFC 7644 §3.3, §3.5.1).

use serde_json::Value;

use super::super::error::ScimError;
use super::super::schema::ResourceSchema;
use super::assign::assign;
use super::coerce::has_content;
use super::edit::{Edit, Mode};
use super::{Ignored, Resource, is_blank};

/// Reads a whole resource.
///
/// Names in any spelling become canonical; null, `[]` and `""` are absent; `id`, `meta`, `schemas` and read-only
/// attributes from the client are dropped; attributes with a default are filled in. What no schema knows is listed, not
/// refused. The result lacks `schemas`: see [`super::finish`].
///
/// # Errors
/// 400 `invalidSyntax` when the body is no object; `invalidValue` naming the attribute when a value does not fit, a
/// required one is missing, or two elements are primary.
pub fn canonicalise(input: &Value, schema: &ResourceSchema) -> Result<(Resource, Vec<Ignored>), ScimError> {
    let Value::Object(object) = input else {
        return Err(ScimError::invalid_syntax("The body must be a JSON object."));
    };
    let mut ignored = Vec::new();
    let mut resource = Resource::new();
    let mut edit = Edit {
        strict: false,
        fresh: true,
        ignored: &mut ignored,
    };
    assign(&mut resource, object, None, Mode::Replace, schema, &mut edit)?;
    drop_hollow_elements(&mut resource, schema);
    for attribute in &schema.core.attributes {
        if resource.get(attribute.name.as_ref()).is_some_and(|value| !is_blank(value)) {
            continue;
        }
        if let Some(default) = &attribute.default {
            resource.insert(attribute.name.to_string(), default.clone());
        } else if attribute.required {
            return Err(ScimError::invalid_value(format!("{} is required.", attribute.name)));
        }
    }
    Ok((resource, ignored))
}

/// Filtered keys can leave elements that say nothing but their type.
fn drop_hollow_elements(resource: &mut Resource, schema: &ResourceSchema) {
    for attribute in schema
        .core
        .attributes
        .iter()
        .filter(|attribute| attribute.multi_valued && attribute.is_complex())
    {
        if let Some(Value::Array(items)) = resource.get_mut(attribute.name.as_ref()) {
            items.retain(|item| item.as_object().is_some_and(|element| has_content(attribute, element)));
            if items.is_empty() {
                resource.remove(attribute.name.as_ref());
            }
        }
    }
}
