//! The filters of the Users page and the chips of those that are set.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::params::ParamsMap;

use super::query::{BUILT_IN, FILTERS, NONE};
use crate::domain::connector::ConnectorSummary;
use crate::domain::role::RoleView;
use crate::domain::user::{InvitationStatus, UserType};
use crate::i18n::*;
use crate::ui::components::{
    Choice, FilterChip, FilterForm, FilterHidden, FilterSelect, I18n, SearchInput, Status, href_changed, param, use_param,
};

/// The values that a filter can take with their words; the first one means no filter.
fn choices(i18n: I18n, name: &str, roles: &[RoleView], connectors: &[ConnectorSummary]) -> Vec<Choice> {
    let any = Choice::new("", tu_string!(i18n, users.filter.any));
    let mut list = vec![any];
    let mut add = |value: &str, label: &str| list.push(Choice::new(value, label));
    match name {
        "status" => {
            add("active", Status::Active.word(i18n));
            add("deactivated", Status::Deactivated.word(i18n));
        }
        "role" => {
            add(NONE, tu_string!(i18n, users.role.none));
            roles.iter().for_each(|role| add(&role.id.to_string(), &role.name));
        }
        "type" => UserType::ALL.iter().for_each(|kind| add(kind.name(), kind.name())),
        "login" => {
            add(BUILT_IN, tu_string!(i18n, users.login.built_in));
            connectors
                .iter()
                .for_each(|connector| add(&connector.id.to_string(), &connector.name));
        }
        "connector" => connectors
            .iter()
            .for_each(|connector| add(&connector.id.to_string(), &connector.name)),
        "external" => {
            add("true", tu_string!(i18n, users.filter.external_only));
            add("false", tu_string!(i18n, users.filter.internal_only));
        }
        "incomplete" => add("true", tu_string!(i18n, users.filter.incomplete_only)),
        "identity" => add(NONE, tu_string!(i18n, users.filter.without_identity)),
        "invitation" => InvitationStatus::ALL
            .into_iter()
            .for_each(|status| add(status.name(), Status::from(status).word(i18n))),
        _ => {}
    }
    list
}

/// The words of a filter.
fn filter_label(i18n: I18n, name: &str) -> &'static str {
    match name {
        "status" => tu_string!(i18n, users.column.status),
        "role" => tu_string!(i18n, users.column.role),
        "type" => tu_string!(i18n, users.column.user_type),
        "login" => tu_string!(i18n, users.column.login),
        "connector" => tu_string!(i18n, users.column.managed_by),
        "group" => tu_string!(i18n, users.filter.group),
        "external" => tu_string!(i18n, users.filter.home),
        "incomplete" => tu_string!(i18n, users.filter.data),
        "identity" => tu_string!(i18n, users.access.identity),
        "invitation" => tu_string!(i18n, users.access.invitation),
        _ => tu_string!(i18n, common.action.search),
    }
}

/// The words of an order.
fn sort_label(i18n: I18n, sort: &str) -> &'static str {
    match sort {
        "user_name" => tu_string!(i18n, users.column.user_name),
        "created_at" => tu_string!(i18n, users.column.created),
        "updated_at" => tu_string!(i18n, users.column.updated),
        _ => tu_string!(i18n, users.column.name),
    }
}

/// The form. Three filters stand in front, the others behind "More filters", which is open while one of them is set.
#[component]
pub(super) fn UserFilters(roles: Vec<RoleView>, connectors: Vec<ConnectorSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let select = |name: &'static str| {
        view! { <FilterSelect label=filter_label(i18n, name) name=name choices=choices(i18n, name, &roles, &connectors) value=use_param(name)/> }.into_any()
    };
    let front: Vec<_> = ["status", "role", "login"].into_iter().map(select).collect();
    let more_names: Vec<&'static str> = ["type", "connector", "external", "incomplete", "identity", "invitation"]
        .into_iter()
        .filter(|name| *name != "connector" || !connectors.is_empty())
        .collect();
    // The first order is the one of an address that names none.
    let sort =
        Signal::derive(move || query.with(|query| Some(param(query, "sort")).filter(|sort| sort != "name").unwrap_or_default()));
    let is_more_set = query.with_untracked(|query| {
        more_names
            .iter()
            .chain(["sort"].iter())
            .any(|name| !param(query, name).is_empty())
    });
    let more: Vec<_> = more_names.into_iter().map(select).collect();
    let orders = ["", "user_name", "created_at", "updated_at"]
        .into_iter()
        .map(|sort| Choice::new(sort, sort_label(i18n, sort)))
        .collect::<Vec<_>>();
    view! {
        <FilterForm label=tu_string!(i18n, users.filter.title)>
            <SearchInput label=tu_string!(i18n, users.filter.search) value=use_param("search")/>
            {front}
            <details class="more-filters" open=is_more_set>
                <summary class="btn btn-ghost">{tu_string!(i18n, users.filter.more)}</summary>
                <div class="more-filters-body">
                    {more}
                    <FilterSelect label=tu_string!(i18n, users.filter.sort) name="sort" choices=orders value=sort/>
                </div>
            </details>
            <FilterHidden name="group" value=use_param("group")/>
            <FilterHidden name="dir" value=use_param("dir")/>
        </FilterForm>
    }
}

/// The filters that are set, each with a link that removes it.
#[component]
pub(super) fn Chips(roles: Vec<RoleView>, connectors: Vec<ConnectorSummary>, group: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let (path, query) = (use_location().pathname, use_query_map());
    let words = move |query: &ParamsMap, name: &str| {
        let value = param(query, name);
        let shown = match name {
            "search" => Some(value.clone()),
            "group" => group.clone(),
            _ => choices(i18n, name, &roles, &connectors)
                .into_iter()
                .find(|choice| choice.value == value)
                .map(|choice| choice.label),
        };
        // A value that is not on the lists (another viewer's connector) still narrows the list and must be removable.
        (!value.is_empty()).then(|| format!("{}: {}", filter_label(i18n, name), shown.unwrap_or(value)))
    };
    move || {
        let path = path.get();
        let chips = query.with(|query| {
            let set = FILTERS
                .iter()
                .filter_map(|name| words(query, name).map(|words| (*name, words)));
            set.map(|(name, words)| {
                let href = href_changed(&path, query, &[(name, ""), ("cursor", "")]);
                view! { <FilterChip label=words href=href/> }
            })
            .collect::<Vec<_>>()
        });
        (!chips.is_empty()).then(|| {
            view! {
                <ul class="chips" aria-label=tu_string!(i18n, common.action.filters)>
                    {chips}
                    <li><a class="btn btn-sm btn-ghost" href=path data-noscroll="">{tu_string!(i18n, common.action.clear)}</a></li>
                </ul>
            }
        })
    }
}
