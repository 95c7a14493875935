//! Tabs Groups, Folders and Metadata.

use leptos::prelude::*;

use crate::domain::user::{FolderAccess, GroupRef, MetadataEntry};
use crate::i18n::*;
use crate::ui::components::*;

/// The groups of a user.
#[component]
pub(super) fn GroupsTab(groups: Vec<GroupRef>) -> impl IntoView {
    let i18n = use_i18n();
    if groups.is_empty() {
        return view! { <div class="panel"><EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, users.groups.empty) text=tu_string!(i18n, users.groups.empty_text)/></div> }.into_any();
    }
    let rows: Vec<_> = groups
        .into_iter()
        .map(|group| {
            view! {
                <tr>
                    <th scope="row" data-cell="title"><a class="link-hover" href=format!("/groups/{}", group.id)><bdi>{group.name}</bdi></a></th>
                    <td data-label=tu_string!(i18n, users.column.managed_by)><ManagedBy connector=group.managed_by/></td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="panel">
            <DataTable caption=tu_string!(i18n, common.nav.groups)>
                <thead><tr><th scope="col">{tu_string!(i18n, users.column.name)}</th><th scope="col">{tu_string!(i18n, users.column.managed_by)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </div>
    }
    .into_any()
}

/// The folder values of a user, as recorded.
#[component]
pub(super) fn FoldersTab(folders: Vec<FolderAccess>) -> impl IntoView {
    let i18n = use_i18n();
    if folders.is_empty() {
        return view! { <div class="panel"><EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, users.folders.empty) text=tu_string!(i18n, users.folders.empty_text)/></div> }.into_any();
    }
    let has_unknown = folders.iter().any(|access| access.folder.is_none());
    let rows: Vec<_> = folders
        .into_iter()
        .map(|access| {
            let state = match access.folder {
                Some(_) => view! { <StatusBadge status=Status::Active/> }.into_any(),
                None => view! { <StatusBadge status=Status::UnknownValue/> }.into_any(),
            };
            let source = access
                .source
                .map_or_else(|| tu_string!(i18n, users.by_hand).to_owned(), |connector| connector.name);
            view! {
                <tr>
                    <th scope="row" data-cell="title"><bdi>{access.value}</bdi></th>
                    <td data-label=tu_string!(i18n, users.column.status)>{state}</td>
                    <td data-label=tu_string!(i18n, users.folders.source)>{source}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="panel">
            {has_unknown.then(|| view! { <div class="panel-body"><p class="callout" data-tone="warning"><Icon name="triangle-alert"/><span>{tu_string!(i18n, users.folders.unknown)}</span></p></div> })}
            <DataTable caption=tu_string!(i18n, users.tab.folders)>
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, users.folders.value)}</th>
                        <th scope="col">{tu_string!(i18n, users.column.status)}</th>
                        <th scope="col">{tu_string!(i18n, users.folders.source)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </div>
    }
    .into_any()
}

/// The metadata of a user.
#[component]
pub(super) fn MetadataTab(metadata: Vec<MetadataEntry>) -> impl IntoView {
    let i18n = use_i18n();
    if metadata.is_empty() {
        return view! { <div class="panel"><EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, users.metadata.empty) text=tu_string!(i18n, users.metadata.empty_text)/></div> }.into_any();
    }
    let rows: Vec<_> = metadata
        .into_iter()
        .map(|entry| {
            let key = (entry.key != entry.label)
                .then(|| view! { <span class="text-muted font-mono text-sm">{entry.key.clone()}</span> });
            view! {
                <tr>
                    <th scope="row" data-cell="title"><span class="person"><span>{entry.label}</span>{key}</span></th>
                    <td data-label=tu_string!(i18n, users.metadata.value)><bdi>{entry.value}</bdi></td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="panel">
            <DataTable caption=tu_string!(i18n, users.tab.metadata)>
                <thead><tr><th scope="col">{tu_string!(i18n, users.metadata.key)}</th><th scope="col">{tu_string!(i18n, users.metadata.value)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </div>
    }
    .into_any()
}
