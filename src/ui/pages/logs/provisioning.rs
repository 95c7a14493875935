//! The provisioning log: every request of a directory, with filters that live in the address.

use leptos::prelude::*;

use super::operation::{OPERATIONS, operation_word};
use super::table::provisioning_table;
use crate::domain::connector::ConnectorSummary;
use crate::domain::ids::ConnectorId;
use crate::domain::page::Page;
use crate::domain::permission::Permission;
use crate::domain::provisioning::{ProvisioningQuery, ProvisioningSummary};
use crate::i18n::*;
use crate::server_fns::UiError;
use crate::server_fns::connectors::list_connectors;
use crate::server_fns::provisioning::list_provisioning;
use crate::ui::components::*;

/// What narrows the log.
#[derive(Clone, Copy)]
struct Filters {
    connector: Memo<String>,
    operation: Memo<String>,
    failures: Memo<String>,
    search: Memo<String>,
    target: Memo<String>,
    cursor: Memo<String>,
}

impl Filters {
    /// Reads them from the address.
    fn of_address() -> Self {
        Self {
            connector: use_param("connector"),
            operation: use_param("operation"),
            failures: use_param("failures"),
            search: use_param("search"),
            target: use_param("target"),
            cursor: use_param("cursor"),
        }
    }

    /// The question that they ask.
    fn query(self) -> ProvisioningQuery {
        let filled = |value: String| (!value.is_empty()).then_some(value);
        ProvisioningQuery {
            connector: ConnectorId::parse(&self.connector.get()).ok(),
            failures_only: self.failures.get() == "true",
            operation: filled(self.operation.get()),
            target_id: filled(self.target.get()),
            search: self.search.get(),
            cursor: filled(self.cursor.get()),
            limit: None,
        }
    }

    /// Whether anything is narrowed; follows the address.
    fn is_any_set(self) -> bool {
        [self.connector, self.operation, self.failures, self.search, self.target]
            .into_iter()
            .any(|filter| !filter.get().is_empty())
    }
}

/// The log.
#[component]
pub fn ProvisioningLogPage() -> impl IntoView {
    let i18n = use_i18n();
    let filters = Filters::of_address();
    let may_choose = use_viewer().may(Permission::ConnectorsManage);
    let entries = load(move || filters.query(), list_provisioning);
    // Whoever may not see connectors narrows to one by a click on its name in the table.
    let connectors = load(
        move || may_choose,
        |may_choose| async move { if may_choose { list_connectors().await } else { Ok(Vec::new()) } },
    );
    view! {
        <PageHeader title=tu_string!(i18n, logs.provisioning.title) description=tu_string!(i18n, logs.provisioning.lead)/>
        <div class="panel">
            <FilterForm label=tu_string!(i18n, common.action.filters)>
                <SearchInput label=tu_string!(i18n, logs.provisioning.search_hint) value=filters.search/>
                <Transition>{move || Suspend::new(async move { connector_filter(connectors.await, filters) })}</Transition>
                <OperationFilter filters=filters/>
                <FailureFilter filters=filters/>
                <FilterHidden name="target" value=filters.target/>
            </FilterForm>
            <Chips filters=filters/>
            <Transition fallback=|| view! { <Loading/> }>
                {move || Suspend::new(async move { loaded(entries.await, move |page| entry_list(page, untrack(|| filters.is_any_set()))) })}
            </Transition>
        </div>
    }
}

/// One of the organisation's connectors, for whoever may see them; for others the address is kept as it is.
fn connector_filter(connectors: Result<Vec<ConnectorSummary>, UiError>, filters: Filters) -> AnyView {
    let i18n = use_i18n();
    let Some(connectors) = connectors.ok().filter(|connectors| !connectors.is_empty()) else {
        return view! { <FilterHidden name="connector" value=filters.connector/> }.into_any();
    };
    let mut choices = vec![Choice::new("", tu_string!(i18n, logs.provisioning.connector_any))];
    choices.extend(
        connectors
            .into_iter()
            .map(|connector| Choice::new(connector.id.to_string(), connector.name)),
    );
    view! { <FilterSelect name="connector" label=tu_string!(i18n, logs.entry.connector) choices=choices value=filters.connector/> }.into_any()
}

/// One kind of request.
#[component]
fn OperationFilter(filters: Filters) -> impl IntoView {
    let i18n = use_i18n();
    let mut choices = vec![Choice::new("", tu_string!(i18n, logs.provisioning.operation_any))];
    choices.extend(
        OPERATIONS
            .into_iter()
            .map(|operation| Choice::new(operation, operation_word(i18n, operation))),
    );
    view! { <FilterSelect name="operation" label=tu_string!(i18n, logs.entry.operation) choices=choices value=filters.operation/> }
}

/// Everything, or refusals and failures alone.
#[component]
fn FailureFilter(filters: Filters) -> impl IntoView {
    let i18n = use_i18n();
    let choices = vec![
        Choice::new("", tu_string!(i18n, logs.provisioning.result_any)),
        Choice::new("true", tu_string!(i18n, logs.provisioning.failures_only)),
    ];
    view! { <FilterSelect name="failures" label=tu_string!(i18n, logs.entry.result) choices=choices value=filters.failures/> }
}

/// That the log is narrowed to one target, which no input shows, and the way back to everything.
#[component]
fn Chips(filters: Filters) -> impl IntoView {
    let i18n = use_i18n();
    let without_target = use_href(vec![("target", String::new()), ("cursor", String::new())]);
    move || {
        let target = (!filters.target.get().is_empty()).then(|| {
            view! { <FilterChip label=tu_string!(i18n, logs.provisioning.target_filter) href=without_target.get()/> }
        });
        filters.is_any_set().then(|| {
            view! {
                <ul class="chips" aria-label=tu_string!(i18n, common.action.filters)>
                    {target}
                    <li><a class="btn btn-sm btn-ghost" href="/logs/provisioning" data-noscroll="">{tu_string!(i18n, common.action.clear)}</a></li>
                </ul>
            }
        })
    }
}

/// The entries, or why there are none.
fn entry_list(page: Page<ProvisioningSummary>, is_filtered: bool) -> AnyView {
    let i18n = use_i18n();
    if page.items.is_empty() && is_filtered {
        return view! {
            <EmptyState kind=EmptyKind::NoMatch>
                <a class="btn" href="/logs/provisioning">{tu_string!(i18n, common.action.clear)}</a>
            </EmptyState>
        }
        .into_any();
    }
    if page.items.is_empty() {
        let action = use_viewer().may(Permission::ConnectorsManage).then(|| {
            view! { <a class="btn btn-primary" href="/integrations">{tu_string!(i18n, logs.provisioning.empty_action)}</a> }
        });
        return view! {
            <EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, logs.provisioning.empty_title) text=tu_string!(i18n, logs.provisioning.empty_text)>{action}</EmptyState>
        }
        .into_any();
    }
    let shown = page.items.len();
    view! {
        {provisioning_table(page.items, true)}
        <Pager shown=shown total=page.total next=page.next/>
    }
    .into_any()
}
