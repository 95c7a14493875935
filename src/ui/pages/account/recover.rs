//! A new password by a printed recovery link. Opening it changes nothing.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::sign_in::{LinkToken, UnusableLink};
use crate::domain::account::LinkStatus;
use crate::domain::account::MIN_PASSWORD_CHARS;
use crate::i18n::*;
use crate::server_fns::account::{CompleteRecovery, get_recovery_status};
use crate::ui::components::{Field, FormError, PostAction, PostForm, SubmitButton, action_error, load, loaded};
use crate::ui::layout::PublicLayout;

/// `/recover/:token`
#[component]
pub fn RecoverPage() -> impl IntoView {
    let i18n = use_i18n();
    // Read once: the address loses the token as soon as the page is alive.
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    let asked = token.clone();
    let status = load(|| (), move |()| get_recovery_status(asked.clone()));
    let action = PostAction::<CompleteRecovery>::new();
    let error = action_error(action);
    view! {
        <PublicLayout title=tu_string!(i18n, account.recover.title)>
            <Suspense>
                {move || {
                    let token = token.clone();
                    Suspend::new(async move {
                        loaded(status.await, move |status| match status {
                            LinkStatus::Usable { login_name, .. } => view! {
                                <p class="page-lead">{tu_string!(i18n, account.recover.lead)}</p>
                                <PostForm action=action>
                                    <FormError error=error fields=&["password"]/>
                                    <LinkToken token=token bare="/recover/done"/>
                                    // Tells password managers for which account the new password is.
                                    <label class="field">
                                        <span class="field-label">{tu_string!(i18n, account.email)}</span>
                                        <input class="input w-full" type="email" autocomplete="username" value=login_name.unwrap_or_default() readonly=true/>
                                    </label>
                                    <Field field="password" label=tu_string!(i18n, account.new_password) kind="password" autocomplete="new-password" required=true minlength=MIN_PASSWORD_CHARS autofocus=true error=error hint=tu_string!(i18n, account.password_hint, count = MIN_PASSWORD_CHARS)/>
                                    <SubmitButton label=tu_string!(i18n, account.recover.submit) pending=action.pending() class="btn-primary w-full"/>
                                </PostForm>
                            }
                            .into_any(),
                            LinkStatus::Unusable | LinkStatus::AlreadySetUp => view! { <UnusableLink text=tu_string!(i18n, account.recover.unusable)/> }.into_any(),
                        })
                    })
                }}
            </Suspense>
        </PublicLayout>
    }
}
