//! Discovery (RFC 7644 §4): what this service provider can do and which attributes it knows.

use serde_json::Value;

use super::super::error::Failure;
use super::super::mapping::UserMapping;
use super::super::protocol::query::MAX_COUNT;
use super::super::protocol::schema::{AuthenticationScheme, Schema, ServiceProviderConfig, resource_types, schemas};
use super::super::protocol::{ResourceSchema, ScimError};
use super::super::reply::Reply;
use super::Call;
use super::groups;
use super::path::Document;
use crate::service::provisioning::vocabulary;

pub(super) async fn document(call: &Call, document: &Document) -> Result<Reply, Failure> {
    // Paging and sorting are passed over; a filter is refused, or the client would take everything for what it asked for.
    if call.parameters.has_filter() {
        return Err(ScimError::new(403, "This address cannot be filtered.").into());
    }
    let base = call.base.as_str();
    if *document == Document::ServiceProviderConfig {
        return Ok(Reply::ok(&service_provider_config().to_json(base)));
    }
    let users = UserMapping::new(&vocabulary(&call.context).await?, base).schema;
    let types = [&users, &*groups::SCHEMA];
    let found = match document {
        Document::ServiceProviderConfig => Some(service_provider_config().to_json(base)),
        Document::ResourceTypes => Some(resource_types(&types, base)),
        Document::ResourceType(name) => types
            .iter()
            .find(|kind| kind.name == name.as_str())
            .map(|kind| kind.to_json(base)),
        Document::Schemas => Some(schemas(&types, base)),
        Document::Schema(id) => all_schemas(&types)
            .find(|schema| schema.id.eq_ignore_ascii_case(id))
            .map(|schema| schema.to_json(base)),
    };
    let body: Value = found.ok_or_else(|| ScimError::not_found("There is no such resource type or schema."))?;
    Ok(Reply::ok(&body))
}

fn all_schemas<'t>(types: &'t [&ResourceSchema]) -> impl Iterator<Item = &'t Schema> {
    types
        .iter()
        .flat_map(|kind| std::iter::once(&kind.core).chain(&kind.extensions))
}

/// What is said here is tested: nothing is advertised that does not work (product decision 18).
fn service_provider_config() -> ServiceProviderConfig {
    let scheme = |kind, name: &str, description: &str, spec: &str, primary| AuthenticationScheme {
        kind,
        name: name.to_owned(),
        description: description.to_owned(),
        spec_uri: Some(spec.to_owned()),
        primary,
    };
    ServiceProviderConfig {
        documentation_uri: None,
        patch: true,
        bulk: None,
        filter_max_results: MAX_COUNT,
        change_password: false,
        sort: false,
        etag: false,
        authentication_schemes: vec![
            scheme(
                "oauthbearertoken",
                "Bearer token",
                "The secret of the connector in the Authorization header.",
                "https://www.rfc-editor.org/rfc/rfc6750",
                true,
            ),
            scheme(
                "httpbasic",
                "HTTP Basic",
                "User name and secret of the connector in the Authorization header.",
                "https://www.rfc-editor.org/rfc/rfc7617",
                false,
            ),
        ],
    }
}
