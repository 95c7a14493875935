//! The change of the own password.

use leptos::html;
use leptos::prelude::*;

use crate::domain::account::MIN_PASSWORD_CHARS;
use crate::i18n::*;
use crate::server_fns::account::ChangePassword;
use crate::ui::components::{
    Field, FormError, PostAction, PostForm, SubmitButton, action_error, on_success, use_toasts, use_viewer,
};

/// Current and new password. The other sessions end with it.
#[component]
pub(super) fn PasswordSection(changes: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let toasts = use_toasts();
    let action = PostAction::<ChangePassword>::new();
    let error = action_error(action);
    let form = NodeRef::<html::Form>::new();
    on_success(action, move || {
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
        changes.update(|changes| *changes += 1);
        toasts.done(tu_string!(i18n, account.change.done));
    });
    view! {
        <section class="panel" aria-labelledby="password-title">
            <div class="panel-head"><h2 class="panel-title" id="password-title">{tu_string!(i18n, account.change.title)}</h2></div>
            <div class="panel-body narrow">
                <p class="page-lead">{tu_string!(i18n, account.change.lead)}</p>
                <PostForm action=action node_ref=form>
                    <FormError error=error fields=&["current", "password"]/>
                    // Tells password managers for which account the password is.
                    <input type="email" class="sr-only" autocomplete="username" value=viewer.email.clone() readonly=true tabindex="-1" aria-hidden="true"/>
                    <Field field="current" label=tu_string!(i18n, account.change.current) kind="password" autocomplete="current-password" required=true error=error/>
                    <Field field="password" label=tu_string!(i18n, account.new_password) kind="password" autocomplete="new-password" required=true minlength=MIN_PASSWORD_CHARS error=error hint=tu_string!(i18n, account.password_hint, count = MIN_PASSWORD_CHARS)/>
                    <SubmitButton label=tu_string!(i18n, account.change.submit) pending=action.pending()/>
                </PostForm>
            </div>
        </section>
    }
}
