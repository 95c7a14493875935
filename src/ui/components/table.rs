//! Pieces of a table whose sorting and paging live in the address. Under 640 px a row becomes a card: give each cell
//! `data-label` with the words of its column.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::icon::Icon;
use super::query::{href_changed, param};
use crate::i18n::*;

/// A table with a caption for assistive technology. Children are `<thead>` and `<tbody>`.
#[component]
pub fn DataTable(
    /// What the table lists.
    #[prop(into)]
    caption: String,
    /// `<thead>` and `<tbody>`.
    children: Children,
) -> impl IntoView {
    view! {
        <table class="data-table">
            <caption class="sr-only">{caption}</caption>
            {children()}
        </table>
    }
}

/// A column head that sorts: query parameters `sort` and `dir` (`desc`, or absent).
#[component]
pub fn SortHeader(
    /// Words of the column.
    #[prop(into)]
    label: String,
    /// Value of `sort`.
    sort: &'static str,
    /// Whether the list is in this order when `sort` is absent.
    #[prop(optional)]
    is_default: bool,
    /// Whether the first click sorts downwards, as one wants for times.
    #[prop(optional)]
    descending_first: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let (path, query) = (use_location().pathname, use_query_map());
    let order = Memo::new(move |_| {
        query.with(|query| {
            let current = param(query, "sort");
            let is_current = current == sort || (current.is_empty() && is_default);
            is_current.then(|| param(query, "dir") == "desc")
        })
    });
    let href = move || {
        let descending = order.get().map_or(descending_first, |descending| !descending);
        query.with(|query| {
            href_changed(
                &path.get(),
                query,
                &[("cursor", ""), ("sort", sort), ("dir", if descending { "desc" } else { "" })],
            )
        })
    };
    let aria_sort = move || {
        order
            .get()
            .map(|descending| if descending { "descending" } else { "ascending" })
    };
    let icon = move || match order.get() {
        Some(true) => view! { <Icon name="arrow-down"/> },
        Some(false) => view! { <Icon name="arrow-up"/> },
        None => view! { <Icon name="chevrons-up-down" class="opacity-50"/> },
    };
    let title = tu_string!(i18n, common.table.sort_by, column = label.clone()).to_string();
    view! {
        <th scope="col" aria-sort=aria_sort>
            <a href=href title=title data-noscroll="">
                <span>{label}</span>
                {icon}
            </a>
        </th>
    }
}

/// Below a list: how many rows are shown of how many, and links to the next and the first page.
#[component]
pub fn Pager(
    /// Rows on this page.
    shown: usize,
    /// Rows of the whole list, where it was counted.
    #[prop(optional_no_strip)]
    total: Option<u64>,
    /// Cursor of the next page.
    #[prop(optional_no_strip)]
    next: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (path, query) = (use_location().pathname, use_query_map());
    let link =
        move |cursor: &str| query.with_untracked(|query| href_changed(&path.get_untracked(), query, &[("cursor", cursor)]));
    let is_first = query.with_untracked(|query| query.get_str("cursor").unwrap_or_default().is_empty());
    let count = match total {
        Some(total) => tu_string!(i18n, common.table.shown_of, shown = shown, total = total).to_string(),
        None => tu_string!(i18n, common.table.shown, shown = shown).to_string(),
    };
    let first = (!is_first).then(|| view! { <a class="btn btn-sm" href=link("")>{tu_string!(i18n, common.table.first)}</a> });
    let next = next.map(|cursor| {
        view! {
            <a class="btn btn-sm" href=link(&cursor) rel="next">
                <span>{tu_string!(i18n, common.table.next)}</span>
                <Icon name="chevron-right"/>
            </a>
        }
    });
    view! {
        <nav class="pager" aria-label=tu_string!(i18n, common.table.pages)>
            <p role="status">{count}</p>
            <div class="flex gap-2">{first}{next}</div>
        </nav>
    }
}
