//! Query parameters (RFC 7644 §3.4.2, §3.9).

use super::super::protocol::resource::{Resource, project};
use super::super::protocol::{ListQuery, ResourceSchema, ScimError};

/// The decoded parameters of a URL. Names are compared without case, and of a repeated one the first counts.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub fn parse(query: &str) -> Self {
        Self(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// Whether the client says which attributes it wants.
    pub fn names_attributes(&self) -> bool {
        self.value("attributes").is_some_and(|names| !names.trim().is_empty())
    }

    /// Whether there is a filter.
    pub fn has_filter(&self) -> bool {
        self.value("filter").is_some()
    }

    /// # Errors
    /// 400 for text that cannot be stored or compared with.
    pub fn check(&self) -> Result<(), ScimError> {
        match self.0.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            true => Err(ScimError::invalid_value("A parameter holds the character NUL.")),
            false => Ok(()),
        }
    }

    /// All parameters of a list request.
    ///
    /// # Errors
    /// 400 as [`ListQuery::from_pairs`].
    pub fn list(&self) -> Result<ListQuery, ScimError> {
        ListQuery::from_pairs(self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// Which attributes the answer shows. The other parameters mean nothing where there is one resource.
    ///
    /// # Errors
    /// 400 `invalidValue` for both parameters at once, which exclude each other.
    pub fn shown(&self) -> Result<ListQuery, ScimError> {
        let pairs = ["attributes", "excludedAttributes"]
            .into_iter()
            .filter_map(|name| Some((name, self.value(name)?)));
        ListQuery::from_pairs(pairs)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Refuses what a list request may ask and is not offered. Sorting is not advertised and may be passed over (RFC 7644
/// §3.4.2.3); a cursor may not, because the client would take the first page for everything (RFC 9865 §2).
pub(super) fn check_offered(query: &ListQuery) -> Result<(), ScimError> {
    match query.cursor {
        Some(_) => Err(ScimError::invalid_value(
            "Paging by cursor is not supported. Use startIndex and count.",
        )),
        None => Ok(()),
    }
}

/// The part of a resource that the client wants to see.
pub(super) fn shown(resource: &Resource, query: &ListQuery, schema: &ResourceSchema) -> Result<Resource, ScimError> {
    project(resource, &query.attributes, &query.excluded_attributes, schema)
}

/// Whether anything of an attribute would be shown, so that it has to be loaded.
pub(super) fn is_shown(
    attribute: &str,
    sample: serde_json::Value,
    query: &ListQuery,
    schema: &ResourceSchema,
) -> Result<bool, ScimError> {
    let resource = Resource::from_iter([(attribute.to_owned(), sample)]);
    Ok(shown(&resource, query, schema)?.contains_key(attribute))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_in_any_case_first_one_counts() {
        let parameters = Parameters::parse("ATTRIBUTES=id&attributes=name&aadOptscim062020&count=x");
        assert_eq!(parameters.shown().unwrap().attributes, ["id"]);
        assert!(parameters.names_attributes() && !parameters.has_filter());
        assert!(parameters.list().is_err());
        assert!(Parameters::parse("attributes=id&excludedAttributes=name").shown().is_err());
        assert!(Parameters::parse("filter=a%00").check().is_err());
    }

    #[test]
    fn members_are_loaded_only_when_shown() {
        let schema = ResourceSchema::group();
        let is_shown = |query: &str| {
            let query = Parameters::parse(query).shown().unwrap();
            is_shown("members", json!([{"value": "1", "type": "x"}]), &query, &schema).unwrap()
        };
        for query in [
            "",
            "attributes=members",
            "attributes=MEMBERS.value",
            "excludedAttributes=displayName",
            "excludedAttributes=members.type",
        ] {
            assert!(is_shown(query), "{query}");
        }
        for query in [
            "excludedAttributes=members",
            "excludedAttributes=Members",
            "attributes=id,displayName",
            "excludedAttributes=urn:ietf:params:scim:schemas:core:2.0:Group:members",
        ] {
            assert!(!is_shown(query), "{query}");
        }
    }
}
