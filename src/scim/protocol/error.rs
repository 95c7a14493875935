//! SCIM errors and their JSON form (RFC 7644 §3.12).

use serde_json::{Value, json};

use super::urn;

/// Detail keyword of an error with status 400, 403 or 409 (RFC 7644 §3.12, table 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScimType {
    /// The filter is malformed, or its comparison is not supported.
    InvalidFilter,
    /// The query yields more results than the server will give.
    TooMany,
    /// A value is already in use.
    Uniqueness,
    /// The change is not compatible with the attribute's mutability.
    Mutability,
    /// The body is not what the request needs.
    InvalidSyntax,
    /// The path of a PATCH operation is malformed or names nothing.
    InvalidPath,
    /// The path did not yield anything to operate on.
    NoTarget,
    /// A required value is missing, or a value does not fit its attribute.
    InvalidValue,
    /// The SCIM protocol version is not supported.
    InvalidVers,
    /// The request would put personal data into a URL.
    Sensitive,
}

impl ScimType {
    /// The keyword as written on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
        }
    }

    /// The HTTP status that goes with the keyword.
    pub const fn status(self) -> u16 {
        match self {
            Self::Uniqueness => 409,
            Self::Sensitive => 403,
            Self::InvalidFilter
            | Self::TooMany
            | Self::Mutability
            | Self::InvalidSyntax
            | Self::InvalidPath
            | Self::NoTarget
            | Self::InvalidValue
            | Self::InvalidVers => 400,
        }
    }
}

/// A failed SCIM request. `detail` is read by people, often in the identity provider's provisioning log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status} {detail}")]
pub struct ScimError {
    /// HTTP status.
    pub status: u16,
    /// Keyword of table 9, where one applies.
    pub scim_type: Option<ScimType>,
    /// What is wrong, in a sentence an administrator understands.
    pub detail: String,
}

macro_rules! typed {
    ($($(#[$doc:meta])* $name:ident => $kind:ident;)*) => {
        $($(#[$doc])* pub fn $name(detail: impl Into<String>) -> Self { Self::typed(ScimType::$kind, detail) })*
    };
}

impl ScimError {
    /// An error without a keyword, such as 404 or 501.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            scim_type: None,
            detail: detail.into(),
        }
    }

    /// An error with a keyword and the status that belongs to it.
    pub fn typed(scim_type: ScimType, detail: impl Into<String>) -> Self {
        Self {
            status: scim_type.status(),
            scim_type: Some(scim_type),
            detail: detail.into(),
        }
    }

    typed! {
        /// 400: malformed filter or unsupported comparison.
        invalid_filter => InvalidFilter;
        /// 400: too many results.
        too_many => TooMany;
        /// 409: value already in use.
        uniqueness => Uniqueness;
        /// 400: the attribute may not change this way.
        mutability => Mutability;
        /// 400: body structure not as required.
        invalid_syntax => InvalidSyntax;
        /// 400: malformed or unknown PATCH path.
        invalid_path => InvalidPath;
        /// 400: nothing there to operate on.
        no_target => NoTarget;
        /// 400: missing or unsuitable value.
        invalid_value => InvalidValue;
        /// 400: unsupported protocol version.
        invalid_vers => InvalidVers;
        /// 403: personal data in a URL.
        sensitive => Sensitive;
    }

    /// 404: no such resource.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(404, detail)
    }

    /// 412: the resource changed since the client read it (RFC 7644 §3.14).
    pub fn precondition_failed(detail: impl Into<String>) -> Self {
        Self::new(412, detail)
    }

    /// 413: the request exceeds a limit, which the detail names.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(413, detail)
    }

    /// 501: the operation is not supported.
    pub fn not_implemented(detail: impl Into<String>) -> Self {
        Self::new(501, detail)
    }

    /// The response body. `status` is a string on the wire (RFC 7644 §3.12).
    pub fn to_json(&self) -> Value {
        let mut body = json!({
            "schemas": [urn::ERROR],
            "status": self.status.to_string(),
            "detail": self.detail,
        });
        if let (Some(kind), Some(object)) = (self.scim_type, body.as_object_mut()) {
            object.insert("scimType".to_owned(), kind.as_str().into());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_a_string_and_scim_type_optional() {
        assert_eq!(
            ScimError::uniqueness("userName is taken").to_json(),
            json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                "status": "409", "scimType": "uniqueness", "detail": "userName is taken"
            })
        );
        assert!(ScimError::not_found("gone").to_json().get("scimType").is_none());
    }

    #[test]
    fn keywords_carry_the_status_of_table_9() {
        assert_eq!(ScimError::invalid_filter("x").status, 400);
        assert_eq!(ScimError::uniqueness("x").status, 409);
        assert_eq!(ScimError::sensitive("x").status, 403);
    }
}
