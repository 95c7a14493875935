//! List responses (RFC 7644 §3.4.2).

use serde_json::{Value, json};

use super::urn;

/// One page of resources.
#[derive(Debug, Clone, PartialEq)]
pub struct ListResponse {
    /// Number of resources that match, on all pages.
    pub total_results: u64,
    /// 1-based index of the first resource of this page, as asked for.
    pub start_index: u64,
    /// The resources of this page.
    pub resources: Vec<Value>,
}

impl ListResponse {
    /// A list that is complete in one page.
    pub fn complete(resources: Vec<Value>) -> Self {
        Self {
            total_results: resources.len() as u64,
            start_index: 1,
            resources,
        }
    }

    /// The response body. Counts are JSON integers, and `Resources` is there even when empty: Okta and Entra read it always.
    pub fn to_json(self) -> Value {
        json!({
            "schemas": [urn::LIST_RESPONSE],
            "totalResults": self.total_results,
            "startIndex": self.start_index,
            "itemsPerPage": self.resources.len(),
            "Resources": self.resources,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_list_is_what_a_connection_test_needs() {
        let expected = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}"#;
        let expected: Value = serde_json::from_str(expected).unwrap();
        assert_eq!(ListResponse::complete(Vec::new()).to_json(), expected);
    }

    #[test]
    fn page_echoes_the_index_asked_for() {
        let page = ListResponse {
            total_results: 11,
            start_index: 6,
            resources: vec![json!({"id": "1"})],
        }
        .to_json();
        assert_eq!(
            (&page["startIndex"], &page["itemsPerPage"], &page["totalResults"]),
            (&json!(6), &json!(1), &json!(11))
        );
    }
}
