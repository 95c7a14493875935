//! Tab Profile: names and e-mail. What a directory owns is locked and says who owns it.

use leptos::prelude::*;

use super::confirm::{UserActions, refusal_note};
use crate::domain::user::{UserAction, UserDetail};
use crate::i18n::*;
use crate::ui::components::*;

/// Fields that the form sends.
const FIELDS: [&str; 4] = ["display_name", "given_name", "family_name", "email"];

/// The tab.
#[component]
pub(super) fn ProfileTab(user: UserDetail, actions: UserActions) -> impl IntoView {
    let i18n = use_i18n();
    let action = actions.profile;
    let error = action_error(action);
    let owner = user.summary.managed_by.clone();
    let note = refusal_note(i18n, &user, UserAction::Edit);
    let is_all_locked = FIELDS
        .iter()
        .all(|field| user.locked_fields.iter().any(|locked| locked == field));
    let lock = |field: &str| lock_reason(i18n, &user.locked_fields, field, owner.as_ref()).or_else(|| note.map(str::to_owned));
    let field = |field: &'static str, label: &'static str, kind: &'static str, value: &Option<String>| {
        view! { <Field field=field label=label kind=kind value=value.clone().unwrap_or_default() error=error locked=lock(field)/> }.into_any()
    };
    let display_name = field(
        "display_name",
        tu_string!(i18n, users.profile.display_name),
        "text",
        &user.display_name,
    );
    let given_name = field(
        "given_name",
        tu_string!(i18n, users.profile.given_name),
        "text",
        &user.given_name,
    );
    let family_name = field(
        "family_name",
        tu_string!(i18n, users.profile.family_name),
        "text",
        &user.family_name,
    );
    let email = field("email", tu_string!(i18n, users.profile.email), "email", &user.summary.email);
    let (id, version) = (user.summary.id.to_string(), user.version.to_string());
    let external_id = user.external_id.clone().map(|value| view! { <CopyField label=tu_string!(i18n, users.profile.external_id) value=value hint=tu_string!(i18n, users.profile.external_id_hint)/> });
    let attributes: Vec<_> = user
        .attributes
        .clone()
        .into_iter()
        .map(|attribute| view! { <KeyValue label=attribute.name><bdi>{attribute.value}</bdi></KeyValue> })
        .collect();
    let attributes = (!attributes.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="attributes-title">
                <div class="panel-head"><h2 class="panel-title" id="attributes-title">{tu_string!(i18n, users.profile.attributes)}</h2></div>
                <div class="panel-body"><KeyValueList>{attributes}</KeyValueList></div>
            </section>
        }
    });
    view! {
        <section class="panel" aria-labelledby="profile-title">
            <div class="panel-head"><h2 class="panel-title" id="profile-title">{tu_string!(i18n, users.tab.profile)}</h2></div>
            <div class="panel-body narrow">
                <PostForm action=action>
                    <FormError error=error fields=&FIELDS/>
                    <Hidden field="id" value=id/>
                    <Hidden field="version" value=version/>
                    {display_name}
                    <div class="two-columns">
                        {given_name}
                        {family_name}
                    </div>
                    {email}
                    {(note.is_none() && !is_all_locked).then(|| view! { <SubmitButton label=tu_string!(i18n, common.action.save) pending=action.pending()/> })}
                </PostForm>
            </div>
        </section>
        <section class="panel" aria-labelledby="identifiers-title">
            <div class="panel-head"><h2 class="panel-title" id="identifiers-title">{tu_string!(i18n, users.profile.identifiers)}</h2></div>
            <div class="panel-body narrow">
                <CopyField label=tu_string!(i18n, users.column.user_name) value=user.summary.user_name.clone() hint=tu_string!(i18n, users.profile.user_name_hint)/>
                {external_id}
            </div>
        </section>
        {attributes}
    }
}
