//! One entry of the provisioning log: facts, what it means, what changed, what was ignored, what was sent and answered.

use leptos::prelude::*;

use super::explain::Explanation;
use super::operation::{duration_text, operation_word};
use super::table::HttpResult;
use crate::domain::ids::ProvisioningEntryId;
use crate::domain::provisioning::{FieldChange, IgnoredReason, IgnoredValue, ProvisioningDetail};
use crate::i18n::*;
use crate::server_fns::provisioning::get_provisioning_entry;
use crate::ui::components::*;

/// The entry.
#[component]
pub fn ProvisioningEntryPage() -> impl IntoView {
    let i18n = use_i18n();
    let id = use_path_id(ProvisioningEntryId::parse);
    let entry = load(move || id.get(), |id| async move { get_provisioning_entry(known(id)?).await });
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || Suspend::new(async move { loaded_record(entry.await, Crumb::new("/logs/provisioning", tu_string!(i18n, logs.provisioning.title)), entry_view) })}
        </Transition>
    }
}

/// Everything on the page.
fn entry_view(entry: ProvisioningDetail) -> AnyView {
    let i18n = use_i18n();
    let crumbs = vec![Crumb::new("/logs/provisioning", tu_string!(i18n, logs.provisioning.title))];
    let operation = operation_word(i18n, &entry.summary.operation);
    let title = match &entry.summary.target {
        Some(target) => format!("{operation}: {target}"),
        None => operation,
    };
    let ignored = (!entry.ignored.is_empty()).then(|| ignored_table(entry.ignored.clone()));
    let links = target_links(&entry);
    view! {
        <PageHeader title=title crumbs=crumbs>{links}</PageHeader>
        <Explanation status=entry.summary.status scim_type=entry.scim_type.clone() detail=entry.detail.clone() connector=entry.summary.connector.as_ref().map(|connector| connector.id)/>
        <Facts entry=entry.clone()/>
        <section class="section" aria-labelledby="entry-changes">
            <h2 class="section-title" id="entry-changes">{tu_string!(i18n, logs.entry.changes)}</h2>
            {change_table(entry.changes)}
        </section>
        {ignored}
        <section class="section" aria-labelledby="entry-bodies">
            <h2 class="section-title" id="entry-bodies">{tu_string!(i18n, logs.entry.bodies)}</h2>
            <p class="section-text">{tu_string!(i18n, logs.entry.bodies_hint)}</p>
            <Body title=tu_string!(i18n, logs.entry.request) body=entry.request_body/>
            <Body title=tu_string!(i18n, logs.entry.answer) body=entry.response_body/>
        </section>
    }
    .into_any()
}

/// Links to the record and to everything else that was asked about it.
fn target_links(entry: &ProvisioningDetail) -> AnyView {
    let i18n = use_i18n();
    let Some(id) = entry.target_id.as_deref().filter(|id| !id.is_empty()) else {
        return ().into_any();
    };
    let record = match entry.target_kind.as_deref() {
        Some("user") => Some(("/users/", tu_string!(i18n, logs.entry.open_user))),
        Some("group") => Some(("/groups/", tu_string!(i18n, logs.entry.open_group))),
        _ => None,
    };
    let record = record.map(|(path, label)| view! { <a class="btn btn-sm" href=format!("{path}{}", encode(id))>{label}</a> });
    let all = href_with("/logs/provisioning", &[("target", id)]);
    view! {
        {record}
        <a class="btn btn-sm" href=all><Icon name="history"/><span>{tu_string!(i18n, logs.entry.all_of_target)}</span></a>
    }
    .into_any()
}

/// Who asked for what, when, from where, and how it ended.
#[component]
fn Facts(entry: ProvisioningDetail) -> impl IntoView {
    let i18n = use_i18n();
    let summary = entry.summary;
    let connector = match summary.connector {
        Some(connector) => view! { <a class="link" href=format!("/logs/provisioning?connector={}", connector.id)><bdi>{connector.name}</bdi></a> }.into_any(),
        None => view! { <span>{tu_string!(i18n, logs.provisioning.unknown_connector)}</span> }.into_any(),
    };
    view! {
        <section class="section" aria-labelledby="entry-facts">
            <h2 class="section-title" id="entry-facts">{tu_string!(i18n, logs.entry.facts)}</h2>
            <KeyValueList>
                <KeyValue label=tu_string!(i18n, logs.entry.result)><HttpResult status=summary.status/></KeyValue>
                <KeyValue label=tu_string!(i18n, logs.entry.time)><RelativeTime at=summary.at/></KeyValue>
                <KeyValue label=tu_string!(i18n, logs.entry.connector)>{connector}</KeyValue>
                <KeyValue label=tu_string!(i18n, logs.entry.request)><code class="break-all">{summary.method}" "{summary.path}</code></KeyValue>
                <KeyValue label=tu_string!(i18n, logs.entry.duration)>{duration_text(i18n, summary.duration_us)}</KeyValue>
                <KeyValue label=tu_string!(i18n, logs.entry.ip)><span class="break-all">{entry.ip}</span></KeyValue>
                <KeyValue label=tu_string!(i18n, logs.entry.user_agent)><bdi class="break-all">{entry.user_agent}</bdi></KeyValue>
            </KeyValueList>
            <CopyField label=tu_string!(i18n, logs.entry.request_id) value=entry.request_id/>
        </section>
    }
}

/// Each field before and after.
fn change_table(changes: Vec<FieldChange>) -> AnyView {
    let i18n = use_i18n();
    if changes.is_empty() {
        return view! { <p class="section-text">{tu_string!(i18n, logs.entry.changes_none)}</p> }.into_any();
    }
    let (field, before, after) = (
        tu_string!(i18n, logs.entry.col_field),
        tu_string!(i18n, logs.entry.col_before),
        tu_string!(i18n, logs.entry.col_after),
    );
    let value = move |class: &'static str, value: Option<String>| match value.filter(|value| !value.is_empty()) {
        Some(value) => view! { <bdi class=class>{value}</bdi> }.into_any(),
        None => view! { <span class="text-muted">{tu_string!(i18n, logs.entry.nothing)}</span> }.into_any(),
    };
    let rows = changes
        .into_iter()
        .map(|change| {
            view! {
                <tr>
                    <th scope="row" data-cell="title"><code class="break-all">{change.field}</code></th>
                    <td data-label=before>{value("change-before", change.before)}</td>
                    <td data-label=after>{value("change-after", change.after)}</td>
                </tr>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <DataTable caption=tu_string!(i18n, logs.entry.changes_table)>
            <thead><tr><th scope="col">{field}</th><th scope="col">{before}</th><th scope="col">{after}</th></tr></thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

/// What was sent and not used.
fn ignored_table(ignored: Vec<IgnoredValue>) -> AnyView {
    let i18n = use_i18n();
    let (attribute, reason) = (
        tu_string!(i18n, logs.entry.col_attribute),
        tu_string!(i18n, logs.entry.col_reason),
    );
    let rows = ignored
        .into_iter()
        .map(|value| {
            let why = match value.reason {
                IgnoredReason::Unknown => tu_string!(i18n, logs.entry.ignored_unknown),
                IgnoredReason::ReadOnly => tu_string!(i18n, logs.entry.ignored_read_only),
            };
            view! {
                <tr>
                    <th scope="row" data-cell="title"><code class="break-all">{value.attribute}</code></th>
                    <td data-label=reason>{why}</td>
                </tr>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <section class="section" aria-labelledby="entry-ignored">
            <h2 class="section-title" id="entry-ignored">{tu_string!(i18n, logs.entry.ignored)}</h2>
            <DataTable caption=tu_string!(i18n, logs.entry.ignored_table)>
                <thead><tr><th scope="col">{attribute}</th><th scope="col">{reason}</th></tr></thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </section>
    }
    .into_any()
}

/// A body as text; the part that scrolls takes the focus, so that it scrolls by keyboard too.
#[component]
fn Body(title: &'static str, body: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let content = match body.filter(|body| !body.is_empty()) {
        Some(body) => view! { <pre class="log-body" tabindex="0" role="region" aria-label=title>{body}</pre> }.into_any(),
        None => view! { <p class="section-text">{tu_string!(i18n, logs.entry.no_body)}</p> }.into_any(),
    };
    view! {
        <h3 class="font-semibold">{title}</h3>
        {content}
    }
}
