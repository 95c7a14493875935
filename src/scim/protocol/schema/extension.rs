//! Extension schemas: enterprise user (RFC 7643 §4.3), folders and metadata.

use std::borrow::Cow;

use super::super::urn;
use super::Schema;
use super::attribute::{Attribute, ValueForm};

/// The enterprise `User` extension (RFC 7643 §4.3).
pub fn enterprise_user() -> Schema {
    let text = Attribute::string;
    let attributes = vec![
        text("employeeNumber", "Number or code of the employee."),
        text("costCenter", "Cost centre."),
        text("organization", "Organization."),
        text("division", "Division."),
        text("department", "Department."),
        Attribute::complex(
            "manager",
            "The user's manager.",
            vec![
                text("value", "Identifier of the manager's user account.").case_exact(),
                Attribute::reference("$ref", &["User"], "Address of the manager's user account."),
                text("displayName", "Name of the manager.").read_only(),
            ],
        ),
    ];
    Schema::new(urn::ENTERPRISE_USER, "EnterpriseUser", "Enterprise user", attributes)
}

/// The extension that assigns folders, under a configured URN and name such as `CustomExtensionName`.
///
/// With `add_replaces`, an array in an `add` operation is the whole set. The list is required within the extension, which
/// holds nothing else; the extension itself is not.
pub fn folders(urn: impl Into<Cow<'static, str>>, name: &str, add_replaces: bool) -> Schema {
    let folders = Attribute::string("folders", "Folders of the user, by id, external id or name.")
        .case_exact()
        .required()
        .multi()
        .form(ValueForm::CommaSet { add_replaces });
    Schema::new(urn, name.to_owned(), "Folders of the user", vec![folders])
}

/// The extension whose attribute names are metadata keys. `keys` are the known ones; any other is accepted.
pub fn metadata(urn: impl Into<Cow<'static, str>>, keys: &[String]) -> Schema {
    let key = |name: String| {
        Attribute::string(name, "Metadata value, kept as text.")
            .case_exact()
            .form(ValueForm::Text)
    };
    Schema {
        any_key: Some(Box::new(key(String::new()))),
        ..Schema::new(
            urn,
            "Metadata",
            "Metadata of the user",
            keys.iter().cloned().map(key).collect(),
        )
    }
}
