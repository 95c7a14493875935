//! The Users page: search, filters, sorting and paging live in the address.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::filters::{Chips, UserFilters};
use super::new::NewUserDialog;
use super::query::{FILTERS, read};
use super::row::UserTable;
use crate::domain::ids::GroupId;
use crate::domain::permission::Permission;
use crate::i18n::*;
use crate::server_fns::UiErrorCode;
use crate::server_fns::connectors::list_connectors;
use crate::server_fns::groups::get_group;
use crate::server_fns::roles::list_roles;
use crate::server_fns::users::list_users;
use crate::ui::components::*;

/// `/users`
#[component]
pub fn UsersPage() -> impl IntoView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let may_manage = viewer.may(Permission::UsersManage);
    let may_connect = viewer.may(Permission::ConnectorsManage);
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(read));
    let group_param = use_param("group");

    let users = load(move || asked.get(), list_users);
    let roles = load(|| (), |()| list_roles());
    let connectors = load(
        move || may_connect,
        |may_connect| async move {
            if may_connect {
                list_connectors().await
            } else {
                Ok(Vec::new())
            }
        },
    );
    let group = load(
        move || group_param.get(),
        |group| async move {
            let Ok(id) = GroupId::parse(&group) else { return Ok(None) };
            match get_group(id).await {
                Ok(group) => Ok(Some(group.summary.name)),
                // A link to a group that is gone, or not for this viewer, finds nobody, and says so below.
                Err(error) if matches!(error.code, UiErrorCode::NotFound | UiErrorCode::Forbidden) => Ok(None),
                Err(error) => Err(error),
            }
        },
    );
    let is_narrowed = move || query.with(|query| FILTERS.iter().any(|name| !param(query, name).is_empty()));

    view! {
        <PageHeader title=tu_string!(i18n, common.nav.users) description=tu_string!(i18n, users.lead)>
            {may_manage.then(|| view! { <DialogLink name="new-user" label=tu_string!(i18n, users.new.button) class="btn btn-primary" icon="plus"/> })}
        </PageHeader>
        <div class="panel">
            <Transition>
                {move || Suspend::new(async move {
                    let (roles, connectors, group) = (roles.await, connectors.await, group.await);
                    let names = roles.and_then(|roles| Ok((roles, connectors?, group?)));
                    loaded(names, |(roles, connectors, group)| {
                        view! {
                            <UserFilters roles=roles.clone() connectors=connectors.clone()/>
                            <Chips roles=roles connectors=connectors group=group/>
                        }
                        .into_any()
                    })
                })}
            </Transition>
            <Transition fallback=|| view! { <Loading/> }>
                {move || Suspend::new(async move {
                    loaded(users.await, move |page| {
                        if page.items.is_empty() {
                            return if is_narrowed() {
                                view! { <EmptyState kind=EmptyKind::NoMatch><a class="btn" href="/users">{tu_string!(i18n, common.action.clear)}</a></EmptyState> }.into_any()
                            } else {
                                view! {
                                    <EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, users.empty.title) text=tu_string!(i18n, users.empty.text)>
                                        {may_manage.then(|| view! { <DialogLink name="new-user" label=tu_string!(i18n, users.new.button) class="btn btn-primary" icon="plus"/> })}
                                        {may_connect.then(|| view! { <a class="btn" href="/integrations">{tu_string!(i18n, users.empty.connect)}</a> })}
                                    </EmptyState>
                                }
                                .into_any()
                            };
                        }
                        let shown = page.items.len();
                        view! {
                            <UserTable users=page.items/>
                            <Pager shown=shown total=page.total next=page.next/>
                        }
                        .into_any()
                    })
                })}
            </Transition>
        </div>
        {may_manage.then(|| view! { <NewUserDialog roles=roles/> })}
    }
}
