//! Tab Access & Security: role, user type, login method, Global User Id, invitation, sessions.

use leptos::prelude::*;

use super::confirm::{UserActions, refusal_note};
use super::role_picker::RolePicker;
use super::row::login_name;
use crate::domain::role::RoleView;
use crate::domain::user::{SessionView, UserAction, UserDetail, UserType};
use crate::i18n::*;
use crate::server_fns::UiError;
use crate::ui::components::*;
use crate::ui::pages::account::SessionTable;

/// The tab.
#[component]
pub(super) fn AccessTab(
    user: UserDetail,
    actions: UserActions,
    roles: Data<Result<Vec<RoleView>, UiError>>,
    sessions: Data<Result<Option<Vec<SessionView>>, UiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let end_sessions = refusal_note(i18n, &user, UserAction::EndSessions)
        .is_none()
        .then(|| view! { <DialogLink name="end-sessions" label=tu_string!(i18n, users.action.end_sessions_dialog) class="btn btn-sm" icon="log-out"/> });
    let count = user.sessions;
    view! {
        <section class="panel" aria-labelledby="role-title">
            <div class="panel-head"><h2 class="panel-title" id="role-title">{tu_string!(i18n, users.access.role_title)}</h2></div>
            <div class="panel-body">
                <RoleNotes user=user.clone()/>
                <RoleForm user=user.clone() actions=actions roles=roles/>
            </div>
        </section>
        <SignInFacts user=user/>
        <section class="panel" aria-labelledby="sessions-title">
            <div class="panel-head">
                <h2 class="panel-title" id="sessions-title">{tu_string!(i18n, users.access.sessions)}</h2>
                {end_sessions}
            </div>
            <Transition>
                {move || Suspend::new(async move {
                    loaded(sessions.await, move |sessions| match sessions {
                        Some(sessions) if !sessions.is_empty() => view! { <SessionTable sessions=sessions/> }.into_any(),
                        Some(_) => view! { <p class="panel-body text-muted">{tu_string!(i18n, users.access.no_sessions)}</p> }.into_any(),
                        // Who may not see them in detail sees how many there are.
                        None => view! { <p class="panel-body">{tu_string!(i18n, users.access.session_count, count = count).to_string()}</p> }.into_any(),
                    })
                })}
            </Transition>
        </section>
    }
}

/// What an administrator must know before the role is changed.
#[component]
fn RoleNotes(user: UserDetail) -> impl IntoView {
    let i18n = use_i18n();
    let note = |tone: &'static str, icon: &'static str, text: String| {
        view! { <p class="callout" data-tone=tone><Icon name=icon/><span>{text}</span></p> }
    };
    let sent = user.directory_roles.join(", ");
    let capped = user.is_role_capped.then(|| {
        note(
            "warning",
            "shield",
            tu_string!(i18n, users.access.capped, roles = sent.clone()).to_string(),
        )
    });
    let manual = user
        .is_role_manual
        .then(|| note("info", "lock", tu_string!(i18n, users.access.manual).to_string()));
    let from_directory = (!user.is_role_capped && !sent.is_empty()).then(|| {
        note(
            "neutral",
            "info",
            tu_string!(i18n, users.access.sent, roles = sent.clone()).to_string(),
        )
    });
    let roleless = user
        .summary
        .role
        .is_none()
        .then(|| note("info", "shield", tu_string!(i18n, users.access.roleless).to_string()));
    view! { <div class="stack">{capped}{manual}{from_directory}{roleless}</div> }
}

/// Role and user type, as a form where the viewer may change them.
#[component]
fn RoleForm(user: UserDetail, actions: UserActions, roles: Data<Result<Vec<RoleView>, UiError>>) -> impl IntoView {
    let i18n = use_i18n();
    let role_name = user
        .summary
        .role
        .as_ref()
        .map_or_else(|| tu_string!(i18n, users.role.none).to_owned(), |role| role.name.clone());
    if let Some(reason) = refusal_note(i18n, &user, UserAction::ChangeAccess) {
        return view! {
            <KeyValueList>
                <KeyValue label=tu_string!(i18n, users.column.role)>{role_name}</KeyValue>
                <KeyValue label=tu_string!(i18n, users.column.user_type)>{user.summary.user_type.name()}</KeyValue>
            </KeyValueList>
            <p class="field-locked"><Icon name="lock"/><span>{reason}</span></p>
        }
        .into_any();
    }
    // Without the roles there is nothing to choose from, and nothing to save.
    view! {
        <Transition>
            {move || {
                let user = user.clone();
                Suspend::new(async move { loaded(roles.await, move |roles| view! { <RoleEditor user=user actions=actions roles=roles/> }.into_any()) })
            }}
        </Transition>
    }
    .into_any()
}

/// The form for who may change role and user type.
#[component]
fn RoleEditor(user: UserDetail, actions: UserActions, roles: Vec<RoleView>) -> impl IntoView {
    let i18n = use_i18n();
    let action = actions.access;
    let error = action_error(action);
    let role = user.summary.role.as_ref().map(|role| role.id.to_string()).unwrap_or_default();
    let kinds = UserType::ALL
        .into_iter()
        .map(|kind| Choice::new(kind.name(), kind.name()))
        .collect::<Vec<_>>();
    let type_hint = user
        .user_type
        .is_none()
        .then(|| tu_string!(i18n, users.access.type_default).to_owned());
    let type_locked = lock_reason(i18n, &user.locked_fields, "user_type", user.summary.managed_by.as_ref());
    let kind = user.summary.user_type.name();
    // A locked drop-down sends nothing, and the server wants a value.
    let sent_anyway = type_locked
        .is_some()
        .then(|| view! { <Hidden field="user_type" value=kind/> });
    let (id, version) = (user.summary.id.to_string(), user.version.to_string());
    view! {
        <PostForm action=action>
            <FormError error=error fields=&["role", "user_type"]/>
            <Hidden field="id" value=id/>
            <Hidden field="version" value=version/>
            <RolePicker prefix="access" roles=roles value=role error=error/>
            <div class="narrow">
                <SelectField field="user_type" label=tu_string!(i18n, users.column.user_type) choices=kinds value=kind error=error hint=type_hint.unwrap_or_default() locked=type_locked/>
                {sent_anyway}
            </div>
            <SubmitButton label=tu_string!(i18n, common.action.save) pending=action.pending()/>
        </PostForm>
    }
}

/// How the person signs in: login method, Global User Id, invitation.
#[component]
fn SignInFacts(user: UserDetail) -> impl IntoView {
    let i18n = use_i18n();
    let identity = match user.identity {
        Some(identity) => view! { <CopyField label=tu_string!(i18n, users.access.identity) value=identity.to_string() hint=tu_string!(i18n, users.access.identity_hint)/> }.into_any(),
        None => view! {
            <div class="field">
                <p class="field-label">{tu_string!(i18n, users.access.identity)}</p>
                <div class="callout" data-tone="warning">
                    <Icon name="unlink"/>
                    <div><p>{tu_string!(i18n, users.access.identity_empty)}</p><p>{tu_string!(i18n, users.access.identity_cure)}</p></div>
                </div>
            </div>
        }
        .into_any(),
    };
    let login = login_name(i18n, user.summary.login_connector.as_ref());
    view! {
        <section class="panel" aria-labelledby="sign-in-title">
            <div class="panel-head"><h2 class="panel-title" id="sign-in-title">{tu_string!(i18n, users.access.sign_in)}</h2></div>
            <div class="panel-body">
                <KeyValueList>
                    <KeyValue label=tu_string!(i18n, users.column.login)>{login}</KeyValue>
                    <KeyValue label=tu_string!(i18n, users.access.invitation)><StatusBadge status=user.summary.invitation/></KeyValue>
                    <KeyValue label=tu_string!(i18n, users.column.last_sign_in)><OptionalTime at=user.summary.last_sign_in_at/></KeyValue>
                </KeyValueList>
                <div class="narrow">{identity}</div>
            </div>
        </section>
    }
}
