//! Query parameters of a list request, from the URL or a `.search` body (RFC 7644 §3.4.2, §3.4.3; RFC 9865 for `cursor`).

use serde_json::Value;

use super::error::ScimError;
use super::filter::{AttrRef, Filter};
use super::path::{Resolved, resolve_query};
use super::resource::{Resource, get_ignore_case};
use super::schema::ResourceSchema;
use super::urn;

/// Most resources in one answer, and the number given when the client names none.
pub const MAX_COUNT: u64 = 200;

/// Direction of sorting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortOrder {
    /// Smallest first; missing values last (RFC 7644 §3.4.2.3).
    #[default]
    Ascending,
    /// Largest first; missing values first.
    Descending,
}

/// A sort key, resolved against the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// By what. A complex attribute stands for its `value`, a list for its primary or first element.
    pub by: AttrRef,
    /// Which way.
    pub order: SortOrder,
}

/// A list request. Numbers are within bounds already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Filter as sent; see [`ListQuery::filter`].
    pub filter: Option<String>,
    /// Only these attributes in the answer.
    pub attributes: Vec<String>,
    /// All but these attributes in the answer.
    pub excluded_attributes: Vec<String>,
    /// 1-based index of the first resource.
    pub start_index: u64,
    /// Most resources in the answer; 0 asks for the total alone.
    pub count: u64,
    /// Sort key as sent; see [`ListQuery::sort`].
    pub sort_by: Option<String>,
    /// Sort direction.
    pub sort_order: SortOrder,
    /// Cursor; empty for the first page of a cursor query.
    pub cursor: Option<String>,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            filter: None,
            attributes: Vec::new(),
            excluded_attributes: Vec::new(),
            start_index: 1,
            count: MAX_COUNT,
            sort_by: None,
            sort_order: SortOrder::Ascending,
            cursor: None,
        }
    }
}

impl ListQuery {
    /// Reads decoded URL parameters. Unknown ones are ignored (RFC 7644 §3.4.2), such as Entra's `aadOptscim062020`;
    /// names are accepted in any case, and of a repeated one the first counts.
    ///
    /// # Errors
    /// 400 `invalidValue` for a number or sort order that is none, and for parameters that exclude each other.
    pub fn from_pairs<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> Result<Self, ScimError> {
        let mut given = Resource::new();
        for (name, value) in pairs {
            given.entry(name.to_ascii_lowercase()).or_insert_with(|| value.into());
        }
        Self::read(&given)
    }

    /// Reads the body of a `.search` request (RFC 7644 §3.4.3).
    ///
    /// # Errors
    /// 400 `invalidSyntax` when the body is no search request, else as [`ListQuery::from_pairs`].
    pub fn from_search(body: &Value) -> Result<Self, ScimError> {
        let is_search = |value: &Value| {
            value
                .as_str()
                .is_some_and(|text| text.eq_ignore_ascii_case(urn::SEARCH_REQUEST))
        };
        let body = body.as_object().filter(|body| {
            get_ignore_case(body, "schemas")
                .and_then(Value::as_array)
                .is_some_and(|urns| urns.iter().any(is_search))
        });
        let required = || ScimError::invalid_syntax(format!("The body must be an object with schema {}.", urn::SEARCH_REQUEST));
        Self::read(body.ok_or_else(required)?)
    }

    fn read(given: &Resource) -> Result<Self, ScimError> {
        let get = |name| get_ignore_case(given, name).filter(|value| !value.is_null());
        let mut query = Self {
            filter: text(get("filter"), "filter")?.filter(|filter| !filter.trim().is_empty()),
            attributes: names(get("attributes"), "attributes")?,
            excluded_attributes: names(get("excludedAttributes"), "excludedAttributes")?,
            sort_by: text(get("sortBy"), "sortBy")?.filter(|name| !name.trim().is_empty()),
            cursor: text(get("cursor"), "cursor")?,
            ..Self::default()
        };
        // Below 1 counts as 1, a negative count as 0 (RFC 7644 §3.4.2.4).
        if let Some(start) = get("startIndex") {
            query.start_index = number(start, "startIndex")?.max(1).unsigned_abs();
        }
        if let Some(count) = get("count") {
            query.count = number(count, "count")?.max(0).unsigned_abs().min(MAX_COUNT);
        }
        if let Some(order) = text(get("sortOrder"), "sortOrder")? {
            query.sort_order = match order.trim().to_ascii_lowercase().as_str() {
                "ascending" | "" => SortOrder::Ascending,
                "descending" => SortOrder::Descending,
                _ => return Err(ScimError::invalid_value("sortOrder must be ascending or descending.")),
            };
        }
        if !query.attributes.is_empty() && !query.excluded_attributes.is_empty() {
            let detail = "attributes and excludedAttributes cannot be used together.";
            return Err(ScimError::invalid_value(detail));
        }
        if query.cursor.is_some() && get("startIndex").is_some() {
            return Err(ScimError::invalid_value("cursor and startIndex cannot be used together."));
        }
        Ok(query)
    }

    /// The filter, resolved against a schema.
    ///
    /// # Errors
    /// 400 `invalidFilter`.
    pub fn filter(&self, schema: &ResourceSchema) -> Result<Option<Filter>, ScimError> {
        self.filter.as_deref().map(|text| Filter::parse(text, schema)).transpose()
    }

    /// The sort key, resolved against a schema. None when there is none or no resource has it.
    pub fn sort(&self, schema: &ResourceSchema) -> Option<Sort> {
        let Resolved::Attribute(mut target) = resolve_query(self.sort_by.as_deref()?, schema) else {
            return None;
        };
        let mut leaf = target.sub.unwrap_or(target.attribute);
        if leaf.is_complex() {
            leaf = leaf.sub("value")?;
            target.path.sub = Some(leaf.name.to_string());
        }
        let multi_valued = target.attribute.multi_valued;
        let by = AttrRef {
            path: target.path,
            kind: leaf.kind,
            case_exact: leaf.case_exact,
            multi_valued,
        };
        Some(Sort {
            by,
            order: self.sort_order,
        })
    }
}

fn text(value: Option<&Value>, name: &str) -> Result<Option<String>, ScimError> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ScimError::invalid_value(format!("{name} must be text."))),
    }
}

/// A comma-separated list in a URL, an array of texts in a body.
fn names(value: Option<&Value>, name: &str) -> Result<Vec<String>, ScimError> {
    let texts: Vec<&str> = match value {
        None => Vec::new(),
        Some(Value::String(text)) => text.split(',').collect(),
        Some(Value::Array(items)) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.ok_or_else(|| ScimError::invalid_value(format!("{name} must be a list of texts.")))?
        }
        Some(_) => return Err(ScimError::invalid_value(format!("{name} must be a list of texts."))),
    };
    Ok(texts
        .into_iter()
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect())
}

/// A whole number of any size, cut to what fits: a huge index is simply beyond the end.
fn number(value: &Value, name: &str) -> Result<i64, ScimError> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    };
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ScimError::invalid_value(format!("{name} must be a whole number.")));
    }
    let beyond = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Ok(text.parse().unwrap_or(beyond))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::fixtures::{ENT, user_schema};
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> ListQuery {
        ListQuery::from_pairs(pairs.iter().copied()).unwrap()
    }

    #[test]
    fn s27_paging_numbers_are_clamped() {
        for (text, start, count) in [
            ("1", 1, 1),
            ("0", 1, 0),
            ("-5", 1, 0),
            ("200", 200, 200),
            ("201", 201, 200),
            ("+7", 7, 7),
            ("99999999999999999999999", i64::MAX.unsigned_abs(), 200),
            ("-99999999999999999999999", 1, 0),
        ] {
            let query = query(&[("startIndex", text), ("count", text)]);
            assert_eq!((query.start_index, query.count), (start, count), "{text}");
        }
        for text in ["", "x", "1.5", "1e3", "--1", "0x10"] {
            assert_eq!(ListQuery::from_pairs([("count", text)]).unwrap_err().status, 400, "{text}");
        }
    }

    #[test]
    fn unknown_parameters_are_ignored() {
        let query = query(&[("aadOptscim062020", ""), ("FILTER", "id eq 1"), ("filter", "second")]);
        assert_eq!(
            query,
            ListQuery {
                filter: Some("id eq 1".to_owned()),
                ..ListQuery::default()
            }
        );
    }

    #[test]
    fn exclusive_parameters_are_refused() {
        for pairs in [
            [("attributes", "id"), ("excludedAttributes", "name")],
            [("cursor", ""), ("startIndex", "1")],
        ] {
            assert_eq!(ListQuery::from_pairs(pairs).unwrap_err().status, 400);
        }
    }

    #[test]
    fn search_body_reads_the_same() {
        let body = json!({"schemas": [urn::SEARCH_REQUEST], "attributes": ["displayName", "userName"],
            "filter": "displayName sw \"smith\"", "startIndex": 1, "count": 10, "sortBy": "name.familyName", "sortOrder": "descending"});
        let searched = ListQuery::from_search(&body).unwrap();
        let listed = query(&[
            ("attributes", "displayName, userName"),
            ("filter", "displayName sw \"smith\""),
            ("startIndex", "1"),
            ("count", "10"),
            ("sortBy", "name.familyName"),
            ("sortOrder", "Descending"),
        ]);
        assert_eq!(searched, listed);
        assert!(ListQuery::from_search(&json!({"filter": "id pr"})).is_err());
        let sort = searched.sort(&user_schema()).unwrap();
        assert_eq!(
            (sort.by.path.to_string(), sort.order),
            ("name.familyName".to_owned(), SortOrder::Descending)
        );
    }

    #[test]
    fn s28_sort_key_is_a_schema_attribute() {
        let schema = user_schema();
        let sort = |name: &str| query(&[("sortBy", name)]).sort(&schema).map(|sort| sort.by.path.to_string());
        assert_eq!(sort("EMAILS"), Some("emails.value".to_owned()));
        assert_eq!(sort("manager"), Some(format!("{ENT}:manager.value")));
        assert_eq!(sort("userName; drop table users"), None);
        assert_eq!(sort("name"), None);
    }

    proptest! {
        #[test]
        fn s27_query_never_panics(name in "(count|startIndex|sortOrder|attributes|filter)", value in r"\PC{0,30}") {
            let _ = ListQuery::from_pairs([(name.as_str(), value.as_str())]);
        }
    }
}
