//! The record that follows from what a directory says about a person.

use std::collections::HashSet;

use serde_json::Value;

use super::SentUser;
use crate::domain::connector::ProvisioningSettings;
use crate::domain::directory::{AttributeMap, SentRole, sent_roles};
use crate::domain::error::{FieldError, Problem};
use crate::domain::record::UserRecord;
use crate::domain::text::{bounded, fold};
use crate::domain::user::UserType;
use crate::service::provisioning::roles::{are_same, canonical, effect};
use crate::service::{Error, Result};
use crate::store::roles::RoleRecord;

/// The record that follows from a description.
pub(super) fn apply(
    before: &UserRecord,
    sent: SentUser,
    settings: &ProvisioningSettings,
    known: &[RoleRecord],
) -> Result<UserRecord> {
    let mut faults = Vec::new();
    let mut check = |field: &str, value: Option<&str>| {
        if let Some(Err(problem)) = value.map(bounded) {
            faults.push(FieldError::new(field, problem));
        }
    };
    check("user_name", Some(&sent.user_name));
    check("external_id", sent.external_id.as_deref());
    check("display_name", sent.display_name.as_deref());
    check("given_name", sent.given_name.as_deref());
    check("family_name", sent.family_name.as_deref());
    check("email", sent.email.as_deref());
    let mut keys = HashSet::new();
    for (name, _) in &sent.metadata {
        // Look-alikes are one key in the database; which of the values is meant cannot be told.
        if !keys.insert(fold(name)) {
            faults.push(FieldError::new(format!("metadata '{name}'"), Problem::Repeated));
        }
    }
    if fold(&sent.user_name).is_empty() {
        faults.push(FieldError::new("user_name", Problem::Required));
    }
    let user_type = match sent.user_type.as_deref() {
        None => None,
        Some(name) => {
            let kind = UserType::from_name(name);
            if kind.is_none() {
                let allowed = UserType::ALL.iter().map(|kind| kind.name().to_owned()).collect();
                faults.push(FieldError::new("user_type", Problem::NotAllowed { allowed }));
            }
            kind
        }
    };
    if settings.are_names_required {
        for (field, value) in [
            ("given_name", &sent.given_name),
            ("family_name", &sent.family_name),
            ("email", &sent.email),
        ] {
            if value.is_none() {
                faults.push(FieldError::new(field, Problem::Required));
            }
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut attributes = sent.attributes;
    let roles = sent_roles(&attributes);
    spell_roles(&mut attributes, known);
    let is_external = before.is_external || sent.user_name.to_uppercase().contains("#EXT#");
    let record = UserRecord {
        user_name: sent.user_name,
        external_id: sent.external_id,
        is_active: sent.is_active,
        display_name: sent.display_name,
        given_name: sent.given_name,
        family_name: sent.family_name,
        email: sent.email,
        user_type,
        effective_user_type: user_type.unwrap_or(settings.default_user_type),
        // Product decision 4: a role set by hand stays unless the connector maps roles. A connector that maps them repeats the
        // roles of a person with every change of anything else; only other roles than before are a decision made in the
        // directory, and the later decision counts.
        is_role_manual: before.is_role_manual && are_same(&sent_roles(&before.attributes), &roles),
        is_external,
        attributes,
        ..before.clone()
    };
    with_role(record, &roles, settings, known)
}

/// The record with the role that follows from the roles that were sent, unless an administrator has set one by hand.
pub(super) fn with_role(
    record: UserRecord,
    sent: &[SentRole],
    settings: &ProvisioningSettings,
    known: &[RoleRecord],
) -> Result<UserRecord> {
    // Looked at in any case: a role that is none is refused.
    let follows = effect(known, sent, settings.may_grant_admin_roles)?;
    if record.is_role_manual {
        return Ok(UserRecord {
            is_role_capped: false,
            ..record
        });
    }
    Ok(UserRecord {
        role: follows.role.map(|role| role.id),
        is_role_capped: follows.is_capped,
        ..record
    })
}

/// Roles are served in the organisation's spelling.
fn spell_roles(attributes: &mut AttributeMap, known: &[RoleRecord]) {
    let Some(Value::Array(sent)) = attributes.get_mut("roles") else {
        return;
    };
    for role in sent {
        if let Some(value) = role.get_mut("value")
            && let Some(name) = value.as_str().and_then(|name| canonical(known, name))
        {
            *value = Value::String(name.to_owned());
        }
    }
}
