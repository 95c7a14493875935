//! What the tab Provisioning has found: folder values that name no folder, and accounts that the directory could not have.

use std::sync::Arc;

use leptos::prelude::*;

use crate::domain::connector::{ConnectorDetail, MatchView};
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::ui::components::*;

/// Both lists.
#[component]
pub(super) fn Findings(
    /// The connector.
    detail: Arc<ConnectorDetail>,
) -> impl IntoView {
    let i18n = use_i18n();
    let folders = if detail.unknown_folders.is_empty() {
        view! { <p class="section-text">{tu_string!(i18n, connectors.settings.unknown_none)}</p> }.into_any()
    } else {
        folder_table(&detail.unknown_folders)
    };
    let matches = if detail.matches.is_empty() {
        view! { <p class="section-text">{tu_string!(i18n, connectors.settings.matches_none)}</p> }.into_any()
    } else {
        match_table(&detail.matches)
    };
    view! {
        <section class="section" aria-labelledby="connector-matches">
            <h2 class="section-title" id="connector-matches">{tu_string!(i18n, connectors.settings.matches_title)}</h2>
            {matches}
        </section>
        <section class="section" aria-labelledby="connector-folders">
            <h2 class="section-title" id="connector-folders">{tu_string!(i18n, connectors.settings.unknown_title)}</h2>
            {folders}
        </section>
    }
}

/// Folder values with the number of users that hold each.
fn folder_table(folders: &[(String, u64)]) -> AnyView {
    let i18n = use_i18n();
    let row = |(value, users): &(String, u64)| {
        view! {
            <tr>
                <th scope="row" data-cell="title"><bdi class="break-all">{value.clone()}</bdi></th>
                <td class="num" data-label=tu_string!(i18n, connectors.page.users)>{*users}</td>
            </tr>
        }
        .into_any()
    };
    let rows = folders.iter().map(row).collect_view();
    view! {
        <p class="section-text">{tu_string!(i18n, connectors.settings.unknown_text)}</p>
        <DataTable caption=tu_string!(i18n, connectors.settings.unknown_table)>
            <thead>
                <tr>
                    <th scope="col">{tu_string!(i18n, connectors.settings.unknown_value)}</th>
                    <th scope="col" class="num">{tu_string!(i18n, connectors.page.users)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

/// Accounts that exist already.
fn match_table(matches: &[MatchView]) -> AnyView {
    let i18n = use_i18n();
    let row = |found: &MatchView| {
        let sent = tu_string!(i18n, connectors.settings.matches_sent, name = in_sentence(&found.user_name)).to_string();
        view! {
            <tr>
                <th scope="row" data-cell="title">
                    <span class="person">
                        <a class="link-hover" href=format!("/users/{}", found.user)><bdi>{found.name.clone()}</bdi></a>
                        <bdi class="break-all">{sent}</bdi>
                    </span>
                </th>
                <td class="from-wide" data-label=tu_string!(i18n, connectors.settings.matches_external_id)>
                    <bdi class="break-all">{found.external_id.clone().unwrap_or_else(|| tu_string!(i18n, common.none).to_owned())}</bdi>
                </td>
                <td class="from-wide" data-label=tu_string!(i18n, connectors.settings.matches_first)><RelativeTime at=found.first_seen_at/></td>
                <td data-label=tu_string!(i18n, connectors.settings.matches_last)><RelativeTime at=found.last_seen_at/></td>
                <td class="num" data-label=tu_string!(i18n, connectors.settings.matches_times)>{found.times}</td>
            </tr>
        }
        .into_any()
    };
    let rows = matches.iter().map(row).collect_view();
    view! {
        <p class="section-text">{tu_string!(i18n, connectors.settings.matches_text)}</p>
        <DataTable caption=tu_string!(i18n, connectors.settings.matches_table)>
            <thead>
                <tr>
                    <th scope="col">{tu_string!(i18n, connectors.settings.matches_account)}</th>
                    <th scope="col" class="from-wide">{tu_string!(i18n, connectors.settings.matches_external_id)}</th>
                    <th scope="col" class="from-wide">{tu_string!(i18n, connectors.settings.matches_first)}</th>
                    <th scope="col">{tu_string!(i18n, connectors.settings.matches_last)}</th>
                    <th scope="col" class="num">{tu_string!(i18n, connectors.settings.matches_times)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}
