//! What differs between two records of a user, for the audit and provisioning logs.

use crate::domain::directory::{AttributeMap, shown_value};
use crate::domain::provisioning::FieldChange;
use crate::domain::record::UserRecord;

/// What differs, field by field.
pub(in crate::service) fn changes_between(before: Option<&UserRecord>, after: &UserRecord) -> Vec<FieldChange> {
    let empty = AttributeMap::new();
    let fields = |record: &UserRecord| -> Vec<(&'static str, Option<String>)> {
        let text = |value: &Option<String>| value.clone();
        vec![
            ("user_name", Some(record.user_name.clone())),
            ("external_id", text(&record.external_id)),
            ("is_active", Some(record.is_active.to_string())),
            ("display_name", text(&record.display_name)),
            ("given_name", text(&record.given_name)),
            ("family_name", text(&record.family_name)),
            ("email", text(&record.email)),
            ("user_type", record.user_type.map(|kind| kind.name().to_owned())),
            ("role", record.role.map(|role| role.to_string())),
        ]
    };
    let old = before.map(fields).unwrap_or_default();
    let mut changes: Vec<FieldChange> = fields(after)
        .into_iter()
        .filter_map(|(name, value)| {
            let before = old
                .iter()
                .find(|(other, _)| *other == name)
                .and_then(|(_, value)| value.clone());
            FieldChange::between(name, before.as_deref(), value.as_deref())
        })
        .collect();
    let old = before.map_or(&empty, |record| &record.attributes);
    let mut names: Vec<&String> = old.keys().chain(after.attributes.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let shown = |map: &AttributeMap| map.get(name).map(|value| shown_value(value).into_owned());
        changes.extend(FieldChange::between(
            name,
            shown(old).as_deref(),
            shown(&after.attributes).as_deref(),
        ));
    }
    changes
}
