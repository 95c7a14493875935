//! The viewer's own account: who one is, where one is signed in, the password.

use leptos::prelude::*;

use super::password::PasswordSection;
use super::sessions::{EndAction, SessionTable};
use crate::domain::ids::SessionId;
use crate::i18n::*;
use crate::server_fns::account::{EndOtherSessions, EndOwnSession, list_own_sessions};
use crate::ui::components::*;

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let toasts = use_toasts();
    let changes = RwSignal::new(0_u32);
    let end_one = PostAction::<EndOwnSession>::new();
    let end_others = PostAction::<EndOtherSessions>::new();
    let sessions = load(move || changes.get(), |_| list_own_sessions());
    let say = {
        let toasts = toasts.clone();
        move || {
            changes.update(|changes| *changes += 1);
            toasts.done(tu_string!(i18n, account.sessions.ended));
        }
    };
    on_success(end_one, say.clone());
    on_success(end_others, say);
    let (name, email) = (viewer.name.clone(), viewer.email.clone());
    let organisations: Vec<_> = viewer
        .organisations
        .iter()
        .map(|organisation| view! { <li><bdi>{organisation.name.clone()}</bdi></li> })
        .collect();
    let record = viewer.user.map(|id| view! { <a class="btn btn-sm" href=format!("/users/{id}")><Icon name="user"/><span>{tu_string!(i18n, account.own.record)}</span></a> });
    view! {
        <PageHeader title=tu_string!(i18n, common.nav.account) description=tu_string!(i18n, account.own.lead)/>
        <section class="panel" aria-labelledby="profile-title">
            <div class="panel-head"><h2 class="panel-title" id="profile-title">{tu_string!(i18n, account.own.profile)}</h2>{record}</div>
            <div class="panel-body">
                <KeyValueList>
                    <KeyValue label=tu_string!(i18n, account.name)><bdi>{name}</bdi></KeyValue>
                    <KeyValue label=tu_string!(i18n, account.email)>{email}</KeyValue>
                    <KeyValue label=tu_string!(i18n, account.own.organisations)><ul>{organisations}</ul></KeyValue>
                </KeyValueList>
            </div>
        </section>
        <section class="panel" aria-labelledby="sessions-title">
            <div class="panel-head">
                <h2 class="panel-title" id="sessions-title">{tu_string!(i18n, account.sessions.title)}</h2>
                <PostForm action=end_others>
                    <SubmitButton label=tu_string!(i18n, account.sessions.end_others) pending=end_others.pending() class="btn-sm" icon="log-out"/>
                </PostForm>
            </div>
            <FormError error=action_error(end_one)/>
            <FormError error=action_error(end_others)/>
            <Transition>
                {move || Suspend::new(async move {
                    loaded(sessions.await, move |sessions| view! { <SessionTable sessions=sessions end=end_button action=end_one/> }.into_any())
                })}
            </Transition>
        </section>
        <PasswordSection changes=changes/>
    }
}

/// The button that ends one session.
fn end_button(id: SessionId, action: EndAction) -> AnyView {
    let i18n = use_i18n();
    view! {
        <PostForm action=action>
            <Hidden field="input" value=id.to_string()/>
            <SubmitButton label=tu_string!(i18n, account.sessions.end) pending=action.pending() class="btn-sm"/>
        </PostForm>
    }
    .into_any()
}
