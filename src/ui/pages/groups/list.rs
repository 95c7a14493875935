//! The Groups page: search, keyset pages, a dialog for a new group.

use leptos::prelude::*;

use crate::domain::group::{GroupQuery, GroupSummary};
use crate::domain::page::Page;
use crate::domain::permission::Permission;
use crate::i18n::*;
use crate::server_fns::groups::{CreateGroup, list_groups};
use crate::ui::components::*;

/// All groups of the organisation.
#[component]
pub fn GroupsPage() -> impl IntoView {
    let i18n = use_i18n();
    let may_create = use_viewer().may(Permission::GroupsManage);
    let (search, cursor) = (use_param("search"), use_param("cursor"));
    let groups = load(
        move || (search.get(), cursor.get()),
        |(search, cursor)| {
            list_groups(GroupQuery {
                search,
                cursor: (!cursor.is_empty()).then_some(cursor),
                limit: None,
            })
        },
    );
    let create = PostAction::<CreateGroup>::new();
    let error = action_error(create);
    let new_button = move || {
        may_create.then(|| view! { <DialogLink name="new-group" label=tu_string!(i18n, groups.new_group) class="btn btn-primary" icon="plus"/> })
    };
    view! {
        <PageHeader title=tu_string!(i18n, groups.title) description=tu_string!(i18n, groups.lead)>{new_button()}</PageHeader>
        <div class="panel">
            <FilterForm label=tu_string!(i18n, groups.search_label)>
                <SearchInput label=tu_string!(i18n, groups.search_hint) value=search/>
            </FilterForm>
            <Transition fallback=|| view! { <Loading/> }>
                {move || Suspend::new(async move {
                    loaded(groups.await, move |page| group_list(page, !search.get_untracked().is_empty(), may_create))
                })}
            </Transition>
        </div>
        <Dialog name="new-group" title=tu_string!(i18n, groups.new_group)>
            <PostForm action=create>
                <FormError error=error fields=&["name"]/>
                <p class="dialog-text">{tu_string!(i18n, groups.new_lead)}</p>
                <Field field="name" label=tu_string!(i18n, groups.name) hint=tu_string!(i18n, groups.name_hint) error=error required=true autofocus=true/>
                <DialogActions>
                    <SubmitButton label=tu_string!(i18n, groups.create) pending=create.pending()/>
                </DialogActions>
            </PostForm>
        </Dialog>
    }
}

/// The table of one page of groups, or why it is empty.
fn group_list(page: Page<GroupSummary>, is_searched: bool, may_create: bool) -> AnyView {
    let i18n = use_i18n();
    if page.items.is_empty() && is_searched {
        return view! {
            <EmptyState kind=EmptyKind::NoMatch title=tu_string!(i18n, groups.no_match_title) text=tu_string!(i18n, groups.no_match_text)>
                <a class="btn" href="/groups">{tu_string!(i18n, groups.clear_search)}</a>
            </EmptyState>
        }
        .into_any();
    }
    if page.items.is_empty() {
        return view! {
            <EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, groups.empty_title) text=tu_string!(i18n, groups.empty_text)>
                {may_create.then(|| view! { <DialogLink name="new-group" label=tu_string!(i18n, groups.new_group) class="btn btn-primary" icon="plus"/> })}
            </EmptyState>
        }
        .into_any();
    }
    let shown = page.items.len();
    let rows = page.items.into_iter().map(group_row).collect_view();
    view! {
        <DataTable caption=tu_string!(i18n, groups.table)>
            <thead>
                <tr>
                    <th scope="col">{tu_string!(i18n, groups.name)}</th>
                    <th scope="col" class="num">{tu_string!(i18n, groups.members)}</th>
                    <th scope="col">{tu_string!(i18n, groups.source)}</th>
                    <th scope="col">{tu_string!(i18n, groups.updated)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
        <Pager shown=shown total=page.total next=page.next/>
    }
    .into_any()
}

/// One row.
fn group_row(group: GroupSummary) -> AnyView {
    let i18n = use_i18n();
    view! {
        <tr>
            <th scope="row" data-cell="title">
                <a class="link-hover" href=format!("/groups/{}", group.id)><bdi>{group.name}</bdi></a>
            </th>
            <td class="num" data-label=tu_string!(i18n, groups.members)>{group.members}</td>
            <td data-label=tu_string!(i18n, groups.source)><ManagedBy connector=group.managed_by/></td>
            <td data-label=tu_string!(i18n, groups.updated)><RelativeTime at=group.updated_at/></td>
        </tr>
    }
    .into_any()
}
