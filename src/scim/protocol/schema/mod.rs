//! Schemas as data (RFC 7643 §2.2, §7): what attributes exist and how each behaves.
//!
//! Everything else in this library is driven by these tables: path resolution, coercion, filters, projection and the
//! discovery documents. Adding an attribute means adding a line here.

mod attribute;
mod core;
mod discovery;
mod extension;

use std::borrow::Cow;

use super::text::eq_folded;

pub use self::attribute::{Attribute, AttributeType, CanonicalRule, Mutability, Returned, Uniqueness, ValueForm};
pub use self::core::{GROUP_DESCRIPTION, USER_DESCRIPTION, group, user};
pub use self::discovery::{AuthenticationScheme, ServiceProviderConfig, resource_types, schemas};
pub use self::extension::{enterprise_user, folders, metadata};

/// A set of attributes under one URN.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The URN.
    pub id: Cow<'static, str>,
    /// Human-readable name.
    pub name: Cow<'static, str>,
    /// Human-readable purpose.
    pub description: Cow<'static, str>,
    /// Declared attributes.
    pub attributes: Vec<Attribute>,
    /// When present, any further name is an attribute too and behaves like this one. The name is then everything right of
    /// the URN, dots and blanks included.
    pub any_key: Option<Box<Attribute>>,
}

impl Schema {
    /// A schema without dynamic keys.
    pub fn new(
        id: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        description: &'static str,
        attributes: Vec<Attribute>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            description: description.into(),
            attributes,
            any_key: None,
        }
    }

    /// Finds a declared attribute; names are case-insensitive (RFC 7643 §2.1). Those of the RFC are ASCII; dynamic keys are
    /// whatever people call them.
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        let is_named = |attribute: &&Attribute| match self.any_key {
            Some(_) => eq_folded(&attribute.name, name),
            None => attribute.name.eq_ignore_ascii_case(name),
        };
        self.attributes.iter().find(is_named)
    }
}

/// A resource type with the schemas its resources may use (RFC 7643 §6).
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceSchema {
    /// Name, also `meta.resourceType`.
    pub name: Cow<'static, str>,
    /// Path of the collection below the base address, for example `/Users`.
    pub endpoint: Cow<'static, str>,
    /// Human-readable purpose.
    pub description: Cow<'static, str>,
    /// The core schema.
    pub core: Schema,
    /// Extensions, all optional.
    pub extensions: Vec<Schema>,
    common: Vec<Attribute>,
}

impl ResourceSchema {
    /// A resource type from its parts.
    pub fn new(
        name: &'static str,
        endpoint: &'static str,
        description: &'static str,
        core: Schema,
        extensions: Vec<Schema>,
    ) -> Self {
        let (name, endpoint, description) = (name.into(), endpoint.into(), description.into());
        Self {
            name,
            endpoint,
            description,
            core,
            extensions,
            common: self::core::common(),
        }
    }

    /// The `User` resource type; `roles` are the canonical role values, none to accept any.
    pub fn user(roles: &[String], extensions: Vec<Schema>) -> Self {
        Self::new("User", "/Users", USER_DESCRIPTION, user(roles), extensions)
    }

    /// The `Group` resource type.
    pub fn group() -> Self {
        Self::new("Group", "/Groups", GROUP_DESCRIPTION, group(), Vec::new())
    }

    /// Finds a core or common attribute (`id`, `externalId`, `schemas`, `meta`).
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        self.core
            .find(name)
            .or_else(|| self.common.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name)))
    }

    /// Finds an extension by URN, without regard to case.
    pub fn extension(&self, urn: &str) -> Option<&Schema> {
        self.extensions.iter().find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }
}

#[cfg(test)]
mod tests;
