//! The Integrations page: locked until the Enterprise Toolkit is on, then a list of connectors with "Add Connector".

use leptos::prelude::*;

use super::add::AddConnector;
use crate::domain::connector::ConnectorSummary;
use crate::domain::organisation::BillingView;
use crate::i18n::*;
use crate::server_fns::billing::get_billing;
use crate::server_fns::connectors::{CreateConnector, list_connectors};
use crate::server_fns::{UiError, UiErrorCode};
use crate::ui::components::*;

/// All connectors of the organisation.
#[component]
pub fn IntegrationsPage() -> impl IntoView {
    let i18n = use_i18n();
    let connectors = load(|| (), |()| list_connectors());
    let billing = load(|| (), |()| get_billing());
    let create = PostAction::<CreateConnector>::new();
    view! {
        <PageHeader title=tu_string!(i18n, connectors.integrations.title) description=tu_string!(i18n, connectors.integrations.lead)/>
        <Transition fallback=|| view! { <Loading/> }>
            {move || Suspend::new(async move {
                let (connectors, billing) = (connectors.await, billing.await);
                section(connectors, billing, create)
            })}
        </Transition>
    }
}

/// Whether the plan forbids connectors. Who may not see the plan is told by the server's answer alone.
fn is_locked(connectors: &Result<Vec<ConnectorSummary>, UiError>, billing: &Result<BillingView, UiError>) -> bool {
    let refused = connectors
        .as_ref()
        .is_err_and(|error| error.code == UiErrorCode::ToolkitRequired);
    refused || billing.as_ref().is_ok_and(|billing| !billing.has_enterprise_toolkit)
}

/// The one section of the page.
fn section(
    connectors: Result<Vec<ConnectorSummary>, UiError>,
    billing: Result<BillingView, UiError>,
    create: PostAction<CreateConnector>,
) -> AnyView {
    let i18n = use_i18n();
    let is_locked = is_locked(&connectors, &billing);
    let connectors = match connectors {
        Err(error) if error.code == UiErrorCode::ToolkitRequired => Ok(Vec::new()),
        other => other,
    };
    loaded(connectors, move |connectors| {
        let has_some = !connectors.is_empty();
        let lock = is_locked.then(|| view! { <Locked has_connectors=has_some/> });
        let add = (!is_locked && has_some).then(|| {
            view! { <DialogLink name="add-connector" label=tu_string!(i18n, connectors.integrations.add) class="btn btn-primary" icon="plus"/> }
        });
        let list = match (has_some, is_locked) {
            (true, _) => connector_table(connectors),
            (false, true) => ().into_any(),
            (false, false) => view! {
                <EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, connectors.integrations.empty_title) text=tu_string!(i18n, connectors.integrations.empty_text)>
                    <DialogLink name="add-connector" label=tu_string!(i18n, connectors.integrations.add) class="btn btn-primary" icon="plus"/>
                </EmptyState>
            }
            .into_any(),
        };
        view! {
            <section class="section" aria-labelledby="connectors-section">
                <div class="section-head">
                    <div class="min-w-0">
                        <h2 class="section-title" id="connectors-section">{tu_string!(i18n, connectors.integrations.section)}</h2>
                        <p class="section-text">{tu_string!(i18n, connectors.integrations.section_text)}</p>
                    </div>
                    {add}
                </div>
                {lock}
                {list}
            </section>
            {(!is_locked).then(|| view! { <AddConnector create=create/> })}
        }
        .into_any()
    })
}

/// Why no connector can be added, and where that changes.
#[component]
fn Locked(has_connectors: bool) -> impl IntoView {
    let i18n = use_i18n();
    let existing = has_connectors.then(|| view! { <p>{tu_string!(i18n, connectors.integrations.locked_existing)}</p> });
    view! {
        <div class="callout" data-tone="warning">
            <Icon name="lock"/>
            <div class="grid gap-1">
                <h3>{tu_string!(i18n, connectors.integrations.locked_title)}</h3>
                <p>{tu_string!(i18n, connectors.integrations.locked_text)}</p>
                {existing}
                <div><a class="btn btn-sm btn-primary" href="/billing">{tu_string!(i18n, connectors.integrations.locked_action)}</a></div>
            </div>
        </div>
    }
}

/// The table of connectors.
fn connector_table(connectors: Vec<ConnectorSummary>) -> AnyView {
    let i18n = use_i18n();
    let rows = connectors.into_iter().map(connector_row).collect_view();
    view! {
        <DataTable caption=tu_string!(i18n, connectors.integrations.table)>
            <thead>
                <tr>
                    <th scope="col">{tu_string!(i18n, connectors.integrations.col_name)}</th>
                    <th scope="col">{tu_string!(i18n, connectors.integrations.col_health)}</th>
                    <th scope="col">{tu_string!(i18n, connectors.page.last_request)}</th>
                    <th scope="col" class="num from-medium">{tu_string!(i18n, connectors.page.users)}</th>
                    <th scope="col" class="num from-medium">{tu_string!(i18n, connectors.page.groups)}</th>
                    <th scope="col" class="from-desk">{tu_string!(i18n, connectors.integrations.col_secret)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

/// One row.
fn connector_row(connector: ConnectorSummary) -> AnyView {
    let i18n = use_i18n();
    let kind = connector.kind.label();
    // A connector that kept the directory's own name says it once.
    let kind = (connector.name != kind).then(|| view! { <span>{kind}</span> });
    let secret = match connector.secret_expires_at {
        Some(at) => view! { <RelativeTime at=at/> }.into_any(),
        None => view! { <span class="text-muted">{tu_string!(i18n, connectors.integrations.no_secret)}</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-cell="title">
                <span class="person">
                    <a class="link-hover" href=format!("/connectors/{}", connector.id)><bdi>{connector.name}</bdi></a>
                    {kind}
                </span>
            </th>
            <td data-label=tu_string!(i18n, connectors.integrations.col_health)><StatusBadge status=connector.health/></td>
            <td data-label=tu_string!(i18n, connectors.page.last_request)><OptionalTime at=connector.last_request_at/></td>
            <td class="num from-medium" data-label=tu_string!(i18n, connectors.page.users)>{connector.users}</td>
            <td class="num from-medium" data-label=tu_string!(i18n, connectors.page.groups)>{connector.groups}</td>
            <td class="from-desk" data-label=tu_string!(i18n, connectors.integrations.col_secret)>{secret}</td>
        </tr>
    }
    .into_any()
}
