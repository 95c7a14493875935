//! Strict reading of a request body (RFC 7644 §3.1, RFC 8259).
//!
//! Stricter than a general JSON reader where laxness lets two readers disagree: text must be UTF-8, nesting is bounded
//! and an object may not name an attribute twice, in any spelling, because SCIM names are case-insensitive
//! (RFC 7643 §2.1). The size of a body is bounded by whoever reads it from the wire.

use std::collections::HashSet;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::error::ScimError;

/// Deepest nesting of objects and arrays accepted in a body.
pub const MAX_DEPTH: usize = 32;

/// Reads a body.
///
/// # Errors
/// 400 `invalidSyntax` when the bytes are not UTF-8 or not JSON, nest too deep, or repeat a key.
pub fn parse(body: &[u8]) -> Result<Value, ScimError> {
    let text = std::str::from_utf8(body).map_err(|_| ScimError::invalid_syntax("The body is not UTF-8 text."))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    Strict { depth: 0 }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| ScimError::invalid_syntax(format!("The body is not acceptable JSON: {error}.")))
}

struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: de::Error>(&self) -> Result<usize, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(self.depth + 1)
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict { depth })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut seen = HashSet::new();
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if !seen.insert(key.to_ascii_lowercase()) {
                return Err(de::Error::custom(format_args!("the key {key:?} appears twice")));
            }
            let value = entries.next_value_seed(Strict { depth })?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::super::error::ScimType;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn s27_depth_is_bounded() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        for depth in [MAX_DEPTH + 1, 10_000, 1_000_000] {
            let error = parse(nested(depth).as_bytes()).unwrap_err();
            assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
        }
    }

    #[test]
    fn s27_duplicate_keys_are_refused_in_any_spelling() {
        for body in [
            r#"{"a":1,"a":1}"#,
            r#"{"userName":"x","USERNAME":"y"}"#,
            r#"[{"b":{"c":1,"C":2}}]"#,
        ] {
            let error = parse(body.as_bytes()).unwrap_err();
            assert_eq!(
                (error.status, error.scim_type),
                (400, Some(ScimType::InvalidSyntax)),
                "{body}"
            );
            assert!(error.detail.contains("twice"), "{}", error.detail);
        }
    }

    #[test]
    fn not_json_is_refused() {
        for body in [&b""[..], b"{", b"{} {}", b"\xff", b"\"\xc3\x28\"", b"{'a':1}", b"1e999"] {
            assert_eq!(parse(body).unwrap_err().status, 400);
        }
    }

    proptest! {
        #[test]
        fn s27_parser_never_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&body);
        }
    }
}
