//! Discovery documents: `/Schemas`, `/ResourceTypes`, `/ServiceProviderConfig` (RFC 7643 §5–§8, RFC 7644 §4).

use serde_json::{Map, Value, json};

use super::super::list::ListResponse;
use super::super::urn;
use super::attribute::{Attribute, AttributeType};
use super::{ResourceSchema, Schema};

impl Attribute {
    /// The attribute as `/Schemas` describes it (RFC 7643 §7). Never holds a null.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("name", self.name.as_ref().into());
        put("type", self.kind.as_str().into());
        put("multiValued", self.multi_valued.into());
        put("description", self.description.as_ref().into());
        put("required", self.required.into());
        put("mutability", self.mutability.as_str().into());
        put("returned", self.returned.as_str().into());
        if !self.canonical_values.is_empty() {
            put(
                "canonicalValues",
                self.canonical_values.iter().map(AsRef::as_ref).collect::<Vec<&str>>().into(),
            );
        }
        match self.kind {
            AttributeType::String | AttributeType::Reference | AttributeType::Binary => {
                put("caseExact", self.case_exact.into());
                put("uniqueness", self.uniqueness.as_str().into());
            }
            AttributeType::Decimal | AttributeType::Integer | AttributeType::DateTime => {
                put("uniqueness", self.uniqueness.as_str().into());
            }
            AttributeType::Boolean => {}
            AttributeType::Complex => {
                put("uniqueness", self.uniqueness.as_str().into());
                put(
                    "subAttributes",
                    self.sub_attributes
                        .iter()
                        .map(Attribute::to_json)
                        .collect::<Vec<Value>>()
                        .into(),
                );
            }
        }
        if !self.reference_types.is_empty() {
            put(
                "referenceTypes",
                self.reference_types.iter().map(AsRef::as_ref).collect::<Vec<&str>>().into(),
            );
        }
        Value::Object(object)
    }
}

impl Schema {
    /// The schema as a resource; `base` is the absolute SCIM base address.
    pub fn to_json(&self, base: &str) -> Value {
        json!({
            "schemas": [urn::SCHEMA],
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "attributes": self.attributes.iter().map(Attribute::to_json).collect::<Vec<Value>>(),
            "meta": { "resourceType": "Schema", "location": format!("{base}/Schemas/{}", self.id) },
        })
    }
}

impl ResourceSchema {
    /// The resource type as a resource (RFC 7643 §6); `base` is the absolute SCIM base address.
    pub fn to_json(&self, base: &str) -> Value {
        let extensions: Vec<Value> = self
            .extensions
            .iter()
            .map(|schema| json!({ "schema": schema.id, "required": false }))
            .collect();
        json!({
            "schemas": [urn::RESOURCE_TYPE],
            "id": self.name,
            "name": self.name,
            "endpoint": self.endpoint,
            "description": self.description,
            "schema": self.core.id,
            "schemaExtensions": extensions,
            "meta": { "resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/{}", self.name) },
        })
    }
}

/// The answer to `GET /ResourceTypes`.
pub fn resource_types(types: &[&ResourceSchema], base: &str) -> Value {
    ListResponse::complete(types.iter().map(|kind| kind.to_json(base)).collect()).to_json()
}

/// The answer to `GET /Schemas`: every schema in use, once.
pub fn schemas(types: &[&ResourceSchema], base: &str) -> Value {
    let mut seen: Vec<&Schema> = Vec::new();
    for schema in types
        .iter()
        .flat_map(|kind| std::iter::once(&kind.core).chain(&kind.extensions))
    {
        if !seen.iter().any(|known| known.id == schema.id) {
            seen.push(schema);
        }
    }
    ListResponse::complete(seen.into_iter().map(|schema| schema.to_json(base)).collect()).to_json()
}

/// One way to authenticate (RFC 7643 §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationScheme {
    /// `oauth`, `oauth2`, `oauthbearertoken`, `httpbasic` or `httpdigest`.
    pub kind: &'static str,
    /// Name to show.
    pub name: String,
    /// Description to show.
    pub description: String,
    /// Address of the specification.
    pub spec_uri: Option<String>,
    /// Whether clients should prefer it.
    pub primary: bool,
}

/// Facts about this service provider (RFC 7643 §5). The caller fills in what it really does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceProviderConfig {
    /// Address of the documentation for administrators.
    pub documentation_uri: Option<String>,
    /// PATCH works.
    pub patch: bool,
    /// Bulk operations and payload bytes per request, when bulk works.
    pub bulk: Option<(u64, u64)>,
    /// Most resources in one answer.
    pub filter_max_results: u64,
    /// Passwords can be changed over SCIM.
    pub change_password: bool,
    /// Sorting works.
    pub sort: bool,
    /// ETags work.
    pub etag: bool,
    /// Ways to authenticate.
    pub authentication_schemes: Vec<AuthenticationScheme>,
}

impl ServiceProviderConfig {
    /// The answer to `GET /ServiceProviderConfig`; `base` is the absolute SCIM base address.
    pub fn to_json(&self, base: &str) -> Value {
        let (operations, payload) = self.bulk.unwrap_or_default();
        let mut body = json!({
            "schemas": [urn::SERVICE_PROVIDER_CONFIG],
            "patch": { "supported": self.patch },
            "bulk": { "supported": self.bulk.is_some(), "maxOperations": operations, "maxPayloadSize": payload },
            "filter": { "supported": true, "maxResults": self.filter_max_results },
            "changePassword": { "supported": self.change_password },
            "sort": { "supported": self.sort },
            "etag": { "supported": self.etag },
            "authenticationSchemes": self.authentication_schemes.iter().map(scheme_json).collect::<Vec<Value>>(),
            "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig") },
        });
        put_text(&mut body, "documentationUri", self.documentation_uri.as_deref());
        body
    }
}

fn scheme_json(scheme: &AuthenticationScheme) -> Value {
    let mut body = json!({
        "type": scheme.kind, "name": scheme.name, "description": scheme.description, "primary": scheme.primary,
    });
    put_text(&mut body, "specUri", scheme.spec_uri.as_deref());
    body
}

/// Adds a text that may be missing: discovery documents hold no nulls.
fn put_text(body: &mut Value, key: &str, text: Option<&str>) {
    if let (Some(text), Some(object)) = (text, body.as_object_mut()) {
        object.insert(key.to_owned(), text.into());
    }
}
