//! The table of provisioning entries, as the log and the connector page show it.

use leptos::prelude::*;

use super::operation::{duration_text, operation_word};
use crate::domain::provisioning::ProvisioningSummary;
use crate::domain::user::ConnectorRef;
use crate::i18n::*;
use crate::ui::components::*;

/// Entries, newest first. The connector's own page leaves its column out.
pub fn provisioning_table(entries: Vec<ProvisioningSummary>, has_connector: bool) -> AnyView {
    let i18n = use_i18n();
    let rows = entries.into_iter().map(|entry| row(entry, has_connector)).collect_view();
    view! {
        <div class="log-table"><DataTable caption=tu_string!(i18n, logs.provisioning.table)>
            <thead>
                <tr>
                    <th scope="col" class="log-time">{tu_string!(i18n, logs.entry.time)}</th>
                    {has_connector.then(|| view! { <th scope="col" class="from-desk log-connector">{tu_string!(i18n, logs.entry.connector)}</th> })}
                    <th scope="col">{tu_string!(i18n, logs.entry.operation)}</th>
                    <th scope="col" class="log-target">{tu_string!(i18n, logs.entry.target)}</th>
                    <th scope="col" class="log-result">{tu_string!(i18n, logs.entry.result)}</th>
                    <th scope="col" class="num from-medium log-duration">{tu_string!(i18n, logs.entry.duration)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable></div>
    }
    .into_any()
}

/// One entry.
fn row(entry: ProvisioningSummary, has_connector: bool) -> AnyView {
    let i18n = use_i18n();
    let operation = operation_word(i18n, &entry.operation);
    let request = format!("{} {}", entry.method, entry.path);
    let title = request.clone();
    let connector = has_connector.then(|| {
        view! { <td class="from-desk" data-label=tu_string!(i18n, logs.entry.connector)>{connector_link(entry.connector)}</td> }
    });
    view! {
        <tr>
            <td data-label=tu_string!(i18n, logs.entry.time)><RelativeTime at=entry.at/></td>
            {connector}
            <th scope="row" data-label=tu_string!(i18n, logs.entry.operation)>
                <a class="link-hover font-semibold" href=format!("/logs/provisioning/{}", entry.id)>{operation}</a>
                <code class="log-request" title=title>{request}</code>
            </th>
            <td data-label=tu_string!(i18n, logs.entry.target)><bdi>{entry.target}</bdi></td>
            <td data-label=tu_string!(i18n, logs.entry.result)><HttpResult status=entry.status/></td>
            <td class="num from-medium" data-label=tu_string!(i18n, logs.entry.duration)>{duration_text(i18n, entry.duration_us)}</td>
        </tr>
    }
    .into_any()
}

/// A connector's name that narrows the log to it.
fn connector_link(connector: Option<ConnectorRef>) -> AnyView {
    let i18n = use_i18n();
    match connector {
        Some(connector) => view! { <a class="link-hover" href=format!("/logs/provisioning?connector={}", connector.id)><bdi>{connector.name}</bdi></a> }.into_any(),
        None => view! { <span class="text-muted">{tu_string!(i18n, logs.provisioning.unknown_connector)}</span> }.into_any(),
    }
}

/// The answer's status as a word, with its number.
#[component]
pub(super) fn HttpResult(
    /// HTTP status.
    status: u16,
) -> impl IntoView {
    view! { <span class="inline-flex items-center gap-2 whitespace-nowrap"><StatusBadge status=Status::of_http(status)/><span class="text-sm text-muted tabular-nums">{status}</span></span> }
}
