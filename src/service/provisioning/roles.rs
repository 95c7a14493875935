//! Which access role follows from the roles that a directory sent (product decision 15, security rule S8).

use std::collections::BTreeSet;

use super::CAPPED_TO;
use crate::domain::directory::SentRole;
use crate::domain::error::{FieldError, Problem};
use crate::domain::ids::RoleId;
use crate::domain::text::fold;
use crate::service::{Error, Result};
use crate::store::roles::RoleRecord;

/// Whether two descriptions name the same roles: order, spelling and labels do not matter.
pub(super) fn are_same(one: &[SentRole], other: &[SentRole]) -> bool {
    let named = |roles: &[SentRole]| -> BTreeSet<(String, bool)> {
        roles.iter().map(|role| (fold(&role.value), role.is_primary)).collect()
    };
    named(one) == named(other)
}

/// What follows from the roles that were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Effect<'a> {
    /// The role that takes effect.
    pub role: Option<&'a RoleRecord>,
    /// Whether a stronger one was sent than the directory may grant.
    pub is_capped: bool,
}

/// The effective role: the primary one, else the strongest. One that administers acts as `User` unless the connector may
/// grant it.
///
/// # Errors
/// [`Error::Invalid`] when a value is no role of the organisation.
pub(super) fn effect<'a>(known: &'a [RoleRecord], sent: &[SentRole], may_grant_admin_roles: bool) -> Result<Effect<'a>> {
    let mut resolved = Vec::with_capacity(sent.len());
    for role in sent {
        let found = known.iter().find(|candidate| fold(&candidate.name) == fold(&role.value));
        let found = found.ok_or_else(|| {
            let allowed = known.iter().map(|role| role.name.clone()).collect();
            Error::Invalid(vec![FieldError::new("roles", Problem::NotAllowed { allowed })])
        })?;
        resolved.push((found, role.is_primary));
    }
    let chosen = resolved
        .iter()
        .find(|(_, is_primary)| *is_primary)
        .or_else(|| resolved.iter().max_by_key(|(role, _)| role.rank))
        .map(|(role, _)| *role);
    let Some(chosen) = chosen else {
        return Ok(Effect {
            role: None,
            is_capped: false,
        });
    };
    let ordinary = CAPPED_TO.permissions();
    if may_grant_admin_roles || ordinary.covers(&chosen.permissions) {
        return Ok(Effect {
            role: Some(chosen),
            is_capped: false,
        });
    }
    Ok(Effect {
        role: known.iter().find(|role| role.built_in == Some(CAPPED_TO)),
        is_capped: true,
    })
}

/// The roles that a directory may not grant unless it is let: what they allow goes beyond that of `User`.
pub(super) fn administrative(known: &[RoleRecord]) -> Vec<RoleId> {
    let ordinary = CAPPED_TO.permissions();
    known
        .iter()
        .filter(|role| !ordinary.covers(&role.permissions))
        .map(|role| role.id)
        .collect()
}

/// The canonical spelling of a role's name.
pub(super) fn canonical<'a>(known: &'a [RoleRecord], value: &str) -> Option<&'a str> {
    known
        .iter()
        .find(|role| fold(&role.name) == fold(value))
        .map(|role| role.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::RoleId;
    use crate::domain::role::BuiltInRole;

    fn known() -> Vec<RoleRecord> {
        BuiltInRole::ALL
            .iter()
            .zip(1_i64..)
            .map(|(role, rank)| RoleRecord {
                id: RoleId::from_uuid(uuid::Uuid::from_u128(rank.unsigned_abs().into())),
                name: role.name().to_owned(),
                built_in: Some(*role),
                rank,
                permissions: role.permissions(),
            })
            .collect()
    }

    fn sent(roles: &[(&str, bool)]) -> Vec<SentRole> {
        roles
            .iter()
            .map(|(value, is_primary)| SentRole {
                value: (*value).to_owned(),
                is_primary: *is_primary,
            })
            .collect()
    }

    fn name(effect: &Effect<'_>) -> Option<String> {
        effect.role.map(|role| role.name.clone())
    }

    #[test]
    fn s08_an_administrative_role_acts_as_user_until_the_connector_may_grant_it() {
        let known = known();
        for value in ["Admin", "admin", "ADMIN", "EnterpriseAdmin", "ENTERPRISEADMIN"] {
            let capped = effect(&known, &sent(&[(value, false)]), false).unwrap();
            assert_eq!((name(&capped).as_deref(), capped.is_capped), (Some("User"), true), "{value}");
            let granted = effect(&known, &sent(&[(value, false)]), true).unwrap();
            assert!(!granted.is_capped && name(&granted).unwrap().eq_ignore_ascii_case(value));
        }
    }

    #[test]
    fn s08_an_unknown_role_refuses_the_whole_request() {
        let known = known();
        assert!(matches!(
            effect(&known, &sent(&[("User", true), ("Root", false)]), true),
            Err(Error::Invalid(_))
        ));
        assert!(matches!(effect(&known, &sent(&[("", false)]), true), Err(Error::Invalid(_))));
    }

    #[test]
    fn the_primary_role_wins_else_the_strongest() {
        let known = known();
        assert_eq!(
            name(&effect(&known, &sent(&[("User", false), ("readonly", true)]), true).unwrap()).as_deref(),
            Some("ReadOnly")
        );
        assert_eq!(
            name(&effect(&known, &sent(&[("User", false), ("Admin", false)]), true).unwrap()).as_deref(),
            Some("Admin")
        );
        assert_eq!(
            effect(&known, &[], true).unwrap(),
            Effect {
                role: None,
                is_capped: false
            }
        );
    }
}
