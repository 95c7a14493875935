//! Tab Activity: what was done to this user, each change as before and after.

use leptos::prelude::*;

use crate::domain::audit::AuditEntry;
use crate::domain::provisioning::FieldChange;
use crate::i18n::*;
use crate::server_fns::UiError;
use crate::ui::components::*;

/// The tab.
#[component]
pub(super) fn ActivityTab(activity: Data<Result<Vec<AuditEntry>, UiError>>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="panel">
            <Transition fallback=|| view! { <Loading/> }>
                {move || Suspend::new(async move {
                    loaded(activity.await, move |entries| {
                        if entries.is_empty() {
                            return view! { <EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, users.activity.empty) text=tu_string!(i18n, users.activity.empty_text)/> }.into_any();
                        }
                        let items: Vec<_> = entries.into_iter().map(|entry| item(i18n, entry)).collect();
                        view! { <ol class="activity">{items}</ol> }.into_any()
                    })
                })}
            </Transition>
        </div>
    }
}

fn item(i18n: I18n, entry: AuditEntry) -> AnyView {
    let actor = entry
        .actor
        .unwrap_or_else(|| tu_string!(i18n, users.activity.erased).to_owned());
    let from = entry.ip.map(|ip| tu_string!(i18n, users.activity.from, ip = ip).to_string());
    let status = Status::from(entry.result);
    let badge = (status != Status::Succeeded).then(|| view! { <StatusBadge status=status/> });
    let changes: Vec<_> = entry.changes.into_iter().map(|change| change_row(i18n, change)).collect();
    let changes = (!changes.is_empty()).then(|| view! { <dl class="changes">{changes}</dl> });
    view! {
        <li class="activity-item">
            <div class="activity-head">
                <RelativeTime at=entry.at/>
                <strong><bdi>{actor}</bdi></strong>
                <code>{entry.action}</code>
                {badge}
                <span class="text-muted">{from}</span>
            </div>
            {changes}
        </li>
    }
    .into_any()
}

/// A field, what it was and what it is. The words are there for ears; signs and colours for eyes.
fn change_row(i18n: I18n, change: FieldChange) -> AnyView {
    let nothing = tu_string!(i18n, users.activity.nothing);
    let before = change.before.unwrap_or_else(|| nothing.to_owned());
    let after = change.after.unwrap_or_else(|| nothing.to_owned());
    view! {
        <div>
            <dt class="font-mono">{change.field}</dt>
            <dd>
                <span class="sr-only">{tu_string!(i18n, users.activity.before)}</span>
                <del class="change-before"><bdi>{before}</bdi></del>
                <Icon name="chevron-right"/>
                <span class="sr-only">{tu_string!(i18n, users.activity.after)}</span>
                <ins class="change-after"><bdi>{after}</bdi></ins>
            </dd>
        </div>
    }
    .into_any()
}
