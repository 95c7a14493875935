//! Attribute names and PATCH paths, resolved against a resource type (RFC 7644 §3.10, §3.5.2).
//!
//! A full name is `URN:attribute.sub`. The URN is split off first, by comparing with the known schemas: schema URNs hold
//! dots (`2.0`), so the first dot of a name says nothing.

use std::fmt;

use super::error::ScimError;
use super::filter::{Filter, MAX_LENGTH};
use super::schema::{Attribute, ResourceSchema, Schema};
use super::text::{shorten, strip_prefix_ignore_case};

/// An attribute's place in a resource, in canonical spelling.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttrPath {
    /// URN of the extension that holds it; none for core and common attributes.
    pub extension: Option<String>,
    /// Attribute name.
    pub name: String,
    /// Sub-attribute name.
    pub sub: Option<String>,
}

impl fmt::Display for AttrPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.extension {
            write!(formatter, "{urn}:")?;
        }
        formatter.write_str(&self.name)?;
        if let Some(sub) = &self.sub {
            write!(formatter, ".{sub}")?;
        }
        Ok(())
    }
}

/// A path with the schema entries it names.
#[derive(Debug, Clone, PartialEq)]
pub struct Target<'s> {
    /// Where the value is.
    pub path: AttrPath,
    /// The attribute.
    pub attribute: &'s Attribute,
    /// The sub-attribute, when the path goes that deep.
    pub sub: Option<&'s Attribute>,
}

/// What an attribute name means.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved<'s> {
    /// The URN of the core schema itself.
    Core,
    /// The URN of an extension itself.
    Extension(&'s Schema),
    /// An attribute or sub-attribute.
    Attribute(Target<'s>),
    /// Nothing known. `qualified` when the name carries a URN.
    Unknown {
        /// Whether the name carries a URN.
        qualified: bool,
    },
}

/// What a PATCH path means (RFC 7644 §3.5.2, figure 7).
#[derive(Debug, Clone, PartialEq)]
pub enum PatchPath<'s> {
    /// The URN of the core schema itself: the whole resource.
    Core,
    /// The URN of an extension itself.
    Extension(&'s Schema),
    /// An attribute or sub-attribute.
    Attribute(Target<'s>),
    /// The elements of a multi-valued attribute that match a filter.
    Elements {
        /// The multi-valued attribute; its `sub` is the sub-attribute after the brackets.
        target: Target<'s>,
        /// The filter between the brackets.
        filter: Filter,
    },
    /// Well-formed, but nothing known. `qualified` when the name carries a URN.
    Unknown {
        /// Whether the name carries a URN.
        qualified: bool,
    },
}

/// Resolves `URN:attribute.sub`; the case of names and URNs does not matter.
///
/// Accepts a dot between the enterprise URN and the attribute, as provisioning jobs from before 2019 send it.
pub fn resolve<'s>(text: &str, schema: &'s ResourceSchema) -> Resolved<'s> {
    let text = text.trim();
    if let Some((owner, rest)) = longest_urn(text, schema) {
        if rest.is_empty() {
            return owner.map_or(Resolved::Core, Resolved::Extension);
        }
        return in_schema(owner, rest.get(1..).unwrap_or_default(), schema);
    }
    if text.contains(':') {
        return Resolved::Unknown { qualified: true };
    }
    in_schema(None, text, schema)
}

/// Like [`resolve`], and finds extension attributes without their URN too, as in Entra's reference check
/// `manager eq "…"`. For queries only: what is written must say where it belongs.
pub fn resolve_query<'s>(text: &str, schema: &'s ResourceSchema) -> Resolved<'s> {
    let found = resolve(text, schema);
    if found != (Resolved::Unknown { qualified: false }) {
        return found;
    }
    schema
        .extensions
        .iter()
        .filter(|extension| extension.any_key.is_none())
        .map(|extension| in_schema(Some(extension), text.trim(), schema))
        .find(|resolved| matches!(resolved, Resolved::Attribute(_)))
        .unwrap_or(found)
}

/// The known schema whose URN starts the text, and what follows the URN (nothing, or `:…`, or `.…`).
fn longest_urn<'s, 't>(text: &'t str, schema: &'s ResourceSchema) -> Option<(Option<&'s Schema>, &'t str)> {
    let core = std::iter::once((None, &schema.core));
    core.chain(schema.extensions.iter().map(|extension| (Some(extension), extension)))
        .filter_map(|(owner, known)| strip_prefix_ignore_case(text, &known.id).map(|rest| (owner, rest)))
        .filter(|(_, rest)| rest.is_empty() || rest.starts_with(':') || rest.starts_with('.'))
        .min_by_key(|(_, rest)| rest.len())
}

fn in_schema<'s>(owner: Option<&'s Schema>, name: &str, schema: &'s ResourceSchema) -> Resolved<'s> {
    let unknown = Resolved::Unknown {
        qualified: owner.is_some(),
    };
    if let Some(Schema {
        any_key: Some(template),
        id,
        ..
    }) = owner
    {
        return dynamic(owner, template, id, name).map_or(unknown, Resolved::Attribute);
    }
    let (name, sub_name) = name.split_once('.').map_or((name, None), |(name, sub)| (name, Some(sub)));
    let found = match owner {
        Some(extension) => extension.find(name),
        None => schema.find(name),
    };
    let Some(attribute) = found else { return unknown };
    let sub = match sub_name {
        None => None,
        // The elements of a simple list are also written as `{"value": …}`.
        Some(sub) if !attribute.is_complex() && attribute.multi_valued && sub.eq_ignore_ascii_case("value") => None,
        Some(sub) => match attribute.sub(sub) {
            Some(sub) => Some(sub),
            None => return unknown,
        },
    };
    let path = AttrPath {
        extension: owner.map(|extension| extension.id.to_string()),
        name: attribute.name.to_string(),
        sub: sub.map(|sub| sub.name.to_string()),
    };
    Resolved::Attribute(Target { path, attribute, sub })
}

/// A dynamic key is everything right of the URN: it may hold dots and blanks, in any case, but no further colon, which
/// would make the split ambiguous. `schemas` is none: clients read a list of URNs under that name.
fn dynamic<'s>(owner: Option<&'s Schema>, template: &'s Attribute, urn: &str, key: &str) -> Option<Target<'s>> {
    let key = key.trim();
    let is_reserved = key.eq_ignore_ascii_case("schemas");
    if key.is_empty() || is_reserved || key.contains(':') || key.chars().any(char::is_control) {
        return None;
    }
    let declared = owner.and_then(|schema| schema.find(key));
    let name = declared.map_or(key, |attribute| attribute.name.as_ref()).to_owned();
    let path = AttrPath {
        extension: Some(urn.to_owned()),
        name,
        sub: None,
    };
    Some(Target {
        path,
        attribute: declared.unwrap_or(template),
        sub: None,
    })
}

/// Parses the `path` of a PATCH operation.
///
/// # Errors
/// 400 `invalidPath` when it is malformed or cannot have a value filter, `invalidFilter` when its filter is malformed.
pub fn parse_patch_path<'s>(text: &str, schema: &'s ResourceSchema) -> Result<PatchPath<'s>, ScimError> {
    let text = text.trim();
    if text.len() > MAX_LENGTH {
        return Err(ScimError::invalid_path(format!(
            "The path is longer than {MAX_LENGTH} bytes."
        )));
    }
    let malformed = || ScimError::invalid_path(format!("The path {:?} is malformed.", shorten(text)));
    let unfiltered = match resolve(text, schema) {
        Resolved::Core => return Ok(PatchPath::Core),
        Resolved::Extension(extension) => return Ok(PatchPath::Extension(extension)),
        Resolved::Attribute(target) => return Ok(PatchPath::Attribute(target)),
        Resolved::Unknown { qualified } => qualified,
    };
    let Some((head, tail)) = text.split_once('[') else {
        if unfiltered || is_attribute_path(text) {
            return Ok(PatchPath::Unknown { qualified: unfiltered });
        }
        return Err(malformed());
    };
    let (inner, after) = tail.rsplit_once(']').ok_or_else(malformed)?;
    let sub_name = match after.trim() {
        "" => None,
        after => Some(
            after
                .strip_prefix('.')
                .filter(|sub| is_attribute_name(sub))
                .ok_or_else(malformed)?,
        ),
    };
    let mut target = match resolve(head, schema) {
        Resolved::Attribute(target) => target,
        Resolved::Unknown { qualified } if qualified || is_attribute_name(head) => {
            return Ok(PatchPath::Unknown { qualified });
        }
        Resolved::Unknown { .. } | Resolved::Core | Resolved::Extension(_) => return Err(malformed()),
    };
    if !target.attribute.multi_valued || target.sub.is_some() {
        return Err(ScimError::invalid_path(format!(
            "{:?} has no elements to filter.",
            shorten(head.trim())
        )));
    }
    let filter = Filter::parse_elements(inner, &target)?;
    if let Some(name) = sub_name {
        if target.attribute.is_complex() {
            let Some(sub) = target.attribute.sub(name) else {
                return Ok(PatchPath::Unknown { qualified: false });
            };
            target.path.sub = Some(sub.name.to_string());
            target.sub = Some(sub);
        } else if !name.eq_ignore_ascii_case("value") {
            return Err(malformed());
        }
    }
    Ok(PatchPath::Elements { target, filter })
}

/// `ATTRNAME` of RFC 7644 §3.4.2.2, with the `$` of `$ref`.
fn is_attribute_name(text: &str) -> bool {
    let name = text.strip_prefix('$').unwrap_or(text);
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$'))
}

fn is_attribute_path(text: &str) -> bool {
    match text.split_once('.') {
        Some((name, sub)) => is_attribute_name(name) && is_attribute_name(sub),
        None => is_attribute_name(text),
    }
}

#[cfg(test)]
mod tests {
    use super::super::error::ScimType;
    use super::super::fixtures::user_schema;
    use super::*;
    use proptest::prelude::*;

    const ENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const META: &str = "urn:ietf:params:scim:schemas:extension:2.0:Metadata";
    const FOLD: &str = "urn:ietf:params:scim:schemas:extension:2.0:CustomExtensionName";

    fn resolved(text: &str) -> Option<String> {
        match resolve(text, &user_schema()) {
            Resolved::Attribute(target) => Some(target.path.to_string()),
            Resolved::Core => Some("core".to_owned()),
            Resolved::Extension(schema) => Some(schema.id.to_string()),
            Resolved::Unknown { .. } => None,
        }
    }

    #[test]
    fn names_resolve_to_canonical_spelling() {
        let table = [
            ("userName".to_owned(), Some("userName".to_owned())),
            ("USERNAME".to_owned(), Some("userName".to_owned())),
            ("Name.GIVENNAME".to_owned(), Some("name.givenName".to_owned())),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User:Emails.Value".to_owned(),
                Some("emails.value".to_owned()),
            ),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User".to_owned(),
                Some("core".to_owned()),
            ),
            (format!("{ENT}:department"), Some(format!("{ENT}:department"))),
            (
                format!("{}:MANAGER.VALUE", ENT.to_uppercase()),
                Some(format!("{ENT}:manager.value")),
            ),
            // The dotted form of old provisioning jobs.
            (format!("{ENT}.department"), Some(format!("{ENT}:department"))),
            (ENT.to_owned(), Some(ENT.to_owned())),
            (format!("{FOLD}:Folders"), Some(format!("{FOLD}:folders"))),
            (format!("{FOLD}:folders.value"), Some(format!("{FOLD}:folders"))),
            // Metadata keys keep their case and may hold dots and blanks.
            (format!("{META}:Cost.Center v2.0"), Some(format!("{META}:Cost.Center v2.0"))),
            (format!("{META}:KNOWNKEY"), Some(format!("{META}:knownKey"))),
            (format!("{META}:a:b"), None),
            (format!("{META}:"), None),
            (format!("{META}:Schemas"), None),
            ("urn:example:other:2.0:Thing:x".to_owned(), None),
            ("department".to_owned(), None),
            ("name.nope".to_owned(), None),
            ("userName.value".to_owned(), None),
            (String::new(), None),
        ];
        for (text, expected) in table {
            assert_eq!(resolved(&text), expected, "{text}");
        }
    }

    #[test]
    fn queries_may_leave_out_the_extension_urn() {
        let schema = user_schema();
        let Resolved::Attribute(target) = resolve_query("Manager", &schema) else {
            panic!()
        };
        assert_eq!(target.path.to_string(), format!("{ENT}:manager"));
        assert_eq!(resolve_query("nope", &schema), Resolved::Unknown { qualified: false });
    }

    #[test]
    fn patch_paths_with_filters() {
        let schema = user_schema();
        for (text, sub) in [
            (r#"emails[type eq "work"].value"#, Some("value")),
            (r#"emails[type eq "other"].Value"#, Some("value")),
            (r#"EMAILS[TYPE EQ "work" and value co "]"]"#, None),
            (
                r#"urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].primary"#,
                Some("primary"),
            ),
            (r#"roles[primary eq "True"].value"#, Some("value")),
        ] {
            let Ok(PatchPath::Elements { target, .. }) = parse_patch_path(text, &schema) else {
                panic!("{text}")
            };
            assert_eq!(target.path.sub.as_deref(), sub, "{text}");
        }
    }

    #[test]
    fn malformed_paths_are_invalid_path() {
        let schema = user_schema();
        for text in [
            "",
            "[",
            "emails[",
            "emails]",
            "emails[type eq \"x\"]value",
            "user name",
            "a.b.c",
            "1a",
            "userName[x eq 1]",
        ] {
            assert_eq!(
                parse_patch_path(text, &schema).unwrap_err().scim_type,
                Some(ScimType::InvalidPath),
                "{text}"
            );
        }
        let error = parse_patch_path("emails[type xx \"work\"]", &schema).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidFilter));
    }

    #[test]
    fn unknown_is_a_result_of_its_own() {
        let schema = user_schema();
        for (text, qualified) in [
            ("nope", false),
            ("nope.x", false),
            ("nope[a eq 1].b", false),
            ("urn:x:y:z", true),
        ] {
            assert_eq!(
                parse_patch_path(text, &schema).unwrap(),
                PatchPath::Unknown { qualified },
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn s27_path_parser_never_panics(text in r#"(\PC{0,40}|[a-zU:.\[\]"$ ]{0,60})"#) {
            let _ = parse_patch_path(&text, &user_schema());
        }
    }
}
