//! The audit log: who did what to whom, when, from where, with what effect.

use leptos::prelude::*;

use super::chain::VerifyChain;
use crate::domain::audit::{AuditEntry, AuditQuery, AuditResult};
use crate::domain::page::Page;
use crate::domain::permission::Permission;
use crate::domain::provisioning::FieldChange;
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::server_fns::audit::{list_audit, verify_audit_chain};
use crate::ui::components::*;

/// The log.
#[component]
pub fn AuditLogPage() -> impl IntoView {
    let i18n = use_i18n();
    let may_verify = use_viewer().may(Permission::AuditExport);
    let (action, target, actor) = (use_param("action"), use_param("target"), use_param("actor"));
    let (cursor, verify) = (use_param("cursor"), use_param("verify"));
    let filled = |value: String| (!value.is_empty()).then_some(value);
    let entries = load(
        move || AuditQuery {
            action: action.get(),
            target_id: filled(target.get()),
            actor_id: filled(actor.get()),
            cursor: filled(cursor.get()),
            limit: None,
        },
        list_audit,
    );
    let report = load(
        move || verify.get(),
        move |verify| async move {
            if verify.is_empty() || !may_verify {
                None
            } else {
                Some(verify_audit_chain().await)
            }
        },
    );
    let is_filtered = move || [action, target, actor].into_iter().any(|filter| !filter.get().is_empty());
    let clear = move || {
        is_filtered().then(|| {
            view! { <div class="chips"><a class="btn btn-sm btn-ghost" href="/logs/audit" data-noscroll="">{tu_string!(i18n, common.action.clear)}</a></div> }
        })
    };
    view! {
        <PageHeader title=tu_string!(i18n, logs.audit.title) description=tu_string!(i18n, logs.audit.lead)/>
        <VerifyChain report=report may_verify=may_verify/>
        <div class="panel">
            <FilterForm label=tu_string!(i18n, common.action.filters)>
                <SearchInput name="action" label=tu_string!(i18n, logs.audit.action_hint) value=action/>
                <IdFilter name="target" label=tu_string!(i18n, logs.audit.target_id) value=target/>
                <IdFilter name="actor" label=tu_string!(i18n, logs.audit.actor_id) value=actor/>
            </FilterForm>
            {clear}
            <Transition fallback=|| view! { <Loading/> }>
                {move || Suspend::new(async move { loaded(entries.await, move |page| entry_list(page, untrack(is_filtered))) })}
            </Transition>
        </div>
    }
}

/// An id to narrow to. It follows the address, because links in the table change it.
#[component]
fn IdFilter(name: &'static str, label: &'static str, value: Memo<String>) -> impl IntoView {
    view! {
        <label class="filter-select">
            <span class="field-label">{label}</span>
            <input class="input" type="text" name=name value=value.get_untracked() prop:value=move || value.get() autocomplete="off" spellcheck="false" maxlength="64"/>
        </label>
    }
}

/// The entries, or why there are none.
fn entry_list(page: Page<AuditEntry>, is_filtered: bool) -> AnyView {
    let i18n = use_i18n();
    if page.items.is_empty() && is_filtered {
        return view! {
            <EmptyState kind=EmptyKind::NoMatch>
                <a class="btn" href="/logs/audit">{tu_string!(i18n, common.action.clear)}</a>
            </EmptyState>
        }
        .into_any();
    }
    if page.items.is_empty() {
        return view! { <EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, logs.audit.empty_title) text=tu_string!(i18n, logs.audit.empty_text)/> }.into_any();
    }
    let shown = page.items.len();
    let rows = page.items.into_iter().map(row).collect_view();
    view! {
        <div class="audit-table"><DataTable caption=tu_string!(i18n, logs.audit.table)>
            <thead>
                <tr>
                    <th scope="col" class="num from-desk">{tu_string!(i18n, logs.audit.col_sequence)}</th>
                    <th scope="col">{tu_string!(i18n, logs.entry.time)}</th>
                    <th scope="col">{tu_string!(i18n, logs.audit.col_actor)}</th>
                    <th scope="col">{tu_string!(i18n, logs.audit.action)}</th>
                    <th scope="col">{tu_string!(i18n, logs.entry.target)}</th>
                    <th scope="col" class="from-medium">{tu_string!(i18n, logs.entry.result)}</th>
                    <th scope="col">{tu_string!(i18n, logs.entry.changes)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable></div>
        <Pager shown=shown total=page.total next=page.next/>
    }
    .into_any()
}

/// One entry.
fn row(entry: AuditEntry) -> AnyView {
    let i18n = use_i18n();
    let action_href = href_with("/logs/audit", &[("action", &entry.action)]);
    let action_title = tu_string!(i18n, logs.audit.filter_action, action = entry.action.clone()).to_string();
    let from = entry.ip.clone().map(|ip| {
        view! { <span class="block text-sm text-muted">{tu_string!(i18n, logs.audit.from, ip = ip).to_string()}</span> }
    });
    // Where the column of results has no room, a refusal stands with the action.
    let refused = (entry.result == AuditResult::Denied)
        .then(|| view! { <span class="block max-[40rem]:hidden min-[60rem]:hidden"><StatusBadge status=entry.result/></span> });
    view! {
        <tr>
            <td class="num from-desk" data-label=tu_string!(i18n, logs.audit.col_sequence)>{entry.sequence}</td>
            <td data-label=tu_string!(i18n, logs.entry.time)><RelativeTime at=entry.at/></td>
            <td data-label=tu_string!(i18n, logs.audit.col_actor)>
                <bdi class="block">{entry.actor.clone().unwrap_or_else(|| actor_word(i18n, &entry.actor_kind))}</bdi>
                {from}
            </td>
            <th scope="row" data-label=tu_string!(i18n, logs.audit.action)>
                <a class="link-hover" href=action_href title=action_title><code>{entry.action.clone()}</code></a>
                {refused}
            </th>
            <td data-label=tu_string!(i18n, logs.entry.target)>{target(&entry)}</td>
            <td class="from-medium" data-label=tu_string!(i18n, logs.entry.result)><StatusBadge status=entry.result/></td>
            <td data-label=tu_string!(i18n, logs.entry.changes)>{changes(entry.changes, entry.request_id)}</td>
        </tr>
    }
    .into_any()
}

/// Kind of an actor without a name.
fn actor_word(i18n: I18n, kind: &str) -> String {
    let word = match kind {
        "user" => tu_string!(i18n, logs.audit.erased),
        "connector" => tu_string!(i18n, logs.entry.connector),
        "cli" => tu_string!(i18n, logs.audit.actor_cli),
        "anonymous" => tu_string!(i18n, logs.audit.actor_anonymous),
        "system" => tu_string!(i18n, logs.audit.actor_system),
        other => return other.to_owned(),
    };
    word.to_owned()
}

/// The target's name, which narrows the log to it.
fn target(entry: &AuditEntry) -> AnyView {
    let i18n = use_i18n();
    let Some(id) = entry.target_id.clone() else {
        return ().into_any();
    };
    let name = entry
        .target
        .clone()
        .unwrap_or_else(|| tu_string!(i18n, logs.audit.erased).to_owned());
    let title = tu_string!(i18n, logs.audit.filter_target, target = in_sentence(&name)).to_string();
    view! { <a class="link-hover" href=href_with("/logs/audit", &[("target", &id)]) title=title><bdi class="break-all">{name}</bdi></a> }.into_any()
}

/// What changed, behind its number; a `<details>` opens without WASM.
fn changes(changes: Vec<FieldChange>, request_id: String) -> AnyView {
    let i18n = use_i18n();
    let summary = match changes.len() {
        0 => tu_string!(i18n, common.none).to_owned(),
        1 => tu_string!(i18n, logs.audit.changes_single).to_owned(),
        count => tu_string!(i18n, logs.audit.changes_count, count = count).to_string(),
    };
    let shown = move |value: Option<String>| {
        value
            .filter(|value| !value.is_empty())
            .unwrap_or_else(|| tu_string!(i18n, logs.entry.nothing).to_owned())
    };
    let items = changes
        .into_iter()
        .map(|change| {
            view! {
                <div>
                    <dt class="text-sm text-muted"><code class="break-all">{change.field}</code></dt>
                    <dd class="break-all"><bdi>{shown(change.before)}</bdi>" → "<bdi>{shown(change.after)}</bdi></dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <details class="log-changes">
            <summary class="link">{summary}</summary>
            <dl class="grid gap-2">
                {items}
                <div>
                    <dt class="text-sm text-muted">{tu_string!(i18n, logs.entry.request_id)}</dt>
                    <dd class="break-all font-mono text-sm">{request_id}</dd>
                </div>
            </dl>
        </details>
    }
    .into_any()
}
