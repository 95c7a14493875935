//! Who owns a record.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::icon::Icon;
use super::text::I18n;
use super::time::RelativeTime;
use crate::domain::sentence::in_sentence;
use crate::domain::user::ConnectorRef;
use crate::i18n::*;

/// "Managed by Entra ID, last change 12 minutes ago", or that the record is kept here.
#[component]
pub fn ManagedBy(
    /// The connector that manages it; none means it is kept by hand.
    connector: Option<ConnectorRef>,
    /// When the directory last changed it.
    #[prop(optional_no_strip)]
    changed_at: Option<DateTime<Utc>>,
) -> impl IntoView {
    let i18n = use_i18n();
    match connector {
        Some(connector) => {
            let text = tu_string!(i18n, common.managed.by, name = in_sentence(&connector.name)).to_string();
            let change = changed_at
                .map(|at| view! { <span>", "{tu_string!(i18n, common.managed.last_change)}" "<RelativeTime at=at/></span> });
            view! { <span class="managed-by"><Icon name="lock"/><span>{text}{change}</span></span> }.into_any()
        }
        None => {
            view! { <span class="managed-by"><Icon name="user"/><span>{tu_string!(i18n, common.managed.by_hand)}</span></span> }
                .into_any()
        }
    }
}

/// Why a field is locked, where `field` is among the locked ones.
pub fn lock_reason(i18n: I18n, locked: &[String], field: &str, owner: Option<&ConnectorRef>) -> Option<String> {
    let owner = owner.filter(|_| locked.iter().any(|name| name == field))?;
    Some(tu_string!(i18n, common.managed.locked, name = in_sentence(&owner.name)).to_string())
}
