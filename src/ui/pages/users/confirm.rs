//! The overflow menu of a user record and the dialogs that ask before something is done.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::record::refusal;
use crate::domain::ids::UserId;
use crate::domain::sentence::in_sentence;
use crate::domain::user::{ActionRefusal, UserAction, UserDetail};
use crate::i18n::*;
use crate::server_fns::UiError;
use crate::server_fns::users::{
    ActivateUser, DeactivateUser, DeleteUser, EndUserSessions, UpdateUserAccess, UpdateUserProfile, activate_user,
};
use crate::ui::components::*;

/// Everything that can be done to a user. Made at the top of the page, so that an error outlives what is shown below.
#[derive(Clone, Copy)]
pub(super) struct UserActions {
    pub profile: PostAction<UpdateUserProfile>,
    pub access: PostAction<UpdateUserAccess>,
    pub activate: PostAction<ActivateUser>,
    pub deactivate: PostAction<DeactivateUser>,
    pub end_sessions: PostAction<EndUserSessions>,
    pub delete: PostAction<DeleteUser>,
}

impl UserActions {
    /// The error of an action that has no dialog of its own.
    pub fn error(self) -> Signal<Option<UiError>> {
        action_error(self.activate)
    }
}

/// Makes the actions; `changes` counts what was done, so that the record is read anew.
pub(super) fn use_user_actions(changes: RwSignal<u32>) -> UserActions {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let close = use_close_dialog();
    let actions = UserActions {
        profile: PostAction::new(),
        access: PostAction::new(),
        activate: PostAction::new(),
        deactivate: PostAction::new(),
        end_sessions: PostAction::new(),
        delete: PostAction::new(),
    };
    let done = move |text: &'static str| {
        let (toasts, close) = (toasts.clone(), close.clone());
        move || {
            close();
            changes.update(|changes| *changes += 1);
            toasts.done(text);
        }
    };
    on_success(actions.profile, done(tu_string!(i18n, users.done.saved)));
    on_success(actions.access, done(tu_string!(i18n, users.done.saved)));
    on_success(actions.activate, done(tu_string!(i18n, users.done.activated)));
    on_success(actions.end_sessions, done(tu_string!(i18n, users.done.sessions_ended)));
    on_success(actions.delete, {
        let toasts = use_toasts();
        move || toasts.done(tu_string!(i18n, users.done.deleted))
    });
    let (toasts, close) = (use_toasts(), use_close_dialog());
    on_success(actions.deactivate, move || {
        close();
        changes.update(|changes| *changes += 1);
        match actions.deactivate.sent("input").and_then(|id| UserId::parse(&id).ok()) {
            Some(id) => {
                let failed = toasts.clone();
                toasts.done_with_undo(tu_string!(i18n, users.done.deactivated), move || {
                    let failed = failed.clone();
                    spawn_local(async move {
                        match activate_user(id).await {
                            // The page may be gone by now.
                            Ok(()) => {
                                changes.try_update(|changes| *changes += 1);
                            }
                            Err(error) => failed.error(error_text(i18n, error.code)),
                        }
                    });
                });
            }
            None => toasts.done(tu_string!(i18n, users.done.deactivated)),
        }
    });
    actions
}

/// Why an action is not possible.
fn refusal_text(i18n: I18n, refusal: ActionRefusal) -> &'static str {
    match refusal {
        ActionRefusal::NotPermitted => tu_string!(i18n, users.refusal.not_permitted),
        ActionRefusal::StrongerAccount => tu_string!(i18n, users.refusal.stronger),
        ActionRefusal::LastAdministrator => tu_string!(i18n, users.refusal.last_administrator),
        ActionRefusal::OwnAccount => tu_string!(i18n, users.refusal.own),
        ActionRefusal::DirectoryManaged => tu_string!(i18n, users.refusal.directory),
        ActionRefusal::NothingToDo => tu_string!(i18n, users.refusal.nothing),
    }
}

/// Why the viewer cannot do an action now, as text for a note; none when they can.
pub(super) fn refusal_note(i18n: I18n, user: &UserDetail, action: UserAction) -> Option<&'static str> {
    refusal(user, action).map(|found| refusal_text(i18n, found))
}

/// The overflow menu. What cannot be done now says why; whoever may do nothing here gets no menu.
#[component]
pub(super) fn UserMenu(user: UserDetail, actions: UserActions) -> impl IntoView {
    let i18n = use_i18n();
    let is_idle = user
        .actions
        .iter()
        .all(|state| state.refusal == Some(ActionRefusal::NotPermitted));
    if is_idle {
        return ().into_any();
    }
    let entry =
        |action: UserAction, dialog: &'static str, icon: &'static str, label: &'static str, danger: bool| match refusal_note(
            i18n, &user, action,
        ) {
            None => view! { <MenuLink href=use_dialog_href(dialog) label=label icon=icon danger=danger/> }.into_any(),
            Some(reason) => view! { <MenuRefused label=label icon=icon reason=reason/> }.into_any(),
        };
    let access = if user.summary.is_active {
        entry(
            UserAction::Deactivate,
            "deactivate",
            "power-off",
            tu_string!(i18n, users.action.deactivate_dialog),
            false,
        )
    } else {
        match refusal_note(i18n, &user, UserAction::Activate) {
            None => view! {
                <li>
                    <PostForm action=actions.activate>
                        <Hidden field="input" value=user.summary.id.to_string()/>
                        <button type="submit"><Icon name="power"/><span>{tu_string!(i18n, users.action.activate)}</span></button>
                    </PostForm>
                </li>
            }
            .into_any(),
            Some(reason) => {
                view! { <MenuRefused label=tu_string!(i18n, users.action.activate) icon="power" reason=reason/> }.into_any()
            }
        }
    };
    let end_sessions = entry(
        UserAction::EndSessions,
        "end-sessions",
        "log-out",
        tu_string!(i18n, users.action.end_sessions_dialog),
        false,
    );
    let delete = entry(
        UserAction::Delete,
        "delete",
        "trash-2",
        tu_string!(i18n, users.action.delete_dialog),
        true,
    );
    view! {
        <Menu>
            <MenuGroup label=tu_string!(i18n, users.action.group_access)/>
            {access}
            <MenuGroup label=tu_string!(i18n, users.action.group_sign_in)/>
            {end_sessions}
            <MenuGroup label=tu_string!(i18n, users.action.group_danger)/>
            {delete}
        </Menu>
    }
    .into_any()
}

/// The dialogs of what can be done now. One that cannot be done any more is not there to come back open.
#[component]
pub(super) fn UserDialogs(user: UserDetail, actions: UserActions) -> impl IntoView {
    let i18n = use_i18n();
    let (id, name) = (user.summary.id.to_string(), user.summary.name.clone());
    let can = |action| refusal(&user, action).is_none();
    let deactivate = (user.summary.is_active && can(UserAction::Deactivate)).then(|| {
        let label = tu_string!(i18n, users.action.deactivate_named, name = in_sentence(&name)).to_string();
        let title = label.clone();
        let owner = user.summary.managed_by.as_ref().map(|owner| {
            view! { <p class="text-muted">{tu_string!(i18n, users.confirm.directory_may_undo, name = in_sentence(&owner.name)).to_string()}</p> }
        });
        let id = id.clone();
        view! {
            <Dialog name="deactivate" title=title>
                <p>{tu_string!(i18n, users.confirm.deactivate)}</p>
                {owner}
                <PostForm action=actions.deactivate>
                    <FormError error=action_error(actions.deactivate)/>
                    <Hidden field="input" value=id/>
                    <DialogActions><SubmitButton label=label pending=actions.deactivate.pending() class="btn-error"/></DialogActions>
                </PostForm>
            </Dialog>
        }
    });
    let end_sessions = can(UserAction::EndSessions).then(|| {
        let label = tu_string!(i18n, users.action.end_sessions);
        let text = tu_string!(
            i18n,
            users.confirm.end_sessions,
            name = in_sentence(&name),
            count = user.sessions
        )
        .to_string();
        let id = id.clone();
        view! {
            <Dialog name="end-sessions" title=label>
                <p>{text}</p>
                <PostForm action=actions.end_sessions>
                    <FormError error=action_error(actions.end_sessions)/>
                    <Hidden field="input" value=id/>
                    <DialogActions><SubmitButton label=label pending=actions.end_sessions.pending()/></DialogActions>
                </PostForm>
            </Dialog>
        }
    });
    let delete = can(UserAction::Delete).then(|| {
        let label = tu_string!(i18n, users.action.delete_named, name = in_sentence(&name)).to_string();
        let error = action_error(actions.delete);
        let (title, login_name) = (label.clone(), user.summary.user_name.clone());
        let id = id.clone();
        view! {
            <Dialog name="delete" title=title>
                <p>{tu_string!(i18n, users.confirm.delete)}</p>
                <PostForm action=actions.delete>
                    <FormError error=error fields=&["confirmation"]/>
                    <Hidden field="id" value=id/>
                    <ConfirmField expected=login_name id="delete-confirmation" error=error/>
                    <DialogActions><SubmitButton label=label pending=actions.delete.pending() class="btn-error"/></DialogActions>
                </PostForm>
            </Dialog>
        }
    });
    view! { {deactivate}{end_sessions}{delete} }
}
