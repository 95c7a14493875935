//! The dialog "New user".

use leptos::prelude::*;

use super::role_picker::RolePicker;
use crate::domain::role::RoleView;
use crate::domain::user::UserType;
use crate::i18n::*;
use crate::server_fns::UiError;
use crate::server_fns::users::CreateUser;
use crate::ui::components::*;

/// Opened by `?dialog=new-user`. Saving opens the new record.
#[component]
pub(super) fn NewUserDialog(roles: Data<Result<Vec<RoleView>, UiError>>) -> impl IntoView {
    let i18n = use_i18n();
    let action = PostAction::<CreateUser>::new();
    let error = action_error(action);
    let kinds = || {
        [UserType::Standard, UserType::Premium]
            .into_iter()
            .map(|kind| Choice::new(kind.name(), kind.name()))
            .collect::<Vec<_>>()
    };
    view! {
        <Dialog name="new-user" title=tu_string!(i18n, users.new.title) wide=true>
            <PostForm action=action>
                <FormError error=error fields=&["email", "given_name", "family_name", "role", "user_type"]/>
                <Field field="email" id="new-email" label=tu_string!(i18n, users.profile.email) kind="email" required=true autofocus=true error=error hint=tu_string!(i18n, users.new.email_hint)/>
                <div class="two-columns">
                    <Field field="given_name" id="new-given-name" label=tu_string!(i18n, users.profile.given_name) error=error/>
                    <Field field="family_name" id="new-family-name" label=tu_string!(i18n, users.profile.family_name) error=error/>
                </div>
                <SelectField field="user_type" id="new-user-type" label=tu_string!(i18n, users.column.user_type) choices=kinds() error=error/>
                <Suspense>
                    {move || Suspend::new(async move {
                        // Without the roles there is nothing to choose from, and nothing to save.
                        loaded(roles.await, move |roles| {
                            view! {
                                <RolePicker prefix="new" roles=roles value="" error=error/>
                                <DialogActions>
                                    <SubmitButton label=tu_string!(i18n, users.new.submit) pending=action.pending()/>
                                </DialogActions>
                            }
                            .into_any()
                        })
                    })}
                </Suspense>
            </PostForm>
        </Dialog>
    }
}
