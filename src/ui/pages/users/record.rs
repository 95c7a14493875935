//! The user record: who it is, what can be done now, and the tabs.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::access::AccessTab;
use super::activity::ActivityTab;
use super::confirm::{UserActions, UserDialogs, UserMenu, use_user_actions};
use super::profile::ProfileTab;
use super::related::{FoldersTab, GroupsTab, MetadataTab};
use crate::domain::ids::UserId;
use crate::domain::permission::Permission;
use crate::domain::user::{ActionRefusal, UserAction, UserDetail};
use crate::i18n::*;
use crate::server_fns::roles::list_roles;
use crate::server_fns::users::{get_user, list_user_activity, list_user_sessions};
use crate::server_fns::{UiError, UiErrorCode};
use crate::ui::components::*;

/// The tabs in order.
const TABS: [&str; 6] = ["profile", "access", "groups", "folders", "metadata", "activity"];

/// Whether an action is possible now, and why not; absent from the list counts as not permitted.
pub(super) fn refusal(user: &UserDetail, action: UserAction) -> Option<ActionRefusal> {
    user.actions
        .iter()
        .find(|state| state.action == action)
        .map_or(Some(ActionRefusal::NotPermitted), |state| state.refusal)
}

/// Whether the viewer may manage the account at all.
fn is_manageable(user: &UserDetail) -> bool {
    let refused = refusal(user, UserAction::EndSessions);
    !matches!(refused, Some(ActionRefusal::NotPermitted | ActionRefusal::StrongerAccount))
}

/// `/users/:id`
#[component]
pub fn UserPage() -> impl IntoView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let may_see_sessions = viewer.may(Permission::UsersManage);
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| UserId::parse(id).ok())));
    let tab = use_tab(&TABS);
    let changes = RwSignal::new(0_u32);
    let actions = use_user_actions(changes);

    let user = load(
        move || (id.get(), changes.get()),
        |(id, _)| async move {
            match id {
                Some(id) => get_user(id).await,
                None => Err(UiError::of(UiErrorCode::NotFound)),
            }
        },
    );
    // What only one tab shows is read when that tab is open.
    let roles = load(
        move || tab.get() == "access",
        |is_open| async move { if is_open { list_roles().await } else { Ok(Vec::new()) } },
    );
    let sessions = load(
        move || (id.get().filter(|_| tab.get() == "access" && may_see_sessions), changes.get()),
        move |(id, _)| async move {
            // Not asked where it would be refused: about an account that the viewer may not manage.
            match (id, user.await) {
                (Some(id), Ok(user)) if is_manageable(&user) => list_user_sessions(id).await.map(Some),
                (None, _) | (Some(_), _) => Ok(None),
            }
        },
    );
    let activity = load(
        move || (id.get().filter(|_| tab.get() == "activity"), changes.get()),
        |(id, _)| async move {
            match id {
                Some(id) => list_user_activity(id).await,
                None => Ok(Vec::new()),
            }
        },
    );
    let tabs = move || {
        vec![
            Tab::new("profile", tu_string!(i18n, users.tab.profile)),
            Tab::new("access", tu_string!(i18n, users.tab.access)),
            Tab::new("groups", tu_string!(i18n, common.nav.groups)),
            Tab::new("folders", tu_string!(i18n, users.tab.folders)),
            Tab::new("metadata", tu_string!(i18n, users.tab.metadata)),
            Tab::new("activity", tu_string!(i18n, users.tab.activity)),
        ]
    };
    view! {
        <Crumbs crumbs=vec![Crumb::new("/users", tu_string!(i18n, common.nav.users))]/>
        <Transition fallback=|| view! { <Loading/> }>
            {move || Suspend::new(async move {
                loaded(user.await, move |user| {
                    let user = StoredValue::new(user);
                    let content = move || {
                        let user = user.get_value();
                        match tab.get() {
                            "access" => view! { <AccessTab user=user actions=actions roles=roles sessions=sessions/> }.into_any(),
                            "groups" => view! { <GroupsTab groups=user.groups/> }.into_any(),
                            "folders" => view! { <FoldersTab folders=user.folders/> }.into_any(),
                            "metadata" => view! { <MetadataTab metadata=user.metadata/> }.into_any(),
                            "activity" => view! { <ActivityTab activity=activity/> }.into_any(),
                            _ => view! { <ProfileTab user=user actions=actions/> }.into_any(),
                        }
                    };
                    view! {
                        <RecordHead user=user.get_value() actions=actions/>
                        <Tabs label=tu_string!(i18n, users.tab.label) tabs=tabs() current=tab/>
                        {content}
                        <UserDialogs user=user.get_value() actions=actions/>
                    }
                    .into_any()
                })
            })}
        </Transition>
    }
}

/// Name, state, owner, and the menu of what can be done.
#[component]
fn RecordHead(user: UserDetail, actions: UserActions) -> impl IntoView {
    let i18n = use_i18n();
    let summary = user.summary.clone();
    view! {
        <Title text=summary.name.clone()/>
        <header class="page-head">
            <div class="record-head">
                <Avatar name=summary.name.clone() large=true/>
                <div class="min-w-0">
                    <h1 class="page-title"><bdi>{summary.name.clone()}</bdi></h1>
                    <p class="page-lead"><bdi>{summary.user_name.clone()}</bdi></p>
                    <div class="states">
                        <StatusBadge status=Status::of_account(summary.is_active)/>
                        {summary.is_external.then(|| view! { <StatusBadge status=Status::External/> })}
                        {summary.is_incomplete.then(|| view! { <StatusBadge status=Status::Incomplete/> })}
                        <ManagedBy connector=summary.managed_by changed_at=user.last_provisioned_at/>
                    </div>
                </div>
            </div>
            <div class="page-actions"><UserMenu user=user actions=actions/></div>
        </header>
        <FormError error=actions.error()/>
        {(!summary.is_active).then(|| view! { <p class="callout" data-tone="neutral"><Icon name="power-off"/><span>{tu_string!(i18n, users.deactivated_note)}</span></p> })}
    }
}
