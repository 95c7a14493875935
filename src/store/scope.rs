//! Proof of which organisation a principal belongs to.

use sea_orm::prelude::Uuid;

use crate::domain::ids::OrganisationId;

/// The organisation that the authenticated principal acts in. Made by this crate's look-ups of sessions, secrets and
/// organisations only; the request has no part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrgScope(OrganisationId);

impl OrgScope {
    /// Only for look-ups inside `store` that have just read who the principal is.
    pub(in crate::store) const fn proven(id: Uuid) -> Self {
        Self(OrganisationId::from_uuid(id))
    }

    /// Which organisation.
    pub const fn organisation(&self) -> OrganisationId {
        self.0
    }

    /// As stored.
    pub(in crate::store) const fn uuid(&self) -> Uuid {
        self.0.as_uuid()
    }
}
