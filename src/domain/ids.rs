//! Identifiers as types, so that a group id cannot be passed where a user id is meant.
//!
//! All of them are UUID version 7, made on the server only, immutable and never reused. An id that a client or an identity
//! provider sends is text in its own column and never becomes one of these by accident: [`parse`](UserId::parse) accepts the
//! canonical spelling alone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Text that is not the canonical spelling of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id in its canonical form")]
pub struct InvalidId;

macro_rules! id_type {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that the server made or read from its database.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID, for storage.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }

            /// Reads the canonical spelling (lower case, with hyphens) and nothing else, so that one resource has one address.
            ///
            /// # Errors
            /// [`InvalidId`] for any other spelling.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let uuid = Uuid::try_parse(text).map_err(|_| InvalidId)?;
                let mut buffer = Uuid::encode_buffer();
                if uuid.hyphenated().encode_lower(&mut buffer) == text { Ok(Self(uuid)) } else { Err(InvalidId) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.hyphenated(), f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
    )*};
}

id_type! {
    /// A customer of the vendor.
    OrganisationId;
    /// A person's account in one organisation; also the SCIM `id` of a User.
    UserId;
    /// The person across the platform: the Global User Id.
    IdentityId;
    /// A group of users; also the SCIM `id` of a Group.
    GroupId;
    /// A node in an organisation's folder tree.
    FolderId;
    /// A role of an organisation, built-in or custom.
    RoleId;
    /// An organisation's connection to one directory.
    ConnectorId;
    /// One live secret of a connector.
    CredentialId;
    /// A metadata key that an organisation defined.
    MetadataKeyId;
    /// A signed-in browser.
    SessionId;
    /// A row of the provisioning log.
    ProvisioningEntryId;
    /// A row of the audit log.
    AuditEntryId;
    /// A match between an arriving directory account and an existing one.
    MatchId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_spelling_is_an_id() {
        let canonical = "0193a2b4-c5d6-7e8f-9012-3456789abcde";
        assert_eq!(UserId::parse(canonical).map(|id| id.to_string()), Ok(canonical.to_owned()));
        for other in [
            "0193A2B4-C5D6-7E8F-9012-3456789ABCDE",
            "0193a2b4c5d67e8f90123456789abcde",
            "{0193a2b4-c5d6-7e8f-9012-3456789abcde}",
            "urn:uuid:0193a2b4-c5d6-7e8f-9012-3456789abcde",
            " 0193a2b4-c5d6-7e8f-9012-3456789abcde",
            "1",
            "",
        ] {
            assert_eq!(UserId::parse(other), Err(InvalidId), "{other}");
        }
    }
}
