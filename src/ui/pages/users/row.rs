//! Rows of the Users page.

use leptos::prelude::*;

use crate::domain::user::{ConnectorRef, UserSummary};
use crate::i18n::*;
use crate::ui::components::{Avatar, DataTable, I18n, Icon, OptionalTime, SortHeader, Status, StatusBadge};

/// The table of users.
#[component]
pub(super) fn UserTable(users: Vec<UserSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let rows: Vec<_> = users.into_iter().map(|user| row(i18n, user)).collect();
    view! {
        <DataTable caption=tu_string!(i18n, common.nav.users)>
            <thead>
                <tr>
                    <SortHeader label=tu_string!(i18n, users.column.name) sort="name" is_default=true/>
                    <th scope="col">{tu_string!(i18n, users.column.status)}</th>
                    <th scope="col">{tu_string!(i18n, users.column.role)}</th>
                    <th scope="col" class="from-medium">{tu_string!(i18n, users.column.login)}</th>
                    <th scope="col" class="from-wide">{tu_string!(i18n, users.column.managed_by)}</th>
                    <th scope="col" class="from-desk">{tu_string!(i18n, users.column.last_sign_in)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
}

fn row(i18n: I18n, user: UserSummary) -> AnyView {
    let role = match &user.role {
        Some(role) => view! { <span class="whitespace-nowrap">{role.name.clone()}</span> }.into_any(),
        None => view! { <span class="text-muted">{tu_string!(i18n, users.role.none)}</span> }.into_any(),
    };
    let email = user
        .email
        .filter(|email| !email.eq_ignore_ascii_case(&user.user_name))
        .map(|email| view! { <span><bdi>{email}</bdi></span> });
    view! {
        <tr>
            <th scope="row" data-cell="title">
                <span class="person-cell">
                    <Avatar name=user.name.clone()/>
                    <span class="person">
                        <a class="link-hover" href=format!("/users/{}", user.id)><bdi>{user.name}</bdi></a>
                        <span><bdi>{user.user_name}</bdi></span>
                        {email}
                    </span>
                </span>
            </th>
            <td data-label=tu_string!(i18n, users.column.status)>
                <span class="states">
                    <StatusBadge status=Status::of_account(user.is_active)/>
                    {user.is_external.then(|| view! { <StatusBadge status=Status::External/> })}
                    {user.is_incomplete.then(|| view! { <StatusBadge status=Status::Incomplete/> })}
                    {(!user.has_identity).then(|| view! { <span class="state" data-tone="warning" title=tu_string!(i18n, users.access.identity_empty)><Icon name="unlink"/>{tu_string!(i18n, users.no_identity)}</span> })}
                </span>
            </td>
            <td data-label=tu_string!(i18n, users.column.role)>{role}</td>
            <td class="from-medium" data-label=tu_string!(i18n, users.column.login)>{login_name(i18n, user.login_connector.as_ref())}</td>
            <td class="from-wide" data-label=tu_string!(i18n, users.column.managed_by)>
                {match user.managed_by {
                    Some(connector) => connector.name,
                    None => tu_string!(i18n, users.by_hand).to_owned(),
                }}
            </td>
            <td class="from-desk" data-label=tu_string!(i18n, users.column.last_sign_in)><OptionalTime at=user.last_sign_in_at/></td>
        </tr>
    }
    .into_any()
}

/// The words of a login method.
pub(super) fn login_name(i18n: I18n, connector: Option<&ConnectorRef>) -> String {
    connector.map_or_else(
        || tu_string!(i18n, users.login.built_in).to_owned(),
        |connector| connector.name.clone(),
    )
}
