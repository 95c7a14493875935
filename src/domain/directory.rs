//! What a directory says about a person beyond the fields of a user: kept and served as JSON under SCIM's names (RFC 7643 §4.1),
//! extension schemas as objects under their URN.

/// URN of the extension that carries metadata: its attributes are the keys.
pub const METADATA_URN: &str = "urn:ietf:params:scim:schemas:extension:2.0:Metadata";

/// URN of an extension by its name; the one that carries folders has a configured name.
pub fn extension_urn(name: &str) -> String {
    format!("urn:ietf:params:scim:schemas:extension:2.0:{name}")
}

#[cfg(feature = "ssr")]
pub use attributes::{AttributeMap, SentRole, profile, sent_roles, shown_value};

// Browsers get the attributes ready to show.
#[cfg(feature = "ssr")]
mod attributes {
    use std::borrow::Cow;

    use serde_json::Value;

    use crate::domain::user::ProfileAttribute;

    /// Attributes that have no field of their own, under their SCIM names; extension schemas are objects under their URN.
    pub type AttributeMap = serde_json::Map<String, Value>;

    /// A role that a directory sent.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SentRole {
        /// Its name, in any case.
        pub value: String,
        /// Whether it is the preferred one.
        pub is_primary: bool,
    }

    /// The roles among the attributes of a user, as its directory sent them.
    pub fn sent_roles(attributes: &AttributeMap) -> Vec<SentRole> {
        let sent = attributes.get("roles").and_then(Value::as_array).into_iter().flatten();
        sent.filter_map(|role| {
            Some(SentRole {
                value: role.get("value")?.as_str()?.to_owned(),
                is_primary: role.get("primary").and_then(Value::as_bool).unwrap_or(false),
            })
        })
        .collect()
    }

    /// A value as people read it: text as it is, anything else as JSON.
    pub fn shown_value(value: &Value) -> Cow<'_, str> {
        match value {
            Value::String(text) => text.as_str().into(),
            other => other.to_string().into(),
        }
    }

    /// The parts of an address that has no `formatted` value (RFC 7643 §4.1.2), in the order of an envelope.
    const ADDRESS_PARTS: [&str; 6] = ["formatted", "streetAddress", "postalCode", "locality", "region", "country"];

    /// Attributes for the profile of a user: what has a place of its own (roles, folders, metadata) left out.
    pub fn profile(attributes: &AttributeMap) -> Vec<ProfileAttribute> {
        let mut shown = Vec::new();
        let own_extensions = super::extension_urn("");
        for (name, value) in attributes {
            match value {
                Value::Array(_) if name == "roles" => {}
                Value::Array(elements) => shown.extend(elements.iter().map(|element| element_of(name, element))),
                // Folders and metadata; the enterprise extension has another beginning.
                Value::Object(_) if name.starts_with(&own_extensions) => {}
                Value::Object(parts) => {
                    for (part, value) in parts {
                        let value = value.get("displayName").or_else(|| value.get("value")).unwrap_or(value);
                        shown.push(entry(part.clone(), &shown_value(value)));
                    }
                }
                single => shown.push(entry(name.clone(), &shown_value(single))),
            }
        }
        shown
    }

    /// An element of a multi-valued attribute, called after its type.
    fn element_of(name: &str, element: &Value) -> ProfileAttribute {
        let kind = element.get("type").and_then(Value::as_str);
        let name = kind.map_or_else(|| name.to_owned(), |kind| format!("{name}[{kind}]"));
        match element.get("value") {
            Some(value) => entry(name, &shown_value(value)),
            None if element.is_object() => {
                let parts: Vec<_> = ADDRESS_PARTS.iter().filter_map(|part| element.get(*part)?.as_str()).collect();
                entry(name, &parts.join(", "))
            }
            None => entry(name, &shown_value(element)),
        }
    }

    fn entry(name: String, value: &str) -> ProfileAttribute {
        ProfileAttribute {
            name,
            value: value.to_owned(),
        }
    }

    #[cfg(test)]
    mod tests {
        use serde_json::json;

        use super::*;

        #[test]
        fn the_profile_leaves_out_what_has_a_place_of_its_own() {
            let attributes = json!({
                "title": "Head of Sales",
                "roles": [{ "value": "User" }],
                "phoneNumbers": [{ "type": "work", "value": "+49 30 1" }],
                "addresses": [{ "type": "work", "streetAddress": "Main Street 1", "country": "DE" }],
                super::super::METADATA_URN: { "CostCenter": "4711" },
                super::super::extension_urn("Access"): { "folders": ["EU"] },
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                    "department": "Sales",
                    "manager": { "value": "42", "displayName": "Kim" },
                },
            });
            let Value::Object(attributes) = attributes else {
                panic!("an object")
            };
            let shown: Vec<_> = profile(&attributes)
                .into_iter()
                .map(|attribute| format!("{}={}", attribute.name, attribute.value))
                .collect();
            for expected in [
                "title=Head of Sales",
                "phoneNumbers[work]=+49 30 1",
                "addresses[work]=Main Street 1, DE",
                "department=Sales",
                "manager=Kim",
            ] {
                assert!(shown.contains(&expected.to_owned()), "{expected} in {shown:?}");
            }
            assert_eq!(shown.len(), 5, "{shown:?}");
        }
    }
}
